//! Which RSA keys sequoia's cryptographic backend calculates with. It is asked.
//!
//! Each backend has limits of its own, which no function of sequoia reports. RustCrypto's takes no modulus above 4096
//! bits, and odd exponents from 3 to 2^33 - 1; OpenSSL takes no exponent above 64 bits where the modulus has more than
//! 3072. When a key is beyond them, the error is of the kind that a bad signature gives. So the backend has to verify a
//! signature that is known to be good, by a key of the same sizes: where it cannot, whatever such a key signs is
//! unsupported, and not bad.
//!
//! That needs a key and a signature for every size and exponent, and nobody has secrets of such keys. They are built to
//! need none. Let `m` be the integer that RSA signs: the block of PKCS #1 (RFC 8017, section 9.2), whose last octets,
//! the end of the digest, are ours to choose so that `m` leaves 1 when it is divided by a small odd `c`. The modulus is
//! `c * m`. It divides `m * (m - 1)`, so every power of `m` is `m` again modulo `c * m`: `m` is the signature of
//! itself, whatever the exponent. Such keys protect nothing, and are used for nothing but the question.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use sequoia_openpgp as openpgp;

use openpgp::crypto::mpi::{self, MPI};
use openpgp::packet::Key;
use openpgp::packet::key::{Key4, PublicParts, UnspecifiedRole};
use openpgp::types::{HashAlgorithm, PublicKeyAlgorithm, Timestamp};

use crate::openpgp::integer::{MAX_BITS, Natural};

/// What is before a SHA-256 digest in the block of PKCS #1 (RFC 8017, section 9.2, note 1).
const SHA256_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// How many octets a SHA-256 digest has.
const DIGEST: usize = 32;

/// How many octets of the block are not padding: its first two, the one after the padding, and those of the digest.
const WITHOUT_PADDING: usize = 3 + SHA256_INFO.len() + DIGEST;

/// The least octets of padding (RFC 8017, section 9.2).
const MIN_PADDING: usize = 8;

/// The least modulus, in bits, whose 62 octets hold a block with a SHA-256 digest and eight octets of padding. Of a
/// smaller key this size is asked: no policy lets it count.
const MIN_MODULUS: usize = 489;

/// A modulus that every backend takes.
const COMMON_MODULUS: Size = Size {
    bits: 2_048,
    odd: true,
};

/// The exponent that every backend takes: 65537.
const COMMON_EXPONENT: Size = Size {
    bits: 17,
    odd: true,
};

/// The most answers that are remembered. All RSA keys that people make have a dozen shapes.
const MAX_ANSWERS: usize = 1_024;

/// What the backend has answered.
static ANSWERS: Mutex<BTreeMap<Shape, bool>> = Mutex::new(BTreeMap::new());

/// What of an RSA key a backend may have limits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    modulus: Size,
    exponent: Size,
}

/// What of an integer a backend may have limits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    bits: usize,
    odd: bool,
}

/// A modulus, and what each key with this modulus has signed.
struct Signed {
    modulus: Vec<u8>,
    /// The signature, and the block that it signs.
    block: Vec<u8>,
}

/// Whether the backend calculates with RSA keys of the sizes of this one.
pub(super) fn takes(n: &Natural, e: &Natural) -> bool {
    Shape::of(n, e).is_taken()
}

/// Whether it is for its exponent that the backend does not take the key: with a modulus of this size if it
/// takes any, else with one that it takes.
pub(super) fn unusual_exponent(n: &Natural, e: &Natural) -> bool {
    let Shape { modulus, exponent } = Shape::of(n, e);
    let usual = Shape {
        modulus,
        exponent: COMMON_EXPONENT,
    };
    let modulus = if usual.is_taken() {
        modulus
    } else {
        COMMON_MODULUS
    };
    !Shape { modulus, exponent }.is_taken()
}

impl Size {
    fn of(integer: &Natural) -> Self {
        Self {
            bits: integer.bits(),
            odd: integer.is_odd(),
        }
    }

    /// An integer of this size, with as few bits set as there can be.
    fn integer(self) -> Vec<u8> {
        let mut octets = vec![0; self.bits.div_ceil(8)];
        if let Some(first) = octets.first_mut() {
            *first = match self.bits % 8 {
                0 => 0x80,
                used => 0x80 >> 8_usize.saturating_sub(used),
            };
        }
        if let Some(last) = octets.last_mut().filter(|_| self.odd) {
            *last |= 1;
        }
        octets
    }
}

impl Shape {
    fn of(n: &Natural, e: &Natural) -> Self {
        let mut modulus = Size::of(n);
        let mut exponent = Size::of(e);
        modulus.bits = modulus.bits.max(MIN_MODULUS);
        // An exponent as long as its modulus stays one.
        if exponent.bits >= n.bits() {
            exponent.bits = exponent.bits.max(modulus.bits);
        }
        Self { modulus, exponent }
    }

    /// The backend's answer; from memory, if it was asked before.
    fn is_taken(self) -> bool {
        let answers = || ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers().get(&self) {
            return *answer;
        }
        // Others need not wait for the calculation.
        let answer = self.ask();
        let mut answers = answers();
        if answers.len() >= MAX_ANSWERS {
            answers.clear();
        }
        answers.insert(self, answer);
        answer
    }

    /// Has the backend verify a good signature by a key of this shape. One beyond all that GnuPG reads takes a
    /// backend that has no limit minutes, and is not asked for.
    fn ask(self) -> bool {
        if self.modulus.bits.max(self.exponent.bits) > MAX_BITS {
            return false;
        }
        let Some(Signed { modulus, block }) = Signed::of(self.modulus) else {
            return false;
        };
        let Some(digest) = block.last_chunk::<DIGEST>() else {
            return false;
        };
        let public = mpi::PublicKey::RSA {
            e: MPI::new(&self.exponent.integer()),
            n: MPI::new(&modulus),
        };
        let signature = mpi::Signature::RSA {
            s: MPI::new(&block),
        };
        let key = Key4::<PublicParts, UnspecifiedRole>::new(
            Timestamp::from(1),
            PublicKeyAlgorithm::RSAEncryptSign,
            public,
        );
        key.is_ok_and(|key| {
            Key::from(key)
                .verify(&signature, HashAlgorithm::SHA256, digest)
                .is_ok()
        })
    }
}

impl Signed {
    /// A modulus of this size, which has at least [`MIN_MODULUS`] bits.
    fn of(modulus: Size) -> Option<Self> {
        let octets = modulus.bits.div_ceil(8);
        // The first two octets are 0 and 1: the block has 15 bits less than its octets could have, and the modulus,
        // of as many octets, at most 7. So the factor has from 8 to 15 bits.
        let block_bits = octets.checked_mul(8)?.checked_sub(15)?;
        let power = modulus.bits.checked_sub(block_bits)?.checked_sub(1)?;
        let factor = 1_u32.checked_shl(u32::try_from(power).ok()?)? | 1;
        let padding = octets.checked_sub(WITHOUT_PADDING)?;
        if padding < MIN_PADDING {
            return None;
        }
        let mut block = [
            &[0, 1][..],
            &vec![0xFF; padding],
            &[0],
            &SHA256_INFO,
            &[0; DIGEST],
        ]
        .concat();
        // Nothing below comes near 2^32.
        let divisor = NonZeroU32::new(factor)?;
        let rest = block.iter().fold(0, |rest: u32, octet| {
            rest.saturating_mul(256).saturating_add((*octet).into()) % divisor
        });
        // 1 is left of the block with this end, less than twice the factor: an odd one or an even one.
        let mut end = factor.saturating_add(1).saturating_sub(rest) % divisor;
        if (end % 2 == 1) != modulus.odd {
            end = end.saturating_add(factor);
        }
        *block.last_chunk_mut()? = u16::try_from(end).ok()?.to_be_bytes();
        let mut product = vec![0; octets];
        let mut carry = 0_u32;
        for (digit, octet) in product.iter_mut().zip(&block).rev() {
            carry = u32::from(*octet)
                .saturating_mul(factor)
                .saturating_add(carry);
            [_, _, _, *digit] = carry.to_be_bytes();
            carry >>= 8;
        }
        Some(Self {
            modulus: product,
            block,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn integer(bits: usize, odd: bool) -> Natural {
        Natural::of(&Size { bits, odd }.integer())
    }

    #[test]
    fn integers_have_their_size() {
        for bits in 1..=80 {
            let odd = Size { bits, odd: true };
            assert_eq!(Size::of(&Natural::of(&odd.integer())), odd);
            // 1 is odd.
            if bits > 1 {
                let even = Size { bits, odd: false };
                assert_eq!(Size::of(&Natural::of(&even.integer())), even);
            }
        }
        assert!(Size::of(&Natural::of(&[])).integer().is_empty());
        assert_eq!(COMMON_EXPONENT.integer(), [1, 0, 1]);
    }

    #[test]
    fn moduli_have_their_size() {
        for bits in (MIN_MODULUS..=MIN_MODULUS + 64)
            .chain(4_080..=4_112)
            .chain([MAX_BITS])
        {
            for odd in [true, false] {
                let size = Size { bits, odd };
                let Signed { modulus, block } = Signed::of(size).unwrap();
                assert_eq!(Size::of(&Natural::of(&modulus)), size);
                assert_eq!(modulus.len(), block.len());
            }
        }
        let odd = true;
        for bits in [0, 1, 8, 15, 16, 8 * (WITHOUT_PADDING - 1)] {
            assert!(Signed::of(Size { bits, odd }).is_none());
        }
    }

    #[test]
    fn every_backend_takes_the_keys_that_people_make() {
        for bits in [2_048, 3_072, 4_096] {
            for exponent in [3, 17, 41, 65_537_u32] {
                let e = Natural::of(&exponent.to_be_bytes());
                assert!(takes(&integer(bits, true), &e), "{bits} {exponent}");
                assert!(!unusual_exponent(&integer(bits, true), &e));
            }
        }
        assert!(
            Shape {
                modulus: COMMON_MODULUS,
                exponent: COMMON_EXPONENT
            }
            .is_taken()
        );
    }

    #[test]
    fn no_backend_is_asked_for_what_takes_minutes() {
        let e = Natural::of(&[1, 0, 1]);
        assert!(!takes(&integer(MAX_BITS + 1, true), &e));
        assert!(!takes(&integer(2_048, true), &integer(MAX_BITS + 1, true)));
    }

    #[test]
    fn an_answer_is_about_a_signature_that_is_verified() {
        let Signed { modulus, block } = Signed::of(COMMON_MODULUS).unwrap();
        let public = mpi::PublicKey::RSA {
            e: MPI::new(&[1, 0, 1]),
            n: MPI::new(&modulus),
        };
        let key = Key4::<PublicParts, UnspecifiedRole>::new(
            Timestamp::from(1),
            PublicKeyAlgorithm::RSAEncryptSign,
            public,
        );
        let key = Key::from(key.unwrap());
        let s = mpi::Signature::RSA {
            s: MPI::new(&block),
        };
        let mut digest = *block.last_chunk::<DIGEST>().unwrap();
        assert!(key.verify(&s, HashAlgorithm::SHA256, &digest).is_ok());
        digest.reverse();
        assert!(key.verify(&s, HashAlgorithm::SHA256, &digest).is_err());
    }

    #[test]
    fn memory_has_an_end() {
        for bits in 0..=MAX_ANSWERS {
            let e = Size {
                bits: MAX_BITS + 1 + bits,
                odd: true,
            };
            Shape {
                modulus: COMMON_MODULUS,
                exponent: e,
            }
            .is_taken();
        }
        assert!(ANSWERS.lock().unwrap().len() <= MAX_ANSWERS);
    }

    /// What version 0.9 of the `rsa` crate takes, from both sides of each limit: `check_public_with_max_size` in its
    /// `key.rs`. Where an update of it fails here, the limits in the README have changed.
    #[cfg(feature = "sequoia-rust")]
    #[test]
    fn rust_crypto_answers_with_its_limits() {
        for (n, e, taken, unusual) in [
            // The modulus.
            ((4_096, true), (17, true), true, false),
            ((4_097, true), (17, true), false, false),
            ((8_192, true), (17, true), false, false),
            ((MAX_BITS, true), (17, true), false, false),
            ((2_048, false), (17, true), false, false),
            // The exponent.
            ((2_048, true), (0, false), false, true),
            ((2_048, true), (1, true), false, true),
            ((2_048, true), (2, false), false, true),
            ((2_048, true), (2, true), true, false),
            ((2_048, true), (17, false), false, true),
            ((2_048, true), (33, true), true, false),
            ((2_048, true), (33, false), false, true),
            ((2_048, true), (34, true), false, true),
            ((4_096, true), (33, true), true, false),
            ((4_096, true), (34, true), false, true),
            ((2_048, true), (2_048, true), false, true),
            ((2_048, true), (4_096, true), false, true),
            // Both.
            ((8_192, true), (33, true), false, false),
            ((8_192, true), (34, true), false, true),
            ((2_048, false), (34, true), false, true),
            // Smaller than a signature.
            ((0, false), (0, false), false, true),
            ((16, true), (2, true), true, false),
            ((16, true), (15, true), true, false),
            ((16, true), (16, true), false, true),
            ((16, true), (17, true), false, true),
            ((488, true), (33, true), true, false),
            ((488, true), (34, true), false, true),
            ((488, false), (17, true), false, false),
        ] {
            let (modulus, exponent) = (integer(n.0, n.1), integer(e.0, e.1));
            assert_eq!(takes(&modulus, &exponent), taken, "{n:?} {e:?}");
            assert_eq!(
                unusual_exponent(&modulus, &exponent),
                unusual,
                "{n:?} {e:?}"
            );
        }
    }
}
