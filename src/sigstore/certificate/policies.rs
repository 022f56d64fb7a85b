//! What extensions say of certificate policies (RFC 5280, sections 4.2.1.4, 4.2.1.5 and 4.2.1.11).

use super::error::{CertificateError, InPart as _};
use super::oid::Oid;
use crate::sigstore::der::{DerError, Elements, Integer};

const PART: &str = "its policies";

/// Where policies are demanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicyConstraints {
    /// From how many certificates below on each must have a policy that is acceptable.
    pub(crate) require_explicit_policy: Option<u64>,
    /// From how many certificates below on no policy is mapped to another.
    pub(crate) inhibit_policy_mapping: Option<u64>,
}

impl PolicyConstraints {
    /// Reads an extension's value.
    ///
    /// # Errors
    ///
    /// [`DerError`] if it is malformed.
    pub(super) fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut fields = Elements::of(value).sequence()?;
        let explicit = number_in(fields.optional(0x80)?)?;
        let mapping = number_in(fields.optional(0x81)?)?;
        Ok(Self {
            require_explicit_policy: explicit,
            inhibit_policy_mapping: mapping,
        })
    }
}

/// The number with these contents, if there are some.
fn number_in(contents: Option<&[u8]>) -> Result<Option<u64>, DerError> {
    let number = contents.map(|contents| Integer::of(contents)?.to_number());
    number.transpose()
}

/// The policies that a value names, none twice.
///
/// # Errors
///
/// [`CertificateError`] if it is malformed, or names one twice.
pub(super) fn read(value: &[u8]) -> Result<Vec<Oid>, CertificateError> {
    let mut elements = Elements::of(value).sequence().part(PART)?;
    let mut policies = Vec::new();
    while !elements.is_empty() {
        let policy = elements.sequence();
        let policy = policy.and_then(|mut fields| Oid::read_long(&mut fields));
        policies.push(policy.part(PART)?);
    }
    let mut sorted: Vec<&Oid> = policies.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(_) => Err(CertificateError::new(PART, "one is there twice")),
        None => Ok(policies),
    }
}

/// Pairs of policies: of the issuer, and of the subject.
///
/// # Errors
///
/// [`DerError`] if the value is malformed.
pub(super) fn mappings(value: &[u8]) -> Result<Vec<(Oid, Oid)>, DerError> {
    let mut elements = Elements::of(value).sequence()?;
    let mut mappings = Vec::new();
    while !elements.is_empty() {
        let mut pair = elements.sequence()?;
        mappings.push((Oid::read_long(&mut pair)?, Oid::read_long(&mut pair)?));
    }
    Ok(mappings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigstore::der::{tag, write};

    fn oid(last: u8) -> Vec<u8> {
        vec![6, 2, 0x2A, last]
    }

    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        write(tag::SEQUENCE, parts)
    }

    #[test]
    fn no_policy_is_there_twice() {
        let policies = |numbers: &[u8]| {
            let policies = numbers
                .iter()
                .map(|number| sequence(&[&oid(*number), &[5, 0]]));
            let policies: Vec<u8> = policies.flatten().collect();
            read(&sequence(&[&policies])).ok().map(|read| read.len())
        };
        assert_eq!(policies(&[]), Some(0));
        assert_eq!(policies(&[1, 2, 3]), Some(3));
        assert_eq!(policies(&[1, 2, 1]), None);
        for value in [
            &[][..],
            &[0x30, 2, 0x30, 0],
            &[0x30, 2, 5, 0],
            &[0x30, 1, 0],
        ] {
            assert!(read(value).is_err(), "{value:x?}");
        }
    }

    #[test]
    fn mappings_are_pairs() {
        let pair = sequence(&[&oid(1), &oid(2)]);
        let read = mappings(&sequence(&[&pair, &pair])).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(
            (read[0].0.to_string(), read[0].1.to_string()),
            ("1.2.1".to_owned(), "1.2.2".to_owned())
        );
        assert!(mappings(&sequence(&[&sequence(&[&oid(1)])])).is_err());
        assert!(mappings(&[]).is_err());
    }

    #[test]
    fn constraints_are_numbers() {
        for (contents, explicit, mapping) in [
            (&[][..], None, None),
            (&[0x80, 1, 0][..], Some(0), None),
            (&[0x81, 1, 5], None, Some(5)),
            (&[0x80, 1, 1, 0x81, 2, 1, 0], Some(1), Some(256)),
        ] {
            let read = PolicyConstraints::read(&sequence(&[contents])).unwrap();
            assert_eq!(read.require_explicit_policy, explicit);
            assert_eq!(read.inhibit_policy_mapping, mapping);
        }
        for contents in [
            &[0x80, 0][..],
            &[0x80, 1, 0xFF],
            &[0x80, 2, 0, 1],
            &[0x81, 1],
        ] {
            assert!(PolicyConstraints::read(&sequence(&[contents])).is_err());
        }
    }
}
