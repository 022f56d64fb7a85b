//! Why an engine has no answer.

use std::error::Error;

/// An engine could not do its work. Never a verdict: whoever sees it must not run the image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No engine was chosen, and this build has none.
    #[error("no OpenPGP engine is compiled in")]
    NoneCompiledIn,
    /// The engine cannot judge by another clock than the system's.
    #[error("the engine {engine} cannot judge at a fixed time")]
    FixedClockUnsupported {
        /// The engine's name.
        engine: String,
    },
    /// The engine cannot apply the cryptographic policy.
    #[error("the engine {engine} cannot apply the cryptographic policy {crypto_policy}")]
    CryptoPolicyUnsupported {
        /// The engine's name.
        engine: String,
        /// The policy's name.
        crypto_policy: String,
    },
    /// The engine failed at its work.
    #[error("the engine {engine} could not {operation}")]
    Failed {
        /// The engine's name.
        engine: String,
        /// What it was doing, as a verb phrase: `read the keys`.
        operation: String,
        /// What the engine met.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl EngineError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoneCompiledIn => {
                "build with the feature `sequoia-rust`, which needs nothing from the system"
            }
            Self::FixedClockUnsupported { .. } => {
                "use the system's clock, or another engine such as sequoia"
            }
            Self::CryptoPolicyUnsupported { .. } => {
                "use the standard cryptographic policy, or another engine such as sequoia"
            }
            Self::Failed { .. } => "see the cause; if it does not help, try another engine",
        }
    }
}
