//! Refusals as an engine outside of this crate makes them: their variants may get more members.

use super::Refusal;
use crate::clock::Moment;
use crate::engine::{CryptoPolicy, EngineKind};
use crate::fingerprint::{Fingerprint, KeyHandle};

impl Refusal {
    /// The blob is not a well-formed OpenPGP message; `detail` is a clause.
    #[must_use]
    pub fn malformed_signature(detail: impl Into<String>) -> Self {
        Self::MalformedSignature {
            detail: detail.into(),
        }
    }

    /// A message with so many signatures, where exactly one must be.
    #[must_use]
    pub fn multiple_signatures(count: usize) -> Self {
        Self::MultipleSignatures { count }
    }

    /// Made by a key that is not among the trusted ones, which the signature names by these handles, if any.
    #[must_use]
    pub fn unknown_key(issuers: impl Into<Vec<KeyHandle>>) -> Self {
        Self::UnknownKey {
            issuers: issuers.into(),
        }
    }

    /// The mathematics, or the signature's form, does not hold; `key` is the one that it claims to be from.
    #[must_use]
    pub fn bad_signature(key: Option<KeyHandle>, detail: impl Into<String>) -> Self {
        Self::BadSignature {
            key,
            detail: detail.into(),
            key_created: None,
        }
    }

    /// The engine of this name cannot check it: it does not support `what`, such as `ECDSA on secp256k1`. Which engines of
    /// this crate do, where that is known.
    #[must_use]
    pub fn unsupported_signature(
        key: Option<KeyHandle>,
        what: impl Into<String>,
        engine: impl Into<String>,
        supported_by: impl Into<Vec<EngineKind>>,
    ) -> Self {
        Self::UnsupportedSignature {
            key,
            what: what.into(),
            engine: engine.into(),
            supported_by: supported_by.into(),
        }
    }

    /// The signature by `key` expired at `expired`, as judged at `now`; `created` is when it was made.
    #[must_use]
    pub fn signature_expired(
        key: Fingerprint,
        created: Option<Moment>,
        expired: Moment,
        now: Moment,
    ) -> Self {
        Self::SignatureExpired {
            key,
            created,
            expired,
            now,
        }
    }

    /// The signature by `key` says that it was made at `created`, which is later than `now`.
    #[must_use]
    pub fn signature_from_the_future(key: Fingerprint, created: Moment, now: Moment) -> Self {
        Self::SignatureFromTheFuture { key, created, now }
    }

    /// `key`, which is `primary_key` or a subkey of it, says that it was made at `created`, which is later than `now`.
    #[must_use]
    pub fn key_from_the_future(
        primary_key: Fingerprint,
        key: Fingerprint,
        created: Moment,
        now: Moment,
    ) -> Self {
        Self::KeyFromTheFuture {
            primary_key,
            key,
            created,
            now,
        }
    }

    /// `key`, which is `primary_key` or a subkey of it, expired at `expired`, as judged at `now`; `signed_at` is when the
    /// signature was made.
    #[must_use]
    pub fn key_expired(
        primary_key: Fingerprint,
        key: Fingerprint,
        signed_at: Option<Moment>,
        expired: Moment,
        now: Moment,
    ) -> Self {
        Self::KeyExpired {
            primary_key,
            key,
            signed_at,
            expired,
            now,
        }
    }

    /// `key`, which is `primary_key` or a subkey of it, is revoked: when, and for which reason, if the revocation says so.
    #[must_use]
    pub fn key_revoked(
        primary_key: Fingerprint,
        key: Fingerprint,
        revoked: Option<Moment>,
        reason: Option<String>,
    ) -> Self {
        Self::KeyRevoked {
            primary_key,
            key,
            revoked,
            reason,
        }
    }

    /// `key`, which is `primary_key` or a subkey of it, may not sign, for the reason in `detail`.
    #[must_use]
    pub fn key_not_for_signing(
        primary_key: Fingerprint,
        key: Fingerprint,
        detail: impl Into<String>,
    ) -> Self {
        Self::KeyNotForSigning {
            primary_key,
            key,
            detail: detail.into(),
        }
    }

    /// The signature relies on `algorithm`, such as `SHA-1`, which the cryptographic policy does not accept; `key` is the one
    /// that made it, if that is known.
    #[must_use]
    pub fn weak_algorithm(
        key: Option<KeyHandle>,
        algorithm: impl Into<String>,
        policy: CryptoPolicy,
    ) -> Self {
        Self::WeakAlgorithm {
            key,
            algorithm: algorithm.into(),
            policy,
        }
    }

    /// The signed data is larger than `limit` bytes.
    #[must_use]
    pub fn payload_too_large(limit: usize) -> Self {
        Self::PayloadTooLarge { limit }
    }
}
