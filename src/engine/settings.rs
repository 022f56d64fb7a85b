//! What an engine is to judge by.

use super::crypto_policy::CryptoPolicy;
use crate::clock::Clock;

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
