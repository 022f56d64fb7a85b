//! What `sigpolicy lint` says of whole policies, to the letter: those that the manual page and distributions have, and
//! one with every slip that was seen. For each `NAME.json` in `testdata/lint` there is a `NAME.txt`.
//!
//! `WRITE_LINT=1 cargo test --features cli --test lint_policies` writes the texts anew; then read what has changed.
#![cfg(all(feature = "cli", feature = "_rules", feature = "sigstore"))]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::{json, sigpolicy};

/// Each policy with the exit status, and with more arguments where the files that it names are not everywhere.
const POLICIES: &[(&str, i32, &[&str])] = &[
    ("comment", 2, NO_KEY_FILES),
    ("debian", 1, &[]),
    ("fedora", 1, NO_KEY_FILES),
    ("fedora-sigstore", 1, NO_KEY_FILES),
    ("images", 2, IMAGES),
    ("keys", 2, KEYS),
    ("manual-locked-down", 0, NO_KEY_FILES),
    ("manual-open", 1, &[]),
    ("manual-reject", 0, &[]),
    ("mistakes", 2, NO_KEY_FILES),
];

const NO_KEY_FILES: &[&str] = &["--no-key-files"];

const IMAGES: &[&str] = &[
    "--no-key-files",
    "--for",
    "docker://registry.example.com/shop/web:1.4.2",
    "--for",
    "docker://registry.example.com/shop/secret:1",
    "--for",
    "docker://mirror.example.net/shop/web:1.4.2",
    "--for",
    "docker://quay.io/team/app:2",
];

/// The paths are relative here on purpose.
const KEYS: &[&str] = &[
    "--key-dir",
    "../conformance/keys",
    "--allow",
    "relative-key-path",
    "--allow",
    "key-file-writable",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/lint")
}

/// What the program prints of a policy, and its exit status.
fn lint(name: &str, arguments: &[&str]) -> (Vec<u8>, Option<i32>) {
    let output = sigpolicy("lint")
        .current_dir(folder())
        .args([
            "--engine",
            common::any_in_process().name(),
            "--at",
            "2026-01-15T12:00:00Z",
        ])
        // A checkout may be writable by whomever its umask lets.
        .args(["--allow", "policy-writable"])
        .args(arguments)
        .arg(format!("{name}.json"))
        .output()
        .expect("it runs");
    (output.stdout, output.status.code())
}

#[test]
fn each_policy_is_told_in_these_words() {
    let write = std::env::var_os("WRITE_LINT").is_some();
    let here = folder();
    let mut wrong = Vec::new();
    for (name, status, arguments) in POLICIES {
        let (output, found) = lint(name, arguments);
        let text = String::from_utf8(output).expect("UTF-8");
        let text = text.replace(here.to_str().expect("UTF-8"), "@");
        assert_eq!(found, Some(*status), "{name}: {text}");
        let file = here.join(format!("{name}.txt"));
        if write {
            fs::write(&file, &text).expect("a file");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if text != expected {
            wrong.push(format!("{name}:\n{text}instead of:\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_belongs_to_a_policy() {
    let there: BTreeSet<String> = fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    let known = POLICIES.iter();
    let known = known.flat_map(|(name, ..)| [format!("{name}.json"), format!("{name}.txt")]);
    assert_eq!(there, known.collect());
}

/// Each slip by itself: the code, the line, and what to write.
#[test]
fn every_slip_is_found_with_its_line_and_the_right_spelling() {
    let (output, _) = lint("mistakes", &["--no-key-files", "--json"]);
    let report = json::read(&output, "lint");
    let findings = report["findings"].as_array().expect("a list");
    for (situation, code, line, step) in [
        (
            "f01",
            "scope-never-matches",
            5,
            "write `docker.io/library/busybox`",
        ),
        (
            "f02",
            "official-image-namespace",
            6,
            "write `docker.io/library/nginx` if that is meant",
        ),
        (
            "f03",
            "scope-never-matches",
            7,
            "write `registry.example.com/a`",
        ),
        (
            "f04",
            "scope-never-matches",
            8,
            "write `registry.example.com/b`",
        ),
        (
            "f05",
            "scope-never-matches",
            9,
            "write `registry.example.com/shop`",
        ),
        (
            "f06",
            "host-without-port",
            10,
            "give the same requirements to both if both names are in use",
        ),
        (
            "f07",
            "scope-never-matches",
            12,
            "write `registry.example.com/shop/web`",
        ),
        (
            "f08",
            "scope-never-matches",
            13,
            "write `registry.example.org`",
        ),
        (
            "f09",
            "scope-never-matches",
            14,
            "name each host with its path, or write the hosts alone, which covers all of them",
        ),
        (
            "h02",
            "match-exact-refuses-digests",
            20,
            "leave `signedIdentity` out: the default takes a digest, which is compared with the image itself",
        ),
        (
            "h04",
            "both-must-pass",
            25,
            "if either is meant to be enough, write one with `\"keyPaths\": [\"/etc/pki/keys/shop-2025.gpg\", \
             \"/etc/pki/keys/shop-2026.gpg\"]`",
        ),
        (
            "h07",
            "remap-never-fits",
            32,
            "write `mirror.example.net/shop` as `prefix`",
        ),
        ("x09", "both-must-pass", 41, "remove it"),
        ("f25", "unknown-transport", 44, "write `docker`"),
        ("f32", "unknown-transport", 47, "write `docker`"),
        (
            "x07",
            "unsigned-beside-never-matching",
            5,
            "mend the scope; until then, write `reject` as that default",
        ),
    ] {
        let is_it = |finding: &&serde_json::Value| {
            finding["code"] == code && finding["span"]["start"]["line"] == line
        };
        let found: Vec<_> = findings.iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{situation}: {findings:#?}");
        assert_eq!(found[0]["steps"][0], step, "{situation}");
    }
}
