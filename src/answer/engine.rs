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
    let told = Told::new(Fault::Machine, visible(&cause));
    let failed = match error {
        EngineError::Failed { engine, .. } | EngineError::TimedOut { engine, .. } => Some(engine),
        _ => None,
    };
    let told = match failed {
        Some(_) => told.step("see the cause, and try again: nothing is said against the image"),
        None => told,
    };
    let others: Vec<&str> = EngineKind::DEFAULT_ORDER
        .iter()
        .filter(|kind| kind.is_compiled_in() && is_another(**kind, &asked, error))
        .map(|kind| kind.name())
        .collect();
    if others.is_empty() {
        return match failed {
            Some(_) => told,
            None => told.step(error.remedy()),
        };
    }
    // Nearer than mending what was found.
    told.step(format!(
        "{}use another engine that this program has: {}",
        if failed.is_some() { "or " } else { "" },
        alternatives(&others)
    ))
}

/// The names in a sentence: `a, b or c`.
fn alternatives(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// Whether this engine was not asked, and may do better than those that were: what is wrong with gpg is wrong for both
/// engines that run it.
fn is_another(kind: EngineKind, asked: &[EngineKind], error: &EngineError) -> bool {
    let cause = match error {
        EngineError::Unusable { finding, .. } => Some(&**finding),
        EngineError::NoneUsable { diagnosis } => diagnosis
            .engines
            .iter()
            .find_map(|engine| engine.cause.as_ref()),
        EngineError::Failed { engine, .. } | EngineError::TimedOut { engine, .. } => {
            return !kind.runs_gnupg() && engine != kind.name();
        }
        _ => return false,
    };
    let is_of_library = matches!(
        cause,
        Some(
            Finding::LibraryTooOld { .. }
                | Finding::LibraryFailed { .. }
                | Finding::LibraryWithoutEngine { .. }
                | Finding::NotCompiledIn { .. }
        )
    );
    !asked.contains(&kind) && (!kind.runs_gnupg() || is_of_library)
}
