//! Evaluations of `sigstoreSigned`, beside the bare operations that are in them, all on P-256.

use std::path::PathBuf;

use containers_sigpolicy::{Clock, Image, ImageName, Policy, Verifier};
use sequoia_openpgp::cert::CipherSuite;

use super::keys::Signed;
use super::raw::{Sample, rustcrypto};
use super::times::{in_turns, microseconds, ratio};
use super::warm;

/// How many of each are one measurement.
const MANY: u32 = 4;

/// What is demanded, in a policy; a signature of the suite that satisfies it; and how many verifications that takes.
const DEMANDS: [(&str, &str, &str, u32); 3] = [
    (
        "key",
        r#"{"type":"sigstoreSigned","keyPath":"keys/sigstore/signer.pub"}"#,
        "sigstore-log/good-logged.sig",
        1,
    ),
    (
        "key, log",
        r#"{"type":"sigstoreSigned","keyPath":"keys/sigstore/signer.pub","rekorPublicKeyPath":"keys/sigstore/log.pub"}"#,
        "sigstore-log/good-logged.sig",
        2,
    ),
    // The log's entry, the root's signature over the signer's certificate, and the signer's.
    (
        "Fulcio",
        r#"{"type":"sigstoreSigned","rekorPublicKeyPath":"keys/sigstore/log.pub","fulcio":{"caPath":"keys/sigstore/root.pem","oidcIssuer":"https://issuer.example","subjectEmail":"build@example.org"}}"#,
        "sigstore-paths/direct-fulcio.sig",
        3,
    ),
];

/// One evaluation of each demand, with what is trusted already read.
pub fn beside_bare() {
    let suite = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/conformance"));
    let read = |path: &str| std::fs::read(suite.join(path)).expect("a file of the suite");
    let manifest = read("manifests/web.json");
    let name = ImageName::parse("docker://registry.example/app/web:1.4.2").expect("a name");
    let now = "2026-01-15T12:00:00Z".parse().expect("a time");
    let mut bare = rustcrypto::bare(Sample::by(&Signed::by(CipherSuite::P256)));
    for (demand, requirement, signature, operations) in DEMANDS {
        let policy: Policy = format!(r#"{{"default":[{requirement}]}}"#)
            .parse()
            .expect("a policy");
        let verifier = Verifier::builder(policy)
            .clock(Clock::Fixed(now))
            .key_directory(&suite)
            .build();
        let signature = read(&format!("signatures/{signature}"));
        let image = Image::new(name.clone(), manifest.as_slice()).with_signature(signature);
        let [bare, evaluation] = in_turns(
            201,
            [
                &mut || (0..MANY * operations).for_each(|_| bare()),
                &mut || (0..MANY).for_each(|_| warm(&verifier, &image)),
            ],
        );
        let (bare, evaluation) = (bare / MANY, evaluation / MANY);
        println!(
            "  evaluation ÷ {operations} bare operations on P-256: {demand:<10} {:>6} µs ÷ {:>6} µs = {:.2}",
            microseconds(evaluation),
            microseconds(bare),
            ratio(evaluation, bare),
        );
    }
}
