use super::*;
use crate::sigstore::certificate::maker::extension;
use crate::sigstore::der::write;

fn read(extensions: &[Vec<u8>]) -> Option<Extensions> {
    Extensions::read(&write(tag::SEQUENCE, &[&extensions.concat()])).ok()
}

/// With one extension, which is not critical.
fn one(oid: &[u8], value: &[u8]) -> Option<Extensions> {
    read(&[extension(oid, None, value)])
}

/// With one that is.
fn critical(oid: &[u8], value: &[u8]) -> Option<Extensions> {
    read(&[extension(oid, Some(0xFF), value)])
}

#[test]
fn none_is_there_twice() {
    let first = extension(&[0x2A, 1], None, b"");
    let second = extension(&[0x2A, 2], None, b"");
    assert!(read(&[first.clone(), second.clone()]).is_some());
    let again = extension(&[0x2A, 1], Some(0), b"other");
    assert!(read(&[first, second, again]).is_none());
}

#[test]
fn critical_is_a_boolean() {
    for (octet, expected) in [
        (None, Some(false)),
        (Some(0), Some(false)),
        (Some(0xFF), Some(true)),
        (Some(1), None),
    ] {
        let extensions = read(&[extension(&[0x2A, 1], octet, b"")]);
        let is_critical = extensions.map(|read| read.unhandled(false).is_some());
        assert_eq!(is_critical, expected, "{octet:?}");
    }
    let frame = |contents: &[u8]| read(&[write(tag::SEQUENCE, &[contents])]).is_some();
    assert!(frame(&[6, 1, 0x2A, 4, 0]));
    assert!(frame(&[6, 1, 0x2A, 4, 0, 5, 0]));
    assert!(!frame(&[6, 1, 0x2A, 1, 2, 0xFF, 0xFF, 4, 0]));
    assert!(!frame(&[6, 1, 0x2A, 1, 0, 4, 0]));
    assert!(!frame(&[6, 1, 0x2A, 2, 1, 0, 4, 0]));
    assert!(!frame(&[6, 1, 0x2A]));
    assert!(!frame(&[6, 1, 0x2A, 5, 0]));
    assert!(!frame(&[6, 1, 0xAA, 4, 0]));
    assert!(!frame(&[4, 0]));
}

#[test]
fn key_usage_is_a_bit_string() {
    for (value, allows) in [
        (&[3, 2, 2, 4][..], Some(true)),
        (&[3, 2, 1, 6], Some(true)),
        (&[3, 2, 7, 0x80], Some(false)),
        (&[3, 3, 7, 0, 0x80], Some(false)),
        // No use at all, or one that nobody knows, is no restriction.
        (&[3, 1, 0], Some(true)),
        (&[3, 2, 0, 0], Some(true)),
        (&[3, 3, 6, 0, 0x40], Some(true)),
        (&[3, 3, 7, 4, 0x80, 5, 0], Some(true)),
        (&[3, 0], None),
        (&[3, 2, 8, 0], None),
        (&[3, 2, 3, 4], None),
        (&[3, 1, 1], None),
        (&[4, 1, 0], None),
        (&[], None),
    ] {
        let found = one(id::KEY_USAGE, value);
        let found = found.map(|read| read.key_usage.allows_certificates());
        assert_eq!(found, allows, "{value:x?}");
    }
    assert!(Extensions::default().key_usage.allows_certificates());
}

#[test]
fn basic_constraints_say_who_is_an_authority() {
    for (contents, expected) in [
        (&[][..], Some((false, None))),
        (&[1, 1, 0], Some((false, None))),
        (&[1, 1, 0xFF], Some((true, None))),
        (&[1, 1, 0xFF, 2, 1, 0], Some((true, Some(0)))),
        (&[2, 1, 5], Some((false, Some(5)))),
        (&[1, 1, 0xFF, 2, 1, 1, 5, 0], Some((true, Some(1)))),
        (&[1, 1, 0xFF, 5, 0], Some((true, None))),
        (
            &[2, 8, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            Some((false, Some(i64::MAX.unsigned_abs()))),
        ),
        (&[2, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], None),
        (&[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0], None),
        (&[2, 1, 0xFF], None),
        (&[2, 2, 0, 1], None),
        (&[2, 0], None),
        (&[1, 1, 1], None),
    ] {
        let found = one(id::BASIC_CONSTRAINTS, &write(tag::SEQUENCE, &[contents]));
        let found = found.map(|read| {
            let constraints = read.basic_constraints.unwrap();
            (constraints.is_authority, constraints.path_length)
        });
        assert_eq!(found, expected, "{contents:x?}");
    }
    assert!(one(id::BASIC_CONSTRAINTS, &[]).is_none());
    assert!(one(id::BASIC_CONSTRAINTS, &[0x30, 0, 5, 0]).is_some());
}

#[test]
fn what_is_critical_and_not_heeded_is_unhandled() {
    let dns: &[u8] = &[0x30, 3, 0x82, 1, b'a'];
    let other: &[u8] = &[0x30, 2, 0xA0, 0];
    for (oid, value, is_unhandled, unless_read) in [
        (id::SUBJECT_NAMES, dns, false, false),
        (id::SUBJECT_NAMES, other, true, false),
        (id::SUBJECT_NAMES, &[0x30, 0], true, false),
        (&[0x2A, 1], b"", true, true),
        (&[0x55, 0x1D, 18], &[0x30, 0], true, true),
        (id::KEY_USAGE, &[3, 1, 0], false, false),
        (id::POLICIES, &[0x30, 0], false, false),
        (id::INHIBIT_ANY_POLICY, &[2, 1, 0], false, false),
    ] {
        let extensions = critical(oid, value).unwrap();
        assert_eq!(extensions.unhandled(false).is_some(), is_unhandled);
        assert_eq!(extensions.unhandled(true).is_some(), unless_read);
        let extensions = one(oid, value).unwrap();
        assert_eq!(extensions.unhandled(false), None);
    }
    let constraint = |tag: u8| {
        let name = write(tag::SEQUENCE, &[&[tag, 0]]);
        write(tag::SEQUENCE, &[&write(0xA0, &[&name])])
    };
    for (tag, is_unhandled) in [(0x82, false), (0xA4, true), (0x88, true)] {
        let value = constraint(tag);
        let extensions = critical(id::NAME_CONSTRAINTS, &value).unwrap();
        assert_eq!(extensions.unhandled(true).is_some(), is_unhandled);
        let extensions = one(id::NAME_CONSTRAINTS, &value).unwrap();
        assert_eq!(extensions.unhandled(false), None);
        assert!(extensions.name_constraints.is_some());
    }
}

#[test]
fn identifiers_of_keys_are_not_critical() {
    let subject: &[u8] = &[4, 2, 7, 8];
    let extensions = one(id::SUBJECT_KEY_ID, subject).unwrap();
    assert_eq!(extensions.subject_key_id, [7, 8]);
    assert!(critical(id::SUBJECT_KEY_ID, subject).is_none());
    assert!(one(id::SUBJECT_KEY_ID, &[5, 0]).is_none());
    let authority: &[u8] = &[0x30, 4, 0x80, 2, 7, 8];
    let extensions = one(id::AUTHORITY_KEY_ID, authority).unwrap();
    assert_eq!(extensions.authority_key_id, [7, 8]);
    assert!(critical(id::AUTHORITY_KEY_ID, authority).is_none());
    assert!(one(id::AUTHORITY_KEY_ID, &[5, 0]).is_none());
    assert!(one(id::AUTHORITY_KEY_ID, &[0x30, 2, 0x80, 9]).is_none());
    let other = one(id::AUTHORITY_KEY_ID, &[0x30, 2, 0xA1, 9]).unwrap();
    assert!(other.authority_key_id.is_empty());
    assert!(one(id::AUTHORITY_ACCESS, &[0x30, 0]).is_some());
    assert!(critical(id::AUTHORITY_ACCESS, &[0x30, 0]).is_none());
    assert!(one(id::AUTHORITY_ACCESS, &[5, 0]).is_none());
    assert!(one(id::DISTRIBUTION_POINTS, &[0x30, 0]).is_some());
    assert!(one(id::DISTRIBUTION_POINTS, &[5, 0]).is_none());
}

#[test]
fn what_is_left_is_read_by_type() {
    let purposes = one(id::EXTENDED_KEY_USAGE, &[0x30, 6, 6, 1, 0x2A, 6, 1, 0x2B]).unwrap();
    assert_eq!(purposes.purposes.len(), 2);
    assert!(
        one(id::EXTENDED_KEY_USAGE, &[0x30, 0])
            .unwrap()
            .purposes
            .is_empty()
    );
    for bad in [
        &[][..],
        &[6, 1, 0x2A],
        &[0x30, 2, 5, 0],
        &[0x30, 3, 6, 1, 0xAA],
    ] {
        assert!(one(id::EXTENDED_KEY_USAGE, bad).is_none(), "{bad:x?}");
    }
    let policy: &[u8] = &[0x30, 5, 0x30, 3, 6, 1, 0x2A];
    assert_eq!(one(id::POLICIES, policy).unwrap().policies.len(), 1);
    assert!(one(id::POLICIES, &[5, 0]).is_none());
    let mapping: &[u8] = &[0x30, 8, 0x30, 6, 6, 1, 0x2A, 6, 1, 0x2B];
    assert_eq!(
        one(id::POLICY_MAPPINGS, mapping)
            .unwrap()
            .policy_mappings
            .len(),
        1
    );
    assert!(one(id::POLICY_MAPPINGS, &[5, 0]).is_none());
    let explicit = one(id::POLICY_CONSTRAINTS, &[0x30, 3, 0x80, 1, 2]).unwrap();
    assert_eq!(explicit.policy_constraints.require_explicit_policy, Some(2));
    assert!(one(id::POLICY_CONSTRAINTS, &[5, 0]).is_none());
    let inhibited = one(id::INHIBIT_ANY_POLICY, &[2, 1, 3]).unwrap();
    assert_eq!(inhibited.inhibit_any_policy, Some(3));
    assert!(one(id::INHIBIT_ANY_POLICY, &[2, 1, 0xFF]).is_none());
    assert!(one(id::SUBJECT_NAMES, &[5, 0]).is_none());
    assert!(one(id::NAME_CONSTRAINTS, &[0x30, 0]).is_none());
}
