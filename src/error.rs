//! Why there is no accepted image.

use std::error::Error as StdError;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::answer::Answer;
use crate::answer::report::Object;
use crate::engine::{Diagnosis, EngineError};
use crate::image::ImageNameError;
use crate::policy::PolicyError;
use crate::source::SourceError;
use crate::text::quote::visible;
use crate::verdict::Report;

/// Whatever kept an image from being accepted.
///
/// A rejection is an error too, so that `verifier.verify(&image)?` never goes on with an image
/// that may not run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The policy could not be read.
    Policy(PolicyError),
    /// The image's name could not be read.
    ImageName(ImageNameError),
    /// The engine could not do its work; there is no verdict.
    #[non_exhaustive]
    Engine {
        /// What it met.
        error: EngineError,
        /// The report as far as the evaluation got, which is undecided; none if no image was
        /// being judged.
        report: Option<Box<Report>>,
    },
    /// Something that the verdict depends on could not be read or fetched: the list, the manifest, a signature, or
    /// a key file. Nothing is said against the image, which must not run either; trying again may help.
    #[non_exhaustive]
    Unavailable {
        /// What the [`Source`](crate::Source) or [`KeyLoader`](crate::KeyLoader) said. Its own error is this error's
        /// [source](StdError::source), to be downcast.
        error: SourceError,
        /// The report as far as the evaluation got, which is undecided.
        report: Box<Report>,
    },
    /// The policy does not accept the image.
    Rejected(Box<Report>),
    /// Whether the policy accepts the image could not be found out, though everything was there: a list is missing
    /// that would name the instance, for example, no engine can use the key, or the clock cannot be right. Nothing is
    /// said against the image, and it must not run either.
    Undecided(Box<Report>),
}

impl Error {
    /// Whose business the error is.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Policy(_) | Self::ImageName(_) => Category::Configuration,
            Self::Engine { .. } => Category::Engine,
            Self::Unavailable { .. } => Category::Unavailable,
            Self::Rejected(_) => Category::Rejected,
            Self::Undecided(_) => Category::Undecided,
        }
    }

    /// The stable word for the error, in kebab-case: where there was a verdict, the
    /// [`Reason::code`](crate::Reason::code) of its headline; for a policy that could not be read,
    /// [`PolicyError::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Policy(error) => error.code(),
            Self::ImageName(_) => "image-name-invalid",
            Self::Engine { .. } => "engine-failed",
            Self::Rejected(report) => headline(report, "rejected"),
            Self::Undecided(report) | Self::Unavailable { report, .. } => {
                headline(report, "undecided")
            }
        }
    }

    /// What a person is told: what came of it, why, where, and what to do, in at most six lines.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match self {
            Self::Policy(error) => Answer::of_policy(error),
            Self::ImageName(error) => Answer::of_image_name(error),
            Self::Engine { error, report } => Answer::of_engine(error, report.as_deref()),
            Self::Unavailable { error, report } => Answer::of_unavailable(error, report),
            Self::Rejected(report) | Self::Undecided(report) => report.answer(),
        }
    }

    /// The report, if an image was being judged.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Policy(_) | Self::ImageName(_) => None,
            Self::Engine { report, .. } => report.as_deref(),
            Self::Rejected(report) | Self::Undecided(report) | Self::Unavailable { report, .. } => {
                Some(report)
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (report, verdict) = match self {
            Self::Policy(error) => return error.fmt(f),
            Self::ImageName(error) => return error.fmt(f),
            Self::Engine { error, .. } => return error.fmt(f),
            Self::Rejected(report) => (report, "is rejected"),
            Self::Undecided(report) | Self::Unavailable { report, .. } => {
                (report, "could not be judged")
            }
        };
        write!(f, "the image {} {verdict}", visible(&report.image))?;
        if let Some(cause) = &report.answer().cause {
            write!(f, ": {cause}")?;
        }
        // If it is a file: whoever reads the sentence in a log can look there.
        match &report.policy.file {
            Some(_) => write!(f, " (the policy: {})", report.policy),
            None => Ok(()),
        }
    }
}

/// As JSON an object as of a [`Report`], whose fields it has if an image was being judged, and `error` beside them where there is
/// more to say than the report does: what the engine met, or what is wrong with the policy or the name.
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Object::of(self.answer(), self.report(), Detail::of(self)).serialize(serializer)
    }
}

/// What an error says beside a report.
#[derive(Serialize)]
struct Detail<'a> {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnosis: Option<&'a Diagnosis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a PolicyError>,
}

impl<'a> Detail<'a> {
    fn of(error: &'a Error) -> Option<Self> {
        let (diagnosis, policy) = match error {
            Error::Policy(error) => (None, Some(error)),
            Error::ImageName(_) => (None, None),
            Error::Engine { error, .. } => (error.diagnosis(), None),
            Error::Unavailable { .. } => (None, None),
            Error::Rejected(_) | Error::Undecided(_) => return None,
        };
        Some(Self {
            code: error.code(),
            message: error.to_string(),
            causes: std::iter::successors(StdError::source(error), |cause| (*cause).source())
                .map(ToString::to_string)
                .collect(),
            diagnosis,
            policy,
        })
    }
}

impl StdError for Error {
    /// The cause of the error that this one stands for, whose sentence is this one's; of [`Error::Unavailable`], what
    /// the source or key loader met.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Policy(error) => error.source(),
            Self::ImageName(error) => error.source(),
            Self::Engine { error, .. } => error.source(),
            Self::Unavailable { error, .. } => Some(error.cause()),
            Self::Rejected(_) | Self::Undecided(_) => None,
        }
    }
}

impl From<PolicyError> for Error {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl From<ImageNameError> for Error {
    fn from(error: ImageNameError) -> Self {
        Self::ImageName(error)
    }
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        Self::Engine {
            error,
            report: None,
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
    /// Something could not be read or fetched: for whoever runs the program, who may try again.
    Unavailable,
    /// Something could not be checked, or the clock cannot be right: for whoever runs the program.
    Undecided,
}

fn headline(report: &Report, otherwise: &'static str) -> &'static str {
    report
        .rejection
        .as_ref()
        .map_or(otherwise, |reason| reason.code())
}
