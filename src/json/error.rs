//! What can be wrong with a JSON document, and where.

use std::borrow::Cow;

/// How many characters of a text from the document an error shows.
pub(super) const MAX_SHOWN: usize = 200;

/// A place in a text: line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before
            .rfind('\n')
            .map_or(0, |newline| newline.saturating_add(1));
        let newlines = before.bytes().filter(|&byte| byte == b'\n').count();
        let characters = before.get(line_start..).unwrap_or_default().chars().count();
        Self {
            line: newlines.saturating_add(1),
            column: characters.saturating_add(1),
        }
    }
}

/// What is wrong with a JSON document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(.position, .path))]
pub(crate) struct LocatedJsonError {
    /// Where it is.
    pub(crate) position: Position,
    /// The path to it; empty for the document as a whole and where the grammar fails.
    pub(crate) path: String,
    /// What it is.
    pub(crate) problem: JsonError,
}

impl LocatedJsonError {
    pub(super) fn whole(problem: JsonError) -> Self {
        Self {
            position: Position { line: 1, column: 1 },
            path: String::new(),
            problem,
        }
    }

    pub(super) fn at(text: &str, offset: usize, problem: JsonError) -> Self {
        Self {
            position: Position::of(text, offset),
            path: String::new(),
            problem,
        }
    }

    /// serde_json's judgement; its columns count bytes, its position is one past the byte that it read last.
    pub(super) fn syntax(text: &str, error: &serde_json::Error) -> Self {
        if error.is_eof() {
            return Self::at(text, text.trim_end().len(), JsonError::Incomplete);
        }
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let reason = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Self::at(text, offset_of(text, error), JsonError::Syntax { reason })
    }
}

/// What a JSON document can have wrong with it, whatever it describes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// There is nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// The text begins with a byte-order mark, which JSON (RFC 8259, section 8.1) does not have.
    #[error("the document begins with a byte-order mark; save it without one")]
    ByteOrderMark,
    /// The text ends inside a value.
    #[error("the document ends before its JSON is complete")]
    Incomplete,
    /// Something follows the value that is the document.
    #[error("something follows the end of the JSON value")]
    TrailingData,
    /// The text is not JSON.
    #[error("not valid JSON: {reason}")]
    #[non_exhaustive]
    Syntax {
        /// What the parser expected or found.
        reason: String,
    },
    /// Arrays and objects are nested too deep.
    #[error("arrays and objects are nested more than {limit} levels deep")]
    #[non_exhaustive]
    TooDeep {
        /// How deep they may be nested.
        limit: usize,
    },
    /// A value of another type than its place demands.
    #[error("expected {expected}, found {found}")]
    #[non_exhaustive]
    WrongType {
        /// The type that belongs here, with its article: "a string".
        expected: &'static str,
        /// The type that was found, with its article: "an array".
        found: &'static str,
    },
    /// A key occurs twice in one object; after unescaping, so `"type"` and `"\u0074ype"` are the same.
    #[error("duplicate key {}, first given at line {first_line}, column {first_column}", quoted(.key))]
    #[non_exhaustive]
    DuplicateKey {
        /// The key, unescaped.
        key: String,
        /// The line of its first appearance, from 1.
        first_line: usize,
        /// The column of its first appearance, in characters from 1.
        first_column: usize,
    },
    /// A number that a double cannot hold.
    #[error("the number {number} is out of range")]
    #[non_exhaustive]
    NumberOutOfRange {
        /// The number as it is written, shortened if it is very long.
        number: String,
    },
}

/// A text from the document, for an error message: in quotes, without control characters, not longer than a message
/// should be.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in shorten(text).chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ if is_unprintable(character) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// The beginning of an error message: `line 4, column 7: default[0].type: `.
fn place(position: &Position, path: &str) -> String {
    let Position { line, column } = position;
    if path.is_empty() {
        format!("line {line}, column {column}: ")
    } else {
        format!("line {line}, column {column}: {path}: ")
    }
}

/// Where serde_json stopped, as an offset in bytes.
pub(super) fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let mut offset = line_start
        .saturating_add(error.column())
        .saturating_sub(1)
        .min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SHOWN) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// Control characters, and the marks that change the direction in which a terminal shows what follows.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
