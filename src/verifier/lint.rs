//! Checking a policy together with its key files.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::Verifier;
use super::warnings::{key_ends, named};
use crate::clock::{Moment, for_people};
use crate::explain::letters::misspelt;
use crate::explain::{Lint, LintCode, LintFinding, LintLevel, LintReport, findings};
use crate::policy::{KeySource, Policy, Requirement};
use crate::text::quote::Quoted;
use crate::verdict::{KeyReport, KeyState, KeyStatus, KeyUse, Reason, Warning};

/// The most files beside a missing one that are looked at.
const MAX_BESIDE: usize = 1000;

impl Verifier {
    /// Checks the policy as [`Lint::check`] does, and its key files: whether they are there, what is in them, until
    /// when it is good, and who can write them. Each finding on a file is at the first requirement that names it.
    ///
    /// It needs no image, and reads only what is not read yet. What ends within the time that
    /// [`VerifierBuilder::warn_ahead`](crate::VerifierBuilder::warn_ahead) has is told; keys are judged by the clock of
    /// the verifier, exceptions by that of `lint`.
    #[must_use]
    pub fn lint(&self, lint: &Lint) -> LintReport {
        let mut found = findings(&self.policy);
        let writable = self.policy_file.writable(&self.policy);
        found.extend(writable.map(|warning| of_warning(LintCode::PolicyWritable, &warning)));
        let reports = self.keys();
        let live = live_uses(&reports);
        let now = self.keys.settings().clock.now().ok();
        for report in &reports {
            let file = File {
                report,
                is_live: report.uses.iter().all(|one| live.contains(one)),
                now,
                ahead: self.demands.warn_ahead,
            };
            let of_file = file.findings().into_iter();
            found.extend(of_file.map(|finding| at_first_use(finding, &self.policy, report)));
        }
        lint.settle(found)
    }
}

/// The requirements with a key that is good now.
fn live_uses(reports: &[KeyReport]) -> HashSet<&KeyUse> {
    let is_live = |report: &&KeyReport| {
        let mut keys = report.keys.iter();
        keys.any(|key| key.state == KeyState::Usable)
    };
    let live = reports.iter().filter(is_live);
    live.flat_map(|report| &report.uses).collect()
}

/// A key file, or `keyData`.
struct File<'a> {
    report: &'a KeyReport,
    /// Whether each requirement that names it trusts a key that is good now, be it of another file.
    is_live: bool,
    now: Option<Moment>,
    ahead: Duration,
}

impl File<'_> {
    fn findings(&self) -> Vec<LintFinding> {
        let mut found = Vec::new();
        found.extend(self.problem());
        if let (Some(file), Some(access)) = (&self.report.file, &self.report.access) {
            let exposed = access.exposed.clone();
            let writable = exposed.map(|exposed| Warning::KeyFileWritable {
                file: file.clone(),
                exposed,
            });
            found.extend(writable.map(|warning| of_warning(LintCode::KeyFileWritable, &warning)));
        }
        if let Some(file) = self.report.file.as_ref().filter(|_| self.report.changed) {
            let warning = Warning::KeyFileChanged { file: file.clone() };
            found.push(of_warning(LintCode::KeyFileChanged, &warning));
        }
        let mut keys = self.report.keys.iter();
        if let Some(status) = keys.find(|status| status.key.has_secret) {
            let key = named(&status.key);
            let warning = Warning::SecretKeyInTrustFile { key };
            found.push(of_warning(LintCode::SecretKeyInTrustFile, &warning));
        }
        if let Some(now) = self.now {
            found.extend(self.expired(now));
            let keys = self.report.keys.iter();
            found.extend(keys.filter_map(|status| self.key(status, now)));
        }
        found
    }

    /// Why no key of the file counts.
    fn problem(&self) -> Option<LintFinding> {
        let problem = self.report.problem.as_ref()?;
        let finding = |code| LintFinding::new(code, problem.to_string());
        let put = "put the signer's public key there, as `gpg --export` writes it";
        Some(match problem {
            Reason::KeyUnreadable { .. } if self.report.file.is_none() => {
                finding(LintCode::KeyFileMissing)
                    .step("see to it that the key loader of this program has the key")
            }
            Reason::KeyUnreadable { path, .. } if !path.exists() => {
                let finding = finding(LintCode::KeyFileMissing);
                match beside(path) {
                    Some(name) => {
                        finding.step(format!("is {} meant, which is beside it?", Quoted(&name)))
                    }
                    None => finding.step(put),
                }
            }
            Reason::KeyUnreadable { path, .. } if path.is_dir() => {
                finding(LintCode::KeyFileUnreadable).step("name the file in that directory")
            }
            Reason::KeyUnreadable { .. } => finding(LintCode::KeyFileUnreadable)
                .step("let the user who runs this program read the file and enter its directories"),
            Reason::KeyInvalid { .. } => finding(LintCode::NotAKeyFile).step(put),
            Reason::UnsupportedKey { .. } => finding(LintCode::KeyUnsupported)
                .step("use another engine, or ask the signer for a key of another kind"),
            problem if problem.is_undecided() => {
                finding(LintCode::KeysNotChecked).step("see that the engine works, and check again")
            }
            _ => finding(LintCode::NoTrustedKey).step(put),
        })
    }

    /// The keys that have expired, in one finding: by the one that did last.
    fn expired(&self, now: Moment) -> Option<LintFinding> {
        let expired = self.report.keys.iter().filter_map(|status| {
            let expired = status.usable_until?;
            (status.state == KeyState::Expired).then_some((status, expired))
        });
        let expired: Vec<(&KeyStatus, Moment)> = expired.collect();
        let (last, expired_at) = expired.iter().max_by_key(|(_, end)| *end)?;
        if self.is_live {
            let warning = Warning::TrustedKeyExpired {
                key: named(&last.key),
                expired: *expired_at,
                now,
                others: expired.len().saturating_sub(1),
            };
            return Some(of_warning(LintCode::TrustedKeyExpired, &warning));
        }
        let message = format!(
            "no key that is trusted here is good any more: {} expired {} ago, on {expired_at}",
            named(&last.key),
            for_people(now.distance(*expired_at))
        );
        let finding = LintFinding::new(LintCode::AllKeysExpired, message);
        Some(
            finding.step("get the file anew from the owner: a prolonged key keeps its fingerprint"),
        )
    }

    /// What is wrong with a key, or will be.
    fn key(&self, status: &KeyStatus, now: Moment) -> Option<LintFinding> {
        let key = named(&status.key);
        let mut finding = match status.state {
            KeyState::Usable => return self.ends_soon(status, now),
            KeyState::CannotSign => {
                LintFinding::new(LintCode::KeyCannotSign, format!("{key} cannot sign"))
                    .step("ask its owner for the key that signs")
            }
            KeyState::Revoked => {
                LintFinding::new(LintCode::KeyRevoked, format!("{key} is revoked")).step(
                    "remove it, and ask its owner by another way for the key that replaces it",
                )
            }
            KeyState::NotYetValid => {
                let made = status
                    .key
                    .created
                    .map_or_else(String::new, |made| format!(", on {made}"));
                LintFinding::new(
                    LintCode::KeyNotYetValid,
                    format!("{key} was made later than now{made}; now it is {now}"),
                )
                .step("compare the clock of this machine with another, by `date -u`")
            }
            _ => return None,
        };
        if !self.is_live {
            finding.level = LintLevel::Error;
        }
        Some(finding)
    }

    fn ends_soon(&self, status: &KeyStatus, now: Moment) -> Option<LintFinding> {
        let expires = status.usable_until?;
        if self.ahead.is_zero() || expires < now || expires.distance(now) > self.ahead {
            return None;
        }
        let mut signing = status.key.signing_keys.iter();
        let last = signing.find(|signing| signing.usable_until() == Some(expires));
        let warning = key_ends(&status.key, last, expires, now);
        let code = match warning {
            Warning::SubkeyExpiresSoon { .. } => LintCode::SubkeyExpiresSoon,
            _ => LintCode::KeyExpiresSoon,
        };
        let Some(successor) = &status.successor else {
            return Some(of_warning(code, &warning));
        };
        // Images that are signed by the next one stay good.
        let mut finding = LintFinding::new(code, warning.to_string()).step(format!(
            "have images signed by the key {}, which is in the file already",
            successor.key_id()
        ));
        finding.level = LintLevel::Note;
        Some(finding)
    }
}

/// A file beside a missing one that may be meant: of the same name with another ending, or of nearly the same name.
fn beside(path: &Path) -> Option<String> {
    let (wanted, stem) = (path.file_name()?.to_str()?, path.file_stem()?);
    let files = fs::read_dir(path.parent()?).ok()?.take(MAX_BESIDE);
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    names
        .filter(|name| {
            Path::new(name).file_stem() == Some(stem) || misspelt(wanted, name) == Some(1)
        })
        .min()
}

fn of_warning(code: LintCode, warning: &Warning) -> LintFinding {
    LintFinding::new(code, warning.to_string()).step(warning.remedy())
}

/// The finding at the first requirement that names the file, and how many more do.
fn at_first_use(finding: LintFinding, policy: &Policy, report: &KeyReport) -> LintFinding {
    let Some((first, others)) = report.uses.split_first() else {
        return finding;
    };
    let index = first.requirement.saturating_sub(1);
    let requirements = policy.requirements_of(&first.scope);
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
    let mut finding = finding.at_requirement(policy, &first.scope, index, &member);
    match others.len() {
        0 => {}
        1 => finding.message.push_str("; 1 more requirement names it"),
        more => finding
            .message
            .push_str(&format!("; {more} more requirements name it")),
    }
    finding
}
