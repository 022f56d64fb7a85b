//! The keys in a folder of key files, as the engines and the gpg of the PATH read them: `tests/distribution-keys.sh` runs this on
//! the keys that distributions ship.
//!
//! An engine says which primary keys it trusts and when they expire; which subkeys may sign, nobody can ask it.
#![cfg(all(feature = "gpg", feature = "_rules"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, and this one reports"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use containers_sigpolicy::engine::{Engine, EngineKind, KeyMaterial, KeyWarning, Settings, select};
use containers_sigpolicy::{Clock, CryptoPolicy, Moment};

/// Primary keys by fingerprint, each with its expiry in seconds, if it has one.
type Keys = BTreeMap<String, Option<u64>>;

#[test]
#[ignore = "needs KEY_FILES, a folder of key files: tests/distribution-keys.sh"]
fn the_engines_trust_the_keys_that_gpg_takes() {
    let folder = PathBuf::from(env::var_os("KEY_FILES").expect("KEY_FILES"));
    let files = key_files(&folder);
    assert!(!files.is_empty(), "no file in {}", folder.display());
    let gpg = select(&[EngineKind::Gpg]).expect("gpg works");
    let engines = [common::in_process(), vec![gpg.engine]].concat();
    let mut all = BTreeSet::new();
    let mut agreed = BTreeSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut unexplained = 0_usize;
    let mut without_keys = 0_usize;
    for (path, bytes) in &files {
        let name = path
            .strip_prefix(&folder)
            .unwrap_or(path)
            .display()
            .to_string();
        let by_gpg = taken_by_gpg(path);
        without_keys += usize::from(by_gpg.is_empty());
        all.extend(by_gpg.keys().cloned());
        let mut common: BTreeSet<String> = by_gpg.keys().cloned().collect();
        for engine in &engines {
            let (keys, warnings) = trusted(engine.as_ref(), &name, bytes);
            let engine = engine.name();
            let fingerprints: BTreeSet<&String> = by_gpg.keys().chain(keys.keys()).collect();
            for fingerprint in fingerprints {
                let (kind, is_explained) = match (by_gpg.get(fingerprint), keys.get(fingerprint)) {
                    (Some(expiry), Some(ours)) if expiry == ours => continue,
                    (Some(expiry), Some(ours)) => {
                        (format!("expiry {ours:?}, for gpg {expiry:?}"), false)
                    }
                    (None, _) => given_up(&warnings),
                    (_, None) => explained(fingerprint, &warnings),
                };
                common.remove(fingerprint);
                println!("{name}, {fingerprint}, engine {engine}: {kind}");
                *kinds.entry(format!("engine {engine}: {kind}")).or_default() += 1;
                unexplained += usize::from(!is_explained);
            }
        }
        agreed.extend(common);
    }
    println!(
        "{} files (each content once), {without_keys} of them without a key for gpg; {} keys, {} of them alike for all",
        files.len(),
        all.len(),
        agreed.len()
    );
    for (kind, count) in kinds {
        println!("{count} × {kind}");
    }
    assert_eq!(unexplained, 0, "differences without an explanation");
}

/// Why gpg does not take a key that an engine trusts, if that is a reason that it is known to have: it stops reading a file at
/// a key that it cannot read, which does no harm here.
fn given_up(warnings: &[KeyWarning]) -> (String, bool) {
    let unsupported = warnings.iter().find_map(|warning| match warning {
        KeyWarning::UnsupportedKey { what, .. } => Some(what),
        _ => None,
    });
    match unsupported {
        Some(what) => (
            format!("gpg stops reading the file, with {what} in it"),
            true,
        ),
        None => ("gpg does not take it".to_owned(), false),
    }
}

/// Why an engine does not trust a key that gpg takes, and whether that is a reason that it is meant to have.
fn explained(fingerprint: &str, warnings: &[KeyWarning]) -> (String, bool) {
    let of_key = warnings.iter().find(|warning| {
        let (KeyWarning::UnusableKey { key, .. } | KeyWarning::UnsupportedKey { key, .. }) =
            warning
        else {
            return false;
        };
        key.as_ref()
            .is_some_and(|key| fingerprint.ends_with(key.as_str()))
    });
    match of_key {
        Some(KeyWarning::UnsupportedKey { what, .. }) => (format!("it cannot use {what}"), true),
        Some(KeyWarning::UnusableKey { detail, .. }) => (detail.clone(), false),
        _ => (
            format!("not trusted, without a word of it: {warnings:?}"),
            false,
        ),
    }
}

/// All regular files below a folder, each content once.
fn key_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![folder.to_owned()];
    let mut contents = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let metadata = fs::symlink_metadata(&path).expect("an entry");
            let is_documentation = ["doc", "lintian", "man"]
                .iter()
                .any(|name| path.ends_with(name));
            if metadata.is_dir() && !is_documentation {
                folders.push(path);
            } else if metadata.is_file() {
                contents
                    .entry(fs::read(&path).expect("a file"))
                    .or_insert(path);
            }
        }
    }
    let mut files: Vec<_> = contents
        .into_iter()
        .map(|(bytes, path)| (path, bytes))
        .collect();
    files.sort();
    files
}

fn trusted(engine: &dyn Engine, origin: &str, bytes: &[u8]) -> (Keys, Vec<KeyWarning>) {
    let settings = Settings::new(Clock::System, CryptoPolicy::GnuPg);
    let import = engine
        .import(&[KeyMaterial::new(origin, bytes)], &settings)
        .unwrap_or_else(|error| {
            panic!("{origin}: {error}: {:?}", std::error::Error::source(&error))
        });
    let seconds = |moment: Moment| {
        let since = moment.system_time().duration_since(std::time::UNIX_EPOCH);
        since.expect("after 1970").as_secs()
    };
    let keys = import.keys.iter();
    let keys = keys.map(|key| (key.fingerprint.to_string(), key.expires.map(seconds)));
    (keys.collect(), import.warnings)
}

/// What gpg has in an empty home directory behind the import: primary keys with a valid user ID.
fn taken_by_gpg(path: &Path) -> Keys {
    let home = tempfile::tempdir().expect("a temporary folder");
    let gpg = |arguments: &[&str], path: Option<&Path>| {
        Command::new("gpg")
            .args([
                "--batch",
                "--no-autostart",
                "--no-auto-check-trustdb",
                "--trust-model",
                "always",
                "--homedir",
            ])
            .arg(home.path())
            .args(arguments)
            .args(path)
            .stderr(Stdio::null())
            .output()
            .expect("gpg runs")
    };
    gpg(&["--import"], Some(path));
    let listing = gpg(&["--with-colons", "--fixed-list-mode", "--list-keys"], None);
    let listing = String::from_utf8_lossy(&listing.stdout);
    let mut keys = Keys::new();
    let mut primary = None;
    for line in listing.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        match (fields.first(), fields.get(1), fields.get(6), fields.get(9)) {
            (Some(&"pub"), Some(validity), Some(expiry), _) => {
                primary = (*validity != "i").then(|| expiry.parse().ok());
            }
            (Some(&"sub"), ..) => primary = None,
            (Some(&"fpr"), _, _, Some(fingerprint)) => {
                if let Some(expiry) = primary.take() {
                    keys.insert((*fingerprint).to_owned(), expiry);
                }
            }
            _ => {}
        }
    }
    keys
}
