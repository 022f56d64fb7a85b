//! Checking a policy together with its key files, on each engine of the build.
#![cfg(any(feature = "sequoia", feature = "gpgme", feature = "gpg"))]
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

use common::{at, json};
use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::explain::{Lint, LintCode, LintException, LintReport};
use containers_sigpolicy::{Clock, Policy, Verifier, VerifierBuilder};

/// Puts a key file of the suite, or several in one, into a folder.
fn put(folder: &Path, name: &str, keys: &[&str]) {
    let bytes: Vec<u8> = keys.iter().flat_map(|keys| common::read(keys)).collect();
    fs::write(folder.join(name), bytes).expect("a writable folder");
}

fn builder(folder: &Path, policy: &str, kind: EngineKind) -> VerifierBuilder {
    let policy: Policy = policy.parse().expect("a valid policy");
    Verifier::builder(policy)
        .engine(Environment::from_env().select(&[kind]).expect("an engine"))
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(folder)
}

/// Does this on each engine of the build, with a folder of its own.
fn on_each_engine(test: impl Fn(EngineKind, &Path)) {
    let all = EngineKind::DEFAULT_ORDER.iter().copied();
    for kind in all.filter(|kind| kind.is_compiled_in()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        test(kind, folder.path());
    }
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
                "error[not-a-key-file]: line 7, column 70: there is no OpenPGP key in the key material: noise.gpg is the \
                 manifest of an image (JSON), and no OpenPGP key; put the signer's public key there, as `gpg --export` \
                 writes it"
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
            said(&verifier.lint(&Lint::new()), folder)
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
        let verifier = Verifier::builder(Policy::from_file(&policy).expect("a policy"))
            .engine(Environment::from_env().select(&[kind]).expect("an engine"))
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(folder)
            .build();
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
                (LintCode::SecretKeyInTrustFile, 4)
            ],
            "{kind}"
        );
    });
}
