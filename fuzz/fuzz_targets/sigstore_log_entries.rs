//! Any text as the entry of a log that belongs to a signature: never a panic, and what is accepted says what the log said.
#![no_main]

mod sigstore;

use std::sync::LazyLock;

use containers_sigpolicy::Verifier;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

use self::sigstore::{Attachment, LOGGED, image, log, signer, verifier};

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    verifier(json!({"type": "sigstoreSigned", "keyData": signer(), "rekorPublicKeyData": log()}))
});

fuzz_target!(|text: &str| {
    let mut attachment = Attachment::of(LOGGED);
    let name = "dev.sigstore.cosign/bundle".to_owned();
    attachment.annotations.insert(name, text.to_owned());
    if let Ok(accepted) = VERIFIER.verify(&image(&attachment.stored())) {
        let signature = accepted
            .signatures()
            .next()
            .expect("a signature is required");
        assert!(signature.log_entry.is_some());
    }
});
