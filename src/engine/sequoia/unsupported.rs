//! What this engine cannot check, and which other engine could.

use crate::engine::{EngineKind, KeyWarning, Refusal};
use crate::fingerprint::KeyHandle;

/// This engine's name.
pub(super) const ENGINE: &str = "sequoia";

/// The engines that run GnuPG.
const GNUPG: &[EngineKind] = &[EngineKind::Gpgme, EngineKind::Gpg];

/// An algorithm, a curve, a key size or a version that this engine does not know, or that this build
/// cannot calculate with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

    /// What the engines that run GnuPG support.
    pub(super) fn but_by_gnupg(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            supported_by: GNUPG,
        }
    }

    /// The answer to a signature that needs it.
    pub(super) fn refusal(&self, key: Option<KeyHandle>) -> Refusal {
        Refusal::UnsupportedSignature {
            key,
            what: self.what.clone(),
            engine: ENGINE.to_owned(),
            supported_by: self.supported_by.to_vec(),
        }
    }

    /// What is said of a key that needs it.
    pub(super) fn warning(&self, origin: String, key: Option<String>) -> KeyWarning {
        KeyWarning::UnsupportedKey {
            origin,
            key,
            what: self.what.clone(),
            engine: ENGINE.to_owned(),
            supported_by: self.supported_by.to_vec(),
        }
    }
}
