//! What a library of mathematics is asked, and what it answers.

use std::fmt::Debug;

use super::rsa_limit::RsaLimit;
use super::verdict::Verdict;

/// A hash function whose digests are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Ripemd160,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_256,
    Sha3_512,
}

/// A curve of ECDSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    /// OpenPGP does not use it.
    #[cfg_attr(
        not(feature = "sigstore"),
        allow(dead_code, reason = "only keys of sigstore are on it")
    )]
    NistP224,
    NistP256,
    NistP384,
    NistP521,
    Secp256k1,
    BrainpoolP256r1,
    BrainpoolP384r1,
    BrainpoolP512r1,
}

/// Digests, and the verification of signatures.
///
/// **Integers** are octets, the highest first; zeros before them change nothing, and no octets are zero. All else has exactly
/// the length that is told here, or the verdict is [`Bad`](Verdict::Bad). A digest is what a hash function made, in full.
///
/// Every answer is the same whatever was calculated before, and on every thread.
pub(crate) trait Mathematics: Debug + Send + Sync {
    /// The library, with its version where the system has it: `RustCrypto`, `OpenSSL 3.0.19`.
    fn name(&self) -> String;

    /// Whether it is OpenSSL.
    fn is_openssl(&self) -> bool {
        false
    }

    /// Whether it makes digests by this function, and verifies signatures over them.
    fn hashes(&self, hash: Hash) -> bool;

    /// The digest of these parts, one after the other. Nothing where [`hashes`](Self::hashes) is false, or the octets were
    /// made to collide with others under SHA-1, which has to be found out.
    fn digest(&self, hash: Hash, parts: &[&[u8]]) -> Option<Vec<u8>>;

    /// What of an RSA key with this modulus and this exponent it does not calculate with; `None` where it does.
    fn rsa_limit(&self, n: &[u8], e: &[u8]) -> Option<RsaLimit>;

    /// Whether it calculates with DSA keys of the sizes of this prime and this order of the group.
    fn takes_dsa(&self, p: &[u8], q: &[u8]) -> bool;

    /// Whether it calculates with the curve.
    fn takes_curve(&self, curve: Curve) -> bool;

    /// Whether the octets are an uncompressed point of the curve, as [`ecdsa`](Self::ecdsa) has it. Never where
    /// [`takes_curve`](Self::takes_curve) is false.
    #[cfg_attr(
        not(feature = "sigstore"),
        allow(dead_code, reason = "only keys of sigstore are asked for their points")
    )]
    fn has_point(&self, curve: Curve, point: &[u8]) -> bool;

    /// Whether it calculates with Ed25519.
    fn takes_ed25519(&self) -> bool;

    /// Whether it calculates with Ed448.
    fn takes_ed448(&self) -> bool;

    /// RSA by PKCS #1, version 1.5 (RFC 8017, section 8.2.2), with the modulus `n` and the exponent `e`. The signature has as
    /// many octets as the modulus without zeros before it, and is less than the modulus.
    fn rsa_pkcs1(&self, n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8])
    -> Verdict;

    /// RSA with the probabilistic scheme of PKCS #1 (RFC 8017, section 8.1.2): the hash function of the digest is that of the
    /// mask as well, and the salt is as long as the digest. Only SHA-256, SHA-384 and SHA-512 are calculated with. The
    /// signature has as many octets as the modulus without zeros before it, and is less than the modulus.
    #[cfg(feature = "sigstore")]
    fn rsa_pss(&self, n: &[u8], e: &[u8], signature: &[u8], hash: Hash, digest: &[u8]) -> Verdict;

    /// DSA (FIPS 186-4, section 4.7) with the prime, the order of the group, the generator and the value of a key. Of a digest
    /// that is longer than the order, as many octets count as the order has.
    fn dsa(&self, key: [&[u8]; 4], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict;

    /// ECDSA (FIPS 186-4, section 6.4). The point is uncompressed, with its mark: `04`, and two coordinates of as many
    /// octets as the field has (SEC 1, section 2.3.3). A digest shorter than the order of the curve counts as an integer, of
    /// a longer one as many bits as the order has. `s` may be in the upper half.
    fn ecdsa(&self, curve: Curve, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Verdict;

    /// Ed25519 over the message itself (RFC 8032, section 5.1.7): a key of 32 octets, and a signature of 64.
    fn ed25519(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict;

    /// Ed448 over the message itself, without a context (RFC 8032, section 5.2.7): a key of 57 octets, and a signature of 114.
    fn ed448(&self, public: &[u8], signature: &[u8], message: &[u8]) -> Verdict;
}

impl Curve {
    /// How many octets a coordinate of a point has.
    pub(super) fn octets(self) -> usize {
        match self {
            Self::NistP224 => 28,
            Self::NistP256 | Self::Secp256k1 | Self::BrainpoolP256r1 => 32,
            Self::NistP384 | Self::BrainpoolP384r1 => 48,
            Self::NistP521 => 66,
            Self::BrainpoolP512r1 => 64,
        }
    }
}
