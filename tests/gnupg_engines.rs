//! The engines on the system's GnuPG: many threads, gpg that misbehaves, and what is left behind. Each
//! test runs on each of them, under the name of the engine.
#![cfg(any(feature = "gpgme", feature = "gpg"))]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
#[cfg(feature = "cli")]
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use common::programs::{gpg, processes_in, script};
#[cfg(feature = "cli")]
use common::sigpolicy;
use common::{Fixture, at, suite, unwrapped};
use containers_sigpolicy::engine::{
    Engine, EngineError, EngineKind, Environment, KeyMaterial, KeyringError, Selection, Settings,
};
use containers_sigpolicy::verdict::Verdict;
use containers_sigpolicy::{Accepted, Clock, CryptoPolicy, Error, Image, Verifier};

/// Makes each of these functions a test on each engine.
macro_rules! on_each_engine {
    ($($(#[$attribute:meta])* $test:ident,)*) => {
        #[cfg(feature = "gpgme")]
        mod gpgme {
            $($(#[$attribute])* #[test] fn $test() { super::$test(containers_sigpolicy::engine::EngineKind::Gpgme); })*
        }
        #[cfg(feature = "gpg")]
        mod gpg {
            $($(#[$attribute])* #[test] fn $test() { super::$test(containers_sigpolicy::engine::EngineKind::Gpg); })*
        }
    };
}

on_each_engine! {
    two_hundred_verifications_on_eight_threads_leave_nothing_behind,
    one_gpg_runs_for_each_verification,
    a_gpg_that_hangs_is_ended_at_the_deadline,
    a_gpg_that_crashes_or_is_gone_is_an_error_and_no_verdict,
    a_gpg_that_ends_early_has_judged_nothing,
    a_gpg_that_has_lost_its_keys_says_nothing_about_a_signature,
    an_engine_that_fails_at_its_work_is_skipped_and_remembered,
    an_engine_that_was_named_is_not_skipped,
    a_signature_over_which_gpg_fails_does_no_harm_to_a_good_one,
    nothing_is_left_after_a_panic,
    empty_and_unusable_key_files_are_told_apart,
    a_version_6_key_is_told_and_does_no_harm_to_others,
    a_clock_that_openpgp_cannot_show_is_refused,
    #[cfg(feature = "cli")]
    without_path_the_engine_explains_itself_and_auto_takes_another,
    #[cfg(feature = "cli")]
    the_user_s_home_and_configuration_are_not_touched,
}

/// The engine of this kind.
fn engine(kind: EngineKind, search: &Environment) -> Selection {
    search
        .select(&[kind])
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The engine, with home directories in `folder`.
fn engine_in(kind: EngineKind, folder: &Path) -> Arc<dyn Engine> {
    engine(kind, &search_in(folder)).engine
}

fn search_in(folder: &Path) -> Environment {
    Environment::from_env().temporary_directory(folder)
}

fn settings() -> Settings {
    Settings::new(
        Clock::Fixed(at("2026-01-15T12:00:00Z")),
        CryptoPolicy::Standard,
    )
}

/// `sigpolicy verify`, about to verify the image of the README.
#[cfg(feature = "cli")]
fn verify(engine: &str) -> Command {
    let mut command = sigpolicy("verify");
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

fn two_hundred_verifications_on_eight_threads_leave_nothing_behind(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::SUBKEY;
    let verifier = fixture.verifier_on_shared(engine_in(kind, folder.path()));
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
                            assert_eq!(accepted.signatures().count(), 1);
                        }
                    }
                }
            });
        }
    });
    drop(verifier);
    assert_nothing_left(folder.path());
}

fn one_gpg_runs_for_each_verification(kind: EngineKind) {
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
    let engine = engine(kind, &search_in(folder.path()).program(counting)).engine;
    // What it was tried out with does not count.
    fs::write(&log, "").expect("a log");
    let verifier = fixture.verifier_on_shared(engine);
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

fn a_gpg_that_hangs_is_ended_at_the_deadline(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Works until it is asked to verify; then it starts another program, which hangs.
    let switch = folder.path().join("switch");
    let hanging = script(
        folder.path(),
        "gpg",
        &format!(
            "test -e {} && case \"$*\" in *--output*) tail -f {}; exit 2;; esac\nexec {} \"$@\"",
            switch.display(),
            folder.path().join("gpg").display(),
            gpg().display()
        ),
    );
    let fixture = Fixture::ED25519;
    let search = search_in(folder.path())
        .program(hanging)
        .deadline(Duration::from_millis(1500));
    let engine = engine(kind, &search).engine;
    fs::write(&switch, "").expect("a switch");
    let verifier = fixture.verifier_on_shared(engine);
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
    assert_eq!(report.requirements[0].trusted_signers.len(), 1);
    drop(verifier);
    assert_nothing_left(folder.path());
}

fn a_gpg_that_crashes_or_is_gone_is_an_error_and_no_verdict(kind: EngineKind) {
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
        let engine = engine(kind, &search_in(folder.path()).program(&program)).engine;
        let (keys, blob) = (fixture.keys(), fixture.signature());
        let material = [KeyMaterial::new("keys", &keys)];
        let import = engine.import(&material, &settings()).expect("a keyring");
        import.keyring.verify(&blob).expect("a good signature");
        fs::write(&switch, "").expect("a switch");
        for (what, result) in [
            ("import", engine.import(&material, &settings()).err()),
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
        // Gone altogether: libgpgme returns empty results without an error of its own.
        fs::remove_file(&program).expect("removed");
        match import.keyring.verify(&blob) {
            Err(KeyringError::Failed(_)) => {}
            other => panic!("{name}: {other:?}"),
        }
        let error = engine.import(&material, &settings()).expect_err("no gpg");
        assert!(matches!(error, EngineError::Failed { .. }), "{error:?}");
    }
    assert_nothing_left(folder.path());
}

/// However many status lines come through before gpg ends: without the rest, they are no verdict, and say
/// nothing about the image.
fn a_gpg_that_ends_early_has_judged_nothing(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let how = folder.path().join("how");
    let cutting = script(
        folder.path(),
        "gpg",
        &format!(
            "exec python3 {} {} {} \"$@\"",
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/common/cut_gpg.py")
                .display(),
            gpg().display(),
            how.display(),
        ),
    );
    let engine = engine(kind, &search_in(folder.path()).program(cutting)).engine;
    let fixture = Fixture::ED25519;
    let (keys, blob) = (fixture.keys(), fixture.signature());
    let material = [KeyMaterial::new("keys", &keys)];
    let import = engine.import(&material, &settings()).expect("a keyring");
    import.keyring.verify(&blob).expect("a good signature");
    for ending in ["kill", "exit"] {
        for lines in 0..8 {
            fs::write(&how, format!("{lines} {ending}")).expect("a file");
            match import.keyring.verify(&blob) {
                Err(KeyringError::Failed(_)) => {}
                other => panic!("{lines} lines, then {ending}: {other:?}"),
            }
        }
    }
    // Everything, and then a bad end, of which libgpgme does not tell.
    fs::write(&how, "99 kill").expect("a file");
    match (kind, import.keyring.verify(&blob)) {
        (EngineKind::Gpgme, Ok(_)) | (_, Err(KeyringError::Failed(_))) => {}
        (_, other) => panic!("{other:?}"),
    }
}

/// Somebody has removed its key ring, or put something else in its place.
fn a_gpg_that_has_lost_its_keys_says_nothing_about_a_signature(kind: EngineKind) {
    for loss in ["gone", "a directory", "noise"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let fixture = Fixture::ED25519;
        let (keys, blob) = (fixture.keys(), fixture.signature());
        let material = [KeyMaterial::new("keys", &keys)];
        let engine = engine_in(kind, folder.path());
        let import = engine.import(&material, &settings()).expect("a keyring");
        import.keyring.verify(&blob).expect("a good signature");
        let stranger = import.keyring.verify(&Fixture::RSA.signature());
        assert!(
            matches!(stranger, Err(KeyringError::Refused(_))),
            "{stranger:?}"
        );
        let home = fs::read_dir(folder.path())
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").path().join("home"))
            .find(|home| home.is_dir())
            .expect("a home directory");
        let ring = home.join("pubring.kbx");
        fs::remove_file(&ring).expect("a key ring");
        // Else gpg goes by its copy.
        let _ = fs::remove_file(home.join("pubring.kbx~"));
        match loss {
            "a directory" => fs::create_dir(&ring).expect("a directory"),
            "noise" => fs::write(&ring, "noise").expect("a file"),
            _ => {}
        }
        match import.keyring.verify(&blob) {
            Err(KeyringError::Failed(_)) => {}
            other => panic!("{loss}: {other:?}"),
        }
        drop(import);
        assert_nothing_left(folder.path());
    }
}

/// A gpg that works as long as there is no file `switch`; then it does so before it does anything else. Each
/// of its runs is a line in the file `log`.
fn gpg_with_a_switch(folder: &Path, then: &str) -> PathBuf {
    script(
        folder,
        "gpg",
        &format!(
            "echo \"$@\" >> {folder}/log\ntest -e {folder}/switch && {{ {then}; }}\nexec {gpg} \"$@\"",
            folder = folder.display(),
            gpg = gpg().display(),
        ),
    )
}

/// How an engine on GnuPG fails later, although it worked when it was tried out.
const FAILURES: [(&str, &str); 4] = [
    ("killed", "kill -KILL $$"),
    ("ended", "exit 2"),
    ("hanging", "while :; do sleep 1; done"),
    ("out of memory", "ulimit -v 4096; exec /bin/sh -c 'exit 2'"),
];

fn an_engine_that_fails_at_its_work_is_skipped_and_remembered(kind: EngineKind) {
    if !cfg!(feature = "sequoia") {
        return;
    }
    for (failure, then) in FAILURES {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let search = search_in(folder.path())
            .program(gpg_with_a_switch(folder.path(), then))
            .deadline(Duration::from_millis(1500));
        let fixture = Fixture::ED25519;
        let verifier = Verifier::builder(fixture.policy())
            .first_engine(search, [kind, EngineKind::Sequoia])
            .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
            .key_directory(suite())
            .build();
        let engine_of = |accepted: &Accepted| accepted.report().engine.clone().expect("an engine");
        let good = fixture.image();
        let accepted = verifier.verify(&good).expect("a good image");
        assert_eq!(engine_of(&accepted).name, kind.name());

        let switch = folder.path().join("switch");
        fs::write(&switch, "").expect("a switch");
        let accepted = verifier.verify(&good).expect("a good image");
        let engine = engine_of(&accepted);
        assert_eq!(engine.name, "sequoia", "{failure}");
        let skipped = &engine.skipped[0];
        assert_eq!(skipped.engine, kind);
        assert_eq!(skipped.cause.code(), "failed-at-work");
        let text = unwrapped(format!("{:#}", accepted.report()));
        assert!(text.contains("failed while in use"), "{text}");

        // Remembered: gpg is not run again, whatever the image.
        let runs = || fs::read_to_string(folder.path().join("log")).expect("a log");
        let before = runs();
        let _ = verifier.verify(&good).expect("a good image");
        let tampered = Image::new(fixture.name(), &b"{}"[..]).with_signature(fixture.signature());
        let error = verifier.verify(&tampered).expect_err("another manifest");
        assert_eq!(error.code(), "digest-mismatch", "{failure}");
        assert_eq!(runs(), before, "{failure}");

        // Until the keys are reloaded.
        fs::remove_file(&switch).expect("no switch");
        verifier.reload();
        let accepted = verifier.verify(&good).expect("a good image");
        assert_eq!(engine_of(&accepted).name, kind.name(), "{failure}");

        drop(verifier);
        assert_nothing_left(folder.path());
    }
}

fn an_engine_that_was_named_is_not_skipped(kind: EngineKind) {
    for (failure, then) in FAILURES {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let search = search_in(folder.path())
            .program(gpg_with_a_switch(folder.path(), then))
            .deadline(Duration::from_millis(1500));
        let fixture = Fixture::ED25519;
        let named = Verifier::builder(fixture.policy()).engine(engine(kind, &search));
        // The only one of its order is as good as named.
        let only = Verifier::builder(fixture.policy()).first_engine(search, [kind]);
        for builder in [named, only] {
            let verifier = builder.key_directory(suite()).build();
            let _ = verifier.verify(&fixture.image()).expect("a good image");
            let switch = folder.path().join("switch");
            fs::write(&switch, "").expect("a switch");
            let error = verifier.verify(&fixture.image()).expect_err("no verdict");
            assert_eq!(error.code(), "engine-failed", "{failure}: {error}");
            assert!(matches!(error, Error::Engine { .. }), "{failure}: {error}");
            // A later image may find it well.
            fs::remove_file(&switch).expect("no switch");
            let _ = verifier.verify(&fixture.image()).expect("a good image");
        }
    }
}

/// Whoever can add a signature to an image could else keep it from running.
fn a_signature_over_which_gpg_fails_does_no_harm_to_a_good_one(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // It is killed over the first of the two.
    let program = script(
        folder.path(),
        "gpg",
        &format!(
            "test -e {folder}/switch || exec {gpg} \"$@\"\n\
             case \"$*\" in *--output*) ;; *) exec {gpg} \"$@\";; esac\n\
             rm {folder}/switch; kill -KILL $$",
            folder = folder.path().display(),
            gpg = gpg().display(),
        ),
    );
    let engine = engine(kind, &search_in(folder.path()).program(program)).engine;
    let fixture = Fixture::ED25519;
    let verifier = fixture.verifier_on_shared(engine);
    let image = fixture.image().with_signature(fixture.signature());
    let _ = verifier.verify(&image).expect("a good image");
    fs::write(folder.path().join("switch"), "").expect("a switch");
    // libgpgme's gpg is asked again, and then has a word.
    let accepted = verifier.verify(&image).expect("a good image");
    let signature = accepted
        .signatures()
        .next()
        .expect("it is signed")
        .signature;
    assert_eq!(signature, if kind == EngineKind::Gpg { 2 } else { 1 });
}

fn nothing_is_left_after_a_panic(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixture = Fixture::ED25519;
    let engine = engine_in(kind, folder.path());
    let outcome = std::thread::spawn(move || {
        let verifier = fixture.verifier_on_shared(engine);
        let _ = verifier.verify(&fixture.image()).expect("a good image");
        panic!("with a keyring in hand");
    })
    .join();
    assert!(outcome.is_err());
    assert_nothing_left(folder.path());
}

fn empty_and_unusable_key_files_are_told_apart(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(kind, folder.path());
    let keys = Fixture::RSA.keys();
    let import = engine
        .import(
            &[
                KeyMaterial::new("empty", b""),
                KeyMaterial::new("noise", b"no key at all"),
                KeyMaterial::new("good", &keys),
                KeyMaterial::new("again", &keys),
            ],
            &settings(),
        )
        .expect("a keyring");
    assert_eq!(import.keys.len(), 1);
    assert_eq!(import.keys[0].origin, "good");
    let warnings: Vec<String> = import.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("empty contains no OpenPGP key"));
    assert!(warnings[1].starts_with("noise is ") && warnings[1].ends_with(", and no OpenPGP key"));
}

/// gpg itself imports nothing of such a file.
fn a_version_6_key_is_told_and_does_no_harm_to_others(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(kind, folder.path());
    let mixed = common::read("keys/states/version-6-before-version-4-standard.gpg");
    let alone = common::read("keys/states/version-6.gpg");
    let import = engine
        .import(
            &[
                KeyMaterial::new("mixed", &mixed),
                KeyMaterial::new("alone", &alone),
            ],
            &settings(),
        )
        .expect("a keyring");
    assert_eq!(import.keys.len(), 1);
    let warnings: Vec<String> = import.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    let native = match cfg!(feature = "native-openssl") {
        true => "native-openssl",
        false => "native",
    };
    for (warning, origin) in warnings.iter().zip(["mixed", "alone"]) {
        let expected = format!(
            "{origin} contains a key that the engine {kind} cannot use \
             (E6431F638C22F25030464DD29E352C483BDEC7C9846CF98A9F0B69210770F91B): \
             it does not support keys of version 6; the engines native (feature `{native}`), sequoia (feature `sequoia-rust`) do"
        );
        assert_eq!(*warning, expected);
    }
}

fn a_clock_that_openpgp_cannot_show_is_refused(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = engine_in(kind, folder.path());
    let keys = Fixture::RSA.keys();
    let material = [KeyMaterial::new("keys", &keys)];
    for seconds in [0, u64::from(u32::MAX) + 1] {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let settings = Settings::new(Clock::Fixed(time.into()), CryptoPolicy::Standard);
        let error = engine
            .import(&material, &settings)
            .expect_err("no such time");
        assert!(
            matches!(error, EngineError::ClockUnsupported { .. }),
            "{error:?}"
        );
    }
}

#[cfg(feature = "cli")]
fn without_path_the_engine_explains_itself_and_auto_takes_another(kind: EngineKind) {
    let verify_without = |engine| verify(engine).arg("--verbose").env("PATH", "").output();
    let output = verify_without(kind.name()).expect("the example runs");
    let errors = unwrapped(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("PATH names no directory"), "{errors}");
    assert!(errors.contains("what to do: set PATH"), "{errors}");

    let output = verify_without("auto").expect("the example runs");
    let printed = unwrapped(&output.stdout);
    if cfg!(feature = "_rules") {
        assert_eq!(output.status.code(), Some(0), "{printed}");
        let other = match cfg!(feature = "_native") {
            true => "native",
            false => "sequoia",
        };
        let other = format!("engine: {other} (");
        assert!(printed.contains(&other), "{printed}");
        assert!(
            printed.contains(&format!(
                "engine {kind} skipped: gpg cannot be looked for: PATH names no directory"
            )),
            "{printed}"
        );
    } else {
        assert_eq!(output.status.code(), Some(2), "{printed}");
    }
}

#[cfg(feature = "cli")]
fn the_user_s_home_and_configuration_are_not_touched(kind: EngineKind) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join("home");
    let gnupg = home.join(".gnupg");
    fs::create_dir_all(&gnupg).expect("folders");
    // gpg refuses to run with an option that it does not know.
    fs::write(gnupg.join("gpg.conf"), "no-such-option\n").expect("a file");
    let output = verify(kind.name())
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
