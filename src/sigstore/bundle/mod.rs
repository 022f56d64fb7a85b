//! Sigstore bundles: one JSON document that holds a signature, the key or the certificate that it is by, and what logs have
//! recorded of it. cosign 3 signs images so.
//!
//! containers/image does not read them; what counts here is sigstore's own specification (`protobuf-specs`), and beside it the
//! rules of this crate for annotations. Nothing of a [`Bundle`] is proven: that is for [`judge`].

mod body;
mod certificates;
mod checkpoint;
mod entry;
mod fields;
mod inclusion;
pub(crate) mod judge;
mod read;
mod signature;
pub(crate) mod statement;
mod trust_root;
mod verify;

use self::statement::{Statement, StatementError};
pub use self::trust_root::{TrustRoot, TrustRootError};
pub use self::verify::{BundleSigner, VerifiedBundle, VerifyBundleError, verify_bundle};
use super::bundle_type::{IMAGE_SIGNATURE, Version};
use super::claims::UnverifiedLogEntry;
use crate::clock::Moment;
use crate::text::hex;

/// The most entries of logs in a bundle, and the most timestamps, and the most certificates.
const MAX_ENTRIES: usize = 32;

/// The most hashes of an inclusion proof: a tree with more leaves than 64 bits count has no deeper one.
const MAX_HASHES: usize = 64;

/// The most subjects of a statement.
const MAX_SUBJECTS: usize = 1024;

/// The type of an envelope's payload that is read.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A bundle that has the form of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bundle {
    version: Version,
    content: Content,
    material: Material,
    entries: Vec<Entry>,
}

/// What was signed, and the signature over it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    /// An artifact, which is not in the bundle.
    Message {
        signature: Vec<u8>,
        /// What the bundle says that the digest of the artifact is.
        digest: Option<MessageDigest>,
    },
    /// An envelope with a payload (DSSE).
    Envelope(Envelope),
}

/// What a bundle says of its artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MessageDigest {
    algorithm: crate::digest::Algorithm,
    octets: Vec<u8>,
}

/// A payload, its type, and one signature over both.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Envelope {
    payload_type: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// By what the signature is to be verified, as the bundle has it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    /// A key that is not in it. What the bundle says of it is no more than a hint.
    Key,
    /// The signer's certificate, in DER.
    Certificate(Vec<u8>),
    /// The same with others behind it that may lead to an authority.
    Chain(Vec<u8>, Vec<Vec<u8>>),
}

/// What a log has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    log_index: i64,
    /// The SHA-256 of the log's key.
    log_id: Vec<u8>,
    kind: String,
    version: String,
    /// When it was recorded, in seconds since 1970; 0 if it does not say.
    integrated_time: i64,
    /// The log's signature over time, place and body: its "signed entry timestamp".
    promise: Option<Vec<u8>>,
    proof: Option<InclusionProof>,
    body: Vec<u8>,
}

/// That an entry is a leaf of a log's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
struct InclusionProof {
    index: u64,
    size: u64,
    root: Vec<u8>,
    hashes: Vec<Vec<u8>>,
    /// What the log says of its tree, signed.
    checkpoint: String,
}

impl Envelope {
    /// The statement in it.
    fn statement(&self) -> Result<Statement, StatementError> {
        if self.payload_type == IN_TOTO {
            return Statement::parse(&self.payload);
        }
        Err(StatementError::PayloadType {
            found: self.payload_type.clone(),
        })
    }
}

impl Bundle {
    /// The signer's certificate in DER, if it comes with one.
    pub(crate) fn untrusted_certificate(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Key => None,
            Material::Certificate(leaf) | Material::Chain(leaf, _) => Some(leaf),
        }
    }

    /// What logs are said to have recorded.
    pub(crate) fn untrusted_log_entries(&self) -> Vec<UnverifiedLogEntry> {
        let entries = self.entries.iter();
        let unverified = entries.map(|entry| UnverifiedLogEntry {
            log_id: hex::lower(&entry.log_id),
            index: entry.log_index,
            // 0 is how a log leaves it out.
            integrated_time: Moment::from_signed_unix(entry.integrated_time)
                .filter(|_| entry.integrated_time != 0),
        });
        unverified.collect()
    }

    /// What is stated, or why it is no statement; none if the signature is over an artifact itself.
    pub(crate) fn untrusted_statement(&self) -> Option<Result<Statement, StatementError>> {
        match &self.content {
            Content::Message { .. } => None,
            Content::Envelope(envelope) => Some(envelope.statement()),
        }
    }

    /// What the bundle says that the digest of its artifact is: `sha256:…`.
    pub(crate) fn untrusted_digest(&self) -> Option<String> {
        match &self.content {
            Content::Message { digest, .. } => digest
                .as_ref()
                .map(|digest| format!("{}:{}", digest.algorithm, hex::lower(&digest.octets))),
            Content::Envelope(_) => None,
        }
    }

    /// Whether it is a signature of an image: one over the manifest itself, or an envelope with a statement whose predicate says
    /// so ([`IMAGE_SIGNATURE`]). Provenance and the like are none, whoever has signed them. What cannot be read may be one: it is
    /// refused when it is judged.
    pub(crate) fn is_image_signature(&self) -> bool {
        match &self.content {
            Content::Message { .. } => true,
            Content::Envelope(envelope) => {
                envelope.payload_type == IN_TOTO
                    && statement::untrusted_predicate_type(&envelope.payload)
                        .is_none_or(|predicate_type| predicate_type == IMAGE_SIGNATURE)
            }
        }
    }
}
