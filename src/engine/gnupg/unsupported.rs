//! What GnuPG cannot check, and which other engine could.

use crate::engine::{CryptoPolicy, EngineKind, KeyWarning, Refusal};
use crate::fingerprint::KeyHandle;

/// An algorithm, a curve or a version that GnuPG does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsupported {
    what: String,
    supported_by: &'static [EngineKind],
}

impl Unsupported {
    /// What no engine supports.
    pub(super) fn by_all(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            supported_by: &[],
        }
    }

    /// Signatures or keys of a version of OpenPGP. Version 6 (RFC 9580) counts under the standard
    /// cryptographic policy.
    pub(super) fn version(of_what: &str, version: u8, policy: CryptoPolicy) -> Self {
        let what = format!("{of_what} of version {version}");
        match (version, policy) {
            (6, CryptoPolicy::Standard) => Self {
                what,
                supported_by: &[EngineKind::Sequoia],
            },
            _ => Self::by_all(what),
        }
    }

    /// The answer to a signature that needs it.
    pub(super) fn refusal(&self, engine: EngineKind, key: Option<KeyHandle>) -> Refusal {
        Refusal::UnsupportedSignature {
            key,
            what: self.what.clone(),
            engine: engine.name().to_owned(),
            supported_by: self.supported_by.to_vec(),
        }
    }

    /// What is said of a key that needs it.
    pub(super) fn warning(
        &self,
        engine: EngineKind,
        origin: String,
        key: Option<String>,
    ) -> KeyWarning {
        KeyWarning::UnsupportedKey {
            origin,
            key,
            what: self.what.clone(),
            engine: engine.name().to_owned(),
            supported_by: self.supported_by.to_vec(),
        }
    }
}
