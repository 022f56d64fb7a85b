//! What a requirement trusts.

use std::sync::Arc;

use super::certificate::Certificate;
use super::facts::{KeyAlgorithm, KeyReference};
use super::identity::Subject;
use super::public_key::PublicKey;
use crate::clock::Moment;

/// A key that a policy names, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrustedPublicKey {
    /// The key.
    pub(crate) key: PublicKey,
    /// Its file, or the member of the policy that holds it, `keyData`.
    pub(crate) origin: String,
}

impl TrustedPublicKey {
    /// How reports and refusals name it.
    pub(crate) fn reference(&self) -> KeyReference {
        KeyReference::new(self.key.key_id(), self.origin.clone())
    }

    /// What it is for.
    pub(crate) fn algorithm(&self) -> KeyAlgorithm {
        self.key.algorithm()
    }
}

/// What a requirement `sigstoreSigned` with keys trusts: shared, since it is the same for each image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyTrust {
    /// The keys of signers, in the order of the policy.
    pub(crate) keys: Arc<[TrustedPublicKey]>,
    /// The keys of the Rekor logs of which one must have recorded the signature, each for ECDSA
    /// ([`PublicKey::log_from_pem`]); `None` if the policy does not demand that. An empty list trusts no log.
    pub(crate) logs: Option<Arc<[TrustedPublicKey]>>,
}

/// Certificates that a policy names, and where they are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrustedCertificates {
    /// The certificates, in the order of the file.
    pub(crate) certificates: Vec<Certificate>,
    /// Their file, or the member of the policy that holds them, such as `caData`.
    pub(crate) origin: String,
}

/// What a requirement `sigstoreSigned` with certificates trusts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CertificateTrust<'a> {
    /// Who vouches for signers: [`authorities`](super::certificate::authorities).
    pub(crate) authorities: &'a TrustedCertificates,
    /// Which signers count.
    pub(crate) kind: CertificateKind<'a>,
}

/// Which signers count, whose certificates an authority has issued.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CertificateKind<'a> {
    /// One whom Fulcio knows by this issuer, and who signed when one of these Rekor logs says.
    Fulcio {
        /// The keys of the logs, each for ECDSA ([`PublicKey::log_from_pem`]).
        logs: &'a [TrustedPublicKey],
        /// Who has authenticated the signer.
        oidc_issuer: &'a str,
        /// The signer.
        subject: &'a Subject,
    },
    /// One whose certificate is valid now.
    Pki {
        /// Certificates that may be between a signer's and an authority's.
        intermediates: &'a [Certificate],
        /// The signer: each of these.
        subjects: &'a [Subject],
        /// What time it is.
        now: Moment,
    },
}
