//! Signatures, logs and their entries, made here with keys that everybody knows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use super::super::attachment::{Attachment, annotation};
use super::super::public_key::PublicKey;
use super::super::trust::{KeyTrust, TrustedPublicKey};
use super::material::pem;
use crate::digest::Digest;

/// What is signed.
pub(super) const PAYLOAD: &[u8] = b"payload";

/// When the log has seen it, and as which entry.
pub(super) const TIME: i64 = 1_717_200_000;
pub(super) const INDEX: i64 = 7;

/// A key on P-256.
pub(super) struct Maker(SigningKey);

impl Maker {
    /// Who signs images.
    pub(super) fn signer() -> Self {
        Self::of(1)
    }

    /// A Rekor log.
    pub(super) fn log() -> Self {
        Self::of(2)
    }

    /// Somebody else.
    pub(super) fn stranger() -> Self {
        Self::of(3)
    }

    fn of(secret: u8) -> Self {
        Self(SigningKey::from_slice(&[secret; 32]).unwrap())
    }

    pub(super) fn spki(&self) -> Vec<u8> {
        const BEFORE: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
        let point = self.0.verifying_key().to_encoded_point(false);
        [&super::material::octets(BEFORE)[..], &point.as_bytes()[1..]].concat()
    }

    pub(super) fn pem(&self) -> String {
        pem("PUBLIC KEY", &base64(self.spki()))
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        signature.to_der().as_bytes().to_vec()
    }

    pub(super) fn trusted(&self, origin: &str) -> TrustedPublicKey {
        trusted(&self.pem(), origin)
    }
}

/// The key in this PEM.
pub(super) fn trusted(pem: &str, origin: &str) -> TrustedPublicKey {
    TrustedPublicKey {
        key: PublicKey::from_pem(pem.as_bytes()).unwrap(),
        origin: origin.to_owned(),
    }
}

pub(super) fn base64(octets: impl AsRef<[u8]>) -> String {
    STANDARD.encode(octets)
}

/// What a log has recorded: a signature by the signer over the payload.
pub(super) fn body() -> Value {
    let signer = Maker::signer();
    body_of(&signer.pem(), &signer.sign(PAYLOAD), PAYLOAD)
}

pub(super) fn body_of(key: &str, signature: &[u8], payload: &[u8]) -> Value {
    json!({
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": Digest::of(payload).hex()}},
            "signature": {"content": base64(signature), "publicKey": {"content": base64(key)}},
        },
    })
}

/// The annotation of a log that signs this text, with this `Payload`.
pub(super) fn promise(signed: &str, payload: &str) -> String {
    let signature = base64(Maker::log().sign(signed.as_bytes()));
    format!(r#"{{"SignedEntryTimestamp":"{signature}","Payload":{payload}}}"#)
}

/// What the log signs of an entry with this body.
pub(super) fn canonical(body: impl AsRef<[u8]>) -> String {
    let body = base64(body);
    format!(r#"{{"body":"{body}","integratedTime":{TIME},"logID":"the log","logIndex":{INDEX}}}"#)
}

/// The annotation of an entry with this body.
pub(super) fn entry(body: impl AsRef<[u8]>) -> String {
    let text = canonical(body);
    promise(&text, &text)
}

/// The payload, signed by this key, with the annotation of a log if there is one.
pub(super) fn attachment(maker: &Maker, log_entry: Option<String>) -> Attachment {
    let mut attachment = Attachment {
        payload: PAYLOAD.to_vec(),
        ..Attachment::default()
    };
    let mut annotate = |name: &str, text| attachment.annotations.insert(name.to_owned(), text);
    annotate(annotation::SIGNATURE, base64(maker.sign(PAYLOAD)));
    if let Some(log_entry) = log_entry {
        annotate(annotation::LOG_ENTRY, log_entry);
    }
    attachment
}

/// That these keys are trusted, without a log.
pub(super) fn keys(keys: Vec<TrustedPublicKey>) -> KeyTrust {
    KeyTrust {
        keys: keys.into(),
        logs: None,
    }
}

/// The same, and a log has to have recorded it.
pub(super) fn keys_and_log(keys: Vec<TrustedPublicKey>) -> KeyTrust {
    KeyTrust {
        keys: keys.into(),
        logs: Some([Maker::log().trusted("rekor.pub")].into()),
    }
}
