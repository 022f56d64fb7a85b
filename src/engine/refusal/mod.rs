//! Why a signature proves nothing.

mod constructors;

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, for_people};
use crate::engine::{CryptoPolicy, EngineKind};
use crate::fingerprint::{Fingerprint, KeyHandle};
#[cfg(feature = "_openpgp")]
use crate::openpgp::message::MessageError;

/// Why one signature blob proves nothing: the "no" of a [`Keyring`](crate::engine::Keyring).
///
/// `Display` is one lower-case sentence, and [`Refusal::code`] the stable word for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Refusal {
    /// The blob is not a well-formed OpenPGP message, or has something before or after it.
    #[error("the signature is not a well-formed OpenPGP message: {detail}")]
    #[non_exhaustive]
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
    #[error("the message carries {count} signatures, but exactly one is allowed")]
    #[non_exhaustive]
    MultipleSignatures {
        /// How many there are.
        count: usize,
    },
    /// A signature without the data that it signs.
    #[error("the signature is detached: it does not contain the data that it signs")]
    DetachedSignature,
    /// Made by a key that is not among the trusted ones.
    #[error("the signature was made by {}, which is not trusted here", handles(.issuers))]
    #[non_exhaustive]
    UnknownKey {
        /// How the signature names its key: fingerprint, key ID, or both; empty if it does not.
        issuers: Vec<KeyHandle>,
    },
    /// The mathematics, or the signature's form, does not hold.
    #[error("the signature is not good: {detail}")]
    #[non_exhaustive]
    BadSignature {
        /// The key that it claims to be from.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<KeyHandle>,
        /// What does not hold.
        detail: String,
        /// When the key was made, if all that does not hold is that the signature says it was made before that.
        #[serde(skip_serializing_if = "Option::is_none")]
        key_created: Option<Moment>,
    },
    /// Nothing that the engine can check: an algorithm, a curve, a key size or a version that it does
    /// not know, or cannot calculate with. That says nothing about the signature: another engine may
    /// find it good, or bad.
    #[error("the engine {engine} cannot check the signature: {}", not_supported(.what, .engine, .supported_by))]
    #[non_exhaustive]
    UnsupportedSignature {
        /// The key that it claims to be from, if the engine got that far.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<KeyHandle>,
        /// What is not supported: `ECDSA on secp256k1`, `signatures of version 5`.
        what: String,
        /// The engine's name.
        engine: String,
        /// The engines of this crate that support it, in the order in which they are tried; empty if
        /// none does. [`EngineKind::feature`] builds each.
        supported_by: Vec<EngineKind>,
    },
    /// The signature itself has expired.
    #[error("the signature expired at {expired}, {} ago", for_people(.now.distance(*.expired)))]
    #[non_exhaustive]
    SignatureExpired {
        /// The key that made it.
        key: Fingerprint,
        /// When it was made, as it says itself: the other end of the time in which it counts.
        #[serde(skip_serializing_if = "Option::is_none")]
        created: Option<Moment>,
        /// When it expired.
        expired: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signature was made in the future.
    #[error("the signature was made at {created}, {} from now", for_people(.created.distance(*.now)))]
    #[non_exhaustive]
    SignatureFromTheFuture {
        /// The key that made it.
        key: Fingerprint,
        /// When it says that it was made.
        created: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signing key or its primary key was made in the future.
    #[error("the key {key} was made at {created}, {} from now", for_people(.created.distance(*.now)))]
    #[non_exhaustive]
    KeyFromTheFuture {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that lies in the future: the primary key or the signing subkey.
        key: Fingerprint,
        /// When it says that it was made.
        created: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signing key or its primary key has expired.
    #[error("the key {key} expired at {expired}, {} ago", for_people(.now.distance(*.expired)))]
    #[non_exhaustive]
    KeyExpired {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that expired: the primary key or the signing subkey.
        key: Fingerprint,
        /// When the signature was made, as it says itself. Even one from before the key expired counts no more.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_at: Option<Moment>,
        /// When it expired.
        expired: Moment,
        /// The time that it was judged at.
        now: Moment,
    },
    /// The signing key or its primary key is revoked.
    #[error("the key {key} is revoked{}", .reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default())]
    #[non_exhaustive]
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
    #[non_exhaustive]
    KeyNotForSigning {
        /// The primary key.
        primary_key: Fingerprint,
        /// The key that made the signature.
        key: Fingerprint,
        /// Why it may not: its key flags, or a missing back signature.
        detail: String,
    },
    /// An algorithm or key size that the cryptographic policy does not accept.
    #[error(
        "the signature relies on {algorithm}, which the cryptographic policy {policy} does not accept"
    )]
    #[non_exhaustive]
    WeakAlgorithm {
        /// The key that made it, if known.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<KeyHandle>,
        /// The algorithm: `SHA-1`, `1024-bit RSA`.
        algorithm: String,
        /// The policy.
        policy: CryptoPolicy,
    },
    /// More signed data than any payload has.
    #[error("the signed data is larger than {limit} bytes")]
    #[non_exhaustive]
    PayloadTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

impl Refusal {
    /// All that [`Refusal::code`] can be.
    pub(crate) const CODES: [&'static str; 16] = [
        "malformed-signature",
        "not-signed",
        "encrypted",
        "multiple-signatures",
        "detached-signature",
        "unknown-key",
        "bad-signature",
        "unsupported-signature",
        "signature-expired",
        "signature-from-the-future",
        "key-from-the-future",
        "key-expired",
        "key-revoked",
        "key-not-for-signing",
        "weak-algorithm",
        "payload-too-large",
    ];

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
            Self::UnsupportedSignature { .. } => "unsupported-signature",
            Self::SignatureExpired { .. } => "signature-expired",
            Self::SignatureFromTheFuture { .. } => "signature-from-the-future",
            Self::KeyFromTheFuture { .. } => "key-from-the-future",
            Self::KeyExpired { .. } => "key-expired",
            Self::KeyRevoked { .. } => "key-revoked",
            Self::KeyNotForSigning { .. } => "key-not-for-signing",
            Self::WeakAlgorithm { .. } => "weak-algorithm",
            Self::PayloadTooLarge { .. } => "payload-too-large",
        }
    }
}

#[cfg(feature = "_openpgp")]
impl Refusal {
    /// A signature that was made before its key.
    pub(super) fn before_its_key(
        key: Option<KeyHandle>,
        made: Moment,
        key_created: Moment,
    ) -> Self {
        Self::BadSignature {
            key,
            detail: format!(
                "it was made at {made}, before its key, which was made at {key_created}"
            ),
            key_created: Some(key_created),
        }
    }
}

#[cfg(feature = "_openpgp")]
impl From<MessageError> for Refusal {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Malformed(detail) => Self::malformed_signature(detail),
            MessageError::NotSigned => Self::NotSigned,
            MessageError::Encrypted => Self::Encrypted,
            MessageError::MultipleSignatures(count) => Self::MultipleSignatures { count },
            MessageError::Detached => Self::DetachedSignature,
            MessageError::TooLarge(limit) => Self::PayloadTooLarge { limit },
            MessageError::Ambiguous(detail) => Self::BadSignature {
                key: None,
                detail: detail.to_owned(),
                key_created: None,
            },
        }
    }
}

/// That an engine does not support `what`, and which ones do.
pub(in crate::engine) fn not_supported(
    what: &str,
    engine: &str,
    supported_by: &[EngineKind],
) -> String {
    let feature = |other: &EngineKind| match other {
        // It has two features, and calculates with more by the second.
        EngineKind::Native if engine == other.name() || cfg!(feature = "native-openssl") => {
            "native-openssl"
        }
        other => other.feature(),
    };
    let others: Vec<String> = supported_by
        .iter()
        .map(|engine| format!("{engine} (feature `{}`)", feature(engine)))
        .collect();
    let who = match others.as_slice() {
        [] => "nor does any other engine".to_owned(),
        [one] => format!("the engine {one} does"),
        several => format!("the engines {} do", several.join(", ")),
    };
    format!("it does not support {what}; {who}")
}

fn handles(issuers: &[KeyHandle]) -> String {
    if issuers.is_empty() {
        return "a key that it does not name".to_owned();
    }
    let names: Vec<&str> = issuers.iter().map(KeyHandle::as_str).collect();
    format!("the key {}", names.join(" / "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose fault a refusal is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Cause {
        /// The image's or its signature's.
        Image,
        /// The key's: who made or keeps it can help.
        Key,
        /// The clock's, here or there.
        Clock,
        /// The engine's.
        Engine,
    }

    impl Cause {
        /// A new variant must be put somewhere.
        fn of(refusal: &Refusal) -> Self {
            match refusal {
                Refusal::MalformedSignature { .. }
                | Refusal::NotSigned
                | Refusal::Encrypted
                | Refusal::MultipleSignatures { .. }
                | Refusal::DetachedSignature
                | Refusal::BadSignature { .. }
                | Refusal::SignatureExpired { .. }
                | Refusal::PayloadTooLarge { .. } => Self::Image,
                Refusal::UnknownKey { .. }
                | Refusal::KeyExpired { .. }
                | Refusal::KeyRevoked { .. }
                | Refusal::KeyNotForSigning { .. }
                | Refusal::WeakAlgorithm { .. } => Self::Key,
                Refusal::SignatureFromTheFuture { .. } | Refusal::KeyFromTheFuture { .. } => {
                    Self::Clock
                }
                Refusal::UnsupportedSignature { .. } => Self::Engine,
            }
        }
    }

    fn fingerprint() -> Fingerprint {
        "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap()
    }

    fn unsupported(what: &str, supported_by: Vec<EngineKind>) -> Refusal {
        Refusal::UnsupportedSignature {
            key: Some(fingerprint().into()),
            what: what.to_owned(),
            engine: "this".to_owned(),
            supported_by,
        }
    }

    /// One of each variant, and one of each remedy.
    fn all() -> Vec<Refusal> {
        let key = fingerprint;
        let handle = || Some(KeyHandle::from(fingerprint()));
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let (then, now) = (
            moment("2025-06-01T12:00:00Z"),
            moment("2025-06-02T12:00:00Z"),
        );
        let detail = || "something".to_owned();
        vec![
            Refusal::MalformedSignature { detail: detail() },
            Refusal::NotSigned,
            Refusal::Encrypted,
            Refusal::MultipleSignatures { count: 2 },
            Refusal::DetachedSignature,
            Refusal::UnknownKey {
                issuers: Vec::new(),
            },
            Refusal::BadSignature {
                key: handle(),
                detail: detail(),
                key_created: Some(then),
            },
            unsupported("signatures of version 5", Vec::new()),
            unsupported("signatures of version 6", vec![EngineKind::Sequoia]),
            unsupported("ECDSA on secp256k1", vec![EngineKind::Gpgme]),
            Refusal::SignatureExpired {
                key: key(),
                created: None,
                expired: then,
                now,
            },
            Refusal::SignatureFromTheFuture {
                key: key(),
                created: now,
                now: then,
            },
            Refusal::KeyFromTheFuture {
                primary_key: key(),
                key: key(),
                created: now,
                now: then,
            },
            Refusal::KeyExpired {
                primary_key: key(),
                key: key(),
                signed_at: Some(then),
                expired: then,
                now,
            },
            Refusal::KeyRevoked {
                primary_key: key(),
                key: key(),
                revoked: None,
                reason: None,
            },
            Refusal::KeyNotForSigning {
                primary_key: key(),
                key: key(),
                detail: detail(),
            },
            Refusal::WeakAlgorithm {
                key: handle(),
                algorithm: "SHA-1".to_owned(),
                policy: CryptoPolicy::Standard,
            },
            Refusal::PayloadTooLarge { limit: 1 },
        ]
    }

    #[test]
    fn what_the_engine_or_the_clock_is_to_blame_for_does_not_accuse_the_image() {
        for refusal in all() {
            let texts = refusal.to_string();
            let accuses = ["do not run", "image", "source you trust", "changed", "good"]
                .into_iter()
                .find(|word| texts.contains(word));
            match Cause::of(&refusal) {
                Cause::Image | Cause::Key => {}
                Cause::Clock => {
                    assert_eq!(accuses, None, "{texts}");
                }
                Cause::Engine => {
                    assert_eq!(accuses, None, "{texts}");
                    assert!(
                        texts.contains("the engine this cannot check the signature"),
                        "{texts}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_one_engine_cannot_check_names_those_that_can() {
        let secp256k1 = unsupported("ECDSA on secp256k1", vec![EngineKind::Gpgme]);
        assert_eq!(
            secp256k1.to_string(),
            "the engine this cannot check the signature: it does not support ECDSA on secp256k1; \
             the engine gpgme (feature `gpgme`) does"
        );
        let both = unsupported("it", vec![EngineKind::Gpgme, EngineKind::Sequoia]);
        assert_eq!(
            both.to_string(),
            "the engine this cannot check the signature: it does not support it; \
             the engines gpgme (feature `gpgme`), sequoia (feature `sequoia-rust`) do"
        );
        let nobody = unsupported("signatures of version 5", Vec::new());
        assert_eq!(
            nobody.to_string(),
            "the engine this cannot check the signature: it does not support signatures of version 5; \
             nor does any other engine"
        );
    }

    #[test]
    fn a_code_is_the_same_for_people_and_as_json() {
        for refusal in all() {
            let json = serde_json::to_value(&refusal).unwrap();
            assert_eq!(json.get("code").unwrap(), refusal.code());
        }
    }
}
