//! Why signatures of sigstore are refused, and by whom they are made.

use super::{all, digest, other_digest};
use crate::clock::Moment;
use crate::verdict::{
    CertificatePlace, CertificateRole, CertificateTime, KeyAlgorithm, KeyId, KeyReference,
    LogEntryPart, NoTrustedTime, SignatureDefect, SignerPart, SigstoreRefusal, SubjectNames,
};

/// Where the examples have the key of a signer.
pub(in crate::testing) const COSIGN_KEY: &str = "/etc/pki/cosign.pub";

/// When the examples' certificates begin: 2026-01-15T12:00:00Z.
const BEGIN: u64 = 1_768_478_400;

/// An example of each [`SigstoreRefusal`]: the "no" to a signature of sigstore.
#[must_use]
pub fn sigstore_refusals() -> Vec<SigstoreRefusal> {
    all(next)
}

/// The key of a signer.
pub(crate) fn key_id() -> KeyId {
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
        SigstoreRefusal::LogEntryUnsupported { .. } => SigstoreRefusal::NoTrustedTime {
            cause: NoTrustedTime::Future {
                integrated_time: Moment::from_unix(BEGIN.saturating_add(3_600)),
                now: Moment::from_unix(BEGIN),
            },
        },
        SigstoreRefusal::NoTrustedTime { .. } => SigstoreRefusal::BundleInvalid {
            detail: "`verificationMaterial` must have exactly one of `publicKey`, `x509CertificateChain` and `certificate`"
                .to_owned(),
        },
        SigstoreRefusal::BundleInvalid { .. } => SigstoreRefusal::SignatureWithoutIdentity,
        SigstoreRefusal::SignatureWithoutIdentity => SigstoreRefusal::BadSignature {
            defect: SignatureDefect::NotByCandidate,
            candidates: vec![signer()],
        },
        SigstoreRefusal::BadSignature { .. } => SigstoreRefusal::UnusableKey {
            key: signer(),
            algorithm: KeyAlgorithm::X25519,
        },
        SigstoreRefusal::UnusableKey { .. } => SigstoreRefusal::CertificateMalformed {
            place: CertificatePlace::Signer,
            detail: "in its serial number, it is negative".to_owned(),
        },
        SigstoreRefusal::CertificateMalformed { .. } => SigstoreRefusal::CertificateUntrusted {
            certificate: "CN=build".to_owned(),
            detail: "no certificate of its issuer `CN=intermediate` is at hand".to_owned(),
            missing_issuer: Some("CN=intermediate".to_owned()),
        },
        SigstoreRefusal::CertificateUntrusted { .. } => SigstoreRefusal::CertificateExpired {
            certificate: "CN=build".to_owned(),
            role: CertificateRole::Signer,
            not_before: Moment::from_unix(BEGIN),
            not_after: Moment::from_unix(BEGIN.saturating_add(600)),
            judged_at: Moment::from_unix(BEGIN.saturating_add(660)),
            judged_by: CertificateTime::Log,
        },
        SigstoreRefusal::CertificateExpired { .. } => {
            SigstoreRefusal::CertificateNotForCodeSigning {
                certificate: "CN=build".to_owned(),
                purposes: vec!["serverAuth".to_owned()],
            }
        }
        SigstoreRefusal::CertificateNotForCodeSigning { .. } => {
            SigstoreRefusal::CertificateNameForbidden {
                certificate: "CN=build".to_owned(),
                name: "build@example.org".to_owned(),
                authority: "CN=intermediate".to_owned(),
                detail: "it permits others only".to_owned(),
            }
        }
        SigstoreRefusal::CertificateNameForbidden { .. } => SigstoreRefusal::SignerMismatch {
            part: SignerPart::Email,
            expected: "release@example.org".to_owned(),
            oidc_issuers: Vec::new(),
            names: Box::new(SubjectNames {
                emails: vec!["build@example.org".to_owned()],
                ..SubjectNames::default()
            }),
        },
        SigstoreRefusal::SignerMismatch { .. } => return None,
    })
}
