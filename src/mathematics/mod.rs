//! Mathematics: digests, and whether a signature is one by a key over a digest. It knows no format and no engine.
//!
//! A [`Mathematics`] is a library. Each has a file here, which alone names its crates, and they answer alike; where they
//! differ, it is over what they cannot calculate, and they say so beforehand. All that goes in is public, so no secret can
//! leak by the time that something takes.

#[cfg(feature = "_mathematics")]
mod calculation;
#[cfg(feature = "_mathematics")]
mod form;
#[cfg(any(feature = "_openssl", feature = "sequoia"))]
mod memory;
mod octets;
#[cfg(feature = "_openssl")]
mod openssl;
mod rsa_limit;
#[cfg(any(feature = "_openssl", feature = "sequoia"))]
mod rsa_question;
#[cfg(feature = "_rustcrypto")]
mod rustcrypto;
#[cfg(feature = "_mathematics")]
mod sha1;
#[cfg(all(test, feature = "sigstore"))]
pub(crate) mod signing;
#[cfg(all(test, feature = "_openssl", feature = "_rustcrypto"))]
mod tests;
mod verdict;

#[cfg(feature = "_mathematics")]
pub(crate) use self::calculation::{Curve, Hash, Mathematics};
#[cfg(any(feature = "_native", feature = "sequoia"))]
pub(crate) use self::rsa_limit::RsaLimit;
#[cfg(feature = "sequoia")]
pub(crate) use self::rsa_question::RsaLimits;
pub(crate) use self::verdict::Verdict;

/// RustCrypto's mathematics.
#[cfg(feature = "_rustcrypto")]
#[cfg_attr(
    feature = "_openssl",
    allow(dead_code, reason = "a build with OpenSSL may use this for nothing")
)]
pub(crate) const RUST_CRYPTO: &dyn Mathematics = &rustcrypto::RustCrypto;

/// The mathematics of the system's OpenSSL.
#[cfg(feature = "_openssl")]
pub(crate) const OPENSSL: &dyn Mathematics = &openssl::OpenSsl;

/// The mathematics of this build: of two, OpenSSL's, which calculates with more, and is faster but for Ed25519.
#[cfg(feature = "_openssl")]
pub(crate) const BEST: &dyn Mathematics = OPENSSL;
#[cfg(all(feature = "_rustcrypto", not(feature = "_openssl")))]
pub(crate) const BEST: &dyn Mathematics = RUST_CRYPTO;
