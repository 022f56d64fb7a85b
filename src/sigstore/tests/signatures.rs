//! Which signatures a key has made.

use super::super::der::{tag, write};
use super::super::public_key::PublicKey;
use super::material::{
    DSA, ED25519, MESSAGE, P224, P256, P384, P384_BY_SHA384, P521, P521_BY_SHA512, RSA_1023,
    RSA_1024, RSA_1024_BY_3, RSA_1024_PSS, Signed, X25519, octets, pem,
};

/// The order of Ed25519's group (RFC 8032, section 5.1), the lowest octet first.
const ED25519_ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The two integers of an ECDSA signature, with the zero that may be before them.
fn integers(der: &[u8]) -> [Vec<u8>; 2] {
    let content = der.iter().position(|octet| *octet == 2).unwrap();
    let length = usize::from(der[content + 1]);
    let r = der[content + 2..content + 2 + length].to_vec();
    [r, der[content + 4 + length..].to_vec()]
}

fn padded(integer: &[u8], length: usize) -> Vec<u8> {
    let zeros = integer.iter().take_while(|octet| **octet == 0).count();
    let integer = &integer[zeros..];
    [&vec![0; length - integer.len()][..], integer].concat()
}

fn pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    write(tag::SEQUENCE, &[&write(2, &[r]), &write(2, &[s])])
}

#[test]
fn keys_of_each_kind_verify_by_sha256() {
    let all: [&Signed; 7] = [
        &P224,
        &P256,
        &P384,
        &P521,
        &ED25519,
        &RSA_1024,
        &RSA_1024_BY_3,
    ];
    for signed in all {
        let (key, signature) = (signed.key(), signed.signature());
        assert!(key.verify(&signature, MESSAGE), "{}", signed.algorithm);
        assert!(!key.verify(&signature, b"massage"), "{}", signed.algorithm);
        let mut other = signature.clone();
        *other.last_mut().unwrap() ^= 1;
        for wrong in [
            &other[..],
            &signature[1..],
            &[],
            &[&signature[..], &[0]].concat(),
        ] {
            assert!(!key.verify(wrong, MESSAGE), "{}", signed.algorithm);
        }
        for stranger in all.iter().filter(|stranger| stranger.spki != signed.spki) {
            assert!(!stranger.key().verify(&signature, MESSAGE));
        }
    }
    assert!(!RSA_1024.key().verify(&octets(RSA_1024_PSS), MESSAGE));
    assert!(!P384.key().verify(&octets(P384_BY_SHA384), MESSAGE));
    assert!(!P521.key().verify(&octets(P521_BY_SHA512), MESSAGE));
}

#[test]
fn weak_and_unusable_keys_verify_nothing() {
    assert!(!RSA_1023.key().verify(&RSA_1023.signature(), MESSAGE));
    for data in [X25519, DSA] {
        let key = PublicKey::from_pem(pem("PUBLIC KEY", data).as_bytes()).unwrap();
        assert!(!key.verify(&[], MESSAGE));
        assert!(!key.verify(&[0; 64], MESSAGE));
    }
}

#[test]
fn ecdsa_is_in_der_or_in_halves() {
    for (signed, octets) in [(&P224, 28), (&P256, 32), (&P384, 48), (&P521, 66)] {
        let key = signed.key();
        let [r, s] = integers(&signed.signature());
        assert_eq!(pair(&r, &s), signed.signature());
        let halves = |length| [padded(&r, length), padded(&s, length)].concat();
        for length in octets..=66 {
            assert!(key.verify(&halves(length), MESSAGE), "{octets} {length}");
            assert!(!key.verify_as_log(&halves(length), MESSAGE));
        }
        assert!(key.verify_as_log(&signed.signature(), MESSAGE));
        assert!(!key.verify_as_log(&signed.signature(), b"massage"));
        let swapped = [padded(&s, octets), padded(&r, octets)].concat();
        for wrong in [
            halves(67),
            halves(octets)[1..].to_vec(),
            [&[0][..], &halves(octets)].concat(),
            [&[0, 0][..], &halves(octets)].concat(),
            swapped,
            vec![0; 2 * octets],
        ] {
            assert!(!key.verify(&wrong, MESSAGE), "{octets} {wrong:02x?}");
        }
    }
}

#[test]
fn what_reads_as_two_integers_is_strict_der() {
    let key = P256.key();
    let good = P256.signature();
    let [r, s] = integers(&good);
    let more = [&r[..], &[0]].concat();
    for wrong in [
        [&good[..], &[0]].concat(),
        [&good[..], &[5, 0]].concat(),
        write(
            tag::SEQUENCE,
            &[&write(2, &[&r]), &write(2, &[&s]), &[5, 0]],
        ),
        write(tag::SEQUENCE, &[&write(2, &[&r])]),
        write(0x31, &[&write(2, &[&r]), &write(2, &[&s])]),
        pair(&[&[0], &r[..]].concat(), &s),
        pair(&more, &s),
        pair(&[0], &s),
        pair(&r, &[0]),
        pair(&r, &[0xFF]),
        [&[0x30, 0x81][..], &good[1..]].concat(),
        [&[0x30, 0x80][..], &good[2..], &[0, 0]].concat(),
    ] {
        assert!(!key.verify(&wrong, MESSAGE), "{wrong:02x?}");
        assert!(!key.verify_as_log(&wrong, MESSAGE), "{wrong:02x?}");
    }
}

#[test]
fn s_may_be_in_either_half() {
    // The order of P-256 (SEC 2, section 2.4.2).
    let order = octets("/////wAAAAD//////////7zm+q2nF56E87nKwvxjJVE=");
    let [r, s] = integers(&P256.signature());
    let s = padded(&s, 32);
    let mut other = vec![0; 32];
    let mut borrow = 0_i32;
    for index in (0..32).rev() {
        let difference = i32::from(order[index]) - i32::from(s[index]) - borrow;
        borrow = i32::from(difference < 0);
        other[index] = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    let halves = [padded(&r, 32), other].concat();
    assert!(P256.key().verify(&halves, MESSAGE));
}

/// Features of a crate are those that anybody in the build asks for: one of `ed25519-dalek`'s makes it take this.
#[test]
fn ed25519_takes_no_residue_of_s() {
    let good = ED25519.signature();
    let mut residue = good.clone();
    let mut carry = 0_u16;
    for (octet, added) in residue[32..].iter_mut().zip(ED25519_ORDER) {
        let sum = u16::from(*octet) + u16::from(added) + carry;
        *octet = u8::try_from(sum % 256).unwrap();
        carry = sum / 256;
    }
    assert_eq!(carry, 0);
    assert!(ED25519.key().verify(&good, MESSAGE));
    assert!(!ED25519.key().verify(&residue, MESSAGE));
}
