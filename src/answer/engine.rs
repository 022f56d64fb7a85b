//! The words where an engine could not do its work.

use super::context::Context;
use super::told::{Fault, Told};
use crate::engine::{EngineError, Finding};
use crate::text::quote::visible;
use crate::verdict::Reason;

/// The stable word: that of what was found, where one finding is the reason.
pub(super) fn code(error: &EngineError) -> &'static str {
    match error {
        EngineError::Unusable { finding, .. } => finding.code(),
        EngineError::NoneUsable { diagnosis } => diagnosis
            .engines
            .iter()
            .filter_map(|engine| engine.cause.as_ref())
            .find(|cause| !matches!(cause, Finding::NotCompiledIn { .. }))
            .map_or("engine-failed", Finding::code),
        _ => "engine-failed",
    }
}

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let Reason::EngineFailed { remedy, .. } = context.reason else {
        return None;
    };
    let cause = visible(&context.reason.to_string());
    Some(Told::new(Fault::Machine, cause).step(*remedy))
}

/// An engine that had no answer. Nothing is said against the image.
pub(super) fn failed(error: &EngineError) -> Told {
    Told::new(Fault::Machine, visible(&error.with_causes())).step(error.remedy())
}
