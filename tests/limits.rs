//! A process that is given few processes, threads or descriptors: no panic, and no verdict about the image
//! but a right one.
//!
//! As root, the programs run as another user, who must be able to enter the temporary folder.
#![cfg(all(
    target_os = "linux",
    feature = "cli",
    any(feature = "gpgme", feature = "gpg", feature = "_rules")
))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::programs::processes_in;
use common::{sigpolicy, unwrapped};
use containers_sigpolicy::engine::EngineKind;
use tempfile::TempDir;

/// A user that nobody is, for each test another: limits on processes count all those of a user, and root
/// has none.
fn nobody(limit: &str) -> &'static str {
    if limit == PROCESSES { "64321" } else { "64322" }
}

const PROCESSES: &str = "--nproc";
const DESCRIPTORS: &str = "--nofile";

/// The program and files where another user can read them.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).expect("for everybody");
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/example"),
            &root.join("example"),
        );
        let home = root.join("tmp");
        fs::create_dir(&home).expect("a folder");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o777)).expect("for everybody");
        let program = PathBuf::from(sigpolicy("verify").get_program());
        fs::copy(program, root.join("sigpolicy")).expect("a program");
        Self { folder }
    }

    /// Runs the program with this limit, an option of prlimit(1).
    fn run(&self, limit: &str, count: u32, arguments: &[&str]) -> Output {
        let root = self.folder.path();
        let is_root = fs::metadata("/proc/self").is_ok_and(|own| {
            use std::os::unix::fs::MetadataExt;
            own.uid() == 0
        });
        let nobody = nobody(limit);
        let limit = format!("{limit}={count}");
        let mut command = Command::new("setpriv");
        if is_root {
            command.args(["--reuid", nobody, "--regid", nobody, "--clear-groups"]);
            command.args(["--inh-caps=-all", "--bounding-set=-all"]);
        }
        let output = command
            .args(["prlimit", &limit])
            .arg(root.join("sigpolicy"))
            .args(arguments)
            .current_dir(root)
            .env("TMPDIR", root.join("tmp"))
            .env_remove("HOME")
            .output()
            .expect("setpriv is installed: apt-get install util-linux");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !said.contains("panicked") && output.status.code().is_some(),
            "{limit}, {arguments:?}: {}, {said}",
            output.status
        );
        let processes = processes_in(root);
        assert!(processes.is_empty(), "left running: {processes:?}");
        let left: Vec<_> = fs::read_dir(root.join("tmp"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert!(left.is_empty(), "{limit}, {arguments:?}: {left:?}");
        output
    }

    /// Whether the image is accepted; if not, then because nothing could be said.
    fn accepts(&self, limit: &str, count: u32, engine: &str) -> bool {
        let arguments = [
            "verify",
            "--engine",
            engine,
            "--policy",
            "example/policy.json",
            "--key-dir",
            "example",
            "docker://registry.example/app/web:1.4.2",
            "dir:example/image",
        ];
        let output = self.run(limit, count, &arguments);
        let said = format!(
            "{limit}={count}, {engine}: {}{}",
            unwrapped(&output.stdout),
            unwrapped(&output.stderr)
        );
        match output.status.code() {
            Some(0) => {
                assert!(said.contains("accepted: docker://"), "{said}");
                true
            }
            Some(2) => {
                assert!(
                    said.contains("error: ") || said.contains("undecided: "),
                    "{said}"
                );
                assert!(!said.contains("rejected"), "{said}");
                assert!(!said.contains("do not run the image"), "{said}");
                false
            }
            // The dynamic loader has no descriptor for a library.
            Some(127) => {
                assert!(
                    said.contains("error while loading shared libraries"),
                    "{said}"
                );
                false
            }
            _ => panic!("{said}"),
        }
    }

    /// With each limit, every engine gives the right verdict or none.
    fn assert_honest(&self, limit: &str, counts: std::ops::RangeInclusive<u32>) {
        for count in counts {
            for kind in EngineKind::DEFAULT_ORDER {
                if kind.is_compiled_in() {
                    let accepted = self.accepts(limit, count, kind.name());
                    assert!(
                        accepted || !is_enough(*kind, limit, count),
                        "{limit}={count}, {kind}"
                    );
                }
            }
            let accepted = self.accepts(limit, count, "auto");
            // Whatever else fails, there is one that needs no process.
            let any = cfg!(feature = "_rules") && limit == PROCESSES;
            assert!(accepted || !any, "{limit}={count}, auto");
            self.run(limit, count, &["engines", "--json"]);
        }
    }
}

/// Whether an engine must work with so much.
fn is_enough(kind: EngineKind, limit: &str, count: u32) -> bool {
    match kind {
        EngineKind::Sequoia | EngineKind::Native => limit == PROCESSES || count >= 10,
        EngineKind::Gpg => count >= 10,
        // libgpgme leaves its processes to the first of the system, which may be slow to bury them.
        _ => limit == DESCRIPTORS && count >= 40,
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

#[test]
fn few_processes() {
    Place::new().assert_honest(PROCESSES, 1..=30);
}

#[test]
fn few_descriptors() {
    Place::new().assert_honest(DESCRIPTORS, 3..=40);
}
