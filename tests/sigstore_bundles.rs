//! Sigstore bundles, from bytes to reports: what a program says of them, and what is told.
#![cfg(feature = "sigstore")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::json;
use containers_sigpolicy::engine::Environment;
use containers_sigpolicy::sigstore::{
    BundleSigner, MAX_BUNDLE_SIZE, TrustRoot, VerifyBundleError, registry, verify_bundle,
};
use containers_sigpolicy::verdict::{PayloadFormat, Signer};
use containers_sigpolicy::{
    Accepted, Clock, Digest, Error, Image, ImageName, Moment, Policy, SigstoreBundles, Verifier,
    VerifierBuilder,
};

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

fn asset(path: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bundle-verify");
    folder.join(path)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(asset(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is signed, for which anything will do in the place of a manifest.
fn artifact() -> Vec<u8> {
    read("key/artifact")
}

fn clock() -> Clock {
    let now: Moment = "2026-01-15T12:00:00Z".parse().expect("a time");
    Clock::Fixed(now)
}

/// A verifier that trusts the key of the asset `key`.
fn builder() -> VerifierBuilder {
    let policy = r#"{"default":[{"type":"sigstoreSigned","keyPath":"key/key.pub"}]}"#;
    Verifier::builder(policy.parse::<Policy>().expect("a policy"))
        .first_engine(Environment::from_env(), [])
        .clock(clock())
        .key_directory(asset(""))
}

fn image() -> Image<'static> {
    Image::new(ImageName::parse(IMAGE).expect("a name"), artifact())
}

/// `accepted`, or why not.
fn code(verdict: &Result<Accepted, Error>) -> &'static str {
    match verdict {
        Ok(accepted) => {
            json::of(accepted.report(), "verify");
            "accepted"
        }
        Err(error) => {
            let report = error.report().expect("a report");
            json::of(report, "verify");
            assert!(report.answer().to_string().lines().count() <= 6, "{report}");
            error.code()
        }
    }
}

#[test]
fn the_program_says_which_bundles_count() {
    let signed = image().with_bundle(read("key/bundle.sigstore.json"));
    for (bundles, expected) in [
        (SigstoreBundles::Off, "no-signature"),
        (SigstoreBundles::Named, "signature-without-identity"),
        (SigstoreBundles::DigestSuffices, "accepted"),
    ] {
        let verdict = builder().sigstore_bundles(bundles).build().verify(&signed);
        assert_eq!(code(&verdict), expected, "{bundles:?}");
    }
    let verdict = builder().build().verify(&signed);
    assert_eq!(code(&verdict), "signature-without-identity");
    let error = verdict.expect_err("a refusal");
    let answer = error.report().expect("a report").answer().to_string();
    for words in [
        "names no image",
        "--new-bundle-format=false",
        "DigestSuffices",
    ] {
        assert!(answer.contains(words), "{answer}");
    }
}

#[test]
fn a_report_says_that_no_name_was_signed() {
    let signed = image().with_bundle(read("key/bundle.sigstore.json"));
    let verifier = builder().sigstore_bundles(SigstoreBundles::DigestSuffices);
    let accepted = verifier.build().verify(&signed).expect("a good signature");
    let proof = accepted.signatures().next().expect("a signature");
    assert_eq!(proof.signed_reference, None);
    assert_eq!(proof.payload_format, Some(PayloadFormat::Bundle));
    assert_eq!(proof.manifest_digest, Digest::of(&artifact()));
    assert!(
        matches!(&proof.signer, Signer::SigstoreKey { key_origin, .. } if key_origin.ends_with("key.pub"))
    );
    // No log was demanded.
    assert_eq!(proof.log_entry, None);
    let warnings = accepted.warnings();
    let warning = warnings
        .iter()
        .find(|warning| warning.code() == "name-not-signed");
    assert_eq!(
        warning.expect("a warning").to_string(),
        "signature 1 names no image, and was not held against `matchRepoDigestOrExact`: this program is content with the digest"
    );
    let text = format!("{:#}", accepted.report());
    assert!(
        text.contains("for the digest alone, without a name"),
        "{text}"
    );
}

#[test]
fn a_bundle_says_nothing_of_its_age() {
    let signed = image().with_bundle(read("key/bundle.sigstore.json"));
    let verifier = builder()
        .sigstore_bundles(SigstoreBundles::DigestSuffices)
        .max_signature_age(Duration::from_secs(u64::from(u32::MAX)));
    assert_eq!(code(&verifier.build().verify(&signed)), "signature-too-old");
}

#[test]
fn the_bytes_have_to_be_known_for_a_signature_over_them() {
    let name = ImageName::parse(IMAGE).expect("a name");
    let by_digest = Image::from_digest(name, Digest::of(&artifact()));
    let signed = by_digest.with_bundle(read("key/bundle.sigstore.json"));
    let verifier = builder().sigstore_bundles(SigstoreBundles::DigestSuffices);
    assert_eq!(code(&verifier.build().verify(&signed)), "bundle-invalid");
}

#[test]
fn what_is_no_bundle_is_told() {
    let verifier = builder().build();
    for bundle in [
        &b""[..],
        b"{}",
        b"[]",
        br#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.4+json"}"#,
    ] {
        let verdict = verifier.verify(&image().with_bundle(bundle));
        assert_eq!(code(&verdict), "bundle-invalid");
    }
}

#[test]
fn a_registry_has_bundles_that_refer_to_an_image() {
    let (manifest, bundle) = (artifact(), read("key/bundle.sigstore.json"));
    let image_digest = Digest::of(&manifest);
    let descriptor = |media_type: &str, bytes: &[u8]| {
        let (digest, size) = (Digest::of(bytes), bytes.len());
        format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}}}"#)
    };
    let oci = "application/vnd.oci.image.manifest.v1+json";
    let referrer = format!(
        r#"{{"schemaVersion":2,"mediaType":"{oci}","artifactType":"{BUNDLE}","subject":{},"layers":[{}]}}"#,
        descriptor(oci, &manifest),
        descriptor(BUNDLE, &bundle)
    );
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#,
        descriptor(oci, referrer.as_bytes())
    );
    assert_eq!(
        registry::referrers_tag(&image_digest),
        format!("sha256-{}", image_digest.hex())
    );
    let mut signed = image();
    for found in registry::bundle_manifests(index.as_bytes()).expect("an index") {
        assert!(found.may_be_signature());
        assert_eq!(*found.digest(), Digest::of(referrer.as_bytes()));
        let layer = registry::bundle_layer(referrer.as_bytes(), &image_digest);
        let layer = layer.expect("a manifest").expect("a bundle of this image");
        assert!(layer.size() <= MAX_BUNDLE_SIZE as u64);
        signed = signed.with_signature(layer.into_stored(bundle.clone()).expect("its bytes"));
    }
    let verifier = builder().sigstore_bundles(SigstoreBundles::DigestSuffices);
    assert_eq!(code(&verifier.build().verify(&signed)), "accepted");
    let other = registry::bundle_layer(referrer.as_bytes(), &Digest::of(b"another image"));
    assert_eq!(other, Ok(None));
}

#[test]
fn without_a_policy_it_is_known_who_signed() {
    let root = TrustRoot::from_json(&read("certificate/trusted_root.json"), "root.json");
    let root = root.expect("a trusted root");
    let bundle = read("certificate/bundle.sigstore.json");
    let verified = verify_bundle(&bundle, &artifact(), &root, &clock()).expect("a good bundle");
    let BundleSigner::Certificate(signer) = &verified.signer else {
        panic!("{verified:?}");
    };
    assert_eq!(
        signer.subject.uris,
        ["https://ci.example/build.yml@refs/heads/main"]
    );
    assert_eq!(
        signer.oidc_issuer.as_deref(),
        Some("https://issuer.example")
    );
    assert_eq!(signer.authority.origin, "root.json");
    let [entry] = verified.log_entries.as_slice() else {
        panic!("{verified:?}");
    };
    assert!(entry.inclusion_proven);
    assert_eq!(entry.integrated_time.to_string(), "2025-06-01T12:00:00Z");
    assert_eq!(
        (verified.predicate_type, verified.names),
        (None, Vec::new())
    );
    let statement = read("statement/bundle.sigstore.json");
    let verified = verify_bundle(&statement, &artifact(), &root, &clock()).expect("a statement");
    let predicate_type = verified.predicate_type.as_deref();
    assert_eq!(predicate_type, Some("https://slsa.dev/provenance/v1"));
    assert_eq!(verified.names, ["artifact"]);
    let before: Moment = "2025-06-01T11:59:59Z".parse().expect("a time");
    let early = verify_bundle(&bundle, &artifact(), &root, &Clock::Fixed(before));
    let Err(VerifyBundleError::Refused(refusal)) = early else {
        panic!("{early:?}");
    };
    assert_eq!(refusal.code(), "no-trusted-time");
}

#[test]
fn the_key_of_a_certificate_has_to_have_made_the_signature() {
    let root = TrustRoot::from_json(&read("certificate/trusted_root.json"), "root.json");
    let root = root.expect("a trusted root");
    // The type is signed, and no log records it: the entry is still about this signature over this payload.
    let statement = String::from_utf8(read("statement/bundle.sigstore.json")).expect("JSON");
    let changed = statement.replace("application/vnd.in-toto+json", "application/vnd.in-toto");
    assert_ne!(changed, statement);
    let refused = verify_bundle(changed.as_bytes(), &artifact(), &root, &clock());
    let Err(VerifyBundleError::Refused(refusal)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.code(), "bad-signature");
}

#[test]
fn whom_to_trust_begins_at_a_time() {
    let text = String::from_utf8(read("certificate/trusted_root.json")).expect("JSON");
    let bundle = read("certificate/bundle.sigstore.json");
    let (start, then) = ("2024-01-01T00:00:00Z", "2025-06-01T12:00:00Z");
    let [log, authority] = [0, 1].map(|skipped| {
        let places = text.match_indices(start);
        places
            .map(|(place, _)| place)
            .nth(skipped)
            .expect("a start")
    });
    for (place, begin, expected) in [
        (log, then, Ok(())),
        (log, "2025-06-01T12:00:01Z", Err("no-trusted-time")),
        (authority, then, Ok(())),
        (
            authority,
            "2025-06-01T12:00:01Z",
            Err("certificate-untrusted"),
        ),
    ] {
        let mut text = text.clone();
        text.replace_range(place..place + start.len(), begin);
        let root = TrustRoot::from_json(text.as_bytes(), "root.json").expect("a trusted root");
        let verified = verify_bundle(&bundle, &artifact(), &root, &clock());
        let code = verified.map(drop).map_err(|error| match error {
            VerifyBundleError::Refused(refusal) => refusal.code(),
            other => panic!("{other}"),
        });
        assert_eq!(code, expected, "{begin}");
    }
}

#[test]
fn each_log_has_its_own_time() {
    let text = String::from_utf8(read("certificate/trusted_root.json")).expect("JSON");
    let bundle = read("certificate/bundle.sigstore.json");
    let root: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let [log] = root["tlogs"].as_array().expect("logs").as_slice() else {
        panic!("{text}");
    };
    let mut other = log.clone();
    let key = String::from_utf8(read("key/key.pub")).expect("PEM");
    let der: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    other["publicKey"]["rawBytes"] = der.into();
    let ended = |log: &serde_json::Value| {
        let mut log = log.clone();
        log["publicKey"]["validFor"]["end"] = "2025-06-01T11:59:59Z".into();
        log
    };
    for (logs, expected) in [
        (vec![ended(log), other.clone()], Err("no-trusted-time")),
        (vec![log.clone(), ended(&other)], Ok(())),
        (vec![ended(&other), log.clone()], Ok(())),
    ] {
        let mut root = root.clone();
        root["tlogs"] = logs.into();
        let root = TrustRoot::from_json(root.to_string().as_bytes(), "root.json");
        let verified = verify_bundle(&bundle, &artifact(), &root.expect("a root"), &clock());
        let code = verified.map(drop).map_err(|error| match error {
            VerifyBundleError::Refused(refusal) => refusal.code(),
            other => panic!("{other}"),
        });
        assert_eq!(code, expected);
    }
}

#[test]
fn a_trusted_root_says_that_it_is_one() {
    let text = String::from_utf8(read("certificate/trusted_root.json")).expect("JSON");
    for (from, to) in [
        (
            "vnd.dev.sigstore.trustedroot+json",
            "vnd.dev.sigstore.bundle+json",
        ),
        ("\"mediaType\"", "\"type\""),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text);
        let error = TrustRoot::from_json(other.as_bytes(), "root.json").expect_err("no root");
        assert_eq!(error.origin, "root.json");
    }
}

#[test]
fn a_bundle_has_a_largest_size() {
    let root = TrustRoot::from_key(&read("key/key.pub"), "key.pub").expect("a key");
    let mut bundle = read("key/bundle.sigstore.json");
    bundle.resize(MAX_BUNDLE_SIZE, b' ');
    assert!(verify_bundle(&bundle, &artifact(), &root, &clock()).is_ok());
    bundle.push(b' ');
    let error = verify_bundle(&bundle, &artifact(), &root, &clock()).expect_err("a refusal");
    assert!(
        matches!(&error, VerifyBundleError::Refused(refusal) if refusal.code() == "bundle-invalid"),
        "{error}"
    );
}

#[test]
fn a_key_alone_can_be_trusted() {
    let bundle = read("key/bundle.sigstore.json");
    let root = TrustRoot::from_key(&read("key/key.pub"), "key.pub").expect("a key");
    let verified = verify_bundle(&bundle, &artifact(), &root, &clock()).expect("a good bundle");
    assert!(matches!(&verified.signer, BundleSigner::Key { key, .. } if key.origin == "key.pub"));
    assert!(verified.log_entries.is_empty());
    // A certificate needs a log, and an authority.
    let by_certificate = read("certificate/bundle.sigstore.json");
    assert!(verify_bundle(&by_certificate, &artifact(), &root, &clock()).is_err());
    let error = TrustRoot::from_key(b"key", "key.pub").expect_err("no key");
    assert!(
        error.to_string().starts_with("key.pub cannot be used: "),
        "{error}"
    );
}

/// A machine without a battery for its clock starts in 1970, before the log recorded anything: that says nothing of the image.
#[test]
fn a_clock_long_before_the_log_is_the_clocks_fault() {
    let policy = r#"{"default":[{"type":"sigstoreSigned","keyPath":"keys/sigstore/signer.pub","rekorPublicKeyPath":"keys/sigstore/log.pub"}]}"#;
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance");
    let read = |path: &str| fs::read(suite.join(path)).expect("a file of the suite");
    let name = ImageName::parse(IMAGE).expect("a name");
    // Recorded on 2025-06-01T12:00:00Z.
    let image = Image::new(name, read("manifests/web.json")).with_signature(read(
        "signatures/sigstore-bundles-statements/setting-off-named.sig",
    ));
    let at = |now: &str| {
        let verifier = Verifier::builder(policy.parse::<Policy>().expect("a policy"))
            .first_engine(Environment::from_env(), [])
            .clock(Clock::Fixed(now.parse().expect("a time")))
            .key_directory(&suite)
            .build();
        let verdict = verifier.verify(&image);
        (code(&verdict), matches!(verdict, Err(Error::Undecided(_))))
    };
    assert_eq!(at("2025-06-01T12:00:00Z"), ("accepted", false));
    assert_eq!(at("2025-06-01T11:59:59Z"), ("no-trusted-time", false));
    assert_eq!(at("2025-05-31T12:00:00Z"), ("no-trusted-time", false));
    assert_eq!(at("2025-05-31T11:59:59Z"), ("clock-implausible", true));
    assert_eq!(at("1970-01-01T00:00:07Z"), ("clock-implausible", true));
}
