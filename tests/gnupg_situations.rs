//! Machines on which GnuPG is not as a distribution installs it: whether what `diagnose` says is what
//! `verify` then does, on each engine.
#![cfg(all(any(feature = "gpgme", feature = "gpg"), feature = "cli"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use common::programs::{gpg, processes_in, script};
use common::sigpolicy;
use containers_sigpolicy::engine::EngineKind;
use serde_json::Value;
use tempfile::TempDir;

/// A machine: what it has in `PATH`, and which libgpgme.
struct Machine {
    folder: TempDir,
    bin: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("a folder");
        Self {
            folder,
            bin,
            variables: Vec::new(),
        }
    }

    fn with_gpg(self, name: &str) -> Self {
        symlink(gpg(), self.bin.join(name)).expect("a link");
        self
    }

    fn with_script(self, name: &str, commands: &str) -> Self {
        script(&self.bin, name, commands);
        self
    }

    /// A libgpgme that is built for programs in a place that does not exist: a real one in the folder that
    /// `FIXED_PATH_LIBGPGME` names (`tests/fixed-path.sh` builds it); else a stand-in, this machine's own
    /// behind a library that hides gpg and gpgconf from the check by which libgpgme looks for programs,
    /// and from nothing else.
    #[cfg(feature = "gpgme")]
    fn with_fixed_path(mut self) -> Self {
        if let Some(folder) = std::env::var_os("FIXED_PATH_LIBGPGME") {
            self.variables.push(("LD_LIBRARY_PATH", folder));
            return self;
        }
        let source =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/fixed_path.c");
        let library = self.folder.path().join("fixed_path.so");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .status()
            .expect("cc is installed: apt-get install gcc");
        assert!(compiled.success());
        self.variables.push(("LD_PRELOAD", library.into()));
        self
    }

    fn run(&self, mut command: Command) -> Output {
        command
            .env_clear()
            .env("PATH", &self.bin)
            .env("TMPDIR", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{said}");
        let processes = processes_in(self.folder.path());
        assert!(processes.is_empty(), "left running: {processes:?}");
        for entry in fs::read_dir(self.folder.path()).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            assert!(!name.to_string_lossy().starts_with("sigpolicy-"));
        }
        output
    }

    /// What `verify` says of the image of the README, with no file but those beneath it.
    fn verify(&self, engine: &str) -> (Option<i32>, Value) {
        let mut command = sigpolicy("verify");
        command
            .args(["--json", "--engine", engine])
            .args(["--policy", "testdata/example/policy.json"])
            .args(["--key-dir", "testdata/example"])
            .arg("docker://registry.example/app/web:1.4.2")
            .arg("dir:testdata/example/image");
        let output = self.run(command);
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{error}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        (output.status.code(), json)
    }

    fn diagnose(&self) -> Value {
        let mut command = sigpolicy("engines");
        command.arg("--json");
        serde_json::from_slice(&self.run(command).stdout).expect("JSON")
    }

    /// `diagnose` says that an engine works if and only if `verify` with it then gives a verdict; that of
    /// these engines just those work that are named; and that `auto` takes the first. Gives the codes of
    /// the causes.
    fn assert_working(&self, expected: &[EngineKind]) -> Vec<(EngineKind, String)> {
        let diagnosis = self.diagnose();
        let mut causes = Vec::new();
        let mut first = None;
        for (index, kind) in EngineKind::DEFAULT_ORDER.iter().enumerate() {
            let found = &diagnosis["engines"][index];
            assert_eq!(found["engine"], kind.name());
            let usable = found["usable"] == true;
            let (code, verdict) = self.verify(kind.name());
            assert_eq!(usable, code == Some(0), "{kind}: {found:#}\n{verdict:#}");
            if !usable {
                assert_eq!(code, Some(2), "{kind}: {verdict:#}");
                let cause = found["cause"]["code"].as_str().expect("a code");
                causes.push((*kind, cause.to_owned()));
            }
            let needs_no_gpg = matches!(kind, EngineKind::Native | EngineKind::Sequoia);
            let expected = kind.is_compiled_in() && (needs_no_gpg || expected.contains(kind));
            assert_eq!(usable, expected, "{kind}: {found:#}");
            first = first.or(usable.then_some(kind.name()));
        }
        let (code, verdict) = self.verify("auto");
        match first {
            Some(name) => {
                assert_eq!(code, Some(0), "{verdict:#}");
                assert_eq!(verdict["engine"]["name"], name, "{verdict:#}");
            }
            None => assert_eq!(code, Some(2), "{verdict:#}"),
        }
        causes.retain(|(kind, _)| kind.is_compiled_in());
        causes
    }
}

const BOTH: [EngineKind; 2] = [EngineKind::Gpgme, EngineKind::Gpg];

/// A gpgconf that names this gpg.
fn gpgconf(program: &str) -> String {
    format!(
        "case \"$1\" in\n\
         --list-dirs) echo 'sysconfdir:/nowhere/etc'; echo 'bindir:/nowhere/bin';;\n\
         --list-components) echo 'gpg:OpenPGP:{program}'; echo 'gpgsm:S/MIME:/nowhere/gpgsm';;\n\
         esac"
    )
}

#[test]
fn only_gpg2_and_no_gpgconf() {
    Machine::new().with_gpg("gpg2").assert_working(&BOTH);
}

#[test]
fn only_gpg2_and_a_gpgconf_that_fails() {
    let machine = Machine::new()
        .with_gpg("gpg2")
        .with_script("gpgconf", "exit 1");
    machine.assert_working(&BOTH);
}

#[test]
fn only_gpg2_and_a_gpgconf_that_lists_no_gpg() {
    let machine = Machine::new()
        .with_gpg("gpg2")
        .with_script("gpgconf", "echo 'gpgsm:S/MIME:/nowhere/gpgsm'");
    machine.assert_working(&BOTH);
}

#[test]
fn only_gpg2_and_a_gpgconf_that_names_a_gpg_that_is_not_there() {
    let machine = Machine::new()
        .with_gpg("gpg2")
        .with_script("gpgconf", &gpgconf("/nowhere/bin/gpg"));
    machine.assert_working(&BOTH);
    if cfg!(feature = "gpgme") {
        let notes = machine.diagnose()["engines"][0]["notes"].to_string();
        assert!(notes.contains("configured-program-missing"), "{notes}");
        assert!(notes.contains("only-gpg2"), "{notes}");
    }
}

#[test]
fn gpg_and_no_gpgconf() {
    Machine::new().with_gpg("gpg").assert_working(&BOTH);
}

#[test]
fn gpg_and_a_gpgconf_that_fails() {
    let machine = Machine::new()
        .with_gpg("gpg")
        .with_script("gpgconf", "exit 1");
    machine.assert_working(&BOTH);
}

#[test]
fn gpg_and_a_gpgconf_that_crashes() {
    let machine = Machine::new()
        .with_gpg("gpg")
        .with_script("gpgconf", "kill -SEGV $$");
    machine.assert_working(&BOTH);
}

#[test]
fn gpg_and_a_gpgconf_that_is_no_program() {
    let machine = Machine::new().with_gpg("gpg").with_script("gpgconf", "");
    fs::write(machine.bin.join("gpgconf"), "\x7fELF").expect("a file");
    machine.assert_working(&BOTH);
}

#[test]
fn a_broken_gpg_before_a_good_gpg2() {
    let machine = Machine::new()
        .with_script("gpg", "echo 'gpg (GnuPG) 2.2.40'; test $1 = --version")
        .with_gpg("gpg2");
    machine.assert_working(&BOTH);
}

#[test]
fn no_gpg_at_all() {
    let causes = Machine::new().assert_working(&[]);
    for (kind, cause) in causes {
        assert_eq!(cause, "program-not-found", "{kind}");
    }
}

#[test]
fn a_gpg_that_calls_a_good_signature_bad() {
    let program = format!(
        "case \"$*\" in *--output*) exec {gpg} \"$@\" </dev/null;; esac\nexec {gpg} \"$@\"",
        gpg = gpg().display()
    );
    // libgpgme hands the message over in another descriptor than the standard input.
    let program = match cfg!(feature = "gpgme") {
        true => program.replace("</dev/null", "--list-keys"),
        false => program,
    };
    let causes = Machine::new()
        .with_script("gpg", &program)
        .assert_working(&[]);
    for (kind, cause) in causes {
        assert_eq!(cause, "cannot-verify", "{kind}");
    }
}

/// The story that this crate began with: a program with a libgpgme that looks for gpg in a place that does
/// not exist, on a machine with a perfect gpg.
#[test]
#[cfg(feature = "gpgme")]
fn a_libgpgme_that_looks_in_another_place() {
    for name in ["gpg", "gpg2"] {
        let machine = Machine::new().with_gpg(name).with_fixed_path();
        let causes = machine.assert_working(&[EngineKind::Gpg]);
        let without = (EngineKind::Gpgme, "library-without-engine".to_owned());
        assert!(causes.contains(&without), "{causes:?}");
        let cause = machine.diagnose()["engines"][0]["cause"].clone();
        let sentence = cause["message"].as_str().expect("a sentence");
        let program = machine.bin.join(name);
        assert!(sentence.starts_with("libgpgme 1."), "{sentence}");
        assert!(
            sentence.ends_with(&format!("cannot be told to use {}", program.display())),
            "{sentence}"
        );
        let remedy = cause["remedy"].as_str().expect("a sentence");
        let without = match cfg!(feature = "gpg") {
            true => "use this program's engine gpg, which runs that gpg without libgpgme",
            false => "build with the feature `gpg`, whose engine runs that gpg without libgpgme",
        };
        assert!(remedy.starts_with(without), "{remedy}");
        // The report says in one note which engine was skipped, and why.
        let (_, verdict) = machine.verify("auto");
        let skipped = verdict["engine"]["skipped"].as_array().expect("a list");
        if cfg!(any(feature = "gpg", feature = "_rules")) {
            assert_eq!(
                skipped[0]["cause"]["code"], "library-without-engine",
                "{verdict:#}"
            );
        }
        // And a named engine says the same, and no word about the image.
        let (code, error) = machine.verify("gpgme");
        assert_eq!(code, Some(2));
        assert!(
            error.to_string().contains("cannot be told to use"),
            "{error:#}"
        );
    }
}

/// The same as people read it, and as the README tells it. `tests/fixed-path.sh` has a libgpgme that is really so.
#[test]
#[cfg(all(feature = "gpgme", feature = "gpg", feature = "sequoia"))]
fn the_readme_tells_of_such_a_libgpgme_to_the_letter() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut machine = Machine::new().with_fixed_path();
    let program = gpg();
    let folder = program.parent().expect("a folder").as_os_str().to_owned();
    machine.variables.push(("PATH", folder));
    // By a short path, wherever the tests and their temporary folder are, so that nothing of the line is cut off.
    let short = tempfile::Builder::new()
        .prefix("")
        .rand_bytes(6)
        .tempdir_in("/tmp");
    let short = short.expect("a folder");
    let policy = short.path().join("policy.json");
    fs::copy(root.join("testdata/example/policy.json"), &policy).expect("a policy");
    let mut command = sigpolicy("verify");
    command
        .args(["--engine", "gpgme", "--policy"])
        .arg(&policy)
        .args(["--key-dir", "testdata/example"])
        .arg("docker://registry.example/app/web:1.4.2")
        .arg("dir:testdata/example/image");
    let output = machine.run(command);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let version = said
        .split_once("libgpgme ")
        .and_then(|(_, rest)| rest.split_once(' '))
        .map(|(version, _)| version.to_owned())
        .expect("a version");
    let said = said
        .replace(&version, "1.18.0")
        .replace(
            policy.to_str().expect("UTF-8"),
            "/etc/containers/policy.json",
        )
        .replace(program.to_str().expect("UTF-8"), "/usr/bin/gpg");
    // The README's program has no engine native.
    let said = said.replace("gpg, native or sequoia", "gpg or sequoia");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    assert!(readme.contains(&format!("```text\n{said}```")), "{said}");
}
