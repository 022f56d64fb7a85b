//! Placeholder

mod clock;
pub mod engine;
mod fingerprint;

pub use clock::{Clock, Moment, MomentError};
pub use fingerprint::{Fingerprint, FingerprintError, KeyHandle};
