//! What `Verifier::keys` knows of the key files of a policy, on each engine of the build.
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

use common::key_folder::{builder, on_each_engine, put};
use common::{at, json};
use containers_sigpolicy::engine::EngineKind;
use containers_sigpolicy::verdict::{KeyReport, KeyState};
use containers_sigpolicy::{Digest, Verifier};

/// What is written of a report is one of the schema, and read back as it was.
fn read_back(report: &KeyReport) {
    let written = json::of(report, "key-report");
    let read: KeyReport = serde_json::from_value(written.clone()).expect("a report");
    assert_eq!(json::of(&read, "key-report"), written);
}

fn verifier(folder: &Path, policy: &str, kind: EngineKind) -> Verifier {
    builder(folder, policy.parse().expect("a valid policy"), kind).build()
}

/// A policy as it grows over the years: rotated keys, a file that is gone, one that is no key file.
const POLICY: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {"docker": {
    "registry.example/shop": [
      {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "rotated.gpg"},
      {"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["subkey.gpg", "missing.gpg"]}
    ],
    "registry.example/base": [
      {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "rotated.gpg"},
      {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "noise.gpg"}
    ],
    "registry.example": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "endless.gpg"}]
  }}
}"#;

#[test]
fn each_file_is_told_for_itself_and_what_ends_first_comes_first() {
    on_each_engine(|kind, folder| {
        put(
            folder,
            "rotated.gpg",
            &[
                "keys/rsa2048-expired.gpg",
                "keys/states/expiry-in-a-year.gpg",
            ],
        );
        put(
            folder,
            "subkey.gpg",
            &["keys/states/subkey-expiry-in-a-second.gpg"],
        );
        put(folder, "noise.gpg", &["manifests/web.json"]);
        put(folder, "endless.gpg", &["keys/ed25519.gpg"]);
        let reports = verifier(folder, POLICY, kind).keys();
        for report in &reports {
            read_back(report);
        }
        let summary: Vec<(&str, Option<&str>, Vec<KeyState>)> = reports
            .iter()
            .map(|report| {
                let states = report.keys.iter().map(|key| key.state).collect();
                let problem = report.problem.as_ref().map(|problem| problem.code());
                (report.origin.as_str(), problem, states)
            })
            .collect();
        use KeyState::{Expired, Usable};
        assert_eq!(
            summary,
            [
                ("noise.gpg", Some("key-invalid"), vec![]),
                ("missing.gpg", Some("key-unreadable"), vec![]),
                ("rotated.gpg", None, vec![Expired, Usable]),
                ("subkey.gpg", None, vec![Usable]),
                ("endless.gpg", None, vec![Usable]),
            ],
            "{kind}"
        );
        let [_, missing, rotated, subkey, endless] = reports.as_slice() else {
            panic!("{reports:#?}");
        };
        assert_eq!(missing.file.as_deref(), Some(&*folder.join("missing.gpg")));
        assert_eq!(missing.digest, None);
        let uses: Vec<String> = rotated
            .uses
            .iter()
            .map(|one| format!("{}, {}", one.scope, one.requirement))
            .collect();
        assert_eq!(
            uses,
            [
                "the scope registry.example/base of the transport docker, 1",
                "the scope registry.example/shop of the transport docker, 1",
            ]
        );
        let bytes = fs::read(folder.join("rotated.gpg")).expect("the file");
        assert_eq!(rotated.digest, Some(Digest::of(&bytes)));
        let until = |report: &KeyReport, index: usize| {
            let until = report.keys[index].usable_until;
            until.map(|until| until.to_string())
        };
        assert_eq!(until(rotated, 0).as_deref(), Some("2025-12-31T00:00:00Z"));
        assert_eq!(until(rotated, 1).as_deref(), Some("2027-01-15T12:00:00Z"));
        assert_eq!(until(subkey, 0).as_deref(), Some("2026-01-15T12:00:01Z"));
        assert_eq!(until(endless, 0), None);
        let key = &endless.keys[0].key;
        assert_eq!(key.algorithm.as_deref(), Some("Ed25519"));
        assert_eq!(key.created, Some(at("2024-01-01T00:00:00Z")));
    });
}

/// The old key has ended, and another is in the same file: of the same owner, or of somebody else.
#[test]
fn the_key_that_takes_over_is_named() {
    on_each_engine(|kind, folder| {
        for (other, takes_over) in [
            ("keys/states/created-when-signing.gpg", true),
            ("keys/ed25519.gpg", false),
        ] {
            put(
                folder,
                "rotated.gpg",
                &["keys/states/expiry-a-second-ago.gpg", other],
            );
            let policy =
                r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"rotated.gpg"}]}"#;
            let reports = verifier(folder, policy, kind).keys();
            let [old, new] = reports[0].keys.as_slice() else {
                panic!("{reports:#?}");
            };
            assert_eq!(
                (old.state, new.state),
                (KeyState::Expired, KeyState::Usable)
            );
            let expected = takes_over.then_some(&new.key.fingerprint);
            assert_eq!(old.successor.as_ref(), expected, "{kind}: {other}");
            assert_eq!(new.successor, None);
        }
    });
}

/// The states that a key can be in.
#[test]
fn a_key_that_is_good_for_nothing_says_why() {
    on_each_engine(|kind, folder| {
        for (keys, state) in [
            ("keys/ed25519-revoked.gpg", KeyState::Revoked),
            ("keys/states/flags-certify-only.gpg", KeyState::CannotSign),
            (
                "keys/states/created-in-the-future.gpg",
                KeyState::NotYetValid,
            ),
            ("keys/dsa1024.gpg", KeyState::CannotSign),
        ] {
            put(folder, "one.gpg", &[keys]);
            let policy =
                r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"one.gpg"}]}"#;
            let reports = verifier(folder, policy, kind).keys();
            let states: Vec<KeyState> = reports[0].keys.iter().map(|key| key.state).collect();
            assert_eq!(states, [state], "{kind}: {keys}");
        }
    });
}

/// A key whose revocation is in another file of the same key source.
#[test]
fn what_one_file_revokes_is_revoked_in_the_other() {
    on_each_engine(|kind, folder| {
        put(folder, "good.gpg", &["keys/ed25519.gpg"]);
        put(folder, "revoked.gpg", &["keys/ed25519-revoked.gpg"]);
        let policy = r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPaths":["good.gpg","revoked.gpg"]}]}"#;
        let reports = verifier(folder, policy, kind).keys();
        let states: Vec<(&str, KeyState)> = reports
            .iter()
            .flat_map(|report| {
                report
                    .keys
                    .iter()
                    .map(|key| (report.origin.as_str(), key.state))
            })
            .collect();
        assert_eq!(
            states,
            [
                ("good.gpg", KeyState::Revoked),
                ("revoked.gpg", KeyState::Revoked)
            ]
        );
    });
}

/// Secret keys, keys in the policy itself, and who can write a file.
#[test]
fn what_is_told_of_the_file_itself() {
    on_each_engine(|kind, folder| {
        put(folder, "secret.gpg", &["keys/files/secret.gpg"]);
        let policy =
            r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"secret.gpg"}]}"#;
        let verifier = verifier(folder, policy, kind);
        let report = &verifier.keys()[0];
        assert!(report.keys[0].key.has_secret);
        assert!(!report.changed);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;

            let access = report.access.as_ref().expect("it is known");
            assert_eq!(access.exposed, None);
            let everybody = fs::Permissions::from_mode(0o666);
            fs::set_permissions(folder.join("secret.gpg"), everybody).expect("our file");
            let access = verifier.keys()[0].access.clone().expect("it is known");
            assert_eq!(access.mode, 0o666);
            assert!(access.exposed.is_some());
        }
        put(
            folder,
            "secret.gpg",
            &["keys/ed25519.gpg", "keys/rsa2048.gpg"],
        );
        let report = &verifier.keys()[0];
        assert!(report.changed);
        assert_eq!(report.keys.len(), 1);
    });
}

#[test]
fn keys_in_the_policy_itself_have_no_file() {
    on_each_engine(|kind, folder| {
        let data = "mDMEZZH1gBYJKwYBBAHaRw8BAQdA";
        let policy = format!(
            r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyData":"{data}"}}]}}"#
        );
        let reports = verifier(folder, &policy, kind).keys();
        let [report] = reports.as_slice() else {
            panic!("{reports:#?}");
        };
        assert_eq!((report.origin.as_str(), &report.file), ("keyData", &None));
        assert!(report.digest.is_some());
        assert!(report.problem.is_some(), "it is cut off");
        read_back(report);
    });
}
