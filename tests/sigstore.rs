//! `sigstoreSigned` with keys, from policies and bytes to reports: what is read when, by which keys, and what is told.
#![cfg(feature = "sigstore")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::json;
#[cfg(feature = "_rules")]
use containers_sigpolicy::engine::EngineKind;
use containers_sigpolicy::engine::Environment;
use containers_sigpolicy::explain::Lint;
#[cfg(feature = "_rules")]
use containers_sigpolicy::verdict::Verdict;
use containers_sigpolicy::verdict::{KeyReport, Signer, TrustKind, TrustSource, TrustedSigner};
use containers_sigpolicy::{
    Accepted, Clock, DirSource, Error, Image, ImageName, Moment, Policy, Verifier, VerifierBuilder,
    VerifyOptions,
};

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";
const LOGGED: &str = r#"{"type":"sigstoreSigned","keyPath":"keys/cosign.pub","rekorPublicKeyPath":"keys/rekor.pub"}"#;
const NOT_LOGGED: &str = r#"{"type":"sigstoreSigned","keyPath":"keys/cosign.pub"}"#;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/example/sigstore")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(example().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn at(time: &str) -> Moment {
    time.parse().expect("a time")
}

/// A verifier of a policy with this default. There is no engine, and none is asked.
fn builder(requirements: &[&str]) -> VerifierBuilder {
    let policy = format!(r#"{{"default":[{}]}}"#, requirements.join(","));
    Verifier::builder(policy.parse::<Policy>().expect("a policy"))
        .first_engine(Environment::from_env(), [])
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(example())
}

fn name(image: &str) -> ImageName {
    ImageName::parse(image).expect("a name")
}

fn signed() -> Image<'static> {
    Image::new(name(IMAGE), read("image/manifest.json")).with_signature(read("image/signature-1"))
}

fn unsigned() -> Image<'static> {
    Image::new(name(IMAGE), read("image/manifest.json"))
}

/// `accepted`, or why not.
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

fn judged(requirements: &[&str], image: &Image<'_>) -> &'static str {
    code(&builder(requirements).build().verify(image))
}

#[test]
fn a_logged_signature_is_accepted_without_any_engine() {
    let accepted = builder(&[LOGGED]).build().verify(&signed());
    let accepted = accepted.expect("accepted");
    assert!(accepted.is_signed());
    assert_eq!(accepted.signed_at(), Some(at("2025-06-01T12:00:00Z")));
    let report = accepted.report();
    assert!(report.engine.is_none());
    let json = json::of(report, "verify");
    let proof = &json["requirements"][0]["signatures"][0]["proof"];
    assert_eq!(proof["signer"]["type"], "sigstore-key");
    assert_eq!(proof["signer"]["algorithm"], "ECDSA P-256");
    assert_eq!(proof["signer"]["key_origin"], "keys/cosign.pub");
    assert_eq!(proof["log_entry"]["index"], 123_456);
    assert_eq!(
        proof["log_entry"]["integrated_time"],
        "2025-06-01T12:00:00Z"
    );
    assert_eq!(proof["log_entry"]["log"]["origin"], "keys/rekor.pub");
    let signature = accepted.signatures().next().expect("a signature");
    let Signer::SigstoreKey { key_id, .. } = &signature.signer else {
        panic!("{:?}", signature.signer);
    };
    let trusted = &report.requirements[0].trusted_signers;
    assert!(
        matches!(trusted.as_slice(), [TrustedSigner::SigstoreKey(key)] if key.key_id == *key_id)
    );
    let text = report.to_string();
    let id = key_id.as_str().get(..16).expect("64 digits");
    let by = format!(
        "by the key {id} of keys/cosign.pub on 2025-06-01T12:00:00Z, logged 2025-06-01T12:00:00Z as entry 123456"
    );
    assert!(json["answer"]["signed"] == by, "{text}");
    let verbose = format!("{report:#}");
    assert!(
        verbose.contains(&format!(
            "    trusts {key_id}, ECDSA P-256, from keys/cosign.pub\n"
        )),
        "{verbose}"
    );
    assert!(verbose.contains(" of the log "), "{verbose}");
    // Without keys of a log, its entry is not looked at.
    let accepted = builder(&[NOT_LOGGED]).build().verify(&signed());
    let accepted = accepted.expect("accepted");
    let first = accepted.signatures().next().expect("a signature");
    assert!(first.log_entry.is_none());
}

#[test]
fn a_dir_image_is_judged_as_one_in_memory() {
    let verifier = builder(&[LOGGED]).build();
    let of = |folder: &str| DirSource::named(example().join(folder), name(IMAGE));
    assert_eq!(code(&verifier.verify(&of("image"))), "accepted");
    let error = verifier.verify(&of("other-entry")).expect_err("another's");
    assert_eq!(error.code(), "log-entry-mismatch");
    // The mathematics is good; the entry is another signature's.
    let alone = builder(&[NOT_LOGGED]).build().verify(&of("other-entry"));
    assert_eq!(code(&alone), "accepted");
}

/// A registry has signatures as layers with annotations, and cosign signs the repository alone.
#[test]
fn an_attached_signature_of_a_repository() {
    let attached: serde_json::Value =
        serde_json::from_slice(&read("registry/attached.json")).expect("JSON");
    let layer = &attached["layers"][0];
    let digest = layer["digest"].as_str().expect("a digest");
    let (_, hex) = digest.split_once(':').expect("a digest");
    let payload = read(&format!("registry/{hex}"));
    let annotations: Vec<(String, String)> = layer["annotations"]
        .as_object()
        .expect("annotations")
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
        .collect();
    let media_type = layer["mediaType"].as_str().expect("a type");
    let image = |name: &str, media_type: &str| {
        Image::new(self::name(name), read("registry/manifest.json")).with_attachment(
            media_type,
            payload.clone(),
            annotations.clone(),
        )
    };
    let tools = "docker://registry.example/tools/web:7";
    let policy = Policy::from_file(example().join("policy.json")).expect("a policy");
    let verifier = Verifier::builder(policy).key_directory(example()).build();
    let accepted = verifier.verify(&image(tools, media_type)).expect("signed");
    assert_eq!(accepted.signed_at(), None);
    // Anything else is passed over, and then there is none.
    let other = verifier.verify(&image(tools, "application/vnd.dsse.envelope.v1+json"));
    let other = other.expect_err("no signature");
    assert_eq!(
        other.answer().cause.expect("a cause"),
        "a sigstore signature was required, but there is none; there is 1 of sigstore that does not count as a signature of an \
         image"
    );
    // The default compares tags, and says what would accept it and what that gives up.
    let by_default = builder(&[LOGGED]).build().verify(&image(tools, media_type));
    let by_default = by_default.expect_err("no tag is signed");
    assert_eq!(by_default.code(), "identity-mismatch");
    let steps = by_default.answer().steps.join(" ");
    assert!(steps.contains("matchRepository"), "{steps}");
    assert!(
        steps.contains("only if any signed tag may run as any other"),
        "{steps}"
    );
    // Nor by digest.
    let digest = containers_sigpolicy::Digest::of(&read("registry/manifest.json"));
    let by_digest = format!("docker://registry.example/tools/web@{digest}");
    assert_eq!(
        judged(&[LOGGED], &image(&by_digest, media_type)),
        "identity-mismatch"
    );
}

#[test]
fn keys_are_read_only_for_a_signature_and_in_their_order() {
    let missing = r#"{"type":"sigstoreSigned","keyPath":"keys/missing.pub"}"#;
    assert_eq!(judged(&[missing], &unsigned()), "no-signature");
    let error = builder(&[missing]).build().verify(&signed());
    assert!(matches!(error, Err(Error::Unavailable { .. })));
    assert_eq!(code(&error), "key-unreadable");
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), content).expect("a file");
    };
    put("cosign.pub", &read("keys/cosign.pub"));
    put("rekor.pub", &read("keys/rekor.pub"));
    put(
        "broken.pub",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let judged = |keys: &str, logs: &str| {
        let requirement = format!(
            r#"{{"type":"sigstoreSigned","keyPaths":[{keys}],"rekorPublicKeyPaths":[{logs}]}}"#
        );
        let verifier = builder(&[&requirement]).key_directory(folder.path());
        let verdict = verifier.build().verify(&signed());
        let cause = verdict
            .as_ref()
            .err()
            .and_then(|error| error.answer().cause);
        (code(&verdict), cause.unwrap_or_default())
    };
    let (good, log) = (r#""cosign.pub""#, r#""rekor.pub""#);
    assert_eq!(judged(good, log).0, "accepted");
    // One that is broken spoils the list, wherever it is; but all files are read before one is looked into.
    for keys in [
        r#""cosign.pub","broken.pub""#,
        r#""broken.pub","cosign.pub""#,
    ] {
        let (code, cause) = judged(keys, r#""gone.pub""#);
        assert_eq!(code, "key-invalid");
        assert!(
            cause.starts_with("broken.pub: it is a PEM certificate"),
            "{cause}"
        );
        assert_eq!(judged(good, keys).0, "key-invalid");
    }
    assert_eq!(
        judged(r#""broken.pub","gone.pub""#, log).0,
        "key-unreadable"
    );
    assert_eq!(judged(good, r#""gone.pub""#).0, "key-unreadable");
}

#[test]
fn other_keys_and_logs_prove_nothing() {
    let swapped = r#"{"type":"sigstoreSigned","keyPath":"keys/rekor.pub"}"#;
    let error = builder(&[swapped]).build().verify(&signed());
    assert_eq!(code(&error), "bad-signature");
    let answer = error.expect_err("a stranger's").answer();
    let place = answer.place.expect("a place");
    assert!(place.contains("of keys/rekor.pub"), "{place}");
    let no_log = r#"{"type":"sigstoreSigned","keyPath":"keys/cosign.pub","rekorPublicKeyPath":"keys/cosign.pub"}"#;
    assert_eq!(judged(&[no_log], &signed()), "log-entry-untrusted");
    let other_signer = r#"{"type":"sigstoreSigned","keyPath":"keys/rekor.pub","rekorPublicKeyPath":"keys/rekor.pub"}"#;
    assert_eq!(judged(&[other_signer], &signed()), "log-entry-mismatch");
    let moved = Image::new(
        name("docker://registry.example/app/web:1.4.3"),
        read("image/manifest.json"),
    )
    .with_signature(read("image/signature-1"));
    let error = builder(&[LOGGED]).build().verify(&moved);
    assert_eq!(code(&error), "identity-mismatch");
    let report = error.expect_err("another tag");
    let signature = &report.report().expect("a report").requirements[0].signatures[0];
    assert!(matches!(
        &signature.signer,
        Some(Signer::SigstoreKey { .. })
    ));
    assert_eq!(signature.signed_at, Some(at("2025-06-01T12:00:00Z")));
    let other = Image::new(name(IMAGE), b"{}".as_slice()).with_signature(read("image/signature-1"));
    assert_eq!(judged(&[LOGGED], &other), "digest-mismatch");
}

/// Policies as Fedora's and CentOS' packages have them, with the test's keys in the place of Red Hat's.
#[test]
fn a_policy_as_distributions_ship_it() {
    let policy = r#"{
        "default": [{"type": "insecureAcceptAnything"}],
        "transports": {"docker": {
            "registry.example": [{
                "type": "sigstoreSigned",
                "keyPaths": ["/etc/pki/sigstore/SIGSTORE-release3", "/etc/pki/sigstore/SIGSTORE-release4"],
                "rekorPublicKeyPath": "/etc/pki/sigstore/REKOR-signing-key"
            }]
        }, "docker-daemon": {"": [{"type": "insecureAcceptAnything"}]}}
    }"#;
    let keys: HashMap<String, Vec<u8>> = [
        ("/etc/pki/sigstore/SIGSTORE-release3", "keys/rekor.pub"),
        ("/etc/pki/sigstore/SIGSTORE-release4", "keys/cosign.pub"),
        ("/etc/pki/sigstore/REKOR-signing-key", "keys/rekor.pub"),
    ]
    .into_iter()
    .map(|(path, file)| (path.to_owned(), read(file)))
    .collect();
    let policy: Policy = policy.parse().expect("a policy");
    let plan = policy.plan(&name(IMAGE));
    assert_eq!(plan.sigstore_signed().count(), 1);
    assert_eq!(plan.foreign().count(), 0);
    assert!(plan.needs_manifest() && !plan.needs_signatures());
    assert_eq!(plan.key_paths().count(), 3);
    let verifier = Verifier::builder(policy.clone())
        .key_loader(keys.clone())
        .build();
    assert_eq!(code(&verifier.verify(&signed())), "accepted");
    assert_eq!(code(&verifier.verify(&unsigned())), "no-signature");
    // The same with keys that were fetched for this image.
    let verifier = Verifier::new(policy);
    let with = |keys: &HashMap<String, Vec<u8>>| {
        code(&verifier.verify_with(&signed(), VerifyOptions::new().keys(keys)))
    };
    assert_eq!(with(&keys), "accepted");
    let mut fewer = keys.clone();
    fewer.remove("/etc/pki/sigstore/REKOR-signing-key");
    assert_eq!(with(&fewer), "key-unreadable");
    let mut others = keys.clone();
    others.insert(
        "/etc/pki/sigstore/SIGSTORE-release4".to_owned(),
        read("keys/rekor.pub"),
    );
    assert_eq!(with(&others), "log-entry-mismatch");
    assert_eq!(with(&keys), "accepted");
}

#[test]
fn the_log_makes_no_signature_new() {
    let demanding = |days: u64| {
        let age = Duration::from_secs(days * 86_400);
        let verifier = builder(&[LOGGED]).max_signature_age(age).build();
        code(&verifier.verify(&signed()))
    };
    // Signed on 2025-06-01, as the signer says: 228 days ago.
    assert_eq!(demanding(229), "accepted");
    assert_eq!(demanding(200), "signature-too-old");
    let seen = |time: &str| {
        let options = VerifyOptions::new().newest_seen(at(time));
        code(&builder(&[LOGGED]).build().verify_with(&signed(), options))
    };
    assert_eq!(seen("2025-06-01T12:00:00Z"), "accepted");
    assert_eq!(seen("2025-06-01T12:00:01Z"), "rolled-back");
}

#[test]
fn key_files_are_kept_watched_and_read_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("cosign.pub");
    let log = folder.path().join("rekor.pub");
    fs::write(&key, read("keys/cosign.pub")).expect("a file");
    fs::write(&log, read("keys/rekor.pub")).expect("a file");
    let requirement =
        r#"{"type":"sigstoreSigned","keyPath":"cosign.pub","rekorPublicKeyPath":"rekor.pub"}"#;
    let verifier = builder(&[requirement]).key_directory(folder.path()).build();
    let verify = || code(&verifier.verify(&signed()));
    assert_eq!(verify(), "accepted");
    assert!(verifier.changed_key_files().is_empty());
    fs::write(&key, b"gone").expect("a file");
    fs::remove_file(&log).expect("a file");
    assert_eq!(verify(), "accepted");
    assert_eq!(verifier.changed_key_files(), [key.clone(), log.clone()]);
    let refused = verifier.verify(&unsigned());
    assert_eq!(code(&refused), "no-signature");
    verifier.reload();
    assert!(verifier.changed_key_files().is_empty());
    assert_eq!(verify(), "key-invalid");
    // What could not be read is tried again.
    fs::write(&key, read("keys/cosign.pub")).expect("a file");
    assert_eq!(verify(), "key-unreadable");
    fs::write(&log, read("keys/rekor.pub")).expect("a file");
    assert_eq!(verify(), "accepted");
}

#[test]
fn keys_are_loaded_and_reported_beforehand() {
    let verifier = builder(&[LOGGED, NOT_LOGGED]).build();
    let sources = verifier.load_keys().expect("they are good");
    let [signers, logs] = sources.as_slice() else {
        panic!("{sources:?}");
    };
    assert!(matches!(signers.source, TrustSource::Sigstore(_)));
    assert_eq!(signers.uses.len(), 2);
    assert_eq!(signers.public_keys.len(), 1);
    assert!(matches!(logs.source, TrustSource::RekorLogs(_)));
    assert_eq!(logs.source.to_string(), "rekorPublicKeyPath keys/rekor.pub");
    assert_eq!(logs.source.kind(), TrustKind::RekorLog);
    assert_eq!(logs.uses.len(), 1);
    let reports = verifier.keys();
    let kinds: Vec<TrustKind> = reports.iter().map(|report| report.kind).collect();
    assert_eq!(kinds, [TrustKind::Sigstore, TrustKind::RekorLog]);
    for report in &reports {
        let json = json::of(report, "key-report");
        let again: KeyReport = serde_json::from_value(json).expect("it is read back");
        assert_eq!(again.public_keys, report.public_keys);
        assert!(report.keys.is_empty() && report.problem.is_none() && report.digest.is_some());
    }
    let spoiled = r#"{"type":"sigstoreSigned","keyPaths":["keys/cosign.pub","policy.json"]}"#;
    let verifier = builder(&[spoiled]).build();
    let error = verifier.load_keys().expect_err("one is none");
    assert_eq!(
        error.to_string(),
        "1 of the policy's 1 key sources cannot be used: keyPaths keys/cosign.pub policy.json: a public key that the \
         requirement names cannot be used: policy.json: it is JSON, and not a public key in PEM (`-----BEGIN PUBLIC KEY-----`)"
    );
    let reports = verifier.keys();
    let [broken, good] = reports.as_slice() else {
        panic!("{reports:?}");
    };
    assert_eq!(broken.origin, "policy.json");
    assert_eq!(
        broken.problem.as_ref().expect("a problem").code(),
        "key-invalid"
    );
    assert_eq!(good.public_keys.len(), 1);
    assert!(good.problem.is_none());
}

#[test]
fn keys_in_the_policy_have_names() {
    use base64::Engine as _;

    let data = |path: &str| base64::engine::general_purpose::STANDARD.encode(read(path));
    let (key, log) = (data("keys/cosign.pub"), data("keys/rekor.pub"));
    let requirement = format!(
        r#"{{"type":"sigstoreSigned","keyDatas":["{log}","{key}"],"rekorPublicKeyData":"{log}"}}"#
    );
    let accepted = builder(&[&requirement]).build().verify(&signed());
    let accepted = accepted.expect("accepted");
    let signature = accepted.signatures().next().expect("a signature");
    let Signer::SigstoreKey { key_origin, .. } = &signature.signer else {
        panic!("{:?}", signature.signer);
    };
    assert_eq!(key_origin, "keyDatas[1]");
    let entry = signature.log_entry.as_ref().expect("an entry");
    assert_eq!(entry.log.origin, "rekorPublicKeyData");
    let nothing = r#"{"type":"sigstoreSigned","keyData":""}"#;
    assert_eq!(judged(&[nothing], &signed()), "key-invalid");
}

#[test]
fn lint_looks_into_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), content).expect("a file");
    };
    put("a.pub", &read("keys/cosign.pub"));
    put("b.pub", &read("keys/cosign.pub"));
    put("rekor.pub", &read("keys/rekor.pub"));
    put("page.html", b"<!DOCTYPE html><html></html>");
    let requirement = r#"{"type":"sigstoreSigned","keyPaths":["a.pub","b.pub"],
        "rekorPublicKeyPaths":["rekor.pub","missing.pub"]}"#;
    let other = r#"{"type":"sigstoreSigned","keyPath":"page.html"}"#;
    let verifier = builder(&[requirement, other])
        .key_directory(folder.path())
        .build();
    let report = verifier.lint(&Lint::new());
    let found: Vec<(&str, &str)> = report
        .findings
        .iter()
        .map(|finding| (finding.code.name(), finding.path.as_str()))
        .collect();
    for expected in [
        ("duplicate-key", "default[0].keyPaths[1]"),
        ("key-file-missing", "default[0].rekorPublicKeyPaths[1]"),
        ("not-a-key-file", "default[1].keyPath"),
        ("relative-key-path", "default[0].keyPaths[0]"),
        ("relative-key-path", "default[0].rekorPublicKeyPaths[0]"),
        ("sigstore-default-identity", "default[0]"),
    ] {
        assert!(found.contains(&expected), "{expected:?}: {report}");
    }
    assert!(
        found
            .iter()
            .all(|(code, _)| *code != "requirement-not-implemented"),
        "{report}"
    );
}

/// OpenPGP beside sigstore: each requirement looks at its own signatures, and an engine is asked for its own alone.
#[test]
#[cfg(feature = "_rules")]
fn openpgp_beside_sigstore() {
    let openpgp = r#"{"type":"signedBy","keyType":"GPGKeys","keyPath":"../keys/releases.asc"}"#;
    let openpgp_signature = fs::read(example().join("../image/signature-1")).expect("a file");
    let both = signed().with_signature(openpgp_signature.clone());
    let engine = || {
        let kinds = [EngineKind::Native, EngineKind::Sequoia];
        let kinds = kinds.into_iter().filter(|kind| kind.is_compiled_in());
        (Environment::from_env(), kinds.collect::<Vec<_>>())
    };
    let verifier = |requirements: &[&str]| {
        let (environment, kinds) = engine();
        builder(requirements)
            .first_engine(environment, kinds)
            .build()
    };
    let accepted = verifier(&[openpgp, LOGGED])
        .verify(&both)
        .expect("accepted");
    assert_eq!(accepted.signatures().count(), 2);
    assert!(accepted.report().engine.is_some());
    assert_eq!(
        code(&verifier(&[openpgp, LOGGED]).verify(&signed())),
        "no-signature"
    );
    let only_openpgp = unsigned().with_signature(openpgp_signature);
    let error = verifier(&[LOGGED])
        .verify(&only_openpgp)
        .expect_err("unsigned");
    assert_eq!(
        error.answer().cause.expect("a cause"),
        "a sigstore signature was required, but there is none; there is 1 of OpenPGP, at which `sigstoreSigned` does not look"
    );
    // Without an engine, only the one that needs one is undecided.
    let error = builder(&[LOGGED, openpgp])
        .build()
        .verify(&both)
        .expect_err("no engine");
    let report = error.report().expect("a report");
    assert_eq!(report.verdict(), Verdict::Undecided);
    let first = serde_json::to_value(&report.requirements[0].outcome).expect("JSON");
    assert_eq!(first["verdict"], "accepted-signed");
}
