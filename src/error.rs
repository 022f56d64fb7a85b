//! Why there is no accepted image.

use crate::engine::EngineError;
use crate::image::ImageNameError;
use crate::policy::PolicyError;
use crate::quote::visible;
use crate::report::Report;

/// Whatever kept an image from being accepted.
///
/// A rejection is an error too, so that `verifier.verify(&image)?` never goes on with an image
/// that may not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The policy could not be read.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The image's name could not be read.
    #[error(transparent)]
    ImageName(#[from] ImageNameError),
    /// The engine could not do its work; there is no verdict.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The policy does not accept the image.
    #[error("{}", rejection(.0))]
    Rejected(Box<Report>),
}

impl Error {
    /// Whose business the error is.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Policy(_) | Self::ImageName(_) => Category::Configuration,
            Self::Engine(_) => Category::Engine,
            Self::Rejected(_) => Category::Rejected,
        }
    }

    /// The stable word for the error, in kebab-case: for a rejection the
    /// [`Reason::code`](crate::Reason::code) of its headline.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Policy(_) => "policy-invalid",
            Self::ImageName(_) => "image-name-invalid",
            Self::Engine(_) => "engine-failed",
            Self::Rejected(report) => report
                .rejection
                .as_ref()
                .map_or("rejected", |reason| reason.code()),
        }
    }

    /// What to do about it, in one sentence, if there is more to say than the error itself does.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Policy(_) | Self::ImageName(_) => None,
            Self::Engine(error) => Some(error.remedy()),
            Self::Rejected(report) => report.rejection.as_ref().map(|reason| reason.remedy()),
        }
    }

    /// The report, if there was a verdict.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Rejected(report) => Some(report),
            _ => None,
        }
    }
}

/// Whose business an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The policy or the image's name is wrong: for whoever configured them.
    Configuration,
    /// The engine does not work: for whoever built or installed the program.
    Engine,
    /// The image is refused: for whoever wants to run it.
    Rejected,
}

/// With the policy, if it is a file: whoever reads the sentence in a log can look there.
fn rejection(report: &Report) -> String {
    let image = visible(&report.image);
    let policy = match &report.policy.file {
        Some(_) => format!(" (the policy: {})", report.policy),
        None => String::new(),
    };
    match &report.rejection {
        Some(reason) => format!("the image {image} is rejected: {reason}{policy}"),
        None => format!("the image {image} is rejected{policy}"),
    }
}
