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
/// An unknown hash is not compared: that it cannot be checked comes first. MD5 is known to GnuPG, and never counts, whether the
/// backend can calculate it or not.
fn announced(
    backend: &dyn Backend,
    one_pass: OnePass<'_>,
    signature: &Signature,
) -> Result<(), Refusal> {
    let cannot_be_checked =
        || !signature.uses_md5() && unsupported_form(backend, signature.form()).is_some();
    let same_hash =
        HashAlgorithm::of(one_pass.hash) == signature.hash_algorithm() || cannot_be_checked();
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

#[cfg(test)]
mod tests {
    use super::super::tests::BACKENDS;
    use super::read;

    /// A message with a signature of version 3 over a hash of this number, and another hash announced.
    fn announced(announced: u8, signed: u8) -> Vec<u8> {
        let key_id = [1, 2, 3, 4, 5, 6, 7, 8];
        let one_pass = [&[0xC4, 13, 3, 0, announced, 1][..], &key_id, &[1]].concat();
        let literal = [0xCB, 7, b'b', 0, 0, 0, 0, 0, b'x'];
        let before_key = [0xC2, 22, 3, 5, 0, 0x68, 0x3C, 0x40, 0xC0];
        let after_key = [1, signed, 0x12, 0x34, 0, 8, 0x80];
        [&one_pass[..], &literal, &before_key, &key_id, &after_key].concat()
    }

    /// MD5 is no unknown hash, though not every library has it.
    #[test]
    fn every_backend_compares_the_hash_that_was_announced() {
        const MD5: u8 = 1;
        const SHA256: u8 = 8;
        const UNKNOWN: u8 = 0x55;
        for backend in BACKENDS {
            let code = |hash, signed| {
                let read = read(*backend, &announced(hash, signed));
                read.err().map(|refusal| refusal.code())
            };
            assert_eq!(code(MD5, MD5), None, "{backend:?}");
            assert_eq!(code(SHA256, SHA256), None, "{backend:?}");
            assert_eq!(code(SHA256, UNKNOWN), None, "{backend:?}");
            for (hash, signed) in [(SHA256, MD5), (UNKNOWN, MD5), (UNKNOWN, SHA256)] {
                let found = code(hash, signed);
                assert_eq!(
                    found,
                    Some("malformed-signature"),
                    "{backend:?} {hash} {signed}"
                );
            }
        }
    }
}
