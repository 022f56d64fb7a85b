//! The mathematics of OpenSSL, as the system has it. No other file names its crate.
//!
//! All of it goes by the interfaces through which OpenSSL asks its providers, so that a system in FIPS mode calculates with
//! what is validated for that. What a library can calculate is asked of it, once, by signatures that are known to be good:
//! its build, its configuration and the system's policy all have a say. Where it says no, so does this file, and nothing
//! takes its place.

use std::array;

use once_cell::race::OnceBool;
use once_cell::sync::{Lazy, OnceCell};
use openssl::bn::{BigNum, BigNumContext};
use openssl::dsa::{Dsa, DsaSig};
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::{Hasher, MessageDigest};
use openssl::md::Md;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
#[cfg(feature = "sigstore")]
use openssl::sign::RsaPssSaltlen;
use openssl::sign::Verifier;

use super::calculation::{Curve, Hash, Mathematics};
use super::form;
use super::memory::Memory;
use super::octets::{bits, is_less, is_odd, of_size};
use super::rsa_limit::RsaLimit;
use super::rsa_question::RsaLimits;
use super::verdict::Verdict;

/// OpenSSL's mathematics.
#[derive(Debug)]
pub(super) struct OpenSsl;

/// Which hash functions it has, and lets signatures be over.
static HASHES: Lazy<[OnceBool; 8]> = Lazy::new(|| array::from_fn(|_| OnceBool::new()));
/// The curves, of those that it calculates with.
static GROUPS: Lazy<[OnceCell<Option<EcGroup>>; 8]> =
    Lazy::new(|| array::from_fn(|_| OnceCell::new()));
static ED25519: OnceBool = OnceBool::new();
static ED448: OnceBool = OnceBool::new();
static RSA_LIMITS: RsaLimits = RsaLimits::of(|n, e, signature, digest| {
    clean(|| rsa(n, e, signature, Hash::Sha256, digest)) == Verdict::Good
});
/// Keys that it has made of octets, by these: making one takes longer than most calculations with it.
static KEYS: Memory<Vec<u8>, PKey<Public>> = Memory::new();
/// Which DSA keys it takes, by the bits of prime and order.
static DSA_LIMITS: Memory<[usize; 2], bool> = Memory::new();

impl Mathematics for OpenSsl {
    fn name(&self) -> String {
        // `OpenSSL 3.0.19 27 Jan 2026`
        let version = openssl::version::version();
        let words: Vec<&str> = version.split(' ').take(2).collect();
        words.join(" ")
    }

    fn is_openssl(&self) -> bool {
        true
    }

    fn hashes(&self, hash: Hash) -> bool {
        let answer = HASHES.get(hash as usize);
        answer.is_some_and(|answer| answer.get_or_init(|| clean(|| has_hash(hash).is_some())))
    }

    fn digest(&self, hash: Hash, parts: &[&[u8]]) -> Option<Vec<u8>> {
        if !self.hashes(hash) {
            return None;
        }
        if hash == Hash::Sha1 {
            return super::sha1::digest(parts);
        }
        clean(|| digest_of(hash, parts))
    }

    fn rsa_limit(&self, n: &[u8], e: &[u8]) -> Option<RsaLimit> {
        // OpenSSL would calculate with these, some of which sign everything. As RustCrypto has it.
        if !is_odd(n) {
            Some(RsaLimit::Modulus)
        } else if !is_odd(e) || !is_less(&[1], e) || !is_less(e, n) {
            Some(RsaLimit::Exponent)
        } else {
            RSA_LIMITS.limit(n, e)
        }
    }

    fn takes_dsa(&self, p: &[u8], q: &[u8]) -> bool {
        // They may be no numbers with which anybody should calculate, so that others of their sizes are tried.
        let [p, q] = [p, q].map(bits);
        DSA_LIMITS.about([p, q], || clean(|| dsa_of_sizes(p, q)) == Verdict::Good)
    }

    fn takes_curve(&self, curve: Curve) -> bool {
        group(curve).is_some()
    }

    fn has_point(&self, curve: Curve, point: &[u8]) -> bool {
        let read = |group| {
            let mut numbers = BigNumContext::new().ok()?;
            // It is asked whether it is on the curve.
            EcPoint::from_bytes(group, point, &mut numbers).ok()
        };
        form::point(curve, point)
            && group(curve).is_some_and(|group| clean(|| read(group).is_some()))
    }

    fn takes_ed25519(&self) -> bool {
        let [public, signature] = ED25519_EMPTY;
        ED25519
            .get_or_init(|| clean(|| edwards(Id::ED25519, public, signature, &[])) == Verdict::Good)
    }

    fn takes_ed448(&self) -> bool {
        let [public, signature] = ED448_EMPTY;
        ED448.get_or_init(|| clean(|| edwards(Id::ED448, public, signature, &[])) == Verdict::Good)
    }

    fn rsa_pkcs1(
        &self,
        n: &[u8],
        e: &[u8],
        signature: &[u8],
        hash: Hash,
        digest: &[u8],
    ) -> Verdict {
        if self.rsa_limit(n, e).is_some() || !self.hashes(hash) {
            Verdict::NotCalculated
        } else if form::rsa_signature(n, signature) {
            clean(|| rsa(n, e, signature, hash, digest))
        } else {
            Verdict::Bad
        }
    }

    #[cfg(feature = "sigstore")]
    fn rsa_pss(&self, n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8]) -> Verdict {
        let has_scheme = matches!(hash, Hash::Sha256 | Hash::Sha384 | Hash::Sha512);
        if !has_scheme || self.rsa_limit(n, e).is_some() || !self.hashes(hash) {
            Verdict::NotCalculated
        } else if form::rsa_signature(n, signature) {
            clean(|| rsa_pss(n, e, signature, hash, digest))
        } else {
            Verdict::Bad
        }
    }

    fn dsa(&self, key: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
        let [p, q, _, _] = key;
        if !self.takes_dsa(p, q) {
            Verdict::NotCalculated
        } else if form::dsa_key(key) && form::dsa_signature(q, r, s) {
            clean(|| match in_subgroup(key) {
                Ok(true) => dsa(key, r, s, digest),
                Ok(false) => Verdict::Bad,
                Err(_) => Verdict::NotCalculated,
            })
        } else {
            Verdict::Bad
        }
    }

    fn ecdsa(&self, curve: Curve, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
        match group(curve) {
            None => Verdict::NotCalculated,
            Some(group) if form::point(curve, point) => clean(|| ecdsa(group, point, r, s, digest)),
            Some(_) => Verdict::Bad,
        }
    }

    fn ed25519(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict {
        if !self.takes_ed25519() {
            Verdict::NotCalculated
        } else if (public.len(), signature.len()) == (32, 64) {
            clean(|| edwards(Id::ED25519, public, signature, message))
        } else {
            Verdict::Bad
        }
    }

    fn ed448(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict {
        if !self.takes_ed448() {
            Verdict::NotCalculated
        } else if form::ed448(public, signature) {
            clean(|| edwards(Id::ED448, public, signature, message))
        } else {
            Verdict::Bad
        }
    }
}

/// Calculates, and leaves no error in the queue that this thread has for all users of OpenSSL.
fn clean<T>(calculate: impl FnOnce() -> T) -> T {
    let result = calculate();
    drop(ErrorStack::get());
    result
}

/// What came of a verification. An error of OpenSSL's when all was ready for the calculation is a way to say no.
fn verdict(verified: Result<bool, ErrorStack>) -> Verdict {
    verified.unwrap_or(false).into()
}

fn number_of(hash: Hash) -> Nid {
    match hash {
        Hash::Sha1 => Nid::SHA1,
        Hash::Ripemd160 => Nid::RIPEMD160,
        Hash::Sha224 => Nid::SHA224,
        Hash::Sha256 => Nid::SHA256,
        Hash::Sha384 => Nid::SHA384,
        Hash::Sha512 => Nid::SHA512,
        Hash::Sha3_256 => Nid::SHA3_256,
        Hash::Sha3_512 => Nid::SHA3_512,
    }
}

fn digest_of(hash: Hash, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(MessageDigest::from_nid(number_of(hash))?).ok()?;
    parts.iter().try_for_each(|part| hasher.update(part)).ok()?;
    Some(hasher.finish().ok()?.to_vec())
}

/// Whether it has the hash function, and lets a signature be over it, which the policy of a system may forbid: of SHA-1,
/// Red Hat's does.
fn has_hash(hash: Hash) -> Option<()> {
    digest_of(hash, &[b"abc"])?;
    // Nothing is calculated with the key.
    let modulus = [0xFF; 256];
    let key = rsa_key(&modulus, &[1, 0, 1]).ok()?;
    rsa_context(&key, hash).is_ok().then_some(())
}

/// The key of this kind with these parts; from memory, if it was made before.
fn key<E>(
    kind: Id,
    parts: &[&[u8]],
    make: impl FnOnce() -> Result<PKey<Public>, E>,
) -> Result<PKey<Public>, E> {
    let mut name = kind.as_raw().to_be_bytes().to_vec();
    for part in parts {
        name.extend(part.len().to_be_bytes());
        name.extend_from_slice(part);
    }
    KEYS.try_about(name, make)
}

fn rsa_key(n: &[u8], e: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    key(Id::RSA, &[n, e], || {
        let [n, e] = [BigNum::from_slice(n)?, BigNum::from_slice(e)?];
        PKey::from_rsa(Rsa::from_public_components(n, e)?)
    })
}

fn rsa_context(key: &PKey<Public>, hash: Hash) -> Result<PkeyCtx<Public>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.verify_init()?;
    context.set_rsa_padding(Padding::PKCS1)?;
    if let Some(hash) = Md::from_nid(number_of(hash)) {
        context.set_signature_md(hash)?;
    }
    Ok(context)
}

fn rsa(n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8]) -> Verdict {
    let Ok(key) = rsa_key(n, e) else {
        return Verdict::NotCalculated;
    };
    match rsa_context(&key, hash) {
        Ok(mut context) => verdict(context.verify(digest, signature)),
        Err(_) => Verdict::NotCalculated,
    }
}

#[cfg(feature = "sigstore")]
fn rsa_pss(n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8]) -> Verdict {
    let ready = || {
        let key = rsa_key(n, e).ok()?;
        let function = Md::from_nid(number_of(hash))?;
        let mut context = PkeyCtx::new(&key).ok()?;
        context.verify_init().ok()?;
        context.set_rsa_padding(Padding::PKCS1_PSS).ok()?;
        context.set_signature_md(function).ok()?;
        context.set_rsa_mgf1_md(function).ok()?;
        // At a verification as at a signature, this is exactly so long, and no other.
        let length = RsaPssSaltlen::DIGEST_LENGTH;
        context.set_rsa_pss_saltlen(length).ok()?;
        Some(context)
    };
    match ready() {
        Some(mut context) => verdict(context.verify(digest, signature)),
        None => Verdict::NotCalculated,
    }
}

/// Whether the value of the key is a power of the generator: OpenSSL does not ask.
fn in_subgroup([p, q, _, y]: [&[u8]; 4]) -> Result<bool, ErrorStack> {
    let [p, q, y] = [
        BigNum::from_slice(p)?,
        BigNum::from_slice(q)?,
        BigNum::from_slice(y)?,
    ];
    let mut power = BigNum::new()?;
    power.mod_exp(&y, &q, &p, &mut *BigNumContext::new()?)?;
    Ok(power == BigNum::from_u32(1)?)
}

fn dsa(parts: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
    let ready = || {
        let key = key(Id::DSA, &parts, || {
            let [p, q, g, y] = parts.map(BigNum::from_slice);
            PKey::from_dsa(Dsa::from_public_components(p?, q?, g?, y?)?)
        })?;
        let [r, s] = [BigNum::from_slice(r)?, BigNum::from_slice(s)?];
        let signature = DsaSig::from_private_components(r, s)?.to_der()?;
        Ok::<_, ErrorStack>((key, signature))
    };
    match ready() {
        Ok((key, signature)) => over_digest(&key, &signature, digest),
        Err(_) => Verdict::NotCalculated,
    }
}

/// Verifies a signature in DER.
fn over_digest(key: &PKey<Public>, signature: &[u8], digest: &[u8]) -> Verdict {
    let ready = || {
        let mut context = PkeyCtx::new(key)?;
        context.verify_init()?;
        Ok::<_, ErrorStack>(context)
    };
    match ready() {
        Ok(mut context) => verdict(context.verify(digest, signature)),
        Err(_) => Verdict::NotCalculated,
    }
}

/// Has it verify a signature by a key of these sizes. In a group of 1 alone, all powers are 1, and so is `r`: that is good
/// whatever the prime, the order and the digest.
fn dsa_of_sizes(p: usize, q: usize) -> Verdict {
    let [p, q] = [p, q].map(|bits| of_size(bits, true));
    let one: &[u8] = &[1];
    dsa([&p, &q, one, one], one, one, &[0xFF; 20])
}

/// The curve, if it calculates with it.
fn group(curve: Curve) -> Option<&'static EcGroup> {
    let group = GROUPS.get(curve as usize)?;
    group.get_or_init(|| clean(|| group_of(curve))).as_ref()
}

/// The curve, if it finds a signature good whose numbers are all known: the key is the generator, and the secret 1. So the
/// first integer is the first coordinate of the generator, and over a digest of zero, so is the second.
fn group_of(curve: Curve) -> Option<EcGroup> {
    let number = match curve {
        Curve::NistP224 => Nid::SECP224R1,
        Curve::NistP256 => Nid::X9_62_PRIME256V1,
        Curve::NistP384 => Nid::SECP384R1,
        Curve::NistP521 => Nid::SECP521R1,
        Curve::Secp256k1 => Nid::SECP256K1,
        Curve::BrainpoolP256r1 => Nid::BRAINPOOL_P256R1,
        Curve::BrainpoolP384r1 => Nid::BRAINPOOL_P384R1,
        Curve::BrainpoolP512r1 => Nid::BRAINPOOL_P512R1,
    };
    let group = EcGroup::from_curve_name(number).ok()?;
    let mut context = BigNumContext::new().ok()?;
    let form = PointConversionForm::UNCOMPRESSED;
    let point = group
        .generator_opt()?
        .to_bytes(&group, form, &mut context)
        .ok()?;
    let coordinate = point.get(1..)?.get(..curve.octets())?;
    let answer = ecdsa(&group, &point, coordinate, coordinate, &[0; 64]);
    (form::point(curve, &point) && answer == Verdict::Good).then_some(group)
}

fn ecdsa(group: &EcGroup, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict {
    let curve = group.curve_name().unwrap_or(Nid::UNDEF);
    let named = curve.as_raw().to_be_bytes();
    let on_curve = key(Id::EC, &[&named, point], || {
        let mut numbers = BigNumContext::new().map_err(|_| Verdict::NotCalculated)?;
        // It is asked whether it is on the curve.
        let point = EcPoint::from_bytes(group, point, &mut numbers).map_err(|_| Verdict::Bad)?;
        EcKey::from_public_key(group, &point)
            .and_then(PKey::from_ec_key)
            .map_err(|_| Verdict::NotCalculated)
    });
    let on_curve = match on_curve {
        Ok(key) => key,
        Err(verdict) => return verdict,
    };
    let signature = || {
        let [r, s] = [BigNum::from_slice(r)?, BigNum::from_slice(s)?];
        EcdsaSig::from_private_components(r, s)?.to_der()
    };
    match signature() {
        Ok(signature) => over_digest(&on_curve, &signature, digest),
        Err(_) => Verdict::NotCalculated,
    }
}

fn edwards(curve: Id, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict {
    let made = key(curve, &[public], || {
        PKey::public_key_from_raw_bytes(public, curve)
    });
    let Ok(key) = made else {
        return Verdict::NotCalculated;
    };
    match Verifier::new_without_digest(&key) {
        Ok(mut verifier) => verdict(verifier.verify_oneshot(signature, message)),
        Err(_) => Verdict::NotCalculated,
    }
}

/// A key, and its signature over nothing (RFC 8032, section 7.1, test 1).
const ED25519_EMPTY: [&[u8]; 2] = [
    &[
        0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07,
        0x3A, 0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07,
        0x51, 0x1A,
    ],
    &[
        0xE5, 0x56, 0x43, 0x00, 0xC3, 0x60, 0xAC, 0x72, 0x90, 0x86, 0xE2, 0xCC, 0x80, 0x6E, 0x82,
        0x8A, 0x84, 0x87, 0x7F, 0x1E, 0xB8, 0xE5, 0xD9, 0x74, 0xD8, 0x73, 0xE0, 0x65, 0x22, 0x49,
        0x01, 0x55, 0x5F, 0xB8, 0x82, 0x15, 0x90, 0xA3, 0x3B, 0xAC, 0xC6, 0x1E, 0x39, 0x70, 0x1C,
        0xF9, 0xB4, 0x6B, 0xD2, 0x5B, 0xF5, 0xF0, 0x59, 0x5B, 0xBE, 0x24, 0x65, 0x51, 0x41, 0x43,
        0x8E, 0x7A, 0x10, 0x0B,
    ],
];

/// The same of Ed448 (RFC 8032, section 7.4, blank).
const ED448_EMPTY: [&[u8]; 2] = [
    &[
        0x5F, 0xD7, 0x44, 0x9B, 0x59, 0xB4, 0x61, 0xFD, 0x2C, 0xE7, 0x87, 0xEC, 0x61, 0x6A, 0xD4,
        0x6A, 0x1D, 0xA1, 0x34, 0x24, 0x85, 0xA7, 0x0E, 0x1F, 0x8A, 0x0E, 0xA7, 0x5D, 0x80, 0xE9,
        0x67, 0x78, 0xED, 0xF1, 0x24, 0x76, 0x9B, 0x46, 0xC7, 0x06, 0x1B, 0xD6, 0x78, 0x3D, 0xF1,
        0xE5, 0x0F, 0x6C, 0xD1, 0xFA, 0x1A, 0xBE, 0xAF, 0xE8, 0x25, 0x61, 0x80,
    ],
    &[
        0x53, 0x3A, 0x37, 0xF6, 0xBB, 0xE4, 0x57, 0x25, 0x1F, 0x02, 0x3C, 0x0D, 0x88, 0xF9, 0x76,
        0xAE, 0x2D, 0xFB, 0x50, 0x4A, 0x84, 0x3E, 0x34, 0xD2, 0x07, 0x4F, 0xD8, 0x23, 0xD4, 0x1A,
        0x59, 0x1F, 0x2B, 0x23, 0x3F, 0x03, 0x4F, 0x62, 0x82, 0x81, 0xF2, 0xFD, 0x7A, 0x22, 0xDD,
        0xD4, 0x7D, 0x78, 0x28, 0xC5, 0x9B, 0xD0, 0xA2, 0x1B, 0xFD, 0x39, 0x80, 0xFF, 0x0D, 0x20,
        0x28, 0xD4, 0xB1, 0x8A, 0x9D, 0xF6, 0x3E, 0x00, 0x6C, 0x5D, 0x1C, 0x2D, 0x34, 0x5B, 0x92,
        0x5D, 0x8D, 0xC0, 0x0B, 0x41, 0x04, 0x85, 0x2D, 0xB9, 0x9A, 0xC5, 0xC7, 0xCD, 0xDA, 0x85,
        0x30, 0xA1, 0x13, 0xA0, 0xF4, 0xDB, 0xB6, 0x11, 0x49, 0xF0, 0x5A, 0x73, 0x63, 0x26, 0x8C,
        0x71, 0xD9, 0x58, 0x08, 0xFF, 0x2E, 0x65, 0x26, 0x00,
    ],
];
