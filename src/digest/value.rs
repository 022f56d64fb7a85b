//! Content digests.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use thiserror::Error;

use crate::text::hex;
use crate::text::quote::Quoted;

/// A content digest, `algorithm:hexadecimal`: well-formed by construction.
///
/// The algorithms and their lengths are those of the OCI image specification, "Digests", as far as
/// containers/image knows them. Two digests are equal if their algorithms and values are; a digest and a text, if the
/// text is this digest as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    /// With the algorithm: `sha256:9f86d0…`.
    text: String,
}

/// The hash function of a [`Digest`]. As text and as JSON its name, `sha256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256, the one that manifests and signatures use.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Why a text is not a [`Digest`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DigestError {
    /// There is no `:` between algorithm and value, or nothing on one of its sides.
    #[error("{} is not a digest: it must have the form algorithm:hexadecimal, as in sha256:9f86d0…", Quoted(.found))]
    #[non_exhaustive]
    Shape {
        /// The whole text.
        found: String,
    },
    /// The algorithm is none of `sha256`, `sha384` and `sha512`, in lower case.
    #[error("the digest algorithm {} is not supported: it must be sha256, sha384 or sha512", Quoted(.found))]
    #[non_exhaustive]
    Algorithm {
        /// The text before the `:`.
        found: String,
    },
    /// The value has the wrong number of digits.
    #[error("a {algorithm} digest has {} hexadecimal digits, but this one has {found}", .algorithm.hex_length())]
    #[non_exhaustive]
    Length {
        /// The algorithm, which sets the length.
        algorithm: Algorithm,
        /// How many characters there are.
        found: usize,
    },
    /// The value holds a character other than `0`-`9` and `a`-`f`.
    #[error("a digest has only lower-case hexadecimal digits, but this one has {}", Quoted(.found.encode_utf8(&mut [0; 4])))]
    #[non_exhaustive]
    Character {
        /// The first such character.
        found: char,
    },
}

impl Digest {
    /// Reads a digest: `sha256:`, `sha384:` or `sha512:` and exactly as many lower-case hexadecimal digits as
    /// the algorithm yields.
    ///
    /// # Errors
    /// [`DigestError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (algorithm, hex) = match text.split_once(':') {
            Some((algorithm, hex)) if !algorithm.is_empty() && !hex.is_empty() => (algorithm, hex),
            _ => {
                return Err(DigestError::Shape {
                    found: text.to_owned(),
                });
            }
        };
        let Some(algorithm) = Algorithm::from_name(algorithm) else {
            return Err(DigestError::Algorithm {
                found: algorithm.to_owned(),
            });
        };
        if let Some(found) = hex
            .chars()
            .find(|character| !matches!(character, '0'..='9' | 'a'..='f'))
        {
            return Err(DigestError::Character { found });
        }
        if hex.len() != algorithm.hex_length() {
            return Err(DigestError::Length {
                algorithm,
                found: hex.len(),
            });
        }
        Ok(Self {
            algorithm,
            text: text.to_owned(),
        })
    }

    /// The SHA-256 digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::by(Algorithm::Sha256, bytes)
    }

    /// The digest of some bytes by this algorithm.
    pub(crate) fn by(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let digest = match algorithm {
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        };
        let text = format!("{algorithm}:{}", hex::lower(&digest));
        Self { algorithm, text }
    }

    /// The hash function.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The value in lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.text
            .split_once(':')
            .map_or("", |(_algorithm, hex)| hex)
    }

    /// The digest as it is written: `sha256:9f86d0…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Algorithm {
    /// The name in front of the `:`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    fn hex_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AsRef<str> for Digest {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<str> for Digest {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

impl PartialEq<&str> for Digest {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Digest {
    type Error = DigestError;

    /// The same as [`Digest::parse`].
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    /// The same as [`Digest::parse`].
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use super::{Algorithm, Digest, DigestError};

    #[test]
    fn known_algorithms_parse() {
        for (algorithm, length) in [
            (Algorithm::Sha256, 64),
            (Algorithm::Sha384, 96),
            (Algorithm::Sha512, 128),
        ] {
            let text = format!("{algorithm}:{}", "0a".repeat(length / 2));
            let digest = Digest::parse(&text).unwrap();
            assert_eq!(digest.to_string(), text);
            assert_eq!(digest.algorithm(), algorithm);
            assert_eq!(digest.hex(), "0a".repeat(length / 2));
            for wrong in [0, 1, length - 1, length + 1] {
                assert!(
                    Digest::parse(&format!("{algorithm}:{}", "a".repeat(wrong))).is_err(),
                    "{algorithm} {wrong}"
                );
            }
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let hex = "a".repeat(64);
        for (text, sentence) in [
            ("", "`` is not a digest: it must have the form algorithm:hexadecimal, as in sha256:9f86d0…".to_owned()),
            ("sha256", "`sha256` is not a digest: it must have the form algorithm:hexadecimal, as in sha256:9f86d0…".to_owned()),
            (":a", "`:a` is not a digest: it must have the form algorithm:hexadecimal, as in sha256:9f86d0…".to_owned()),
            ("sha256:", "`sha256:` is not a digest: it must have the form algorithm:hexadecimal, as in sha256:9f86d0…".to_owned()),
            ("md5:00", "the digest algorithm `md5` is not supported: it must be sha256, sha384 or sha512".to_owned()),
            (&format!("SHA256:{hex}"), "the digest algorithm `SHA256` is not supported: it must be sha256, sha384 or sha512".to_owned()),
            (&format!(" sha256:{hex}"), "the digest algorithm ` sha256` is not supported: it must be sha256, sha384 or sha512".to_owned()),
            ("sha256:abc", "a sha256 digest has 64 hexadecimal digits, but this one has 3".to_owned()),
            (&format!("sha256:{}", "A".repeat(64)), "a digest has only lower-case hexadecimal digits, but this one has `A`".to_owned()),
            (&format!("sha256:{}\n", "a".repeat(63)), "a digest has only lower-case hexadecimal digits, but this one has `\\n`".to_owned()),
            (&format!("sha256:{}é", "a".repeat(62)), "a digest has only lower-case hexadecimal digits, but this one has `é`".to_owned()),
        ] {
            assert_eq!(Digest::parse(text).unwrap_err().to_string(), sentence, "{text}");
        }
        assert_eq!(
            Digest::parse(&format!("sha1:{}", "a".repeat(40))),
            Err(DigestError::Algorithm {
                found: "sha1".to_owned()
            })
        );
    }

    #[test]
    fn of_is_sha_256() {
        assert_eq!(
            Digest::of(b"").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_digest_is_its_text() {
        let text = format!("sha512:{}", "0a".repeat(64));
        let digest = Digest::try_from(text.as_str()).unwrap();
        assert_eq!(Digest::try_from(text.clone()).unwrap(), digest);
        assert_eq!(digest.as_str(), text);
        assert_eq!(AsRef::<str>::as_ref(&digest), text);
        assert_eq!(digest, *text);
        assert_eq!(digest, text.as_str());
        for other in [
            "",
            "sha512:",
            &text.to_uppercase(),
            &text.replace("512", "256"),
        ] {
            assert_ne!(digest, other);
        }
        let error = Digest::parse("sha512:0a").unwrap_err();
        assert_eq!(Digest::try_from("sha512:0a").unwrap_err(), error);
        assert_eq!(Digest::try_from("sha512:0a".to_owned()).unwrap_err(), error);
    }

    #[test]
    fn serde_goes_through_text() {
        let digest = Digest::of(b"abc");
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(json, format!("\"{digest}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>("\"sha256:x\"").is_err());
    }
}
