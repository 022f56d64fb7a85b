//! The engines that need nothing from the system, side by side: what they make of any key file, and of any message with it, is
//! the same, but for what they cannot all calculate.
//!
//! An input is an octet of settings, a key file, [`DIVIDER`] and a message. `fuzz/seeds.py` makes such inputs of the
//! conformance suite.
#![no_main]

use containers_sigpolicy::engine::{
    Engine, Import, KeyMaterial, KeyWarning, Keyring, KeyringError, Native, Proven, Refusal,
    Sequoia, Settings, SigningKey, TrustedKey,
};
use containers_sigpolicy::{Clock, CryptoPolicy};
use libfuzzer_sys::fuzz_target;

/// What stands between a key file and a message: octets that neither has by chance.
const DIVIDER: &[u8] = b"\0DIVIDER\0";

/// What key files have in them where a key is on a curve, or has an algorithm of fixed length, that not every engine has: object
/// identifiers, and algorithms of RFC 9980 with the count of a version 6 key's octets.
const NOT_OF_ALL: [&[u8]; 9] = [
    // secp256k1: native.
    b"\x2B\x81\x04\x00\x0A",
    // Brainpool, with 256, 384 and 512 bits: native on OpenSSL.
    b"\x2B\x24\x03\x03\x02\x08\x01\x01\x07",
    b"\x2B\x24\x03\x03\x02\x08\x01\x01\x0B",
    b"\x2B\x24\x03\x03\x02\x08\x01\x01\x0D",
    // ML-DSA-65 with Ed25519, ML-DSA-87 with Ed448, and SLH-DSA: sequoia.
    b"\x1E\x00\x00\x07\xC0",
    b"\x1F\x00\x00\x0A\x59",
    b"\x20\x00\x00\x00\x20",
    b"\x21\x00\x00\x00\x20",
    b"\x22\x00\x00\x00\x40",
];

/// The largest RSA key that every engine has, in bits: sequoia on RustCrypto.
const LARGEST_RSA: u16 = 4_096;

/// The largest exponent of an RSA key that every engine has, in bits: RustCrypto, which OpenSSL exceeds.
const LARGEST_EXPONENT: u16 = 33;

/// The sizes that the order of a DSA key's group has, in bits, where every engine has the key: OpenSSL knows no others.
const ORDERS: [u16; 3] = [160, 224, 256];

fuzz_target!(|bytes: &[u8]| {
    let Some((settings, rest)) = bytes.split_first() else {
        return;
    };
    let (keys, message) = divided(rest);
    let policy = match settings & 1 {
        0 => CryptoPolicy::Standard,
        _ => CryptoPolicy::GnuPg,
    };
    let now = "2026-01-15T12:00:00Z".parse().expect("a time");
    let settings = Settings::new(Clock::Fixed(now), policy);
    let differ = may_differ(keys);
    let engines = engines().into_iter();
    let mut outcomes = engines.map(|engine| Outcome::of(&*engine, keys, message, &settings));
    let first = outcomes.next().expect("an engine");
    for other in outcomes {
        first.agrees_with(&other, differ);
    }
});

/// The engines, the one first that the others are compared with.
fn engines() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(Sequoia::new()),
        Box::new(Native::rust_crypto()),
        Box::new(Native::openssl()),
    ]
}

/// The key file and the message; without a divider, everything is both.
fn divided(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut windows = bytes.windows(DIVIDER.len());
    match windows.position(|window| window == DIVIDER) {
        Some(at) => (&bytes[..at], &bytes[at + DIVIDER.len()..]),
        None => (bytes, bytes),
    }
}

/// What an engine makes of an input.
#[derive(Debug)]
struct Outcome {
    name: String,
    keys: Vec<TrustedKey>,
    /// In words, without the engine's name.
    warnings: Vec<String>,
    verdict: Result<Proven, Refusal>,
}

impl Outcome {
    fn of(engine: &dyn Engine, keys: &[u8], message: &[u8], settings: &Settings) -> Self {
        let material = KeyMaterial::new("fuzz", keys);
        let Import {
            keyring,
            keys,
            warnings,
            ..
        } = engine
            .import(&[material], settings)
            .expect("noise is no failure of the engine");
        let name = engine.name();
        let warnings = warnings.iter().map(KeyWarning::to_string);
        Self {
            keys,
            warnings: warnings.map(|told| anonymous(&told, name)).collect(),
            verdict: verdict(&*keyring, message),
            name: name.to_owned(),
        }
    }

    /// Fails if another engine has another outcome that it may not have.
    fn agrees_with(&self, other: &Self, may_differ: bool) {
        match (&self.verdict, &other.verdict) {
            (Ok(one), Ok(two)) => assert_eq!(one, two),
            (Err(_), Err(_)) if may_differ => {}
            (Err(one), Err(two)) => {
                let told = |refusal: &Refusal, of: &Self| anonymous(&refusal.to_string(), &of.name);
                assert_eq!(one.code(), two.code());
                assert_eq!(told(one, self), told(two, other));
            }
            (Err(refusal), Ok(_)) | (Ok(_), Err(refusal)) => assert!(
                may_differ && comes_from_the_key(refusal),
                "{self:#?}\n{other:#?}"
            ),
        }
        if may_differ {
            for key in &self.keys {
                let same = |two: &&TrustedKey| two.fingerprint == key.fingerprint;
                if let Some(two) = other.keys.iter().find(same) {
                    agree_on_subkeys(key, two);
                }
            }
        } else {
            assert_eq!(self.keys, other.keys);
            assert_eq!(self.warnings, other.warnings);
        }
    }
}

/// Subkeys that both engines know are the same to both, but for revocations: one that an engine cannot check counts.
fn agree_on_subkeys(one: &TrustedKey, other: &TrustedKey) {
    let unrevoked = |key: &SigningKey| {
        let mut key = key.clone();
        key.revoked = None;
        key
    };
    for key in &one.signing_keys {
        if let Some(known) = other.signing_key(&key.fingerprint) {
            assert_eq!(unrevoked(key), unrevoked(known), "{one:#?}\n{other:#?}");
        }
    }
}

/// Whether an engine may refuse so what another one accepts: it does not have the mathematics of the key that signed, or of
/// another one that has something to say about it.
fn comes_from_the_key(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::UnsupportedSignature { .. }
            | Refusal::UnknownKey { .. }
            | Refusal::KeyNotForSigning { .. }
            | Refusal::KeyRevoked { .. }
    )
}

/// Whether a key file has keys in it that not every engine calculates with: only then may outcomes differ.
fn may_differ(keys: &[u8]) -> bool {
    let has_key = |octets: &[u8]| {
        let named = |name: &&[u8]| octets.windows(name.len()).any(|window| window == *name);
        NOT_OF_ALL.iter().any(named) || (0..octets.len()).any(|at| is_odd_key(&octets[at..]))
    };
    has_key(keys) || (0..4).any(|offset| has_key(&letters(keys, offset)))
}

/// Whether something looks like the beginning of a key of RSA or DSA with sizes that not all engines have: version, time,
/// algorithm, in version 6 a count of four octets, and the integers.
fn is_odd_key(octets: &[u8]) -> bool {
    match octets {
        [4, _, _, _, _, algorithm, integers @ ..]
        | [6, _, _, _, _, algorithm, 0, 0, _, _, integers @ ..] => {
            let Some((first, rest)) = integer(integers) else {
                return false;
            };
            let second = integer(rest).map(|(bits, _)| bits);
            match algorithm {
                1..=3 => {
                    (LARGEST_RSA + 1..=16_384).contains(&first)
                        || second.is_some_and(|bits| bits > LARGEST_EXPONENT)
                }
                17 => second.is_some_and(|bits| !ORDERS.contains(&bits)),
                _ => false,
            }
        }
        _ => false,
    }
}

/// The bits that an integer says it has, and what follows it.
fn integer(octets: &[u8]) -> Option<(u16, &[u8])> {
    let (bits, rest) = octets.split_first_chunk()?;
    let bits = u16::from_be_bytes(*bits);
    // Where its end is missing, the sizes of all others are, too.
    Some((
        bits,
        rest.get(usize::from(bits).div_ceil(8)..).unwrap_or(&[]),
    ))
}

/// What the letters of ASCII armor stand for, if the first of them are not of it.
fn letters(text: &[u8], offset: usize) -> Vec<u8> {
    let values = text.iter().filter_map(|letter| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    });
    let values: Vec<u8> = values.skip(offset).collect();
    let groups = values.chunks_exact(4);
    groups
        .flat_map(|group| {
            let bits = group
                .iter()
                .fold(0_u32, |bits, value| bits << 6 | u32::from(*value));
            let [_, octets @ ..] = bits.to_be_bytes();
            octets
        })
        .collect()
}

fn verdict(keyring: &dyn Keyring, message: &[u8]) -> Result<Proven, Refusal> {
    keyring.verify(message).map_err(|error| match error {
        KeyringError::Refused(refusal) => refusal,
        error => panic!("noise is no failure of the engine: {error}"),
    })
}

/// A sentence without the engine's name.
fn anonymous(told: &str, name: &str) -> String {
    told.replace(&format!("the engine {name}"), "the engine")
}
