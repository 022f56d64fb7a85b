//! Which key files are keys.

use super::super::der::{tag, write, write_positive};
use super::super::facts::KeyAlgorithm;
use super::super::public_key::{PublicKey, PublicKeyError};
use super::super::spki::{KeyMaterial, SpkiError};
use super::material::{
    DSA, ED448, ED25519, P224, P256, P256_COMPRESSED, P256_EXPLICIT, P256_HYBRID, P384, P521,
    RSA_1023, RSA_1024, RSA_1024_BY_3, RSA_1024_PKCS1, SECP256K1, Signed, X25519, octets, pem,
};
use crate::text::content::Content;

const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const ON_P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
const ON_P384: &[u8] = &[0x2B, 0x81, 4, 0, 0x22];
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const NULL: &[u8] = &[tag::NULL, 0];

fn parse(label: &str, data: &str) -> Result<PublicKey, PublicKeyError> {
    PublicKey::from_pem(pem(label, data).as_bytes())
}

fn spki(octets: &[u8]) -> Result<KeyMaterial, SpkiError> {
    KeyMaterial::from_spki(octets)
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    write(tag::SEQUENCE, parts)
}

fn identifier(octets: &[u8]) -> Vec<u8> {
    write(tag::OBJECT_IDENTIFIER, &[octets])
}

fn bits(octets: &[u8]) -> Vec<u8> {
    write(tag::BIT_STRING, &[&[0], octets])
}

/// The point of the key on P-256.
fn point() -> Vec<u8> {
    let spki = octets(P256.spki);
    spki[spki.len() - 65..].to_vec()
}

fn of_ec(curve: &[u8], point: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(&[&identifier(EC), curve]), &bits(point)])
}

fn of_rsa(key: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(&[&identifier(RSA), NULL]), &bits(key)])
}

fn numbers(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    sequence(&[&write_positive(modulus), &write_positive(exponent)])
}

#[test]
fn keys_of_each_kind_are_read_and_written_as_they_were() {
    let all: [&Signed; 8] = [
        &P224,
        &P256,
        &P384,
        &P521,
        &ED25519,
        &RSA_1024,
        &RSA_1024_BY_3,
        &RSA_1023,
    ];
    for signed in all {
        let key = signed.key();
        assert_eq!(key.algorithm(), signed.algorithm);
        assert!(key.is_usable());
        assert_eq!(key.is_too_weak(), signed.spki == RSA_1023.spki);
        assert_eq!(key.spki_der(), octets(signed.spki));
    }
    let pkcs1 = parse("RSA PUBLIC KEY", RSA_1024_PKCS1).unwrap();
    assert_eq!(pkcs1, RSA_1024.key());
    assert_eq!(pkcs1.key_id(), RSA_1024.key().key_id());
    for (data, algorithm) in [(X25519, KeyAlgorithm::X25519), (DSA, KeyAlgorithm::Dsa)] {
        let key = parse("PUBLIC KEY", data).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert!(!key.is_usable());
        assert_eq!(key.spki_der(), octets(data));
    }
}

#[test]
fn the_first_block_decides() {
    let key = pem("PUBLIC KEY", P256.spki);
    let certificate = pem("CERTIFICATE", P256.spki);
    for good in [
        format!("our key:\n{key}"),
        format!("{key}{certificate}"),
        format!("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n{key}"),
        key.replace("KEY-----\nM", "KEY-----\na: b\n\nM"),
    ] {
        assert_eq!(
            PublicKey::from_pem(good.as_bytes()),
            Ok(P256.key()),
            "{good}"
        );
    }
    let first = format!("{certificate}{key}");
    assert_eq!(
        PublicKey::from_pem(first.as_bytes()),
        Err(PublicKeyError::OtherPem {
            found: Content::PemCertificate,
            label: "CERTIFICATE".to_owned()
        })
    );
    for label in [
        "EC PUBLIC KEY",
        "public key",
        "PUBLIC KEY ",
        "",
        "PRIVATE KEY",
    ] {
        let other = parse(label, P256.spki).unwrap_err();
        assert!(matches!(other, PublicKeyError::OtherPem { .. }), "{label}");
    }
    assert!(parse("PUBLIC KEY", RSA_1024_PKCS1).is_err());
    assert!(parse("RSA PUBLIC KEY", RSA_1024.spki).is_err());
    assert!(parse("PUBLIC KEY", "").is_err());
}

#[test]
fn what_a_file_is_instead_is_told() {
    for (bytes, message) in [
        (
            &b""[..],
            "it is empty, and not a public key in PEM (`-----BEGIN PUBLIC KEY-----`)",
        ),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZZ==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
            "it is an OpenPGP public key as text (`-----BEGIN PGP PUBLIC KEY BLOCK-----`), and not a public key in PEM \
             (`-----BEGIN PUBLIC KEY-----`)",
        ),
        (
            b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
            "it is a PEM certificate (X.509), and not a public key: its first block of PEM is `CERTIFICATE`, where `PUBLIC KEY` \
             was expected",
        ),
        (
            b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
            "it is not a valid public key: its DER is malformed: it ends early",
        ),
    ] {
        let error = PublicKey::from_pem(bytes).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let hostile = PublicKey::from_pem(b"-----BEGIN \x1B[31m-----\nMAA=\n-----END \x1B[31m-----\n");
    assert!(!hostile.unwrap_err().to_string().contains('\u{1b}'));
    for (data, message) in [
        (
            SECP256K1,
            "its curve is none of P-224, P-256, P-384 and P-521",
        ),
        (
            P256_EXPLICIT,
            "its curve is none of P-224, P-256, P-384 and P-521",
        ),
        (
            P256_COMPRESSED,
            "its point is not an uncompressed one on ECDSA P-256",
        ),
        (
            P256_HYBRID,
            "its point is not an uncompressed one on ECDSA P-256",
        ),
        (ED448, "its algorithm is none of RSA, ECDSA and Ed25519"),
    ] {
        let error = parse("PUBLIC KEY", data).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("it is not a valid public key: {message}")
        );
        assert_eq!(error.content(), None);
    }
}

#[test]
fn logs_sign_by_ecdsa() {
    for signed in [&P224, &P256, &P384, &P521] {
        let file = pem("PUBLIC KEY", signed.spki);
        assert_eq!(PublicKey::log_from_pem(file.as_bytes()), Ok(signed.key()));
    }
    for data in [RSA_1024.spki, ED25519.spki, X25519, DSA] {
        let file = pem("PUBLIC KEY", data);
        let error = PublicKey::log_from_pem(file.as_bytes()).unwrap_err();
        assert!(matches!(error, PublicKeyError::NotOfLog { .. }), "{error}");
    }
    assert!(PublicKey::log_from_pem(b"").is_err());
}

#[test]
fn more_is_tolerated_in_sequences_and_nowhere_else() {
    let (ec, curve, key) = (identifier(EC), identifier(ON_P256), bits(&point()));
    let algorithm = sequence(&[&ec, &curve]);
    let usual = spki(&sequence(&[&algorithm, &key]));
    assert_eq!(usual.as_ref(), Ok(P256.key().material()));
    for more in [
        sequence(&[&algorithm, &key, NULL]),
        sequence(&[&algorithm, &key, b"\x04"]),
        sequence(&[&sequence(&[&ec, &curve, NULL]), &key]),
        sequence(&[&sequence(&[&ec, &curve, b"\x04"]), &key]),
    ] {
        assert_eq!(spki(&more), usual, "{more:02x?}");
    }
    let unused = |count: u8| write(tag::BIT_STRING, &[&[count], &point()]);
    for wrong in [
        [&sequence(&[&algorithm, &key])[..], &[0]].concat(),
        sequence(&[&algorithm]),
        sequence(&[&key, &algorithm]),
        sequence(&[&algorithm, &unused(1)]),
        sequence(&[&algorithm, &unused(8)]),
        sequence(&[&algorithm, &write(tag::BIT_STRING, &[])]),
        sequence(&[&algorithm, &write(4, &[&point()])]),
        sequence(&[&sequence(&[]), &key]),
        write(0x31, &[&algorithm, &key]),
    ] {
        assert!(spki(&wrong).is_err(), "{wrong:02x?}");
    }
}

#[test]
fn points_are_uncompressed_and_on_their_curve() {
    let (curve, point) = (identifier(ON_P256), point());
    assert!(spki(&of_ec(&curve, &point)).is_ok());
    let mut off = point.clone();
    off[64] ^= 1;
    for wrong in [
        &off[..],
        &point[1..],
        &point[..64],
        &[&point[..], &[0]].concat(),
        &[0],
        &[],
        &[&[4][..], &[0; 64]].concat(),
    ] {
        let error = spki(&of_ec(&curve, wrong)).unwrap_err();
        assert_eq!(error, SpkiError::Point(KeyAlgorithm::EcdsaP256));
    }
    for parameters in [
        identifier(ON_P384),
        identifier(&[0x2A]),
        NULL.to_vec(),
        vec![],
    ] {
        assert!(spki(&of_ec(&parameters, &point)).is_err());
    }
    // Any element may follow the name of the curve, but not inside of its place.
    let two = [identifier(ON_P256), identifier(ON_P384)].concat();
    assert!(spki(&of_ec(&sequence(&[&two]), &point)).is_err());
}

#[test]
fn rsa_keys_have_two_positive_numbers() {
    let modulus = [&[0xC0][..], &[0; 126], &[1]].concat();
    let usual = numbers(&modulus, &[1, 0, 1]);
    let read = spki(&of_rsa(&usual));
    assert!(read.is_ok());
    assert_eq!(KeyMaterial::from_pkcs1(&usual), read);
    let [n, e] = [write_positive(&modulus), write_positive(&[1, 0, 1])];
    let more = sequence(&[&n, &e, NULL]);
    assert_eq!(spki(&of_rsa(&more)), read);
    assert_eq!(KeyMaterial::from_pkcs1(&more), read);
    let behind = [&usual[..], &[0]].concat();
    assert_eq!(
        spki(&of_rsa(&behind)),
        read,
        "in a bit string, Go does not look"
    );
    assert!(KeyMaterial::from_pkcs1(&behind).is_err());
    for parameters in [
        vec![],
        identifier(RSA),
        vec![tag::NULL, 1, 0],
        sequence(&[]),
    ] {
        let algorithm = sequence(&[&identifier(RSA), &parameters]);
        assert!(spki(&sequence(&[&algorithm, &bits(&usual)])).is_err());
    }
    for (n, e) in [
        (n.clone(), write_positive(&[])),
        (write_positive(&[]), e.clone()),
        (n.clone(), vec![2, 1, 0xFF]),
        (vec![2, 2, 0xC0, 1], e.clone()),
        (n.clone(), vec![2, 2, 0, 3]),
        (n.clone(), vec![2, 0]),
        (n.clone(), vec![]),
        (vec![], vec![]),
        (n.clone(), write_positive(&[0x80, 0, 0, 0, 0, 0, 0, 1])),
    ] {
        let key = sequence(&[&n, &e]);
        assert!(spki(&of_rsa(&key)).is_err(), "{key:02x?}");
        assert!(KeyMaterial::from_pkcs1(&key).is_err(), "{key:02x?}");
    }
    // Go's two readers have two limits for the exponent.
    for (exponent, in_pkcs1) in [
        (&[0x7F, 0xFF, 0xFF, 0xFF][..], true),
        (&[0x80, 0, 0, 1], false),
        (&[0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], false),
    ] {
        let key = numbers(&modulus, exponent);
        assert!(spki(&of_rsa(&key)).is_ok());
        assert_eq!(KeyMaterial::from_pkcs1(&key).is_ok(), in_pkcs1);
    }
}

#[test]
fn weak_rsa_keys_are_keys() {
    let with = |modulus: &[u8], exponent: &[u8]| {
        let key = PublicKey::of(spki(&of_rsa(&numbers(modulus, exponent))).unwrap());
        assert!(key.is_usable());
        key.is_too_weak()
    };
    let modulus = [&[0x80][..], &[0; 126], &[1]].concat();
    for (exponent, is_too_weak) in [
        (&[1][..], true),
        (&[2], true),
        (&[3], false),
        (&[1, 0, 0], true),
        (&[1, 0, 1], false),
        (&[0x7F, 0xFF, 0xFF, 0xFF], false),
        (&[0x80, 0, 0, 1], true),
        (&[1, 0, 0, 0, 1], true),
    ] {
        assert_eq!(with(&modulus, exponent), is_too_weak, "{exponent:02x?}");
    }
    assert!(with(&[&[0x7F][..], &[0xFF; 127]].concat(), &[3]));
    assert!(with(&[1], &[3]));
    // Nor does one that is too large spoil others.
    assert!(!with(&[0xFF; 2_048], &[3]));
    assert!(with(&[&[1][..], &[0; 2_047], &[1]].concat(), &[3]));
}

#[test]
fn edwards_keys_have_32_octets_and_no_parameters() {
    for (kind, data) in [(0x70, ED25519.spki), (0x6E, X25519)] {
        let with = |parameters: &[u8], length: usize| {
            let algorithm = sequence(&[&identifier(&[0x2B, 0x65, kind]), parameters]);
            spki(&sequence(&[&algorithm, &bits(&vec![7; length])]))
        };
        assert!(spki(&octets(data)).is_ok());
        assert!(with(&[], 32).is_ok());
        for (parameters, length) in [(NULL, 32), (&[], 31), (&[], 33), (&[], 0)] {
            assert!(with(parameters, length).is_err(), "{kind:02x} {length}");
        }
    }
}
