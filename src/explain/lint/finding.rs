//! What was found.

use std::fmt;

use serde::Serialize;

use super::code::{LintCode, LintLevel};
use crate::explain::explanation::Explanation;
use crate::policy::{Policy, ScopeName, Span};

/// Something in a policy that is wrong, or that may be.
///
/// `Display` is one line: ``error[scope-never-matches]: line 5, column 7: …``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LintFinding {
    /// What it is about.
    pub code: LintCode,
    /// How serious it is.
    pub level: LintLevel,
    /// What was found, in a sentence.
    pub message: String,
    /// What to do, each step in a sentence.
    pub steps: Vec<String>,
    /// The scope; none if it is about a transport or an exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeName>,
    /// The requirement, from 1, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<usize>,
    /// The JSON path of the place; empty if there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The place in the policy; none if the policy was made in code, or if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl LintFinding {
    /// A finding without a place.
    pub(crate) fn new(code: LintCode, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.default_level(),
            message: message.into(),
            steps: Vec::new(),
            scope: None,
            requirement: None,
            path: String::new(),
            span: None,
        }
    }

    /// The same with something to do.
    pub(crate) fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }

    /// The same about a scope.
    pub(crate) fn at_scope(self, policy: &Policy, scope: &ScopeName) -> Self {
        Self {
            scope: Some(scope.clone()),
            path: scope.json_path(),
            span: policy.place_of_scope(scope),
            ..self
        }
    }

    /// The same about a requirement, whose place in the list is `index`, or about a member of it, such as `keyPaths/0`.
    pub(crate) fn at_requirement(
        self,
        policy: &Policy,
        scope: &ScopeName,
        index: usize,
        member: &str,
    ) -> Self {
        let mut path = format!("{}[{index}]", scope.json_path());
        let mut span = policy.place_of_requirement(scope, index);
        // What is not written is in force all the same.
        if let Some(place) = policy.place_of_member(scope, index, &format!("/{member}")) {
            span = Some(place);
            for step in member.split('/') {
                path.push_str(&match step.parse::<usize>() {
                    Ok(index) => format!("[{index}]"),
                    Err(_) => format!(".{step}"),
                });
            }
        }
        Self {
            scope: Some(scope.clone()),
            requirement: Some(index.saturating_add(1)),
            path,
            span,
            ..self
        }
    }
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: ", self.level, self.code)?;
        if let Some(Span { start, .. }) = &self.span {
            write!(f, "line {}, column {}: ", start.line, start.column)?;
        }
        f.write_str(&self.message)?;
        for step in &self.steps {
            write!(f, "; {step}")?;
        }
        Ok(())
    }
}

/// What was found in a policy, in the order of its text.
///
/// `Display` has a line for each finding, and then one for each image that was asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LintReport {
    /// The findings: at most 1,000, the most serious ones.
    pub findings: Vec<LintFinding>,
    /// How many more there are.
    pub left_out: usize,
    /// What applies to each image that was [asked about](super::Lint::for_images).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Explanation>,
}

impl LintReport {
    /// The most findings that are told.
    const MAX_FINDINGS: usize = 1000;

    /// The findings in order, and no more than can be read.
    pub(super) fn of(mut findings: Vec<LintFinding>, images: Vec<Explanation>) -> Self {
        let start =
            |finding: &LintFinding| finding.span.as_ref().map_or(0, |span| span.bytes.start);
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.level), start(finding)));
        let left_out = findings.len().saturating_sub(Self::MAX_FINDINGS);
        findings.truncate(Self::MAX_FINDINGS);
        findings.sort_by_key(|finding| {
            (
                start(finding),
                std::cmp::Reverse(finding.level),
                finding.code,
            )
        });
        Self {
            findings,
            left_out,
            images,
        }
    }

    /// The level of the most serious finding; none if nothing was found.
    #[must_use]
    pub fn worst(&self) -> Option<LintLevel> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

impl fmt::Display for LintReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        if self.left_out > 0 {
            writeln!(f, "and {} more", self.left_out)?;
        }
        for image in &self.images {
            writeln!(f, "{}", image.summary())?;
        }
        Ok(())
    }
}
