//! Sigstore bundles that refer to an image, as cosign 3 pushes them.

use super::descriptor::{Descriptor, elements, members, parse, text, unless_null};
use super::{OCI_MANIFEST, RegistryError};
use crate::digest::{Digest, MAX_MANIFEST_SIZE};
use crate::sigstore::attachment::Attachment;
use crate::sigstore::bundle_type::{IMAGE_SIGNATURE, MAX_BUNDLE_SIZE, is_bundle};

/// The media type of an index.
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The annotation by which cosign says what kind of statement a bundle holds.
const PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";

/// What older writers name in an index as the type of the artifact: the type of its configuration, or that of every image's.
const UNTOLD: [&str; 2] = [
    "application/vnd.oci.empty.v1+json",
    "application/vnd.oci.image.config.v1+json",
];

/// The manifests in an index of what refers to an image that are of bundles, or may be, because the index does not tell: these
/// have to be looked into. Other artifacts are left out.
///
/// # Errors
///
/// [`RegistryError`] for what is not an OCI index, byte for byte as served, of at most [`MAX_MANIFEST_SIZE`] bytes, or has a key
/// twice in an object.
pub fn bundle_manifests(index: &[u8]) -> Result<Vec<BundleManifest>, RegistryError> {
    let document = parse(index)?;
    let root = members(&document, OCI_INDEX)?;
    // Servers answer with `null` where a list is empty.
    if unless_null(&root, "manifests").is_none() && root.find("manifests").is_some() {
        return Ok(Vec::new());
    }
    let max = u64::try_from(MAX_MANIFEST_SIZE).unwrap_or(u64::MAX);
    let mut manifests = Vec::new();
    for (number, value) in elements(&root, "manifests")? {
        let members = value.object()?;
        let is_manifest = text(&members, "mediaType")?.as_deref() == Some(OCI_MANIFEST);
        let artifact_type = text(&members, "artifactType")?;
        let may_be_bundle = artifact_type.as_deref().is_none_or(|artifact_type| {
            is_bundle(artifact_type) || UNTOLD.contains(&artifact_type)
        });
        if is_manifest && may_be_bundle {
            manifests.push(BundleManifest(Descriptor::read(number, value, max)?));
        }
    }
    Ok(manifests)
}

/// A manifest that is of a bundle, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleManifest(Descriptor);

impl BundleManifest {
    /// Its digest, by which it is fetched.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    /// Its size in bytes, at most [`MAX_MANIFEST_SIZE`]: a bound for whoever fetches it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// Whether the index does not say that the bundle is something else than a signature, such as provenance. What it says is a
    /// help to fetch less: no policy takes anything else for a signature.
    #[must_use]
    pub fn may_be_signature(&self) -> bool {
        let stated = self.0.annotations.get(PREDICATE_TYPE);
        stated.is_none_or(|stated| stated == IMAGE_SIGNATURE)
    }
}

/// The bundle that a manifest holds: the descriptor of its one layer that is one, if and only if the manifest's `subject` is this
/// image. `None` for a manifest of something else, or about another image, or none at all.
///
/// # Errors
///
/// [`RegistryError`] for what is not the manifest of an OCI artifact, byte for byte as served, of at most [`MAX_MANIFEST_SIZE`]
/// bytes, or has a key twice in an object.
pub fn bundle_layer(manifest: &[u8], image: &Digest) -> Result<Option<BundleLayer>, RegistryError> {
    let document = parse(manifest)?;
    let root = members(&document, OCI_MANIFEST)?;
    let subject = match unless_null(&root, "subject") {
        Some(subject) => text(&subject.object()?, "digest")?,
        None => None,
    };
    if subject.as_deref() != Some(image.as_str()) {
        return Ok(None);
    }
    let max = u64::try_from(MAX_BUNDLE_SIZE).unwrap_or(u64::MAX);
    let mut bundles = Vec::new();
    for (number, value) in elements(&root, "layers")? {
        let media_type = text(&value.object()?, "mediaType")?;
        if media_type.as_deref().is_some_and(is_bundle) {
            bundles.push(Descriptor::read(number, value, max)?);
        }
    }
    // Which of several would be meant, nobody knows.
    let only = <[Descriptor; 1]>::try_from(bundles).ok();
    Ok(only.map(|[bundle]| BundleLayer(bundle)))
}

/// A bundle as a registry has it: its descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleLayer(Descriptor);

impl BundleLayer {
    /// The digest of the bundle, by which it is fetched.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    /// The size of the bundle in bytes, at most [`MAX_BUNDLE_SIZE`]: a bound for whoever fetches it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The media type, which has the bundle's version.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The bundle as image stores can keep it, such as in a `dir:` folder. containers/image passes over it there.
    ///
    /// # Errors
    ///
    /// [`RegistryError::Payload`] if these are not the octets that the manifest names.
    pub fn into_stored(self, bundle: Vec<u8>) -> Result<Vec<u8>, RegistryError> {
        self.0.check(&bundle)?;
        let attachment = Attachment {
            mime_type: self.0.media_type,
            payload: bundle,
            annotations: Default::default(),
        };
        Ok(attachment.to_blob())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

    fn descriptor(media_type: &str, bytes: &[u8], more: &str) -> String {
        let (digest, size) = (Digest::of(bytes), bytes.len());
        format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}{more}}}"#)
    }

    fn index(manifests: &str) -> String {
        format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":{manifests}}}"#)
    }

    fn artifact(subject: &str, layers: &str) -> String {
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","artifactType":"{BUNDLE}","subject":{subject},"layers":{layers}}}"#
        )
    }

    #[test]
    fn an_index_names_bundles_and_what_may_be_some() {
        let of = |more: &str| descriptor(OCI_MANIFEST, b"{}", more);
        for (manifest, is_taken, may_be_signature) in [
            (of(&format!(r#","artifactType":"{BUNDLE}""#)), true, true),
            (
                of(r#","artifactType":"application/vnd.dev.sigstore.bundle+json;version=0.2""#),
                true,
                true,
            ),
            (of(""), true, true),
            (of(r#","artifactType":null"#), true, true),
            (
                of(r#","artifactType":"application/vnd.oci.empty.v1+json""#),
                true,
                true,
            ),
            (
                of(r#","artifactType":"application/vnd.oci.image.config.v1+json""#),
                true,
                true,
            ),
            (
                of(r#","artifactType":"application/vnd.cncf.notary.signature""#),
                false,
                false,
            ),
            (of(r#","artifactType":"""#), false, false),
            (
                of(
                    r#","annotations":{"dev.sigstore.bundle.predicateType":"https://sigstore.dev/cosign/sign/v1"}"#,
                ),
                true,
                true,
            ),
            (
                of(
                    r#","annotations":{"dev.sigstore.bundle.predicateType":"https://slsa.dev/provenance/v1"}"#,
                ),
                true,
                false,
            ),
            (descriptor(OCI_INDEX, b"{}", ""), false, false),
            ("{}".to_owned(), false, false),
        ] {
            let found = bundle_manifests(index(&format!("[{manifest}]")).as_bytes()).unwrap();
            assert_eq!(!found.is_empty(), is_taken, "{manifest}");
            for found in found {
                assert_eq!(found.may_be_signature(), may_be_signature, "{manifest}");
                assert_eq!((found.digest(), found.size()), (&Digest::of(b"{}"), 2));
            }
        }
        for empty in [index("[]"), index("null")] {
            assert!(bundle_manifests(empty.as_bytes()).unwrap().is_empty());
        }
    }

    #[test]
    fn a_bundle_is_taken_for_its_subject_alone() {
        let image = Digest::of(b"image");
        let subject = descriptor(OCI_MANIFEST, b"image", "");
        let other = descriptor(OCI_MANIFEST, b"other", "");
        let bundle = descriptor(BUNDLE, b"bundle", "");
        let layer = |manifest: &str| bundle_layer(manifest.as_bytes(), &image).unwrap();
        let found = layer(&artifact(&subject, &format!("[{bundle}]"))).unwrap();
        assert_eq!((found.size(), found.media_type()), (6, BUNDLE));
        assert_eq!(*found.digest(), Digest::of(b"bundle"));
        for fetched in [&b"bundle "[..], b"bundlE", b""] {
            let stored = found.clone().into_stored(fetched.to_vec());
            assert!(matches!(stored, Err(RegistryError::Payload { .. })));
        }
        let stored = found.into_stored(b"bundle".to_vec()).unwrap();
        let json = stored.strip_prefix(b"\0sigstore-json\n").unwrap();
        let attachment = Attachment::parse(json).unwrap();
        assert_eq!(
            (&*attachment.mime_type, &*attachment.payload),
            (BUNDLE, &b"bundle"[..])
        );
        assert!(attachment.annotations.is_empty());
        // With other layers beside it.
        let picture = descriptor("image/png", b"picture", "");
        assert!(layer(&artifact(&subject, &format!("[{picture},{bundle}]"))).is_some());
        for none in [
            artifact(&other, &format!("[{bundle}]")),
            artifact("null", &format!("[{bundle}]")),
            artifact("{}", &format!("[{bundle}]")),
            artifact(
                &format!(r#"{{"digest":"{}"}}"#, image.hex()),
                &format!("[{bundle}]"),
            ),
            artifact(&subject, "[]"),
            artifact(&subject, &format!("[{picture}]")),
            artifact(&subject, &format!("[{bundle},{bundle}]")),
            format!(r#"{{"layers":[{bundle}]}}"#),
        ] {
            assert_eq!(layer(&none), None, "{none}");
        }
    }

    #[test]
    fn anything_else_is_an_error_that_says_what() {
        let manifest = descriptor(OCI_MANIFEST, b"", "");
        for (bad, words) in [
            (String::new(), "not readable"),
            ("{}".to_owned(), "no `manifests`"),
            (index("{}"), "an array"),
            (index("[5]"), "an object"),
            (artifact("null", "[]"), "media type"),
            (
                index(&format!(r#"[{{"mediaType":"{OCI_MANIFEST}"}}]"#)),
                "no `digest` in descriptor 1",
            ),
            (
                index(&format!("[{}]", manifest.replace("sha256:", "sha255:"))),
                "descriptor 1",
            ),
            (
                index(&format!("[{}]", manifest.replace(":0", ":4194305"))),
                "4194305 bytes",
            ),
            (index(r#"[],"manifests":[]"#), "manifests"),
        ] {
            let error = bundle_manifests(bad.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(words), "{bad}: {error}");
        }
        let image = Digest::of(b"");
        let large = descriptor(BUNDLE, b"", "").replace(":0", ":4194305");
        for (bad, words) in [
            (String::new(), "not readable"),
            (index("[]"), "media type"),
            (artifact("5", "[]"), "an object"),
            (artifact(&manifest, "{}"), "an array"),
            (artifact(&manifest, &format!("[{large}]")), "4194305 bytes"),
        ] {
            let error = bundle_layer(bad.as_bytes(), &image)
                .unwrap_err()
                .to_string();
            assert!(error.contains(words), "{bad}: {error}");
        }
        let large = vec![b' '; MAX_MANIFEST_SIZE + 1];
        assert!(matches!(
            bundle_manifests(&large),
            Err(RegistryError::TooLarge { .. })
        ));
    }
}
