//! Which algorithms are good enough.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::text::name::UnknownNameError;

/// Which algorithms are good enough for a signature to count.
///
/// Whatever the policy, MD5 never counts, not in a key's self-signatures either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CryptoPolicy {
    /// Today's judgement, as in sequoia's standard policy: a signature over SHA-1 or RIPEMD-160,
    /// and RSA and DSA keys below 2048 bits, are refused as `weak-algorithm`.
    #[default]
    Standard,
    /// What GnuPG 2.4 accepts: SHA-1 and RIPEMD-160 signatures and 1024-bit keys count; keys of
    /// version 6 (RFC 9580), which GnuPG does not read, do not.
    GnuPg,
}

impl CryptoPolicy {
    /// All of them, the default first.
    pub const ALL: &'static [Self] = &[Self::Standard, Self::GnuPg];

    /// The policy's name, as a user would write it: `standard` or `gnupg`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::GnuPg => "gnupg",
        }
    }

    /// The policy of that name, if there is one.
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::Standard),
            "gnupg-2.4" => Some(Self::GnuPg),
            _ => Self::ALL
                .iter()
                .copied()
                .find(|policy| policy.name() == name),
        }
    }
}

/// A policy by its [name](CryptoPolicy::name). `default` is understood as `standard`, and `gnupg-2.4` as `gnupg`.
impl FromStr for CryptoPolicy {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| {
            let known = Self::ALL.iter().map(|policy| policy.name());
            UnknownNameError::new("cryptographic policy", name, known)
        })
    }
}

impl fmt::Display for CryptoPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for CryptoPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
