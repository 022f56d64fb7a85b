//! A signed message with its signature read.

use super::Backend;
use super::algorithms::unsupported_form;
use super::signature::Signature;
use crate::engine::unsupported::Unsupported;
use crate::engine::{MAX_PAYLOAD_SIZE, Refusal};
use crate::openpgp::algorithm::HashAlgorithm;
use crate::openpgp::message;
use crate::openpgp::one_pass::OnePass;

/// A message that is one signature over one literal. Nothing about it is verified.
#[derive(Debug)]
pub(super) struct SignedMessage {
    /// The signature.
    pub(super) signature: Signature,
    /// The literal's body.
    pub(super) untrusted_payload: Vec<u8>,
}

/// Reads a signed message, as [`message::read`] does, and parses its signature.
///
/// # Errors
///
/// Those of [`message::read`], [`Refusal::MalformedSignature`] if the signature is not the one
/// that was announced, [`Refusal::UnsupportedSignature`] if it is of an unknown version, or
/// [`Refusal::BadSignature`] if it is damaged.
pub(super) fn read(backend: &dyn Backend, untrusted_blob: &[u8]) -> Result<SignedMessage, Refusal> {
    let message = message::read(untrusted_blob, MAX_PAYLOAD_SIZE)?;
    if let Some(version) = Signature::unknown_version(&message.signature) {
        let version =
            Unsupported::by_all(backend.engine(), format!("signatures of version {version}"));
        return Err(version.refusal(None));
    }
    let Some(signature) = Signature::parse(&message.signature) else {
        return Err(Refusal::BadSignature {
            key: None,
            detail: "it is damaged".to_owned(),
            key_created: None,
        });
    };
    if let Some(one_pass) = &message.one_pass {
        let Some(one_pass) = OnePass::of(one_pass) else {
            return Err(Refusal::malformed_signature(
                "its one-pass signature packet has an unknown form",
            ));
        };
        announced(backend, one_pass, &signature)?;
    }
    Ok(SignedMessage {
        signature,
        untrusted_payload: message.untrusted_payload,
    })
}

/// Checks that the signature is the one that the one-pass signature packet announced, as far as
/// GnuPG does: the hash must be the same. The other fields are hints for readers of streams.
///
/// An unknown hash is not compared: that it cannot be checked comes first.
fn announced(
    backend: &dyn Backend,
    one_pass: OnePass<'_>,
    signature: &Signature,
) -> Result<(), Refusal> {
    let same_hash = HashAlgorithm::of(one_pass.hash) == signature.hash_algorithm()
        || unsupported_form(backend, signature.form()).is_some();
    let same = same_hash
        && one_pass.salt == signature.salt()
        && (one_pass.version == 6) == (signature.version() == 6);
    if same {
        Ok(())
    } else {
        Err(Refusal::malformed_signature(
            "its one-pass signature packet announces a different signature from the one that follows",
        ))
    }
}
