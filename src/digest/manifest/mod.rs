//! The digest by which signatures name a manifest.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Digest;
use super::error::{MAX_MANIFEST_NESTING, MAX_MANIFEST_SIZE, ManifestError};
use super::schema1::jws;
use crate::json::members::{Bytes, Member, Members};

/// Media types that, written in a manifest, make it a modern one whatever else it contains: Docker schema 2 and list,
/// OCI manifest and index.
const MODERN_MEDIA_TYPES: [&[u8]; 4] = [
    b"application/vnd.docker.distribution.manifest.v2+json",
    b"application/vnd.docker.distribution.manifest.list.v2+json",
    b"application/vnd.oci.image.manifest.v1+json",
    b"application/vnd.oci.image.index.v1+json",
];

/// The digest of a manifest, as signatures and references name it.
///
/// It is the SHA-256 digest of the bytes; but if they are a Docker schema 1 manifest with JWS `signatures`, of the
/// payload that these protect (their `formatLength` and `formatTail`), as in containers/image's `manifest.Digest`. A
/// manifest is of that kind if it is a JSON object whose `schemaVersion` is 1, whose `signatures` are not null, and
/// whose `mediaType` is none of the modern ones. Whatever cannot be read as such is digested as it is.
///
/// The JWS signatures themselves are not verified. This is stricter than containers/image where that would accept a
/// digest that leaves a part of the manifest open: the payload must be the manifest without its `signatures`.
///
/// # Errors
///
/// [`ManifestError`] if the manifest is too large, or a signed Docker schema 1 manifest that is ambiguous or malformed.
pub fn manifest_digest(manifest: &[u8]) -> Result<Digest, ManifestError> {
    if manifest.len() > MAX_MANIFEST_SIZE {
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
    if nests_deeper_than(text, MAX_MANIFEST_NESTING) {
        return Err(ManifestError::TooDeep);
    }
    Ok(Digest::of(&jws::payload(text, signatures)?))
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

/// Whether valid JSON nests arrays and objects deeper than this many levels.
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
