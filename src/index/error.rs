//! Why a manifest is not a readable index.

use thiserror::Error;

use super::list::ListError;
use crate::digest::{DigestError, MAX_MANIFEST_SIZE};
use crate::json::{JsonError, Position};
use crate::text::quote::Quoted;

/// Why a manifest that may be an index cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// It is larger than [`MAX_MANIFEST_SIZE`].
    #[error("the index has {size} bytes, but at most {MAX_MANIFEST_SIZE} are read")]
    #[non_exhaustive]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It is not JSON, or a member has the wrong type or occurs twice.
    #[error("line {}, column {}: {}{problem}", .position.line, .position.column, before_problem(.path))]
    #[non_exhaustive]
    Json {
        /// Where it is.
        position: Position,
        /// The JSON path to it, such as `manifests[1].size`; empty where the text is not JSON.
        path: String,
        /// What it is.
        problem: JsonError,
    },
    /// A member is in another letter case, so that readers of JSON can disagree about it.
    #[error(
        "the index has the member `{member}` in another letter case, so that programs may read it differently"
    )]
    #[non_exhaustive]
    Ambiguous {
        /// The member in its right spelling.
        member: &'static str,
    },
    /// It has a member of another kind of manifest, so that some programs may take it for the manifest of one image.
    #[error("the index has the member `{member}`, which belongs to another kind of manifest")]
    #[non_exhaustive]
    OtherFormat {
        /// The member.
        member: &'static str,
    },
    /// Its media type is not that of an index, but it has `manifests`, so that some programs may take it for one.
    #[error("the manifest has `manifests` as an index has, but the media type {}", Quoted(.found))]
    #[non_exhaustive]
    MediaType {
        /// The media type.
        found: String,
    },
    /// It has `manifests`, but nothing else says that it is an index.
    #[error(
        "the manifest has `manifests` as an index has, but neither the media type of one, nor the schema version 2 and \
         instances"
    )]
    NotAnIndex,
    /// The schema version is not 2.
    #[error(
        "the `schemaVersion` of the index must be 2, but {}",
        .found.as_deref().map_or("there is none".to_owned(), |found| format!("is {}", Quoted(found)))
    )]
    #[non_exhaustive]
    SchemaVersion {
        /// The number as it is written; none if there is none.
        found: Option<String>,
    },
    /// One of its instances cannot be used.
    #[error("instance {number} of the index: {problem}")]
    #[non_exhaustive]
    Instance {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        problem: InstanceError,
    },
}

/// Why an instance, as an index or a descriptor names it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InstanceError {
    /// A member that it must have (OCI image specification, "Descriptors") is not there, or empty.
    #[error("it has no `{member}`")]
    #[non_exhaustive]
    Missing {
        /// The member.
        member: &'static str,
    },
    /// Its digest is none that this crate knows.
    #[error("{reason}")]
    #[non_exhaustive]
    Digest {
        /// What is wrong with it.
        reason: DigestError,
    },
    /// Its size is negative.
    #[error("its size must not be negative, but is {found}")]
    #[non_exhaustive]
    Size {
        /// The size.
        found: i64,
    },
}

impl IndexError {
    /// Why what some program may take for a list is none.
    pub(super) fn of_list(error: ListError) -> Self {
        match error {
            ListError::Json(error) => Self::Json {
                position: error.position,
                path: error.path,
                problem: error.problem,
            },
            ListError::Ambiguous { member } => Self::Ambiguous { member },
            ListError::OtherFormat { member } => Self::OtherFormat { member },
            ListError::Image { media_type } => Self::MediaType { found: media_type },
            ListError::NoList => Self::NotAnIndex,
        }
    }
}

fn before_problem(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}
