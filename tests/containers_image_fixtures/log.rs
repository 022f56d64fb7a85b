//! Changes to what a log says of a signature, and a log of the test's own that signs them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

/// The beginning of every public key on P-256 in DER, in base64.
const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";

/// What is done to the annotation of the log.
#[derive(Clone)]
pub enum LogChange {
    /// The annotation is this text.
    Text(&'static str),
    /// A member of the annotation, which nobody signs.
    Annotation(Edit),
    /// A member of the entry, which the log signs.
    Entry(Edit, By),
    /// A member of the entry's body.
    Body(Edit, By),
    /// The entry is this text, which the test's log signs.
    EntryText(&'static str),
    /// The entry has a member twice, and the test's log signs it so.
    Twice(&'static str),
}

/// By whom an entry is signed after it was changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By the log that has signed what was there before: the signature does not fit any more.
    Before,
    /// By the test's own log, which does.
    Test,
}

/// A change of JSON.
#[derive(Clone)]
pub enum Edit {
    Nothing,
    /// The member of this object is gone; it has to be there.
    Delete(&'static str, &'static str),
    /// The member of this object has this value.
    Set(&'static str, &'static str, Value),
    /// The octets in base64 at this place are there twice.
    Doubled(&'static str, &'static str),
    /// The octets in base64 at this place are another key.
    OtherKey(&'static str, &'static str),
    /// The hash at this place is one by SHA-512.
    Sha512(&'static str),
}

/// The secret of the test's log, which everybody knows.
fn secret() -> Result<SigningKey, Failed> {
    Ok(SigningKey::from_slice(&[7; 32])?)
}

/// The key of the test's log, as policies want it.
pub fn key() -> Result<String, Failed> {
    let point = secret()?.verifying_key().to_encoded_point(false);
    let mut der = STANDARD.decode(P256)?;
    der.extend(point.as_bytes().iter().skip(1));
    let base64 = STANDARD.encode(der);
    Ok(format!(
        "-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n"
    ))
}

impl LogChange {
    /// The annotation after the change; `payload` is what the signature is over.
    pub fn make(&self, annotation: &str, payload: &[u8]) -> Result<String, Failed> {
        let mut set: Value = serde_json::from_str(annotation)?;
        let by = match self {
            Self::Annotation(edit) => {
                edit.make(&mut set, payload)?;
                By::Before
            }
            Self::Entry(edit, by) => {
                edit.make(entry(&mut set)?, payload)?;
                *by
            }
            Self::Body(edit, by) => {
                let member = entry(&mut set)?.get_mut("body").ok_or("no body")?;
                let body = STANDARD.decode(member.as_str().ok_or("no text")?)?;
                let mut body: Value = serde_json::from_slice(&body)?;
                edit.make(&mut body, payload)?;
                *member = STANDARD.encode(body.to_string()).into();
                *by
            }
            Self::Text(text) => return Ok((*text).to_owned()),
            Self::EntryText(text) => return annotation_of(text),
            Self::Twice(name) => {
                let entry = entry(&mut set)?;
                let value = entry.get(name).ok_or("no member")?;
                let text = entry.to_string();
                let rest = text.strip_prefix('{').ok_or("no object")?;
                return annotation_of(&format!("{{\"{name}\":{value},{rest}"));
            }
        };
        match by {
            By::Before => Ok(set.to_string()),
            // Members are written in the order of their names and without spaces, which is the canonical form of these.
            By::Test => annotation_of(&entry(&mut set)?.to_string()),
        }
    }
}

/// The member of an annotation that the log signs.
fn entry(set: &mut Value) -> Result<&mut Value, Failed> {
    Ok(set.get_mut("Payload").ok_or("no entry")?)
}

/// An annotation with this entry, signed by the test's log.
fn annotation_of(entry: &str) -> Result<String, Failed> {
    let signature: Signature = secret()?.sign(entry.as_bytes());
    let signature = STANDARD.encode(signature.to_der().as_bytes());
    Ok(format!(
        "{{\"SignedEntryTimestamp\":\"{signature}\",\"Payload\":{entry}}}"
    ))
}

impl Edit {
    fn make(&self, document: &mut Value, payload: &[u8]) -> Result<(), Failed> {
        match self {
            Self::Nothing => {}
            Self::Delete(object, name) => {
                let object = at(document, object)?.as_object_mut().ok_or("no object")?;
                object.remove(*name).ok_or("nothing to delete")?;
            }
            Self::Set(object, name, value) => {
                let object = at(document, object)?.as_object_mut().ok_or("no object")?;
                object.insert((*name).to_owned(), value.clone());
            }
            Self::Doubled(object, name) => {
                let value = at(document, object)?.get_mut(name).ok_or("no member")?;
                let octets = STANDARD.decode(value.as_str().ok_or("no text")?)?;
                *value = STANDARD.encode(octets.repeat(2)).into();
            }
            Self::OtherKey(object, name) => {
                let value = at(document, object)?.get_mut(name).ok_or("no member")?;
                *value = STANDARD.encode(key()?).into();
            }
            Self::Sha512(object) => {
                let digest = Sha512::digest(payload);
                let digest: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
                *at(document, object)? = json!({ "algorithm": "sha512", "value": digest });
            }
        }
        Ok(())
    }
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> Result<&'v mut Value, Failed> {
    Ok(document
        .pointer_mut(pointer)
        .ok_or_else(|| format!("nothing at {pointer}"))?)
}
