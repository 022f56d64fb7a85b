//! One `signedBy` requirement: whether one of an image's signatures satisfies it.

use std::sync::Arc;

use super::demands::Demands;
use super::engines::MayBeOfEngine;
use super::evidence::{Manifest, Signed};
use super::key_loader::KeyLoader;
use super::keys::{KeyStore, LoadedKeys};
use super::warnings::Satisfied;
use crate::clock::{ClockError, Moment};
use crate::engine::{EngineError, KeyringError, Proven, Refusal, Selection, Settings};
use crate::policy::SignedBy;
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::identity::{self, IdentityMismatch};
use crate::simple_signing::payload::Payload;
use crate::source::{Source, SourceError};
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::{
    AcceptedSignature, EngineReport, ImplausibleClock, KeySourceError, Note, Reason,
    RequirementOutcome, RequirementReport, SignatureOutcome, SignatureReport, Signer,
    SkippedEngine, TrustedSigner, Warning,
};

/// What is wrong with a payload that is the manifest itself, as `gpg --sign manifest.json` makes it.
const SIGNED_MANIFEST: &str =
    "it is the manifest itself, and not a statement about it as containers-signature(5) has it";

/// For how many signatures there is room in a report from the beginning.
const MAX_FORESEEN: usize = 128;

/// What came of one requirement, for the report of the image.
pub(super) struct Answer {
    pub(super) report: RequirementReport,
    /// The engine that was asked, if one was.
    pub(super) engine: Option<EngineReport>,
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
            let now = self.engine.as_ref()?.judged_at;
            let signers = self.report.trusted_signers.iter();
            let keys = signers.map(|TrustedSigner::OpenPgp(key)| key);
            ImplausibleClock::beside(keys, now)
        };
        let clock = reason.is_over_time().then(implausible).flatten();
        Some(match clock {
            Some(clock) => Reason::ClockImplausible { clock },
            None => reason.clone(),
        })
    }
}

impl Answer {
    /// Whether the engine has found a good signature.
    fn is_proof(&self) -> bool {
        matches!(self.report.outcome, RequirementOutcome::AcceptedSigned)
    }
}

impl From<RequirementReport> for Answer {
    fn from(report: RequirementReport) -> Self {
        Self {
            report,
            engine: None,
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

/// Whether one of an image's signatures satisfies a requirement.
pub(super) struct Question<'a> {
    /// The requirement's place in the policy's list, from 1.
    pub(super) number: usize,
    pub(super) requirement: &'a SignedBy,
    pub(super) source: &'a dyn Source,
    pub(super) signed: Signed<'a>,
    pub(super) demands: &'a Demands,
    /// Where the keys come from, if not from where the verifier looks.
    pub(super) supplied_keys: Option<&'a dyn KeyLoader>,
}

impl Question<'_> {
    /// The answer, in the order of containers/image: the signatures' presence, the keys, then each
    /// signature. The last two by the first engine that does not fail.
    pub(super) fn ask(&self, keys: &KeyStore) -> Answer {
        let signatures = self.signed.signatures;
        if !signatures
            .iter()
            .any(|signature| matches!(signature, StoredSignature::SimpleSigning(_)))
        {
            return self.refused(self.no_signature());
        }
        keys.engines()
            .try_each_at_work(
                |selection| self.ask_engine(keys, selection),
                Answer::is_proof,
            )
            .unwrap_or_else(|error| self.stopped(error.into()))
    }

    /// The answer of one engine.
    fn ask_engine(&self, keys: &KeyStore, selection: &Arc<Selection>) -> Answer {
        let engine = match engine_report(selection, keys.settings()) {
            Ok(engine) => engine,
            Err(error) => return self.stopped(EngineError::from(error).into()),
        };
        let now = engine.judged_at;
        let engine = Some(engine);
        let keys = match keys.load(self.requirement.keys(), selection, self.supplied_keys) {
            Ok(keys) => keys,
            Err(error) => {
                return Answer {
                    engine,
                    ..self.stopped(error.into())
                };
            }
        };
        let (signatures, verdict) = self.judge_all(&keys, now);
        let mut answer = match verdict {
            Ok(proof) => Answer {
                warnings: self.warnings(&keys, &proof, now),
                ..self.answer(RequirementOutcome::AcceptedSigned)
            },
            Err(stop) => self.stopped(stop),
        };
        if !matches!(answer.report.outcome, RequirementOutcome::AcceptedSigned) {
            answer.notes = keys
                .changed_files()
                .map(|path| Note::KeyFileChanged { path })
                .collect();
        }
        answer.engine = engine;
        answer.report.trusted_signers = keys
            .keys
            .iter()
            .cloned()
            .map(TrustedSigner::OpenPgp)
            .collect();
        answer.report.key_warnings.clone_from(&keys.warnings);
        answer.report.signatures = signatures;
        answer
    }

    /// Judges the signatures in their order, up to the first that satisfies the requirement: all that was judged, and
    /// what comes of it.
    fn judge_all(
        &self,
        keys: &LoadedKeys,
        now: Moment,
    ) -> (Vec<SignatureReport>, Result<AcceptedSignature, Stop>) {
        let mut reports = Vec::with_capacity(self.signed.signatures.len().min(MAX_FORESEEN));
        // The places of those in `reports` that the engine has judged.
        let mut decided = Vec::new();
        let mut failure = None;
        for (number, signature) in (1_usize..).zip(self.signed.signatures) {
            let report = |outcome| SignatureReport {
                name: self.source.signature_name(number),
                ..SignatureReport::new(number, outcome)
            };
            let StoredSignature::SimpleSigning(untrusted_message) = signature else {
                reports.push(report(SignatureOutcome::Skipped));
                continue;
            };
            let judged = self.judge(number, untrusted_message, keys, now);
            let Unsatisfied { stop, made_by } = match judged {
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

    /// Judges one OpenPGP message, the `number`th signature, in this order: signature and key, payload, digest,
    /// identity, age.
    fn judge(
        &self,
        number: usize,
        untrusted_message: &[u8],
        keys: &LoadedKeys,
        now: Moment,
    ) -> Result<AcceptedSignature, Unsatisfied> {
        let proven = keys.keyring.verify(untrusted_message).map_err(Stop::from)?;
        // An engine vouches for its keyring; a key that is not of this requirement's is still none.
        let key = keys
            .keys
            .iter()
            .find(|key| key.fingerprint == *proven.primary_key())
            .ok_or_else(|| Refusal::UnknownKey {
                issuers: vec![proven.primary_key().clone().into()],
            })
            .map_err(|refusal| Stop::from(Reason::from(refusal)))?;
        let signer = Signer::OpenPgp {
            primary_key: proven.primary_key().clone(),
            signing_key: proven.signing_key().clone(),
            key_origin: key.origin.clone(),
        };
        let payload = self
            .payload_for_image(&proven, now)
            .map_err(|reason| Unsatisfied {
                stop: reason.into(),
                made_by: Some(Box::new((signer.clone(), proven.signed_at()))),
            })?;
        Ok(AcceptedSignature {
            requirement: self.number,
            signature: number,
            signer,
            manifest_digest: payload.manifest_digest,
            signed_reference: payload.docker_reference,
            signed_at: proven.signed_at(),
            expires: proven.signature_expires(),
            creator: payload.creator,
            timestamp: payload.timestamp,
        })
    }

    /// What a trusted key has signed, if it is for this image, and not too old for the caller.
    fn payload_for_image(&self, proven: &Proven, now: Moment) -> Result<Payload, Reason> {
        let payload = Payload::parse(proven).map_err(|error| {
            let is_manifest = Some(proven.payload()) == self.signed.manifest.causes.manifest();
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
        self.demands.check_age(proven.signed_at(), now)?;
        Ok(payload)
    }

    /// What should be known about the image although this signature satisfies the requirement.
    fn warnings(&self, keys: &LoadedKeys, proof: &AcceptedSignature, now: Moment) -> Vec<Warning> {
        Satisfied {
            requirement: self.requirement,
            source: self.source,
            keys,
            proof,
            now,
            demands: self.demands,
        }
        .warnings()
    }

    /// Whether the reference that was signed is one for this image.
    fn check_identity(&self, signed_reference: &str) -> Result<(), Reason> {
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

    /// That no signature is one of OpenPGP.
    fn no_signature(&self) -> Reason {
        let signatures = self.signed.signatures;
        let sigstore = signatures
            .iter()
            .filter(|signature| matches!(signature, StoredSignature::Sigstore))
            .count();
        Reason::NoSignature {
            skipped: signatures.len(),
            sigstore,
            location: self.source.signature_location(),
        }
    }

    fn answer(&self, outcome: RequirementOutcome) -> Answer {
        RequirementReport::new(format!("signedBy {}", self.requirement), outcome).into()
    }

    fn refused(&self, reason: Reason) -> Answer {
        self.answer(RequirementOutcome::refused(reason))
    }

    fn stopped(&self, stop: Stop) -> Answer {
        Answer {
            failure: stop.failure,
            ..self.refused(*stop.reason)
        }
    }
}

fn engine_report(selection: &Selection, settings: &Settings) -> Result<EngineReport, ClockError> {
    let judged_at = settings.clock.now()?;
    let engine = &selection.engine;
    Ok(EngineReport {
        name: engine.name().to_owned(),
        version: engine.version(),
        crypto_policy: settings.crypto_policy,
        judged_at,
        skipped: selection
            .skipped
            .iter()
            .filter_map(SkippedEngine::from_diagnosis)
            .collect(),
    })
}

/// A signature that does not satisfy the requirement.
struct Unsatisfied {
    stop: Stop,
    /// Who made it and when, if it is a good one by a trusted key all the same.
    made_by: Option<Box<(Signer, Option<Moment>)>>,
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
struct Stop {
    /// For the report.
    reason: Box<Reason>,
    /// Why there is no answer; if there is none, the answer is no.
    failure: Option<Failure>,
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
