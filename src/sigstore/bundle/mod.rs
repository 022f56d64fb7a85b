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
mod untrusted;
mod verify;

pub use self::trust_root::{TrustRoot, TrustRootError};
pub use self::verify::{BundleSigner, VerifiedBundle, VerifyBundleError, verify_bundle};
use super::bundle_type::Version;

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
