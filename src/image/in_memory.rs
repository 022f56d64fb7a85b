//! An image whose bytes the program already has.

use std::borrow::Cow;

use super::ImageName;
use crate::digest::Digest;
use crate::source::{Source, SourceError};

/// An image in memory: its name, its manifest, and the signatures found for it, borrowed or owned.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use containers_sigpolicy::image::{Image, ImageName};
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
    instance: Option<Digest>,
    manifest: Cow<'a, [u8]>,
    signatures: Vec<Cow<'a, [u8]>>,
}

impl<'a> Image<'a> {
    /// An image without signatures. `manifest` is the manifest's bytes exactly as served.
    pub fn new(name: ImageName, manifest: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            name,
            instance: None,
            manifest: manifest.into(),
            signatures: Vec::new(),
        }
    }

    /// Adds a signature as it was stored.
    #[must_use]
    pub fn with_signature(mut self, signature: impl Into<Cow<'a, [u8]>>) -> Self {
        self.signatures.push(signature.into());
        self
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

    /// Says that this is the instance of a multi-architecture image that has this digest; manifest and signatures are
    /// those of the instance.
    #[must_use]
    pub fn with_instance(mut self, digest: Digest) -> Self {
        self.instance = Some(digest);
        self
    }
}

impl Source for Image<'_> {
    fn name(&self) -> &ImageName {
        &self.name
    }

    fn instance(&self) -> Option<&Digest> {
        self.instance.as_ref()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        Ok(Cow::Borrowed(&self.manifest))
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
#[allow(clippy::unwrap_used)]
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
        let digest = Digest::of(b"manifest");
        assert_eq!(
            image.clone().with_instance(digest.clone()).instance(),
            Some(&digest)
        );
    }
}
