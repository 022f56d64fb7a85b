//! Reports as people and programs read them: with their answer before everything else.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Answer;
use crate::verdict::details::Details;
pub(crate) use crate::verdict::report::SCHEMA;
use crate::verdict::{DecidedBy, Report, Verdict};

impl Report {
    /// What a person is told first: what came of it, why, where, and what to do.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer::of_report(self)
    }
}

/// The answer; with `{:#}` everything that the report has follows.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.answer())?;
        if f.alternate() {
            write!(f, "{}", Details(self))?;
        }
        Ok(())
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Object::<()>::of(self.answer(), Some(self), None).serialize(serializer)
    }
}

/// A report or an error as JSON: what came of it and the answer, then what an error has to say, and the fields of the
/// report if an image was being judged.
#[derive(Serialize)]
pub(crate) struct Object<'a, E> {
    schema: u32,
    verdict: Verdict,
    answer: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<DecidedBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<E>,
    #[serde(flatten)]
    report: Option<Members<'a>>,
}

impl<'a, E> Object<'a, E> {
    pub(crate) fn of(answer: Answer, report: Option<&'a Report>, error: Option<E>) -> Self {
        Self {
            schema: SCHEMA,
            verdict: report.map_or(Verdict::Undecided, Report::verdict),
            answer,
            decided_by: report.and_then(Report::decided_by),
            error,
            report: report.map(Members),
        }
    }
}

/// The fields of a report.
struct Members<'a>(&'a Report);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Report::serialize(self.0, serializer)
    }
}
