//! What a source has to give.

use std::borrow::Cow;

use super::SourceError;
use crate::digest::Digest;
use crate::image::ImageName;

/// Where an image's bytes come from.
///
/// A source is asked only for what the policy needs: under `insecureAcceptAnything`, nothing is read. It must give the
/// same bytes that the program goes on to run: a source whose manifest can change between the two calls proves nothing.
pub trait Source {
    /// The name of the image as the user gave it, which the policy is looked up for.
    fn name(&self) -> &ImageName;

    /// For one instance of a multi-architecture image, the digest by which the list names it; else `None`. Manifest and
    /// signatures are then those of the instance. The digest is not believed: the instance must be one that
    /// [`list`](Self::list) names, and the manifest must have this digest.
    fn instance(&self) -> Option<&Digest>;

    /// For an instance, the list that names it, byte for byte as served: a Docker manifest list or an OCI image index. Where
    /// the name has a digest, it is the list's. Not asked for where [`instance`](Self::instance) gives none; where that
    /// gives one and this does not, the image is refused.
    ///
    /// # Errors
    /// [`SourceError`] if the list cannot be read in full.
    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError>;

    /// The digest of the manifest, where the caller has compared it already with what will run, and does not have the bytes:
    /// as a plugin of containerd, which is told the digest. It is believed, and [`manifest`](Self::manifest) is then not asked
    /// for; the report says so ([`Note::DigestGiven`](crate::verdict::Note::DigestGiven)). Only SHA-256 can be compared with what
    /// signatures name. Default: none, so that the digest is calculated from the bytes.
    fn manifest_digest(&self) -> Option<&Digest> {
        None
    }

    /// The manifest, byte for byte as served.
    ///
    /// # Errors
    /// [`SourceError`] if there is none, or it cannot be read in full.
    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError>;

    /// The signatures as stored, in their order; none is not an error.
    ///
    /// # Errors
    /// [`SourceError`] if one of them cannot be read in full: a source must never leave it out instead.
    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError>;

    /// What people know one of the [`signatures`](Self::signatures) by, such as the name of its file: the `number`th, from
    /// 1. Only for sentences. Default: none, so that it is "signature 2".
    fn signature_name(&self, number: usize) -> Option<String> {
        let _ = number;
        None
    }

    /// Where signatures are looked for, for people: `dir:image (signature-1, signature-2, …)`. Only for sentences. Default:
    /// none.
    fn signature_location(&self) -> Option<String> {
        None
    }
}
