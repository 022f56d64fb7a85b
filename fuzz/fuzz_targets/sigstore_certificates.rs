//! Any octets as certificates: a root, a signer's, and the chain between. Never a panic, and who is accepted has the name that the
//! policy wants.
//!
//! An input is three certificates in DER with a divider between them. `fuzz/seeds.py` makes such inputs of the conformance suite.
#![no_main]

mod sigstore;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

use self::sigstore::{Attachment, CERTIFIED, image, parts, pem, signer_of, verifier};

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let [root, leaf, chain @ ..] = parts.as_slice() else {
        return;
    };
    let mut attachment = Attachment::of(CERTIFIED);
    let mut annotate = |name: &str, text: String| {
        let name = format!("dev.sigstore.cosign/{name}");
        attachment.annotations.insert(name, text);
    };
    annotate("certificate", pem(leaf));
    // The last one is left out, because it should be the root.
    annotate(
        "chain",
        chain.iter().chain([root]).map(|der| pem(der)).collect(),
    );
    let roots = STANDARD.encode(pem(root));
    let pki = json!({"caRootsData": roots, "subjectEmail": "build@example.org"});
    let verifier = verifier(json!({"type": "sigstoreSigned", "pki": pki}));
    if let Some(signer) = signer_of(&verifier, &image(&attachment.stored())) {
        let signer = serde_json::to_string(&signer).expect("JSON");
        assert!(signer.contains("build@example.org"), "{signer}");
    }
});
