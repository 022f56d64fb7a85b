//! Large key files, and those of which there is much to say: they are read as far as the limit, and what is said stays short.
#![cfg(any(feature = "_rules", feature = "gpg"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, Import, KeyMaterial, KeyWarning, Settings};
use containers_sigpolicy::{Clock, CryptoPolicy, Moment};

/// A primary key packet of version 6, without a key.
const BROKEN_KEY: &[u8] = b"\xC6\x01\x06";

fn engines() -> Vec<Arc<dyn Engine>> {
    let gpg: Vec<Arc<dyn Engine>> = vec![
        #[cfg(feature = "gpg")]
        Arc::new(containers_sigpolicy::engine::Gpg::new()),
    ];
    [common::in_process(), gpg].concat()
}

fn good_key() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/keys/ed25519.gpg");
    fs::read(path).expect("a key")
}

fn import(engine: &dyn Engine, files: &[Vec<u8>]) -> Import {
    let names: Vec<String> = (1..=files.len())
        .map(|file| format!("{file}.gpg"))
        .collect();
    let material: Vec<KeyMaterial<'_>> = names
        .iter()
        .zip(files)
        .map(|(origin, bytes)| KeyMaterial::new(origin, bytes))
        .collect();
    let at: Moment = "2026-01-15T12:00:00Z".parse().expect("a time");
    let settings = Settings::new(Clock::Fixed(at), CryptoPolicy::Standard);
    engine
        .import(&material, &settings)
        .unwrap_or_else(|error| panic!("{}: {error}", engine.name()))
}

/// How long all warnings are together, as people read them.
fn length(warnings: &[KeyWarning]) -> usize {
    warnings
        .iter()
        .map(|warning| warning.to_string().len())
        .sum()
}

#[test]
fn the_warnings_of_a_bad_file_are_few_and_say_how_many_more_there_are() {
    let count = 20_000;
    let file = [good_key(), BROKEN_KEY.repeat(count)].concat();
    for engine in engines() {
        let import = import(engine.as_ref(), std::slice::from_ref(&file));
        assert_eq!(import.keys.len(), 1, "{}", engine.name());
        let warnings = import.warnings;
        assert!(warnings.len() < 40, "{}: {}", engine.name(), warnings.len());
        assert!(length(&warnings) < 10_000, "{warnings:?}");
        let told = warnings.iter().any(|warning| {
            matches!(warning, KeyWarning::More { count: more, .. } if *more > count - 40 && *more < count)
        });
        // gpg does not get packets that it cannot read, and a file of many is reported by its first.
        assert!(told, "{}: {warnings:?}", engine.name());
    }
}

#[test]
fn the_warnings_of_many_bad_files_are_bounded_together() {
    let file = BROKEN_KEY.repeat(1_000);
    for engine in engines() {
        let import = import(engine.as_ref(), &vec![file.clone(); 50]);
        assert!(import.keys.is_empty());
        assert!(length(&import.warnings) < 100_000, "{}", engine.name());
    }
}

#[test]
fn a_key_file_may_be_larger_than_those_of_distributions() {
    // Marker packets behind a user ID with a line feed, which GnuPG's filter for ASCII armor wants to see early.
    let markers = b"\xCA\x03PGP".repeat(7 * 1024 * 1024);
    let file = [b"\xB4\x01\n".to_vec(), markers, good_key()].concat();
    assert!(file.len() > 33_000_000);
    for engine in engines() {
        let import = import(engine.as_ref(), std::slice::from_ref(&file));
        assert_eq!(
            import.keys.len(),
            1,
            "{}: {:?}",
            engine.name(),
            import.warnings
        );
    }
}
