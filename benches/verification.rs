//! What the OpenPGP part of an evaluation costs: importing keys, and one evaluation per key
//! algorithm, and per engine.
//!
//! Each measured evaluation gets a signature that the engine has never seen, made outside the
//! measured time, so that nothing that an engine may remember is measured.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without a word"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a benchmark that panics has failed"
)]

use std::io::Write;
use std::time::Duration;

use containers_sigpolicy::engine::{self, Engine, EngineKind, KeyMaterial, Sequoia, Settings};
use containers_sigpolicy::{Image, ImageName, Policy, Verifier, manifest_digest};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};
use sequoia_openpgp::Cert;
use sequoia_openpgp::cert::{CertBuilder, CipherSuite};
use sequoia_openpgp::serialize::SerializeInto;
use sequoia_openpgp::serialize::stream::{LiteralWriter, Message, Signer};

const SUITES: [(&str, CipherSuite); 7] = [
    ("Ed25519", CipherSuite::Cv25519),
    ("P-256", CipherSuite::P256),
    ("P-384", CipherSuite::P384),
    ("P-521", CipherSuite::P521),
    ("RSA-2048", CipherSuite::RSA2k),
    ("RSA-3072", CipherSuite::RSA3k),
    ("RSA-4096", CipherSuite::RSA4k),
];
const MANIFEST: &[u8] = br#"{"schemaVersion":2}"#;
const IMAGE: &str = "docker://registry.example/app/web:1.4.2";

fn import(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import keys");
    for count in [1, 10, 100] {
        let keyring: Vec<u8> = (0..count)
            .flat_map(|_| public_part(&certificate(CipherSuite::Cv25519)))
            .collect();
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter(|| {
                let material = KeyMaterial::new("benchmark", &keyring);
                let import = Sequoia::new()
                    .import(&[material], &Settings::default())
                    .expect("the keys are good");
                assert_eq!(import.keys.len(), count);
            });
        });
    }
}

/// A key with many self-signatures, and small copies of it behind it: each copy is to cost what is in it.
fn import_copies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import a key with 500 user IDs and copies");
    let builder = (0..500).fold(CertBuilder::new(), |builder, number| {
        builder.add_userid(format!("Somebody {number}"))
    });
    let (whole, _) = builder.generate().expect("a key can be made");
    let small = whole
        .clone()
        .retain_userids(|user_id| user_id.userid().value() == b"Somebody 0");
    for count in [0, 100, 200, 400] {
        let keyring = [public_part(&whole), public_part(&small).repeat(count)].concat();
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter(|| {
                let material = KeyMaterial::new("benchmark", &keyring);
                let import = Sequoia::new()
                    .import(&[material], &Settings::default())
                    .expect("the keys are good");
                assert_eq!(import.keys.len(), 1);
            });
        });
    }
}

fn evaluate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evaluate");
    for (name, suite) in SUITES {
        let certificate = certificate(suite);
        for kind in [EngineKind::Native, EngineKind::Sequoia] {
            if !kind.is_compiled_in() {
                continue;
            }
            let selection = engine::select(&[kind]).expect("an engine that needs nothing");
            let verifier = Verifier::builder(policy(&certificate))
                .engine(selection)
                .build();
            let name = format!("{name} on {kind}");
            bench_verifier(&mut group, &name, &verifier, &certificate);
        }
    }
}

/// The same evaluation on each engine that is compiled in, in one run: what a process for each signature
/// costs.
fn engines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engines");
    let certificate = certificate(CipherSuite::Cv25519);
    for kind in EngineKind::DEFAULT_ORDER {
        if kind.is_compiled_in() {
            let selection = engine::select(&[*kind]).expect("an engine that works");
            let verifier = Verifier::builder(policy(&certificate))
                .engine(selection)
                .build();
            bench_verifier(&mut group, kind.name(), &verifier, &certificate);
        }
    }
}

/// One evaluation with warm keys, each of a signature that was never seen.
fn bench_verifier(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    verifier: &Verifier,
    certificate: &Cert,
) {
    verifier.load_keys().expect("the key is good");
    let mut serial = 0_u64;
    group.bench_function(name, |bencher| {
        bencher.iter_batched(
            || {
                serial += 1;
                let name = ImageName::parse(IMAGE).expect("a valid name");
                Image::new(name, MANIFEST).with_signature(sign(certificate, serial))
            },
            |image| verifier.verify(&image).expect("a good signature"),
            BatchSize::PerIteration,
        );
    });
}

fn certificate(suite: CipherSuite) -> Cert {
    CertBuilder::general_purpose(Some("Benchmark <benchmark@example.org>"))
        .set_cipher_suite(suite)
        .generate()
        .expect("a certificate")
        .0
}

fn public_part(certificate: &Cert) -> Vec<u8> {
    certificate.to_vec().expect("memory is enough")
}

fn policy(certificate: &Cert) -> Policy {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(public_part(certificate));
    let text =
        format!(r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyData":"{data}"}}]}}"#);
    text.parse().expect("a valid policy")
}

/// A signature that differs from all others by `serial`.
fn sign(certificate: &Cert, serial: u64) -> Vec<u8> {
    let digest = manifest_digest(MANIFEST).expect("a plain manifest");
    let payload = format!(
        r#"{{"critical":{{"type":"atomic container signature","image":{{"docker-manifest-digest":"{digest}"}},"identity":{{"docker-reference":"registry.example/app/web:1.4.2"}}}},"optional":{{"timestamp":{serial}}}}}"#
    );
    let policy = sequoia_openpgp::policy::StandardPolicy::new();
    let keys = certificate
        .keys()
        .with_policy(&policy, None)
        .for_signing()
        .secret()
        .next()
        .expect("a signing key")
        .key()
        .clone()
        .into_keypair()
        .expect("an unencrypted key");
    let mut blob = Vec::new();
    let message = Message::new(&mut blob);
    let message = Signer::new(message, keys)
        .expect("a signer")
        .build()
        .expect("a signer");
    let mut message = LiteralWriter::new(message).build().expect("a literal");
    message
        .write_all(payload.as_bytes())
        .expect("memory is enough");
    message.finalize().expect("memory is enough");
    blob
}

criterion_group! {
    name = benches;
    // Making the signatures takes far longer than checking them.
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500));
    targets = import, import_copies, evaluate, engines
}
criterion_main!(benches);
