//! Mathematics: digests, and whether a signature is one by a key over a digest. It knows no format and no engine.
//!
//! A [`Mathematics`] is a library. Each has a file here, which alone names its crates, and they answer alike; where they
//! differ, it is over what they cannot calculate, and they say so beforehand. All that goes in is public, so no secret can
//! leak by the time that something takes.

mod calculation;
#[cfg(feature = "_rustcrypto")]
mod rustcrypto;
mod sha1;

pub(crate) use self::calculation::{Curve, Hash, Mathematics, RsaLimit, Verdict};

/// RustCrypto's mathematics.
#[cfg(feature = "_rustcrypto")]
pub(crate) const RUST_CRYPTO: &dyn Mathematics = &rustcrypto::RustCrypto;

/// The mathematics of this build. Of several, the fastest, which is also the one that calculates with most.
#[cfg(feature = "_rustcrypto")]
pub(crate) const BEST: &dyn Mathematics = RUST_CRYPTO;
