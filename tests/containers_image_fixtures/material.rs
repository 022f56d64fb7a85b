//! What cases are made of: values in policies that are read from files, and signatures with changes.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::log::{self, LogChange};

/// What a stored signature for sigstore begins with, for containers/image.
const BEGIN: &[u8] = b"\0sigstore-json\n";

/// The type of signatures by cosign.
const COSIGN: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

pub const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
pub const SET: &str = "dev.sigstore.cosign/bundle";
pub const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
pub const CHAIN: &str = "dev.sigstore.cosign/chain";

/// Which signature an image has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// Those in its folder; the first, if it is changed.
    AsItIs,
    /// The one in this file.
    File(&'static str),
    /// One made of the files `rekor-sig`, `rekor-set`, `fulcio-cert`, `fulcio-chain` and `rekor-payload`.
    Loose,
    /// One that cannot be read.
    Unreadable,
}

/// What is done to a signature.
#[derive(Clone)]
pub enum Change {
    /// It gets no annotation at all.
    WithoutAnnotations,
    Without(&'static str),
    Annotation(&'static str, &'static str),
    /// The annotation is what is in the file.
    AnnotationFile(&'static str, &'static str),
    /// The annotation is that of the first signature of this folder.
    AnnotationOf(&'static str, &'static str),
    /// The annotation is there twice in a row.
    Doubled(&'static str),
    /// The annotation lacks its last character.
    Shortened(&'static str),
    /// The signature is these octets.
    Octets(&'static str),
    /// The payload is this text.
    Payload(&'static str),
    /// The log's entry.
    Log(LogChange),
}

/// A stored signature that can be changed.
pub struct Attachment(Value);

impl Signature {
    /// The first signature of an image in `image`.
    pub fn read(self, folder: &Path, image: &Path) -> Result<Attachment, Failed> {
        match self {
            Self::AsItIs => Attachment::read(&image.join("signature-1")),
            Self::File(path) => Attachment::read(&folder.join(path)),
            Self::Loose => {
                let text = |name: &str| {
                    Ok::<_, Failed>(String::from_utf8(read(
                        &folder.join("fixtures").join(name),
                    )?)?)
                };
                let payload = STANDARD.encode(text("rekor-payload")?);
                Ok(Attachment(json!({
                    "mimeType": COSIGN,
                    "payload": payload,
                    "annotations": {
                        SIGNATURE: text("rekor-sig")?,
                        SET: text("rekor-set")?,
                        CERTIFICATE: text("fulcio-cert")?,
                        CHAIN: text("fulcio-chain")?,
                    },
                })))
            }
            Self::Unreadable => Err("it cannot be read".into()),
        }
    }
}

impl Attachment {
    fn read(path: &Path) -> Result<Self, Failed> {
        let blob = read(path)?;
        let json = blob
            .strip_prefix(BEGIN)
            .ok_or("no signature for sigstore")?;
        Ok(Self(serde_json::from_slice(json)?))
    }

    /// As it is stored.
    pub fn blob(&self) -> Vec<u8> {
        [BEGIN, self.0.to_string().as_bytes()].concat()
    }

    /// What is signed.
    pub fn payload(&self) -> Result<Vec<u8>, Failed> {
        let payload = self.0.get("payload").and_then(Value::as_str);
        Ok(STANDARD.decode(payload.ok_or("no payload")?)?)
    }

    /// An annotation, which has to be there.
    pub fn annotation(&self, name: &str) -> Result<String, Failed> {
        let annotation = self.0.get("annotations").and_then(|all| all.get(name));
        let annotation = annotation.and_then(Value::as_str);
        Ok(annotation
            .ok_or_else(|| format!("no annotation {name}"))?
            .to_owned())
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), Failed> {
        let annotations = self.0.get_mut("annotations").and_then(Value::as_object_mut);
        let annotations = annotations.ok_or("no annotations")?;
        match value {
            Some(value) => annotations.insert(name.to_owned(), value.into()),
            None => Some(
                annotations
                    .remove(name)
                    .ok_or_else(|| format!("no annotation {name}"))?,
            ),
        };
        Ok(())
    }
}

impl Change {
    /// Changes a signature.
    pub fn make(&self, signature: &mut Attachment, folder: &Path) -> Result<(), Failed> {
        let (name, value) = match self {
            Self::WithoutAnnotations => {
                let annotations = signature.0.get_mut("annotations");
                *annotations.ok_or("no annotations")? = json!({});
                return Ok(());
            }
            Self::Without(name) => (*name, None),
            Self::Annotation(name, value) => (*name, Some((*value).to_owned())),
            Self::AnnotationFile(name, path) => {
                (*name, Some(String::from_utf8(read(&folder.join(path))?)?))
            }
            Self::AnnotationOf(name, image) => {
                let other = Attachment::read(&folder.join(image).join("signature-1"))?;
                (*name, Some(other.annotation(name)?))
            }
            Self::Doubled(name) => (*name, Some(signature.annotation(name)?.repeat(2))),
            Self::Shortened(name) => {
                let mut value = signature.annotation(name)?;
                value.pop();
                (*name, Some(value))
            }
            Self::Octets(octets) => (SIGNATURE, Some(STANDARD.encode(octets))),
            Self::Payload(text) => {
                let payload = signature.0.get_mut("payload").ok_or("no payload")?;
                *payload = STANDARD.encode(text).into();
                return Ok(());
            }
            Self::Log(change) => {
                let set = signature.annotation(SET)?;
                (SET, Some(change.make(&set, &signature.payload()?)?))
            }
        };
        signature.set(name, value)
    }
}

/// A requirement with what is read from files. Of a text, `@data:PATH` is the file's content in base64, `@text:TEXT` the text
/// itself, `@chain:FOLDER` the chain of certificates in the first signature of that folder, and `@log` the key of the log
/// that the test signs by.
pub fn filled(value: &Value, folder: &Path) -> Result<Value, Failed> {
    Ok(match value {
        Value::String(text) => {
            let octets = match text.split_once(':') {
                Some(("@data", path)) => read(&folder.join(path))?,
                Some(("@text", text)) => text.as_bytes().to_vec(),
                Some(("@chain", image)) => {
                    let signature = Attachment::read(&folder.join(image).join("signature-1"))?;
                    signature.annotation(CHAIN)?.into_bytes()
                }
                _ if text == "@log" => log::key()?.into_bytes(),
                _ => return Ok(value.clone()),
            };
            STANDARD.encode(octets).into()
        }
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| filled(element, folder));
            Value::Array(elements.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, member)| Ok::<_, Failed>((name.clone(), filled(member, folder)?)));
            Value::Object(members.collect::<Result<_, _>>()?)
        }
        _ => value.clone(),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failed> {
    Ok(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)
}
