//! Checking a policy together with its key files, on each engine of the build.
#![cfg(any(feature = "_rules", feature = "gpgme", feature = "gpg"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::key_folder::{self, on_each_engine, put};
use common::{at, json};
use containers_sigpolicy::engine::EngineKind;
use containers_sigpolicy::explain::{Lint, LintCode, LintException, LintReport};
use containers_sigpolicy::{Clock, CryptoPolicy, ImageName, Policy, VerifierBuilder};

fn builder(folder: &Path, policy: &str, kind: EngineKind) -> VerifierBuilder {
    key_folder::builder(folder, policy.parse().expect("a valid policy"), kind)
}

/// The findings on key files, as sentences; paths are relative here on purpose, and that is not told.
fn said(report: &LintReport, folder: &Path) -> Vec<String> {
    json::of(report, "lint");
    let folder = format!("{}/", folder.display());
    let findings = report.findings.iter();
    findings
        .filter(|finding| finding.code != LintCode::RelativeKeyPath)
        .map(|finding| finding.to_string().replace(&folder, ""))
        .collect()
}

/// A policy with one requirement in each line from 4 on, each with one key file.
fn policy_of(files: &[&str]) -> String {
    let scopes: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(index, file)| {
            format!(
                "\"h{index}.example\": [{{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"{file}\"}}]"
            )
        })
        .collect();
    format!(
        "{{\"default\": [{{\"type\": \"reject\"}}],\n\"transports\": {{\"docker\": {{\n\n{}\n}}}}}}",
        scopes.join(",\n")
    )
}

const EXPIRED: &str = "the key 346265C87326EA6C of \"Expired rsa2048 <expired@example.org>\" in";

#[test]
fn what_is_wrong_with_key_files() {
    on_each_engine(|kind, folder| {
        put(folder, "good.gpg", &["keys/ed25519.gpg"]);
        put(folder, "expired.gpg", &["keys/rsa2048-expired.gpg"]);
        put(
            folder,
            "rotated.gpg",
            &[
                "keys/rsa2048-expired.gpg",
                "keys/states/expiry-in-a-year.gpg",
            ],
        );
        put(folder, "noise.gpg", &["manifests/web.json"]);
        fs::write(folder.join("empty.gpg"), "").expect("a file");
        fs::write(folder.join("release.asc"), "").expect("a file");
        let policy = policy_of(&[
            "good.gpg",
            "expired.gpg",
            "rotated.gpg",
            "noise.gpg",
            "empty.gpg",
            "release.gpg",
            "gone.gpg",
            "expired.gpg",
            ".",
        ]);
        let report = builder(folder, &policy, kind).build().lint(&Lint::new());
        assert_eq!(
            said(&report, folder),
            [
                format!(
                    "error[all-keys-expired]: line 5, column 70: no key that is trusted here is good any more: {EXPIRED} \
                     expired.gpg expired 15 days 12 hours ago, on 2025-12-31T00:00:00Z; 1 more requirement names it; get \
                     the file anew from the owner: a prolonged key keeps its fingerprint"
                ),
                format!(
                    "warning[trusted-key-expired]: line 6, column 70: {EXPIRED} rotated.gpg expired 15 days 12 hours ago, \
                     on 2025-12-31T00:00:00Z, and is still among the trusted ones; if its owner has a newer key, remove \
                     this one: nothing that it signs is accepted"
                ),
                "note[only-one-live-key]: line 6, column 70: the key BAB1BB775B6E08BD of \"Somebody \
                 <somebody@example.org>\" in rotated.gpg is the only key that is good here, and ends in 1 year, on \
                 2027-01-15T12:00:00Z: no image passes from then on; get the next key from its owner before that day, \
                 and name both until all images are signed by it"
                    .to_owned(),
                "error[not-a-key-file]: line 7, column 70: noise.gpg is the manifest of an image (JSON), and no OpenPGP \
                 key; put the signer's public key there, as `gpg --export` or `gpg --export --armor` writes it"
                    .to_owned(),
                "error[no-trusted-key]: line 8, column 70: the requirement trusts no key: empty.gpg contains no OpenPGP \
                 key: it is empty; put the signer's public key there, as `gpg --export` writes it"
                    .to_owned(),
                "error[key-file-missing]: line 9, column 70: the key file release.gpg could not be read: No such file or \
                 directory (os error 2); is `release.asc` meant, which is beside it?"
                    .to_owned(),
                "error[key-file-missing]: line 10, column 70: the key file gone.gpg could not be read: No such file or \
                 directory (os error 2); put the signer's public key there, as `gpg --export` writes it"
                    .to_owned(),
                "error[key-file-unreadable]: line 12, column 70: the key file . could not be read: it is not a regular \
                 file; name the file in that directory"
                    .to_owned(),
            ],
            "{kind}"
        );
    });
}

#[test]
fn what_ends_soon() {
    on_each_engine(|kind, folder| {
        put(folder, "key.gpg", &["keys/states/expiry-in-a-year.gpg"]);
        put(
            folder,
            "subkey.gpg",
            &["keys/states/subkey-expiry-in-a-second.gpg"],
        );
        let said_at = |now: &str, ahead: u64| {
            let builder = builder(folder, &policy_of(&["key.gpg", "subkey.gpg"]), kind);
            let clock = Clock::Fixed(at(now));
            let ahead = Duration::from_secs(ahead * 86_400);
            let verifier = builder.clock(clock).warn_ahead(ahead).build();
            let lint = Lint::new().allow(LintCode::OnlyOneLiveKey);
            said(&verifier.lint(&lint), folder)
        };
        assert_eq!(
            said_at("2026-01-10T12:00:01Z", 30),
            [
                "warning[subkey-expires-soon]: line 5, column 70: the signing subkey 6BE4FBBA56D22426 expires in 5 days, \
                 on 2026-01-15T12:00:01Z; the key itself has no end: the key CF8A36F30F82599E of \"Somebody \
                 <somebody@example.org>\" in subkey.gpg; before that day, get the key anew from its owner, with a later \
                 end or a new subkey"
            ],
            "{kind}"
        );
        let at_the_end_of_the_year = said_at("2027-01-03T12:00:00Z", 30);
        assert_eq!(
            at_the_end_of_the_year[0],
            "warning[key-expires-soon]: line 4, column 70: the key BAB1BB775B6E08BD of \
             \"Somebody <somebody@example.org>\" in key.gpg expires in 12 days, on 2027-01-15T12:00:00Z; before that day, get \
             the same key with a later end from its owner, or a second key",
            "{kind}"
        );
        assert_eq!(said_at("2026-01-10T12:00:01Z", 4), [""; 0], "{kind}");
        assert_eq!(said_at("2026-01-10T12:00:01Z", 0), [""; 0], "{kind}");
    });
}

#[test]
fn a_key_that_ends_soon_and_the_one_that_takes_over() {
    on_each_engine(|kind, folder| {
        // Of the same owner, made later, and without an end.
        put(
            folder,
            "rotated.gpg",
            &[
                "keys/states/expiry-in-a-year.gpg",
                "keys/states/created-when-signing.gpg",
            ],
        );
        let clock = Clock::Fixed(at("2027-01-03T12:00:00Z"));
        let builder = builder(folder, &policy_of(&["rotated.gpg"]), kind);
        let report = builder.clock(clock).build().lint(&Lint::new());
        assert_eq!(
            said(&report, folder),
            [
                "note[key-expires-soon]: line 4, column 70: the key BAB1BB775B6E08BD of \"Somebody <somebody@example.org>\" in \
              rotated.gpg expires in 12 days, on 2027-01-15T12:00:00Z; have images signed by the key 8699746E88164301, \
              which is in the file already"
            ],
            "{kind}"
        );
    });
}

#[test]
fn keys_that_cannot_sign_yet_or_any_more() {
    on_each_engine(|kind, folder| {
        put(
            folder,
            "certify.gpg",
            &["keys/states/flags-certify-only.gpg"],
        );
        put(
            folder,
            "future.gpg",
            &["keys/states/created-in-the-future.gpg"],
        );
        let both = ["keys/ed25519.gpg", "keys/states/flags-certify-only.gpg"];
        put(folder, "both.gpg", &both);
        let policy = policy_of(&["certify.gpg", "future.gpg", "both.gpg"]);
        let report = builder(folder, &policy, kind).build().lint(&Lint::new());
        let found = report.findings.iter();
        let found: Vec<String> = found
            .filter(|finding| finding.code != LintCode::RelativeKeyPath)
            .map(|finding| {
                let line = finding.span.as_ref().expect("a place").start.line;
                format!("{line} {} {}", finding.level, finding.code)
            })
            .collect();
        // The third has another key that can sign.
        assert_eq!(
            found,
            [
                "4 error key-cannot-sign",
                "5 error key-not-yet-valid",
                "6 warning key-cannot-sign",
            ],
            "{kind}"
        );
        let said = said(&report, folder);
        assert!(
            said[1].ends_with(
                " in future.gpg was made later than now, on 2040-01-01T00:00:00Z; now it is 2026-01-15T12:00:00Z; \
                 compare the clock of this machine with another, by `date -u`"
            ),
            "{kind}: {said:#?}"
        );
        assert_eq!(
            said[2],
            "warning[key-cannot-sign]: line 6, column 70: the key 8B0043A9879F85C8 of \"Somebody \
             <somebody@example.org>\" in both.gpg cannot sign; ask its owner for the key that signs",
            "{kind}"
        );
    });
}

#[test]
#[cfg(unix)]
fn files_that_others_can_write_and_secret_keys() {
    use std::os::unix::fs::PermissionsExt as _;

    on_each_engine(|kind, folder| {
        put(folder, "secret.asc", &["keys/files/secret.gpg"]);
        put(folder, "open.gpg", &["keys/ed25519.gpg"]);
        let open = folder.join("open.gpg");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).expect("a file");
        let policy = folder.join("policy.json");
        fs::write(&policy, policy_of(&["secret.asc", "open.gpg"])).expect("a file");
        fs::set_permissions(&policy, fs::Permissions::from_mode(0o666)).expect("a file");
        let policy = Policy::from_file(&policy).expect("a policy");
        let verifier = key_folder::builder(folder, policy, kind).build();
        let codes = |lint: &Lint| -> Vec<(LintCode, usize)> {
            let findings = verifier.lint(lint).findings.into_iter();
            findings
                .filter(|finding| finding.code != LintCode::RelativeKeyPath)
                .map(|finding| (finding.code, finding.span.map_or(0, |span| span.start.line)))
                .collect()
        };
        let found = codes(&Lint::new());
        assert_eq!(
            found,
            [
                (LintCode::PolicyWritable, 0),
                (LintCode::SecretKeyInTrustFile, 4),
                (LintCode::KeyFileWritable, 5),
                // It is the public half.
                (LintCode::KeyShared, 5),
            ],
            "{kind}"
        );
        // What is expected of key files is expected as of the policy.
        let lint = Lint::new()
            .allow(LintCode::PolicyWritable)
            .except(LintException::new(
                LintCode::KeyFileWritable,
                "a shared machine",
            ))
            .except(LintException::new(LintCode::KeyRevoked, "none"));
        assert_eq!(
            codes(&lint),
            [
                (LintCode::UnusedAllow, 0),
                (LintCode::SecretKeyInTrustFile, 4),
                (LintCode::KeyShared, 5),
            ],
            "{kind}"
        );
    });
}

/// The only good key of a requirement, and its end: a year ahead, unless it is near enough to be a warning.
#[test]
fn the_only_key_that_is_left() {
    on_each_engine(|kind, folder| {
        put(folder, "year.gpg", &["keys/states/expiry-in-a-year.gpg"]);
        put(folder, "endless.gpg", &["keys/ed25519.gpg"]);
        put(
            folder,
            "left.gpg",
            &[
                "keys/rsa2048-expired.gpg",
                "keys/states/expiry-in-a-year.gpg",
            ],
        );
        let found = |now: &str, keys: &str| -> Vec<String> {
            let policy = of_requirements(&[keys]);
            let clock = Clock::Fixed(at(now));
            let verifier = builder(folder, &policy, kind).clock(clock).build();
            let report = verifier.lint(&Lint::new().allow(LintCode::TrustedKeyExpired));
            said(&report, folder)
        };
        let year = r#""keyPath": "year.gpg""#;
        let left = r#""keyPath": "left.gpg""#;
        let told = |file: &str, column: u32, left: &str| {
            format!(
                "note[only-one-live-key]: line 4, column {column}: the key BAB1BB775B6E08BD of \"Somebody \
                 <somebody@example.org>\" in {file} is the only key that is good here, and ends in {left}, on \
                 2027-01-15T12:00:00Z: no image passes from then on; get the next key from its owner before that \
                 day, and name both until all images are signed by it"
            )
        };
        let noon = "2026-06-15T12:00:00Z";
        assert_eq!(
            found(noon, year),
            [told("year.gpg", 55, "214 days")],
            "{kind}"
        );
        assert_eq!(
            found(noon, left),
            [told("left.gpg", 55, "214 days")],
            "{kind}"
        );
        // It is over a year; another is good, too; it has no end; it is so near that it is warned of.
        assert_eq!(found("2026-01-15T11:59:59Z", year), [""; 0], "{kind}");
        let both = r#""keyPaths": ["year.gpg", "endless.gpg"]"#;
        assert_eq!(found(noon, both), [""; 0], "{kind}");
        assert_eq!(
            found(noon, r#""keyPath": "endless.gpg""#),
            [""; 0],
            "{kind}"
        );
        let near = found("2027-01-01T12:00:00Z", year);
        assert_eq!(near.len(), 1, "{kind}: {near:#?}");
        assert!(
            near[0].starts_with("warning[key-expires-soon]"),
            "{near:#?}"
        );
    });
}

#[test]
fn keys_that_are_weak() {
    on_each_engine(|kind, folder| {
        put(folder, "weak.gpg", &["keys/rsa1024.gpg"]);
        put(
            folder,
            "both.gpg",
            &["keys/dsa1024.gpg", "keys/rsa2048.gpg"],
        );
        let policy = policy_of(&["weak.gpg", "both.gpg"]);
        let found = |crypto_policy| {
            let builder = builder(folder, &policy, kind).crypto_policy(crypto_policy);
            said(&builder.build().lint(&Lint::new()), folder)
        };
        let step = "ask its owner for a stronger key, of 3072-bit RSA or Ed25519";
        let [rsa, dsa] = &found(CryptoPolicy::Standard)[..] else {
            panic!("{kind}: two findings");
        };
        for (finding, begin, file, weakness) in [
            (rsa, "error[weak-key]: line 4", "weak.gpg", "1024-bit RSA"),
            (dsa, "warning[weak-key]: line 5", "both.gpg", "1024-bit DSA"),
        ] {
            assert!(finding.starts_with(begin), "{kind}: {finding}");
            let end = format!(
                " in {file} is weak ({weakness}), so that no signature by it counts under the cryptographic policy \
                 `standard`; {step}"
            );
            assert!(finding.ends_with(&end), "{kind}: {finding}");
        }
        let [rsa, dsa] = &found(CryptoPolicy::GnuPg)[..] else {
            panic!("{kind}: two findings");
        };
        for finding in [rsa, dsa] {
            assert!(
                finding.starts_with("warning[weak-key]"),
                "{kind}: {finding}"
            );
            let end =
                format!("), and counts only because the cryptographic policy is `gnupg`; {step}");
            assert!(finding.ends_with(&end), "{kind}: {finding}");
        }
    });
}

/// A policy whose scope `h.example` in line 4 has these requirements, each in a line.
fn of_requirements(keys: &[&str]) -> String {
    let list: Vec<String> = keys
        .iter()
        .map(|keys| format!("{{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", {keys}}}"))
        .collect();
    format!(
        "{{\"default\": [{{\"type\": \"reject\"}}],\n\"transports\": {{\"docker\": {{\"h.example\": [\n\n{}\n]}}}}}}",
        list.join(",\n")
    )
}

const OWNER: &str = "the key 072BFD98BFD18C59 of \"Release Signing <release@example.org>\" in";

#[test]
fn a_key_that_one_requirement_has_twice() {
    on_each_engine(|kind, folder| {
        put(folder, "one.gpg", &["keys/ed25519.gpg", "keys/rsa2048.gpg"]);
        put(
            folder,
            "other.gpg",
            &["keys/rsa2048.gpg", "keys/ed25519.gpg"],
        );
        put(folder, "third.gpg", &["keys/ed25519.gpg"]);
        put(folder, "else.gpg", &["keys/rsa4096.gpg"]);
        let found = |keys: &str| {
            let verifier = builder(folder, &of_requirements(&[keys]), kind).build();
            said(&verifier.lint(&Lint::new()), folder)
        };
        let step =
            "name one of the files: a key that is taken out of one of them only is still trusted";
        assert_eq!(
            found(r#""keyPaths": ["one.gpg", "third.gpg"]"#),
            [format!(
                "warning[duplicate-key]: line 4, column 68: {OWNER} third.gpg is in one.gpg, too, which the same \
                 requirement names; {step}"
            )],
            "{kind}"
        );
        let both = found(r#""keyPaths": ["one.gpg", "other.gpg"]"#);
        let [both] = &both[..] else {
            panic!("{kind}: {both:#?}");
        };
        let end = format!(
            " in other.gpg and 1 more of it are in one.gpg, too, which the same requirement names; {step}"
        );
        assert!(both.ends_with(&end), "{kind}: {both}");
        assert_eq!(
            found(r#""keyPaths": ["third.gpg", "else.gpg", "third.gpg"]"#),
            ["warning[duplicate-key]: line 4, column 82: `third.gpg` is named twice; remove one"],
            "{kind}"
        );
        assert_eq!(
            found(r#""keyPaths": ["third.gpg", "else.gpg"]"#),
            [""; 0],
            "{kind}"
        );
    });
}

/// Two requirements of a scope stand for two signers, and one key can meet both.
#[test]
fn a_key_that_two_requirements_trust() {
    on_each_engine(|kind, folder| {
        put(folder, "one.gpg", &["keys/ed25519.gpg"]);
        put(
            folder,
            "copy.gpg",
            &["keys/rsa4096.gpg", "keys/ed25519.gpg"],
        );
        put(folder, "else.gpg", &["keys/rsa2048.gpg"]);
        let found = |keys: &[&str]| {
            let verifier = builder(folder, &of_requirements(keys), kind).build();
            said(
                &verifier.lint(&Lint::new().allow(LintCode::BothMustPass)),
                folder,
            )
        };
        let (one, copy, other) = (
            r#""keyPath": "one.gpg""#,
            r#""keyPath": "copy.gpg""#,
            r#""keyPath": "else.gpg""#,
        );
        let told = |line: u32, second: u32, file: &str| {
            format!(
                "warning[key-shared]: line {line}, column 55: requirements 1 and {second} of `h.example` in line 2 both \
                 trust {OWNER} {file}: one signer can meet both; give each requirement keys of its own if two \
                 signers are meant; remove one if not"
            )
        };
        assert_eq!(found(&[one, copy]), [told(5, 2, "copy.gpg")], "{kind}");
        assert_eq!(found(&[one, one]), [told(5, 2, "one.gpg")], "{kind}");
        assert_eq!(
            found(&[one, other, copy]),
            [told(6, 3, "copy.gpg")],
            "{kind}"
        );
        assert_eq!(found(&[one, other]), [""; 0], "{kind}");

        // Of different scopes, by different files.
        let policy = policy_of(&["one.gpg", "copy.gpg", "one.gpg", "else.gpg"]);
        let lint = Lint::new();
        let verifier = builder(folder, &policy, kind).build();
        let expected = format!(
            "note[key-shared]: line 5, column 70: {OWNER} copy.gpg is in one.gpg, too, which `h0.example` in line 4 \
             trusts; if one signer is meant, name one file in both places: then a new key has to be put there once; \
             if two are, ask each for a key of its own"
        );
        assert_eq!(said(&verifier.lint(&lint), folder), [expected], "{kind}");
        // The same file in two scopes is one signer's on purpose.
        let policy = policy_of(&["one.gpg", "else.gpg", "one.gpg"]);
        let verifier = builder(folder, &policy, kind).build();
        assert_eq!(said(&verifier.lint(&lint), folder), [""; 0], "{kind}");
    });
}

/// A file is told of where one of the images needs it.
#[test]
fn key_files_that_an_image_needs() {
    on_each_engine(|kind, folder| {
        put(folder, "expired.gpg", &["keys/rsa2048-expired.gpg"]);
        let policy = policy_of(&["expired.gpg", "gone.gpg", "expired.gpg"]);
        let verifier = builder(folder, &policy, kind).build();
        let found = |image: &str| -> Vec<String> {
            let image = ImageName::parse(image).expect("a name");
            let lint = Lint::new().allow(LintCode::UnusedScope).for_images([image]);
            let found = said(&verifier.lint(&lint), folder);
            let cut = |finding: &String| finding.chars().take(33).collect();
            found.iter().map(cut).collect()
        };
        assert_eq!(
            found("docker://h2.example/app:1"),
            ["error[all-keys-expired]: line 6, "],
            "{kind}"
        );
        assert_eq!(
            found("docker://h1.example/app:1"),
            ["error[key-file-missing]: line 5, "],
            "{kind}"
        );
        // No requirement there names a file.
        assert_eq!(
            found("docker://registry.example.org/app:1"),
            ["warning[image-cannot-pass]: line "],
            "{kind}"
        );
    });
}
