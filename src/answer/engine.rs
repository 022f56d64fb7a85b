//! The words where an engine could not do its work.

use super::context::Context;
use super::told::{Fault, Told};
use crate::engine::{EngineError, EngineKind, Finding};
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
    Some(Told::new(Fault::Machine, cause).step(remedy))
}

/// An engine that had no answer. Nothing is said against the image.
pub(super) fn failed(error: &EngineError) -> Told {
    let asked: Vec<EngineKind> = match error.diagnosis() {
        Some(diagnosis) => diagnosis
            .engines
            .iter()
            .map(|engine| engine.engine)
            .collect(),
        None => Vec::new(),
    };
    let cause = match error {
        // Which engine it is says the finding itself.
        EngineError::Unusable { finding, .. } => finding.to_string(),
        EngineError::NoneUsable { diagnosis } => match diagnosis.engines.as_slice() {
            [one] => one
                .cause
                .as_ref()
                .map_or_else(|| error.to_string(), Finding::to_string),
            _ => error.to_string(),
        },
        _ => error.with_causes(),
    };
    let others: Vec<&str> = EngineKind::DEFAULT_ORDER
        .iter()
        .filter(|kind| kind.is_compiled_in() && !asked.is_empty() && !asked.contains(kind))
        .map(|kind| kind.name())
        .collect();
    let told = Told::new(Fault::Machine, visible(&cause));
    if others.is_empty() {
        return told.step(error.remedy());
    }
    // Nearer than mending what was found.
    told.step(format!(
        "use another engine that this program has: {}",
        others.join(" or ")
    ))
}
