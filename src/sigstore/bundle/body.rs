//! What a log has recorded, of the kinds that entries in bundles are: whose key or certificate made which signature over what.
//!
//! Anybody can have an entry made: nothing in it is to be relied on before it is compared.

use super::{Content, Entry};
use crate::digest::{Algorithm, Digest};
use crate::json::go::decode_base64;
use crate::json::{Document, LocatedJsonError, Value};
use crate::sigstore::pem;
use crate::sigstore::refusal::SigstoreRefusal;
use crate::text::quote::Quoted;

/// The hash functions that entries name.
const HASHES: [(&str, Algorithm); 3] = [
    ("sha256", Algorithm::Sha256),
    ("sha384", Algorithm::Sha384),
    ("sha512", Algorithm::Sha512),
];

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    signature: Vec<u8>,
    /// The key or the certificate: the data of its block of PEM.
    key: Vec<u8>,
    algorithm: Algorithm,
    /// The digest of the payload or the artifact, as it is written.
    digest: String,
}

/// Why a body is none, as a part of a sentence about the entry.
#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("its body is not UTF-8")]
    NotUtf8,
    #[error("its body is malformed: {0}")]
    Json(#[from] LocatedJsonError),
    #[error("its body has no `{0}`")]
    Missing(&'static str),
    #[error("its body is malformed: `{0}` is not base64")]
    Base64(&'static str),
    #[error("its body has {0} signatures, and should have one")]
    Signatures(usize),
    #[error("its body is malformed: the key is not one block of PEM with nothing behind it")]
    Pem,
    #[error("its body is another one's: it is {} {}", Quoted(.kind), Quoted(.version))]
    OtherKind { kind: String, version: String },
    #[error(transparent)]
    Refused(SigstoreRefusal),
}

impl Body {
    /// Reads what a log has recorded of a signature of this content.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::LogEntryUnsupported`] for another kind, version or hash function than those of Rekor v1 for such a
    /// content, and [`SigstoreRefusal::LogEntryMalformed`] for what is no record of the kind that the entry says it is.
    pub(super) fn read(entry: &Entry, content: &Content) -> Result<Self, SigstoreRefusal> {
        Self::parse(entry, content).map_err(|error| match error {
            BodyError::Refused(refusal) => refusal,
            error => SigstoreRefusal::malformed(error),
        })
    }

    fn parse(entry: &Entry, content: &Content) -> Result<Self, BodyError> {
        let read: fn(Value<'_>) -> Result<Self, BodyError> =
            match (&*entry.kind, &*entry.version, content) {
                ("hashedrekord", "0.0.1", Content::Message { .. }) => hashedrekord,
                ("dsse", "0.0.1", Content::Envelope(_)) => dsse,
                ("intoto", "0.0.2", Content::Envelope(_)) => intoto,
                _ => return Err(unsupported(entry.title())),
            };
        if std::str::from_utf8(&entry.body).is_err() {
            return Err(BodyError::NotUtf8);
        }
        let document = Document::parse(&entry.body)?;
        let root = document.root();
        let (kind, version) = (text(root, "kind")?, text(root, "apiVersion")?);
        if kind != entry.kind || version != entry.version {
            return Err(BodyError::OtherKind { kind, version });
        }
        read(member(root, "spec")?)
    }

    /// The octets that the log has recorded as the signer's key or certificate: the data of a block of PEM, in DER.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// That the log has recorded this signature over what has this digest.
    ///
    /// # Errors
    ///
    /// [`SigstoreRefusal::LogEntryMismatch`] if not.
    pub(super) fn check(&self, signature: &[u8], payload: &[u8]) -> Result<(), SigstoreRefusal> {
        if self.signature != signature {
            return Err(SigstoreRefusal::other_signature());
        }
        let actual = Digest::by(self.algorithm, payload);
        if self.digest == actual.hex() {
            Ok(())
        } else {
            Err(SigstoreRefusal::other_payload(&self.digest, actual.hex()))
        }
    }
}

impl Entry {
    /// Its kind and version, as it states them.
    pub(super) fn title(&self) -> String {
        format!("{} {}", Quoted(&self.kind), Quoted(&self.version))
    }
}

/// A signature over an artifact.
fn hashedrekord(spec: Value<'_>) -> Result<Body, BodyError> {
    let signature = member(spec, "signature")?;
    let key = member(signature, "publicKey")?;
    let (algorithm, digest) = hash(member(member(spec, "data")?, "hash")?)?;
    Ok(Body {
        signature: octets(signature, "content")?,
        key: pem_of(&octets(key, "content")?)?,
        algorithm,
        digest,
    })
}

/// An envelope.
fn dsse(spec: Value<'_>) -> Result<Body, BodyError> {
    let signature = single(member(spec, "signatures")?)?;
    let (algorithm, digest) = sha256(member(spec, "payloadHash")?)?;
    Ok(Body {
        signature: octets(signature, "signature")?,
        key: pem_of(&octets(signature, "verifier")?)?,
        algorithm,
        digest,
    })
}

/// An envelope, as it was recorded before there was the kind above. The signature is in base64 twice.
fn intoto(spec: Value<'_>) -> Result<Body, BodyError> {
    let content = member(spec, "content")?;
    let signature = single(member(member(content, "envelope")?, "signatures")?)?;
    let inner = octets(signature, "sig")?;
    let inner = std::str::from_utf8(&inner).map_err(|_| BodyError::Base64("sig"))?;
    let (algorithm, digest) = sha256(member(content, "payloadHash")?)?;
    Ok(Body {
        signature: decode_base64(inner).map_err(|_| BodyError::Base64("sig"))?,
        key: pem_of(&octets(signature, "publicKey")?)?,
        algorithm,
        digest,
    })
}

fn unsupported(what: String) -> BodyError {
    BodyError::Refused(SigstoreRefusal::LogEntryUnsupported { what })
}

/// The algorithm and the digits of a digest.
fn hash(value: Value<'_>) -> Result<(Algorithm, String), BodyError> {
    let name = text(value, "algorithm")?;
    let known = HASHES.iter().find(|(known, _)| *known == name);
    let (_, algorithm) =
        known.ok_or_else(|| unsupported(format!("over a hash by {}", Quoted(&name))))?;
    Ok((*algorithm, text(value, "value")?))
}

/// The same of an envelope's payload, which is always by SHA-256.
fn sha256(value: Value<'_>) -> Result<(Algorithm, String), BodyError> {
    match hash(value)? {
        hash @ (Algorithm::Sha256, _) => Ok(hash),
        (other, _) => Err(unsupported(format!("over a hash by `{}`", other.name()))),
    }
}

fn pem_of(text: &[u8]) -> Result<Vec<u8>, BodyError> {
    let block = pem::last_block(text).ok_or(BodyError::Pem)?;
    Ok(block.contents)
}

fn single(value: Value<'_>) -> Result<Value<'_>, BodyError> {
    match value.array()?.as_slice() {
        [one] => Ok(*one),
        several => Err(BodyError::Signatures(several.len())),
    }
}

/// The value of a member of an object none of whose members occurs twice.
fn member<'doc>(value: Value<'doc>, name: &'static str) -> Result<Value<'doc>, BodyError> {
    value.object()?.find(name).ok_or(BodyError::Missing(name))
}

fn text(value: Value<'_>, name: &'static str) -> Result<String, BodyError> {
    Ok(member(value, name)?.string()?.into_owned())
}

fn octets(value: Value<'_>, name: &'static str) -> Result<Vec<u8>, BodyError> {
    decode_base64(&text(value, name)?).map_err(|_| BodyError::Base64(name))
}
