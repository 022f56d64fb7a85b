//! `sigstoreSigned` with certificates, from policies and bytes to reports: what is read when, whose word counts, and what is
//! told. The rules on certificates are in the conformance suites, of which these tests borrow cases.
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
use containers_sigpolicy::explain::Lint;
use containers_sigpolicy::verdict::{
    CertificateTime, KeyReport, Signer, TrustKind, TrustSource, TrustedSigner,
};
use containers_sigpolicy::{
    Accepted, Clock, Error, Image, ImageName, Moment, Policy, Report, Verifier, VerifierBuilder,
};
use serde_json::Value;

const FULCIO: &str = r#"{"type":"sigstoreSigned","rekorPublicKeyPath":"keys/sigstore/log.pub","fulcio":{"caPath":"keys/sigstore/root.pem","oidcIssuer":"https://issuer.example","subjectEmail":"build@example.org"}}"#;
const PKI: &str = r#"{"type":"sigstoreSigned","pki":{"caRootsPath":"keys/sigstore/root.pem","subjectEmail":"build@example.org"}}"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn moment(time: &str) -> Moment {
    time.parse().expect("a time")
}

/// A verifier of this policy. There is no engine, and none is asked.
fn of_policy(policy: &str) -> VerifierBuilder {
    Verifier::builder(policy.parse::<Policy>().expect("a policy"))
        .first_engine(Environment::from_env(), [])
        .clock(Clock::Fixed(moment("2026-01-15T12:00:00Z")))
        .key_directory(folder())
}

fn builder(requirement: &str) -> VerifierBuilder {
    of_policy(&format!(r#"{{"default":[{requirement}]}}"#))
}

fn image() -> Image<'static> {
    let name = ImageName::parse("docker://registry.example/app/web:1.4.2").expect("a name");
    Image::new(name, read("manifests/web.json"))
}

/// Signed by a certificate with a chain, which a log has recorded.
fn signed() -> Image<'static> {
    image().with_signature(read(
        "signatures/sigstore-paths/one-intermediate-fulcio.sig",
    ))
}

/// `accepted`, or why not. What is said of it fits the schema and the eye.
fn code(verdict: &Result<Accepted, Error>) -> &'static str {
    match verdict {
        Ok(_) => "accepted",
        Err(error) => {
            let report = error.report().expect("a report");
            json::of(report, "verify");
            assert!(report.answer().to_string().lines().count() <= 6, "{report}");
            error.code()
        }
    }
}

/// A case of a suite: its verifier's answer.
fn case(name: &str) -> Result<Accepted, Error> {
    let suites = fs::read_dir(folder()).expect("the suites");
    let suites = suites.map(|suite| suite.expect("a suite").path());
    let of_sigstore = suites.filter(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with("sigstore-") && name.ends_with(".json")
    });
    let cases = of_sigstore.flat_map(|path| {
        let suite: Value = serde_json::from_slice(&fs::read(path).expect("a suite")).expect("JSON");
        suite["cases"].as_array().expect("cases").clone()
    });
    let mut cases = cases.filter(|case| case["name"] == name);
    let case = cases.next().unwrap_or_else(|| panic!("no case {name}"));
    let text = |member: &str| case[member].as_str().expect("a text").to_owned();
    let mut image = Image::new(
        ImageName::parse(&text("image")).expect("a name"),
        read(&text("manifest")),
    );
    for signature in case["signatures"].as_array().expect("signatures") {
        image = image.with_signature(read(signature.as_str().expect("a path")));
    }
    let verifier = of_policy(&case["policy"].to_string()).clock(Clock::Fixed(moment(&text("at"))));
    verifier.build().verify(&image)
}

#[test]
fn a_certificate_tells_who_signed() {
    let quiet = builder(FULCIO).warn_signature_age(Duration::ZERO).build();
    let accepted = quiet.verify(&signed()).expect("accepted");
    let report = accepted.report();
    assert!(accepted.is_signed() && report.engine.is_none());
    let told = json::of(report, "verify");
    let requirement = &told["requirements"][0];
    assert_eq!(requirement["trusted_signers"][0]["type"], "authority");
    assert_eq!(requirement["trusted_signers"][0]["subject"], "CN=root");
    let proof = &requirement["signatures"][0]["proof"];
    assert_eq!(proof["signer"]["type"], "certificate");
    assert_eq!(proof["signer"]["subject"]["emails"][0], "build@example.org");
    assert_eq!(proof["signer"]["oidc_issuer"], "https://issuer.example");
    assert_eq!(
        proof["signer"]["authority"]["origin"],
        "keys/sigstore/root.pem"
    );
    assert_eq!(proof["signer"]["judged_by"], "log");
    assert_eq!(
        proof["log_entry"]["integrated_time"],
        proof["signer"]["judged_at"]
    );
    let read: Report = serde_json::from_value(told.clone()).expect("a report");
    assert_eq!(json::of(&read, "verify"), told);
    let signer = &accepted.signatures().next().expect("a signature").signer;
    assert_eq!(
        signer.to_string(),
        "build@example.org (https://issuer.example)"
    );
    let shown = report.answer().to_string();
    assert!(shown.contains("build@example.org"), "{shown}");
    // Another authority's certificate counts now, and needs no log.
    let accepted = builder(PKI).build().verify(&signed()).expect("accepted");
    let told = json::of(accepted.report(), "verify");
    let proof = &told["requirements"][0]["signatures"][0]["proof"];
    assert_eq!(proof["signer"]["judged_by"], "clock");
    assert_eq!(proof["signer"]["judged_at"], "2026-01-15T12:00:00Z");
    assert!(proof["log_entry"].is_null() && proof["signer"]["oidc_issuer"].is_null());
    let signer = &accepted.signatures().next().expect("a signature").signer;
    let Signer::Certificate(signer) = signer else {
        panic!("{signer}");
    };
    assert_eq!(signer.judged_by, CertificateTime::Clock);
    let authority = &accepted.report().requirements[0].trusted_signers[0];
    assert!(
        matches!(authority, TrustedSigner::Authority(_)),
        "{authority}"
    );
}

#[test]
fn each_refusal_is_told() {
    for (name, expected) in [
        ("sigstore-paths-stranger-fulcio", "certificate-untrusted"),
        ("sigstore-paths-gap-pki", "certificate-untrusted"),
        ("sigstore-pem-chain-word-pki", "certificate-malformed"),
        (
            "sigstore-purposes-purpose-server-leaf-fulcio",
            "certificate-not-for-code-signing",
        ),
        (
            "sigstore-constraints-hosts-1-excluded",
            "certificate-name-forbidden",
        ),
        (
            "sigstore-paths-order-leaf-time-before-path-pki",
            "certificate-expired",
        ),
        (
            "sigstore-paths-order-leaf-time-before-path-fulcio",
            "certificate-expired",
        ),
        ("sigstore-signers-email-other-fulcio", "signer-mismatch"),
        (
            "sigstore-authorities-roots-empty-pki",
            "certificate-authority-invalid",
        ),
        (
            "sigstore-paths-order-signature-before-payload-fulcio",
            "bad-signature",
        ),
    ] {
        assert_eq!(code(&case(name)), expected, "{name}");
    }
    let error = case("sigstore-signers-email-other-fulcio").expect_err("somebody else");
    let told = error.answer().to_string();
    assert!(told.contains("other@example.org"), "{told}");
    assert!(told.contains("\"subjectEmail\""), "{told}");
    // Who made a signature is told where something else is wrong with it.
    let error = case("sigstore-paths-order-identity-fulcio").expect_err("another name");
    let report = error.report().expect("a report");
    json::of(report, "verify");
    let signer = &report.requirements[0].signatures[0].signer;
    assert!(matches!(signer, Some(Signer::Certificate(_))), "{signer:?}");
}

#[test]
fn nothing_is_read_for_an_unsigned_image() {
    for requirement in [FULCIO, PKI] {
        let missing = requirement.replace("root.pem", "missing.pem");
        let verifier = builder(&missing).build();
        assert_eq!(code(&verifier.verify(&image())), "no-signature");
        assert_eq!(code(&verifier.verify(&signed())), "key-unreadable");
    }
    let no_log = FULCIO.replace("log.pub", "missing.pub");
    assert_eq!(
        code(&builder(&no_log).build().verify(&signed())),
        "key-unreadable"
    );
    // Fulcio's authorities come before the log's keys.
    let neither = no_log.replace("root.pem", "log.pub");
    assert_eq!(
        code(&builder(&neither).build().verify(&signed())),
        "certificate-authority-invalid"
    );
}

#[test]
fn files_of_certificates_are_loaded_and_reported() {
    let between = PKI.replace(
        r#""subjectEmail""#,
        r#""caIntermediatesPath":"keys/sigstore/root.pem","subjectEmail""#,
    );
    let sources = builder(&between).build().load_keys().expect("good files");
    let kinds: Vec<TrustKind> = sources.iter().map(|source| source.source.kind()).collect();
    assert_eq!(kinds, [TrustKind::Authority, TrustKind::Intermediate]);
    assert!(matches!(sources[0].source, TrustSource::PkiRoots(_)));
    assert_eq!(sources[0].certificates[0].subject, "CN=root");
    let verifier = builder(FULCIO).build();
    let sources = verifier.load_keys().expect("good files");
    let shown: Vec<String> = sources
        .iter()
        .map(|source| source.source.to_string())
        .collect();
    assert_eq!(
        shown,
        [
            "caPath keys/sigstore/root.pem",
            "rekorPublicKeyPath keys/sigstore/log.pub"
        ]
    );
    let reports = verifier.keys();
    for report in &reports {
        let told = json::of(report, "key-report");
        let read: KeyReport = serde_json::from_value(told).expect("a report");
        assert_eq!(read.certificates, report.certificates);
    }
    let mut reports = reports.iter();
    let authority = reports
        .find(|report| report.kind == TrustKind::FulcioAuthority)
        .expect("the authority's file");
    assert_eq!(authority.certificates.len(), 1);
    assert!(authority.digest.is_some() && !authority.changed && authority.problem.is_none());
    let wrong = FULCIO.replace("root.pem", "log.pub");
    let reports = builder(&wrong).build().keys();
    let problem = reports.iter().find_map(|report| report.problem.as_ref());
    assert_eq!(
        problem.expect("a problem").code(),
        "certificate-authority-invalid"
    );
    for report in &reports {
        json::of(report, "key-report");
    }
}

#[test]
fn lint_looks_into_files_of_certificates() {
    let found = |requirement: &str, now: &str| {
        let verifier = builder(requirement)
            .clock(Clock::Fixed(moment(now)))
            .build();
        let report = verifier.lint(&Lint::new());
        let findings = report.findings.iter();
        let of_keys = findings.filter(|finding| finding.code.name() != "sigstore-default-identity");
        of_keys
            .map(|finding| finding.code.name())
            .collect::<Vec<_>>()
    };
    let now = "2026-01-15T12:00:00Z";
    assert!(!found(FULCIO, now).contains(&"all-keys-expired"));
    assert!(found(&FULCIO.replace("root.pem", "log.pub"), now).contains(&"not-a-key-file"));
    assert!(found(&PKI.replace("root.pem", "missing.pem"), now).contains(&"key-file-missing"));
    let late = "2100-01-01T00:00:00Z";
    for requirement in [FULCIO, PKI] {
        assert!(found(requirement, late).contains(&"all-keys-expired"));
    }
    let is_warned = |verifier: &Verifier, what_counts: &str| {
        let findings = verifier.lint(&Lint::new()).findings;
        let expired = findings
            .iter()
            .find(|finding| finding.code.name() == "all-keys-expired")
            .expect("expired certificates");
        assert_eq!(expired.level.to_string(), "warning");
        assert!(
            expired.message.ends_with(what_counts),
            "{}",
            expired.message
        );
    };
    // What a log has recorded in time counts still.
    let later = builder(FULCIO).clock(Clock::Fixed(moment(late))).build();
    assert_eq!(code(&later.verify(&signed())), "accepted");
    is_warned(
        &later,
        "; signatures that a log recorded before then count still",
    );
    // So does what carries the intermediates that it needs.
    let between = PKI.replace(
        r#""subjectEmail""#,
        r#""caIntermediatesPath":"keys/sigstore-times/now-root-past-roots.pem","subjectEmail""#,
    );
    let between = builder(&between).build();
    let carrying =
        image().with_signature(read("signatures/sigstore-paths/one-intermediate-pki.sig"));
    assert_eq!(code(&between.verify(&carrying)), "accepted");
    is_warned(
        &between,
        "; signatures count only if they carry a valid one in its place",
    );
}

/// A machine without a battery for its clock starts in 1970, when no certificate was valid: that says nothing of the image.
#[test]
fn a_clock_before_every_authority_is_the_clocks_fault() {
    let image = image().with_signature(read("signatures/sigstore-paths/direct-pki.sig"));
    let at = |time| builder(PKI).clock(Clock::Fixed(moment(time))).build();
    assert_eq!(code(&at("2026-01-15T12:00:00Z").verify(&image)), "accepted");
    let early = at("1970-01-01T00:00:07Z").verify(&image);
    assert_eq!(code(&early), "clock-implausible");
    assert!(matches!(early, Err(Error::Undecided(_))), "{early:?}");
    // Fulcio's certificates are judged by the log's time, which no clock of this machine changes.
    let fulcio = builder(FULCIO).clock(Clock::Fixed(moment("1970-01-01T00:00:07Z")));
    assert_eq!(code(&fulcio.build().verify(&signed())), "accepted");
}

/// What rests on the clock ends with the first certificate of the path; what a log has recorded in time does not.
#[test]
fn a_certificate_that_ends_soon_is_told() {
    // The root and the intermediate end on 2048-12-25T00:00:00Z.
    let own = "signatures/sigstore-paths/direct-pki.sig";
    let longer = "signatures/sigstore-times/now-outlives-issuer.sig";
    let warnings = |requirement: &str, signature: &str, now: &str, ahead: Option<Duration>| {
        let image = image().with_signature(read(signature));
        let mut builder = builder(requirement)
            .clock(Clock::Fixed(moment(now)))
            .warn_signature_age(Duration::ZERO);
        if let Some(ahead) = ahead {
            builder = builder.warn_ahead(ahead);
        }
        let accepted = builder.build().verify(&image).expect("accepted");
        let told = json::of(accepted.report(), "verify");
        let warnings = told["warnings"].as_array().cloned().unwrap_or_default();
        warnings
            .into_iter()
            .filter(|warning| warning["code"] == "certificate-expires-soon")
            .collect::<Vec<_>>()
    };
    let soon = "2048-12-20T00:00:00Z";
    let of_signer = warnings(PKI, own, soon, None);
    assert_eq!(of_signer.len(), 1);
    assert_eq!(of_signer[0]["certificate"], "CN=signer");
    assert_eq!(of_signer[0]["is_signer"], true);
    assert_eq!(of_signer[0]["expires"], "2048-12-25T00:00:00Z");
    let of_authority = warnings(PKI, longer, soon, None);
    assert_eq!(of_authority[0]["certificate"], "CN=intermediate");
    assert_eq!(of_authority[0]["is_signer"], false);
    // The horizon is 30 days, and belongs to it; nothing is told where nobody wants to know.
    assert_eq!(warnings(PKI, own, "2048-11-25T00:00:00Z", None).len(), 1);
    assert!(warnings(PKI, own, "2048-11-24T23:59:59Z", None).is_empty());
    assert_eq!(warnings(PKI, own, "2048-12-25T00:00:00Z", None).len(), 1);
    assert!(warnings(PKI, own, soon, Some(Duration::ZERO)).is_empty());
    // The log's time is what counts for Fulcio's.
    let logged = "signatures/sigstore-paths/direct-fulcio.sig";
    assert!(warnings(FULCIO, logged, soon, None).is_empty());
}

/// Of each kind of file, beside an image that is accepted and one that is not.
#[test]
fn a_file_that_has_changed_is_told() {
    let good = || image().with_signature(read("signatures/sigstore-paths/direct-pki.sig"));
    let other = || {
        let name = ImageName::parse("docker://registry.example/app/web:2").expect("a name");
        Image::new(name, read("manifests/web.json"))
            .with_signature(read("signatures/sigstore-paths/direct-pki.sig"))
    };
    let logged = |image: Image<'static>| {
        let signature = read("signatures/sigstore-paths/direct-fulcio.sig");
        image.with_signature(signature)
    };
    let between = PKI.replace(
        r#""subjectEmail""#,
        r#""caIntermediatesPath":"keys/sigstore/between.pem","subjectEmail""#,
    );
    let stories: Vec<_> = [
        (FULCIO, "root.pem"),
        (FULCIO, "log.pub"),
        (&between, "root.pem"),
        (&between, "between.pem"),
    ]
    .into_iter()
    .map(|(requirement, changed)| {
        let place = tempfile::tempdir().expect("a folder");
        let keys = place.path().join("keys/sigstore");
        fs::create_dir_all(&keys).expect("a folder");
        for (from, to) in [
            ("root.pem", "root.pem"),
            ("root.pem", "between.pem"),
            ("log.pub", "log.pub"),
        ] {
            let content = read(&format!("keys/sigstore/{from}"));
            fs::write(keys.join(to), content).expect("a file");
        }
        let verifier = builder(requirement)
            .key_directory(place.path())
            .warn_signature_age(Duration::ZERO)
            .build();
        let accepted = verifier.verify(&logged(good())).expect("accepted");
        assert_eq!(accepted.warnings(), []);
        let refused = verifier.verify(&logged(other())).expect_err("another tag");
        assert_eq!(refused.report().expect("a report").notes, []);
        fs::write(keys.join(changed), b"gone").expect("a file");
        (place, verifier, keys.join(changed))
    })
    .collect();
    // A file is looked at once a second at most.
    std::thread::sleep(Duration::from_millis(1100));
    for (_place, verifier, file) in &stories {
        let accepted = verifier
            .verify(&logged(good()))
            .expect("it was read before");
        let told = json::of(accepted.report(), "verify");
        assert_eq!(told["warnings"][0]["code"], "key-file-changed");
        assert_eq!(told["warnings"][0]["file"], file.display().to_string());
        let refused = verifier.verify(&logged(other())).expect_err("another tag");
        assert_eq!(refused.code(), "identity-mismatch");
        let told = json::of(refused.report().expect("a report"), "verify");
        assert_eq!(told["notes"][0]["code"], "key-file-changed");
        assert_eq!(told["notes"][0]["path"], file.display().to_string());
    }
}
