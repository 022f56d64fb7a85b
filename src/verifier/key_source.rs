//! What comes of the key sources of a policy, one by one.

use std::collections::HashMap;

use super::keys::{KeySourceError, KeyStore};
use crate::engine::{KeyWarning, TrustedKey};
use crate::policy::{KeySource, KeyType, Policy, Requirement, ScopeName};

/// What came of one key source of a policy: an element of what
/// [`Verifier::load_keys`](crate::Verifier::load_keys) returns.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeySourceReport {
    /// The key source, as the policy has it.
    pub source: KeySource,
    /// The scopes with a requirement that names it, in the order of [`Policy::scopes`].
    pub scopes: Vec<ScopeName>,
    /// The keys in it that are trusted.
    pub keys: Vec<TrustedKey>,
    /// What was skipped in it, and why.
    pub warnings: Vec<KeyWarning>,
    /// Why no signature can satisfy a requirement with this key source, if none can.
    pub problem: Option<KeySourceError>,
}

/// Key sources of a policy cannot be used.
///
/// `Display` is a sentence with each of them and its problem.
#[derive(Debug, thiserror::Error)]
#[error("{}", problems(.sources))]
pub struct LoadKeysError {
    sources: Vec<KeySourceReport>,
}

impl LoadKeysError {
    pub(super) fn new(sources: Vec<KeySourceReport>) -> Self {
        Self { sources }
    }

    /// All key sources of the policy, the good ones too.
    #[must_use]
    pub fn sources(&self) -> &[KeySourceReport] {
        &self.sources
    }

    /// All key sources of the policy, the good ones too.
    #[must_use]
    pub fn into_sources(self) -> Vec<KeySourceReport> {
        self.sources
    }

    /// What is wrong, in the order of the sources.
    pub fn problems(&self) -> impl Iterator<Item = &KeySourceError> {
        self.sources
            .iter()
            .filter_map(|source| source.problem.as_ref())
    }
}

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
    let mut report = KeySourceReport {
        source: source.clone(),
        scopes: Vec::new(),
        keys: Vec::new(),
        warnings: Vec::new(),
        problem: None,
    };
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

fn problems(sources: &[KeySourceReport]) -> String {
    let problems: Vec<String> = sources
        .iter()
        .filter_map(|report| Some(format!("{}: {}", report.source, report.problem.as_ref()?)))
        .collect();
    format!(
        "{} of the policy's {} key sources cannot be used: {}",
        problems.len(),
        sources.len(),
        problems.join("; ")
    )
}
