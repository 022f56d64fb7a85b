//! The mathematics, by the crates of RustCrypto and its neighbours. No other file of the engine names them.
//!
//! All of it works on public data, so no secret can leak by the time that it takes: what RUSTSEC-2023-0071 says of `rsa`
//! is about private keys.

use cx448::{Signature as Ed448Signature, VerifyingKey as Ed448Key};
use dsa::signature::hazmat::PrehashVerifier as _;
use ed25519_dalek::{Signature as Ed25519Signature, Verifier as _, VerifyingKey as Ed25519Key};
use ripemd::Ripemd160;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha1_checked::CollisionResult;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_512};

use crate::engine::EngineKind;
use crate::engine::rules::Backend;
use crate::openpgp::algorithm::{Curve, HashAlgorithm, PublicKeyAlgorithm};
use crate::openpgp::integer::{MAX_BITS, Natural};
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;
use crate::openpgp::value::Value;

/// RustCrypto's mathematics.
#[derive(Debug)]
pub(super) struct Mathematics;

impl Backend for Mathematics {
    fn engine(&self) -> EngineKind {
        EngineKind::Native
    }

    fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        // No rule lets a digest of MD5 count.
        algorithm.is_known() && algorithm != HashAlgorithm::Md5
    }

    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>> {
        match algorithm {
            HashAlgorithm::Sha1 => sha1_of(parts),
            HashAlgorithm::Ripemd160 => Some(digest_of::<Ripemd160>(parts)),
            HashAlgorithm::Sha224 => Some(digest_of::<Sha224>(parts)),
            HashAlgorithm::Sha256 => Some(digest_of::<Sha256>(parts)),
            HashAlgorithm::Sha384 => Some(digest_of::<Sha384>(parts)),
            HashAlgorithm::Sha512 => Some(digest_of::<Sha512>(parts)),
            HashAlgorithm::Sha3_256 => Some(digest_of::<Sha3_256>(parts)),
            HashAlgorithm::Sha3_512 => Some(digest_of::<Sha3_512>(parts)),
            HashAlgorithm::Md5 | HashAlgorithm::Other(_) => None,
        }
    }

    fn calculates(&self, key: &PublicKey) -> bool {
        match key.material() {
            Material::Rsa { n, e } => rsa_key(n, e).is_ok(),
            Material::Dsa { .. } => true,
            Material::Ecdsa { curve, .. } => matches!(
                curve,
                Curve::NistP256 | Curve::NistP384 | Curve::NistP521 | Curve::Secp256k1
            ),
            Material::EdDsaLegacy { curve, .. } => *curve == Curve::Ed25519Legacy,
            Material::Octets(_) => matches!(
                key.algorithm(),
                PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::Ed448
            ),
            Material::Elgamal { .. } | Material::Ecdh { .. } | Material::Unknown => false,
        }
    }

    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool {
        match rsa_key(n, e) {
            Ok(_) | Err(rsa::Error::ModulusTooLarge) => false,
            // It is even, or the exponent is not less than it.
            Err(rsa::Error::InvalidModulus) => n.is_odd(),
            Err(_) => true,
        }
    }

    fn verify(&self, key: &PublicKey, value: &Value, hash: HashAlgorithm, digest: &[u8]) -> bool {
        let verified = match (key.material(), value) {
            (Material::Rsa { n, e }, Value::Rsa { s }) => rsa(n, e, s, hash, digest),
            (Material::Dsa { p, q, g, y }, Value::Dsa { r, s }) => dsa([p, q, g, y], r, s, digest),
            (Material::Ecdsa { curve, point }, Value::Ecdsa { r, s }) => {
                ecdsa(curve, point, r, s, digest)
            }
            (Material::EdDsaLegacy { curve, point }, Value::EdDsaLegacy { r, s }) => {
                eddsa(curve, point, r, s, digest)
            }
            (Material::Octets(public), Value::Octets { algorithm, octets })
                if *algorithm == key.algorithm() =>
            {
                match algorithm {
                    PublicKeyAlgorithm::Ed25519 => ed25519(public, octets, digest),
                    PublicKeyAlgorithm::Ed448 => ed448(public, octets, digest),
                    _ => None,
                }
            }
            _ => None,
        };
        verified.is_some()
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

/// A digest of SHA-1, of octets that nobody has made to collide.
fn sha1_of(parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hash = sha1_checked::Sha1::new();
    parts.iter().for_each(|part| hash.update(part));
    match hash.try_finalize() {
        CollisionResult::Ok(digest) => Some(digest.to_vec()),
        CollisionResult::Mitigated(_) | CollisionResult::Collision(_) => None,
    }
}

fn number(natural: &Natural) -> BigUint {
    BigUint::from_bytes_be(natural.octets())
}

/// The key, of any size that GnuPG reads.
fn rsa_key(n: &Natural, e: &Natural) -> rsa::Result<RsaPublicKey> {
    RsaPublicKey::new_with_max_size(number(n), number(e), MAX_BITS)
}

/// PKCS #1, version 1.5 (RFC 8017, section 8.2.2).
fn rsa(n: &Natural, e: &Natural, s: &Natural, hash: HashAlgorithm, digest: &[u8]) -> Option<()> {
    let scheme = match hash {
        HashAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        HashAlgorithm::Ripemd160 => Pkcs1v15Sign::new::<Ripemd160>(),
        HashAlgorithm::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        HashAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        HashAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        HashAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        HashAlgorithm::Sha3_256 => Pkcs1v15Sign::new::<Sha3_256>(),
        HashAlgorithm::Sha3_512 => Pkcs1v15Sign::new::<Sha3_512>(),
        HashAlgorithm::Md5 | HashAlgorithm::Other(_) => return None,
    };
    let key = rsa_key(n, e).ok()?;
    // A signature has as many octets as the modulus.
    let zeros = n.octets().len().checked_sub(s.octets().len())?;
    let signature = [&vec![0; zeros], s.octets()].concat();
    key.verify(scheme, digest, &signature).ok()
}

/// FIPS 186-4, section 4.7.
fn dsa(key: [&Natural; 4], r: &Natural, s: &Natural, digest: &[u8]) -> Option<()> {
    let [p, q, g, y] = key.map(number);
    let components = dsa::Components::from_components(p, q, g).ok()?;
    let key = dsa::VerifyingKey::from_components(components, y).ok()?;
    let signature = dsa::Signature::from_components(number(r), number(s)).ok()?;
    key.verify_prehash(digest, &signature).ok()
}

/// A key on a curve whose coordinates have so many octets, and a signature by it.
macro_rules! on_curve {
    ($curve:ident, $octets:literal, $point:ident, $r:ident, $s:ident) => {{
        use $curve::ecdsa::{Signature, VerifyingKey};
        // Of the forms that a point has, OpenPGP uses the uncompressed one alone (RFC 9580, section 11.2.1).
        let point = $point.octets();
        let is_uncompressed = point.first() == Some(&4) && point.len() == 2 * $octets + 1;
        let point = is_uncompressed.then_some(point)?;
        let key = VerifyingKey::from_sec1_bytes(point).ok()?;
        let value = [$r.padded::<$octets>()?, $s.padded::<$octets>()?].concat();
        (key, Signature::from_slice(&value).ok()?)
    }};
}

/// FIPS 186-4, section 6.4.
fn ecdsa(curve: &Curve, point: &Natural, r: &Natural, s: &Natural, digest: &[u8]) -> Option<()> {
    match curve {
        Curve::NistP256 => {
            let (key, signature) = on_curve!(p256, 32, point, r, s);
            key.verify_prehash(digest, &signature).ok()
        }
        Curve::NistP384 => {
            let (key, signature) = on_curve!(p384, 48, point, r, s);
            key.verify_prehash(digest, &signature).ok()
        }
        Curve::NistP521 => {
            let (key, signature) = on_curve!(p521, 66, point, r, s);
            key.verify_prehash(digest, &signature).ok()
        }
        Curve::Secp256k1 => {
            let (key, signature) = on_curve!(k256, 32, point, r, s);
            // Of the two values that are equally good, `k256` takes the one that currencies allow.
            let signature = signature.normalize_s().unwrap_or(signature);
            key.verify_prehash(digest, &signature).ok()
        }
        _ => None,
    }
}

/// Ed25519 as GnuPG writes it (RFC 9580, sections 5.2.3.3 and 11.2.2).
fn eddsa(curve: &Curve, point: &Natural, r: &Natural, s: &Natural, digest: &[u8]) -> Option<()> {
    let ([0x40, public @ ..], Curve::Ed25519Legacy) = (point.octets(), curve) else {
        return None;
    };
    let signature = [r.padded::<32>()?, s.padded::<32>()?].concat();
    ed25519(public, &signature, digest)
}

/// RFC 8032, section 5.1.7.
fn ed25519(public: &[u8], signature: &[u8], digest: &[u8]) -> Option<()> {
    let key = Ed25519Key::from_bytes(public.try_into().ok()?).ok()?;
    let signature = Ed25519Signature::from_bytes(signature.try_into().ok()?);
    key.verify(digest, &signature).ok()
}

/// RFC 8032, section 5.2.7.
fn ed448(public: &[u8], signature: &[u8], digest: &[u8]) -> Option<()> {
    let key = Ed448Key::from_bytes(public.try_into().ok()?).ok()?;
    let signature = Ed448Signature::from_bytes(signature.try_into().ok()?).ok()?;
    key.verify_raw(&signature, digest).ok()
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]
mod tests {
    use super::*;

    /// An integer with this many bits, as few of them set as there can be.
    fn integer(bits: usize, odd: bool) -> Natural {
        let mut octets = vec![0; bits.div_ceil(8)];
        octets[0] = 1 << ((bits - 1) % 8);
        *octets.last_mut().unwrap() |= u8::from(odd);
        Natural::of(&octets)
    }

    /// From both sides of each limit. Where an update of `rsa` fails here, the limits in the documentation have changed.
    #[test]
    fn rsa_keys_have_limits() {
        for (n, e, taken, unusual) in [
            ((2_048, true), (17, true), true, false),
            ((MAX_BITS, true), (17, true), true, false),
            ((MAX_BITS + 1, true), (17, true), false, false),
            ((2_048, false), (17, true), false, false),
            ((2_048, true), (1, true), false, true),
            ((2_048, true), (2, true), true, false),
            ((2_048, true), (17, false), false, true),
            ((2_048, true), (33, true), true, false),
            ((2_048, true), (34, true), false, true),
            ((2_048, true), (2_048, true), false, true),
            ((16, true), (17, true), false, true),
        ] {
            let (modulus, exponent) = (integer(n.0, n.1), integer(e.0, e.1));
            assert_eq!(rsa_key(&modulus, &exponent).is_ok(), taken, "{n:?} {e:?}");
            let found = Mathematics.has_unusual_exponent(&modulus, &exponent);
            assert_eq!(found, unusual, "{n:?} {e:?}");
        }
    }

    #[test]
    fn digests_are_over_all_parts() {
        for number in 0..=u8::MAX {
            let algorithm = HashAlgorithm::of(number);
            let whole = Mathematics.digest(algorithm, &[b"abc"]);
            assert_eq!(whole.is_some(), Mathematics.hashes(algorithm), "{number}");
            assert_eq!(Mathematics.digest(algorithm, &[b"a", b"", b"bc"]), whole);
            if let Some(whole) = whole {
                assert_eq!(Some(whole.len()), algorithm.digest_size());
            }
        }
        // FIPS 180-2, appendix A.1.
        let sha1 = Mathematics.digest(HashAlgorithm::Sha1, &[b"abc"]);
        let start = sha1.map(|digest| digest[..4].to_vec());
        assert_eq!(start, Some(vec![0xA9, 0x99, 0x3E, 0x36]));
    }
}
