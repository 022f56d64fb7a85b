//! Which algorithms are good enough: the cryptographic policies, and the table of their rules that every engine reads.

#[cfg(feature = "_openpgp")]
pub(super) mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::name::UnknownNameError;
use crate::text::parsed::from_text;

/// Which algorithms are good enough for a signature to count.
///
/// | | `standard` | `gnupg` |
/// |---|---|---|
/// | MD5 | no | no |
/// | SHA-1, RIPEMD-160 | no | yes |
/// | SHA-224, SHA-256, SHA-384, SHA-512, SHA3-256, SHA3-512 | yes | yes |
/// | RSA | from 2048 bits | from 1024 bits |
/// | DSA | from 2048 bits, until 2030-02-01 (UTC) | from 1024 bits |
/// | ECDSA, EdDSA on NIST P-256, P-384 and P-521, the Brainpool curves, Ed25519, secp256k1 | yes | yes |
/// | the same on other curves | no | yes |
/// | Ed25519, Ed448 and post-quantum signatures of RFC 9580 and RFC 9980 | yes | no, as they need version 6 |
/// | keys of version 6 (RFC 9580) | yes | no |
///
/// The hash is that of the signature over the image, the key both the one that signed and its primary key. What the
/// table refuses is refused as `weak-algorithm`, keys of version 6 as `unsupported-signature`. "Yes" needs an engine
/// that can calculate with the algorithm: each has limits of its own. No rule but the end of DSA depends on the clock.
///
/// In a key's own signatures SHA-1 and RIPEMD-160 count under either policy, and MD5 under none.
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

impl<'de> Deserialize<'de> for CryptoPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}
