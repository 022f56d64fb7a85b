//! What a Rekor log has recorded, of the kind `hashedrekord` 0.0.1: whose key made which signature over what.
//!
//! A log has signed it, but anybody can have an entry made, so that nothing in it is to be relied on before it is compared. It
//! is read as Go's decoder fills containers/image's structs (`signature/internal`): letter case of names does not count, other
//! members are skipped, of the outermost members the last counts, and `null` unsets. What is twice within `spec` is refused.

use super::pem;
use super::refusal::SigstoreRefusal;
use crate::json::go::{decode_base64, folds_to};
use crate::json::{Document, Kind, LocatedJsonError, Value};
use crate::text::quote::Quoted;

const KIND: &str = "hashedrekord";
const VERSION: &str = "0.0.1";
const HASH: &str = "sha256";

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// The signature.
    pub(super) signature: Vec<u8>,
    /// The key or the certificate: the data of its block of PEM.
    pub(super) key: Vec<u8>,
    /// The SHA-256 of what was signed, in lower-case hexadecimal digits, if it was one at all.
    pub(super) payload_sha256: String,
}

/// Why a body is none.
#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("its body is malformed: {0}")]
    Json(#[from] LocatedJsonError),
    #[error("its body has no `{0}`")]
    Missing(&'static str),
    #[error("its body is malformed: `{0}` is there twice")]
    Twice(&'static str),
    #[error("its body is malformed: `{name}` is not base64: {error}")]
    Base64 {
        name: &'static str,
        error: base64::DecodeError,
    },
    #[error("its body is malformed: the key is not one block of PEM with nothing behind it")]
    Pem,
    #[error("its body is malformed: the hash {} is not hexadecimal", Quoted(.0))]
    Hexadecimal(String),
    #[error(transparent)]
    Refused(SigstoreRefusal),
}

impl Body {
    /// Reads what a log has recorded.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::LogEntryUnsupported`] for another kind, version or hash function, and
    /// [`SigstoreRefusal::LogEntryMalformed`] for what is no record of that kind.
    pub(super) fn read(octets: &[u8]) -> Result<Self, SigstoreRefusal> {
        Self::parse(octets).map_err(|error| match error {
            BodyError::Refused(refusal) => refusal,
            error => SigstoreRefusal::malformed(error),
        })
    }

    fn parse(octets: &[u8]) -> Result<Self, BodyError> {
        let document = Document::parse(octets)?;
        let spec = spec(document.root())?;
        let [signature, data] = fields(spec, ["signature", "data"])?;
        let signature = signature.ok_or(BodyError::Missing("spec.signature"))?;
        let [content, key] = fields(signature, ["content", "publicKey"])?;
        let content = decoded(content, "spec.signature.content")?;
        let key = key.ok_or(BodyError::Missing("spec.signature.publicKey"))?;
        let [key] = fields(key, ["content"])?;
        let key = decoded(key, "spec.signature.publicKey.content")?;
        let data = data.ok_or(BodyError::Missing("spec.data"))?;
        let [hash] = fields(data, ["hash"])?;
        let hash = hash.ok_or(BodyError::Missing("spec.data.hash"))?;
        let [algorithm, value] = fields(hash, ["algorithm", "value"])?;
        let algorithm = algorithm
            .ok_or(BodyError::Missing("spec.data.hash.algorithm"))?
            .string()?;
        let value = value
            .ok_or(BodyError::Missing("spec.data.hash.value"))?
            .string()?;
        if algorithm != HASH {
            return Err(unsupported(format!(
                "over a hash by {}",
                Quoted(&algorithm)
            )));
        }
        let is_hexadecimal =
            value.len() % 2 == 0 && value.bytes().all(|octet| octet.is_ascii_hexdigit());
        if !is_hexadecimal {
            return Err(BodyError::Hexadecimal(value.into_owned()));
        }
        let key = pem::last_block(&key).ok_or(BodyError::Pem)?;
        Ok(Self {
            signature: content,
            key: key.contents,
            payload_sha256: value.to_ascii_lowercase(),
        })
    }
}

fn unsupported(what: String) -> BodyError {
    BodyError::Refused(SigstoreRefusal::LogEntryUnsupported { what })
}

/// The value of the last `spec`, if kind and version are those that are read here.
fn spec(root: Value<'_>) -> Result<Value<'_>, BodyError> {
    let (mut kind, mut version, mut spec) = (None, None, None);
    for (name, value) in members(root)? {
        let is = |field| folds_to(name.as_bytes(), field);
        let is_null = value.kind() == Kind::Null;
        if is("kind") {
            if !is_null {
                kind = Some(value.string()?);
            }
        } else if is("apiVersion") {
            version = optional_text(value)?;
        } else if is("spec") {
            spec = (!is_null).then_some(value);
        }
    }
    let kind = kind.ok_or(BodyError::Missing("kind"))?;
    if kind != KIND {
        let version = version.unwrap_or_default();
        let what = format!("{} {}", Quoted(&kind), Quoted(&version));
        return Err(unsupported(what));
    }
    match version.as_deref() {
        None => Err(BodyError::Missing("apiVersion")),
        Some(VERSION) => spec.ok_or(BodyError::Missing("spec")),
        Some(other) => Err(unsupported(format!("`{KIND}` {}", Quoted(other)))),
    }
}

/// The members of an object of `spec` by these names, whatever their letter case; `null` is as if it were not there. One that
/// is there twice can be read in two ways: releases of containers/image differ on which of them counts (5.34 takes the last
/// one of a name, then sorts names; 5.39 adds objects up), so that it counts for nothing.
fn fields<'doc, const N: usize>(
    object: Value<'doc>,
    names: [&'static str; N],
) -> Result<[Option<Value<'doc>>; N], BodyError> {
    let mut found = [None; N];
    for (name, value) in members(object)? {
        let fields = names.iter().zip(&mut found);
        for (field, slot) in fields.filter(|(field, _)| is(&name, field)) {
            if slot.replace(value).is_some() {
                return Err(BodyError::Twice(field));
            }
        }
    }
    Ok(found.map(|value| value.filter(|value| value.kind() != Kind::Null)))
}

fn is(name: &str, field: &str) -> bool {
    folds_to(name.as_bytes(), field)
}

fn members(object: Value<'_>) -> Result<Vec<(String, Value<'_>)>, BodyError> {
    let members = object.members_with_duplicates()?.into_iter();
    Ok(members
        .map(|member| (member.name.into_owned(), member.value))
        .collect())
}

fn optional_text(value: Value<'_>) -> Result<Option<String>, BodyError> {
    match value.kind() {
        Kind::Null => Ok(None),
        _ => Ok(Some(value.string()?.into_owned())),
    }
}

/// Octets that stand there in base64; none if they are missing.
fn decoded(value: Option<Value<'_>>, name: &'static str) -> Result<Vec<u8>, BodyError> {
    match value {
        None => Ok(Vec::new()),
        Some(value) => {
            decode_base64(&value.string()?).map_err(|error| BodyError::Base64 { name, error })
        }
    }
}
