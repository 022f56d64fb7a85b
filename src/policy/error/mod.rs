//! What can be wrong with a policy, where, and what to do about it.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

mod code;
mod fields;
mod kind;
mod steps;

pub use self::kind::{Base64Error, InvalidPolicy, PolicyErrorKind};
use super::origin::PolicyOrigin;
use crate::json::{LineText, Position, Span};

/// Why a policy could not be read: the file, the place in it, and what is wrong there.
///
/// Its text is one sentence that begins with the place, and ends with why it is this file and the SHA-256 of its bytes:
/// `/etc/containers/policy.json:7:22: transports.docker["registry.k8s.io"][0].keyPth: unknown key … (the system's,
/// sha256:9f86d0…)`. If the policy has more mistakes, it says how many; they are [`PolicyError::others`].
///
/// As JSON an object with `code`, `message` and `kind`, whose `name` says more than the code does; where they are known
/// with `file`, `line`, `column`, `end_line`, `end_column`, `path`, `suggestion`, `label`, `line_text` and `origin`;
/// with `steps`; and with `others` and `others_left_out` if there are any.
#[derive(Debug)]
pub struct PolicyError {
    details: Box<Details>,
}

#[derive(Debug)]
struct Details {
    origin: Option<PolicyOrigin>,
    span: Option<Span>,
    line: Option<LineText>,
    path: String,
    kind: PolicyErrorKind,
    example: Option<Cow<'static, str>>,
    others: Vec<PolicyError>,
    others_left_out: usize,
}

impl PolicyError {
    /// An error of the policy as a whole.
    pub(super) fn new(kind: PolicyErrorKind) -> Self {
        Self {
            details: Box::new(Details {
                origin: None,
                span: None,
                line: None,
                path: String::new(),
                kind,
                example: None,
                others: Vec::new(),
                others_left_out: 0,
            }),
        }
    }

    /// The same at a place in the policy's text, and with an example of what belongs there.
    pub(super) fn at(
        self,
        span: Span,
        line: LineText,
        path: String,
        example: Option<Cow<'static, str>>,
    ) -> Self {
        Self {
            details: Box::new(Details {
                span: Some(span),
                line: Some(line),
                path,
                example,
                ..*self.details
            }),
        }
    }

    /// The same with the policy's other mistakes, and how many more there are.
    pub(super) fn with_others(mut self, others: Vec<Self>, left_out: usize) -> Self {
        self.details.others = others;
        self.details.others_left_out = left_out;
        self
    }

    pub(super) fn with_origin(mut self, origin: PolicyOrigin) -> Self {
        for other in &mut self.details.others {
            other.details.origin = Some(origin.clone());
        }
        self.details.origin = Some(origin);
        self
    }

    /// The file that was read, if it was a file.
    pub fn file(&self) -> Option<&Path> {
        self.origin()?.file.as_deref()
    }

    /// Where the policy is from, and the SHA-256 of its bytes if they were read; none if no policy was found, or if it
    /// it is not known where to look.
    pub fn origin(&self) -> Option<&PolicyOrigin> {
        self.details.origin.as_ref()
    }

    /// The line of the error in the policy, from 1; none if the policy could not be read at all.
    pub fn line(&self) -> Option<usize> {
        self.position().map(|position| position.line)
    }

    /// The column of the error in its line, in characters from 1.
    pub fn column(&self) -> Option<usize> {
        self.position().map(|position| position.column)
    }

    /// What part of the policy's text is wrong, such as a key or a value; empty between two characters where something
    /// is missing. None if the policy could not be read at all.
    pub fn span(&self) -> Option<&Span> {
        self.details.span.as_ref()
    }

    /// The text of the line in which the [`span`](Self::span) begins, cut if it is long.
    pub fn line_text(&self) -> Option<&LineText> {
        self.details.line.as_ref()
    }

    /// The JSON path of the key or value that is wrong, such as `transports.docker["registry.k8s.io"][0].keyPath`.
    /// Empty for the policy as a whole, and where the text is not JSON.
    pub fn path(&self) -> &str {
        &self.details.path
    }

    /// What is wrong. Its text is a sentence without the place.
    pub fn kind(&self) -> &PolicyErrorKind {
        &self.details.kind
    }

    /// For a misspelt key or value the nearest valid one.
    pub fn suggestion(&self) -> Option<&'static str> {
        match *self.kind() {
            PolicyErrorKind::UnknownKey { suggestion, .. }
            | PolicyErrorKind::UnknownValue { suggestion, .. } => suggestion,
            _ => None,
        }
    }

    /// An example of what belongs where a value of another type is.
    pub fn example(&self) -> Option<&str> {
        self.details.example.as_deref()
    }

    /// What else is wrong with the policy, in the order of its text: at most 100 mistakes, none of which is a mere
    /// consequence of another. Where the text is not JSON, nothing else can be told.
    pub fn others(&self) -> &[Self] {
        &self.details.others
    }

    /// How many mistakes are not among the [`others`](Self::others), because there are too many.
    pub fn others_left_out(&self) -> usize {
        self.details.others_left_out
    }

    fn position(&self) -> Option<Position> {
        self.span().map(|span| span.start)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.origin().and_then(PolicyOrigin::file_name);
        match (&file, self.position()) {
            (Some(file), Some(Position { line, column })) => {
                write!(formatter, "{file}:{line}:{column}: ")?;
            }
            (Some(file), None) => write!(formatter, "{file}: ")?,
            (None, Some(Position { line, column })) => {
                write!(formatter, "line {line}, column {column}: ")?;
            }
            (None, None) => {}
        }
        if !self.path().is_empty() {
            write!(formatter, "{}: ", self.path())?;
        }
        self.kind().fmt(formatter)?;
        if let Some(PolicyOrigin {
            place,
            file: Some(_),
            digest,
            ..
        }) = self.origin()
        {
            write!(formatter, " ({place}")?;
            if let Some(digest) = digest {
                write!(formatter, ", {digest}")?;
            }
            formatter.write_str(")")?;
        }
        match self.others().len().saturating_add(self.others_left_out()) {
            0 => Ok(()),
            1 => formatter.write_str("; and 1 more mistake"),
            more => write!(formatter, "; and {more} more mistakes"),
        }
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            PolicyErrorKind::Read { source }
            | PolicyErrorKind::UnknownHome {
                source: Some(source),
                ..
            } => Some(source),
            _ => None,
        }
    }
}
