//! The proof that an image may run.

use crate::digest::Digest;
use crate::verdict::{AcceptedSignature, Report};

/// An image that its policy accepts.
///
/// Only [`Verifier::verify`](crate::Verifier::verify) makes one. Run the manifest with
/// [`Accepted::manifest_digest`] and no other: a tag may have moved since.
#[derive(Clone, Debug)]
#[must_use = "an accepted image is to be run by its manifest digest"]
pub struct Accepted {
    report: Report,
}

impl Accepted {
    pub(crate) fn new(report: Report) -> Self {
        Self { report }
    }

    /// The digest that every accepted signature is for: what to pin to. `None` if the policy
    /// accepts the image without a signature: then nothing of it has been looked at.
    #[must_use]
    pub fn manifest_digest(&self) -> Option<&Digest> {
        self.signatures()
            .next()
            .map(|signature| &signature.manifest_digest)
    }

    /// The signatures that satisfied the policy, one for each requirement that asked for one, in
    /// the order of the requirements.
    pub fn signatures(&self) -> impl Iterator<Item = &AcceptedSignature> {
        self.report.accepted_signatures()
    }

    /// Whether at least one signature was verified. If not, the policy accepts anything here.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signatures().next().is_some()
    }

    /// How the verdict came about.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}
