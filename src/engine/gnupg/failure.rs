//! What an engine on GnuPG says when it cannot do its work.

use std::error::Error;

use crate::clock::{Clock, unix_seconds};
use crate::engine::{Diagnosis, EngineDiagnosis, EngineError, EngineKind, Finding};

/// Refuses a clock that gpg cannot be given: it knows the system's clock and fixed times, takes zero for "now", and
/// OpenPGP has 32 bits for a time.
pub(in crate::engine) fn check_clock(engine: EngineKind, clock: &Clock) -> Result<(), EngineError> {
    let can_be_given = match clock {
        Clock::System => true,
        Clock::Fixed(moment) => {
            let seconds = unix_seconds(*moment);
            seconds != 0 && u32::try_from(seconds).is_ok()
        }
        Clock::Source(_) => false,
    };
    if can_be_given {
        Ok(())
    } else {
        Err(EngineError::ClockUnsupported {
            engine: engine.name().to_owned(),
        })
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

/// The engine does not work, because of the cause in `diagnosis`.
pub(in crate::engine) fn unusable(diagnosis: EngineDiagnosis) -> EngineError {
    let finding = diagnosis
        .cause
        .clone()
        .unwrap_or_else(|| Finding::CannotVerify {
            engine: diagnosis.engine,
            detail: "no cause is known".to_owned(),
        });
    EngineError::Unusable {
        engine: diagnosis.engine.name().to_owned(),
        finding: Box::new(finding),
        diagnosis: Box::new(Diagnosis {
            engines: vec![diagnosis],
        }),
    }
}

/// The engine does not work, because of this cause.
pub(in crate::engine) fn unusable_for(engine: EngineKind, finding: Finding) -> EngineError {
    let mut diagnosis = EngineDiagnosis::new(engine);
    diagnosis.cause = Some(finding);
    unusable(diagnosis)
}
