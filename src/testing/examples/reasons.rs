//! Why images are refused.

use std::time::Duration;

use super::causes::key_warnings;
use super::sigstore::sigstore_refusals;
use super::{all, digest, earlier, key, later, now, other_digest, subkey};
use crate::digest::DigestCause;
use crate::engine::{CryptoPolicy, EngineError, KeyWarning, MAX_PAYLOAD_SIZE, Refusal};
use crate::simple_signing::identity::MismatchCause;
use crate::text::content::Content;
use crate::verdict::{ImplausibleClock, Reason, SignatureFormat};

/// An example of each [`Reason`]: also of each [`Refusal`] and each [`SigstoreRefusal`](crate::verdict::SigstoreRefusal), as the reason that it is. There is one
/// for each code, and of the codes `bad-signature` and `key-invalid`, which both sorts of signatures have, two.
#[must_use]
pub fn reasons() -> Vec<Reason> {
    let refused = refusals().into_iter().map(Reason::Refused);
    let sigstore = sigstore_refusals().into_iter().map(Reason::Sigstore);
    let own = all(next_reason).into_iter();
    own.chain(refused).chain(sigstore).collect()
}

/// The example of [`reasons`] with this [`Reason::code`], if there is one.
#[must_use]
pub fn reason(code: &str) -> Option<Reason> {
    reasons().into_iter().find(|reason| reason.code() == code)
}

/// An example of each [`Refusal`]: the "no" of an engine.
#[must_use]
pub fn refusals() -> Vec<Refusal> {
    all(next_refusal)
}

/// What is skipped in a key file, of one kind.
fn skipped(is_meant: impl Fn(&KeyWarning) -> bool) -> Vec<KeyWarning> {
    key_warnings().into_iter().filter(is_meant).collect()
}

fn next_reason(last: Option<&Reason>) -> Option<Reason> {
    let detail = |detail: &str| detail.to_owned();
    let Some(last) = last else {
        return Some(Reason::ListUnreadable {
            detail: detail("cannot read list.json: permission denied"),
        });
    };
    Some(match last {
        Reason::ListUnreadable { .. } => Reason::ListMissing { instance: digest() },
        Reason::ListMissing { .. } => Reason::ListInvalid {
            detail: detail("`manifests` is missing"),
        },
        Reason::ListInvalid { .. } => Reason::ListDigestMismatch {
            demanded: digest(),
            actual: other_digest(),
        },
        Reason::ListDigestMismatch { .. } => Reason::InstanceNotInList {
            instance: digest(),
            list: other_digest(),
            named: vec![other_digest().to_string()],
            others: 1,
        },
        Reason::InstanceNotInList { .. } => Reason::InstanceIsList { instance: digest() },
        Reason::InstanceIsList { .. } => Reason::ManifestDigestMismatch {
            demanded: digest(),
            actual: other_digest(),
            cause: DigestCause::Changed.into(),
        },
        Reason::ManifestDigestMismatch { .. } => Reason::ManifestInvalid {
            detail: detail("it is not JSON"),
        },
        Reason::ManifestInvalid { .. } => Reason::ManifestUnreadable {
            detail: detail("cannot read manifest.json: permission denied"),
        },
        Reason::ManifestUnreadable { .. } => Reason::DigestNotComparable { given: digest() },
        Reason::DigestNotComparable { .. } => Reason::SignatureUnreadable {
            detail: detail("cannot read signature-1: permission denied"),
        },
        Reason::SignatureUnreadable { .. } => Reason::SignaturesInvalid {
            detail: detail("there are more than 100 signatures"),
        },
        Reason::SignaturesInvalid { .. } => Reason::SignatureFormatUnknown {
            signature: 1,
            name: Some("signature-1".to_owned()),
            detail: detail("it is empty"),
            found: Some(Content::Empty),
        },
        Reason::SignatureFormatUnknown { .. } => Reason::RejectedByPolicy,
        Reason::RejectedByPolicy => Reason::NoSignature {
            required: SignatureFormat::SimpleSigning,
            skipped: 1,
            sigstore: 1,
            location: Some("dir:image (signature-1)".to_owned()),
        },
        Reason::NoSignature { .. } => Reason::NoTrustedKey {
            warnings: skipped(|warning| matches!(warning, KeyWarning::UnusableKey { .. })),
        },
        Reason::NoTrustedKey { .. } => Reason::UnsupportedKey {
            warnings: skipped(|warning| matches!(warning, KeyWarning::UnsupportedKey { .. })),
        },
        Reason::UnsupportedKey { .. } => Reason::KeyUnreadable {
            path: "/etc/keys/release.gpg".into(),
            detail: detail("No such file or directory (os error 2)"),
        },
        Reason::KeyUnreadable { .. } => Reason::KeyInvalid {
            warnings: skipped(|warning| matches!(warning, KeyWarning::NoKeyFound { .. })),
        },
        Reason::KeyInvalid { .. } => Reason::CertificateAuthorityInvalid {
            origin: "/etc/pki/fulcio.pem".to_owned(),
            detail: detail("none of its certificates can be read"),
            found: None,
        },
        Reason::CertificateAuthorityInvalid { .. } => Reason::UnsupportedRequirement {
            what: "requirements of the type `sigstoreSigned`".to_owned(),
        },
        Reason::UnsupportedRequirement { .. } => Reason::ForeignRejected {
            what: "`sigstoreSigned`".to_owned(),
            detail: detail("no signature by this key"),
        },
        Reason::ForeignRejected { .. } => Reason::ForeignUndecided {
            what: "`sigstoreSigned`".to_owned(),
            detail: detail("the transparency log does not answer"),
        },
        Reason::ForeignUndecided { .. } => Reason::UnsignedNotAllowed,
        Reason::UnsignedNotAllowed => Reason::from(&EngineError::failed(
            "gpg",
            "verify the signature",
            "out of memory",
        )),
        Reason::EngineFailed { .. } => Reason::PayloadInvalid {
            detail: detail("`critical` is missing"),
        },
        Reason::PayloadInvalid { .. } => Reason::DigestMismatch {
            signed: other_digest(),
            actual: digest(),
            cause: DigestCause::Changed.into(),
        },
        Reason::DigestMismatch { .. } => Reason::IdentityMismatch {
            signed: "registry.example/app:1".to_owned(),
            demanded: "registry.example/app:2".to_owned(),
            rule: "matchRepoDigestOrExact".to_owned(),
            cause: MismatchCause::OtherTagOrDigest,
        },
        Reason::IdentityMismatch { .. } => Reason::ImageHasNoIdentity {
            signed: "registry.example/app:1".to_owned(),
            rule: "matchRepoDigestOrExact".to_owned(),
        },
        Reason::ImageHasNoIdentity { .. } => Reason::SignatureTooOld {
            signed_at: Some(earlier()),
            now: now(),
            max_age: Duration::from_secs(86_400),
        },
        Reason::SignatureTooOld { .. } => Reason::RolledBack {
            signed_at: Some(earlier()),
            newest_seen: now(),
        },
        Reason::RolledBack { .. } => Reason::ClockImplausible {
            clock: ImplausibleClock::FarAhead {
                now: later(),
                released: earlier(),
            },
        },
        Reason::ClockImplausible { .. } | Reason::Refused(_) | Reason::Sigstore(_) => return None,
    })
}

fn next_refusal(last: Option<&Refusal>) -> Option<Refusal> {
    let handle = || Some(key().into());
    let Some(last) = last else {
        return Some(Refusal::malformed_signature("it ends within a packet"));
    };
    Some(match last {
        Refusal::MalformedSignature { .. } => Refusal::NotSigned,
        Refusal::NotSigned => Refusal::Encrypted,
        Refusal::Encrypted => Refusal::multiple_signatures(2),
        Refusal::MultipleSignatures { .. } => Refusal::DetachedSignature,
        Refusal::DetachedSignature => Refusal::unknown_key([key().into()]),
        Refusal::UnknownKey { .. } => {
            Refusal::bad_signature(handle(), "the mathematics does not hold")
        }
        Refusal::BadSignature { .. } => {
            Refusal::unsupported_signature(handle(), "ECDSA on secp256k1", "sequoia", [])
        }
        Refusal::UnsupportedSignature { .. } => {
            Refusal::signature_expired(key(), Some(earlier()), earlier(), now())
        }
        Refusal::SignatureExpired { .. } => {
            Refusal::signature_from_the_future(key(), later(), now())
        }
        Refusal::SignatureFromTheFuture { .. } => {
            Refusal::key_from_the_future(key(), key(), later(), now())
        }
        Refusal::KeyFromTheFuture { .. } => {
            Refusal::key_expired(key(), key(), Some(earlier()), earlier(), now())
        }
        Refusal::KeyExpired { .. } => {
            let reason = "key material has been compromised".to_owned();
            Refusal::key_revoked(key(), key(), Some(earlier()), Some(reason))
        }
        Refusal::KeyRevoked { .. } => {
            Refusal::key_not_for_signing(key(), subkey(), "its key flags do not say that it signs")
        }
        Refusal::KeyNotForSigning { .. } => {
            Refusal::weak_algorithm(handle(), "SHA-1", CryptoPolicy::Standard)
        }
        Refusal::WeakAlgorithm { .. } => Refusal::payload_too_large(MAX_PAYLOAD_SIZE),
        Refusal::PayloadTooLarge { .. } => return None,
    })
}
