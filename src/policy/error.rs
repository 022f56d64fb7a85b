//! What can be wrong with a policy.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::origin::{PolicyOrigin, PolicyPlace, PolicyVariable};
use crate::image::ScopeError;
use crate::json::{JsonError, LocatedJsonError, Position, Value, quoted};
use crate::reference::ReferenceError;
use crate::text::quote::{Quoted, visible};

/// Why a policy could not be read: the file, the place in it, and what is wrong there.
///
/// Its text is one sentence that begins with the place, and ends with why it is this file and the SHA-256 of its bytes:
/// `/etc/containers/policy.json:7:22: transports.docker["registry.k8s.io"][0].keyPth: unknown key … (the system's,
/// sha256:9f86d0…)`.
#[derive(Debug)]
pub struct PolicyError {
    origin: Option<Box<PolicyOrigin>>,
    position: Option<Position>,
    path: String,
    kind: Box<PolicyErrorKind>,
}

impl PolicyError {
    pub(super) fn new(kind: PolicyErrorKind) -> Self {
        Self {
            origin: None,
            position: None,
            path: String::new(),
            kind: Box::new(kind),
        }
    }

    /// An error at the place of a key or value.
    pub(super) fn at(value: Value<'_>, kind: PolicyErrorKind) -> Self {
        Self {
            origin: None,
            position: Some(value.position()),
            path: value.path(),
            kind: Box::new(kind),
        }
    }

    pub(super) fn with_origin(self, origin: PolicyOrigin) -> Self {
        Self {
            origin: Some(Box::new(origin)),
            ..self
        }
    }

    /// The file that was read, if it was a file.
    pub fn file(&self) -> Option<&Path> {
        self.origin()?.file.as_deref()
    }

    /// Where the policy is from, and the SHA-256 of its bytes if they were read; none if no policy was found, or if it
    /// it is not known where to look.
    pub fn origin(&self) -> Option<&PolicyOrigin> {
        self.origin.as_deref()
    }

    /// The line of the error in the policy, from 1; none if the policy could not be read at all.
    pub fn line(&self) -> Option<usize> {
        self.position.map(|position| position.line)
    }

    /// The column of the error in its line, in characters from 1.
    pub fn column(&self) -> Option<usize> {
        self.position.map(|position| position.column)
    }

    /// The JSON path of the key or value that is wrong, such as `transports.docker["registry.k8s.io"][0].keyPath`.
    /// Empty for the policy as a whole, and where the text is not JSON.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    pub fn kind(&self) -> &PolicyErrorKind {
        &self.kind
    }

    /// For a misspelt key or value the nearest valid one.
    pub fn suggestion(&self) -> Option<&'static str> {
        match *self.kind {
            PolicyErrorKind::UnknownKey { suggestion, .. }
            | PolicyErrorKind::UnknownValue { suggestion, .. } => suggestion,
            _ => None,
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.origin().and_then(PolicyOrigin::file_name);
        match (&file, self.position) {
            (Some(file), Some(Position { line, column })) => {
                write!(formatter, "{file}:{line}:{column}: ")?;
            }
            (Some(file), None) => write!(formatter, "{file}: ")?,
            (None, Some(Position { line, column })) => {
                write!(formatter, "line {line}, column {column}: ")?;
            }
            (None, None) => {}
        }
        if !self.path.is_empty() {
            write!(formatter, "{}: ", self.path)?;
        }
        self.kind.fmt(formatter)?;
        match self.origin() {
            Some(PolicyOrigin {
                place,
                file: Some(_),
                digest,
            }) => {
                write!(formatter, " ({place}")?;
                if let Some(digest) = digest {
                    write!(formatter, ", {digest}")?;
                }
                formatter.write_str(")")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            PolicyErrorKind::Read { source }
            | PolicyErrorKind::UnknownHome {
                source: Some(source),
                ..
            } => Some(source),
            _ => None,
        }
    }
}

impl From<LocatedJsonError> for PolicyError {
    fn from(error: LocatedJsonError) -> Self {
        Self {
            origin: None,
            position: Some(error.position),
            path: error.path,
            kind: Box::new(PolicyErrorKind::Json(error.problem)),
        }
    }
}

/// What is wrong with a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyErrorKind {
    /// The file exists or was asked for, and cannot be read.
    #[error("the policy cannot be read")]
    #[non_exhaustive]
    Read {
        /// Why not.
        source: io::Error,
    },
    /// None of the places for the system's policy has one.
    #[error("there is no policy; tried {}{}", paths(.tried), clauses(.variables))]
    #[non_exhaustive]
    NotFound {
        /// Every path that was tried, in order.
        tried: Vec<PathBuf>,
        /// Every variable that was looked at, in order.
        variables: Vec<PolicyVariable>,
    },
    /// A directory that the user's policy would be below is empty or relative; containers/image would look below the
    /// working directory.
    #[error("{} must be an absolute path, but is {}", directory_of(.place), directory_shown(.directory))]
    #[non_exhaustive]
    NotAbsolute {
        /// What names the directory: [`PolicyPlace::XdgConfigHome`], [`PolicyPlace::Home`],
        /// [`PolicyPlace::GivenHome`] or [`PolicyPlace::UserDatabase`].
        place: PolicyPlace,
        /// The directory.
        directory: PathBuf,
    },
    /// `_CONTAINERS_ROOTLESS_UID` is not a user ID; containers/image would take it for 0.
    #[error("{variable}, which is not a user ID")]
    #[non_exhaustive]
    NotAUserId {
        /// The variable.
        variable: PolicyVariable,
    },
    /// `HOME` does not name the user's home directory, and the user database does not either.
    #[error(
        "{variable}, and the user database {} {}: set HOME or CONTAINERS_POLICY_JSON",
        if .source.is_some() { "cannot be queried for" } else { "has no entry for" },
        user_shown(.user)
    )]
    #[non_exhaustive]
    UnknownHome {
        /// `HOME`.
        variable: PolicyVariable,
        /// The user ID that was looked for; none on a system without user IDs.
        user: Option<u32>,
        /// Why the database cannot be asked; none if it has no entry for the user.
        source: Option<io::Error>,
    },
    /// The policy is too large.
    #[error("the policy is larger than {limit} bytes")]
    #[non_exhaustive]
    TooLarge {
        /// How large a policy may be, in bytes.
        limit: usize,
    },
    /// It is not JSON, has a duplicate key or a value of a wrong type.
    #[error(transparent)]
    Json(JsonError),
    /// An object has a key that it must not have.
    #[error("unknown key {} in {object}{}", quoted(.key), key_advice(.suggestion, .belongs_to, .allowed))]
    #[non_exhaustive]
    UnknownKey {
        /// The key.
        key: String,
        /// What the object is, with its article: "a signedBy requirement".
        object: &'static str,
        /// The nearest key that the object may have, if one is near.
        suggestion: Option<&'static str>,
        /// The objects that may have this key.
        belongs_to: Vec<&'static str>,
        /// All keys that the object may have.
        allowed: &'static [&'static str],
    },
    /// A value is none of those that its place allows.
    #[error("unknown {what} {}{}", quoted(.value), value_advice(.suggestion, .allowed))]
    #[non_exhaustive]
    UnknownValue {
        /// What the value is for: "requirement type".
        what: &'static str,
        /// The value.
        value: String,
        /// The nearest valid one, if one is near.
        suggestion: Option<&'static str>,
        /// All valid ones.
        allowed: Vec<&'static str>,
    },
    /// An object lacks a key.
    #[error("{object} needs `{key}`")]
    #[non_exhaustive]
    MissingKey {
        /// What the object is, with its article.
        object: &'static str,
        /// The key.
        key: &'static str,
    },
    /// An object has none of several keys.
    #[error("{object} needs one of {}", listed(.keys))]
    #[non_exhaustive]
    NoneOf {
        /// What the object is, with its article.
        object: &'static str,
        /// The keys, one of which it needs.
        keys: Vec<&'static str>,
    },
    /// An object has two of several keys that exclude one another.
    #[error("{object} takes only one of {}, but has `{first}` and `{second}`", listed(.keys))]
    #[non_exhaustive]
    MoreThanOneOf {
        /// What the object is, with its article.
        object: &'static str,
        /// The keys, only one of which it may have.
        keys: Vec<&'static str>,
        /// One that it has.
        first: &'static str,
        /// Another one that it has.
        second: &'static str,
    },
    /// A key is used together with another that excludes it.
    #[error("`{key}` cannot be used together with `{beside}`")]
    #[non_exhaustive]
    NotBeside {
        /// The key.
        key: &'static str,
        /// The key that excludes it.
        beside: &'static str,
    },
    /// A string is not base64 by RFC 4648, section 4: the standard alphabet with padding.
    #[error("not valid base64: {0}")]
    Base64(Base64Error),
    /// A value has the right type but breaks a further rule.
    #[error(transparent)]
    Invalid(InvalidPolicy),
}

/// Why a string is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base64Error {
    /// It has a character that base64 does not use.
    #[error("{} is not in the standard alphabet", quoted(&.character.to_string()))]
    #[non_exhaustive]
    Character {
        /// The first such character.
        character: char,
    },
    /// Its padding is missing, wrong or misplaced, or characters are missing.
    #[error("the length or the padding with `=` is wrong")]
    Padding,
}

/// A rule that a part of a policy breaks, whether it is read or made in code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPolicy {
    /// A list of requirements is empty; it would accept every image.
    #[error("a list of requirements must not be empty")]
    NoRequirements,
    /// A value that must not be empty is empty.
    #[error("`{key}` must not be empty")]
    #[non_exhaustive]
    Empty {
        /// The key of the value.
        key: &'static str,
    },
    /// A text is not a Docker reference.
    #[error("`{key}` is not a valid Docker reference: {}: {reason}", quoted(.value))]
    #[non_exhaustive]
    Reference {
        /// The key of the value.
        key: &'static str,
        /// The value.
        value: String,
        /// Why it is not.
        reason: ReferenceError,
    },
    /// An exact reference names a repository only.
    #[error("`dockerReference` needs a tag or a digest: {}", quoted(.value))]
    #[non_exhaustive]
    NameOnly {
        /// The value.
        value: String,
    },
    /// A prefix is not a host, namespace or repository.
    #[error(
        "`{key}` must be a host, a namespace or a repository, with its host and without a tag or digest: {}",
        quoted(.value)
    )]
    #[non_exhaustive]
    RemapPrefix {
        /// The key of the value.
        key: &'static str,
        /// The value.
        value: String,
    },
    /// A `pki` object does not say whose signatures count.
    #[error("a `pki` object needs a non-empty `subjectEmail`, `subjectHostname` or both")]
    NoSubject,
    /// The scope is not one that the transport can have.
    #[error("{} is not a valid scope of the transport {transport}: {reason}", quoted(.scope))]
    #[non_exhaustive]
    Scope {
        /// The transport's name.
        transport: &'static str,
        /// The scope.
        scope: String,
        /// Why it is not.
        reason: ScopeError,
    },
    /// A program gave one scope twice.
    #[error("the scope {} of the transport {transport} is given twice", quoted(.scope))]
    #[non_exhaustive]
    DuplicateScope {
        /// The transport's name.
        transport: String,
        /// The scope.
        scope: String,
    },
}

fn key_advice(
    suggestion: &Option<&'static str>,
    belongs_to: &[&'static str],
    allowed: &[&'static str],
) -> String {
    let mut advice = String::new();
    if !belongs_to.is_empty() {
        advice.push_str(&format!("; it belongs to {}", belongs_to.join(" or ")));
    }
    if let Some(suggestion) = suggestion {
        advice.push_str(&format!("; did you mean `{suggestion}`?"));
    }
    if advice.is_empty() {
        advice.push_str(&format!("; valid here: {}", listed(allowed)));
    }
    advice
}

fn value_advice(suggestion: &Option<&'static str>, allowed: &[&'static str]) -> String {
    match suggestion {
        Some(suggestion) => format!("; did you mean `{suggestion}`?"),
        None => format!("; valid here: {}", listed(allowed)),
    }
}

fn listed(names: &[&'static str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn paths(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| visible(&path.to_string_lossy()))
        .collect();
    paths.join(", ")
}

fn clauses(variables: &[PolicyVariable]) -> String {
    let clauses: Vec<String> = variables.iter().map(ToString::to_string).collect();
    match clauses.as_slice() {
        [] => String::new(),
        clauses => format!("; {}", clauses.join(", ")),
    }
}

fn directory_of(place: &PolicyPlace) -> &'static str {
    match place {
        PolicyPlace::XdgConfigHome => "XDG_CONFIG_HOME",
        PolicyPlace::Home => "HOME",
        PolicyPlace::UserDatabase => "the home directory in the user database",
        _ => "the home directory that the program named",
    }
}

fn directory_shown(directory: &Path) -> String {
    if directory.as_os_str().is_empty() {
        "empty".to_owned()
    } else {
        Quoted(&directory.to_string_lossy()).to_string()
    }
}

fn user_shown(user: &Option<u32>) -> String {
    match user {
        Some(user) => format!("the user ID {user}"),
        None => "this user".to_owned(),
    }
}
