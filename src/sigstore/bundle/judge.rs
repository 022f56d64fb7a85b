//! Whether a bundle proves that somebody who is trusted signed an artifact, or a statement.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::certificates::{Certificates, no_way};
use super::entry::{ProvenEntry, verify_all};
use super::signature::{pre_authentication_encoding, verify};
use super::statement::{Statement, StatementError};
use super::{Bundle, Content, Envelope, Material};
use crate::clock::Moment;
use crate::digest::Digest;
use crate::sigstore::certificate::{Certificate, SubjectKey};
use crate::sigstore::facts::{KeyAlgorithm, KeyId, LogEntry};
use crate::sigstore::judge::{
    Candidate, ProvenSigner, bad, bad_signature, certificate_signer, check_signer, prove, unusable,
};
use crate::sigstore::refusal::{NoTrustedTime, SignatureDefect, SigstoreRefusal};
use crate::sigstore::signer::{CertificateSigner, CertificateTime};
use crate::sigstore::trust::{CertificateKind, CertificateTrust, KeyTrust};
use crate::text::hex;

/// A bundle whose signature somebody trusted has made. This file and [`verify`](super::verify) alone make one, after a
/// verification.
#[derive(Clone, Debug)]
pub(crate) struct ProvenBundle<'a> {
    signed: Signed<'a>,
    signer: ProvenSigner,
    log_entries: Vec<LogEntry>,
}

/// What was signed.
#[derive(Clone, Copy, Debug)]
enum Signed<'a> {
    /// The artifact itself.
    Artifact,
    /// This payload.
    Envelope(&'a Envelope),
}

/// What a signer states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    /// That the artifact is as it is: it was signed octet for octet, and has no name.
    Artifact,
    /// This.
    Statement(Statement),
}

impl<'a> ProvenBundle<'a> {
    /// A bundle that was verified by its certificate, which is this signer's.
    pub(super) fn by_certificate(
        bundle: &'a Bundle,
        signer: CertificateSigner,
        log_entries: Vec<LogEntry>,
    ) -> Self {
        Self {
            signed: bundle.signed(),
            signer: ProvenSigner::Certificate(Box::new(signer)),
            log_entries,
        }
    }

    /// Who signed.
    pub(crate) fn signer(&self) -> &ProvenSigner {
        &self.signer
    }

    /// What trusted logs have recorded of the signature, where the log has signed when that was; none where logs were not to be
    /// asked.
    pub(crate) fn log_entries(&self) -> &[LogEntry] {
        &self.log_entries
    }

    /// What the signer states.
    ///
    /// # Errors
    ///
    /// [`StatementError`] if it is not a statement.
    pub(crate) fn stated(&self) -> Result<Stated, StatementError> {
        match self.signed {
            Signed::Artifact => Ok(Stated::Artifact),
            Signed::Envelope(envelope) => envelope.statement().map(Stated::Statement),
        }
    }
}

/// Judges a bundle over this artifact, whose bytes may be unknown, by the keys of a policy. It is accepted if and only if
///
/// - it is to be verified by a key, and not by a certificate;
/// - the policy names logs, all entries of these logs are what they have signed and about this signature over this payload by
///   a key of the policy, which is then the only candidate, and of at least one a log has signed when it was recorded; or the
///   policy names none, and all its keys are candidates;
/// - each candidate is of a kind that signs, and one of them has made this signature.
///
/// # Errors
///
/// [`SigstoreRefusal`] says which of these it is.
pub(crate) fn judge_by_keys<'a>(
    bundle: &'a Bundle,
    trust: &KeyTrust,
    artifact: Option<&[u8]>,
    now: Moment,
) -> Result<ProvenBundle<'a>, SigstoreRefusal> {
    let all: Vec<Candidate<'_>> = trust.keys.iter().enumerate().collect();
    if bundle.material != Material::Key {
        return Err(bad(SignatureDefect::ByCertificate, &all));
    }
    let message = bundle.message(artifact)?;
    let Some(logs) = &trust.logs else {
        return Ok(ProvenBundle {
            signed: bundle.signed(),
            signer: signer(&all, bundle, &message)?,
            log_entries: Vec::new(),
        });
    };
    let entries = verify_all(&bundle.entries, &bundle.content, logs, now)?;
    let candidate = recorded(&all, &entries)?;
    let log_entries = bundle.log_entries(&entries, candidate.1.key.spki_der(), &message)?;
    Ok(ProvenBundle {
        signed: bundle.signed(),
        signer: signer(&[candidate], bundle, &message)?,
        log_entries,
    })
}

/// Judges a bundle over this artifact, whose bytes may be unknown, by the authorities of a policy. It is accepted if and only if
///
/// - it has the signer's certificate;
/// - of Fulcio, all entries of the policy's logs are what they have signed and about this signature over this payload by this
///   certificate, and of at least one a log has signed when it was recorded;
/// - an authority vouches for the certificate: of Fulcio at each of these times, of others now;
/// - it names the OIDC issuer, of Fulcio, and the signer that the policy demands;
/// - its key has made the signature.
///
/// # Errors
///
/// [`SigstoreRefusal`] says which of these it is.
pub(crate) fn judge_by_certificate<'a>(
    bundle: &'a Bundle,
    trust: &CertificateTrust<'_>,
    artifact: Option<&[u8]>,
    now: Moment,
) -> Result<ProvenBundle<'a>, SigstoreRefusal> {
    let Certificates { leaf, chain } = Certificates::of(bundle)?;
    let message = bundle.message(artifact)?;
    let log_entries = match &trust.kind {
        CertificateKind::Fulcio { logs, .. } => {
            let entries = verify_all(&bundle.entries, &bundle.content, logs, now)?;
            bundle.log_entries(&entries, leaf.der(), &message)?
        }
        CertificateKind::Pki { .. } => Vec::new(),
    };
    let (times, judged_by) = match &trust.kind {
        CertificateKind::Fulcio { .. } => (times_of(&log_entries), CertificateTime::Log),
        CertificateKind::Pki { now, .. } => (BTreeSet::from([*now]), CertificateTime::Clock),
    };
    let mut signer = None;
    for time in times {
        let path = prove(&leaf, &chain, trust, time)
            .map_err(|error| no_way(error, &chain, time, judged_by))?;
        signer.get_or_insert_with(|| certificate_signer(&path, trust, time, judged_by));
    }
    let signer = signer.ok_or(SigstoreRefusal::NoTrustedTime {
        cause: NoTrustedTime::NoEntry,
    })?;
    check_signer(&leaf, &trust.kind)?;
    bundle.check_by(&leaf, &message)?;
    Ok(ProvenBundle::by_certificate(bundle, signer, log_entries))
}

/// When logs recorded the signature, each time once: looking for an authority takes long.
pub(super) fn times_of(log_entries: &[LogEntry]) -> BTreeSet<Moment> {
    let times = log_entries.iter().map(|entry| entry.integrated_time);
    times.collect()
}

/// What a signature is over.
pub(super) struct Message<'a> {
    /// The octets whose digest a log records.
    recorded: &'a [u8],
    /// The octets that are signed.
    signed: Cow<'a, [u8]>,
}

/// The first key that an entry is about. As with annotations, a key for DSA ends the search.
fn recorded<'a>(
    keys: &[Candidate<'a>],
    entries: &[ProvenEntry],
) -> Result<Candidate<'a>, SigstoreRefusal> {
    for (index, trusted) in keys {
        if trusted.algorithm() == KeyAlgorithm::Dsa {
            return Err(unusable(trusted));
        }
        let der = trusted.key.spki_der();
        if entries.iter().any(|entry| entry.body().key() == der) {
            return Ok((*index, trusted));
        }
    }
    let first = entries.first().map_or(&[][..], |entry| entry.body().key());
    let trusted = keys.iter().map(|(_, trusted)| trusted.key.key_id());
    Err(SigstoreRefusal::other_key(KeyId::of(first), trusted))
}

/// The candidate that has made the signature.
fn signer(
    candidates: &[Candidate<'_>],
    bundle: &Bundle,
    message: &Message<'_>,
) -> Result<ProvenSigner, SigstoreRefusal> {
    let unusable_one = candidates
        .iter()
        .find(|(_, trusted)| !trusted.key.is_usable());
    if let Some((_, trusted)) = unusable_one {
        return Err(unusable(trusted));
    }
    let signature = bundle.signature();
    let signer = candidates
        .iter()
        .find(|(_, trusted)| verify(&trusted.key, signature, &message.signed));
    match signer {
        Some((index, trusted)) => Ok(ProvenSigner::Key {
            index: *index,
            key: trusted.reference(),
            algorithm: trusted.algorithm(),
        }),
        None => {
            let algorithms = candidates.iter().map(|(_, trusted)| trusted.algorithm());
            Err(bad(bundle.defect(algorithms), candidates))
        }
    }
}

impl Bundle {
    fn signed(&self) -> Signed<'_> {
        match &self.content {
            Content::Message { .. } => Signed::Artifact,
            Content::Envelope(envelope) => Signed::Envelope(envelope),
        }
    }

    fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } => signature,
            Content::Envelope(envelope) => &envelope.signature,
        }
    }

    /// What the signature is over, of this artifact: its bytes, if they are known.
    pub(super) fn message<'a>(
        &'a self,
        artifact: Option<&'a [u8]>,
    ) -> Result<Message<'a>, SigstoreRefusal> {
        let digest = match &self.content {
            Content::Message { digest, .. } => digest,
            Content::Envelope(Envelope {
                payload_type,
                payload,
                ..
            }) => {
                let signed = pre_authentication_encoding(payload_type, payload);
                return Ok(Message {
                    recorded: payload,
                    signed: signed.into(),
                });
            }
        };
        let artifact = artifact.ok_or_else(|| {
            SigstoreRefusal::invalid(
                "its signature is over the bytes of what it signs, of which only the digest is known here",
            )
        })?;
        // What the bundle says of its artifact proves nothing, but it is sooner known.
        if let Some(stated) = digest {
            let actual = Digest::by(stated.algorithm, artifact);
            if hex::lower(&stated.octets) != actual.hex() {
                return Err(SigstoreRefusal::invalid(format!(
                    "its `messageDigest` is not the digest of what it should be over, {actual}"
                )));
            }
        }
        Ok(Message {
            recorded: artifact,
            signed: artifact.into(),
        })
    }

    /// The entries with a time, if all are about this signature, over this payload, by the key or certificate with this DER.
    pub(super) fn log_entries(
        &self,
        entries: &[ProvenEntry],
        der: &[u8],
        message: &Message<'_>,
    ) -> Result<Vec<LogEntry>, SigstoreRefusal> {
        for entry in entries {
            let body = entry.body();
            if body.key() != der {
                return Err(match self.material {
                    Material::Key => {
                        SigstoreRefusal::other_key(KeyId::of(body.key()), [KeyId::of(der)])
                    }
                    Material::Certificate(_) | Material::Chain(..) => {
                        SigstoreRefusal::other_certificate()
                    }
                });
            }
            body.check(self.signature(), message.recorded)?;
        }
        let with_time = entries.iter().filter_map(ProvenEntry::log_entry);
        let log_entries: Vec<LogEntry> = with_time.cloned().collect();
        if log_entries.is_empty() {
            return Err(SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::NoPromise,
            });
        }
        Ok(log_entries)
    }

    /// That the key of this certificate has made the signature.
    pub(super) fn check_by(
        &self,
        certificate: &Certificate,
        message: &Message<'_>,
    ) -> Result<(), SigstoreRefusal> {
        let bad = |defect| Err(bad_signature(defect, Some(certificate)));
        match certificate.key() {
            SubjectKey::Known(key) if key.is_usable() => {
                if verify(key, self.signature(), &message.signed) {
                    Ok(())
                } else {
                    bad(self.defect([key.algorithm()]))
                }
            }
            SubjectKey::Known(_) | SubjectKey::Unknown(_) => bad(SignatureDefect::UnusableKey),
        }
    }

    /// What may be wrong where none of the candidates, keys of these algorithms, has made the signature.
    fn defect(&self, candidates: impl IntoIterator<Item = KeyAlgorithm>) -> SignatureDefect {
        let mut candidates = candidates.into_iter();
        let is_message = matches!(self.content, Content::Message { .. });
        if is_message && candidates.any(|algorithm| algorithm == KeyAlgorithm::Ed25519) {
            SignatureDefect::MayBeEd25519ph
        } else {
            SignatureDefect::NotByCandidate
        }
    }
}
