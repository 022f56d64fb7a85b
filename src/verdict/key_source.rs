//! What came of the key sources of a policy.

use std::path::PathBuf;

use crate::engine::{EngineError, KeyWarning, TrustedKey};
use crate::policy::ScopeName;
use crate::source::SourceError;
use crate::verdict::{KeyUse, Reason, SigstoreKey, TrustSource, TrustedCertificate};

/// What came of one key source of a policy: an element of what
/// [`Verifier::load_keys`](crate::Verifier::load_keys) returns.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeySourceReport {
    /// The key source, as the policy has it.
    pub source: TrustSource,
    /// The scopes with a requirement that names it, in the order of [`Policy::scopes`](crate::Policy::scopes).
    pub scopes: Vec<ScopeName>,
    /// The requirements that name it, in the same order.
    pub uses: Vec<KeyUse>,
    /// The OpenPGP keys in it that are trusted.
    pub keys: Vec<TrustedKey>,
    /// The other keys in it: those of sigstore signers, or of Rekor logs.
    pub public_keys: Vec<SigstoreKey>,
    /// The certificates in it: of authorities that vouch for signers, or of those between.
    pub certificates: Vec<TrustedCertificate>,
    /// What was skipped in it, and why.
    pub warnings: Vec<KeyWarning>,
    /// Why no signature can satisfy a requirement with this key source, if none can.
    pub problem: Option<KeySourceError>,
}

impl KeySourceReport {
    /// A key source of which nothing is known yet.
    pub(crate) fn new(source: TrustSource) -> Self {
        Self {
            source,
            scopes: Vec::new(),
            uses: Vec::new(),
            keys: Vec::new(),
            public_keys: Vec::new(),
            certificates: Vec::new(),
            warnings: Vec::new(),
            problem: None,
        }
    }
}

/// Why the keys of a key source cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// What is in the key files.
    #[error(transparent)]
    Refused(#[from] Reason),
    /// Nobody knows: a key file could not be read, or fetched.
    #[error("the key file {} could not be read: {}", .file.display(), .error.detail_without_path())]
    #[non_exhaustive]
    Unavailable {
        /// The file, as it was to be opened; or, where it is none, its path in the policy.
        file: PathBuf,
        /// Why.
        #[source]
        error: SourceError,
    },
    /// Nobody knows: the engine could not do its work.
    #[error(transparent)]
    Failed(#[from] EngineError),
}

impl KeySourceError {
    /// The same as a reason why an image is refused.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused(reason) => reason.clone(),
            Self::Unavailable { file, error } => Reason::KeyUnreadable {
                path: file.clone(),
                detail: error.detail_without_path(),
            },
            Self::Failed(error) => error.into(),
        }
    }
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
    pub(crate) fn new(sources: Vec<KeySourceReport>) -> Self {
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
