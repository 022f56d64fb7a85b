//! Keys and signatures of version 6 that are damaged in every way: whatever is made of them, nothing panics, and nothing
//! but the whole proves anything.
#![cfg(feature = "sequoia")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::signing;
use containers_sigpolicy::engine::{Engine, Import, KeyMaterial, Sequoia, Settings};
use containers_sigpolicy::{Clock, CryptoPolicy};
use sequoia_openpgp as openpgp;

use openpgp::Profile;
use openpgp::cert::{Cert, CertBuilder};
use openpgp::serialize::SerializeInto;

const PAYLOAD: &[u8] = b"{\"critical\":{}}\n";

/// How many damaged copies are tried of each.
const ROUNDS: usize = 1_500;

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_760_000_000 + seconds)
}

fn certificate() -> Cert {
    let builder = CertBuilder::new()
        .set_profile(Profile::RFC9580)
        .unwrap()
        .set_creation_time(time(0))
        .add_userid("Somebody <somebody@example.org>")
        .add_signing_subkey()
        .add_transport_encryption_subkey();
    builder.generate().unwrap().0
}

fn signed_by(cert: &Cert) -> Vec<u8> {
    signing::signed_by(cert, PAYLOAD, time(50), false)
}

fn import(key_file: &[u8]) -> Import {
    let settings = Settings::new(Clock::Fixed(time(100).into()), CryptoPolicy::Standard);
    let keys = [KeyMaterial::new("test", key_file)];
    Sequoia::new().import(&keys, &settings).unwrap()
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

#[test]
fn damaged_keys_do_not_panic() {
    let cert = certificate();
    let blob = signed_by(&cert);
    let whole = cert.to_vec().unwrap();
    let found = import(&whole).keyring.verify(&blob);
    found.expect("the whole key is good");
    let mut numbers = Numbers(1);
    for _ in 0..ROUNDS {
        let key_file = numbers.damaged(&whole);
        let import = import(&key_file);
        if let Ok(proven) = import.keyring.verify(&blob) {
            assert_eq!(proven.payload(), PAYLOAD, "{key_file:?}");
        }
    }
}

#[test]
fn damaged_signatures_do_not_panic() {
    let cert = certificate();
    let blob = signed_by(&cert);
    let keyring = import(&cert.to_vec().unwrap()).keyring;
    let mut numbers = Numbers(2);
    for _ in 0..ROUNDS {
        let damaged = numbers.damaged(&blob);
        if let Ok(proven) = keyring.verify(&damaged) {
            assert_eq!(proven.payload(), PAYLOAD, "{damaged:?}");
        }
    }
}

#[test]
fn large_keys_and_signatures_do_not_panic() {
    let good = certificate();
    let blob = signed_by(&good);
    let good = good.to_vec().unwrap();
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
                let proven = import(&key_file).keyring.verify(&blob);
                assert_eq!(proven.is_ok(), counts, "{tag} {size}: {proven:?}");
            }
        }
    }
}
