//! What registries hold of the signatures that cosign makes, without a network: from bytes to bytes.
//!
//! cosign 1 and 2, podman and skopeo push the signatures of an image into its own repository, under a tag that is made of
//! the image's digest. What is there is an OCI manifest with a layer for each signature (cosign,
//! `specs/SIGNATURE_SPEC.md`). The caller makes the requests; what they bring is read here:
//!
//! 1. fetch the manifest under [`signature_tag`]: if it is not there (404), the image has no signatures of this kind;
//! 2. [`signature_layers`] of it;
//! 3. fetch the blob of each layer by its digest, no more octets of it than its size;
//! 4. [`SignatureLayer::into_stored`] makes of both a signature for
//!    [`Image::with_signature`](crate::Image::with_signature).
//!
//! containers/image does the same where `use-sigstore-attachments` is set (containers-registries.d(5)). Nothing of it is verified
//! by being read: that is for the policy.
//!
//! ```
//! use containers_sigpolicy::sigstore::registry;
//! use containers_sigpolicy::{Digest, Image, ImageName};
//!
//! # fn fetch(what: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
//! #     Ok(if what.starts_with("sha256-") {
//! #         br#"{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [
//! #             {"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "size": 2,
//! #              "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
//! #              "annotations": {"dev.cosignproject.cosign/signature": "MEUC"}}]}"#.to_vec()
//! #     } else {
//! #         b"{}".to_vec()
//! #     })
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let manifest = br#"{"schemaVersion": 2}"#.as_slice();
//! let mut image = Image::new(ImageName::parse("docker://registry.example/app:1")?, manifest);
//! let signatures = fetch(&registry::signature_tag(&Digest::of(manifest)))?;
//! for layer in registry::signature_layers(&signatures)? {
//!     let payload = fetch(layer.digest().as_str())?;
//!     image = image.with_signature(layer.into_stored(payload)?);
//! }
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;

use super::attachment::Attachment;
use crate::digest::{Digest, DigestError, MAX_MANIFEST_SIZE};
use crate::json::{Document, JsonError, Kind, LocatedJsonError, Object, Position, Value};
use crate::text::quote::Quoted;

/// The media type of the manifests that are read here.
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The largest payload in bytes: that of containers/image (`iolimits.MaxSignatureBodySize`).
pub const MAX_PAYLOAD_SIZE: u64 = 4 * 1024 * 1024;

/// The tag of an image's signatures in its own repository: `sha256-` and the hexadecimal digest of its manifest, then `.sig`.
///
/// Of a multi-architecture image, the list and each instance have tags of their own.
#[must_use]
pub fn signature_tag(image: &Digest) -> String {
    format!("{}.sig", image.as_str().replacen(':', "-", 1))
}

/// The signatures that the manifest under a [`signature_tag`] names, in its order. What else is kept there, such as attestations, is
/// among them: policies pass over it by its media type.
///
/// # Errors
///
/// [`RegistryError`] for what is not the manifest of an OCI image, byte for byte as served, of at most [`MAX_MANIFEST_SIZE`]
/// bytes. It is stricter than containers/image in that no key may occur twice in an object.
pub fn signature_layers(manifest: &[u8]) -> Result<Vec<SignatureLayer>, RegistryError> {
    if manifest.len() > MAX_MANIFEST_SIZE {
        return Err(RegistryError::TooLarge {
            size: manifest.len(),
        });
    }
    let document = Document::parse(manifest)?;
    let root = document.root().object()?;
    let media_type = text(&root, "mediaType")?;
    // The OCI image specification lets it be left out.
    if media_type.as_deref().is_some_and(|found| found != OCI_MANIFEST) {
        return Err(RegistryError::MediaType {
            found: media_type.unwrap_or_default(),
        });
    }
    let layers = root.find("layers").ok_or(RegistryError::Missing {
        member: "layers",
        layer: None,
    })?;
    (1_usize..)
        .zip(layers.array()?)
        .map(|(number, layer)| SignatureLayer::read(number, layer))
        .collect()
}

/// One signature as a registry has it: the descriptor of its payload (OCI image specification, "Descriptors").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLayer {
    digest: Digest,
    size: u64,
    media_type: String,
    annotations: BTreeMap<String, String>,
}

impl SignatureLayer {
    fn read(number: usize, layer: Value<'_>) -> Result<Self, RegistryError> {
        let members = layer.object()?;
        let missing = |member| RegistryError::Missing {
            member,
            layer: Some(number),
        };
        let media_type = text(&members, "mediaType")?.ok_or(missing("mediaType"))?;
        let digest = text(&members, "digest")?.ok_or(missing("digest"))?;
        let digest = Digest::parse(&digest).map_err(|reason| RegistryError::Digest {
            layer: number,
            reason,
        })?;
        let size = members.find("size").ok_or(missing("size"))?.integer()?;
        let size = u64::try_from(size)
            .ok()
            .filter(|size| *size <= MAX_PAYLOAD_SIZE)
            .ok_or(RegistryError::Size {
                layer: number,
                found: size,
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
            annotations,
        })
    }

    /// The digest of the payload, by which it is fetched.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The size of the payload in bytes, at most [`MAX_PAYLOAD_SIZE`]: a bound for whoever fetches it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the payload is. Policies look at `application/vnd.dev.cosign.simplesigning.v1+json` alone.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The annotations by their names: the signature itself, what a log has signed, certificates.
    #[must_use]
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.annotations
    }

    /// The signature as image stores keep it, such as in a `dir:` folder.
    ///
    /// # Errors
    ///
    /// [`RegistryError::Payload`] if these are not the octets that the manifest names.
    pub fn into_stored(self, payload: Vec<u8>) -> Result<Vec<u8>, RegistryError> {
        let has_size = u64::try_from(payload.len()).is_ok_and(|size| size == self.size);
        if !has_size || Digest::by(self.digest.algorithm(), &payload) != self.digest {
            return Err(RegistryError::Payload {
                expected: self.digest,
                size: payload.len(),
            });
        }
        let attachment = Attachment {
            mime_type: self.media_type,
            payload,
            annotations: self.annotations,
        };
        Ok(attachment.to_blob())
    }
}

/// Why what a registry served holds no signatures of an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The manifest is larger than [`MAX_MANIFEST_SIZE`].
    #[error("the manifest of the signatures has {size} bytes, but at most {MAX_MANIFEST_SIZE} are read")]
    #[non_exhaustive]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The manifest is not JSON, or a member has the wrong type or occurs twice.
    #[error(
        "the manifest of the signatures is not readable: line {}, column {}: {}{problem}",
        .position.line, .position.column, before_problem(.path)
    )]
    #[non_exhaustive]
    Json {
        /// Where it is.
        position: Position,
        /// The JSON path to it, such as `layers[0].size`; empty where the text is not JSON.
        path: String,
        /// What it is.
        problem: JsonError,
    },
    /// The manifest is of another kind.
    #[error("the manifest of the signatures has the media type {}, and not `{OCI_MANIFEST}`", Quoted(.found))]
    #[non_exhaustive]
    MediaType {
        /// Its media type.
        found: String,
    },
    /// A member that has to be there is not.
    #[error("the manifest of the signatures has no `{member}`{}", of_layer(*.layer))]
    #[non_exhaustive]
    Missing {
        /// The member.
        member: &'static str,
        /// In which layer, from 1; none if it is one of the manifest itself.
        layer: Option<usize>,
    },
    /// The digest of a layer is none, or of an unknown algorithm.
    #[error("the digest of layer {layer} of the signatures' manifest: {reason}")]
    #[non_exhaustive]
    Digest {
        /// Which layer, from 1.
        layer: usize,
        /// What is wrong.
        reason: DigestError,
    },
    /// The size of a layer is negative, or above [`MAX_PAYLOAD_SIZE`].
    #[error(
        "layer {layer} of the signatures' manifest says it has {found} bytes; a payload has at most {MAX_PAYLOAD_SIZE}"
    )]
    #[non_exhaustive]
    Size {
        /// Which layer, from 1.
        layer: usize,
        /// What it says.
        found: i64,
    },
    /// The payload is not the one that the manifest names.
    #[error("these {size} bytes are not the payload {expected}: fetch it again")]
    #[non_exhaustive]
    Payload {
        /// The digest that the manifest names.
        expected: Digest,
        /// How many bytes there are.
        size: usize,
    },
}

fn of_layer(layer: Option<usize>) -> String {
    layer
        .map(|number| format!(" in layer {number}"))
        .unwrap_or_default()
}

fn before_problem(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

impl From<LocatedJsonError> for RegistryError {
    fn from(error: LocatedJsonError) -> Self {
        Self::Json {
            position: error.position,
            path: error.path,
            problem: error.problem,
        }
    }
}

/// The text of a member, unless it is null or not there.
fn text(object: &Object<'_>, name: &str) -> Result<Option<String>, LocatedJsonError> {
    let value = unless_null(object, name).map(Value::string).transpose()?;
    Ok(value.map(|text| text.into_owned()))
}

fn unless_null<'doc>(object: &Object<'doc>, name: &str) -> Option<Value<'doc>> {
    object.find(name).filter(|value| value.kind() != Kind::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(layers: &str) -> String {
        format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","layers":{layers}}}"#)
    }

    fn layer(payload: &[u8], size: &str, more: &str) -> String {
        let digest = Digest::of(payload);
        format!(r#"[{{"mediaType":"a/b","digest":"{digest}","size":{size}{more}}}]"#)
    }

    fn read(manifest: &str) -> Result<Vec<SignatureLayer>, RegistryError> {
        signature_layers(manifest.as_bytes())
    }

    #[test]
    fn the_tag_is_made_of_the_digest() {
        let digest = Digest::of(b"{}");
        assert_eq!(
            signature_tag(&digest),
            "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.sig"
        );
    }

    #[test]
    fn a_layer_and_its_payload_make_a_stored_signature() {
        let more = r#","annotations":{"a":"b","c":"d"}"#;
        let layers = read(&manifest(&layer(b"pay", "3", more))).unwrap();
        let [layer] = layers.as_slice() else {
            panic!("{layers:?}");
        };
        assert_eq!((layer.size(), layer.media_type()), (3, "a/b"));
        assert_eq!(layer.annotations().get("c").map(String::as_str), Some("d"));
        let stored = layer.clone().into_stored(b"pay".to_vec()).unwrap();
        let json = stored.strip_prefix(b"\0sigstore-json\n").unwrap();
        let attachment = Attachment::parse(json).unwrap();
        assert_eq!((&*attachment.mime_type, &*attachment.payload), ("a/b", &b"pay"[..]));
        assert_eq!(attachment.annotations, *layer.annotations());
        for other in [&b"pat"[..], b"", b"payl"] {
            let error = layer.clone().into_stored(other.to_vec()).unwrap_err();
            assert!(matches!(error, RegistryError::Payload { .. }), "{error}");
        }
    }

    #[test]
    fn the_size_counts_beside_the_digest() {
        let layers = read(&manifest(&layer(b"pay", "4", ""))).unwrap();
        let stored = layers[0].clone().into_stored(b"pay".to_vec());
        assert!(matches!(stored, Err(RegistryError::Payload { .. })));
    }

    #[test]
    fn what_may_be_missing_may_be_null() {
        for good in [
            manifest("[]"),
            r#"{"layers":[]}"#.to_owned(),
            r#"{"mediaType":null,"layers":[]}"#.to_owned(),
        ] {
            assert_eq!(read(&good), Ok(Vec::new()), "{good}");
        }
        let layers = read(&manifest(&layer(b"", "0", r#","annotations":null"#))).unwrap();
        assert!(layers[0].annotations().is_empty());
        assert!(read(&manifest(&layer(b"", "4194304", ""))).is_ok());
    }

    #[test]
    fn anything_else_is_an_error_that_says_what() {
        let docker = r#"{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","layers":[]}"#;
        for (bad, words) in [
            ("".to_owned(), "not readable"),
            ("[]".to_owned(), "an object"),
            (docker.to_owned(), "media type"),
            ("{}".to_owned(), "no `layers`"),
            (r#"{"layers":[],"layers":[]}"#.to_owned(), "layers"),
            (manifest("{}"), "an array"),
            (manifest("[5]"), "an object"),
            (manifest("[{}]"), "no `mediaType` in layer 1"),
            (manifest(r#"[{"mediaType":"a"}]"#), "no `digest` in layer 1"),
            (manifest(r#"[{"mediaType":"a","digest":"x"}]"#), "digest of layer 1"),
            (manifest(&layer(b"", "0", r#","size":0"#)), "size"),
            (manifest(&layer(b"", "null", "")), "a number"),
            (manifest(&layer(b"", "-1", "")), "-1 bytes"),
            (manifest(&layer(b"", "4194305", "")), "4194305 bytes"),
            (manifest(&layer(b"", "0", r#","annotations":{"a":1}"#)), "a string"),
            (manifest(&layer(b"", "0", r#","annotations":{"a":"1","a":"2"}"#)), "`a`"),
        ] {
            let error = read(&bad).unwrap_err().to_string();
            assert!(error.contains(words), "{bad}: {error}");
        }
        let large = vec![b' '; MAX_MANIFEST_SIZE + 1];
        assert!(matches!(signature_layers(&large), Err(RegistryError::TooLarge { .. })));
    }
}
