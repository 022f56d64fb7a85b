//! The words where it is the machine's clock that is wrong, and neither image nor keys.

use super::context::Context;
use super::told::{Fault, Told};
use crate::clock::for_people;
use crate::engine::{Refusal, TrustedKey};
use crate::verdict::{ImplausibleClock, clock_is_implausible};

/// Of a refusal over a time, if no clock can be right that shows it.
pub(super) fn told(context: &Context<'_>, refusal: &Refusal) -> Option<Told> {
    let is_over_time = matches!(
        refusal,
        Refusal::SignatureExpired { .. }
            | Refusal::SignatureFromTheFuture { .. }
            | Refusal::KeyExpired { .. }
            | Refusal::KeyFromTheFuture { .. }
    );
    let now = context.judged_at().filter(|_| is_over_time)?;
    let keys: Vec<TrustedKey> = context.trusted().cloned().collect();
    let cause = match clock_is_implausible(&keys, now)? {
        ImplausibleClock::BeforeKeys { now, first_key, .. } => format!(
            "this machine's clock says {now}, before any key of this requirement was made (the first: {first_key})"
        ),
        ImplausibleClock::FarAhead { now, released } => format!(
            "this machine's clock says {now}, {} after this program was released",
            for_people(now.distance(released))
        ),
    };
    Some(
        Told::new(Fault::Machine, cause)
            .step("set the clock (`timedatectl`, `chronyc makestep`) and try again; image and keys are not at fault"),
    )
}
