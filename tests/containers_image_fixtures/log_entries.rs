//! What a log says of a signature, changed as containers/image does it, of a signature by a key and of one by a certificate.

use serde_json::{Value, json};

use crate::case::{Asked, Case, Stored, Wanted};
use crate::certificates::{PROVEN, loose};
use crate::keys::{FULCIO_REKOR, KEY_REKOR, any_tag, image, of_fulcio};
use crate::log::{By, Edit, LogChange};
use crate::material::{Change, SIGNATURE};

pub const SET: &str = "TestVerifyRekorSET";
pub const ANNOTATION: &str = "TestUntrustedRekorSETUnmarshalJSON";
pub const PAYLOAD: &str = "TestUntrustedRekorPayloadUnmarshalJSON";

const MALFORMED: Wanted = Wanted::Rejected("log-entry-malformed");
const MISMATCH: Wanted = Wanted::Rejected("log-entry-mismatch");
const UNSUPPORTED: Wanted = Wanted::Rejected("log-entry-unsupported");
const UNTRUSTED: Wanted = Wanted::Rejected("log-entry-untrusted");

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (by, with, stored) in signers() {
        let case = |name: String, test, log: &str, change: Change, wanted| Case {
            name: format!("log-entry::{by}::{name}"),
            test,
            requirement: with(log),
            asked: Asked::Image(stored.clone().with(change)),
            wanted,
        };
        let rekor = "@data:fixtures/rekor.pub";
        for (name, test, change, wanted) in annotations() {
            cases.push(case(
                name.to_owned(),
                test,
                rekor,
                Change::Log(change),
                wanted,
            ));
        }
        for (name, test, change, wanted) in signed() {
            cases.push(case(
                name.to_owned(),
                test,
                "@log",
                Change::Log(change),
                wanted,
            ));
        }
        for (name, edit, wanted) in entries() {
            let change = Change::Log(LogChange::Entry(edit, By::Test));
            cases.push(case(name.to_owned(), PAYLOAD, "@log", change, wanted));
        }
        for (name, edit, wanted) in bodies() {
            let change = Change::Log(LogChange::Body(edit.clone(), By::Test));
            cases.push(case(format!("body-{name}"), SET, "@log", change, wanted));
            // The log has not signed the change.
            let change = Change::Log(LogChange::Body(edit, By::Before));
            cases.push(case(
                format!("body-{name}-not-signed"),
                SET,
                rekor,
                change,
                UNTRUSTED,
            ));
        }
        let shortened = Change::Shortened(SIGNATURE);
        let wanted = Wanted::Rejected("bad-signature");
        cases.push(case(
            "signature-is-no-base64".to_owned(),
            SET,
            rekor,
            shortened,
            wanted,
        ));
    }
    cases.extend(logs());
    cases
}

type Signer = (&'static str, fn(&str) -> Value, Stored);

/// Signatures that logs have recorded, and the requirement that they satisfy.
fn signers() -> [Signer; 2] {
    let key = |log: &str| {
        any_tag(json!({ "keyPath": "fixtures/cosign2.pub", "rekorPublicKeyData": log }))
    };
    let certificate = |log: &str| {
        any_tag(json!({ "fulcio": of_fulcio("mitr@redhat.com"), "rekorPublicKeyData": log }))
    };
    [
        ("key", key, image(KEY_REKOR)),
        ("fulcio", certificate, image(FULCIO_REKOR)),
    ]
}

/// Of which several logs are trusted.
fn logs() -> Vec<Case> {
    let rekor = "@data:fixtures/rekor.pub";
    let rows = [
        ("one-log", json!([rekor]), PROVEN),
        ("first-log", json!([rekor, "@log"]), PROVEN),
        ("last-log", json!(["@log", rekor]), PROVEN),
        ("other-log", json!(["@log"]), UNTRUSTED),
        (
            "two-other-logs",
            json!(["@log", "@data:fixtures/cosign.pub"]),
            UNTRUSTED,
        ),
    ];
    let rows = rows.into_iter().map(|(name, logs, wanted)| Case {
        name: format!("log-entry::{name}"),
        test: SET,
        requirement: any_tag(
            json!({ "fulcio": of_fulcio("mitr@redhat.com"), "rekorPublicKeyDatas": logs }),
        ),
        asked: Asked::Image(loose()),
        wanted,
    });
    rows.collect()
}

/// Changes to the annotation, which nobody signs.
fn annotations() -> Vec<(&'static str, &'static str, LogChange, Wanted)> {
    let change = |edit| LogChange::Annotation(edit);
    let set = |name, value: Value| change(Edit::Set("", name, value));
    let delete = |name| change(Edit::Delete("", name));
    let text = LogChange::Text;
    let entry = |name, value: Value| change(Edit::Set("/Payload", name, value));
    vec![
        ("no-json", ANNOTATION, text("&"), MALFORMED),
        ("no-object", ANNOTATION, text("1"), MALFORMED),
        ("empty", SET, text(""), MALFORMED),
        ("text", SET, text("invalid signature"), MALFORMED),
        (
            "no-timestamp",
            ANNOTATION,
            delete("SignedEntryTimestamp"),
            MALFORMED,
        ),
        ("no-payload", ANNOTATION, delete("Payload"), MALFORMED),
        ("more", ANNOTATION, set("unexpected", json!(1)), MALFORMED),
        (
            "more-critical",
            ANNOTATION,
            set("critical", json!(1)),
            MALFORMED,
        ),
        (
            "more-optional",
            ANNOTATION,
            set("optional", json!(1)),
            MALFORMED,
        ),
        (
            "timestamp-number",
            ANNOTATION,
            set("SignedEntryTimestamp", json!(1)),
            MALFORMED,
        ),
        (
            "payload-number",
            ANNOTATION,
            set("Payload", json!(1)),
            MALFORMED,
        ),
        // Good changes, which the log has not signed.
        (
            "other-time-not-signed",
            SET,
            entry("integratedTime", json!(1)),
            UNTRUSTED,
        ),
        (
            "other-index-not-signed",
            SET,
            entry("logIndex", json!(2)),
            UNTRUSTED,
        ),
        (
            "other-log-id-not-signed",
            SET,
            entry("logID", json!("logID")),
            UNTRUSTED,
        ),
    ]
}

/// Changes to the entry as a whole, which the log signs.
fn signed() -> Vec<(&'static str, &'static str, LogChange, Wanted)> {
    vec![
        (
            "signed-as-it-is",
            SET,
            LogChange::Entry(Edit::Nothing, By::Test),
            Wanted::Accepted,
        ),
        ("payload-empty", SET, LogChange::EntryText("{}"), MALFORMED),
        (
            "payload-no-object",
            PAYLOAD,
            LogChange::EntryText("1"),
            MALFORMED,
        ),
        (
            "payload-no-json",
            PAYLOAD,
            LogChange::EntryText("&"),
            MALFORMED,
        ),
        (
            "payload-body-twice",
            SET,
            LogChange::Twice("body"),
            MALFORMED,
        ),
    ]
}

/// Changes to a member of the entry, which the log signs.
fn entries() -> Vec<(&'static str, Edit, Wanted)> {
    let delete = |name| Edit::Delete("", name);
    let set = |name, value: Value| Edit::Set("", name, value);
    vec![
        ("payload-without-body", delete("body"), MALFORMED),
        ("payload-without-time", delete("integratedTime"), MALFORMED),
        ("payload-without-index", delete("logIndex"), MALFORMED),
        ("payload-without-log-id", delete("logID"), MALFORMED),
        ("payload-with-more", set("unexpected", json!(1)), MALFORMED),
        ("payload-body-number", set("body", json!(1)), MALFORMED),
        (
            "payload-time-text",
            set("integratedTime", json!("hello")),
            MALFORMED,
        ),
        (
            "payload-index-text",
            set("logIndex", json!("hello")),
            MALFORMED,
        ),
        ("payload-log-id-number", set("logID", json!(1)), MALFORMED),
    ]
}

/// Changes to the entry's body.
fn bodies() -> Vec<(&'static str, Edit, Wanted)> {
    const SPEC: &str = "/spec";
    const DATA: &str = "/spec/data";
    const HASH: &str = "/spec/data/hash";
    const MADE: &str = "/spec/signature";
    const KEY: &str = "/spec/signature/publicKey";
    let delete = Edit::Delete;
    let set = |object, name, value: Value| Edit::Set(object, name, value);
    let other_hash = "a".repeat(64);
    vec![
        ("without-version", delete("", "apiVersion"), MALFORMED),
        ("without-kind", delete("", "kind"), MALFORMED),
        ("without-spec", delete("", "spec"), MALFORMED),
        (
            "version-null",
            set("", "apiVersion", Value::Null),
            MALFORMED,
        ),
        ("version-number", set("", "apiVersion", json!(1)), MALFORMED),
        (
            "version-object",
            set("", "apiVersion", json!({})),
            MALFORMED,
        ),
        (
            "version-unknown",
            set("", "apiVersion", json!("99.0.99")),
            UNSUPPORTED,
        ),
        ("kind-null", set("", "kind", Value::Null), MALFORMED),
        ("kind-number", set("", "kind", json!(1)), MALFORMED),
        (
            "kind-unknown",
            set("", "kind", json!("notHashedRekord")),
            UNSUPPORTED,
        ),
        ("spec-null", set("", "spec", Value::Null), MALFORMED),
        ("spec-number", set("", "spec", json!(1)), MALFORMED),
        ("without-data", delete(SPEC, "data"), MALFORMED),
        ("without-signature", delete(SPEC, "signature"), MALFORMED),
        ("data-null", set(SPEC, "data", Value::Null), MALFORMED),
        ("data-number", set(SPEC, "data", json!(1)), MALFORMED),
        ("without-hash", delete(DATA, "hash"), MALFORMED),
        ("hash-null", set(DATA, "hash", Value::Null), MALFORMED),
        ("hash-number", set(DATA, "hash", json!(1)), MALFORMED),
        ("without-algorithm", delete(HASH, "algorithm"), MALFORMED),
        ("without-value", delete(HASH, "value"), MALFORMED),
        (
            "algorithm-null",
            set(HASH, "algorithm", Value::Null),
            MALFORMED,
        ),
        (
            "algorithm-number",
            set(HASH, "algorithm", json!(1)),
            MALFORMED,
        ),
        ("value-null", set(HASH, "value", Value::Null), MALFORMED),
        ("value-number", set(HASH, "value", json!(1)), MALFORMED),
        (
            "value-odd",
            set(HASH, "value", json!("a".repeat(63))),
            MALFORMED,
        ),
        (
            "value-of-another-payload",
            set(HASH, "value", json!(other_hash)),
            MISMATCH,
        ),
        ("sha512", Edit::Sha512(HASH), UNSUPPORTED),
        (
            "signature-null",
            set(SPEC, "signature", Value::Null),
            MALFORMED,
        ),
        (
            "signature-number",
            set(SPEC, "signature", json!(1)),
            MALFORMED,
        ),
        ("without-content", delete(MADE, "content"), MISMATCH),
        ("without-key", delete(MADE, "publicKey"), MALFORMED),
        ("content-null", set(MADE, "content", Value::Null), MISMATCH),
        ("content-number", set(MADE, "content", json!(1)), MALFORMED),
        ("content-empty", set(MADE, "content", json!("")), MISMATCH),
        (
            "content-no-base64",
            set(MADE, "content", json!("+")),
            MALFORMED,
        ),
        // "does not match" in base64.
        (
            "content-of-another-signature",
            set(MADE, "content", json!("ZG9lcyBub3QgbWF0Y2g=")),
            MISMATCH,
        ),
        ("key-null", set(MADE, "publicKey", Value::Null), MALFORMED),
        ("key-number", set(MADE, "publicKey", json!(1)), MALFORMED),
        ("key-without-content", delete(KEY, "content"), MALFORMED),
        (
            "key-content-null",
            set(KEY, "content", Value::Null),
            MALFORMED,
        ),
        (
            "key-content-number",
            set(KEY, "content", json!(1)),
            MALFORMED,
        ),
        (
            "key-content-empty",
            set(KEY, "content", json!("")),
            MALFORMED,
        ),
        (
            "key-content-no-base64",
            set(KEY, "content", json!("+")),
            MALFORMED,
        ),
        // "not PEM" in base64.
        (
            "key-content-no-pem",
            set(KEY, "content", json!("bm90IFBFTQ==")),
            MALFORMED,
        ),
        (
            "key-content-twice",
            Edit::Doubled(KEY, "content"),
            MALFORMED,
        ),
        (
            "key-content-of-another",
            Edit::OtherKey(KEY, "content"),
            MISMATCH,
        ),
    ]
}
