//! Machines on which the engine gpg does not work, as they are told. The folder of each is called `/m`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use containers_sigpolicy::answer::Answer;
use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::{Clock, Verifier};
use tempfile::TempDir;

use crate::book::with_folder;
use crate::common::programs::{gpg, script};
use crate::common::{Fixture, at, suite};

/// A machine whose `PATH` is one folder, with another one for temporary files.
struct Machine {
    folder: TempDir,
    environment: Environment,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["bin", "tmp"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let environment = Environment::from_env()
            .path(Some(folder.path().join("bin").into_os_string()))
            .temporary_directory(folder.path().join("tmp"))
            .deadline(Duration::from_secs(20));
        Self {
            folder,
            environment,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With this as `gpg`.
    fn with_script(self, commands: &str) -> Self {
        script(&self.path("bin"), "gpg", commands);
        self
    }

    /// With these bytes as `gpg`.
    fn with_file(self, bytes: &[u8], mode: u32) -> Self {
        // By a script first, so that no other thread has the file open for writing.
        let file = script(&self.path("bin"), "gpg", "");
        fs::write(&file, bytes).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("our file");
        self
    }

    fn with_gpg(self) -> Self {
        symlink(gpg(), self.path("bin/gpg")).expect("a link");
        self
    }

    fn with_path(mut self, path: Option<OsString>) -> Self {
        self.environment = self.environment.path(path);
        self
    }

    fn with_temporary_directory(mut self, directory: &Path) -> Self {
        self.environment = self.environment.temporary_directory(directory);
        self
    }

    fn with_deadline(mut self, deadline: Duration) -> Self {
        self.environment = self.environment.deadline(deadline);
        self
    }

    fn verifier(&self, order: &[EngineKind]) -> Verifier {
        Verifier::builder(Fixture::ED25519.policy())
            .first_engine(self.environment.clone(), order.iter().copied())
            .clock(Clock::Fixed(at("2025-06-02T12:00:00Z")))
            .key_directory(suite())
            .build()
    }

    fn answer(&self, verifier: &Verifier) -> Answer {
        let answer = match verifier.verify(&Fixture::ED25519.image()) {
            Ok(accepted) => accepted.report().answer(),
            Err(error) => error.answer(),
        };
        with_folder(answer, self.folder.path(), "/m")
    }

    /// What is told of a good image.
    fn told(&self, order: &[EngineKind]) -> Answer {
        self.answer(&self.verifier(order))
    }
}

/// A machine with a gpg that works until a file `switch` is there, and then does this.
fn failing_later(then: &str) -> (Machine, PathBuf) {
    let machine = Machine::new();
    let switch = machine.path("switch");
    let commands = format!(
        "test -e {} && {{ {then}; }}\nexec {} \"$@\"",
        switch.display(),
        gpg().display()
    );
    (machine.with_script(&commands), switch)
}

/// What is told when gpg does this after it has worked.
fn told_later(then: &str, order: &[EngineKind]) -> Answer {
    let (machine, switch) = failing_later(then);
    let verifier = machine.verifier(order);
    let accepted = verifier.verify(&Fixture::ED25519.image());
    assert!(accepted.is_ok(), "{accepted:?}");
    fs::write(&switch, "").expect("a switch");
    machine.answer(&verifier)
}

const GPG: &[EngineKind] = &[EngineKind::Gpg];
const THEN_SEQUOIA: &[EngineKind] = &[EngineKind::Gpg, EngineKind::Sequoia];

/// Each with its name.
pub fn situations() -> Vec<(&'static str, Answer)> {
    let mut told = programs();
    told.extend(surroundings());
    told.extend([
        ("killed-at-work", told_later("kill -KILL $$", GPG)),
        (
            "out-of-memory-at-work",
            told_later("echo 'gpg: out of memory' >&2; exit 2", GPG),
        ),
        (
            "killed-at-work-then-sequoia",
            told_later("kill -KILL $$", THEN_SEQUOIA),
        ),
    ]);
    told
}

/// What is there as `gpg`.
fn programs() -> Vec<(&'static str, Answer)> {
    // An ELF header for a machine that nobody has: 64 bits, MSB first, type EXEC.
    let mut foreign = b"\x7fELF\x02\x02\x01".to_vec();
    foreign.resize(16, 0);
    foreign.extend_from_slice(&[0, 2, 0xFE, 0xDC]);
    foreign.resize(4096, 0);
    let directory = Machine::new();
    fs::create_dir(directory.path("bin/gpg")).expect("a folder");
    let dangling = Machine::new();
    symlink("/nowhere/gpg", dangling.path("bin/gpg")).expect("a link");
    let hanging = || {
        let machine = Machine::new().with_script("while :; do sleep 1; done");
        machine.with_deadline(Duration::from_millis(400))
    };
    [
        ("no-gpg", Machine::new(), GPG),
        ("no-gpg-then-sequoia", Machine::new(), THEN_SEQUOIA),
        ("gpg-not-executable", Machine::new().with_file(b"", 0o644), GPG),
        ("gpg-is-a-folder", directory, GPG),
        ("gpg-is-a-link-to-nothing", dangling, GPG),
        (
            "gpg-for-another-machine",
            Machine::new().with_file(&foreign, 0o755),
            GPG,
        ),
        (
            "gpg-is-a-text",
            Machine::new().with_file(b"hello\n", 0o755),
            GPG,
        ),
        (
            "gpg-too-old",
            Machine::new().with_script("echo 'gpg (GnuPG) 1.4.23'"),
            GPG,
        ),
        (
            "gpg-lacks-a-library",
            Machine::new().with_script(
                "echo 'gpg: error while loading shared libraries: libgcrypt.so.20: cannot open shared \
                 object file' >&2; exit 127",
            ),
            GPG,
        ),
        (
            "gpg-crashes",
            Machine::new().with_script("kill -SEGV $$"),
            GPG,
        ),
        (
            "gpg-is-of-sequoia",
            Machine::new().with_script("echo 'gpg-sq (Sequoia gpg Chameleon) 0.13.1'"),
            GPG,
        ),
        ("gpg-hangs", hanging(), GPG),
        ("gpg-hangs-then-sequoia", hanging(), THEN_SEQUOIA),
    ]
    .map(|(situation, machine, order)| (situation, machine.told(order)))
    .into()
}

/// What the program is given besides.
fn surroundings() -> Vec<(&'static str, Answer)> {
    let machine = || Machine::new().with_gpg();
    let in_folder = |name: &str| {
        let machine = machine();
        let path = machine.path(name);
        machine.with_temporary_directory(&path)
    };
    let file = in_folder("file");
    fs::write(file.path("file"), "").expect("a file");
    [
        ("path-unset", machine().with_path(None)),
        ("path-relative", machine().with_path(Some("bin".into()))),
        ("temporary-folder-missing", in_folder("nowhere")),
        ("temporary-folder-is-a-file", file),
    ]
    .map(|(situation, machine)| (situation, machine.told(GPG)))
    .into_iter()
    .chain([("temporary-folder-with-a-long-path", long_path())])
    .collect()
}

/// A temporary folder whose path has 150 bytes, be this machine's temporary folder what it is.
fn long_path() -> Answer {
    let machine = Machine::new().with_gpg();
    let length = machine.folder.path().as_os_str().len();
    let name = "x".repeat(149_usize.checked_sub(length).expect("a short path"));
    let folder = machine.path(&name);
    fs::create_dir(&folder).expect("a folder");
    let answer = machine.with_temporary_directory(&folder).told(GPG);
    with_folder(answer, Path::new(&name), "long")
}
