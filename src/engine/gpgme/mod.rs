//! The engine on the system's GnuPG, through libgpgme.
//!
//! What is GnuPG's is in [`super::gnupg`]; here libgpgme is started and called. gpg is set on each
//! context by the absolute path that we have found, together with a home directory of our own: so
//! it does not matter which gpg libgpgme would use. It has to have found one by itself, though.

mod kind;
mod library;
mod operations;
mod worker;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use self::kind::KIND;
use self::library::Library;
use self::worker::Workers;
use crate::engine::EngineDiagnosis;
use crate::engine::gnupg::failure::{check_clock, unusable, unusable_for};
use crate::engine::gnupg::home::Home;
use crate::engine::gnupg::import::import;
use crate::engine::gnupg::probe::{Probed, look, probe};
use crate::engine::gnupg::program::Program;
use crate::engine::untried::Untried;
use crate::engine::{Engine, EngineError, Environment, Finding, Import, KeyMaterial, Settings};

/// How long libgpgme may take to start.
const PATIENCE: Duration = Duration::from_secs(5);

/// The engine on the system's GnuPG, through libgpgme.
///
/// It looks up `gpg`, then `gpg2`, in `PATH` when it is first used, and takes the first with which it can import a key
/// and verify a message; [`Environment::program`] names one. Each keyring has a home directory of its own (0700, in a
/// temporary folder), which is removed when the keyring is dropped; the user's `GNUPGHOME`, `HOME` and configuration
/// are not read. gpg is run once for each key file, once to list the keys, and once for each verification; it starts no
/// agent, and no other program. No process is left when a keyring is dropped, nor after an error.
///
/// libgpgme can only be set to use a given gpg if it found one by itself when it started, in the environment's `PATH`
/// or through `gpgconf`. Where it would find none, but `PATH` has a `gpg2`, or a `gpgconf` that fails beside a `gpg`,
/// its global flags `gpg-name` and `disable-gpgconf` are set before it starts, for the whole process; nothing helps
/// against a libgpgme that is built for other directories, which is a [`Finding::LibraryWithoutEngine`].
/// [`Gpg`](crate::engine::Gpg) works then.
///
/// A gpg that does not answer by the deadline is ended, which is an [`EngineError::TimedOut`]; where the system has no
/// `/proc`, or a wrapper has replaced itself with a program with other arguments, it is only abandoned. libgpgme does
/// not report how gpg ended: one that exits without the status lines that it has to write is an
/// [`EngineError::Failed`].
///
/// It honours both cryptographic policies, and every clock between 1970 and 2106, the time that OpenPGP has. What gpg
/// does not report, it cannot judge: with which hash a key signed itself. What gpg does not list of a key, it takes from
/// the packets of the key file as they are: when and why it was revoked, when a signature over it expires, whether a
/// subkey has signed its primary key, though not whether that signature is good. Such a subkey is listed among the
/// signing keys, and its signatures are refused.
#[derive(Clone, Debug)]
#[must_use]
pub struct Gpgme {
    environment: Environment,
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
        Self::with_environment(Environment::from_env())
    }

    /// The engine, with gpg and home directories from where `environment` says.
    pub fn with_environment(environment: Environment) -> Self {
        Self {
            environment,
            found: Arc::default(),
        }
    }

    /// Tries libgpgme, gpg and the temporary folder, from a key to a verdict, and says what it found.
    #[must_use]
    pub fn diagnose(&self) -> EngineDiagnosis {
        self.search(|| {
            probe(
                KIND,
                &self.environment,
                &|program, deadline, keys, settings| {
                    self.import_with(program, deadline, keys, settings)
                },
            )
        })
    }

    /// Starts libgpgme, looks for gpg by `probe`, and says what was found.
    fn search(&self, probe: impl FnOnce() -> Probed) -> EngineDiagnosis {
        let library = match Library::start(self.environment.deadline.min(PATIENCE)) {
            Ok(library) => library,
            Err(finding) => {
                let mut diagnosis = EngineDiagnosis::new(KIND);
                diagnosis.cause = Some(finding);
                return diagnosis;
            }
        };
        let Probed {
            mut diagnosis,
            program,
        } = probe();
        if let Some(configured) = library.missing_program() {
            diagnosis.notes.push(Finding::ConfiguredProgramMissing {
                configured,
                instead: diagnosis.program.clone(),
            });
        }
        diagnosis.version = Some(library.to_string());
        if let Some(program) = program {
            let installation = Installation { library, program };
            diagnosis.version = Some(installation.version());
            // Whoever was first has found the same.
            let _ = self.found.set(installation);
        }
        diagnosis
    }

    /// What works; looked for again if nothing did the last time.
    fn installation(&self) -> Result<&Installation, EngineError> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let diagnosis = self.diagnose();
        self.found.get().ok_or_else(|| unusable(diagnosis))
    }

    fn program(&self) -> Option<&Program> {
        Some(&self.found.get()?.program)
    }

    fn import_with(
        &self,
        program: &Program,
        deadline: Duration,
        keys: &[KeyMaterial<'_>],
        settings: &Settings,
    ) -> Result<Import, EngineError> {
        let home = Home::create(&self.environment.temporary_directory, &settings.clock)
            .map_err(|finding| unusable_for(KIND, finding))?;
        import(
            Workers::new(home, program.clone(), deadline),
            keys,
            settings,
        )
    }
}

impl Untried for Gpgme {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.clone())
    }

    fn look(&self) -> EngineDiagnosis {
        self.search(|| look(KIND, &self.environment))
    }

    fn confirm(&self) -> Result<bool, Box<EngineDiagnosis>> {
        let diagnosis = self.diagnose();
        if !diagnosis.is_usable() {
            return Err(Box::new(diagnosis));
        }
        Ok(diagnosis.program.as_ref() == self.program().map(|program| &program.path))
    }
}

impl Default for Gpgme {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for Gpgme {
    fn name(&self) -> &'static str {
        KIND.name()
    }

    fn version(&self) -> String {
        match self.installation() {
            Ok(installation) => installation.version(),
            Err(_) => "gpgme without a gpg that works".to_owned(),
        }
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        check_clock(KIND, &settings.clock)?;
        let program = &self.installation()?.program;
        self.import_with(program, self.environment.deadline, keys, settings)
    }
}

impl Installation {
    fn version(&self) -> String {
        format!("{}, GnuPG {}", self.library, self.program.version)
    }
}
