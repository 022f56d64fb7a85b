//! A strict JSON reader that knows where everything is.
//!
//! `serde_json` judges the grammar; what is kept here is what it drops: the position of every key and value, all
//! members of an object in their order, and duplicate keys, which are refused. A value is a slice of the document, so
//! its offset is the distance between two addresses. Nothing recurses, however deep the document is nested: reading
//! a level looks at the text of that level and below it once.
//!
//! The reader follows Go's `encoding/json`, which containers/image uses: each byte that is not UTF-8 and each lone
//! surrogate escape inside a string reads as one U+FFFD; a byte-order mark, a NUL or anything after the value is an
//! error; nesting is limited.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

mod error;
pub(crate) mod go;
pub(crate) mod members;
mod path;
mod place;
mod shown;
mod slip;

pub use self::error::JsonError;
pub(crate) use self::error::LocatedJsonError;
pub(crate) use self::path::push_key;
pub(crate) use self::place::LineTable;
use self::place::character_at;
pub use self::place::{LineText, Position, Span};
pub(crate) use self::shown::quoted;
use self::shown::shorten;
pub use self::slip::JsonSlip;

/// How deep arrays and objects may be nested: the limit of Go's `encoding/json`.
pub(crate) const MAX_DEPTH: usize = 10_000;

/// Up to this many members, comparing each with each is cheaper than hashing.
const FEW_MEMBERS: usize = 8;

/// A whole JSON document, grammatically valid and not nested deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: Cow<'a, str>,
}

impl<'a> Document<'a> {
    /// Reads a document that is one JSON value with nothing but white space around it.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, LocatedJsonError> {
        let text = Self::text_of(bytes);
        check(&text)?;
        Ok(Self { text })
    }

    /// What is read of a document, whether it is one or not: its bytes as text. Go replaces each byte that is not part
    /// of a character; `String::from_utf8_lossy` would join some of them. Outside strings a replacement character is an
    /// error like any other.
    pub(crate) fn text_of(bytes: &'a [u8]) -> Cow<'a, str> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
        }
        Cow::Owned(text)
    }

    /// The document with a text of its own.
    pub(crate) fn into_owned(self) -> Document<'static> {
        Document {
            text: Cow::Owned(self.text.into_owned()),
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The value or key of these bytes, as [`Value::range`] gave them for this document.
    pub(crate) fn value(&self, bytes: Range<usize>) -> Option<Value<'_>> {
        let raw = self.text.get(bytes).filter(|raw| !raw.is_empty())?;
        Some(Value {
            document: &self.text,
            raw,
        })
    }
    /// The document's one value.
    pub(crate) fn root(&self) -> Value<'_> {
        Value {
            document: &self.text,
            raw: self.text.trim_matches(is_white_space),
        }
    }
}

/// A value or a key of a [`Document`], not looked into yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'doc> {
    document: &'doc str,
    raw: &'doc str,
}

impl<'doc> Value<'doc> {
    /// What sort of value this is.
    pub(crate) fn kind(self) -> Kind {
        match self.raw.bytes().next() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The members of an object, in order; an error for another value and for a key that occurs twice.
    pub(crate) fn object(self) -> Result<Object<'doc>, LocatedJsonError> {
        let members = self.members_with_duplicates()?;
        refuse_duplicates(&members)?;
        Ok(Object {
            value: self,
            members,
        })
    }

    /// The members of an object, in order, duplicates included; an error for another value.
    pub(crate) fn members_with_duplicates(self) -> Result<Vec<Member<'doc>>, LocatedJsonError> {
        if self.kind() != Kind::Object {
            return Err(self.wrong_type("an object"));
        }
        self.raw_members()?
            .map(|(key, value)| {
                Ok(Member {
                    name: key.string()?,
                    key,
                    value,
                })
            })
            .collect()
    }

    /// The elements of an array; an error for another value.
    pub(crate) fn array(self) -> Result<Vec<Value<'doc>>, LocatedJsonError> {
        if self.kind() != Kind::Array {
            return Err(self.wrong_type("an array"));
        }
        Ok(self.raw_elements()?.collect())
    }

    /// The text of a string, unescaped; an error for another value.
    pub(crate) fn string(self) -> Result<Cow<'doc, str>, LocatedJsonError> {
        if self.kind() != Kind::String {
            return Err(self.wrong_type("a string"));
        }
        if !self.raw.contains('\\') {
            return Ok(Cow::Borrowed(self.raw.trim_matches('"')));
        }
        let mut deserializer = serde_json::Deserializer::from_str(self.raw);
        let bytes = deserializer
            .deserialize_bytes(WtfVisitor)
            .map_err(|error| LocatedJsonError::syntax(self.raw, &error))?;
        Ok(Cow::Owned(replace_lone_surrogates(bytes)))
    }

    /// A number as it is written; an error for another value.
    pub(crate) fn number(self) -> Result<&'doc str, LocatedJsonError> {
        match self.kind() {
            Kind::Number => Ok(self.raw),
            _ => Err(self.wrong_type("a number")),
        }
    }

    /// A number without a fractional part that fits into 64 bits, however it is written (`1.0` and `10e-1` are
    /// integers): read as a double, as containers/image does, so that 2^63-1 is out of range.
    pub(crate) fn integer(self) -> Result<i64, LocatedJsonError> {
        const LIMIT: f64 = 9_223_372_036_854_775_808.0; // 2^63
        let number: f64 = self
            .number()?
            .parse()
            .map_err(|_| self.wrong_type("an integer"))?;
        if number.is_infinite() {
            return Err(self.out_of_range(self.raw, self.range().start));
        }
        if number.fract() == 0.0 && (-LIMIT..LIMIT).contains(&number) {
            Ok(number as i64)
        } else {
            Err(self.wrong_type("a 64-bit integer"))
        }
    }

    /// Refuses a number, here or anywhere below, that a double cannot hold (`1e999`), as Go does where it decodes
    /// into values of any type.
    pub(crate) fn check_number_range(self) -> Result<(), LocatedJsonError> {
        let mut end_of_number = 0;
        for (offset, byte) in outside_strings(self.raw) {
            if offset < end_of_number || !(byte == b'-' || byte.is_ascii_digit()) {
                continue;
            }
            let rest = self.raw.get(offset..).unwrap_or_default();
            let length = rest.bytes().take_while(|&byte| is_in_number(byte)).count();
            let number = rest.get(..length).unwrap_or_default();
            if !number.parse::<f64>().is_ok_and(f64::is_finite) {
                return Err(self.out_of_range(number, self.range().start.saturating_add(offset)));
            }
            end_of_number = offset.saturating_add(length);
        }
        Ok(())
    }

    /// Where this value or key begins.
    pub(crate) fn position(self) -> Position {
        Position::of(self.document, self.range().start)
    }

    /// The document's one value.
    fn root(self) -> Value<'doc> {
        Value {
            document: self.document,
            raw: self.document.trim_matches(is_white_space),
        }
    }

    /// The error that this value is not what was expected: "a string", "an array".
    pub(crate) fn wrong_type(self, expected: &'static str) -> LocatedJsonError {
        self.error(JsonError::WrongType {
            expected,
            found: self.kind().name(),
        })
    }

    /// An error at this value's place.
    fn error(self, problem: JsonError) -> LocatedJsonError {
        LocatedJsonError {
            path: self.path(),
            ..LocatedJsonError::at(self.document, self.range(), problem)
        }
    }

    fn out_of_range(self, number: &str, offset: usize) -> LocatedJsonError {
        let bytes = offset..offset.saturating_add(number.len());
        let problem = JsonError::NumberOutOfRange {
            number: shorten(number).into_owned(),
        };
        LocatedJsonError {
            path: self.path(),
            ..LocatedJsonError::at(self.document, bytes, problem)
        }
    }

    /// Which bytes of the document it is.
    pub(crate) fn range(self) -> Range<usize> {
        let document = self.document.as_ptr().addr();
        let start = self.raw.as_ptr().addr().saturating_sub(document);
        start..start.saturating_add(self.raw.len())
    }

    fn raw_members(
        self,
    ) -> Result<impl Iterator<Item = (Value<'doc>, Value<'doc>)>, LocatedJsonError> {
        let RawMembers(members) = serde_json::from_str(self.raw)
            .map_err(|error| LocatedJsonError::syntax(self.raw, &error))?;
        let members = members.into_iter();
        Ok(members.map(move |(key, value)| (self.inside(key), self.inside(value))))
    }

    fn raw_elements(self) -> Result<impl Iterator<Item = Value<'doc>>, LocatedJsonError> {
        let elements: Vec<&RawValue> = serde_json::from_str(self.raw)
            .map_err(|error| LocatedJsonError::syntax(self.raw, &error))?;
        Ok(elements
            .into_iter()
            .map(move |element| self.inside(element)))
    }

    fn inside(self, raw: &'doc RawValue) -> Value<'doc> {
        Value {
            document: self.document,
            raw: raw.get(),
        }
    }
}

/// The sorts of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// The name for people, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// An object's members: no two of them have the same name.
#[derive(Debug)]
pub(crate) struct Object<'doc> {
    value: Value<'doc>,
    members: Vec<Member<'doc>>,
}

impl<'doc> Object<'doc> {
    /// The object itself, for its place.
    pub(crate) fn value(&self) -> Value<'doc> {
        self.value
    }

    /// The members in the order of the document.
    pub(crate) fn members(&self) -> &[Member<'doc>] {
        &self.members
    }

    /// The value of the member of this name.
    pub(crate) fn find(&self, name: &str) -> Option<Value<'doc>> {
        self.members
            .iter()
            .find(|member| member.name == name)
            .map(|member| member.value)
    }
}

/// One member of an object.
#[derive(Debug)]
pub(crate) struct Member<'doc> {
    /// The key, unescaped.
    pub(crate) name: Cow<'doc, str>,
    /// The key as written in the document, for its place.
    pub(crate) key: Value<'doc>,
    /// The value.
    pub(crate) value: Value<'doc>,
}

fn check(text: &str) -> Result<(), LocatedJsonError> {
    if text.trim_matches(is_white_space).is_empty() {
        return Err(LocatedJsonError::whole(JsonError::Empty));
    }
    if text.starts_with('\u{feff}') {
        return Err(LocatedJsonError::whole(JsonError::ByteOrderMark));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    <&RawValue>::deserialize(&mut deserializer)
        .map_err(|error| LocatedJsonError::syntax(text, &error))?;
    deserializer
        .end()
        .map_err(|error| LocatedJsonError::trailing(text, &error))?;
    check_depth(text)
}

/// `text` is valid JSON.
fn check_depth(text: &str) -> Result<(), LocatedJsonError> {
    let mut depth = 0_usize;
    for (offset, byte) in outside_strings(text) {
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            let problem = JsonError::TooDeep { limit: MAX_DEPTH };
            return Err(LocatedJsonError::at(
                text,
                character_at(text, offset),
                problem,
            ));
        }
    }
    Ok(())
}

/// The bytes outside strings, with their offsets; `text` is valid JSON.
fn outside_strings(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut inside = false;
    let mut escaped = false;
    text.bytes().enumerate().filter(move |&(_, byte)| {
        if inside {
            inside = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            return false;
        }
        inside = byte == b'"';
        !inside
    })
}

fn refuse_duplicates(members: &[Member<'_>]) -> Result<(), LocatedJsonError> {
    let Some(&(first, second)) = duplicates(members).first() else {
        return Ok(());
    };
    let first_position = first.key.position();
    Err(second.key.error(JsonError::DuplicateKey {
        key: second.name.clone().into_owned(),
        first_line: first_position.line,
        first_column: first_position.column,
    }))
}

/// The members whose names occurred before, each behind the one that was first, in the order of the document.
pub(crate) fn duplicates<'a, 'doc>(
    members: &'a [Member<'doc>],
) -> Vec<(&'a Member<'doc>, &'a Member<'doc>)> {
    if members.len() <= FEW_MEMBERS {
        let pairs = members.iter().enumerate().filter_map(|(index, second)| {
            let mut earlier = members.iter().take(index);
            let first = earlier.find(|first| first.name == second.name)?;
            Some((first, second))
        });
        return pairs.collect();
    }
    let mut seen = HashMap::with_capacity(members.len());
    let pairs = members.iter().filter_map(|member| {
        let first = *seen.entry(&member.name).or_insert(member);
        (!std::ptr::eq(first, member)).then_some((first, member))
    });
    pairs.collect()
}

/// White space by RFC 8259, section 2.
fn is_white_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

fn is_in_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
}

/// serde_json hands lone surrogate escapes through as three bytes each, the first of them `ED`; everything else in
/// `bytes` is UTF-8.
fn replace_lone_surrogates(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if chunk.invalid().first() == Some(&0xED) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// The members of an object as they are written, duplicates included.
struct RawMembers<'de>(Vec<(&'de RawValue, &'de RawValue)>);

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(RawMembers(members))
    }
}

struct WtfVisitor;

impl Visitor<'_> for WtfVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests;
