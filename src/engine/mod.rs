//! Engines: what checks OpenPGP signatures.
//!
//! An [`Engine`] turns key files into a [`Keyring`], and a keyring says of one signature blob
//! what it proves. Everything else, from the payload's format to the policy, is the same
//! whichever engine is used. The engines of this crate are [`Gpgme`] (feature `gpgme`), [`Gpg`]
//! (feature `gpg`), [`Native`] (feature `native`) and [`Sequoia`] (feature `sequoia`); anybody can write another.
//!
//! [`select`] chooses one that works, and says why others do not; [`probe`] only says so.

mod contract;
pub(crate) mod crypto_policy;
mod diagnosis;
mod environment;
mod error;
#[cfg(feature = "_gnupg")]
mod gnupg;
#[cfg(feature = "gpg")]
mod gpg;
#[cfg(feature = "gpgme")]
mod gpgme;
mod import;
#[cfg(feature = "_openpgp")]
mod key_files;
mod keyring;
mod kind;
#[cfg(feature = "_native")]
mod native;
mod refusal;
#[cfg(feature = "_rules")]
mod rules;
mod select;
#[cfg(feature = "sequoia")]
mod sequoia;
mod settings;
mod trusted_key;
#[cfg(feature = "_openpgp")]
mod unsupported;
#[cfg(feature = "_gnupg")]
mod untried;
#[cfg(feature = "_openpgp")]
mod warnings;

pub use self::contract::{Engine, MAX_KEY_FILE_SIZE, MAX_PAYLOAD_SIZE};
pub(crate) use self::crypto_policy::CryptoPolicy;
pub(crate) use self::diagnosis::Explained;
pub use self::diagnosis::{Diagnosis, EngineDiagnosis, Finding, Found, SearchedDirectory};
pub use self::environment::Environment;
pub use self::error::EngineError;
#[cfg(feature = "gpg")]
pub use self::gpg::Gpg;
#[cfg(feature = "gpgme")]
pub use self::gpgme::Gpgme;
pub use self::import::{Import, KeyMaterial, KeyWarning};
pub use self::keyring::{Keyring, KeyringError, Proven};
pub use self::kind::EngineKind;
#[cfg(feature = "_native")]
pub use self::native::Native;
pub use self::refusal::Refusal;
pub(crate) use self::select::Presumed;
pub use self::select::{Selection, probe, select};
#[cfg(feature = "sequoia")]
pub use self::sequoia::Sequoia;
pub use self::settings::Settings;
pub use self::trusted_key::{KeyRevocation, SigningKey, TrustedKey};
