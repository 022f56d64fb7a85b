//! What is said of keys and of log entries: in reports and in refusals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::clock::Moment;
use crate::digest::Digest;
use crate::text::quote::Quoted;

/// How many digits a [`KeyId`] has: those of SHA-256.
const KEY_ID_DIGITS: usize = 64;

/// What tells one public key from another: the SHA-256 of its `SubjectPublicKeyInfo` in DER (RFC 5280, section 4.1), in
/// lower-case hexadecimal digits. A Rekor log is known by that of its key, as its `logID`.
///
/// `openssl pkey -pubin -in cosign.pub -outform DER | sha256sum` shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// Its 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// That of the key with this `SubjectPublicKeyInfo`.
    pub(crate) fn of(spki: &[u8]) -> Self {
        Self(Digest::of(spki).hex().to_owned())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_digit = |octet: u8| octet.is_ascii_digit() || matches!(octet, b'a'..=b'f');
        if text.len() == KEY_ID_DIGITS && text.bytes().all(is_digit) {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(format!(
                "{} is not the SHA-256 of a key",
                Quoted(&text)
            )))
        }
    }
}

/// What a public key of sigstore is for.
///
/// As text and as JSON its name: `ECDSA P-256`, `RSA 2048`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// ECDSA on NIST's curve P-224.
    EcdsaP224,
    /// ECDSA on NIST's curve P-256, as cosign makes.
    EcdsaP256,
    /// ECDSA on NIST's curve P-384.
    EcdsaP384,
    /// ECDSA on NIST's curve P-521.
    EcdsaP521,
    /// Ed25519.
    Ed25519,
    /// RSA.
    #[non_exhaustive]
    Rsa {
        /// How many bits the modulus has.
        bits: usize,
    },
    /// X25519, by which nobody signs.
    X25519,
    /// DSA, which sigstore does not use.
    Dsa,
    /// Another one, which is not known here.
    Unknown,
}

impl KeyAlgorithm {
    /// Whether it is ECDSA, as that of the keys of Rekor logs has to be.
    #[must_use]
    pub fn is_ecdsa(self) -> bool {
        matches!(
            self,
            Self::EcdsaP224 | Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521
        )
    }

    /// Those with a name that says all.
    const NAMED: [(Self, &'static str); 8] = [
        (Self::EcdsaP224, "ECDSA P-224"),
        (Self::EcdsaP256, "ECDSA P-256"),
        (Self::EcdsaP384, "ECDSA P-384"),
        (Self::EcdsaP521, "ECDSA P-521"),
        (Self::Ed25519, "Ed25519"),
        (Self::X25519, "X25519"),
        (Self::Dsa, "DSA"),
        (Self::Unknown, "unknown"),
    ];
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Rsa { bits } = self {
            return write!(f, "RSA {bits}");
        }
        let named = Self::NAMED.iter().find(|(algorithm, _)| algorithm == self);
        f.write_str(named.map_or("unknown", |(_, name)| name))
    }
}

impl Serialize for KeyAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = Self::NAMED.iter().find(|(_, name)| *name == text);
        let rsa = || {
            let bits = usize::from_str(text.strip_prefix("RSA ")?).ok()?;
            // No other way to write the number.
            Some(Self::Rsa { bits }).filter(|rsa| rsa.to_string() == text)
        };
        named
            .map(|(algorithm, _)| *algorithm)
            .or_else(rsa)
            .ok_or_else(|| de::Error::custom(format!("{} is not a known algorithm", Quoted(&text))))
    }
}

/// A public key of the policy: which one it is, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyReference {
    /// Which key it is. Of a Rekor log, this is the log's id.
    pub key_id: KeyId,
    /// The file it was read from, or the member of the policy that holds it, `keyData`.
    pub origin: String,
}

impl KeyReference {
    /// A key of this id, from there.
    pub(crate) fn new(key_id: KeyId, origin: impl Into<String>) -> Self {
        Self {
            key_id,
            origin: origin.into(),
        }
    }
}

impl fmt::Display for KeyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.key_id, self.origin)
    }
}

/// That a Rekor log has recorded a signature: a promise that the log signed, and that was verified.
///
/// It says when the log saw the signature, which is not when it was made; and it makes no signature new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// The key of the log, among those of the policy.
    pub log: KeyReference,
    /// The number of the entry in the log.
    pub index: i64,
    /// When the log recorded it, by its own clock; it may be a time that no calendar has.
    #[serde(deserialize_with = "recorded_time")]
    pub integrated_time: Moment,
    /// Whether it is proven that the entry is in the log's tree, and not only that the log promised to put it there. Only bundles
    /// can prove it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub inclusion_proven: bool,
}

/// Reads a time as it is written, also one of which nothing is written but that no calendar has it.
fn recorded_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    /// A second long after the year 9999.
    const FAR_AWAY: u64 = 1 << 53;
    let text = String::deserialize(deserializer)?;
    let far_away = Moment::from_unix(FAR_AWAY);
    if text == far_away.to_string() {
        return Ok(far_away);
    }
    text.parse().map_err(de::Error::custom)
}

impl LogEntry {
    /// What the log of this key has promised.
    #[cfg(feature = "sigstore")]
    pub(super) fn new(log: KeyReference, index: i64, integrated_time: Moment) -> Self {
        Self {
            log,
            index,
            integrated_time,
            inclusion_proven: false,
        }
    }
}

/// For members that say something only where they are true.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            index,
            integrated_time,
            ..
        } = self;
        write!(f, "logged {integrated_time} as entry {index}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_id_is_64_digits() {
        let id = KeyId::of(b"");
        assert_eq!(
            id.as_str(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<KeyId>(&json).unwrap(), id);
        for wrong in [id.as_str().to_uppercase(), "e3".to_owned(), "g".repeat(64)] {
            let json = serde_json::to_string(&wrong).unwrap();
            assert!(serde_json::from_str::<KeyId>(&json).is_err(), "{wrong}");
        }
    }

    #[test]
    fn algorithms_are_read_as_they_are_written() {
        let named = KeyAlgorithm::NAMED.map(|(algorithm, _)| algorithm);
        for algorithm in named.into_iter().chain([KeyAlgorithm::Rsa { bits: 2_048 }]) {
            let json = serde_json::to_string(&algorithm).unwrap();
            assert_eq!(json, format!("\"{algorithm}\""));
            assert_eq!(
                serde_json::from_str::<KeyAlgorithm>(&json).unwrap(),
                algorithm
            );
        }
        for wrong in ["RSA", "RSA 02048", "RSA +1", "ecdsa p-256", ""] {
            let json = format!("\"{wrong}\"");
            assert!(
                serde_json::from_str::<KeyAlgorithm>(&json).is_err(),
                "{wrong}"
            );
        }
    }
}
