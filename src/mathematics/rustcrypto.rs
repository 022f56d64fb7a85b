//! The mathematics of RustCrypto and its neighbours. No other file names their crates.
//!
//! What RUSTSEC-2023-0071 says of `rsa` is about private keys, which nobody has here.

use cx448::{Signature as Ed448Signature, VerifyingKey as Ed448Key};
use dsa::signature::hazmat::PrehashVerifier as _;
use ed25519_dalek::{Signature as Ed25519Signature, Verifier as _, VerifyingKey as Ed25519Key};
use ripemd::Ripemd160;
#[cfg(feature = "sigstore")]
use rsa::Pss;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_512};

use super::calculation::{Curve, Hash, Mathematics};
use super::form;
#[cfg(feature = "sigstore")]
use super::octets::bits;
use super::octets::{is_odd, padded};
use super::rsa_limit::{MAX_RSA_BITS, RsaLimit};
use super::verdict::Verdict;

/// RustCrypto's mathematics.
#[derive(Debug)]
pub(super) struct RustCrypto;

impl Mathematics for RustCrypto {
    fn name(&self) -> String {
        "RustCrypto".to_owned()
    }

    fn hashes(&self, _hash: Hash) -> bool {
        true
    }

    fn digest(&self, hash: Hash, parts: &[&[u8]]) -> Option<Vec<u8>> {
        match hash {
            Hash::Sha1 => super::sha1::digest(parts),
            Hash::Ripemd160 => Some(digest_of::<Ripemd160>(parts)),
            Hash::Sha224 => Some(digest_of::<Sha224>(parts)),
            Hash::Sha256 => Some(digest_of::<Sha256>(parts)),
            Hash::Sha384 => Some(digest_of::<Sha384>(parts)),
            Hash::Sha512 => Some(digest_of::<Sha512>(parts)),
            Hash::Sha3_256 => Some(digest_of::<Sha3_256>(parts)),
            Hash::Sha3_512 => Some(digest_of::<Sha3_512>(parts)),
        }
    }

    fn rsa_limit(&self, n: &[u8], e: &[u8]) -> Option<RsaLimit> {
        match rsa_key(n, e).err()? {
            rsa::Error::ModulusTooLarge => Some(RsaLimit::Modulus),
            _ if !is_odd(n) => Some(RsaLimit::Modulus),
            _ => Some(RsaLimit::Exponent),
        }
    }

    fn takes_dsa(&self, _p: &[u8], _q: &[u8]) -> bool {
        true
    }

    fn takes_curve(&self, curve: Curve) -> bool {
        match curve {
            Curve::NistP224 => cfg!(feature = "sigstore"),
            Curve::NistP256 | Curve::NistP384 | Curve::NistP521 | Curve::Secp256k1 => true,
            Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1 => false,
        }
    }

    fn has_point(&self, curve: Curve, point: &[u8]) -> bool {
        form::point(curve, point) && is_on_curve(curve, point)
    }

    fn takes_ed25519(&self) -> bool {
        true
    }

    fn takes_ed448(&self) -> bool {
        true
    }

    fn rsa_pkcs1(
        &self,
        n: &[u8],
        e: &[u8],
        signature: &[u8],
        hash: Hash,
        digest: &[u8],
    ) -> Verdict {
        let Ok(key) = rsa_key(n, e) else {
            return Verdict::NotCalculated;
        };
        let verified = || key.verify(scheme(hash), digest, signature).is_ok();
        (form::rsa_signature(n, signature) && verified()).into()
    }

    #[cfg(feature = "sigstore")]
    fn rsa_pss(&self, n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8]) -> Verdict {
        let Some(scheme) = pss(hash) else {
            return Verdict::NotCalculated;
        };
        // With one bit more than whole octets, what is encoded has an octet less than the modulus (RFC 8017, section 8.1.2,
        // step 2c), and `rsa` does not look at the one before.
        if bits(n) % 8 == 1 {
            return Verdict::NotCalculated;
        }
        let Ok(key) = rsa_key(n, e) else {
            return Verdict::NotCalculated;
        };
        let verified = || key.verify(scheme, digest, signature).is_ok();
        (form::rsa_signature(n, signature) && verified()).into()
    }

    fn dsa(&self, key: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
        dsa(key, r, s, digest).is_some().into()
    }

    fn ecdsa(&self, curve: Curve, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
        if self.takes_curve(curve) {
            ecdsa(curve, point, r, s, digest).is_some().into()
        } else {
            Verdict::NotCalculated
        }
    }

    fn ed25519(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict {
        ed25519(public, signature, message).is_some().into()
    }

    fn ed448(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict {
        ed448(public, signature, message).is_some().into()
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

fn rsa_key(n: &[u8], e: &[u8]) -> rsa::Result<RsaPublicKey> {
    let [n, e] = [n, e].map(BigUint::from_bytes_be);
    RsaPublicKey::new_with_max_size(n, e, MAX_RSA_BITS)
}

fn scheme(hash: Hash) -> Pkcs1v15Sign {
    match hash {
        Hash::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        Hash::Ripemd160 => Pkcs1v15Sign::new::<Ripemd160>(),
        Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        Hash::Sha3_256 => Pkcs1v15Sign::new::<Sha3_256>(),
        Hash::Sha3_512 => Pkcs1v15Sign::new::<Sha3_512>(),
    }
}

/// The probabilistic scheme, with a salt as long as the digest.
#[cfg(feature = "sigstore")]
fn pss(hash: Hash) -> Option<Pss> {
    match hash {
        Hash::Sha256 => Some(Pss::new_with_salt::<Sha256>(32)),
        Hash::Sha384 => Some(Pss::new_with_salt::<Sha384>(48)),
        Hash::Sha512 => Some(Pss::new_with_salt::<Sha512>(64)),
        Hash::Sha1 | Hash::Ripemd160 | Hash::Sha224 | Hash::Sha3_256 | Hash::Sha3_512 => None,
    }
}

fn dsa(key @ [_, q, ..]: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]) -> Option<()> {
    (form::dsa_key(key) && form::dsa_signature(q, r, s)).then_some(())?;
    let [p, q, g, y] = key.map(BigUint::from_bytes_be);
    let [r, s] = [r, s].map(BigUint::from_bytes_be);
    let components = dsa::Components::from_components(p, q, g).ok()?;
    let key = dsa::VerifyingKey::from_components(components, y).ok()?;
    let signature = dsa::Signature::from_components(r, s).ok()?;
    key.verify_prehash(digest, &signature).ok()
}

fn ecdsa(curve: Curve, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Option<()> {
    let octets = curve.octets();
    form::point(curve, point).then_some(())?;
    let value = [padded(r, octets)?, padded(s, octets)?].concat();
    // The crates refuse what is shorter than half an order, which as an integer is the same with zeros before it.
    let zeros = octets.div_ceil(2).saturating_sub(digest.len());
    let digest = [&vec![0; zeros], digest].concat();
    /// On the curve of this crate.
    macro_rules! verify {
        ($curve:ident) => {{
            use $curve::ecdsa::{Signature, VerifyingKey};
            let key = VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = Signature::from_slice(&value).ok()?;
            // Of the two values that are equally good, `k256` takes the one that currencies allow.
            let signature = signature.normalize_s().unwrap_or(signature);
            key.verify_prehash(&digest, &signature).ok()
        }};
    }
    match curve {
        #[cfg(feature = "sigstore")]
        Curve::NistP224 => verify!(p224),
        #[cfg(not(feature = "sigstore"))]
        Curve::NistP224 => None,
        Curve::NistP256 => verify!(p256),
        Curve::NistP384 => verify!(p384),
        Curve::NistP521 => verify!(p521),
        Curve::Secp256k1 => verify!(k256),
        Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1 => None,
    }
}

#[cfg_attr(
    not(feature = "sigstore"),
    allow(dead_code, reason = "only keys of sigstore are asked for their points")
)]
fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    match curve {
        #[cfg(feature = "sigstore")]
        Curve::NistP224 => p224::PublicKey::from_sec1_bytes(point).is_ok(),
        #[cfg(not(feature = "sigstore"))]
        Curve::NistP224 => false,
        Curve::NistP256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::NistP384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::NistP521 => p521::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::Secp256k1 => k256::PublicKey::from_sec1_bytes(point).is_ok(),
        Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1 => false,
    }
}

fn ed25519(public: &[u8], signature: &[u8], message: &[u8]) -> Option<()> {
    let key = Ed25519Key::from_bytes(public.try_into().ok()?).ok()?;
    let signature = Ed25519Signature::from_bytes(signature.try_into().ok()?);
    key.verify(message, &signature).ok()
}

fn ed448(public: &[u8], signature: &[u8], message: &[u8]) -> Option<()> {
    form::ed448(public, signature).then_some(())?;
    let key = Ed448Key::from_bytes(public.try_into().ok()?).ok()?;
    let signature = Ed448Signature::from_bytes(signature.try_into().ok()?).ok()?;
    key.verify_raw(&signature, message).ok()
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
    fn integer(bits: usize, odd: bool) -> Vec<u8> {
        let mut octets = vec![0; bits.div_ceil(8)];
        octets[0] = 1 << ((bits - 1) % 8);
        *octets.last_mut().unwrap() |= u8::from(odd);
        octets
    }

    /// From both sides of each limit. Where an update of `rsa` fails here, the limits in the documentation have changed.
    #[test]
    fn rsa_keys_have_limits() {
        use RsaLimit::{Exponent, Modulus};
        for (n, e, limit) in [
            ((2_048, true), (17, true), None),
            ((MAX_RSA_BITS, true), (17, true), None),
            ((MAX_RSA_BITS + 1, true), (17, true), Some(Modulus)),
            ((2_048, false), (17, true), Some(Modulus)),
            ((2_048, true), (1, true), Some(Exponent)),
            ((2_048, true), (2, true), None),
            ((2_048, true), (17, false), Some(Exponent)),
            ((2_048, true), (33, true), None),
            ((2_048, true), (34, true), Some(Exponent)),
            ((2_048, true), (2_048, true), Some(Exponent)),
            ((16, true), (17, true), Some(Exponent)),
        ] {
            let (modulus, exponent) = (integer(n.0, n.1), integer(e.0, e.1));
            let found = RustCrypto.rsa_limit(&modulus, &exponent);
            assert_eq!(found, limit, "{n:?} {e:?}");
        }
    }
}
