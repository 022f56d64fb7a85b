//! The digests that a manifest names, and what they are of.

use super::kind::DigestCause;
use crate::digest::Digest;
use crate::json::{Document, Kind, Value};

/// A list has so many instances at most that anybody looks at: more are not searched.
const MAX_INSTANCES: usize = 4096;

/// The digests that a manifest names, as they are written there, each with what it would mean if that one were signed.
pub(super) fn of_manifest(manifest: &[u8]) -> Vec<(String, DigestCause)> {
    let Ok(document) = Document::parse(manifest) else {
        return Vec::new();
    };
    let root = document.root();
    let mut named: Vec<(String, DigestCause)> = instances(root)
        .into_iter()
        .map(|(digest, platform)| (digest, DigestCause::InstanceOfThisList { platform }))
        .collect();
    let config = member(root, "config").and_then(|config| text(config, "digest"));
    named.extend(config.map(|digest| (digest, DigestCause::ImageIdSigned)));
    let of_layers = |name, digest| {
        let layers = member(root, name).and_then(|layers| layers.array().ok());
        let layers = (1_usize..).zip(layers.unwrap_or_default());
        layers
            .filter_map(|(layer, value)| {
                Some((text(value, digest)?, DigestCause::LayerSigned { layer }))
            })
            .take(MAX_INSTANCES)
            .collect::<Vec<_>>()
    };
    named.extend(of_layers("layers", "digest"));
    // Docker schema 1.
    named.extend(of_layers("fsLayers", "blobSum"));
    let subject = member(root, "subject").and_then(|subject| text(subject, "digest"));
    named.extend(subject.map(|digest| (digest, DigestCause::SubjectSigned)));
    named
}

/// The other instances of the list that names the one with this digest.
pub(super) fn of_list(list: &[u8], came: &Digest) -> Vec<(String, DigestCause)> {
    let Ok(document) = Document::parse(list) else {
        return Vec::new();
    };
    let instances = instances(document.root());
    let came = came.to_string();
    let Some((_, came_platform)) = instances.iter().find(|(digest, _)| *digest == came) else {
        return Vec::new();
    };
    instances
        .iter()
        .filter(|(digest, _)| *digest != came)
        .map(|(digest, wanted)| {
            let cause = DigestCause::OtherInstance {
                wanted: wanted.clone(),
                came: came_platform.clone(),
            };
            (digest.clone(), cause)
        })
        .collect()
}

/// The digests and platforms of a list's instances.
fn instances(list: Value<'_>) -> Vec<(String, Option<String>)> {
    let manifests = member(list, "manifests").and_then(|manifests| manifests.array().ok());
    manifests
        .unwrap_or_default()
        .into_iter()
        .take(MAX_INSTANCES)
        .filter_map(|instance| Some((text(instance, "digest")?, platform(instance))))
        .collect()
}

/// The platform of an instance as people write it, `linux/arm/v7`; nothing if it is no plain text.
fn platform(instance: Value<'_>) -> Option<String> {
    let platform = member(instance, "platform")?;
    let part = |name| {
        text(platform, name).filter(|part| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            (1..=32).contains(&part.len()) && part.bytes().all(is_plain)
        })
    };
    let parts = [
        Some(part("os")?),
        Some(part("architecture")?),
        part("variant"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(parts.join("/"))
}

/// The last member of this name, as most readers take it.
fn member<'doc>(value: Value<'doc>, name: &str) -> Option<Value<'doc>> {
    let members = value.members_with_duplicates().ok()?;
    let found = members.iter().rev().find(|member| member.name == name)?;
    (found.value.kind() != Kind::Null).then_some(found.value)
}

fn text(value: Value<'_>, name: &str) -> Option<String> {
    Some(member(value, name)?.string().ok()?.into_owned())
}
