//! Whether a signature proves that somebody who is trusted signed its payload. Nothing is said of what the payload says.

mod by_certificate;

use super::attachment::{Attachment, annotation};
use super::facts::{KeyAlgorithm, KeyReference, LogEntry};
use super::log_entry::ProvenEntry;
use super::refusal::{SignatureDefect, SigstoreRefusal};
use super::signer::CertificateSigner;
use super::trust::{KeyTrust, TrustedPublicKey};
use crate::json::go::decode_base64;

pub(crate) use self::by_certificate::judge_by_certificate;
pub(super) use self::by_certificate::{
    bad_signature, check_signer, prove, signer as certificate_signer,
};

/// A payload that somebody trusted has signed. This folder alone makes one, after a verification.
#[derive(Clone, Debug)]
pub(crate) struct ProvenPayload<'a> {
    payload: &'a [u8],
    signer: ProvenSigner,
    log_entry: Option<LogEntry>,
}

/// Who has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ProvenSigner {
    /// A key of the policy.
    Key {
        /// Which of [`KeyTrust::keys`].
        index: usize,
        /// Which key it is, and its file.
        key: KeyReference,
        /// What it is for.
        algorithm: KeyAlgorithm,
    },
    /// The holder of a certificate.
    Certificate(Box<CertificateSigner>),
}

impl<'a> ProvenPayload<'a> {
    /// What was signed, octet for octet.
    pub(crate) fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Who signed it.
    pub(crate) fn signer(&self) -> &ProvenSigner {
        &self.signer
    }

    /// What a log has recorded of it, if the policy demands that.
    pub(crate) fn log_entry(&self) -> Option<&LogEntry> {
        self.log_entry.as_ref()
    }
}

/// Judges a signature by the keys of a policy. It is accepted if and only if
///
/// - it has the annotation for the signature, and that is base64;
/// - the policy names logs, and one of them has signed the entry that the annotation for it holds, and the entry is of this
///   signature over this payload by a key of the policy, which is then the only candidate; or the policy names none, and all
///   its keys are candidates;
/// - each candidate is of a kind that signs, and one of them has made this signature over this payload.
///
/// The type of the payload is not looked at ([`Attachment::is_cosign`]).
///
/// # Errors
///
/// [`SigstoreRefusal`] says which of these it is.
pub(crate) fn judge_by_keys<'a>(
    attachment: &'a Attachment,
    trust: &KeyTrust,
) -> Result<ProvenPayload<'a>, SigstoreRefusal> {
    let signature_text = required(attachment, annotation::SIGNATURE)?;
    let payload = attachment.payload.as_slice();
    let all = || trust.keys.iter().enumerate();
    let Some(logs) = &trust.logs else {
        let candidates: Vec<_> = all().collect();
        let signer = signer(&candidates, signature_text, payload)?;
        return Ok(ProvenPayload {
            payload,
            signer,
            log_entry: None,
        });
    };
    let entry = ProvenEntry::verify(required(attachment, annotation::LOG_ENTRY)?, logs)?;
    let candidate = recorded(all(), &entry)?;
    let signature = signature_octets(signature_text, &[candidate])?;
    entry.check(&signature, payload)?;
    Ok(ProvenPayload {
        payload,
        signer: signer(&[candidate], signature_text, payload)?,
        log_entry: Some(entry.into_log_entry()),
    })
}

/// A key with its place in the policy.
pub(super) type Candidate<'a> = (usize, &'a TrustedPublicKey);

/// The first key that the entry is about. A key whose kind Go cannot write as a `SubjectPublicKeyInfo`, DSA, ends the search.
fn recorded<'a>(
    keys: impl Iterator<Item = Candidate<'a>> + Clone,
    entry: &ProvenEntry,
) -> Result<Candidate<'a>, SigstoreRefusal> {
    for (index, trusted) in keys.clone() {
        if trusted.algorithm() == KeyAlgorithm::Dsa {
            return Err(unusable(trusted));
        }
        if entry.records_key(trusted.key.spki_der()) {
            return Ok((index, trusted));
        }
    }
    Err(entry.other_key(keys.map(|(_, trusted)| trusted.key.key_id())))
}

/// The candidate that has made the signature.
fn signer(
    candidates: &[Candidate<'_>],
    signature_text: &str,
    payload: &[u8],
) -> Result<ProvenSigner, SigstoreRefusal> {
    if let Some((_, trusted)) = candidates
        .iter()
        .find(|(_, trusted)| !trusted.key.is_usable())
    {
        return Err(unusable(trusted));
    }
    let signature = signature_octets(signature_text, candidates)?;
    let signer = candidates
        .iter()
        .find(|(_, trusted)| trusted.key.verify(&signature, payload));
    match signer {
        Some((index, trusted)) => Ok(ProvenSigner::Key {
            index: *index,
            key: trusted.reference(),
            algorithm: trusted.algorithm(),
        }),
        None => Err(bad(SignatureDefect::NotByCandidate, candidates)),
    }
}

fn signature_octets(text: &str, candidates: &[Candidate<'_>]) -> Result<Vec<u8>, SigstoreRefusal> {
    decode_base64(text).map_err(|_| bad(SignatureDefect::NotBase64, candidates))
}

fn required<'a>(attachment: &'a Attachment, name: &str) -> Result<&'a str, SigstoreRefusal> {
    let annotation = attachment.annotation(name);
    annotation.ok_or_else(|| SigstoreRefusal::incomplete(name))
}

pub(super) fn bad(defect: SignatureDefect, candidates: &[Candidate<'_>]) -> SigstoreRefusal {
    SigstoreRefusal::BadSignature {
        defect,
        candidates: candidates.iter().map(|(_, key)| key.reference()).collect(),
    }
}

pub(super) fn unusable(trusted: &TrustedPublicKey) -> SigstoreRefusal {
    SigstoreRefusal::UnusableKey {
        key: trusted.reference(),
        algorithm: trusted.algorithm(),
    }
}
