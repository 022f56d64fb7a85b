//! Where a policy is from.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{self, Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::digest::Digest;
use crate::text::quote::{Quoted, visible};

/// Where a policy is from, and which bytes it was read from: so that two machines can be compared.
///
/// `Display` is a part of a sentence: `/etc/containers/policy.json, the system's, sha256:9f86d0…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PolicyOrigin {
    /// Why it is this policy and not another.
    pub place: PolicyPlace,
    /// The file, if it is one: an absolute path, unless the working directory is not known. In JSON, whatever is not
    /// UTF-8 in it is replaced.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "path_as_text"
    )]
    pub file: Option<PathBuf>,
    /// The SHA-256 of the bytes as they were read. None for a policy that was made in code, and in the error for a
    /// file that could not be read whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The system's or the distribution's policy, if there is one that is not read because this one is the user's.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "path_as_text"
    )]
    pub shadows: Option<PathBuf>,
}

impl PolicyOrigin {
    /// Without a file, and not read yet.
    pub(crate) fn of(place: PolicyPlace) -> Self {
        Self {
            place,
            file: None,
            digest: None,
            shadows: None,
        }
    }

    /// Of a file that is not read yet.
    pub(super) fn of_file(place: PolicyPlace, file: &Path) -> Self {
        Self {
            // By text alone. There is no working directory to start from if somebody has removed it.
            file: Some(path::absolute(file).unwrap_or_else(|_| file.to_owned())),
            ..Self::of(place)
        }
    }

    /// The file's name, fit for a line of text.
    pub(super) fn file_name(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(visible(&file.to_string_lossy()))
    }
}

impl fmt::Display for PolicyOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = self.file_name() {
            write!(formatter, "{file}, ")?;
        }
        write!(formatter, "{}", self.place)?;
        match &self.digest {
            Some(digest) => write!(formatter, ", {digest}"),
            None => Ok(()),
        }
    }
}

/// Why a policy is the one that decides: the places where one can be, in the order in which
/// [`Policy::from_system`](super::Policy::from_system) looks.
///
/// As JSON the names in kebab-case, such as `xdg-config-home`; they are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum PolicyPlace {
    /// The program made it: [`Policy::new`](super::Policy::new), [`Policy::builder`](super::Policy::builder), or serde as a
    /// part of something else.
    Code,
    /// The program had its bytes: [`Policy::from_slice`](super::Policy::from_slice),
    /// [`Policy::from_reader`](super::Policy::from_reader).
    Bytes,
    /// The program or its user named the file: [`Policy::from_file`](super::Policy::from_file),
    /// [`SystemPaths::with_policy`](super::SystemPaths::with_policy).
    Explicit,
    /// The environment variable `CONTAINERS_POLICY_JSON` names it.
    ContainersPolicyJson,
    /// It is the user's, in the directory that the environment variable `XDG_CONFIG_HOME` names.
    XdgConfigHome,
    /// It is the user's, in the home directory that the environment variable `HOME` names.
    Home,
    /// It is the user's, in the home directory that the program named:
    /// [`SystemPaths::with_home`](super::SystemPaths::with_home).
    GivenHome,
    /// It is the user's, in the home directory that the user database names.
    UserDatabase,
    /// It is the administrator's: `/etc/containers/policy.json`.
    System,
    /// It is the distribution's: `/usr/share/containers/policy.json`.
    Vendor,
}

impl PolicyPlace {
    /// Whether a missing file there is not an error, so that the next place counts.
    pub(super) fn may_be_empty(self) -> bool {
        match self {
            Self::Code | Self::Bytes | Self::Explicit | Self::ContainersPolicyJson => false,
            Self::XdgConfigHome
            | Self::Home
            | Self::GivenHome
            | Self::UserDatabase
            | Self::System
            | Self::Vendor => true,
        }
    }
}

impl fmt::Display for PolicyPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Code => "made in code",
            Self::Bytes => "given as bytes",
            Self::Explicit => "named explicitly",
            Self::ContainersPolicyJson => "named by CONTAINERS_POLICY_JSON",
            Self::XdgConfigHome => "the user's, found via XDG_CONFIG_HOME",
            Self::Home => "the user's, found via HOME",
            Self::GivenHome => "the user's, found via the home directory that the program named",
            Self::UserDatabase => "the user's, found via the user database",
            Self::System => "the system's",
            Self::Vendor => "the distribution's",
        })
    }
}

/// Paths are bytes, and JSON is text.
fn path_as_text<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(serializer)
}

/// An environment variable that decides where the policy is, and what it holds.
///
/// `Display` is a clause: `HOME is unset`, ``HOME is `/root` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyVariable {
    /// Its name.
    pub name: &'static str,
    /// Its value; none if it is unset.
    pub value: Option<OsString>,
}

impl PolicyVariable {
    pub(super) fn new(name: &'static str, value: Option<&OsStr>) -> Self {
        Self {
            name,
            value: value.map(OsStr::to_owned),
        }
    }
}

impl fmt::Display for PolicyVariable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            None => write!(formatter, "{} is unset", self.name),
            Some(value) if value.is_empty() => write!(formatter, "{} is empty", self.name),
            Some(value) => {
                write!(
                    formatter,
                    "{} is {}",
                    self.name,
                    Quoted(&value.to_string_lossy())
                )
            }
        }
    }
}
