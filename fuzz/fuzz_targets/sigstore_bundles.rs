//! Any bytes as a bundle, judged by a key and by an authority: never a panic, and a bundle that does not name the image is not
//! accepted where nobody said that its digest is enough.
#![no_main]

mod sigstore;

use std::sync::LazyLock;

use containers_sigpolicy::Verifier;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

use self::sigstore::{log, root, signer, unsigned, verifier};

static VERIFIERS: LazyLock<[Verifier; 2]> = LazyLock::new(|| {
    let keys = json!({"type": "sigstoreSigned", "keyData": signer(), "rekorPublicKeyData": log()});
    let fulcio = json!({"caData": root(), "oidcIssuer": "https://issuer.example.org", "subjectEmail": "build@example.org"});
    let fulcio = json!({"type": "sigstoreSigned", "fulcio": fulcio, "rekorPublicKeyData": log()});
    [keys, fulcio].map(verifier)
});

fuzz_target!(|bytes: &[u8]| {
    let image = unsigned().with_bundle(bytes);
    for verifier in VERIFIERS.iter() {
        if let Ok(accepted) = verifier.verify(&image) {
            let signature = accepted
                .signatures()
                .next()
                .expect("a signature is required");
            assert!(signature.signed_reference.is_some(), "{signature:?}");
        }
    }
});
