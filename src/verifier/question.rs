//! What the requirements for signatures have in common: whether there is a signature at all, judging one after the other,
//! and what is said of it.

use std::fmt;

use super::demands::Demands;
use super::engines::MayBeOfEngine;
use super::evidence::{Manifest, Signed};
use super::key_loader::KeyLoader;
use crate::clock::Moment;
use crate::engine::{EngineError, KeyringError};
use crate::policy::SignedIdentity;
use crate::sigstore::{NoTrustedTime, SigstoreRefusal};
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::identity::{self, IdentityMismatch};
use crate::simple_signing::payload::{Payload, PayloadError};
use crate::source::{Source, SourceError};
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::{
    AcceptedSignature, EngineReport, ImplausibleClock, KeySourceError, Note, Reason,
    RequirementOutcome, RequirementReport, SignatureFormat, SignatureOutcome, SignatureReport,
    Signer, TrustedSigner, Warning,
};

/// What is wrong with a payload that is the manifest itself, as `gpg --sign manifest.json` makes it.
const SIGNED_MANIFEST: &str =
    "it is the manifest itself, and not a statement about it as containers-signature(5) has it";

/// For how many signatures there is room in a report from the beginning.
const MAX_FORESEEN: usize = 128;

/// A type of requirement that asks for signatures.
pub(super) trait ForSignatures: fmt::Display {
    /// Its `type` in a policy.
    const TYPE: &'static str;

    /// The format of the signatures that it asks for.
    const FORMAT: SignatureFormat;

    /// A signature of that format.
    type Signature: ?Sized;

    /// Its `signedIdentity`.
    fn signed_identity(&self) -> &SignedIdentity;

    /// The signature, if it is one to look at; the others are passed over.
    fn seen<'s>(stored: &'s StoredSignature<'_>, demands: &Demands) -> Option<&'s Self::Signature>;
}

/// Whether one of an image's signatures satisfies a requirement.
pub(super) struct Question<'a, R> {
    /// The requirement's place in the policy's list, from 1.
    pub(super) number: usize,
    pub(super) requirement: &'a R,
    pub(super) source: &'a dyn Source,
    pub(super) signed: Signed<'a>,
    pub(super) demands: &'a Demands,
    /// Where the keys come from, if not from where the verifier looks.
    pub(super) supplied_keys: Option<&'a dyn KeyLoader>,
}

impl<R: ForSignatures> Question<'_, R> {
    /// The answer where no signature is one that the requirement looks at. No key is read for it.
    pub(super) fn answer_without_signature(&self) -> Option<Answer> {
        let signatures = self.signed.signatures;
        let is_seen = |stored| R::seen(stored, self.demands).is_some();
        let is_unsigned = !signatures.iter().any(is_seen);
        is_unsigned.then(|| self.refused(self.no_signature()))
    }

    /// Judges the signatures that the requirement looks at, in their order and each by `judge`, which gets its number, up
    /// to the first that satisfies the requirement: all that was judged, and what comes of it.
    pub(super) fn judge_each(
        &self,
        judge: impl Fn(usize, &R::Signature) -> Result<AcceptedSignature, Unsatisfied>,
    ) -> (Vec<SignatureReport>, Result<AcceptedSignature, Stop>) {
        let mut reports = Vec::with_capacity(self.signed.signatures.len().min(MAX_FORESEEN));
        // The places of those in `reports` of which it is known that they are no good.
        let mut decided = Vec::new();
        let mut failure = None;
        for (number, stored) in (1_usize..).zip(self.signed.signatures) {
            let report = |outcome| SignatureReport {
                name: self.source.signature_name(number),
                ..SignatureReport::new(number, outcome)
            };
            let Some(untrusted_signature) = R::seen(stored, self.demands) else {
                reports.push(report(SignatureOutcome::Skipped));
                continue;
            };
            let Unsatisfied { stop, made_by } = match judge(number, untrusted_signature) {
                Ok(proof) => {
                    event!(signature = number, signer = %proof.signer, "a signature satisfies the requirement");
                    reports.push(report(SignatureOutcome::Accepted {
                        proof: proof.clone(),
                    }));
                    return (reports, Ok(proof));
                }
                Err(unsatisfied) => unsatisfied,
            };
            event!(
                signature = number,
                code = stop.reason.code(),
                reason = %visible(&stop.reason.to_string()),
                "a signature does not satisfy the requirement"
            );
            let (reason, stop) = match stop.failure {
                None => (*stop.reason, None),
                Some(_) => (*stop.reason.clone(), Some(stop)),
            };
            let outcome = SignatureOutcome::refused(reason);
            let (signer, signed_at) = made_by.map(|made_by| *made_by).unzip();
            reports.push(SignatureReport {
                signer,
                signed_at: signed_at.flatten(),
                ..report(outcome)
            });
            match stop {
                None => decided.push(reports.len().saturating_sub(1)),
                // Each other signature could take as long.
                Some(stop) if stop.has_timed_out() => return (reports, Err(stop)),
                // One signature over which an engine fails does no harm to a good one.
                Some(stop) => failure = failure.or(Some(stop)),
            }
        }
        let stop = failure.unwrap_or_else(|| {
            let decided = decided.iter().filter_map(|place| reports.get(*place));
            Reason::headline(decided.filter_map(|report| report.outcome.reason()))
                .cloned()
                .unwrap_or_else(|| self.no_signature())
                .into()
        });
        (reports, Err(stop))
    }

    /// What was proven to be signed, if it is for this image: whether it can be read, then its digest, then its name.
    pub(super) fn payload_for_image(
        &self,
        proven_bytes: &[u8],
        read: Result<Payload, PayloadError>,
    ) -> Result<Payload, Reason> {
        let payload = read.map_err(|error| {
            let is_manifest = Some(proven_bytes) == self.signed.manifest.causes.manifest();
            Reason::PayloadInvalid {
                detail: if is_manifest {
                    SIGNED_MANIFEST.to_owned()
                } else {
                    error.to_string()
                },
            }
        })?;
        let Manifest { digest, causes } = self.signed.manifest;
        if payload.manifest_digest != *digest {
            return Err(Reason::DigestMismatch {
                cause: causes.cause(&payload.manifest_digest).into(),
                signed: payload.manifest_digest,
                actual: digest.clone(),
            });
        }
        self.check_identity(&payload.docker_reference)?;
        Ok(payload)
    }

    /// Whether the reference that was signed is one for this image.
    pub(super) fn check_identity(&self, signed_reference: &str) -> Result<(), Reason> {
        let rule = self.requirement.signed_identity();
        let image = self.source.name().docker_reference();
        identity::check(rule, image, signed_reference).map_err(|mismatch| {
            let signed = signed_reference.to_owned();
            let rule = rule.type_name().to_owned();
            match mismatch {
                IdentityMismatch::NoImageIdentity => Reason::ImageHasNoIdentity { signed, rule },
                IdentityMismatch::Different { demanded, cause } => Reason::IdentityMismatch {
                    signed,
                    demanded,
                    rule,
                    cause,
                },
            }
        })
    }

    /// That no signature is one that the requirement looks at.
    fn no_signature(&self) -> Reason {
        let signatures = self.signed.signatures;
        let sigstore = signatures
            .iter()
            .filter(|signature| matches!(signature, StoredSignature::Sigstore(_)))
            .count();
        Reason::NoSignature {
            required: R::FORMAT,
            skipped: signatures.len(),
            sigstore,
            location: self.source.signature_location(),
        }
    }

    pub(super) fn answer(&self, outcome: RequirementOutcome) -> Answer {
        RequirementReport::new(format!("{} {}", R::TYPE, self.requirement), outcome).into()
    }

    pub(super) fn refused(&self, reason: Reason) -> Answer {
        self.answer(RequirementOutcome::refused(reason))
    }

    pub(super) fn stopped(&self, stop: Stop) -> Answer {
        Answer {
            failure: stop.failure,
            ..self.refused(*stop.reason)
        }
    }
}

/// What came of one requirement, for the report of the image.
pub(super) struct Answer {
    pub(super) report: RequirementReport,
    /// The engine that was asked, if one was.
    pub(super) engine: Option<EngineReport>,
    /// The time that was judged by, if one was needed.
    pub(super) judged_at: Option<Moment>,
    pub(super) notes: Vec<Note>,
    pub(super) warnings: Vec<Warning>,
    /// Why there is no verdict, if there is none.
    pub(super) failure: Option<Failure>,
}

/// Why there is no verdict.
pub(super) enum Failure {
    /// The engine could not do its work.
    Engine(EngineError),
    /// Something could not be read or fetched.
    Unavailable(SourceError),
}

impl Answer {
    /// Why the image is refused, if the requirement does not accept it: over a time by a clock that cannot be right,
    /// for the clock.
    pub(super) fn refusal(&self) -> Option<Reason> {
        let reason = self.report.outcome.reason()?;
        let implausible = || {
            if let Reason::Sigstore(SigstoreRefusal::NoTrustedTime {
                cause:
                    NoTrustedTime::Future {
                        integrated_time,
                        now,
                    },
            }) = reason
            {
                return ImplausibleClock::before_log_entry(*integrated_time, *now);
            }
            let signers = self.report.trusted_signers.iter();
            let since = signers.filter_map(TrustedSigner::since);
            ImplausibleClock::beside(since, self.judged_at?)
        };
        let clock = reason.is_over_time().then(implausible).flatten();
        Some(match clock {
            Some(clock) => Reason::ClockImplausible { clock },
            None => reason.clone(),
        })
    }

    /// Whether a good signature was found.
    pub(super) fn is_proof(&self) -> bool {
        matches!(self.report.outcome, RequirementOutcome::AcceptedSigned)
    }
}

impl From<RequirementReport> for Answer {
    fn from(report: RequirementReport) -> Self {
        Self {
            report,
            engine: None,
            judged_at: None,
            notes: Vec::new(),
            warnings: Vec::new(),
            failure: None,
        }
    }
}

impl MayBeOfEngine for Answer {
    fn engine_error(&self) -> Option<&EngineError> {
        match &self.failure {
            Some(Failure::Engine(error)) => Some(error),
            Some(Failure::Unavailable(_)) | None => None,
        }
    }
}

/// A signature that does not satisfy the requirement.
pub(super) struct Unsatisfied {
    pub(super) stop: Stop,
    /// Who made it and when, if it is a good one by a trusted signer all the same.
    pub(super) made_by: Option<Box<(Signer, Option<Moment>)>>,
}

impl Unsatisfied {
    /// A good signature by a trusted signer that does not count all the same.
    pub(super) fn though_made_by(
        signer: Signer,
        signed_at: Option<Moment>,
        reason: Reason,
    ) -> Self {
        Self {
            stop: reason.into(),
            made_by: Some(Box::new((signer, signed_at))),
        }
    }
}

impl From<Stop> for Unsatisfied {
    fn from(stop: Stop) -> Self {
        Self {
            stop,
            made_by: None,
        }
    }
}

/// Why a signature, or a requirement, is not judged further.
pub(super) struct Stop {
    /// For the report.
    pub(super) reason: Box<Reason>,
    /// Why there is no answer; if there is none, the answer is no.
    pub(super) failure: Option<Failure>,
}

impl Stop {
    fn has_timed_out(&self) -> bool {
        matches!(
            self.failure,
            Some(Failure::Engine(EngineError::TimedOut { .. }))
        )
    }
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self {
            reason: Box::new(reason),
            failure: None,
        }
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Self {
            reason: Box::new(Reason::from(&error)),
            failure: Some(Failure::Engine(error)),
        }
    }
}

impl From<KeyringError> for Stop {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Refused(refusal) => Reason::from(refusal).into(),
            KeyringError::Failed(error) => error.into(),
        }
    }
}

impl From<KeySourceError> for Stop {
    fn from(error: KeySourceError) -> Self {
        let reason = error.reason().into();
        let failure = match error {
            KeySourceError::Refused(_) => None,
            KeySourceError::Unavailable { error, .. } => Some(Failure::Unavailable(error)),
            KeySourceError::Failed(error) => Some(Failure::Engine(error)),
        };
        Self { reason, failure }
    }
}
