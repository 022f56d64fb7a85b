//! What people are told of a verdict: the answer, its cause, the place and what to do, in at most six lines.
//!
//! The report has everything; here is what somebody reads first. A remedy belongs to what happened and not to a code, so
//! that it is chosen here, where the whole report is known.

mod advice;
mod clock;
mod context;
mod counted;
mod engine;
mod identity;
mod image;
mod keys;
mod layout;
mod policy;
pub(crate) mod report;
mod signature;
mod signing_key;
mod sigstore;
mod told;

use std::fmt;

use serde::Serialize;

pub(crate) use self::advice::on_key_warning;
use self::context::{Context, policy_line, skipped_engines};
use self::layout::{Lines, MAX_COLUMNS, MAX_LINES};
pub use self::told::Fault;
use self::told::Told;
use crate::clock::Moment;
use crate::engine::EngineError;
use crate::image::ImageNameError;
use crate::policy::PolicyError;
use crate::source::SourceError;
use crate::text::quote::{Quoted, visible};
use crate::verdict::{Report, RequirementOutcome, Verdict, Warning};

/// A verdict, or an error, as a person reads it: what it is, why, where, and what to do.
///
/// `Display` is a text of at most [`Answer::MAX_LINES`] lines of at most [`Answer::MAX_COLUMNS`] columns, each ended by a
/// line feed; the first one stands alone. As JSON, an object with the fields, which are not shortened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// What came of it, and of what: `rejected: docker://registry.example/app:1`.
    pub headline: String,
    /// The stable word for what happened; none if the image is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// Who can mend it; none if there is nothing to mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// What happened, as a sentence; none if the image is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Who signed, and when, of an accepted image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// The manifest to run and no other; none if the image is not accepted, or nothing was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Where: which signature, which key file.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The policy that decided: its file and line, the scope, and the beginning of the file's SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What will be wrong soon, or deserves a look, of an accepted image.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What to do, in the order of the steps.
    #[serde(rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Which engine judged instead of which, if one that is built in does not work here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
}

impl Answer {
    /// The most lines of the text.
    pub const MAX_LINES: usize = MAX_LINES;

    /// The most columns of a line of the text.
    pub const MAX_COLUMNS: usize = MAX_COLUMNS;

    /// What is told of a verdict.
    pub(crate) fn of_report(report: &Report) -> Self {
        match Context::of(report) {
            Some(context) => Self::of_refusal(&context),
            None => Self::of_accepted(report),
        }
    }

    /// What is told where something could not be read or fetched.
    pub(crate) fn of_unavailable(error: &SourceError, report: &Report) -> Self {
        let answer = Self::of_report(report);
        match advice::on_unavailable(error) {
            Some(step) => Self {
                steps: vec![step.to_owned()],
                ..answer
            },
            None => answer,
        }
    }

    /// What is told of an engine that had no answer, for an image that was being judged or for none.
    pub(crate) fn of_engine(error: &EngineError, report: Option<&Report>) -> Self {
        let subject = report.map_or_else(
            || "no image was judged".to_owned(),
            |report| visible(&report.image),
        );
        let told = engine::failed(error);
        Self {
            policy: report.map(policy_line),
            ..Self::told(
                format!("{}: {subject}", Verdict::Undecided),
                engine::code(error),
                told,
            )
        }
    }

    /// What is told of a policy that cannot be read.
    pub(crate) fn of_policy(error: &PolicyError) -> Self {
        Self::told(
            "error: the policy cannot be used".to_owned(),
            error.code(),
            policy::unusable(error),
        )
    }

    /// What is told of a name that cannot be read.
    pub(crate) fn of_image_name(error: &ImageNameError) -> Self {
        let told = Told::new(Fault::Request, error.to_string())
            .step("correct the name: containers-transports(5) has the forms that there are");
        Self::told(
            "error: the image's name cannot be read".to_owned(),
            "image-name-invalid",
            told,
        )
    }

    fn of_refusal(context: &Context<'_>) -> Self {
        let report = context.report;
        let headline = format!("{}: {}", report.verdict(), visible(&report.image));
        Self {
            policy: Some(policy_line(report)),
            engine: skipped_engines(report),
            ..Self::told(headline, context.reason.code(), told(context))
        }
    }

    fn of_accepted(report: &Report) -> Self {
        let proof = report.accepted_signatures().next();
        let by_caller =
            report
                .requirements
                .iter()
                .find_map(|requirement| match &requirement.outcome {
                    RequirementOutcome::AcceptedByCaller { by, signed_at } => Some((by, signed_at)),
                    _ => None,
                });
        let nothing = if report.is_verified() {
            ""
        } else {
            " (nothing was verified)"
        };
        let on = |signed_at: &Option<Moment>| match signed_at {
            Some(signed_at) => format!(" on {signed_at}"),
            None => String::new(),
        };
        Self {
            headline: format!("{}: {}{nothing}", report.verdict(), visible(&report.image)),
            code: None,
            fault: None,
            cause: None,
            signed: proof
                .map(|proof| {
                    let holder = context::holder(report, &proof.signer);
                    let logged = proof.log_entry.as_ref();
                    let logged = logged.map_or_else(String::new, |entry| format!(", {entry}"));
                    format!("by {holder}{}{logged}", on(&proof.signed_at))
                })
                .or_else(|| {
                    let (by, signed_at) = by_caller?;
                    Some(format!("judged elsewhere, {}{}", Quoted(by), on(signed_at)))
                }),
            run: report
                .manifest_digest
                .as_ref()
                .filter(|_| report.is_verified())
                .map(ToString::to_string),
            place: None,
            policy: Some(policy_line(report)),
            warnings: report
                .warnings
                .iter()
                .map(|warning| format!("{}: {warning}", warning.code()))
                .collect(),
            steps: report.warnings.iter().map(Warning::remedy).collect(),
            engine: skipped_engines(report),
        }
    }

    fn told(headline: String, code: &'static str, told: Told) -> Self {
        Self {
            headline,
            code: Some(code),
            fault: Some(told.fault),
            cause: Some(told.cause),
            signed: None,
            run: None,
            place: told.place,
            policy: None,
            warnings: Vec::new(),
            steps: told.steps,
            engine: None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Lines::headed(&self.headline, self.code);
        lines.add("cause", self.cause.as_deref(), 2);
        // A warning names the key or the signature that it is about, and what to do needs the room.
        if self.warnings.is_empty() {
            lines.add("signed", self.signed.as_deref(), 1);
        }
        lines.add_whole("run", self.run.as_deref(), 1);
        lines.add("where", self.place.as_deref(), 1);
        lines.add("policy", self.policy.as_deref(), 1);
        let more = self.warnings.len().saturating_sub(1);
        let first = self.warnings.first().map(|first| match more {
            0 => first.clone(),
            more => format!("{first}; and {more} more"),
        });
        lines.add("warning", first.as_deref(), 2);
        // Of several warnings, what to do about the first, which is the one that is told.
        let steps = if self.warnings.is_empty() {
            self.steps.join("; ")
        } else {
            self.steps.first().cloned().unwrap_or_default()
        };
        lines.add(
            "do",
            Some(steps.as_str()).filter(|steps| !steps.is_empty()),
            Self::MAX_LINES,
        );
        lines.add("engine", self.engine.as_deref(), 1);
        lines.fmt(f)
    }
}

/// The words for a reason: by the room that it comes from.
fn told(context: &Context<'_>) -> Told {
    let told = image::told(context)
        .or_else(|| policy::told(context))
        .or_else(|| keys::told(context))
        .or_else(|| identity::told(context))
        .or_else(|| engine::told(context))
        .or_else(|| clock::told(context))
        .or_else(|| signature::told(context))
        .or_else(|| sigstore::told(context))
        .unwrap_or_else(|| Told::new(Fault::Image, visible(&context.reason.to_string())));
    counted::with_signatures(context, told)
}
