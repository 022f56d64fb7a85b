//! Both libraries on the same keys and signatures, good ones and those at the edges: what one refuses, the other does not
//! take. OpenSSL makes the keys.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

#[cfg(feature = "sigstore")]
mod pss;

use openssl::bn::{BigNum, BigNumContext};
use openssl::dsa::{Dsa, DsaSig};
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::sign::Signer;

use super::octets::{integer, of_size};
use super::{Curve, Hash, Mathematics, OPENSSL, RUST_CRYPTO, RsaLimit, Verdict};

const HASHES: [Hash; 8] = [
    Hash::Sha1,
    Hash::Ripemd160,
    Hash::Sha224,
    Hash::Sha256,
    Hash::Sha384,
    Hash::Sha512,
    Hash::Sha3_256,
    Hash::Sha3_512,
];

const CURVES: [(Curve, Nid); 8] = [
    (Curve::NistP224, Nid::SECP224R1),
    (Curve::NistP256, Nid::X9_62_PRIME256V1),
    (Curve::NistP384, Nid::SECP384R1),
    (Curve::NistP521, Nid::SECP521R1),
    (Curve::Secp256k1, Nid::SECP256K1),
    (Curve::BrainpoolP256r1, Nid::BRAINPOOL_P256R1),
    (Curve::BrainpoolP384r1, Nid::BRAINPOOL_P384R1),
    (Curve::BrainpoolP512r1, Nid::BRAINPOOL_P512R1),
];

/// What both libraries say, which leave no error behind.
#[track_caller]
fn both(what: &str, ask: impl Fn(&dyn Mathematics) -> Verdict) -> Verdict {
    let answer = ask(OPENSSL);
    assert!(ErrorStack::get().errors().is_empty(), "{what}");
    assert_eq!(ask(OPENSSL), answer, "{what}, asked again");
    let other = ask(RUST_CRYPTO);
    assert!(
        other == answer || other == Verdict::NotCalculated,
        "{what}: {answer:?} {other:?}"
    );
    answer
}

/// An integer plus another.
fn plus(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut sum = BigNum::new().unwrap();
    sum.checked_add(&number(one), &number(other)).unwrap();
    sum.to_vec()
}

fn minus(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut difference = BigNum::new().unwrap();
    difference
        .checked_sub(&number(one), &number(other))
        .unwrap();
    difference.to_vec()
}

fn number(octets: &[u8]) -> BigNum {
    BigNum::from_slice(octets).unwrap()
}

fn hexadecimal(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let pairs = pairs.map(|pair| std::str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

fn with_bit(octets: &[u8], index: usize) -> Vec<u8> {
    let mut octets = octets.to_vec();
    octets[index] ^= 1;
    octets
}

#[test]
fn digests_are_the_same() {
    for hash in HASHES {
        assert!(OPENSSL.hashes(hash), "{hash:?}");
        for parts in [&[][..], &[&b"abc"[..]], &[b"a", b"", b"bc"]] {
            let digest = OPENSSL.digest(hash, parts);
            assert!(digest.is_some());
            assert_eq!(digest, RUST_CRYPTO.digest(hash, parts), "{hash:?}");
        }
        assert_eq!(
            OPENSSL.digest(hash, &[b"a", b"bc"]),
            OPENSSL.digest(hash, &[b"abc"])
        );
    }
    // FIPS 180-2, appendix A.1.
    let sha1 = OPENSSL.digest(Hash::Sha1, &[b"abc"]).unwrap();
    assert_eq!(sha1[..4], [0xA9, 0x99, 0x3E, 0x36]);
}

#[test]
fn rsa() {
    for bits in [1_024, 2_047, 2_048, 2_049] {
        let key = Rsa::generate(bits).unwrap();
        let (n, e) = (key.n().to_vec(), key.e().to_vec());
        let private = PKey::from_rsa(key).unwrap();
        for (hash, number) in [
            (Hash::Sha1, Nid::SHA1),
            (Hash::Ripemd160, Nid::RIPEMD160),
            (Hash::Sha224, Nid::SHA224),
            (Hash::Sha256, Nid::SHA256),
            (Hash::Sha512, Nid::SHA512),
            (Hash::Sha3_256, Nid::SHA3_256),
        ] {
            let name = MessageDigest::from_nid(number).unwrap();
            let mut signer = Signer::new(name, &private).unwrap();
            let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
            let digest = OPENSSL.digest(hash, &[b"message"]).unwrap();
            let verify = |what, n: &[u8], signature: &[u8], hash, digest: &[u8]| {
                let what = format!("{what} {bits} {hash:?}");
                both(&what, |library| {
                    library.rsa_pkcs1(n, &e, signature, hash, digest)
                })
            };
            let good = |what, n: &[u8], signature: &[u8]| {
                verify(what, n, signature, hash, &digest) == Verdict::Good
            };
            assert!(good("good", &n, &signature));
            assert!(good(
                "zeros before the modulus",
                &[&[0, 0], &n[..]].concat(),
                &signature
            ));
            for (what, signature) in [
                ("one bit", with_bit(&signature, 100)),
                ("longer", [&[0], &signature[..]].concat()),
                ("longer at the end", [&signature[..], &[0]].concat()),
                ("shorter", signature[1..].to_vec()),
                ("empty", vec![]),
                ("zero", vec![0; signature.len()]),
                ("one", [&vec![0; signature.len() - 1][..], &[1]].concat()),
                ("the modulus", n.clone()),
                ("one less than the modulus", minus(&n, &[1])),
                ("a residue", plus(&n, &signature)),
                ("the largest", vec![0xFF; signature.len()]),
            ] {
                assert!(!good(what, &n, &signature), "{what}");
            }
            let other = verify("other digest", &n, &signature, hash, &with_bit(&digest, 0));
            assert_eq!(other, Verdict::Bad);
            for digest in [&digest[1..], &[&digest[..], &[0]].concat(), &[]] {
                let other = verify("other length", &n, &signature, hash, digest);
                assert_eq!(other, Verdict::Bad);
            }
            for other in HASHES.iter().filter(|other| **other != hash) {
                let other = verify("other hash", &n, &signature, *other, &digest);
                assert_eq!(other, Verdict::Bad);
            }
        }
    }
}

/// From both sides of each limit of OpenSSL: `OPENSSL_RSA_MAX_MODULUS_BITS`, `OPENSSL_RSA_SMALL_MODULUS_BITS` and
/// `OPENSSL_RSA_MAX_PUBEXP_BITS` in its `rsa.h`.
#[test]
fn openssl_has_limits_for_rsa() {
    use RsaLimit::{Exponent, Modulus};
    for (n, e, limit) in [
        ((2_048, true), (17, true), None),
        ((16_384, true), (17, true), None),
        ((16_385, true), (17, true), Some(Modulus)),
        ((2_048, false), (17, true), Some(Modulus)),
        ((2_048, true), (0, false), Some(Exponent)),
        ((2_048, true), (1, true), Some(Exponent)),
        ((2_048, true), (2, true), None),
        ((2_048, true), (17, false), Some(Exponent)),
        ((2_048, true), (34, true), None),
        ((2_048, true), (2_047, true), None),
        ((2_048, true), (2_048, true), Some(Exponent)),
        ((3_072, true), (65, true), None),
        ((3_072, true), (2_000, true), None),
        ((3_073, true), (64, true), None),
        ((3_073, true), (65, true), Some(Exponent)),
        ((16_384, true), (64, true), None),
        ((16_384, true), (65, true), Some(Exponent)),
        ((0, false), (0, false), Some(Modulus)),
    ] {
        let [modulus, exponent] = [n, e].map(|(bits, odd)| of_size(bits, odd));
        let found = OPENSSL.rsa_limit(&modulus, &exponent);
        assert_eq!(found, limit, "{n:?} {e:?}");
        let verdict = OPENSSL.rsa_pkcs1(&modulus, &exponent, &modulus, Hash::Sha256, &[0; 32]);
        assert_eq!(
            verdict == Verdict::NotCalculated,
            limit.is_some(),
            "{n:?} {e:?}"
        );
        if let Some(limit) = RUST_CRYPTO.rsa_limit(&modulus, &exponent) {
            assert!(found.is_none() || found == Some(limit), "{n:?} {e:?}");
        } else {
            assert_eq!(found, None, "{n:?} {e:?}");
        }
    }
}

#[test]
fn dsa() {
    for (bits, order) in [(1_024, 160), (2_048, 256)] {
        let key = Dsa::generate(bits).unwrap();
        let [p, q, g, y] = [key.p(), key.q(), key.g(), key.pub_key()].map(|part| part.to_vec());
        assert_eq!(super::octets::bits(&q), order);
        let private = PKey::from_dsa(key).unwrap();
        let mut signer = Signer::new(MessageDigest::sha512(), &private).unwrap();
        let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
        let signature = DsaSig::from_der(&signature).unwrap();
        let (r, s) = (signature.r().to_vec(), signature.s().to_vec());
        let digest = OPENSSL.digest(Hash::Sha512, &[b"message"]).unwrap();
        let verify = |what: &str, key: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]| {
            let what = format!("{what} {bits}");
            both(&what, |library| library.dsa(key, r, s, digest))
        };
        let zeros = |octets: &[u8]| [&[0, 0], octets].concat();
        let key: [&[u8]; 4] = [&p, &q, &g, &y];
        assert_eq!(verify("good", key, &r, &s, &digest), Verdict::Good);
        let with_zeros = key.map(zeros);
        let with_zeros = [0, 1, 2, 3].map(|index: usize| &with_zeros[index][..]);
        let verdict = verify("zeros", with_zeros, &zeros(&r), &zeros(&s), &digest);
        assert_eq!(verdict, Verdict::Good);
        let cut = verify("cut", key, &r, &s, &digest[..order / 8]);
        assert_eq!(cut, Verdict::Good);
        for (what, r, s) in [
            ("r is zero", vec![], s.clone()),
            ("s is zero", r.clone(), vec![0]),
            ("both are zero", vec![], vec![]),
            ("r is the order", q.clone(), s.clone()),
            ("s is the order", r.clone(), q.clone()),
            ("r above the order", plus(&r, &q), s.clone()),
            ("s above the order", r.clone(), plus(&s, &q)),
            ("s is negated", r.clone(), minus(&q, &s)),
            ("s is huge", r.clone(), vec![0xFF; 300]),
            ("changed places", s.clone(), r.clone()),
        ] {
            assert_eq!(verify(what, key, &r, &s, &digest), Verdict::Bad, "{what}");
        }
        let other = with_bit(&digest, 0);
        assert_eq!(verify("other digest", key, &r, &s, &other), Verdict::Bad);
        assert_eq!(verify("no digest", key, &r, &s, &[]), Verdict::Bad);
        let (even, one_more) = (minus(&p, &[1]), plus(&y, &[1]));
        let above = plus(&y, &p);
        for (what, key) in [
            ("the value is zero", [&p[..], &q, &g, &[]]),
            ("the value is one", [&p, &q, &g, &[1]]),
            ("the value is minus one", [&p, &q, &g, &even]),
            ("the value is not in the subgroup", [&p, &q, &g, &one_more]),
            ("the value is above the prime", [&p, &q, &g, &above]),
            ("the generator is zero", [&p, &q, &[], &y]),
            ("the generator is one", [&p, &q, &[1], &y]),
            ("the generator is the prime", [&p, &q, &p, &y]),
            ("the prime is even", [&even, &q, &g, &y]),
            ("the prime is another", [&plus(&p, &[2]), &q, &g, &y]),
        ] {
            for r in [&r[..], &[1]] {
                assert_eq!(verify(what, key, r, &s, &digest), Verdict::Bad, "{what}");
            }
        }
    }
    for sizes in [[0, 0], [1_024, 0], [0, 160], [1, 1]] {
        let [p, q] = sizes.map(|bits| of_size(bits, true));
        for library in [OPENSSL, RUST_CRYPTO] {
            let verdict = library.dsa([&p, &q, &[2], &[2]], &[1], &[1], &[1; 32]);
            assert_ne!(verdict, Verdict::Good, "{sizes:?}");
        }
    }
}

/// `ossl_dsa_do_verify_sig` in OpenSSL's `dsa_ossl.c`.
#[test]
fn openssl_has_limits_for_dsa() {
    for (p, q, taken) in [
        (512, 160, true),
        (1_024, 160, true),
        (2_048, 224, true),
        (3_072, 256, true),
        (4_096, 256, true),
        (10_000, 256, true),
        (10_001, 256, false),
        (2_048, 192, false),
        (2_048, 384, false),
    ] {
        let [p, q] = [p, q].map(|bits| of_size(bits, true));
        assert_eq!(OPENSSL.takes_dsa(&p, &q), taken, "{} {}", p.len(), q.len());
    }
}

#[test]
fn ecdsa() {
    for (curve, number) in CURVES {
        assert!(OPENSSL.takes_curve(curve), "{curve:?}");
        let group = EcGroup::from_curve_name(number).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let mut order = BigNum::new().unwrap();
        group.order(&mut order, &mut context).unwrap();
        let order = order.to_vec();
        let mut prime = BigNum::new().unwrap();
        let (mut a, mut b) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        group
            .components_gfp(&mut prime, &mut a, &mut b, &mut context)
            .unwrap();
        let prime = prime.to_vec();
        let key = EcKey::generate(&group).unwrap();
        let mut written = |form| {
            key.public_key()
                .to_bytes(&group, form, &mut context)
                .unwrap()
        };
        let point = written(PointConversionForm::UNCOMPRESSED);
        let has_point = |point: &[u8]| {
            let [one, other] =
                [OPENSSL, RUST_CRYPTO].map(|library| library.has_point(curve, point));
            assert!(!RUST_CRYPTO.takes_curve(curve) || one == other, "{curve:?}");
            one
        };
        assert!(has_point(&point), "{curve:?}");
        let [compressed, hybrid] = [
            written(PointConversionForm::COMPRESSED),
            written(PointConversionForm::HYBRID),
        ];
        for digest in [
            &[7; 20][..],
            &[7; 28],
            &[7; 32],
            &[7; 48],
            &[0xFF; 64],
            &[0; 32],
        ] {
            let signature = EcdsaSig::sign(digest, &key).unwrap();
            let (r, s) = (signature.r().to_vec(), signature.s().to_vec());
            let verify = |what: &str, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]| {
                let what = format!("{what} {curve:?} {}", digest.len());
                both(&what, |library| library.ecdsa(curve, point, r, s, digest))
            };
            assert_eq!(verify("good", &point, &r, &s, digest), Verdict::Good);
            let zeros = |octets: &[u8]| [&[0; 9], octets].concat();
            let verdict = verify("zeros", &point, &zeros(&r), &zeros(&s), digest);
            assert_eq!(verdict, Verdict::Good);
            // As good as the other.
            let verdict = verify("negated", &point, &r, &minus(&order, &s), digest);
            assert_eq!(verdict, Verdict::Good);
            let wide = vec![0xFF; 90];
            for (what, r, s) in [
                ("r is zero", &[][..], &s[..]),
                ("s is zero", &r, &[0; 32]),
                ("both are zero", &[], &[]),
                ("both are one", &[1], &[1]),
                ("r is the order", &order, &s),
                ("s is the order", &r, &order),
                ("both are the order", &order, &order),
                ("r above the order", &plus(&r, &order), &s),
                ("s above the order", &r, &plus(&s, &order)),
                ("r is too wide", &wide, &s),
                ("s is too wide", &r, &wide),
                ("changed places", &s, &r),
            ] {
                assert_eq!(verify(what, &point, r, s, digest), Verdict::Bad, "{what}");
            }
            let other = with_bit(digest, digest.len() - 1);
            // Of P-256 and 64 octets, the last one does not count.
            if digest.len() <= curve.octets() {
                assert_eq!(verify("digest", &point, &r, &s, &other), Verdict::Bad);
            }
            assert_eq!(
                verify("digest", &point, &r, &s, &with_bit(digest, 0)),
                Verdict::Bad
            );
            let _ = verify("no digest", &point, &r, &s, &[]);
            let size = curve.octets();
            let x = &point[1..=size];
            let above = plus(x, &prime);
            let above = [&vec![0; size.saturating_sub(above.len())][..], &above].concat();
            let last = point.len() - 1;
            for (what, point) in [
                ("not on the curve", with_bit(&point, last)),
                ("another mark", [&[5], &point[1..]].concat()),
                ("no mark", point[1..].to_vec()),
                ("compressed", compressed.clone()),
                ("hybrid", hybrid.clone()),
                ("infinity", vec![0]),
                ("infinity, wide", vec![0; point.len()]),
                ("zeros", [&[4][..], &vec![0; 2 * size]].concat()),
                ("longer", [&point[..], &[0]].concat()),
                ("shorter", point[..last].to_vec()),
                ("empty", vec![]),
                (
                    "coordinate above the prime",
                    [&[4], &above[..], &point[size + 1..]].concat(),
                ),
            ] {
                assert_eq!(verify(what, &point, &r, &s, digest), Verdict::Bad, "{what}");
                assert!(!has_point(&point), "{what} {curve:?}");
            }
        }
        // The generator has the secret 1: a sum that is no point of the plane, for any `r`.
        let generator = group.generator_opt().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        let generator = generator.to_bytes(&group, form, &mut context).unwrap();
        let digest = [&vec![0; curve.octets().min(64) - 1][..], &[9]].concat();
        let r = minus(&order, &[9]);
        let verdict = both("infinity", |library| {
            library.ecdsa(curve, &generator, &r, &[5], &digest)
        });
        assert_eq!(verdict, Verdict::Bad, "{curve:?}");
    }
}

/// Points of small order on Ed25519, in all encodings that decoders take: by them anybody signs anything.
fn small_orders_of_ed25519() -> Vec<[u8; 32]> {
    let of = |octets: [u8; 2], middle: u8, last: u8| {
        let mut point = [middle; 32];
        [point[0], point[1], point[31]] = [octets[0], octets[1], last];
        point
    };
    let mut points = vec![
        of([1, 0], 0, 0),
        of([0, 0], 0, 0),
        of([0xEC, 0xFF], 0xFF, 0x7F),
        // Not below the prime.
        of([0xED, 0xFF], 0xFF, 0x7F),
        of([0xEE, 0xFF], 0xFF, 0x7F),
    ];
    // Of order 8.
    let eight = hexadecimal("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    points.push(eight.try_into().unwrap());
    let negated = points.clone().into_iter().map(|mut point| {
        point[31] ^= 0x80;
        point
    });
    points.extend(negated.collect::<Vec<_>>());
    points
}

#[test]
fn ed25519() {
    assert!(OPENSSL.takes_ed25519());
    let private = PKey::generate_ed25519().unwrap();
    let public = private.raw_public_key().unwrap();
    let mut signer = Signer::new_without_digest(&private).unwrap();
    let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
    let verify = |what: &str, public: &[u8], signature: &[u8], message: &[u8]| {
        both(what, |library| library.ed25519(public, signature, message))
    };
    assert_eq!(
        verify("good", &public, &signature, b"message"),
        Verdict::Good
    );
    let (r, s) = signature.split_at(32);
    let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = hexadecimal(order);
    let reversed = |octets: &[u8]| octets.iter().rev().copied().collect::<Vec<_>>();
    let mut residue = reversed(&plus(&reversed(s), &reversed(&order)));
    residue.resize(32, 0);
    for (what, signature) in [
        ("one bit of R", with_bit(&signature, 0)),
        ("one bit of S", with_bit(&signature, 40)),
        ("a residue of S", [r, &residue].concat()),
        ("S is the order", [r, &order].concat()),
        ("S is zero", [r, &[0; 32]].concat()),
        ("R is zero", [&[0; 32], s].concat()),
        ("longer", [&signature[..], &[0]].concat()),
        ("shorter", signature[..63].to_vec()),
        ("empty", vec![]),
        ("the highest bit", with_bit(&signature, 63)),
    ] {
        assert_eq!(
            verify(what, &public, &signature, b"message"),
            Verdict::Bad,
            "{what}"
        );
    }
    assert_eq!(
        verify("message", &public, &signature, b"massage"),
        Verdict::Bad
    );
    assert_eq!(
        verify("length", &public[1..], &signature, b"message"),
        Verdict::Bad
    );
    let longer = [&[0x40], &public[..]].concat();
    assert_eq!(
        verify("length", &longer, &signature, b"message"),
        Verdict::Bad
    );
    for public in small_orders_of_ed25519() {
        for r in small_orders_of_ed25519() {
            for message in 0..16_u8 {
                let signature = [r, [0; 32]].concat();
                let what = format!("{public:02x?} {r:02x?}");
                let _ = verify(&what, &public, &signature, &[message]);
            }
        }
    }
}

#[test]
fn ed448() {
    assert!(OPENSSL.takes_ed448());
    let private = PKey::generate_ed448().unwrap();
    let public = private.raw_public_key().unwrap();
    let mut signer = Signer::new_without_digest(&private).unwrap();
    let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
    let verify = |what: &str, public: &[u8], signature: &[u8], message: &[u8]| {
        both(what, |library| library.ed448(public, signature, message))
    };
    assert_eq!(
        verify("good", &public, &signature, b"message"),
        Verdict::Good
    );
    let (r, s) = signature.split_at(57);
    // The order of the group (RFC 8032, section 5.2), the lowest octet first.
    let order = "f34458ab92c27823558fc58d72c26c219036d6ae49db4ec4e923ca7cffffffff\
                 ffffffffffffffffffffffffffffffffffffffffffffff3f00";
    let order = hexadecimal(order);
    let reversed = |octets: &[u8]| octets.iter().rev().copied().collect::<Vec<_>>();
    let mut residue = reversed(&plus(&reversed(s), &reversed(&order)));
    residue.resize(57, 0);
    for (what, signature) in [
        ("one bit of R", with_bit(&signature, 0)),
        ("one bit of S", with_bit(&signature, 60)),
        ("a residue of S", [r, &residue].concat()),
        ("S is the order", [r, &order].concat()),
        ("S is zero", [r, &[0; 57]].concat()),
        ("longer", [&signature[..], &[0]].concat()),
        ("shorter", signature[..113].to_vec()),
        ("the last octet", with_bit(&signature, 113)),
    ] {
        assert_eq!(
            verify(what, &public, &signature, b"message"),
            Verdict::Bad,
            "{what}"
        );
    }
    assert_eq!(
        verify("message", &public, &signature, b"massage"),
        Verdict::Bad
    );
    assert_eq!(
        verify("length", &public[1..], &signature, b"message"),
        Verdict::Bad
    );
    // The points of order 1, 2 and 4, with either sign, and some not below the prime.
    let prime = [&[0xFF; 28][..], &[0xFE], &[0xFF; 27]].concat();
    let coordinates = [vec![1], vec![0], with_bit(&prime, 0), prime];
    let points = coordinates.into_iter().flat_map(|mut point| {
        point.resize(57, 0);
        let negated = [&point[..56], &[0x80]].concat();
        [point, negated]
    });
    let points: Vec<_> = points.collect();
    for small in &points {
        for r in &points {
            for s in [[0; 57].as_slice(), s] {
                let signature = [r, s].concat();
                let verdict = verify("small order", small, &signature, b"message");
                assert_eq!(verdict, Verdict::Bad, "{small:02x?} {r:02x?}");
            }
        }
        let of_small_order = [small, s].concat();
        for (key, signature) in [(small, &signature), (&public, &of_small_order)] {
            let verdict = verify("one of small order", key, signature, b"message");
            assert_eq!(verdict, Verdict::Bad, "{small:02x?}");
        }
    }
}

#[test]
fn integers_may_have_zeros_before_them() {
    assert_eq!(integer(&[0, 0, 1, 0]), [1, 0]);
    assert!(integer(&[0, 0]).is_empty());
}
