//! The words where the policy itself says no, or cannot be used.

use super::context::Context;
use super::told::{Fault, Told};
use crate::policy::PolicyError;
use crate::text::quote::visible;
use crate::verdict::Reason;

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let cause = visible(&context.reason.to_string());
    Some(match context.reason {
        Reason::RejectedByPolicy if context.report.scope.transport().is_none() => Told::new(
            Fault::Policy,
            "no entry of the policy fits this image, so its default applies, which rejects every image",
        )
        .step("to allow it, give its registry or repository an entry with a `signedBy` requirement"),
        Reason::RejectedByPolicy => Told::new(Fault::Policy, "the policy rejects every image of this scope")
            .step("if that is not meant, give the image's repository a more specific entry with a `signedBy` requirement"),
        Reason::UnsupportedRequirement { .. } => Told::new(Fault::Machine, cause)
            .step("use a program that can check this requirement, or have the image signed with OpenPGP and write a `signedBy` requirement"),
        Reason::UnsignedNotAllowed => Told::new(Fault::Policy, cause)
            .step("give the image's scope a `signedBy` requirement in the policy"),
        _ => return None,
    })
}

/// A policy that cannot be read.
pub(super) fn unusable(error: &PolicyError) -> Told {
    Told::new(Fault::Policy, error.to_string())
        .step("correct the file: containers-policy.json(5) describes it")
}
