//! The rules of each [`CryptoPolicy`], in one table.
//!
//! Algorithms are the numbers of OpenPGP here, of no library. That the table is what sequoia's `StandardPolicy` says,
//! and where it is not, is tested beside the engine that has sequoia.

use super::CryptoPolicy;

/// The beginning of 2030-02-01 (UTC) in seconds since the epoch: from then on, [`CryptoPolicy::Standard`] takes
/// no DSA key of any size. It is `Timestamp::Y2030M2` in the table `AsymmetricAlgorithmCutoffList` of
/// sequoia-openpgp 2.4 (its `policy.rs`); FIPS 186-5 allows no new DSA signatures already.
const END_OF_DSA: u64 = 1_896_134_400;

/// The smallest RSA or DSA key, in bits, that [`CryptoPolicy::Standard`] lets count.
const MIN_BITS_OF_STANDARD: usize = 2_048;

/// The smallest RSA or DSA key, in bits, that [`CryptoPolicy::GnuPg`] lets count.
const MIN_BITS_OF_GNUPG: usize = 1_024;

/// Hash algorithms (RFC 9580, section 9.5).
pub(in crate::engine) mod hash {
    pub(in crate::engine) const MD5: u8 = 1;
    pub(super) const SHA1: u8 = 2;
    pub(super) const RIPEMD160: u8 = 3;
    pub(super) const SHA256: u8 = 8;
    pub(super) const SHA384: u8 = 9;
    pub(super) const SHA512: u8 = 10;
    pub(super) const SHA224: u8 = 11;
    pub(super) const SHA3_256: u8 = 12;
    pub(super) const SHA3_512: u8 = 14;
}

/// Public-key algorithms (RFC 9580, section 9.1, and RFC 9980) that make signatures.
mod public_key {
    pub(super) const RSA: u8 = 1;
    pub(super) const RSA_ENCRYPT_ONLY: u8 = 2;
    pub(super) const RSA_SIGN_ONLY: u8 = 3;
    pub(super) const DSA: u8 = 17;
    pub(super) const ECDSA: u8 = 19;
    pub(super) const EDDSA_LEGACY: u8 = 22;
    pub(super) const ED25519: u8 = 27;
    pub(super) const ED448: u8 = 28;
    pub(super) const ML_DSA_65_ED25519: u8 = 30;
    pub(super) const ML_DSA_87_ED448: u8 = 31;
    pub(super) const SLH_DSA_SHAKE_128S: u8 = 32;
    pub(super) const SLH_DSA_SHAKE_128F: u8 = 33;
    pub(super) const SLH_DSA_SHAKE_256S: u8 = 34;
}

/// Curves by object identifier (RFC 9580, section 9.2).
pub(in crate::engine) mod curve {
    const NIST_P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    const NIST_P384: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
    const NIST_P521: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x23];
    const BRAINPOOL_P256: &[u8] = &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07];
    const BRAINPOOL_P384: &[u8] = &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B];
    const BRAINPOOL_P512: &[u8] = &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D];
    const ED25519_LEGACY: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01];
    /// 1.3.132.0.10, which is in no RFC on OpenPGP: GnuPG calculates with it.
    pub(in crate::engine) const SECP256K1: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x0A];

    /// Those that are not weak.
    pub(super) const GOOD: [&[u8]; 8] = [
        NIST_P256,
        NIST_P384,
        NIST_P521,
        BRAINPOOL_P256,
        BRAINPOOL_P384,
        BRAINPOOL_P512,
        ED25519_LEGACY,
        SECP256K1,
    ];
}

/// What is thought of a hash algorithm under data that somebody else may have written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// Good enough for every policy.
    Good,
    /// Good enough for [`CryptoPolicy::GnuPg`] only.
    Outdated,
    /// Good enough for none.
    Broken,
}

/// The hash algorithms that have a name, with the name as people write it.
const HASHES: [(u8, &str, Strength); 9] = [
    (hash::MD5, "MD5", Strength::Broken),
    (hash::SHA1, "SHA-1", Strength::Outdated),
    (hash::RIPEMD160, "RIPEMD-160", Strength::Outdated),
    (hash::SHA224, "SHA-224", Strength::Good),
    (hash::SHA256, "SHA-256", Strength::Good),
    (hash::SHA384, "SHA-384", Strength::Good),
    (hash::SHA512, "SHA-512", Strength::Good),
    (hash::SHA3_256, "SHA3-256", Strength::Good),
    (hash::SHA3_512, "SHA3-512", Strength::Good),
];

fn row(number: u8) -> Option<&'static (u8, &'static str, Strength)> {
    HASHES.iter().find(|(known, ..)| *known == number)
}

/// The name of the hash algorithm as people write it: `SHA-1`.
pub(in crate::engine) fn hash_name(number: u8) -> String {
    match row(number) {
        Some((_, name, _)) => (*name).to_owned(),
        None => format!("the hash algorithm {number}"),
    }
}

impl CryptoPolicy {
    /// Whether the hash algorithm of this number is too weak for the signature over an image. One that is not in
    /// the table is weak under [`Standard`](Self::Standard); no GnuPG knows it.
    pub(in crate::engine) fn weak_hash(self, number: u8) -> bool {
        match row(number) {
            Some((.., strength)) => self.weak(*strength),
            None => self == Self::Standard,
        }
    }

    /// Whether the hash algorithm of this number is in the table as too weak, so that nobody needs to be able to
    /// calculate with it to refuse a signature for that reason.
    #[cfg(feature = "_rules")]
    pub(in crate::engine) fn known_weak_hash(self, number: u8) -> bool {
        row(number).is_some_and(|(.., strength)| self.weak(*strength))
    }

    fn weak(self, strength: Strength) -> bool {
        match strength {
            Strength::Good => false,
            Strength::Outdated => self == Self::Standard,
            Strength::Broken => true,
        }
    }

    /// Whether a key of this public-key algorithm and size is too weak at `now`, in seconds since the epoch.
    ///
    /// Only ECDSA and EdDSA have a `curve`, by object identifier; it is `None` where the engine does not report
    /// it, which is then not judged. An algorithm that is not in the table is weak under
    /// [`Standard`](Self::Standard).
    pub(in crate::engine) fn weak_key(
        self,
        algorithm: u8,
        bits: usize,
        curve: Option<&[u8]>,
        now: u64,
    ) -> bool {
        let standard = self == Self::Standard;
        match algorithm {
            public_key::RSA | public_key::RSA_ENCRYPT_ONLY | public_key::RSA_SIGN_ONLY => {
                bits < self.min_bits()
            }
            public_key::DSA => {
                bits < self.min_bits() || self.last_second(algorithm).is_some_and(|last| now > last)
            }
            public_key::ECDSA | public_key::EDDSA_LEGACY => {
                standard && curve.is_some_and(|curve| !curve::GOOD.contains(&curve))
            }
            public_key::ED25519
            | public_key::ED448
            | public_key::ML_DSA_65_ED25519
            | public_key::ML_DSA_87_ED448
            | public_key::SLH_DSA_SHAKE_128S
            | public_key::SLH_DSA_SHAKE_128F
            | public_key::SLH_DSA_SHAKE_256S => false,
            _ => standard,
        }
    }

    /// The last second, since the epoch, in which a key of this public-key algorithm counts, if there is one.
    pub(in crate::engine) fn last_second(self, algorithm: u8) -> Option<u64> {
        (self == Self::Standard && algorithm == public_key::DSA)
            .then_some(END_OF_DSA.saturating_sub(1))
    }

    /// The smallest RSA or DSA key that counts, in bits.
    fn min_bits(self) -> usize {
        match self {
            Self::Standard => MIN_BITS_OF_STANDARD,
            Self::GnuPg => MIN_BITS_OF_GNUPG,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;
    use CryptoPolicy::{GnuPg, Standard};

    const NOW: u64 = 1_790_000_000;

    #[test]
    fn hashes_are_judged_by_number() {
        for (number, standard, gnupg, name) in [
            (0, true, false, "the hash algorithm 0"),
            (1, true, true, "MD5"),
            (2, true, false, "SHA-1"),
            (3, true, false, "RIPEMD-160"),
            (4, true, false, "the hash algorithm 4"),
            (7, true, false, "the hash algorithm 7"),
            (8, false, false, "SHA-256"),
            (9, false, false, "SHA-384"),
            (10, false, false, "SHA-512"),
            (11, false, false, "SHA-224"),
            (12, false, false, "SHA3-256"),
            (13, true, false, "the hash algorithm 13"),
            (14, false, false, "SHA3-512"),
            (15, true, false, "the hash algorithm 15"),
            (255, true, false, "the hash algorithm 255"),
        ] {
            assert_eq!(Standard.weak_hash(number), standard, "{number}");
            assert_eq!(GnuPg.weak_hash(number), gnupg, "{number}");
            assert_eq!(hash_name(number), name);
            #[cfg(feature = "_rules")]
            {
                let known = (1..=3).contains(&number);
                assert_eq!(Standard.known_weak_hash(number), known, "{number}");
                assert_eq!(GnuPg.known_weak_hash(number), number == 1, "{number}");
            }
        }
    }

    #[test]
    fn rsa_and_dsa_need_2048_bits_or_1024() {
        for (bits, standard, gnupg) in [
            (0, true, true),
            (1_023, true, true),
            (1_024, true, false),
            (2_047, true, false),
            (2_048, false, false),
            (16_384, false, false),
        ] {
            for algorithm in [1, 2, 3, 17] {
                for (policy, weak) in [(Standard, standard), (GnuPg, gnupg)] {
                    let found = policy.weak_key(algorithm, bits, None, NOW);
                    assert_eq!(found, weak, "{algorithm} {bits} {policy:?}");
                }
            }
        }
    }

    #[test]
    fn dsa_ends_with_january_2030_under_standard() {
        assert_eq!(
            "2030-02-01T00:00:00Z".parse(),
            Ok(Moment::from_unix(END_OF_DSA))
        );
        for (now, ended) in [
            (0, false),
            (END_OF_DSA.saturating_sub(1), false),
            (END_OF_DSA, true),
            (u64::MAX, true),
        ] {
            assert_eq!(Standard.weak_key(17, 3_072, None, now), ended, "{now}");
            assert!(!GnuPg.weak_key(17, 3_072, None, now), "{now}");
            assert!(!Standard.weak_key(1, 3_072, None, now), "{now}");
        }
    }

    #[test]
    fn unknown_curves_are_weak_under_standard() {
        for algorithm in [19, 22] {
            for curve in curve::GOOD {
                assert!(!Standard.weak_key(algorithm, 0, Some(curve), NOW));
            }
            // Of no octets; Ed448; P-256 cut short.
            for curve in [&b""[..], b"\x2B\x65\x71", b"\x2A\x86\x48\xCE\x3D\x03\x01"] {
                assert!(Standard.weak_key(algorithm, 0, Some(curve), NOW));
                assert!(!GnuPg.weak_key(algorithm, 0, Some(curve), NOW));
            }
            assert!(!Standard.weak_key(algorithm, 0, None, NOW));
        }
    }

    #[test]
    fn unknown_algorithms_are_weak_under_standard() {
        for algorithm in 0..=u8::MAX {
            let known = matches!(algorithm, 1..=3 | 17 | 19 | 22 | 27 | 28 | 30..=34);
            let weak = Standard.weak_key(algorithm, 4_096, None, NOW);
            assert_eq!(weak, !known, "{algorithm}");
            assert!(!GnuPg.weak_key(algorithm, 4_096, None, NOW));
        }
    }
}
