//! Trying an engine the way it will be used: one import and one verification.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::home::Home;
use super::program::{self, Lookup, Program};
use crate::clock::Clock;
use crate::engine::EngineDiagnosis;
use crate::engine::{
    CryptoPolicy, EngineError, EngineKind, Environment, Finding, Import, KeyMaterial, KeyringError,
    Settings,
};

/// A public key, RSA with 2048 bits, which every gpg knows, also where only approved algorithms may
/// be used. Nobody trusts it: its secret key is for everybody to see, in `testdata/generate`.
const KEY: &[u8] = include_bytes!("built_in/key.gpg");

/// A message that it has signed.
const MESSAGE: &[u8] = include_bytes!("built_in/message.gpg");

/// What the message says.
const PAYLOAD: &[u8] = b"containers-sigpolicy\n";

/// A time at which both are good, whatever the machine's clock shows: 2026-01-01.
const MOMENT: Duration = Duration::from_secs(1_767_225_600);

/// How long a program may take to answer while it is tried out.
const PATIENCE: Duration = Duration::from_secs(5);

/// An engine's own import, with a program and a deadline.
type ImportWith<'a> =
    dyn Fn(&Program, Duration, &[KeyMaterial<'_>], &Settings) -> Result<Import, EngineError> + 'a;

/// Whether an engine works with a program.
type Works<'a> = dyn Fn(&Program) -> Result<(), Finding> + 'a;

/// Looks for a gpg with which an engine works from import to verification, and says what it found.
pub(in crate::engine) fn probe(
    engine: EngineKind,
    search: &Environment,
    import: &ImportWith<'_>,
) -> Probed {
    let deadline = search.deadline.min(PATIENCE);
    in_home(engine, search, &|program| {
        try_out(|keys, settings| import(program, deadline, keys, settings))
            .map_err(|error| finding(engine, &program.path, deadline, error))
    })
}

/// Looks for a gpg that says which it is, reads its configuration, and lists an empty key ring.
#[cfg(feature = "gpgme")]
pub(in crate::engine) fn look(engine: EngineKind, search: &Environment) -> Probed {
    in_home(engine, search, &|_| Ok(()))
}

/// Looks for a gpg that says which it is.
#[cfg(feature = "gpg")]
pub(in crate::engine) fn glance(engine: EngineKind, search: &Environment) -> Probed {
    let probed = Probed::of(engine, search, None, &|_| Ok(()));
    if probed.program.is_some() {
        return probed;
    }
    // What is wrong with the temporary folder comes first, as in a trial.
    match Home::create(&search.temporary_directory, &Clock::System) {
        Ok(_) => probed,
        Err(finding) => Probed::without_home(engine, finding),
    }
}

/// Looks for a gpg that `works` in a home directory of its own.
fn in_home(engine: EngineKind, search: &Environment, works: &Works<'_>) -> Probed {
    match Home::create(&search.temporary_directory, &Clock::System) {
        Ok(home) => Probed::of(engine, search, Some(&home), works),
        Err(finding) => Probed::without_home(engine, finding),
    }
}

/// The result of a probe.
#[derive(Debug)]
pub(in crate::engine) struct Probed {
    /// What was found, for people.
    pub(in crate::engine) diagnosis: EngineDiagnosis,
    /// The program that works, if one does.
    pub(in crate::engine) program: Option<Program>,
}

impl Probed {
    fn without_home(engine: EngineKind, finding: Finding) -> Self {
        let mut diagnosis = EngineDiagnosis::new(engine);
        diagnosis.cause = Some(finding);
        Self {
            diagnosis,
            program: None,
        }
    }

    fn of(
        engine: EngineKind,
        search: &Environment,
        home: Option<&Home>,
        works: &Works<'_>,
    ) -> Self {
        let mut diagnosis = EngineDiagnosis::new(engine);
        let Lookup {
            program,
            findings,
            searched,
        } = program::find(search, search.deadline.min(PATIENCE), home, works);
        diagnosis.searched = searched;
        diagnosis.program = program.as_ref().map(|program| program.path.clone());
        let mut findings = findings.into_iter();
        if program.is_none() {
            diagnosis.cause = findings.next();
        }
        diagnosis.notes = findings.collect();
        Self { diagnosis, program }
    }
}

/// Imports the key and verifies the message.
fn try_out(
    import: impl FnOnce(&[KeyMaterial<'_>], &Settings) -> Result<Import, EngineError>,
) -> Result<(), Failure> {
    let time = SystemTime::UNIX_EPOCH
        .checked_add(MOMENT)
        .unwrap_or(SystemTime::UNIX_EPOCH);
    // Where GnuPG itself would object, so does this check.
    let settings = Settings::new(Clock::Fixed(time.into()), CryptoPolicy::GnuPg);
    let material = [KeyMaterial {
        origin: "the built-in key",
        bytes: KEY,
    }];
    let Import {
        keyring,
        keys,
        warnings,
    } = import(&material, &settings)?;
    if keys.len() != 1 {
        let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        return Err(Failure::Untrue(format!(
            "it does not import a good key: {}",
            warnings.join("; ")
        )));
    }
    match keyring.verify(MESSAGE) {
        Ok(proven) if proven.payload() == PAYLOAD => Ok(()),
        Ok(_) => Err(Failure::Untrue(
            "it reads different data in a message".to_owned(),
        )),
        Err(KeyringError::Refused(refusal)) => Err(Failure::Untrue(format!(
            "it refuses a good signature: {refusal}"
        ))),
        Err(KeyringError::Failed(error)) => Err(error.into()),
    }
}

/// Why an engine failed its trial.
enum Failure {
    /// It could not do its work.
    Engine(EngineError),
    /// It gives a wrong answer.
    Untrue(String),
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// What is wrong with the engine, or the program.
fn finding(engine: EngineKind, program: &Path, deadline: Duration, failure: Failure) -> Finding {
    match failure {
        Failure::Engine(EngineError::Unusable { finding, .. }) => *finding,
        Failure::Engine(EngineError::TimedOut { .. }) => {
            Finding::hung(PathBuf::from(program), deadline)
        }
        Failure::Engine(error) => Finding::CannotVerify {
            engine,
            detail: error.with_causes(),
        },
        Failure::Untrue(detail) => Finding::CannotVerify { engine, detail },
    }
}
