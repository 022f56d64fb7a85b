//! Whether a verification with warm keys is slowed down by the import of another scope's keys: the same evaluation alone, and
//! while another thread imports one key source after the other on an engine that is slow at it.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without a word"
)]
#![allow(clippy::expect_used, reason = "a benchmark that panics has failed")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use containers_sigpolicy::engine::{Engine, EngineError, Import, KeyMaterial, Sequoia, Settings};
use containers_sigpolicy::{Clock, Image, ImageName, Policy, Verifier};
use criterion::{Criterion, criterion_group, criterion_main};

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/conformance");
/// More scopes than a benchmark gets to.
const SCOPES: usize = 1_000;

/// Sequoia, as slow to import as a gpg that has to be started.
#[derive(Debug, Default)]
struct Slow(Sequoia);

impl Engine for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn version(&self) -> String {
        self.0.version()
    }

    fn import(
        &self,
        material: &[KeyMaterial<'_>],
        settings: &Settings,
    ) -> Result<Import, EngineError> {
        thread::sleep(Duration::from_millis(20));
        self.0.import(material, settings)
    }
}

fn beside_import(criterion: &mut Criterion) {
    let verifier = Verifier::builder(policy())
        .engine(Slow::default())
        .clock(Clock::Fixed(
            "2026-01-15T12:00:00Z".parse().expect("a time"),
        ))
        .key_directory(SUITE)
        .build();
    let warm = image("app/web:1.4.2");
    let verify = || verifier.verify(&warm).expect("a good signature");
    let mut group = criterion.benchmark_group("warm keys");
    let _ = verify();
    group.bench_function("alone", |bencher| bencher.iter(verify));
    let has_ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in (0..SCOPES).cycle() {
                if has_ended.load(Ordering::Relaxed) {
                    break;
                }
                if number == 0 {
                    verifier.reload();
                }
                // Its key is another one: what counts is that its keys are imported.
                let _ = verifier.verify(&image(&format!("cold/{number}:1")));
            }
        });
        group.bench_function("beside an import", |bencher| bencher.iter(verify));
        has_ended.store(true, Ordering::Relaxed);
    });
}

fn image(name: &str) -> Image<'static> {
    let read = |path: &str| std::fs::read(format!("{SUITE}/{path}")).expect("a fixture");
    let name = ImageName::parse(&format!("docker://registry.example/{name}")).expect("a name");
    Image::new(name, read("manifests/web.json"))
        .with_signature(read("signatures/algorithms/ed25519-good.gpg"))
}

/// Each scope has a key source of its own.
fn policy() -> Policy {
    let cold: Vec<String> = (0..SCOPES)
        .map(|number| {
            format!(
                r#""registry.example/cold/{number}": [{{"type": "signedBy", "keyType": "GPGKeys",
                "keyPath": "{}keys/rsa2048.gpg"}}]"#,
                // The same file by another path.
                "./".repeat(number)
            )
        })
        .collect();
    format!(
        r#"{{"default": [{{"type": "reject"}}], "transports": {{"docker": {{
        "registry.example/app": [{{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "keys/ed25519.gpg"}}],
        {}}}}}}}"#,
        cold.join(",")
    )
    .parse()
    .expect("a valid policy")
}

criterion_group!(benches, beside_import);
criterion_main!(benches);
