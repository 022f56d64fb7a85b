use std::slice::from_ref;

use super::*;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::certificate::maker::{
    ANY_PURPOSE, CODE_SIGNING, Draft, SERVER_AUTH, SUBJECT_NAMES, UNKNOWN,
};

const NOW: &str = "2026-01-15T12:00:00Z";

/// Certificates are of the subjects that their keys have in these tests.
fn key(subject: &str) -> SigningKey {
    let seed = subject
        .bytes()
        .fold(1_u8, |seed, octet| seed.wrapping_mul(31) ^ octet);
    SigningKey::p256(seed.max(1))
}

fn authority(subject: &str) -> Draft {
    Draft::new(subject, &key(subject)).authority(None)
}

fn leaf() -> Draft {
    Draft::new("leaf", &key("leaf"))
}

/// The certificate, issued by this subject.
fn by(draft: Draft, issuer: &str) -> Certificate {
    draft.by(issuer).signed_by(&key(issuer))
}

/// The titles of leaf and authority, or the error.
fn prove(
    leaf: &Certificate,
    roots: &[Certificate],
    others: &[Certificate],
) -> Result<String, PathError> {
    let intermediates: Vec<&Certificate> = others.iter().collect();
    let search = Search {
        roots,
        intermediates: &intermediates,
        time: NOW.parse().unwrap(),
        names_are_read: false,
    };
    let path = search.prove(leaf)?;
    assert_eq!(path.leaf(), leaf);
    Ok(path.authority().title())
}

fn is_proven(leaf: &Certificate, roots: &[Certificate], others: &[Certificate]) -> bool {
    prove(leaf, roots, others).is_ok()
}

fn root() -> Certificate {
    by(authority("root"), "root")
}

#[test]
fn a_way_goes_from_one_issuer_to_the_next() {
    let leaf = by(leaf(), "a");
    let [a, b] = [by(authority("a"), "b"), by(authority("b"), "root")];
    let all = [a.clone(), b.clone()];
    assert_eq!(prove(&leaf, &[root()], &all), Ok("CN=root".to_owned()));
    // In any order, with others among them.
    let others = [
        by(authority("c"), "root"),
        b.clone(),
        leaf.clone(),
        root(),
        a.clone(),
    ];
    assert!(is_proven(
        &leaf,
        &[by(authority("d"), "d"), root()],
        &others
    ));
    // Who is trusted need not have signed itself.
    assert_eq!(prove(&leaf, from_ref(&a), &[]), Ok("CN=a".to_owned()));
    assert_eq!(
        prove(&leaf, from_ref(&b), from_ref(&a)),
        Ok("CN=b".to_owned())
    );
    assert!(!is_proven(&leaf, &[root()], from_ref(&a)));
    assert!(!is_proven(&leaf, &[root()], &[b]));
    assert!(!is_proven(&leaf, &[], &all));
    let error = prove(&leaf, &[root()], &[a]).unwrap_err();
    let expected = PathError::NoIssuer {
        certificate: "CN=a".to_owned(),
        issuer: "CN=b".to_owned(),
        candidates: Vec::new(),
    };
    assert_eq!(error, expected);
}

#[test]
fn a_root_is_its_own_way() {
    let alone = by(leaf(), "nobody");
    assert_eq!(
        prove(&alone, &[root(), alone.clone()], &[]),
        Ok("CN=leaf".to_owned())
    );
    assert!(!is_proven(&alone, &[root()], &[]));
    // The same but for an octet is another one.
    assert!(!is_proven(
        &alone,
        &[by(leaf().with(UNKNOWN, b""), "nobody")],
        &[]
    ));
    // All else that certificates have to be, it has to be.
    for (draft, expected) in [
        (leaf(), true),
        (leaf().version_1(), true),
        (leaf().purposes(&[CODE_SIGNING]), true),
        (leaf().purposes(&[SERVER_AUTH]), false),
        (leaf().valid("000101000000Z", "250101000000Z"), false),
        (leaf().with_critical(UNKNOWN, b""), false),
    ] {
        let certificate = by(draft, "nobody");
        assert_eq!(
            is_proven(&certificate, from_ref(&certificate), &[]),
            expected
        );
    }
}

#[test]
fn another_key_of_the_same_name_is_no_issuer() {
    let impostor = Draft::new("root", &key("impostor")).authority(None);
    let impostor = impostor.signed_by(&key("impostor"));
    let leaf = by(leaf(), "root");
    assert!(!is_proven(&leaf, from_ref(&impostor), &[]));
    let both = [impostor.clone(), root()];
    assert!(is_proven(&leaf, &both, &[]));
    let error = prove(&leaf, &[impostor], &[]).unwrap_err();
    let expected = PathError::NoIssuer {
        certificate: "CN=leaf".to_owned(),
        issuer: "CN=root".to_owned(),
        candidates: vec![("CN=root".to_owned(), Obstacle::BadSignature)],
    };
    assert_eq!(error, expected);
}

#[test]
fn an_intermediate_is_of_version_3_and_a_root_need_not_be() {
    let leaf = by(leaf(), "a");
    let old = Draft::new("a", &key("a")).version_1();
    assert!(is_proven(&leaf, &[by(old.clone(), "root")], &[]));
    assert!(!is_proven(&leaf, &[root()], &[by(old, "root")]));
    let not_authority = by(Draft::new("a", &key("a")), "root");
    assert!(!is_proven(&leaf, from_ref(&not_authority), &[]));
    assert!(!is_proven(&leaf, &[root()], &[not_authority]));
}

#[test]
fn a_path_length_counts_the_authorities_below() {
    let limited =
        |subject: &str, length| Draft::new(subject, &key(subject)).authority(Some(length));
    let direct = by(leaf(), "root");
    let [leaf, a] = [by(leaf(), "a"), by(authority("a"), "b")];
    let b = by(authority("b"), "root");
    for (root_length, expected) in [(0, false), (1, false), (2, true)] {
        let root = by(limited("root", root_length), "root");
        assert_eq!(
            is_proven(&leaf, from_ref(&root), &[a.clone(), b.clone()]),
            expected
        );
        assert!(is_proven(&direct, &[root], &[]));
    }
    for (b_length, expected) in [(0, false), (1, true)] {
        let b = by(limited("b", b_length), "root");
        assert_eq!(is_proven(&leaf, &[root()], &[a.clone(), b]), expected);
    }
    // One that has issued itself counts like any other.
    let itself = Draft::new("b", &key("other"))
        .authority(None)
        .by("b")
        .signed_by(&key("b"));
    let a = Draft::new("a", &key("a"))
        .authority(None)
        .by("b")
        .signed_by(&key("other"));
    for (b_length, expected) in [(1, false), (2, true)] {
        let b = by(limited("b", b_length), "root");
        let others = [a.clone(), itself.clone(), b];
        assert_eq!(is_proven(&leaf, &[root()], &others), expected);
    }
}

#[test]
fn all_are_valid_at_the_time() {
    let until = |draft: Draft, end: &str| draft.valid("000101000000Z", end);
    let from = |draft: Draft, begin: &str| draft.valid(begin, "400101000000Z");
    let changes: [(&dyn Fn(Draft) -> Draft, bool); 5] = [
        (&|draft| draft, true),
        (&|draft| until(draft, "260115120000Z"), true),
        (&|draft| until(draft, "260115115959Z"), false),
        (&|draft| from(draft, "260115120000Z"), true),
        (&|draft| from(draft, "260115120001Z"), false),
    ];
    for (change, expected) in changes {
        let changed = |draft: Draft, issuer: &str| by(change(draft), issuer);
        let (plain_leaf, plain) = (by(leaf(), "a"), by(authority("a"), "root"));
        let cases = [
            (changed(leaf(), "a"), root(), plain.clone()),
            (
                plain_leaf.clone(),
                changed(authority("root"), "root"),
                plain,
            ),
            (plain_leaf, root(), changed(authority("a"), "root")),
        ];
        let roles = [
            CertificateRole::Signer,
            CertificateRole::Authority,
            CertificateRole::Intermediate,
        ];
        for ((leaf, root, intermediate), whose) in cases.into_iter().zip(roles) {
            // Signatures carry their authorities too.
            let found = prove(&leaf, from_ref(&root), &[root.clone(), intermediate]);
            assert_eq!(found.is_ok(), expected);
            if let Err(error) = found {
                assert!(
                    matches!(error, PathError::NotValid { role, .. } if role == whose),
                    "{error:?}"
                );
            }
        }
    }
}

#[test]
fn all_are_for_signing_code() {
    for (purposes, expected) in [
        (&[CODE_SIGNING][..], true),
        (&[ANY_PURPOSE], true),
        (&[SERVER_AUTH, CODE_SIGNING], true),
        (&[], true),
        (&[SERVER_AUTH], false),
        (&[UNKNOWN], false),
    ] {
        let with = |draft: Draft, issuer: &str| by(draft.purposes(purposes), issuer);
        let (plain_leaf, plain) = (by(leaf(), "a"), by(authority("a"), "root"));
        for (leaf, root, intermediate) in [
            (with(leaf(), "a"), root(), plain.clone()),
            (plain_leaf.clone(), with(authority("root"), "root"), plain),
            (plain_leaf, root(), with(authority("a"), "root")),
        ] {
            let found = prove(&leaf, &[root], &[intermediate]);
            assert_eq!(found.is_ok(), expected);
            if let Err(error) = found {
                assert!(
                    matches!(error, PathError::NotForCodeSigning { .. }),
                    "{error:?}"
                );
            }
        }
    }
    // Another way that is for signing code will do.
    let other = by(authority("a").purposes(&[SERVER_AUTH]), "root");
    let others = [other, by(authority("a").purposes(&[CODE_SIGNING]), "root")];
    assert!(is_proven(&by(leaf(), "a"), &[root()], &others));
}

#[test]
fn no_critical_extension_is_passed_over() {
    let with = |draft: Draft, issuer: &str| by(draft.with_critical(UNKNOWN, b""), issuer);
    let (plain_leaf, plain) = (by(leaf(), "a"), by(authority("a"), "root"));
    for (leaf, root, intermediate) in [
        (with(leaf(), "a"), root(), plain.clone()),
        (
            plain_leaf.clone(),
            with(authority("root"), "root"),
            plain.clone(),
        ),
        (plain_leaf.clone(), root(), with(authority("a"), "root")),
    ] {
        let error = prove(&leaf, &[root], &[intermediate]).unwrap_err();
        assert!(matches!(error, PathError::Unhandled { .. }), "{error:?}");
    }
    // Of the leaf alone, another may read the names.
    let nameless = |draft: Draft, issuer: &str| {
        by(
            draft.with_critical(SUBJECT_NAMES, &[0x30, 2, 0xA0, 0]),
            issuer,
        )
    };
    let nameless_leaf = nameless(leaf(), "a");
    let nameless_authority = nameless(authority("a"), "root");
    for (leaf, intermediate, names_are_read, expected) in [
        (&nameless_leaf, &plain, false, false),
        (&nameless_leaf, &plain, true, true),
        (&plain_leaf, &nameless_authority, true, false),
        (&with(self::leaf(), "a"), &plain, true, false),
    ] {
        let search = Search {
            roots: &[root()],
            intermediates: &[intermediate],
            time: NOW.parse().unwrap(),
            names_are_read,
        };
        assert_eq!(search.prove(leaf).is_ok(), expected);
    }
}

#[test]
fn names_are_held_against_constraints() {
    let named = leaf().named(&[(0x82, b"a.example")]);
    let leaf = by(named, "a");
    for (permitted, expected) in [(&b"example"[..], true), (b"other", false)] {
        let constrained =
            |draft: Draft, issuer: &str| by(draft.constrained(&[(0x82, permitted)], &[]), issuer);
        let plain = by(authority("a"), "root");
        assert_eq!(
            is_proven(&leaf, &[constrained(authority("root"), "root")], &[plain]),
            expected
        );
        let found = prove(&leaf, &[root()], &[constrained(authority("a"), "root")]);
        assert_eq!(found.is_ok(), expected);
        if let Err(error) = found {
            assert!(
                matches!(error, PathError::NameForbidden { .. }),
                "{error:?}"
            );
        }
    }
}

#[test]
fn no_way_goes_in_a_circle() {
    // Two that have issued each other.
    let leaf = by(leaf(), "a");
    let circle = [by(authority("a"), "b"), by(authority("b"), "a")];
    assert!(!is_proven(&leaf, &[root()], &circle));
    let with_exit = [
        circle[0].clone(),
        circle[1].clone(),
        by(authority("b"), "root"),
    ];
    assert!(is_proven(&leaf, &[root()], &with_exit));
}

#[test]
fn there_is_an_end_to_signatures() {
    let leaf = by(leaf(), "root");
    let impostors = |count: u8| {
        let impostors = (1..=count).map(|seed| {
            let other = SigningKey::p384(seed);
            Draft::new("root", &other).authority(None).signed_by(&other)
        });
        impostors.chain([root()]).collect::<Vec<_>>()
    };
    assert!(is_proven(&leaf, &impostors(99), &[]));
    let error = prove(&leaf, &impostors(100), &[]).unwrap_err();
    assert!(
        matches!(error, PathError::TooManyChecks { .. }),
        "{error:?}"
    );
}

#[test]
fn a_key_that_nobody_knows_costs_nothing() {
    let leaf = by(leaf(), "root");
    let mut unknown = authority("root");
    unknown.key = vec![0x30, 10, 0x30, 4, 6, 2, 0x2A, 3, 3, 2, 0, 1];
    let unknown = (0..150).map(|serial| {
        let serial = vec![2, 2, 1, serial];
        by(
            Draft {
                serial,
                ..unknown.clone()
            },
            "root",
        )
    });
    let mut roots: Vec<Certificate> = unknown.collect();
    let error = prove(&leaf, &roots, &[]).unwrap_err();
    assert!(matches!(error, PathError::NoIssuer { .. }), "{error:?}");
    roots.push(root());
    assert!(is_proven(&leaf, &roots, &[]));
}

#[test]
fn likely_issuers_come_first() {
    let subject_key_id = |id: u8| [4, 1, id];
    let authority_key_id = |id: u8| [0x30, 3, 0x80, 1, id];
    let [of_subject, of_authority] = [14, 35].map(|last| [0x55, 0x1D, last]);
    // A hundred whose identifier is another one stand before the one that has it.
    let leaf = by(leaf().with(&of_authority, &authority_key_id(1)), "root");
    let impostors = (1..=100).map(|seed| {
        let other = SigningKey::p384(seed);
        let draft = Draft::new("root", &other).authority(None);
        draft
            .with(&of_subject, &subject_key_id(2))
            .signed_by(&other)
    });
    let roots = |root: Certificate| impostors.clone().chain([root]).collect::<Vec<_>>();
    let good = by(
        authority("root").with(&of_subject, &subject_key_id(1)),
        "root",
    );
    assert!(is_proven(&leaf, &roots(good), &[]));
    assert!(is_proven(&leaf, &roots(root()), &[]));
    let unlikely = by(
        authority("root").with(&of_subject, &subject_key_id(3)),
        "root",
    );
    assert!(!is_proven(&leaf, &roots(unlikely), &[]));
}

#[test]
fn what_came_furthest_is_told() {
    let leaf = by(leaf(), "a");
    let expired = by(
        authority("a").valid("000101000000Z", "010101000000Z"),
        "root",
    );
    let dead_end = by(authority("a"), "nobody");
    let other_purpose = by(authority("a").purposes(&[SERVER_AUTH]), "root");
    let error = |others: &[Certificate]| prove(&leaf, &[root()], others).unwrap_err();
    let found = error(&[dead_end.clone(), expired.clone()]);
    assert!(matches!(found, PathError::NotValid { .. }), "{found:?}");
    let found = error(&[other_purpose, dead_end, expired]);
    assert!(
        matches!(found, PathError::NotForCodeSigning { .. }),
        "{found:?}"
    );
}
