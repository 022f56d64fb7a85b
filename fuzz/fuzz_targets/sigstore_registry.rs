//! Reading any bytes as a sigstore bundle, and as what a registry holds of one: never a panic, and nothing is verified but what
//! the signer of an asset has signed.
#![no_main]

use std::sync::LazyLock;

use containers_sigpolicy::sigstore::{BundleSigner, TrustRoot, registry, verify_bundle};
use containers_sigpolicy::{Clock, Digest};
use libfuzzer_sys::fuzz_target;

const ARTIFACT: &[u8] = include_bytes!("../../testdata/bundle-verify/certificate/artifact");
const ROOT: &[u8] = include_bytes!("../../testdata/bundle-verify/certificate/trusted_root.json");

static TRUST: LazyLock<TrustRoot> =
    LazyLock::new(|| TrustRoot::from_json(ROOT, "root.json").expect("a trusted root"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(verified) = verify_bundle(bytes, ARTIFACT, &TRUST, &Clock::System) {
        let BundleSigner::Certificate(signer) = &verified.signer else {
            panic!("no key is trusted: {verified:?}");
        };
        assert_eq!(
            signer.subject.uris,
            ["https://ci.example/build.yml@refs/heads/main"]
        );
        assert!(!verified.log_entries.is_empty());
    }
    let _ = TrustRoot::from_json(bytes, "bytes");
    let _ = registry::signature_layers(bytes);
    let _ = registry::bundle_manifests(bytes);
    let _ = registry::bundle_layer(bytes, &Digest::of(ARTIFACT));
});
