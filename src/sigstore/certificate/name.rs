//! Names of subjects and issuers (RFC 5280, section 4.1.2.4).

use std::fmt;

use super::oid::Oid;
use super::text::text_of;
use crate::sigstore::der::{DerError, Elements};

const SET: u8 = 0x31;

/// What people call attributes (RFC 4514, section 3).
const SHORT: [(&[u8], &str); 7] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
];

/// A distinguished name. Two are the same only if their octets are: no letter case, no order and no type of text is looked
/// through.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    der: Vec<u8>,
    /// For people.
    attributes: Vec<(Oid, String)>,
}

impl Name {
    /// The next element, which must be a name. Its values are texts.
    ///
    /// # Errors
    ///
    /// [`DerError`] if it is none.
    pub(super) fn read(elements: &mut Elements<'_>) -> Result<Self, DerError> {
        let mut whole = *elements;
        let mut sets = elements.sequence()?;
        let mut attributes = Vec::new();
        while !sets.is_empty() {
            let mut set = Elements::of(sets.expect(SET)?);
            while !set.is_empty() {
                let mut attribute = set.sequence()?;
                let kind = Oid::read(&mut attribute)?;
                attributes.push((kind, text_of(&attribute.any()?)?));
            }
        }
        let der = whole.any()?.whole.to_vec();
        Ok(Self { der, attributes })
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name {}

/// As RFC 4514 has it, but for what would be escaped: `CN=sigstore,O=sigstore.dev`. Untrusted text.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, value)) in self.attributes.iter().rev().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match SHORT.iter().find(|(encoding, _)| kind.is(encoding)) {
                Some((_, short)) => f.write_str(short)?,
                None => kind.fmt(f)?,
            }
            write!(f, "={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::{tag, write};

    fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
        let kind = write(tag::OBJECT_IDENTIFIER, &[kind]);
        write(SET, &[&write(tag::SEQUENCE, &[&kind, value])])
    }

    fn read(octets: &[u8]) -> Option<Name> {
        Name::read(&mut Elements::of(octets)).ok()
    }

    #[test]
    fn names_are_shown_with_what_is_narrowest_first() {
        let organization = attribute(&[0x55, 4, 10], b"\x0C\x01a");
        let name = attribute(&[0x55, 4, 3], b"\x13\x01b");
        let other = attribute(&[0x2A, 3], b"\x16\x01c");
        let name = write(tag::SEQUENCE, &[&organization, &name, &other]);
        let name = read(&name).unwrap();
        assert_eq!(name.to_string(), "1.2.3=c,CN=b,O=a");
        assert_eq!(read(&[0x30, 0]).unwrap().to_string(), "");
        assert!(read(&[0x30, 2, 0x31, 0]).is_some());
    }

    #[test]
    fn only_the_same_octets_are_the_same_name() {
        let name = |value: &[u8]| {
            read(&write(tag::SEQUENCE, &[&attribute(&[0x55, 4, 3], value)])).unwrap()
        };
        assert_eq!(name(b"\x0C\x01a"), name(b"\x0C\x01a"));
        assert_ne!(name(b"\x0C\x01a"), name(b"\x13\x01a"));
        assert_ne!(name(b"\x0C\x01a"), name(b"\x0C\x01A"));
    }

    #[test]
    fn what_is_no_name() {
        for octets in [
            &b""[..],
            b"\x31\0",
            b"\x30\x02\x30\0",
            b"\x30\x02\x31\x01",
            b"\x30\x04\x31\x02\x31\0",
            b"\x30\x04\x31\x02\x30\0",
            // Without a value, with a number as one, and with an identifier that is not whole.
            b"\x30\x07\x31\x05\x30\x03\x06\x01\x55",
            b"\x30\x0A\x31\x08\x30\x06\x06\x01\x55\x02\x01\x05",
            b"\x30\x0A\x31\x08\x30\x06\x06\x01\x95\x0C\x01a",
        ] {
            assert_eq!(read(octets), None, "{octets:x?}");
        }
        // More than a value is passed over.
        assert!(read(b"\x30\x0C\x31\x0A\x30\x08\x06\x01\x55\x0C\x01a\x05\0").is_some());
    }
}
