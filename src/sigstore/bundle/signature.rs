//! Signatures in bundles.
//!
//! They differ from those in annotations: ECDSA is in strict DER alone, and a key on P-384 or P-521 signs by the hash function
//! of its size, or by SHA-256, as sigstore-go has it.

use crate::mathematics::{Curve, Hash};
use crate::sigstore::crypto;
use crate::sigstore::public_key::PublicKey;
use crate::sigstore::spki::KeyMaterial;

/// What an envelope's signature is over: its type and its payload, each with its length (DSSE, "PAE").
pub(super) fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let (type_length, length) = (payload_type.len(), payload.len());
    let header = format!("DSSEv1 {type_length} {payload_type} {length} ");
    [header.as_bytes(), payload].concat()
}

/// Whether this key has made the signature over the message.
pub(super) fn verify(key: &PublicKey, signature: &[u8], message: &[u8]) -> bool {
    match key.material() {
        KeyMaterial::Ecdsa { curve, point } => hashes(*curve)
            .iter()
            .any(|hash| crypto::ecdsa_in_der(*curve, point, signature, *hash, message)),
        KeyMaterial::Rsa { modulus, exponent } => {
            crypto::rsa_pkcs1(modulus, exponent, signature, Hash::Sha256, message)
        }
        KeyMaterial::Ed25519(public) => crypto::ed25519(public, signature, message),
        KeyMaterial::Unusable(..) => false,
    }
}

/// The hash functions by which a key on this curve signs.
fn hashes(curve: Curve) -> &'static [Hash] {
    match curve {
        Curve::NistP384 => &[Hash::Sha384, Hash::Sha256],
        Curve::NistP521 => &[Hash::Sha512, Hash::Sha256],
        _ => &[Hash::Sha256],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn lengths_are_of_octets() {
        let encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(
            encoded,
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(pre_authentication_encoding("", b""), b"DSSEv1 0  0 ");
        let encoded = pre_authentication_encoding("\u{e4}", &[0xFF]);
        assert_eq!(encoded, b"DSSEv1 2 \xC3\xA4 1 \xFF");
    }
}
