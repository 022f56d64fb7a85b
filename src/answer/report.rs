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
        #[derive(Serialize)]
        struct Object<'a> {
            schema: u32,
            verdict: Verdict,
            answer: Answer,
            #[serde(skip_serializing_if = "Option::is_none")]
            decided_by: Option<DecidedBy>,
            #[serde(flatten)]
            members: Members<'a>,
        }

        Object {
            schema: SCHEMA,
            verdict: self.verdict(),
            answer: self.answer(),
            decided_by: self.decided_by(),
            members: Members(self),
        }
        .serialize(serializer)
    }
}

/// The fields of a report.
pub(crate) struct Members<'a>(pub(crate) &'a Report);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Report::serialize(self.0, serializer)
    }
}
