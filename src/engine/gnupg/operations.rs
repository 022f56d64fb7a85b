//! One way to run gpg.

use std::fmt::Debug;

use super::listing::Listing;
use super::status::Status;
use crate::engine::{EngineError, EngineKind};

pub(in crate::engine) const READ_KEYS: &str = "read the keys";
pub(in crate::engine) const LIST_KEYS: &str = "list the keys";
pub(in crate::engine) const VERIFY: &str = "verify a signature";

/// One way to run gpg, in one home directory.
///
/// A method fails if gpg could not be run, or was ended by a signal or at the deadline; whether it
/// did its work shows in its status lines.
pub(in crate::engine) trait Operations: Debug + Send + Sync + 'static {
    /// The engine that runs gpg this way.
    fn engine(&self) -> EngineKind;

    /// Imports a binary key file.
    fn import(&self, keys: &[u8]) -> Result<Status, EngineError>;

    /// Lists all keys, with their own signatures checked.
    fn list(&self) -> Result<Listing, EngineError>;

    /// Checks a signed message.
    fn verify(&self, untrusted_message: &[u8]) -> Result<Said, EngineError>;
}

/// What gpg said about a message, and what it wrote of its data.
#[derive(Debug)]
pub(in crate::engine) struct Said {
    /// Its status lines.
    pub(in crate::engine) status: Status,
    /// The data; never more than one byte above the largest payload.
    pub(in crate::engine) output: Vec<u8>,
    /// What else is known about how gpg ended, if it did not end well: a sentence for people.
    pub(in crate::engine) complaint: Option<String>,
}
