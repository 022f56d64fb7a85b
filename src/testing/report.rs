//! Reports that nobody has found.

use super::FakeEngine;
use super::examples::sigstore::key_id;
use super::examples::{digest, key, now};
use crate::clock::Moment;
use crate::digest::Digest;
use crate::engine::{CryptoPolicy, Engine as _, TrustedKey};
use crate::fingerprint::Fingerprint;
use crate::image::ImageName;
use crate::policy::{MatchedScope, PolicyOrigin, PolicyPlace};
use crate::verdict::{
    AcceptedSignature, EngineReport, KeyAlgorithm, Note, Reason, Report, RequirementOutcome,
    RequirementReport, SignatureOutcome, SignatureReport, Signer, SigstoreKey, TrustedSigner,
    Warning,
};

/// A signer by the primary key of an OpenPGP certificate, which is trusted because of this key file.
#[must_use]
pub fn signer(primary_key: Fingerprint, key_origin: impl Into<String>) -> Signer {
    Signer::OpenPgp {
        signing_key: primary_key.clone(),
        primary_key,
        key_origin: key_origin.into(),
    }
}

/// A signer by a public key of sigstore, which is trusted because of this key file.
#[must_use]
pub fn sigstore_signer(key_origin: impl Into<String>) -> Signer {
    Signer::SigstoreKey {
        key_id: key_id(),
        algorithm: KeyAlgorithm::EcdsaP256,
        key_origin: key_origin.into(),
    }
}

/// Makes a [`Report`] as the verifier does, without asking anybody: **for tests alone.**
///
/// Each of [`signed_by`](Self::signed_by), [`accepted_unsigned`](Self::accepted_unsigned) and [`refused`](Self::refused)
/// adds a requirement of the policy with what it said. As in a policy all must accept, and after the first that does not,
/// none is evaluated. Without any, the policy rejects the image.
#[derive(Clone, Debug)]
#[must_use]
pub struct ReportBuilder {
    image: String,
    policy: PolicyOrigin,
    scope: MatchedScope,
    manifest: Digest,
    judged_at: Moment,
    keys: Vec<TrustedKey>,
    outcomes: Vec<Outcome>,
    notes: Vec<Note>,
    warnings: Vec<Warning>,
}

/// What one requirement said.
#[derive(Clone, Debug)]
enum Outcome {
    Unsigned,
    Signed(Signer),
    Refused(Reason),
}

impl ReportBuilder {
    /// A report on the image of this name, such as `docker://registry.example/app:1`.
    pub fn new(image: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            policy: PolicyOrigin::of(PolicyPlace::Code),
            scope: MatchedScope::Default,
            manifest: digest(),
            judged_at: now(),
            keys: Vec::new(),
            outcomes: Vec::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The policy is from there, as [`Policy::origin`](crate::Policy::origin) says; otherwise it was made in code.
    pub fn policy(mut self, origin: PolicyOrigin) -> Self {
        self.policy = origin;
        self
    }

    /// This entry of the policy applied; otherwise its default did.
    pub fn scope(mut self, scope: MatchedScope) -> Self {
        self.scope = scope;
        self
    }

    /// The image's manifest has this digest.
    pub fn manifest_digest(mut self, digest: Digest) -> Self {
        self.manifest = digest;
        self
    }

    /// It was judged at this time; otherwise on 2026-01-15, at noon, as in the examples of this module.
    pub fn judged_at(mut self, now: Moment) -> Self {
        self.judged_at = now;
        self
    }

    /// The requirements for signatures trust this key, too.
    pub fn trusted_key(mut self, key: TrustedKey) -> Self {
        self.keys.push(key);
        self
    }

    /// A requirement is satisfied by a signature of this signer, made at the time that was judged at.
    pub fn signed_by(mut self, signer: Signer) -> Self {
        self.outcomes.push(Outcome::Signed(signer));
        self
    }

    /// A requirement accepts the image without a signature.
    pub fn accepted_unsigned(mut self) -> Self {
        self.outcomes.push(Outcome::Unsigned);
        self
    }

    /// A requirement refuses the image for this reason. If it is one that speaks of a signature, there is one.
    pub fn refused(mut self, reason: Reason) -> Self {
        self.outcomes.push(Outcome::Refused(reason));
        self
    }

    /// A warning, which is kept if the image is accepted.
    pub fn warning(mut self, warning: Warning) -> Self {
        self.warnings.push(warning);
        self
    }

    /// A note.
    pub fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    /// The report.
    #[must_use]
    pub fn build(mut self) -> Report {
        if self.outcomes.is_empty() {
            self.outcomes
                .push(Outcome::Refused(Reason::RejectedByPolicy));
        }
        let mut report = self.report_on_nothing();
        for (number, outcome) in (1_usize..).zip(&self.outcomes) {
            let mut requirement = self.requirement(number, outcome);
            if report.rejection.is_some() {
                let not_evaluated = RequirementOutcome::NotEvaluated;
                requirement = RequirementReport::new(requirement.requirement, not_evaluated);
            } else if let Outcome::Refused(reason) = outcome {
                report.rejection = Some(reason.clone());
            }
            let mut signers = requirement.trusted_signers.iter();
            if signers.any(|signer| signer.openpgp().is_some()) {
                report.engine = Some(self.engine());
            }
            if !requirement.signatures.is_empty() {
                report.manifest_digest = Some(self.manifest.clone());
            }
            report.requirements.push(requirement);
        }
        report.notes = self.notes;
        if report.rejection.is_none() {
            report.warnings = self.warnings;
        }
        report
    }

    fn report_on_nothing(&self) -> Report {
        let name = ImageName::parse(&self.image).ok();
        let identity = name.as_ref().and_then(ImageName::policy_identity);
        let (policy, scope) = (self.policy.clone(), self.scope.clone());
        Report::new(self.image.clone(), identity, policy, scope)
    }
    /// What the `number`th requirement says.
    fn requirement(&self, number: usize, outcome: &Outcome) -> RequirementReport {
        match outcome {
            Outcome::Unsigned => RequirementReport::new(
                "insecureAcceptAnything".to_owned(),
                RequirementOutcome::AcceptedUnsigned,
            ),
            Outcome::Signed(signer) => self.signed(number, signer),
            Outcome::Refused(reason) => self.unsatisfied(reason),
        }
    }

    fn signed(&self, number: usize, signer: &Signer) -> RequirementReport {
        let name = ImageName::parse(&self.image).ok();
        let reference = name.as_ref().and_then(ImageName::docker_reference);
        let proof = AcceptedSignature {
            requirement: number,
            signature: 1,
            signer: signer.clone(),
            manifest_digest: self.manifest.clone(),
            signed_reference: Some(
                reference.map_or_else(|| self.image.clone(), ToString::to_string),
            ),
            payload_format: None,
            signed_at: Some(self.judged_at),
            expires: None,
            log_entry: None,
            creator: None,
            timestamp: None,
        };
        RequirementReport {
            signatures: vec![SignatureReport::new(
                1,
                SignatureOutcome::Accepted { proof },
            )],
            ..self.signed_by_trusted(Some(signer), RequirementOutcome::AcceptedSigned)
        }
    }

    fn unsatisfied(&self, reason: &Reason) -> RequirementReport {
        let outcome = RequirementOutcome::refused(reason.clone());
        match Subject::of(reason) {
            Subject::Demand => RequirementReport::new(
                "insecureAcceptAnything".to_owned(),
                RequirementOutcome::AcceptedUnsigned,
            ),
            Subject::Policy => RequirementReport::new("reject".to_owned(), outcome),
            Subject::Requirement => RequirementReport::new("sigstoreSigned".to_owned(), outcome),
            Subject::Image => RequirementReport::new(SIGNED_BY.to_owned(), outcome),
            Subject::Signature => RequirementReport {
                signatures: vec![SignatureReport::new(
                    1,
                    SignatureOutcome::refused(reason.clone()),
                )],
                ..self.signed_by_trusted(None, outcome)
            },
            Subject::SigstoreSignature => RequirementReport {
                signatures: vec![SignatureReport::new(
                    1,
                    SignatureOutcome::refused(reason.clone()),
                )],
                ..RequirementReport::new(SIGSTORE_SIGNED.to_owned(), outcome)
            },
            Subject::GoodSignature => {
                let signer = signer(key(), KEY_FILE);
                RequirementReport {
                    signatures: vec![SignatureReport {
                        signer: Some(signer.clone()),
                        signed_at: Some(self.judged_at),
                        ..SignatureReport::new(1, SignatureOutcome::refused(reason.clone()))
                    }],
                    ..self.signed_by_trusted(Some(&signer), outcome)
                }
            }
        }
    }

    /// A requirement that trusts the keys of the report, or the signer's.
    fn signed_by_trusted(
        &self,
        signer: Option<&Signer>,
        outcome: RequirementOutcome,
    ) -> RequirementReport {
        let mut keys = self.keys.clone();
        if let Some(Signer::SigstoreKey {
            key_id,
            algorithm,
            key_origin,
        }) = signer
        {
            let key = SigstoreKey::new(key_id.clone(), *algorithm, key_origin);
            return RequirementReport {
                trusted_signers: vec![TrustedSigner::SigstoreKey(key)],
                ..RequirementReport::new(SIGSTORE_SIGNED.to_owned(), outcome)
            };
        }
        if let Some(Signer::OpenPgp {
            primary_key,
            key_origin,
            ..
        }) = signer
        {
            if keys.iter().all(|key| key.fingerprint != *primary_key) {
                keys.push(TrustedKey::new(primary_key.clone(), key_origin.clone()));
            }
        }
        if keys.is_empty() {
            keys.push(TrustedKey::new(key(), KEY_FILE));
        }
        RequirementReport {
            trusted_signers: keys.into_iter().map(TrustedSigner::OpenPgp).collect(),
            ..RequirementReport::new(SIGNED_BY.to_owned(), outcome)
        }
    }

    fn engine(&self) -> EngineReport {
        let engine = FakeEngine::new();
        EngineReport {
            name: engine.name().to_owned(),
            version: engine.version(),
            crypto_policy: CryptoPolicy::Standard,
            judged_at: self.judged_at,
            skipped: Vec::new(),
        }
    }
}

/// The requirement that asks for signatures.
const SIGNED_BY: &str = "signedBy GPGKeys, keyPath /etc/keys/release.gpg, matchRepoDigestOrExact";

/// One that asks for signatures of sigstore.
const SIGSTORE_SIGNED: &str = "sigstoreSigned keyPath /etc/keys/cosign.pub, matchRepository";

/// Its key file.
const KEY_FILE: &str = "/etc/keys/release.gpg";

/// What a reason is about.
enum Subject {
    /// What the caller demands beside the policy.
    Demand,
    /// The requirement `reject`.
    Policy,
    /// A requirement that cannot be checked.
    Requirement,
    /// The image as a whole, or the keys.
    Image,
    /// A signature that is not good.
    Signature,
    /// A signature of sigstore that proves nothing.
    SigstoreSignature,
    /// A good signature by a trusted key that does not count.
    GoodSignature,
}

impl Subject {
    fn of(reason: &Reason) -> Self {
        match reason {
            Reason::UnsignedNotAllowed => Self::Demand,
            Reason::RejectedByPolicy => Self::Policy,
            Reason::UnsupportedRequirement { .. }
            | Reason::ForeignRejected { .. }
            | Reason::ForeignUndecided { .. } => Self::Requirement,
            Reason::Sigstore(_) => Self::SigstoreSignature,
            Reason::ListUnreadable { .. }
            | Reason::ListMissing { .. }
            | Reason::ListInvalid { .. }
            | Reason::ListDigestMismatch { .. }
            | Reason::InstanceNotInList { .. }
            | Reason::InstanceIsList { .. }
            | Reason::ManifestDigestMismatch { .. }
            | Reason::ManifestInvalid { .. }
            | Reason::ManifestUnreadable { .. }
            | Reason::DigestNotComparable { .. }
            | Reason::SignatureUnreadable { .. }
            | Reason::SignaturesInvalid { .. }
            | Reason::SignatureFormatUnknown { .. }
            | Reason::NoSignature { .. }
            | Reason::NoTrustedKey { .. }
            | Reason::UnsupportedKey { .. }
            | Reason::KeyUnreadable { .. }
            | Reason::KeyInvalid { .. }
            | Reason::CertificateAuthorityInvalid { .. }
            | Reason::ClockImplausible { .. } => Self::Image,
            Reason::EngineFailed { .. } | Reason::Refused(_) => Self::Signature,
            Reason::PayloadInvalid { .. }
            | Reason::DigestMismatch { .. }
            | Reason::IdentityMismatch { .. }
            | Reason::ImageHasNoIdentity { .. }
            | Reason::SignatureTooOld { .. }
            | Reason::RolledBack { .. } => Self::GoodSignature,
        }
    }
}
