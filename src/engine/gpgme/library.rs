//! libgpgme itself.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::engine::Finding;
use crate::engine::gnupg::child::{Call, Ended};
use crate::engine::gnupg::resources::is_lack_of_resources;

/// The oldest libgpgme that works: the one that the crate `gpgme` asks for.
const OLDEST: &str = "1.13.0";

/// A libgpgme that has started.
#[derive(Clone, Debug)]
pub(super) struct Library {
    version: &'static str,
    /// The gpg that it would use by itself, if it names one.
    configured: Option<PathBuf>,
}

impl Library {
    /// Starts libgpgme, which happens once for each process and runs the `gpgconf` that it is
    /// configured for.
    pub(super) fn start(deadline: Duration) -> Result<Self, Finding> {
        static IS_PREPARED: Mutex<bool> = Mutex::new(false);

        let mut is_prepared = IS_PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
        if !*is_prepared {
            // Started without means, libgpgme would find no gpg, and never look again.
            prepare(deadline)?;
            *is_prepared = true;
        }
        let (sender, receiver) = mpsc::channel();
        // On its own thread: the wrapper panics if the library is too old, and gpgconf may hang.
        let started = thread::Builder::new()
            .name("gpgme-start".to_owned())
            .spawn(move || {
                let gpgme = gpgme::init();
                let configured = gpgme
                    .get_dir_info(gpgme::Gpgme::GPG_NAME)
                    .ok()
                    .map(PathBuf::from);
                // Nobody may be waiting any more.
                let _ = sender.send(Self {
                    version: gpgme.version(),
                    configured,
                });
            });
        if let Err(error) = started {
            let detail = error.to_string();
            return Err(if is_lack_of_resources(&error) {
                let what = "start a thread for libgpgme".to_owned();
                Finding::OutOfResources { what, detail }
            } else {
                Finding::LibraryFailed { detail }
            });
        }
        match receiver.recv_timeout(deadline) {
            Ok(library) => Ok(library),
            Err(RecvTimeoutError::Disconnected) => Err(Finding::LibraryTooOld {
                found: loaded_from(),
                required: OLDEST.to_owned(),
            }),
            Err(RecvTimeoutError::Timeout) => Err(Finding::LibraryFailed {
                detail: "it does not answer, perhaps because the gpgconf in PATH hangs".to_owned(),
            }),
        }
    }

    /// The gpg that libgpgme is configured for, if it does not exist.
    pub(super) fn missing_program(&self) -> Option<PathBuf> {
        self.configured
            .clone()
            .filter(|program| fs::metadata(program).is_err())
    }
}

/// Lets libgpgme find a gpg where it would find none, because a context without one cannot be set to use another. Its
/// flags apply to the whole process, and only before it has started, so they are set only where they make a difference
/// (dirinfo.c and posix-util.c of libgpgme): a `gpgconf` that names no gpg keeps it from looking for one, and by itself
/// it only looks for one that is called `gpg`.
///
/// # Errors
///
/// [`Finding::OutOfResources`] if gpgconf cannot be run for want of a process.
fn prepare(deadline: Duration) -> Result<(), Finding> {
    let path = env::var_os("PATH").unwrap_or_else(|| OsString::from("/bin:/usr/bin"));
    let in_path = |name: &str| {
        env::split_paths(&path)
            .map(|directory| directory.join(name))
            .find(|program| is_executable(program))
    };
    let (gpg, gpg2) = (in_path("gpg"), in_path("gpg2"));
    if gpg.is_none() && gpg2.is_none() {
        return Ok(());
    }
    match in_path("gpgconf") {
        Some(gpgconf) if names_gpg(&gpgconf, deadline)? => return Ok(()),
        Some(_) => set("disable-gpgconf", "1"),
        None => {}
    }
    if gpg.is_none() {
        set("gpg-name", "gpg2");
    }
    Ok(())
}

fn set(flag: &str, value: &str) {
    // Where it has no effect, the trial says so.
    let _ = gpgme::set_flag(flag, value);
}

fn is_executable(program: &Path) -> bool {
    fs::metadata(program)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Whether gpgconf says where gpg is: the third field of its line for the component `gpg`.
fn names_gpg(gpgconf: &Path, deadline: Duration) -> Result<bool, Finding> {
    let call = Call {
        program: gpgconf,
        arguments: &[OsStr::new("--list-components")],
        input: None,
        directory: None,
        deadline,
    };
    Ok(match call.run() {
        Ok(Ended::Exited(exited)) => String::from_utf8_lossy(&exited.output).lines().any(|line| {
            let mut fields = line.split(':');
            fields.next() == Some("gpg") && fields.nth(1).is_some_and(|path| !path.is_empty())
        }),
        Err(error) if is_lack_of_resources(&error) => {
            return Err(Finding::OutOfResources {
                what: format!("run {}", gpgconf.display()),
                detail: error.to_string(),
            });
        }
        _ => false,
    })
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gpgme {}", self.version)
    }
}

/// The file that libgpgme was loaded from, as far as the system says.
fn loaded_from() -> String {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines()
        .filter_map(|line| line.find('/').and_then(|start| line.get(start..)))
        .find(|file| file.contains("/libgpgme"))
        .unwrap_or("libgpgme")
        .to_owned()
}
