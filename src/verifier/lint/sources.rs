//! The key sources of a policy, and where what is found of them is put.

use std::collections::HashMap;

use crate::explain::{Concern, LintFinding};
use crate::policy::{KeySource, Policy, Requirement};
use crate::verdict::{KeyReport, KeyState, KeyStatus, KeyUse};

/// A key source of the policy: its files, with all requirements that name them together.
pub(super) struct Source<'a> {
    pub(super) reports: Vec<&'a KeyReport>,
    pub(super) uses: &'a [KeyUse],
    /// The keys that are good now, each with its file.
    pub(super) live: Vec<(&'a KeyReport, &'a KeyStatus)>,
}

impl<'a> Source<'a> {
    pub(super) fn all(reports: &'a [KeyReport]) -> Vec<Self> {
        let mut sources: Vec<Self> = Vec::new();
        // A requirement has one source.
        let mut places: HashMap<Option<&KeyUse>, usize> = HashMap::new();
        for report in reports {
            let place = *places.entry(report.uses.first()).or_insert_with(|| {
                sources.push(Self {
                    reports: Vec::new(),
                    uses: &report.uses,
                    live: Vec::new(),
                });
                sources.len().saturating_sub(1)
            });
            if let Some(source) = sources.get_mut(place) {
                source.reports.push(report);
                let live = report.keys.iter();
                let live = live.filter(|status| status.state == KeyState::Usable);
                source.live.extend(live.map(|status| (report, status)));
            }
        }
        sources
    }
}

/// Where findings are put.
pub(super) struct At<'a> {
    pub(super) policy: &'a Policy,
    pub(super) concern: &'a Concern,
}

impl At<'_> {
    /// The finding at the first requirement that names the file, and how many more do.
    pub(super) fn first_use(&self, mut finding: LintFinding, report: &KeyReport) -> LintFinding {
        let mut uses = report.uses.iter();
        let first = uses
            .find(|one| self.concern.has(&one.scope))
            .or(report.uses.first());
        let Some(first) = first else {
            return finding;
        };
        finding = self.requirement(finding, first, report);
        match report.uses.len().saturating_sub(1) {
            0 => {}
            1 => finding.message.push_str("; 1 more requirement names it"),
            more => finding
                .message
                .push_str(&format!("; {more} more requirements name it")),
        }
        finding
    }

    /// The finding where a requirement names the file.
    pub(super) fn requirement(
        &self,
        finding: LintFinding,
        one: &KeyUse,
        report: &KeyReport,
    ) -> LintFinding {
        let index = one.requirement.saturating_sub(1);
        let requirements = self.policy.requirements_of(&one.scope);
        let member = match requirements.and_then(|list| list.as_slice().get(index)) {
            Some(Requirement::SignedBy(signed_by)) => match signed_by.keys() {
                KeySource::Path(_) => "keyPath".to_owned(),
                KeySource::Data(_) => "keyData".to_owned(),
                KeySource::Paths(paths) => {
                    let place = paths.iter().position(|path| *path == report.origin);
                    format!("keyPaths/{}", place.unwrap_or_default())
                }
            },
            _ => String::new(),
        };
        finding.at_requirement(self.policy, &one.scope, index, &member)
    }
}
