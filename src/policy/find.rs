//! Which file is the system's policy.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Policy;
use super::error::{PolicyError, PolicyErrorKind};

/// Below the user's home directory.
const USER_POLICY: &str = ".config/containers/policy.json";

/// Below the root directory; FreeBSD keeps what is not of its base system in `/usr/local`.
#[cfg(not(target_os = "freebsd"))]
const SYSTEM_POLICY: &str = "etc/containers/policy.json";
#[cfg(target_os = "freebsd")]
const SYSTEM_POLICY: &str = "usr/local/etc/containers/policy.json";

/// Where to look for the system's policy.
///
/// ```no_run
/// use containers_sigpolicy::policy::{Policy, SystemPaths};
///
/// let policy = Policy::from_system(&SystemPaths::from_env())?;
/// # Ok::<(), containers_sigpolicy::policy::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemPaths {
    policy: Option<PathBuf>,
    home: Option<PathBuf>,
    root: Option<PathBuf>,
}

impl SystemPaths {
    /// Looks below the root directory `/` only; no home directory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks in the home directory that the environment variable `HOME` names, if it is set and not empty, then below
    /// `/`.
    pub fn from_env() -> Self {
        Self {
            home: env::var_os("HOME")
                .filter(|home| !home.is_empty())
                .map(PathBuf::from),
            ..Self::default()
        }
    }

    /// Takes this file and no other, for a program's option `--policy`.
    pub fn with_policy(self, policy: impl Into<PathBuf>) -> Self {
        Self {
            policy: Some(policy.into()),
            ..self
        }
    }

    /// Looks in this home directory first.
    pub fn with_home(self, home: impl Into<PathBuf>) -> Self {
        Self {
            home: Some(home.into()),
            ..self
        }
    }

    /// Looks for the system-wide policy below this directory instead of `/`. The home directory stays where it is.
    pub fn with_root(self, root: impl Into<PathBuf>) -> Self {
        Self {
            root: Some(root.into()),
            ..self
        }
    }
}

impl Policy {
    /// The file that is the system's policy, by containers-policy.json(5): the one that was set explicitly, there or
    /// not; else `$HOME/.config/containers/policy.json` if it exists; else `/etc/containers/policy.json` (on FreeBSD
    /// `/usr/local/etc/containers/policy.json`), below the alternative root if one was set.
    ///
    /// # Errors
    ///
    /// [`PolicyErrorKind::NotFound`], naming every path that was tried, if none exists. [`PolicyErrorKind::Read`] if
    /// it cannot be told whether one exists; containers/image goes on to the next one then, and so might evaluate
    /// another policy than the user's.
    pub fn find(paths: &SystemPaths) -> Result<PathBuf, PolicyError> {
        if let Some(policy) = &paths.policy {
            return Ok(policy.clone());
        }
        let root = paths.root.as_deref().unwrap_or(Path::new("/"));
        let user_policy = paths.home.as_ref().map(|home| home.join(USER_POLICY));
        let mut tried = Vec::new();
        for path in user_policy.into_iter().chain([root.join(SYSTEM_POLICY)]) {
            if exists(&path)? {
                return Ok(path);
            }
            tried.push(path);
        }
        Err(PolicyError::new(PolicyErrorKind::NotFound { tried }))
    }
}

fn exists(path: &Path) -> Result<bool, PolicyError> {
    match fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(false),
            _ => {
                let kind = PolicyErrorKind::Read { source: error };
                Err(PolicyError::new(kind).in_file(path))
            }
        },
    }
}
