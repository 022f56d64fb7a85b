//! How urgent it is, by the rules of monitoring plugins.

use std::fmt;
use std::time::Duration;

use containers_sigpolicy::verdict::{KeyReport, KeyState, KeyStatus, TrustedCertificate};
use containers_sigpolicy::{Moment, Reason};
use serde::Serialize;

use crate::duration::told;

/// From how long before its end on a key is worth a word.
#[derive(Clone, Copy)]
pub struct Thresholds {
    pub warn: Duration,
    pub critical: Duration,
}

/// The states of monitoring plugins (Nagios, Icinga), in the order of their urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Ok,
    Warning,
    Unknown,
    Critical,
}

impl Level {
    /// The exit code.
    pub fn status(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        })
    }
}

/// The key files of a policy, with how urgent each is.
pub struct Overview {
    pub level: Level,
    pub files: Vec<File>,
    keys: usize,
    ended: usize,
    ending: usize,
    useless: usize,
    unusable_files: usize,
}

/// A key file.
pub struct File {
    pub report: KeyReport,
    pub keys: Vec<Key>,
}

/// A key of a file, and how long it can be used.
pub struct Key {
    pub status: KeyStatus,
    /// None if it has no end, or cannot be used now.
    pub left: Option<Duration>,
}

impl Overview {
    /// What the reports come to at `now`.
    pub fn of(reports: Vec<KeyReport>, thresholds: Thresholds, now: Moment) -> Self {
        let mut overview = Self {
            level: Level::Ok,
            files: Vec::new(),
            keys: 0,
            ended: 0,
            ending: 0,
            useless: 0,
            unusable_files: 0,
        };
        for report in reports {
            overview.add(report, thresholds, now);
        }
        overview
    }

    fn add(&mut self, report: KeyReport, thresholds: Thresholds, now: Moment) {
        if let Some(problem) = &report.problem {
            count(&mut self.unusable_files);
            self.raise(match problem {
                Reason::EngineFailed { .. } => Level::Unknown,
                _ => Level::Critical,
            });
        }
        for key in &report.public_keys {
            count(&mut self.keys);
            if key.unusable.is_some() {
                count(&mut self.useless);
                self.raise(Level::Critical);
            }
        }
        self.add_certificates(&report.certificates, thresholds, now);
        let keys: Vec<Key> = report
            .keys
            .iter()
            .map(|status| Key::of(status, now))
            .collect();
        // While another key of the file is good for longer, images that are signed by it are accepted.
        let has_spare = |key: &Key| {
            keys.iter().any(|other| {
                other.status.key.fingerprint != key.status.key.fingerprint
                    && other.status.state == KeyState::Usable
                    && other.left.is_none_or(|left| left > thresholds.warn)
            })
        };
        let mut urgent = Level::Ok;
        for key in &keys {
            count(&mut self.keys);
            let level = match (key.status.state, key.left) {
                (KeyState::Usable, None) => Level::Ok,
                (KeyState::Usable, Some(left)) if left > thresholds.warn => Level::Ok,
                (KeyState::Usable, Some(left)) => {
                    count(&mut self.ending);
                    if left <= thresholds.critical && !has_spare(key) {
                        Level::Critical
                    } else {
                        Level::Warning
                    }
                }
                (state, _) => {
                    count(match state {
                        KeyState::Expired => &mut self.ended,
                        _ => &mut self.useless,
                    });
                    let is_alone = !keys.iter().any(|key| key.status.state == KeyState::Usable);
                    if is_alone {
                        Level::Critical
                    } else {
                        Level::Warning
                    }
                }
            };
            urgent = urgent.max(level);
        }
        self.raise(urgent);
        self.files.push(File { report, keys });
    }

    /// The certificates of a file. One that lasts longer takes the place of one that ends.
    fn add_certificates(
        &mut self,
        certificates: &[TrustedCertificate],
        thresholds: Thresholds,
        now: Moment,
    ) {
        let ends = certificates.iter().map(|certificate| certificate.not_after);
        let last = ends.clone().max();
        for end in ends {
            count(&mut self.keys);
            let left = end.distance(now);
            let is_last = Some(end) == last;
            let level = if end < now {
                count(&mut self.ended);
                if is_last {
                    Level::Critical
                } else {
                    Level::Warning
                }
            } else if left <= thresholds.warn {
                count(&mut self.ending);
                match is_last && left <= thresholds.critical {
                    true => Level::Critical,
                    false => Level::Warning,
                }
            } else {
                Level::Ok
            };
            self.raise(level);
        }
    }

    fn raise(&mut self, level: Level) {
        self.level = self.level.max(level);
    }

    /// One line for a pager, without the level.
    pub fn summary(&self, thresholds: Thresholds) -> String {
        if self.files.is_empty() {
            return "the policy names no key file".to_owned();
        }
        let mut parts = Vec::new();
        for (count, what) in [(self.ended, "has ended"), (self.useless, "cannot be used")] {
            if count > 0 {
                let what = if count == 1 {
                    what.to_owned()
                } else {
                    what.replace("has ", "have ")
                };
                parts.push(format!("{count} {what}"));
            }
        }
        if self.ending > 0 {
            let end = if self.ending == 1 { "ends" } else { "end" };
            let warn = told(thresholds.warn);
            parts.push(format!("{} {end} within {warn}", self.ending));
        }
        let keys = match self.keys {
            1 => "1 key".to_owned(),
            keys => format!("{keys} keys"),
        };
        let mut summary = if parts.is_empty() {
            format!("of {keys} none ends within {}", told(thresholds.warn))
        } else {
            format!("of {keys} {}", parts.join(", "))
        };
        if self.unusable_files > 0 {
            let files = if self.unusable_files == 1 {
                "file"
            } else {
                "files"
            };
            summary.push_str(&format!(
                "; {} key {files} cannot be used",
                self.unusable_files
            ));
        }
        summary
    }
}

impl Key {
    fn of(status: &KeyStatus, now: Moment) -> Self {
        let left = status
            .usable_until
            .filter(|_| status.state == KeyState::Usable)
            .map(|until| until.distance(now));
        Self {
            status: status.clone(),
            left,
        }
    }
}

fn count(counter: &mut usize) {
    *counter = counter.saturating_add(1);
}
