use super::*;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::certificate::maker::Draft;

const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const ADDRESS: u8 = 0x87;
const DIRECTORY: u8 = 0xA4;

type Names<'a> = &'a [(u8, &'a [u8])];

fn certificate(names: Names<'_>) -> Certificate {
    let key = SigningKey::p256(1);
    Draft::new("leaf", &key).named(names).signed_by(&key)
}

fn authority(permitted: Names<'_>, excluded: Names<'_>) -> Certificate {
    let key = SigningKey::p256(1);
    let draft = Draft::new("authority", &key).constrained(permitted, excluded);
    draft.signed_by(&key)
}

fn problem(path: &[&Certificate]) -> Option<Problem> {
    let mut left = MAX_COMPARISONS;
    let forbidden = check(path, &mut left).err();
    forbidden.map(|forbidden| forbidden.problem)
}

/// Whether a name is allowed where this one is all that is permitted, and where this one is excluded.
fn allowed(kind: u8, name: &str, constraint: &str) -> [bool; 2] {
    let leaf = certificate(&[(kind, name.as_bytes())]);
    let constraint: Names<'_> = &[(kind, constraint.as_bytes())];
    let problems = [authority(constraint, &[]), authority(&[], constraint)];
    problems.map(|authority| problem(&[&leaf, &authority]).is_none())
}

#[test]
fn domains_are_suffixes_by_label() {
    for (name, constraint, is_within) in [
        ("a.example", "a.example", true),
        ("A.Example", "a.eXample", true),
        ("b.a.example", "a.example", true),
        ("c.b.a.example", "a.example", true),
        ("ba.example", "a.example", false),
        ("example", "a.example", false),
        ("a.example", ".a.example", false),
        ("b.a.example", ".a.example", true),
        ("c.b.a.example", ".a.example", true),
        ("anything", "", true),
        ("", "", true),
        ("", "example", false),
        ("*.example", "example", true),
        ("*.example", ".example", true),
        ("*.example", "b.c.example", false),
        ("*.c.example", "example", true),
        ("*", "example", false),
    ] {
        let expected = [is_within, !is_within];
        assert_eq!(
            allowed(DNS, name, constraint),
            expected,
            "{name} {constraint}"
        );
    }
    // An asterisk could stand for what is excluded, and for more than what is permitted.
    assert_eq!(allowed(DNS, "*.example", "a.example"), [false, false]);
    assert_eq!(allowed(DNS, "*.Example", "a.eXample"), [false, false]);
    assert_eq!(allowed(DNS, "*b.example", "a.example"), [false, false]);
    assert_eq!(allowed(DNS, "b.example", "a.example"), [false, true]);
}

#[test]
fn hosts_without_a_dot_are_what_all_releases_agree_on() {
    for (host, constraint, expected) in [
        ("a.example", "a.example", [true, false]),
        ("A.example", "a.Example", [true, false]),
        ("b.a.example", "a.example", [false, false]),
        ("ba.example", "a.example", [false, true]),
        ("a.example", ".a.example", [false, true]),
        ("b.a.example", ".a.example", [true, false]),
        ("example", "a.example", [false, true]),
        ("anything", "", [true, false]),
        ("*.example", "a.example", [false, true]),
    ] {
        let address = format!("local@{host}");
        assert_eq!(
            allowed(EMAIL, &address, constraint),
            expected,
            "{host} {constraint}"
        );
        let uri = format!("https://user@{host}:80/path");
        assert_eq!(
            allowed(URI, &uri, constraint),
            expected,
            "{host} {constraint}"
        );
    }
}

#[test]
fn a_mailbox_is_exact_before_the_sign() {
    for (address, constraint, is_same) in [
        ("a@example", "a@example", true),
        ("a@Example", "a@eXample", true),
        ("\"a\"@example", "a@example", true),
        ("A@example", "a@example", false),
        ("b@example", "a@example", false),
        ("a@b.example", "a@example", false),
    ] {
        let expected = [is_same, !is_same];
        assert_eq!(
            allowed(EMAIL, address, constraint),
            expected,
            "{address} {constraint}"
        );
    }
}

#[test]
fn addresses_are_in_networks() {
    let network: Names<'_> = &[(ADDRESS, &[192, 0, 2, 0, 255, 255, 255, 0])];
    let (permitting, excluding) = (authority(network, &[]), authority(&[], network));
    for (address, is_within) in [
        (&[192, 0, 2, 1][..], true),
        (&[192, 0, 3, 1], false),
        (
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1],
            false,
        ),
    ] {
        let leaf = certificate(&[(ADDRESS, address)]);
        assert_eq!(problem(&[&leaf, &permitting]).is_none(), is_within);
        assert_eq!(problem(&[&leaf, &excluding]).is_none(), !is_within);
    }
}

#[test]
fn constraints_are_on_names_of_their_kind() {
    let leaf = certificate(&[
        (DNS, b"a.example"),
        (EMAIL, b"b@example"),
        (DIRECTORY, b"\x30\0"),
    ]);
    for (permitted, expected) in [
        (&[(URI, &b"other"[..])][..], None),
        (&[(ADDRESS, &[0; 8])], None),
        (&[(DIRECTORY, b"\x30\0")], None),
        (&[(DNS, b"other")], Some(Problem::NotPermitted)),
        (&[(EMAIL, b"other")], Some(Problem::NotPermitted)),
        // One of several is enough, and each kind has to be.
        (&[(DNS, b"other"), (DNS, b"example")], None),
        (
            &[(DNS, b"example"), (EMAIL, b"other")],
            Some(Problem::NotPermitted),
        ),
    ] {
        assert_eq!(problem(&[&leaf, &authority(permitted, &[])]), expected);
    }
    let both: Names<'_> = &[(DNS, b"a.example")];
    let excluded = Some(Problem::Excluded("a.example".to_owned()));
    assert_eq!(problem(&[&leaf, &authority(both, both)]), excluded);
    let nameless = {
        let key = SigningKey::p256(1);
        Draft::new("leaf", &key).signed_by(&key)
    };
    assert_eq!(problem(&[&nameless, &authority(both, both)]), None);
}

#[test]
fn what_cannot_be_compared_is_forbidden_by_any_constraint() {
    for (kind, name) in [
        (EMAIL, "no address"),
        (DNS, "a..example"),
        (DNS, "example."),
        (DNS, ".example"),
        (URI, "urn:a"),
        (URI, "/a"),
        (URI, "https://127.0.0.1/"),
        (URI, "https://[::1]/"),
    ] {
        let leaf = certificate(&[(kind, name.as_bytes())]);
        for other in [DNS, DIRECTORY] {
            let authority = authority(&[], &[(other, b"")]);
            let found = problem(&[&leaf, &authority]);
            if other != kind {
                assert_eq!(found, Some(Problem::Unreadable), "{name}");
            }
        }
        let key = SigningKey::p256(1);
        let free = Draft::new("authority", &key).signed_by(&key);
        assert_eq!(problem(&[&leaf, &free]), None, "{name}");
    }
}

#[test]
fn all_certificates_below_an_authority_and_itself_are_bound() {
    let key = SigningKey::p256(1);
    let named = |names: Names<'_>| Draft::new("a", &key).named(names);
    let good = named(&[(DNS, b"a.example")]).signed_by(&key);
    let bad = named(&[(DNS, b"a.other")]).signed_by(&key);
    let permitted: Names<'_> = &[(DNS, b"example")];
    let binding = named(&[(DNS, b"b.example")]).constrained(permitted, &[]);
    let binding = binding.signed_by(&key);
    let bad_binding = named(&[(DNS, b"b.other")]).constrained(permitted, &[]);
    let bad_binding = bad_binding.signed_by(&key);
    for (path, expected) in [
        (&[&good, &binding][..], true),
        (&[&bad, &binding], false),
        (&[&good, &bad, &binding], false),
        (&[&bad, &good, &binding], false),
        (&[&good, &good, &binding], true),
        (&[&good, &binding, &bad], true),
        (&[&good, &bad_binding], false),
        // What the leaf demands is nobody's business.
        (&[&bad_binding], true),
        (&[&bad_binding, &good], true),
    ] {
        assert_eq!(problem(path).is_none(), expected);
    }
    let mut left = MAX_COMPARISONS;
    let forbidden = check(&[&bad, &binding], &mut left).unwrap_err();
    assert_eq!(forbidden.name, "a.other");
}

#[test]
fn there_is_an_end_to_comparisons() {
    let constraint: Names<'_> = &[(DNS, b"example"), (DNS, b"other")];
    let leaf = certificate(&[(DNS, b"a.example"), (DNS, b"b.example"), (EMAIL, b"a@b")]);
    let authority = authority(constraint, &[(DNS, b"no")]);
    for (budget, expected) in [(6, Ok(0)), (7, Ok(1)), (5, Err(Problem::TooMany))] {
        let mut left = budget;
        let found = check(&[&leaf, &authority], &mut left);
        let found = found.map(|()| left).map_err(|forbidden| forbidden.problem);
        assert_eq!(found, expected);
    }
}
