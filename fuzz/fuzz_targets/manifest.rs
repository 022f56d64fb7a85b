//! The digest of any bytes as a manifest, and any bytes as the list beside an instance: never a panic, and an instance only
//! if its digest stands there. What reads as an index is a list beside an instance, too, and has an instance for each
//! platform that it names.
#![no_main]

use std::sync::LazyLock;

use containers_sigpolicy::{Digest, Image, ImageName, Index, Policy, Verifier, manifest_digest};
use libfuzzer_sys::fuzz_target;

const INSTANCE: &[u8] = b"{}";

/// Asks for a signature, of which there is none: the list is read before.
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let policy = r#"{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"missing"}]}"#;
    Verifier::new(policy.parse::<Policy>().expect("a valid policy"))
});

fuzz_target!(|bytes: &[u8]| {
    let _ = manifest_digest(bytes);
    let index = Index::parse(bytes).ok().flatten();
    for platform in index
        .iter()
        .flat_map(Index::instances)
        .filter_map(|instance| instance.platform())
    {
        assert!(
            index
                .as_ref()
                .is_some_and(|index| index.choose_for(platform).is_some())
        );
    }

    let name = ImageName::parse("docker://registry.example/app").expect("a valid name");
    let digest = Digest::of(INSTANCE);
    let image = Image::new(name, INSTANCE).with_instance(digest.clone(), bytes);
    let error = VERIFIER.verify(&image).expect_err("it is not signed");
    match error.code() {
        "list-invalid" => assert_eq!(index, None),
        "instance-not-in-list" => {}
        "no-signature" => {
            // However its characters are escaped, the last of them are there.
            let text = String::from_utf8_lossy(bytes);
            assert!(text.contains(digest.hex()) || text.contains("\\u"));
        }
        code => panic!("{code}"),
    }
});
