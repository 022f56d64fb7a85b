//! Events for `tracing`, as a subscriber writes them down.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]
#![cfg(all(feature = "tracing", feature = "sequoia"))]

mod common;

use std::io::Write;
use std::sync::{Arc, Mutex};

use common::{Fixture, at, suite};
use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::{Clock, Image, Policy, Verifier};

/// What was written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that `work` leaves in a log of the level debug.
fn lines(work: impl FnOnce()) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = log.0.lock().expect("nobody panicked").clone();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// Each step of a verification of `image` under `policy`.
fn events(policy: &str, image: &Image<'_>) -> Vec<String> {
    lines(|| {
        let policy: Policy = policy.parse().expect("a policy");
        let verifier = Verifier::builder(policy)
            .first_engine(Environment::from_env(), [EngineKind::Sequoia])
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(suite())
            .build();
        let _ = verifier.verify(image);
    })
}

#[test]
fn each_step_leaves_a_line() {
    let fixture = Fixture::ED25519;
    let policy =
        r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}]}"#;
    let image = Image::new(fixture.name(), fixture.manifest())
        .with_signature(common::read("signatures/algorithms/rsa2048-good.gpg"))
        .with_signature(fixture.signature());
    let lines = events(policy, &image);
    let steps = [
        ("read the policy", "policy=given as bytes, sha256:"),
        (
            "chose the scope of the policy",
            "scope=the policy's default",
        ),
        ("chose the engine", "engine=\"sequoia\""),
        ("read keys", "trusted=1"),
        (
            "a signature does not satisfy the requirement",
            "code=\"unknown-key\"",
        ),
        ("a signature satisfies the requirement", "signature=2"),
        ("judged the image", "verdict=accepted"),
    ];
    assert_eq!(lines.len(), steps.len(), "{lines:#?}");
    for (line, (message, field)) in lines.iter().zip(steps) {
        assert!(line.starts_with("DEBUG containers_sigpolicy: "), "{line}");
        assert!(
            line.contains(message) && line.contains(field),
            "{message}: {line}"
        );
    }
}

#[test]
fn foreign_text_stays_on_its_line() {
    let policy = serde_json::json!({
        "default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/missing\nERROR all is lost\u{1b}[0m"}]
    });
    let lines = events(&policy.to_string(), &Fixture::ED25519.image());
    assert!(!lines.is_empty());
    for line in &lines {
        assert!(
            line.starts_with("DEBUG containers_sigpolicy: "),
            "{lines:#?}"
        );
        assert!(!line.contains('\u{1b}'), "{lines:#?}");
    }
}
