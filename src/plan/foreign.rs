//! Requirements that somebody else judges, and what he says.

use crate::clock::Moment;
use crate::digest::Digest;
use crate::image::ImageName;
use crate::policy::Requirement;

/// A requirement that this crate does not judge: `signedBaseLayer`, `sigstoreSigned` with certificates (without the feature
/// `sigstore`, any), or `signedBy` with another keyType than `GPGKeys`.
///
/// Whoever can judge it gives a [`ForeignVerdict`], which is for this requirement of this image only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "without a verdict, the requirement refuses the image"]
pub struct ForeignRequirement<'policy> {
    image: ImageName,
    number: usize,
    requirement: &'policy Requirement,
}

impl<'policy> ForeignRequirement<'policy> {
    pub(super) fn new(image: ImageName, number: usize, requirement: &'policy Requirement) -> Self {
        Self {
            image,
            number,
            requirement,
        }
    }

    /// The image's name, which the requirement's `signedIdentity` is about.
    #[must_use]
    pub fn image(&self) -> &ImageName {
        &self.image
    }

    /// Its place in the policy's list, from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The requirement.
    #[must_use]
    pub fn requirement(&self) -> &'policy Requirement {
        self.requirement
    }

    /// The requirement is met by the manifest of this digest, in the whole of what it demands: keys, identity and
    /// transparency log. If the image's manifest turns out to be another one, it is refused as
    /// [`Reason::DigestMismatch`](crate::Reason::DigestMismatch).
    ///
    /// `by` says who vouches for it, for the report: `cosign key release.pub`. It is shown with control characters
    /// escaped.
    pub fn accepted(&self, manifest_digest: Digest, by: impl Into<String>) -> ForeignVerdict {
        self.verdict(ForeignOutcome::Accepted {
            manifest_digest,
            by: by.into(),
            signed_at: None,
        })
    }

    /// The requirement is not met, for this reason: a sentence in lower case that a person reads.
    pub fn rejected(&self, detail: impl Into<String>) -> ForeignVerdict {
        self.verdict(ForeignOutcome::Rejected {
            detail: detail.into(),
        })
    }

    /// Whether the requirement is met could not be found out, for this reason: a sentence in lower case that a person
    /// reads. The image is refused as undecided.
    pub fn undecided(&self, detail: impl Into<String>) -> ForeignVerdict {
        self.verdict(ForeignOutcome::Undecided {
            detail: detail.into(),
        })
    }

    fn verdict(&self, outcome: ForeignOutcome) -> ForeignVerdict {
        ForeignVerdict {
            image: self.image.clone(),
            number: self.number,
            requirement: self.requirement.clone(),
            outcome,
        }
    }
}

/// What somebody else says of a requirement that this crate does not judge.
///
/// Only a [`ForeignRequirement`] makes one. It counts for the requirement that it was made for, at the same place of a list
/// and with the same content, and for an image of the same name; anywhere else it is as if it were missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it counts only if it is passed to `VerifyOptions::foreign_verdict`"]
pub struct ForeignVerdict {
    image: ImageName,
    number: usize,
    requirement: Requirement,
    outcome: ForeignOutcome,
}

impl ForeignVerdict {
    /// When the image was signed, as far as the signature says it. Without it, an image that has to be new enough
    /// ([`VerifierBuilder::max_signature_age`](crate::VerifierBuilder::max_signature_age),
    /// [`VerifyOptions::newest_seen`](crate::VerifyOptions::newest_seen)) is refused. Nothing on a verdict that does not accept.
    pub fn with_signed_at(mut self, moment: Moment) -> Self {
        if let ForeignOutcome::Accepted { signed_at, .. } = &mut self.outcome {
            *signed_at = Some(moment);
        }
        self
    }

    /// What it says of this requirement, if it is for that one.
    pub(crate) fn outcome_for(
        &self,
        image: &ImageName,
        number: usize,
        requirement: &Requirement,
    ) -> Option<&ForeignOutcome> {
        let is_for_it =
            self.number == number && self.image == *image && self.requirement == *requirement;
        is_for_it.then_some(&self.outcome)
    }
}

/// What a [`ForeignVerdict`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ForeignOutcome {
    /// It is met.
    Accepted {
        manifest_digest: Digest,
        by: String,
        signed_at: Option<Moment>,
    },
    /// It is not met.
    Rejected { detail: String },
    /// Nobody knows.
    Undecided { detail: String },
}
