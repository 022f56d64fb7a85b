//! The engines of this build.

use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, EngineKind, Sequoia, select};

/// An engine that several verifiers use.
pub type Shared = Arc<dyn Engine>;

/// Those that calculate in this process.
pub fn in_process() -> Vec<Shared> {
    vec![
        Arc::new(Sequoia::new()) as Shared,
        #[cfg(feature = "native")]
        Arc::new(containers_sigpolicy::engine::Native::new()),
    ]
}

/// Those that run gpg, where it works.
pub fn on_gnupg() -> Vec<Shared> {
    [EngineKind::Gpgme, EngineKind::Gpg]
        .into_iter()
        .filter(|kind| kind.is_compiled_in())
        .map(|kind| select(&[kind]).expect("a gpg that works").engine)
        .collect()
}
