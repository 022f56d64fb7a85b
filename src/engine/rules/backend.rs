//! What the rules do not do themselves.

use std::fmt::Debug;

use crate::engine::EngineKind;
use crate::openpgp::algorithm::HashAlgorithm;
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::value::Value;

/// The largest DSA key, in bits, that is calculated with: a bound of ours, whatever the backend can. GnuPG makes
/// none above 3072 bits, and sequoia's policy knows none above 4096; libgcrypt calculates with up to 16384, which
/// takes fifty milliseconds and more for each signature in a key file.
pub(super) const LARGEST_DSA_KEY: usize = 4_096;

/// The mathematics of an engine: hash functions and the verification of signatures, and nothing about what they mean.
pub(in crate::engine) trait Backend: Debug + Send + Sync {
    /// The engine, as those who cannot use a key are told.
    fn engine(&self) -> EngineKind;

    /// Whether it is the engine native on OpenSSL, on which it calculates with more.
    fn is_on_openssl(&self) -> bool {
        false
    }

    /// Whether [`digest`](Self::digest) knows the hash algorithm.
    fn hashes(&self, algorithm: HashAlgorithm) -> bool;

    /// The digest of these parts, one after the other. Nothing where the algorithm is not known, or where the octets were
    /// made to collide with others under SHA-1, which has to be found out.
    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>>;

    /// Whether [`verify`](Self::verify) calculates with keys of the algorithm, curve and sizes of this one: if not, what
    /// such a key signs is unsupported, and not bad.
    fn calculates(&self, key: &PublicKey) -> bool;

    /// Whether an RSA key with this modulus and exponent is one that is not calculated with, and that is for the exponent.
    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool;

    /// Whether the key has made a signature with this value over this digest. False, too, where the value is not one that
    /// a key of this algorithm makes.
    fn verify(&self, key: &PublicKey, value: &Value, hash: HashAlgorithm, digest: &[u8]) -> bool;
}
