//! What the targets on sigstore have in common: an image that the suite's signer has signed, and whom a policy may trust for it.
#![allow(dead_code, reason = "no target needs all of it")]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use containers_sigpolicy::verdict::Signer;
use containers_sigpolicy::{Clock, Image, ImageName, Policy, Verifier};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What stands between the parts of an input: octets that none has by chance.
const DIVIDER: &[u8] = b"\0DIVIDER\0";

const MANIFEST: &[u8] = include_bytes!("../../../testdata/conformance/manifests/web.json");
const SIGNER: &[u8] = include_bytes!("../../../testdata/conformance/keys/sigstore/signer.pub");
const LOG: &[u8] = include_bytes!("../../../testdata/conformance/keys/sigstore/log.pub");

const ROOT: &[u8] = include_bytes!("../../../testdata/conformance/keys/sigstore/root.pem");

/// A signature by the signer, with an entry of the log.
pub const LOGGED: &[u8] =
    include_bytes!("../../../testdata/conformance/signatures/sigstore-log/good-logged.sig");

/// A signature with a certificate of a root.
pub const CERTIFIED: &[u8] =
    include_bytes!("../../../testdata/conformance/signatures/sigstore-paths/direct-pki.sig");

/// The key of the signer, as a policy holds it.
pub fn signer() -> String {
    STANDARD.encode(SIGNER)
}

/// The key of the log, as a policy holds it.
pub fn log() -> String {
    STANDARD.encode(LOG)
}

/// The certificate of the root, as a policy holds it.
pub fn root() -> String {
    STANDARD.encode(ROOT)
}

/// A verifier with one requirement, at the time of the suite.
pub fn verifier(requirement: Value) -> Verifier {
    let policy = json!({"default": [requirement]}).to_string();
    let policy: Policy = policy.parse().expect("a valid policy");
    let now = "2026-01-15T12:00:00Z".parse().expect("a time");
    Verifier::builder(policy).clock(Clock::Fixed(now)).build()
}

/// The image without signatures.
pub fn unsigned() -> Image<'static> {
    let name = "docker://registry.example/app/web:1.4.2";
    Image::new(ImageName::parse(name).expect("a valid name"), MANIFEST)
}

/// The image with this stored signature.
pub fn image(signature: &[u8]) -> Image<'_> {
    unsigned().with_signature(signature)
}

/// Who made the signature that a verifier accepts of an image, if it accepts one.
pub fn signer_of(verifier: &Verifier, image: &Image<'_>) -> Option<Signer> {
    let accepted = verifier.verify(image).ok()?;
    let signature = accepted
        .signatures()
        .next()
        .expect("a signature is required");
    Some(signature.signer.clone())
}

/// The parts of an input.
pub fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest
        .windows(DIVIDER.len())
        .position(|window| window == DIVIDER)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + DIVIDER.len()..];
    }
    parts.push(rest);
    parts
}

/// A block of PEM.
pub fn pem(octets: &[u8]) -> String {
    let data = STANDARD.encode(octets);
    format!("-----BEGIN CERTIFICATE-----\n{data}\n-----END CERTIFICATE-----\n")
}

/// A stored signature of sigstore that can be changed.
#[derive(Deserialize, Serialize)]
pub struct Attachment {
    #[serde(rename = "mimeType")]
    mime_type: String,
    payload: String,
    /// By their names.
    pub annotations: BTreeMap<String, String>,
}

impl Attachment {
    const FRAMING: &[u8] = b"\0sigstore-json\n";

    /// Reads one.
    pub fn of(stored: &[u8]) -> Self {
        let json = stored.strip_prefix(Self::FRAMING).expect("the framing");
        serde_json::from_slice(json).expect("a stored signature")
    }

    /// As it is stored.
    pub fn stored(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).expect("JSON");
        [Self::FRAMING, &json].concat()
    }
}
