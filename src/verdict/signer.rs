//! Who signed, and whose signatures a requirement trusts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::TrustedKey;
use crate::fingerprint::Fingerprint;

/// Who made a signature that a requirement accepts.
///
/// `Display` is the name by which the policy's keys know the signer: for an OpenPGP key, the fingerprint of its primary
/// key. As JSON an object whose member `type` says which variant it is, such as `openpgp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Signer {
    /// An OpenPGP key that a requirement `signedBy` trusts.
    #[non_exhaustive]
    #[serde(rename = "openpgp")]
    OpenPgp {
        /// The fingerprint of the primary key: the signer's identity.
        primary_key: Fingerprint,
        /// The key that signed: the primary key or a subkey of it.
        signing_key: Fingerprint,
        /// The key file (or `keyData`) that made the key a trusted one.
        key_origin: String,
    },
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenPgp { primary_key, .. } => primary_key.fmt(f),
        }
    }
}

/// Somebody whose signatures a requirement trusts.
///
/// As JSON an object whose member `type` says which variant it is, as in a [`Signer`], beside what the variant holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum TrustedSigner {
    /// The holder of an OpenPGP key, of a requirement `signedBy`.
    #[serde(rename = "openpgp")]
    OpenPgp(TrustedKey),
}

impl fmt::Display for TrustedSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenPgp(key) => key.fmt(f),
        }
    }
}
