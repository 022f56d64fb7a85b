//! What a requirement trusts.

use super::facts::{KeyAlgorithm, KeyReference};
use super::public_key::PublicKey;

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

/// What a requirement `sigstoreSigned` with keys trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyTrust {
    /// The keys of signers, in the order of the policy.
    pub(crate) keys: Vec<TrustedPublicKey>,
    /// The keys of the Rekor logs of which one must have recorded the signature, each for ECDSA
    /// ([`PublicKey::log_from_pem`]); `None` if the policy does not demand that. An empty list trusts no log.
    pub(crate) logs: Option<Vec<TrustedPublicKey>>,
}
