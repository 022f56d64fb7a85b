//! Why a signature proves nothing.

use serde::Serialize;

use crate::clock::{Moment, for_people};
use crate::fingerprint::{Fingerprint, KeyHandle};

/// Why one signature blob proves nothing: the "no" of a [`Keyring`](crate::engine::Keyring).
///
/// `Display` is one lower-case sentence; [`Refusal::remedy`] says what to do about it, and
/// [`Refusal::code`] is the stable word for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    /// The blob is no well-formed OpenPGP message, or has something before or after it.
    #[error("the signature is not a well-formed OpenPGP message: {detail}")]
    MalformedSignature {
        /// What is wrong with it.
        detail: String,
    },
    /// A message without any signature.
    #[error("the message carries no signature")]
    NotSigned,
    /// An encrypted message.
    #[error("the message is encrypted")]
    Encrypted,
    /// More than one signature, where exactly one must be.
    #[error("the message carries {count} signatures, and exactly one is allowed")]
    MultipleSignatures {
        /// How many there are.
        count: usize,
    },
    /// A signature without the data that it signs.
    #[error("the signature is detached: it does not contain the data that it signs")]
    DetachedSignature,
    /// Made by a key that is not among the trusted ones.
    #[error("it was made by the key {}, which is not trusted here", handles(.issuers))]
    UnknownKey {
        /// How the signature names its key: fingerprint, key ID, or both; empty if it does not.
        issuers: Vec<KeyHandle>,
    },
    /// The mathematics, or the signature's form, does not hold.
    #[error("it is not a good signature: {detail}")]
    BadSignature {
        /// The key that it claims to be from.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<KeyHandle>,
        /// What does not hold.
        detail: String,
    },
    /// The signature itself has expired.
    #[error("the signature expired at {expired}, {} ago", for_people(.now.distance(*.expired)))]
    SignatureExpired {
        /// The key that made it.
        key: Fingerprint,
        /// When it expired.
        expired: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signature was made later than now.
    #[error("the signature was made at {created}, {} from now", for_people(.created.distance(*.now)))]
    SignatureFromTheFuture {
        /// The key that made it.
        key: Fingerprint,
        /// When it says that it was made.
        created: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signing key or its primary key has expired.
    #[error("the key {key} expired at {expired}, {} ago", for_people(.now.distance(*.expired)))]
    KeyExpired {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that expired: the primary key or the signing subkey.
        key: Fingerprint,
        /// When it expired.
        expired: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signing key or its primary key is revoked.
    #[error("the key {key} is revoked{}", .reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default())]
    KeyRevoked {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that is revoked: the primary key or the signing subkey.
        key: Fingerprint,
        /// When it was revoked, if the revocation says.
        #[serde(skip_serializing_if = "Option::is_none")]
        revoked: Option<Moment>,
        /// The reason that the revocation gives.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The key is not one that may sign data.
    #[error("the key {key} may not sign: {detail}")]
    KeyNotForSigning {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that made the signature.
        key: Fingerprint,
        /// Why it may not: its key flags, or a missing back signature.
        detail: String,
    },
    /// An algorithm or key size that the cryptographic policy does not accept.
    #[error("it relies on {algorithm}, which the cryptographic policy {policy} does not accept")]
    WeakAlgorithm {
        /// The key that made it, if known.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<KeyHandle>,
        /// The algorithm: `SHA-1`, `1024-bit RSA`.
        algorithm: String,
        /// The policy's name.
        policy: String,
    },
    /// More signed data than any payload has.
    #[error("the signed data is larger than {limit} bytes")]
    PayloadTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl Refusal {
    /// The stable word for this reason, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MalformedSignature { .. } => "malformed-signature",
            Self::NotSigned => "not-signed",
            Self::Encrypted => "encrypted",
            Self::MultipleSignatures { .. } => "multiple-signatures",
            Self::DetachedSignature => "detached-signature",
            Self::UnknownKey { .. } => "unknown-key",
            Self::BadSignature { .. } => "bad-signature",
            Self::SignatureExpired { .. } => "signature-expired",
            Self::SignatureFromTheFuture { .. } => "signature-from-the-future",
            Self::KeyExpired { .. } => "key-expired",
            Self::KeyRevoked { .. } => "key-revoked",
            Self::KeyNotForSigning { .. } => "key-not-for-signing",
            Self::WeakAlgorithm { .. } => "weak-algorithm",
            Self::PayloadTooLarge { .. } => "payload-too-large",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::MalformedSignature { .. } => {
                "fetch the signature again; if it stays so, ask the signer for a new one"
            }
            Self::NotSigned | Self::Encrypted | Self::DetachedSignature => {
                "have the image signed with `skopeo standalone-sign` or `podman push --sign-by`, \
                 which make inline signatures"
            }
            Self::MultipleSignatures { .. } => "store each signer's signature as a blob of its own",
            Self::UnknownKey { .. } => {
                "if you trust that key, add its public key to the requirement's key file; \
                 otherwise do not run the image"
            }
            Self::BadSignature { .. } => {
                "do not run the image; fetch it and its signature again from a source you trust"
            }
            Self::SignatureExpired { .. } => "ask the signer for a new signature",
            Self::SignatureFromTheFuture { .. } => "check this machine's clock, then the signer's",
            Self::KeyExpired { .. } => {
                "ask the key's owner for the extended public key, or for a signature by a live \
                 key, and replace the key file"
            }
            Self::KeyRevoked { .. } => {
                "do not run the image; ask the signer for a signature by a key that is not revoked"
            }
            Self::KeyNotForSigning { .. } => {
                "ask the signer for a signature by a key that may sign data"
            }
            Self::WeakAlgorithm { .. } => {
                "ask the signer for a signature with SHA-256 or better by a key of 2048 bits or \
                 more; the cryptographic policy `gnupg` accepts what GnuPG still does"
            }
            Self::PayloadTooLarge { .. } => {
                "this is no container signature; find out who stored it"
            }
        }
    }
}

fn handles(issuers: &[KeyHandle]) -> String {
    if issuers.is_empty() {
        return "that it does not name".to_owned();
    }
    issuers
        .iter()
        .map(KeyHandle::as_str)
        .collect::<Vec<_>>()
        .join(" / ")
}
