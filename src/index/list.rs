//! What containers/image reads as a list, and no more than it must be for that.

use std::collections::BTreeMap;

use thiserror::Error;

use super::Platform;
use crate::digest::Digest;
use crate::json::go::folds_to;
use crate::json::{Document, Kind, LocatedJsonError, Object, Value};
use crate::text::quote::Quoted;

/// The media type of Docker's format.
pub(super) const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// The media type of OCI's format.
pub(super) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) const LIST_MEDIA_TYPES: [&str; 2] = [DOCKER_LIST, OCI_INDEX];

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
    /// Empty if none is written.
    pub(super) media_type: String,
    pub(super) schema_version: Option<String>,
    pub(super) entries: Vec<Entry>,
}

/// An instance as a list names it. What is not written is empty.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// As written: one that cannot be computed makes its own instance useless, but not the others.
    pub(super) untrusted_digest: String,
    pub(super) media_type: String,
    pub(super) size: Option<i64>,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: BTreeMap<String, String>,
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
        Self::read(&Document::parse(untrusted_list)?)
    }

    /// The same for a text that is JSON.
    pub(super) fn read(document: &Document<'_>) -> Result<Self, ListError> {
        let root = document.root();
        Shape::Object(&LIST).check(root)?;
        let members = root.object()?;
        let present = |name| present(&members, name);
        if let Some(member) = OTHER_FORMATS
            .into_iter()
            .find(|name| present(name).is_some())
        {
            return Err(ListError::OtherFormat { member });
        }
        let entries: Vec<Entry> = present("manifests")
            .map_or_else(|| Ok(Vec::new()), Value::array)?
            .into_iter()
            .map(Entry::read)
            .collect::<Result<_, _>>()?;
        let media_type = present("mediaType")
            .map(Value::string)
            .transpose()?
            .unwrap_or_default();
        if IMAGE_MEDIA_TYPES.contains(&media_type.as_ref()) {
            return Err(ListError::Image {
                media_type: media_type.into_owned(),
            });
        }
        let schema_version = present("schemaVersion").map(Value::number).transpose()?;
        let is_version_2 = schema_version == Some("2");
        if LIST_MEDIA_TYPES.contains(&media_type.as_ref()) || (is_version_2 && !entries.is_empty())
        {
            Ok(Self {
                media_type: media_type.into_owned(),
                schema_version: schema_version.map(str::to_owned),
                entries,
            })
        } else {
            Err(ListError::NoList)
        }
    }

    /// Whether the list names this instance.
    pub(crate) fn names(&self, instance: &Digest) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| *instance == *entry.untrusted_digest)
    }

    /// Whether the list says of this instance that it is a list itself.
    pub(crate) fn calls_a_list(&self, instance: &Digest) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| {
            *instance == *entry.untrusted_digest
                && LIST_MEDIA_TYPES.contains(&entry.media_type.as_str())
        })
    }

    /// The digests as written in the list.
    pub(crate) fn untrusted_digests(&self) -> Vec<String> {
        let entries = self.entries.iter();
        entries
            .map(|entry| entry.untrusted_digest.clone())
            .collect()
    }
}

impl Entry {
    /// Reads an instance, which has its shape. Null is one without members.
    fn read(value: Value<'_>) -> Result<Self, LocatedJsonError> {
        let Some(members) = object_unless_null(value)? else {
            return Ok(Self::default());
        };
        Ok(Self {
            untrusted_digest: text(&members, "digest")?,
            media_type: text(&members, "mediaType")?,
            size: match present(&members, "size") {
                Some(size) => size.number()?.parse().ok(),
                None => None,
            },
            platform: match present(&members, "platform") {
                Some(platform) => Some(platform_of(&platform.object()?)?),
                None => None,
            },
            annotations: match present(&members, "annotations") {
                Some(annotations) => texts_by_name(&annotations.object()?)?,
                None => BTreeMap::new(),
            },
        })
    }
}

fn platform_of(members: &Object<'_>) -> Result<Platform, LocatedJsonError> {
    let os_features = present(members, "os.features")
        .map_or_else(|| Ok(Vec::new()), Value::array)?
        .into_iter()
        .map(text_unless_null)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(
        Platform::new(text(members, "os")?, text(members, "architecture")?)
            .with_variant(text(members, "variant")?)
            .with_os_version(text(members, "os.version")?)
            .with_os_features(os_features),
    )
}

fn texts_by_name(members: &Object<'_>) -> Result<BTreeMap<String, String>, LocatedJsonError> {
    let members = members.members().iter();
    members
        .map(|member| {
            Ok((
                member.name.clone().into_owned(),
                text_unless_null(member.value)?,
            ))
        })
        .collect()
}

/// A member that is there and not null: Go takes null for a member that is not there.
fn present<'doc>(members: &Object<'doc>, name: &str) -> Option<Value<'doc>> {
    let value = members.find(name)?;
    (value.kind() != Kind::Null).then_some(value)
}

fn text(members: &Object<'_>, name: &str) -> Result<String, LocatedJsonError> {
    present(members, name).map_or_else(|| Ok(String::new()), text_unless_null)
}

fn text_unless_null(value: Value<'_>) -> Result<String, LocatedJsonError> {
    match value.kind() {
        Kind::Null => Ok(String::new()),
        _ => Ok(value.string()?.into_owned()),
    }
}

fn object_unless_null(value: Value<'_>) -> Result<Option<Object<'_>>, LocatedJsonError> {
    match value.kind() {
        Kind::Null => Ok(None),
        _ => value.object().map(Some),
    }
}

/// Whether a program may take a manifest for a list: by its media type, or because it has `manifests`, which
/// containers/image refuses in the manifest of an image.
pub(crate) fn may_be_list(untrusted_manifest: &[u8]) -> bool {
    Document::parse(untrusted_manifest).is_ok_and(|document| is_taken_for_list(&document))
}

/// The same for a text that is JSON.
pub(super) fn is_taken_for_list(document: &Document<'_>) -> bool {
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
