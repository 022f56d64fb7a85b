//! What can be wrong with a policy.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use crate::image::ScopeError;
use crate::json::{JsonError, quoted};
use crate::policy::origin::{PolicyPlace, PolicyVariable};
use crate::reference::ReferenceError;
use crate::text::quote::{Quoted, visible};

/// What is wrong with a policy.
///
/// As JSON an object with the `name` of the variant in kebab-case, and its fields; [`PolicyErrorKind::Json`] and
/// [`PolicyErrorKind::Invalid`] are what they contain.
#[derive(Debug, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum PolicyErrorKind {
    /// The file exists or was asked for, and cannot be read.
    #[error("the policy cannot be read")]
    #[non_exhaustive]
    Read {
        /// Why not.
        #[serde(rename = "cause", serialize_with = "as_text")]
        source: io::Error,
    },
    /// None of the places for the system's policy has one.
    #[error("there is no policy; tried {}{}", paths(.tried), clauses(.variables))]
    #[non_exhaustive]
    NotFound {
        /// Every path that was tried, in order.
        #[serde(serialize_with = "paths_as_texts")]
        tried: Vec<PathBuf>,
        /// Every variable that was looked at, in order.
        #[serde(serialize_with = "as_texts")]
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
        #[serde(serialize_with = "path_as_text")]
        directory: PathBuf,
    },
    /// `_CONTAINERS_ROOTLESS_UID` is not a user ID; containers/image would take it for 0.
    #[error("{variable}, which is not a user ID")]
    #[non_exhaustive]
    NotAUserId {
        /// The variable.
        #[serde(serialize_with = "as_text")]
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
        #[serde(serialize_with = "as_text")]
        variable: PolicyVariable,
        /// The user ID that was looked for; none on a system without user IDs.
        user: Option<u32>,
        /// Why the database cannot be asked; none if it has no entry for the user.
        #[serde(
            rename = "cause",
            skip_serializing_if = "Option::is_none",
            serialize_with = "as_text_if_any"
        )]
        source: Option<io::Error>,
    },
    /// The policy is too large.
    #[error("the policy is larger than {limit} bytes")]
    #[non_exhaustive]
    TooLarge {
        /// How large a policy may be, in bytes.
        limit: usize,
    },
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
    /// It is not JSON, has a duplicate key or a value of a wrong type.
    #[error(transparent)]
    #[serde(untagged)]
    Json(JsonError),
    /// A value has the right type but breaks a further rule.
    #[error(transparent)]
    #[serde(untagged)]
    Invalid(InvalidPolicy),
}

/// Why a string is not base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum Base64Error {
    /// It has a character that base64 does not use.
    #[error("{} is not in the standard alphabet", quoted(&.character.to_string()))]
    #[non_exhaustive]
    Character {
        /// The first such character.
        character: char,
    },
    /// It is the text of a key, `-----BEGIN …`, of which base64 is wanted.
    #[error("it is the text {} itself", Quoted(.first_line))]
    #[non_exhaustive]
    Armored {
        /// The text's first line.
        first_line: String,
    },
    /// Its padding is missing, wrong or misplaced, or characters are missing.
    #[error("the length or the padding with `=` is wrong")]
    Padding,
}

/// A rule that a part of a policy breaks, whether it is read or made in code.
#[derive(Debug, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
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
        #[serde(serialize_with = "as_text")]
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
        #[serde(serialize_with = "as_text")]
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

fn as_text<S: Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

fn as_text_if_any<S: Serializer>(
    value: &Option<impl ToString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value
        .as_ref()
        .map(ToString::to_string)
        .serialize(serializer)
}

fn as_texts<S: Serializer>(values: &[impl ToString], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}

fn path_as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn paths_as_texts<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}
