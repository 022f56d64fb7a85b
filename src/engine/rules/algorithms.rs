//! Which algorithms are good enough, and which ones cannot carry a signature at all.

use super::backend::{Backend, LARGEST_DSA_KEY};
use super::others;
use crate::engine::CryptoPolicy;
use crate::engine::crypto_policy::table;
use crate::engine::unsupported::Unsupported;
use crate::openpgp::algorithm::{HashAlgorithm, PublicKeyAlgorithm};
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;

/// The shortest order of a DSA key's group that GnuPG takes, in bits: `encode_md_value` in its `seskey.c`,
/// since anybody could sign for a key of 16. It wants whole octets, too.
const SMALLEST_DSA_ORDER: usize = 160;

/// What of a signature decides whether it can be checked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The packet's version.
    pub(super) version: u8,
    /// The public-key algorithm that it names.
    pub(super) algorithm: PublicKeyAlgorithm,
    /// The hash algorithm.
    pub(super) hash: HashAlgorithm,
}

impl Form {
    /// Whether the public-key algorithm is one that a signature of this version may name: GnuPG asks that of all signatures
    /// but back signatures, whatever the algorithm of the key.
    pub(super) fn has_known_algorithm(self) -> bool {
        match self.version {
            // 16 and 18 make no signatures, but are known.
            2..=4 => matches!(self.algorithm.number(), 1..=3 | 16..=19 | 22),
            _ => self.algorithm.is_known(),
        }
    }
}

/// What makes the hash algorithm too weak for a data signature; `None` if it is good.
pub(super) fn weak_hash(hash: HashAlgorithm, policy: CryptoPolicy) -> Option<String> {
    policy.weak_hash(hash.number()).then(|| hash_name(hash))
}

/// Whether the key is too weak at `now`.
pub(super) fn is_weak(key: &PublicKey, policy: CryptoPolicy, now: u32) -> bool {
    let bits = key.material().bits().unwrap_or(0);
    let curve = match key.material() {
        Material::Ecdsa { curve, .. } | Material::EdDsaLegacy { curve, .. } => curve.identifier(),
        _ => &[],
    };
    policy.weak_key(key.algorithm().number(), bits, Some(curve), now.into())
}

/// Whether GnuPG lets this key sign with this hash: a DSA or ECDSA key needs a hash at least as
/// long as its group's order, or 512 bits where that is longer.
pub(super) fn hash_long_enough(key: &PublicKey, hash: HashAlgorithm) -> bool {
    let needed = match key.material() {
        Material::Dsa { q, .. } if !good_order(q) => return false,
        Material::Dsa { q, .. } => q.bits(),
        Material::Ecdsa { curve, .. } => curve.bits().unwrap_or(256).min(512),
        _ => return true,
    };
    hash.digest_size()
        .is_some_and(|size| size.saturating_mul(8) >= needed)
}

/// Whether GnuPG takes this order of a DSA key's group.
fn good_order(q: &Natural) -> bool {
    q.bits() >= SMALLEST_DSA_ORDER && q.bits() % 8 == 0
}

/// Whether a key with this algorithm can make signatures at all. Of one that is not known, nobody knows.
pub(super) fn can_sign(algorithm: PublicKeyAlgorithm) -> bool {
    !algorithm.only_encrypts()
        && !matches!(
            algorithm,
            PublicKeyAlgorithm::RsaEncryptOnly | PublicKeyAlgorithm::ElgamalEncryptOrSign
        )
}

/// Whether GnuPG's key rings know the algorithm of a key of version 4 (`parse_key` in its
/// `keybox-openpgp.c`).
pub(super) fn in_key_rings(algorithm: PublicKeyAlgorithm) -> bool {
    matches!(algorithm.number(), 1..=3 | 16..=20 | 22)
}

/// What makes it impossible to check anything that the key signs; `None` if nothing does.
///
/// Version 4 is as GnuPG reads it, with no more algorithms. Version 6, of RFC 9580, GnuPG does not
/// read at all.
pub(super) fn unsupported_key(
    backend: &dyn Backend,
    key: &PublicKey,
    policy: CryptoPolicy,
) -> Option<Unsupported> {
    let by_all = |what: String| Some(Unsupported::by_all(backend.engine(), what));
    let name = || key_name(backend, key);
    let algorithm = key.algorithm();
    match key.version() {
        4 if algorithm.is_of_rfc_9580() => {
            return by_all(format!("{} in a version 4 key", name()));
        }
        6 if policy == CryptoPolicy::GnuPg => {
            return by_all("keys of version 6 under the cryptographic policy gnupg".to_owned());
        }
        // RFC 9580, section 9.1.
        6 if algorithm == PublicKeyAlgorithm::Dsa => {
            return by_all("DSA in a version 6 key".to_owned());
        }
        _ => {}
    }
    if can_calculate(backend, key) || algorithm.only_encrypts() {
        None
    } else {
        let others = others::that_calculate(backend, key);
        Some(Unsupported::but_by(backend.engine(), others, name()))
    }
}

/// What is wrong with the form of the key, so that nothing that it signs can count; `None` if nothing
/// is. RFC 9580, section 11.2.1, allows uncompressed points only, and GnuPG takes no others.
pub(super) fn malformed_key(key: &PublicKey) -> Option<&'static str> {
    match key.material() {
        Material::Ecdsa { point, .. } if point.octets().first() != Some(&0x04) => {
            Some("its point of the curve is not written in uncompressed form")
        }
        Material::Dsa { q, .. } if !good_order(q) => {
            Some("the order of its group has less than 160 bits, or is not of whole octets")
        }
        _ => None,
    }
}

/// What of a signature's form makes it impossible to check; `None` if nothing does.
pub(super) fn unsupported_form(backend: &dyn Backend, form: Form) -> Option<Unsupported> {
    if form.has_known_algorithm() {
        return unsupported_hash(backend, form);
    }
    Some(Unsupported::by_all(
        backend.engine(),
        format!(
            "the public-key algorithm {} in a signature of version {}",
            form.algorithm.number(),
            form.version
        ),
    ))
}

/// The same of the hash algorithm. Before version 6, GnuPG must know it: SHA-3 came with version 6.
pub(super) fn unsupported_hash(backend: &dyn Backend, form: Form) -> Option<Unsupported> {
    let Form { version, hash, .. } = form;
    let engine = backend.engine();
    let name = hash_name(hash);
    if version < 6 && matches!(hash, HashAlgorithm::Sha3_256 | HashAlgorithm::Sha3_512) {
        Some(Unsupported::by_all(
            engine,
            format!("{name} in a signature of version {version}"),
        ))
    } else if backend.hashes(hash) {
        None
    } else if version < 6 && hash.is_known() {
        Some(Unsupported::but_by(engine, others::GNUPG, name))
    } else {
        Some(Unsupported::by_all(engine, name))
    }
}

/// The hash algorithm's name as people write it: `SHA-1`.
pub(super) fn hash_name(algorithm: HashAlgorithm) -> String {
    table::hash_name(algorithm.number())
}

/// Whether this build can verify what the key signs.
pub(super) fn can_calculate(backend: &dyn Backend, key: &PublicKey) -> bool {
    match key.material() {
        Material::Dsa { p, .. } if p.bits() > LARGEST_DSA_KEY => false,
        // Nothing that it signs counts, whoever calculates.
        Material::Dsa { q, .. } if !good_order(q) => true,
        Material::Unknown => false,
        _ => backend.calculates(key),
    }
}

/// The algorithm and size of the key as people write it: `1024-bit RSA`, `ECDSA on NIST P-256`.
pub(super) fn key_name(backend: &dyn Backend, key: &PublicKey) -> String {
    let bits = key.material().bits().unwrap_or(0);
    match key.material() {
        Material::Rsa { n, e } if backend.has_unusual_exponent(n, e) => {
            format!("{bits}-bit RSA with an exponent of {} bits", e.bits())
        }
        Material::Rsa { .. } => format!("{bits}-bit RSA"),
        Material::Dsa { q, .. } if !matches!(q.bits(), 160 | 224 | 256) => {
            format!("{bits}-bit DSA with an order of {} bits", q.bits())
        }
        Material::Dsa { .. } => format!("{bits}-bit DSA"),
        Material::Elgamal { .. } => format!("{bits}-bit ElGamal"),
        Material::Ecdsa { curve, .. } => format!("ECDSA on {}", curve.name()),
        Material::EdDsaLegacy { curve, .. } => format!("EdDSA on {}", curve.name()),
        _ => match key.algorithm() {
            PublicKeyAlgorithm::Ed25519 if has_form(key) => "Ed25519".to_owned(),
            PublicKeyAlgorithm::Ed448 if has_form(key) => "Ed448".to_owned(),
            PublicKeyAlgorithm::MlDsa65Ed25519 => "ML-DSA-65 with Ed25519".to_owned(),
            PublicKeyAlgorithm::MlDsa87Ed448 => "ML-DSA-87 with Ed448".to_owned(),
            other => format!("the public-key algorithm {}", other.number()),
        },
    }
}

/// Whether it is of the form of its algorithm.
fn has_form(key: &PublicKey) -> bool {
    *key.material() != Material::Unknown
}
