//! What the tests of these rules have in common.

pub(super) mod crafted;

use super::Backend;
use crate::engine::EngineKind;

/// The mathematics of an engine of this build.
#[cfg(feature = "_native")]
pub(super) const BACKEND: &dyn Backend = crate::engine::native::BACKEND;
#[cfg(not(feature = "_native"))]
pub(super) const BACKEND: &dyn Backend = crate::engine::sequoia::BACKEND;

/// The engine that tests read key files for.
pub(super) const ENGINE: EngineKind = EngineKind::Sequoia;
