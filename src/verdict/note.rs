//! What else a person should know.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

/// What else a person should know about a verdict. As text and as JSON, a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A key file is not any more what it was when its keys were read.
    #[non_exhaustive]
    KeyFileChanged {
        /// The file, as it was opened.
        path: PathBuf,
    },
    /// The manifest's bytes were not read: its digest is the caller's word.
    DigestGiven,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyFileChanged { path } => write!(
                f,
                "the key file {} has changed since it was read; reload the keys",
                path.display()
            ),
            Self::DigestGiven => {
                f.write_str("the manifest was not read: its digest is the word of whoever asked")
            }
        }
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
