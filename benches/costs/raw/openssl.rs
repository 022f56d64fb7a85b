//! OpenSSL by itself, with the key already in its form, as `openssl speed` has it.

use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::md::Md;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::Verifier;
use sequoia_openpgp::crypto::mpi::{MPI, PublicKey, Signature};

use super::Sample;

/// The verification of one signature.
pub fn bare(sample: Sample) -> Box<dyn FnMut()> {
    let Sample {
        public,
        signature,
        digest,
    } = sample;
    let number = |value: &MPI| BigNum::from_slice(value.value()).expect("memory is enough");
    match (public, signature) {
        (PublicKey::RSA { e, n }, Signature::RSA { s }) => {
            let value = s.value_padded(n.value().len()).expect("a signature");
            let value = value.into_owned();
            let key = Rsa::from_public_components(number(&n), number(&e)).expect("a key");
            let key = PKey::from_rsa(key).expect("a key");
            let mut context = PkeyCtx::new(&key).expect("memory is enough");
            context.verify_init().expect("an RSA key");
            context.set_rsa_padding(Padding::PKCS1).expect("a padding");
            context.set_signature_md(Md::sha512()).expect("a hash");
            Box::new(move || {
                let is_good = context.verify(&digest, &value).expect("a signature");
                assert!(is_good);
            })
        }
        (PublicKey::EdDSA { q, .. }, Signature::EdDSA { r, s }) => {
            let point = q.value().get(1..).expect("a point");
            let key = PKey::public_key_from_raw_bytes(point, Id::ED25519).expect("a key");
            let half = |value: &MPI| value.value_padded(32).expect("32 octets").into_owned();
            let value = [half(&r), half(&s)].concat();
            Box::new(move || {
                let mut verifier = Verifier::new_without_digest(&key).expect("memory is enough");
                let is_good = verifier.verify_oneshot(&value, &digest);
                assert!(is_good.expect("a signature"));
            })
        }
        (PublicKey::ECDSA { q, .. }, Signature::ECDSA { r, s }) => {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
            let mut context = openssl::bn::BigNumContext::new().expect("memory is enough");
            let point = EcPoint::from_bytes(&group, q.value(), &mut context).expect("a point");
            let key = EcKey::from_public_key(&group, &point).expect("a key");
            let value = EcdsaSig::from_private_components(number(&r), number(&s));
            let value = value.expect("a signature").to_der().expect("a signature");
            let key = PKey::from_ec_key(key).expect("a key");
            let mut context = PkeyCtx::new(&key).expect("memory is enough");
            context.verify_init().expect("an elliptic curve");
            Box::new(move || {
                let is_good = context.verify(&digest, &value).expect("a signature");
                assert!(is_good);
            })
        }
        other => panic!("another kind of key: {other:?}"),
    }
}
