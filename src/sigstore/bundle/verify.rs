//! Who has signed something by a bundle, whatever policies say.

use serde::{Deserialize, Serialize};

use super::certificates::{Certificates, no_way};
use super::entry::verify_all;
use super::judge::{ProvenBundle, Stated, judge_by_keys, times_of};
use super::trust_root::{Authority, Timed, TrustRoot};
use super::{Bundle, Material};
use crate::clock::{Clock, ClockError, Moment};
use crate::digest::Digest;
use crate::sigstore::certificate::Certificate;
use crate::sigstore::facts::{KeyAlgorithm, KeyReference, LogEntry};
use crate::sigstore::identity::{names_of, oidc_issuer, workflow};
use crate::sigstore::judge::ProvenSigner;
use crate::sigstore::path::{PathError, ProvenPath, Search};
use crate::sigstore::refusal::{NoTrustedTime, SigstoreRefusal};
use crate::sigstore::signer::{AuthorityReference, CertificateSigner, CertificateTime};
use crate::sigstore::trust::KeyTrust;

/// What a bundle proves of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VerifiedBundle {
    /// Who signed.
    pub signer: BundleSigner,
    /// What logs have recorded of the signature, where they have signed when that was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_entries: Vec<LogEntry>,
    /// What kind of statement of the artifact was signed: a URI. None if it was the artifact itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// The names that the statement has for the artifact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// Who signed a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum BundleSigner {
    /// Somebody with a trusted key.
    #[non_exhaustive]
    Key {
        /// Which key it is, and its file.
        #[serde(flatten)]
        key: KeyReference,
        /// What it is for.
        algorithm: KeyAlgorithm,
    },
    /// Somebody with a certificate by a trusted authority. Who that is has to be compared: anybody gets one.
    Certificate(Box<CertificateSigner>),
}

/// Why a bundle proves nothing of an artifact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyBundleError {
    /// Nobody who is trusted has signed it, or not provably in time.
    #[error(transparent)]
    Refused(#[from] SigstoreRefusal),
    /// What was signed is not a statement.
    #[error("the signed data is not a valid statement: {detail}")]
    #[non_exhaustive]
    StatementInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The statement is of other artifacts.
    #[error("the statement is of other artifacts than {actual}")]
    #[non_exhaustive]
    OtherArtifact {
        /// The artifact's digest.
        actual: Digest,
    },
    /// The clock does not know the time, so that nobody can tell whether a log's is in the future.
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// Verifies a sigstore bundle over an artifact, such as the manifest of an image, by a trust root: who signed it, and what of it.
///
/// **It says who signed, and not whether that is who should have.** Compare the signer with whom you expect; anybody can sign
/// anything. For images under a policy, use a [`Verifier`](crate::Verifier).
///
/// The bundle is one of version 0.1 to 0.3, with a signature over the artifact itself or an in-toto statement of any kind that
/// names the artifact's SHA-256. Entries of trusted logs have to be about this signature, and at least one log has to have
/// signed when it recorded the signature, unless the trust root has no logs and the signature is by a key. A certificate is
/// judged at each of these times.
///
/// Nothing else is looked at: not the logs of certificates, and not timestamps by RFC 3161, so that entries of Rekor v2 prove
/// nothing here.
///
/// # Errors
///
/// [`VerifyBundleError`] if it proves nothing.
pub fn verify_bundle(
    bundle: &[u8],
    artifact: &[u8],
    trust_root: &TrustRoot,
    clock: &Clock,
) -> Result<VerifiedBundle, VerifyBundleError> {
    let bundle = Bundle::parse(bundle).map_err(SigstoreRefusal::invalid)?;
    let now = clock.now()?;
    let proven = match &bundle.material {
        Material::Key => {
            let trust = KeyTrust {
                keys: trust_root.keys.clone().into(),
                logs: trust_root.log_keys().map(Into::into),
            };
            judge_by_keys(&bundle, &trust, Some(artifact), now)?
        }
        Material::Certificate(_) | Material::Chain(..) => {
            judge_by_authorities(&bundle, trust_root, artifact, now)?
        }
    };
    trust_root.check_times(proven.log_entries())?;
    let stated = proven
        .stated()
        .map_err(|error| VerifyBundleError::StatementInvalid {
            detail: error.to_string(),
        })?;
    let (predicate_type, names) = match stated {
        Stated::Artifact => (None, Vec::new()),
        Stated::Statement(statement) => {
            let actual = Digest::of(artifact);
            let subjects = statement.names_of(&actual);
            if subjects.is_empty() {
                return Err(VerifyBundleError::OtherArtifact { actual });
            }
            let names = subjects.into_iter().flatten().map(str::to_owned);
            let names = names.collect();
            (Some(statement.predicate_type().to_owned()), names)
        }
    };
    Ok(VerifiedBundle {
        signer: match proven.signer() {
            ProvenSigner::Key { key, algorithm, .. } => BundleSigner::Key {
                key: key.clone(),
                algorithm: *algorithm,
            },
            ProvenSigner::Certificate(signer) => BundleSigner::Certificate(signer.clone()),
        },
        log_entries: proven.log_entries().to_vec(),
        predicate_type,
        names,
    })
}

/// Judges a bundle by its certificate, whoever that is about.
fn judge_by_authorities<'a>(
    bundle: &'a Bundle,
    trust_root: &TrustRoot,
    artifact: &[u8],
    now: Moment,
) -> Result<ProvenBundle<'a>, SigstoreRefusal> {
    let Certificates { leaf, chain } = Certificates::of(bundle)?;
    let message = bundle.message(Some(artifact))?;
    let logs = trust_root.log_keys().unwrap_or_default();
    let entries = verify_all(&bundle.entries, &bundle.content, &logs, now)?;
    let log_entries = bundle.log_entries(&entries, leaf.der(), &message)?;
    let mut signer = None;
    for time in times_of(&log_entries) {
        let of_time = trust_root.signer_at(&leaf, &chain, time)?;
        signer.get_or_insert(of_time);
    }
    let signer = signer.ok_or(SigstoreRefusal::NoTrustedTime {
        cause: NoTrustedTime::NoEntry,
    })?;
    bundle.check_by(&leaf, &message)?;
    Ok(ProvenBundle::by_certificate(bundle, signer, log_entries))
}

impl TrustRoot {
    /// That each log is trusted for the time at which it recorded the signature.
    fn check_times(&self, log_entries: &[LogEntry]) -> Result<(), SigstoreRefusal> {
        let logs = self.logs.as_deref().unwrap_or_default();
        let is_in_time = |entry: &&LogEntry| {
            logs.iter().any(|log| {
                log.trusted.key.key_id() == entry.log.key_id
                    && log.times.contain(entry.integrated_time)
            })
        };
        match log_entries.iter().find(|entry| !is_in_time(entry)) {
            None => Ok(()),
            Some(entry) => Err(SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::LogNotTrusted {
                    integrated_time: entry.integrated_time,
                },
            }),
        }
    }

    /// Whom the certificate is about, by an authority that was trusted at that time.
    fn signer_at(
        &self,
        leaf: &Certificate,
        chain: &[Certificate],
        time: Moment,
    ) -> Result<CertificateSigner, SigstoreRefusal> {
        let judged_by = CertificateTime::Log;
        let authorities = self.authorities.iter();
        let authorities = authorities.filter(|authority| authority.times.contain(time));
        let mut refusal = None;
        for Timed { trusted, .. } in authorities {
            match prove(leaf, chain, trusted, time) {
                Ok(path) => {
                    let [build_signer_uri, source_repository] = workflow(leaf);
                    return Ok(CertificateSigner {
                        subject: names_of(leaf),
                        oidc_issuer: oidc_issuer(leaf)?,
                        build_signer_uri,
                        source_repository,
                        serial: leaf.serial(),
                        not_before: leaf.not_before(),
                        not_after: leaf.not_after(),
                        valid_until: path.first_to_end().not_after(),
                        ends_first: path.first_to_end().title(),
                        authority: AuthorityReference::new(
                            path.authority().title(),
                            &*trusted.origin,
                        ),
                        judged_at: time,
                        judged_by,
                    });
                }
                Err(error) => refusal = Some(no_way(error, chain, time, judged_by)),
            }
        }
        Err(
            refusal.unwrap_or_else(|| SigstoreRefusal::CertificateUntrusted {
                certificate: leaf.title(),
                detail: format!(
                    "no authority is trusted for {time}, when the log recorded the signature"
                ),
                missing_issuer: None,
            }),
        )
    }
}

/// The way from a certificate to this authority.
fn prove<'a>(
    leaf: &'a Certificate,
    chain: &'a [Certificate],
    authority: &'a Authority,
    time: Moment,
) -> Result<ProvenPath<'a>, PathError> {
    let intermediates = authority.intermediates.iter().chain(chain);
    let intermediates: Vec<&Certificate> = intermediates.collect();
    let search = Search {
        roots: std::slice::from_ref(&authority.root),
        intermediates: &intermediates,
        time,
        names_are_read: true,
    };
    search.prove(leaf)
}
