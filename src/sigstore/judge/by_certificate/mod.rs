//! Signatures by certificate: of Fulcio, with a log's time, and of other authorities, now.

use super::{ProvenPayload, ProvenSigner, required};
use crate::clock::Moment;
use crate::json::go::decode_base64;
use crate::sigstore::attachment::{Attachment, annotation};
use crate::sigstore::certificate::{Certificate, CertificatesError, Oid, SubjectKey, certificates};
use crate::sigstore::facts::{KeyId, KeyReference, LogEntry};
use crate::sigstore::identity::{check_oidc_issuer, names_of, workflow};
use crate::sigstore::log_entry::ProvenEntry;
use crate::sigstore::path::{Obstacle, PathError, ProvenPath, Search};
use crate::sigstore::pem;
use crate::sigstore::refusal::{CertificatePlace, SignatureDefect, SigstoreRefusal};
use crate::sigstore::signer::{AuthorityReference, CertificateSigner, CertificateTime};
use crate::sigstore::trust::{CertificateKind, CertificateTrust, TrustedPublicKey};
use crate::text::quote::Quoted;

/// Judges a signature by the authorities of a policy. It is accepted if and only if
///
/// - it has the annotations for the signature and for the signer's certificate;
/// - of Fulcio, one of the logs has signed the entry that the annotation for it holds, and the entry is of this signature over
///   this payload by this certificate;
/// - the certificates beside the signer's can be read, of which the last never counts, and the signer's is one;
/// - an authority vouches for it ([`Search`]): of Fulcio when the log recorded the signature, of others now;
/// - it names the OIDC issuer, of Fulcio, and the signer that the policy demands;
/// - the signature is base64, and the certificate's key has made it over this payload.
///
/// The type of the payload is not looked at ([`Attachment::is_cosign`]).
///
/// # Errors
///
/// [`SigstoreRefusal`] says which of these it is.
pub(crate) fn judge_by_certificate<'a>(
    attachment: &'a Attachment,
    trust: &CertificateTrust<'_>,
) -> Result<ProvenPayload<'a>, SigstoreRefusal> {
    let signature_text = required(attachment, annotation::SIGNATURE)?;
    let payload = attachment.payload.as_slice();
    let (log_entry, certificate_text) = match &trust.kind {
        CertificateKind::Fulcio { logs, .. } => {
            let entry_text = required(attachment, annotation::LOG_ENTRY)?;
            let certificate_text = required(attachment, annotation::CERTIFICATE)?;
            let recorded = Recorded {
                entry_text,
                certificate_text,
                signature_text,
                payload,
            };
            (Some(recorded.check(logs)?), certificate_text)
        }
        CertificateKind::Pki { .. } => (None, required(attachment, annotation::CERTIFICATE)?),
    };
    let chain = chain(attachment)?;
    let leaf = leaf(certificate_text)?;
    let (time, judged_by) = match (&trust.kind, &log_entry) {
        (CertificateKind::Pki { now, .. }, _) => (*now, CertificateTime::Clock),
        (CertificateKind::Fulcio { .. }, Some(entry)) => {
            (entry.integrated_time, CertificateTime::Log)
        }
        // It was demanded above.
        (CertificateKind::Fulcio { .. }, None) => {
            return Err(SigstoreRefusal::incomplete(annotation::LOG_ENTRY));
        }
    };
    let path = prove(&leaf, &chain, trust, time)
        .map_err(|error| SigstoreRefusal::of_path(error, time, judged_by))?;
    check_signer(path.leaf(), &trust.kind)?;
    check_signature(path.leaf(), signature_text, payload)?;
    let signer = signer(&path, trust, time, judged_by);
    Ok(ProvenPayload {
        payload,
        signer: ProvenSigner::Certificate(Box::new(signer)),
        log_entry,
    })
}

/// What an entry of a log has to be about.
struct Recorded<'a> {
    entry_text: &'a str,
    certificate_text: &'a str,
    signature_text: &'a str,
    payload: &'a [u8],
}

impl Recorded<'_> {
    /// That one of the logs has recorded this certificate, signature and payload: the certificate is compared by its DER, and
    /// nothing may follow it.
    fn check(&self, logs: &[TrustedPublicKey]) -> Result<LogEntry, SigstoreRefusal> {
        let entry = ProvenEntry::verify(self.entry_text, logs)?;
        let block = pem::last_block(self.certificate_text.as_bytes()).ok_or_else(|| {
            SigstoreRefusal::malformed_certificate(
                "it is not one block of PEM with nothing behind it",
            )
        })?;
        if !entry.records_key(&block.contents) {
            return Err(SigstoreRefusal::other_certificate());
        }
        let signature = decode_base64(self.signature_text)
            .map_err(|_| bad_signature(SignatureDefect::NotBase64, None))?;
        entry.check(&signature, self.payload)?;
        Ok(entry.into_log_entry())
    }
}

/// The certificates beside the signer's. The last is meant to be the root, and never counts.
fn chain(attachment: &Attachment) -> Result<Vec<Certificate>, SigstoreRefusal> {
    let text = attachment.annotation(annotation::CHAIN).unwrap_or_default();
    let mut chain =
        certificates(text.as_bytes()).map_err(|error| SigstoreRefusal::CertificateMalformed {
            place: CertificatePlace::Chain,
            detail: error.to_string(),
        })?;
    chain.pop();
    Ok(chain)
}

/// The signer's certificate, and no other beside it.
fn leaf(text: &str) -> Result<Certificate, SigstoreRefusal> {
    let read = certificates(text.as_bytes()).map_err(|error| match error {
        CertificatesError::Malformed { number: 1, error } => {
            SigstoreRefusal::malformed_certificate(error)
        }
        other => SigstoreRefusal::malformed_certificate(other),
    })?;
    <[Certificate; 1]>::try_from(read)
        .map(|[leaf]| leaf)
        .map_err(|other| {
            let detail = format!("there are {} certificates where one belongs", other.len());
            SigstoreRefusal::malformed_certificate(detail)
        })
}

/// Looks for the authority that vouches for a certificate, with those that come beside it. Each intermediate counts once: the policy's first, then those of
/// the chain.
pub(in crate::sigstore) fn prove<'a>(
    leaf: &'a Certificate,
    chain: &'a [Certificate],
    trust: &CertificateTrust<'a>,
    time: Moment,
) -> Result<ProvenPath<'a>, PathError> {
    let (of_policy, names_are_read) = match trust.kind {
        CertificateKind::Fulcio { .. } => (&[][..], true),
        CertificateKind::Pki { intermediates, .. } => (intermediates, false),
    };
    let mut known = std::collections::BTreeSet::new();
    let intermediates: Vec<&Certificate> = of_policy
        .iter()
        .chain(chain)
        .filter(|certificate| known.insert(certificate.der()))
        .collect();
    Search {
        roots: &trust.authorities.certificates,
        intermediates: &intermediates,
        time,
        names_are_read,
    }
    .prove(leaf)
}

/// That the certificate is of whom the policy names.
pub(in crate::sigstore) fn check_signer(
    certificate: &Certificate,
    kind: &CertificateKind<'_>,
) -> Result<(), SigstoreRefusal> {
    match kind {
        CertificateKind::Fulcio {
            oidc_issuer,
            subject,
            ..
        } => {
            check_oidc_issuer(certificate, oidc_issuer)?;
            subject.check(certificate)
        }
        CertificateKind::Pki { subjects, .. } => subjects
            .iter()
            .try_for_each(|subject| subject.check(certificate)),
    }
}

/// That the certificate's key has made the signature.
fn check_signature(
    certificate: &Certificate,
    signature_text: &str,
    payload: &[u8],
) -> Result<(), SigstoreRefusal> {
    let bad = |defect| Err(bad_signature(defect, Some(certificate)));
    let key = match certificate.key() {
        SubjectKey::Known(key) if key.is_usable() => key,
        SubjectKey::Known(_) | SubjectKey::Unknown(_) => return bad(SignatureDefect::UnusableKey),
    };
    match decode_base64(signature_text) {
        Err(_) => bad(SignatureDefect::NotBase64),
        Ok(signature) if key.verify(&signature, payload) => Ok(()),
        Ok(_) => bad(SignatureDefect::NotByCandidate),
    }
}

/// That a signature is not good which should be by the key of this certificate, if one is known.
pub(in crate::sigstore) fn bad_signature(
    defect: SignatureDefect,
    certificate: Option<&Certificate>,
) -> SigstoreRefusal {
    let candidate = certificate.map(|certificate| {
        let key_id = match certificate.key() {
            SubjectKey::Known(key) => key.key_id(),
            SubjectKey::Unknown(spki) => KeyId::of(spki),
        };
        KeyReference::new(key_id, "the signer's certificate")
    });
    SigstoreRefusal::BadSignature {
        defect,
        candidates: candidate.into_iter().collect(),
    }
}

/// What reports say of the signer.
pub(in crate::sigstore) fn signer(
    path: &ProvenPath<'_>,
    trust: &CertificateTrust<'_>,
    judged_at: Moment,
    judged_by: CertificateTime,
) -> CertificateSigner {
    let leaf = path.leaf();
    let (oidc_issuer, [build_signer_uri, source_repository]) = match trust.kind {
        CertificateKind::Fulcio { oidc_issuer, .. } => {
            (Some(oidc_issuer.to_owned()), workflow(leaf))
        }
        CertificateKind::Pki { .. } => (None, [None, None]),
    };
    CertificateSigner {
        subject: names_of(leaf),
        oidc_issuer,
        build_signer_uri,
        source_repository,
        serial: leaf.serial(),
        not_before: leaf.not_before(),
        not_after: leaf.not_after(),
        valid_until: path.first_to_end().not_after(),
        ends_first: path.first_to_end().title(),
        authority: AuthorityReference::new(path.authority().title(), &*trust.authorities.origin),
        judged_at,
        judged_by,
    }
}

impl SigstoreRefusal {
    /// Why there is no way from the signer's certificate to an authority.
    pub(in crate::sigstore) fn of_path(
        error: PathError,
        judged_at: Moment,
        judged_by: CertificateTime,
    ) -> Self {
        let untrusted = |certificate, detail| Self::CertificateUntrusted {
            certificate,
            detail,
            missing_issuer: None,
        };
        match error {
            PathError::Unhandled {
                certificate,
                extension,
            } => untrusted(
                certificate,
                format!(
                    "its extension {extension} is critical, and nobody here knows what it demands"
                ),
            ),
            PathError::NotValid {
                certificate,
                role,
                not_before,
                not_after,
            } => Self::CertificateExpired {
                certificate,
                role,
                not_before,
                not_after,
                judged_at,
                judged_by,
            },
            PathError::NotForCodeSigning {
                certificate,
                purposes,
            } => Self::CertificateNotForCodeSigning {
                certificate,
                purposes: purposes.iter().map(purpose).collect(),
            },
            PathError::NameForbidden {
                certificate,
                name,
                authority,
                detail,
            } => Self::CertificateNameForbidden {
                certificate,
                name,
                authority,
                detail,
            },
            PathError::NoIssuer {
                certificate,
                issuer,
                candidates,
            } => no_issuer(certificate, issuer, &candidates),
            PathError::Misplaced {
                certificate,
                detail,
            } => untrusted(certificate, detail.to_owned()),
            PathError::TooManyChecks { certificate } => untrusted(
                certificate,
                "there are more ways to an authority than are tried".to_owned(),
            ),
        }
    }
}

/// That no certificate at hand has issued one.
fn no_issuer(
    certificate: String,
    issuer: String,
    candidates: &[(String, Obstacle)],
) -> SigstoreRefusal {
    let (detail, missing_issuer) = if candidates.is_empty() {
        let detail = format!(
            "no certificate of its issuer {} is at hand",
            Quoted(&issuer)
        );
        (detail, Some(issuer))
    } else {
        let shown = candidates.iter().take(MAX_NAMED);
        let shown: Vec<String> = shown
            .map(|(title, obstacle)| format!("{} has not issued it: {obstacle}", Quoted(title)))
            .collect();
        (shown.join("; "), None)
    };
    SigstoreRefusal::CertificateUntrusted {
        certificate,
        detail,
        missing_issuer,
    }
}

/// What people call a purpose.
fn purpose(oid: &Oid) -> String {
    let known = PURPOSES.iter().find(|(encoding, _)| oid.is(encoding));
    known.map_or_else(|| oid.to_string(), |(_, name)| (*name).to_owned())
}

/// Names of purposes (RFC 5280, section 4.2.1.12).
const PURPOSES: [(&[u8], &str); 5] = [
    (&[0x2B, 6, 1, 5, 5, 7, 3, 1], "serverAuth"),
    (&[0x2B, 6, 1, 5, 5, 7, 3, 2], "clientAuth"),
    (&[0x2B, 6, 1, 5, 5, 7, 3, 4], "emailProtection"),
    (&[0x2B, 6, 1, 5, 5, 7, 3, 8], "timeStamping"),
    (&[0x2B, 6, 1, 5, 5, 7, 3, 9], "OCSPSigning"),
];

/// The most candidates that one sentence names.
const MAX_NAMED: usize = 3;

#[cfg(test)]
mod tests;
