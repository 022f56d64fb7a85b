//! Which engine this is, and which others there are.

use crate::engine::EngineKind;

/// This engine.
pub(super) const KIND: EngineKind = EngineKind::Sequoia;

/// The engines that run GnuPG.
pub(super) const GNUPG: &[EngineKind] = &[EngineKind::Gpgme, EngineKind::Gpg];
