//! What is GnuPG's, whichever way gpg is run.
//!
//! The engines [`Gpgme`](crate::engine::Gpgme) and [`Gpg`](crate::engine::Gpg) differ in who starts
//! gpg: libgpgme, or we. Everything else is here: finding the program, its private home directory,
//! what of a key file it gets, what its status lines and lists mean, and the verdict.
//!
//! - A verdict comes from gpg's status lines alone (`doc/DETAILS` of GnuPG). A gpg that ends before
//!   it has written the lines that it owes has judged nothing, which is an
//!   [`EngineError`] and never a refusal.
//! - gpg never sees the user's home directory, keyring, configuration or agent. What the system's
//!   own configuration could change makes the engine unusable.

pub(in crate::engine) mod child;
pub(in crate::engine) mod configuration;
mod foreign;
pub(in crate::engine) mod home;
mod import;
mod key_file;
mod keyring;
pub(in crate::engine) mod listing;
pub(in crate::engine) mod probe;
pub(in crate::engine) mod processes;
pub(in crate::engine) mod program;
pub(in crate::engine) mod status;
mod verdict;

use std::error::Error;
use std::fmt::Debug;

pub(in crate::engine) use self::import::import;
use self::listing::Listing;
use self::status::Status;
use crate::clock::{Clock, unix_seconds};
use crate::engine::unsupported::Unsupported;
use crate::engine::{CryptoPolicy, Diagnosis, EngineDiagnosis, EngineError, EngineKind, Finding};

#[cfg(not(unix))]
compile_error!("the engines on GnuPG are for Unix; use the feature `sequoia-rust` elsewhere");

pub(in crate::engine) const READ_KEYS: &str = "read the keys";
pub(in crate::engine) const LIST_KEYS: &str = "list the keys";
pub(in crate::engine) const VERIFY: &str = "verify a signature";

/// One way to run gpg, in one home directory.
///
/// A method fails if gpg could not be run, or was ended by a signal or at the deadline; whether it
/// did its work shows in its status lines.
pub(in crate::engine) trait Operations: Debug + Send + Sync + 'static {
    /// The engine whose way it is.
    fn engine(&self) -> EngineKind;

    /// Imports a binary key file.
    fn import(&self, keys: &[u8]) -> Result<Status, EngineError>;

    /// Lists all keys, with their own signatures checked.
    fn list(&self) -> Result<Listing, EngineError>;

    /// Checks a signed message.
    fn verify(&self, untrusted_message: &[u8]) -> Result<Said, EngineError>;
}

/// What gpg said of a message, and wrote of its data.
#[derive(Debug)]
pub(in crate::engine) struct Said {
    /// Its status lines.
    pub(in crate::engine) status: Status,
    /// The data; never more than one byte above the largest payload.
    pub(in crate::engine) output: Vec<u8>,
    /// What else is known of how gpg ended, if it did not end well: a sentence for people.
    pub(in crate::engine) complaint: Option<String>,
}

/// Refuses a clock that gpg cannot be given: it takes zero for "now", and OpenPGP has 32 bits for a
/// time.
pub(in crate::engine) fn check_clock(engine: EngineKind, clock: Clock) -> Result<(), EngineError> {
    if let Clock::Fixed(time) = clock {
        let seconds = unix_seconds(time);
        if seconds == 0 || u32::try_from(seconds).is_err() {
            return Err(EngineError::FixedClockUnsupported {
                engine: engine.name().to_owned(),
            });
        }
    }
    Ok(())
}

/// Signatures or keys of a version of OpenPGP that GnuPG does not read. Version 6 (RFC 9580) counts under
/// the standard cryptographic policy.
fn unknown_version(
    engine: EngineKind,
    of_what: &str,
    version: u8,
    policy: CryptoPolicy,
) -> Unsupported {
    let what = format!("{of_what} of version {version}");
    match (version, policy) {
        (6, CryptoPolicy::Standard) => Unsupported::but_by(engine, &[EngineKind::Sequoia], what),
        _ => Unsupported::by_all(engine, what),
    }
}

/// The engine failed at `operation`.
pub(in crate::engine) fn failed(
    engine: EngineKind,
    operation: &str,
    source: impl Into<Box<dyn Error + Send + Sync>>,
) -> EngineError {
    EngineError::Failed {
        engine: engine.name().to_owned(),
        operation: operation.to_owned(),
        source: source.into(),
    }
}

/// The engine does not work, for the cause of `diagnosis`.
pub(in crate::engine) fn unusable(diagnosis: EngineDiagnosis) -> EngineError {
    let finding = diagnosis
        .cause
        .clone()
        .unwrap_or_else(|| Finding::CannotVerify {
            engine: diagnosis.engine,
            detail: "nothing is known".to_owned(),
        });
    EngineError::Unusable {
        engine: diagnosis.engine.name().to_owned(),
        finding: Box::new(finding),
        diagnosis: Box::new(Diagnosis {
            engines: vec![diagnosis],
        }),
    }
}

/// The engine does not work, for this cause.
pub(in crate::engine) fn unusable_for(engine: EngineKind, finding: Finding) -> EngineError {
    let mut diagnosis = EngineDiagnosis::new(engine);
    diagnosis.cause = Some(finding);
    unusable(diagnosis)
}
