//! Finding the peers' programs, and running them.

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::comparison::Peer;

/// Seconds until a peer that does not answer is ended.
const PATIENCE: &str = "120";

/// A peer, or the lack of it.
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    installed: Option<Installed>,
}

/// A peer that is there.
#[derive(Clone, Debug)]
pub struct Installed {
    pub path: PathBuf,
    pub peer: Peer,
}

impl Program {
    /// Looks `name` up in `PATH`; its version is the last word of the first line of `--version`.
    pub fn find(name: &'static str) -> Self {
        let installed = locate(name).and_then(|path| {
            let output = Command::new(&path).arg("--version").output().ok()?;
            let text = String::from_utf8_lossy(&output.stdout);
            let version = text.lines().next()?.split_whitespace().last()?.to_owned();
            output.status.success().then_some(Installed {
                path,
                peer: Peer {
                    name,
                    version,
                    asks: None,
                },
            })
        });
        Self { name, installed }
    }

    pub fn installed(&self) -> Option<&Installed> {
        self.installed.as_ref()
    }

    /// A test that fails if the peer is missing; ignored where `PEERS=optional` allows that.
    pub fn trial(&self) -> Trial {
        let name = self.name;
        let missing = self.installed.is_none();
        let is_set_to = |variable, value: &str| {
            std::env::var_os(variable).is_some_and(|found| found == OsStr::new(value))
        };
        let optional = is_set_to("PEERS", "optional") && !is_set_to("CI", "true");
        if missing {
            eprintln!("\n*** {name} is not installed: NO CASE IS PUT TO IT. ***\n");
        }
        let trial = Trial::test(format!("{name}::is-installed"), move || {
            if missing {
                return Err(Failed::from(format!(
                    "{name} is not in PATH, so nothing was compared with it. Install it \
                     (tests/run.sh does, on Debian and Ubuntu), or set PEERS=optional to do \
                     without it; with CI=true it is never optional."
                )));
            }
            Ok(())
        });
        trial.with_ignored_flag(missing && optional)
    }
}

/// The path of a program in `PATH`.
pub fn locate(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// A command that knows nothing of this process's environment, and does not run for ever.
pub fn command(program: &Path, home: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
        .env("HOME", home)
        .env("TMPDIR", home)
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .arg("--kill-after=5")
        .arg(PATIENCE)
        .arg(program);
    command
}

/// Runs a command to its end.
///
/// # Panics
///
/// If it cannot be run, or did not end in time: that is no answer.
pub fn run(command: &mut Command) -> Output {
    let output = output(command);
    check(command, &output, output.status.code().is_some());
    output
}

/// Runs a command to its end, which may be that it aborts: a gpg that does so over a key file has answered.
///
/// # Panics
///
/// If it cannot be run, did not end in time, or was ended otherwise.
pub fn run_or_abort(command: &mut Command) -> Output {
    const ABORTED: i32 = 6;
    let output = output(command);
    let ended = output.status.code().is_some() || output.status.signal() == Some(ABORTED);
    check(command, &output, ended);
    output
}

fn output(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn check(command: &Command, output: &Output, ended: bool) {
    assert!(
        ended && !matches!(output.status.code(), Some(124..=127 | 137)),
        "{command:?}: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}
