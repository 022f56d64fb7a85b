//! Any bytes as a key of a `sigstoreSigned` requirement, as the key of its log, and as its authority: never a panic, and only the
//! keys are accepted that made the signature and the entry.
#![no_main]

mod sigstore;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

use self::sigstore::{LOGGED, image, log, signer, signer_of, verifier};
use containers_sigpolicy::verdict::Signer;

/// Who signed, as the right key says it.
static RIGHT: LazyLock<Signer> = LazyLock::new(|| {
    let right = json!({"type": "sigstoreSigned", "keyData": signer(), "rekorPublicKeyData": log()});
    signer_of(&verifier(right), &image(LOGGED)).expect("a good signature")
});

fuzz_target!(|bytes: &[u8]| {
    let data = STANDARD.encode(bytes);
    let image = image(LOGGED);
    let as_key = json!({"type": "sigstoreSigned", "keyData": data});
    if let Some(signer) = signer_of(&verifier(as_key), &image) {
        assert_eq!(signer, *RIGHT);
    }
    if !bytes.is_empty() {
        let as_log =
            json!({"type": "sigstoreSigned", "keyData": signer(), "rekorPublicKeyData": data});
        if let Some(signer) = signer_of(&verifier(as_log), &image) {
            assert_eq!(signer, *RIGHT);
        }
    }
    let pki = json!({"caRootsData": data, "subjectEmail": "build@example.org"});
    let _ = verifier(json!({"type": "sigstoreSigned", "pki": pki})).load_keys();
});
