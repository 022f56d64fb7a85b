//! Descriptors.

use std::collections::HashMap;

use oci_spec_0_10::{OciSpecError, image};

use crate::digest::{Digest, DigestError};
use crate::image::ImageName;
use crate::index::{Instance, InstanceError, Platform};
use crate::source::memory::Image;

/// The descriptor of a manifest that was verified: with the digest of
/// [`Accepted::manifest_digest`](crate::Accepted::manifest_digest), the media type that the registry served it as, and its
/// size in bytes.
///
/// # Errors
///
/// The error of `oci-spec`, if it does not read a digest that this crate does. No such digest is known.
///
/// ```
/// use containers_sigpolicy::Digest;
/// use containers_sigpolicy::oci::v0_10::descriptor;
/// # use oci_spec_0_10 as oci_spec;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let manifest = br#"{"schemaVersion": 2}"#;
/// let pinned = descriptor(
///     &Digest::of(manifest),
///     "application/vnd.oci.image.manifest.v1+json",
///     u64::try_from(manifest.len())?,
/// )?;
/// assert_eq!(*pinned.media_type(), oci_spec::image::MediaType::ImageManifest);
/// # Ok(())
/// # }
/// ```
pub fn descriptor(
    digest: &Digest,
    media_type: &str,
    size: u64,
) -> Result<image::Descriptor, OciSpecError> {
    let digest = image::Digest::try_from(digest)?;
    Ok(image::Descriptor::new(
        image::MediaType::from(media_type),
        size,
        digest,
    ))
}

/// The image that a descriptor stands for, known by its digest alone: as containerd hands it to a verifier.
/// [`Image::from_digest`] says what that is worth.
///
/// # Errors
///
/// [`DigestError`] if the digest is none that this crate knows.
pub fn image_of(
    name: ImageName,
    descriptor: &image::Descriptor,
) -> Result<Image<'static>, DigestError> {
    Ok(Image::from_digest(
        name,
        Digest::try_from(descriptor.digest())?,
    ))
}

impl TryFrom<&image::Descriptor> for Instance {
    type Error = InstanceError;

    /// The `urls`, the `artifactType` and the embedded `data` are left out: what is fetched is looked up by its digest.
    ///
    /// # Errors
    ///
    /// [`InstanceError`] if the digest is none that this crate knows, or the media type is empty.
    fn try_from(theirs: &image::Descriptor) -> Result<Self, Self::Error> {
        let media_type: &str = theirs.media_type().as_ref();
        if media_type.is_empty() {
            return Err(InstanceError::Missing {
                member: "mediaType",
            });
        }
        let digest =
            Digest::try_from(theirs.digest()).map_err(|reason| InstanceError::Digest { reason })?;
        let mut instance = Self::new(media_type, digest, theirs.size());
        if let Some(platform) = theirs.platform() {
            instance = instance.with_platform(Platform::from(platform));
        }
        for (name, value) in theirs.annotations().iter().flatten() {
            instance = instance.with_annotation(name, value);
        }
        Ok(instance)
    }
}

impl TryFrom<&Instance> for image::Descriptor {
    type Error = OciSpecError;

    /// # Errors
    ///
    /// Those of [`descriptor`].
    fn try_from(ours: &Instance) -> Result<Self, Self::Error> {
        let mut theirs = descriptor(ours.digest(), ours.media_type(), ours.size())?;
        theirs.set_platform(ours.platform().map(image::Platform::from));
        let annotations: HashMap<String, String> = ours
            .annotations()
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !annotations.is_empty() {
            theirs.set_annotations(Some(annotations));
        }
        Ok(theirs)
    }
}
