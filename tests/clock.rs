//! A time source of the caller's own: what judges by it, and what happens when it does not know the time.
#![cfg(feature = "_rules")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::error::Error as StdError;

use common::{Fixture, any_in_process, at, suite};
use containers_sigpolicy::answer::Fault;
use containers_sigpolicy::engine::{EngineError, EngineKind, Environment, TrustedKey};
use containers_sigpolicy::verdict::{
    ImplausibleClock, TrustedSigner, Verdict, clock_is_implausible,
};
use containers_sigpolicy::{
    Category, Clock, Error, Moment, Reason, TimeSource, Verifier, VerifierBuilder,
};

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
        let verifier = builder(Some(time)).engine(any_in_process()).build();
        verifier.verify(&Fixture::ED25519.image())
    };
    let accepted = verify("2026-01-15T12:00:00Z").expect("a good signature");
    let engine = accepted.report().engine.as_ref().expect("it was judged");
    assert_eq!(engine.judged_at, at("2026-01-15T12:00:00Z"));
    let error = verify("1980-01-01T00:00:00Z").expect_err("before there was a key");
    assert_eq!(error.code(), "clock-implausible", "{error}");
}

#[test]
fn without_a_time_there_is_no_verdict() {
    let kind = match any_in_process().name() {
        "native" => EngineKind::Native,
        _ => EngineKind::Sequoia,
    };
    let order = [kind, kind];
    for builder in [
        builder(None).engine(any_in_process()),
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

/// What each engine says of an image that it refuses at this time.
fn refusals(keys: &str, signature: &'static str, now: &str) -> Vec<Error> {
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
            Err(error) => error,
            Ok(accepted) => panic!("{kind}, {keys} at {now}: {accepted:?}"),
        }
    };
    engines().into_iter().map(refusal).collect()
}

/// Why the requirement refuses the image, and which keys it trusts.
fn requirement(error: &Error) -> (&Reason, Vec<TrustedKey>) {
    let report = error.report().expect("an image was judged");
    let requirement = report.requirements.first().expect("one requirement");
    let signers = requirement.trusted_signers.iter();
    let keys = signers.map(|signer| match signer {
        TrustedSigner::OpenPgp(key) => key.clone(),
        other => panic!("{other:?}"),
    });
    let reason = requirement.outcome.reason().expect("it refuses");
    (reason, keys.collect())
}

/// That nothing is said against the image: neither in the error, nor in its answer, nor in its JSON.
fn assert_undecided(error: &Error) {
    assert!(matches!(error, Error::Undecided(_)), "{error:?}");
    assert_eq!(error.category(), Category::Undecided);
    assert_eq!(error.code(), "clock-implausible");
    let answer = error.answer();
    assert_eq!(answer.code, Some("clock-implausible"));
    assert_eq!(answer.fault, Some(Fault::Machine));
    assert!(answer.headline.starts_with("undecided: "), "{answer}");
    let report = error.report().expect("an image was judged");
    assert_eq!(report.verdict(), Verdict::Undecided);
    let json = serde_json::to_value(error).expect("JSON");
    assert_eq!(json["verdict"], "undecided");
    assert_eq!(json["rejection"]["code"], "clock-implausible");
    assert_eq!(
        json["decided_by"],
        serde_json::json!({"requirement": 1, "signature": 1})
    );
}

/// A machine whose clock starts in 1970, or shows a day before the key was made.
#[test]
fn before_the_key_was_made_each_engine_says_that_the_clock_is_implausible() {
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
            let (first, _) = requirement(all.first().expect("an engine"));
            assert_eq!(first.code(), "key-from-the-future", "{keys} at {now}");
            for error in &all {
                assert_undecided(error);
                let (reason, trusted) = requirement(error);
                assert_eq!(reason, first, "{keys} at {now}");
                match clock_is_implausible(&trusted, at(now)) {
                    Some(ImplausibleClock::BeforeKeys { first_key, .. }) => {
                        assert_eq!(first_key, at("2024-01-01T00:00:00Z"));
                    }
                    other => panic!("{keys} at {now}: {other:?}"),
                }
            }
        }
        // With keys that were there already, the signer's clock may be the wrong one.
        let now = "2025-05-01T00:00:00Z";
        for error in refusals(keys, signature, now) {
            assert!(matches!(error, Error::Rejected(_)), "{error:?}");
            assert_eq!(error.code(), "signature-from-the-future");
            let (_, trusted) = requirement(&error);
            assert_eq!(clock_is_implausible(&trusted, at(now)), None);
        }
    }
}

/// A machine whose clock runs far ahead: everything that ends has ended.
#[test]
fn far_ahead_each_engine_says_that_the_clock_is_implausible() {
    let keys = "keys/states/expiry-in-a-year.gpg";
    let signature = "signatures/keys/bab1bb775b6e08bd-44712000.sig";
    for (now, code) in [
        ("2030-01-01T00:00:00Z", "key-expired"),
        ("2099-01-01T00:00:00Z", "clock-implausible"),
    ] {
        for error in refusals(keys, signature, now) {
            assert_eq!(error.code(), code, "{error}");
            assert_eq!(requirement(&error).0.code(), "key-expired");
            if code == "clock-implausible" {
                assert_undecided(&error);
            } else {
                assert!(matches!(error, Error::Rejected(_)), "{error:?}");
            }
        }
    }
}

/// A signature that is not good is not good at any time.
#[test]
fn no_clock_excuses_what_is_not_good() {
    for error in refusals(
        Fixture::RSA.keys,
        Fixture::ED25519.signature,
        "2099-01-01T00:00:00Z",
    ) {
        assert!(matches!(error, Error::Rejected(_)), "{error:?}");
        assert_eq!(error.code(), "unknown-key");
    }
}

/// A caller's limit of age is one of time too.
#[test]
fn by_a_clock_far_ahead_nothing_is_called_old() {
    let year = std::time::Duration::from_secs(365 * 86_400);
    for (now, code) in [
        ("2030-01-01T00:00:00Z", "signature-too-old"),
        ("2099-01-01T00:00:00Z", "clock-implausible"),
    ] {
        let verifier = builder(Some(now))
            .engine(any_in_process())
            .max_signature_age(year)
            .build();
        let error = verifier
            .verify(&Fixture::ED25519.image())
            .expect_err("it is old");
        assert_eq!(error.code(), code, "{error}");
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
        for error in refusals(keys, signature, "2026-01-15T12:00:00Z") {
            let (reason, _) = requirement(&error);
            assert_eq!(reason.code(), "bad-signature");
            assert_eq!(
                reason.to_string(),
                "the signature is not good: it was made at 2025-06-01T12:00:00Z, before its key, \
                 which was made at 2025-06-02T12:00:00Z"
            );
        }
    }
}
