//! The keys and signatures of OpenPGP, as a library of mathematics has them.

use crate::engine::EngineKind;
use crate::engine::rules::Backend;
use crate::mathematics::{self, Hash, Mathematics, RsaLimit, Verdict};
use crate::openpgp::algorithm::{Curve, HashAlgorithm, PublicKeyAlgorithm};
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;
use crate::openpgp::value::Value;

/// A library under the rules.
#[derive(Debug)]
pub(super) struct On(pub(super) &'static dyn Mathematics);

impl Backend for On {
    fn engine(&self) -> EngineKind {
        EngineKind::Native
    }

    fn is_on_openssl(&self) -> bool {
        self.0.is_openssl()
    }

    fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        hash_of(algorithm).is_some_and(|hash| self.0.hashes(hash))
    }

    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>> {
        self.0.digest(hash_of(algorithm)?, parts)
    }

    fn calculates(&self, key: &PublicKey) -> bool {
        let Self(mathematics) = self;
        match key.material() {
            Material::Rsa { n, e } => mathematics.rsa_limit(n.octets(), e.octets()).is_none(),
            Material::Dsa { p, q, .. } => mathematics.takes_dsa(p.octets(), q.octets()),
            Material::Ecdsa { curve, .. } => {
                curve_of(curve).is_some_and(|curve| mathematics.takes_curve(curve))
            }
            Material::EdDsaLegacy { curve, .. } => {
                *curve == Curve::Ed25519Legacy && mathematics.takes_ed25519()
            }
            Material::Octets(_) => match key.algorithm() {
                PublicKeyAlgorithm::Ed25519 => mathematics.takes_ed25519(),
                PublicKeyAlgorithm::Ed448 => mathematics.takes_ed448(),
                _ => false,
            },
            Material::Elgamal { .. } | Material::Ecdh { .. } | Material::Unknown => false,
        }
    }

    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool {
        self.0.rsa_limit(n.octets(), e.octets()) == Some(RsaLimit::Exponent)
    }

    fn verify(&self, key: &PublicKey, value: &Value, hash: HashAlgorithm, digest: &[u8]) -> bool {
        self.verdict(key, value, hash, digest) == Some(Verdict::Good)
    }
}

impl On {
    /// The library.
    pub(super) fn mathematics(&self) -> &'static dyn Mathematics {
        self.0
    }

    /// Nothing where the value is not one that a key of this algorithm makes.
    fn verdict(
        &self,
        key: &PublicKey,
        value: &Value,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Option<Verdict> {
        let Self(mathematics) = self;
        Some(match (key.material(), value) {
            (Material::Rsa { n, e }, Value::Rsa { s }) => {
                let signature = s.padded(n.octets().len())?;
                let [n, e] = [n, e].map(Natural::octets);
                mathematics.rsa_pkcs1(n, e, &signature, hash_of(hash)?, digest)
            }
            (Material::Dsa { p, q, g, y }, Value::Dsa { r, s }) => {
                let key = [p, q, g, y].map(Natural::octets);
                mathematics.dsa(key, r.octets(), s.octets(), digest)
            }
            (Material::Ecdsa { curve, point }, Value::Ecdsa { r, s }) => {
                let (curve, point) = (curve_of(curve)?, point.octets());
                mathematics.ecdsa(curve, point, r.octets(), s.octets(), digest)
            }
            // Ed25519 as GnuPG writes it (RFC 9580, sections 5.2.3.3 and 11.2.2).
            (Material::EdDsaLegacy { curve, point }, Value::EdDsaLegacy { r, s })
                if *curve == Curve::Ed25519Legacy =>
            {
                let public = point.octets().strip_prefix(&[0x40])?;
                let signature = [r.padded(32)?, s.padded(32)?].concat();
                mathematics.ed25519(public, &signature, digest)
            }
            (Material::Octets(public), Value::Octets { algorithm, octets })
                if *algorithm == key.algorithm() =>
            {
                match algorithm {
                    PublicKeyAlgorithm::Ed25519 => mathematics.ed25519(public, octets, digest),
                    PublicKeyAlgorithm::Ed448 => mathematics.ed448(public, octets, digest),
                    _ => return None,
                }
            }
            _ => return None,
        })
    }
}

fn hash_of(algorithm: HashAlgorithm) -> Option<Hash> {
    Some(match algorithm {
        HashAlgorithm::Sha1 => Hash::Sha1,
        HashAlgorithm::Ripemd160 => Hash::Ripemd160,
        HashAlgorithm::Sha224 => Hash::Sha224,
        HashAlgorithm::Sha256 => Hash::Sha256,
        HashAlgorithm::Sha384 => Hash::Sha384,
        HashAlgorithm::Sha512 => Hash::Sha512,
        HashAlgorithm::Sha3_256 => Hash::Sha3_256,
        HashAlgorithm::Sha3_512 => Hash::Sha3_512,
        // No rule lets a digest of MD5 count.
        HashAlgorithm::Md5 | HashAlgorithm::Other(_) => return None,
    })
}

fn curve_of(curve: &Curve) -> Option<mathematics::Curve> {
    use mathematics::Curve as Of;
    Some(match curve {
        Curve::NistP256 => Of::NistP256,
        Curve::NistP384 => Of::NistP384,
        Curve::NistP521 => Of::NistP521,
        Curve::Secp256k1 => Of::Secp256k1,
        Curve::BrainpoolP256r1 => Of::BrainpoolP256r1,
        Curve::BrainpoolP384r1 => Of::BrainpoolP384r1,
        Curve::BrainpoolP512r1 => Of::BrainpoolP512r1,
        Curve::Ed25519Legacy | Curve::Curve25519Legacy | Curve::Other(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::native::BACKEND;

    #[test]
    fn digests_are_over_all_parts() {
        for number in 0..=u8::MAX {
            let algorithm = HashAlgorithm::of(number);
            let whole = BACKEND.digest(algorithm, &[b"abc"]);
            assert_eq!(whole.is_some(), BACKEND.hashes(algorithm), "{number}");
            assert_eq!(BACKEND.digest(algorithm, &[b"a", b"", b"bc"]), whole);
            if let Some(whole) = whole {
                assert_eq!(Some(whole.len()), algorithm.digest_size());
            }
        }
    }
}
