use super::*;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::certificate::maker::{Draft, pem};

fn der(subject: &str) -> Vec<u8> {
    let key = SigningKey::p256(1);
    Draft::new(subject, &key).sign(&key)
}

fn titles(certificates: Vec<Certificate>) -> Vec<String> {
    certificates.iter().map(Certificate::title).collect()
}

#[test]
fn a_text_holds_certificates_and_nothing_behind_them() {
    let [a, b] = ["a", "b"].map(|subject| pem("CERTIFICATE", &der(subject)));
    let odd = pem("ANYTHING", &der("c"));
    let malformed = pem("CERTIFICATE", &[5, 0]);
    let with_header = a.replacen('\n', "\nh: 1\n\n", 1);
    for (text, expected) in [
        (String::new(), Some(&[][..])),
        (" \t\r\n".to_owned(), Some(&[])),
        (a.clone(), Some(&["CN=a"])),
        (format!("\n\u{2003} {a}\n \t"), Some(&["CN=a"])),
        (format!("{a}{b}"), Some(&["CN=a", "CN=b"])),
        (format!("{a}{a}"), Some(&["CN=a", "CN=a"])),
        (format!("x {a}y\n{b}"), Some(&["CN=b"])),
        (format!("x\n{a}between\n{b}"), Some(&["CN=a", "CN=b"])),
        (format!("{odd}{a}"), Some(&["CN=c", "CN=a"])),
        (with_header, Some(&["CN=a"])),
        (format!("{a}x"), None),
        (format!("{a}\nx"), None),
        ("x".to_owned(), None),
        (malformed.clone(), None),
        (format!("{a}{malformed}"), None),
        (format!("{malformed}{a}"), None),
    ] {
        let read = certificates(text.as_bytes());
        let titles = read.ok().map(titles);
        let expected = expected.map(|expected| expected.iter().map(ToString::to_string).collect());
        assert_eq!(titles, expected, "{text}");
    }
    let error = certificates(format!("{a}{malformed}").as_bytes()).unwrap_err();
    assert!(matches!(
        error,
        CertificatesError::Malformed { number: 2, .. }
    ));
    let error = certificates(format!("{a}x").as_bytes()).unwrap_err();
    assert_eq!(error, CertificatesError::NotPem { read: 1 });
}

#[test]
fn of_authorities_each_counts_once_and_what_is_none_is_passed_over() {
    let [a, b] = ["a", "b"].map(|subject| pem("CERTIFICATE", &der(subject)));
    let odd = pem("TRUSTED CERTIFICATE", &der("c"));
    let malformed = pem("CERTIFICATE", &[5, 0]);
    let with_header = b.replacen('\n', "\nh: 1\n\n", 1);
    for (text, expected) in [
        (a.clone(), Some(&["CN=a"][..])),
        (format!("{a}{b}"), Some(&["CN=a", "CN=b"])),
        (format!("{a}{b}{a}"), Some(&["CN=a", "CN=b"])),
        (
            format!("x\n{odd}{malformed}{with_header}\n{a}\nx"),
            Some(&["CN=a"]),
        ),
        (odd, None),
        (malformed, None),
        (with_header, None),
        (String::new(), None),
        ("x".to_owned(), None),
    ] {
        let titles = authorities(text.as_bytes()).ok().map(titles);
        let expected = expected.map(|expected| expected.iter().map(ToString::to_string).collect());
        assert_eq!(titles, expected, "{text}");
    }
    let malformed = pem("CERTIFICATE", &[5, 0]);
    let error = authorities(malformed.as_bytes()).unwrap_err();
    assert!(
        matches!(error, AuthoritiesError::Malformed { .. }),
        "{error:?}"
    );
    let error = authorities(b"x").unwrap_err();
    assert!(matches!(error, AuthoritiesError::Other { .. }), "{error:?}");
}

#[test]
fn there_is_an_end_to_certificates() {
    let one = pem("CERTIFICATE", &der("a"));
    assert_eq!(
        certificates(one.repeat(MAX_CERTIFICATES).as_bytes()).map(|read| read.len()),
        Ok(MAX_CERTIFICATES)
    );
    let too_many = one.repeat(MAX_CERTIFICATES + 1);
    assert_eq!(
        certificates(too_many.as_bytes()),
        Err(CertificatesError::TooMany)
    );
    // The same one again is not another one.
    assert_eq!(
        authorities(too_many.as_bytes()).map(|read| read.len()),
        Ok(1)
    );
    // What is not signed of a certificate makes another one of it too.
    let others = |count: usize| -> String {
        let der = der("a");
        let other = |number: usize| {
            let end = u32::try_from(number).unwrap().to_be_bytes();
            pem("CERTIFICATE", &[&der[..der.len() - 4], &end].concat())
        };
        (0..count).map(other).collect()
    };
    assert_eq!(
        authorities(others(MAX_CERTIFICATES).as_bytes()).map(|read| read.len()),
        Ok(MAX_CERTIFICATES)
    );
    assert_eq!(
        authorities(others(MAX_CERTIFICATES + 1).as_bytes()),
        Err(AuthoritiesError::TooMany)
    );
}
