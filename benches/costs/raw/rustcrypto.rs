//! RustCrypto by itself.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::{BigUint, RsaPublicKey};
use sequoia_openpgp::crypto::mpi::{MPI, PublicKey, Signature};
use sha2::Sha512;

use super::Sample;

/// The verification of one signature by RustCrypto, with the key already in its form.
pub fn bare(sample: Sample) -> Box<dyn FnMut()> {
    let Sample {
        public,
        signature,
        digest,
    } = sample;
    match (public, signature) {
        (PublicKey::RSA { e, n }, Signature::RSA { s }) => {
            let number = BigUint::from_bytes_be;
            let key = RsaPublicKey::new(number(n.value()), number(e.value())).expect("a key");
            let size = n.value().len();
            let value = s.value_padded(size).expect("a signature").into_owned();
            Box::new(move || {
                key.verify(Pkcs1v15Sign::new::<Sha512>(), &digest, &value)
                    .expect("a good signature");
            })
        }
        (PublicKey::EdDSA { q, .. }, Signature::EdDSA { r, s }) => {
            let octets = |value: &[u8]| <[u8; 32]>::try_from(value).expect("32 octets");
            let point = q.value().get(1..).expect("a point");
            let key = ed25519_dalek::VerifyingKey::from_bytes(&octets(point)).expect("a key");
            let half = |value: &MPI| octets(&value.value_padded(32).expect("32 octets"));
            let value = ed25519_dalek::Signature::from_components(half(&r), half(&s));
            Box::new(move || {
                key.verify_strict(&digest, &value)
                    .expect("a good signature");
            })
        }
        (PublicKey::ECDSA { q, .. }, Signature::ECDSA { r, s }) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(q.value()).expect("a key");
            let half = |value: &MPI| {
                let octets = value.value_padded(32).expect("32 octets");
                p256::FieldBytes::clone_from_slice(&octets)
            };
            let value =
                p256::ecdsa::Signature::from_scalars(half(&r), half(&s)).expect("a signature");
            Box::new(move || {
                key.verify_prehash(&digest, &value)
                    .expect("a good signature");
            })
        }
        other => panic!("another kind of key: {other:?}"),
    }
}
