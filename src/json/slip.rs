//! Slips of people who write JSON by hand, found after `serde_json` has refused a text.

use std::ops::Range;

use serde::Serialize;
use serde_json::value::RawValue;

use super::place::{Position, character_at};
use super::shown::shorten;
use crate::text::quote::Quoted;

/// Why a text is not JSON, where it was most likely written by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum JsonSlip {
    /// A comment.
    #[error("JSON has no comments")]
    #[non_exhaustive]
    Comment {
        /// What it begins with: `//`, `/*` or `#`.
        marker: &'static str,
    },
    /// A comma where nothing follows.
    #[error("there is a comma too many before `{before}`")]
    #[non_exhaustive]
    NeedlessComma {
        /// What follows the comma: `}`, `]` or another comma.
        before: char,
    },
    /// Two members or elements without a comma between them.
    #[error("a comma is missing before {}", Quoted(.before))]
    #[non_exhaustive]
    MissingComma {
        /// What comes after the gap, as it is written: `"keyPath"`.
        before: String,
    },
    /// Text in single quotes.
    #[error("JSON has text in double quotes, not in single ones")]
    SingleQuotes,
    /// Text in quotes as word processors and web pages set them.
    #[error("JSON has text in straight double quotes, not in typographic ones")]
    TypographicQuotes,
    /// A key or a text without quotes.
    #[error("{} must be in double quotes", Quoted(.text))]
    #[non_exhaustive]
    Unquoted {
        /// The key or text.
        text: String,
    },
    /// A word of another language.
    #[error("JSON has `{instead}`, not {}", Quoted(.found))]
    #[non_exhaustive]
    Literal {
        /// The word: `True`, `None`.
        found: String,
        /// What JSON has for it.
        instead: &'static str,
    },
    /// A line ends within a text.
    #[error("the text that begins here has no closing quote in its line")]
    UnclosedText,
    /// A backslash that begins no escape of JSON's, as in a path of Windows.
    #[error("a backslash in a JSON text must be written twice")]
    Backslash,
    /// What is closed is not what was opened last.
    #[error("`{found}` where `{expected}` must close what begins at line {line}, column {column}")]
    #[non_exhaustive]
    WrongBracket {
        /// The bracket that is there.
        found: char,
        /// The one that belongs there.
        expected: char,
        /// The line of the one that it has to close.
        line: usize,
        /// The column of that one.
        column: usize,
    },
    /// UTF-16, as some editors and shells of Windows write text.
    #[error("the document is in UTF-16; save it as UTF-8")]
    Utf16,
    /// Not JSON, but something else that can be recognized.
    #[error("the document is not JSON; it looks like {looks_like}")]
    #[non_exhaustive]
    NotJson {
        /// What it looks like: `YAML`, `a web page`.
        looks_like: &'static str,
    },
}

impl JsonSlip {
    /// What to do about it, in a few words that may stand beside the place; nothing if the sentence says it.
    pub(crate) fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::Comment { .. } => "remove the comment".to_owned(),
            Self::NeedlessComma { .. } => "remove the comma".to_owned(),
            Self::MissingComma { .. } => "write a comma here".to_owned(),
            Self::SingleQuotes | Self::TypographicQuotes => {
                "write `\"` at both ends of the text".to_owned()
            }
            Self::Unquoted { text } => {
                format!("write {}", Quoted(&format!("\"{text}\"")))
            }
            Self::Literal { instead, .. } => format!("write `{instead}`"),
            Self::UnclosedText => "write `\"` at the end of the text".to_owned(),
            Self::Backslash => "write `\\\\`".to_owned(),
            Self::WrongBracket { expected, .. } => format!("write `{expected}` before it"),
            Self::Utf16 => return None,
            Self::NotJson { looks_like } if *looks_like == YAML => {
                "write the same as JSON, in braces and double quotes".to_owned()
            }
            Self::NotJson { .. } => "get the file itself instead of this page".to_owned(),
        })
    }
}

const YAML: &str = "YAML";

/// The slip for which a text is not JSON, and where it is; none if it is another fault or if there is none.
pub(super) fn find(text: &str) -> Option<(Range<usize>, JsonSlip)> {
    if is_utf16(text) {
        return Some((0..0, JsonSlip::Utf16));
    }
    let stop = Scanner::new(text).stop()?;
    if stop.is_first {
        if let Some(looks_like) = other_format(text) {
            return Some((
                character_at(text, stop.at),
                JsonSlip::NotJson { looks_like },
            ));
        }
    }
    stop.slip(text)
}

/// ASCII in UTF-16 has a NUL in every other byte. A byte-order mark reads as two bytes that are not UTF-8.
fn is_utf16(text: &str) -> bool {
    let text = text.strip_prefix("\u{fffd}\u{fffd}").unwrap_or(text);
    let first: Vec<char> = text.chars().take(8).collect();
    let has_nul_at = |remainder: usize| {
        let mut characters = first.iter().enumerate();
        characters.all(|(index, &character)| (index % 2 == remainder) == (character == '\0'))
    };
    first.len() >= 4 && (has_nul_at(0) || has_nul_at(1))
}

/// What a text that does not begin as JSON is instead.
fn other_format(text: &str) -> Option<&'static str> {
    if text.trim_start().starts_with('<') {
        return Some("a web page");
    }
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")?;
    let is_key = |key: &str| {
        let key = key.trim_start_matches("- ");
        !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let is_yaml = match first.split_once(':') {
        Some((key, rest)) => is_key(key) && (rest.is_empty() || rest.starts_with(' ')),
        None => first.starts_with("- "),
    };
    is_yaml.then_some(YAML)
}

/// What comes next in a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Where a text stops to be JSON.
#[derive(Debug)]
struct Stop {
    /// The first byte that cannot be there.
    at: usize,
    next: Next,
    /// The end of what was read last.
    end: usize,
    /// The comma that was read last, if nothing was read since.
    comma: Option<usize>,
    /// The innermost bracket that is open.
    open: Option<usize>,
    /// Whether nothing was read.
    is_first: bool,
    /// A text at `at` that has no end, or a wrong escape in one.
    text: Option<(Range<usize>, JsonSlip)>,
}

/// Reads JSON until it is none. Nothing recurses, and nothing is kept but open brackets.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    comma: Option<usize>,
    open: Vec<usize>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            end: 0,
            comma: None,
            open: Vec::new(),
        }
    }

    /// Where the text stops to be JSON; none if it does not, or if it merely ends too early.
    fn stop(mut self) -> Option<Stop> {
        let mut next = Next::Value;
        loop {
            let rest = self.rest();
            let white = rest
                .len()
                .saturating_sub(rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
            self.at = self.at.saturating_add(white);
            let byte = self.byte(self.at)?;
            match self.read(byte, next) {
                Ok(then) => next = then,
                Err(text) => {
                    return Some(Stop {
                        at: self.at,
                        next,
                        end: self.end,
                        comma: self.comma,
                        open: self.open.last().copied(),
                        is_first: self.end == 0,
                        text,
                    });
                }
            }
        }
    }

    /// Reads what begins with this byte.
    ///
    /// # Errors
    ///
    /// If it cannot be there; with what is wrong in a text.
    fn read(&mut self, byte: u8, next: Next) -> Result<Next, Option<(Range<usize>, JsonSlip)>> {
        let is_value = matches!(next, Next::Value | Next::ValueOrEnd);
        match byte {
            b'{' | b'[' if is_value => {
                self.open.push(self.at);
                self.take(1);
                Ok(if byte == b'{' {
                    Next::KeyOrEnd
                } else {
                    Next::ValueOrEnd
                })
            }
            b'}' | b']'
                if matches!(next, Next::KeyOrEnd | Next::ValueOrEnd | Next::CommaOrEnd)
                    && self.closing() == Some(byte) =>
            {
                self.open.pop();
                self.take(1);
                Ok(self.after_value())
            }
            b'"' if is_value || matches!(next, Next::Key | Next::KeyOrEnd) => {
                let length = self.text_length().map_err(Some)?.ok_or(None)?;
                self.take(length);
                Ok(if is_value {
                    self.after_value()
                } else {
                    Next::Colon
                })
            }
            b':' if next == Next::Colon => {
                self.take(1);
                Ok(Next::Value)
            }
            b',' if next == Next::CommaOrEnd => {
                let comma = self.at;
                self.take(1);
                self.comma = Some(comma);
                Ok(if self.closing() == Some(b'}') {
                    Next::Key
                } else {
                    Next::Value
                })
            }
            _ if is_value => {
                let word = self.word().len();
                let raw = self.rest().get(..word).unwrap_or_default();
                if serde_json::from_str::<&RawValue>(raw).is_err() {
                    return Err(None);
                }
                self.take(word);
                Ok(self.after_value())
            }
            _ => Err(None),
        }
    }

    /// How long the text is that begins here, quotes included; none if the document ends within it.
    fn text_length(&self) -> Result<Option<usize>, (Range<usize>, JsonSlip)> {
        let mut bytes = self.rest().bytes().enumerate().skip(1);
        while let Some((index, byte)) = bytes.next() {
            let at = self.at.saturating_add(index);
            match byte {
                b'"' => return Ok(Some(index.saturating_add(1))),
                b'\n' | b'\r' => return Err((self.at..at, JsonSlip::UnclosedText)),
                b'\\' => match bytes.next() {
                    Some((_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => {}
                    Some((_, b'u')) if self.is_hexadecimal(at.saturating_add(2)) => {}
                    Some(_) => return Err((at..at.saturating_add(1), JsonSlip::Backslash)),
                    None => return Ok(None),
                },
                0..0x20 => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }

    fn is_hexadecimal(&self, at: usize) -> bool {
        let digits = self.text.as_bytes().get(at..at.saturating_add(4));
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    /// A number or a literal.
    fn word(&self) -> &'a str {
        let rest = self.rest();
        let is_in = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let length = rest.find(|c: char| !is_in(c)).unwrap_or(rest.len());
        rest.get(..length).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The bracket that closes the innermost open one.
    fn closing(&self) -> Option<u8> {
        closing(self.byte(*self.open.last()?)?)
    }

    fn take(&mut self, length: usize) {
        self.at = self.at.saturating_add(length);
        self.end = self.at;
        self.comma = None;
    }

    fn after_value(&self) -> Next {
        if self.open.is_empty() {
            Next::Nothing
        } else {
            Next::CommaOrEnd
        }
    }
}

impl Stop {
    fn slip(self, text: &str) -> Option<(Range<usize>, JsonSlip)> {
        if self.text.is_some() {
            return self.text;
        }
        let rest = text.get(self.at..)?;
        let line = rest.lines().next().unwrap_or_default();
        let here = |length: usize| self.at..self.at.saturating_add(length);
        for marker in ["//", "/*", "#"] {
            if rest.starts_with(marker) {
                let length = line.trim_end().len();
                return Some((here(length), JsonSlip::Comment { marker }));
            }
        }
        let character = rest.chars().next()?;
        if character == '\'' && self.next != Next::Colon {
            let inner = line.get(1..).unwrap_or_default();
            let length = inner.find('\'').map_or(1, |end| end.saturating_add(2));
            return Some((here(length), JsonSlip::SingleQuotes));
        }
        if matches!(
            character,
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}'
        ) {
            return Some((here(character.len_utf8()), JsonSlip::TypographicQuotes));
        }
        let opened = self
            .open
            .and_then(|open| text.as_bytes().get(open).copied());
        let expected = opened.and_then(closing).map(char::from);
        match (self.next, character) {
            (_, '}' | ']' | ',') if self.comma.is_some() => {
                let is_end = character != ',';
                if is_end && expected != Some(character) {
                    return None;
                }
                let comma = if is_end { self.comma? } else { self.at };
                let slip = JsonSlip::NeedlessComma {
                    before: if is_end { character } else { ',' },
                };
                Some((comma..comma.saturating_add(1), slip))
            }
            (Next::CommaOrEnd, '"') => Some(self.missing_comma(quoted_word(line))),
            (Next::CommaOrEnd, '{' | '[') if opened == Some(b'[') => {
                Some(self.missing_comma(line.get(..1)?))
            }
            (Next::CommaOrEnd | Next::KeyOrEnd | Next::ValueOrEnd, '}' | ']') => {
                let Position { line, column } = Position::of(text, self.open?);
                let slip = JsonSlip::WrongBracket {
                    found: character,
                    expected: expected?,
                    line,
                    column,
                };
                Some((here(1), slip))
            }
            (Next::Value | Next::ValueOrEnd | Next::Key | Next::KeyOrEnd, _)
                if character.is_ascii_alphabetic() || character == '_' =>
            {
                let word = rest
                    .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .next()?;
                let bytes = here(word.len());
                let is_key = matches!(self.next, Next::Key | Next::KeyOrEnd);
                let slip = match literal(word).filter(|_| !is_key) {
                    Some(instead) => JsonSlip::Literal {
                        found: word.to_owned(),
                        instead,
                    },
                    None => JsonSlip::Unquoted {
                        text: shorten(word).into_owned(),
                    },
                };
                Some((bytes, slip))
            }
            _ => None,
        }
    }

    fn missing_comma(&self, before: &str) -> (Range<usize>, JsonSlip) {
        let slip = JsonSlip::MissingComma {
            before: shorten(before).into_owned(),
        };
        (self.end..self.end, slip)
    }
}

fn closing(bracket: u8) -> Option<u8> {
    match bracket {
        b'{' => Some(b'}'),
        b'[' => Some(b']'),
        _ => None,
    }
}

/// What JSON has for a word of Python, of other languages or of YAML.
fn literal(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        "null" | "none" | "nil" | "undefined" => Some("null"),
        _ => None,
    }
}

/// The text in double quotes that a line begins with.
fn quoted_word(line: &str) -> &str {
    let inner = line.get(1..).unwrap_or_default();
    let end = inner
        .find('"')
        .map_or(line.len(), |end| end.saturating_add(2));
    line.get(..end).unwrap_or(line)
}
