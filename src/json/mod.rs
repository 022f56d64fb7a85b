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

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

mod error;
pub(crate) mod go;
pub(crate) mod members;

pub use self::error::JsonError;
pub(crate) use self::error::{LocatedJsonError, Position, quoted};
use self::error::{MAX_SHOWN, offset_of, shorten};

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
        let text = to_text(bytes);
        check(&text)?;
        Ok(Self { text })
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
            return Err(self.out_of_range(self.raw, self.offset()));
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
                return Err(self.out_of_range(number, self.offset().saturating_add(offset)));
            }
            end_of_number = offset.saturating_add(length);
        }
        Ok(())
    }

    /// Where this value or key begins.
    pub(crate) fn position(self) -> Position {
        Position::of(self.document, self.offset())
    }

    /// The path from the document's root to this value or key: `transports.docker["registry.k8s.io"][0].type`;
    /// empty for the root.
    pub(crate) fn path(self) -> String {
        let target = self.offset();
        let mut path = String::new();
        let mut next = Some(Value {
            document: self.document,
            raw: self.document.trim_matches(is_white_space),
        });
        while let Some(value) = next.filter(|value| value.offset() != target) {
            next = value.step_towards(target, &mut path);
        }
        path
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
            position: self.position(),
            path: self.path(),
            problem,
        }
    }

    fn out_of_range(self, number: &str, offset: usize) -> LocatedJsonError {
        LocatedJsonError {
            position: Position::of(self.document, offset),
            path: self.path(),
            problem: JsonError::NumberOutOfRange {
                number: shorten(number).into_owned(),
            },
        }
    }

    /// The distance in bytes from the document's beginning.
    fn offset(self) -> usize {
        let start = self.document.as_ptr().addr();
        self.raw.as_ptr().addr().saturating_sub(start)
    }

    /// The member or element that contains the text at `target`; adds its step to `path`. Nothing if that text is the
    /// key of a member.
    fn step_towards(self, target: usize, path: &mut String) -> Option<Value<'doc>> {
        match self.kind() {
            Kind::Object => {
                let (key, value) = self
                    .raw_members()
                    .ok()?
                    .find(|(key, value)| key.covers(target) || value.covers(target))?;
                push_key(path, &key.string().ok()?);
                value.covers(target).then_some(value)
            }
            Kind::Array => {
                let (index, element) = self
                    .raw_elements()
                    .ok()?
                    .enumerate()
                    .find(|(_, element)| element.covers(target))?;
                path.push_str(&format!("[{index}]"));
                Some(element)
            }
            _ => None,
        }
    }

    fn covers(self, target: usize) -> bool {
        target
            .checked_sub(self.offset())
            .is_some_and(|distance| distance < self.raw.len())
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

/// The bytes as text. Go replaces each byte that is not part of a character; `String::from_utf8_lossy` would join some
/// of them. Outside strings a replacement character is an error like any other.
fn to_text(bytes: &[u8]) -> Cow<'_, str> {
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
    deserializer.end().map_err(|error| {
        LocatedJsonError::at(text, offset_of(text, &error), JsonError::TrailingData)
    })?;
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
            return Err(LocatedJsonError::at(text, offset, problem));
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
    let duplicate = |first: &Member<'_>, second: &Member<'_>| {
        let first_position = first.key.position();
        second.key.error(JsonError::DuplicateKey {
            key: second.name.clone().into_owned(),
            first_line: first_position.line,
            first_column: first_position.column,
        })
    };
    if members.len() <= FEW_MEMBERS {
        for (index, second) in members.iter().enumerate() {
            let mut earlier = members.iter().take(index);
            if let Some(first) = earlier.find(|first| first.name == second.name) {
                return Err(duplicate(first, second));
            }
        }
        return Ok(());
    }
    let mut seen = HashMap::with_capacity(members.len());
    for member in members {
        if let Some(first) = seen.insert(&member.name, member) {
            return Err(duplicate(first, member));
        }
    }
    Ok(())
}

fn push_key(path: &mut String, key: &str) {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if !key.is_empty() && key.len() <= MAX_SHOWN && key.chars().all(is_plain) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push_str(&format!("[{}]", quoted(key)));
    }
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
