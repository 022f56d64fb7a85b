//! What one engine cannot check, and which others could.

use crate::engine::{EngineKind, KeyWarning, Refusal};
use crate::fingerprint::KeyHandle;

/// An algorithm, a curve, a key size or a version that an engine does not know, or cannot calculate
/// with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) struct Unsupported {
    engine: EngineKind,
    what: String,
    supported_by: Vec<EngineKind>,
}

impl Unsupported {
    /// What neither `engine` nor any other supports.
    pub(in crate::engine) fn by_all(engine: EngineKind, what: impl Into<String>) -> Self {
        Self::but_by(engine, Vec::new(), what)
    }

    /// What `engine` does not support, and these others do, if there are any.
    pub(in crate::engine) fn but_by(
        engine: EngineKind,
        supported_by: impl Into<Vec<EngineKind>>,
        what: impl Into<String>,
    ) -> Self {
        Self {
            engine,
            what: what.into(),
            supported_by: supported_by.into(),
        }
    }

    /// The answer to a signature that needs it.
    pub(in crate::engine) fn refusal(&self, key: Option<KeyHandle>) -> Refusal {
        Refusal::UnsupportedSignature {
            key,
            what: self.what.clone(),
            engine: self.engine.name().to_owned(),
            supported_by: self.supported_by.clone(),
        }
    }

    /// The warning about a key that needs it.
    pub(in crate::engine) fn warning(&self, origin: String, key: Option<String>) -> KeyWarning {
        KeyWarning::UnsupportedKey {
            origin,
            key,
            what: self.what.clone(),
            engine: self.engine.name().to_owned(),
            supported_by: self.supported_by.clone(),
        }
    }
}
