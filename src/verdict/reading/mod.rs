//! Reports that are read back from their JSON: to be shown, and never as a proof.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::report::SCHEMA;
use super::{Note, Reason, Report, RequirementReport, Verdict, Warning};
use crate::digest::Digest;
use crate::explain::NearMiss;
use crate::policy::{MatchedScope, PolicyOrigin, Span};
use crate::verdict::EngineReport;

impl<'de> Deserialize<'de> for Report {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The number comes first, wherever it stands: of another shape, nothing else can be said.
        let value = Value::deserialize(deserializer)?;
        if !value.is_object() {
            return Err(de::Error::custom("a report is a JSON object"));
        }
        match value.get("schema").and_then(Value::as_u64) {
            Some(schema) if schema == u64::from(SCHEMA) => {}
            Some(schema) => {
                return Err(de::Error::custom(format_args!(
                    "a report of schema {schema}: this version reads schema {SCHEMA} alone"
                )));
            }
            None => return Err(de::Error::custom("a report has the number of its schema")),
        }
        let members = Members::deserialize(value).map_err(de::Error::custom)?;
        let said = members.verdict;
        let report = Self::from(members);
        let found = report.verdict();
        if said != found {
            return Err(de::Error::custom(format_args!(
                "the report says {said}, and its rejection says {found}"
            )));
        }
        Ok(report)
    }
}

/// The members of a report that are read: `answer` and `decided_by` are made of the others.
#[derive(Deserialize)]
struct Members {
    verdict: Verdict,
    image: String,
    identity: Option<String>,
    policy: PolicyOrigin,
    scope: MatchedScope,
    scope_place: Option<Span>,
    #[serde(default)]
    near_misses: Vec<NearMiss>,
    engine: Option<EngineReport>,
    list_digest: Option<Digest>,
    manifest_digest: Option<Digest>,
    requirements: Vec<RequirementReport>,
    // It must be there: nothing else says that the image is accepted.
    #[serde(deserialize_with = "Option::deserialize")]
    rejection: Option<Reason>,
    notes: Vec<Note>,
    warnings: Vec<Warning>,
}

impl From<Members> for Report {
    fn from(members: Members) -> Self {
        Self {
            image: members.image,
            identity: members.identity,
            policy: members.policy,
            scope: members.scope,
            scope_place: members.scope_place,
            near_misses: members.near_misses,
            engine: members.engine,
            list_digest: members.list_digest,
            manifest_digest: members.manifest_digest,
            requirements: members.requirements,
            rejection: members.rejection,
            notes: members.notes,
            warnings: members.warnings,
        }
    }
}

#[cfg(test)]
mod tests;
