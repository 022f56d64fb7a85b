//! Where the bytes of images come from.

pub(crate) mod contract;
pub(crate) mod dir;
pub(crate) mod error;
mod indexed;
pub(crate) mod memory;

pub(crate) use self::contract::Source;
pub(crate) use self::error::SourceError;
pub use self::indexed::{ChosenInstance, IndexedImage, IndexedImageError};
use crate::digest::MAX_MANIFEST_SIZE;

/// The largest signature that is read, in bytes: containers/image's limit for signatures in lookaside storage (4 MiB).
pub const MAX_SIGNATURE_SIZE: usize = 4 * 1024 * 1024;

/// The most signatures of one image that are read: containers/image's limit for lookaside storage.
pub const MAX_SIGNATURE_COUNT: usize = 128;

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
            Self::Manifest => MAX_MANIFEST_SIZE,
            Self::Signature => MAX_SIGNATURE_SIZE,
            // It holds one short line.
            Self::Version => 1024,
        }
    }
}
