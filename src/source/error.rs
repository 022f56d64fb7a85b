//! Why the bytes of an image, or of a key file, cannot be had.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::MAX_SIGNATURE_COUNT;
use crate::text::quote::Quoted;

/// Why the bytes of an image, or of a key file, cannot be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or directory cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    #[non_exhaustive]
    Io {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something else where a file should be, such as a directory or a pipe.
    #[error("{} is not a regular file", .path.display())]
    #[non_exhaustive]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// There is something else where a directory should be.
    #[error("{} is not a directory", .path.display())]
    #[non_exhaustive]
    NotADirectory {
        /// Its path.
        path: PathBuf,
    },
    /// A file is larger than its limit, [`MAX_MANIFEST_SIZE`](crate::digest::MAX_MANIFEST_SIZE) or [`MAX_SIGNATURE_SIZE`](super::MAX_SIGNATURE_SIZE).
    #[error("{} is larger than {limit} bytes", .path.display())]
    #[non_exhaustive]
    TooLarge {
        /// Its path.
        path: PathBuf,
        /// The limit in bytes.
        limit: usize,
    },
    /// There are more signatures than [`MAX_SIGNATURE_COUNT`].
    #[error("there are more than {MAX_SIGNATURE_COUNT} signatures: {} exists", .path.display())]
    #[non_exhaustive]
    TooManySignatures {
        /// The first signature too many.
        path: PathBuf,
    },
    /// The `version` file of a `dir` image is not what a program writes there.
    #[error("{} must contain `Directory Transport Version: MAJOR.MINOR`, a line feed, and nothing else", .path.display())]
    #[non_exhaustive]
    VersionInvalid {
        /// The path of the file.
        path: PathBuf,
    },
    /// A `dir` image is of a version that is not known.
    #[error("{} says version {found}, but only versions up to 1.2 are known", .path.display())]
    #[non_exhaustive]
    VersionUnknown {
        /// The path of the file.
        path: PathBuf,
        /// The version.
        found: String,
    },
    /// A manifest is not a readable list of instances.
    #[error("{} is not a readable manifest list: {reason}", .path.display())]
    #[non_exhaustive]
    ListInvalid {
        /// The path of the manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A [`KeyLoader`](crate::KeyLoader) does not have this key file.
    #[error("no key file {} was supplied", Quoted(.path))]
    #[non_exhaustive]
    NoSuchKey {
        /// Its path, as in the policy.
        path: String,
    },
    /// The manifest was asked for, of which only the digest is known.
    #[error("only the digest of the manifest is known")]
    DigestOnly,
    /// Another source's own error.
    #[error(transparent)]
    Other(Box<dyn StdError + Send + Sync>),
}

impl SourceError {
    /// A file or directory cannot be read.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source,
        }
    }

    /// There is something else where a file should be.
    pub fn not_a_file(path: impl Into<PathBuf>) -> Self {
        Self::NotAFile { path: path.into() }
    }

    /// There is something else where a directory should be.
    pub fn not_a_directory(path: impl Into<PathBuf>) -> Self {
        Self::NotADirectory { path: path.into() }
    }

    /// A file is larger than so many bytes.
    pub fn too_large(path: impl Into<PathBuf>, limit: usize) -> Self {
        Self::TooLarge {
            path: path.into(),
            limit,
        }
    }

    /// An error of a custom source.
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }

    /// That a [`KeyLoader`](crate::KeyLoader) has no key file of this path.
    pub fn no_such_key(path: impl Into<String>) -> Self {
        Self::NoSuchKey { path: path.into() }
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
            | Self::NoSuchKey { .. }
            | Self::DigestOnly
            | Self::Other(_) => false,
        }
    }

    /// The error that lies behind this one, to be downcast: that of a custom source or key loader itself.
    pub(crate) fn cause(&self) -> &(dyn StdError + 'static) {
        match self {
            Self::Other(error) => error.as_ref(),
            own => own,
        }
    }

    /// [`detail`](Self::detail), where the sentence around it names the file.
    pub(crate) fn detail_without_path(&self) -> String {
        match self {
            Self::Io { source, .. } => source.to_string(),
            Self::NotAFile { .. } => "it is not a regular file".to_owned(),
            Self::TooLarge { limit, .. } => format!("it is larger than {limit} bytes"),
            Self::NoSuchKey { .. } => "it was not supplied".to_owned(),
            _ => self.detail(),
        }
    }

    /// All that there is to say in one line: the sentences of this module name their causes, those of
    /// others need not.
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
