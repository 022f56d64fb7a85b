//! What is known of the key files of a policy, each for itself.

use std::collections::HashSet;
use std::sync::Arc;

use super::access;
use super::key_source::{self, load};
use super::keys::{KEY_DATA, KeyStore, LoadedFile, LoadedKeys};
#[cfg(feature = "sigstore")]
use super::keys::{LoadedPublicKeys, certificates_of, data_origins};
#[cfg(feature = "sigstore")]
use crate::policy::SigstoreKeys;
use crate::policy::{KeySource, Policy};
use crate::verdict::{
    KeyReport, KeySourceError, KeySourceReport, KeyStatus, KeyUse, TrustKind, TrustSource,
};

/// The key files of the policy, those first that need attention first.
pub(super) fn all(policy: &Policy, keys: &KeyStore) -> Vec<KeyReport> {
    let sources = key_source::load_all(policy, keys);
    let mut reports: Vec<KeyReport> = Vec::new();
    for source in sources {
        match &source.source {
            TrustSource::OpenPgp(openpgp) => reports.extend(of_openpgp(keys, openpgp, &source)),
            #[cfg(feature = "sigstore")]
            TrustSource::Sigstore(public) | TrustSource::RekorLogs(public) => {
                reports.extend(of_public_keys(keys, public, &source));
            }
            #[cfg(feature = "sigstore")]
            TrustSource::FulcioAuthorities(_)
            | TrustSource::PkiRoots(_)
            | TrustSource::PkiIntermediates(_) => reports.extend(of_certificates(keys, &source)),
            #[cfg(not(feature = "sigstore"))]
            _ => {}
        }
    }
    KeyReport::sort(&mut reports);
    reports
}

/// The files of a source of OpenPGP keys.
fn of_openpgp(keys: &KeyStore, openpgp: &KeySource, source: &KeySourceReport) -> Vec<KeyReport> {
    let (uses, kind) = (&source.uses, TrustKind::OpenPgp);
    let report = |path: Option<&str>, loaded| {
        let origin = path.unwrap_or(KEY_DATA);
        with_openpgp(keys, empty(keys, origin, path, kind, uses), loaded)
    };
    match openpgp {
        KeySource::Data(_) => vec![report(None, load(openpgp, keys))],
        KeySource::Path(path) => vec![report(Some(path), load(openpgp, keys))],
        KeySource::Paths(paths) => {
            let mut known = HashSet::new();
            let paths = paths.iter().filter(|path| known.insert(*path));
            let reports = paths.map(|path| {
                // What is in one file counts beside what is in the others, unless they cannot be read.
                let has_keys = source.keys.iter().any(|key| key.origin == *path);
                let loaded = if has_keys {
                    load(openpgp, keys)
                } else {
                    load(&KeySource::Path(path.clone()), keys)
                };
                report(Some(path), loaded)
            });
            reports.collect()
        }
    }
}

/// The files of a source of public keys. One that is broken spoils the others, and is told for itself.
#[cfg(feature = "sigstore")]
fn of_public_keys(
    keys: &KeyStore,
    public: &SigstoreKeys,
    source: &KeySourceReport,
) -> Vec<KeyReport> {
    let kind = source.source.kind();
    let whole = || keys.load_public(&source.source, None);
    let report = |origin: &str, path: Option<&str>, loaded| {
        with_public_keys(empty(keys, origin, path, kind, &source.uses), loaded)
    };
    if public.is_data() {
        // The problem of one of several is told at the first.
        let origins = data_origins(&source.source);
        let shown = if source.problem.is_some() {
            1
        } else {
            origins.len()
        };
        return origins
            .iter()
            .take(shown)
            .map(|origin| report(origin, None, whole()))
            .collect();
    }
    let mut known = HashSet::new();
    let paths = public.paths().iter().filter(|path| known.insert(*path));
    let reports = paths.map(|path| {
        let loaded = if source.problem.is_none() {
            whole()
        } else {
            let alone = SigstoreKeys::Path(path.clone());
            let alone = match kind {
                TrustKind::RekorLog => TrustSource::RekorLogs(alone),
                _ => TrustSource::Sigstore(alone),
            };
            keys.load_public(&alone, None)
        };
        report(path, Some(path), loaded)
    });
    reports.collect()
}

/// The file of a source of certificates.
#[cfg(feature = "sigstore")]
fn of_certificates(keys: &KeyStore, source: &KeySourceReport) -> Option<KeyReport> {
    let (_, member) = certificates_of(&source.source)?;
    let path = source.source.paths().first().map(String::as_str);
    let origin = path.unwrap_or(member);
    let mut report = empty(keys, origin, path, source.source.kind(), &source.uses);
    match keys.load_certificates(&source.source, None) {
        Ok(loaded) => {
            report.certificates = loaded.told();
            report
                .certificates
                .sort_by_key(|certificate| certificate.not_after);
            read_from(&mut report, &loaded.files);
        }
        Err(error) => report.problem = Some(error.reason()),
    }
    Some(report)
}

/// What is known of a file, or of `keyData`, before it is read.
fn empty(
    keys: &KeyStore,
    origin: &str,
    path: Option<&str>,
    kind: TrustKind,
    uses: &[KeyUse],
) -> KeyReport {
    let file = path.and_then(|path| keys.location(path));
    KeyReport {
        origin: origin.to_owned(),
        kind,
        uses: uses.to_vec(),
        keys: Vec::new(),
        public_keys: Vec::new(),
        certificates: Vec::new(),
        warnings: Vec::new(),
        digest: None,
        changed: false,
        access: file.as_deref().and_then(access::of),
        problem: None,
        file,
    }
}

/// The same with the keys that were loaded.
fn with_openpgp(
    keys: &KeyStore,
    mut report: KeyReport,
    loaded: Result<Arc<LoadedKeys>, KeySourceError>,
) -> KeyReport {
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            report.problem = Some(error.reason());
            return report;
        }
    };
    let of_file = |key_origin: &str| key_origin == report.origin;
    let trusted = loaded.keys.iter().filter(|key| of_file(&key.origin));
    // Without a time no keys are read.
    if let Ok(now) = keys.settings().clock.now() {
        report.keys = KeyStatus::all(trusted.cloned().collect(), now);
    }
    let warnings = loaded.warnings.iter();
    report.warnings = warnings
        .filter(|warning| warning.origin() == report.origin)
        .cloned()
        .collect();
    read_from(&mut report, &loaded.files);
    report.problem = loaded.refusal().or_else(|| loaded.unsupported());
    report
}

/// The same with the public keys that were loaded.
#[cfg(feature = "sigstore")]
fn with_public_keys(
    mut report: KeyReport,
    loaded: Result<Arc<LoadedPublicKeys>, KeySourceError>,
) -> KeyReport {
    match loaded {
        Ok(loaded) => {
            let told = loaded.told().into_iter();
            report.public_keys = told.filter(|key| key.origin == report.origin).collect();
            read_from(&mut report, &loaded.files);
        }
        Err(error) => report.problem = Some(error.reason()),
    }
    report
}

/// What is remembered of the file.
fn read_from(report: &mut KeyReport, files: &[LoadedFile]) {
    if let Some(read) = files.iter().find(|file| file.origin == report.origin) {
        report.digest = Some(read.digest.clone());
        report.changed = read.has_changed();
    }
}
