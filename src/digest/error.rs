//! Why a manifest has no digest.

use thiserror::Error;

/// The largest manifest that is read, in bytes: containers/image's own limit for manifests (4 MiB).
pub const MAX_MANIFEST_SIZE: usize = 4 * 1024 * 1024;

/// How deep JSON may nest in a manifest whose signatures have to be stripped: the limit of Go's `encoding/json`.
pub const MAX_MANIFEST_NESTING: usize = 10_000;

/// Why a manifest has no digest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The manifest is larger than [`MAX_MANIFEST_SIZE`].
    #[error("the manifest has {size} bytes, but at most {MAX_MANIFEST_SIZE} are read")]
    #[non_exhaustive]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The manifest may be a signed Docker schema 1 manifest, but JSON readers can disagree about it.
    #[error(
        "the manifest has the member `{member}` twice or in an unusual letter case, so that programs may read it differently"
    )]
    #[non_exhaustive]
    Ambiguous {
        /// The member in its right spelling.
        member: &'static str,
    },
    /// A signed Docker schema 1 manifest nests deeper than [`MAX_MANIFEST_NESTING`].
    #[error("the manifest nests deeper than {MAX_MANIFEST_NESTING} levels")]
    TooDeep,
    /// A signed Docker schema 1 manifest is not UTF-8.
    #[error("the signed Docker schema 1 manifest is not valid UTF-8")]
    NotUtf8,
    /// The `signatures` of a Docker schema 1 manifest are not an array of readable JSON values.
    #[error("the `signatures` of the Docker schema 1 manifest are not a readable array")]
    SignaturesNotAnArray,
    /// The `signatures` of a Docker schema 1 manifest are an empty array, so nothing says what they protect.
    #[error("the `signatures` of the Docker schema 1 manifest are empty")]
    NoSignatures,
    /// One of the `signatures` is malformed.
    #[error("signature {number} of the Docker schema 1 manifest is malformed: {problem}")]
    #[non_exhaustive]
    Signature {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        problem: JwsError,
    },
    /// Two of the `signatures` protect different payloads.
    #[error("signatures 1 and {number} of the Docker schema 1 manifest protect different payloads")]
    #[non_exhaustive]
    Conflict {
        /// Which signature differs from the first one, counted from 1.
        number: usize,
    },
    /// The payload that the signatures name is not the manifest without its signatures.
    #[error("the signatures of the Docker schema 1 manifest do not protect everything else in it")]
    NotCovered,
}

/// What is wrong with one JWS signature of a Docker schema 1 manifest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JwsError {
    /// It is not a JSON object.
    #[error("it is not an object")]
    NotAnObject,
    /// A member is missing or has the wrong type.
    #[error("`{member}` must be {expected}")]
    #[non_exhaustive]
    Member {
        /// Where it is, and its name.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A member occurs twice or in an unusual letter case.
    #[error("`{member}` occurs twice or in an unusual letter case")]
    #[non_exhaustive]
    Ambiguous {
        /// Where it is, and its name.
        member: &'static str,
    },
    /// A member is not base64url.
    #[error("`{member}` is not base64url")]
    #[non_exhaustive]
    Base64 {
        /// Where it is, and its name.
        member: &'static str,
    },
    /// The key in its header is not of a type that libtrust reads.
    #[error("the key in its header is not a readable EC or RSA public key")]
    Key,
    /// It protects more bytes than the manifest has.
    #[error("its `formatLength` {length} exceeds the {size} bytes of the manifest")]
    #[non_exhaustive]
    TooLong {
        /// The number of bytes that it says it protects.
        length: u64,
        /// The number of bytes that the manifest has.
        size: usize,
    },
}
