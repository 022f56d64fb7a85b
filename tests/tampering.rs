//! One changed byte: of the manifest, the name or the key it must refuse the image; of the
//! signature it must never make anything else acceptable.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "sequoia")]

mod common;

use common::{Fixture, at};
use containers_sigpolicy::{Clock, Error, Image, ImageName, Policy, Verifier};

/// Different in form: pure Ed25519, a subkey, RSA; all made by gpg, so compressed.
const FIXTURES: [Fixture; 3] = [Fixture::ED25519, Fixture::SUBKEY, Fixture::RSA];

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
        let verifier = fixture.verifier();
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
    let verifier = fixture.verifier();
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
            let verifier = verifier_with_keys(&changed);
            assert!(
                verifier.verify(&fixture.image()).is_err(),
                "{fixture:?} at {offset}"
            );
        }
    }
}

#[test]
fn any_changed_byte_of_the_signature_proves_nothing_else() {
    for fixture in FIXTURES {
        let verifier = fixture.verifier();
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
    for fixture in FIXTURES {
        let verifier = fixture.verifier();
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

fn verifier_with_keys(keys: &[u8]) -> Verifier {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(keys);
    let policy: Policy =
        format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyData":"{data}"}}]}}"#)
            .parse()
            .expect("a valid policy");
    Verifier::builder(policy)
        .engine(containers_sigpolicy::engine::Sequoia::new())
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .build()
}
