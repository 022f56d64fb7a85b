//! Why a sigstore signature proves nothing.

mod bundle;
mod certificate;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::attachment::annotation;
#[cfg(feature = "sigstore")]
use super::facts::KeyId;
use super::facts::{KeyAlgorithm, KeyReference};
use super::signer::{CertificateTime, SubjectNames};
use crate::clock::Moment;
use crate::text::quote::Quoted;

pub use self::bundle::NoTrustedTime;
pub use self::certificate::{CertificatePlace, CertificateRole, SignerPart};

/// Where a bundle has the certificate of its signer.
pub(in crate::sigstore) const BUNDLE_CERTIFICATE: &str = "verificationMaterial.certificate";

/// The most characters of a stranger's text that a refusal keeps.
#[cfg(feature = "sigstore")]
const MAX_KEPT: usize = 200;

/// Why one sigstore signature proves nothing: what [`Refusal`](crate::engine::Refusal) is of OpenPGP.
///
/// `Display` is one lower-case sentence, [`SigstoreRefusal::code`] the stable word for programs, and
/// [`SigstoreRefusal::remedy`] what to do. As JSON an object with `code` and its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum SigstoreRefusal {
    /// The signature lacks something that the policy demands.
    #[error("the signature is incomplete: {} ({} `{annotation}`)", lacks(.annotation), place(.annotation))]
    #[non_exhaustive]
    SignatureIncomplete {
        /// The name of the annotation that is missing; of a bundle, the path to the member.
        annotation: String,
    },
    /// What should be an entry of a Rekor log is none, or not one of a signature.
    #[error("the entry of the Rekor log is malformed: {detail}")]
    #[non_exhaustive]
    LogEntryMalformed {
        /// What is wrong with it, and where.
        detail: String,
    },
    /// No log of the policy has signed the entry.
    #[error("no Rekor log that the policy trusts has signed the entry; it names the log {}", Quoted(.stated))]
    #[non_exhaustive]
    LogEntryUntrusted {
        /// The id of the log, as the entry states it: nothing proves it. Of a long text, the beginning.
        stated: String,
        /// The keys of the logs that the policy trusts.
        logs: Vec<KeyReference>,
    },
    /// A log of the policy has signed the entry, but it is about something else.
    #[error("the entry of the Rekor log is about another {part}{}", instead(.recorded, .expected))]
    #[non_exhaustive]
    LogEntryMismatch {
        /// What of it does not fit; the first of these.
        part: LogEntryPart,
        /// What the log has recorded: the [`KeyId`](super::KeyId) of a key, the SHA-256 of a payload, as it is there; none of a signature.
        #[serde(skip_serializing_if = "Option::is_none")]
        recorded: Option<String>,
        /// What would have fitted, likewise: the keys that the policy trusts, the payload that came.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        expected: Vec<String>,
    },
    /// A log of the policy has signed the entry, but it is of a kind that is not read here.
    #[error("the entry of the Rekor log is {what}, which is not supported for such a signature")]
    #[non_exhaustive]
    LogEntryUnsupported {
        /// What it is: kind and version, `intoto 0.0.2`, or the hash function.
        what: String,
    },
    /// The signature needs a time that a log vouches for, and has none.
    #[error("no trusted log says when the signature was recorded: {cause}")]
    #[non_exhaustive]
    NoTrustedTime {
        /// Why not.
        cause: NoTrustedTime,
    },
    /// What should be a sigstore bundle is none.
    #[error("the sigstore bundle is not valid: {detail}")]
    #[non_exhaustive]
    BundleInvalid {
        /// What is wrong with it, and where.
        detail: String,
    },
    /// The signature is good and of this manifest, and names no image: as cosign 3 signs.
    #[error("the signature names no image, only the digest, and so satisfies no `signedIdentity`")]
    SignatureWithoutIdentity,
    /// The mathematics, or the signature's form, does not hold.
    #[error("the signature is not good: {}", not_good(*.defect, .candidates))]
    #[non_exhaustive]
    BadSignature {
        /// What does not hold.
        defect: SignatureDefect,
        /// The keys that may have made it: of the policy, or of the signer's certificate.
        candidates: Vec<KeyReference>,
    },
    /// The policy trusts a key of a kind by which nobody signs images. It spoils all others beside it.
    #[error("the key in {} is for {algorithm}, by which no signature can be verified", .key.origin)]
    #[non_exhaustive]
    #[serde(rename = "key-invalid")]
    UnusableKey {
        /// The key.
        key: KeyReference,
        /// What it is for.
        algorithm: KeyAlgorithm,
    },
    /// A certificate of the signature is none.
    #[error("{place} cannot be read: {detail}")]
    #[non_exhaustive]
    CertificateMalformed {
        /// Which one.
        place: CertificatePlace,
        /// What is wrong with it, and where.
        detail: String,
    },
    /// No authority of the policy vouches for the signer's certificate.
    #[error("no authority that the policy trusts vouches for the certificate {}: {detail}", Quoted(.certificate))]
    #[non_exhaustive]
    CertificateUntrusted {
        /// The subject of the certificate for which nobody vouches: the signer's, or one on the way from it.
        certificate: String,
        /// Why nobody does.
        detail: String,
        /// The subject of the issuer that it names, if no certificate of that name is at hand.
        #[serde(skip_serializing_if = "Option::is_none")]
        missing_issuer: Option<String>,
    },
    /// The signer's certificate, or one on the way to an authority, was not valid at the time that counts.
    #[error(
        "{role} {} {}",
        Quoted(.certificate),
        certificate::not_valid(*.not_before, *.not_after, *.judged_at, *.judged_by)
    )]
    #[non_exhaustive]
    CertificateExpired {
        /// The subject of the certificate.
        certificate: String,
        /// Which one it is.
        role: CertificateRole,
        /// The first moment at which it is valid.
        not_before: Moment,
        /// The last moment at which it is.
        not_after: Moment,
        /// The time that it was judged at.
        judged_at: Moment,
        /// Whose time that is.
        judged_by: CertificateTime,
    },
    /// The signer's certificate, or one on the way to an authority, is for other purposes.
    #[error("the certificate {} is for {}, and not for signing code", Quoted(.certificate), .purposes.join(", "))]
    #[non_exhaustive]
    CertificateNotForCodeSigning {
        /// The subject of the certificate.
        certificate: String,
        /// What it is for: `serverAuth`, or the object identifier of a purpose.
        purposes: Vec<String>,
    },
    /// An authority does not allow a name of a certificate below it.
    #[error(
        "the authority {} does not allow the name {} of the certificate {}: {detail}",
        Quoted(.authority),
        Quoted(.name),
        Quoted(.certificate)
    )]
    #[non_exhaustive]
    CertificateNameForbidden {
        /// The subject of the certificate.
        certificate: String,
        /// The name.
        name: String,
        /// The subject of the authority.
        authority: String,
        /// Why it does not.
        detail: String,
    },
    /// A trusted authority vouches for the signer, who is not the one that the policy names.
    #[error("the certificate {}", certificate::another_signer(*.part, .expected, .oidc_issuers, .names))]
    #[non_exhaustive]
    SignerMismatch {
        /// What of the signer is another.
        part: SignerPart,
        /// What the policy names.
        expected: String,
        /// The OIDC issuers that the certificate names, if that is the part.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        oidc_issuers: Vec<String>,
        /// All names of the certificate's subject.
        names: Box<SubjectNames>,
    },
}

/// What an entry of a Rekor log binds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum LogEntryPart {
    /// The key of the signer.
    Key,
    /// The certificate of the signer.
    Certificate,
    /// The signature.
    Signature,
    /// What was signed.
    Payload,
}

impl fmt::Display for LogEntryPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::Payload => "payload",
        })
    }
}

/// What of a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum SignatureDefect {
    /// It is not base64.
    NotBase64,
    /// None of the keys that may have made it has, not over this payload.
    NotByCandidate,
    /// The key of the signer's certificate is of a kind by which nothing can be verified.
    UnusableKey,
    /// It comes with a certificate, and the policy trusts keys.
    ByCertificate,
    /// No key that may have made it has; it may be one by Ed25519ph, which is not verified here.
    #[serde(rename = "may-be-ed25519ph")]
    MayBeEd25519ph,
}

impl SigstoreRefusal {
    /// All that [`SigstoreRefusal::code`] can be.
    pub(crate) const CODES: [&'static str; 16] = [
        "signature-incomplete",
        "log-entry-malformed",
        "log-entry-untrusted",
        "log-entry-mismatch",
        "log-entry-unsupported",
        "no-trusted-time",
        "bundle-invalid",
        "signature-without-identity",
        "bad-signature",
        "key-invalid",
        "certificate-malformed",
        "certificate-untrusted",
        "certificate-expired",
        "certificate-not-for-code-signing",
        "certificate-name-forbidden",
        "signer-mismatch",
    ];

    /// The stable word for this reason, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignatureIncomplete { .. } => "signature-incomplete",
            Self::LogEntryMalformed { .. } => "log-entry-malformed",
            Self::LogEntryUntrusted { .. } => "log-entry-untrusted",
            Self::LogEntryMismatch { .. } => "log-entry-mismatch",
            Self::LogEntryUnsupported { .. } => "log-entry-unsupported",
            Self::NoTrustedTime { .. } => "no-trusted-time",
            Self::BundleInvalid { .. } => "bundle-invalid",
            Self::SignatureWithoutIdentity => "signature-without-identity",
            Self::BadSignature { .. } => "bad-signature",
            Self::UnusableKey { .. } => "key-invalid",
            Self::CertificateMalformed { .. } => "certificate-malformed",
            Self::CertificateUntrusted { .. } => "certificate-untrusted",
            Self::CertificateExpired { .. } => "certificate-expired",
            Self::CertificateNotForCodeSigning { .. } => "certificate-not-for-code-signing",
            Self::CertificateNameForbidden { .. } => "certificate-name-forbidden",
            Self::SignerMismatch { .. } => "signer-mismatch",
        }
    }

    /// The member of a policy that would name the signer, where another is demanded, and its value.
    pub(crate) fn member_for_signer(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::SignerMismatch {
                part,
                oidc_issuers,
                names,
                ..
            } => certificate::member_for(*part, oidc_issuers, names),
            _ => None,
        }
    }

    /// What to do about it: one sentence for people, which begins in lower case. It never proposes a weaker policy.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::SignatureIncomplete { annotation } if annotation == annotation::LOG_ENTRY => {
                "have the image signed again, and the signature recorded by the Rekor log whose key the policy names: cosign \
                 does so unless it is told `--tlog-upload=false`"
                    .to_owned()
            }
            Self::SignatureIncomplete { annotation }
                if [annotation::CERTIFICATE, BUNDLE_CERTIFICATE].contains(&annotation.as_str()) =>
            {
                "have the image signed by a certificate of an authority that the policy names: this one was made by a key \
                 alone"
                    .to_owned()
            }
            Self::SignatureIncomplete { .. }
            | Self::LogEntryMalformed { .. }
            | Self::CertificateMalformed { .. } => {
                "fetch the signature anew; if it is the same, have the image signed again".to_owned()
            }
            Self::LogEntryUntrusted { stated, .. } => format!(
                "if you trust the log {}, such as one of your own or one with a newer key, add its public key to the \
                 requirement with `rekorPublicKeyPaths`; else do not run the image",
                Quoted(stated)
            ),
            Self::LogEntryMismatch {
                part: LogEntryPart::Key,
                ..
            } => "do not run the image unless you know its signer: the policy does not trust the key that the log has \
                  recorded"
                .to_owned(),
            Self::LogEntryMismatch { .. } => {
                "do not run the image: somebody has put the entry of another signature beside this one".to_owned()
            }
            Self::LogEntryUnsupported { .. } => {
                "have the image signed by cosign 1 or 2, podman or skopeo, whose log entries are of the supported kind"
                    .to_owned()
            }
            Self::NoTrustedTime { cause } => cause.remedy(),
            Self::BundleInvalid { .. } => {
                "fetch the bundle anew; if it is the same, have the image signed again".to_owned()
            }
            Self::SignatureWithoutIdentity => {
                "have the image signed with `cosign sign --new-bundle-format=false`, or let the program be content with the \
                 digest (`SigstoreBundles::DigestSuffices`)"
                    .to_owned()
            }
            Self::BadSignature {
                defect: SignatureDefect::ByCertificate,
                ..
            } => "have the image signed with a key of the policy, and not without one".to_owned(),
            Self::BadSignature { .. } => {
                "do not run the image; ask its publisher by which key it is signed, and get that from a source you trust"
                    .to_owned()
            }
            Self::UnusableKey { key, .. } => format!(
                "replace the key in {} by the signer's key for ECDSA, RSA or Ed25519",
                key.origin
            ),
            Self::CertificateUntrusted { missing_issuer, .. } => {
                certificate::find_authority(missing_issuer.as_deref())
            }
            Self::CertificateExpired {
                role, judged_by, ..
            } => certificate::sign_in_time(*role, *judged_by),
            Self::CertificateNotForCodeSigning { .. } => {
                "have the image signed by a certificate whose extended key usage is `codeSigning`, from authorities that issue \
                 such"
                    .to_owned()
            }
            Self::CertificateNameForbidden { .. } => {
                "do not run the image unless you know its signer; have its authority issue a certificate with the names that it \
                 may"
                    .to_owned()
            }
            Self::SignerMismatch {
                part,
                oidc_issuers,
                names,
                ..
            } => certificate::name_signer(*part, oidc_issuers, names),
        }
    }
}

#[cfg(feature = "sigstore")]
impl SigstoreRefusal {
    /// That this annotation is missing.
    pub(super) fn incomplete(annotation: &str) -> Self {
        Self::SignatureIncomplete {
            annotation: annotation.to_owned(),
        }
    }

    /// That the entry of the log is none.
    pub(super) fn malformed(detail: impl fmt::Display) -> Self {
        Self::LogEntryMalformed {
            detail: detail.to_string(),
        }
    }

    /// That the bundle is none.
    pub(crate) fn invalid(detail: impl fmt::Display) -> Self {
        Self::BundleInvalid {
            detail: detail.to_string(),
        }
    }

    /// That the signer's certificate is none.
    pub(super) fn malformed_certificate(detail: impl fmt::Display) -> Self {
        Self::CertificateMalformed {
            place: CertificatePlace::Signer,
            detail: detail.to_string(),
        }
    }

    /// That none of these logs has signed the entry.
    pub(super) fn untrusted(stated: &str, logs: impl IntoIterator<Item = KeyReference>) -> Self {
        Self::LogEntryUntrusted {
            stated: stated.chars().take(MAX_KEPT).collect(),
            logs: logs.into_iter().collect(),
        }
    }

    /// That the entry of the log is about another payload: the SHA-256 that was recorded, and that of the one that came.
    pub(super) fn other_payload(recorded: &str, actual: &str) -> Self {
        Self::LogEntryMismatch {
            part: LogEntryPart::Payload,
            recorded: Some(recorded.chars().take(MAX_KEPT).collect()),
            expected: vec![actual.to_owned()],
        }
    }

    /// That the entry of the log is about another certificate.
    pub(super) fn other_certificate() -> Self {
        Self::LogEntryMismatch {
            part: LogEntryPart::Certificate,
            recorded: None,
            expected: Vec::new(),
        }
    }

    /// That the entry of the log is about another signature.
    pub(super) fn other_signature() -> Self {
        Self::LogEntryMismatch {
            part: LogEntryPart::Signature,
            recorded: None,
            expected: Vec::new(),
        }
    }

    /// That the entry of the log is about another key or certificate.
    pub(super) fn other_key(recorded: KeyId, trusted: impl IntoIterator<Item = KeyId>) -> Self {
        let expected = trusted.into_iter().map(|key_id| key_id.to_string());
        Self::LogEntryMismatch {
            part: LogEntryPart::Key,
            recorded: Some(recorded.to_string()),
            expected: expected.collect(),
        }
    }
}

/// What an annotation is for, as something that is not there.
fn lacks(annotation: &str) -> &'static str {
    match annotation {
        BUNDLE_CERTIFICATE => "the policy demands a certificate, and it comes with a key",
        annotation::SIGNATURE => "it holds a payload, but nothing that signs it",
        annotation::LOG_ENTRY => "the policy demands an entry of a Rekor log, and it has none",
        annotation::CERTIFICATE => "the policy demands a certificate, and it has none",
        _ => "something that the policy demands is missing",
    }
}

/// What a signature has under this name.
fn place(annotation: &str) -> &'static str {
    match annotation {
        BUNDLE_CERTIFICATE => "in the bundle,",
        _ => "annotation",
    }
}

/// What was recorded, and what should have been.
fn instead(recorded: &Option<String>, expected: &[String]) -> String {
    match recorded {
        Some(recorded) if expected.is_empty() => format!(": {}", Quoted(recorded)),
        Some(recorded) => format!(": {}, and not {}", Quoted(recorded), expected.join(" or ")),
        None => String::new(),
    }
}

fn not_good(defect: SignatureDefect, candidates: &[KeyReference]) -> String {
    let by = match (defect, candidates) {
        (SignatureDefect::ByCertificate, _) => {
            return "it comes with a certificate, and not with a trusted key".to_owned();
        }
        (SignatureDefect::MayBeEd25519ph, _) => {
            return "it was not made over this payload by a trusted key, unless by Ed25519ph, which is not supported".to_owned();
        }
        (SignatureDefect::NotBase64, _) => return "it is not base64".to_owned(),
        (SignatureDefect::UnusableKey, _) => {
            return "nothing can be verified by the key of the signer's certificate".to_owned();
        }
        (SignatureDefect::NotByCandidate, []) => "a trusted key, for there is none".to_owned(),
        (SignatureDefect::NotByCandidate, [one]) => format!("the trusted key {one}"),
        (SignatureDefect::NotByCandidate, several) => {
            let names: Vec<String> = several.iter().map(KeyReference::to_string).collect();
            format!("one of the trusted keys {}", names.join(", "))
        }
    };
    format!("it was not made over this payload by {by}")
}
