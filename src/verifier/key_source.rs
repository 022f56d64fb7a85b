//! Loading the key sources of a policy, one by one.

use std::collections::HashMap;

use super::keys::KeyStore;
use crate::policy::{KeySource, KeyType, Policy, Requirement};
use crate::verdict::{KeySourceError, KeySourceReport};

/// Loads each key source of the policy once.
pub(super) fn load_all(policy: &Policy, keys: &KeyStore) -> Vec<KeySourceReport> {
    let mut reports: Vec<KeySourceReport> = Vec::new();
    let mut places: HashMap<&KeySource, usize> = HashMap::new();
    for scope in policy.scopes() {
        for requirement in scope.requirements {
            let Requirement::SignedBy(signed_by) = requirement else {
                continue;
            };
            if signed_by.key_type() != KeyType::GpgKeys {
                continue;
            }
            let place = *places.entry(signed_by.keys()).or_insert_with(|| {
                reports.push(load(signed_by.keys(), keys));
                reports.len().saturating_sub(1)
            });
            let name = scope.name();
            // A scope may have several requirements with the same keys.
            match reports.get_mut(place) {
                Some(report) if report.scopes.last() != Some(&name) => report.scopes.push(name),
                _ => {}
            }
        }
    }
    reports
}

fn load(source: &KeySource, keys: &KeyStore) -> KeySourceReport {
    let loaded = keys
        .engines()
        .try_each(|selection| keys.load_any(source, selection))
        .unwrap_or_else(|error| Err(error.into()));
    let mut report = KeySourceReport::new(source.clone());
    match loaded {
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
