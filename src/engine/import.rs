//! What goes into an import of keys, and what comes of it.

use std::sync::Arc;

use super::keyring::Keyring;
use super::kind::EngineKind;
use super::refusal::not_supported;
use super::trusted_key::TrustedKey;
use crate::text::content::Content;
use crate::text::recognise::recognise;

/// The content of one key file, or of a policy's `keyData`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KeyMaterial<'a> {
    /// Where it comes from, for messages: a path, or `keyData`.
    pub origin: &'a str,
    /// The bytes: an OpenPGP keyring, binary or ASCII-armored.
    pub bytes: &'a [u8],
}

impl<'a> KeyMaterial<'a> {
    /// The content of one key file or `keyData`, and where it comes from.
    #[must_use]
    pub fn new(origin: &'a str, bytes: &'a [u8]) -> Self {
        Self { origin, bytes }
    }
}

/// What came of reading keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    /// The keyring that trusts these keys and no others.
    pub keyring: Arc<dyn Keyring>,
    /// The keys that it trusts; empty if nothing in the input could be used.
    pub keys: Vec<TrustedKey>,
    /// What was skipped, and why.
    pub warnings: Vec<KeyWarning>,
}

impl Import {
    /// What came of reading keys: a keyring that trusts `keys` and no others, and what was skipped.
    #[must_use]
    pub fn new(
        keyring: Arc<dyn Keyring>,
        keys: Vec<TrustedKey>,
        warnings: Vec<KeyWarning>,
    ) -> Self {
        Self {
            keyring,
            keys,
            warnings,
        }
    }
}

/// Something in a key file that was skipped.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum KeyWarning {
    /// A whole key file (or `keyData`) in which no OpenPGP key was found.
    #[error("{}", no_key(.origin, .detail, .found))]
    #[non_exhaustive]
    NoKeyFound {
        /// Where it was read from.
        origin: String,
        /// What it is instead, or what the engine said.
        detail: String,
        /// What it is instead, if that is recognised.
        #[serde(skip_serializing_if = "Option::is_none")]
        found: Option<Content>,
    },
    /// A key file (or `keyData`) of a requirement `sigstoreSigned` that holds no public key in PEM, or none that can be
    /// used there. No engine reads these.
    #[error("{origin}: {detail}")]
    #[non_exhaustive]
    NoPublicKey {
        /// Where it was read from.
        origin: String,
        /// What is wrong with it.
        detail: String,
        /// What it is instead, if that is recognised.
        #[serde(skip_serializing_if = "Option::is_none")]
        found: Option<Content>,
    },
    /// One certificate among others that the engine cannot use.
    #[error("{origin} contains a key that cannot be used ({}): {detail}", .key.as_deref().unwrap_or("no fingerprint"))]
    #[non_exhaustive]
    UnusableKey {
        /// Where it was read from.
        origin: String,
        /// The key's fingerprint or key ID, if the engine got that far.
        key: Option<String>,
        /// What the engine said.
        detail: String,
    },
    /// One certificate that this engine cannot use, because of an algorithm, a curve, a key size or a
    /// version. Signatures by it are answered with [`Refusal::UnsupportedSignature`](super::Refusal::UnsupportedSignature).
    #[error("{origin} contains a key that the engine {engine} cannot use ({}): {}", .key.as_deref().unwrap_or("no fingerprint"), not_supported(.what, .engine, .supported_by))]
    #[non_exhaustive]
    UnsupportedKey {
        /// Where it was read from.
        origin: String,
        /// The key's fingerprint or key ID, if the engine got that far.
        key: Option<String>,
        /// What is not supported: `ECDSA on secp256k1`, `keys of version 3`.
        what: String,
        /// The engine's name.
        engine: String,
        /// The engines of this crate that support it; empty if none does.
        supported_by: Vec<EngineKind>,
    },
    /// A part of a key file (or of `keyData`) that is not read, as GnuPG does not read it.
    #[error("{origin} is only partly read: {detail}")]
    #[non_exhaustive]
    NotRead {
        /// Where it was read from.
        origin: String,
        /// Which part, and why; in ASCII armor, with the line.
        detail: String,
    },
    /// More of a key file than the warnings before this one tell.
    #[error("{origin} contains {count} more keys or parts that cannot be used")]
    #[non_exhaustive]
    More {
        /// Where it was read from.
        origin: String,
        /// How many more.
        count: usize,
    },
}

impl KeyWarning {
    /// That no OpenPGP key was found in `material`: it says what that is instead, if it is recognised, else what the engine
    /// says.
    #[must_use]
    pub fn no_key_found(material: &KeyMaterial<'_>, detail: impl Into<String>) -> Self {
        let found = recognise(material.bytes);
        let found =
            (!found.is_openpgp_key() && !holds_armored_key(material.bytes)).then_some(found);
        Self::NoKeyFound {
            origin: material.origin.to_owned(),
            detail: match &found {
                Some(found) => format!("it is {found}"),
                None => detail.into(),
            },
            found,
        }
    }

    /// That `origin` holds no public key in PEM, or none that can be used: `detail` is a sentence about it, `found` what it is
    /// instead, if that is recognised.
    #[must_use]
    pub fn no_public_key(
        origin: impl Into<String>,
        detail: impl Into<String>,
        found: Option<Content>,
    ) -> Self {
        Self::NoPublicKey {
            origin: origin.into(),
            detail: detail.into(),
            found,
        }
    }

    /// That a certificate in `origin` cannot be used, with its fingerprint or key ID, if the engine got that far.
    #[must_use]
    pub fn unusable_key(
        origin: impl Into<String>,
        key: Option<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self::UnusableKey {
            origin: origin.into(),
            key,
            detail: detail.into(),
        }
    }

    /// That the engine of this name does not support `what` a certificate in `origin` needs, such as `ECDSA on secp256k1`,
    /// and which engines of this crate do.
    #[must_use]
    pub fn unsupported_key(
        origin: impl Into<String>,
        key: Option<String>,
        what: impl Into<String>,
        engine: impl Into<String>,
        supported_by: impl Into<Vec<EngineKind>>,
    ) -> Self {
        Self::UnsupportedKey {
            origin: origin.into(),
            key,
            what: what.into(),
            engine: engine.into(),
            supported_by: supported_by.into(),
        }
    }

    /// That a part of `origin` is not read, which one and why.
    #[must_use]
    pub fn not_read(origin: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::NotRead {
            origin: origin.into(),
            detail: detail.into(),
        }
    }

    /// That there is as much more of `origin` to warn of.
    #[must_use]
    pub fn more(origin: impl Into<String>, count: usize) -> Self {
        Self::More {
            origin: origin.into(),
            count,
        }
    }

    /// What a key file without keys is instead, if that is recognised.
    #[must_use]
    pub fn found(&self) -> Option<&Content> {
        match self {
            Self::NoKeyFound { found, .. } | Self::NoPublicKey { found, .. } => found.as_ref(),
            _ => None,
        }
    }

    /// The key file (or `keyData`) that it is about.
    #[must_use]
    pub fn origin(&self) -> &str {
        match self {
            Self::NoKeyFound { origin, .. }
            | Self::NoPublicKey { origin, .. }
            | Self::UnusableKey { origin, .. }
            | Self::UnsupportedKey { origin, .. }
            | Self::NotRead { origin, .. }
            | Self::More { origin, .. } => origin,
        }
    }
}

fn no_key(origin: &str, detail: &str, found: &Option<Content>) -> String {
    match found {
        Some(found) if *found != Content::Empty => {
            format!("{origin} is {found}, and no OpenPGP key")
        }
        _ => format!("{origin} contains no OpenPGP key: {detail}"),
    }
}

/// Whether a line of the file begins an armored key, wherever it is.
fn holds_armored_key(file: &[u8]) -> bool {
    file.split(|byte| *byte == b'\n').any(|line| {
        line.starts_with(b"-----BEGIN PGP P") || line.starts_with(b"-----BEGIN PGP SEC")
    })
}
