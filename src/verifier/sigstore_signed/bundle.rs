//! Signatures that are stored as sigstore bundles: whether one counts for an image.

use super::{Trust, signer};
use crate::clock::Clock;
use crate::digest::Digest;
use crate::engine::EngineError;
use crate::policy::SigstoreSigned;
use crate::sigstore::SigstoreRefusal;
use crate::sigstore::attachment::Attachment;
use crate::sigstore::bundle::Bundle;
use crate::sigstore::bundle::judge::{ProvenBundle, Stated, judge_by_certificate, judge_by_keys};
use crate::sigstore::bundle_type::{IMAGE_SIGNATURE, is_bundle};
use crate::text::quote::Quoted;
use crate::verdict::{AcceptedSignature, PayloadFormat, Reason};
use crate::verifier::SigstoreBundles;
use crate::verifier::evidence::Manifest;
use crate::verifier::question::{Question, Stop, Unsatisfied};

/// Whether what is stored is a bundle to look at: one that may be a signature of an image, where bundles count at all.
pub(super) fn is_seen(untrusted_attachment: &Attachment, bundles: SigstoreBundles) -> bool {
    bundles != SigstoreBundles::Off
        && is_bundle(&untrusted_attachment.mime_type)
        // What cannot be read is refused when it is judged, so that somebody learns of it.
        && Bundle::parse(&untrusted_attachment.payload)
            .map_or(true, |bundle| bundle.is_image_signature())
}

impl Question<'_, SigstoreSigned> {
    /// Judges one bundle, the `number`th signature, in this order: who signed it, statement, digest, identity, age.
    pub(super) fn judge_bundle(
        &self,
        number: usize,
        untrusted_bundle: &[u8],
        trust: Trust<'_>,
        clock: &Clock,
    ) -> Result<AcceptedSignature, Unsatisfied> {
        let refused = |refusal: SigstoreRefusal| Stop::from(Reason::from(refusal));
        let bundle = Bundle::parse(untrusted_bundle)
            .map_err(|error| refused(SigstoreRefusal::invalid(error)))?;
        let now = clock
            .now()
            .map_err(|error| Stop::from(EngineError::from(error)))?;
        let Manifest { digest, causes } = self.signed.manifest;
        let manifest = causes.manifest();
        let proven = match trust {
            Trust::Keys(trust) => judge_by_keys(&bundle, trust, manifest, now),
            Trust::Certificates(trust) => judge_by_certificate(&bundle, trust, manifest, now),
        };
        let proven = proven.map_err(refused)?;
        let signer = signer(proven.signer());
        let signed_reference = self
            .name_in(&proven)
            .and_then(|name| {
                // Nothing that was signed says when.
                self.demands.check_age_by(None, clock)?;
                Ok(name)
            })
            .map_err(|reason| Unsatisfied::though_made_by(signer.clone(), None, reason))?;
        Ok(AcceptedSignature {
            requirement: self.number,
            signature: number,
            signer,
            manifest_digest: digest.clone(),
            signed_reference,
            payload_format: Some(PayloadFormat::Bundle),
            signed_at: None,
            expires: None,
            log_entry: proven.log_entries().first().cloned(),
            creator: None,
            timestamp: None,
        })
    }

    /// The name that was signed for this manifest and that is the image's; none if none was signed, where that is enough.
    fn name_in(&self, proven: &ProvenBundle<'_>) -> Result<Option<String>, Reason> {
        let invalid = |detail: String| Reason::PayloadInvalid { detail };
        let stated = proven
            .stated()
            .map_err(|error| invalid(error.to_string()))?;
        let Manifest { digest, causes } = self.signed.manifest;
        let names = match &stated {
            Stated::Artifact => vec![None],
            Stated::Statement(statement) if statement.predicate_type() != IMAGE_SIGNATURE => {
                let found = Quoted(statement.predicate_type()).to_string();
                return Err(invalid(format!(
                    "it is a statement of the kind {found}, and no signature"
                )));
            }
            Stated::Statement(statement) => {
                let names = statement.names_of(digest);
                if names.is_empty() {
                    let signed = statement
                        .digests()
                        .find_map(|sha256| Digest::parse(&format!("sha256:{sha256}")).ok())
                        .ok_or_else(|| {
                            invalid("it has no subject with a digest by SHA-256".to_owned())
                        })?;
                    return Err(Reason::DigestMismatch {
                        cause: causes.cause(&signed).into(),
                        signed,
                        actual: digest.clone(),
                    });
                }
                names
            }
        };
        let mut mismatch = None;
        for name in names.into_iter().flatten() {
            match self.check_identity(name) {
                Ok(()) => return Ok(Some(name.to_owned())),
                Err(reason) => mismatch = mismatch.or(Some(reason)),
            }
        }
        match (mismatch, self.demands.sigstore_bundles) {
            (Some(reason), _) => Err(reason),
            (None, SigstoreBundles::DigestSuffices) => Ok(None),
            (None, SigstoreBundles::Named | SigstoreBundles::Off) => {
                Err(SigstoreRefusal::SignatureWithoutIdentity.into())
            }
        }
    }
}
