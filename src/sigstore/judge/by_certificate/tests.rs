use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::digest::Digest;
use crate::mathematics::signing::SigningKey;
use crate::sigstore::certificate::maker::{Draft, key_info, pem};
use crate::sigstore::identity::Subject;
use crate::sigstore::public_key::PublicKey;
use crate::sigstore::trust::TrustedCertificates;

const PAYLOAD: &[u8] = b"payload";
const ISSUER: &str = "https://issuer.example";
/// Fulcio's extension with the issuer.
const ISSUER_OID: &[u8] = &[0x2B, 6, 1, 4, 1, 0x83, 0xBF, 0x30, 1, 1];
/// A time within the leaf's, and the same in the form of logs.
const THEN: &str = "2026-01-15T12:05:00Z";
const THEN_UNIX: i64 = 1_768_478_700;

fn log_key() -> SigningKey {
    SigningKey::p256(9)
}

fn root_key() -> SigningKey {
    SigningKey::p256(1)
}

fn middle_key() -> SigningKey {
    SigningKey::p256(2)
}

fn leaf_key() -> SigningKey {
    SigningKey::p256(3)
}

fn root() -> Vec<u8> {
    Draft::new("root", &root_key())
        .authority(None)
        .sign(&root_key())
}

fn middle() -> Vec<u8> {
    let draft = Draft::new("middle", &middle_key()).authority(None);
    draft.by("root").sign(&root_key())
}

/// Valid for ten minutes, and of `a@example.org`.
fn leaf_draft() -> Draft {
    Draft::new("leaf", &leaf_key())
        .by("middle")
        .valid("260115120000Z", "260115121000Z")
        .named(&[(0x81, b"a@example.org"), (0x82, b"host.example")])
        .with(ISSUER_OID, ISSUER.as_bytes())
}

fn leaf_pem() -> String {
    pem("CERTIFICATE", &leaf_draft().sign(&middle_key()))
}

fn chain() -> String {
    [middle(), root()]
        .map(|der| pem("CERTIFICATE", &der))
        .concat()
}

fn signature() -> String {
    STANDARD.encode(leaf_key().sign(PAYLOAD))
}

/// An entry of the log for this certificate, signature and payload.
fn log_entry(certificate: &str, signature: &str, payload: &[u8], time: i64) -> String {
    let body = serde_json::json!({
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": Digest::of(payload).hex()}},
            "signature": {
                "content": signature,
                "publicKey": {"content": STANDARD.encode(certificate)},
            },
        },
    });
    let body = STANDARD.encode(body.to_string());
    let signed =
        format!(r#"{{"body":"{body}","integratedTime":{time},"logID":"log","logIndex":5}}"#);
    let promise = STANDARD.encode(log_key().sign(signed.as_bytes()));
    format!(r#"{{"SignedEntryTimestamp":"{promise}","Payload":{signed}}}"#)
}

fn attachment(members: &[(&str, &str)]) -> Attachment {
    let members = members.iter();
    Attachment {
        payload: PAYLOAD.to_vec(),
        annotations: members
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        ..Attachment::default()
    }
}

/// What a good signature has.
fn good() -> Attachment {
    let entry = log_entry(&leaf_pem(), &signature(), PAYLOAD, THEN_UNIX);
    attachment(&[
        (annotation::SIGNATURE, &signature()),
        (annotation::LOG_ENTRY, &entry),
        (annotation::CERTIFICATE, &leaf_pem()),
        (annotation::CHAIN, &chain()),
    ])
}

fn with(name: &str, text: &str) -> Attachment {
    let mut attachment = good();
    attachment
        .annotations
        .insert(name.to_owned(), text.to_owned());
    attachment
}

fn without(name: &str) -> Attachment {
    let mut attachment = good();
    attachment.annotations.remove(name).unwrap();
    attachment
}

fn roots() -> TrustedCertificates {
    TrustedCertificates {
        certificates: vec![Certificate::from_der(&root()).unwrap()],
        origin: "root.pem".to_owned(),
    }
}

fn logs() -> Vec<TrustedPublicKey> {
    let key = pem("PUBLIC KEY", &key_info(&log_key()));
    vec![TrustedPublicKey {
        key: PublicKey::log_from_pem(key.as_bytes()).unwrap(),
        origin: "log.pub".to_owned(),
    }]
}

fn email(text: &str) -> Subject {
    Subject::Email(text.to_owned())
}

/// By Fulcio: the code of the refusal, if it is one.
fn by_fulcio(
    attachment: &Attachment,
    oidc_issuer: &str,
    subject: &Subject,
) -> Option<&'static str> {
    let trust = CertificateTrust {
        authorities: &roots(),
        kind: CertificateKind::Fulcio {
            logs: &logs(),
            oidc_issuer,
            subject,
        },
    };
    judge_by_certificate(attachment, &trust)
        .err()
        .map(|refusal| refusal.code())
}

fn fulcio(attachment: &Attachment) -> Option<&'static str> {
    by_fulcio(attachment, ISSUER, &email("a@example.org"))
}

/// By another authority, likewise.
fn by_pki(attachment: &Attachment, subjects: &[Subject], now: &str) -> Option<&'static str> {
    let trust = CertificateTrust {
        authorities: &roots(),
        kind: CertificateKind::Pki {
            intermediates: &[],
            subjects,
            now: now.parse().unwrap(),
        },
    };
    judge_by_certificate(attachment, &trust)
        .err()
        .map(|refusal| refusal.code())
}

fn pki(attachment: &Attachment) -> Option<&'static str> {
    by_pki(attachment, &[email("a@example.org")], THEN)
}

#[test]
fn a_good_signature_tells_who_signed() {
    let attachment = good();
    let trust = CertificateTrust {
        authorities: &roots(),
        kind: CertificateKind::Fulcio {
            logs: &logs(),
            oidc_issuer: ISSUER,
            subject: &email("a@example.org"),
        },
    };
    let proven = judge_by_certificate(&attachment, &trust).unwrap();
    assert_eq!(proven.payload(), PAYLOAD);
    let entry = proven.log_entry().unwrap();
    assert_eq!(
        (entry.index, entry.integrated_time.to_string()),
        (5, THEN.to_owned())
    );
    let ProvenSigner::Certificate(signer) = proven.signer() else {
        panic!("{:?}", proven.signer());
    };
    assert_eq!(signer.to_string(), format!("a@example.org ({ISSUER})"));
    assert_eq!(signer.authority.to_string(), "`CN=root` (root.pem)");
    assert_eq!(signer.judged_by, CertificateTime::Log);
    assert_eq!(pki(&attachment), None);
}

#[test]
fn what_is_demanded_has_to_be_there() {
    for (name, of_fulcio, of_pki) in [
        (
            annotation::SIGNATURE,
            Some("signature-incomplete"),
            Some("signature-incomplete"),
        ),
        (
            annotation::CERTIFICATE,
            Some("signature-incomplete"),
            Some("signature-incomplete"),
        ),
        (annotation::LOG_ENTRY, Some("signature-incomplete"), None),
        (
            annotation::CHAIN,
            Some("certificate-untrusted"),
            Some("certificate-untrusted"),
        ),
    ] {
        let attachment = without(name);
        assert_eq!(
            (fulcio(&attachment), pki(&attachment)),
            (of_fulcio, of_pki),
            "{name}"
        );
        let empty = with(name, "");
        assert!(fulcio(&empty).is_some(), "{name}");
    }
    // An empty chain is none.
    assert_eq!(
        fulcio(&with(annotation::CHAIN, "")),
        Some("certificate-untrusted")
    );
}

#[test]
fn a_log_entry_binds_certificate_signature_and_payload() {
    let leaf = leaf_pem();
    let other_leaf = pem("CERTIFICATE", &leaf_draft().by("root").sign(&root_key()));
    let other = STANDARD.encode(leaf_key().sign(b"other"));
    for (entry, code) in [
        (log_entry(&leaf, &signature(), PAYLOAD, THEN_UNIX), None),
        (
            log_entry(
                &pem("OTHER", &leaf_draft().sign(&middle_key())),
                &signature(),
                PAYLOAD,
                THEN_UNIX,
            ),
            None,
        ),
        (
            log_entry(&other_leaf, &signature(), PAYLOAD, THEN_UNIX),
            Some("log-entry-mismatch"),
        ),
        (
            log_entry(&leaf, &other, PAYLOAD, THEN_UNIX),
            Some("log-entry-mismatch"),
        ),
        (
            log_entry(&leaf, &signature(), b"other", THEN_UNIX),
            Some("log-entry-mismatch"),
        ),
        (
            log_entry(
                &pem("PUBLIC KEY", &key_info(&leaf_key())),
                &signature(),
                PAYLOAD,
                THEN_UNIX,
            ),
            Some("log-entry-mismatch"),
        ),
        (
            log_entry(&leaf, &signature(), PAYLOAD, THEN_UNIX)
                .replace("\"logIndex\":5", "\"logIndex\":6"),
            Some("log-entry-untrusted"),
        ),
        ("{}".to_owned(), Some("log-entry-malformed")),
    ] {
        assert_eq!(fulcio(&with(annotation::LOG_ENTRY, &entry)), code);
        // Another authority's certificates need no log.
        assert_eq!(pki(&with(annotation::LOG_ENTRY, &entry)), None);
    }
}

#[test]
fn the_time_is_the_logs_or_now() {
    for (time, code) in [
        (THEN_UNIX, None),
        (THEN_UNIX - 300, None),
        (THEN_UNIX - 301, Some("certificate-expired")),
        (THEN_UNIX + 300, None),
        (THEN_UNIX + 301, Some("certificate-expired")),
        (0, Some("certificate-expired")),
        (-62_135_596_800, Some("certificate-expired")),
    ] {
        let entry = log_entry(&leaf_pem(), &signature(), PAYLOAD, time);
        assert_eq!(fulcio(&with(annotation::LOG_ENTRY, &entry)), code, "{time}");
    }
    for (now, code) in [
        ("2026-01-15T12:10:00Z", None),
        ("2026-01-15T12:10:01Z", Some("certificate-expired")),
        ("2026-01-15T11:59:59Z", Some("certificate-expired")),
    ] {
        assert_eq!(
            by_pki(&good(), &[email("a@example.org")], now),
            code,
            "{now}"
        );
    }
}

#[test]
fn the_signer_is_who_the_policy_names() {
    let host = |text: &str| Subject::HostName(text.to_owned());
    assert_eq!(
        by_fulcio(&good(), "https://other.example", &email("a@example.org")),
        Some("signer-mismatch")
    );
    assert_eq!(
        by_fulcio(&good(), ISSUER, &email("b@example.org")),
        Some("signer-mismatch")
    );
    for (subjects, code) in [
        (vec![email("a@example.org")], None),
        (vec![host("host.example")], None),
        (vec![email("a@example.org"), host("host.example")], None),
        (
            vec![email("b@example.org"), host("host.example")],
            Some("signer-mismatch"),
        ),
        (
            vec![email("a@example.org"), host("other.example")],
            Some("signer-mismatch"),
        ),
    ] {
        assert_eq!(by_pki(&good(), &subjects, THEN), code, "{subjects:?}");
    }
}

#[test]
fn the_certificates_key_has_signed() {
    let by = |key: SigningKey| STANDARD.encode(key.sign(PAYLOAD));
    for (text, code) in [
        (signature(), None),
        (by(middle_key()), Some("bad-signature")),
        (
            STANDARD.encode(leaf_key().sign(b"other")),
            Some("bad-signature"),
        ),
        ("*".to_owned(), Some("bad-signature")),
        (String::new(), Some("bad-signature")),
    ] {
        assert_eq!(pki(&with(annotation::SIGNATURE, &text)), code, "{text}");
    }
    // By a key that nobody knows, nothing is.
    let mut unknown = leaf_draft();
    unknown.key = vec![0x30, 10, 0x30, 4, 6, 2, 0x2A, 3, 3, 2, 0, 1];
    let unknown = pem("CERTIFICATE", &unknown.sign(&middle_key()));
    assert_eq!(
        pki(&with(annotation::CERTIFICATE, &unknown)),
        Some("bad-signature")
    );
}

#[test]
fn certificates_of_a_signature_are_read_strictly() {
    let (leaf, middle, root) = (leaf_pem(), pem("X", &middle()), pem("Y", &root()));
    for (name, text, code) in [
        (
            annotation::CERTIFICATE,
            format!("{leaf}{leaf}"),
            Some("certificate-malformed"),
        ),
        (
            annotation::CERTIFICATE,
            format!("{leaf}x"),
            Some("certificate-malformed"),
        ),
        (
            annotation::CERTIFICATE,
            pem("CERTIFICATE", b"x"),
            Some("certificate-malformed"),
        ),
        (
            annotation::CERTIFICATE,
            String::new(),
            Some("certificate-malformed"),
        ),
        (
            annotation::CHAIN,
            "x".to_owned(),
            Some("certificate-malformed"),
        ),
        (
            annotation::CHAIN,
            format!("{middle}{}", pem("X", b"x")),
            Some("certificate-malformed"),
        ),
        (
            annotation::CHAIN,
            middle.clone(),
            Some("certificate-untrusted"),
        ),
        (
            annotation::CHAIN,
            format!("{root}{middle}"),
            Some("certificate-untrusted"),
        ),
        (annotation::CHAIN, format!("{middle}{middle}"), None),
        (annotation::CHAIN, format!(" {middle}\n\n{root}\n "), None),
    ] {
        assert_eq!(pki(&with(name, &text)), code, "{text}");
    }
}
