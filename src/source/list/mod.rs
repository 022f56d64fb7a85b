//! Lists of the instances of a multi-architecture image: Docker manifest lists and OCI image indexes.

use thiserror::Error;

use crate::digest::{Digest, DigestError};
use crate::json::go::folds_to;
use crate::json::{Document, Kind, LocatedJsonError, Value};
use crate::text::quote::Quoted;

/// The media types of the two formats.
const LIST_MEDIA_TYPES: [&str; 2] = [
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
];

/// Media types that, written in a manifest, make it that of one image: Docker schema 2 and OCI.
const IMAGE_MEDIA_TYPES: [&str; 2] = [
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
];

/// Members that make a manifest one of another format. containers/image refuses a list that has one, and not null
/// (`ValidateUnambiguousManifestFormat`).
const OTHER_FORMATS: [&str; 4] = ["config", "fsLayers", "history", "layers"];

/// A list, as containers/image reads it.
#[derive(Debug)]
pub(crate) struct ManifestList {
    /// As written: one that cannot be computed makes its own instance useless, but not the others.
    untrusted_digests: Vec<String>,
}

/// Why a manifest is not a list.
#[derive(Debug, Error)]
pub(crate) enum ListError {
    /// It is not JSON, or a member has the wrong type or occurs twice.
    #[error(transparent)]
    Json(#[from] LocatedJsonError),
    /// A member occurs in several spellings, of which Go takes the last, or in an unusual one.
    #[error(
        "it has the member `{member}` in another letter case, so that programs may read it differently"
    )]
    Ambiguous { member: &'static str },
    /// It has members of another format.
    #[error("the member `{member}` belongs to another kind of manifest")]
    OtherFormat { member: &'static str },
    /// Its media type is that of an image.
    #[error("it is the manifest of one image: its media type is {}", Quoted(.media_type))]
    Image { media_type: String },
    /// Nothing says that it is a list.
    #[error(
        "it has neither the media type of a list, nor the schema version 2 and instances in `manifests`"
    )]
    NoList,
}

impl ManifestList {
    /// Reads a list. It is one if its `mediaType` is that of a Docker manifest list or OCI image index; or if it is
    /// none of those that containers/image knows, the `schemaVersion` is 2, and `manifests` is not empty
    /// (`GuessMIMEType`).
    ///
    /// Every member that containers/image decodes must have its type, and may be null; others are skipped. It is
    /// stricter in that no key may occur twice in an object, and that the known ones must be in their letter case.
    ///
    /// # Errors
    ///
    /// [`ListError`] for anything else.
    pub(crate) fn parse(untrusted_list: &[u8]) -> Result<Self, ListError> {
        let document = Document::parse(untrusted_list)?;
        let root = document.root();
        Shape::Object(&LIST).check(root)?;
        let members = root.object()?;
        let present = |name| {
            members
                .find(name)
                .filter(|value| value.kind() != Kind::Null)
        };
        if let Some(member) = OTHER_FORMATS
            .into_iter()
            .find(|name| present(name).is_some())
        {
            return Err(ListError::OtherFormat { member });
        }
        let mut untrusted_digests = Vec::new();
        for instance in present("manifests").map_or_else(|| Ok(Vec::new()), Value::array)? {
            // `null` is an instance without members.
            let digest = match instance.kind() {
                Kind::Null => None,
                _ => instance.object()?.find("digest"),
            };
            untrusted_digests.push(match digest {
                Some(digest) if digest.kind() != Kind::Null => digest.string()?.into_owned(),
                _ => String::new(),
            });
        }
        let media_type = present("mediaType")
            .map(Value::string)
            .transpose()?
            .unwrap_or_default();
        if IMAGE_MEDIA_TYPES.contains(&media_type.as_ref()) {
            return Err(ListError::Image {
                media_type: media_type.into_owned(),
            });
        }
        let is_version_2 = present("schemaVersion")
            .map(Value::number)
            .transpose()?
            .is_some_and(|version| version == "2");
        if LIST_MEDIA_TYPES.contains(&media_type.as_ref())
            || (is_version_2 && !untrusted_digests.is_empty())
        {
            Ok(Self { untrusted_digests })
        } else {
            Err(ListError::NoList)
        }
    }

    /// Whether the list names this instance.
    pub(crate) fn names(&self, instance: &Digest) -> bool {
        let instance = instance.to_string();
        self.untrusted_digests.contains(&instance)
    }

    /// The digests as written in the list.
    pub(crate) fn untrusted_digests(&self) -> &[String] {
        &self.untrusted_digests
    }

    /// The digests of all instances.
    ///
    /// # Errors
    ///
    /// [`DigestError`] if one of them is not a digest that this crate knows.
    pub(crate) fn instances(&self) -> Result<Vec<Digest>, DigestError> {
        self.untrusted_digests
            .iter()
            .map(|digest| digest.parse())
            .collect()
    }
}

/// Whether a program may take a manifest for a list: by its media type, or because it has `manifests`, which
/// containers/image refuses in the manifest of an image.
pub(crate) fn may_be_list(untrusted_manifest: &[u8]) -> bool {
    let Ok(document) = Document::parse(untrusted_manifest) else {
        return false;
    };
    let Ok(members) = document.root().members_with_duplicates() else {
        return false;
    };
    members.iter().any(|member| {
        let is = |name| folds_to(member.name.as_bytes(), name);
        let is_list_type = || {
            let text = member.value.string();
            text.is_ok_and(|text| LIST_MEDIA_TYPES.contains(&text.as_ref()))
        };
        (is("manifests") && member.value.kind() != Kind::Null)
            || (is("mediaType") && is_list_type())
    })
}

/// What a value must be, if it is there and not null: what Go's `encoding/json` decodes into the type of a field.
enum Shape {
    Anything,
    Text,
    /// An `int` or `int64`: without fraction and exponent.
    Integer,
    Texts,
    TextByName,
    Object(&'static [(&'static str, Shape)]),
    Objects(&'static [(&'static str, Shape)]),
}

/// `Index` of the OCI image specification, which has all the members of Docker's list, and the members that no list may
/// have.
const LIST: [(&str, Shape); 10] = [
    ("schemaVersion", Shape::Integer),
    ("mediaType", Shape::Text),
    ("artifactType", Shape::Text),
    ("manifests", Shape::Objects(&DESCRIPTOR)),
    ("subject", Shape::Object(&DESCRIPTOR)),
    ("annotations", Shape::TextByName),
    ("config", Shape::Anything),
    ("fsLayers", Shape::Anything),
    ("history", Shape::Anything),
    ("layers", Shape::Anything),
];

/// `Descriptor` of the OCI image specification. `data` is base64 text, which is not looked into.
const DESCRIPTOR: [(&str, Shape); 8] = [
    ("mediaType", Shape::Text),
    ("digest", Shape::Text),
    ("size", Shape::Integer),
    ("urls", Shape::Texts),
    ("annotations", Shape::TextByName),
    ("data", Shape::Text),
    ("platform", Shape::Object(&PLATFORM)),
    ("artifactType", Shape::Text),
];

/// `Platform` of the OCI image specification, with the `features` of Docker's.
const PLATFORM: [(&str, Shape); 6] = [
    ("architecture", Shape::Text),
    ("os", Shape::Text),
    ("os.version", Shape::Text),
    ("os.features", Shape::Texts),
    ("variant", Shape::Text),
    ("features", Shape::Texts),
];

impl Shape {
    fn check(&self, value: Value<'_>) -> Result<(), ListError> {
        if value.kind() == Kind::Null && !matches!(self, Self::Anything) {
            return Ok(());
        }
        match self {
            Self::Anything => {}
            Self::Text => {
                value.string()?;
            }
            Self::Integer => {
                if value.number()?.parse::<i64>().is_err() {
                    return Err(value.wrong_type("a 64-bit integer").into());
                }
            }
            Self::Texts => {
                for element in value.array()? {
                    Self::Text.check(element)?;
                }
            }
            Self::TextByName => {
                for member in value.object()?.members() {
                    Self::Text.check(member.value)?;
                }
            }
            Self::Object(members) => check_members(value, members)?,
            Self::Objects(members) => {
                for element in value.array()? {
                    Self::Object(members).check(element)?;
                }
            }
        }
        Ok(())
    }
}

fn check_members(
    value: Value<'_>,
    known: &'static [(&'static str, Shape)],
) -> Result<(), ListError> {
    for member in value.object()?.members() {
        let meant = known
            .iter()
            .find(|(name, _)| folds_to(member.name.as_bytes(), name));
        match meant {
            Some((name, shape)) if member.name == *name => shape.check(member.value)?,
            Some((name, _)) => return Err(ListError::Ambiguous { member: name }),
            None => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
