//! Who owns a file that is trusted, and who else can write it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::file::path_as_text;
use crate::text::quote::visible;

/// Who owns a file, and what its mode is, on Unix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileAccess {
    /// The permissions, in the lowest twelve bits: `0o644`.
    pub mode: u32,
    /// The user whose file it is.
    pub owner: u32,
    /// The group whose file it is.
    pub group: u32,
    /// That somebody can write it, or replace it, who is neither this process's user nor root, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<Exposed>,
}

/// That a file can be changed by somebody who is neither this process's user nor root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exposed {
    /// What can be written: the file, or the folder that it is in.
    #[serde(serialize_with = "path_as_text")]
    pub path: PathBuf,
    /// Whether it is the folder: then the file can be replaced.
    pub is_folder: bool,
    /// The mode of that, in the lowest twelve bits.
    pub mode: u32,
    /// By whom.
    pub by: Writer,
}

/// Who can write something besides this process's user and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Writer {
    /// Every user of the machine.
    Everybody,
    /// The members of this group, by its number.
    Group(u32),
    /// The user with this number, whose it is.
    Owner(u32),
}

impl Exposed {
    pub(crate) fn new(path: &Path, is_folder: bool, mode: u32, by: Writer) -> Self {
        Self {
            path: path.to_owned(),
            is_folder,
            mode,
            by,
        }
    }

    /// The command that ends it.
    pub(crate) fn command(&self) -> String {
        let path = visible(&self.path.to_string_lossy());
        match self.by {
            Writer::Everybody | Writer::Group(_) => format!("chmod go-w {path}"),
            Writer::Owner(_) => format!("chown root {path}"),
        }
    }
}

/// A part of a sentence whose subject is the file or its folder: `can be written by everybody (mode 0666)`.
impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = self.mode;
        match self.by {
            Writer::Everybody => write!(f, "can be written by everybody (mode {mode:04o})"),
            Writer::Group(group) => {
                write!(f, "can be written by the group {group} (mode {mode:04o})")
            }
            Writer::Owner(owner) => write!(f, "belongs to the user {owner}, who can write it"),
        }
    }
}
