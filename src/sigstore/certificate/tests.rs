use super::maker::{Draft, extension, key_info, name, validity};
use super::*;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::der::{tag, write};

fn key() -> SigningKey {
    SigningKey::p256(1)
}

fn draft() -> Draft {
    Draft::new("a", &key())
}

fn read(draft: &Draft) -> Result<Certificate, CertificateError> {
    Certificate::from_der(&draft.sign(&key()))
}

#[track_caller]
fn is_read(draft: &Draft, expected: bool) {
    let read = read(draft);
    assert_eq!(read.is_ok(), expected, "{read:?}");
}

#[test]
fn all_fields_are_read() {
    let certificate = read(&draft().by("b").with(&[0x2A, 3], b"value")).unwrap();
    assert_eq!(certificate.version(), 3);
    assert_eq!(certificate.serial(), "07");
    assert_eq!(certificate.subject().to_string(), "CN=a");
    assert_eq!(certificate.issuer().to_string(), "CN=b");
    assert!(!certificate.is_self_issued());
    assert_eq!(certificate.not_before().to_string(), "2000-01-01T00:00:00Z");
    assert_eq!(certificate.not_after().to_string(), "2040-01-01T00:00:00Z");
    assert_eq!(
        certificate.extensions().value(&[0x2A, 3]),
        Some(&b"value"[..])
    );
    assert_eq!(certificate.extensions().value(&[0x2A, 4]), None);
    let SubjectKey::Known(key) = certificate.key() else {
        panic!("the key is unknown");
    };
    assert_eq!(key.spki_der(), key_info(&self::key()));
    assert!(key.material() == PublicKey::of(key.material().clone()).material());
}

#[test]
fn the_version_is_one_of_three() {
    for (version, expected) in [
        (&[][..], Some(1)),
        (&[0xA0, 3, 2, 1, 0], Some(1)),
        (&[0xA0, 3, 2, 1, 1], Some(2)),
        (&[0xA0, 3, 2, 1, 2], Some(3)),
        (&[0xA0, 3, 2, 1, 3], None),
        (&[0xA0, 3, 2, 1, 0xFF], None),
        (&[0xA0, 4, 2, 2, 0, 2], None),
        (&[0xA0, 4, 2, 2, 1, 2], None),
        (&[0xA0, 5, 2, 1, 2, 5, 0], None),
        (&[0xA0, 0], None),
        (&[0x80, 1, 2], None),
        (&[2, 1, 2], None),
    ] {
        let draft = Draft {
            version: version.to_vec(),
            ..draft()
        };
        let found = read(&draft).ok().map(|certificate| certificate.version());
        // Without its tag, the version is taken for the serial number, and that for an algorithm.
        assert_eq!(found, expected, "{version:x?}");
    }
}

#[test]
fn the_serial_number_is_not_negative() {
    for (serial, expected) in [
        (&[2, 1, 0][..], Some("00")),
        (&[2, 1, 0x7F], Some("7f")),
        (&[2, 2, 0, 0x80], Some("80")),
        (&[2, 0], None),
        (&[2, 1, 0x80], None),
        (&[2, 2, 0, 0x7F], None),
        (&[5, 0], None),
    ] {
        let serial = serial.to_vec();
        let found = read(&Draft { serial, ..draft() });
        let found = found.ok().map(|certificate| certificate.serial());
        assert_eq!(found.as_deref(), expected);
    }
    let long = write(tag::INTEGER, &[&[0x11; 100]]);
    is_read(
        &Draft {
            serial: long,
            ..draft()
        },
        true,
    );
}

#[test]
fn both_algorithms_are_the_same() {
    let algorithm = |parameters: &[u8]| {
        write(
            tag::SEQUENCE,
            &[&[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2], parameters],
        )
    };
    for (inner, outer, expected) in [
        (algorithm(&[]), algorithm(&[]), true),
        (algorithm(&[5, 0]), algorithm(&[5, 0]), true),
        (algorithm(&[]), algorithm(&[5, 0]), false),
        (algorithm(&[5, 0]), algorithm(&[]), false),
        (vec![0x30, 0], vec![0x30, 0], false),
        (vec![0x31, 0], vec![0x31, 0], false),
    ] {
        let draft = Draft {
            algorithm: inner,
            outer_algorithm: Some(outer),
            ..draft()
        };
        is_read(&draft, expected);
    }
}

#[test]
fn a_validity_has_two_times() {
    let one = write(0x17, &[b"000101000000Z"]);
    for (parts, expected) in [
        (&[&one[..], &one[..]][..], true),
        (&[&one, &one, &[5, 0]], true),
        (&[&one], false),
        (&[&one, &[5, 0]], false),
        (&[], false),
    ] {
        let validity = write(tag::SEQUENCE, parts);
        is_read(
            &Draft {
                validity,
                ..draft()
            },
            expected,
        );
    }
    // What ends before it begins is never valid, and yet a certificate.
    let backwards = validity("400101000000Z", "000101000000Z");
    is_read(
        &Draft {
            validity: backwards,
            ..draft()
        },
        true,
    );
}

#[test]
fn a_key_of_an_unknown_algorithm_is_a_key() {
    let key_of = |algorithm: &[u8], key: &[u8]| {
        let algorithm = write(tag::SEQUENCE, &[algorithm]);
        write(
            tag::SEQUENCE,
            &[&algorithm, &write(tag::BIT_STRING, &[key])],
        )
    };
    let unknown = key_of(&[6, 2, 0x2A, 3], &[0, 1, 2]);
    let certificate = read(&Draft {
        key: unknown.clone(),
        ..draft()
    })
    .unwrap();
    assert_eq!(*certificate.key(), SubjectKey::Unknown(unknown));
    for malformed in [
        key_of(&[], &[0, 1]),
        key_of(&[6, 2, 0x2A, 3], &[]),
        // An identifier that is not in its shortest form, and one that ends early.
        key_of(&[6, 3, 0x2A, 0x80, 3], &[0, 1]),
        key_of(&[6, 2, 0x2A, 0x83], &[0, 1]),
        // Ed25519 with too few octets, and with parameters; ECDSA on a curve that is not known.
        key_of(&[6, 3, 0x2B, 0x65, 0x70], &[0, 1]),
        key_of(&[6, 3, 0x2B, 0x65, 0x70, 5, 0], &[0; 33]),
        key_of(
            &[6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 1, 0x2A],
            &[0, 4],
        ),
    ] {
        is_read(
            &Draft {
                key: malformed,
                ..draft()
            },
            false,
        );
    }
}

#[test]
fn only_version_3_has_extensions() {
    let malformed = Some(vec![0xA3, 2, 5, 0]);
    let draft = Draft {
        extension_frame: malformed.clone(),
        ..draft()
    };
    is_read(&draft, false);
    is_read(&draft.clone().version_1(), true);
    let version = vec![0xA0, 3, 2, 1, 1];
    is_read(
        &Draft {
            version,
            ..draft.clone()
        },
        true,
    );
    for (frame, expected) in [
        (vec![0xA3, 2, 0x30, 0], true),
        (vec![0xA3, 4, 0x30, 0, 5, 0], true),
        (vec![0xA3, 0], false),
        (vec![0xA3, 1, 0x30], false),
        (vec![0xA4, 2, 5, 0], true),
    ] {
        let extension_frame = Some(frame);
        is_read(
            &Draft {
                extension_frame,
                ..draft.clone()
            },
            expected,
        );
    }
}

#[test]
fn unique_identifiers_are_passed_over() {
    for (unique_ids, expected) in [
        (vec![0x81, 1, 0], true),
        (vec![0x82, 1, 0], true),
        (vec![0x81, 1, 0, 0x82, 1, 0], true),
        (vec![0x81, 0x7F, 0], false),
    ] {
        let mut draft = draft().with(&[0x2A, 3], b"value");
        draft.unique_ids = unique_ids;
        is_read(&draft, expected);
        if let Ok(certificate) = read(&draft) {
            assert!(certificate.extensions().value(&[0x2A, 3]).is_some());
        }
    }
}

#[test]
fn what_follows_inside_is_passed_over_and_outside_not() {
    let tail = vec![5, 0];
    is_read(
        &Draft {
            tail: tail.clone(),
            ..draft()
        },
        true,
    );
    is_read(
        &Draft {
            signed_tail: tail,
            ..draft()
        },
        true,
    );
    let der = draft().sign(&key());
    let longer = [&der[..], &[0]].concat();
    assert!(Certificate::from_der(&longer).is_err());
    for length in 0..der.len() {
        assert!(Certificate::from_der(&der[..length]).is_err());
    }
}

#[test]
fn a_signature_is_a_bit_string() {
    for (signature, expected) in [
        (vec![3, 2, 0, 1], Some(true)),
        (vec![3, 1, 0], Some(true)),
        // Of a bit string that has no whole octets, nobody says which bits are the signature.
        (vec![3, 2, 1, 2], Some(false)),
        (vec![3, 2, 1, 1], None),
        (vec![3, 2, 8, 0], None),
        (vec![3, 0], None),
        (vec![4, 1, 0], None),
        (vec![], None),
    ] {
        let signature = Some(signature);
        let found = read(&Draft {
            signature,
            ..draft()
        });
        let found = found
            .ok()
            .map(|certificate| certificate.signature().is_some());
        assert_eq!(found, expected);
    }
}

#[test]
fn a_title_is_the_subject_or_another_name() {
    assert_eq!(read(&draft()).unwrap().title(), "CN=a");
    let nameless = Draft {
        subject: vec![0x30, 0],
        ..draft()
    };
    assert_eq!(read(&nameless).unwrap().title(), "serial number 07");
    let email = nameless
        .clone()
        .named(&[(0x86, b"https://c"), (0x81, b"a@b")]);
    assert_eq!(read(&email).unwrap().title(), "a@b");
    let uri = nameless.named(&[(0x86, b"https://c")]);
    assert_eq!(read(&uri).unwrap().title(), "https://c");
}

#[test]
fn errors_name_the_part() {
    let negative = Draft {
        serial: vec![2, 1, 0x80],
        ..draft()
    };
    let error = read(&negative).unwrap_err();
    assert_eq!(error.to_string(), "in its serial number, it is negative");
    let twice = draft().with(&[0x2A, 3], b"").with(&[0x2A, 3], b"");
    let error = read(&twice).unwrap_err();
    assert_eq!(error.to_string(), "in its extensions, 1.2.3 is there twice");
    let mut odd = draft();
    odd.subject = name("a");
    odd.extensions = extension(&[0x55, 0x1D, 15], None, &[5, 0]);
    let error = read(&odd).unwrap_err().to_string();
    assert!(error.starts_with("in its key usage, "), "{error}");
}
