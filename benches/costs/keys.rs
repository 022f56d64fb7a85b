//! Keys, signatures by them, and images with these.

use std::io::Write;

use base64::Engine as _;
use containers_sigpolicy::{Image, ImageName, Policy, Verifier, manifest_digest};
use sequoia_openpgp::Cert;
use sequoia_openpgp::cert::{CertBuilder, CipherSuite};
use sequoia_openpgp::crypto::KeyPair;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::SerializeInto;
use sequoia_openpgp::serialize::stream::{LiteralWriter, Message, Signer};

use super::engines::Shared;

/// One of each kind of mathematics.
pub const SUITES: [(&str, CipherSuite); 4] = [
    ("Ed25519", CipherSuite::Cv25519),
    ("P-256", CipherSuite::P256),
    ("RSA-2048", CipherSuite::RSA2k),
    ("RSA-4096", CipherSuite::RSA4k),
];
const MANIFEST: &[u8] = br#"{"schemaVersion":2}"#;
const OTHER_MANIFEST: &[u8] = br#"{"schemaVersion":2,"config":{}}"#;
const IMAGE: &str = "docker://registry.example/app/web:1.4.2";

/// A key, and what it signs.
pub struct Signed {
    pub certificate: Cert,
}

impl Signed {
    pub fn by(suite: CipherSuite) -> Self {
        let builder = CertBuilder::new()
            .add_userid("Benchmark <benchmark@example.org>")
            .set_primary_key_flags(
                sequoia_openpgp::types::KeyFlags::empty()
                    .set_certification()
                    .set_signing(),
            )
            .set_cipher_suite(suite);
        let (certificate, _) = builder.generate().expect("a certificate");
        Self { certificate }
    }

    /// A certificate whose primary key certifies only, with this many subkeys that sign.
    pub fn with_subkeys(count: usize) -> Self {
        let builder = CertBuilder::new()
            .add_userid("Benchmark <benchmark@example.org>")
            .set_cipher_suite(CipherSuite::Cv25519);
        let builder = (0..count).fold(builder, |builder, _| builder.add_signing_subkey());
        let (certificate, _) = builder.generate().expect("a certificate");
        Self { certificate }
    }

    pub fn public(&self) -> Vec<u8> {
        self.certificate.to_vec().expect("memory is enough")
    }

    /// A verifier that trusts the key, which is read already.
    pub fn verifier(&self, engine: &Shared) -> Verifier {
        let verifier = Verifier::builder(trusting(&self.public()))
            .engine(std::sync::Arc::clone(engine))
            .build();
        verifier.load_keys().expect("the key is good");
        verifier
    }

    pub fn key_pair(&self) -> KeyPair {
        let policy = StandardPolicy::new();
        let mut keys = self.certificate.keys().with_policy(&policy, None);
        let key = keys
            .by_ref()
            .find(|key| key.for_signing())
            .expect("a signing key");
        let key = key.key().clone().parts_into_secret();
        key.expect("a secret key")
            .into_keypair()
            .expect("an unencrypted key")
    }

    /// A good signature for the image, which differs from others by `serial`.
    pub fn blob(&self, serial: u64) -> Vec<u8> {
        self.over(MANIFEST, serial)
    }

    /// The image with this many signatures by keys that nobody trusts, and a good one last.
    pub fn behind_strangers(&self, count: u64) -> Image<'static> {
        let stranger = Self::by(CipherSuite::Cv25519);
        let strange = (0..count).map(|serial| stranger.blob(serial));
        with(strange.chain([self.blob(count)]))
    }

    /// The image with this many good signatures for another image, and one for it last.
    pub fn behind_others(&self, count: u64) -> Image<'static> {
        let others = (0..count).map(|serial| self.over(OTHER_MANIFEST, serial));
        with(others.chain([self.blob(count)]))
    }

    fn over(&self, manifest: &[u8], serial: u64) -> Vec<u8> {
        let digest = manifest_digest(manifest).expect("a plain manifest");
        let payload = format!(
            r#"{{"critical":{{"type":"atomic container signature","image":{{"docker-manifest-digest":"{digest}"}},"identity":{{"docker-reference":"registry.example/app/web:1.4.2"}}}},"optional":{{"timestamp":{serial}}}}}"#
        );
        let mut blob = Vec::new();
        let signer = Signer::new(Message::new(&mut blob), self.key_pair()).expect("a signer");
        let message = signer.build().expect("a signer");
        let mut message = LiteralWriter::new(message).build().expect("a literal");
        message
            .write_all(payload.as_bytes())
            .expect("memory is enough");
        message.finalize().expect("memory is enough");
        blob
    }
}

/// The image with one signature.
pub fn image(blob: Vec<u8>) -> Image<'static> {
    with([blob])
}

fn with(blobs: impl IntoIterator<Item = Vec<u8>>) -> Image<'static> {
    let name = ImageName::parse(IMAGE).expect("a valid name");
    let image = Image::new(name, MANIFEST);
    blobs.into_iter().fold(image, Image::with_signature)
}

/// A policy that trusts these keys with every image.
fn trusting(keys: &[u8]) -> Policy {
    text_trusting(keys).parse().expect("a valid policy")
}

/// The same, as text.
pub fn text_trusting(keys: &[u8]) -> String {
    let data = base64::engine::general_purpose::STANDARD.encode(keys);
    format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyData":"{data}"}}]}}"#)
}
