//! What is known of the key files of a policy, each for itself.

use std::collections::HashSet;
use std::sync::Arc;

use super::access;
use super::key_source::{self, load};
use super::keys::{KEY_DATA, KeyStore, LoadedKeys};
use crate::policy::{KeySource, Policy};
use crate::verdict::{KeyReport, KeySourceError, KeyStatus, KeyUse};

/// The key files of the policy, those first that need attention first.
pub(super) fn all(policy: &Policy, keys: &KeyStore) -> Vec<KeyReport> {
    let sources = key_source::load_all(policy, keys);
    let mut reports: Vec<KeyReport> = Vec::new();
    for source in sources {
        let uses = source.uses;
        match &source.source {
            KeySource::Data(_) => {
                reports.push(report(keys, None, uses, load(&source.source, keys)));
            }
            KeySource::Path(path) => {
                reports.push(report(keys, Some(path), uses, load(&source.source, keys)));
            }
            KeySource::Paths(paths) => {
                let mut known = HashSet::new();
                for path in paths.iter().filter(|path| known.insert(*path)) {
                    // What is in one file counts beside what is in the others, unless they cannot be read.
                    let has_keys = source.keys.iter().any(|key| key.origin == *path);
                    let loaded = if has_keys {
                        load(&source.source, keys)
                    } else {
                        load(&KeySource::Path(path.clone()), keys)
                    };
                    reports.push(report(keys, Some(path), uses.clone(), loaded));
                }
            }
        }
    }
    KeyReport::sort(&mut reports);
    reports
}

/// What is known of one file, or of `keyData`, with the keys that were loaded.
fn report(
    keys: &KeyStore,
    path: Option<&String>,
    uses: Vec<KeyUse>,
    loaded: Result<Arc<LoadedKeys>, KeySourceError>,
) -> KeyReport {
    let file = path.and_then(|path| keys.location(path));
    let origin = path.map_or(KEY_DATA, String::as_str);
    let mut report = KeyReport {
        origin: origin.to_owned(),
        uses,
        keys: Vec::new(),
        warnings: Vec::new(),
        digest: None,
        changed: false,
        access: file.as_deref().and_then(access::of),
        problem: None,
        file,
    };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            report.problem = Some(error.reason());
            return report;
        }
    };
    let of_file = |key_origin: &str| key_origin == origin;
    let trusted = loaded.keys.iter().filter(|key| of_file(&key.origin));
    // Without a time no keys are read.
    if let Ok(now) = keys.settings().clock.now() {
        report.keys = KeyStatus::all(trusted.cloned().collect(), now);
    }
    let warnings = loaded.warnings.iter();
    report.warnings = warnings
        .filter(|warning| of_file(warning.origin()))
        .cloned()
        .collect();
    if let Some(read) = loaded.files.iter().find(|file| of_file(&file.origin)) {
        report.digest = Some(read.digest.clone());
        report.changed = read.has_changed();
    }
    report.problem = loaded.refusal().or_else(|| loaded.unsupported());
    report
}
