//! The words where a signature of sigstore proves nothing.

use super::context::{Context, short};
use super::told::{Fault, Told};
use crate::text::quote::{Quoted, visible};
use crate::verdict::{
    CertificateRole, CertificateTime, KeyReference, LogEntryPart, NoTrustedTime, Reason,
    SignatureDefect, SigstoreRefusal,
};

/// The annotation with the entry of a log.
const LOG_ENTRY: &str = "dev.sigstore.cosign/bundle";

/// The most keys of the policy that are named.
const MAX_NAMED: usize = 3;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let Reason::Sigstore(refusal) = context.reason else {
        return None;
    };
    let fault = match refusal {
        SigstoreRefusal::NoTrustedTime {
            cause: NoTrustedTime::Future { .. },
        } => Fault::Image,
        SigstoreRefusal::SignatureIncomplete { .. }
        | SigstoreRefusal::LogEntryUnsupported { .. }
        | SigstoreRefusal::NoTrustedTime { .. }
        | SigstoreRefusal::SignatureWithoutIdentity
        | SigstoreRefusal::CertificateExpired {
            role: CertificateRole::Signer,
            ..
        }
        | SigstoreRefusal::CertificateNotForCodeSigning { .. }
        | SigstoreRefusal::CertificateNameForbidden { .. } => Fault::Signer,
        SigstoreRefusal::LogEntryUntrusted { .. }
        | SigstoreRefusal::UnusableKey { .. }
        | SigstoreRefusal::CertificateUntrusted { .. }
        | SigstoreRefusal::CertificateExpired { .. }
        | SigstoreRefusal::SignerMismatch { .. } => Fault::Policy,
        SigstoreRefusal::LogEntryMalformed { .. }
        | SigstoreRefusal::CertificateMalformed { .. }
        | SigstoreRefusal::LogEntryMismatch { .. }
        | SigstoreRefusal::BundleInvalid { .. }
        | SigstoreRefusal::BadSignature { .. } => Fault::Image,
    };
    let told = Told::new(fault, cause(refusal)).step(step(refusal));
    Some(match context.signature_name() {
        Some(name) => told.at(match keys(refusal) {
            Some(keys) => format!("{name}; {keys}"),
            None => name,
        }),
        None => told,
    })
}

/// What to do, where the room is short.
fn step(refusal: &SigstoreRefusal) -> String {
    match refusal {
        SigstoreRefusal::SignatureIncomplete { annotation } if annotation == LOG_ENTRY => {
            "have it signed and logged again (not with cosign's `--tlog-upload=false`)".to_owned()
        }
        SigstoreRefusal::LogEntryUntrusted { stated, logs } => {
            if logs.iter().any(|log| log.key_id.as_str() == stated) {
                "do not run it: the entry names a log of the policy, which has not signed it"
                    .to_owned()
            } else {
                "if you trust that log, add its key with `rekorPublicKeyPaths`; else do not run it"
                    .to_owned()
            }
        }
        SigstoreRefusal::LogEntryMismatch {
            part: LogEntryPart::Key,
            ..
        } => "do not run it unless you know its signer, whose key the policy does not trust"
            .to_owned(),
        SigstoreRefusal::LogEntryUnsupported { .. } => {
            "have it signed by cosign with `--new-bundle-format=false`, or by podman or skopeo"
                .to_owned()
        }
        SigstoreRefusal::CertificateUntrusted {
            missing_issuer: Some(_),
            ..
        } => "if you trust that authority, add its certificate to the policy; else do not run the image".to_owned(),
        SigstoreRefusal::CertificateExpired { role, judged_by, .. } => match (role, judged_by) {
            (CertificateRole::Signer, CertificateTime::Log) => {
                "have it signed again, and logged within the ten minutes that its certificate counts"
            }
            (CertificateRole::Signer, CertificateTime::Clock) => {
                "have it signed again by a valid certificate; if this one should be, check the clock"
            }
            (CertificateRole::Intermediate, CertificateTime::Log) => {
                "have it signed again by a certificate whose authorities are valid themselves"
            }
            (CertificateRole::Intermediate, CertificateTime::Clock) => {
                "add a valid one to the policy or the signature; if this should be one, check the clock"
            }
            (CertificateRole::Authority, CertificateTime::Log) => {
                "have it signed again, or add that authority's certificate of then to the policy"
            }
            (CertificateRole::Authority, CertificateTime::Clock) => {
                "add that authority's valid one to the policy; if this should be one, check the clock"
            }
        }
        .to_owned(),
        SigstoreRefusal::CertificateNameForbidden { .. } => {
            "do not run it; its authority has to issue a certificate with the names that it may".to_owned()
        }
        SigstoreRefusal::SignerMismatch { .. } => match refusal.member_for_signer() {
            Some((member, _)) => {
                format!("do not run it unless that is whom you expect: then write it as \"{member}\"")
            }
            None => visible(&refusal.remedy()),
        },
        other => visible(&other.remedy()),
    }
}

/// What happened, with the beginnings of keys' IDs.
fn cause(refusal: &SigstoreRefusal) -> String {
    match refusal {
        SigstoreRefusal::LogEntryUntrusted { stated, .. } => format!(
            "no Rekor log that the policy trusts has signed the log's entry, which says that it is of the log {}",
            beginning(stated)
        ),
        SigstoreRefusal::LogEntryMismatch {
            part: LogEntryPart::Key,
            recorded: Some(recorded),
            ..
        } => format!(
            "the Rekor log has recorded this signature as one by the key {}, which the policy does not trust",
            beginning(recorded)
        ),
        SigstoreRefusal::LogEntryMismatch { part, .. } => {
            format!("the log's entry beside this signature is that of another {part}")
        }
        // The keys are told beside it.
        SigstoreRefusal::BadSignature {
            defect: SignatureDefect::NotByCandidate,
            ..
        } => "the signature was not made over this payload by a trusted key".to_owned(),
        SigstoreRefusal::CertificateUntrusted {
            certificate,
            missing_issuer: Some(issuer),
            ..
        } => format!(
            "no certificate of {} is at hand, who has issued that of {}",
            Quoted(issuer),
            Quoted(certificate)
        ),
        other => visible(&other.to_string()),
    }
}

/// The keys that would have been good.
fn keys(refusal: &SigstoreRefusal) -> Option<String> {
    match refusal {
        SigstoreRefusal::LogEntryUntrusted { logs, .. } => Some(listed("logs", logs)),
        SigstoreRefusal::BadSignature { candidates, .. } => Some(listed("keys", candidates)),
        _ => None,
    }
}

/// `keys: 0123456789abcdef of /etc/pki/cosign.pub, and 2 more`.
fn listed(what: &str, keys: &[KeyReference]) -> String {
    let shown = keys.iter().take(MAX_NAMED);
    let shown: Vec<String> = shown
        .map(|key| format!("{} of {}", short(&key.key_id), visible(&key.origin)))
        .collect();
    match keys.len().saturating_sub(MAX_NAMED) {
        _ if keys.is_empty() => format!("{what}: none"),
        0 => format!("{what}: {}", shown.join(", ")),
        more => format!("{what}: {}, and {more} more", shown.join(", ")),
    }
}

/// The beginning of what may be the ID of a key.
fn beginning(stated: &str) -> String {
    match stated.get(..16) {
        Some(beginning) if stated.len() == 64 && stated.is_ascii() => Quoted(beginning).to_string(),
        _ => Quoted(stated).to_string(),
    }
}
