//! Which engine this is.

use crate::engine::EngineKind;

/// This engine.
pub(super) const KIND: EngineKind = EngineKind::Gpg;
