//! The key sources of a policy, and where what is found of them is put.

use std::collections::HashMap;

use crate::explain::{Concern, LintFinding};
use crate::policy::{Fulcio, KeySource, Pki, Policy, Requirement, SigstoreKeys, SigstoreTrust};
use crate::text::quote::visible;
use crate::verdict::{KeyReport, KeyState, KeyStatus, KeyUse, SigstoreKey, TrustKind};
use crate::verifier::warnings::named;

/// A key source of the policy: its files, with all requirements that name them together.
pub(super) struct Source<'a> {
    pub(super) kind: TrustKind,
    pub(super) reports: Vec<&'a KeyReport>,
    pub(super) uses: &'a [KeyUse],
    /// The keys that are good now, each with its file.
    pub(super) live: Vec<(&'a KeyReport, Held<'a>)>,
}

/// A key that a file holds.
#[derive(Clone, Copy)]
pub(super) enum Held<'a> {
    OpenPgp(&'a KeyStatus),
    Public(&'a SigstoreKey),
}

impl<'a> Held<'a> {
    /// What tells one key from another: two keys with the same are one.
    pub(super) fn id(self) -> &'a str {
        match self {
            Self::OpenPgp(status) => status.key.fingerprint.as_str(),
            Self::Public(key) => key.key_id.as_str(),
        }
    }

    /// The key as people know it, in a sentence.
    pub(super) fn name(self) -> String {
        match self {
            Self::OpenPgp(status) => named(&status.key).to_string(),
            Self::Public(key) => {
                let id = key.key_id.as_str();
                let (id, origin) = (id.get(..16).unwrap_or(id), visible(&key.origin));
                format!("the key {id} in {origin}")
            }
        }
    }
}

impl<'a> Source<'a> {
    /// Whether its keys are those of signers, each of whom should be named once. A log is there for all.
    pub(super) fn is_of_signers(&self) -> bool {
        matches!(self.kind, TrustKind::OpenPgp | TrustKind::Sigstore)
    }

    pub(super) fn all(reports: &'a [KeyReport]) -> Vec<Self> {
        let mut sources: Vec<Self> = Vec::new();
        // A requirement has one source of each kind.
        let mut places: HashMap<(Option<&KeyUse>, TrustKind), usize> = HashMap::new();
        for report in reports {
            let place = *places
                .entry((report.uses.first(), report.kind))
                .or_insert_with(|| {
                    sources.push(Self {
                        kind: report.kind,
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
                source
                    .live
                    .extend(live.map(|status| (report, Held::OpenPgp(status))));
                let public = report.public_keys.iter();
                let public = public.filter(|key| key.unusable.is_none());
                source
                    .live
                    .extend(public.map(|key| (report, Held::Public(key))));
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
            Some(Requirement::SigstoreSigned(sigstore)) => match (sigstore.trust(), report.kind) {
                (
                    SigstoreTrust::Keys {
                        rekor: Some(logs), ..
                    },
                    TrustKind::RekorLog,
                ) => place_in(logs, logs.member_as_logs(), &report.origin),
                (SigstoreTrust::Fulcio { rekor, .. }, TrustKind::RekorLog) => {
                    place_in(rekor, rekor.member_as_logs(), &report.origin)
                }
                (SigstoreTrust::Fulcio { fulcio, .. }, _) => {
                    format!("fulcio/{}", fulcio.ca().name(Fulcio::CA))
                }
                (SigstoreTrust::Pki(pki), TrustKind::Intermediate) => {
                    let between = pki.ca_intermediates();
                    let member = between.map(|between| between.name(Pki::INTERMEDIATES));
                    format!("pki/{}", member.unwrap_or_default())
                }
                (SigstoreTrust::Pki(pki), _) => {
                    format!("pki/{}", pki.ca_roots().name(Pki::ROOTS))
                }
                (SigstoreTrust::Keys { keys, .. }, _) => {
                    place_in(keys, keys.member_as_keys(), &report.origin)
                }
            },
            _ => String::new(),
        };
        finding.at_requirement(self.policy, &one.scope, index, &member)
    }
}

/// The member of a requirement, or the place in it, that a key of this origin is from: `keyPaths/0`.
fn place_in(keys: &SigstoreKeys, member: &str, origin: &str) -> String {
    match keys {
        SigstoreKeys::Paths(paths) => {
            let place = paths.iter().position(|path| path == origin);
            format!("{member}/{}", place.unwrap_or_default())
        }
        // `keyDatas[0]`
        SigstoreKeys::Datas(_) => origin.replace('[', "/").replace(']', ""),
        SigstoreKeys::Path(_) | SigstoreKeys::Data(_) => member.to_owned(),
    }
}
