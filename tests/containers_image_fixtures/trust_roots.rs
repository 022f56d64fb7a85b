//! What requirements trust, without any signature.

use serde_json::{Value, json};

use crate::case::{Asked, Case, Wanted};

pub const FULCIO: &str = "TestPRSigstoreSignedFulcioPrepareTrustRoot";
pub const PKI: &str = "TestPRSigstoreSignedPKIPrepareTrustRoot";
pub const ALL: &str = "TestPRSigstoreSignedPrepareTrustRoot";

const CONFLICT: Wanted = Wanted::NoPolicy("policy-conflicting-keys");
const MISSING: Wanted = Wanted::NoPolicy("policy-missing-key");
const EMPTY: Wanted = Wanted::NoPolicy("policy-empty-value");
const NOT_A_KEY: Wanted = Wanted::Rejected("key-invalid");
const NO_AUTHORITY: Wanted = Wanted::Rejected("certificate-authority-invalid");
const UNREADABLE: Wanted = Wanted::Undecided("key-unreadable");

pub fn cases() -> Vec<Case> {
    let [fulcio, pki, keys, logs] = [fulcio(), pki(), keys(), logs()];
    fulcio
        .into_iter()
        .chain(pki)
        .chain(keys)
        .chain(logs)
        .collect()
}

/// Cases of one test, each with a name, the requirement's members and what is wanted.
fn list<const N: usize>(
    test: &'static str,
    theme: &str,
    rows: [(&str, Value, Wanted); N],
) -> Vec<Case> {
    let rows = rows.into_iter().map(|(name, mut requirement, wanted)| {
        requirement["type"] = "sigstoreSigned".into();
        requirement["signedIdentity"] = json!({ "type": "matchRepoDigestOrExact" });
        Case {
            name: format!("trust-root::{theme}::{name}"),
            test,
            requirement,
            asked: Asked::Keys,
            wanted,
        }
    });
    rows.collect()
}

fn fulcio() -> Vec<Case> {
    let with = |mut fulcio: Value, issuer: bool, email: bool| {
        if issuer {
            fulcio["oidcIssuer"] = "https://example.com".into();
        }
        if email {
            fulcio["subjectEmail"] = "test@example.com".into();
        }
        json!({ "fulcio": fulcio, "rekorPublicKeyPath": "fixtures/rekor.pub" })
    };
    let path = || json!({ "caPath": "fixtures/fulcio_v1.crt.pem" });
    let data = "@data:fixtures/fulcio_v1.crt.pem";
    let both = json!({ "caPath": "fixtures/fulcio_v1.crt.pem", "caData": data });
    let rows = [
        ("path", with(path(), true, true), Wanted::Loaded(&[1, 1])),
        (
            "data",
            with(json!({ "caData": data }), true, true),
            Wanted::Loaded(&[1, 1]),
        ),
        ("no-authority", with(json!({}), true, true), MISSING),
        ("two-sources", with(both, true, true), CONFLICT),
        (
            "path-invalid",
            with(json!({ "caPath": "fixtures/image.signature" }), true, true),
            NO_AUTHORITY,
        ),
        (
            "path-missing",
            with(
                json!({ "caPath": "fixtures/this/does/not/exist" }),
                true,
                true,
            ),
            UNREADABLE,
        ),
        (
            "data-invalid",
            with(json!({ "caData": "@text:invalid" }), true, true),
            NO_AUTHORITY,
        ),
        ("no-issuer", with(path(), false, true), MISSING),
        ("no-email", with(path(), true, false), MISSING),
    ];
    list(FULCIO, "fulcio", rows)
}

fn pki() -> Vec<Case> {
    let subjects = |mut pki: Value| {
        pki["subjectEmail"] = "test@example.com".into();
        pki["subjectHostname"] = "myhost.example.com".into();
        json!({ "pki": pki })
    };
    let email = |mut pki: Value| {
        pki["subjectEmail"] = "test@example.com".into();
        json!({ "pki": pki })
    };
    let roots = "fixtures/pki_root_crts.pem";
    let between = "fixtures/pki_intermediate_crts.pem";
    let [roots_data, between_data] = [format!("@data:{roots}"), format!("@data:{between}")];
    let other = "fixtures/image.signature";
    let none = "fixtures/this/does/not/exist";
    let host =
        json!({ "pki": { "caRootsData": roots_data, "subjectHostname": "myhost.example.com" } });
    let rows = [
        (
            "path",
            subjects(json!({ "caRootsPath": roots })),
            Wanted::Loaded(&[1]),
        ),
        (
            "data",
            subjects(json!({ "caRootsData": roots_data })),
            Wanted::Loaded(&[1]),
        ),
        (
            "intermediates-path",
            subjects(json!({ "caRootsPath": roots, "caIntermediatesPath": between })),
            Wanted::Loaded(&[1, 1]),
        ),
        (
            "intermediates-data",
            subjects(json!({ "caRootsPath": roots, "caIntermediatesData": between_data })),
            Wanted::Loaded(&[1, 1]),
        ),
        (
            "email-alone",
            email(json!({ "caRootsData": roots_data })),
            Wanted::Loaded(&[1]),
        ),
        ("host-alone", host, Wanted::Loaded(&[1])),
        ("no-roots", subjects(json!({})), MISSING),
        (
            "two-sources",
            subjects(json!({ "caRootsPath": roots, "caRootsData": roots_data })),
            CONFLICT,
        ),
        (
            "intermediates-two-sources",
            subjects(json!({
                "caRootsPath": roots,
                "caIntermediatesPath": between,
                "caIntermediatesData": between_data,
            })),
            CONFLICT,
        ),
        (
            "path-invalid",
            email(json!({ "caRootsPath": other })),
            NO_AUTHORITY,
        ),
        (
            "intermediates-path-invalid",
            email(json!({ "caRootsPath": roots, "caIntermediatesPath": other })),
            NO_AUTHORITY,
        ),
        (
            "path-missing",
            email(json!({ "caRootsPath": none })),
            UNREADABLE,
        ),
        (
            "intermediates-path-missing",
            email(json!({ "caRootsPath": roots, "caIntermediatesPath": none })),
            UNREADABLE,
        ),
        (
            "data-invalid",
            email(json!({ "caRootsData": "@text:invalid" })),
            NO_AUTHORITY,
        ),
        (
            "intermediates-data-invalid",
            email(json!({ "caRootsData": roots_data, "caIntermediatesData": "@text:invalid" })),
            NO_AUTHORITY,
        ),
        (
            "no-subject",
            json!({ "pki": { "caRootsPath": roots, "caIntermediatesPath": between } }),
            Wanted::NoPolicy("policy-no-subject"),
        ),
        ("empty", json!({ "pki": {} }), MISSING),
    ];
    list(PKI, "pki", rows)
}

/// The keys of signers.
fn keys() -> Vec<Case> {
    let [one, two] = ["fixtures/cosign.pub", "fixtures/cosign2.pub"];
    let [one_data, two_data] = [format!("@data:{one}"), format!("@data:{two}")];
    let other = "fixtures/image.signature";
    let none = "fixtures/this/does/not/exist";
    let text = "@text:this is invalid";
    let rows = [
        ("path", json!({ "keyPath": one }), Wanted::Loaded(&[1])),
        (
            "paths",
            json!({ "keyPaths": [one, two] }),
            Wanted::Loaded(&[2]),
        ),
        ("data", json!({ "keyData": one_data }), Wanted::Loaded(&[1])),
        (
            "datas",
            json!({ "keyDatas": [one_data, two_data] }),
            Wanted::Loaded(&[2]),
        ),
        (
            "path-and-data",
            json!({ "keyPath": one, "keyData": one_data }),
            CONFLICT,
        ),
        ("path-invalid", json!({ "keyPath": other }), NOT_A_KEY),
        ("path-missing", json!({ "keyPath": none }), UNREADABLE),
        (
            "path-and-paths",
            json!({ "keyPath": one, "keyPaths": [one, two] }),
            CONFLICT,
        ),
        ("paths-empty", json!({ "keyPaths": [] }), EMPTY),
        (
            "paths-first-invalid",
            json!({ "keyPaths": [other, two] }),
            NOT_A_KEY,
        ),
        (
            "paths-last-invalid",
            json!({ "keyPaths": [two, other] }),
            NOT_A_KEY,
        ),
        (
            "paths-first-missing",
            json!({ "keyPaths": [none, two] }),
            UNREADABLE,
        ),
        (
            "paths-last-missing",
            json!({ "keyPaths": [two, none] }),
            UNREADABLE,
        ),
        ("data-invalid", json!({ "keyData": text }), NOT_A_KEY),
        (
            "data-and-datas",
            json!({ "keyData": one_data, "keyDatas": [one_data, two_data] }),
            CONFLICT,
        ),
        ("datas-empty", json!({ "keyDatas": [] }), EMPTY),
        (
            "datas-first-invalid",
            json!({ "keyDatas": [text, two_data] }),
            NOT_A_KEY,
        ),
        (
            "datas-last-invalid",
            json!({ "keyDatas": [one_data, text] }),
            NOT_A_KEY,
        ),
    ];
    list(ALL, "keys", rows)
}

/// The keys of logs.
fn logs() -> Vec<Case> {
    let [key, log] = ["fixtures/cosign.pub", "fixtures/rekor.pub"];
    let [key_data, log_data] = [format!("@data:{key}"), format!("@data:{log}")];
    let other = "fixtures/image.signature";
    let text = "@text:this is invalid";
    let with = |mut logs: Value| {
        logs["keyData"] = key_data.clone().into();
        logs
    };
    let mut cases = Vec::new();
    let signers = [
        ("data", json!({ "keyData": key_data })),
        (
            "paths",
            json!({ "keyPaths": [key, "fixtures/cosign2.pub"] }),
        ),
        (
            "datas",
            json!({ "keyDatas": [key_data, "@data:fixtures/cosign2.pub"] }),
        ),
    ];
    for (name, signer) in signers {
        let with = |member: &str, value: Value| {
            let mut requirement = signer.clone();
            requirement[member] = value;
            requirement
        };
        let [one, two]: [&'static [usize]; 2] = match name {
            "data" => [&[1, 1], &[1, 2]],
            _ => [&[2, 1], &[2, 2]],
        };
        let [one, two] = [one, two].map(Wanted::Loaded);
        let rows = [
            ("path", with("rekorPublicKeyPath", json!(log)), one),
            ("paths", with("rekorPublicKeyPaths", json!([log, key])), two),
            ("data", with("rekorPublicKeyData", json!(log_data)), one),
            (
                "datas",
                with("rekorPublicKeyDatas", json!([log_data, key_data])),
                two,
            ),
        ];
        cases.extend(list(ALL, &format!("logs-of-{name}"), rows));
    }
    let fulcio = json!({
        "fulcio": {
            "caPath": "fixtures/fulcio_v1.crt.pem",
            "oidcIssuer": "https://github.com/login/oauth",
            "subjectEmail": "mitr@redhat.com",
        },
        "rekorPublicKeyData": log_data,
    });
    let pki = json!({ "pki": {
        "caRootsPath": "fixtures/pki_root_crts.pem",
        "caIntermediatesPath": "fixtures/pki_intermediate_crts.pem",
        "subjectEmail": "qiwan@redhat.com",
        "subjectHostname": "myhost.example.com",
    } });
    let rows = [
        ("fulcio", fulcio, Wanted::Loaded(&[1, 1])),
        ("pki", pki, Wanted::Loaded(&[1, 1])),
        (
            "fulcio-empty",
            json!({ "fulcio": {}, "rekorPublicKeyData": key_data }),
            MISSING,
        ),
        (
            "path-and-data",
            with(json!({ "rekorPublicKeyPath": log, "rekorPublicKeyData": log_data })),
            CONFLICT,
        ),
        (
            "path-invalid",
            with(json!({ "rekorPublicKeyPath": other })),
            NOT_A_KEY,
        ),
        (
            "path-and-paths",
            with(json!({ "rekorPublicKeyPath": log, "rekorPublicKeyPaths": [log, key] })),
            CONFLICT,
        ),
        (
            "paths-empty",
            with(json!({ "rekorPublicKeyPaths": [] })),
            EMPTY,
        ),
        (
            "paths-first-invalid",
            with(json!({ "rekorPublicKeyPaths": [other, log] })),
            NOT_A_KEY,
        ),
        (
            "paths-last-invalid",
            with(json!({ "rekorPublicKeyPaths": [log, other] })),
            NOT_A_KEY,
        ),
        (
            "data-invalid",
            with(json!({ "rekorPublicKeyData": text })),
            NOT_A_KEY,
        ),
        (
            "data-and-datas",
            with(
                json!({ "rekorPublicKeyData": log_data, "rekorPublicKeyDatas": [log_data, key_data] }),
            ),
            CONFLICT,
        ),
        (
            "datas-empty",
            with(json!({ "rekorPublicKeyDatas": [] })),
            EMPTY,
        ),
        (
            "datas-first-invalid",
            with(json!({ "rekorPublicKeyDatas": [text, log_data] })),
            NOT_A_KEY,
        ),
        (
            "datas-last-invalid",
            with(json!({ "rekorPublicKeyDatas": [log_data, text] })),
            NOT_A_KEY,
        ),
        (
            "rsa",
            with(json!({ "rekorPublicKeyPath": "fixtures/some-rsa-key.pub" })),
            NOT_A_KEY,
        ),
    ];
    cases.extend(list(ALL, "logs", rows));
    cases
}
