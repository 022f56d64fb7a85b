//! The engine without an OpenPGP library: the [rules](super::rules) on mathematics under permissive licences.

mod backend;

use crate::engine::rules::{self, Backend};
use crate::engine::{Engine, EngineError, EngineKind, Import, KeyMaterial, Settings};
use crate::mathematics;

/// The mathematics.
pub(in crate::engine) const BACKEND: &dyn Backend = &backend::On(mathematics::BEST);

/// The engine without an OpenPGP library, on permissively licensed mathematics.
///
/// It honours every clock and every cryptographic policy. It has no state: each
/// [`import`](Engine::import) makes a keyring of its own. What it needs is Rust alone, and none of it is copyleft.
///
/// It judges by the same rules as [`Sequoia`](crate::engine::EngineKind::Sequoia), and calculates with RustCrypto: RSA up
/// to 16384 bits with exponents up to 33 bits, DSA, ECDSA on the NIST curves and secp256k1, Ed25519 and Ed448. Keys that
/// it does not know or cannot calculate with, such as those on Brainpool and ML-DSA, it keeps as keys that it cannot use,
/// and answers their signatures with [`Refusal::UnsupportedSignature`](crate::engine::Refusal). Where it is stricter than
/// GnuPG is on record, with the reasons, in `testdata/conformance/divergences.json`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native {
    _private: (),
}

impl Native {
    /// The engine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Native {
    fn name(&self) -> &'static str {
        EngineKind::Native.name()
    }

    fn version(&self) -> String {
        format!(
            "containers-sigpolicy {} on {}",
            env!("CARGO_PKG_VERSION"),
            mathematics::BEST.name()
        )
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        rules::import(BACKEND, keys, settings)
    }
}
