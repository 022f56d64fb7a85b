//! Signatures of images, judged one by one.

use serde_json::{Value, json};

use crate::case::{Asked, Case, Stored, Wanted};
use crate::material::{CERTIFICATE, CHAIN, Change, SET, Signature};

pub const ACCEPTED: &str = "TestPRrSigstoreSignedIsSignatureAccepted";

const REKOR: &str = "fixtures/rekor.pub";
const ONE: &str = "fixtures/cosign.pub";
const TWO: &str = "fixtures/cosign2.pub";

/// The image that the key `cosign.pub` has signed, and the name that is signed.
pub const KEY: [&str; 2] = [
    "fixtures/dir-img-cosign-valid",
    "192.168.64.2:5000/cosign-signed-single-sample",
];
/// The one that the key `cosign2.pub` has signed, which a log has recorded.
pub const KEY_REKOR: [&str; 2] = [
    "fixtures/dir-img-cosign-key-rekor-valid",
    "192.168.64.2:5000/cosign-signed/key-1",
];
/// The one of which Fulcio vouches for the signer.
pub const FULCIO_REKOR: [&str; 2] = [
    "fixtures/dir-img-cosign-fulcio-rekor-valid",
    "192.168.64.2:5000/cosign-signed/fulcio-rekor-1",
];
/// The one of which another authority does.
pub const PKI: [&str; 2] = ["fixtures/dir-img-cosign-pki-valid", "localhost:5000/test"];

pub fn cases() -> Vec<Case> {
    let [key, logged, fulcio, pki] = [key(), logged(), fulcio(), pki()];
    let parts = [sources(), key, images(), logged, fulcio, pki];
    parts.into_iter().flatten().collect()
}

/// A case of the test that this file follows.
fn case(name: &str, requirement: Value, image: Stored, wanted: Wanted) -> Case {
    Case {
        name: format!("signature::{name}"),
        test: ACCEPTED,
        requirement: any_tag(requirement),
        asked: Asked::Image(image),
        wanted,
    }
}

/// A requirement with these members, which compares repositories alone, as cosign signs them, unless it says otherwise.
pub fn any_tag(mut requirement: Value) -> Value {
    requirement["type"] = "sigstoreSigned".into();
    if requirement.get("signedIdentity").is_none() {
        requirement["signedIdentity"] = json!({ "type": "matchRepository" });
    }
    requirement
}

pub fn image([folder, reference]: [&'static str; 2]) -> Stored {
    Stored::new(folder, reference)
}

/// What a requirement with `fulcio` has in it.
pub fn of_fulcio(email: &str) -> Value {
    json!({
        "caPath": "fixtures/fulcio_v1.crt.pem",
        "oidcIssuer": "https://github.com/login/oauth",
        "subjectEmail": email,
    })
}

/// What a requirement with `pki` has in it.
pub fn of_pki() -> Value {
    json!({
        "caRootsPath": "fixtures/pki_root_crts.pem",
        "caIntermediatesPath": "fixtures/pki_intermediate_crts.pem",
        "subjectEmail": "qiwan@redhat.com",
        "subjectHostname": "myhost.example.com",
    })
}

/// More or fewer sources than one.
fn sources() -> Vec<Case> {
    let conflict = Wanted::NoPolicy("policy-conflicting-keys");
    let missing = Wanted::NoPolicy("policy-missing-key");
    let fulcio = || of_fulcio("mitr@redhat.com");
    let rows = [
        (
            "path-and-data",
            json!({ "keyPath": ONE, "keyData": "@data:fixtures/cosign.pub" }),
            conflict,
        ),
        ("none", json!({}), missing),
        (
            "key-and-fulcio",
            json!({ "keyPath": ONE, "fulcio": fulcio() }),
            conflict,
        ),
        (
            "fulcio-and-pki",
            json!({ "fulcio": fulcio(), "pki": of_pki() }),
            conflict,
        ),
        (
            "pki-and-rekor",
            json!({ "pki": of_pki(), "rekorPublicKeyPath": REKOR }),
            conflict,
        ),
        (
            "fulcio-without-rekor",
            json!({ "fulcio": fulcio() }),
            missing,
        ),
    ];
    let rows = rows.into_iter().map(|(name, requirement, wanted)| {
        case(&format!("sources::{name}"), requirement, image(KEY), wanted)
    });
    rows.collect()
}

/// By keys alone.
fn key() -> Vec<Case> {
    let [one_data, two_data] = [format!("@data:{ONE}"), format!("@data:{TWO}")];
    let accepted = [
        ("path", json!({ "keyPath": ONE })),
        ("paths", json!({ "keyPaths": [ONE, TWO] })),
        ("paths-last", json!({ "keyPaths": [TWO, ONE] })),
        ("data", json!({ "keyData": one_data })),
        ("datas", json!({ "keyDatas": [one_data, two_data] })),
        ("datas-last", json!({ "keyDatas": [two_data, one_data] })),
    ];
    let accepted = accepted.map(|(name, requirement)| {
        case(
            &format!("key::{name}"),
            requirement,
            image(KEY),
            Wanted::Accepted,
        )
    });
    let path = || json!({ "keyPath": ONE });
    let unknown = Signature::File("fixtures/unknown-cosign-key.signature");
    let other_name = json!({ "type": "exactReference", "dockerReference": "this/does-not:match" });
    let refused = [
        case(
            "key::no-signature-annotation",
            path(),
            image(KEY).with(Change::WithoutAnnotations),
            Wanted::Rejected("signature-incomplete"),
        ),
        case(
            "key::invalid-signature",
            path(),
            image(KEY).with(Change::Octets("invalid signature")),
            Wanted::Rejected("bad-signature"),
        ),
        case(
            "key::unknown-key",
            path(),
            image(KEY).with_signature(unknown),
            Wanted::Rejected("bad-signature"),
        ),
        case(
            "key::unknown-to-policy",
            json!({ "keyPath": TWO }),
            image(KEY),
            Wanted::Rejected("bad-signature"),
        ),
        case(
            "key::other-identity",
            json!({ "keyPath": ONE, "signedIdentity": other_name }),
            image(KEY),
            Wanted::Rejected("identity-mismatch"),
        ),
        case(
            "key::cosign-signs-no-tag",
            json!({ "keyPath": ONE, "signedIdentity": { "type": "matchExact" } }),
            image(KEY),
            Wanted::Rejected("identity-mismatch"),
        ),
    ];
    accepted.into_iter().chain(refused).collect()
}

/// Other manifests, and signed tags.
fn images() -> Vec<Case> {
    let [_, reference] = KEY;
    let of = |folder| Stored::new(folder, reference);
    let path = || json!({ "keyPath": ONE });
    let exact = || json!({ "keyPath": ONE, "signedIdentity": { "type": "matchExact" } });
    let tagged = "fixtures/dir-img-cosign-valid-with-tag";
    vec![
        case(
            "image::no-manifest",
            path(),
            of("fixtures/dir-img-cosign-no-manifest"),
            Wanted::Undecided("manifest-unreadable"),
        ),
        case(
            "image::manifest-digest-error",
            path(),
            of("fixtures/dir-img-cosign-manifest-digest-error"),
            Wanted::Rejected("manifest-invalid"),
        ),
        case(
            "image::modified-manifest",
            path(),
            of("fixtures/dir-img-cosign-modified-manifest"),
            Wanted::Rejected("digest-mismatch"),
        ),
        case(
            "image::tag",
            exact(),
            Stored::new(tagged, "192.168.64.2:5000/skopeo-signed:tag"),
            Wanted::Accepted,
        ),
        case(
            "image::other-tag",
            exact(),
            Stored::new(tagged, "192.168.64.2:5000/skopeo-signed:othertag"),
            Wanted::Rejected("identity-mismatch"),
        ),
    ]
}

/// By keys, with a log.
fn logged() -> Vec<Case> {
    let mut cases = Vec::new();
    let signers = [
        ("one", json!([TWO])),
        ("last", json!([TWO, ONE])),
        ("first", json!([ONE, TWO])),
    ];
    let logs = [
        ("one", json!([REKOR])),
        ("first", json!([REKOR, ONE])),
        ("last", json!([ONE, REKOR])),
    ];
    for (signer, keys) in &signers {
        for (log, log_keys) in &logs {
            let requirement = json!({ "keyPaths": keys, "rekorPublicKeyPaths": log_keys });
            let name = format!("key-rekor::{signer}-of-keys-{log}-of-logs");
            cases.push(case(&name, requirement, image(KEY_REKOR), Wanted::Accepted));
        }
        let requirement = json!({ "keyPaths": keys, "rekorPublicKeyPath": ONE });
        let wanted = Wanted::Rejected("log-entry-untrusted");
        let name = format!("key-rekor::{signer}-of-keys-other-log");
        cases.push(case(&name, requirement, image(KEY_REKOR), wanted));
    }
    let [logged, _] = KEY_REKOR;
    let path = || json!({ "keyPath": TWO, "rekorPublicKeyPath": REKOR });
    cases.extend([
        case(
            "key-rekor::no-entry",
            path(),
            image(KEY_REKOR).with(Change::Without(SET)),
            Wanted::Rejected("signature-incomplete"),
        ),
        case(
            "key-rekor::invalid-entry",
            path(),
            image(KEY_REKOR).with(Change::Annotation(SET, "this is not a valid SET")),
            Wanted::Rejected("log-entry-malformed"),
        ),
        case(
            "key-rekor::entry-of-another-trusted-key",
            json!({ "keyPaths": [ONE, TWO], "rekorPublicKeyPath": REKOR }),
            image(KEY).with(Change::AnnotationOf(SET, logged)),
            Wanted::Rejected("log-entry-mismatch"),
        ),
        case(
            "key-rekor::entry-of-untrusted-key",
            json!({ "keyPath": ONE, "rekorPublicKeyPath": REKOR }),
            image(KEY_REKOR),
            Wanted::Rejected("log-entry-mismatch"),
        ),
    ]);
    cases
}

/// By certificates of Fulcio.
fn fulcio() -> Vec<Case> {
    let with = |fulcio: Value| json!({ "fulcio": fulcio, "rekorPublicKeyPath": REKOR });
    let good = || with(of_fulcio("mitr@redhat.com"));
    let logs = [
        ("one", json!([REKOR])),
        ("first", json!([REKOR, ONE])),
        ("last", json!([ONE, REKOR])),
    ];
    let accepted = logs.map(|(name, logs)| {
        let fulcio = of_fulcio("mitr@redhat.com");
        let requirement = json!({ "fulcio": fulcio, "rekorPublicKeyPaths": logs });
        let name = format!("fulcio::{name}-of-logs");
        case(&name, requirement, image(FULCIO_REKOR), Wanted::Accepted)
    });
    let mut by_chain = of_fulcio("mitr@redhat.com");
    by_chain
        .as_object_mut()
        .map(|members| members.remove("caPath"));
    by_chain["caData"] = "@chain:fixtures/dir-img-cosign-fulcio-rekor-valid".into();
    let fulcio = of_fulcio("mitr@redhat.com");
    let other_log = json!({ "fulcio": fulcio, "rekorPublicKeyPath": ONE });
    let changed = |change| image(FULCIO_REKOR).with(change);
    let rows = [
        (
            "no-entry",
            good(),
            changed(Change::Without(SET)),
            Wanted::Rejected("signature-incomplete"),
        ),
        (
            "no-certificate",
            good(),
            changed(Change::Without(CERTIFICATE)),
            Wanted::Rejected("signature-incomplete"),
        ),
        (
            "no-chain",
            good(),
            changed(Change::Without(CHAIN)),
            Wanted::Rejected("certificate-untrusted"),
        ),
        (
            "no-chain-but-trusted-issuer",
            with(by_chain),
            changed(Change::Without(CHAIN)),
            Wanted::Accepted,
        ),
        (
            "invalid-certificate",
            good(),
            changed(Change::Annotation(
                CERTIFICATE,
                "this is not a valid certificate",
            )),
            Wanted::Rejected("certificate-malformed"),
        ),
        (
            "other-email",
            with(of_fulcio("this-does-not-match@example.com")),
            image(FULCIO_REKOR),
            Wanted::Rejected("signer-mismatch"),
        ),
        (
            "invalid-entry",
            good(),
            changed(Change::Annotation(SET, "this is not a valid SET")),
            Wanted::Rejected("log-entry-malformed"),
        ),
        (
            "other-log",
            other_log,
            image(FULCIO_REKOR),
            Wanted::Rejected("log-entry-untrusted"),
        ),
    ];
    let rows = rows.map(|(name, requirement, image, wanted)| {
        case(&format!("fulcio::{name}"), requirement, image, wanted)
    });
    accepted.into_iter().chain(rows).collect()
}

/// By certificates of other authorities.
fn pki() -> Vec<Case> {
    let mut roots_alone = of_pki();
    roots_alone
        .as_object_mut()
        .map(|members| members.remove("caIntermediatesPath"));
    let all = || json!({ "pki": of_pki() });
    let without = |name| image(PKI).with(Change::Without(name));
    vec![
        case("pki::good", all(), image(PKI), Wanted::Accepted),
        case(
            "pki::no-certificate",
            all(),
            without(CERTIFICATE),
            Wanted::Rejected("signature-incomplete"),
        ),
        case("pki::no-chain", all(), without(CHAIN), Wanted::Accepted),
        case(
            "pki::no-intermediate",
            json!({ "pki": roots_alone }),
            without(CHAIN),
            Wanted::Rejected("certificate-untrusted"),
        ),
    ]
}
