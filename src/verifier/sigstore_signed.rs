//! One `sigstoreSigned` requirement: whether one of an image's sigstore signatures satisfies it.

mod bundle;

use std::sync::Arc;

use super::demands::Demands;
use super::keys::{KeyStore, LoadedFile, LoadedPublicKeys, changed};
use super::question::{Answer, ForSignatures, Question, Stop, Unsatisfied};
use super::warnings::Satisfied;
use crate::clock::Clock;
use crate::policy::{SignedIdentity, SigstoreKeys, SigstoreSigned, SigstoreTrust};
use crate::sigstore::attachment::Attachment;
use crate::sigstore::bundle::judge::judge_by_keys as bundle_by_keys;
use crate::sigstore::judge::{ProvenSigner, judge_by_keys};
use crate::sigstore::trust::KeyTrust;
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::payload::Payload;
use crate::verdict::{
    AcceptedSignature, KeySourceError, Note, PayloadFormat, Reason, RequirementOutcome, SignatureFormat, Signer,
    TrustSource, TrustedSigner,
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
        match self.requirement.trust() {
            SigstoreTrust::Keys {
                keys: signers,
                rekor,
            } => match self.load(keys, signers, rekor.as_ref()) {
                Ok(loaded) => self.ask_keys(&loaded, &keys.settings().clock),
                Err(error) => self.stopped(error.into()),
            },
            // Nobody asks: they are judged elsewhere.
            SigstoreTrust::Fulcio { .. } | SigstoreTrust::Pki(_) => {
                self.refused(Reason::UnsupportedRequirement {
                    what: "certificates of sigstore".to_owned(),
                })
            }
        }
    }

    /// All keys of the requirement: those of the signers first, then those of the logs. The first problem ends it.
    fn load(
        &self,
        store: &KeyStore,
        signers: &SigstoreKeys,
        rekor: Option<&SigstoreKeys>,
    ) -> Result<Loaded, KeySourceError> {
        let load = |source: TrustSource| store.load_public(&source, self.supplied_keys);
        Ok(Loaded {
            signers: load(TrustSource::Sigstore(signers.clone()))?,
            logs: rekor
                .map(|logs| load(TrustSource::RekorLogs(logs.clone())))
                .transpose()?,
        })
    }

    /// The answer by these keys.
    fn ask_keys(&self, keys: &Loaded, clock: &Clock) -> Answer {
        let trust = keys.trust();
        let (signatures, verdict) = self.judge_each(|number, untrusted_attachment| {
            self.judge_by_keys(number, untrusted_attachment, &trust, clock)
        });
        let mut answer = match verdict {
            Ok(proof) => Answer {
                warnings: self.satisfied(keys, &proof, clock).by_sigstore(),
                ..self.answer(RequirementOutcome::AcceptedSigned)
            },
            Err(stop) => self.stopped(stop),
        };
        if !answer.is_proof() {
            let files = keys.files();
            answer.notes = files
                .flat_map(changed)
                .map(|path| Note::KeyFileChanged { path })
                .collect();
        }
        answer.judged_at = clock.now().ok();
        let signers = keys.signers.told().into_iter();
        answer.report.trusted_signers = signers.map(TrustedSigner::SigstoreKey).collect();
        answer.report.signatures = signatures;
        answer
    }

    /// Judges one stored signature, the `number`th, in this order: the log's entry if one is demanded, signature and key,
    /// payload, digest, identity, age.
    fn judge_by_keys(
        &self,
        number: usize,
        untrusted_attachment: &Attachment,
        trust: &KeyTrust,
        clock: &Clock,
    ) -> Result<AcceptedSignature, Unsatisfied> {
        if !untrusted_attachment.is_cosign() {
            let untrusted_bundle = &untrusted_attachment.payload;
            return self.judge_bundle(number, untrusted_bundle, clock, |bundle, artifact, now| {
                bundle_by_keys(bundle, trust, artifact, now)
            });
        }
        let proven = judge_by_keys(untrusted_attachment, trust)
            .map_err(|refusal| Stop::from(Reason::from(refusal)))?;
        let signer = signer(proven.signer());
        let read = Payload::parse_sigstore(&proven);
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
        keys: &'s Loaded,
        proof: &'s AcceptedSignature,
        clock: &Clock,
    ) -> Satisfied<'s> {
        Satisfied {
            rule: self.requirement.signed_identity(),
            source: self.source,
            files: keys.files().flatten().collect(),
            proof,
            now: clock.now().ok(),
            demands: self.demands,
        }
    }
}

/// Who signed, for reports.
pub(super) fn signer(proven: &ProvenSigner) -> Signer {
    match proven {
        ProvenSigner::Key { key, algorithm, .. } => Signer::SigstoreKey {
            key_id: key.key_id.clone(),
            algorithm: *algorithm,
            key_origin: key.origin.clone(),
        },
    }
}

/// The keys of a requirement, as they were read.
struct Loaded {
    signers: Arc<LoadedPublicKeys>,
    /// Those of Rekor logs, if one has to have recorded the signature.
    logs: Option<Arc<LoadedPublicKeys>>,
}

impl Loaded {
    fn trust(&self) -> KeyTrust {
        KeyTrust {
            keys: self.signers.keys.clone(),
            logs: self.logs.as_ref().map(|logs| logs.keys.clone()),
        }
    }

    /// The files of each source.
    fn files(&self) -> impl Iterator<Item = &[LoadedFile]> {
        let sources = [Some(&self.signers), self.logs.as_ref()];
        sources
            .into_iter()
            .flatten()
            .map(|keys| keys.files.as_slice())
    }
}
