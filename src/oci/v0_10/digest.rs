//! Digests.

use oci_spec_0_10::{OciSpecError, image};

use crate::digest::{Digest, DigestError};

impl TryFrom<&image::Digest> for Digest {
    type Error = DigestError;

    /// # Errors
    ///
    /// [`DigestError`] as from [`Digest::parse`]: `oci-spec` has digests of any algorithm.
    fn try_from(theirs: &image::Digest) -> Result<Self, Self::Error> {
        Self::parse(theirs.as_ref())
    }
}

impl TryFrom<&Digest> for image::Digest {
    type Error = OciSpecError;

    /// # Errors
    ///
    /// The error of `oci-spec`, if it does not read what this crate does. No such digest is known.
    fn try_from(ours: &Digest) -> Result<Self, Self::Error> {
        ours.as_str().parse()
    }
}
