//! Objects of a bundle, in the JSON form of protocol buffers: members that are left out, or null, have the value of nothing.
//!
//! It is stricter than that form in what is ambiguous: names are those in camel case, none occurs twice and none is unknown, and
//! base64 is the standard one with its padding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::json::{Kind, LocatedJsonError, Object, Value};
use crate::sigstore::bundle_type::MAX_BUNDLE_SIZE;
use crate::text::quote::Quoted;

/// Why octets are no bundle, as a part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BundleError {
    /// More than are read.
    #[error("it has {0} bytes, and at most {MAX_BUNDLE_SIZE} are read")]
    TooLarge(usize),
    /// Not text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// No JSON, or something of another type.
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    /// A member that is not known.
    #[error("{} is unknown in {place}", Quoted(.member))]
    Unknown {
        /// The member.
        member: String,
        /// Where it is.
        place: String,
    },
    /// A text that is no base64.
    #[error("`{path}` is not base64: {error}")]
    Base64 {
        /// Where it is.
        path: String,
        /// What is wrong.
        error: base64::DecodeError,
    },
    /// A number that is none, negative, or too large.
    #[error("`{path}` is not a number from 0 to {}", i64::MAX)]
    Number {
        /// Where it is.
        path: String,
    },
    /// Anything else.
    #[error("{0}")]
    Form(String),
}

/// An object all of whose members are known.
pub(super) struct Fields<'doc> {
    object: Object<'doc>,
}

impl<'doc> Fields<'doc> {
    /// The members of an object, if each has one of these names.
    pub(super) fn read(value: Value<'doc>, known: &[&str]) -> Result<Self, BundleError> {
        let object = value.object()?;
        let unknown = |name: &str| !known.contains(&name);
        match object.members().iter().find(|member| unknown(&member.name)) {
            None => Ok(Self { object }),
            Some(member) => Err(BundleError::Unknown {
                member: member.name.clone().into_owned(),
                place: place(value),
            }),
        }
    }

    /// The value of a member, unless it is null.
    pub(super) fn get(&self, name: &str) -> Option<Value<'doc>> {
        let value = self.object.find(name);
        value.filter(|value| value.kind() != Kind::Null)
    }

    /// The value of a member that has to be there.
    pub(super) fn required(&self, name: &str) -> Result<Value<'doc>, BundleError> {
        self.get(name).ok_or_else(|| {
            BundleError::Form(format!("{} has no `{name}`", place(self.object.value())))
        })
    }

    /// A text; empty if it is not there.
    pub(super) fn text(&self, name: &str) -> Result<String, BundleError> {
        match self.get(name) {
            None => Ok(String::new()),
            Some(value) => Ok(value.string()?.into_owned()),
        }
    }

    /// Octets; none if they are not there.
    pub(super) fn octets(&self, name: &str) -> Result<Vec<u8>, BundleError> {
        self.get(name).map_or_else(|| Ok(Vec::new()), octets)
    }

    /// A number of 64 bits, which is a text or a number; 0 if it is not there. No number here has a use for a sign.
    pub(super) fn number(&self, name: &str) -> Result<i64, BundleError> {
        let Some(value) = self.get(name) else {
            return Ok(0);
        };
        let text = match value.kind() {
            Kind::Number => value.number()?.into(),
            _ => value.string()?,
        };
        let digits = Some(&*text).filter(|text| text.bytes().all(|octet| octet.is_ascii_digit()));
        digits
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| BundleError::Number { path: value.path() })
    }

    /// The elements of an array, at most so many; none if it is not there.
    pub(super) fn array(&self, name: &str, max: usize) -> Result<Vec<Value<'doc>>, BundleError> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let elements = value.array()?;
        match elements.len() {
            count if count > max => Err(BundleError::Form(format!(
                "`{}` has {count} elements, and at most {max} are read",
                value.path()
            ))),
            _ => Ok(elements),
        }
    }
}

/// Octets in base64.
pub(super) fn octets(value: Value<'_>) -> Result<Vec<u8>, BundleError> {
    STANDARD
        .decode(&*value.string()?)
        .map_err(|error| BundleError::Base64 {
            path: value.path(),
            error,
        })
}

fn place(value: Value<'_>) -> String {
    match value.path() {
        path if path.is_empty() => "the bundle".to_owned(),
        path => format!("`{path}`"),
    }
}
