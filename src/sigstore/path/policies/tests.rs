use super::*;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::certificate::maker::Draft;
use crate::sigstore::der::{tag, write};

/// A policy of tests, and the one that stands for each.
const A: &[u8] = &[0x2A, 1];
const B: &[u8] = &[0x2A, 2];
const C: &[u8] = &[0x2A, 3];

fn oid(policy: &[u8]) -> Vec<u8> {
    write(tag::OBJECT_IDENTIFIER, &[policy])
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    write(tag::SEQUENCE, &[&parts.concat()])
}

/// A certificate in a path, which is not self-issued unless it is told.
fn draft() -> Draft {
    Draft::new("subject", &SigningKey::p256(1)).by("issuer")
}

fn under(draft: Draft, policies: &[&[u8]]) -> Draft {
    let policies: Vec<Vec<u8>> = policies
        .iter()
        .map(|policy| sequence(&[oid(policy)]))
        .collect();
    draft.with(&[0x55, 0x1D, 32], &sequence(&policies))
}

fn mapped(draft: Draft, pairs: &[[&[u8]; 2]]) -> Draft {
    let pairs: Vec<Vec<u8>> = pairs.iter().map(|pair| sequence(&pair.map(oid))).collect();
    draft.with(&[0x55, 0x1D, 33], &sequence(&pairs))
}

fn explicit(draft: Draft, skipped: u8) -> Draft {
    draft.with(&[0x55, 0x1D, 36], &sequence(&[vec![0x80, 1, skipped]]))
}

fn no_mapping(draft: Draft, skipped: u8) -> Draft {
    draft.with(
        &[0x55, 0x1D, 36],
        &sequence(&[vec![0x80, 1, 0], vec![0x81, 1, skipped]]),
    )
}

fn no_any(draft: Draft, skipped: u8) -> Draft {
    draft.with(&[0x55, 0x1D, 54], &[2, 1, skipped])
}

/// From the leaf up to the one below the anchor, of which nobody asks what it demands.
fn valid(path: &[Draft]) -> bool {
    let key = SigningKey::p256(1);
    let anchor = explicit(draft(), 0);
    let path: Vec<Certificate> = path
        .iter()
        .chain([&anchor])
        .map(|draft| draft.signed_by(&key))
        .collect();
    are_valid(&path.iter().collect::<Vec<_>>())
}

#[test]
fn without_a_demand_anything_is_valid() {
    assert!(are_valid(&[]));
    assert!(valid(&[]));
    assert!(valid(&[draft()]));
    assert!(valid(&[draft(), draft(), draft()]));
    assert!(valid(&[under(draft(), &[A]), under(draft(), &[B])]));
}

#[test]
fn where_a_policy_is_demanded_one_goes_all_the_way() {
    let demanding = |policies: &[&[u8]]| explicit(under(draft(), policies), 0);
    for (leaf, intermediate, expected) in [
        (under(draft(), &[A]), demanding(&[A]), true),
        (under(draft(), &[A, B]), demanding(&[C, A]), true),
        (under(draft(), &[A]), demanding(&[ANY]), true),
        (under(draft(), &[ANY]), demanding(&[A]), true),
        (under(draft(), &[ANY]), demanding(&[ANY]), true),
        (under(draft(), &[A]), demanding(&[B]), false),
        (draft(), demanding(&[A]), false),
        (under(draft(), &[]), demanding(&[A]), false),
        (under(draft(), &[A]), explicit(draft(), 0), false),
        (under(draft(), &[A]), draft(), true),
    ] {
        assert_eq!(valid(&[leaf, intermediate]), expected);
    }
    // The leaf may demand one for itself.
    assert!(valid(&[explicit(under(draft(), &[A]), 0)]));
    assert!(!valid(&[explicit(draft(), 0)]));
    assert!(valid(&[explicit(draft(), 1)]));
}

#[test]
fn a_demand_can_begin_further_below() {
    let path = |skipped: u8, below: Draft| [draft(), below, explicit(draft(), skipped)];
    for (skipped, expected) in [(0, false), (1, false), (2, false), (3, true)] {
        assert_eq!(valid(&path(skipped, draft())), expected, "{skipped}");
    }
    // One that has issued itself does not count.
    let itself = || Draft::new("subject", &SigningKey::p256(1));
    assert!(valid(&path(2, itself())));
    assert!(!valid(&path(1, itself())));
    let path = |skipped| [draft(), draft(), itself(), explicit(draft(), skipped)];
    assert!(!valid(&path(2)));
    assert!(valid(&path(3)));
}

#[test]
fn any_policy_can_be_none() {
    let path = |skipped, above: &[&[u8]]| {
        let upper = no_any(explicit(under(draft(), above), 0), skipped);
        [under(draft(), &[ANY]), upper]
    };
    assert!(!valid(&path(0, &[A])));
    assert!(valid(&path(1, &[A])));
    assert!(!valid(&path(0, &[ANY])));
    assert!(valid(&path(1, &[ANY])));
    // One that has issued itself may say so all the same, but the leaf may not.
    let upper = || no_any(explicit(under(draft(), &[A]), 0), 0);
    let itself = under(Draft::new("subject", &SigningKey::p256(1)), &[ANY]);
    assert!(valid(&[under(draft(), &[A]), itself.clone(), upper()]));
    assert!(!valid(&[itself, upper()]));
    assert!(!valid(&[
        under(draft(), &[A]),
        under(draft(), &[ANY]),
        upper()
    ]));
}

#[test]
fn policies_are_mapped() {
    let upper = |pairs: &[[&[u8]; 2]]| mapped(explicit(under(draft(), &[A]), 0), pairs);
    let path = |leaf: &[&[u8]], pairs: &[[&[u8]; 2]]| valid(&[under(draft(), leaf), upper(pairs)]);
    assert!(path(&[B], &[[A, B]]));
    assert!(path(&[C], &[[A, B], [A, C]]));
    assert!(!path(&[A], &[[A, B]]));
    assert!(!path(&[C], &[[A, B]]));
    assert!(!path(&[B], &[[C, B]]));
    assert!(!path(&[B], &[[A, ANY]]));
    assert!(!path(&[ANY], &[[A, ANY]]));
    assert!(!path(&[A], &[[ANY, B]]));
    // From any to one.
    let upper = mapped(explicit(under(draft(), &[ANY]), 0), &[[A, B]]);
    assert!(valid(&[under(draft(), &[B]), upper.clone()]));
    assert!(valid(&[under(draft(), &[C]), upper]));
    // Not any more.
    let path = |skipped, leaf: &[u8]| {
        let upper = no_mapping(under(draft(), &[A]), skipped);
        let middle = mapped(under(draft(), &[A]), &[[A, B]]);
        [under(draft(), &[leaf]), middle, upper]
    };
    assert!(!valid(&path(0, B)));
    assert!(valid(&path(1, B)));
    // What would be mapped is not valid as it is either.
    assert!(!valid(&path(0, A)));
    // A mapping of any is none, whether a policy is demanded or not.
    assert!(!valid(&[draft(), mapped(draft(), &[[ANY, A]])]));
    assert!(!valid(&[draft(), mapped(draft(), &[[A, ANY]])]));
    assert!(valid(&[mapped(draft(), &[[ANY, A]])]));
}
