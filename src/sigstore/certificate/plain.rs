//! Extensions that decide nothing here, and yet have to be well-formed, as far as Go looks.

use super::oid::Oid;
use crate::sigstore::der::{DerError, Elements};

/// Where an authority publishes what it revoked (RFC 5280, section 4.2.1.13): each point has full names, or no name.
///
/// # Errors
///
/// [`DerError`] if the value is malformed.
pub(super) fn check_distribution_points(value: &[u8]) -> Result<(), DerError> {
    let mut points = Elements::of(value).sequence()?;
    while !points.is_empty() {
        let mut point = points.sequence()?;
        if let Some(name) = point.optional(0xA0)? {
            let mut names = Elements::of(Elements::of(name).expect(0xA0)?);
            // Up to the first that is no URI.
            while names.optional(0x86)?.is_some() {}
        }
    }
    Ok(())
}

/// Where an authority can be asked (RFC 5280, section 4.2.2.1).
///
/// # Errors
///
/// [`DerError`] if the value is malformed.
pub(super) fn check_authority_access(value: &[u8]) -> Result<(), DerError> {
    let mut descriptions = Elements::of(value).sequence()?;
    while !descriptions.is_empty() {
        let mut description = descriptions.sequence()?;
        Oid::read(&mut description)?;
        description.optional(0x86)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::{tag, write};

    #[test]
    fn distribution_points() {
        let uri: &[u8] = &[0x86, 1, b'a'];
        let named = |name: &[u8]| write(0xA0, &[name]);
        let value = |point: &[u8]| write(tag::SEQUENCE, &[&write(tag::SEQUENCE, &[point])]);
        for good in [
            value(&named(&write(0xA0, &[uri, uri]))),
            value(&named(&write(0xA0, &[&[0xA4, 9, 9]]))),
            value(&named(&[0xA0, 0])),
            value(&[0x81, 1, 0]),
            value(&[]),
            vec![0x30, 0],
        ] {
            assert_eq!(check_distribution_points(&good), Ok(()), "{good:x?}");
        }
        for bad in [
            value(&named(&write(0xA1, &[uri]))),
            value(&named(uri)),
            value(&named(&[])),
            value(&named(&write(0xA0, &[&[0x86, 2, b'a']]))),
            value(&[0xA0, 1]),
            write(tag::SEQUENCE, &[uri]),
            vec![],
            vec![0x31, 0],
        ] {
            assert!(check_distribution_points(&bad).is_err(), "{bad:x?}");
        }
    }

    #[test]
    fn authority_access() {
        let value = |parts: &[&[u8]]| write(tag::SEQUENCE, &[&write(tag::SEQUENCE, parts)]);
        for good in [
            value(&[&[6, 1, 0x2A], &[0x86, 1, b'a']]),
            value(&[&[6, 1, 0x2A], &[0xA4, 9]]),
            value(&[&[6, 1, 0x2A]]),
            vec![0x30, 0],
        ] {
            assert_eq!(check_authority_access(&good), Ok(()), "{good:x?}");
        }
        for bad in [
            value(&[]),
            value(&[&[6, 1, 0x9A]]),
            value(&[&[6, 1, 0x2A], &[0x86, 2, b'a']]),
            value(&[&[0x86, 1, b'a']]),
            vec![],
            vec![5, 0],
        ] {
            assert!(check_authority_access(&bad).is_err(), "{bad:x?}");
        }
    }
}
