//! What the feature `testing` gives to the tests of programs that embed the library, used as they would.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::time::{Duration, Instant};

use common::{at, json};
use containers_sigpolicy::engine::{EngineError, Refusal};
use containers_sigpolicy::testing::{self, FakeEngine, ReportBuilder};
use containers_sigpolicy::verdict::{TrustedSigner, Verdict};
use containers_sigpolicy::{
    Accepted, Category, Clock, Digest, Error, Fingerprint, Image, ImageName, Policy, Reason,
    Report, Verifier, manifest_digest,
};

const IMAGE: &str = "docker://registry.example/app:1";
const MANIFEST: &[u8] = br#"{"schemaVersion":2}"#;

fn key() -> Fingerprint {
    "0123456789ABCDEF0123456789ABCDEF01234567"
        .parse()
        .expect("a fingerprint")
}

fn stranger() -> Fingerprint {
    "F".repeat(40).parse().expect("a fingerprint")
}

fn digest() -> Digest {
    manifest_digest(MANIFEST).expect("a manifest")
}

fn image() -> Image<'static> {
    Image::new(ImageName::parse(IMAGE).expect("a name"), MANIFEST)
}

/// Signed by this key, at this hour of the day, for this name and manifest.
fn signature(key: &Fingerprint, hour: u8, name: &str, manifest: &Digest) -> Vec<u8> {
    let time = at(&format!("2026-01-15T{hour:02}:00:00Z"));
    FakeEngine::sign(key, time, name, manifest)
}

fn good() -> Image<'static> {
    image().with_signature(signature(&key(), 11, "registry.example/app:1", &digest()))
}

/// One that trusts the key, and judges at noon.
fn verifier_of(policy: &str, engine: FakeEngine) -> (tempfile::TempDir, Verifier) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keys = FakeEngine::key_file(&[key()]);
    std::fs::write(folder.path().join("release.gpg"), keys).expect("a writable folder");
    let policy: Policy = policy.parse().expect("a policy");
    let verifier = Verifier::builder(policy)
        .engine(engine)
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(folder.path())
        .build();
    (folder, verifier)
}

fn verify(engine: FakeEngine, image: &Image<'_>) -> Result<Accepted, Error> {
    let policy = r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"release.gpg"}]}"#;
    verifier_of(policy, engine).1.verify(image)
}

#[test]
fn the_fake_engine_goes_the_whole_way() {
    let accepted = verify(FakeEngine::new(), &good()).expect("a good image");
    assert_eq!(accepted.manifest_digest(), Some(&digest()));
    let proof = accepted.signatures().next().expect("a signature");
    assert_eq!(proof.signer, testing::signer(key(), "release.gpg"));
    assert_eq!(accepted.signed_at(), Some(at("2026-01-15T11:00:00Z")));
    json::of(accepted.report(), "verify");

    let name = "registry.example/app:1";
    let other = Digest::of(b"other");
    for (signature, code) in [
        (signature(&stranger(), 11, name, &digest()), "unknown-key"),
        (
            signature(&key(), 13, name, &digest()),
            "signature-from-the-future",
        ),
        (signature(&key(), 11, name, &other), "digest-mismatch"),
        (
            signature(&key(), 11, "registry.example/app:2", &digest()),
            "identity-mismatch",
        ),
        (
            FakeEngine::sign_payload(&key(), at("2026-01-15T11:00:00Z"), b"{}"),
            "payload-invalid",
        ),
        (b"=something else".to_vec(), "malformed-signature"),
        (common::Fixture::ED25519.signature(), "malformed-signature"),
    ] {
        let image = image().with_signature(signature);
        let error = verify(FakeEngine::new(), &image).expect_err("no good");
        assert_eq!(error.code(), code, "{error}");
    }
    assert_eq!(
        verify(FakeEngine::new(), &image())
            .expect_err("none")
            .code(),
        "no-signature"
    );
}

#[test]
fn the_fake_engine_reads_no_other_keys() {
    let fixture = common::Fixture::ED25519;
    let error = fixture
        .verifier_on(FakeEngine::new())
        .verify(&fixture.image());
    assert_eq!(error.expect_err("no key").code(), "key-invalid");
}

#[test]
fn the_fake_engine_refuses_what_it_is_told_to() {
    for refusal in testing::refusals() {
        let code = refusal.code();
        let error = verify(FakeEngine::new().refusing(refusal), &good()).expect_err("refused");
        assert_eq!(error.code(), code);
    }
    // What it would have refused anyway, it refuses for its own reason.
    let engine = FakeEngine::new().refusing(Refusal::Encrypted);
    let image = image().with_signature(signature(
        &stranger(),
        11,
        "registry.example/app:1",
        &digest(),
    ));
    assert_eq!(
        verify(engine, &image).expect_err("refused").code(),
        "unknown-key"
    );
}

#[test]
fn the_fake_engine_takes_its_time() {
    let delay = Duration::from_millis(60);
    for engine in [
        FakeEngine::new().with_import_delay(delay),
        FakeEngine::new().with_verification_delay(delay),
    ] {
        let start = Instant::now();
        let _ = verify(engine, &good()).expect("a good image");
        assert!(start.elapsed() >= delay);
    }
}

#[test]
fn an_engine_that_fails_leaves_a_report_of_what_was_found() {
    let policy = r#"{"default":[
        {"type":"insecureAcceptAnything"},
        {"type":"signedBy","keyType":"GPGKeys","keyPath":"release.gpg"},
        {"type":"reject"}]}"#;
    let image = good().with_signature(signature(&key(), 11, "registry.example/app:1", &digest()));
    let engine = FakeEngine::new().failing_at_verification();
    let error = verifier_of(policy, engine).1.verify(&image);
    let error = error.expect_err("no verdict");
    assert_eq!(error.category(), Category::Engine);
    assert_eq!(error.code(), "engine-failed");
    assert_eq!(
        error.to_string(),
        "the engine fake could not verify the signature"
    );
    let cause = std::error::Error::source(&error).expect("a cause");
    assert_eq!(cause.to_string(), "it was told to fail");
    let report = error.report().expect("an image was being judged");
    assert!(!report.is_accepted());
    assert_eq!(report.verdict(), Verdict::Undecided);
    assert_eq!(report.manifest_digest, Some(digest()));
    assert_eq!(report.requirements[1].trusted_signers.len(), 1);
    let text = format!("{report:#}");
    for line in [
        "undecided: docker://registry.example/app:1 [engine-failed]\n",
        "engine: fake (for tests alone)",
        ": undecided, engine-failed\n",
        "signature 1: engine-failed, the engine fake could not verify the signature: it was told to fail\n",
        // The next one could have been good, whatever the first was.
        "signature 2: engine-failed, the engine fake could not verify the signature: it was told to fail\n",
        "requirement 3 of 3, reject: not evaluated\n",
        "  do:      see the cause",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json = json::of(report, "verify");
    assert_eq!(json["rejection"]["code"], "engine-failed");
    assert_eq!(
        json["rejection"]["causes"],
        serde_json::json!(["it was told to fail"])
    );
    // What to do is read back, too.
    let read: Report = serde_json::from_value(json.clone()).expect("a report");
    assert_eq!(json::of(&read, "verify"), json);

    let error = verify(FakeEngine::new().failing_at_import(), &good()).expect_err("no verdict");
    assert!(matches!(
        error,
        Error::Engine {
            error: EngineError::Failed { .. },
            ..
        }
    ));
    assert_eq!(error.to_string(), "the engine fake could not read the keys");
}

#[test]
fn a_program_can_show_each_reason() {
    for mut reason in testing::reasons() {
        // Fields can be changed from outside.
        if let Reason::KeyUnreadable { detail, .. } = &mut reason {
            "the disk is gone".clone_into(detail);
        }
        let (code, text) = (reason.code(), reason.to_string());
        assert_eq!(testing::reason(code).expect("an example").code(), code);
        let report = ReportBuilder::new(IMAGE).refused(reason).build();
        let error = testing::verdict(report).expect_err("refused");
        assert_eq!(error.code(), code);
        let answer = error.answer();
        assert_eq!(answer.code, Some(code));
        assert!(answer.cause.is_some_and(|cause| !cause.is_empty()));
        assert!(!answer.steps.is_empty(), "{text}: nothing to do");
    }
    assert_eq!(testing::reason("no-such-code"), None);
}

#[test]
fn a_program_can_show_an_accepted_image() {
    let mut with_user_id = containers_sigpolicy::engine::TrustedKey::new(key(), "release.gpg");
    with_user_id.user_id = Some("Release".to_owned());
    let report = ReportBuilder::new(IMAGE)
        .manifest_digest(digest())
        .judged_at(at("2026-01-16T00:00:00Z"))
        .trusted_key(with_user_id)
        .signed_by(testing::signer(key(), "release.gpg"))
        .warning(testing::warning("key-expires-soon").expect("an example"))
        .build();
    let trusted = &report.requirements[0].trusted_signers;
    assert!(matches!(trusted.as_slice(), [TrustedSigner::OpenPgp(key)] if key.user_id.is_some()));
    json::of(&report, "verify");
    let accepted = testing::verdict(report).expect("accepted");
    assert_eq!(accepted.manifest_digest(), Some(&digest()));
    assert_eq!(accepted.signed_at(), Some(at("2026-01-16T00:00:00Z")));
    assert_eq!(accepted.warnings().len(), 1);

    let report = ReportBuilder::new(IMAGE).accepted_unsigned().build();
    let accepted = testing::verdict(report).expect("accepted");
    assert!(!accepted.is_signed());
    // Without a word, an image is refused.
    let error = testing::verdict(ReportBuilder::new(IMAGE).build()).expect_err("refused");
    assert_eq!(error.code(), "rejected-by-policy");
}
