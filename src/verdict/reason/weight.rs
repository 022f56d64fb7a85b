//! What a reason counts beside others: whether it decides, and how much it tells.

use crate::engine::Refusal;
use crate::sigstore::SigstoreRefusal;

/// What a reason counts beside others, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// The answer is no. The number is how far the evaluation got before it ended with this
    /// reason: what came furthest tells most.
    Decided(u8),
    /// Nobody knows.
    Undecided,
}

impl Weight {
    /// What an engine's "no" counts.
    pub(super) fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            // Another engine may accept it, so that nothing which the others say is the last word.
            Refusal::UnsupportedSignature { supported_by, .. } if !supported_by.is_empty() => {
                Self::Undecided
            }
            Refusal::SignatureExpired { .. }
            | Refusal::SignatureFromTheFuture { .. }
            | Refusal::KeyFromTheFuture { .. }
            | Refusal::KeyExpired { .. }
            | Refusal::KeyRevoked { .. }
            | Refusal::KeyNotForSigning { .. }
            | Refusal::WeakAlgorithm { .. } => Self::Decided(3),
            Refusal::BadSignature { .. }
            | Refusal::MultipleSignatures { .. }
            | Refusal::UnsupportedSignature { .. } => Self::Decided(2),
            Refusal::UnknownKey { .. } => Self::Decided(1),
            Refusal::MalformedSignature { .. }
            | Refusal::NotSigned
            | Refusal::Encrypted
            | Refusal::DetachedSignature
            | Refusal::PayloadTooLarge { .. } => Self::Decided(0),
        }
    }

    /// What the "no" to a signature of sigstore counts: a certificate is judged after the log's entry (3), and who signed
    /// after that (4).
    pub(super) fn of_sigstore(refusal: &SigstoreRefusal) -> Self {
        Self::Decided(match refusal {
            SigstoreRefusal::SignatureIncomplete { .. }
            | SigstoreRefusal::BundleInvalid { .. }
            | SigstoreRefusal::LogEntryMalformed { .. } => 0,
            SigstoreRefusal::LogEntryUntrusted { .. } | SigstoreRefusal::NoTrustedTime { .. } => 1,
            SigstoreRefusal::LogEntryMismatch { .. }
            | SigstoreRefusal::LogEntryUnsupported { .. }
            | SigstoreRefusal::BadSignature { .. }
            | SigstoreRefusal::UnusableKey { .. } => 2,
            SigstoreRefusal::CertificateMalformed { .. }
            | SigstoreRefusal::CertificateUntrusted { .. }
            | SigstoreRefusal::CertificateExpired { .. }
            | SigstoreRefusal::CertificateNotForCodeSigning { .. }
            | SigstoreRefusal::CertificateNameForbidden { .. } => 3,
            SigstoreRefusal::SignerMismatch { .. } => 4,
            SigstoreRefusal::SignatureWithoutIdentity => 7,
        })
    }
}
