//! Engines: what checks OpenPGP signatures.
//!
//! An [`Engine`] turns key files into a [`Keyring`], and a keyring says of one signature blob
//! what it proves. Everything else, from the payload's format to the policy, is the same
//! whichever engine is used. The engines of this crate are [`Gpgme`] (feature `gpgme`), [`Gpg`]
//! (feature `gpg`) and [`Sequoia`] (feature `sequoia`); anybody can write another.
//!
//! [`select`] chooses one that works, and says why others do not; [`probe`] only says so.

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
#[cfg(feature = "_openpgp")]
mod key_files;
mod keyring;
mod kind;
mod refusal;
mod select;
#[cfg(feature = "sequoia")]
mod sequoia;
#[cfg(feature = "_openpgp")]
mod unsupported;
#[cfg(feature = "_openpgp")]
mod warnings;

use std::fmt::Debug;
use std::sync::Arc;

pub(crate) use self::crypto_policy::CryptoPolicy;
pub(crate) use self::diagnosis::Explained;
pub use self::diagnosis::{Diagnosis, EngineDiagnosis, Finding, Found, SearchedDirectory};
pub use self::environment::Environment;
pub use self::error::EngineError;
#[cfg(feature = "gpg")]
pub use self::gpg::Gpg;
#[cfg(feature = "gpgme")]
pub use self::gpgme::Gpgme;
pub use self::keyring::{Keyring, KeyringError, Proven};
pub use self::kind::EngineKind;
pub use self::refusal::Refusal;
pub use self::select::{Selection, probe, select};
#[cfg(feature = "sequoia")]
pub use self::sequoia::Sequoia;

use crate::clock::{Clock, Moment};
use crate::fingerprint::Fingerprint;

/// The largest key file that is read, in bytes, and the largest `keyData`: 64 MiB. The largest that is known
/// to be shipped, the key ring of Debian's developers, has 33 million bytes.
pub const MAX_KEY_FILE_SIZE: usize = 64 * 1024 * 1024;

/// The largest payload that an engine returns, in bytes, after decompression: 4 MiB, which is
/// also the largest signature that containers/image reads, so a payload that was stored
/// uncompressed always fits. Real payloads have some hundred bytes.
pub const MAX_PAYLOAD_SIZE: usize = 4 * 1024 * 1024;

/// Something that can read OpenPGP keys and check signatures with them.
///
/// # The implementer's duty
///
/// An engine holds no keys of its own and trusts no others than those it is given. It must not
/// look at the user's keyrings, nor at the network.
pub trait Engine: Debug + Send + Sync {
    /// The engine's name, as a user would write it: `sequoia`.
    fn name(&self) -> &str;

    /// What does the work, with its version: `sequoia-openpgp 2.4.2`.
    fn version(&self) -> String;

    /// Reads `keys` into a keyring that trusts these keys and no others.
    ///
    /// Each element is the content of one key file (or of `keyData`): any number of public keys,
    /// binary or ASCII-armored. What cannot be used is passed over with a [`KeyWarning`]; it is
    /// not an error, and neither is an import that leaves no key at all: the caller sees that
    /// [`Import::keys`] is empty and refuses. A key that the engine cannot use, though another might,
    /// is [`KeyWarning::UnsupportedKey`]; the keyring has to know it, and the caller goes on to ask.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if the engine could not do its work, or cannot honour `settings`: an engine
    /// that cannot judge by this clock, or cannot apply the cryptographic policy, must say so here.
    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError>;
}

/// The content of one key file, or of a policy's `keyData`.
#[derive(Clone, Copy, Debug)]
pub struct KeyMaterial<'a> {
    /// Where it comes from, for messages: a path, or `keyData`.
    pub origin: &'a str,
    /// The bytes: an OpenPGP keyring, binary or ASCII-armored.
    pub bytes: &'a [u8],
}

/// What an engine is to judge by. Cheap to clone.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// The time at which keys and signatures are judged.
    pub clock: Clock,
    /// Which algorithms are good enough.
    pub crypto_policy: CryptoPolicy,
}

impl Settings {
    /// Judge at the time of `clock`, by `crypto_policy`.
    #[must_use]
    pub fn new(clock: Clock, crypto_policy: CryptoPolicy) -> Self {
        Self {
            clock,
            crypto_policy,
        }
    }
}

/// What came of reading keys.
#[derive(Clone, Debug)]
pub struct Import {
    /// The keyring that trusts these keys and no others.
    pub keyring: Arc<dyn Keyring>,
    /// The keys that it trusts; empty if nothing in the input could be used.
    pub keys: Vec<TrustedKey>,
    /// What was passed over, and why.
    pub warnings: Vec<KeyWarning>,
}

/// A key that a keyring trusts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct TrustedKey {
    /// The primary key's fingerprint.
    pub fingerprint: Fingerprint,
    /// Where the key was read from: the [`KeyMaterial::origin`].
    pub origin: String,
    /// A user ID of the key, with control characters replaced, if it has one. Not verified by
    /// anybody: for people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When the primary key expires or has expired, if it does and the engine knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
}

impl TrustedKey {
    /// A key with this primary fingerprint, read from `origin`.
    #[must_use]
    pub fn new(fingerprint: Fingerprint, origin: impl Into<String>) -> Self {
        Self {
            fingerprint,
            origin: origin.into(),
            user_id: None,
            expires: None,
        }
    }

    /// The same key with a user ID to show.
    #[must_use]
    pub fn with_user_id(mut self, user_id: impl Into<String>) -> Self {
        self.user_id = Some(user_id.into());
        self
    }

    /// The same key with the time of its expiry.
    #[must_use]
    pub fn with_expiry(mut self, expires: Moment) -> Self {
        self.expires = Some(expires);
        self
    }
}

/// Something in a key file that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum KeyWarning {
    /// A whole key file (or `keyData`) in which no OpenPGP key was found.
    #[error("{origin} holds no OpenPGP key: {detail}")]
    NoKeyFound {
        /// Where it was read from.
        origin: String,
        /// What the engine said.
        detail: String,
    },
    /// One certificate among others that the engine cannot use.
    #[error("{origin} holds a key that cannot be used ({}): {detail}", .key.as_deref().unwrap_or("no fingerprint"))]
    UnusableKey {
        /// Where it was read from.
        origin: String,
        /// The key's fingerprint or key ID, if the engine got that far.
        key: Option<String>,
        /// What the engine said.
        detail: String,
    },
    /// One certificate that this engine cannot use, because of an algorithm, a curve, a key size or a
    /// version. Signatures by it are answered with [`Refusal::UnsupportedSignature`].
    #[error("{origin} holds a key that the engine {engine} cannot use ({}): {}", .key.as_deref().unwrap_or("no fingerprint"), refusal::not_supported(.what, .supported_by))]
    UnsupportedKey {
        /// Where it was read from.
        origin: String,
        /// The key's fingerprint or key ID, if the engine got that far.
        key: Option<String>,
        /// What is not supported: `ECDSA on secp256k1`, `keys of version 3`.
        what: String,
        /// The engine's name.
        engine: String,
        /// The engines of this crate that support it; empty if none does.
        supported_by: Vec<EngineKind>,
    },
    /// A part of a key file (or of `keyData`) that is not read, as GnuPG does not read it.
    #[error("{origin} is not read as a whole: {detail}")]
    NotRead {
        /// Where it was read from.
        origin: String,
        /// Which part, and why; in ASCII armor, with the line.
        detail: String,
    },
    /// More of a key file than the warnings before this one tell.
    #[error("{origin} holds {count} more keys or parts that cannot be used")]
    More {
        /// Where it was read from.
        origin: String,
        /// How many more.
        count: usize,
    },
}
