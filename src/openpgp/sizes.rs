//! The algorithms whose keys and signatures are octets of fixed numbers, without integers (RFC 9580, sections 5.2.3.4,
//! 5.2.3.5 and 5.5.5.7 to 5.5.5.10; RFC 9980). Those of a composite algorithm stand one after the other: the part on a
//! curve first.

use super::algorithm::PublicKeyAlgorithm;

/// What a key on a curve, and a signature by it, consists of (RFC 7748, section 5, and RFC 8032, sections 5.1 and 5.2).
const X25519: usize = 32;
const X448: usize = 56;
const ED25519: Sizes = Sizes::of(32, 64);
const ED448: Sizes = Sizes::of(57, 114);

/// FIPS 203, section 8, table 3.
const ML_KEM_768: usize = 1_184;
const ML_KEM_1024: usize = 1_568;

/// FIPS 204, section 4, table 2.
const ML_DSA_65: Sizes = Sizes::of(1_952, 3_309);
const ML_DSA_87: Sizes = Sizes::of(2_592, 4_627);

/// FIPS 205, section 11, table 2.
const SLH_DSA_128S: Sizes = Sizes::of(32, 7_856);
const SLH_DSA_128F: Sizes = Sizes::of(32, 17_088);
const SLH_DSA_256S: Sizes = Sizes::of(64, 29_792);

/// How many octets an algorithm's keys and signatures have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Those of a public key.
    pub(super) key: usize,
    /// Those of a signature, if it makes any.
    pub(super) signature: Option<usize>,
}

impl Sizes {
    /// Those of this algorithm, if they are fixed.
    pub(super) fn fixed(algorithm: PublicKeyAlgorithm) -> Option<Self> {
        Some(match algorithm {
            PublicKeyAlgorithm::X25519 => Self::of_encryption(X25519),
            PublicKeyAlgorithm::X448 => Self::of_encryption(X448),
            PublicKeyAlgorithm::Ed25519 => ED25519,
            PublicKeyAlgorithm::Ed448 => ED448,
            PublicKeyAlgorithm::MlDsa65Ed25519 => ED25519.and(ML_DSA_65),
            PublicKeyAlgorithm::MlDsa87Ed448 => ED448.and(ML_DSA_87),
            PublicKeyAlgorithm::SlhDsaShake128s => SLH_DSA_128S,
            PublicKeyAlgorithm::SlhDsaShake128f => SLH_DSA_128F,
            PublicKeyAlgorithm::SlhDsaShake256s => SLH_DSA_256S,
            PublicKeyAlgorithm::MlKem768X25519 => {
                Self::of_encryption(X25519.saturating_add(ML_KEM_768))
            }
            PublicKeyAlgorithm::MlKem1024X448 => {
                Self::of_encryption(X448.saturating_add(ML_KEM_1024))
            }
            _ => return None,
        })
    }

    const fn of(key: usize, signature: usize) -> Self {
        Self {
            key,
            signature: Some(signature),
        }
    }

    const fn of_encryption(key: usize) -> Self {
        Self {
            key,
            signature: None,
        }
    }

    /// Those of a composite algorithm.
    fn and(self, other: Self) -> Self {
        Self {
            key: self.key.saturating_add(other.key),
            signature: self
                .signature
                .zip(other.signature)
                .map(|(one, other)| one.saturating_add(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sums as RFC 9980 has them.
    #[test]
    fn composite_algorithms_have_the_octets_of_both() {
        for (number, sizes) in [
            (1, None),
            (19, None),
            (22, None),
            (25, Some((32, None))),
            (26, Some((56, None))),
            (27, Some((32, Some(64)))),
            (28, Some((57, Some(114)))),
            (30, Some((1_984, Some(3_373)))),
            (31, Some((2_649, Some(4_741)))),
            (32, Some((32, Some(7_856)))),
            (33, Some((32, Some(17_088)))),
            (34, Some((64, Some(29_792)))),
            (35, Some((1_216, None))),
            (36, Some((1_624, None))),
            (99, None),
        ] {
            let found = Sizes::fixed(PublicKeyAlgorithm::of(number));
            let found = found.map(|sizes| (sizes.key, sizes.signature));
            assert_eq!(found, sizes, "{number}");
        }
    }

    #[test]
    fn what_only_encrypts_makes_no_signatures() {
        for number in 0..=u8::MAX {
            let algorithm = PublicKeyAlgorithm::of(number);
            if let Some(sizes) = Sizes::fixed(algorithm) {
                let signs = sizes.signature.is_some();
                assert_eq!(signs, !algorithm.only_encrypts(), "{number}");
            }
        }
    }
}
