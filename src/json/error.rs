//! What can be wrong with a JSON document, and where.

use std::ops::Range;

use serde::Serialize;

use super::place::{Position, Span, character_at};
use super::shown::quoted;
use super::slip::{self, JsonSlip};

/// What is wrong with a JSON document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(.position, .path))]
pub(crate) struct LocatedJsonError {
    /// Where it is, in bytes.
    pub(crate) bytes: Range<usize>,
    /// Where it begins.
    pub(crate) position: Position,
    /// The path to it; empty for the document as a whole and where the grammar fails.
    pub(crate) path: String,
    /// What it is.
    pub(crate) problem: JsonError,
}

impl LocatedJsonError {
    pub(super) fn whole(problem: JsonError) -> Self {
        Self::at("", 0..0, problem)
    }

    pub(super) fn at(text: &str, bytes: Range<usize>, problem: JsonError) -> Self {
        Self {
            position: Position::of(text, bytes.start),
            bytes,
            path: String::new(),
            problem,
        }
    }

    /// serde_json's judgement; its columns count bytes, its position is one past the byte that it read last.
    pub(super) fn syntax(text: &str, error: &serde_json::Error) -> Self {
        if error.is_eof() {
            let end = text.trim_end().len();
            return Self::at(text, end..end, JsonError::Incomplete);
        }
        if let Some((bytes, slip)) = slip::find(text) {
            return Self::at(text, bytes, JsonError::Slip(slip));
        }
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let reason = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        let bytes = character_at(text, offset_of(text, error));
        Self::at(text, bytes, JsonError::Syntax { reason })
    }

    /// serde_json's judgement that something follows the value.
    pub(super) fn trailing(text: &str, error: &serde_json::Error) -> Self {
        match slip::find(text) {
            Some((bytes, slip)) => Self::at(text, bytes, JsonError::Slip(slip)),
            None => {
                let bytes = character_at(text, offset_of(text, error));
                Self::at(text, bytes, JsonError::TrailingData)
            }
        }
    }

    /// Where it is in `text`, which is the document's.
    pub(crate) fn span(&self, text: &str) -> Span {
        Span::of(text, self.bytes.clone())
    }
}

/// What a JSON document can have wrong with it, whatever it describes.
///
/// As JSON an object with the `name` of the variant in kebab-case, and its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
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
    /// The text is not JSON, in a way that is frequent where JSON is written by hand.
    #[error(transparent)]
    #[serde(untagged)]
    Slip(JsonSlip),
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
