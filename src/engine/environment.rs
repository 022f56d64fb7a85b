//! Where engines look for what they need.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How long gpg may run for one operation by default.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// Where engines look for what they need from the system, which is only so for those on GnuPG.
///
/// The environment is read when the value is made and not later; a program can give another
/// `PATH` or another temporary folder without changing its own environment.
#[derive(Clone, Debug)]
#[must_use]
#[cfg_attr(
    not(feature = "_gnupg"),
    allow(dead_code, reason = "only GnuPG needs anything")
)]
pub struct Environment {
    pub(super) path: Option<OsString>,
    pub(super) program: Option<PathBuf>,
    pub(super) temporary_directory: PathBuf,
    pub(super) deadline: Duration,
}

impl Environment {
    /// As the environment says: `PATH`, and the system's temporary folder (`TMPDIR`, else `/tmp`).
    pub fn from_env() -> Self {
        Self {
            path: env::var_os("PATH"),
            program: None,
            temporary_directory: env::temp_dir(),
            deadline: DEFAULT_DEADLINE,
        }
    }

    /// Look for `gpg`, then `gpg2`, in the directories of this `PATH`; `None` is a `PATH` that is
    /// not set.
    pub fn path(mut self, path: Option<OsString>) -> Self {
        self.path = path;
        self
    }

    /// Use this gpg and look for no other.
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// The folder in which private home directories are made.
    pub fn temporary_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.temporary_directory = directory.into();
        self
    }

    /// How long gpg may run for one operation before it is ended. Default: 30 seconds. While
    /// looking for a gpg that works, no program gets more than 5 seconds; but a verifier that looks for its engine itself has
    /// the first image judged before that, if gpg says which it is.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}
