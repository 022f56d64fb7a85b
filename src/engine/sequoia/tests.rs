//! The table of cryptographic policies against the one that sequoia has.
#![allow(clippy::panic)]

use sequoia_openpgp as openpgp;

use crate::engine::CryptoPolicy;
use crate::engine::crypto_policy::table::{curve::SECP256K1, hash_name};
use openpgp::policy::{AsymmetricAlgorithm, HashAlgoSecurity, StandardPolicy};
use openpgp::types::{Curve, HashAlgorithm};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

/// The beginning of 1997-02-01 (UTC): from then on, sequoia takes no MD5.
const END_OF_MD5: u64 = 854_755_200;

/// The beginning of 2013-02-01 (UTC): from then on, sequoia takes no SHA-1 and no RIPEMD-160.
const END_OF_SHA1: u64 = 1_359_676_800;

/// The beginning of 2014-02-01 (UTC): from then on, sequoia takes no RSA or DSA key below 2048 bits.
const END_OF_1024: u64 = 1_391_212_800;

const IN_2026: u64 = 1_790_000_000;
const IN_2040: u64 = 2_220_000_000;

/// When the algorithm ends, in seconds since the epoch; 0 if it never was good.
fn end(cutoff: Option<SystemTime>) -> Option<u64> {
    cutoff.map(|cutoff| {
        cutoff
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO)
            .as_secs()
    })
}

/// What sequoia says of a hash algorithm for a signature over a document.
fn end_of_hash(hash: HashAlgorithm) -> Option<u64> {
    let policy = StandardPolicy::new();
    let second = policy.hash_cutoff(hash, HashAlgoSecurity::SecondPreImageResistance);
    let collision = policy.hash_cutoff(hash, HashAlgoSecurity::CollisionResistance);
    [end(second), end(collision)].into_iter().flatten().min()
}

fn end_of_key(algorithm: AsymmetricAlgorithm) -> Option<u64> {
    end(StandardPolicy::new().asymmetric_algo_cutoff(algorithm))
}

/// Both sides of each time at which sequoia's policy changes, and some between and after them.
fn times() -> BTreeSet<u64> {
    let hashes = (0..=u8::MAX).map(|number| end_of_hash(number.into()));
    let keys = AsymmetricAlgorithm::variants().map(end_of_key);
    hashes
        .chain(keys)
        .flatten()
        .flat_map(|end| [end.saturating_sub(1), end, end.saturating_add(1)])
        .chain([IN_2026, IN_2040, u32::MAX.into()])
        .collect()
}

#[test]
fn hashes_are_judged_as_by_sequoia() {
    for number in 0..=u8::MAX {
        let theirs = end_of_hash(number.into());
        let ours = CryptoPolicy::Standard.weak_hash(number);
        match number {
            // They are weak at any time: a clock that is set back must not make a collision count.
            1 => assert!(ours && theirs == Some(END_OF_MD5), "{theirs:?}"),
            2 | 3 => assert!(ours && theirs == Some(END_OF_SHA1), "{theirs:?}"),
            // Never weak, or weak at all times.
            _ => assert_eq!(theirs, ours.then_some(0), "{number}"),
        }
    }
    for hash in HashAlgorithm::variants() {
        let known = !hash_name(hash.into()).starts_with("the hash algorithm");
        assert!(known, "sequoia knows {hash}, which the table does not");
    }
}

#[test]
fn keys_are_judged_as_by_sequoia() {
    for algorithm in AsymmetricAlgorithm::variants() {
        let theirs = end_of_key(algorithm);
        for (number, bits, curve) in keys_of(algorithm) {
            for now in times() {
                let ours = CryptoPolicy::Standard.weak_key(number, bits, Some(&curve), now);
                let theirs = theirs.is_some_and(|end| end <= now);
                match algorithm {
                    // They are weak at any time: a clock that is set back must not make a key count that
                    // somebody may have broken since.
                    AsymmetricAlgorithm::RSA1024 | AsymmetricAlgorithm::DSA1024 => {
                        assert!(ours && theirs == (now >= END_OF_1024), "{algorithm} {now}");
                    }
                    _ if !signs(algorithm) => assert!(ours, "{algorithm}"),
                    _ => assert_eq!(ours, theirs, "{algorithm} of {bits} bits at {now}"),
                }
            }
        }
    }
    let unknown = end_of_key(AsymmetricAlgorithm::Unknown);
    assert_eq!(unknown, Some(0));
    // Sequoia knows no secp256k1 and refuses it as it refuses all unknown curves. GnuPG verifies with it, and so
    // do the engines on GnuPG: nothing is wrong with it.
    for (curve, ours) in [(&b"\x2B\x65\x71"[..], true), (SECP256K1, false)] {
        assert!(matches!(Curve::from_oid(curve), Curve::Unknown(_)));
        let weak = CryptoPolicy::Standard.weak_key(19, 256, Some(curve), IN_2026);
        assert_eq!(weak, ours, "{curve:?}");
    }
}

#[test]
fn every_curve_of_sequoia_that_signs_is_in_the_table() {
    for curve in Curve::variants() {
        let weak = CryptoPolicy::Standard.weak_key(19, 0, Some(curve.oid()), IN_2026);
        assert_eq!(weak, curve == Curve::Cv25519, "{curve}");
    }
}

/// Whether the algorithm makes signatures. Of one that does not, the table says that it is weak.
fn signs(algorithm: AsymmetricAlgorithm) -> bool {
    use AsymmetricAlgorithm as Of;
    !matches!(
        algorithm,
        Of::ElGamal1024
            | Of::ElGamal2048
            | Of::ElGamal3072
            | Of::ElGamal4096
            | Of::Cv25519
            | Of::X25519
            | Of::X448
            | Of::MLKEM768_X25519
            | Of::MLKEM1024_X448
    )
}

/// Keys that sequoia calls so: their algorithm, the least and the greatest of their sizes, and their curve.
fn keys_of(algorithm: AsymmetricAlgorithm) -> Vec<(u8, usize, Vec<u8>)> {
    use AsymmetricAlgorithm as Of;
    let (numbers, sizes, curve): (&[u8], [usize; 2], Option<Curve>) = match algorithm {
        Of::RSA1024 => (&[1, 2, 3], [0, 2_047], None),
        Of::RSA2048 => (&[1, 2, 3], [2_048, 3_071], None),
        Of::RSA3072 => (&[1, 2, 3], [3_072, 4_095], None),
        Of::RSA4096 => (&[1, 2, 3], [4_096, 16_384], None),
        Of::ElGamal1024 => (&[16, 20], [0, 2_047], None),
        Of::ElGamal2048 => (&[16, 20], [2_048, 3_071], None),
        Of::ElGamal3072 => (&[16, 20], [3_072, 4_095], None),
        Of::ElGamal4096 => (&[16, 20], [4_096, 16_384], None),
        Of::DSA1024 => (&[17], [0, 2_047], None),
        Of::DSA2048 => (&[17], [2_048, 3_071], None),
        Of::DSA3072 => (&[17], [3_072, 4_095], None),
        Of::DSA4096 => (&[17], [4_096, 16_384], None),
        Of::NistP256 => (&[19], [256; 2], Some(Curve::NistP256)),
        Of::NistP384 => (&[19], [384; 2], Some(Curve::NistP384)),
        Of::NistP521 => (&[19], [521; 2], Some(Curve::NistP521)),
        Of::BrainpoolP256 => (&[19], [256; 2], Some(Curve::BrainpoolP256)),
        Of::BrainpoolP384 => (&[19], [384; 2], Some(Curve::BrainpoolP384)),
        Of::BrainpoolP512 => (&[19], [512; 2], Some(Curve::BrainpoolP512)),
        Of::Cv25519 => (&[18], [256; 2], Some(Curve::Cv25519)),
        Of::EdDSA => (&[22], [256; 2], Some(Curve::Ed25519)),
        Of::X25519 => (&[25], [256; 2], None),
        Of::X448 => (&[26], [448; 2], None),
        Of::Ed25519 => (&[27], [256; 2], None),
        Of::Ed448 => (&[28], [456; 2], None),
        Of::MLDSA65_Ed25519 => (&[30], [0; 2], None),
        Of::MLDSA87_Ed448 => (&[31], [0; 2], None),
        Of::SLHDSA128s => (&[32], [0; 2], None),
        Of::SLHDSA128f => (&[33], [0; 2], None),
        Of::SLHDSA256s => (&[34], [0; 2], None),
        Of::MLKEM768_X25519 => (&[35], [0; 2], None),
        Of::MLKEM1024_X448 => (&[36], [0; 2], None),
        other => panic!("sequoia knows {other}, which the table does not"),
    };
    let curve = curve.map_or_else(Vec::new, |curve| curve.oid().to_vec());
    let sizes = |number| sizes.map(|bits| (number, bits, curve.clone()));
    numbers.iter().copied().flat_map(sizes).collect()
}
