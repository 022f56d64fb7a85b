//! What is wrong with a key file, or will be.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::sources::{Held, Source};
use crate::answer::on_key_warning;
use crate::clock::{Moment, for_people};
use crate::engine::{CryptoPolicy, KeyWarning};
use crate::explain::letters::misspelt;
use crate::explain::{LintCode, LintFinding, LintLevel};
use crate::text::quote::{Quoted, visible};
use crate::verdict::{
    KeyReport, KeyState, KeyStatus, Reason, SigstoreKey, TrustKind, TrustedCertificate, Warning,
};
use crate::verifier::warnings::{key_ends, named};

/// The most files beside a missing one that are looked at.
const MAX_BESIDE: usize = 1000;

/// How far ahead is told that there is no other key: there is time to get one.
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// A key file, or `keyData`.
pub(super) struct KeyFile<'a> {
    pub(super) report: &'a KeyReport,
    /// What it belongs to.
    pub(super) source: &'a Source<'a>,
    pub(super) now: Option<Moment>,
    pub(super) ahead: Duration,
    pub(super) crypto_policy: CryptoPolicy,
}

impl KeyFile<'_> {
    pub(super) fn findings(&self) -> Vec<LintFinding> {
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
        found.extend(self.report.public_keys.iter().filter_map(public_key));
        if let Some(now) = self.now {
            found.extend(self.authority(now));
            found.extend(self.expired(now));
            for status in &self.report.keys {
                found.extend(self.weak(status));
                found.extend(self.key(status, now));
            }
            found.extend(self.only_live(now));
        }
        found
    }

    /// Why no key of the file counts.
    fn problem(&self) -> Option<LintFinding> {
        let problem = self.report.problem.as_ref()?;
        let finding = |code| LintFinding::new(code, problem.to_string());
        let put = match self.report.kind {
            TrustKind::OpenPgp => "put the signer's public key there, as `gpg --export` writes it",
            TrustKind::RekorLog => "put the log's public key there, in PEM",
            TrustKind::FulcioAuthority | TrustKind::Authority => {
                "put the authority's certificates there, in PEM"
            }
            TrustKind::Intermediate => {
                "put the certificates between signers and the authority there, in PEM, and nothing else"
            }
            _ => "put the signer's public key there, in PEM, such as cosign's `cosign.pub`",
        };
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
            Reason::KeyInvalid { warnings } => {
                let is_telling = |warning: &&KeyWarning| {
                    warning.found().is_some() || matches!(warning, KeyWarning::NoPublicKey { .. })
                };
                let telling = warnings.iter().find(is_telling);
                // A sentence that says what the file is says enough.
                let message = telling.map_or_else(|| problem.to_string(), KeyWarning::to_string);
                LintFinding::new(LintCode::NotAKeyFile, message).step(on_key_warning(telling))
            }
            Reason::CertificateAuthorityInvalid { .. } => finding(LintCode::NotAKeyFile).step(put),
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
        if self.is_live() {
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

    /// That certificates of authorities have expired, or will soon: by the one that lasts longest if all have, for then no
    /// signature that is made from now on counts; else by the one that ends first of those that are still good. Older
    /// signatures count still under an authority of Fulcio's, whose time is a log's, and so do those that carry an intermediate
    /// themselves.
    fn authority(&self, now: Moment) -> Option<LintFinding> {
        let certificates = &self.report.certificates;
        let last = certificates
            .iter()
            .max_by_key(|certificate| certificate.not_after)?;
        let name = |certificate: &TrustedCertificate| {
            let [subject, origin] =
                [&certificate.subject, &certificate.origin].map(|text| visible(text));
            format!("the certificate \"{subject}\" in {origin}")
        };
        if last.not_after < now {
            let mut message = format!(
                "no certificate that is trusted here is good any more: {} expired {} ago, on {}",
                name(last),
                for_people(now.distance(last.not_after)),
                last.not_after
            );
            // What counts nevertheless.
            let counts = match self.report.kind {
                TrustKind::FulcioAuthority => {
                    Some("signatures that a log recorded before then count still")
                }
                TrustKind::Intermediate => {
                    Some("signatures count only if they carry a valid one in its place")
                }
                _ => None,
            };
            if let Some(counts) = counts {
                message = format!("{message}; {counts}");
            }
            let mut finding = LintFinding::new(LintCode::AllKeysExpired, message);
            if counts.is_some() {
                finding.level = LintLevel::Warning;
            }
            return Some(
                finding.step("get the certificate that takes its place from the authority"),
            );
        }
        let soon = certificates
            .iter()
            .filter(|certificate| self.is_soon(certificate.not_after, now))
            .min_by_key(|certificate| certificate.not_after)?;
        let message = format!(
            "{} expires in {}, on {}",
            name(soon),
            for_people(now.distance(soon.not_after)),
            soon.not_after
        );
        let finding = LintFinding::new(LintCode::KeyExpiresSoon, message);
        Some(finding.step(
            "get the certificate that takes its place from the authority, and name both until then",
        ))
    }

    /// What is wrong with a key, or will be.
    fn key(&self, status: &KeyStatus, now: Moment) -> Option<LintFinding> {
        let key = named(&status.key);
        let mut finding = match status.state {
            KeyState::Usable => return self.ends_soon(status, now),
            // That it is weak is said.
            KeyState::CannotSign if status.key.weakness.is_some() => return None,
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
        if !self.is_live() {
            finding.level = LintLevel::Error;
        }
        Some(finding)
    }

    /// That a key is weak, and whether it counts all the same.
    fn weak(&self, status: &KeyStatus) -> Option<LintFinding> {
        let weakness = status.key.weakness.as_ref()?;
        let what = match (status.state, self.crypto_policy) {
            (KeyState::Usable, policy) => {
                format!("and counts only because the cryptographic policy is `{policy}`")
            }
            (KeyState::CannotSign, policy) => format!(
                "so that no signature by it counts under the cryptographic policy `{policy}`"
            ),
            _ => return None,
        };
        let key = named(&status.key);
        let mut finding = LintFinding::new(
            LintCode::WeakKey,
            format!("{key} is weak ({weakness}), {what}"),
        )
        .step("ask its owner for a stronger key, of 3072-bit RSA or Ed25519");
        if !self.is_live() {
            finding.level = LintLevel::Error;
        }
        Some(finding)
    }

    /// Whether each requirement that names it trusts a key that is good now, be it of another file.
    fn is_live(&self) -> bool {
        !self.source.live.is_empty()
    }

    /// That the key is the only one that is good here, and ends within a year, if no warning says so yet. One without an
    /// end is how most policies are.
    fn only_live(&self, now: Moment) -> Option<LintFinding> {
        let (&(report, held), others) = self.source.live.split_first()?;
        // A public key has no end.
        let Held::OpenPgp(status) = held else {
            return None;
        };
        let mut others = others.iter();
        let is_alone = others.all(|(_, other)| other.id() == held.id());
        let expires = status.usable_until?;
        let is_told = std::ptr::eq(report, self.report)
            && !self.ahead.is_zero()
            && !self.is_soon(expires, now);
        if !is_alone || !is_told || expires.distance(now) > YEAR {
            return None;
        }
        let message = format!(
            "{} is the only key that is good here, and ends in {}, on {expires}: no image passes from then on",
            named(&status.key),
            for_people(now.distance(expires))
        );
        Some(LintFinding::new(LintCode::OnlyOneLiveKey, message).step(
            "get the next key from its owner before that day, and name both until all images are signed by it",
        ))
    }

    /// Whether this lies ahead, and not too far.
    fn is_soon(&self, end: Moment, now: Moment) -> bool {
        !self.ahead.is_zero() && end >= now && end.distance(now) <= self.ahead
    }

    fn ends_soon(&self, status: &KeyStatus, now: Moment) -> Option<LintFinding> {
        let expires = status.usable_until?;
        if !self.is_soon(expires, now) {
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

/// What is wrong with a public key of a requirement `sigstoreSigned`.
fn public_key(key: &SigstoreKey) -> Option<LintFinding> {
    let name = Held::Public(key).name();
    if let Some(why) = &key.unusable {
        let message = format!("no signature by {name} counts: {why}");
        let finding = LintFinding::new(LintCode::KeyUnsupported, message);
        return Some(
            finding.step("put a key for ECDSA, Ed25519, or RSA of 2048 bits or more there"),
        );
    }
    let weakness = key.weakness.as_ref()?;
    let message = format!("{name} is weak ({weakness}), and counts all the same");
    let finding = LintFinding::new(LintCode::WeakKey, message);
    Some(finding.step("ask its owner for a stronger key: ECDSA, Ed25519, or RSA of 3072 bits"))
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

pub(super) fn of_warning(code: LintCode, warning: &Warning) -> LintFinding {
    LintFinding::new(code, warning.to_string()).step(warning.remedy())
}
