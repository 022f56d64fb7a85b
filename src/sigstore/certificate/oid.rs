//! Object identifiers (ITU-T X.690, section 8.19).

use std::fmt;

use crate::sigstore::der::{DerError, Elements, tag};

/// The most octets of a number: 31 bits of it, seven in each, as Go's `cryptobyte` has it.
const MAX_OCTETS: usize = 5;

/// An object identifier, of which nothing but whether it is another one matters here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Oid(Vec<u8>);

impl Oid {
    /// The next element, which must be an object identifier whose numbers have at most 31 bits, in their shortest form.
    ///
    /// # Errors
    ///
    /// [`DerError`] if it is none.
    pub(super) fn read(elements: &mut Elements<'_>) -> Result<Self, DerError> {
        let oid = Self::read_long(elements)?;
        let are_short = oid.numbers().all(|octets| match octets {
            [first, _, _, _, _] => first & 0x7F < 8,
            octets => octets.len() < MAX_OCTETS,
        });
        if are_short { Ok(oid) } else { Err(NOT_ONE) }
    }

    /// The next element, which must be an object identifier whose numbers are in their shortest form.
    ///
    /// # Errors
    ///
    /// [`DerError`] if it is none.
    pub(super) fn read_long(elements: &mut Elements<'_>) -> Result<Self, DerError> {
        let oid = Self(elements.expect(tag::OBJECT_IDENTIFIER)?.to_vec());
        let is_whole = oid.0.last().is_some_and(|last| last & 0x80 == 0);
        if is_whole && oid.numbers().all(|octets| octets.first() != Some(&0x80)) {
            Ok(oid)
        } else {
            Err(NOT_ONE)
        }
    }

    /// Whether it has this encoding.
    pub(crate) fn is(&self, encoding: &[u8]) -> bool {
        self.0 == encoding
    }

    /// Its encoding, without what is before the contents of an element.
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The octets of each number; the first one is of two.
    fn numbers(&self) -> impl Iterator<Item = &[u8]> {
        self.0
            .split_inclusive(|octet| octet & 0x80 == 0)
            .filter(|octets| !octets.is_empty())
    }
}

const NOT_ONE: DerError = DerError::Contents("an object identifier");

/// Its numbers with dots between them: `2.5.29.15`. One with more than 64 bits is shown as the largest that has them.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut numbers = self.numbers().map(|octets| {
            octets.iter().fold(0_u64, |number, octet| {
                number
                    .saturating_mul(128)
                    .saturating_add(u64::from(octet & 0x7F))
            })
        });
        let first = numbers.next().unwrap_or(0);
        let arc = first.min(80) / 40;
        write!(f, "{arc}.{}", first.saturating_sub(arc.saturating_mul(40)))?;
        numbers.try_for_each(|number| write!(f, ".{number}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(octets: &[u8]) -> Option<String> {
        let element = [&[6, u8::try_from(octets.len()).unwrap()], octets].concat();
        let oid = Oid::read(&mut Elements::of(&element)).ok()?;
        assert!(oid.is(octets));
        Some(oid.to_string())
    }

    #[test]
    fn numbers_have_dots_between_them() {
        for (octets, text) in [
            (&[0x55, 0x1D, 0x0F][..], "2.5.29.15"),
            (&[0], "0.0"),
            (&[39], "0.39"),
            (&[40], "1.0"),
            (&[79], "1.39"),
            (&[80], "2.0"),
            (&[0x88, 0x37], "2.999"),
            (&[0x2A, 0x86, 0x48, 0xCE, 0x3D], "1.2.840.10045"),
            (&[0x2A, 0x87, 0xFF, 0xFF, 0xFF, 0x7F], "1.2.2147483647"),
        ] {
            assert_eq!(read(octets).as_deref(), Some(text));
        }
    }

    #[test]
    fn numbers_are_short_and_whole() {
        for octets in [
            &[][..],
            &[0x80],
            &[0x55, 0x9D],
            &[0x80, 1],
            &[0x55, 0x80, 1],
            &[0x2A, 0x88, 0x80, 0x80, 0x80, 0],
            &[0x2A, 0x81, 0x80, 0x80, 0x80, 0x80, 0],
        ] {
            assert_eq!(read(octets), None, "{octets:02x?}");
        }
        let long = [6, 7, 0x2A, 0x81, 0x80, 0x80, 0x80, 0x80, 0];
        assert!(Oid::read_long(&mut Elements::of(&long)).is_ok());
        assert!(Oid::read_long(&mut Elements::of(&[6, 2, 0x2A, 0x81])).is_err());
        assert!(Oid::read_long(&mut Elements::of(&[5, 0])).is_err());
    }
}
