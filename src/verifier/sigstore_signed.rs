//! One `sigstoreSigned` requirement: whether one of an image's sigstore signatures satisfies it.

mod bundle;

use std::sync::Arc;

use super::demands::Demands;
use super::keys::{KeyStore, LoadedCertificates, LoadedFile, LoadedPublicKeys, changed};
use super::question::{Answer, ForSignatures, Question, Stop, Unsatisfied};
use super::warnings::Satisfied;
use crate::clock::Clock;
use crate::engine::EngineError;
use crate::policy::{Fulcio, Pki, SignedIdentity, SigstoreKeys, SigstoreSigned, SigstoreTrust};
use crate::sigstore::SigstoreRefusal;
use crate::sigstore::attachment::Attachment;
use crate::sigstore::identity::Subject;
use crate::sigstore::judge::{ProvenPayload, ProvenSigner, judge_by_certificate, judge_by_keys};
use crate::sigstore::trust::{CertificateKind, CertificateTrust, KeyTrust};
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::payload::Payload;
use crate::verdict::{
    AcceptedSignature, KeySourceError, Note, PayloadFormat, Reason, RequirementOutcome,
    SignatureFormat, Signer, TrustSource, TrustedSigner,
};

impl ForSignatures for SigstoreSigned {
    const TYPE: &'static str = "sigstoreSigned";
    const FORMAT: SignatureFormat = SignatureFormat::Sigstore;

    type Signature = Attachment;

    fn signed_identity(&self) -> &SignedIdentity {
        self.signed_identity()
    }

    /// Attestations are no signatures of an image, and are passed over; so are bundles where the caller wants none.
    fn seen<'s>(stored: &'s StoredSignature<'_>, demands: &Demands) -> Option<&'s Attachment> {
        match stored {
            StoredSignature::Sigstore(attachment) => {
                let is_seen =
                    attachment.is_cosign() || bundle::is_seen(attachment, demands.sigstore_bundles);
                is_seen.then_some(attachment)
            }
            StoredSignature::SimpleSigning(_) => None,
        }
    }
}

impl Question<'_, SigstoreSigned> {
    /// The answer, in the order of containers/image: the signatures' presence, what is trusted, then each signature. No
    /// engine is asked.
    pub(super) fn ask(&self, keys: &KeyStore) -> Answer {
        if let Some(answer) = self.answer_without_signature() {
            return answer;
        }
        let loaded = match self.load(keys) {
            Ok(loaded) => loaded,
            Err(error) => return self.stopped(error.into()),
        };
        let clock = &keys.settings().clock;
        match (&loaded, self.requirement.trust()) {
            (
                Loaded::Certificates {
                    authorities, logs, ..
                },
                SigstoreTrust::Fulcio { fulcio, .. },
            ) => {
                let subject = Subject::Email(fulcio.subject_email().to_owned());
                let trust = CertificateTrust {
                    authorities: &authorities.trusted,
                    kind: CertificateKind::Fulcio {
                        logs: logs.as_ref().map_or(&[], |logs| &*logs.keys),
                        oidc_issuer: fulcio.oidc_issuer(),
                        subject: &subject,
                    },
                };
                self.ask_trust(&loaded, clock, Trust::Certificates(&trust))
            }
            (
                Loaded::Certificates {
                    authorities,
                    intermediates,
                    ..
                },
                SigstoreTrust::Pki(pki),
            ) => {
                let now = match clock.now() {
                    Ok(now) => now,
                    Err(error) => return self.stopped(EngineError::from(error).into()),
                };
                let subjects = subjects(pki);
                let intermediates = intermediates.as_ref();
                let trust = CertificateTrust {
                    authorities: &authorities.trusted,
                    kind: CertificateKind::Pki {
                        intermediates: intermediates
                            .map_or(&[], |loaded| loaded.trusted.certificates.as_slice()),
                        subjects: &subjects,
                        now,
                    },
                };
                self.ask_trust(&loaded, clock, Trust::Certificates(&trust))
            }
            _ => {
                let trust = loaded.key_trust();
                self.ask_trust(&loaded, clock, Trust::Keys(&trust))
            }
        }
    }

    /// What the requirement trusts, in the order of containers/image: keys or authorities first, then the keys of logs, then
    /// the certificates between. The first problem ends it.
    fn load(&self, store: &KeyStore) -> Result<Loaded, KeySourceError> {
        let keys = |source: TrustSource| store.load_public(&source, self.supplied_keys);
        let certificates =
            |source: TrustSource| store.load_certificates(&source, self.supplied_keys);
        let logs = |logs: &SigstoreKeys| keys(TrustSource::RekorLogs(logs.clone()));
        Ok(match self.requirement.trust() {
            SigstoreTrust::Keys {
                keys: signers,
                rekor,
            } => Loaded::Keys {
                signers: keys(TrustSource::Sigstore(signers.clone()))?,
                logs: rekor.as_ref().map(logs).transpose()?,
            },
            SigstoreTrust::Fulcio { fulcio, rekor } => Loaded::Certificates {
                authorities: certificates(authorities_of(fulcio))?,
                logs: Some(logs(rekor)?),
                intermediates: None,
            },
            SigstoreTrust::Pki(pki) => Loaded::Certificates {
                authorities: certificates(TrustSource::PkiRoots(pki.ca_roots().clone()))?,
                logs: None,
                intermediates: pki
                    .ca_intermediates()
                    .map(|between| certificates(TrustSource::PkiIntermediates(between.clone())))
                    .transpose()?,
            },
        })
    }

    /// The answer by what is trusted.
    fn ask_trust(&self, loaded: &Loaded, clock: &Clock, trust: Trust<'_>) -> Answer {
        let (signatures, verdict) = self.judge_each(|number, untrusted_attachment| {
            if !untrusted_attachment.is_cosign() {
                return self.judge_bundle(number, &untrusted_attachment.payload, trust, clock);
            }
            let proven = trust.judge(untrusted_attachment);
            let proven = proven.map_err(|refusal| Stop::from(Reason::from(refusal)))?;
            self.accept(number, &proven, clock)
        });
        let mut answer = match verdict {
            Ok(proof) => Answer {
                warnings: self.satisfied(loaded, &proof, clock).by_sigstore(),
                ..self.answer(RequirementOutcome::AcceptedSigned)
            },
            Err(stop) => self.stopped(stop),
        };
        if !answer.is_proof() {
            let files = loaded.files();
            answer.notes = files
                .flat_map(changed)
                .map(|path| Note::KeyFileChanged { path })
                .collect();
        }
        answer.judged_at = clock.now().ok();
        answer.report.trusted_signers = loaded.told();
        answer.report.signatures = signatures;
        answer
    }

    /// Judges what the `number`th signature is proven to be over, in this order: payload, digest, identity, age.
    fn accept(
        &self,
        number: usize,
        proven: &ProvenPayload<'_>,
        clock: &Clock,
    ) -> Result<AcceptedSignature, Unsatisfied> {
        let signer = signer(proven.signer());
        let read = Payload::parse_sigstore(proven);
        // Who signed says when; that the log has seen it makes no signature new.
        let signed_at = read.as_ref().ok().and_then(Payload::signed_at);
        let payload = self
            .payload_for_image(proven.payload(), read)
            .and_then(|payload| {
                self.demands.check_age_by(signed_at, clock)?;
                Ok(payload)
            })
            .map_err(|reason| Unsatisfied::though_made_by(signer.clone(), signed_at, reason))?;
        Ok(AcceptedSignature {
            requirement: self.number,
            signature: number,
            signer,
            manifest_digest: payload.manifest_digest,
            signed_reference: Some(payload.docker_reference),
            payload_format: Some(PayloadFormat::Annotations),
            signed_at,
            expires: None,
            log_entry: proven.log_entry().cloned(),
            creator: payload.creator,
            timestamp: payload.timestamp,
        })
    }

    /// What should be known about the image although this signature satisfies the requirement.
    fn satisfied<'s>(
        &'s self,
        loaded: &'s Loaded,
        proof: &'s AcceptedSignature,
        clock: &Clock,
    ) -> Satisfied<'s> {
        Satisfied {
            rule: self.requirement.signed_identity(),
            source: self.source,
            files: loaded.files().flatten().collect(),
            proof,
            now: clock.now().ok(),
            demands: self.demands,
        }
    }
}

/// By what signatures are judged.
#[derive(Clone, Copy)]
enum Trust<'a> {
    Keys(&'a KeyTrust),
    Certificates(&'a CertificateTrust<'a>),
}

impl Trust<'_> {
    /// Whether a signature that is stored with annotations proves its payload.
    fn judge<'s>(self, attachment: &'s Attachment) -> Result<ProvenPayload<'s>, SigstoreRefusal> {
        match self {
            Self::Keys(trust) => judge_by_keys(attachment, trust),
            Self::Certificates(trust) => judge_by_certificate(attachment, trust),
        }
    }
}

/// Who signed, for reports.
fn signer(proven: &ProvenSigner) -> Signer {
    match proven {
        ProvenSigner::Key { key, algorithm, .. } => Signer::SigstoreKey {
            key_id: key.key_id.clone(),
            algorithm: *algorithm,
            key_origin: key.origin.clone(),
        },
        ProvenSigner::Certificate(signer) => Signer::Certificate(signer.clone()),
    }
}

fn authorities_of(fulcio: &Fulcio) -> TrustSource {
    TrustSource::FulcioAuthorities(fulcio.ca().clone())
}

/// Whom a requirement with `pki` names: e-mail address first, then host.
fn subjects(pki: &Pki) -> Vec<Subject> {
    let email = pki.subject_email();
    let email = email.map(|email| Subject::Email(email.to_owned()));
    let host = pki.subject_hostname();
    let host = host.map(|host| Subject::HostName(host.to_owned()));
    email.into_iter().chain(host).collect()
}

/// What a requirement trusts, as it was read.
enum Loaded {
    Keys {
        signers: Arc<LoadedPublicKeys>,
        /// Those of Rekor logs, if one has to have recorded the signature.
        logs: Option<Arc<LoadedPublicKeys>>,
    },
    Certificates {
        authorities: Arc<LoadedCertificates>,
        logs: Option<Arc<LoadedPublicKeys>>,
        /// Those between signers and authorities.
        intermediates: Option<Arc<LoadedCertificates>>,
    },
}

impl Loaded {
    /// The keys that are trusted; none where authorities are.
    fn key_trust(&self) -> KeyTrust {
        match self {
            Self::Keys { signers, logs } => KeyTrust {
                keys: Arc::clone(&signers.keys),
                logs: logs.as_ref().map(|logs| Arc::clone(&logs.keys)),
            },
            Self::Certificates { .. } => KeyTrust {
                keys: Arc::default(),
                logs: None,
            },
        }
    }

    /// Who is trusted, for reports.
    fn told(&self) -> Vec<TrustedSigner> {
        match self {
            Self::Keys { signers, .. } => {
                let keys = signers.told().into_iter();
                keys.map(TrustedSigner::SigstoreKey).collect()
            }
            Self::Certificates { authorities, .. } => {
                let authorities = authorities.told().into_iter();
                authorities.map(TrustedSigner::Authority).collect()
            }
        }
    }

    /// The files of each source.
    fn files(&self) -> impl Iterator<Item = &[LoadedFile]> {
        let [first, logs, last] = match self {
            Self::Keys { signers, logs } => [
                Some(&signers.files),
                logs.as_ref().map(|logs| &logs.files),
                None,
            ],
            Self::Certificates {
                authorities,
                logs,
                intermediates,
            } => [
                Some(&authorities.files),
                logs.as_ref().map(|logs| &logs.files),
                intermediates.as_ref().map(|between| &between.files),
            ],
        };
        [first, logs, last].into_iter().flatten().map(Vec::as_slice)
    }
}
