//! Evaluations on the engine `native`, beside the bare operation of its library.

#[cfg(feature = "native-openssl")]
mod openssl;
#[cfg(feature = "native")]
pub mod rustcrypto;

use containers_sigpolicy::Image;
use sequoia_openpgp::crypto::Signer as _;
use sequoia_openpgp::crypto::mpi::{PublicKey, Signature};
use sequoia_openpgp::types::HashAlgorithm;
use sha2::{Digest as _, Sha256, Sha512};

use super::engines::InProcess;
use super::keys::{SUITES, Signed, image};
use super::times::{in_turns, microseconds, ratio};
use super::warm;

/// How many of each are one measurement: one alone is too short for the clock, and many are too long to stay undisturbed.
const MANY: u32 = 4;

/// A signature over a digest: SHA-256 for ECDSA, SHA-512 for others.
pub struct Sample {
    public: PublicKey,
    signature: Signature,
    digest: Vec<u8>,
}

impl Sample {
    pub fn by(signed: &Signed) -> Self {
        const TEXT: &[u8] = b"something that is signed";
        let mut pair = signed.key_pair();
        let public = pair.public().mpis().clone();
        let (hash, digest) = match public {
            PublicKey::ECDSA { .. } => (HashAlgorithm::SHA256, Sha256::digest(TEXT).to_vec()),
            _ => (HashAlgorithm::SHA512, Sha512::digest(TEXT).to_vec()),
        };
        Self {
            signature: pair.sign(hash, &digest).expect("a signature"),
            public,
            digest,
        }
    }
}

/// One evaluation of each algorithm, beside the verification that is in it.
pub fn beside_evaluation(engine: &InProcess) {
    let bare: fn(Sample) -> Box<dyn FnMut()> = match engine.name {
        #[cfg(feature = "native")]
        "native" => rustcrypto::bare,
        #[cfg(feature = "native-openssl")]
        "native-openssl" => openssl::bare,
        _ => return,
    };
    for (name, suite) in SUITES {
        let signed = Signed::by(suite);
        let verifier = signed.verifier(&engine.engine);
        let one: Image<'_> = image(signed.blob(0));
        let mut bare = bare(Sample::by(&signed));
        let [bare, evaluation] = in_turns(
            201,
            [&mut || (0..MANY).for_each(|_| bare()), &mut || {
                (0..MANY).for_each(|_| warm(&verifier, &one))
            }],
        );
        let (bare, evaluation) = (bare / MANY, evaluation / MANY);
        let above = evaluation.saturating_sub(bare.mul_f64(1.15));
        println!(
            "  evaluation ÷ bare operation: {name:<10} {:>6} µs ÷ {:>6} µs = {:.2}; {} µs above 1.15",
            microseconds(evaluation),
            microseconds(bare),
            ratio(evaluation, bare),
            microseconds(above)
        );
    }
}
