//! Evaluations on the engine `native`, beside the bare operation of its library.

use containers_sigpolicy::Image;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::{BigUint, RsaPublicKey};
use sequoia_openpgp::crypto::Signer as _;
use sequoia_openpgp::crypto::mpi::{PublicKey, Signature};
use sequoia_openpgp::types::HashAlgorithm;
use sha2::{Digest as _, Sha256, Sha512};

use super::engines::Shared;
use super::keys::{SUITES, Signed, image};
use super::times::{in_turns, microseconds, ratio};
use super::warm;

/// How many of each are one measurement: one alone is too short for the clock.
const MANY: usize = 50;

/// One evaluation of each algorithm, beside the verification that is in it.
pub fn beside_evaluation(engine: &Shared) {
    for (name, suite) in SUITES {
        let signed = Signed::by(suite);
        let verifier = signed.verifier(engine);
        let one: Image<'_> = image(signed.blob(0));
        let mut bare = bare(&signed);
        let [bare, evaluation] = in_turns(
            25,
            [&mut || (0..MANY).for_each(|_| bare()), &mut || {
                (0..MANY).for_each(|_| warm(&verifier, &one))
            }],
        );
        let each = |time: std::time::Duration| time / u32::try_from(MANY).expect("a small number");
        let (bare, evaluation) = (each(bare), each(evaluation));
        let rest = evaluation.saturating_sub(bare.mul_f64(1.15));
        println!(
            "  evaluation ÷ RustCrypto: {name:<10} {:>6} µs ÷ {:>6} µs = {:.2}, {} µs above 1.15",
            microseconds(evaluation),
            microseconds(bare),
            ratio(evaluation, bare),
            microseconds(rest)
        );
    }
}

/// The verification of one signature by RustCrypto, with the key already in its form.
fn bare(signed: &Signed) -> Box<dyn FnMut()> {
    let mut pair = signed.key_pair();
    let public = pair.public().mpis().clone();
    let digest: Vec<u8> = Sha512::digest(b"something that is signed").to_vec();
    let signature = pair
        .sign(HashAlgorithm::SHA512, &digest)
        .expect("a signature");
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
            let half = |value: &sequoia_openpgp::crypto::mpi::MPI| {
                octets(&value.value_padded(32).expect("32 octets"))
            };
            let value = ed25519_dalek::Signature::from_components(half(&r), half(&s));
            Box::new(move || {
                key.verify_strict(&digest, &value)
                    .expect("a good signature");
            })
        }
        (PublicKey::ECDSA { q, .. }, Signature::ECDSA { r, s }) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(q.value()).expect("a key");
            let digest = Sha256::digest(b"something that is signed").to_vec();
            let _ = (r, s);
            let signature = pair
                .sign(HashAlgorithm::SHA256, &digest)
                .expect("a signature");
            let Signature::ECDSA { r, s } = signature else {
                panic!("another signature");
            };
            let half = |value: &sequoia_openpgp::crypto::mpi::MPI| {
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
