//! Who signed, and whose signatures a requirement trusts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::engine::TrustedKey;
use crate::fingerprint::Fingerprint;
use crate::sigstore::{CertificateSigner, KeyAlgorithm, KeyId};
use crate::text::quote::visible;

/// Who made a signature that a requirement accepts.
///
/// `Display` is the name by which the policy's keys know the signer: for an OpenPGP key, the fingerprint of its primary
/// key; for a key of sigstore, its ID; for the holder of a certificate, the first of its names. As JSON an object whose member `type` says which variant it is, such as `openpgp`.
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
    /// A public key that a requirement `sigstoreSigned` trusts.
    #[non_exhaustive]
    SigstoreKey {
        /// The SHA-256 of the key, in DER.
        key_id: KeyId,
        /// What sort of key it is.
        algorithm: KeyAlgorithm,
        /// The key file (or `keyData`) that made the key a trusted one.
        key_origin: String,
    },
    /// The holder of a certificate, for whom an authority vouches that a requirement `sigstoreSigned` trusts.
    Certificate(Box<CertificateSigner>),
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenPgp { primary_key, .. } => primary_key.fmt(f),
            Self::SigstoreKey { key_id, .. } => key_id.fmt(f),
            Self::Certificate(signer) => signer.fmt(f),
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
    /// The holder of a public key, of a requirement `sigstoreSigned`.
    SigstoreKey(SigstoreKey),
    /// An authority, of a requirement `sigstoreSigned` with `fulcio` or `pki`: it vouches for signers.
    Authority(TrustedCertificate),
}

impl TrustedSigner {
    /// The OpenPGP key, if it is one.
    #[must_use]
    pub fn openpgp(&self) -> Option<&TrustedKey> {
        match self {
            Self::OpenPgp(key) => Some(key),
            Self::SigstoreKey(_) | Self::Authority(_) => None,
        }
    }

    /// From when it can have vouched for anything: when the key was made, if that is known, or from when the certificate is
    /// valid. `None` for what has no beginning, a public key of sigstore.
    pub(crate) fn since(&self) -> Option<Option<Moment>> {
        match self {
            Self::OpenPgp(key) => Some(key.created),
            Self::Authority(certificate) => Some(Some(certificate.not_before)),
            Self::SigstoreKey(_) => None,
        }
    }
}

impl fmt::Display for TrustedSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenPgp(key) => key.fmt(f),
            Self::SigstoreKey(key) => key.fmt(f),
            Self::Authority(certificate) => certificate.fmt(f),
        }
    }
}

/// A certificate that a requirement `sigstoreSigned` names: of an authority that vouches for signers, or of one on the way.
///
/// `Display` is `CN=sigstore,O=sigstore.dev, from /etc/pki/fulcio.pem`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrustedCertificate {
    /// Its subject: `CN=sigstore,O=sigstore.dev`.
    pub subject: String,
    /// Its serial number, in hexadecimal digits.
    pub serial: String,
    /// The first moment at which it is valid.
    pub not_before: Moment,
    /// The last moment at which it is.
    pub not_after: Moment,
    /// The file as the policy has it, or the member that holds it, such as `caData`.
    pub origin: String,
}

impl TrustedCertificate {
    /// A certificate that is valid in between.
    #[must_use]
    pub fn new(
        subject: impl Into<String>,
        serial: impl Into<String>,
        [not_before, not_after]: [Moment; 2],
        origin: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.into(),
            serial: serial.into(),
            not_before,
            not_after,
            origin: origin.into(),
        }
    }
}

impl fmt::Display for TrustedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [subject, origin] = [&self.subject, &self.origin].map(|text| visible(text));
        write!(f, "{subject}, from {origin}")
    }
}

/// A public key that a requirement `sigstoreSigned` trusts: that of a signer, or of a Rekor log. It has no owner and no end.
///
/// `Display` is `0123…cdef, ECDSA P-256, from /etc/pki/cosign.pub`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SigstoreKey {
    /// The SHA-256 of the key, in DER: what `openssl pkey -pubin -outform der | sha256sum` prints. Rekor names its logs so.
    pub key_id: KeyId,
    /// What sort of key it is.
    pub algorithm: KeyAlgorithm,
    /// The key file as the policy has it, or `keyData`; of several keys in the policy, `keyDatas[1]`, counted from 0.
    pub origin: String,
    /// Why no signature by it can count, if none can: its algorithm is not one of signatures, for example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unusable: Option<String>,
    /// What makes it weaker than what is made today, though signatures by it count: `1024-bit RSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<String>,
}

impl SigstoreKey {
    /// A key of which nothing else is known.
    #[must_use]
    pub fn new(key_id: KeyId, algorithm: KeyAlgorithm, origin: impl Into<String>) -> Self {
        Self {
            key_id,
            algorithm,
            origin: origin.into(),
            unusable: None,
            weakness: None,
        }
    }
}

impl fmt::Display for SigstoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = visible(&self.origin);
        write!(f, "{}, {}, from {origin}", self.key_id, self.algorithm)
    }
}
