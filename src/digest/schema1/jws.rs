//! The payload that the JWS signatures of a Docker schema 1 manifest protect.

use serde_json::Value;
use serde_json::value::RawValue;

use super::jwk::is_public_key;
use crate::digest::error::{JwsError, ManifestError};
use crate::json::go::base64_url;
use crate::json::members::{Member, Members};

/// What one signature protects: the first `length` bytes of the manifest, and then the tail.
#[derive(PartialEq)]
struct Format {
    length: usize,
    tail: Vec<u8>,
}

/// The payload of a signed Docker schema 1 manifest.
///
/// `signatures` must be the value of the only top-level member `signatures` of `manifest`. Follows libtrust's
/// `ParsePrettySignature`, and in addition requires that the payload is the manifest without that member: libtrust and
/// containers/image look no further than `formatLength`, so that anyone could keep the signed payload, digest and all,
/// in `formatTail`, and put another manifest before it.
pub(in crate::digest) fn payload(
    manifest: &str,
    signatures: &RawValue,
) -> Result<Vec<u8>, ManifestError> {
    // What serde_json refuses beyond the grammar, Go may decode differently: numbers out of range, lone surrogates.
    let Ok(Value::Array(_)) = serde_json::from_str(signatures.get()) else {
        return Err(ManifestError::SignaturesNotAnArray);
    };
    let blocks: Vec<&RawValue> =
        serde_json::from_str(signatures.get()).map_err(|_| ManifestError::SignaturesNotAnArray)?;
    let mut agreed: Option<Format> = None;
    for (number, block) in (1..).zip(blocks) {
        let format = format(block.get(), manifest.len())
            .map_err(|problem| ManifestError::Signature { number, problem })?;
        match &agreed {
            None => agreed = Some(format),
            Some(first) if *first == format => {}
            Some(_) => return Err(ManifestError::Conflict { number }),
        }
    }
    let Format { length, tail } = agreed.ok_or(ManifestError::NoSignatures)?;
    let (Some(head), Some(rest)) = (manifest.get(..length), manifest.get(length..)) else {
        return Err(ManifestError::NotCovered);
    };
    if !is_signatures_and_end(rest, signatures.get()) || !is_end(&tail) {
        return Err(ManifestError::NotCovered);
    }
    let mut payload = head.as_bytes().to_vec();
    payload.extend_from_slice(&tail);
    Ok(payload)
}

/// Reads one signature.
fn format(block: &str, size: usize) -> Result<Format, JwsError> {
    let block = Members::read(block).ok_or(JwsError::NotAnObject)?;
    check_header(required(&block, "header", "header", "an object")?)?;
    if let Some(signature) = optional(&block, "signature", "signature")? {
        string(signature, "signature")?;
    }
    let protected = string(
        required(&block, "protected", "protected", "a string")?,
        "protected",
    )?;
    let protected = base64_url(&protected).ok_or(JwsError::Base64 {
        member: "protected",
    })?;
    let not_json = JwsError::Member {
        member: "protected",
        expected: "a JSON object",
    };
    let protected = std::str::from_utf8(&protected).map_err(|_| not_json.clone())?;
    if serde_json::from_str::<Value>(protected).is_err() {
        return Err(not_json);
    }
    let protected = Members::read(protected).ok_or(not_json)?;
    let length = required(
        &protected,
        "formatLength",
        "protected.formatLength",
        "an integer",
    )?;
    let length: u64 = length.get().parse().map_err(|_| JwsError::Member {
        member: "protected.formatLength",
        expected: "a non-negative integer",
    })?;
    let tail = required(&protected, "formatTail", "protected.formatTail", "a string")?;
    let tail = base64_url(&string(tail, "protected.formatTail")?).ok_or(JwsError::Base64 {
        member: "protected.formatTail",
    })?;
    match usize::try_from(length) {
        Ok(length) if length <= size => Ok(Format { length, tail }),
        _ => Err(JwsError::TooLong { length, size }),
    }
}

/// Checks the unprotected header: one that libtrust cannot read makes the manifest unreadable.
fn check_header(header: &RawValue) -> Result<(), JwsError> {
    let header = Members::read(header.get()).ok_or(JwsError::Member {
        member: "header",
        expected: "an object",
    })?;
    if let Some(algorithm) = optional(&header, "alg", "header.alg")? {
        string(algorithm, "header.alg")?;
    }
    if let Some(chain) = optional(&header, "x5c", "header.x5c")? {
        serde_json::from_str::<Vec<Option<String>>>(chain.get()).map_err(|_| JwsError::Member {
            member: "header.x5c",
            expected: "an array of strings",
        })?;
    }
    match header.member("jwk") {
        Member::Missing => Ok(()),
        Member::Ambiguous => Err(JwsError::Ambiguous {
            member: "header.jwk",
        }),
        Member::Exact(key) => {
            let key: Value = serde_json::from_str(key.get()).map_err(|_| JwsError::Key)?;
            if is_public_key(&key) {
                Ok(())
            } else {
                Err(JwsError::Key)
            }
        }
    }
}

fn required<'a>(
    members: &Members<'a>,
    name: &str,
    member: &'static str,
    expected: &'static str,
) -> Result<&'a RawValue, JwsError> {
    match members.member(name) {
        Member::Exact(value) => Ok(value),
        Member::Missing => Err(JwsError::Member { member, expected }),
        Member::Ambiguous => Err(JwsError::Ambiguous { member }),
    }
}

/// A member that may be missing or null.
fn optional<'a>(
    members: &Members<'a>,
    name: &str,
    member: &'static str,
) -> Result<Option<&'a RawValue>, JwsError> {
    match members.member(name) {
        Member::Exact(value) => Ok(Some(value).filter(|value| value.get() != "null")),
        Member::Missing => Ok(None),
        Member::Ambiguous => Err(JwsError::Ambiguous { member }),
    }
}

fn string(value: &RawValue, member: &'static str) -> Result<String, JwsError> {
    serde_json::from_str(value.get()).map_err(|_| JwsError::Member {
        member,
        expected: "a string",
    })
}

/// Whether a text is `,"signatures":`, the value and `}`, with white space between.
fn is_signatures_and_end(text: &str, signatures: &str) -> bool {
    [",", "\"signatures\"", ":", signatures]
        .iter()
        .try_fold(text, |rest, token| skip_space(rest).strip_prefix(token))
        .is_some_and(|rest| is_end(rest.as_bytes()))
}

/// Whether these bytes are `}` with white space around.
fn is_end(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| skip_space(text).strip_prefix('}'))
        .is_some_and(|rest| skip_space(rest).is_empty())
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}
