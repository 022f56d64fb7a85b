//! What the words of an answer are chosen by: the reason, and whatever the report has beside it.

use crate::clock::{Moment, for_people};
use crate::engine::TrustedKey;
use crate::fingerprint::Fingerprint;
use crate::policy::Span;
use crate::text::quote::visible;
use crate::verdict::{
    KeyId, Reason, Report, RequirementReport, SignatureReport, Signer, TrustedSigner,
};

/// The origin of keys that stand in the policy itself.
pub(super) const KEY_DATA: &str = "keyData";

/// A reason with the requirement and the signature that it is about.
pub(super) struct Context<'a> {
    pub(super) report: &'a Report,
    /// Why the image is refused.
    pub(super) reason: &'a Reason,
    /// The requirement that refused it, if one did.
    pub(super) requirement: Option<&'a RequirementReport>,
    /// The signature that tells most, if the reason is about one.
    pub(super) signature: Option<&'a SignatureReport>,
}

impl<'a> Context<'a> {
    /// Why an image is refused; none if it is accepted.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let reason = report.rejection.as_ref()?;
        let decided_by = report.decided_by();
        let requirement = decided_by.and_then(|decided_by| {
            report
                .requirements
                .get(decided_by.requirement.checked_sub(1)?)
        });
        let signature = decided_by.and_then(|decided_by| {
            requirement?
                .signatures
                .iter()
                .find(|signature| Some(signature.signature) == decided_by.signature)
        });
        Some(Self {
            report,
            reason,
            requirement,
            signature,
        })
    }

    /// The OpenPGP keys that the requirement trusts, if they were read.
    pub(super) fn trusted(&self) -> impl Iterator<Item = &'a TrustedKey> {
        self.requirement
            .into_iter()
            .flat_map(|requirement| &requirement.trusted_signers)
            .filter_map(TrustedSigner::openpgp)
    }

    /// The trusted key with this fingerprint.
    pub(super) fn key(&self, primary_key: &Fingerprint) -> Option<&'a TrustedKey> {
        self.trusted().find(|key| key.fingerprint == *primary_key)
    }

    /// `signature 1`, or what it is called where it is stored.
    pub(super) fn signature_name(&self) -> Option<String> {
        let signature = self.signature?;
        let number = signature.signature;
        Some(match &signature.name {
            Some(name) => format!("signature {number} ({})", visible(name)),
            None => format!("signature {number}"),
        })
    }

    /// Whether the signature that tells most is one of sigstore, by a trusted signer.
    pub(super) fn is_about_sigstore(&self) -> bool {
        let signer = self
            .signature
            .and_then(|signature| signature.signer.as_ref());
        matches!(
            signer,
            Some(Signer::SigstoreKey { .. } | Signer::Certificate(_))
        )
    }

    /// When the signatures were judged.
    pub(super) fn judged_at(&self) -> Option<Moment> {
        Some(self.report.engine.as_ref()?.judged_at)
    }
}

/// `"Owner <mail>" (16 digits)`, or the digits alone where the owner is not known.
pub(super) fn owner(key: Option<&TrustedKey>, primary_key: &Fingerprint) -> String {
    match key.and_then(|key| key.user_id.as_deref()) {
        Some(user_id) => format!("\"{}\" ({})", visible(user_id), primary_key.key_id()),
        None => primary_key.key_id().to_owned(),
    }
}

/// Who made an accepted signature.
pub(super) fn holder(report: &Report, signer: &Signer) -> String {
    match signer {
        Signer::OpenPgp { primary_key, .. } => {
            let key = report
                .requirements
                .iter()
                .flat_map(|requirement| &requirement.trusted_signers)
                .filter_map(TrustedSigner::openpgp)
                .find(|key| key.fingerprint == *primary_key);
            owner(key, primary_key)
        }
        // Such a key has no owner but the file that it is in.
        Signer::SigstoreKey {
            key_id, key_origin, ..
        } => format!("the key {} of {}", short(key_id), visible(key_origin)),
        Signer::Certificate(signer) => signer.to_string(),
    }
}

/// The first 16 digits of the ID of a key, which are enough for the eye.
pub(super) fn short(key_id: &KeyId) -> &str {
    key_id.as_str().get(..16).unwrap_or(key_id.as_str())
}

/// Where in the policy's text the requirement that decided is, or else the scope that applied.
fn place(report: &Report) -> Option<&Span> {
    let decided_by = report.decided_by();
    let index = decided_by.and_then(|decided_by| decided_by.requirement.checked_sub(1));
    let requirement = index.and_then(|index| report.requirements.get(index)?.place.as_ref());
    requirement.or(report.scope_place.as_ref())
}

/// `/etc/containers/policy.json:12, "registry.example", sha256:5c1e…`.
pub(super) fn policy_line(report: &Report) -> String {
    let origin = &report.policy;
    let mut line = match &origin.file {
        Some(file) => visible(&file.to_string_lossy()),
        None => origin.place.to_string(),
    };
    if let Some(place) = place(report) {
        line.push_str(&match origin.file {
            Some(_) => format!(":{}", place.start.line),
            None => format!(", line {}", place.start.line),
        });
    }
    line.push_str(&match (report.scope.transport(), report.scope.scope()) {
        (Some(transport), Some("")) => format!(", the default of {}", visible(transport)),
        (Some(_), Some(scope)) => format!(", \"{}\"", visible(scope)),
        _ => ", the default".to_owned(),
    });
    let count = report.requirements.len();
    if let Some(decided_by) = report.decided_by().filter(|_| count > 1) {
        line.push_str(&format!(
            ", {} of {count} that must all accept",
            decided_by.requirement
        ));
    }
    if let Some(digest) = &origin.digest {
        line.push_str(&format!(", {digest}"));
    }
    line
}

/// `sequoia, because gpgme does not work here [program-not-found]`; none if each engine that is built in works, or none was asked.
pub(super) fn skipped_engines(report: &Report) -> Option<String> {
    let engine = report.engine.as_ref()?;
    let skipped: Vec<String> = engine
        .skipped
        .iter()
        .map(|skipped| {
            format!(
                "{} does not work here [{}]",
                skipped.engine,
                skipped.cause.code()
            )
        })
        .collect();
    (!skipped.is_empty()).then(|| format!("{}, because {}", engine.name, skipped.join(" and ")))
}

/// A moment and how long ago it was: `2026-11-22T13:20:54Z, 3 days ago`.
pub(super) fn ago(then: Moment, now: Moment) -> String {
    format!("{then}, {} ago", for_people(now.distance(then)))
}
