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
use containers_sigpolicy::engine::{EngineError, EngineKind, Environment, Sequoia};
use containers_sigpolicy::{Clock, Error, Moment, TimeSource, Verifier, VerifierBuilder};

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
