//! The mathematics, by sequoia's cryptographic backend.

use sequoia_openpgp as openpgp;

use openpgp::crypto::mpi::{self, MPI};
use openpgp::packet::Key;
use openpgp::packet::key::{Key4, PublicParts, UnspecifiedRole};
use openpgp::types::{Curve, Timestamp};

use super::rsa;
use crate::engine::EngineKind;
use crate::engine::rules::Backend;
use crate::openpgp::algorithm::{self, HashAlgorithm, PublicKeyAlgorithm};
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;
use crate::openpgp::value::Value;

/// Sequoia's mathematics.
#[derive(Debug)]
pub(super) struct Mathematics;

impl Backend for Mathematics {
    fn engine(&self) -> EngineKind {
        EngineKind::Sequoia
    }

    fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        hash_of(algorithm).is_supported()
    }

    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>> {
        // The version only decides how keys are hashed, and here octets are.
        let mut hash = hash_of(algorithm).context().ok()?.for_signature(4);
        for part in parts {
            hash.update(part);
        }
        hash.into_digest().ok()
    }

    fn calculates(&self, key: &PublicKey) -> bool {
        match key.material() {
            Material::Ecdsa { curve, .. } | Material::EdDsaLegacy { curve, .. } => {
                curve_of(curve).is_supported()
            }
            Material::Rsa { n, e } => rsa::takes(n, e),
            Material::Unknown => false,
            _ => algorithm_of(key).is_supported(),
        }
    }

    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool {
        rsa::unusual_exponent(n, e)
    }

    fn verify(&self, key: &PublicKey, value: &Value, hash: HashAlgorithm, digest: &[u8]) -> bool {
        let (Some(material), Some(value)) = (material_of(key), value_of(value)) else {
            return false;
        };
        // What the version of a key changes, the calculation does not see.
        let key = Key4::<PublicParts, UnspecifiedRole>::new(
            Timestamp::from(key.created()),
            algorithm_of(key),
            material,
        );
        key.is_ok_and(|key| Key::from(key).verify(&value, hash_of(hash), digest).is_ok())
    }
}

fn hash_of(algorithm: HashAlgorithm) -> openpgp::types::HashAlgorithm {
    algorithm.number().into()
}

fn algorithm_of(key: &PublicKey) -> openpgp::types::PublicKeyAlgorithm {
    key.algorithm().number().into()
}

fn curve_of(curve: &algorithm::Curve) -> Curve {
    Curve::from_oid(curve.identifier())
}

fn mpi(number: &Natural) -> MPI {
    MPI::new(number.octets())
}

/// The key's numbers and octets, as sequoia types them; `None` of a key that makes no signatures.
fn material_of(key: &PublicKey) -> Option<mpi::PublicKey> {
    Some(match key.material() {
        Material::Rsa { n, e } => mpi::PublicKey::RSA {
            e: mpi(e),
            n: mpi(n),
        },
        Material::Dsa { p, q, g, y } => mpi::PublicKey::DSA {
            p: mpi(p),
            q: mpi(q),
            g: mpi(g),
            y: mpi(y),
        },
        Material::Ecdsa { curve, point } => mpi::PublicKey::ECDSA {
            curve: curve_of(curve),
            q: mpi(point),
        },
        Material::EdDsaLegacy { curve, point } => mpi::PublicKey::EdDSA {
            curve: curve_of(curve),
            q: mpi(point),
        },
        Material::Octets(octets) => match key.algorithm() {
            PublicKeyAlgorithm::Ed25519 => mpi::PublicKey::Ed25519 {
                a: (**octets).try_into().ok()?,
            },
            PublicKeyAlgorithm::Ed448 => mpi::PublicKey::Ed448 { a: boxed(octets)? },
            PublicKeyAlgorithm::MlDsa65Ed25519 => {
                let (eddsa, mldsa) = octets.split_at_checked(32)?;
                mpi::PublicKey::MLDSA65_Ed25519 {
                    eddsa: boxed(eddsa)?,
                    mldsa: boxed(mldsa)?,
                }
            }
            PublicKeyAlgorithm::MlDsa87Ed448 => {
                let (eddsa, mldsa) = octets.split_at_checked(57)?;
                mpi::PublicKey::MLDSA87_Ed448 {
                    eddsa: boxed(eddsa)?,
                    mldsa: boxed(mldsa)?,
                }
            }
            PublicKeyAlgorithm::SlhDsaShake128s => mpi::PublicKey::SLHDSA128s {
                public: (**octets).try_into().ok()?,
            },
            PublicKeyAlgorithm::SlhDsaShake128f => mpi::PublicKey::SLHDSA128f {
                public: (**octets).try_into().ok()?,
            },
            PublicKeyAlgorithm::SlhDsaShake256s => mpi::PublicKey::SLHDSA256s {
                public: boxed(octets)?,
            },
            _ => return None,
        },
        Material::Elgamal { .. } | Material::Ecdh { .. } | Material::Unknown => return None,
    })
}

/// The signature's numbers and octets, as sequoia types them.
fn value_of(value: &Value) -> Option<mpi::Signature> {
    Some(match value {
        Value::Rsa { s } => mpi::Signature::RSA { s: mpi(s) },
        Value::Dsa { r, s } => mpi::Signature::DSA {
            r: mpi(r),
            s: mpi(s),
        },
        Value::Ecdsa { r, s } => mpi::Signature::ECDSA {
            r: mpi(r),
            s: mpi(s),
        },
        Value::EdDsaLegacy { r, s } => mpi::Signature::EdDSA {
            r: mpi(r),
            s: mpi(s),
        },
        Value::Octets { algorithm, octets } => match algorithm {
            PublicKeyAlgorithm::Ed25519 => mpi::Signature::Ed25519 { s: boxed(octets)? },
            PublicKeyAlgorithm::Ed448 => mpi::Signature::Ed448 { s: boxed(octets)? },
            PublicKeyAlgorithm::MlDsa65Ed25519 => {
                let (eddsa, mldsa) = octets.split_at_checked(64)?;
                mpi::Signature::MLDSA65_Ed25519 {
                    eddsa: boxed(eddsa)?,
                    mldsa: boxed(mldsa)?,
                }
            }
            PublicKeyAlgorithm::MlDsa87Ed448 => {
                let (eddsa, mldsa) = octets.split_at_checked(114)?;
                mpi::Signature::MLDSA87_Ed448 {
                    eddsa: boxed(eddsa)?,
                    mldsa: boxed(mldsa)?,
                }
            }
            PublicKeyAlgorithm::SlhDsaShake128s => mpi::Signature::SLHDSA128s {
                sig: boxed(octets)?,
            },
            PublicKeyAlgorithm::SlhDsaShake128f => mpi::Signature::SLHDSA128f {
                sig: boxed(octets)?,
            },
            PublicKeyAlgorithm::SlhDsaShake256s => mpi::Signature::SLHDSA256s {
                sig: boxed(octets)?,
            },
            _ => return None,
        },
    })
}

fn boxed<const LENGTH: usize>(octets: &[u8]) -> Option<Box<[u8; LENGTH]>> {
    octets.to_vec().into_boxed_slice().try_into().ok()
}
