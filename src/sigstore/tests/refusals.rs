//! What refusals say, and that they can be read back.

use super::super::attachment::annotation;
use super::super::facts::{KeyAlgorithm, KeyId, KeyReference};
use super::super::refusal::{LogEntryPart, SignatureDefect, SigstoreRefusal};

/// One of each variant, with its sentence.
fn all() -> Vec<(SigstoreRefusal, &'static str)> {
    let key = |text: &str| KeyReference::new(KeyId::of(text.as_bytes()), format!("{text}.pub"));
    let incomplete = |annotation: &str| SigstoreRefusal::SignatureIncomplete {
        annotation: annotation.to_owned(),
    };
    vec![
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
            "the entry of the Rekor log is `intoto` `0.0.2`, and only `hashedrekord` 0.0.1 with SHA-256 is supported",
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
            SigstoreRefusal::UnusableKey {
                key: key("a"),
                algorithm: KeyAlgorithm::X25519,
            },
            "the key in a.pub is for X25519, by which no signature can be verified",
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
