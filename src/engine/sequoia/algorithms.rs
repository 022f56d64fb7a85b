//! Which algorithms are good enough, and which ones cannot carry a signature at all.

use sequoia_openpgp as openpgp;

use openpgp::crypto::mpi::{MPI, PublicKey};
use openpgp::packet::Key;
use openpgp::packet::key::{KeyParts, KeyRole};
use openpgp::types::{Curve, HashAlgorithm, PublicKeyAlgorithm, Timestamp};

use super::kind::{GNUPG, KIND};
use super::rsa;
use crate::engine::CryptoPolicy;
use crate::engine::crypto_policy::table::{self, curve::SECP256K1};
use crate::engine::unsupported::Unsupported;

/// The shortest order of a DSA key's group that GnuPG takes, in bits: `encode_md_value` in its `seskey.c`,
/// since anybody could sign for a key of 16. It wants whole octets, too.
const SMALLEST_DSA_ORDER: usize = 160;

/// The largest DSA key, in bits, that is calculated with: a bound of ours, whatever the backend can. GnuPG makes
/// none above 3072 bits, and sequoia's policy knows none above 4096; libgcrypt calculates with up to 16384, which
/// takes fifty milliseconds and more for each signature in a key file.
const LARGEST_DSA_KEY: usize = 4_096;

/// What of a signature decides whether it can be checked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The packet's version.
    pub(super) version: u8,
    /// The public-key algorithm that it names.
    pub(super) algorithm: PublicKeyAlgorithm,
    /// The hash algorithm.
    pub(super) hash: HashAlgorithm,
}

/// What makes the hash algorithm too weak for a data signature; `None` if it is good.
pub(super) fn weak_hash(hash: HashAlgorithm, policy: CryptoPolicy) -> Option<String> {
    policy.weak_hash(hash.into()).then(|| hash_name(hash))
}

/// What makes the key too weak at `now`; `None` if it is good.
pub(super) fn weak_key<P: KeyParts, R: KeyRole>(
    key: &Key<P, R>,
    policy: CryptoPolicy,
    now: Timestamp,
) -> Option<String> {
    let algorithm = key.pk_algo().into();
    let bits = key.mpis().bits().unwrap_or(0);
    let curve = match key.mpis() {
        PublicKey::ECDSA { curve, .. } | PublicKey::EdDSA { curve, .. } => curve.oid(),
        _ => &[],
    };
    let now = u32::from(now).into();
    let weak = policy.weak_key(algorithm, bits, Some(curve), now);
    weak.then(|| key_name(key))
}

/// Whether GnuPG lets this key sign with this hash: a DSA or ECDSA key needs a hash at least as
/// long as its group's order, or 512 bits where that is longer.
pub(super) fn hash_long_enough<P: KeyParts, R: KeyRole>(
    key: &Key<P, R>,
    hash: HashAlgorithm,
) -> bool {
    let needed = match key.mpis() {
        PublicKey::DSA { q, .. } if !good_order(q) => return false,
        PublicKey::DSA { q, .. } => q.bits(),
        PublicKey::ECDSA { curve, .. } => match curve.bits() {
            Ok(bits) => bits.min(512),
            Err(_) => 256,
        },
        _ => return true,
    };
    hash.digest_size()
        .is_ok_and(|size| size.saturating_mul(8) >= needed)
}

/// Whether GnuPG takes this order of a DSA key's group.
fn good_order(q: &MPI) -> bool {
    q.bits() >= SMALLEST_DSA_ORDER && q.bits() % 8 == 0
}

/// Whether a key with this algorithm can make signatures at all.
#[allow(deprecated)]
pub(super) fn can_sign(algorithm: PublicKeyAlgorithm) -> bool {
    algorithm.for_signing() && algorithm != PublicKeyAlgorithm::ElGamalEncryptSign
}

/// Whether GnuPG's key rings know the algorithm of a key of version 4 (`parse_key` in its
/// `keybox-openpgp.c`).
pub(super) fn in_key_rings(algorithm: PublicKeyAlgorithm) -> bool {
    matches!(u8::from(algorithm), 1..=3 | 16..=20 | 22)
}

/// What makes it impossible to check anything that the key signs; `None` if nothing does.
///
/// Version 4 is as GnuPG reads it, with no more algorithms. Version 6, of RFC 9580, GnuPG does not
/// read at all.
pub(super) fn unsupported_key<P: KeyParts, R: KeyRole>(
    key: &Key<P, R>,
    policy: CryptoPolicy,
) -> Option<Unsupported> {
    let algorithm = key.pk_algo();
    match key.version() {
        4 if of_rfc_9580(algorithm) => {
            return Some(Unsupported::by_all(
                KIND,
                format!("{} in a version 4 key", key_name(key)),
            ));
        }
        6 if policy == CryptoPolicy::GnuPg => {
            return Some(Unsupported::by_all(
                KIND,
                "keys of version 6 under the cryptographic policy gnupg",
            ));
        }
        // RFC 9580, section 9.1.
        #[allow(deprecated)]
        6 if algorithm == PublicKeyAlgorithm::DSA => {
            return Some(Unsupported::by_all(KIND, "DSA in a version 6 key"));
        }
        _ => {}
    }
    if can_calculate(key) || only_encrypts(algorithm) {
        None
    } else if key.version() == 4 && gnupg_can_calculate(key) {
        Some(Unsupported::but_by(KIND, GNUPG, key_name(key)))
    } else {
        Some(Unsupported::by_all(KIND, key_name(key)))
    }
}

/// What is wrong with the form of the key, so that nothing that it signs can count; `None` if nothing
/// is. RFC 9580, section 11.2.1, allows uncompressed points only, and GnuPG takes no others.
pub(super) fn malformed_key<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Option<&'static str> {
    match key.mpis() {
        PublicKey::ECDSA { q, .. } if q.value().first() != Some(&0x04) => {
            Some("its point of the curve is not written in uncompressed form")
        }
        PublicKey::DSA { q, .. } if !good_order(q) => {
            Some("the order of its group has less than 160 bits, or is not of whole octets")
        }
        _ => None,
    }
}

/// What of a signature's form makes it impossible to check; `None` if nothing does.
pub(super) fn unsupported_form(form: Form) -> Option<Unsupported> {
    unsupported_algorithm(form).or_else(|| unsupported_hash(form))
}

/// The same of the public-key algorithm that it names: GnuPG asks that of all signatures but back
/// signatures, whatever the algorithm of the key.
pub(super) fn unsupported_algorithm(form: Form) -> Option<Unsupported> {
    let Form {
        version, algorithm, ..
    } = form;
    let number = u8::from(algorithm);
    let known = match version {
        // 16 and 18 make no signatures, but are known.
        2..=4 => matches!(number, 1..=3 | 16..=19 | 22),
        _ => !matches!(
            algorithm,
            PublicKeyAlgorithm::Private(_) | PublicKeyAlgorithm::Unknown(_)
        ),
    };
    (!known).then(|| {
        Unsupported::by_all(
            KIND,
            format!("the public-key algorithm {number} in a signature of version {version}"),
        )
    })
}

/// The same of the hash algorithm. Before version 6, GnuPG must know it: SHA-3 came with version 6.
pub(super) fn unsupported_hash(form: Form) -> Option<Unsupported> {
    let Form { version, hash, .. } = form;
    let name = hash_name(hash);
    if version < 6 && matches!(hash, HashAlgorithm::SHA3_256 | HashAlgorithm::SHA3_512) {
        Some(Unsupported::by_all(
            KIND,
            format!("{name} in a signature of version {version}"),
        ))
    } else if hash.is_supported() {
        None
    } else if version < 6 && hash_known(hash) {
        Some(Unsupported::but_by(KIND, GNUPG, name))
    } else {
        Some(Unsupported::by_all(KIND, name))
    }
}

/// The hash algorithm's name as people write it: `SHA-1`.
pub(super) fn hash_name(algorithm: HashAlgorithm) -> String {
    table::hash_name(algorithm.into())
}

/// Whether the hash algorithm is one that has a name, be it supported or not.
pub(super) fn hash_known(hash: HashAlgorithm) -> bool {
    !matches!(hash, HashAlgorithm::Private(_) | HashAlgorithm::Unknown(_))
}

/// Whether this build can verify what the key signs: the backend is asked.
pub(super) fn can_calculate<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> bool {
    match key.mpis() {
        PublicKey::ECDSA { curve, .. } | PublicKey::EdDSA { curve, .. } => curve.is_supported(),
        PublicKey::RSA { n, e } => rsa::takes(n, e),
        PublicKey::DSA { p, .. } => p.bits() <= LARGEST_DSA_KEY && key.pk_algo().is_supported(),
        PublicKey::Unknown { .. } => false,
        _ => key.pk_algo().is_supported(),
    }
}

/// Whether GnuPG can verify what a version 4 key of this algorithm and size signs.
fn gnupg_can_calculate<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> bool {
    match key.mpis() {
        PublicKey::RSA { .. } | PublicKey::DSA { .. } => true,
        PublicKey::ECDSA { curve, .. } => match curve {
            Curve::Unknown(oid) => **oid == *SECP256K1,
            Curve::Ed25519 | Curve::Cv25519 => false,
            _ => true,
        },
        PublicKey::EdDSA { curve, .. } => *curve == Curve::Ed25519,
        _ => false,
    }
}

/// Whether keys of the algorithm sign nothing: they are known, and not for that.
#[allow(deprecated)]
fn only_encrypts(algorithm: PublicKeyAlgorithm) -> bool {
    matches!(
        algorithm,
        PublicKeyAlgorithm::ElGamalEncrypt
            | PublicKeyAlgorithm::ECDH
            | PublicKeyAlgorithm::X25519
            | PublicKeyAlgorithm::X448
            | PublicKeyAlgorithm::MLKEM768_X25519
            | PublicKeyAlgorithm::MLKEM1024_X448
    )
}

/// Whether RFC 9580 or a later document introduced the algorithm: those before it end at EdDSA, 22.
fn of_rfc_9580(algorithm: PublicKeyAlgorithm) -> bool {
    u8::from(algorithm) > u8::from(PublicKeyAlgorithm::EdDSA)
}

/// The algorithm and size of the key as people write it: `1024-bit RSA`, `ECDSA on NIST P-256`.
#[allow(deprecated)]
pub(super) fn key_name<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> String {
    let bits = key.mpis().bits().unwrap_or(0);
    match key.mpis() {
        PublicKey::RSA { n, e } if rsa::unusual_exponent(n, e) => {
            format!("{bits}-bit RSA with an exponent of {} bits", e.bits())
        }
        PublicKey::RSA { .. } => format!("{bits}-bit RSA"),
        PublicKey::DSA { .. } => format!("{bits}-bit DSA"),
        PublicKey::ElGamal { .. } => format!("{bits}-bit ElGamal"),
        PublicKey::ECDSA { curve, .. } => format!("ECDSA on {}", curve_name(curve)),
        PublicKey::EdDSA { curve, .. } => format!("EdDSA on {}", curve_name(curve)),
        PublicKey::Ed25519 { .. } => "Ed25519".to_owned(),
        PublicKey::Ed448 { .. } => "Ed448".to_owned(),
        _ => match key.pk_algo() {
            PublicKeyAlgorithm::MLDSA65_Ed25519 => "ML-DSA-65 with Ed25519".to_owned(),
            PublicKeyAlgorithm::MLDSA87_Ed448 => "ML-DSA-87 with Ed448".to_owned(),
            other => format!("the public-key algorithm {}", u8::from(other)),
        },
    }
}

/// The name of the curve as people write it: `NIST P-256`.
pub(super) fn curve_name(curve: &Curve) -> String {
    match curve {
        Curve::NistP256 => "NIST P-256".to_owned(),
        Curve::NistP384 => "NIST P-384".to_owned(),
        Curve::NistP521 => "NIST P-521".to_owned(),
        Curve::BrainpoolP256 => "Brainpool P-256".to_owned(),
        Curve::BrainpoolP384 => "Brainpool P-384".to_owned(),
        Curve::BrainpoolP512 => "Brainpool P-512".to_owned(),
        Curve::Ed25519 => "Ed25519".to_owned(),
        Curve::Cv25519 => "Curve25519".to_owned(),
        Curve::Unknown(oid) if **oid == *SECP256K1 => "secp256k1".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;
    use openpgp::policy::{AsymmetricAlgorithm, HashAlgoSecurity, StandardPolicy};
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
            let known = !hash_name(hash).starts_with("the hash algorithm");
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
}
