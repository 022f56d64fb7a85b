//! Public keys of those who sign images, and of logs: read from PEM, compared by what they are, and asked about signatures.

use super::crypto;
use super::facts::{KeyAlgorithm, KeyId};
use super::pem;
use super::spki::{KeyMaterial, SpkiError};
use crate::mathematics::Hash;
use crate::text::content::Content;
use crate::text::quote::Quoted;
use crate::text::recognise::recognise;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    material: KeyMaterial,
    spki: Vec<u8>,
}

/// Why bytes hold no public key that can be used: a part of a sentence after the name of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PublicKeyError {
    /// There is no block of PEM.
    #[error("it is {found}, and not a public key in PEM (`-----BEGIN PUBLIC KEY-----`)")]
    NotPem {
        /// What it is.
        found: Content,
    },
    /// The first block of PEM is not a public key.
    #[error(
        "it is {found}, and not a public key: its first block of PEM is {}, where `PUBLIC KEY` was expected",
        Quoted(.label)
    )]
    OtherPem {
        /// What it is.
        found: Content,
        /// What the block says that it is.
        label: String,
    },
    /// The block is no key.
    #[error("it is not a valid public key: {0}")]
    Malformed(#[from] SpkiError),
    /// The key of a log, which is not one for ECDSA.
    #[error("it is a key for {found}, and only keys for ECDSA are those of a Rekor log")]
    NotOfLog {
        /// What it is for.
        found: KeyAlgorithm,
    },
}

impl PublicKeyError {
    /// What the bytes are instead, if they are something else than a public key.
    pub(crate) fn content(&self) -> Option<&Content> {
        match self {
            Self::NotPem { found } | Self::OtherPem { found, .. } => Some(found),
            Self::Malformed(_) | Self::NotOfLog { .. } => None,
        }
    }
}

impl PublicKey {
    /// Reads a key file, as cosign's `cryptoutils.UnmarshalPEMToPublicKey` does: the first well-formed block of PEM decides,
    /// whatever is around it. It is a `PUBLIC KEY` (RFC 5280, section 4.1.2.7) or an `RSA PUBLIC KEY` (PKCS #1).
    ///
    /// Keys of a kind by which nothing can be verified are read too: see [`is_usable`](Self::is_usable).
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] for anything else, which says what it is instead.
    pub(crate) fn from_pem(bytes: &[u8]) -> Result<Self, PublicKeyError> {
        let block = pem::blocks(bytes)
            .next()
            .ok_or_else(|| PublicKeyError::NotPem {
                found: recognise(bytes),
            })?;
        let material = match block.label {
            b"PUBLIC KEY" => KeyMaterial::from_spki(&block.contents)?,
            b"RSA PUBLIC KEY" => KeyMaterial::from_pkcs1(&block.contents)?,
            _ => {
                let from_block = bytes.get(block.range.clone()).unwrap_or_default();
                return Err(PublicKeyError::OtherPem {
                    found: recognise(from_block),
                    label: block.label_text(),
                });
            }
        };
        Ok(Self::of(material))
    }

    /// Reads the key file of a Rekor log, which has to be a key for ECDSA.
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem), and [`PublicKeyError::NotOfLog`].
    pub(crate) fn log_from_pem(bytes: &[u8]) -> Result<Self, PublicKeyError> {
        let key = Self::from_pem(bytes)?;
        match key.algorithm() {
            found if found.is_ecdsa() => Ok(key),
            found => Err(PublicKeyError::NotOfLog { found }),
        }
    }

    /// The key with these numbers.
    pub(crate) fn of(material: KeyMaterial) -> Self {
        let spki = material.to_spki();
        Self { material, spki }
    }

    /// Its numbers.
    pub(crate) fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// What it is for.
    pub(crate) fn algorithm(&self) -> KeyAlgorithm {
        self.material.algorithm()
    }

    /// Which key it is.
    pub(crate) fn key_id(&self) -> KeyId {
        KeyId::of(&self.spki)
    }

    /// The key as a `SubjectPublicKeyInfo` in DER, written anew: two files with the same key have the same.
    pub(crate) fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// Whether it is of a kind by which signatures are verified: ECDSA, RSA or Ed25519. A key among the candidates that is
    /// not spoils them all, as with containers/image: so people find out before they need it.
    pub(crate) fn is_usable(&self) -> bool {
        !matches!(self.material, KeyMaterial::Unusable(..))
    }

    /// Whether nothing verifies by this key though its kind would do: an RSA key that is too small, or has an exponent that
    /// none should have. It spoils nothing.
    pub(crate) fn is_too_weak(&self) -> bool {
        match &self.material {
            KeyMaterial::Rsa { modulus, exponent } => !crypto::is_rsa_usable(modulus, exponent),
            _ => false,
        }
    }

    /// Whether this key has made the signature over the message: the hash is SHA-256 whatever the key, RSA is by PKCS #1
    /// version 1.5, ECDSA in DER or as two halves, and Ed25519 over the message itself.
    pub(crate) fn verify(&self, signature: &[u8], message: &[u8]) -> bool {
        match &self.material {
            KeyMaterial::Ecdsa { curve, point } => crypto::ecdsa(*curve, point, signature, message),
            KeyMaterial::Rsa { modulus, exponent } => {
                crypto::rsa_pkcs1(modulus, exponent, signature, Hash::Sha256, message)
            }
            KeyMaterial::Ed25519(public) => crypto::ed25519(public, signature, message),
            KeyMaterial::Unusable(..) => false,
        }
    }

    /// Whether this key, of a log, has made the signature over the message: ECDSA in strict DER over SHA-256, and nothing else.
    pub(crate) fn verify_as_log(&self, signature: &[u8], message: &[u8]) -> bool {
        match &self.material {
            KeyMaterial::Ecdsa { curve, point } => {
                crypto::ecdsa_in_der(*curve, point, signature, Hash::Sha256, message)
            }
            _ => false,
        }
    }
}
