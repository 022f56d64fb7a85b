//! The private home directory of one keyring.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::processes;
use super::resources::is_lack_of_resources;
use crate::clock::{Clock, unix_seconds};
use crate::engine::{Finding, MAX_PAYLOAD_SIZE};

/// The longest path of a socket, in bytes: `sun_path` of unix(7) without its final NUL.
const MAX_SOCKET_PATH: usize = 107;

/// The longest name of a socket in a home directory of GnuPG.
const SOCKET: &str = "S.gpg-agent.browser";

/// How long processes that work in the home directory may take to end by themselves when it is removed, before they are
/// killed.
const PATIENCE: Duration = Duration::from_millis(500);

/// A home directory that nobody else uses, 0700. Removed when it is dropped, after every process
/// that works in it has ended.
#[derive(Debug)]
pub(in crate::engine) struct Home {
    directory: Folder,
    numbers: AtomicUsize,
}

impl Home {
    /// Makes a home directory in `parent` with a `gpg.conf` for judging at the time of `clock`.
    pub(in crate::engine) fn create(parent: &Path, clock: &Clock) -> Result<Self, Finding> {
        let unusable = |error: &io::Error| classify(parent, error);
        if parent.exists() && !parent.is_dir() {
            return Err(Finding::TemporaryDirectoryUnusable {
                directory: parent.to_owned(),
                detail: "it is not a folder".to_owned(),
            });
        }
        if !parent.is_dir() {
            return Err(Finding::TemporaryDirectoryMissing {
                directory: parent.to_owned(),
            });
        }
        // gpg must find it from any working directory.
        let parent = fs::canonicalize(parent).map_err(|error| unusable(&error))?;
        let directory = tempfile::Builder::new()
            .prefix("sigpolicy-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(&parent)
            .map(|directory| Folder(directory.keep()))
            .map_err(|error| unusable(&error))?;
        let home = directory.0.join("home");
        let made = fs::DirBuilder::new()
            .create(&home)
            .and_then(|()| fs::set_permissions(&home, fs::Permissions::from_mode(0o700)))
            .and_then(|()| fs::write(home.join("gpg.conf"), configuration(clock)))
            .and_then(|()| has_room(&home));
        made.map_err(|error| unusable(&error))?;
        let length = home.join(SOCKET).as_os_str().len();
        if length > MAX_SOCKET_PATH {
            return Err(Finding::TemporaryDirectoryPathTooLong {
                directory: parent,
                length,
                limit: MAX_SOCKET_PATH,
            });
        }
        Ok(Self {
            directory,
            numbers: AtomicUsize::new(0),
        })
    }

    /// A path to the home directory that no other call gets, so that the processes of one user of it can be
    /// distinguished from those of another by their arguments.
    pub(in crate::engine) fn alias(&self) -> Result<PathBuf, Finding> {
        let alias = self.directory.0.join(self.number().to_string());
        std::os::unix::fs::symlink("home", &alias)
            .map_err(|error| classify(&self.directory.0, &error))?;
        Ok(alias)
    }

    /// A path for a file next to the home directory that no other call gets.
    #[cfg(feature = "gpg")]
    pub(in crate::engine) fn file(&self, what: &str) -> PathBuf {
        let name = format!("{what}-{}", self.number());
        self.directory.0.join(name)
    }

    /// The home directory itself.
    #[cfg(feature = "gpg")]
    pub(in crate::engine) fn path(&self) -> PathBuf {
        self.directory.0.join("home")
    }

    fn number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

impl Drop for Home {
    /// The folder goes after this.
    fn drop(&mut self) {
        processes::end_after(&self.directory.0, PATIENCE);
    }
}

/// A folder that is removed with everything in it.
///
/// Not `tempfile`'s, which needs a descriptor for each level of folders: a process that has hardly any left must still
/// remove this one.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let home = self.0.join("home");
        // What is there from the beginning goes without any descriptor.
        for file in ["room", "gpg.conf"] {
            let _ = fs::remove_file(home.join(file));
        }
        let _ = fs::remove_dir(home);
        // There is nobody to report it to.
        let _ = remove(&self.0);
    }
}

/// Removes a folder with everything in it, and follows no links.
fn remove(folder: &Path) -> io::Result<()> {
    let removed = fs::remove_dir(folder);
    if !removed
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::DirectoryNotEmpty)
    {
        return removed;
    }
    // Read to its end, so that the descriptor is free again.
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    for entry in entries {
        if entry.file_type()?.is_dir() {
            remove(&entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir(folder)
}

/// What gpg must do: no agent, no daemon, no network, no trust database, no terminal. These options also override what
/// the system's own configuration may say; what cannot be overridden is refused ([`super::configuration`]).
fn configuration(clock: &Clock) -> String {
    let mut lines = vec![
        "batch".to_owned(),
        "no-tty".to_owned(),
        "no-autostart".to_owned(),
        "disable-dirmngr".to_owned(),
        "no-auto-key-retrieve".to_owned(),
        "no-auto-key-locate".to_owned(),
        // With `always` there is no trust database, and gpg terminates when it imports a bare revocation.
        "trust-model direct".to_owned(),
        "no-auto-check-trustdb".to_owned(),
        "no-random-seed-file".to_owned(),
        "no-default-keyring".to_owned(),
        "keyring pubring.kbx".to_owned(),
        "no-allow-multiple-messages".to_owned(),
        "require-cross-certification".to_owned(),
        format!("max-output {}", MAX_PAYLOAD_SIZE.saturating_add(1)),
    ];
    if let Clock::Fixed(moment) = clock {
        // The exclamation mark stops the clock.
        lines.push(format!("faked-system-time {}!", unix_seconds(*moment)));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A key ring of some size must fit: on a full disk, an empty file can often still be made.
fn has_room(home: &Path) -> io::Result<()> {
    let probe = home.join("room");
    fs::write(&probe, vec![0; 64 * 1024])?;
    fs::remove_file(&probe)
}

/// What is wrong with a temporary folder in which something could not be made.
pub(in crate::engine) fn classify(directory: &Path, error: &io::Error) -> Finding {
    let directory = directory.to_owned();
    match error.kind() {
        _ if is_lack_of_resources(error) => Finding::OutOfResources {
            what: format!("write into {}", directory.display()),
            detail: error.to_string(),
        },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Finding::TemporaryDirectoryFull { directory }
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            Finding::TemporaryDirectoryReadOnly {
                directory,
                detail: error.kind().to_string(),
            }
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            Finding::TemporaryDirectoryMissing { directory }
        }
        _ => Finding::TemporaryDirectoryUnusable {
            directory,
            detail: error.kind().to_string(),
        },
    }
}
