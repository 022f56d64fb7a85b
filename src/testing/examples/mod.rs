//! An example of everything that a report can say. Each list goes on from one kind to the next by a match without a
//! wildcard, so that a new kind does not compile before it is put in.

pub(super) mod causes;
pub(super) mod findings;
pub(super) mod reasons;
pub(super) mod sigstore;
pub(super) mod warnings;

use std::fmt::Debug;
use std::str::FromStr;

use crate::clock::Moment;
use crate::digest::Digest;
use crate::fingerprint::Fingerprint;

/// What `next` says, from the first, which comes after none, to the last.
fn all<T>(next: impl Fn(Option<&T>) -> Option<T>) -> Vec<T> {
    std::iter::successors(next(None), |last| next(Some(last))).collect()
}

/// When the examples are judged: 2026-01-15, at noon.
pub(super) fn now() -> Moment {
    constant("2026-01-15T12:00:00Z")
}

/// Two days earlier.
fn earlier() -> Moment {
    constant("2026-01-13T12:00:00Z")
}

/// Two days later.
fn later() -> Moment {
    constant("2026-01-17T12:00:00Z")
}

pub(super) fn key() -> Fingerprint {
    constant("0123456789ABCDEF0123456789ABCDEF01234567")
}

fn subkey() -> Fingerprint {
    constant("89ABCDEF0123456789ABCDEF0123456789ABCDEF")
}

/// The digest of a manifest.
pub(super) fn digest() -> Digest {
    Digest::of(b"manifest")
}

/// The digest of something else.
fn other_digest() -> Digest {
    Digest::of(b"other")
}

#[allow(clippy::expect_used, reason = "the unit tests read all constants")]
fn constant<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("a constant")
}
