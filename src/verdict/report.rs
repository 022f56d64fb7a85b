//! What an evaluation found: the same report, whether the image was accepted or not.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::clock::Moment;
use crate::digest::Digest;
use crate::engine::{CryptoPolicy, EngineDiagnosis, EngineKind, Explained, Finding, KeyWarning};
use crate::explain::NearMiss;
use crate::policy::{MatchedScope, PolicyOrigin, Span};
use crate::sigstore::LogEntry;
use crate::verdict::{Note, PayloadFormat, Reason, Signer, TrustedSigner, Warning};

/// The number of the shape of reports and errors in JSON. A member that goes, or that means something else, makes it another.
pub(crate) const SCHEMA: u32 = 1;

/// What was asked, which scope of the policy applied, and what came of each requirement and each
/// signature.
///
/// `Display` is the [`Answer`](crate::answer::Answer) for people, at most six lines long; with `{:#}` everything that the report has follows.
/// As JSON an object that begins with `schema`, the number of the shape (now 1), `verdict` and `answer`; the fields follow.
///
/// # Reading one back
///
/// A report can be read from its JSON, to be shown, and is written as the same JSON again; so can each of its parts. It is
/// data then, and never a proof: whoever can write the JSON decides what it says, and no [`Accepted`](crate::Accepted) can be
/// made of it (but with the feature `testing`, in tests). An image runs only after
/// [`Verifier::verify`](crate::Verifier::verify).
///
/// Only a `schema` that this version knows is read, and only a `verdict` that follows from the rest. Members that this version
/// does not know are skipped, as a newer one may add some; a code that it does not know is an error. The sentences are made
/// anew, in the words of this version and for the engines of this build, and not read.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
// The derived function is `Report::serialize`; the trait's, in the room of answers, adds the verdict and the answer to it.
#[serde(remote = "Self")]
pub struct Report {
    /// The image, as it was named.
    pub image: String,
    /// Its identity in the policy, if its transport has one: `docker.io/library/busybox:latest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The policy that was applied: its file, why that one, and the SHA-256 of its bytes.
    pub policy: PolicyOrigin,
    /// Which entry of the policy applied, and why.
    pub scope: MatchedScope,
    /// Where in the policy's text the key of that entry is; none if the policy was made in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope_place: Option<Span>,
    /// Entries that the image nearly matches and that were probably meant for it, the likeliest first. Looked for where the
    /// policy rejects every image of the scope or accepts it without a signature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near_misses: Vec<NearMiss>,
    /// The engine that judged the OpenPGP signatures; none if the policy asked for none. Those of sigstore need no engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineReport>,
    /// The digest of the list that names the image as one of its instances, if it is one and the
    /// policy asked for a signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_digest: Option<Digest>,
    /// The digest of the manifest, if the policy asked for a signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest_digest: Option<Digest>,
    /// The requirements of that scope, in order. All must accept; the first that does not ends
    /// the evaluation.
    pub requirements: Vec<RequirementReport>,
    /// Why the image was refused, by the most specific reason, whether that decides or not: that of the requirement that
    /// refused it, or that the clock cannot be right by which it did ([`Reason::ClockImplausible`]). None if it was
    /// accepted.
    pub rejection: Option<Reason>,
    /// What else a person should know: keys that were skipped, key files that changed.
    pub notes: Vec<Note>,
    /// What should be known about an image that is accepted; empty if it is not.
    pub warnings: Vec<Warning>,
}

impl Report {
    /// A report on an image of which nothing is known yet but what applies to it.
    pub(crate) fn new(
        image: String,
        identity: Option<&str>,
        policy: PolicyOrigin,
        scope: MatchedScope,
    ) -> Self {
        Self {
            image,
            identity: identity.map(str::to_owned),
            policy,
            scope,
            scope_place: None,
            near_misses: Vec::new(),
            engine: None,
            list_digest: None,
            manifest_digest: None,
            requirements: Vec::new(),
            rejection: None,
            notes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// What came of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.rejection {
            None => Verdict::Accepted,
            Some(reason) if reason.is_undecided() => Verdict::Undecided,
            Some(_) => Verdict::Rejected,
        }
    }

    /// Whether the image was accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.verdict() == Verdict::Accepted
    }

    /// Which requirement refused the image, and which of the signatures tells most of why.
    ///
    /// None if no requirement did: the image is accepted, or the caller demanded a signature that the policy does not.
    #[must_use]
    pub fn decided_by(&self) -> Option<DecidedBy> {
        let (requirement, refused, reason) =
            (1_usize..)
                .zip(&self.requirements)
                .find_map(|(number, requirement)| {
                    Some((number, requirement, requirement.outcome.reason()?))
                })?;
        let signature = refused
            .signatures
            .iter()
            .find(|signature| signature.outcome.reason() == Some(reason))
            .map(|signature| signature.signature);
        Some(DecidedBy {
            requirement,
            signature,
        })
    }

    /// Whether a requirement was met for which something was verified, by this crate or by the caller.
    pub(crate) fn is_verified(&self) -> bool {
        self.requirements.iter().any(|requirement| {
            matches!(
                requirement.outcome,
                RequirementOutcome::AcceptedSigned | RequirementOutcome::AcceptedByCaller { .. }
            )
        })
    }

    /// The signatures that satisfy a requirement, in the order of the requirements: one for each that asked for one
    /// and accepts. Also of an image that is refused over another requirement.
    pub(crate) fn accepted_signatures(&self) -> impl Iterator<Item = &AcceptedSignature> {
        self.requirements
            .iter()
            .flat_map(|requirement| &requirement.signatures)
            .filter_map(|signature| match &signature.outcome {
                SignatureOutcome::Accepted { proof } => Some(proof),
                _ => None,
            })
    }
}

/// What an image is refused over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DecidedBy {
    /// The requirement: its place in the policy's list, from 1.
    pub requirement: usize,
    /// Which of the image's signature blobs tells most, from 1; none if it is not about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<usize>,
}

/// What came of an evaluation. Only [`Verdict::Accepted`] lets an image run.
///
/// As text and as JSON it is one word, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The policy accepts the image.
    Accepted,
    /// The policy does not accept the image.
    Rejected,
    /// Nobody knows, because something could not be read or checked, or because the clock cannot be right: the image is
    /// refused, and may be good.
    Undecided,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Undecided => "undecided",
        })
    }
}

/// The engine that judged, and by what.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EngineReport {
    /// Its name: `sequoia`.
    pub name: String,
    /// What does the work, with its version.
    pub version: String,
    /// The cryptographic policy.
    pub crypto_policy: CryptoPolicy,
    /// The time that keys and signatures were judged at.
    pub judged_at: Moment,
    /// The engines of this build that were tried before it. Leaving one out of a build is a choice, and nothing to report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedEngine>,
}

/// An engine that was tried before another one was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SkippedEngine {
    /// The engine.
    pub engine: EngineKind,
    /// Why it does not work.
    #[serde(serialize_with = "finding_as_object")]
    pub cause: Finding,
}

impl SkippedEngine {
    /// The engine, if it is in this build and does not work.
    pub(crate) fn from_diagnosis(diagnosis: &EngineDiagnosis) -> Option<Self> {
        let engine = diagnosis.engine;
        let cause = diagnosis.cause.clone();
        Some(Self {
            engine,
            cause: cause.filter(|_| engine.is_compiled_in())?,
        })
    }
}

/// What came of one requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RequirementReport {
    /// The requirement in short: `signedBy GPGKeys, keyPath keys/release.gpg, matchExact`.
    pub requirement: String,
    /// Where it is in the policy's text; none if the policy was made in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Span>,
    /// Whether it accepted.
    pub outcome: RequirementOutcome,
    /// Whose signatures it trusts, if its keys were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_signers: Vec<TrustedSigner>,
    /// What was skipped in its key files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_warnings: Vec<KeyWarning>,
    /// The signatures that were looked at, in the order in which they are stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<SignatureReport>,
}

impl RequirementReport {
    /// A requirement of which no more is known.
    pub(crate) fn new(requirement: String, outcome: RequirementOutcome) -> Self {
        Self {
            requirement,
            place: None,
            outcome,
            trusted_signers: Vec::new(),
            key_warnings: Vec::new(),
            signatures: Vec::new(),
        }
    }
}

/// What a requirement said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum RequirementOutcome {
    /// It accepts the image without looking at it.
    AcceptedUnsigned,
    /// It accepts the image because of a signature.
    AcceptedSigned,
    /// It accepts the image because the caller, who has judged it in this crate's place, says so.
    #[non_exhaustive]
    AcceptedByCaller {
        /// Who vouches for it, in the caller's words.
        by: String,
        /// When the image was signed, if the caller says it.
        #[serde(skip_serializing_if = "Option::is_none")]
        signed_at: Option<Moment>,
    },
    /// It rejects the image.
    #[non_exhaustive]
    Rejected {
        /// Why.
        reason: Reason,
    },
    /// Whether it accepts the image could not be found out, so it does not.
    #[non_exhaustive]
    Undecided {
        /// Why.
        reason: Reason,
    },
    /// An earlier requirement had not accepted the image.
    NotEvaluated,
}

impl RequirementOutcome {
    /// Why it does not accept the image, if it was evaluated and does not.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Rejected { reason } | Self::Undecided { reason } => Some(reason),
            Self::AcceptedUnsigned
            | Self::AcceptedSigned
            | Self::AcceptedByCaller { .. }
            | Self::NotEvaluated => None,
        }
    }

    /// The outcome where a requirement does not accept.
    pub(crate) fn refused(reason: Reason) -> Self {
        if reason.is_undecided() {
            Self::Undecided { reason }
        } else {
            Self::Rejected { reason }
        }
    }
}

/// What came of one signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureReport {
    /// Which of the image's signature blobs, from 1.
    pub signature: usize,
    /// What people know the blob by, such as the name of its file, if the source says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who made it, if it is a good signature by a trusted key and does not count all the same, because it is for another
    /// manifest or another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// When such a signature was made, as it says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Moment>,
    /// What it proves.
    #[serde(flatten)]
    pub outcome: SignatureOutcome,
}

impl SignatureReport {
    /// A signature of which no more is known.
    pub(crate) fn new(signature: usize, outcome: SignatureOutcome) -> Self {
        Self {
            signature,
            name: None,
            signer: None,
            signed_at: None,
            outcome,
        }
    }
}

/// What one signature proves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum SignatureOutcome {
    /// It satisfies the requirement.
    #[non_exhaustive]
    Accepted {
        /// What it states.
        proof: AcceptedSignature,
    },
    /// It does not.
    #[non_exhaustive]
    Rejected {
        /// Why.
        reason: Reason,
    },
    /// It could not be checked.
    #[non_exhaustive]
    Undecided {
        /// Why.
        reason: Reason,
    },
    /// It is of another format than the requirement asks for.
    Skipped,
}

impl SignatureOutcome {
    /// Why it does not satisfy the requirement, if it was judged and does not.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Rejected { reason } | Self::Undecided { reason } => Some(reason),
            Self::Accepted { .. } | Self::Skipped => None,
        }
    }

    /// The outcome where a signature does not satisfy the requirement.
    pub(crate) fn refused(reason: Reason) -> Self {
        if reason.is_undecided() {
            Self::Undecided { reason }
        } else {
            Self::Rejected { reason }
        }
    }
}

/// A signature that satisfies a requirement, with what it states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AcceptedSignature {
    /// The requirement that it satisfies: its place in the policy's list, from 1.
    pub requirement: usize,
    /// Which of the image's signature blobs it is, from 1.
    pub signature: usize,
    /// Who signed.
    pub signer: Signer,
    /// The digest that was signed, which is the manifest's.
    pub manifest_digest: Digest,
    /// The reference that was signed, as it is in the payload; none if no name was signed, and the program has said that the
    /// digest suffices ([`SigstoreBundles`](crate::SigstoreBundles)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_reference: Option<String>,
    /// In which form a signature of sigstore is stored; none for OpenPGP, which has one form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_format: Option<PayloadFormat>,
    /// When the signature was made, as it says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Moment>,
    /// When the signature itself expires, if it does: at this moment it counts no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// The entry of a Rekor log that records the signature, if the requirement asks for one. The log's own time proves
    /// that the signature is no younger, and nothing of how old the image is: anybody can have it recorded again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_entry: Option<LogEntry>,
    /// The program that signed, as the payload says: `optional.creator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// When it signed, as the payload says, in seconds since 1970: `optional.timestamp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// A finding as JSON: its code and fields, and the sentences for people.
fn finding_as_object<S: Serializer>(finding: &Finding, serializer: S) -> Result<S::Ok, S::Error> {
    Explained::from(finding).serialize(serializer)
}
