//! Signatures of sigstore, by the mathematics of this build that is always the same: RustCrypto's.
//!
//! A verdict is yes or no. What cannot be calculated is no: whoever has such a key cannot prove anything here.

use super::der::Elements;
use crate::mathematics::{Curve, Hash, Mathematics, RUST_CRYPTO, Verdict};

/// The library that calculates, whatever others the build has: every build gives one verdict.
pub(super) const MATHEMATICS: &dyn Mathematics = RUST_CRYPTO;

/// The fewest bits of an RSA modulus whose signatures count, as in Go's `crypto/rsa` since 1.24.
const MIN_RSA_BITS: usize = 1_024;

/// The most bits of one: what the mathematics calculates with, and a bound of ours. A larger key does no harm to others beside it.
const MAX_RSA_BITS: usize = 16_384;

/// The most octets of an ECDSA signature that is two halves: of P-521, as in sigstore's `signature` package.
const MAX_HALVES: usize = 132;

/// Whether `signature` is one by ECDSA over the SHA-256 of `message`, in the forms that signers of images use: two integers in
/// DER, or two halves of the same length. Octets that can be read as the first are never taken for the second.
pub(super) fn ecdsa(curve: Curve, point: &[u8], signature: &[u8], message: &[u8]) -> bool {
    if is_pair(signature) {
        return ecdsa_in_der(curve, point, signature, Hash::Sha256, message);
    }
    let length = signature.len();
    if length > MAX_HALVES || length % 2 != 0 {
        return false;
    }
    let halves = signature.split_at_checked(length / 2);
    halves.is_some_and(|(r, s)| ecdsa_of(curve, point, r, s, Hash::Sha256, message))
}

/// Whether `signature` is one by ECDSA over the digest of `message`: two integers in strict DER (RFC 5480, appendix A), and
/// nothing else.
pub(super) fn ecdsa_in_der(
    curve: Curve,
    point: &[u8],
    signature: &[u8],
    hash: Hash,
    message: &[u8],
) -> bool {
    pair(signature).is_some_and(|[r, s]| ecdsa_of(curve, point, r, s, hash, message))
}

/// Whether `signature` is one by RSA, PKCS #1 version 1.5, over the digest of `message`. Modulus and exponent are the highest
/// octet first, without a zero before them.
pub(super) fn rsa_pkcs1(
    modulus: &[u8],
    exponent: &[u8],
    signature: &[u8],
    hash: Hash,
    message: &[u8],
) -> bool {
    let verify = |digest: Vec<u8>| {
        MATHEMATICS.rsa_pkcs1(modulus, exponent, signature, hash, &digest) == Verdict::Good
    };
    is_rsa_usable(modulus, exponent) && digest(hash, message).is_some_and(verify)
}

/// Whether `signature` is one by RSA with the probabilistic scheme, the hash of the digest for the mask too, and a salt as long
/// as that.
pub(super) fn rsa_pss(
    modulus: &[u8],
    exponent: &[u8],
    signature: &[u8],
    hash: Hash,
    message: &[u8],
) -> bool {
    let verify = |digest: Vec<u8>| {
        MATHEMATICS.rsa_pss(modulus, exponent, signature, hash, &digest) == Verdict::Good
    };
    is_rsa_usable(modulus, exponent) && digest(hash, message).is_some_and(verify)
}

/// Whether `signature` is one by Ed25519 over `message` itself.
pub(super) fn ed25519(public: &[u8], signature: &[u8], message: &[u8]) -> bool {
    MATHEMATICS.ed25519(public, signature, message) == Verdict::Good
}

/// Whether anything verifies by an RSA key: of [`MIN_RSA_BITS`] to [`MAX_RSA_BITS`], with an odd exponent from 3 to 2^31 - 1. Go
/// has these limits, but for the largest size.
pub(super) fn is_rsa_usable(modulus: &[u8], exponent: &[u8]) -> bool {
    let is_odd = exponent.last().is_some_and(|last| last % 2 == 1);
    let fits = match exponent {
        [1] => false,
        [first, _, _, _] => first & 0x80 == 0,
        shorter => shorter.len() < 4,
    };
    (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits(modulus)) && is_odd && fits
}

/// How many bits an integer has that has no zero octet before it.
pub(super) fn bits(magnitude: &[u8]) -> usize {
    let unused = magnitude.first().map_or(0, |first| first.leading_zeros());
    let bits = magnitude.len().saturating_mul(8);
    bits.saturating_sub(usize::try_from(unused).unwrap_or(0))
}

fn digest(hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
    MATHEMATICS.digest(hash, &[message])
}

fn ecdsa_of(curve: Curve, point: &[u8], r: &[u8], s: &[u8], hash: Hash, message: &[u8]) -> bool {
    let verify = |digest: Vec<u8>| MATHEMATICS.ecdsa(curve, point, r, s, &digest) == Verdict::Good;
    digest(hash, message).is_some_and(verify)
}

/// Whether Go's `encoding/asn1` reads the octets as a sequence that begins with two integers, whatever else there is.
fn is_pair(signature: &[u8]) -> bool {
    let Ok(mut inside) = Elements::of(signature).sequence() else {
        return false;
    };
    inside.integer().is_ok() && inside.integer().is_ok()
}

/// The two integers above 0 that the octets are in DER, and nothing else.
fn pair(signature: &[u8]) -> Option<[&[u8]; 2]> {
    let mut elements = Elements::of(signature);
    let mut inside = elements.sequence().ok()?;
    elements.end().ok()?;
    let r = inside.integer().ok()?.positive()?;
    let s = inside.integer().ok()?.positive()?;
    inside.end().ok()?;
    Some([r, s])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No signature of two halves is known that reads so: one of 2^40 and more would have to be found.
    #[test]
    fn what_reads_as_two_integers_is_never_two_halves() {
        for pair in [
            &[0x30, 6, 2, 1, 1, 2, 1, 1][..],
            &[0x30, 6, 2, 1, 0xFF, 2, 1, 0],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 7],
            &[0x30, 8, 2, 1, 1, 2, 1, 1, 7, 7],
        ] {
            assert!(is_pair(pair), "{pair:02x?}");
        }
        for other in [
            &[][..],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 4, 1, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
        ] {
            assert!(!is_pair(other), "{other:02x?}");
        }
    }
}
