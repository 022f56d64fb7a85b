//! Where engines look for what they need.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::diagnosis::{Diagnosis, EngineDiagnosis};
use crate::engine::{Engine, EngineError, EngineKind};

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
pub struct Search {
    pub(super) path: Option<OsString>,
    pub(super) program: Option<PathBuf>,
    pub(super) temporary_directory: PathBuf,
    pub(super) deadline: Duration,
}

impl Search {
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
    /// looking for a gpg that works, no program gets more than 5 seconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Tries every engine of the crate, in the default order, and says what it found.
    ///
    /// If the build has an engine on GnuPG, gpg imports a built-in key in an empty home directory, and
    /// verifies a built-in signature by it; leaves no process and no file behind.
    #[must_use]
    pub fn probe(&self) -> Diagnosis {
        Diagnosis {
            engines: EngineKind::DEFAULT_ORDER
                .iter()
                .map(|kind| self.try_engine(*kind).0)
                .collect(),
        }
    }

    /// The first engine of `order` that works.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoneUsable`] with the diagnosis of each engine of `order`, if none does.
    pub fn select(&self, order: &[EngineKind]) -> Result<Selection, EngineError> {
        let mut passed_over = Vec::new();
        for kind in order {
            match self.try_engine(*kind) {
                (_, Some(engine)) => {
                    return Ok(Selection {
                        engine,
                        passed_over,
                    });
                }
                (diagnosis, None) => passed_over.push(diagnosis),
            }
        }
        Err(EngineError::NoneUsable {
            diagnosis: Box::new(Diagnosis {
                engines: passed_over,
            }),
        })
    }

    fn try_engine(&self, kind: EngineKind) -> (EngineDiagnosis, Option<Arc<dyn Engine>>) {
        match kind {
            #[cfg(feature = "gpgme")]
            EngineKind::Gpgme => {
                let engine = super::Gpgme::with_search(self.clone());
                usable(engine.diagnose(), engine)
            }
            #[cfg(feature = "gpg")]
            EngineKind::Gpg => {
                let engine = super::Gpg::with_search(self.clone());
                usable(engine.diagnose(), engine)
            }
            #[cfg(feature = "sequoia")]
            EngineKind::Sequoia => {
                let engine = super::Sequoia::new();
                let mut diagnosis = EngineDiagnosis::new(kind);
                diagnosis.version = Some(engine.version());
                (diagnosis, Some(Arc::new(engine)))
            }
            #[cfg(not(all(feature = "gpgme", feature = "gpg", feature = "sequoia")))]
            _ => (EngineDiagnosis::new(kind), None),
        }
    }
}

/// The engine, if its diagnosis says that it works.
#[cfg(feature = "_gnupg")]
fn usable(
    diagnosis: EngineDiagnosis,
    engine: impl Engine + 'static,
) -> (EngineDiagnosis, Option<Arc<dyn Engine>>) {
    let works = diagnosis.is_usable();
    (
        diagnosis,
        works.then(|| Arc::new(engine) as Arc<dyn Engine>),
    )
}

/// The engine that was chosen, and those that were tried before it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// The first engine that works.
    pub engine: Arc<dyn Engine>,
    /// The engines that were tried before it, each with why it does not work.
    pub passed_over: Vec<EngineDiagnosis>,
}

/// An engine of the caller's choice, before which none was tried.
impl From<Arc<dyn Engine>> for Selection {
    fn from(engine: Arc<dyn Engine>) -> Self {
        Self {
            engine,
            passed_over: Vec::new(),
        }
    }
}

/// Tries every engine of the crate, as the environment is: [`Search::probe`].
#[must_use]
pub fn probe() -> Diagnosis {
    Search::from_env().probe()
}

/// The first engine of `order` that works, as the environment is: [`Search::select`].
///
/// # Errors
///
/// [`EngineError::NoneUsable`] if none does, with the reason of each.
pub fn select(order: &[EngineKind]) -> Result<Selection, EngineError> {
    Search::from_env().select(order)
}
