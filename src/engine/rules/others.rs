//! Which engines can calculate with a key, for those who are told that theirs cannot.

use super::backend::{Backend, LARGEST_DSA_KEY};
use crate::engine::EngineKind;
use crate::openpgp::algorithm::{Curve, PublicKeyAlgorithm};
use crate::openpgp::integer::{MAX_BITS, Natural};
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;

/// The engines that run GnuPG.
pub(super) const GNUPG: &[EngineKind] = &[EngineKind::Gpgme, EngineKind::Gpg];

/// The other engines that calculate with a key with which this one does not, whatever this program is built with: sequoia as
/// `sequoia-rust` builds it, native as `native` builds it. On OpenSSL, native calculates with more. That is told where it helps:
/// by native itself, and in a build that has it.
pub(super) fn that_calculate(backend: &dyn Backend, key: &PublicKey) -> Vec<EngineKind> {
    let mut others = Vec::new();
    if key.version() == 4 && gnupg_calculates(key) {
        others.extend(GNUPG);
    }
    let engine = backend.engine();
    let native = match engine {
        EngineKind::Native => openssl_calculates(key) && !backend.is_on_openssl(),
        _ => {
            rust_crypto_calculates(key)
                || cfg!(feature = "native-openssl") && openssl_calculates(key)
        }
    };
    if native {
        others.push(EngineKind::Native);
    }
    if engine != EngineKind::Sequoia && sequoia_calculates(key) {
        others.push(EngineKind::Sequoia);
    }
    others
}

fn gnupg_calculates(key: &PublicKey) -> bool {
    match key.material() {
        Material::Rsa { .. } | Material::Dsa { .. } => true,
        Material::Ecdsa { curve, .. } => !matches!(
            curve,
            Curve::Ed25519Legacy | Curve::Curve25519Legacy | Curve::Other(_)
        ),
        Material::EdDsaLegacy { curve, .. } => *curve == Curve::Ed25519Legacy,
        _ => false,
    }
}

/// What of it RustCrypto, as native has it, does not.
fn openssl_calculates(key: &PublicKey) -> bool {
    match key.material() {
        // The limits in OpenSSL's `rsa.h`.
        Material::Rsa { n, e } => is_rsa(n, e) && (e.bits() <= 64 || n.bits() <= 3_072),
        Material::Ecdsa { curve, .. } => matches!(
            curve,
            Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1
        ),
        _ => false,
    }
}

fn rust_crypto_calculates(key: &PublicKey) -> bool {
    match key.material() {
        Material::Rsa { n, e } => is_rsa(n, e) && e.bits() <= 33,
        Material::Ecdsa { curve, .. } => matches!(
            curve,
            Curve::NistP256 | Curve::NistP384 | Curve::NistP521 | Curve::Secp256k1
        ),
        _ => false,
    }
}

/// What of it native may not, on an OpenSSL whose build or configuration leaves something out.
fn sequoia_calculates(key: &PublicKey) -> bool {
    match key.material() {
        // Of an order that OpenSSL does not take.
        Material::Dsa { p, .. } => p.bits() <= LARGEST_DSA_KEY,
        Material::Ecdsa { curve, .. } => {
            matches!(curve, Curve::NistP256 | Curve::NistP384 | Curve::NistP521)
        }
        Material::EdDsaLegacy { curve, .. } => *curve == Curve::Ed25519Legacy,
        Material::Octets(_) => matches!(
            key.algorithm(),
            PublicKeyAlgorithm::Ed25519
                | PublicKeyAlgorithm::Ed448
                | PublicKeyAlgorithm::MlDsa65Ed25519
                | PublicKeyAlgorithm::MlDsa87Ed448
        ),
        _ => false,
    }
}

/// Whether the numbers are such as an RSA key has.
fn is_rsa(n: &Natural, e: &Natural) -> bool {
    let is_odd = |number: &Natural| number.octets().last().is_some_and(|last| last % 2 == 1);
    n.bits() <= MAX_BITS && is_odd(n) && is_odd(e) && (2..n.bits()).contains(&e.bits())
}
