//! Keys and signatures of version 6 that are damaged in every way: whatever is made of them, nothing panics, and nothing
//! but the whole proves anything. And what an engine says of those that it cannot calculate with.
#![cfg(feature = "_rules")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod common;

use common::{at, in_process, read};
use containers_sigpolicy::CryptoPolicy;
use containers_sigpolicy::engine::{
    Engine, EngineKind, Import, KeyWarning, KeyringError, Proven, Refusal,
};

/// How many damaged copies are tried of each.
const ROUNDS: usize = 1_500;

/// A key file, and a message by a key in it.
struct Fixture {
    keys: Vec<u8>,
    blob: Vec<u8>,
}

impl Fixture {
    /// Ed25519 with a subkey that signs, and one that decrypts.
    fn ed25519() -> Self {
        Self::of("states/version-6-subkey", "keys/77e265806cc0335b-44712000")
    }

    /// ML-DSA-65 with Ed25519.
    fn ml_dsa() -> Self {
        Self::of(
            "post-quantum/ml-dsa-65-subkey",
            "structure/e975fec6b5df9573",
        )
    }

    fn of(keys: &str, blob: &str) -> Self {
        Self {
            keys: read(&format!("keys/{keys}.gpg")),
            blob: read(&format!("signatures/{blob}.sig")),
        }
    }
}

fn import(engine: &dyn Engine, key_file: &[u8]) -> Import {
    let now = at("2026-01-15T12:00:00Z");
    common::import(engine, &[key_file], now, CryptoPolicy::Standard)
}

/// The verdict on a message, where the engine works.
fn verify(import: &Import, blob: &[u8]) -> Result<Proven, Refusal> {
    import.keyring.verify(blob).map_err(|error| match error {
        KeyringError::Refused(refusal) => refusal,
        error => panic!("{error}"),
    })
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// A damaged copy: an octet or four changed, a part left out, said twice or made long, or the end cut off.
    fn damaged(&mut self, octets: &[u8]) -> Vec<u8> {
        let mut copy = octets.to_vec();
        for _ in 0..=self.below(2) {
            let at = self.below(copy.len());
            let end = (at + 1 + self.below(40)).min(copy.len());
            match self.below(7) {
                0 | 1 => copy[at] = u8::try_from(self.below(256)).unwrap(),
                2 => copy[at] = [0, 1, 6, 0x7F, 0xFF][self.below(5)],
                3 => copy[at..end].fill(0xFF),
                4 => drop(copy.drain(at..end)),
                5 => {
                    let part = copy[at..end].repeat(1 + self.below(3));
                    copy.splice(at..at, part);
                }
                _ => copy.truncate(at.max(1)),
            }
        }
        copy
    }
}

/// Gives damaged copies of one of its files to each engine, and compares what they prove with what the whole proves.
fn nothing_else_is_proven(fixture: &Fixture, seed: u64, of_keys: bool) {
    for engine in in_process() {
        let whole = import(&*engine, &fixture.keys);
        let good = verify(&whole, &fixture.blob);
        let mut numbers = Numbers(seed);
        for _ in 0..ROUNDS {
            let (verdict, damaged) = if of_keys {
                let damaged = numbers.damaged(&fixture.keys);
                let import = import(&*engine, &damaged);
                (verify(&import, &fixture.blob), damaged)
            } else {
                let damaged = numbers.damaged(&fixture.blob);
                (verify(&whole, &damaged), damaged)
            };
            if let Ok(proven) = verdict {
                let name = engine.name();
                let good = good.as_ref().unwrap_or_else(|_| panic!("{name}"));
                assert_eq!(proven.payload(), good.payload(), "{name}: {damaged:?}");
                assert_eq!(proven.signing_key(), good.signing_key(), "{name}");
            }
        }
    }
}

#[test]
fn whole_keys_and_signatures_are_good() {
    let fixture = Fixture::ed25519();
    for engine in in_process() {
        let proven = verify(&import(&*engine, &fixture.keys), &fixture.blob);
        assert!(proven.is_ok(), "{}: {proven:?}", engine.name());
    }
}

#[test]
fn damaged_keys_prove_nothing_else() {
    nothing_else_is_proven(&Fixture::ed25519(), 1, true);
}

#[test]
fn damaged_signatures_prove_nothing_else() {
    nothing_else_is_proven(&Fixture::ed25519(), 2, false);
}

#[test]
fn damaged_post_quantum_signatures_prove_nothing_else() {
    nothing_else_is_proven(&Fixture::ml_dsa(), 3, false);
}

#[test]
fn large_keys_and_signatures_do_no_harm() {
    let Fixture { keys: good, blob } = Fixture::ed25519();
    for size in [1, 65_535, 65_536, 131_072, 131_073, 1_000_000] {
        for (tag, beginning) in [
            // A key, a subkey and a signature of an algorithm that nobody knows; the sizes within come first.
            (6, &b"\x06time\x63"[..]),
            (14, b"\x06time\x63"),
            (2, b"\x06\x10\x63\x08\0\0\0\0\0\0\0\0hh\x10saltsaltsaltsalt"),
        ] {
            let mut body = beginning.to_vec();
            if tag != 2 {
                body.extend_from_slice(&u32::try_from(size).unwrap().to_be_bytes());
            }
            // With line feeds: GnuPG loses what stands in a first line of more than 19,998 octets.
            body.resize(body.len() + size, b'\n');
            let length = u32::try_from(body.len()).unwrap().to_be_bytes();
            let packet = [&[0xC0 | tag, 0xFF][..], &length, &body].concat();
            for (key_file, counts) in [
                // No subkey of a version that GnuPG does not know stands before every key.
                ([&packet[..], &good].concat(), tag != 14),
                ([&good[..], &packet].concat(), true),
                ([&good[..], &packet, &good].concat(), true),
            ] {
                for engine in in_process() {
                    let proven = verify(&import(&*engine, &key_file), &blob);
                    assert_eq!(proven.is_ok(), counts, "{tag} {size}: {proven:?}");
                }
            }
        }
    }
}

/// Where an engine has no ML-DSA, the signature is not called bad, but what is missing is, and who has it.
#[test]
fn an_engine_without_ml_dsa_names_one_that_has_it() {
    for (name, what) in [
        ("ml-dsa-65", "ML-DSA-65 with Ed25519"),
        ("ml-dsa-87", "ML-DSA-87 with Ed448"),
    ] {
        let keys = read(&format!("keys/post-quantum/{name}-good.gpg"));
        let changed = format!("signatures/post-quantum/{name}-second-half-changed.sig");
        for engine in in_process() {
            let import = import(&*engine, &keys);
            let verdict = verify(&import, &read(&changed));
            if engine.name() == EngineKind::Sequoia.name() {
                assert!(import.warnings.is_empty(), "{:?}", import.warnings);
                assert_eq!(verdict.unwrap_err().code(), "bad-signature");
                continue;
            }
            let said = format!(
                "the engine {} cannot check the signature: it does not support {what}; the engine sequoia (feature \
                 `sequoia-rust`) does",
                engine.name()
            );
            assert_eq!(verdict.unwrap_err().to_string(), said);
            let [
                KeyWarning::UnsupportedKey {
                    what: found,
                    supported_by,
                    ..
                },
            ] = import.warnings.as_slice()
            else {
                panic!("{:?}", import.warnings);
            };
            assert_eq!(found, what);
            assert_eq!(supported_by, &[EngineKind::Sequoia]);
        }
    }
}
