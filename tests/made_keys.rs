//! Keys and messages that the tests make themselves, by sequoia, on every engine that needs nothing from the system.
#![cfg(feature = "sequoia")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{in_process, signing};
use containers_sigpolicy::CryptoPolicy;
use containers_sigpolicy::engine::{Import, KeyringError, Proven, Refusal};
use sequoia_openpgp as openpgp;

use openpgp::cert::{Cert, CertBuilder};
use openpgp::packet::Signature;
use openpgp::packet::signature::SignatureBuilder;
use openpgp::serialize::stream::{LiteralWriter, Message};
use openpgp::serialize::{Serialize, SerializeInto};
use openpgp::types::{ReasonForRevocation, SignatureType};
use openpgp::{Packet, Profile};

const PAYLOAD: &[u8] = b"{\"critical\":{}}\n";

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
}

fn builder() -> CertBuilder<'static> {
    CertBuilder::new()
        .set_creation_time(time(0))
        .add_userid("Somebody <somebody@example.org>")
}

fn signed_by(cert: &Cert, compressed: bool) -> Vec<u8> {
    signing::signed_by(cert, PAYLOAD, time(50), compressed)
}

/// What each engine makes of these key files, and its name.
fn imports(files: &[&[u8]], at: SystemTime) -> Vec<(String, Import)> {
    let policy = CryptoPolicy::Standard;
    let engines = in_process().into_iter();
    engines
        .map(|engine| {
            let import = common::import(&*engine, files, at.into(), policy);
            (engine.name().to_owned(), import)
        })
        .collect()
}

/// The verdict of each engine, and its name.
fn verdicts(
    files: &[&[u8]],
    blob: &[u8],
    at: SystemTime,
) -> Vec<(String, Result<Proven, Refusal>)> {
    let imports = imports(files, at).into_iter();
    imports
        .map(|(name, import)| match import.keyring.verify(blob) {
            Ok(proven) => (name, Ok(proven)),
            Err(KeyringError::Refused(refusal)) => (name, Err(refusal)),
            Err(error) => panic!("{name}: {error}"),
        })
        .collect()
}

/// The verdict of all engines, in a word.
fn code(files: &[&[u8]], blob: &[u8], at: SystemTime) -> &'static str {
    let verdicts = verdicts(files, blob, at);
    let code = |verdict: &Result<Proven, Refusal>| match verdict {
        Ok(_) => "accepted",
        Err(refusal) => refusal.code(),
    };
    let first = code(&verdicts[0].1);
    assert!(
        verdicts.iter().all(|(_, verdict)| code(verdict) == first),
        "{verdicts:?}"
    );
    first
}

fn packets(cert: &Cert, more: impl IntoIterator<Item = Packet>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for packet in cert.clone().into_packets().chain(more) {
        packet.serialize(&mut bytes).unwrap();
    }
    bytes
}

fn revocation(cert: &Cert, made: SystemTime) -> Signature {
    let key = cert.primary_key().key().clone();
    let mut signer = key.parts_into_secret().unwrap().into_keypair().unwrap();
    SignatureBuilder::new(SignatureType::KeyRevocation)
        .set_signature_creation_time(made)
        .unwrap()
        .set_reason_for_revocation(ReasonForRevocation::KeyRetired, b"enough")
        .unwrap()
        .sign_direct_key(&mut signer, None)
        .unwrap()
}

#[test]
fn a_primary_key_and_a_subkey_sign_in_both_versions_and_compressed() {
    for profile in [Profile::RFC4880, Profile::RFC9580] {
        let primary = builder().set_profile(profile).unwrap();
        let subkey = builder().set_profile(profile).unwrap();
        let primary = primary.set_primary_key_flags(
            openpgp::types::KeyFlags::empty()
                .set_certification()
                .set_signing(),
        );
        for builder in [primary, subkey.add_signing_subkey()] {
            let (cert, _) = builder.generate().unwrap();
            let file = cert.to_vec().unwrap();
            for compressed in [false, true] {
                let blob = signed_by(&cert, compressed);
                for (name, verdict) in verdicts(&[&file], &blob, time(100)) {
                    let proven = verdict.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
                    assert_eq!(proven.payload(), PAYLOAD);
                    assert_eq!(proven.primary_key().as_str(), cert.fingerprint().to_hex());
                    assert_eq!(proven.signed_at().unwrap().system_time(), time(50));
                }
            }
        }
    }
}

#[test]
fn any_revocation_of_the_key_counts_wherever_and_whenever_it_was_made() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let blob = signed_by(&cert, true);
    let file = cert.to_vec().unwrap();
    for made in [time(10), time(90), time(1_000_000)] {
        let revocation = revocation(&cert, made);
        let alone = Packet::from(revocation.clone()).to_vec().unwrap();
        let within = packets(&cert, [Packet::from(revocation)]);
        assert_eq!(code(&[&within], &blob, time(100)), "key-revoked");
        assert_eq!(code(&[&file, &alone], &blob, time(100)), "key-revoked");
        assert_eq!(code(&[&within, &file], &blob, time(100)), "key-revoked");
    }
    let (other, _) = builder().generate().unwrap();
    let bogus = packets(&cert, [Packet::from(revocation(&other, time(10)))]);
    assert_eq!(code(&[&bogus], &blob, time(100)), "accepted");
}

#[test]
fn a_key_is_live_up_to_the_second_in_which_it_expires_as_with_gnupg() {
    let (cert, _) = builder()
        .set_validity_period(Duration::from_secs(500))
        .add_signing_subkey()
        .generate()
        .unwrap();
    let file = cert.to_vec().unwrap();
    let blob = signed_by(&cert, true);
    assert_eq!(code(&[&file], &blob, time(500)), "accepted");
    assert_eq!(code(&[&file], &blob, time(501)), "key-expired");
    assert_eq!(code(&[&file], &blob, time(49)), "signature-from-the-future");
}

#[test]
fn unknown_keys_and_files_without_keys_are_told_apart() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let (other, _) = builder().generate().unwrap();
    let (file, other) = (cert.to_vec().unwrap(), other.to_vec().unwrap());
    let blob = signed_by(&cert, false);
    assert_eq!(code(&[&other], &blob, time(100)), "unknown-key");
    for (name, import) in imports(&[b"noise", &file], time(100)) {
        assert_eq!(import.keys.len(), 1, "{name}");
        assert_eq!(
            import.warnings[0].to_string(),
            "key is text, and no OpenPGP key"
        );
        assert!(import.keyring.verify(&blob).is_ok(), "{name}");
    }
}

#[test]
fn messages_of_another_structure_are_refused_with_their_reason() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let file = cert.to_vec().unwrap();
    let blob = signed_by(&cert, false);
    let literal = {
        let mut bytes = Vec::new();
        let mut literal = LiteralWriter::new(Message::new(&mut bytes))
            .build()
            .unwrap();
        literal.write_all(PAYLOAD).unwrap();
        literal.finalize().unwrap();
        bytes
    };
    for (blob, expected) in [
        (Vec::new(), "malformed-signature"),
        (
            b"-----BEGIN PGP MESSAGE-----".to_vec(),
            "malformed-signature",
        ),
        (literal.clone(), "not-signed"),
        (
            [blob.clone(), literal.clone()].concat(),
            "malformed-signature",
        ),
        ([literal, blob.clone()].concat(), "malformed-signature"),
        ([&blob[..], b"\0"].concat(), "malformed-signature"),
        (b"\x84\x03abc".to_vec(), "encrypted"),
    ] {
        assert_eq!(code(&[&file], &blob, time(100)), expected);
    }
}

#[test]
fn a_clock_before_the_keys_creation_is_told_as_such() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let file = cert.to_vec().unwrap();
    let blob = signed_by(&cert, true);
    let early = UNIX_EPOCH + Duration::from_secs(1_699_999_999);
    for (_, import) in imports(&[&file], early) {
        assert_eq!(
            import.keys[0].fingerprint.as_str(),
            cert.fingerprint().to_hex()
        );
        assert!(import.warnings.is_empty());
        match import.keyring.verify(&blob) {
            Err(KeyringError::Refused(Refusal::KeyFromTheFuture {
                primary_key,
                key,
                created,
                now,
                ..
            })) => {
                assert_eq!(primary_key.as_str(), cert.fingerprint().to_hex());
                assert_eq!(key, primary_key);
                assert_eq!(created.system_time(), time(0));
                assert_eq!(now.system_time(), early);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(code(&[&file], &blob, time(100)), "accepted");
}

/// The same blob, uncompressed and of version 6, under another hash or public-key algorithm.
fn of_other_algorithm(blob: &[u8], hash: Option<u8>, algorithm: Option<u8>) -> Vec<u8> {
    let mut changed = blob.to_vec();
    // One-pass packet: header, version, type, hash, algorithm.
    assert_eq!(&changed[..4], [0xC4, changed[1], 6, 0]);
    let literal = 2 + usize::from(changed[1]);
    let signature = literal + 2 + usize::from(changed[literal + 1]);
    let header = if changed[signature + 1] < 192 { 2 } else { 3 };
    let body = signature + header;
    assert_eq!(&changed[body..body + 2], [6, 0]);
    if let Some(hash) = hash {
        changed[4] = hash;
        changed[body + 3] = hash;
    }
    if let Some(algorithm) = algorithm {
        changed[5] = algorithm;
        changed[body + 2] = algorithm;
    }
    changed
}

#[test]
fn what_nobody_knows_in_a_version_6_signature_is_not_called_bad() {
    let builder = || builder().set_profile(Profile::RFC9580).unwrap();
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let (other, _) = builder().generate().unwrap();
    let (file, other) = (cert.to_vec().unwrap(), other.to_vec().unwrap());
    let blob = signed_by(&cert, false);
    assert_eq!(code(&[&file], &blob, time(100)), "accepted");
    for (hash, algorithm, what) in [
        (Some(110), None, "the hash algorithm 110"),
        (
            None,
            Some(99),
            "the public-key algorithm 99 in a signature of version 6",
        ),
    ] {
        let blob = of_other_algorithm(&blob, hash, algorithm);
        assert_eq!(code(&[&other], &blob, time(100)), "unknown-key");
        for (name, verdict) in verdicts(&[&file], &blob, time(100)) {
            match verdict {
                Err(Refusal::UnsupportedSignature {
                    key,
                    what: found,
                    engine,
                    supported_by,
                    ..
                }) => {
                    assert!(key.is_some());
                    assert_eq!(found, what);
                    assert_eq!(engine, name);
                    assert!(supported_by.is_empty());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    // MD5 is known, and no hash for version 6.
    let md5 = of_other_algorithm(&blob, Some(1), None);
    assert_eq!(code(&[&file], &md5, time(100)), "bad-signature");
}

#[test]
fn many_keys_of_unknown_versions_are_told_once() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let mut file = cert.to_vec().unwrap();
    for version in [9, 7, 9, 7, 7] {
        file.extend_from_slice(&[0xC6, 1, version]);
    }
    for (name, import) in imports(&[&file], time(100)) {
        assert_eq!(import.keys.len(), 1);
        let warnings: Vec<String> = import.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [9, 7].map(|version| format!(
                "key contains a key that the engine {name} cannot use (no fingerprint): \
                 it does not support keys of version {version}; nor does any other engine"
            ))
        );
    }
}

/// A key packet of an algorithm that nobody knows, whose body has so many octets.
fn unknown_key_packet(tag: u8, version: u8, size: usize) -> Vec<u8> {
    let mut bytes = vec![0xC0 | tag, 0xFF];
    bytes.extend_from_slice(&u32::try_from(size).unwrap().to_be_bytes());
    bytes.extend_from_slice(&[version, 0x65, 0x53, 0xF1, 0, 99]);
    if version == 6 {
        bytes.extend_from_slice(&u32::try_from(size - 10).unwrap().to_be_bytes());
    }
    bytes.resize(6 + size, b'\n');
    bytes
}

#[test]
fn a_key_that_is_too_large_to_name_does_no_harm_to_others() {
    const PRIMARY: u8 = 6;
    const SUBKEY: u8 = 14;
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let (other, _) = builder().generate().unwrap();
    let (file, other) = (cert.to_vec().unwrap(), other.to_vec().unwrap());
    let blob = signed_by(&cert, true);
    for size in [65_535, 65_536, 70_000, 262_145] {
        let primary = unknown_key_packet(PRIMARY, 4, size);
        let subkey = unknown_key_packet(SUBKEY, 4, size);
        for file in [
            [&primary[..], &file].concat(),
            [&other[..], &primary, &file].concat(),
            [&file[..], &primary].concat(),
            [&file[..], &subkey].concat(),
            [&file[..], &subkey, &other].concat(),
            [&primary[..], &subkey, &file].concat(),
            [&other[..], &subkey, &subkey, &file].concat(),
        ] {
            assert_eq!(code(&[&file], &blob, time(100)), "accepted", "{size}");
        }
        for (name, alone) in imports(&[&primary], time(100)) {
            assert!(alone.keys.is_empty(), "{name}");
            assert_eq!(alone.warnings.len(), 1, "{name}");
        }
    }
    // What is larger, GnuPG does not read, nor the file that it stands in.
    for tag in [PRIMARY, SUBKEY] {
        let large = unknown_key_packet(tag, 4, 262_146);
        let file = [&file[..], &large].concat();
        assert_eq!(code(&[&file], &blob, time(100)), "unknown-key");
        for (name, import) in imports(&[&file], time(100)) {
            assert!(import.keys.is_empty(), "{name}");
        }
    }
    // Nor do those of a version 6 key, to which no version 4 subkey belongs.
    let six = builder().set_profile(Profile::RFC9580).unwrap();
    let (six, _) = six.add_signing_subkey().generate().unwrap();
    let file_of_six = packets(&six, []);
    for version in [4, 6] {
        let subkey = unknown_key_packet(SUBKEY, version, 70_000);
        let with_subkey = [&file_of_six[..], &subkey].concat();
        let blob = signed_by(&six, true);
        assert_eq!(code(&[&with_subkey], &blob, time(100)), "accepted");
    }
    // Four octets hold the length of a version 6 key.
    for size in [65_536, 300_000] {
        let file = [&unknown_key_packet(PRIMARY, 6, size)[..], &file].concat();
        assert_eq!(code(&[&file], &blob, time(100)), "accepted");
    }
}

/// So many signatures of one type over the primary key, by `signer`, each with another time.
fn over_primary(
    cert: &Cert,
    signer: &Cert,
    typ: SignatureType,
    times: std::ops::Range<u64>,
) -> Vec<Packet> {
    let key = signer.primary_key().key().clone();
    let mut keypair = key.parts_into_secret().unwrap().into_keypair().unwrap();
    let primary = cert.primary_key();
    times
        .map(|seconds| {
            SignatureBuilder::new(typ)
                .set_signature_creation_time(time(seconds))
                .unwrap()
                .sign_direct_key(&mut keypair, primary.key())
                .unwrap()
                .into()
        })
        .collect()
}

/// The key's packets, with these directly behind the primary key.
fn with_behind_key(cert: &Cert, more: Vec<Packet>) -> Vec<u8> {
    let mut whole = cert.clone().into_packets();
    let primary = whole.next().unwrap();
    let mut bytes = Vec::new();
    for packet in std::iter::once(primary).chain(more).chain(whole) {
        packet.serialize(&mut bytes).unwrap();
    }
    bytes
}

#[test]
fn a_key_with_more_parts_than_the_bound_is_not_used_and_one_below_is() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let blob = signed_by(&cert, false);
    let direct = |times| over_primary(&cert, &cert, SignatureType::DirectKey, times);
    // The bound is 4096; the key itself has a user ID and two signatures.
    let below = with_behind_key(&cert, direct(1..4000));
    let above = with_behind_key(&cert, direct(1..4100));
    assert_eq!(code(&[&below], &blob, time(100)), "accepted");
    assert_eq!(code(&[&above], &blob, time(100)), "unknown-key");
    // Nor is it in two copies that have too many together, whichever comes first.
    let other = with_behind_key(&cert, direct(4000..4200));
    for files in [[&below[..], &other], [&other, &below]] {
        assert_eq!(code(&files, &blob, time(100)), "unknown-key");
    }
}

#[test]
fn bad_revocations_are_tried_up_to_the_bound() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let (stranger, _) = builder().generate().unwrap();
    let blob = signed_by(&cert, false);
    let bad = |times| over_primary(&stranger, &cert, SignatureType::KeyRevocation, times);
    // Revocations of another key that stand with this one, and claim to be by it. The bound is 256.
    let below = with_behind_key(&cert, bad(1..250));
    let above = with_behind_key(&cert, bad(1..260));
    assert_eq!(code(&[&below], &blob, time(100)), "accepted");
    assert_eq!(code(&[&above], &blob, time(100)), "unknown-key");
    // A good one among them counts all the same.
    let mut good = bad(1..200);
    good.push(revocation(&cert, time(10)).into());
    assert_eq!(
        code(&[&with_behind_key(&cert, good)], &blob, time(100)),
        "key-revoked"
    );
}

#[test]
fn copies_cost_their_own_signatures_and_are_merged_up_to_the_bound() {
    let (cert, _) = builder().add_signing_subkey().generate().unwrap();
    let blob = signed_by(&cert, false);
    let direct = over_primary(&cert, &cert, SignatureType::DirectKey, 1..4000);
    let large = with_behind_key(&cert, direct);
    let small = packets(&cert, []);
    // Four releases, 4003 parts, and 4 Mi parts to be merged with: 261 copies.
    let below = [&large[..], &small.repeat(200)].concat();
    let above = [&large[..], &small.repeat(300)].concat();
    assert_eq!(code(&[&below], &blob, time(100)), "accepted");
    assert_eq!(code(&[&above], &blob, time(100)), "unknown-key");
    // Small keys may stand there as often as they like.
    assert_eq!(code(&[&small.repeat(5000)], &blob, time(100)), "accepted");
}
