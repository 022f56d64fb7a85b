//! One changed byte: of the manifest, the name or the primary key it must refuse the image; of the signature or the
//! rest of a key file it must never make anything else acceptable. On the engines that need nothing from the system, which
//! are the fastest; and a signature's bytes on every engine.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "_rules")]

mod common;

use std::sync::Arc;

use common::{Fixture, any_in_process, at, in_process};
use containers_sigpolicy::engine::Engine;
use containers_sigpolicy::{Clock, Error, Image, ImageName, Policy, Verifier};

/// Different in form: pure Ed25519, a subkey, RSA; compressed by gpg, and not.
const FIXTURES: [Fixture; 4] = [
    Fixture::ED25519,
    Fixture::SUBKEY,
    Fixture::RSA,
    Fixture {
        signature: "signatures/algorithms/ed25519-uncompressed.sig",
        ..Fixture::ED25519
    },
];

/// Every value that differs from `byte` in one bit, and its opposite.
fn changes(byte: u8) -> impl Iterator<Item = u8> {
    (0..8).map(move |bit| byte ^ (1 << bit)).chain([!byte])
}

/// `bytes` with each change of each byte, and its offset.
fn tampered(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    bytes.iter().enumerate().flat_map(move |(offset, byte)| {
        changes(*byte).map(move |changed| {
            let mut copy = bytes.to_vec();
            copy[offset] = changed;
            (offset, copy)
        })
    })
}

#[test]
fn any_changed_byte_of_the_manifest_refuses() {
    for fixture in FIXTURES {
        let verifier = any_verifier(fixture);
        let signature = fixture.signature();
        assert!(verifier.verify(&fixture.image()).is_ok(), "{fixture:?}");
        for (offset, manifest) in tampered(&fixture.manifest()) {
            let image = Image::new(fixture.name(), manifest).with_signature(signature.clone());
            let error = verifier.verify(&image).expect_err("a tampered manifest");
            assert_eq!(error.code(), "digest-mismatch", "{fixture:?} at {offset}");
        }
    }
}

#[test]
fn any_changed_byte_of_the_reference_refuses() {
    let fixture = Fixture::ED25519;
    let verifier = any_verifier(fixture);
    let mut names = 0;
    for offset in "docker://".len()..fixture.image.len() {
        for changed in 0x20..0x7F_u8 {
            let mut name = fixture.image.as_bytes().to_vec();
            if name[offset] == changed {
                continue;
            }
            name[offset] = changed;
            let Ok(name) = ImageName::parse(std::str::from_utf8(&name).expect("ASCII")) else {
                continue;
            };
            names += 1;
            let image = Image::new(name, fixture.manifest()).with_signature(fixture.signature());
            let error = verifier.verify(&image).expect_err("another name");
            assert_eq!(error.code(), "identity-mismatch", "{:?}", error.to_string());
        }
    }
    assert!(names > 500, "only {names} of the names are valid");
}

#[test]
fn any_changed_byte_of_the_primary_key_refuses() {
    for fixture in FIXTURES {
        let keys = fixture.keys();
        // The first packet is the primary key, in the new packet format with a length of one or
        // two bytes: RFC 9580, section 4.2.1.
        assert_eq!(keys[0], 0xC6, "a public-key packet");
        let body = match keys[1] {
            short @ 0..192 => 2..2 + usize::from(short),
            long => 3..3 + ((usize::from(long) - 192) << 8) + usize::from(keys[2]) + 192,
        };
        for (offset, changed) in tampered(&keys) {
            if !body.contains(&offset) {
                continue;
            }
            for engine in in_process() {
                let verifier = verifier_with_keys(engine, &changed);
                assert!(
                    verifier.verify(&fixture.image()).is_err(),
                    "{fixture:?} at {offset}"
                );
            }
        }
    }
}

#[test]
fn no_damage_to_a_key_file_makes_anything_else_acceptable() {
    for fixture in FIXTURES {
        for engine in in_process() {
            accepts_nothing_else(fixture, &engine);
        }
    }
}

fn accepts_nothing_else(fixture: Fixture, engine: &Arc<dyn Engine>) {
    let verifier = |keys: &[u8]| verifier_with_keys(Arc::clone(engine), keys);
    let keys = fixture.keys();
    let accepted = verifier(&keys).verify(&fixture.image());
    let accepted = accepted.expect("a good image");
    let original = accepted.signatures().next();
    for offset in 0..keys.len() {
        let mut changed = keys.clone();
        changed[offset] ^= 1 << (offset % 8);
        for damaged in [&changed[..], &keys[..offset]] {
            if let Ok(accepted) = verifier(damaged).verify(&fixture.image()) {
                assert_eq!(
                    accepted.signatures().next(),
                    original,
                    "{fixture:?} at {offset}"
                );
            }
        }
    }
}

#[test]
fn any_changed_byte_of_the_signature_proves_nothing_else() {
    for (fixture, verifier) in fixtures() {
        let accepted = verifier.verify(&fixture.image()).expect("a good image");
        let original = accepted.signatures().next().expect("it is signed");
        for (offset, signature) in tampered(&fixture.signature()) {
            let image = Image::new(fixture.name(), fixture.manifest()).with_signature(signature);
            match verifier.verify(&image) {
                Ok(accepted) => {
                    assert_eq!(
                        accepted.signatures().next().expect("it is signed"),
                        original,
                        "{fixture:?} at {offset}"
                    );
                }
                // A change can make it one of a kind that an engine does not know.
                Err(Error::Rejected(_) | Error::Undecided(_)) => {}
                Err(other) => panic!("{fixture:?} at {offset}: {other}"),
            }
        }
    }
}

#[test]
fn no_truncated_signature_is_accepted() {
    for (fixture, verifier) in fixtures() {
        let signature = fixture.signature();
        for length in 0..signature.len() {
            let image =
                Image::new(fixture.name(), fixture.manifest()).with_signature(&signature[..length]);
            assert!(
                matches!(
                    verifier.verify(&image),
                    Err(Error::Rejected(_) | Error::Undecided(_))
                ),
                "{fixture:?}, {length} bytes"
            );
        }
    }
}

/// A verifier for what no engine decides: they prove what was signed.
fn any_verifier(fixture: Fixture) -> Verifier {
    fixture.verifier_on_shared(any_in_process())
}

/// Each fixture with a verifier on each engine.
fn fixtures() -> impl Iterator<Item = (Fixture, Verifier)> {
    FIXTURES.into_iter().flat_map(|fixture| {
        let verifiers = fixture.verifiers().into_iter();
        verifiers.map(move |verifier| (fixture, verifier))
    })
}

fn verifier_with_keys(engine: Arc<dyn Engine>, keys: &[u8]) -> Verifier {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(keys);
    let policy: Policy =
        format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyData":"{data}"}}]}}"#)
            .parse()
            .expect("a valid policy");
    Verifier::builder(policy)
        .engine(engine)
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .build()
}

/// The engines on GnuPG, which start a gpg for each signature: one change of each byte.
#[cfg(any(feature = "gpgme", feature = "gpg"))]
mod every_engine {
    use super::*;
    use containers_sigpolicy::CryptoPolicy;
    use containers_sigpolicy::engine::{KeyMaterial, KeyringError, Settings};

    #[cfg(feature = "gpgme")]
    #[test]
    fn gpgme_proves_nothing_else_from_a_changed_signature() {
        proves_nothing_else(&containers_sigpolicy::engine::Gpgme::new());
    }

    #[cfg(feature = "gpg")]
    #[test]
    fn gpg_proves_nothing_else_from_a_changed_signature() {
        proves_nothing_else(&containers_sigpolicy::engine::Gpg::new());
    }

    fn proves_nothing_else(engine: &dyn Engine) {
        let fixture = Fixture::ED25519;
        let keys = fixture.keys();
        let material = [KeyMaterial::new("keys", &keys)];
        let clock = Clock::Fixed(at("2026-01-15T12:00:00Z"));
        let import = engine
            .import(&material, &Settings::new(clock, CryptoPolicy::Standard))
            .expect("a keyring");
        let blob = fixture.signature();
        let good = import.keyring.verify(&blob).expect("a good signature");
        for index in 0..blob.len() {
            let mut changed = blob.clone();
            changed[index] ^= 1 << (index % 8);
            match import.keyring.verify(&changed) {
                Ok(proven) => {
                    assert_eq!(proven.payload(), good.payload(), "byte {index}");
                    assert_eq!(proven.primary_key(), good.primary_key(), "byte {index}");
                }
                Err(KeyringError::Refused(_)) => {}
                // The engine fails at nothing that a signature can hold.
                Err(error) => {
                    let source = std::error::Error::source(&error);
                    panic!("byte {index}: {error}, {source:?}")
                }
            }
        }
    }
}
