//! References, and the names of images.

use oci_spec_0_10::distribution;

use crate::image::{ImageName, ImageNameError, Transport};
use crate::reference::{Reference, ReferenceError};

impl TryFrom<&distribution::Reference> for Reference {
    type Error = ReferenceError;

    /// The reference that the user gave: of the original registry, and not of a mirror that it is to be pulled from.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] as from [`Reference::from_parts`].
    fn try_from(theirs: &distribution::Reference) -> Result<Self, Self::Error> {
        Self::from_parts(
            theirs.registry(),
            theirs.repository(),
            theirs.tag(),
            theirs.digest(),
        )
    }
}

impl TryFrom<&distribution::Reference> for ImageName {
    type Error = ImageNameError;

    /// The `docker` name of the reference that the user gave: of the original registry, and not of a mirror.
    ///
    /// # Errors
    ///
    /// [`ImageNameError::Reference`] for a reference that is none, and those of [`ImageName::from_reference`]: for one that
    /// has a tag and a digest, see [`ImageName::for_pull`].
    fn try_from(theirs: &distribution::Reference) -> Result<Self, Self::Error> {
        let reference =
            Reference::try_from(theirs).map_err(|reason| ImageNameError::Reference {
                transport: Transport::Docker,
                reason,
            })?;
        Self::from_reference(&reference)
    }
}

impl TryFrom<&Reference> for distribution::Reference {
    type Error = distribution::ParseError;

    /// One with neither a tag nor a digest gets the tag `latest`, as when `oci-spec` reads it.
    ///
    /// # Errors
    ///
    /// The error of `oci-spec`, if it does not read what this crate does. No such reference is known.
    fn try_from(ours: &Reference) -> Result<Self, Self::Error> {
        ours.to_string().parse()
    }
}
