//! Why an image is refused: the reasons, their codes, and what to do.

mod age;
mod notes;
mod weight;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use self::age::{made, older};
use self::notes::{chain, in_parentheses, instances, key_invalid, no_key_note, no_signature};
use self::weight::Weight;
use crate::clock::{Moment, for_people};
use crate::digest::{Digest, DigestCause};
use crate::engine::{EngineError, KeyWarning, Refusal};
use crate::file;
use crate::sigstore::{CertificateTime, NoTrustedTime, SigstoreRefusal};
use crate::simple_signing::identity::MismatchCause;
use crate::text::content::Content;
use crate::text::quote::Quoted;
use crate::text::sentences::{self, WithSentences};
use crate::verdict::{ImplausibleClock, SignatureFormat};

/// Why an image, a requirement or a signature is refused.
///
/// Most reasons say that something is not as the policy demands it. Some say that this could not
/// be found out: [`Reason::is_undecided`] tells them apart, and both refuse.
///
/// `Display` is one lower-case sentence, [`Reason::code`] the stable word for programs. What to do about it depends on more
/// than the reason: [`Report::answer`](crate::Report::answer) says it. As JSON a reason is an object with `code`, `message`
/// and its own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
// The derived function is `Reason::serialize`; the trait's, below, adds the sentences to it.
#[serde(remote = "Self", tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    // The image as a whole.
    /// The list that names the image's instance could not be read.
    #[error("the list of instances could not be read: {detail}")]
    #[non_exhaustive]
    ListUnreadable {
        /// What was read, and what happened.
        detail: String,
    },
    /// The source says that the image is an instance of a list, and does not give the list. An
    /// instance is never taken on somebody's word.
    #[error("the image is said to be the instance {instance} of a list, but the list is missing")]
    #[non_exhaustive]
    ListMissing {
        /// The instance.
        instance: Digest,
    },
    /// What should be the list of instances is none, or can be read in two ways.
    #[error("the list of instances is invalid: {detail}")]
    #[non_exhaustive]
    ListInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The list is not the one that the image's name asks for by digest.
    #[error("the list of instances is {actual}, but {demanded} was asked for")]
    #[non_exhaustive]
    ListDigestMismatch {
        /// The digest in the image's reference.
        demanded: Digest,
        /// The digest of the list that came.
        actual: Digest,
    },
    /// The list does not name the instance.
    #[error("the list {list} does not name the instance {instance}: it names {}", instances(.named, .others))]
    #[non_exhaustive]
    InstanceNotInList {
        /// The instance that was asked for.
        instance: Digest,
        /// The digest of the list.
        list: Digest,
        /// What the list names, as it is there; of a long list, the beginning.
        named: Vec<String>,
        /// How many more it names.
        others: usize,
    },
    /// The instance is a list in turn, and no image.
    #[error("the instance {instance} is not an image but another list of instances")]
    #[non_exhaustive]
    InstanceIsList {
        /// The instance.
        instance: Digest,
    },
    /// The manifest is not the one that the image's name, or its place in a list, asks for by
    /// digest.
    #[error("the manifest is {actual}, but {demanded} was asked for: {cause}")]
    #[non_exhaustive]
    ManifestDigestMismatch {
        /// The digest in the image's reference, or of the instance.
        demanded: Digest,
        /// The digest of the manifest that came.
        actual: Digest,
        /// Why they differ, as far as can be told.
        cause: Box<DigestCause>,
    },
    /// No digest can be computed over the manifest, or what holds it is not in order.
    #[error("the manifest is invalid: {detail}")]
    #[non_exhaustive]
    ManifestInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The manifest could not be read.
    #[error("the manifest could not be read: {detail}")]
    #[non_exhaustive]
    ManifestUnreadable {
        /// What was read, and what happened.
        detail: String,
    },
    /// Only a digest of the manifest is known that signatures do not name.
    #[error("only the {} digest of the manifest is known, and signatures are compared by sha256", .given.algorithm())]
    #[non_exhaustive]
    DigestNotComparable {
        /// The digest that the source gives.
        given: Digest,
    },
    /// The signatures could not be read.
    #[error("the signatures could not be read: {detail}")]
    #[non_exhaustive]
    SignatureUnreadable {
        /// What was read, and what happened.
        detail: String,
    },
    /// There are more signatures than are read, or larger ones, or what holds them is not in
    /// order.
    #[error("the signatures are invalid: {detail}")]
    #[non_exhaustive]
    SignaturesInvalid {
        /// What is wrong with them.
        detail: String,
    },
    /// One of the stored blobs is not a signature of a known format, which refuses the whole image.
    #[error("signature {signature}{} has an unknown format: {detail}", in_parentheses(.name))]
    #[non_exhaustive]
    SignatureFormatUnknown {
        /// Which of the image's blobs, from 1.
        signature: usize,
        /// What people know the blob by, such as the name of its file, if the source says it.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What is wrong with it.
        detail: String,
        /// What it is instead, if that is recognised.
        #[serde(skip_serializing_if = "Option::is_none")]
        found: Option<Content>,
    },

    // One requirement.
    /// The requirement is `reject`.
    #[error("the policy rejects every image of this scope")]
    RejectedByPolicy,
    /// A signature is required, and there is none of the right format.
    #[error("{}", no_signature(*.required, *.skipped, *.sigstore, .location))]
    #[non_exhaustive]
    NoSignature {
        /// Which format is required; in JSON only if it is not OpenPGP.
        #[serde(default, skip_serializing_if = "SignatureFormat::is_simple_signing")]
        required: SignatureFormat,
        /// How many signatures there are that do not count: those of another format, and those of sigstore with another
        /// media type than cosign's signatures of images.
        skipped: usize,
        /// How many of these are of sigstore.
        sigstore: usize,
        /// Where they were looked for, if the source says it: `dir:image (signature-1)`.
        #[serde(skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    },
    /// The requirement's key source holds no key that can be used.
    #[error("the requirement trusts no key: {}", no_key_note(.warnings))]
    #[non_exhaustive]
    NoTrustedKey {
        /// What was skipped, and why.
        warnings: Vec<KeyWarning>,
    },
    /// The requirement's key source holds only keys that this engine cannot use. Only
    /// [`Verifier::load_keys`](crate::Verifier::load_keys) says so: where there are signatures, each
    /// is answered for itself.
    #[error("the requirement trusts no key that this engine can use: {}", no_key_note(.warnings))]
    #[non_exhaustive]
    UnsupportedKey {
        /// What was skipped, and why.
        warnings: Vec<KeyWarning>,
    },
    /// A key file could not be read.
    #[error("the key file {} could not be read: {detail}", .path.display())]
    #[non_exhaustive]
    KeyUnreadable {
        /// The file, as it was opened.
        #[serde(serialize_with = "file::path_as_text")]
        path: PathBuf,
        /// What happened.
        detail: String,
    },
    /// A key file holds something else than keys: those of OpenPGP, or the public key in PEM that a requirement
    /// `sigstoreSigned` needs. There, one such file spoils the whole list.
    #[error("{}", key_invalid(.warnings))]
    #[non_exhaustive]
    KeyInvalid {
        /// What was skipped, and why.
        warnings: Vec<KeyWarning>,
    },
    /// A file of a requirement `sigstoreSigned` names no authority, or holds something else than certificates.
    #[error("{} cannot be used for authorities: {detail}", Quoted(.origin))]
    #[non_exhaustive]
    CertificateAuthorityInvalid {
        /// The file as the policy has it, or the member that should hold certificates, such as `caData`.
        origin: String,
        /// What is wrong with it.
        detail: String,
        /// What it is instead, if that is recognised.
        #[serde(skip_serializing_if = "Option::is_none")]
        found: Option<Content>,
    },
    /// A requirement that this build cannot check.
    #[error("this build cannot check {what}")]
    #[non_exhaustive]
    UnsupportedRequirement {
        /// The requirement: its type, and what of it.
        what: String,
    },
    /// A requirement that the caller has judged in this crate's place, and does not find met.
    #[error("the requirement {what} is not met: {detail}")]
    #[non_exhaustive]
    ForeignRejected {
        /// The type of the requirement.
        what: String,
        /// What the caller says.
        detail: String,
    },
    /// A requirement that the caller was to judge in this crate's place, and could not.
    #[error("the requirement {what} could not be judged: {detail}")]
    #[non_exhaustive]
    ForeignUndecided {
        /// The type of the requirement.
        what: String,
        /// What the caller says.
        detail: String,
    },
    /// The caller demanded that a signature be verified, and the policy asks for none.
    #[error("the policy accepts this image without any signature, but the caller requires one")]
    UnsignedNotAllowed,
    /// The engine could not do its work: [`Error::Engine`](crate::Error::Engine) has its error.
    #[error("{}", chain(.detail, .causes))]
    #[non_exhaustive]
    EngineFailed {
        /// The engine's own sentence.
        detail: String,
        /// What led to it, the nearest cause first.
        causes: Vec<String>,
        /// What to do about it.
        remedy: String,
    },

    // One signature.
    /// A trusted key has signed something that is not a simple-signing payload.
    #[error("the signed data is not a valid payload: {detail}")]
    #[non_exhaustive]
    PayloadInvalid {
        /// What is wrong with it.
        detail: String,
    },
    /// The signature is for another manifest.
    #[error(
        "the signature is for the manifest {signed}, but the image's manifest is {actual}: {cause}"
    )]
    #[non_exhaustive]
    DigestMismatch {
        /// The digest that was signed.
        signed: Digest,
        /// The digest of the image's manifest.
        actual: Digest,
        /// Why they differ, as far as can be told.
        cause: Box<DigestCause>,
    },
    /// The signature is for another image name.
    #[error("the signature is for {}, but {rule} demands {}: {cause}", Quoted(.signed), Quoted(.demanded))]
    #[non_exhaustive]
    IdentityMismatch {
        /// The reference that was signed, as it is in the payload.
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
    #[non_exhaustive]
    ImageHasNoIdentity {
        /// The reference that was signed, as it is in the payload.
        signed: String,
        /// The `signedIdentity` of the requirement.
        rule: String,
    },
    /// The signature is older than the caller accepts.
    #[error("{}, and {} at most is accepted", made(.signed_at, .now), for_people(*.max_age))]
    #[non_exhaustive]
    SignatureTooOld {
        /// When it was made, if it says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_at: Option<Moment>,
        /// The time that it was judged at.
        now: Moment,
        /// How old it may be.
        #[serde(rename = "max_age_seconds", with = "age::seconds")]
        max_age: Duration,
    },
    /// The image was signed before another one that the caller has seen by the same name: somebody may have put an old
    /// image back.
    #[error("{}", older(.signed_at, .newest_seen))]
    #[non_exhaustive]
    RolledBack {
        /// When it was signed, if a signature says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_at: Option<Moment>,
        /// When the newest that was seen was signed.
        newest_seen: Moment,
    },
    /// The requirement refuses the image over a time, and no clock can be right that shows the time that was judged by:
    /// nothing is said against image and keys. [`Report::rejection`](crate::Report::rejection) alone says so; the
    /// outcome of the requirement keeps what it is refused for.
    #[error("{clock}")]
    #[non_exhaustive]
    ClockImplausible {
        /// What makes it implausible.
        clock: ImplausibleClock,
    },
    /// The engine's "no".
    #[error(transparent)]
    #[serde(untagged)]
    Refused(#[from] Refusal),
    /// The "no" to a signature of sigstore, which needs no engine.
    #[error(transparent)]
    #[serde(untagged)]
    Sigstore(#[from] SigstoreRefusal),
}

impl Reason {
    /// The stable word for this reason, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ListUnreadable { .. } => "list-unreadable",
            Self::ListMissing { .. } => "list-missing",
            Self::ListInvalid { .. } => "list-invalid",
            Self::ListDigestMismatch { .. } => "list-digest-mismatch",
            Self::InstanceNotInList { .. } => "instance-not-in-list",
            Self::InstanceIsList { .. } => "instance-is-list",
            Self::ManifestDigestMismatch { .. } => "manifest-digest-mismatch",
            Self::ManifestInvalid { .. } => "manifest-invalid",
            Self::ManifestUnreadable { .. } => "manifest-unreadable",
            Self::DigestNotComparable { .. } => "digest-not-comparable",
            Self::SignatureUnreadable { .. } => "signature-unreadable",
            Self::SignaturesInvalid { .. } => "signatures-invalid",
            Self::SignatureFormatUnknown { .. } => "signature-format-unknown",
            Self::RejectedByPolicy => "rejected-by-policy",
            Self::NoSignature { .. } => "no-signature",
            Self::NoTrustedKey { .. } => "no-trusted-key",
            Self::UnsupportedKey { .. } => "unsupported-key",
            Self::KeyUnreadable { .. } => "key-unreadable",
            Self::KeyInvalid { .. } => "key-invalid",
            Self::CertificateAuthorityInvalid { .. } => "certificate-authority-invalid",
            Self::UnsupportedRequirement { .. } => "unsupported-requirement",
            Self::ForeignRejected { .. } => "foreign-rejected",
            Self::ForeignUndecided { .. } => "foreign-undecided",
            Self::UnsignedNotAllowed => "unsigned-not-allowed",
            Self::EngineFailed { .. } => "engine-failed",
            Self::Refused(refusal) => refusal.code(),
            Self::Sigstore(refusal) => refusal.code(),
            Self::PayloadInvalid { .. } => "payload-invalid",
            Self::DigestMismatch { .. } => "digest-mismatch",
            Self::IdentityMismatch { .. } => "identity-mismatch",
            Self::ImageHasNoIdentity { .. } => "image-has-no-identity",
            Self::SignatureTooOld { .. } => "signature-too-old",
            Self::RolledBack { .. } => "rolled-back",
            Self::ClockImplausible { .. } => "clock-implausible",
        }
    }

    /// Whether the reason says that nobody knows: something that the answer depends on could not
    /// be read or checked, and the image may be good or bad. It is refused all the same.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.weight() == Weight::Undecided
    }

    /// Whether another time could have brought another answer: something had ended, or not begun yet.
    pub(crate) fn is_over_time(&self) -> bool {
        matches!(
            self,
            Self::SignatureTooOld { .. }
                | Self::Refused(
                    Refusal::SignatureExpired { .. }
                        | Refusal::SignatureFromTheFuture { .. }
                        | Refusal::KeyExpired { .. }
                        | Refusal::KeyFromTheFuture { .. }
                )
                | Self::Sigstore(
                    SigstoreRefusal::CertificateExpired {
                        judged_by: CertificateTime::Clock,
                        ..
                    } | SigstoreRefusal::NoTrustedTime {
                        cause: NoTrustedTime::Future { .. },
                    }
                )
        )
    }

    /// What the reason counts beside others. Here every reason says whether it decides, and how
    /// specific it is: one arm for each, and none for those to come.
    fn weight(&self) -> Weight {
        match self {
            Self::ListUnreadable { .. }
            | Self::ListMissing { .. }
            | Self::ManifestUnreadable { .. }
            | Self::DigestNotComparable { .. }
            | Self::SignatureUnreadable { .. }
            | Self::ForeignUndecided { .. }
            | Self::KeyUnreadable { .. }
            | Self::UnsupportedKey { .. }
            | Self::EngineFailed { .. }
            | Self::ClockImplausible { .. } => Weight::Undecided,
            Self::SignatureTooOld { .. } | Self::RolledBack { .. } => Weight::Decided(8),
            Self::IdentityMismatch { .. } | Self::ImageHasNoIdentity { .. } => Weight::Decided(7),
            Self::DigestMismatch { .. } => Weight::Decided(6),
            Self::PayloadInvalid { .. } => Weight::Decided(5),
            Self::Refused(refusal) => Weight::of_refusal(refusal),
            Self::Sigstore(refusal) => Weight::of_sigstore(refusal),
            Self::ListInvalid { .. }
            | Self::ListDigestMismatch { .. }
            | Self::InstanceNotInList { .. }
            | Self::InstanceIsList { .. }
            | Self::ManifestDigestMismatch { .. }
            | Self::ManifestInvalid { .. }
            | Self::SignaturesInvalid { .. }
            | Self::SignatureFormatUnknown { .. }
            | Self::RejectedByPolicy
            | Self::NoSignature { .. }
            | Self::NoTrustedKey { .. }
            | Self::KeyInvalid { .. }
            | Self::CertificateAuthorityInvalid { .. }
            | Self::UnsupportedRequirement { .. }
            | Self::ForeignRejected { .. }
            | Self::UnsignedNotAllowed => Weight::Decided(0),
        }
    }

    /// Of the reasons why each of several signatures does not count, the one that tells most: of
    /// equals, the first. One that was not checked could have been good, so it outweighs all
    /// that are known to be bad.
    pub(crate) fn headline<'a>(reasons: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        reasons.into_iter().reduce(|headline, reason| {
            if reason.weight() > headline.weight() {
                reason
            } else {
                headline
            }
        })
    }
}

impl WithSentences for Reason {
    fn members<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Reason::serialize(self, serializer)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sentences::serialize(self, serializer)
    }
}

/// The sentence is derived, and not read.
impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = serde_json::Value::deserialize(deserializer)?;
        let code = object.get("code").and_then(serde_json::Value::as_str);
        let Some(code) = code.map(str::to_owned) else {
            return Err(de::Error::custom("a reason is a JSON object with `code`"));
        };
        // Some codes are of both sorts of signatures; what a reason has beside its code tells them apart.
        if SigstoreRefusal::CODES.contains(&code.as_str()) {
            if let Ok(refusal) = SigstoreRefusal::deserialize(&object) {
                return Ok(Self::Sigstore(refusal));
            }
        }
        if Refusal::CODES.contains(&code.as_str()) {
            let refusal = Refusal::deserialize(object).map_err(de::Error::custom)?;
            return Ok(Self::Refused(refusal));
        }
        Self::deserialize(object).map_err(|_| {
            de::Error::custom(format_args!(
                "{} is no reason that this version knows, or a member of it is missing or of another type",
                Quoted(&code)
            ))
        })
    }
}

impl From<&EngineError> for Reason {
    fn from(error: &EngineError) -> Self {
        let first = std::error::Error::source(error);
        Self::EngineFailed {
            detail: error.to_string(),
            causes: std::iter::successors(first, |cause| cause.source())
                .map(ToString::to_string)
                .collect(),
            remedy: error.remedy().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
