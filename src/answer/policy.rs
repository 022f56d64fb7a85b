//! The words where the policy itself says no, or cannot be used.

use std::error::Error;

use super::context::Context;
use super::told::{Fault, Told};
use crate::policy::PolicyError;
use crate::text::quote::visible;
use crate::verdict::{Reason, Report};

pub(super) fn told(context: &Context<'_>) -> Option<Told> {
    let cause = visible(&context.reason.to_string());
    Some(match context.reason {
        Reason::RejectedByPolicy => rejected(context.report),
        Reason::UnsupportedRequirement { what } if what.contains("`sigstoreSigned`") && !cfg!(feature = "sigstore") => {
            Told::new(Fault::Machine, cause)
                .step("use a program that is built with the feature `sigstore`, or have the image signed with OpenPGP and write a `signedBy` requirement")
        }
        Reason::UnsupportedRequirement { .. } => Told::new(Fault::Machine, cause)
            .step("use a program that can check this requirement, or have the image signed with OpenPGP and write a `signedBy` requirement"),
        Reason::ForeignRejected { .. } => Told::new(Fault::Image, cause)
            .step("do not run the image; whoever judges this requirement in place of this program knows more"),
        Reason::ForeignUndecided { .. } => Told::new(Fault::Machine, cause)
            .step("mend that and try again: nothing is said against the image"),
        Reason::UnsignedNotAllowed => Told::new(Fault::Policy, cause)
            .step("give the image's scope a `signedBy` requirement in the policy"),
        _ => return None,
    })
}

/// A scope that rejects every image: by intention, or because another one was meant.
fn rejected(report: &Report) -> Told {
    let is_default = report.scope.transport().is_none();
    let (cause, step) = if is_default {
        (
            "no entry of the policy fits this image, so its default applies, which rejects every image",
            "to allow it, give its registry or repository an entry with a `signedBy` requirement",
        )
    } else {
        (
            "the policy rejects every image of this scope",
            "if that is not meant, give the image's repository a more specific entry with a `signedBy` requirement",
        )
    };
    match report.near_misses.first() {
        Some(near_miss) if is_default => Told::new(
            Fault::Policy,
            format!(
                "no entry fits, so the default rejects the image; {}",
                near_miss.cause()
            ),
        )
        .step(near_miss.remedy()),
        _ => Told::new(Fault::Policy, cause).step(step),
    }
}

/// A policy that cannot be read.
pub(super) fn unusable(error: &PolicyError) -> Told {
    let mut cause = error.kind().to_string();
    if let Some(source) = error.source() {
        cause.push_str(&format!(": {source}"));
    }
    match error.others().len().saturating_add(error.others_left_out()) {
        0 => {}
        1 => cause.push_str("; and there is 1 more mistake"),
        more => cause.push_str(&format!("; and there are {more} more mistakes")),
    }
    let mut told = Told::new(Fault::Policy, visible(&cause));
    told.place = place(error);
    told.steps = error.steps();
    if told.steps.is_empty() {
        told = told.step("correct the file: containers-policy.json(5) describes it");
    }
    told
}

/// `/etc/containers/policy.json:7:22, transports.docker["registry.example"][0].keyPath`.
fn place(error: &PolicyError) -> Option<String> {
    let mut place = match error.file() {
        Some(file) => visible(&file.to_string_lossy()),
        None => String::new(),
    };
    if let (Some(line), Some(column)) = (error.line(), error.column()) {
        place.push_str(&match error.file() {
            Some(_) => format!(":{line}:{column}"),
            None => format!("line {line}, column {column}"),
        });
    }
    if !error.path().is_empty() {
        place.push_str(&format!(", {}", visible(error.path())));
    }
    (!place.is_empty()).then_some(place)
}
