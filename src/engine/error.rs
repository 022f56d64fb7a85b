//! Why an engine has no answer.

use std::error::Error;
use std::time::Duration;

use crate::clock::ClockError;
use crate::engine::{CryptoPolicy, Diagnosis, Finding};

/// An engine could not do its work. Never a verdict: whoever sees it must not run the image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No engine was chosen, and this build has none.
    #[error("no OpenPGP engine is compiled in")]
    NoneCompiledIn,
    /// No engine of those that were asked for works.
    #[error("no OpenPGP engine works: {}", causes(.diagnosis))]
    #[non_exhaustive]
    NoneUsable {
        /// Each engine, with the reason why it does not work.
        diagnosis: Box<Diagnosis>,
    },
    /// The engine that was chosen does not work.
    #[error("the engine {engine} does not work: {finding}")]
    #[non_exhaustive]
    Unusable {
        /// The engine's name.
        engine: String,
        /// Why.
        finding: Box<Finding>,
        /// Everything that was found.
        diagnosis: Box<Diagnosis>,
    },
    /// The engine's program did not answer in time, and was ended.
    #[error("the engine {engine} could not {operation}: {program} did not answer within {} ms and was killed", .deadline.as_millis())]
    #[non_exhaustive]
    TimedOut {
        /// The engine's name.
        engine: String,
        /// What it was doing, as a verb phrase: `read the keys`.
        operation: String,
        /// The program.
        program: String,
        /// How long it was waited for.
        deadline: Duration,
    },
    /// The engine cannot judge by this [`Clock`](crate::Clock): by a source of the caller's own, or at a fixed time that
    /// it cannot be given.
    #[error("the engine {engine} cannot judge by this clock")]
    #[non_exhaustive]
    ClockUnsupported {
        /// The engine's name.
        engine: String,
    },
    /// The engine cannot apply the cryptographic policy.
    #[error("the engine {engine} cannot apply the cryptographic policy {crypto_policy}")]
    #[non_exhaustive]
    CryptoPolicyUnsupported {
        /// The engine's name.
        engine: String,
        /// The policy.
        crypto_policy: CryptoPolicy,
    },
    /// The clock to judge by does not know the time.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The engine failed at its work.
    #[error("the engine {engine} could not {operation}")]
    #[non_exhaustive]
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
    /// That an engine failed at its work: `operation` is a verb phrase, such as `read the keys`.
    #[must_use]
    pub fn failed(
        engine: impl Into<String>,
        operation: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Failed {
            engine: engine.into(),
            operation: operation.into(),
            source: source.into(),
        }
    }

    /// That the program of an engine did not answer in time, and was ended.
    #[must_use]
    pub fn timed_out(
        engine: impl Into<String>,
        operation: impl Into<String>,
        program: impl Into<String>,
        deadline: Duration,
    ) -> Self {
        Self::TimedOut {
            engine: engine.into(),
            operation: operation.into(),
            program: program.into(),
            deadline,
        }
    }

    /// That an engine cannot judge by the clock of its [`Settings`](super::Settings).
    #[must_use]
    pub fn clock_unsupported(engine: impl Into<String>) -> Self {
        Self::ClockUnsupported {
            engine: engine.into(),
        }
    }

    /// That an engine cannot apply this cryptographic policy.
    #[must_use]
    pub fn crypto_policy_unsupported(
        engine: impl Into<String>,
        crypto_policy: CryptoPolicy,
    ) -> Self {
        Self::CryptoPolicyUnsupported {
            engine: engine.into(),
            crypto_policy,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoneCompiledIn => {
                "build with the feature `sequoia-rust`, which needs nothing from the system"
            }
            Self::NoneUsable { diagnosis } => {
                let causes = || {
                    diagnosis
                        .engines
                        .iter()
                        .filter_map(|engine| engine.cause.as_ref())
                };
                // What is built in and does not work is nearer than what would have to be built.
                causes()
                    .find(|cause| !matches!(cause, Finding::NotCompiledIn { .. }))
                    .or(causes().next_back())
                    .map_or("name at least one engine", Finding::remedy)
            }
            Self::Unusable { finding, .. } => finding.remedy(),
            Self::TimedOut { .. } => {
                "run the program by hand to see why it hangs; or use another engine such as sequoia"
            }
            Self::ClockUnsupported { .. } => {
                "use the system's clock, or another engine such as sequoia"
            }
            Self::CryptoPolicyUnsupported { .. } => {
                "use the standard cryptographic policy, or another engine such as sequoia"
            }
            Self::Clock(_) => "make the time source available that the program judges by",
            Self::Failed { .. } => {
                "see the cause; if it does not help, try another engine such as sequoia"
            }
        }
    }

    /// The error and its causes in one line.
    pub(crate) fn with_causes(&self) -> String {
        let mut line = self.to_string();
        let mut cause = self.source();
        while let Some(deeper) = cause {
            line.push_str(": ");
            line.push_str(&deeper.to_string());
            cause = deeper.source();
        }
        line
    }

    /// What was found about each engine, if that is why there is no answer.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        match self {
            Self::NoneUsable { diagnosis } | Self::Unusable { diagnosis, .. } => Some(diagnosis),
            _ => None,
        }
    }
}

fn causes(diagnosis: &Diagnosis) -> String {
    let causes: Vec<String> = diagnosis
        .engines
        .iter()
        .filter_map(|engine| Some(format!("{}: {}", engine.engine, engine.cause.as_ref()?)))
        .collect();
    if causes.is_empty() {
        "none was asked for".to_owned()
    } else {
        causes.join("; ")
    }
}
