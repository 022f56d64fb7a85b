//! The engines of this build.

use std::sync::Arc;

#[cfg(any(feature = "native", feature = "native-openssl"))]
use containers_sigpolicy::engine::Native;
use containers_sigpolicy::engine::{Engine, EngineKind, Sequoia, select};

/// An engine that several verifiers use.
pub type Shared = Arc<dyn Engine>;

/// An engine that calculates in this process, by the feature that has it.
pub struct InProcess {
    pub name: &'static str,
    pub engine: Shared,
}

/// Those that calculate in this process.
pub fn in_process() -> Vec<InProcess> {
    vec![
        InProcess {
            name: "sequoia",
            engine: Arc::new(Sequoia::new()),
        },
        #[cfg(feature = "native")]
        InProcess {
            name: "native",
            engine: Arc::new(Native::rust_crypto()),
        },
        #[cfg(feature = "native-openssl")]
        InProcess {
            name: "native-openssl",
            engine: Arc::new(Native::openssl()),
        },
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
