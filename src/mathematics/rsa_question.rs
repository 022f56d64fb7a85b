//! Which RSA keys a library calculates with. It is asked.
//!
//! Each library has limits of its own, which no function reports. RustCrypto's `rsa`, as sequoia uses it, takes no modulus
//! above 4096 bits, and odd exponents from 3 to 2^33 - 1; OpenSSL takes no exponent above 64 bits where the modulus has
//! more than 3072, and a system in FIPS mode has limits besides. When a key is beyond them, the error is of the kind that a
//! bad signature gives. So the library has to verify a
//! signature that is known to be good, by a key of the same sizes: where it cannot, whatever such a key signs is
//! unsupported, and not bad.
//!
//! That needs a key and a signature for every size and exponent, and nobody has secrets of such keys. They are built to
//! need none. Let `m` be the integer that RSA signs: the block of PKCS #1 (RFC 8017, section 9.2), whose last octets,
//! the end of the digest, are ours to choose so that `m` leaves 1 when it is divided by a small odd `c`. The modulus is
//! `c * m`. It divides `m * (m - 1)`, so every power of `m` is `m` again modulo `c * m`: `m` is the signature of
//! itself, whatever the exponent. Such keys protect nothing, and are used for nothing but the question.

use std::num::NonZeroU32;

use super::memory::Memory;
use super::octets::{bits, is_odd, of_size};
use super::rsa_limit::{MAX_RSA_BITS, RsaLimit};

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

/// A modulus that every library takes.
const COMMON_MODULUS: Size = Size {
    bits: 2_048,
    odd: true,
};

/// The exponent that every library takes: 65537.
const COMMON_EXPONENT: Size = Size {
    bits: 17,
    odd: true,
};

/// The question: whether the library finds that a key with this modulus and this exponent has made this signature over this
/// SHA-256 digest, as [`rsa_pkcs1`](super::Mathematics::rsa_pkcs1) has them.
type Question = fn(n: &[u8], e: &[u8], signature: &[u8], digest: &[u8; DIGEST]) -> bool;

/// The limits of a library.
#[derive(Debug)]
pub(crate) struct RsaLimits {
    question: Question,
    /// What it has answered: whether it takes keys of a shape.
    answers: Memory<Shape, bool>,
}

/// What of an RSA key a library may have limits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    modulus: Size,
    exponent: Size,
}

/// What of an integer a library may have limits for.
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

impl RsaLimits {
    /// Those of the library that answers so.
    pub(crate) const fn of(question: Question) -> Self {
        Self {
            question,
            answers: Memory::new(),
        }
    }

    /// What of a key of the sizes of this one the library does not calculate with; `None` where it does. It is the exponent
    /// if it is that one with a modulus of this size, should the library take any, else with one that it takes.
    pub(crate) fn limit(&self, n: &[u8], e: &[u8]) -> Option<RsaLimit> {
        let shape = Shape::of(n, e);
        if self.takes(shape) {
            return None;
        }
        let Shape { modulus, exponent } = shape;
        if !is_odd(n) {
            return Some(RsaLimit::Modulus);
        }
        let usual = Shape {
            modulus,
            exponent: COMMON_EXPONENT,
        };
        let with_one_that_it_takes = Shape {
            modulus: COMMON_MODULUS,
            exponent,
        };
        Some(
            if self.takes(usual) || !self.takes(with_one_that_it_takes) {
                RsaLimit::Exponent
            } else {
                RsaLimit::Modulus
            },
        )
    }

    fn takes(&self, shape: Shape) -> bool {
        self.answers.about(shape, || self.ask(shape))
    }

    /// Has the library verify a good signature by a key of this shape. One beyond all that GnuPG reads takes a
    /// library that has no limit minutes, and is not asked for.
    fn ask(&self, Shape { modulus, exponent }: Shape) -> bool {
        if modulus.bits.max(exponent.bits) > MAX_RSA_BITS {
            return false;
        }
        let signed = Signed::of(modulus);
        signed.is_some_and(|Signed { modulus, block }| {
            let digest = block.last_chunk();
            digest.is_some_and(|digest| {
                (self.question)(&modulus, &exponent.integer(), &block, digest)
            })
        })
    }
}

impl Size {
    fn of(octets: &[u8]) -> Self {
        Self {
            bits: bits(octets),
            odd: is_odd(octets),
        }
    }

    /// An integer of this size, with as few bits set as there can be.
    fn integer(self) -> Vec<u8> {
        of_size(self.bits, self.odd)
    }
}

impl Shape {
    fn of(n: &[u8], e: &[u8]) -> Self {
        let mut modulus = Size::of(n);
        let mut exponent = Size::of(e);
        let as_long = exponent.bits >= modulus.bits;
        modulus.bits = modulus.bits.max(MIN_MODULUS);
        // An exponent as long as its modulus stays one.
        if as_long {
            exponent.bits = exponent.bits.max(modulus.bits);
        }
        Self { modulus, exponent }
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

    #[test]
    fn moduli_have_their_size() {
        for bits in (MIN_MODULUS..=MIN_MODULUS + 64)
            .chain(4_080..=4_112)
            .chain([MAX_RSA_BITS])
        {
            for odd in [true, false] {
                let size = Size { bits, odd };
                let Signed { modulus, block } = Signed::of(size).unwrap();
                assert_eq!(Size::of(&modulus), size);
                assert_eq!(modulus.len(), block.len());
            }
        }
        let odd = true;
        for bits in [0, 1, 8, 15, 16, 8 * (WITHOUT_PADDING - 1)] {
            assert!(Signed::of(Size { bits, odd }).is_none());
        }
    }

    #[test]
    fn no_library_is_asked_for_what_takes_minutes() {
        let limits = RsaLimits::of(|_, _, _, _| panic!("it was asked"));
        let modulus = Size {
            bits: MAX_RSA_BITS + 1,
            odd: true,
        };
        for exponent in [COMMON_EXPONENT, modulus] {
            assert!(!limits.takes(Shape { modulus, exponent }));
        }
    }
}
