//! A time source of the caller's own: what judges by it, and what happens when it does not know the time.
#![cfg(feature = "sequoia")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::error::Error as StdError;

use common::{Fixture, at, suite};
use containers_sigpolicy::engine::{EngineError, EngineKind, Environment, Sequoia, TrustedKey};
use containers_sigpolicy::verdict::{ImplausibleClock, TrustedSigner, clock_is_implausible};
use containers_sigpolicy::{Clock, Error, Moment, Reason, TimeSource, Verifier, VerifierBuilder};

#[derive(Debug)]
struct Source(Option<Moment>);

impl TimeSource for Source {
    fn now(&self) -> Result<Moment, Box<dyn StdError + Send + Sync>> {
        self.0.ok_or_else(|| "the server does not answer".into())
    }
}

fn builder(time: Option<&str>) -> VerifierBuilder {
    let policy =
        r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}]}"#;
    Verifier::builder(policy.parse().expect("a valid policy"))
        .clock(Clock::from_source(Source(time.map(at))))
        .key_directory(suite())
}

#[test]
fn the_time_of_a_source_is_the_one_that_counts() {
    let verify = |time| {
        let verifier = builder(Some(time)).engine(Sequoia::new()).build();
        verifier.verify(&Fixture::ED25519.image())
    };
    let accepted = verify("2026-01-15T12:00:00Z").expect("a good signature");
    let engine = accepted.report().engine.as_ref().expect("it was judged");
    assert_eq!(engine.judged_at, at("2026-01-15T12:00:00Z"));
    let error = verify("1980-01-01T00:00:00Z").expect_err("before there was a key");
    assert!(error.code().ends_with("-from-the-future"), "{error}");
}

#[test]
fn without_a_time_there_is_no_verdict() {
    let order = [EngineKind::Sequoia, EngineKind::Sequoia];
    for builder in [
        builder(None).engine(Sequoia::new()),
        builder(None).first_engine(Environment::from_env(), order),
    ] {
        let error = builder
            .build()
            .verify(&Fixture::ED25519.image())
            .expect_err("nobody knows what has expired");
        let Error::Engine {
            error: EngineError::Clock(clock),
            report: Some(report),
            ..
        } = &error
        else {
            panic!("{error:?}");
        };
        let cause = clock.source().map(ToString::to_string);
        assert_eq!(cause.as_deref(), Some("the server does not answer"));
        assert!(!report.is_accepted());
        assert_eq!(error.code(), "engine-failed");
    }
}

#[cfg(feature = "gpg")]
#[test]
fn gpg_cannot_be_given_a_source() {
    let verifier = builder(Some("2026-01-15T12:00:00Z"))
        .engine(containers_sigpolicy::engine::Gpg::new())
        .build();
    match verifier.verify(&Fixture::ED25519.image()) {
        Err(Error::Engine {
            error: EngineError::ClockUnsupported { engine, .. },
            ..
        }) => assert_eq!(engine, "gpg"),
        other => panic!("{other:?}"),
    }
}

/// The engines of this build.
fn engines() -> Vec<EngineKind> {
    let all = EngineKind::DEFAULT_ORDER.iter().copied();
    all.filter(|kind| kind.is_compiled_in()).collect()
}

/// What each engine refuses an image with at this time, with the keys that it trusts.
fn refusals(keys: &str, signature: &'static str, now: &str) -> Vec<(Reason, Vec<TrustedKey>)> {
    let refusal = |kind: EngineKind| {
        let policy = format!(
            r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{keys}"}}]}}"#
        );
        let verifier = Verifier::builder(policy.parse().expect("a valid policy"))
            .engine(Environment::from_env().select(&[kind]).expect("an engine"))
            .clock(Clock::Fixed(at(now)))
            .key_directory(suite())
            .build();
        let fixture = Fixture {
            signature,
            ..Fixture::ED25519
        };
        match verifier.verify(&fixture.image()) {
            Err(Error::Rejected(report)) => {
                let requirement = report.requirements.first().expect("one requirement");
                let signers = requirement.trusted_signers.iter();
                let keys = signers.map(|signer| match signer {
                    TrustedSigner::OpenPgp(key) => key.clone(),
                    other => panic!("{other:?}"),
                });
                (report.rejection.clone().expect("a reason"), keys.collect())
            }
            other => panic!("{kind}, {keys} at {now}: {other:?}"),
        }
    };
    engines().into_iter().map(refusal).collect()
}

/// A machine whose clock starts in 1970, or shows a day before the key was made.
#[test]
fn before_the_key_was_made_each_engine_says_so_and_that_the_clock_is_implausible() {
    for (keys, signature) in [
        (Fixture::ED25519.keys, Fixture::ED25519.signature),
        (Fixture::RSA.keys, Fixture::RSA.signature),
        (Fixture::SUBKEY.keys, Fixture::SUBKEY.signature),
    ] {
        for now in [
            "1970-01-01T00:00:01Z",
            "2019-06-01T00:00:00Z",
            "2023-12-31T00:00:00Z",
        ] {
            let all = refusals(keys, signature, now);
            let (first, _) = all.first().expect("an engine");
            assert_eq!(first.code(), "key-from-the-future", "{keys} at {now}");
            for (reason, trusted) in &all {
                assert_eq!(reason, first, "{keys} at {now}");
                match clock_is_implausible(trusted, at(now)) {
                    Some(ImplausibleClock::BeforeKeys { first_key, .. }) => {
                        assert_eq!(first_key, at("2024-01-01T00:00:00Z"));
                    }
                    other => panic!("{keys} at {now}: {other:?}"),
                }
            }
        }
        let now = "2025-05-01T00:00:00Z";
        for (reason, trusted) in refusals(keys, signature, now) {
            assert_eq!(reason.code(), "signature-from-the-future");
            assert_eq!(clock_is_implausible(&trusted, at(now)), None);
        }
    }
}

/// A build host whose clock was behind has signed before the key was made.
#[test]
fn a_signature_from_before_its_key_is_told_alike_by_each_engine() {
    for (keys, signature) in [
        (
            "keys/states/created-after-signing.gpg",
            "signatures/keys/1e7c8b6a2f02b3e0-44712000.sig",
        ),
        (
            "keys/states/subkey-created-after-signing.gpg",
            "signatures/keys/c71fe24ed0fa214d-44712000.sig",
        ),
    ] {
        for (reason, _) in refusals(keys, signature, "2026-01-15T12:00:00Z") {
            assert_eq!(reason.code(), "bad-signature");
            assert_eq!(
                reason.to_string(),
                "the signature is not good: it was made at 2025-06-01T12:00:00Z, before its key, \
                 which was made at 2025-06-02T12:00:00Z"
            );
        }
    }
}
