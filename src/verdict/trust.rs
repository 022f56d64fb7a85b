//! What requirements trust, and where a policy has it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::policy::{CertificateSource, Fulcio, KeySource, Pki, SigstoreKeys};

/// Where a policy has what a requirement trusts.
///
/// `Display` has the member of the policy: `keyPath /etc/pki/release.gpg`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrustSource {
    /// The OpenPGP keys of a requirement `signedBy`.
    OpenPgp(KeySource),
    /// The keys of signers, of a requirement `sigstoreSigned`.
    Sigstore(SigstoreKeys),
    /// The keys of Rekor logs, of a requirement `sigstoreSigned`.
    RekorLogs(SigstoreKeys),
    /// The authorities of a requirement `sigstoreSigned` with `fulcio`.
    FulcioAuthorities(CertificateSource),
    /// The authorities of a requirement `sigstoreSigned` with `pki`.
    PkiRoots(CertificateSource),
    /// The certificates between signers and the authorities of a requirement `sigstoreSigned` with `pki`.
    PkiIntermediates(CertificateSource),
}

impl TrustSource {
    /// What is in it.
    #[must_use]
    pub fn kind(&self) -> TrustKind {
        match self {
            Self::OpenPgp(_) => TrustKind::OpenPgp,
            Self::Sigstore(_) => TrustKind::Sigstore,
            Self::RekorLogs(_) => TrustKind::RekorLog,
            Self::FulcioAuthorities(_) => TrustKind::FulcioAuthority,
            Self::PkiRoots(_) => TrustKind::Authority,
            Self::PkiIntermediates(_) => TrustKind::Intermediate,
        }
    }

    /// Its key files, as the policy has them; none if the keys are in the policy itself.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match self {
            Self::OpenPgp(keys) => keys.paths(),
            Self::Sigstore(keys) | Self::RekorLogs(keys) => keys.paths(),
            Self::FulcioAuthorities(certificates)
            | Self::PkiRoots(certificates)
            | Self::PkiIntermediates(certificates) => certificates.paths(),
        }
    }
}

impl fmt::Display for TrustSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenPgp(keys) => keys.fmt(f),
            Self::Sigstore(keys) => keys.told_as_keys().fmt(f),
            Self::RekorLogs(keys) => keys.told_as_logs().fmt(f),
            Self::FulcioAuthorities(certificates) => certificates.told(Fulcio::CA).fmt(f),
            Self::PkiRoots(certificates) => certificates.told(Pki::ROOTS).fmt(f),
            Self::PkiIntermediates(certificates) => certificates.told(Pki::INTERMEDIATES).fmt(f),
        }
    }
}

/// What a requirement trusts. As JSON a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum TrustKind {
    /// OpenPGP keys.
    #[default]
    #[serde(rename = "openpgp")]
    OpenPgp,
    /// Public keys of sigstore signers.
    Sigstore,
    /// Public keys of Rekor logs.
    RekorLog,
    /// Certificates of authorities that vouch for signers when a log has recorded their signatures.
    FulcioAuthority,
    /// Certificates of authorities that vouch for signers now.
    Authority,
    /// Certificates between signers and authorities.
    Intermediate,
}

impl TrustKind {
    /// Whether it is what the JSON does not say.
    pub(crate) fn is_openpgp(&self) -> bool {
        *self == Self::OpenPgp
    }
}
