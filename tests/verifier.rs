//! The evaluation as its users see it: what is asked of a source, what a report says, when keys
//! are read.
#![cfg(feature = "sequoia")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use common::{Fixture, at, suite};
use containers_sigpolicy::{
    Category, Clock, Digest, Error, Image, ImageName, Policy, Source, SourceError, Verifier,
};

const ACCEPT: &str = r#"{"type":"insecureAcceptAnything"}"#;
const REJECT: &str = r#"{"type":"reject"}"#;
const SIGNED: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}"#;
const OTHER: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/rsa2048.gpg"}"#;

fn policy(requirements: &[&str]) -> Policy {
    format!(r#"{{"default":[{}]}}"#, requirements.join(","))
        .parse()
        .expect("a valid policy")
}

fn verifier(requirements: &[&str]) -> Verifier {
    Verifier::builder(policy(requirements))
        .engine(containers_sigpolicy::engine::Sequoia::new())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(suite())
        .build()
}

fn code(verifier: &Verifier, image: &dyn Source) -> &'static str {
    match verifier.verify(image) {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

/// Counts what it is asked for.
struct Watched {
    image: Image<'static>,
    manifests: Cell<usize>,
    signatures: Cell<usize>,
}

impl Watched {
    fn new(image: Image<'static>) -> Self {
        Self {
            image,
            manifests: Cell::new(0),
            signatures: Cell::new(0),
        }
    }
}

impl Source for Watched {
    fn name(&self) -> &ImageName {
        self.image.name()
    }

    fn instance(&self) -> Option<&Digest> {
        self.image.instance()
    }

    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError> {
        self.manifests.set(self.manifests.get().saturating_add(1));
        self.image.manifest()
    }

    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError> {
        self.signatures.set(self.signatures.get().saturating_add(1));
        self.image.signatures()
    }
}

#[test]
fn nothing_is_read_that_the_policy_does_not_need() {
    for (requirements, reads) in [
        (&[ACCEPT][..], 0),
        (&[REJECT], 0),
        (&[ACCEPT, REJECT, SIGNED], 0),
        (&[SIGNED], 1),
        (&[SIGNED, SIGNED, ACCEPT], 1),
    ] {
        let source = Watched::new(Fixture::ED25519.image());
        let _verdict = verifier(requirements).verify(&source);
        assert_eq!(source.manifests.get(), reads, "{requirements:?}");
        assert_eq!(source.signatures.get(), reads, "{requirements:?}");
    }
}

#[test]
fn every_requirement_must_accept() {
    let image = Fixture::ED25519.image();
    for (requirements, expected) in [
        (&[ACCEPT][..], "accepted"),
        (&[SIGNED], "accepted"),
        (&[ACCEPT, SIGNED], "accepted"),
        (&[SIGNED, SIGNED], "accepted"),
        (&[REJECT], "rejected-by-policy"),
        (&[SIGNED, REJECT], "rejected-by-policy"),
        (&[REJECT, SIGNED], "rejected-by-policy"),
        (&[OTHER], "unknown-key"),
        (&[SIGNED, OTHER], "unknown-key"),
        (&[OTHER, SIGNED], "unknown-key"),
    ] {
        assert_eq!(
            code(&verifier(requirements), &image),
            expected,
            "{requirements:?}"
        );
    }
}

#[test]
fn two_requirements_may_be_met_by_two_signatures() {
    let ed25519 = Fixture::ED25519;
    let image = ed25519.image().with_signature(Fixture::RSA.signature());
    let accepted = verifier(&[OTHER, SIGNED])
        .verify(&image)
        .expect("each requirement has its signature");
    let signatures: Vec<(usize, usize)> = accepted
        .signatures()
        .iter()
        .map(|signature| (signature.requirement, signature.signature))
        .collect();
    assert_eq!(signatures, [(1, 2), (2, 1)]);
    assert_eq!(
        accepted.manifest_digest(),
        Some(&Digest::of(&ed25519.manifest()))
    );
}

#[test]
fn a_caller_can_demand_a_signature() {
    let image = Fixture::ED25519.image();
    let demanding = |requirements: &[&str]| {
        Verifier::builder(policy(requirements))
            .engine(containers_sigpolicy::engine::Sequoia::new())
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(suite())
            .require_signed(true)
            .build()
    };
    assert_eq!(code(&demanding(&[ACCEPT]), &image), "unsigned-not-allowed");
    assert_eq!(
        code(&demanding(&[ACCEPT, ACCEPT]), &image),
        "unsigned-not-allowed"
    );
    assert_eq!(code(&demanding(&[ACCEPT, SIGNED]), &image), "accepted");
    assert_eq!(code(&demanding(&[REJECT]), &image), "rejected-by-policy");
    let unsigned = verifier(&[ACCEPT]).verify(&image).expect("anything goes");
    assert!(!unsigned.is_signed());
    assert_eq!(unsigned.manifest_digest(), None);
}

#[test]
fn one_unknown_blob_refuses_beside_good_ones() {
    let fixture = Fixture::ED25519;
    for blob in [
        &b""[..],
        b"-----BEGIN PGP MESSAGE-----",
        b"\0other\nx",
        b"{}",
    ] {
        for image in [
            fixture.image().with_signature(blob),
            Image::new(fixture.name(), fixture.manifest())
                .with_signature(blob)
                .with_signature(fixture.signature()),
        ] {
            assert_eq!(
                code(&verifier(&[SIGNED]), &image),
                "signature-format-unknown"
            );
        }
    }
    let sigstore = b"\0sigstore-json\n{\"payload\":\"YQ==\"}";
    let image = fixture.image().with_signature(&sigstore[..]);
    assert_eq!(code(&verifier(&[SIGNED]), &image), "accepted");
    let image = Image::new(fixture.name(), fixture.manifest()).with_signature(&sigstore[..]);
    assert_eq!(code(&verifier(&[SIGNED]), &image), "no-signature");
}

#[test]
fn what_this_build_cannot_check_rejects() {
    let image = Fixture::ED25519.image();
    for requirement in [
        r#"{"type":"sigstoreSigned","keyPath":"cosign.pub"}"#,
        r#"{"type":"signedBaseLayer","baseLayerIdentity":{"type":"matchExact"}}"#,
        r#"{"type":"signedBy","keyType":"signedByGPGKeys","keyPath":"keys/ed25519.gpg"}"#,
        r#"{"type":"signedBy","keyType":"X509Certificates","keyPath":"keys/ed25519.gpg"}"#,
        r#"{"type":"signedBy","keyType":"signedByX509CAs","keyPath":"keys/ed25519.gpg"}"#,
    ] {
        let code = code(&verifier(&[requirement]), &image);
        assert_eq!(code, "unsupported-requirement", "{requirement}");
    }
}

#[test]
fn an_instance_is_checked_against_its_place_in_the_list() {
    let fixture = Fixture::ED25519;
    let right = Digest::of(&fixture.manifest());
    let wrong = Digest::of(b"another");
    // The digest in the name is the list's, so it does not count for the instance.
    let name = format!("docker://registry.example/app/web@{wrong}");
    let name = ImageName::parse(&name).expect("a valid name");
    let image = || Image::new(name.clone(), fixture.manifest()).with_signature(fixture.signature());
    let verifier = verifier(&[SIGNED]);
    assert_eq!(code(&verifier, &image()), "manifest-digest-mismatch");
    assert_eq!(code(&verifier, &image().with_instance(right)), "accepted");
    assert_eq!(
        code(&verifier, &image().with_instance(wrong)),
        "manifest-digest-mismatch"
    );
}

#[test]
fn sources_without_limits_are_limited() {
    let fixture = Fixture::ED25519;
    let signature = fixture.signature();
    let many = |count: usize| {
        Image::new(fixture.name(), fixture.manifest())
            .with_signatures(std::iter::repeat_n(signature.clone(), count))
    };
    assert_eq!(code(&verifier(&[SIGNED]), &many(128)), "accepted");
    assert_eq!(
        code(&verifier(&[SIGNED]), &many(129)),
        "signature-unreadable"
    );
    let large = fixture
        .image()
        .with_signature(vec![0xC8; 4 * 1024 * 1024 + 1]);
    assert_eq!(code(&verifier(&[SIGNED]), &large), "signature-unreadable");
}

#[test]
fn keys_are_read_once_until_they_are_reloaded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("trusted.gpg");
    let requirement = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"trusted.gpg"}"#;
    let verifier = Verifier::builder(policy(&[requirement]))
        .engine(containers_sigpolicy::engine::Sequoia::new())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(folder.path())
        .build();
    let (first, second) = (Fixture::ED25519, Fixture::RSA);

    // What could not be read is tried again without being told.
    assert_eq!(code(&verifier, &first.image()), "key-unreadable");
    std::fs::write(&file, first.keys()).expect("a writable folder");
    assert_eq!(code(&verifier, &first.image()), "accepted");
    assert_eq!(verifier.changed_key_files(), [] as [&Path; 0]);

    std::fs::write(&file, second.keys()).expect("a writable folder");
    assert_eq!(verifier.changed_key_files(), [file.as_path()]);
    assert_eq!(code(&verifier, &first.image()), "accepted");
    let error = verifier.verify(&second.image()).expect_err("not read yet");
    let notes = &error.report().expect("a rejection").notes;
    assert_eq!(
        notes,
        &[format!(
            "the key file {} has changed since it was read; reload the keys",
            file.display()
        )]
    );

    verifier.reload();
    assert_eq!(code(&verifier, &second.image()), "accepted");
    assert_eq!(code(&verifier, &first.image()), "unknown-key");
    std::fs::remove_file(&file).expect("the file is there");
    assert_eq!(verifier.changed_key_files(), [file.as_path()]);
}

#[test]
fn all_key_problems_show_at_once() {
    let missing = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/missing.gpg"}"#;
    let noise = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"manifests/web.json"}"#;
    let empty = r#"{"type":"signedBy","keyType":"GPGKeys","keyData":""}"#;
    let folder = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys"}"#;
    let problems = verifier(&[SIGNED, missing, noise, empty, folder])
        .load_keys()
        .expect_err("four of the five are wrong");
    let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 4, "{messages:#?}");
    assert!(messages[0].contains("keys/missing.gpg"), "{messages:#?}");
    assert!(messages[1].contains("manifests/web.json"), "{messages:#?}");
    assert_eq!(
        messages[2],
        "the requirement trusts no key: keyData holds no OpenPGP key: it is empty"
    );
    assert!(
        messages[3].ends_with("it is not a regular file"),
        "{messages:#?}"
    );
    assert!(verifier(&[SIGNED, OTHER]).load_keys().is_ok());
}

#[test]
fn what_the_engine_cannot_check_is_neither_bad_nor_missing() {
    const SECP256K1: &str =
        r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/secp256k1.gpg"}"#;
    const BOTH: &str = r#"{"type":"signedBy","keyType":"GPGKeys","keyPaths":["keys/ed25519.gpg","keys/secp256k1.gpg"]}"#;
    let signature = || common::read("signatures/algorithms/secp256k1-good.gpg");
    let fixture = Fixture::ED25519;
    let image = Image::new(fixture.name(), fixture.manifest()).with_signature(signature());
    for requirement in [SECP256K1, BOTH] {
        let error = verifier(&[requirement])
            .verify(&image)
            .expect_err("no key can");
        assert_eq!(error.code(), "unsupported-signature", "{requirement}");
        assert_eq!(
            error.remedy(),
            Some(
                "verify with the engine gpgme (feature `gpgme`), or ask the signer for a \
                 signature with a well-known algorithm"
            )
        );
        let Error::Rejected(report) = &error else {
            panic!("{error:?}");
        };
        let text = report.to_string();
        let warning = "\n    warning: keys/secp256k1.gpg holds a key that the engine sequoia cannot use \
                       (7371BE91C53B642F9EB0C67BD04231CACF5C4CA0): it does not support ECDSA on \
                       secp256k1; the engine gpgme (feature `gpgme`) does\n";
        assert!(text.contains(warning), "{text}");
        assert!(!text.contains("do not run"), "{text}");
        let json = serde_json::to_value(report).expect("a report is JSON");
        let reason = &json["rejection"];
        assert_eq!(reason["what"], "ECDSA on secp256k1");
        assert_eq!(reason["engine"], "sequoia");
        assert_eq!(reason["supported_by"], serde_json::json!(["gpgme"]));
        let warning = &json["requirements"][0]["key_warnings"][0];
        assert_eq!(warning["kind"], "unsupported-key");
        assert_eq!(warning["supported_by"], serde_json::json!(["gpgme"]));
    }

    // It outranks what other signatures prove wrong, and nothing that one proves right.
    let wrong = Image::new(fixture.name(), fixture.manifest())
        .with_signature(common::read("signatures/algorithms/rsa2048-good.gpg"))
        .with_signature(signature());
    assert_eq!(code(&verifier(&[BOTH]), &wrong), "unsupported-signature");
    let both = image.with_signature(fixture.signature());
    assert_eq!(code(&verifier(&[BOTH]), &both), "accepted");
    assert_eq!(code(&verifier(&[SIGNED]), &wrong), "unknown-key");

    // Where there is no signature to judge, it is the key that cannot be used.
    let problems = verifier(&[SIGNED, SECP256K1, BOTH])
        .load_keys()
        .expect_err("one source holds nothing that can be used");
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert!(
        problem.to_string().starts_with(
            "the requirement trusts no key that this engine can use: keys/secp256k1.gpg"
        ),
        "{problem}"
    );
}

#[test]
fn one_verifier_serves_many_threads() {
    let verifier = verifier(&[SIGNED]);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let verifier = &verifier;
            scope.spawn(move || {
                for round in 0..25 {
                    let good = (thread + round) % 2 == 0;
                    let fixture = if good { Fixture::ED25519 } else { Fixture::RSA };
                    let expected = if good { "accepted" } else { "unknown-key" };
                    assert_eq!(code(verifier, &fixture.image()), expected);
                }
            });
        }
    });
}

#[test]
fn the_report_says_it_all() {
    let fixture = Fixture::ED25519;
    let image = Image::new(fixture.name(), &b"{}"[..])
        .with_signature(Fixture::RSA.signature())
        .with_signature(fixture.signature());
    let error = verifier(&[SIGNED, REJECT])
        .verify(&image)
        .expect_err("another manifest");
    assert_eq!(error.category(), Category::Rejected);
    assert_eq!(error.code(), "digest-mismatch");
    let Error::Rejected(report) = &error else {
        panic!("{error:?}");
    };
    let signed = Digest::of(&fixture.manifest());
    let actual = Digest::of(b"{}");
    let key = &report.requirements[0].trusted_keys[0];
    let unknown = match &report.requirements[0].signatures[0].outcome {
        containers_sigpolicy::report::SignatureOutcome::Rejected { reason } => reason.to_string(),
        other => panic!("{other:?}"),
    };
    let engine = report.engine.as_ref().expect("signatures were judged");
    let user_id = key.user_id.as_deref().expect("the key has a user ID");
    assert_eq!(
        report.to_string(),
        format!(
            "\
rejected: docker://registry.example/app/web:1.4.2
  identity: registry.example/app/web:1.4.2
  policy scope: the policy's default
  manifest: {actual}
  engine: sequoia ({}), cryptographic policy standard, judged at 2026-01-15T12:00:00Z
  requirement 1 of 2, signedBy GPGKeys, keyPath keys/ed25519.gpg, matchRepoDigestOrExact: rejected, digest-mismatch
    trusts {} \"{user_id}\", from keys/ed25519.gpg
    signature 1: unknown-key, {unknown}
    signature 2: digest-mismatch, the signature is for the manifest {signed}, but the image's manifest is {actual}
  requirement 2 of 2, reject: not evaluated
  why: the signature is for the manifest {signed}, but the image's manifest is {actual} (digest-mismatch)
  what to do: the image was changed or pushed again after it was signed: fetch the image that was signed, or ask the signer to sign this one
",
            engine.version, key.fingerprint
        )
    );
    let json = serde_json::to_value(report).expect("a report is JSON");
    assert_eq!(json["rejection"]["code"], "digest-mismatch");
    assert_eq!(json["rejection"]["signed"], signed.to_string());
    assert_eq!(json["rejection"]["actual"], actual.to_string());
    assert!(json["rejection"]["remedy"].is_string());
    assert_eq!(
        json["requirements"][0]["signatures"][0]["reason"]["code"],
        "unknown-key"
    );
    assert_eq!(
        json["requirements"][1]["outcome"]["verdict"],
        "not-evaluated"
    );
}

#[test]
fn hostile_names_do_not_forge_lines() {
    let scope = "evil\n  why: all is well";
    let policy = Policy::from_slice(
        serde_json::json!({
            "default": [{"type": "reject"}],
            "transports": {"docker": {scope: [{"type": "reject"}]}},
        })
        .to_string()
        .as_bytes(),
    )
    .expect("docker scopes may be anything");
    let report = Verifier::new(policy)
        .verify(&Fixture::ED25519.image())
        .expect_err("all is rejected");
    let text = report.report().expect("a rejection").to_string();
    assert_eq!(text.lines().filter(|line| line.contains("why:")).count(), 1);
}
