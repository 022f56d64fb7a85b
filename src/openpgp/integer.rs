//! The integers and counted octets of key, signature and session key packets (RFC 9580, sections 3.2
//! and 9.2.1), cut off as GnuPG cuts them off.
#![cfg_attr(
    not(feature = "_rules"),
    allow(
        dead_code,
        reason = "only the rules of GnuPG read keys packet by packet"
    )
)]

use super::octets::{self, number, take};

/// The most bits that GnuPG takes for an integer: `MAX_EXTERN_MPI_BITS` in its `gpg.h`.
pub(crate) const MAX_BITS: usize = 16_384;

/// The least and the most octets that GnuPG takes for the name of a curve, or the parameters of its key
/// derivation: `read_size_body` in its `parse-packet.c`.
const COUNTED: std::ops::RangeInclusive<usize> = 2..=254;

/// An integer as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer<'a> {
    /// How many bits it says that it has.
    pub(crate) bits: usize,
    /// The octets of that many bits.
    pub(crate) octets: &'a [u8],
}

impl Integer<'_> {
    /// Whether it is zero and has no octets.
    pub(crate) fn is_empty(self) -> bool {
        self.octets.is_empty()
    }

    /// Whether its first octet is zero.
    pub(crate) fn begins_with_zeros(self) -> bool {
        self.octets.first() == Some(&0)
    }

    /// Whether it is in its shortest form, the only one that RFC 9580 allows.
    pub(crate) fn is_shortest(self) -> bool {
        let unused = self
            .octets
            .len()
            .saturating_mul(8)
            .saturating_sub(self.bits);
        self.octets
            .first()
            .is_none_or(|first| usize::try_from(first.leading_zeros()) == Ok(unused))
    }

    /// Writes it in its shortest form.
    pub(crate) fn write_shortest(self, written: &mut Vec<u8>) -> Option<()> {
        let zeros = self.octets.iter().take_while(|octet| **octet == 0);
        let octets = self.octets.get(zeros.count()..)?;
        let unused = octets.first().map_or(0, |first| first.leading_zeros());
        let bits = octets
            .len()
            .checked_mul(8)?
            .checked_sub(usize::try_from(unused).ok()?)?;
        written.extend_from_slice(&u16::try_from(bits).ok()?.to_be_bytes());
        written.extend_from_slice(octets);
        Some(())
    }
}

/// An integer by its value: its octets without zeros before them.
#[cfg(feature = "_rules")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Natural(Box<[u8]>);

#[cfg(feature = "_rules")]
impl Natural {
    /// The integer with these octets.
    pub(crate) fn of(octets: &[u8]) -> Self {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        Self(octets.get(zeros..).unwrap_or_default().into())
    }

    /// Its octets, the first of which is not zero; none of zero.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.0
    }

    /// How many bits it has; none of zero.
    pub(crate) fn bits(&self) -> usize {
        let unused = self.0.first().map_or(0, |first| first.leading_zeros());
        let octets = self.0.len().saturating_mul(8);
        octets.saturating_sub(usize::try_from(unused).unwrap_or(0))
    }

    /// Its octets, after as many zeros as make them this many; `None` if it is larger.
    #[cfg(feature = "_native")]
    pub(crate) fn padded(&self, length: usize) -> Option<Vec<u8>> {
        let mut padded = vec![0; length.checked_sub(self.0.len())?];
        padded.extend_from_slice(&self.0);
        Some(padded)
    }
}

/// Cuts an integer off; `None` if it is not whole, or larger than GnuPG reads.
pub(crate) fn integer<'a>(input: &mut &'a [u8]) -> Option<Integer<'a>> {
    let mut rest = *input;
    let bits = number::<2>(&mut rest).filter(|bits| *bits <= MAX_BITS)?;
    let octets = take(&mut rest, bits.div_ceil(8))?;
    *input = rest;
    Some(Integer { bits, octets })
}

/// Cuts octets off that are preceded by their count; `None` if they are not whole, or too few or too many for GnuPG.
pub(crate) fn counted<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = *input;
    let octets = octets::counted::<1>(&mut rest)?;
    if !COUNTED.contains(&octets.len()) {
        return None;
    }
    *input = rest;
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_cut_off_after_their_octets() {
        for (input, bits, shortest, rest) in [
            (&b"\0\0rest"[..], 0, true, &b"rest"[..]),
            (b"\0\x01\x01", 1, true, b""),
            (b"\0\x09\x01\0!", 9, true, b"!"),
            (b"\0\x10\0\x01", 16, false, b""),
            (b"\0\x08\x01", 8, false, b""),
            (b"\0\x01\xff", 1, false, b""),
        ] {
            let mut left = input;
            let found = integer(&mut left);
            assert_eq!(found.map(|integer| integer.bits), Some(bits), "{input:?}");
            assert_eq!(found.map(Integer::is_shortest), Some(shortest), "{input:?}");
            assert_eq!(left, rest, "{input:?}");
        }
        for input in [&b""[..], b"\0", b"\0\x09\x01"] {
            assert_eq!(integer(&mut &*input), None, "{input:?}");
        }
    }

    #[cfg(feature = "_rules")]
    #[test]
    fn a_value_has_no_zeros_before_it() {
        for (octets, bits) in [
            (&[][..], 0),
            (&[0, 0], 0),
            (&[0, 1], 1),
            (&[1, 0], 9),
            (&[0, 0xFF, 0xFF], 16),
            (&[1, 0, 1], 17),
        ] {
            let value = Natural::of(octets);
            assert_eq!(value.bits(), bits, "{octets:?}");
            assert_eq!(Natural::of(value.octets()), value);
        }
    }

    #[test]
    fn integers_have_at_most_16384_bits() {
        for (bits, read) in [(16_384_u16, true), (16_385, false)] {
            let input = [&bits.to_be_bytes()[..], &[0xFF; 2_049]].concat();
            assert_eq!(integer(&mut &*input).is_some(), read, "{bits}");
        }
    }

    #[test]
    fn counted_octets_are_from_2_to_254() {
        for (length, read) in [(0, false), (1, false), (2, true), (254, true), (255, false)] {
            let input = [&[length][..], &[7; 255]].concat();
            assert_eq!(counted(&mut &*input).is_some(), read, "{length}");
        }
        assert_eq!(counted(&mut &b"\x03ab"[..]), None);
        assert_eq!(counted(&mut &b""[..]), None);
    }
}
