//! An image whose bytes the program already has.

use std::borrow::Cow;

use crate::digest::Digest;
use crate::image::ImageName;
use crate::sigstore::attachment::Attachment;
use crate::sigstore::stored_bundle;
use crate::source::{Source, SourceError};

/// An image in memory: its name, its manifest, and the signatures found for it, borrowed or owned.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use containers_sigpolicy::{Image, ImageName};
///
/// let manifest = br#"{"schemaVersion": 2}"#;
/// let signature = b"as stored".to_vec();
/// let image = Image::new(ImageName::parse("docker://registry.example/app:1")?, manifest.as_slice())
///     .with_signature(signature);
/// # let _ = image;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Image<'a> {
    name: ImageName,
    instance: Option<(Digest, Cow<'a, [u8]>)>,
    manifest: Manifest<'a>,
    signatures: Vec<Cow<'a, [u8]>>,
}

/// What is known of a manifest.
#[derive(Clone, Debug)]
enum Manifest<'a> {
    Bytes(Cow<'a, [u8]>),
    Digest(Digest),
}

impl<'a> Image<'a> {
    /// An image without signatures. `manifest` is the manifest's bytes exactly as served.
    pub fn new(name: ImageName, manifest: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::with_manifest(name, Manifest::Bytes(manifest.into()))
    }

    /// An image without signatures of which only the digest of the manifest is known, by SHA-256: one that the program has
    /// compared, or lets somebody compare, with what will run, as containerd does with what it hands to a verifier. With
    /// the bytes themselves, use [`Image::new`]: then a refusal can say more, and nothing has to be believed.
    ///
    /// Where the digest is that of an instance, [`with_instance`](Self::with_instance) needs the list's bytes all the same.
    /// Where it is that of a list, the signatures must be the list's.
    #[must_use]
    pub fn from_digest(name: ImageName, digest: Digest) -> Self {
        Self::with_manifest(name, Manifest::Digest(digest))
    }

    fn with_manifest(name: ImageName, manifest: Manifest<'a>) -> Self {
        Self {
            name,
            instance: None,
            manifest,
            signatures: Vec::new(),
        }
    }

    /// Adds a signature as it was stored.
    #[must_use]
    pub fn with_signature(mut self, signature: impl Into<Cow<'a, [u8]>>) -> Self {
        self.signatures.push(signature.into());
        self
    }

    /// Adds a signature of sigstore as a registry has it: a layer of the image with the tag `sha256-….sig`, with its media
    /// type, its bytes, which are the payload, and its annotations. Whether the bytes have the digest that the manifest of that
    /// image names need not be looked at: what counts is what is signed.
    ///
    /// It is the same as [`with_signature`](Self::with_signature) with the blob that containers/image would store.
    #[must_use]
    pub fn with_attachment<N: Into<String>, V: Into<String>>(
        self,
        media_type: impl Into<String>,
        payload: impl Into<Vec<u8>>,
        annotations: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let annotations = annotations.into_iter();
        let attachment = Attachment {
            mime_type: media_type.into(),
            payload: payload.into(),
            annotations: annotations
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        };
        self.with_signature(attachment.to_blob())
    }

    /// Adds a sigstore bundle, as cosign 3 stores signatures: its bytes, exactly as served. Which bundles count is for
    /// [`VerifierBuilder::sigstore_bundles`](crate::VerifierBuilder::sigstore_bundles).
    ///
    /// It is the same as [`with_signature`](Self::with_signature) with a [`stored_bundle`](crate::sigstore::stored_bundle).
    #[must_use]
    pub fn with_bundle(self, bundle: impl Into<Vec<u8>>) -> Self {
        self.with_signature(stored_bundle(bundle))
    }

    /// Adds several signatures as they were stored.
    #[must_use]
    pub fn with_signatures<S: Into<Cow<'a, [u8]>>>(
        mut self,
        signatures: impl IntoIterator<Item = S>,
    ) -> Self {
        self.signatures
            .extend(signatures.into_iter().map(Into::into));
        self
    }

    /// Says that this is an instance of a multi-architecture image: the one that `list` names by this digest. Manifest
    /// and signatures are those of the instance, the name is that of the image as a whole, and `list` has the list's bytes
    /// exactly as served. All of that is checked when the image is verified.
    #[must_use]
    pub fn with_instance(mut self, digest: Digest, list: impl Into<Cow<'a, [u8]>>) -> Self {
        self.instance = Some((digest, list.into()));
        self
    }
}

impl Source for Image<'_> {
    fn name(&self) -> &ImageName {
        &self.name
    }

    fn instance(&self) -> Option<&Digest> {
        self.instance.as_ref().map(|(digest, _)| digest)
    }

    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError> {
        let list = self.instance.as_ref().map(|(_, list)| list);
        Ok(list.map(|list| Cow::Borrowed(list.as_ref())))
    }

    fn manifest_digest(&self) -> Option<&Digest> {
        match &self.manifest {
            Manifest::Bytes(_) => None,
            Manifest::Digest(digest) => Some(digest),
        }
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        match &self.manifest {
            Manifest::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Manifest::Digest(_) => Err(SourceError::DigestOnly),
        }
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        Ok(self
            .signatures
            .iter()
            .map(|signature| Cow::Borrowed(signature.as_ref()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Image;
    use crate::digest::Digest;
    use crate::image::ImageName;
    use crate::source::Source;

    #[test]
    fn an_image_gives_back_what_it_was_given() {
        let owned = vec![2];
        let image = Image::new(
            ImageName::parse("docker://app").unwrap(),
            b"manifest".as_slice(),
        )
        .with_signature(&[1u8] as &[u8])
        .with_signature(owned)
        .with_signatures([vec![3], vec![4]]);
        assert_eq!(image.name().as_str(), "docker://app");
        assert_eq!(&*image.manifest().unwrap(), b"manifest");
        assert_eq!(image.signatures().unwrap().concat(), [1, 2, 3, 4]);
        assert_eq!(image.instance(), None);
        assert!(image.list().unwrap().is_none());
        let digest = Digest::of(b"manifest");
        let image = image.with_instance(digest.clone(), b"list".as_slice());
        assert_eq!(image.instance(), Some(&digest));
        assert_eq!(image.list().unwrap().as_deref(), Some(&b"list"[..]));
        let image = image.with_attachment("text/x", b"signed".as_slice(), [("a", "b")]);
        assert_eq!(
            image.signatures().unwrap().last().unwrap().as_ref(),
            b"\0sigstore-json\n{\"annotations\":{\"a\":\"b\"},\"mimeType\":\"text/x\",\"payload\":\"c2lnbmVk\"}"
        );
        let bundle = "{\"mediaType\":\"application/vnd.dev.sigstore.bundle+json;version=0.1\"}";
        let with_bundle = image.clone().with_bundle(bundle);
        assert_eq!(
            with_bundle.signatures().unwrap().last().unwrap().as_ref(),
            b"\0sigstore-json\n{\"annotations\":{},\"mimeType\":\"application/vnd.dev.sigstore.bundle+json;version=0.1\",\"payload\":\"eyJtZWRpYVR5cGUiOiJhcHBsaWNhdGlvbi92bmQuZGV2LnNpZ3N0b3JlLmJ1bmRsZStqc29uO3ZlcnNpb249MC4xIn0=\"}"
        );
        assert_eq!(image.manifest_digest(), None);
        let image = Image::from_digest(image.name().clone(), digest.clone());
        assert_eq!(image.manifest_digest(), Some(&digest));
        assert!(image.manifest().is_err());
    }
}
