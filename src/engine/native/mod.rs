//! The engine without an OpenPGP library: the [rules](super::rules) on mathematics under permissive licences.

mod backend;

use self::backend::On;
use crate::engine::rules;
#[cfg(test)]
use crate::engine::rules::Backend;
use crate::engine::{Engine, EngineError, EngineKind, Import, KeyMaterial, Settings};
use crate::mathematics;

/// The mathematics of [`Native::new`].
static BEST: On = On(mathematics::BEST);
#[cfg(feature = "native")]
static RUST_CRYPTO: On = On(mathematics::RUST_CRYPTO);
#[cfg(feature = "native-openssl")]
static OPENSSL: On = On(mathematics::OPENSSL);

/// The mathematics that the rules are tested on.
#[cfg(test)]
pub(in crate::engine) const BACKEND: &dyn Backend = &On(mathematics::BEST);
#[cfg(all(test, feature = "native"))]
pub(in crate::engine) const ON_RUST_CRYPTO: &dyn Backend = &On(mathematics::RUST_CRYPTO);
#[cfg(all(test, feature = "native-openssl"))]
pub(in crate::engine) const ON_OPENSSL: &dyn Backend = &On(mathematics::OPENSSL);

/// The engine without an OpenPGP library, on permissively licensed mathematics.
///
/// It honours every clock and every cryptographic policy. It has no state: each
/// [`import`](Engine::import) makes a keyring of its own. It judges by the same rules as
/// [`Sequoia`](crate::engine::EngineKind::Sequoia), and none of it is copyleft. Two libraries can calculate for it:
///
/// | | feature `native`: RustCrypto | feature `native-openssl`: the system's OpenSSL |
/// |---|---|---|
/// | needs | Rust alone | OpenSSL 1.1.1 or later (tried with 3.0), its headers and `pkg-config` to build |
/// | RSA | up to 16384 bits, exponents up to 33 bits | up to 16384 bits, exponents up to 64 bits, and any of keys up to 3072 bits |
/// | DSA | any order of the group | an order of 160, 224 or 256 bits |
/// | ECDSA | the NIST curves, secp256k1 | these, and Brainpool |
/// | Ed25519, Ed448 | yes | yes |
///
/// OpenSSL is asked what it calculates with, once in each process, by signatures that are known to be good: a system in FIPS
/// mode leaves out a part of that list, and others forbid SHA-1 in signatures. Nothing takes its place then, not even
/// RustCrypto in the same build. OpenSSL reads a configuration file of its own, which `OPENSSL_CONF` may name.
///
/// Keys that it does not know or cannot calculate with, such as those on Brainpool with RustCrypto, and ML-DSA with either, it
/// keeps as keys that it cannot use, and answers their signatures with
/// [`Refusal::UnsupportedSignature`](crate::engine::Refusal). Where it is stricter than GnuPG is on record, with the reasons,
/// in `testdata/conformance/divergences.json`.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    on: &'static On,
}

impl Native {
    /// The engine: on OpenSSL where this build has it (feature `native-openssl`), which calculates with more, and is faster but for Ed25519;
    /// else on RustCrypto.
    #[must_use]
    pub fn new() -> Self {
        Self { on: &BEST }
    }

    /// The engine on RustCrypto, whatever else this build has.
    #[cfg(feature = "native")]
    #[must_use]
    pub fn rust_crypto() -> Self {
        Self { on: &RUST_CRYPTO }
    }

    /// The engine on the system's OpenSSL, as [`new`](Self::new) makes it, by name.
    #[cfg(feature = "native-openssl")]
    #[must_use]
    pub fn openssl() -> Self {
        Self { on: &OPENSSL }
    }
}

impl Default for Native {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for Native {
    fn name(&self) -> &'static str {
        EngineKind::Native.name()
    }

    /// The version of this crate, and the library that calculates: `containers-sigpolicy 0.1.0 on RustCrypto`,
    /// `containers-sigpolicy 0.1.0 on OpenSSL 3.0.19`.
    fn version(&self) -> String {
        format!(
            "containers-sigpolicy {} on {}",
            env!("CARGO_PKG_VERSION"),
            self.on.mathematics().name()
        )
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        rules::import(self.on, keys, settings)
    }
}
