//! The engine on the system's GnuPG, through libgpgme.
//!
//! gpg is looked up by us and set on each context by its absolute path, together with a home
//! directory of our own: so it does not matter where libgpgme thinks that gpg is, and the user's
//! keyring, configuration and agent are never touched.
//!
//! What libgpgme returns is not believed alone: where gpg could not be executed, it returns an
//! import of no keys, and an empty list of signatures, without any error. Each call must show
//! what gpg itself said.

mod home;
mod import;
mod key_file;
mod keyring;
mod library;
mod listing;
mod processes;
mod program;
mod run;
mod status;
mod verdict;
mod worker;

use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use self::home::Home;
use self::library::Library;
use self::program::{Lookup, Program};
use self::worker::Workers;
use crate::clock::{Clock, unix_seconds};
use crate::engine::diagnosis::EngineDiagnosis;
use crate::engine::{
    Diagnosis, Engine, EngineError, EngineKind, Finding, Import, KeyMaterial, Search, Settings,
};

/// The engine's name.
const NAME: &str = "gpgme";

/// How long a program may take to say what it is.
const PROBE_DEADLINE: Duration = Duration::from_secs(5);

#[cfg(not(unix))]
compile_error!("the feature `gpgme` is for Unix; use the feature `sequoia-rust` elsewhere");

/// The engine on the system's GnuPG.
///
/// It looks `gpg`, then `gpg2`, up in `PATH` when it is first used, and takes the first that
/// works; [`Gpgme::program`] names one. Each keyring has a home directory of its own (0700, in a
/// temporary folder), which is removed when the keyring is dropped; the user's `GNUPGHOME`, `HOME`
/// and configuration are not read. gpg is run once for each key file, once to list the keys, and
/// once for each verification; it starts no agent, and no other program. No process is left when
/// a keyring is dropped, nor after an error.
///
/// A gpg that does not answer by the deadline is ended, which is an [`EngineError::TimedOut`];
/// where the system has no `/proc`, it is only given up.
///
/// It honours both cryptographic policies, and every clock between 1970 and 2106, the time that
/// OpenPGP has. What gpg does not tell, it cannot judge: with which hash a key signed itself, why
/// and when a key was revoked.
#[derive(Clone, Debug)]
#[must_use]
pub struct Gpgme {
    search: Search,
    /// What was found, once something that works was.
    found: Arc<OnceLock<Installation>>,
}

/// A libgpgme and a gpg that work.
#[derive(Clone, Debug)]
struct Installation {
    library: Library,
    program: Program,
}

impl Gpgme {
    /// The engine, with gpg from the `PATH` of the environment and home directories in the
    /// system's temporary folder.
    pub fn new() -> Self {
        Self::with_search(Search::from_env())
    }

    /// The engine, with gpg and home directories from where `search` says.
    pub fn with_search(search: Search) -> Self {
        Self {
            search,
            found: Arc::default(),
        }
    }

    /// Use this gpg and look for no other.
    pub fn program(self, program: impl Into<PathBuf>) -> Self {
        Self::with_search(self.search.program(program))
    }

    /// The folder in which home directories are made. Its path must be so short that a socket in
    /// a home directory has a name of at most 107 bytes.
    pub fn temporary_directory(self, directory: impl Into<PathBuf>) -> Self {
        Self::with_search(self.search.temporary_directory(directory))
    }

    /// How long gpg may run for one operation before it is ended. Default: 30 seconds.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self::with_search(self.search.deadline(deadline))
    }

    /// Tries libgpgme, gpg and the temporary folder, and says what it found.
    #[must_use]
    pub fn diagnose(&self) -> EngineDiagnosis {
        let mut diagnosis = EngineDiagnosis::new(EngineKind::Gpgme);
        let deadline = self.search.deadline.min(PROBE_DEADLINE);

        let library = Library::start(deadline);
        let home = Home::create(&self.search.temporary_directory, Clock::System);
        let mut lookup = match &self.search.program {
            Some(program) => program::named(program, deadline),
            None => program::in_path(self.search.path.as_deref(), deadline),
        };
        if let (Some(program), Ok(home)) = (&lookup.program, &home) {
            let works = home
                .alias()
                .map_err(|error| Finding::TemporaryDirectoryUnusable {
                    directory: self.search.temporary_directory.clone(),
                    detail: error.to_string(),
                })
                .and_then(|alias| program::works_in(program, &alias, deadline));
            if let Err(finding) = works {
                lookup.program = None;
                lookup.findings.insert(0, finding);
            }
        }

        let Lookup {
            program,
            findings,
            searched,
        } = lookup;
        diagnosis.searched = searched;
        diagnosis.program = program.as_ref().map(|program| program.path.clone());
        let mut causes = Vec::new();
        match (&library, &program) {
            (Ok(library), Some(program)) => {
                let installation = Installation {
                    library: library.clone(),
                    program: program.clone(),
                };
                diagnosis.version = Some(installation.version());
                if home.is_ok() {
                    // Whoever was first has found the same.
                    let _ = self.found.set(installation);
                }
            }
            (Ok(library), None) => diagnosis.version = Some(library.to_string()),
            (Err(finding), _) => causes.push(finding.clone()),
        }
        let program_missing = program.is_none();
        if program_missing {
            causes.extend(findings);
        } else {
            diagnosis.notes.extend(findings);
        }
        causes.extend(home.err());
        let configured = library.ok().and_then(|library| library.missing_program());
        if let Some(configured) = configured {
            diagnosis.notes.push(Finding::ConfiguredProgramMissing {
                configured,
                instead: diagnosis.program.clone(),
            });
        }
        let mut causes = causes.into_iter();
        diagnosis.cause = causes.next();
        diagnosis.notes.splice(0..0, causes);
        diagnosis
    }

    /// What works; looked for again if nothing did the last time.
    fn installation(&self) -> Result<&Installation, EngineError> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let diagnosis = self.diagnose();
        self.found.get().ok_or_else(|| {
            let finding = diagnosis
                .cause
                .clone()
                .unwrap_or_else(|| Finding::LibraryFailed {
                    detail: "nothing is known".to_owned(),
                });
            unusable(finding, diagnosis)
        })
    }
}

impl Default for Gpgme {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for Gpgme {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> String {
        match self.installation() {
            Ok(installation) => installation.version(),
            Err(_) => "gpgme without a gpg that works".to_owned(),
        }
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: Settings) -> Result<Import, EngineError> {
        if let Clock::Fixed(time) = settings.clock {
            // gpg takes zero for "now", and OpenPGP has 32 bits for a time.
            let seconds = unix_seconds(time);
            if seconds == 0 || u32::try_from(seconds).is_err() {
                return Err(EngineError::FixedClockUnsupported {
                    engine: NAME.to_owned(),
                });
            }
        }
        let installation = self.installation()?;
        let home = Home::create(&self.search.temporary_directory, settings.clock)
            .map_err(|finding| unusable(finding.clone(), with_cause(finding)))?;
        let workers = Workers::new(
            home,
            installation.program.path.clone(),
            self.search.deadline,
        );
        import::import(workers, keys, settings)
    }
}

impl Installation {
    fn version(&self) -> String {
        format!("{}, GnuPG {}", self.library, self.program.version)
    }
}

fn with_cause(finding: Finding) -> EngineDiagnosis {
    let mut diagnosis = EngineDiagnosis::new(EngineKind::Gpgme);
    diagnosis.cause = Some(finding);
    diagnosis
}

fn unusable(finding: Finding, diagnosis: EngineDiagnosis) -> EngineError {
    EngineError::Unusable {
        engine: NAME.to_owned(),
        finding: Box::new(finding),
        diagnosis: Box::new(Diagnosis {
            engines: vec![diagnosis],
        }),
    }
}

/// The engine failed at `operation`.
fn failed(operation: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> EngineError {
    EngineError::Failed {
        engine: NAME.to_owned(),
        operation: operation.to_owned(),
        source: source.into(),
    }
}
