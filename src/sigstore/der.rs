//! Elements of DER (ITU-T X.690): each has one encoding, and any other is an error.
//!
//! Tags are of one octet, and lengths of at most five, as in Go's `cryptobyte`: nothing that is read here has others. What an
//! element holds is octets until somebody asks for more; nothing recurses.

/// The most octets after the first one of a length.
const MAX_LENGTH_OCTETS: usize = 4;

/// Tags that are read here (X.690, section 8; X.680, section 8.6).
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
}

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// Its tag: class, whether it is constructed, and number.
    pub(crate) tag: u8,
    /// What it holds.
    pub(crate) contents: &'a [u8],
    /// All of it, with its tag and its length.
    pub(crate) whole: &'a [u8],
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

/// Why octets are not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DerError {
    /// They end where an element should begin, or inside one.
    #[error("it ends early")]
    Incomplete,
    /// A tag of several octets.
    #[error("it has a tag of more than one octet")]
    LongTag,
    /// A length without an end, of more octets than are read, or of more than it needs.
    #[error("it has a length that is not minimal")]
    Length,
    /// Another element than belongs here.
    #[error("it has the tag {found:#04x} in the place of {expected:#04x}")]
    Tag {
        /// The tag that belongs here.
        expected: u8,
        /// The tag that is here.
        found: u8,
    },
    /// Something after the last element.
    #[error("something follows its end")]
    Trailing,
    /// What an element holds is nothing that its type can hold, or not in its shortest form.
    #[error("it holds {0} that is not one")]
    Contents(&'static str),
}

impl<'a> Elements<'a> {
    /// The elements that these octets are.
    pub(crate) fn of(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// Whether none is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The octets that are not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The tag of the next one; `None` if none is left.
    pub(crate) fn next_tag(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next one, whatever it is.
    ///
    /// # Errors
    ///
    /// [`DerError`] if none is left, or it is no DER.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, DerError> {
        let (element, rest) = split(self.rest)?;
        self.rest = rest;
        Ok(element)
    }

    /// What the next one holds, which must have this tag.
    ///
    /// # Errors
    ///
    /// As [`any`](Self::any), and [`DerError::Tag`].
    pub(crate) fn expect(&mut self, expected: u8) -> Result<&'a [u8], DerError> {
        match self.next_tag() {
            None => Err(DerError::Incomplete),
            Some(found) if found == expected => Ok(self.any()?.contents),
            Some(found) => Err(DerError::Tag { expected, found }),
        }
    }

    /// What the next one holds if it has this tag; else `None`, and it remains the next.
    ///
    /// # Errors
    ///
    /// [`DerError`] if it has the tag and is no DER.
    pub(crate) fn optional(&mut self, expected: u8) -> Result<Option<&'a [u8]>, DerError> {
        if self.next_tag() == Some(expected) {
            Ok(Some(self.any()?.contents))
        } else {
            Ok(None)
        }
    }

    /// The elements of the next one, which must be a `SEQUENCE`.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect).
    pub(crate) fn sequence(&mut self) -> Result<Elements<'a>, DerError> {
        self.expect(tag::SEQUENCE).map(Elements::of)
    }

    /// The next one, which must be an `INTEGER` in its shortest form: two's complement, the highest octet first.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect), and [`DerError::Contents`].
    pub(crate) fn integer(&mut self) -> Result<Integer<'a>, DerError> {
        Integer::of(self.expect(tag::INTEGER)?)
    }

    /// The next one, which must be a `BIT STRING` of whole octets.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect), and [`DerError::Contents`] if there are unused bits.
    pub(crate) fn octets_of_bit_string(&mut self) -> Result<&'a [u8], DerError> {
        match self.expect(tag::BIT_STRING)?.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(DerError::Contents("a bit string of whole octets")),
        }
    }

    /// The next one, which must be a `BIT STRING`, of which the unused bits are zero.
    ///
    /// # Errors
    ///
    /// As [`expect`](Self::expect), and [`DerError::Contents`].
    pub(crate) fn bit_string(&mut self) -> Result<BitString<'a>, DerError> {
        let contents = self.expect(tag::BIT_STRING)?;
        let (unused, octets) = contents.split_first().unwrap_or((&0xFF, &[]));
        let is_clean = match octets.last() {
            None => *unused == 0,
            Some(last) => *unused < 8 && last.trailing_zeros() >= u32::from(*unused),
        };
        let bits = BitString {
            octets,
            is_whole: *unused == 0,
        };
        is_clean
            .then_some(bits)
            .ok_or(DerError::Contents("a bit string"))
    }

    /// That none is left.
    ///
    /// # Errors
    ///
    /// [`DerError::Trailing`] if there is one.
    pub(crate) fn end(&self) -> Result<(), DerError> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(DerError::Trailing)
        }
    }
}

/// Bits, the highest of an octet first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BitString<'a> {
    /// The octets that they are in.
    pub(crate) octets: &'a [u8],
    /// Whether all bits of these octets are used.
    pub(crate) is_whole: bool,
}

/// A number in its shortest form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer<'a>(&'a [u8]);

impl<'a> Integer<'a> {
    /// The number that an `INTEGER` with these contents is.
    ///
    /// # Errors
    ///
    /// [`DerError::Contents`] for none, and for one that begins with nine equal bits (X.690, section 8.3.2).
    pub(crate) fn of(contents: &'a [u8]) -> Result<Self, DerError> {
        match contents {
            [] => Err(DerError::Contents("an integer")),
            [0, second, ..] if second & 0x80 == 0 => {
                Err(DerError::Contents("a shortest form of an integer"))
            }
            [0xFF, second, ..] if second & 0x80 != 0 => {
                Err(DerError::Contents("a shortest form of an integer"))
            }
            _ => Ok(Self(contents)),
        }
    }

    /// Whether it is less than 0.
    pub(crate) fn is_negative(self) -> bool {
        self.0.first().is_some_and(|first| first & 0x80 != 0)
    }

    /// Its octets without a zero before them, none for 0; `None` if it is less than 0.
    pub(crate) fn magnitude(self) -> Option<&'a [u8]> {
        match self.0 {
            _ if self.is_negative() => None,
            [0, octets @ ..] => Some(octets),
            octets => Some(octets),
        }
    }

    /// The number, if it is not less than 0 and has at most 63 bits.
    ///
    /// # Errors
    ///
    /// [`DerError::Contents`] for any other.
    pub(crate) fn to_number(self) -> Result<u64, DerError> {
        let octets = self.magnitude().filter(|octets| octets.len() <= 8);
        let value = octets.map(|octets| {
            let octets = octets.iter();
            octets.fold(0_u64, |value, octet| (value << 8) | u64::from(*octet))
        });
        value
            .filter(|value| i64::try_from(*value).is_ok())
            .ok_or(DerError::Contents("a number from 0 to 2^63-1"))
    }

    /// The same for a number above 0; `None` for any other.
    pub(crate) fn positive(self) -> Option<&'a [u8]> {
        self.magnitude().filter(|octets| !octets.is_empty())
    }
}

/// The one element that these octets are.
///
/// # Errors
///
/// [`DerError`] if they are none, or if something follows it.
pub(crate) fn single(octets: &[u8]) -> Result<Element<'_>, DerError> {
    let mut elements = Elements::of(octets);
    let element = elements.any()?;
    elements.end()?;
    Ok(element)
}

/// An element of this tag that holds these parts, one after the other.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = contents.len().to_be_bytes();
    let zeros = length.iter().take_while(|octet| **octet == 0).count();
    let length = length.get(zeros..).unwrap_or_default();
    let mut written = vec![tag];
    match length {
        [] => written.push(0),
        [short] if *short < 0x80 => written.push(*short),
        // A length in memory has at most eight octets.
        long => {
            written.push(u8::try_from(long.len()).unwrap_or(0x7F) | 0x80);
            written.extend_from_slice(long);
        }
    }
    written.extend(contents);
    written
}

/// An `INTEGER` with this magnitude, the highest octet first.
pub(crate) fn write_positive(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|octet| **octet == 0).count();
    let shortest = magnitude.get(zeros..).unwrap_or_default();
    match shortest.first() {
        Some(first) if first & 0x80 == 0 => write(tag::INTEGER, &[shortest]),
        _ => write(tag::INTEGER, &[&[0], shortest]),
    }
}

/// The first element, and the octets after it.
fn split(octets: &[u8]) -> Result<(Element<'_>, &[u8]), DerError> {
    let [tag, first, after_first @ ..] = octets else {
        return Err(DerError::Incomplete);
    };
    if tag & 0x1F == 0x1F {
        return Err(DerError::LongTag);
    }
    let (length, after_length) = match usize::from(*first) {
        short @ 0..0x80 => (short, after_first),
        long => long_length(long & 0x7F, after_first)?,
    };
    let (contents, rest) = after_length
        .split_at_checked(length)
        .ok_or(DerError::Incomplete)?;
    let whole = octets.get(..octets.len().saturating_sub(rest.len()));
    let element = Element {
        tag: *tag,
        contents,
        whole: whole.unwrap_or_default(),
    };
    Ok((element, rest))
}

/// A length of so many octets, and what follows it. It must need them: the first is not zero, and one of them is above 127.
fn long_length(count: usize, octets: &[u8]) -> Result<(usize, &[u8]), DerError> {
    if !(1..=MAX_LENGTH_OCTETS).contains(&count) {
        return Err(DerError::Length);
    }
    let (length, rest) = octets.split_at_checked(count).ok_or(DerError::Incomplete)?;
    match length {
        [0, ..] | [0..0x80] => Err(DerError::Length),
        _ => {
            let value = length
                .iter()
                .fold(0_u32, |value, octet| (value << 8) | u32::from(*octet));
            let value = usize::try_from(value).map_err(|_| DerError::Incomplete)?;
            Ok((value, rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_has_one_encoding() {
        assert_eq!(
            single(&[4, 2, 7, 8]),
            Ok(Element {
                tag: 4,
                contents: &[7, 8],
                whole: &[4, 2, 7, 8]
            })
        );
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let contents = vec![9; length];
            let written = write(tag::SEQUENCE, &[&contents]);
            let read = single(&written).unwrap();
            assert_eq!((read.tag, read.contents), (tag::SEQUENCE, &contents[..]));
            assert_eq!(read.whole, written);
        }
        for (octets, error) in [
            (&[][..], DerError::Incomplete),
            (&[4], DerError::Incomplete),
            (&[4, 1], DerError::Incomplete),
            (&[4, 0, 0], DerError::Trailing),
            (&[4, 0x80], DerError::Length),
            (&[4, 0x80, 0, 0], DerError::Length),
            (&[4, 0x81, 1, 7], DerError::Length),
            (&[4, 0x81], DerError::Incomplete),
            (&[4, 0x82, 0, 1, 7], DerError::Length),
            (&[4, 0x85, 0, 0, 0, 0, 1, 7], DerError::Length),
            (&[4, 0x85, 1, 0, 0, 0, 1, 7], DerError::Length),
            (&[4, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 7], DerError::Incomplete),
            (&[0x1F, 1, 0], DerError::LongTag),
            (&[0xBF, 0x81, 1, 0], DerError::LongTag),
        ] {
            assert_eq!(single(octets), Err(error), "{octets:02x?}");
        }
        // The largest length that has no octets of its own.
        let long = [&[4, 0x81, 0x7F][..], &[7; 0x7F]].concat();
        assert_eq!(single(&long), Err(DerError::Length));
    }

    #[test]
    fn elements_are_taken_one_by_one() {
        let octets = [2, 1, 5, 5, 0, 0x30, 3, 2, 1, 6];
        let mut elements = Elements::of(&octets);
        assert_eq!(elements.optional(tag::NULL), Ok(None));
        assert_eq!(elements.integer().unwrap().positive(), Some(&[5][..]));
        let wrong = DerError::Tag {
            expected: tag::INTEGER,
            found: tag::NULL,
        };
        assert_eq!(elements.expect(tag::INTEGER), Err(wrong));
        assert_eq!(elements.optional(tag::NULL), Ok(Some(&[][..])));
        assert_eq!(elements.end(), Err(DerError::Trailing));
        assert_eq!(elements.rest(), &octets[5..]);
        let mut inner = elements.sequence().unwrap();
        assert!(elements.is_empty());
        assert_eq!(elements.expect(tag::NULL), Err(DerError::Incomplete));
        assert_eq!(inner.integer().unwrap().magnitude(), Some(&[6][..]));
        assert_eq!(inner.end(), Ok(()));
    }

    #[test]
    fn integers_are_as_short_as_they_can_be() {
        let of = |contents: &'static [u8]| Integer::of(contents);
        assert_eq!(of(&[0]).unwrap().magnitude(), Some(&[][..]));
        assert_eq!(of(&[0]).unwrap().positive(), None);
        assert_eq!(of(&[0, 0x80]).unwrap().positive(), Some(&[0x80][..]));
        assert_eq!(of(&[0x7F, 0]).unwrap().positive(), Some(&[0x7F, 0][..]));
        for negative in [&[0x80][..], &[0xFF], &[0xFF, 0x7F]] {
            let number = of(negative).unwrap();
            assert!(number.is_negative());
            assert_eq!(number.magnitude(), None);
        }
        for wrong in [
            &[][..],
            &[0, 0],
            &[0, 0x7F],
            &[0xFF, 0x80],
            &[0xFF, 0xFF, 1],
        ] {
            assert!(of(wrong).is_err(), "{wrong:02x?}");
        }
        assert_eq!(write_positive(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(write_positive(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(write_positive(&[]), [2, 1, 0]);
    }

    #[test]
    fn bit_strings_have_whole_octets() {
        let of = |octets: &'static [u8]| Elements::of(octets).octets_of_bit_string();
        assert_eq!(of(&[3, 3, 0, 1, 2]), Ok(&[1, 2][..]));
        assert_eq!(of(&[3, 1, 0]), Ok(&[][..]));
        for wrong in [&[3, 0][..], &[3, 2, 1, 0], &[3, 2, 8, 0], &[4, 2, 0, 1]] {
            assert!(of(wrong).is_err(), "{wrong:02x?}");
        }
    }

    #[test]
    fn unused_bits_are_zero() {
        let of = |octets: &'static [u8]| {
            let bits = Elements::of(octets).bit_string().ok();
            bits.map(|bits| (bits.octets, bits.is_whole))
        };
        assert_eq!(of(&[3, 3, 0, 1, 2]), Some((&[1, 2][..], true)));
        assert_eq!(of(&[3, 1, 0]), Some((&[][..], true)));
        assert_eq!(of(&[3, 2, 7, 0x80]), Some((&[0x80][..], false)));
        assert_eq!(of(&[3, 2, 1, 0]), Some((&[0][..], false)));
        for wrong in [
            &[3, 0][..],
            &[3, 1, 1],
            &[3, 2, 1, 1],
            &[3, 2, 8, 0],
            &[4, 1, 0],
        ] {
            assert_eq!(of(wrong), None, "{wrong:02x?}");
        }
    }
}
