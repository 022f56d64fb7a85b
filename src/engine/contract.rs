//! What an engine must do.

use std::fmt::Debug;

use super::error::EngineError;
use super::import::{Import, KeyMaterial};
use super::settings::Settings;

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
    /// binary or ASCII-armored. What cannot be used is skipped with a [`KeyWarning`](super::KeyWarning); it is
    /// not an error, and neither is an import that leaves no key at all: the caller sees that
    /// [`Import::keys`] is empty and refuses. A key that the engine cannot use, though another might,
    /// is [`KeyWarning::UnsupportedKey`](super::KeyWarning::UnsupportedKey); the keyring has to know it, and the caller goes on to ask.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if the engine could not do its work, or cannot honour `settings`: an engine
    /// that cannot judge by this clock, or cannot apply the cryptographic policy, must say so here.
    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError>;
}
