//! What else a person should know.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::file::path_as_text;
use crate::text::quote::visible;
use crate::text::sentences::{self, WithSentences};

/// What else a person should know about a verdict.
///
/// `Display` is one lower-case sentence, [`Note::code`] the stable word for programs. As JSON an object with `code`,
/// `message` and the note's own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
// The derived function is `Note::serialize`; the trait's, below, adds the sentence to it.
#[serde(remote = "Self", tag = "code", rename_all = "kebab-case")]
pub enum Note {
    /// A key file is not any more what it was when its keys were read.
    #[non_exhaustive]
    KeyFileChanged {
        /// The file, as it was opened.
        #[serde(serialize_with = "path_as_text")]
        path: PathBuf,
    },
    /// The manifest's bytes were not read: its digest is the caller's word.
    DigestGiven,
}

impl Note {
    /// The stable word for this note, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyFileChanged { .. } => "key-file-changed",
            Self::DigestGiven => "digest-given",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyFileChanged { path } => write!(
                f,
                "the key file {} has changed since it was read; reload the keys",
                visible(&path.to_string_lossy())
            ),
            Self::DigestGiven => {
                f.write_str("the manifest was not read: its digest is the word of whoever asked")
            }
        }
    }
}

impl WithSentences for Note {
    fn members<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Note::serialize(self, serializer)
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sentences::serialize(self, serializer)
    }
}

/// The sentence is derived, and not read.
impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}
