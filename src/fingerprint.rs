//! How keys are named: fingerprints and key IDs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

#[cfg(feature = "_openpgp")]
use crate::text::hex;
use crate::text::parsed::from_text;

/// The fingerprint of an OpenPGP key: 40 hexadecimal digits for a version 4 key, 64 for a
/// version 6 key (RFC 9580, section 5.5.4), kept in upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint in upper-case hexadecimal digits, without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key ID, 16 digits: the last of a version 4 fingerprint, the first of a version 6 one (RFC 9580, section
    /// 5.5.4). It is shorter to read, and does not tell keys apart for sure.
    #[must_use]
    pub fn key_id(&self) -> &str {
        let key_id = match self.0.len() {
            40 => self.0.get(24..),
            _ => self.0.get(..16),
        };
        key_id.unwrap_or(&self.0)
    }

    /// The fingerprint in these octets; `None` if they are too few or too many.
    #[cfg(feature = "_rules")]
    pub(crate) fn of(octets: &[u8]) -> Option<Self> {
        matches!(octets.len(), 20 | 32).then(|| Self(hex::upper(octets)))
    }

    /// Whether the handle is this fingerprint, or its key ID.
    #[cfg(feature = "_gnupg")]
    pub(crate) fn is_named(&self, handle: &KeyHandle) -> bool {
        self.0 == handle.0 || self.key_id() == handle.as_str()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a fingerprint, in either case; spaces between the digits are ignored, as `gpg` prints
/// them.
impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = hexadecimal(text)?;
        match digits.len() {
            40 | 64 => Ok(Self(digits)),
            found => Err(FingerprintError::Length { found }),
        }
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

/// How a signature names the key that made it: a fingerprint, or the 16 hexadecimal digits of a
/// key ID (RFC 9580, sections 5.2.3.12 and 5.2.3.35).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyHandle(String);

impl KeyHandle {
    /// The handle in these octets; `None` if they are too few or too many.
    #[cfg(feature = "_openpgp")]
    pub(crate) fn of(octets: &[u8]) -> Option<Self> {
        matches!(octets.len(), 8 | 20 | 32).then(|| Self(hex::upper(octets)))
    }

    /// The handle in upper-case hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a fingerprint or a key ID, in either case.
impl FromStr for KeyHandle {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = hexadecimal(text)?;
        match digits.len() {
            16 | 40 | 64 => Ok(Self(digits)),
            found => Err(FingerprintError::Length { found }),
        }
    }
}

impl<'de> Deserialize<'de> for KeyHandle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer)
    }
}

impl From<Fingerprint> for KeyHandle {
    fn from(fingerprint: Fingerprint) -> Self {
        Self(fingerprint.0)
    }
}

/// Why a text is neither a fingerprint nor a key ID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FingerprintError {
    /// A character that is not a hexadecimal digit.
    #[error("{found:?} is not a hexadecimal digit")]
    #[non_exhaustive]
    Digit {
        /// The character.
        found: char,
    },
    /// A number of digits that no key has.
    #[error("{found} hexadecimal digits do not name an OpenPGP key")]
    #[non_exhaustive]
    Length {
        /// How many digits there are.
        found: usize,
    },
}

fn hexadecimal(text: &str) -> Result<String, FingerprintError> {
    text.chars()
        .filter(|character| *character != ' ')
        .map(|character| match character {
            digit if digit.is_ascii_hexdigit() => Ok(digit.to_ascii_uppercase()),
            found => Err(FingerprintError::Digit { found }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_kept_in_upper_case() {
        let text = "d8aa bb11 2233 4455 6677 8899 aabb ccdd eeff 0011";
        let fingerprint: Fingerprint = text.parse().unwrap();
        assert_eq!(
            fingerprint.as_str(),
            "D8AABB112233445566778899AABBCCDDEEFF0011"
        );
    }

    #[test]
    fn a_key_id_is_a_handle_and_no_fingerprint() {
        assert!("0123456789abcdef".parse::<KeyHandle>().is_ok());
        assert_eq!(
            "0123456789abcdef".parse::<Fingerprint>(),
            Err(FingerprintError::Length { found: 16 })
        );
        assert_eq!(
            "0123456789abcdeg".parse::<KeyHandle>(),
            Err(FingerprintError::Digit { found: 'g' })
        );
    }
}
