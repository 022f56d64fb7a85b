//! Manifests, and the descriptors in them (OCI image specification).

use std::collections::BTreeMap;

use super::error::RegistryError;
use crate::digest::{Digest, MAX_MANIFEST_SIZE};
use crate::json::{Document, Kind, LocatedJsonError, Object, Value};

/// What a manifest says of something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Descriptor {
    pub(super) digest: Digest,
    /// In bytes.
    pub(super) size: u64,
    pub(super) media_type: String,
    /// What kind of artifact a manifest is of.
    pub(super) artifact_type: Option<String>,
    pub(super) annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Reads a descriptor, the `number`th of its manifest, of at most so many bytes.
    pub(super) fn read(number: usize, value: Value<'_>, max: u64) -> Result<Self, RegistryError> {
        let members = value.object()?;
        let missing = |member| RegistryError::Missing {
            member,
            descriptor: Some(number),
        };
        let media_type = text(&members, "mediaType")?.ok_or(missing("mediaType"))?;
        let digest = text(&members, "digest")?.ok_or(missing("digest"))?;
        let digest = Digest::parse(&digest).map_err(|reason| RegistryError::Digest {
            descriptor: number,
            reason,
        })?;
        let size = members.find("size").ok_or(missing("size"))?.integer()?;
        let size =
            u64::try_from(size)
                .ok()
                .filter(|size| *size <= max)
                .ok_or(RegistryError::Size {
                    descriptor: number,
                    found: size,
                    max,
                })?;
        let mut annotations = BTreeMap::new();
        if let Some(found) = unless_null(&members, "annotations") {
            for member in found.object()?.members() {
                let value = member.value.string()?.into_owned();
                annotations.insert(member.name.clone().into_owned(), value);
            }
        }
        Ok(Self {
            digest,
            size,
            media_type,
            artifact_type: text(&members, "artifactType")?,
            annotations,
        })
    }

    /// That these bytes are what it describes.
    ///
    /// # Errors
    ///
    /// [`RegistryError::Payload`] if not.
    pub(super) fn check(&self, bytes: &[u8]) -> Result<(), RegistryError> {
        let has_size = u64::try_from(bytes.len()).is_ok_and(|size| size == self.size);
        if has_size && Digest::by(self.digest.algorithm(), bytes) == self.digest {
            Ok(())
        } else {
            Err(RegistryError::Payload {
                expected: self.digest.clone(),
                size: bytes.len(),
            })
        }
    }
}

/// Reads a manifest of this media type, which the OCI image specification lets it leave out, byte for byte as served.
///
/// # Errors
///
/// [`RegistryError`] for what is too large or no JSON.
pub(super) fn parse<'a>(manifest: &'a [u8]) -> Result<Document<'a>, RegistryError> {
    if manifest.len() > MAX_MANIFEST_SIZE {
        return Err(RegistryError::TooLarge {
            size: manifest.len(),
        });
    }
    Ok(Document::parse(manifest)?)
}

/// The members of a manifest of this media type, which it need not state.
///
/// # Errors
///
/// [`RegistryError`] for another one.
pub(super) fn members<'doc>(
    document: &'doc Document<'_>,
    expected: &'static str,
) -> Result<Object<'doc>, RegistryError> {
    let root = document.root().object()?;
    let media_type = text(&root, "mediaType")?;
    match media_type.filter(|found| found != expected) {
        None => Ok(root),
        Some(found) => Err(RegistryError::MediaType { expected, found }),
    }
}

/// The elements of an array that has to be there, each with its number.
pub(super) fn elements<'doc>(
    members: &Object<'doc>,
    name: &'static str,
) -> Result<impl Iterator<Item = (usize, Value<'doc>)>, RegistryError> {
    let value = members.find(name).ok_or(RegistryError::Missing {
        member: name,
        descriptor: None,
    })?;
    Ok((1_usize..).zip(value.array()?))
}

/// The text of a member, unless it is null or not there.
pub(super) fn text(object: &Object<'_>, name: &str) -> Result<Option<String>, LocatedJsonError> {
    let value = unless_null(object, name).map(Value::string).transpose()?;
    Ok(value.map(|text| text.into_owned()))
}

/// A member, unless it is null or not there.
pub(super) fn unless_null<'doc>(object: &Object<'doc>, name: &str) -> Option<Value<'doc>> {
    object.find(name).filter(|value| value.kind() != Kind::Null)
}
