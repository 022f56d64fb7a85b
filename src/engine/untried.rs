//! An engine that is put to work before it is tried out: a trial takes four processes of gpg, and work that ends in a good
//! signature shows the same.

use std::fmt::Debug;
use std::sync::Arc;

use crate::engine::{Engine, EngineDiagnosis};

/// An engine of which it is known where its gpg is, and not whether that does its work.
pub(crate) trait Untried: Debug + Send + Sync {
    /// The engine, to be put to work.
    fn engine(&self) -> Arc<dyn Engine>;

    /// Looks for what the engine needs, and says what it found. If that is usable, the engine can be put to work.
    fn look(&self) -> EngineDiagnosis;

    /// Tries it out: whether the gpg that does its work is the one with which it was put to work.
    ///
    /// # Errors
    ///
    /// Why it does not work.
    fn confirm(&self) -> Result<bool, Box<EngineDiagnosis>>;
}
