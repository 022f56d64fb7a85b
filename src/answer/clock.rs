//! The words where it is the machine's clock that is wrong, and neither image nor keys.

use super::context::Context;
use super::told::{Fault, Told};
use crate::verdict::Reason;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let Reason::ClockImplausible { clock } = context.reason else {
        return None;
    };
    let told = Told::new(Fault::Machine, clock.to_string())
        .step("set the clock (`timedatectl`, `chronyc makestep`); image and keys are not at fault");
    // What would be the answer if the clock were right.
    let refused = context
        .requirement
        .and_then(|requirement| requirement.outcome.reason());
    Some(match (context.signature_name(), refused) {
        (Some(name), Some(reason)) => told.at(format!("{name}, refused as {}", reason.code())),
        _ => told,
    })
}
