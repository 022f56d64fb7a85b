//! Where the bytes of images come from.

mod dir;
pub(crate) mod list;
mod memory;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::digest::{Digest, MANIFEST_SIZE_LIMIT};
use crate::image::ImageName;

pub use self::dir::DirSource;
pub use self::memory::Image;

/// The largest signature that is read, in bytes: containers/image's limit for signatures in lookaside storage (4 MiB).
pub const SIGNATURE_SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// The most signatures of one image that are read: containers/image's limit for lookaside storage.
pub const SIGNATURE_COUNT_LIMIT: usize = 128;

/// Where an image's bytes come from.
///
/// A source is asked only for what the policy needs: under `insecureAcceptAnything`, nothing is read. It must give the
/// same bytes that the program goes on to run: a source whose manifest can change between the two calls proves nothing.
pub trait Source {
    /// The name of the image as the user gave it, which the policy is looked up for.
    fn name(&self) -> &ImageName;

    /// For one instance of a multi-architecture image, the digest by which the list names it; else `None`. Manifest and
    /// signatures are then those of the instance. The digest is not believed: the instance must be one that
    /// [`list`](Self::list) names, and the manifest must have this digest.
    fn instance(&self) -> Option<&Digest>;

    /// For an instance, the list that names it, byte for byte as served: a Docker manifest list or an OCI image index.
    /// Where the name has a digest, it is the list's. Not asked for if [`instance`](Self::instance) gives none; if that
    /// gives one and this does not, the image is refused.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if the list cannot be read in full.
    fn list(&self) -> Result<Option<Cow<'_, [u8]>>, SourceError>;

    /// The manifest, byte for byte as served.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if there is none, or it cannot be read in full.
    fn manifest(&self) -> Result<Cow<'_, [u8]>, SourceError>;

    /// The signatures as stored, in their order; none is not an error.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if one of them cannot be read in full: a source must never leave it out instead.
    fn signatures(&self) -> Result<Vec<Cow<'_, [u8]>>, SourceError>;
}

/// Why the bytes of an image are not available.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or directory cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something else where a file should be, such as a directory or a pipe.
    #[error("{} is not a regular file", .path.display())]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// There is something else where a directory should be.
    #[error("{} is not a directory", .path.display())]
    NotADirectory {
        /// Its path.
        path: PathBuf,
    },
    /// A file is larger than its limit, [`MANIFEST_SIZE_LIMIT`] or [`SIGNATURE_SIZE_LIMIT`].
    #[error("{} is larger than {limit} bytes", .path.display())]
    TooLarge {
        /// Its path.
        path: PathBuf,
        /// The limit in bytes.
        limit: usize,
    },
    /// There are more signatures than [`SIGNATURE_COUNT_LIMIT`].
    #[error("there are more than {SIGNATURE_COUNT_LIMIT} signatures: {} exists", .path.display())]
    TooManySignatures {
        /// The first signature too many.
        path: PathBuf,
    },
    /// The `version` file of a `dir` image is not what a program writes there.
    #[error("{} must contain `Directory Transport Version: MAJOR.MINOR`, a line feed, and nothing else", .path.display())]
    VersionInvalid {
        /// The path of the file.
        path: PathBuf,
    },
    /// A `dir` image is of a version that is not known.
    #[error("{} says version {found}, but only versions up to 1.2 are known", .path.display())]
    VersionUnknown {
        /// The path of the file.
        path: PathBuf,
        /// The version.
        found: String,
    },
    /// A manifest is not a readable list of instances.
    #[error("{} is not a readable manifest list: {reason}", .path.display())]
    ListInvalid {
        /// The path of the manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another source's own error.
    #[error(transparent)]
    Other(Box<dyn StdError + Send + Sync>),
}

impl SourceError {
    /// An error of a custom source.
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }

    /// Whether the error is about the image itself: what is there is wrong, however often it is read, and the image is
    /// rejected. Otherwise it could not be read, or not by this release, and whether the image is good stays
    /// [undecided](crate::Error::Undecided).
    #[must_use]
    pub fn is_about_content(&self) -> bool {
        match self {
            Self::TooLarge { .. }
            | Self::TooManySignatures { .. }
            | Self::VersionInvalid { .. }
            | Self::ListInvalid { .. } => true,
            Self::Io { .. }
            | Self::NotAFile { .. }
            | Self::NotADirectory { .. }
            | Self::VersionUnknown { .. }
            | Self::Other(_) => false,
        }
    }

    /// The error with its causes in one line: the sentences of this module name their causes, those of others may not.
    pub(crate) fn detail(&self) -> String {
        let mut detail = self.to_string();
        if let Self::Other(error) = self {
            let mut cause = error.source();
            while let Some(deeper) = cause {
                detail.push_str(": ");
                detail.push_str(&deeper.to_string());
                cause = deeper.source();
            }
        }
        detail
    }
}

/// The limits of the two kinds of files.
#[derive(Clone, Copy)]
enum Kind {
    Manifest,
    Signature,
    Version,
}

impl Kind {
    fn limit(self) -> usize {
        match self {
            Self::Manifest => MANIFEST_SIZE_LIMIT,
            Self::Signature => SIGNATURE_SIZE_LIMIT,
            // It holds one short line.
            Self::Version => 1024,
        }
    }
}
