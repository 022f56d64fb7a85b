//! The engine on the system's GnuPG as a child process: no C library, no shell, no thread.
//!
//! What both engines on GnuPG share is in [`super::gnupg`]; here gpg is started, and its lists are read.

mod colons;
mod kind;
mod operations;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use self::kind::KIND;
use self::operations::Gpg as Run;
use crate::engine::EngineDiagnosis;
use crate::engine::gnupg::failure::{check_clock, unusable, unusable_for};
use crate::engine::gnupg::home::Home;
use crate::engine::gnupg::import::import;
use crate::engine::gnupg::probe::{Probed, glance, probe};
use crate::engine::gnupg::program::Program;
use crate::engine::untried::Untried;
use crate::engine::{Engine, EngineError, Environment, Import, KeyMaterial, Settings};

/// The engine on the system's GnuPG, which runs gpg itself.
///
/// It gives the same verdicts as [`Gpgme`](crate::engine::Gpgme), needs no libgpgme, and so works
/// wherever a gpg is: in a static program, with musl, and beside a libgpgme that is configured for
/// another place.
///
/// It looks up `gpg`, then `gpg2`, in `PATH` when it is first used, and takes the first with which it can import a key
/// and verify a message; [`Environment::program`] names one. Each keyring has a home directory of its own (0700, in a
/// temporary folder), which is removed when the keyring is dropped; the user's `GNUPGHOME`, `HOME` and configuration
/// are not read. gpg is run once for each key file, once to list the keys, and once for each verification. It is
/// started without a shell, in a process group of its own, with only `PATH` and `LD_LIBRARY_PATH` from the environment;
/// descriptors that the program has opened without close-on-exec are inherited, as by any child. It starts no agent,
/// and whatever it does start is ended with it.
///
/// A gpg that does not answer by the deadline is ended, which is an [`EngineError::TimedOut`]; one that is ended by a
/// signal, or exits without the status lines that it has to write, is an [`EngineError::Failed`].
///
/// It honours both cryptographic policies, and every clock between 1970 and 2106, the time that OpenPGP has. What gpg
/// does not report, it cannot judge: with which hash a key signed itself. What gpg does not list of a key, it takes from
/// the packets of the key file as they are: when and why it was revoked, when a signature over it expires, whether a
/// subkey has signed its primary key, though not whether that signature is good. Such a subkey is listed among the
/// signing keys, and its signatures are refused.
#[derive(Clone, Debug)]
#[must_use]
pub struct Gpg {
    environment: Environment,
    /// What was found, once something that works was.
    found: Arc<OnceLock<Program>>,
}

impl Gpg {
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

    /// Tries gpg and the temporary folder, from a key to a verdict, and says what it found.
    #[must_use]
    pub fn diagnose(&self) -> EngineDiagnosis {
        self.keep(probe(
            KIND,
            &self.environment,
            &|program, deadline, keys, settings| {
                self.import_with(program, deadline, keys, settings)
            },
        ))
    }

    /// Keeps what was found, and says so.
    fn keep(&self, probed: Probed) -> EngineDiagnosis {
        let Probed {
            mut diagnosis,
            program,
        } = probed;
        if let Some(program) = program {
            diagnosis.version = Some(version(&program));
            // Whoever was first has found the same.
            let _ = self.found.set(program);
        }
        diagnosis
    }

    /// What works; looked for again if nothing did the last time.
    fn found(&self) -> Result<&Program, EngineError> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let diagnosis = self.diagnose();
        self.found.get().ok_or_else(|| unusable(diagnosis))
    }

    fn program(&self) -> Option<&Program> {
        self.found.get()
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
        import(Run::new(home, program.clone(), deadline), keys, settings)
    }
}

impl Untried for Gpg {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.clone())
    }

    fn look(&self) -> EngineDiagnosis {
        self.keep(glance(KIND, &self.environment))
    }

    fn confirm(&self) -> Result<bool, Box<EngineDiagnosis>> {
        let diagnosis = self.diagnose();
        if !diagnosis.is_usable() {
            return Err(Box::new(diagnosis));
        }
        Ok(diagnosis.program.as_ref() == self.program().map(|program| &program.path))
    }
}

impl Default for Gpg {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for Gpg {
    fn name(&self) -> &'static str {
        KIND.name()
    }

    fn version(&self) -> String {
        match self.found() {
            Ok(program) => version(program),
            Err(_) => "no gpg that works".to_owned(),
        }
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        check_clock(KIND, &settings.clock)?;
        self.import_with(self.found()?, self.environment.deadline, keys, settings)
    }
}

fn version(program: &Program) -> String {
    format!("GnuPG {}", program.version)
}
