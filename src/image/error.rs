//! Why a text is not the name of an image.

use std::io;

use thiserror::Error;

use super::Transport;
use crate::reference::ReferenceError;
use crate::text::quote::Quoted;

/// Why a text is not the name of an image; see [`ImageName::parse`](super::ImageName::parse).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageNameError {
    /// There is no `transport:` prefix.
    #[error("the image name {} has no transport{}", Quoted(.found), did_you_mean(.suggestion.as_deref()))]
    #[non_exhaustive]
    NoTransport {
        /// The whole text.
        found: String,
        /// What it may mean.
        suggestion: Option<String>,
    },
    /// What comes before the first `:` is not a transport.
    #[error("{} is not a transport{}", Quoted(.found), did_you_mean(.suggestion.as_deref()))]
    #[non_exhaustive]
    UnknownTransport {
        /// The text before the `:`.
        found: String,
        /// The nearest transport.
        suggestion: Option<String>,
    },
    /// A `docker:` name lacks the `//`.
    #[error("a `docker` name begins with `docker://`; did you mean {}?", Quoted(.suggestion))]
    #[non_exhaustive]
    NoSlashes {
        /// The same name with the slashes.
        suggestion: String,
    },
    /// The Docker reference in the name does not parse.
    #[error("the `{transport}` name has an invalid reference: {reason}")]
    #[non_exhaustive]
    Reference {
        /// The transport.
        transport: Transport,
        /// What is wrong with it.
        reason: ReferenceError,
    },
    /// The reference has a tag and a digest, which this transport does not support.
    #[error("the reference {} has a tag and a digest: a `{transport}` name must have only one of them", Quoted(.reference))]
    #[non_exhaustive]
    TagAndDigest {
        /// The transport.
        transport: Transport,
        /// The expanded reference.
        reference: String,
    },
    /// The reference has neither a tag nor a digest, and there is no default.
    #[error("the reference {} has neither a tag nor a digest: a `{transport}` name must have one", Quoted(.reference))]
    #[non_exhaustive]
    NeitherTagNorDigest {
        /// The transport.
        transport: Transport,
        /// The expanded reference.
        reference: String,
    },
    /// `@@unknown-digest@@` follows a reference that has a tag or a digest.
    #[error("`@@unknown-digest@@` must follow a name without tag and digest, but {} has one", Quoted(.reference))]
    #[non_exhaustive]
    UnknownDigestAndKnown {
        /// The expanded reference.
        reference: String,
    },
    /// An `atomic` reference is not `host/namespace/stream:tag`.
    #[error("{} is not of the form `host/namespace/stream:tag`", Quoted(.reference))]
    #[non_exhaustive]
    NotAtomic {
        /// The expanded reference.
        reference: String,
    },
    /// The Docker daemon names images by SHA-256 only.
    #[error("{} is not an image ID of the Docker daemon: it must begin with `sha256:`", Quoted(.found))]
    #[non_exhaustive]
    DaemonDigest {
        /// The digest.
        found: String,
    },
    /// To the Docker daemon, `sha256:` begins an image ID, not a repository with a tag.
    #[error("{} is not an image ID of the Docker daemon: after `sha256:` it must have 64 hexadecimal digits", Quoted(.found))]
    #[non_exhaustive]
    DaemonImageId {
        /// The reference.
        found: String,
    },
    /// The name has nothing after the transport, or an empty path.
    #[error("the `{transport}` name is empty")]
    #[non_exhaustive]
    Empty {
        /// The transport.
        transport: Transport,
    },
    /// The path of the image cannot be resolved.
    #[error("the path {} of the `{transport}` name cannot be resolved: {source}", Quoted(.path))]
    #[non_exhaustive]
    Path {
        /// The transport.
        transport: Transport,
        /// The path as written.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The current directory, which relative paths start from, is not known.
    #[error("the current directory is not known: {source}")]
    #[non_exhaustive]
    CurrentDirectory {
        /// Why.
        source: io::Error,
    },
    /// The part after the path of an `oci` or `oci-archive` name is not an image name of the OCI image specification.
    #[error("{} is not the name of an image in an OCI layout", Quoted(.found))]
    #[non_exhaustive]
    LayoutImage {
        /// The part after the first `:`.
        found: String,
    },
    /// The index of an image in an archive or layout, `@N`, is not a number.
    #[error("{} is not the index of an image: it must be `@` and a number", Quoted(.found))]
    #[non_exhaustive]
    Index {
        /// The part after the first `:`.
        found: String,
    },
    /// An `oci-archive` name has an index, `@N`, which only `oci` and `docker-archive` names can have.
    #[error("{} is an index, which an `oci-archive` name cannot have: name the image, or unpack the archive and use `oci:`", Quoted(.found))]
    #[non_exhaustive]
    ArchiveIndex {
        /// The part after the first `:`.
        found: String,
    },
    /// A `docker-archive` reference has a digest.
    #[error("the reference {} has a digest: a `docker-archive` name can only have a tag", Quoted(.reference))]
    #[non_exhaustive]
    ArchiveDigest {
        /// The expanded reference.
        reference: String,
    },
    /// The store at the beginning of a `containers-storage` name is malformed.
    #[error("{} is not a store: it must read `[driver@/graph/root]`, optionally with `+/run/root` and `:options`", Quoted(.found))]
    #[non_exhaustive]
    Store {
        /// The name without the transport.
        found: String,
    },
    /// The graph root of the store is not an absolute path.
    #[error("the graph root or run root {} is not an absolute path", Quoted(.found))]
    #[non_exhaustive]
    StoreNotAbsolute {
        /// The path.
        found: String,
    },
    /// A `containers-storage` name that may be the beginning of an image ID.
    #[error(
        "{} may be a shortened image ID, which only the store can resolve: write `@` and all 64 hexadecimal digits for \
         the image, or {} for the name",
        Quoted(.found), Quoted(&format!("{found}:latest"))
    )]
    #[non_exhaustive]
    StorageShortId {
        /// The name.
        found: String,
    },
    /// What follows the last `@` of a `containers-storage` name is neither a digest nor a full image ID.
    #[error(
        "{} is neither a digest nor an image ID: write all 64 hexadecimal digits, because only the store can complete a shortened ID",
        Quoted(.found)
    )]
    #[non_exhaustive]
    StorageImageId {
        /// The text after the last `@`.
        found: String,
    },
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(suggestion) => format!("; did you mean {}?", Quoted(suggestion)),
        None => format!("; it must begin with one of {}", Transports),
    }
}

/// All transports as a list for people.
struct Transports;

impl std::fmt::Display for Transports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, transport) in Transport::ALL.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let slashes = if *transport == Transport::Docker {
                "//"
            } else {
                ""
            };
            write!(f, "{separator}`{transport}:{slashes}`")?;
        }
        Ok(())
    }
}
