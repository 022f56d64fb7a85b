//! Judging any bytes as a signature: never a panic, and nothing is accepted but what the key of
//! the example has signed.
#![no_main]

use std::sync::LazyLock;

use containers_sigpolicy::{Image, ImageName, Policy, Verifier};
use libfuzzer_sys::fuzz_target;

const MANIFEST: &[u8] = include_bytes!("../../testdata/example/image/manifest.json");

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let policy =
        r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/releases.asc"}]}"#;
    let policy: Policy = policy.parse().expect("a valid policy");
    Verifier::builder(policy)
        .key_directory(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/example"))
        .build()
});

fuzz_target!(|bytes: &[u8]| {
    let name = "docker://registry.example/app/web:1.4.2";
    let name = ImageName::parse(name).expect("a valid name");
    let image = Image::new(name, MANIFEST).with_signature(bytes);
    if let Ok(accepted) = VERIFIER.verify(&image) {
        let signature = accepted
            .signatures()
            .next()
            .expect("a signature is required");
        assert_eq!(
            signature.signed_reference.as_deref(),
            Some("registry.example/app/web:1.4.2")
        );
    }
});
