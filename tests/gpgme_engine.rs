//! The gpgme engine on the system's GnuPG: many threads, gpg that misbehaves, and what is left
//! behind.
#![cfg(feature = "gpgme")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;
#[path = "common/programs.rs"]
mod programs;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use common::{Fixture, at, example, suite};
use containers_sigpolicy::engine::{
    Engine, EngineError, EngineKind, Gpgme, KeyMaterial, KeyringError, Search, Settings,
};
use containers_sigpolicy::report::Verdict;
use containers_sigpolicy::{Clock, CryptoPolicy, Error, Image};
use programs::{gpg, processes_in, script};

/// The engine, with home directories in `folder`.
fn engine_in(folder: &Path) -> Gpgme {
    let engine = Gpgme::new().temporary_directory(folder);
    let diagnosis = engine.diagnose();
    assert!(diagnosis.is_usable(), "{diagnosis}");
    engine
}

fn settings() -> Settings {
    Settings::new(
        Clock::Fixed(at("2026-01-15T12:00:00Z")),
        CryptoPolicy::Standard,
    )
}

/// The example `verify`, about to verify the image of the README.
fn verify(engine: &str) -> Command {
    let mut command = example("verify");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--engine", engine])
        .args(["--policy", "testdata/example/policy.json"])
        .args(["--key-dir", "testdata/example"])
        .arg("docker://registry.example/app/web:1.4.2")
        .arg("dir:testdata/example/image");
    command
}

/// Nothing is left of the engine in `folder`: no process, no file.
fn assert_nothing_left(folder: &Path) {
    let processes = processes_in(folder);
    assert!(processes.is_empty(), "left running: {processes:?}");
    let files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().starts_with("sigpolicy-"))
        .collect();
    assert!(files.is_empty(), "left behind: {files:?}");
}

#[test]
fn two_hundred_verifications_on_eight_threads_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::SUBKEY;
    let verifier = fixture.verifier_on(engine_in(folder.path()));
    let good = fixture.image();
    let tampered = Image::new(fixture.name(), &b"{}"[..]).with_signature(fixture.signature());
    let unknown =
        Image::new(fixture.name(), fixture.manifest()).with_signature(Fixture::RSA.signature());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (verifier, good, tampered, unknown) = (&verifier, &good, &tampered, &unknown);
            scope.spawn(move || {
                for round in 0..25 {
                    match (thread + round) % 3 {
                        0 => {
                            let error = verifier.verify(tampered).expect_err("another manifest");
                            assert_eq!(error.code(), "digest-mismatch");
                        }
                        1 => {
                            let error = verifier.verify(unknown).expect_err("another key");
                            assert_eq!(error.code(), "unknown-key");
                        }
                        _ => {
                            let accepted = verifier.verify(good).expect("a good image");
                            assert_eq!(accepted.signatures().len(), 1);
                        }
                    }
                }
            });
        }
    });
    drop(verifier);
    assert_nothing_left(folder.path());
}

#[test]
fn one_gpg_runs_for_each_verification() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("log");
    let counting = script(
        folder.path(),
        "gpg",
        &format!(
            "echo \"$@\" >> {}\nexec {} \"$@\"",
            log.display(),
            gpg().display()
        ),
    );
    let fixture = Fixture::ED25519;
    let verifier = fixture.verifier_on(engine_in(folder.path()).program(counting));
    let _ = verifier.verify(&fixture.image()).expect("a good image");
    let runs = || {
        let log = fs::read_to_string(&log).expect("a log");
        let imports = log.lines().filter(|line| line.contains("--import")).count();
        (log.lines().count(), imports)
    };
    let (before, imports) = runs();
    assert_eq!(imports, 1);
    for _ in 0..10 {
        let _ = verifier.verify(&fixture.image()).expect("a good image");
    }
    assert_eq!(runs(), (before + 10, 1));
    drop(verifier);
    assert_nothing_left(folder.path());
}

#[test]
fn a_gpg_that_hangs_is_ended_at_the_deadline() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Works until it is asked to verify; then it starts another program, which hangs.
    let hanging = script(
        folder.path(),
        "gpg",
        &format!(
            "case \"$*\" in *--verify*|*--decrypt*|*--output*) tail -f {}; exit 2;; esac\nexec {} \"$@\"",
            folder.path().join("gpg").display(),
            gpg().display()
        ),
    );
    let fixture = Fixture::ED25519;
    let engine = engine_in(folder.path())
        .program(hanging)
        .deadline(Duration::from_millis(700));
    let verifier = fixture.verifier_on(engine);
    let start = Instant::now();
    let error = verifier.verify(&fixture.image()).expect_err("no verdict");
    assert!(start.elapsed() < Duration::from_secs(5), "{error}");
    assert_eq!(error.code(), "engine-failed");
    assert!(
        matches!(
            &error,
            Error::Engine {
                error: EngineError::TimedOut { .. },
                ..
            }
        ),
        "{error:?}"
    );
    let report = error.report().expect("an image was being judged");
    assert_eq!(report.verdict(), Verdict::Undecided);
    assert_eq!(report.requirements[0].trusted_keys.len(), 1);
    drop(verifier);
    assert_nothing_left(folder.path());
}

#[test]
fn a_gpg_that_crashes_or_is_gone_is_an_error_and_no_verdict() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::ED25519;
    for (name, then) in [
        ("crashing", "kill -SEGV $$"),
        ("failing", "exit 2"),
        ("succeeding", "cat >/dev/null; exit 0"),
    ] {
        let switch = folder.path().join(name);
        let program = script(
            folder.path(),
            &format!("gpg-{name}"),
            &format!(
                "test -e {} && {{ {then}; }}\nexec {} \"$@\"",
                switch.display(),
                gpg().display()
            ),
        );
        let engine = engine_in(folder.path()).program(&program);
        let (keys, blob) = (fixture.keys(), fixture.signature());
        let material = [KeyMaterial {
            origin: "keys",
            bytes: &keys,
        }];
        let import = engine.import(&material, settings()).expect("a keyring");
        import.keyring.verify(&blob).expect("a good signature");
        fs::write(&switch, "").expect("a switch");
        for (what, result) in [
            ("import", engine.import(&material, settings()).err()),
            (
                "verify",
                match import.keyring.verify(&blob) {
                    Err(KeyringError::Failed(error)) => Some(error),
                    other => panic!("{name}: {other:?}"),
                },
            ),
        ] {
            assert!(
                matches!(result, Some(EngineError::Failed { .. })),
                "{name}, {what}: {result:?}"
            );
        }
        // Gone altogether: libgpgme returns empty results without an error.
        fs::remove_file(&program).expect("removed");
        match import.keyring.verify(&blob) {
            Err(KeyringError::Failed(_)) => {}
            other => panic!("{name}: {other:?}"),
        }
        let error = engine.import(&material, settings()).expect_err("no gpg");
        assert!(matches!(error, EngineError::Failed { .. }), "{error:?}");
    }
    assert_nothing_left(folder.path());
}

#[test]
fn nothing_is_left_after_a_panic() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::ED25519;
    let engine = engine_in(folder.path());
    let outcome = std::thread::spawn(move || {
        let verifier = fixture.verifier_on(engine);
        let _ = verifier.verify(&fixture.image()).expect("a good image");
        panic!("with a keyring in hand");
    })
    .join();
    assert!(outcome.is_err());
    assert_nothing_left(folder.path());
}

#[test]
fn empty_and_unusable_key_files_are_told_apart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(folder.path());
    let keys = Fixture::RSA.keys();
    let import = engine
        .import(
            &[
                KeyMaterial {
                    origin: "empty",
                    bytes: b"",
                },
                KeyMaterial {
                    origin: "noise",
                    bytes: b"no key at all",
                },
                KeyMaterial {
                    origin: "good",
                    bytes: &keys,
                },
                KeyMaterial {
                    origin: "again",
                    bytes: &keys,
                },
            ],
            settings(),
        )
        .expect("a keyring");
    assert_eq!(import.keys.len(), 1);
    assert_eq!(import.keys[0].origin, "good");
    let warnings: Vec<String> = import.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("empty holds no OpenPGP key"));
    assert!(warnings[1].starts_with("noise holds no OpenPGP key"));
}

/// gpg itself imports nothing of such a file.
#[test]
fn a_version_6_key_is_told_and_does_no_harm_to_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(folder.path());
    let mixed = common::read("keys/states/version-6-before-version-4-standard.gpg");
    let alone = common::read("keys/states/version-6.gpg");
    let import = engine
        .import(
            &[
                KeyMaterial {
                    origin: "mixed",
                    bytes: &mixed,
                },
                KeyMaterial {
                    origin: "alone",
                    bytes: &alone,
                },
            ],
            settings(),
        )
        .expect("a keyring");
    assert_eq!(import.keys.len(), 1);
    let warnings: Vec<String> = import.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    for (warning, origin) in warnings.iter().zip(["mixed", "alone"]) {
        let expected = format!(
            "{origin} holds a key that cannot be used \
             (E6431F638C22F25030464DD29E352C483BDEC7C9846CF98A9F0B69210770F91B): \
             GnuPG does not read version 6 keys"
        );
        assert_eq!(*warning, expected);
    }
}

#[test]
fn a_clock_that_openpgp_cannot_show_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(folder.path());
    let keys = Fixture::RSA.keys();
    let material = [KeyMaterial {
        origin: "keys",
        bytes: &keys,
    }];
    for seconds in [0, u64::from(u32::MAX) + 1] {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let settings = Settings::new(Clock::Fixed(time), CryptoPolicy::Standard);
        let error = engine
            .import(&material, settings)
            .expect_err("no such time");
        assert!(
            matches!(error, EngineError::FixedClockUnsupported { .. }),
            "{error:?}"
        );
    }
}

/// A gpgme that is configured for a gpg that does not exist, only `gpg2` in `PATH`, no `HOME`: the
/// image verifies.
#[test]
fn the_story_of_a_static_program_on_another_distribution() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).expect("a folder");
    std::os::unix::fs::symlink(gpg(), bin.join("gpg2")).expect("a link");
    // libgpgme asks the gpgconf of PATH where gpg is.
    script(
        &bin,
        "gpgconf",
        "case \"$1\" in\n\
         --list-dirs) echo 'sysconfdir:/nowhere/etc'; echo 'bindir:/nowhere/bin';;\n\
         --list-components) echo 'gpg:OpenPGP:/nowhere/bin/gpg';;\n\
         esac",
    );
    let output = verify("gpgme")
        .env_clear()
        .env("PATH", &bin)
        .env("TMPDIR", folder.path())
        .output()
        .expect("the example runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{printed}{errors}");
    assert!(printed.starts_with("accepted: docker://registry.example"));
    assert!(printed.contains("engine: gpgme (gpgme 1."), "{printed}");

    let output = example("diagnose")
        .env_clear()
        .env("PATH", &bin)
        .env("TMPDIR", folder.path())
        .output()
        .expect("the example runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("gpgme: works"), "{printed}");
    assert!(printed.contains("(only-gpg2)"), "{printed}");
    assert!(
        printed.contains("libgpgme itself is configured for /nowhere/bin/gpg"),
        "{printed}"
    );
    assert_nothing_left(folder.path());
}

#[test]
fn without_path_gpgme_explains_itself_and_auto_takes_sequoia() {
    let verify_without = |engine| verify(engine).env("PATH", "").output();
    let output = verify_without("gpgme").expect("the example runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("PATH names no directory"), "{errors}");
    assert!(errors.contains("what to do: set PATH"), "{errors}");

    let output = verify_without("auto").expect("the example runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    if cfg!(feature = "sequoia") {
        assert_eq!(output.status.code(), Some(0), "{printed}");
        assert!(printed.contains("engine: sequoia ("), "{printed}");
        assert!(
            printed.contains(
                "engine gpgme passed over: gpg cannot be looked for: PATH names no directory"
            ),
            "{printed}"
        );
    } else {
        assert_eq!(output.status.code(), Some(2), "{printed}");
    }
}

#[test]
fn the_user_s_home_and_configuration_are_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join("home");
    let gnupg = home.join(".gnupg");
    fs::create_dir_all(&gnupg).expect("folders");
    // gpg refuses to run with an option that it does not know.
    fs::write(gnupg.join("gpg.conf"), "no-such-option\n").expect("a file");
    let output = verify("gpgme")
        .env("HOME", &home)
        .env("GNUPGHOME", &gnupg)
        .env("TMPDIR", folder.path())
        .output()
        .expect("the example runs");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let files: Vec<_> = fs::read_dir(&gnupg)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(files, ["gpg.conf"]);
    assert_nothing_left(folder.path());
}

#[test]
fn every_changed_byte_of_a_signature_changes_nothing_that_is_accepted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::ED25519;
    let keys = fixture.keys();
    let material = [KeyMaterial {
        origin: "keys",
        bytes: &keys,
    }];
    let import = engine_in(folder.path())
        .import(&material, settings())
        .expect("a keyring");
    let blob = fixture.signature();
    let good = import.keyring.verify(&blob).expect("a good signature");
    for index in 0..blob.len() {
        let mut changed = blob.clone();
        changed[index] ^= 1 << (index % 8);
        match import.keyring.verify(&changed) {
            Ok(proven) => {
                assert_eq!(proven.payload(), good.payload(), "byte {index}");
                assert_eq!(proven.primary_key(), good.primary_key(), "byte {index}");
            }
            Err(KeyringError::Refused(_)) => {}
            Err(KeyringError::Failed(error)) => {
                panic!(
                    "byte {index}: {error}, {:?}",
                    std::error::Error::source(&error)
                )
            }
        }
    }
}

#[test]
fn the_conformance_folder_is_there() {
    assert!(suite().is_dir());
    assert_eq!(EngineKind::from_name("gpgme"), Some(EngineKind::Gpgme));
    let selection = Search::from_env()
        .select(&[EngineKind::Gpgme])
        .expect("gpgme works");
    assert_eq!(selection.engine.name(), "gpgme");
    assert!(selection.passed_over.is_empty());
}
