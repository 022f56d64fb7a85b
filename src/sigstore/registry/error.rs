//! Why what a registry served is not what belongs there.

use crate::digest::{Digest, DigestError, MAX_MANIFEST_SIZE};
use crate::json::{JsonError, LocatedJsonError, Position};
use crate::text::quote::Quoted;

/// Why what a registry served is not what belongs there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The manifest is larger than [`MAX_MANIFEST_SIZE`].
    #[error("the manifest has {size} bytes, but at most {MAX_MANIFEST_SIZE} are read")]
    #[non_exhaustive]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The manifest is not JSON, or a member has the wrong type or occurs twice.
    #[error(
        "the manifest is not readable: line {}, column {}: {}{problem}",
        .position.line, .position.column, before_problem(.path)
    )]
    #[non_exhaustive]
    Json {
        /// Where it is.
        position: Position,
        /// The JSON path to it, such as `layers[0].size`; empty where the text is not JSON.
        path: String,
        /// What it is.
        problem: JsonError,
    },
    /// The manifest is of another kind.
    #[error("the manifest has the media type {}, and not `{expected}`", Quoted(.found))]
    #[non_exhaustive]
    MediaType {
        /// The media type that belongs there.
        expected: &'static str,
        /// Its media type.
        found: String,
    },
    /// A member that has to be there is not.
    #[error("the manifest has no `{member}`{}", of_descriptor(*.descriptor))]
    #[non_exhaustive]
    Missing {
        /// The member.
        member: &'static str,
        /// In which of its descriptors, from 1; none if it is one of the manifest itself.
        descriptor: Option<usize>,
    },
    /// The digest in a descriptor is none, or of an unknown algorithm.
    #[error("the digest in descriptor {descriptor} of the manifest: {reason}")]
    #[non_exhaustive]
    Digest {
        /// Which descriptor, from 1.
        descriptor: usize,
        /// What is wrong.
        reason: DigestError,
    },
    /// The size in a descriptor is negative, or above the largest that is read.
    #[error(
        "descriptor {descriptor} of the manifest says {found} bytes, but at most {max} are read"
    )]
    #[non_exhaustive]
    Size {
        /// Which descriptor, from 1.
        descriptor: usize,
        /// What it says.
        found: i64,
        /// The largest that is read.
        max: u64,
    },
    /// What was fetched is not what the manifest names.
    #[error("these {size} bytes are not the blob {expected}: fetch it again")]
    #[non_exhaustive]
    Payload {
        /// The digest that the manifest names.
        expected: Digest,
        /// How many bytes there are.
        size: usize,
    },
}

fn of_descriptor(descriptor: Option<usize>) -> String {
    descriptor
        .map(|number| format!(" in descriptor {number}"))
        .unwrap_or_default()
}

fn before_problem(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

impl From<LocatedJsonError> for RegistryError {
    fn from(error: LocatedJsonError) -> Self {
        Self::Json {
            position: error.position,
            path: error.path,
            problem: error.problem,
        }
    }
}
