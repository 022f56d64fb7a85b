//! The evaluation of one image: requirement by requirement, signature by signature.

use std::borrow::Cow;
use std::sync::Arc;

use super::engines::MayBeOfEngine;
use super::keys::{KeyProblem, KeyStore, LoadedKeys};
use crate::clock::Moment;
use crate::digest::{Digest, manifest_digest};
use crate::engine::{EngineError, KeyringError, Selection, Settings};
use crate::error::Error;
use crate::policy::{KeyType, Policy, Requirement, SignedBy};
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::identity::{self, IdentityMismatch};
use crate::simple_signing::payload::Payload;
use crate::source::list::{self, ManifestList};
use crate::source::{SIGNATURE_COUNT_LIMIT, SIGNATURE_SIZE_LIMIT, Source};
use crate::verdict::Accepted;
use crate::verdict::Reason;
use crate::verdict::{
    AcceptedSignature, EngineReport, PassedOver, Report, RequirementOutcome, RequirementReport,
    SignatureOutcome, SignatureReport, Verdict,
};

/// One image on its way through a policy.
pub(super) struct Evaluation<'a> {
    policy: &'a Policy,
    keys: &'a KeyStore,
    source: &'a dyn Source,
    evidence: Option<Evidence<'a>>,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(policy: &'a Policy, keys: &'a KeyStore, source: &'a dyn Source) -> Self {
        Self {
            policy,
            keys,
            source,
            evidence: None,
        }
    }

    pub(super) fn run(mut self, require_signed: bool) -> Result<Accepted, Error> {
        let name = self.source.name();
        let applied = self.policy.requirements_for(
            name.transport().name(),
            name.policy_identity(),
            name.policy_namespaces(),
        );
        let mut report = Report {
            image: name.to_string(),
            identity: name.policy_identity().map(str::to_owned),
            policy: self.policy.origin().clone(),
            scope: applied.scope().to_string(),
            engine: None,
            list_digest: None,
            manifest_digest: None,
            requirements: Vec::new(),
            rejection: None,
            notes: Vec::new(),
        };
        let mut accepted = Vec::new();
        let mut engine_error = None;
        for (number, requirement) in (1_usize..).zip(applied.requirements().iter()) {
            let mut entry = RequirementReport {
                requirement: requirement.to_string(),
                outcome: RequirementOutcome::NotEvaluated,
                trusted_keys: Vec::new(),
                key_warnings: Vec::new(),
                signatures: Vec::new(),
            };
            if report.rejection.is_none() {
                let verdict = match requirement {
                    Requirement::InsecureAcceptAnything => Ok(None),
                    Requirement::Reject => Err(Stop::Refused(Reason::RejectedByPolicy)),
                    Requirement::SignedBy(signed_by) => self
                        .signed_by(number, signed_by, &mut entry, &mut report)
                        .map(Some),
                    Requirement::SignedBaseLayer(_) | Requirement::SigstoreSigned(_) => {
                        Err(Stop::Refused(Reason::UnsupportedRequirement {
                            what: format!("requirements of the type `{}`", requirement.type_name()),
                        }))
                    }
                };
                entry.outcome = match verdict {
                    Ok(None) => RequirementOutcome::AcceptedUnsigned,
                    Ok(Some(signature)) => {
                        accepted.push(signature);
                        RequirementOutcome::AcceptedSigned
                    }
                    Err(stop) => {
                        let reason = stop.reason();
                        report.rejection = Some(reason.clone());
                        if let Stop::Engine(error) = stop {
                            engine_error = Some(error);
                        }
                        RequirementOutcome::refused(reason)
                    }
                };
            }
            report.requirements.push(entry);
        }
        if report.rejection.is_none() && require_signed && accepted.is_empty() {
            report.rejection = Some(Reason::UnsignedNotAllowed);
        }
        if let Some(error) = engine_error {
            return Err(Error::Engine {
                error,
                report: Some(Box::new(report)),
            });
        }
        match report.verdict() {
            Verdict::Accepted => Ok(Accepted::new(report, accepted)),
            Verdict::Rejected => Err(Error::Rejected(Box::new(report))),
            Verdict::Undecided => Err(Error::Undecided(Box::new(report))),
        }
    }

    /// One signature that satisfies `requirement`, in the order of containers/image: the
    /// manifest against a digest that was asked for, the signatures' presence, the keys, then
    /// each signature. The last two by the first engine that does not fail.
    fn signed_by(
        &mut self,
        number: usize,
        requirement: &SignedBy,
        entry: &mut RequirementReport,
        report: &mut Report,
    ) -> Result<AcceptedSignature, Stop> {
        if requirement.key_type() != KeyType::GpgKeys {
            return Err(Stop::Refused(Reason::UnsupportedRequirement {
                what: format!(
                    "requirements of the type `signedBy` with the keyType `{}`",
                    requirement.key_type().name()
                ),
            }));
        }
        let source = self.source;
        let evidence = match &mut self.evidence {
            Some(evidence) => evidence,
            vacant => vacant.insert(Evidence::gather(source, report)?),
        };
        let signatures = evidence.signatures()?;
        if !signatures
            .iter()
            .any(|signature| matches!(signature, StoredSignature::SimpleSigning(_)))
        {
            return Err(Stop::Refused(Reason::NoSignature {
                passed_over: signatures.len(),
            }));
        }
        let question = Question {
            number,
            requirement,
            source,
            manifest_digest: &evidence.manifest_digest,
            signatures: &signatures,
        };
        self.keys
            .engines()
            .try_each(|selection| question.ask(self.keys, selection, entry, report))
    }
}

/// Whether one of the signatures satisfies a requirement.
struct Question<'a> {
    /// The requirement's place in the policy's list, from 1.
    number: usize,
    requirement: &'a SignedBy,
    source: &'a dyn Source,
    manifest_digest: &'a Digest,
    signatures: &'a [StoredSignature<'a>],
}

impl Question<'_> {
    /// Asks one engine, with all that it says in the report.
    fn ask(
        &self,
        keys: &KeyStore,
        selection: &Arc<Selection>,
        entry: &mut RequirementReport,
        report: &mut Report,
    ) -> Result<AcceptedSignature, Stop> {
        report.engine = Some(engine_report(selection, keys.settings()));
        entry.signatures.clear();
        let keys = keys.load(self.requirement.keys(), selection)?;
        entry.trusted_keys.clone_from(&keys.keys);
        entry.key_warnings.clone_from(&keys.warnings);

        let mut reasons = Vec::new();
        let mut failure = None;
        for (index, signature) in (1_usize..).zip(self.signatures) {
            let StoredSignature::SimpleSigning(untrusted_message) = signature else {
                entry.signatures.push(SignatureReport {
                    signature: index,
                    outcome: SignatureOutcome::PassedOver,
                });
                continue;
            };
            let judged = judge(
                (self.number, index),
                untrusted_message,
                &keys,
                self.requirement,
                self.source,
                self.manifest_digest,
            );
            match judged {
                Ok(signed) => {
                    entry.signatures.push(SignatureReport {
                        signature: index,
                        outcome: SignatureOutcome::Accepted {
                            proof: signed.clone(),
                        },
                    });
                    return Ok(signed);
                }
                Err(stop) => {
                    let reason = stop.reason();
                    entry.signatures.push(SignatureReport {
                        signature: index,
                        outcome: SignatureOutcome::refused(reason.clone()),
                    });
                    match stop {
                        // Each other signature could take as long.
                        Stop::Engine(EngineError::TimedOut { .. }) => return Err(stop),
                        // One signature over which an engine fails does no harm to a good one.
                        Stop::Engine(_) => failure = failure.or(Some(stop)),
                        Stop::Refused(_) => reasons.push(reason),
                    }
                }
            }
        }
        for file in keys.changed_files() {
            report.notes.push(format!(
                "the key file {} has changed since it was read; reload the keys",
                file.display()
            ));
        }
        Err(failure.unwrap_or_else(|| {
            Stop::Refused(
                Reason::headline(&reasons)
                    .cloned()
                    .unwrap_or(Reason::NoSignature {
                        passed_over: self.signatures.len(),
                    }),
            )
        }))
    }
}

fn engine_report(selection: &Selection, settings: Settings) -> EngineReport {
    let engine = &selection.engine;
    EngineReport {
        name: engine.name().to_owned(),
        version: engine.version(),
        crypto_policy: settings.crypto_policy.name().to_owned(),
        judged_at: Moment::from(settings.clock.now()),
        passed_over: selection
            .passed_over
            .iter()
            .filter_map(PassedOver::from_diagnosis)
            .collect(),
    }
}

/// What an image has to show: read once, and only when a requirement asks for a signature.
struct Evidence<'a> {
    manifest_digest: Digest,
    untrusted_signatures: Vec<Cow<'a, [u8]>>,
}

impl<'a> Evidence<'a> {
    /// Reads the manifest and the signatures, and compares the manifest with the digest that the
    /// image was asked for by, before any signature is looked at. That is the digest in its name;
    /// or, for an instance of a multi-architecture image, the one by which a list names it, and
    /// then the digest in the name is the list's.
    fn gather(source: &'a dyn Source, report: &mut Report) -> Result<Self, Reason> {
        let in_name = source
            .name()
            .docker_reference()
            .and_then(|reference| reference.digest());
        let instance = source.instance();
        if let Some(instance) = instance {
            find_in_list(source, instance, in_name, report)?;
        }
        let manifest = source.manifest().map_err(|error| {
            let detail = error.detail();
            if error.is_about_content() {
                Reason::ManifestInvalid { detail }
            } else {
                Reason::ManifestUnreadable { detail }
            }
        })?;
        let actual = manifest_digest(&manifest).map_err(|error| Reason::ManifestInvalid {
            detail: error.to_string(),
        })?;
        report.manifest_digest = Some(actual.clone());
        if let Some(demanded) = instance.or(in_name).filter(|demanded| **demanded != actual) {
            return Err(Reason::ManifestDigestMismatch {
                demanded: demanded.clone(),
                actual,
            });
        }
        if let Some(instance) = instance.filter(|_| list::may_be_list(&manifest)) {
            return Err(Reason::InstanceIsList {
                instance: instance.clone(),
            });
        }
        let untrusted_signatures = source.signatures().map_err(|error| {
            let detail = error.detail();
            if error.is_about_content() {
                Reason::SignaturesInvalid { detail }
            } else {
                Reason::SignatureUnreadable { detail }
            }
        })?;
        // A source of the caller's own may have other limits than these, or none.
        if let Some(detail) = over_limit(&untrusted_signatures) {
            return Err(Reason::SignaturesInvalid { detail });
        }
        Ok(Self {
            manifest_digest: actual,
            untrusted_signatures,
        })
    }

    /// The signatures by their formats. One blob of an unknown format refuses the image.
    fn signatures(&self) -> Result<Vec<StoredSignature<'_>>, Reason> {
        (1_usize..)
            .zip(&self.untrusted_signatures)
            .map(|(signature, untrusted_blob)| {
                StoredSignature::parse(untrusted_blob).map_err(|error| {
                    Reason::SignatureFormatUnknown {
                        signature,
                        detail: error.to_string(),
                    }
                })
            })
            .collect()
    }
}

/// The instances of a list that [`Reason::InstanceNotInList`] repeats.
const INSTANCES_SHOWN: usize = 16;

/// Reads the list of a multi-architecture image, compares it with the digest in the image's name,
/// and looks the instance up in it. What the source says of the instance is believed in nothing.
fn find_in_list(
    source: &dyn Source,
    instance: &Digest,
    in_name: Option<&Digest>,
    report: &mut Report,
) -> Result<(), Reason> {
    let invalid = |detail| Reason::ListInvalid { detail };
    let list = source.list().map_err(|error| {
        let detail = error.detail();
        if error.is_about_content() {
            Reason::ListInvalid { detail }
        } else {
            Reason::ListUnreadable { detail }
        }
    })?;
    let Some(untrusted_list) = list else {
        return Err(Reason::ListMissing {
            instance: instance.clone(),
        });
    };
    let actual = manifest_digest(&untrusted_list).map_err(|error| invalid(error.to_string()))?;
    report.list_digest = Some(actual.clone());
    if let Some(demanded) = in_name.filter(|demanded| **demanded != actual) {
        return Err(Reason::ListDigestMismatch {
            demanded: demanded.clone(),
            actual,
        });
    }
    let list = ManifestList::parse(&untrusted_list).map_err(|error| invalid(error.to_string()))?;
    if list.names(instance) {
        return Ok(());
    }
    let named = list.untrusted_digests();
    Err(Reason::InstanceNotInList {
        instance: instance.clone(),
        list: actual,
        named: named.iter().take(INSTANCES_SHOWN).cloned().collect(),
        others: named.len().saturating_sub(INSTANCES_SHOWN),
    })
}

fn over_limit(untrusted_signatures: &[Cow<'_, [u8]>]) -> Option<String> {
    let count = untrusted_signatures.len();
    if count > SIGNATURE_COUNT_LIMIT {
        return Some(format!(
            "there are {count} signatures, and at most {SIGNATURE_COUNT_LIMIT} are read"
        ));
    }
    (1_usize..)
        .zip(untrusted_signatures)
        .find(|(_, blob)| blob.len() > SIGNATURE_SIZE_LIMIT)
        .map(|(number, _)| {
            format!("signature {number} is larger than {SIGNATURE_SIZE_LIMIT} bytes")
        })
}

/// Why an evaluation does not go on.
enum Stop {
    Refused(Reason),
    Engine(EngineError),
}

impl Stop {
    fn reason(&self) -> Reason {
        match self {
            Self::Refused(reason) => reason.clone(),
            Self::Engine(error) => error.into(),
        }
    }
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl MayBeOfEngine for Stop {
    fn engine_error(&self) -> Option<&EngineError> {
        match self {
            Self::Engine(error) => Some(error),
            Self::Refused(_) => None,
        }
    }
}

impl From<KeyProblem> for Stop {
    fn from(problem: KeyProblem) -> Self {
        match problem {
            KeyProblem::Refused(reason) => Self::Refused(reason),
            KeyProblem::Engine(error) => Self::Engine(error),
        }
    }
}

/// Judges one OpenPGP message, in this order: signature and key, payload, digest, identity.
fn judge(
    (requirement_number, signature_number): (usize, usize),
    untrusted_message: &[u8],
    keys: &LoadedKeys,
    requirement: &SignedBy,
    source: &dyn Source,
    manifest_digest: &Digest,
) -> Result<AcceptedSignature, Stop> {
    let proven = keys
        .keyring
        .verify(untrusted_message)
        .map_err(|error| match error {
            KeyringError::Refused(refusal) => Stop::Refused(refusal.into()),
            KeyringError::Failed(error) => Stop::Engine(error),
        })?;
    // An engine vouches for its keyring; a key that is not of this requirement's is still none.
    let key = keys
        .keys
        .iter()
        .find(|key| key.fingerprint == *proven.primary_key())
        .ok_or_else(|| crate::engine::Refusal::UnknownKey {
            issuers: vec![proven.primary_key().clone().into()],
        })
        .map_err(Reason::from)?;
    let payload = Payload::parse(proven.payload()).map_err(|error| Reason::PayloadInvalid {
        detail: error.to_string(),
    })?;
    if payload.manifest_digest != *manifest_digest {
        return Err(Stop::Refused(Reason::DigestMismatch {
            signed: payload.manifest_digest,
            actual: manifest_digest.clone(),
        }));
    }
    let rule = requirement.signed_identity();
    identity::check(
        rule,
        source.name().docker_reference(),
        &payload.docker_reference,
    )
    .map_err(|mismatch| {
        let signed = payload.docker_reference.clone();
        let rule = rule.type_name().to_owned();
        match mismatch {
            IdentityMismatch::NoImageIdentity => Reason::ImageHasNoIdentity { signed, rule },
            IdentityMismatch::Different { demanded, cause } => Reason::IdentityMismatch {
                signed,
                demanded: demanded.to_string(),
                rule,
                cause,
            },
        }
    })?;
    Ok(AcceptedSignature {
        requirement: requirement_number,
        signature: signature_number,
        primary_key: proven.primary_key().clone(),
        signing_key: proven.signing_key().clone(),
        key_origin: key.origin.clone(),
        manifest_digest: payload.manifest_digest,
        signed_reference: payload.docker_reference,
        signed_at: proven.signed_at(),
        creator: payload.creator,
        timestamp: payload.timestamp,
    })
}
