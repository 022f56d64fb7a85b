//! A signed message with its packets parsed by sequoia.

use sequoia_openpgp as openpgp;

use openpgp::packet::OnePassSig;

use super::algorithms::unsupported_form;
use super::kind::KIND;
use super::packet::parse;
use super::signature::Signature;
use crate::engine::unsupported::Unsupported;
use crate::engine::{MAX_PAYLOAD_SIZE, Refusal};
use crate::openpgp::message;
use crate::openpgp::packet::tag;

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
pub(super) fn read(untrusted_blob: &[u8]) -> Result<SignedMessage, Refusal> {
    let message = message::read(untrusted_blob, MAX_PAYLOAD_SIZE)?;
    if let Some(version) = Signature::unknown_version(&message.signature) {
        let version = Unsupported::by_all(KIND, format!("signatures of version {version}"));
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
        let Some(openpgp::Packet::OnePassSig(one_pass)) = parse(tag::ONE_PASS_SIGNATURE, one_pass)
        else {
            return Err(Refusal::malformed_signature(
                "its one-pass signature packet has an unknown form",
            ));
        };
        announced(&one_pass, &signature)?;
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
fn announced(one_pass: &OnePassSig, signature: &Signature) -> Result<(), Refusal> {
    let same_hash = one_pass.hash_algo() == signature.hash_algorithm()
        || unsupported_form(signature.form()).is_some();
    let same = same_hash
        && one_pass.salt().unwrap_or_default() == signature.salt()
        && (one_pass.version() == 6) == (signature.version() == 6);
    if same {
        Ok(())
    } else {
        Err(Refusal::malformed_signature(
            "its one-pass signature packet announces a different signature from the one that follows",
        ))
    }
}
