//! One `signedBy` requirement: whether one of an image's OpenPGP signatures satisfies it.

use std::sync::Arc;

use super::demands::Demands;
use super::keys::{KeyStore, LoadedKeys};
use super::question::{Answer, ForSignatures, Question, Stop, Unsatisfied};
use super::warnings::Satisfied;
use crate::clock::{ClockError, Moment};
use crate::engine::{EngineError, Proven, Refusal, Selection, Settings};
use crate::policy::{SignedBy, SignedIdentity};
use crate::simple_signing::blob::StoredSignature;
use crate::simple_signing::payload::Payload;
use crate::verdict::{
    AcceptedSignature, EngineReport, Note, Reason, RequirementOutcome, SignatureFormat, Signer,
    SkippedEngine, TrustedSigner, Warning,
};

impl ForSignatures for SignedBy {
    const TYPE: &'static str = "signedBy";
    const FORMAT: SignatureFormat = SignatureFormat::SimpleSigning;

    /// An OpenPGP message.
    type Signature = [u8];

    fn signed_identity(&self) -> &SignedIdentity {
        self.signed_identity()
    }

    fn seen<'s>(stored: &'s StoredSignature<'_>, _demands: &Demands) -> Option<&'s [u8]> {
        match stored {
            StoredSignature::SimpleSigning(message) => Some(message),
            StoredSignature::Sigstore(_) => None,
        }
    }
}

impl Question<'_, SignedBy> {
    /// The answer, in the order of containers/image: the signatures' presence, the keys, then each
    /// signature. The last two by the first engine that does not fail.
    pub(super) fn ask(&self, keys: &KeyStore) -> Answer {
        if let Some(answer) = self.answer_without_signature() {
            return answer;
        }
        keys.engines()
            .try_each_at_work(
                |selection| self.ask_engine(keys, selection),
                Answer::is_proof,
            )
            .unwrap_or_else(|error| self.stopped(error.into()))
    }

    /// The answer of one engine.
    fn ask_engine(&self, keys: &KeyStore, selection: &Arc<Selection>) -> Answer {
        let engine = match engine_report(selection, keys.settings()) {
            Ok(engine) => engine,
            Err(error) => return self.stopped(EngineError::from(error).into()),
        };
        let now = engine.judged_at;
        let engine = Some(engine);
        let keys = match keys.load(self.requirement.keys(), selection, self.supplied_keys) {
            Ok(keys) => keys,
            Err(error) => {
                return Answer {
                    engine,
                    judged_at: Some(now),
                    ..self.stopped(error.into())
                };
            }
        };
        let (signatures, verdict) = self.judge_each(|number, untrusted_message| {
            self.judge(number, untrusted_message, &keys, now)
        });
        let mut answer = match verdict {
            Ok(proof) => Answer {
                warnings: self.warnings(&keys, &proof, now),
                ..self.answer(RequirementOutcome::AcceptedSigned)
            },
            Err(stop) => self.stopped(stop),
        };
        if !answer.is_proof() {
            answer.notes = keys
                .changed_files()
                .map(|path| Note::KeyFileChanged { path })
                .collect();
        }
        answer.engine = engine;
        answer.judged_at = Some(now);
        answer.report.trusted_signers = keys
            .keys
            .iter()
            .cloned()
            .map(TrustedSigner::OpenPgp)
            .collect();
        answer.report.key_warnings.clone_from(&keys.warnings);
        answer.report.signatures = signatures;
        answer
    }

    /// Judges one OpenPGP message, the `number`th signature, in this order: signature and key, payload, digest,
    /// identity, age.
    fn judge(
        &self,
        number: usize,
        untrusted_message: &[u8],
        keys: &LoadedKeys,
        now: Moment,
    ) -> Result<AcceptedSignature, Unsatisfied> {
        let proven = keys.keyring.verify(untrusted_message).map_err(Stop::from)?;
        // An engine vouches for its keyring; a key that is not of this requirement's is still none.
        let key = keys
            .keys
            .iter()
            .find(|key| key.fingerprint == *proven.primary_key())
            .ok_or_else(|| Refusal::UnknownKey {
                issuers: vec![proven.primary_key().clone().into()],
            })
            .map_err(|refusal| Stop::from(Reason::from(refusal)))?;
        let signer = Signer::OpenPgp {
            primary_key: proven.primary_key().clone(),
            signing_key: proven.signing_key().clone(),
            key_origin: key.origin.clone(),
        };
        let payload = self.proven_payload(&proven, now).map_err(|reason| {
            Unsatisfied::though_made_by(signer.clone(), proven.signed_at(), reason)
        })?;
        Ok(AcceptedSignature {
            requirement: self.number,
            signature: number,
            signer,
            manifest_digest: payload.manifest_digest,
            signed_reference: Some(payload.docker_reference),
            payload_format: None,
            signed_at: proven.signed_at(),
            expires: proven.signature_expires(),
            log_entry: None,
            creator: payload.creator,
            timestamp: payload.timestamp,
        })
    }

    /// What a trusted key has signed, if it is for this image, and not too old for the caller.
    fn proven_payload(&self, proven: &Proven, now: Moment) -> Result<Payload, Reason> {
        let payload = self.payload_for_image(proven.payload(), Payload::parse(proven))?;
        self.demands.check_age(proven.signed_at(), now)?;
        Ok(payload)
    }

    /// What should be known about the image although this signature satisfies the requirement.
    fn warnings(&self, keys: &LoadedKeys, proof: &AcceptedSignature, now: Moment) -> Vec<Warning> {
        Satisfied {
            rule: self.requirement.signed_identity(),
            source: self.source,
            files: keys.files.iter().collect(),
            proof,
            now: Some(now),
            demands: self.demands,
        }
        .by_openpgp(&keys.keys, now)
    }
}

fn engine_report(selection: &Selection, settings: &Settings) -> Result<EngineReport, ClockError> {
    let judged_at = settings.clock.now()?;
    let engine = &selection.engine;
    Ok(EngineReport {
        name: engine.name().to_owned(),
        version: engine.version(),
        crypto_policy: settings.crypto_policy,
        judged_at,
        skipped: selection
            .skipped
            .iter()
            .filter_map(SkippedEngine::from_diagnosis)
            .collect(),
    })
}
