//! Versions of OpenPGP that GnuPG does not read.

use crate::engine::unsupported::Unsupported;
use crate::engine::{CryptoPolicy, EngineKind};

/// Signatures or keys of a version of OpenPGP that GnuPG does not read. Version 6 (RFC 9580) counts under
/// the standard cryptographic policy.
pub(super) fn unknown_version(
    engine: EngineKind,
    of_what: &str,
    version: u8,
    policy: CryptoPolicy,
) -> Unsupported {
    let what = format!("{of_what} of version {version}");
    match (version, policy) {
        (6, CryptoPolicy::Standard) => Unsupported::but_by(engine, [EngineKind::Sequoia], what),
        _ => Unsupported::by_all(engine, what),
    }
}
