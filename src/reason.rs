//! Why an image is refused: the reasons, their codes, and what to do.

use std::path::PathBuf;

use serde::Serialize;

use crate::digest::Digest;
use crate::engine::{KeyWarning, Refusal};
use crate::identity::MismatchCause;
use crate::quote::Quoted;

/// Why an image, a requirement or a signature is refused.
///
/// `Display` is one lower-case sentence, [`Reason::code`] the stable word for programs, and
/// [`Reason::remedy`] what to do about it. As JSON a reason is an object with `code`, `message`,
/// `remedy` and its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    // The image as a whole.
    /// The manifest is not the one that the image's name, or its place in a list, asks for by
    /// digest.
    #[error("the manifest is {actual}, but {demanded} was asked for")]
    ManifestDigestMismatch {
        /// The digest in the image's reference, or of the instance.
        demanded: Digest,
        /// The digest of the manifest that came.
        actual: Digest,
    },
    /// No digest can be computed over the manifest.
    #[error("the manifest is invalid: {detail}")]
    ManifestInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The manifest could not be read.
    #[error("the manifest could not be read: {detail}")]
    ManifestUnreadable {
        /// What was read, and what happened.
        detail: String,
    },
    /// The signatures could not be read.
    #[error("the signatures could not be read: {detail}")]
    SignatureUnreadable {
        /// What was read, and what happened.
        detail: String,
    },
    /// One of the stored blobs is no signature of a known format, which refuses the whole image.
    #[error("signature {signature} is of no known format: {detail}")]
    SignatureFormatUnknown {
        /// Which of the image's blobs, from 1.
        signature: usize,
        /// What is wrong with it.
        detail: String,
    },

    // One requirement.
    /// The requirement is `reject`.
    #[error("the policy rejects every image of this scope")]
    RejectedByPolicy,
    /// A signature is required, and there is none of the right format.
    #[error("a signature was required, but no signature exists{}", passed_over_note(*.passed_over))]
    NoSignature {
        /// How many signatures of another format there are.
        passed_over: usize,
    },
    /// The requirement's key source holds no key that can be used.
    #[error("the requirement trusts no key: {}", no_key_note(.warnings))]
    NoTrustedKey {
        /// What was passed over, and why.
        warnings: Vec<KeyWarning>,
    },
    /// The requirement's key source holds only keys that this engine cannot use. Only
    /// [`Verifier::load_keys`](crate::Verifier::load_keys) says so: where there are signatures, each
    /// is answered for itself.
    #[error("the requirement trusts no key that this engine can use: {}", no_key_note(.warnings))]
    UnsupportedKey {
        /// What was passed over, and why.
        warnings: Vec<KeyWarning>,
    },
    /// A key file could not be read.
    #[error("the key file {} could not be read: {detail}", .path.display())]
    KeyUnreadable {
        /// The file, as it was opened.
        path: PathBuf,
        /// What happened.
        detail: String,
    },
    /// A key file holds something else than OpenPGP keys.
    #[error("there is no OpenPGP key in the key material: {}", no_key_note(.warnings))]
    KeyInvalid {
        /// What was passed over, and why.
        warnings: Vec<KeyWarning>,
    },
    /// A requirement that this build cannot check.
    #[error("this build cannot check {what}")]
    UnsupportedRequirement {
        /// The requirement: its type, and what of it.
        what: String,
    },
    /// The caller demanded that a signature be verified, and the policy asks for none.
    #[error("the policy accepts this image without any signature, and the caller requires one")]
    UnsignedNotAllowed,

    // One signature.
    /// A trusted key has signed something that is no simple-signing payload.
    #[error("the signed data is no valid payload: {detail}")]
    PayloadInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The signature is for another manifest.
    #[error("the signature is for the manifest {signed}, but the image's manifest is {actual}")]
    DigestMismatch {
        /// The digest that was signed.
        signed: Digest,
        /// The digest of the image's manifest.
        actual: Digest,
    },
    /// The signature is for another image name.
    #[error("the signature is for {}, but {rule} demands {}: {cause}", Quoted(.signed), Quoted(.demanded))]
    IdentityMismatch {
        /// The reference that was signed, as it stands in the payload.
        signed: String,
        /// What it was compared with: the image's reference, or the policy's own.
        demanded: String,
        /// The `signedIdentity` of the requirement: `matchRepository`.
        rule: String,
        /// What differs.
        cause: MismatchCause,
    },
    /// The policy compares the signed name with the image's, and the image has none.
    #[error(
        "the signature is for {}, but {rule} needs a Docker reference to compare it with, and the image has none", Quoted(.signed)
    )]
    ImageHasNoIdentity {
        /// The reference that was signed, as it stands in the payload.
        signed: String,
        /// The `signedIdentity` of the requirement.
        rule: String,
    },
    /// The engine's "no".
    #[error(transparent)]
    #[serde(untagged)]
    Refused(#[from] Refusal),
}

impl Reason {
    /// The stable word for this reason, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ManifestDigestMismatch { .. } => "manifest-digest-mismatch",
            Self::ManifestInvalid { .. } => "manifest-invalid",
            Self::ManifestUnreadable { .. } => "manifest-unreadable",
            Self::SignatureUnreadable { .. } => "signature-unreadable",
            Self::SignatureFormatUnknown { .. } => "signature-format-unknown",
            Self::RejectedByPolicy => "rejected-by-policy",
            Self::NoSignature { .. } => "no-signature",
            Self::NoTrustedKey { .. } => "no-trusted-key",
            Self::UnsupportedKey { .. } => "unsupported-key",
            Self::KeyUnreadable { .. } => "key-unreadable",
            Self::KeyInvalid { .. } => "key-invalid",
            Self::UnsupportedRequirement { .. } => "unsupported-requirement",
            Self::UnsignedNotAllowed => "unsigned-not-allowed",
            Self::Refused(refusal) => refusal.code(),
            Self::PayloadInvalid { .. } => "payload-invalid",
            Self::DigestMismatch { .. } => "digest-mismatch",
            Self::IdentityMismatch { .. } => "identity-mismatch",
            Self::ImageHasNoIdentity { .. } => "image-has-no-identity",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::ManifestDigestMismatch { .. } => {
                "do not run the image; fetch the manifest again from a registry you trust"
            }
            Self::ManifestInvalid { .. } => {
                "do not run the image; ask whoever published it for a well-formed manifest"
            }
            Self::ManifestUnreadable { .. } | Self::SignatureUnreadable { .. } => {
                "make the file readable, or fetch the image again"
            }
            Self::SignatureFormatUnknown { .. } => {
                "find out who stored that blob and remove it: one unknown blob refuses the image \
                 even beside good signatures"
            }
            Self::RejectedByPolicy => {
                "if images of this scope shall run, give the scope a requirement that accepts \
                 them, such as `signedBy`"
            }
            Self::NoSignature { .. } => {
                "sign the image, or check that its signature store is the one that is read"
            }
            Self::NoTrustedKey { .. } | Self::KeyInvalid { .. } => {
                "put the signer's public key there, as `gpg --export` or \
                 `gpg --export --armor` writes it"
            }
            Self::UnsupportedKey { .. } => {
                "verify with an engine that supports the key, or ask the signer for a key of a \
                 well-known algorithm"
            }
            Self::KeyUnreadable { .. } => {
                "correct the path in the policy, or make the file readable for this program"
            }
            Self::UnsupportedRequirement { .. } => {
                "use a requirement `signedBy` with `keyType` `GPGKeys`, or a program that \
                 implements this one"
            }
            Self::UnsignedNotAllowed => {
                "give the image's scope a `signedBy` requirement in the policy"
            }
            Self::Refused(refusal) => refusal.remedy(),
            Self::PayloadInvalid { .. } => {
                "ask the signer for a signature as containers-signature(5) describes it"
            }
            Self::DigestMismatch { .. } => {
                "the image was changed or pushed again after it was signed: fetch the image that \
                 was signed, or ask the signer to sign this one"
            }
            Self::IdentityMismatch { .. } => {
                "ask for the image by the name that was signed; for a mirror or a renamed image, \
                 set `signedIdentity` in the policy (`remapIdentity`, `matchRepository`)"
            }
            Self::ImageHasNoIdentity { .. } => {
                "use `exactReference` or `exactRepository` as `signedIdentity` for images of this \
                 transport"
            }
        }
    }

    /// How far the evaluation got before it ended with this reason: of many signatures, the one
    /// that came furthest tells most.
    pub(crate) fn specificity(&self) -> u8 {
        match self {
            Self::IdentityMismatch { .. } | Self::ImageHasNoIdentity { .. } => 6,
            Self::DigestMismatch { .. } => 5,
            Self::PayloadInvalid { .. } => 4,
            Self::Refused(refusal) => match refusal {
                // Another engine may accept it, so that nothing which the others say is the last word.
                Refusal::UnsupportedSignature { supported_by, .. } if !supported_by.is_empty() => 7,
                Refusal::SignatureExpired { .. }
                | Refusal::SignatureFromTheFuture { .. }
                | Refusal::KeyFromTheFuture { .. }
                | Refusal::KeyExpired { .. }
                | Refusal::KeyRevoked { .. }
                | Refusal::KeyNotForSigning { .. }
                | Refusal::WeakAlgorithm { .. } => 3,
                Refusal::BadSignature { .. }
                | Refusal::MultipleSignatures { .. }
                | Refusal::UnsupportedSignature { .. } => 2,
                Refusal::UnknownKey { .. } => 1,
                _ => 0,
            },
            _ => 0,
        }
    }
}

fn passed_over_note(passed_over: usize) -> String {
    match passed_over {
        0 => String::new(),
        1 => " (one of another format was passed over)".to_owned(),
        several => format!(" ({several} of another format were passed over)"),
    }
}

fn no_key_note(warnings: &[KeyWarning]) -> String {
    if warnings.is_empty() {
        return "its key source is empty".to_owned();
    }
    warnings
        .iter()
        .map(KeyWarning::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
