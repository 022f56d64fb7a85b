//! The proof that an image may run.

use crate::clock::Moment;
use crate::digest::Digest;
use crate::verdict::{AcceptedSignature, Report, RequirementOutcome, Warning};

/// An image that its policy accepts.
///
/// Only [`Verifier::verify`](crate::Verifier::verify) makes one (but for the feature `testing`, in tests). Run the manifest with
/// [`Accepted::manifest_digest`] and no other: a tag may have moved since.
///
/// It has a [`Report`] that can be stored as JSON. What is read from there is a report again, and no proof:
///
/// ```compile_fail,E0277
/// let stored = "";
/// let accepted: containers_sigpolicy::Accepted = serde_json::from_str(stored)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an accepted image is to be run by its manifest digest"]
pub struct Accepted {
    report: Report,
}

impl Accepted {
    pub(crate) fn new(report: Report) -> Self {
        Self { report }
    }

    /// The digest that every accepted signature is for, and every verdict of the caller's on a requirement: what to pin
    /// to. `None` if the policy accepts the image without a signature: then nothing of it has been looked at.
    #[must_use]
    pub fn manifest_digest(&self) -> Option<&Digest> {
        let digest = self.report.manifest_digest.as_ref();
        digest.filter(|_| self.is_signed())
    }

    /// The signatures that satisfied the policy, one for each requirement that asked for one and that this crate has
    /// judged, in the order of the requirements.
    pub fn signatures(&self) -> impl Iterator<Item = &AcceptedSignature> {
        self.report.accepted_signatures()
    }

    /// Whether at least one signature was verified, by this crate or, for a requirement that it does not judge, by the
    /// caller. If not, the policy accepts anything here.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.report.is_verified()
    }

    /// What should be known about the image although it is accepted: what will refuse it soon, and what makes the
    /// acceptance worth less.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.report.warnings
    }

    /// When the image was signed, as the signatures say themselves: of several that satisfied the policy, the
    /// earliest. `None` if there is none, or one does not say.
    ///
    /// It is what to keep for each name, and to pass as
    /// [`VerifyOptions::newest_seen`](crate::VerifyOptions::newest_seen) the next time, so that nobody puts an older
    /// image in its place.
    #[must_use]
    pub fn signed_at(&self) -> Option<Moment> {
        let by_us = self.signatures().map(|signature| signature.signed_at);
        let requirements = self.report.requirements.iter();
        let by_caller = requirements.filter_map(|requirement| match &requirement.outcome {
            RequirementOutcome::AcceptedByCaller { signed_at, .. } => Some(*signed_at),
            _ => None,
        });
        let times: Option<Vec<Moment>> = by_us.chain(by_caller).collect();
        times?.into_iter().min()
    }

    /// How the verdict came about.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}
