//! libgpgme itself.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::engine::Finding;

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
        let (sender, receiver) = mpsc::channel();
        // In a thread of its own: the wrapper panics if the library is too old, and gpgconf may
        // hang.
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
            return Err(Finding::LibraryFailed {
                detail: error.to_string(),
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

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gpgme {}", self.version)
    }
}

/// The file that libgpgme was loaded from, as far as the system tells.
fn loaded_from() -> String {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines()
        .filter_map(|line| line.find('/').and_then(|start| line.get(start..)))
        .find(|file| file.contains("/libgpgme"))
        .unwrap_or("libgpgme")
        .to_owned()
}
