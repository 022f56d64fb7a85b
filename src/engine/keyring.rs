//! What a keyring proves of one signature blob.

use std::fmt::Debug;

use crate::clock::{ClockError, Moment};
use crate::engine::{EngineError, Refusal};
use crate::fingerprint::Fingerprint;

/// A set of trusted keys that judges signature blobs.
pub trait Keyring: Debug + Send + Sync {
    /// Judges one signature blob: an OpenPGP message, without the framing of stored blobs.
    ///
    /// Accepts if and only if
    /// - the blob is one OpenPGP message, at most compressed, with exactly one signature over
    ///   exactly one literal, and nothing before or after it;
    /// - the signature is of the type "binary" or "text", and is good;
    /// - it was made by a trusted key that may sign, or by a subkey of one that may sign and is
    ///   bound to it in both directions;
    /// - by the clock of the [`Settings`](crate::engine::Settings), now, neither the signature
    ///   nor the signing key nor its primary key has expired or lies in the future, and neither
    ///   key is revoked, for whatever reason;
    /// - the algorithms are good enough for the [`CryptoPolicy`](crate::engine::CryptoPolicy);
    /// - the signed bytes are at most [`MAX_PAYLOAD_SIZE`](crate::engine::MAX_PAYLOAD_SIZE) long.
    ///
    /// # Errors
    ///
    /// [`KeyringError::Refused`] if the answer is no, with the reason, which is [`Refusal::UnsupportedSignature`] and
    /// never [`Refusal::BadSignature`] where the engine cannot check; [`KeyringError::Failed`] if there is no answer.
    /// An empty result of an underlying library is never a success.
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError>;
}

/// Why a key that several primary keys have in common proves nothing. GnuPG uses one of them; containers/image asks
/// whose it is, and does not accept several answers.
#[cfg(feature = "_openpgp")]
pub(super) const SHARED_KEY: &str =
    "it belongs to more than one trusted key, and does not say which of them it signs for";

/// Why a signature blob proves nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// The answer is no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no answer: the engine could not do its work.
    #[error(transparent)]
    Failed(#[from] EngineError),
}

impl From<ClockError> for KeyringError {
    fn from(error: ClockError) -> Self {
        Self::Failed(error.into())
    }
}

/// Bytes that a trusted key has signed. Only a [`Keyring`] makes one, as its assertion that all
/// the conditions of [`Keyring::verify`] hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    payload: Vec<u8>,
    primary_key: Fingerprint,
    signing_key: Fingerprint,
    signed_at: Option<Moment>,
    signature_expires: Option<Moment>,
}

impl Proven {
    /// The assertion of a keyring that the trusted key with the primary fingerprint
    /// `primary_key` has signed `payload`, by the conditions of [`Keyring::verify`].
    #[must_use]
    pub fn assertion(payload: Vec<u8>, primary_key: Fingerprint) -> Self {
        Self {
            payload,
            signing_key: primary_key.clone(),
            primary_key,
            signed_at: None,
            signature_expires: None,
        }
    }

    /// The same, signed by this subkey of the primary key.
    #[must_use]
    pub fn with_signing_key(mut self, signing_key: Fingerprint) -> Self {
        self.signing_key = signing_key;
        self
    }

    /// The same, with the creation time that the signature states.
    #[must_use]
    pub fn with_signed_at(mut self, signed_at: Moment) -> Self {
        self.signed_at = Some(signed_at);
        self
    }

    /// The same, with the time at which the signature itself expires.
    #[must_use]
    pub fn with_signature_expiry(mut self, expires: Moment) -> Self {
        self.signature_expires = Some(expires);
        self
    }

    /// The signed bytes.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The fingerprint of the signer's primary key: the identity that a policy knows.
    #[must_use]
    pub fn primary_key(&self) -> &Fingerprint {
        &self.primary_key
    }

    /// The fingerprint of the key that made the signature: the primary key or a subkey of it.
    #[must_use]
    pub fn signing_key(&self) -> &Fingerprint {
        &self.signing_key
    }

    /// When the signature was made, as it says itself.
    #[must_use]
    pub fn signed_at(&self) -> Option<Moment> {
        self.signed_at
    }

    /// When the signature itself expires, if it does: at this moment it counts no more.
    #[must_use]
    pub fn signature_expires(&self) -> Option<Moment> {
        self.signature_expires
    }
}
