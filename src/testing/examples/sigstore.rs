//! Why signatures of sigstore are refused, and by whom they are made.

use super::{all, digest, other_digest};
use crate::sigstore::{
    KeyAlgorithm, KeyId, KeyReference, LogEntryPart, SignatureDefect, SigstoreRefusal,
};

/// Where the examples have the key of a signer.
pub(in crate::testing) const COSIGN_KEY: &str = "/etc/pki/cosign.pub";

/// An example of each [`SigstoreRefusal`]: the "no" to a signature of sigstore.
#[must_use]
pub fn sigstore_refusals() -> Vec<SigstoreRefusal> {
    all(next)
}

/// The key of a signer.
pub(in crate::testing) fn key_id() -> KeyId {
    KeyId::of(b"a signer's key")
}

fn signer() -> KeyReference {
    KeyReference::new(key_id(), COSIGN_KEY)
}

fn log() -> KeyReference {
    KeyReference::new(KeyId::of(b"a log's key"), "/etc/pki/rekor.pub")
}

fn next(last: Option<&SigstoreRefusal>) -> Option<SigstoreRefusal> {
    let Some(last) = last else {
        return Some(SigstoreRefusal::SignatureIncomplete {
            annotation: "dev.sigstore.cosign/bundle".to_owned(),
        });
    };
    Some(match last {
        SigstoreRefusal::SignatureIncomplete { .. } => SigstoreRefusal::LogEntryMalformed {
            detail: "`SignedEntryTimestamp` is missing".to_owned(),
        },
        SigstoreRefusal::LogEntryMalformed { .. } => SigstoreRefusal::LogEntryUntrusted {
            stated: KeyId::of(b"another log's key").to_string(),
            logs: vec![log()],
        },
        SigstoreRefusal::LogEntryUntrusted { .. } => SigstoreRefusal::LogEntryMismatch {
            part: LogEntryPart::Payload,
            recorded: Some(other_digest().hex().to_owned()),
            expected: vec![digest().hex().to_owned()],
        },
        SigstoreRefusal::LogEntryMismatch { .. } => SigstoreRefusal::LogEntryUnsupported {
            what: "intoto 0.0.2".to_owned(),
        },
        SigstoreRefusal::LogEntryUnsupported { .. } => SigstoreRefusal::BadSignature {
            defect: SignatureDefect::NotByCandidate,
            candidates: vec![signer()],
        },
        SigstoreRefusal::BadSignature { .. } => SigstoreRefusal::UnusableKey {
            key: signer(),
            algorithm: KeyAlgorithm::X25519,
        },
        SigstoreRefusal::UnusableKey { .. } => return None,
    })
}
