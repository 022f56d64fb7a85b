//! The digest by which signatures name a manifest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use super::Digest;
use super::jws::{self, SignatureProblem};
use crate::json::go::folds_to;

/// The largest manifest that is read, in bytes: containers/image's own limit for manifests (4 MiB).
pub const MANIFEST_SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// How deep JSON may nest in a manifest whose signatures have to be stripped: the limit of Go's `encoding/json`.
pub const MANIFEST_NESTING_LIMIT: usize = 10_000;

/// Media types that, written in a manifest, make it a modern one whatever else it holds: Docker schema 2 and list, OCI
/// manifest and index.
const MODERN_MEDIA_TYPES: [&[u8]; 4] = [
    b"application/vnd.docker.distribution.manifest.v2+json",
    b"application/vnd.docker.distribution.manifest.list.v2+json",
    b"application/vnd.oci.image.manifest.v1+json",
    b"application/vnd.oci.image.index.v1+json",
];

/// Why a manifest has no digest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The manifest is larger than [`MANIFEST_SIZE_LIMIT`].
    #[error("the manifest has {size} bytes, but at most {MANIFEST_SIZE_LIMIT} are read")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The manifest may be a signed Docker schema 1 manifest, but JSON readers can disagree about it.
    #[error(
        "the manifest spells the member `{member}` twice or in an unusual letter case, so that programs may read it differently"
    )]
    Ambiguous {
        /// The member in its right spelling.
        member: &'static str,
    },
    /// A signed Docker schema 1 manifest nests deeper than [`MANIFEST_NESTING_LIMIT`].
    #[error("the manifest nests deeper than {MANIFEST_NESTING_LIMIT} levels")]
    TooDeep,
    /// A signed Docker schema 1 manifest is not UTF-8.
    #[error("the signed Docker schema 1 manifest is not valid UTF-8")]
    NotUtf8,
    /// The `signatures` of a Docker schema 1 manifest are not an array of readable JSON values.
    #[error("the `signatures` of the Docker schema 1 manifest are not a readable array")]
    SignaturesNotAnArray,
    /// The `signatures` of a Docker schema 1 manifest are an empty array, so nothing says what they protect.
    #[error("the `signatures` of the Docker schema 1 manifest are empty")]
    NoSignatures,
    /// One of the `signatures` is malformed.
    #[error("signature {number} of the Docker schema 1 manifest is malformed: {problem}")]
    Signature {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        problem: SignatureProblem,
    },
    /// Two of the `signatures` protect different payloads.
    #[error("signatures 1 and {number} of the Docker schema 1 manifest protect different payloads")]
    Conflict {
        /// Which signature differs from the first one, counted from 1.
        number: usize,
    },
    /// The payload that the signatures name is not the manifest without its signatures.
    #[error("the signatures of the Docker schema 1 manifest do not protect everything else in it")]
    NotCovered,
}

/// The digest of a manifest, as signatures and references name it.
///
/// It is the SHA-256 digest of the bytes; but if they are a Docker schema 1 manifest with JWS `signatures`, of the payload
/// that these protect (their `formatLength` and `formatTail`), as in containers/image's `manifest.Digest`.
/// A manifest is of that kind if it is a JSON object whose `schemaVersion` is 1, whose `signatures` are not null,
/// and whose `mediaType` is none of the modern ones. Whatever cannot be read as such is digested as it is.
///
/// The JWS signatures themselves are not verified. This is stricter than containers/image where that would accept a
/// digest that leaves a part of the manifest open: the payload must be the manifest without its `signatures`.
///
/// # Errors
/// [`ManifestError`] if the manifest is too large, or a signed Docker schema 1 manifest that is ambiguous or malformed.
pub fn manifest_digest(manifest: &[u8]) -> Result<Digest, ManifestError> {
    if manifest.len() > MANIFEST_SIZE_LIMIT {
        return Err(ManifestError::TooLarge {
            size: manifest.len(),
        });
    }
    // Go reads invalid UTF-8 in strings as U+FFFD, too.
    let text = String::from_utf8_lossy(manifest);
    let Some(signatures) = schema_1_signatures(&text)? else {
        return Ok(Digest::of(manifest));
    };
    let Cow::Borrowed(text) = text else {
        return Err(ManifestError::NotUtf8);
    };
    if nests_deeper_than(text, MANIFEST_NESTING_LIMIT) {
        return Err(ManifestError::TooDeep);
    }
    Ok(Digest::of(&jws::payload(text, signatures)?))
}

/// The members of a JSON object in their order, duplicates included; keys are not necessarily UTF-8, because lone
/// surrogates get through.
pub(super) struct Members<'a>(pub(super) Vec<(Vec<u8>, &'a RawValue)>);

/// One member looked up by name the way Go matches struct fields.
pub(super) enum Member<'a> {
    /// There is none.
    Missing,
    /// There is exactly one, and it is spelled as expected.
    Exact(&'a RawValue),
    /// There are several, or one in another letter case.
    Ambiguous,
}

impl<'a> Members<'a> {
    /// Reads a JSON object; `None` if the text is anything else.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// All values whose names Go would take for this one.
    fn named(&self, name: &str) -> impl Iterator<Item = (bool, &'a RawValue)> {
        self.0
            .iter()
            .filter(move |(key, _)| folds_to(key, name))
            .map(move |(key, value)| (key.as_slice() == name.as_bytes(), *value))
    }

    /// The only value of this name.
    pub(super) fn member(&self, name: &str) -> Member<'a> {
        let mut values = self.named(name);
        match (values.next(), values.next()) {
            (None, _) => Member::Missing,
            (Some((true, value)), None) => Member::Exact(value),
            _ => Member::Ambiguous,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Bytes(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// A JSON string, lone surrogates tolerated.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                self.visit_bytes(text.as_bytes())
            }
        }

        deserializer.deserialize_bytes(BytesVisitor)
    }
}

/// The `signatures` value, if the text is a Docker schema 1 manifest that has one.
fn schema_1_signatures(text: &str) -> Result<Option<&RawValue>, ManifestError> {
    let Some(members) = Members::read(text) else {
        return Ok(None);
    };
    // The only spelling of the integer 1 that Go decodes into an int.
    let may_be_schema_1 = members
        .named("schemaVersion")
        .any(|(_, value)| value.get() == "1");
    let may_be_signed = members
        .named("signatures")
        .any(|(_, value)| value.get() != "null");
    if !may_be_schema_1 || !may_be_signed {
        return Ok(None);
    }
    match members.member("mediaType") {
        Member::Missing => {}
        Member::Ambiguous => {
            return Err(ManifestError::Ambiguous {
                member: "mediaType",
            });
        }
        Member::Exact(value) if value.get() == "null" => {}
        Member::Exact(value) => match serde_json::from_str::<Bytes>(value.get()) {
            Ok(Bytes(media_type)) if !MODERN_MEDIA_TYPES.contains(&media_type.as_slice()) => {}
            // A modern manifest, or one that Go does not recognize because the type is not a string.
            _ => return Ok(None),
        },
    }
    if !matches!(members.member("schemaVersion"), Member::Exact(_)) {
        return Err(ManifestError::Ambiguous {
            member: "schemaVersion",
        });
    }
    match members.member("signatures") {
        Member::Exact(value) => Ok(Some(value)),
        Member::Missing | Member::Ambiguous => Err(ManifestError::Ambiguous {
            member: "signatures",
        }),
    }
}

/// Whether valid JSON nests arrays and objects deeper than so many levels.
fn nests_deeper_than(text: &str, limit: usize) -> bool {
    let mut depth: usize = 0;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth = depth.saturating_add(1);
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => {
                            bytes.next();
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
