//! The engine on [sequoia-openpgp](https://docs.rs/sequoia-openpgp), which needs nothing from
//! the system when it is built with sequoia's pure-Rust cryptography.
//!
//! Sequoia does the cryptography. Which signatures there are, and what a message's structure, a key's expiry, flags and
//! revocations mean is decided by the [rules](super::rules), since GnuPG is the reference and the two differ.

mod backend;
#[cfg(test)]
mod tests;

use sequoia_openpgp as openpgp;

use crate::engine::rules::{self, Backend};
use crate::engine::{Engine, EngineError, EngineKind, Import, KeyMaterial, Settings};

/// Sequoia's mathematics.
pub(in crate::engine) const BACKEND: &dyn Backend = &backend::Mathematics;

/// The engine on sequoia-openpgp.
///
/// It honours every clock and every cryptographic policy. It has no state: each
/// [`import`](Engine::import) makes a keyring of its own.
///
/// Which algorithms it can calculate with depends on the cryptographic backend that sequoia is built with. With the
/// feature `sequoia-rust` these are RSA up to 4096 bits, DSA, ECDSA on the NIST curves, Ed25519, Ed448, and ML-DSA with
/// either. Keys that it does not know or cannot calculate with, such as those on secp256k1 and Brainpool, and larger
/// RSA keys, it keeps as keys that it cannot use, and answers their signatures with
/// [`Refusal::UnsupportedSignature`](crate::engine::Refusal). Where it is stricter than GnuPG is on record, with the
/// reasons, in `testdata/conformance/divergences.json`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequoia {
    _private: (),
}

impl Sequoia {
    /// The engine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Sequoia {
    fn name(&self) -> &'static str {
        EngineKind::Sequoia.name()
    }

    fn version(&self) -> String {
        format!(
            "sequoia-openpgp {} on {}",
            openpgp::VERSION,
            openpgp::crypto::backend()
        )
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        rules::import(BACKEND, keys, settings)
    }
}
