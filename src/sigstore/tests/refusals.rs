//! What refusals say, and that they can be read back.

use super::super::attachment::annotation;
use super::super::facts::{KeyAlgorithm, KeyId, KeyReference};
use super::super::refusal::{
    BUNDLE_CERTIFICATE, CertificatePlace, CertificateRole, LogEntryPart, NoTrustedTime,
    SignatureDefect, SignerPart, SigstoreRefusal,
};
use super::super::signer::{CertificateTime, SubjectNames};
use crate::clock::Moment;

/// One of each variant, with its sentence.
fn all() -> Vec<(SigstoreRefusal, &'static str)> {
    let key = |text: &str| KeyReference::new(KeyId::of(text.as_bytes()), format!("{text}.pub"));
    let incomplete = |annotation: &str| SigstoreRefusal::SignatureIncomplete {
        annotation: annotation.to_owned(),
    };
    let at = |text: &str| text.parse::<Moment>().unwrap();
    vec![
        (
            incomplete(BUNDLE_CERTIFICATE),
            "the signature is incomplete: the policy demands a certificate, and it comes with a key (in the bundle, \
             `verificationMaterial.certificate`)",
        ),
        (
            incomplete(annotation::SIGNATURE),
            "the signature is incomplete: it holds a payload, but nothing that signs it (annotation \
             `dev.cosignproject.cosign/signature`)",
        ),
        (
            incomplete(annotation::LOG_ENTRY),
            "the signature is incomplete: the policy demands an entry of a Rekor log, and it has none (annotation \
             `dev.sigstore.cosign/bundle`)",
        ),
        (
            incomplete(annotation::CERTIFICATE),
            "the signature is incomplete: the policy demands a certificate, and it has none (annotation \
             `dev.sigstore.cosign/certificate`)",
        ),
        (
            SigstoreRefusal::malformed("something"),
            "the entry of the Rekor log is malformed: something",
        ),
        (
            SigstoreRefusal::LogEntryUntrusted {
                stated: "c0ff\n".to_owned(),
                logs: vec![key("rekor")],
            },
            "no Rekor log that the policy trusts has signed the entry; it names the log `c0ff\\n`",
        ),
        (
            SigstoreRefusal::other_key(KeyId::of(b"a"), [KeyId::of(b"b"), KeyId::of(b"c")]),
            "the entry of the Rekor log is about another key: \
             `ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb`, and not \
             3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d or \
             2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6",
        ),
        (
            SigstoreRefusal::LogEntryMismatch {
                part: LogEntryPart::Signature,
                recorded: None,
                expected: Vec::new(),
            },
            "the entry of the Rekor log is about another signature",
        ),
        (
            SigstoreRefusal::LogEntryMismatch {
                part: LogEntryPart::Payload,
                recorded: Some("00".to_owned()),
                expected: vec!["01".to_owned()],
            },
            "the entry of the Rekor log is about another payload: `00`, and not 01",
        ),
        (
            SigstoreRefusal::LogEntryUnsupported {
                what: "`intoto` `0.0.2`".to_owned(),
            },
            "the entry of the Rekor log is `intoto` `0.0.2`, which is not supported for such a signature",
        ),
        (
            SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::NoEntry,
            },
            "no trusted log says when the signature was recorded: it has no entry of a log",
        ),
        (
            SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::NoPromise,
            },
            "no trusted log says when the signature was recorded: its entry has no time that the log has signed",
        ),
        (
            SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::LogNotTrusted {
                    integrated_time: at("2026-01-15T12:00:00Z"),
                },
            },
            "no trusted log says when the signature was recorded: the log is not to be trusted for 2026-01-15T12:00:00Z",
        ),
        (
            SigstoreRefusal::NoTrustedTime {
                cause: NoTrustedTime::Future {
                    integrated_time: at("2026-01-15T13:00:00Z"),
                    now: at("2026-01-15T12:00:00Z"),
                },
            },
            "no trusted log says when the signature was recorded: its entry is from 2026-01-15T13:00:00Z, 1 hour from now",
        ),
        (
            SigstoreRefusal::BundleInvalid {
                detail: "it is not UTF-8".to_owned(),
            },
            "the sigstore bundle is not valid: it is not UTF-8",
        ),
        (
            SigstoreRefusal::SignatureWithoutIdentity,
            "the signature names no image, only the digest, and so satisfies no `signedIdentity`",
        ),
        (
            SigstoreRefusal::BadSignature {
                defect: SignatureDefect::NotBase64,
                candidates: Vec::new(),
            },
            "the signature is not good: it is not base64",
        ),
        (
            SigstoreRefusal::BadSignature {
                defect: SignatureDefect::NotByCandidate,
                candidates: vec![key("a")],
            },
            "the signature is not good: it was not made over this payload by the trusted key \
             ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb (a.pub)",
        ),
        (
            SigstoreRefusal::BadSignature {
                defect: SignatureDefect::NotByCandidate,
                candidates: vec![key("a"), key("b")],
            },
            "the signature is not good: it was not made over this payload by one of the trusted keys \
             ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb (a.pub), \
             3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d (b.pub)",
        ),
        (
            SigstoreRefusal::BadSignature {
                defect: SignatureDefect::ByCertificate,
                candidates: vec![key("a")],
            },
            "the signature is not good: it comes with a certificate, and not with a trusted key",
        ),
        (
            SigstoreRefusal::BadSignature {
                defect: SignatureDefect::MayBeEd25519ph,
                candidates: vec![key("a")],
            },
            "the signature is not good: it was not made over this payload by a trusted key, unless by Ed25519ph, which is not \
             supported",
        ),
        (
            SigstoreRefusal::UnusableKey {
                key: key("a"),
                algorithm: KeyAlgorithm::X25519,
            },
            "the key in a.pub is for X25519, by which no signature can be verified",
        ),
    ]
    .into_iter()
    .chain(of_certificates())
    .collect()
}

/// The same of certificates.
fn of_certificates() -> Vec<(SigstoreRefusal, &'static str)> {
    let moment = |text: &str| text.parse::<Moment>().unwrap();
    let expired = |role, judged_at: &str, judged_by| SigstoreRefusal::CertificateExpired {
        certificate: "CN=a".to_owned(),
        role,
        not_before: moment("2026-01-15T12:00:00Z"),
        not_after: moment("2026-01-15T12:10:00Z"),
        judged_at: moment(judged_at),
        judged_by,
    };
    let names = SubjectNames {
        emails: vec!["a@example.org".to_owned()],
        uris: vec!["https://b.example\n".to_owned()],
        ..SubjectNames::default()
    };
    let other = |part, issuers: &[&str]| SigstoreRefusal::SignerMismatch {
        part,
        expected: "c".to_owned(),
        oidc_issuers: issuers.iter().map(ToString::to_string).collect(),
        names: names.clone().into(),
    };
    vec![
        (
            SigstoreRefusal::malformed_certificate("in its validity, it ends early"),
            "the signer's certificate cannot be read: in its validity, it ends early",
        ),
        (
            SigstoreRefusal::CertificateMalformed {
                place: CertificatePlace::Chain,
                detail: "something".to_owned(),
            },
            "the chain of certificates beside the signer's cannot be read: something",
        ),
        (
            SigstoreRefusal::CertificateUntrusted {
                certificate: "CN=a".to_owned(),
                detail: "no certificate of its issuer `CN=b` is at hand".to_owned(),
                missing_issuer: Some("CN=b".to_owned()),
            },
            "no authority that the policy trusts vouches for the certificate `CN=a`: no certificate of its issuer `CN=b` is at \
             hand",
        ),
        (
            expired(
                CertificateRole::Signer,
                "2026-01-15T12:11:00Z",
                CertificateTime::Log,
            ),
            "the certificate `CN=a` expired at 2026-01-15T12:10:00Z, 1 minute before the log recorded the signature at \
             2026-01-15T12:11:00Z",
        ),
        (
            expired(
                CertificateRole::Signer,
                "2026-01-14T12:00:00Z",
                CertificateTime::Clock,
            ),
            "the certificate `CN=a` is valid only from 2026-01-15T12:00:00Z, 1 day after now, 2026-01-14T12:00:00Z",
        ),
        (
            expired(
                CertificateRole::Intermediate,
                "2026-01-15T12:11:00Z",
                CertificateTime::Clock,
            ),
            "the intermediate certificate `CN=a` expired at 2026-01-15T12:10:00Z, 1 minute before now, 2026-01-15T12:11:00Z",
        ),
        (
            expired(
                CertificateRole::Authority,
                "2026-01-15T12:11:00Z",
                CertificateTime::Clock,
            ),
            "the authority's certificate `CN=a` expired at 2026-01-15T12:10:00Z, 1 minute before now, 2026-01-15T12:11:00Z",
        ),
        (
            SigstoreRefusal::CertificateNotForCodeSigning {
                certificate: "CN=a".to_owned(),
                purposes: vec!["serverAuth".to_owned(), "1.2.3".to_owned()],
            },
            "the certificate `CN=a` is for serverAuth, 1.2.3, and not for signing code",
        ),
        (
            SigstoreRefusal::CertificateNameForbidden {
                certificate: "CN=a".to_owned(),
                name: "a@example.org".to_owned(),
                authority: "CN=b".to_owned(),
                detail: "it permits others only".to_owned(),
            },
            "the authority `CN=b` does not allow the name `a@example.org` of the certificate `CN=a`: it permits others only",
        ),
        (
            other(SignerPart::Email, &[]),
            "the certificate is for `a@example.org`, `https://b.example\\n`, and not for the e-mail address `c`",
        ),
        (
            other(SignerPart::HostName, &[]),
            "the certificate is for `a@example.org`, `https://b.example\\n`, and not for the host `c`",
        ),
        (
            other(SignerPart::OidcIssuer, &[]),
            "the certificate names no OIDC issuer, and not `c`",
        ),
        (
            other(SignerPart::OidcIssuer, &["d"]),
            "the certificate names the OIDC issuer `d`, and not `c`",
        ),
        (
            other(SignerPart::OidcIssuer, &["d", "e"]),
            "the certificate names two OIDC issuers, `d` and `e`, and not `c`",
        ),
    ]
}

#[test]
fn each_has_its_sentence_and_its_remedy() {
    for (refusal, sentence) in all() {
        assert_eq!(refusal.to_string(), sentence);
        let remedy = refusal.remedy();
        assert!(!remedy.is_empty() && !remedy.contains('\n'), "{remedy}");
    }
}

#[test]
fn a_signer_is_named_by_the_line_to_write() {
    let remedy = |part, issuers: &[&str], emails: &[&str], uris: &[&str]| {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let refusal = SigstoreRefusal::SignerMismatch {
            part,
            expected: "c".to_owned(),
            oidc_issuers: texts(issuers),
            names: Box::new(SubjectNames {
                emails: texts(emails),
                uris: texts(uris),
                ..SubjectNames::default()
            }),
        };
        refusal.remedy()
    };
    let email = remedy(SignerPart::Email, &[], &["a@example.org"], &[]);
    assert!(
        email.contains(r#"write "subjectEmail": "a@example.org" in the policy"#),
        "{email}"
    );
    let issuer = remedy(
        SignerPart::OidcIssuer,
        &["https://d"],
        &["a@example.org"],
        &[],
    );
    assert!(
        issuer.contains(r#"write "oidcIssuer": "https://d" in the policy"#),
        "{issuer}"
    );
    let uri = remedy(
        SignerPart::Email,
        &[],
        &[],
        &["https://ci.example/workflow"],
    );
    assert!(
        uri.contains("no member of a policy can name one that has a URI alone"),
        "{uri}"
    );
}

#[test]
fn each_is_read_as_it_is_written() {
    let mut codes = Vec::new();
    for (refusal, _) in all() {
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(json["code"], refusal.code());
        assert_eq!(
            serde_json::from_value::<SigstoreRefusal>(json).unwrap(),
            refusal
        );
        if codes.last() != Some(&refusal.code()) {
            codes.push(refusal.code());
        }
    }
    assert_eq!(codes, SigstoreRefusal::CODES);
}

/// Those of OpenPGP have the same code, and other members.
#[test]
fn a_bad_signature_is_not_taken_for_one_of_openpgp() {
    for (refusal, _) in all() {
        let json = serde_json::to_value(&refusal).unwrap();
        assert!(serde_json::from_value::<crate::engine::Refusal>(json).is_err());
    }
    let openpgp = r#"{"code":"bad-signature","detail":"something"}"#;
    assert!(serde_json::from_str::<SigstoreRefusal>(openpgp).is_err());
}
