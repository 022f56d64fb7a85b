//! The engines that this crate knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::name::UnknownNameError;
use crate::text::parsed::from_text;

/// An engine of this crate, compiled in or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EngineKind {
    /// The system's GnuPG through libgpgme: feature `gpgme`.
    Gpgme,
    /// The system's GnuPG as a child process: feature `gpg`.
    Gpg,
    /// Without an OpenPGP library, on permissively licensed mathematics: feature `native`.
    Native,
    /// sequoia-openpgp: feature `sequoia-rust`, or `sequoia`.
    Sequoia,
}

impl EngineKind {
    /// The order in which engines are tried by default: the system's GnuPG, which its distribution
    /// maintains, through libgpgme or by itself, then those that need nothing from the system. Of these, native comes
    /// before sequoia: they judge by the same rules, native calculates with more keys, and it is only there where it was
    /// asked for, while sequoia is there by default.
    pub const DEFAULT_ORDER: &'static [Self] =
        &[Self::Gpgme, Self::Gpg, Self::Native, Self::Sequoia];

    /// The engine's name, as a user would write it: `gpgme`, `gpg`, `native` or `sequoia`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpgme => "gpgme",
            Self::Gpg => "gpg",
            Self::Native => "native",
            Self::Sequoia => "sequoia",
        }
    }

    /// The engine of that name, if there is one.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::DEFAULT_ORDER
            .iter()
            .copied()
            .find(|kind| kind.name() == name)
    }

    /// The feature of this crate that builds the engine.
    #[must_use]
    pub fn feature(self) -> &'static str {
        match self {
            Self::Gpgme => "gpgme",
            Self::Gpg => "gpg",
            Self::Native => "native",
            Self::Sequoia => "sequoia-rust",
        }
    }

    /// Whether the engine runs the system's GnuPG.
    pub(crate) fn runs_gnupg(self) -> bool {
        matches!(self, Self::Gpgme | Self::Gpg)
    }

    /// Whether the engine is in this build.
    #[must_use]
    pub fn is_compiled_in(self) -> bool {
        match self {
            Self::Gpgme => cfg!(feature = "gpgme"),
            Self::Gpg => cfg!(feature = "gpg"),
            Self::Native => cfg!(feature = "_native"),
            Self::Sequoia => cfg!(feature = "sequoia"),
        }
    }
}

/// An engine by its [name](EngineKind::name).
impl FromStr for EngineKind {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| {
            let known = Self::DEFAULT_ORDER.iter().map(|kind| kind.name());
            UnknownNameError::new("engine", name, known)
        })
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for EngineKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for EngineKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}
