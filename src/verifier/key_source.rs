//! Loading the key sources of a policy, one by one.

use std::collections::HashMap;
use std::sync::Arc;

use super::keys::{KeyStore, LoadedKeys};
use crate::plan::foreign_kind;
use crate::policy::{
    CertificateSource, KeySource, Policy, Requirement, SigstoreKeys, SigstoreTrust,
};
use crate::verdict::{KeySourceError, KeySourceReport, KeyUse, TrustSource};

/// Loads each key source of the policy once.
pub(super) fn load_all(policy: &Policy, keys: &KeyStore) -> Vec<KeySourceReport> {
    let mut reports: Vec<KeySourceReport> = Vec::new();
    let mut places: HashMap<Named<'_>, usize> = HashMap::new();
    for scope in policy.scopes() {
        for (number, requirement) in (1_usize..).zip(scope.requirements.iter()) {
            for source in sources(requirement) {
                let place = *places.entry(source).or_insert_with(|| {
                    reports.push(report(source.into(), keys));
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
    }
    reports
}

/// A key source as the policy has it: a [`TrustSource`] that is borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Named<'a> {
    OpenPgp(&'a KeySource),
    Sigstore(&'a SigstoreKeys),
    RekorLogs(&'a SigstoreKeys),
    FulcioAuthorities(&'a CertificateSource),
    PkiRoots(&'a CertificateSource),
    PkiIntermediates(&'a CertificateSource),
}

impl From<Named<'_>> for TrustSource {
    fn from(named: Named<'_>) -> Self {
        match named {
            Named::OpenPgp(keys) => Self::OpenPgp(keys.clone()),
            Named::Sigstore(keys) => Self::Sigstore(keys.clone()),
            Named::RekorLogs(keys) => Self::RekorLogs(keys.clone()),
            Named::FulcioAuthorities(certificates) => Self::FulcioAuthorities(certificates.clone()),
            Named::PkiRoots(certificates) => Self::PkiRoots(certificates.clone()),
            Named::PkiIntermediates(certificates) => Self::PkiIntermediates(certificates.clone()),
        }
    }
}

/// The key sources of a requirement, in the order in which they are read; none of one that is not judged here.
fn sources(requirement: &Requirement) -> Vec<Named<'_>> {
    match requirement {
        _ if foreign_kind(requirement).is_some() => Vec::new(),
        Requirement::SignedBy(signed_by) => vec![Named::OpenPgp(signed_by.keys())],
        Requirement::SigstoreSigned(sigstore) => match sigstore.trust() {
            SigstoreTrust::Keys { keys, rekor } => {
                let signers = Named::Sigstore(keys);
                let logs = rekor.as_ref().map(Named::RekorLogs);
                std::iter::once(signers).chain(logs).collect()
            }
            SigstoreTrust::Fulcio { fulcio, rekor } => {
                vec![
                    Named::FulcioAuthorities(fulcio.ca()),
                    Named::RekorLogs(rekor),
                ]
            }
            SigstoreTrust::Pki(pki) => {
                let roots = Named::PkiRoots(pki.ca_roots());
                let intermediates = pki.ca_intermediates().map(Named::PkiIntermediates);
                std::iter::once(roots).chain(intermediates).collect()
            }
        },
        _ => Vec::new(),
    }
}

/// The OpenPGP keys of one source, by the first engine that does not fail, even if there is none.
pub(super) fn load(source: &KeySource, keys: &KeyStore) -> Result<Arc<LoadedKeys>, KeySourceError> {
    keys.engines()
        .try_each(|selection| keys.load_any(source, selection))
        .unwrap_or_else(|error| Err(error.into()))
}

fn report(source: TrustSource, keys: &KeyStore) -> KeySourceReport {
    let mut report = KeySourceReport::new(source);
    let filled = match &report.source {
        TrustSource::OpenPgp(openpgp) => load(openpgp, keys).map(|loaded| {
            report.keys.clone_from(&loaded.keys);
            report.warnings.clone_from(&loaded.warnings);
            report.problem = loaded
                .refusal()
                .or_else(|| loaded.unsupported())
                .map(KeySourceError::Refused);
        }),
        #[cfg(feature = "sigstore")]
        TrustSource::FulcioAuthorities(_)
        | TrustSource::PkiRoots(_)
        | TrustSource::PkiIntermediates(_) => {
            keys.load_certificates(&report.source, None).map(|loaded| {
                report.certificates = loaded.told();
            })
        }
        #[cfg(feature = "sigstore")]
        public => keys.load_public(public, None).map(|loaded| {
            report.public_keys = loaded.told();
        }),
        // Nobody judges by them.
        #[cfg(not(feature = "sigstore"))]
        _ => Ok(()),
    };
    if let Err(error) = filled {
        report.problem = Some(error);
    }
    report
}
