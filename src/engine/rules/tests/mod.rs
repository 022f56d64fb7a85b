//! What the tests of these rules have in common.

pub(super) mod crafted;
mod digests;

use super::Backend;
use crate::engine::EngineKind;
use crate::mathematics::Verdict;
use crate::openpgp::algorithm::HashAlgorithm;
use crate::openpgp::integer::Natural;
use crate::openpgp::key::PublicKey;
use crate::openpgp::value::Value;

/// The mathematics of an engine of this build.
#[cfg(feature = "_native")]
pub(super) const BACKEND: &dyn Backend = crate::engine::native::BACKEND;
#[cfg(not(feature = "_native"))]
pub(super) const BACKEND: &dyn Backend = crate::engine::sequoia::BACKEND;

/// The mathematics of every engine of this build.
pub(super) const BACKENDS: &[&dyn Backend] = &[
    #[cfg(feature = "native")]
    crate::engine::native::ON_RUST_CRYPTO,
    #[cfg(feature = "native-openssl")]
    crate::engine::native::ON_OPENSSL,
    #[cfg(feature = "sequoia")]
    crate::engine::sequoia::BACKEND,
];

/// The same without SHA-1 in signatures, which the policy of a system may forbid its library.
pub(super) const WITHOUT_SHA1: &dyn Backend = &Limited::WithoutSha1;

/// The same, but it fails whenever it has to calculate.
pub(super) const FAILING: &dyn Backend = &Limited::Failing;

#[derive(Debug)]
enum Limited {
    WithoutSha1,
    Failing,
}

impl Backend for Limited {
    fn engine(&self) -> EngineKind {
        BACKEND.engine()
    }

    fn hashes(&self, algorithm: HashAlgorithm) -> bool {
        let is_left_out = matches!(self, Self::WithoutSha1) && algorithm == HashAlgorithm::Sha1;
        !is_left_out && BACKEND.hashes(algorithm)
    }

    fn digest(&self, algorithm: HashAlgorithm, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let digest = || BACKEND.digest(algorithm, parts);
        self.hashes(algorithm).then(digest)?
    }

    fn calculates(&self, key: &PublicKey) -> bool {
        BACKEND.calculates(key)
    }

    fn has_unusual_exponent(&self, n: &Natural, e: &Natural) -> bool {
        BACKEND.has_unusual_exponent(n, e)
    }

    fn verify(
        &self,
        key: &PublicKey,
        value: &Value,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Verdict {
        match self {
            Self::WithoutSha1 => BACKEND.verify(key, value, hash, digest),
            Self::Failing => Verdict::NotCalculated,
        }
    }
}

/// The engine that tests read key files for.
pub(super) const ENGINE: EngineKind = EngineKind::Sequoia;
