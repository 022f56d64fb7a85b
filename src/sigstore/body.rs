//! What a Rekor log has recorded, of the kind `hashedrekord` 0.0.1: whose key made which signature over what.
//!
//! A log has signed it, but anybody can have an entry made, so that nothing in it is to be relied on before it is compared. It
//! is read as Go's decoder fills containers/image's structs (`signature/internal`): letter case of names does not count, other
//! members are skipped, the last text counts, objects that are given twice add up but for `spec`, of which the last counts, and
//! `null` unsets.

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
        let mut read = Spec::default();
        read.fill(spec)?;
        let signature = read.signature.ok_or(BodyError::Missing("spec.signature"))?;
        let key = signature
            .public_key
            .ok_or(BodyError::Missing("spec.signature.publicKey"))?;
        let data = read.data.ok_or(BodyError::Missing("spec.data"))?;
        let hash = data.hash.ok_or(BodyError::Missing("spec.data.hash"))?;
        let algorithm = hash
            .algorithm
            .ok_or(BodyError::Missing("spec.data.hash.algorithm"))?;
        let value = hash
            .value
            .ok_or(BodyError::Missing("spec.data.hash.value"))?;
        if algorithm != HASH {
            return Err(unsupported(format!(
                "over a hash by {}",
                Quoted(&algorithm)
            )));
        }
        let is_hexadecimal =
            value.len() % 2 == 0 && value.bytes().all(|octet| octet.is_ascii_hexdigit());
        if !is_hexadecimal {
            return Err(BodyError::Hexadecimal(value));
        }
        let key = pem::last_block(&key.content).ok_or(BodyError::Pem)?;
        Ok(Self {
            signature: signature.content,
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

/// A struct of Go's that can be given in parts.
trait Fields: Default {
    /// Takes a member whose name is of this field; others are skipped.
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError>;

    fn fill(&mut self, object: Value<'_>) -> Result<(), BodyError> {
        for (name, value) in members(object)? {
            self.take(&name, value)?;
        }
        Ok(())
    }
}

/// An object that is added to what was there, or `null`, which unsets that.
fn add<T: Fields>(field: &mut Option<T>, value: Value<'_>) -> Result<(), BodyError> {
    if value.kind() == Kind::Null {
        *field = None;
        return Ok(());
    }
    field.get_or_insert_default().fill(value)
}

#[derive(Default)]
struct Spec {
    data: Option<Data>,
    signature: Option<Signature>,
}

impl Fields for Spec {
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError> {
        match name {
            name if is(name, "data") => add(&mut self.data, value),
            name if is(name, "signature") => add(&mut self.signature, value),
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct Data {
    hash: Option<Hash>,
}

impl Fields for Data {
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError> {
        match name {
            name if is(name, "hash") => add(&mut self.hash, value),
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct Hash {
    algorithm: Option<String>,
    value: Option<String>,
}

impl Fields for Hash {
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError> {
        if is(name, "algorithm") {
            self.algorithm = optional_text(value)?;
        } else if is(name, "value") {
            self.value = optional_text(value)?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Signature {
    content: Vec<u8>,
    public_key: Option<RecordedKey>,
}

impl Fields for Signature {
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError> {
        match name {
            name if is(name, "content") => {
                self.content = octets(value, "spec.signature.content")?;
                Ok(())
            }
            name if is(name, "publicKey") => add(&mut self.public_key, value),
            _ => Ok(()),
        }
    }
}

#[derive(Default)]
struct RecordedKey {
    content: Vec<u8>,
}

impl Fields for RecordedKey {
    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), BodyError> {
        if is(name, "content") {
            self.content = octets(value, "spec.signature.publicKey.content")?;
        }
        Ok(())
    }
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

fn octets(value: Value<'_>, name: &'static str) -> Result<Vec<u8>, BodyError> {
    match optional_text(value)? {
        None => Ok(Vec::new()),
        Some(text) => decode_base64(&text).map_err(|error| BodyError::Base64 { name, error }),
    }
}
