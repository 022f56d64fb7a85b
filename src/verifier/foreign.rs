//! One requirement that this crate does not judge: what the caller says of it.

use super::demands::Demands;
use super::evidence::Manifest;
use crate::clock::Clock;
use crate::image::ImageName;
use crate::plan::{ForeignOutcome, ForeignVerdict};
use crate::policy::Requirement;
use crate::verdict::{Reason, RequirementOutcome};

/// A requirement with everything that the caller says of it.
pub(super) struct Foreign<'a> {
    /// The type of the requirement.
    kind: String,
    outcomes: Vec<&'a ForeignOutcome>,
}

impl<'a> Foreign<'a> {
    /// What the caller says of a requirement, the `number`th of those for the image.
    pub(super) fn new(
        kind: String,
        verdicts: &'a [ForeignVerdict],
        image: &ImageName,
        number: usize,
        requirement: &Requirement,
    ) -> Self {
        let outcomes = verdicts
            .iter()
            .filter_map(|verdict| verdict.outcome_for(image, number, requirement));
        Self {
            kind,
            outcomes: outcomes.collect(),
        }
    }

    /// Why the requirement is not met, as far as that is known without the image; if it is.
    pub(super) fn refusal(&self) -> Option<Reason> {
        if self.outcomes.is_empty() {
            return Some(self.unsupported());
        }
        self.outcomes.iter().find_map(|outcome| match outcome {
            ForeignOutcome::Accepted { .. } => None,
            ForeignOutcome::Rejected { detail } => Some(Reason::ForeignRejected {
                what: self.kind.clone(),
                detail: detail.clone(),
            }),
            ForeignOutcome::Undecided { detail } => Some(Reason::ForeignUndecided {
                what: self.kind.clone(),
                detail: detail.clone(),
            }),
        })
    }

    fn unsupported(&self) -> Reason {
        Reason::UnsupportedRequirement {
            what: format!("requirements of the type {}", self.kind),
        }
    }

    /// The outcome of a requirement that nothing else stands against: whether what was accepted is this manifest, and is
    /// new enough.
    pub(super) fn outcome(
        &self,
        manifest: &Manifest<'_>,
        demands: &Demands,
        clock: &Clock,
    ) -> RequirementOutcome {
        let mut met = None;
        for outcome in &self.outcomes {
            let ForeignOutcome::Accepted {
                manifest_digest,
                by,
                signed_at,
            } = outcome
            else {
                continue;
            };
            if *manifest_digest != manifest.digest {
                return RequirementOutcome::refused(Reason::DigestMismatch {
                    signed: manifest_digest.clone(),
                    actual: manifest.digest.clone(),
                    cause: manifest.causes.cause(manifest_digest).into(),
                });
            }
            if let Err(reason) = demands.check_age_by(*signed_at, clock) {
                return RequirementOutcome::refused(reason);
            }
            met.get_or_insert_with(|| RequirementOutcome::AcceptedByCaller {
                by: by.clone(),
                signed_at: *signed_at,
            });
        }
        met.unwrap_or_else(|| {
            // Nobody has said anything.
            RequirementOutcome::refused(self.unsupported())
        })
    }
}
