//! Loading the key sources of a policy, one by one.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::{KeyStore, LoadedKeys};
use crate::policy::{KeySource, KeyType, Policy, Requirement};
use crate::verdict::{KeySourceError, KeySourceReport, KeyUse};

/// Loads each key source of the policy once.
pub(super) fn load_all(policy: &Policy, keys: &KeyStore) -> Vec<KeySourceReport> {
    let mut reports: Vec<KeySourceReport> = Vec::new();
    let mut places: HashMap<&KeySource, usize> = HashMap::new();
    for scope in policy.scopes() {
        for (number, requirement) in (1_usize..).zip(scope.requirements.iter()) {
            let Requirement::SignedBy(signed_by) = requirement else {
                continue;
            };
            if signed_by.key_type() != KeyType::GpgKeys {
                continue;
            }
            let place = *places.entry(signed_by.keys()).or_insert_with(|| {
                reports.push(report(signed_by.keys(), keys));
                reports.len().saturating_sub(1)
            });
            let name = scope.name();
            let Some(report) = reports.get_mut(place) else {
                continue;
            };
            report.uses.push(KeyUse::new(name.clone(), number));
            // A scope may have several requirements with the same keys.
            if report.scopes.last() != Some(&name) {
                report.scopes.push(name);
            }
        }
    }
    reports
}

/// The keys of one source, by the first engine that does not fail, even if there is none.
pub(super) fn load(source: &KeySource, keys: &KeyStore) -> Result<Arc<LoadedKeys>, KeySourceError> {
    keys.engines()
        .try_each(|selection| keys.load_any(source, selection))
        .unwrap_or_else(|error| Err(error.into()))
}

fn report(source: &KeySource, keys: &KeyStore) -> KeySourceReport {
    let mut report = KeySourceReport::new(source.clone());
    match load(source, keys) {
        Ok(loaded) => {
            report.keys.clone_from(&loaded.keys);
            report.warnings.clone_from(&loaded.warnings);
            report.problem = loaded
                .refusal()
                .or_else(|| loaded.unsupported())
                .map(KeySourceError::Refused);
        }
        Err(error) => report.problem = Some(error),
    }
    report
}
