//! The mathematics, by sequoia's cryptographic backend.

use sequoia_openpgp as openpgp;

use openpgp::crypto::mpi::{self, MPI};
use openpgp::packet::Key;
use openpgp::packet::key::{Key4, PublicParts, UnspecifiedRole};
use openpgp::types::{Curve, Timestamp};

use crate::engine::EngineKind;
use crate::engine::rules::Backend;
use crate::mathematics::{RsaLimit, RsaLimits, Verdict};
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
            Material::Rsa { n, e } => rsa_limit(n, e).is_none(),
            Material::Unknown => false,
            _ => algorithm_of(key).is_supported(),
        }
    }

    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool {
        rsa_limit(n, e) == Some(RsaLimit::Exponent)
    }

    fn verify(
        &self,
        key: &PublicKey,
        value: &Value,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Verdict {
        let (Some(material), Some(value)) = (material_of(key), value_of(value)) else {
            return Verdict::Bad;
        };
        // What the version of a key changes, the calculation does not see, nor when it was made.
        verifies(algorithm_of(key), material, &value, hash_of(hash), digest)
    }
}

/// The limits of sequoia's cryptographic backend.
static RSA_LIMITS: RsaLimits = RsaLimits::of(is_signed);

fn is_signed(n: &[u8], e: &[u8], signature: &[u8], digest: &[u8; 32]) -> bool {
    let [n, e, s] = [n, e, signature].map(MPI::new);
    let verdict = verifies(
        openpgp::types::PublicKeyAlgorithm::RSAEncryptSign,
        mpi::PublicKey::RSA { e, n },
        &mpi::Signature::RSA { s },
        openpgp::types::HashAlgorithm::SHA256,
        digest,
    );
    verdict == Verdict::Good
}

/// Whether a key with these numbers has made the signature.
fn verifies(
    algorithm: openpgp::types::PublicKeyAlgorithm,
    public: mpi::PublicKey,
    signature: &mpi::Signature,
    hash: openpgp::types::HashAlgorithm,
    digest: &[u8],
) -> Verdict {
    use openpgp::Error as Of;
    let made = Timestamp::from(1);
    let key = Key4::<PublicParts, UnspecifiedRole>::new(made, algorithm, public);
    let verified = key.and_then(|key| Key::from(key).verify(signature, hash, digest));
    match verified {
        Ok(()) => Verdict::Good,
        Err(error) => match error.downcast_ref() {
            Some(
                Of::UnsupportedHashAlgorithm(_)
                | Of::UnsupportedPublicKeyAlgorithm(_)
                | Of::UnsupportedEllipticCurve(_),
            ) => Verdict::NotCalculated,
            _ => Verdict::Bad,
        },
    }
}

fn rsa_limit(n: &Natural, e: &Natural) -> Option<RsaLimit> {
    RSA_LIMITS.limit(n.octets(), e.octets())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openpgp::integer::MAX_BITS;

    /// An integer with this many bits, as few of them set as there can be.
    fn integer(bits: usize, odd: bool) -> Natural {
        let mut octets = vec![0; bits.div_ceil(8)];
        if let Some(first) = octets.first_mut() {
            *first = 1 << (bits.saturating_add(7) % 8);
        }
        if let Some(last) = octets.last_mut() {
            *last |= u8::from(odd);
        }
        Natural::of(&octets)
    }

    fn takes(n: &Natural, e: &Natural) -> bool {
        rsa_limit(n, e).is_none()
    }

    fn unusual_exponent(n: &Natural, e: &Natural) -> bool {
        rsa_limit(n, e) == Some(RsaLimit::Exponent)
    }

    #[test]
    fn every_backend_takes_the_keys_that_people_make() {
        for bits in [2_048, 3_072, 4_096] {
            for exponent in [3, 17, 41, 65_537_u32] {
                let e = Natural::of(&exponent.to_be_bytes());
                assert!(takes(&integer(bits, true), &e), "{bits} {exponent}");
                assert!(!unusual_exponent(&integer(bits, true), &e));
            }
        }
    }

    #[test]
    fn an_answer_is_about_a_signature_that_is_verified() {
        let (n, e) = (integer(2_048, true), [1, 0, 1]);
        let of_another_digest = RsaLimits::of(|n, e, signature, digest| {
            let mut digest = *digest;
            digest.reverse();
            is_signed(n, e, signature, &digest)
        });
        assert_eq!(RSA_LIMITS.limit(n.octets(), &e), None);
        assert!(of_another_digest.limit(n.octets(), &e).is_some());
    }

    /// What version 0.9 of the `rsa` crate takes, from both sides of each limit: `check_public_with_max_size` in its
    /// `key.rs`. Where an update of it fails here, the limits in the README have changed.
    #[cfg(feature = "sequoia-rust")]
    #[test]
    fn rust_crypto_answers_with_its_limits() {
        for (n, e, taken, unusual) in [
            // The modulus.
            ((4_096, true), (17, true), true, false),
            ((4_097, true), (17, true), false, false),
            ((8_192, true), (17, true), false, false),
            ((MAX_BITS, true), (17, true), false, false),
            ((2_048, false), (17, true), false, false),
            // The exponent.
            ((2_048, true), (0, false), false, true),
            ((2_048, true), (1, true), false, true),
            ((2_048, true), (2, false), false, true),
            ((2_048, true), (2, true), true, false),
            ((2_048, true), (17, false), false, true),
            ((2_048, true), (33, true), true, false),
            ((2_048, true), (33, false), false, true),
            ((2_048, true), (34, true), false, true),
            ((4_096, true), (33, true), true, false),
            ((4_096, true), (34, true), false, true),
            ((2_048, true), (2_048, true), false, true),
            ((2_048, true), (4_096, true), false, true),
            // Both.
            ((8_192, true), (33, true), false, false),
            ((8_192, true), (34, true), false, true),
            ((2_048, false), (34, true), false, false),
            // Smaller than a signature.
            ((0, false), (0, false), false, false),
            ((16, true), (2, true), true, false),
            ((16, true), (15, true), true, false),
            ((16, true), (16, true), false, true),
            ((16, true), (17, true), false, true),
            ((488, true), (33, true), true, false),
            ((488, true), (34, true), false, true),
            ((488, false), (17, true), false, false),
        ] {
            let (modulus, exponent) = (integer(n.0, n.1), integer(e.0, e.1));
            assert_eq!(takes(&modulus, &exponent), taken, "{n:?} {e:?}");
            assert_eq!(
                unusual_exponent(&modulus, &exponent),
                unusual,
                "{n:?} {e:?}"
            );
        }
    }
}
