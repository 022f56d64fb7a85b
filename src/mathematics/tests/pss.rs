//! The probabilistic scheme of RSA.

use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};

use super::{both, minus, plus, with_bit};
use crate::mathematics::{Hash, OPENSSL, RUST_CRYPTO, Verdict};

#[test]
fn rsa_with_the_probabilistic_scheme() {
    let functions = [
        (Hash::Sha256, MessageDigest::sha256(), 32),
        (Hash::Sha384, MessageDigest::sha384(), 48),
        (Hash::Sha512, MessageDigest::sha512(), 64),
    ];
    // With a larger exponent, OpenSSL makes moduli of an even number of bits.
    let exponent = BigNum::from_u32(17).unwrap();
    // 2047 and 2050: bits of the first octet have to be zero. 2049: all of them, and the octet is not one of the encoding.
    for bits in [2_047, 2_048, 2_049, 2_050] {
        let key = Rsa::generate_with_e(bits, &exponent).unwrap();
        assert_eq!(u32::try_from(key.n().num_bits()), Ok(bits));
        let (n, e) = (key.n().to_vec(), key.e().to_vec());
        let private = PKey::from_rsa(key).unwrap();
        let sign = |function, mask, salt: i32| {
            let mut signer = Signer::new(function, &private).unwrap();
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            let salt = RsaPssSaltlen::custom(salt);
            signer.set_rsa_pss_saltlen(salt).unwrap();
            signer.set_rsa_mgf1_md(mask).unwrap();
            signer.sign_oneshot_to_vec(b"message").unwrap()
        };
        for (hash, function, salt) in functions {
            let digest = OPENSSL.digest(hash, &[b"message"]).unwrap();
            let verify = |what, signature: &[u8], hash, digest: &[u8]| {
                let what = format!("{what} {bits} {hash:?}");
                both(&what, |library| {
                    library.rsa_pss(&n, &e, signature, hash, digest)
                })
            };
            let signature = sign(function, function, salt);
            let good = verify("good", &signature, hash, &digest);
            assert_eq!(good, Verdict::Good);
            let ours = RUST_CRYPTO.rsa_pss(&n, &e, &signature, hash, &digest);
            assert_eq!(ours == Verdict::Good, bits != 2_049);
            for (what, signature) in [
                ("one bit", with_bit(&signature, 100)),
                ("longer", [&[0], &signature[..]].concat()),
                ("shorter", signature[1..].to_vec()),
                ("empty", vec![]),
                ("zero", vec![0; signature.len()]),
                ("the modulus", n.clone()),
                ("one less than the modulus", minus(&n, &[1])),
                ("a residue", plus(&n, &signature)),
                ("no salt", sign(function, function, 0)),
                ("a shorter salt", sign(function, function, salt - 1)),
                ("a longer salt", sign(function, function, salt + 1)),
                ("another mask", sign(function, MessageDigest::sha1(), salt)),
            ] {
                let verdict = verify(what, &signature, hash, &digest);
                assert_eq!(verdict, Verdict::Bad, "{what}");
            }
            let other = verify("other digest", &signature, hash, &with_bit(&digest, 0));
            assert_eq!(other, Verdict::Bad);
            for (other, _, _) in functions.iter().filter(|(other, ..)| *other != hash) {
                let verdict = verify("other hash", &signature, *other, &digest);
                assert_eq!(verdict, Verdict::Bad);
            }
        }
        for hash in [Hash::Sha1, Hash::Ripemd160, Hash::Sha224, Hash::Sha3_256] {
            let verdict = OPENSSL.rsa_pss(&n, &e, &n, hash, &[0; 20]);
            assert_eq!(verdict, Verdict::NotCalculated);
            assert_eq!(RUST_CRYPTO.rsa_pss(&n, &e, &n, hash, &[0; 20]), verdict);
        }
    }
}
