//! What a log has promised, and about what.

use serde_json::{Value, json};

use super::super::log_entry::ProvenEntry;
use super::super::refusal::{LogEntryPart, SigstoreRefusal};
use super::made::{INDEX, Maker, PAYLOAD, TIME, base64, body, canonical, entry, promise};
use super::material::{P384, pem};
use crate::clock::Moment;
use crate::sigstore::attachment::annotation;
use crate::sigstore::trust::TrustedPublicKey;

fn logs() -> Vec<TrustedPublicKey> {
    vec![Maker::log().trusted("rekor.pub")]
}

fn verify(annotation: &str) -> Result<ProvenEntry, SigstoreRefusal> {
    ProvenEntry::verify(annotation, &logs())
}

/// The code of what is said of an annotation; nothing if it is accepted.
fn code(annotation: &str) -> Option<&'static str> {
    verify(annotation).err().map(|refusal| refusal.code())
}

/// The same of an entry with this body.
fn code_of(body: &str) -> Option<&'static str> {
    code(&entry(body))
}

const MALFORMED: Option<&str> = Some("log-entry-malformed");
const UNTRUSTED: Option<&str> = Some("log-entry-untrusted");
const UNSUPPORTED: Option<&str> = Some("log-entry-unsupported");

#[test]
fn a_good_entry_says_who_recorded_what_when() {
    let proven = verify(&entry(body().to_string())).unwrap();
    let signature = Maker::signer().sign(PAYLOAD);
    assert!(proven.records_key(&Maker::signer().spki()));
    assert!(!proven.records_key(&Maker::stranger().spki()));
    assert!(!proven.records_key(&[]));
    assert_eq!(proven.check(&signature, PAYLOAD), Ok(()));
    let entry = proven.into_log_entry();
    assert_eq!(entry.log, logs()[0].reference());
    assert_eq!(entry.index, INDEX);
    assert_eq!(Some(entry.integrated_time), Moment::from_signed_unix(TIME));
    assert_eq!(entry.to_string(), "logged 2024-06-01T00:00:00Z as entry 7");
}

#[test]
fn any_of_the_logs_may_have_signed_and_no_other() {
    let annotation = entry(body().to_string());
    let [old, new] = [
        Maker::stranger().trusted("old"),
        Maker::log().trusted("new"),
    ];
    let of_384 = TrustedPublicKey {
        key: P384.key(),
        origin: "p384".to_owned(),
    };
    let several = [old.clone(), of_384.clone(), new];
    let proven = ProvenEntry::verify(&annotation, &several).unwrap();
    assert_eq!(proven.into_log_entry().log.origin, "new");
    for logs in [vec![], vec![old.clone()], vec![old, of_384]] {
        let refusal = ProvenEntry::verify(&annotation, &logs).unwrap_err();
        let references = logs.iter().map(TrustedPublicKey::reference).collect();
        assert_eq!(
            refusal,
            SigstoreRefusal::LogEntryUntrusted {
                stated: "the log".to_owned(),
                logs: references
            }
        );
    }
}

#[test]
fn the_members_are_these_and_no_others() {
    let text = canonical(body().to_string());
    let good = promise(&text, &text);
    assert_eq!(code(&good), None);
    assert_eq!(code(&format!(" {good}\n")), None);
    for (from, to) in [
        ("\"SignedEntryTimestamp\"", "\"signedEntryTimestamp\""),
        ("\"Payload\"", "\"payload\""),
        ("{\"Signed", "{\"x\":1,\"Signed"),
        ("{\"Signed", "{\"Payload\":{},\"Signed"),
        ("{\"Signed", "{\"\\u0053ignedEntryTimestamp\":\"\",\"Signed"),
        ("\"logID\"", "\"logId\""),
        ("\"logID\"", "\"x\":1,\"logID\""),
        ("\"logIndex\":7", "\"logIndex\":7,\"logIndex\":7"),
        (",\"logIndex\":7", ""),
        ("\"logIndex\":7", "\"logIndex\":\"7\""),
        ("\"logIndex\":7", "\"logIndex\":null"),
        ("\"logIndex\":7", "\"logIndex\":7.5"),
        ("\"the log\"", "null"),
        ("\"the log\"", "5"),
        ("\"body\":\"", "\"body\":[1],\"b\":\""),
        (
            "\"SignedEntryTimestamp\":\"",
            "\"SignedEntryTimestamp\":\"*",
        ),
    ] {
        let wrong = good.replacen(from, to, 1);
        assert_ne!(wrong, good, "{from}");
        assert_eq!(code(&wrong), MALFORMED, "{to}");
    }
    for wrong in [
        "",
        "null",
        "[]",
        "{}",
        "\"\"",
        "{",
        &good[1..],
        &format!("{good}{good}"),
    ] {
        assert_eq!(code(wrong), MALFORMED, "{wrong}");
    }
    let null = promise(&text, "null");
    assert_eq!(code(&null), MALFORMED);
    let nothing_signed = good.split_once(':').map(|(before, _)| before).unwrap();
    let unsigned = format!("{nothing_signed}:\"\",\"Payload\":{text}}}");
    assert_eq!(code(&unsigned), UNTRUSTED);
}

#[test]
fn the_canonical_form_is_signed() {
    let text = canonical(body().to_string());
    let (before, after) = text.split_once(",\"logID\":").unwrap();
    let reordered = format!("{{ \"logID\" : {} , {} }}", &after[..9], &before[1..]);
    let reordered = reordered.replace(" }", ",\n\"logIndex\":7.0e0}");
    assert_eq!(code(&promise(&text, &reordered)), None, "{reordered}");
    assert_eq!(code(&promise(&reordered, &reordered)), UNTRUSTED);
    let with = |number: &str| text.replace(&TIME.to_string(), number);
    for written in ["1717200000.0", "1.7172e9", "17172E+5", "171720000000e-2"] {
        assert_eq!(code(&promise(&text, &with(written))), None, "{written}");
        let as_written = with(written);
        assert_eq!(
            code(&promise(&as_written, &as_written)),
            UNTRUSTED,
            "{written}"
        );
    }
    assert_eq!(code(&promise(&text, &with("1717200001"))), UNTRUSTED);
}

#[test]
fn numbers_are_doubles_that_become_integers() {
    let text = canonical(body().to_string());
    let with = |number: &str| text.replace("\"logIndex\":7", &format!("\"logIndex\":{number}"));
    for (written, canonical, value) in [
        ("0", "0", 0),
        ("-0", "0", 0),
        ("-0.0e7", "0", 0),
        ("1e-999", "0", 0),
        ("-7", "-7", -7),
        (
            "9007199254740993",
            "9007199254740992",
            9_007_199_254_740_992,
        ),
        (
            "123456789012345678",
            "123456789012345680",
            123_456_789_012_345_680,
        ),
        (
            "9223372036854774784",
            "9223372036854775000",
            9_223_372_036_854_775_000,
        ),
        (
            "-9223372036854774784",
            "-9223372036854775000",
            -9_223_372_036_854_775_000,
        ),
        ("1e18", "1000000000000000000", 1_000_000_000_000_000_000),
    ] {
        let proven = verify(&promise(&with(canonical), &with(written))).unwrap();
        assert_eq!(proven.into_log_entry().index, value, "{written}");
    }
    for (written, canonical) in [
        ("9223372036854775807", "9223372036854776000"),
        ("-9223372036854775808", "-9223372036854776000"),
        ("1e19", "10000000000000000000"),
        ("1e21", "1e+21"),
        ("1e999", "1e+999"),
        ("0.5", "0.5"),
        ("1e-7", "1e-7"),
    ] {
        let annotation = promise(&with(canonical), &with(written));
        assert_eq!(code(&annotation), MALFORMED, "{written}");
    }
}

#[test]
fn texts_have_the_fewest_escapes() {
    let text = canonical(body().to_string());
    let with = |log_id: &str| text.replace("\"the log\"", log_id);
    for (written, canonical) in [
        (r#""a""#, r#""a""#),
        (r#""\u0061\/""#, r#""a/""#),
        (r#""\"\\""#, r#""\"\\""#),
        (r#""\u0022\u005c""#, r#""\"\\""#),
        (r#""\b\t\n\f\r""#, r#""\b\t\n\f\r""#),
        (r#""\u0008\u0009\u000A\u000c\u000D""#, r#""\b\t\n\f\r""#),
        (r#""\u0000\u001F\u000b""#, r#""\u0000\u001f\u000b""#),
        (
            "\"\\u007f\\u0080\\u2028 <>&\"",
            "\"\u{7f}\u{80}\u{2028} <>&\"",
        ),
        (
            "\"\\u00e4\\ud83d\\ude00\\ufffd\"",
            "\"\u{e4}\u{1f600}\u{fffd}\"",
        ),
        ("\"\u{e4}\"", "\"\u{e4}\""),
    ] {
        let annotation = promise(&with(canonical), &with(written));
        assert_eq!(code(&annotation), None, "{written}");
    }
    for lone in [
        r"\ud800",
        r"\udc00",
        r"\ud800\ud800",
        r"\udc00\ud800",
        r"\ud800x",
    ] {
        let written = with(&format!("\"{lone}\""));
        for signed in [&written, &with("\"\u{fffd}\"")] {
            assert_eq!(code(&promise(signed, &written)), MALFORMED, "{lone}");
        }
    }
}

#[test]
fn what_is_signed_is_what_counts() {
    let good = canonical(body().to_string());
    for (from, to) in [
        ("\"logIndex\":7", "\"logIndex\":8"),
        ("\"the log\"", "\"a log\""),
        (&base64(body().to_string())[..8], "AAAAAAAA"),
    ] {
        let changed = good.replace(from, to);
        assert_ne!(changed, good);
        assert_eq!(code(&promise(&good, &changed)), UNTRUSTED, "{to}");
    }
    let halves = {
        let text = promise(&good, &good);
        let signature = Maker::stranger().sign(good.as_bytes());
        let of_log = base64(Maker::log().sign(good.as_bytes()));
        text.replace(&of_log, &base64(signature))
    };
    assert_eq!(code(&halves), UNTRUSTED);
}

/// A body with another value at this path.
fn with(path: &str, value: Value) -> String {
    let mut body = body();
    *body.pointer_mut(path).unwrap() = value;
    body.to_string()
}

/// A body without the member at this path.
fn without(path: &str) -> String {
    let mut body = body();
    let (parent, name) = path.rsplit_once('/').unwrap();
    let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    assert!(object.remove(name).is_some());
    body.to_string()
}

const MEMBERS: [&str; 10] = [
    "/kind",
    "/apiVersion",
    "/spec",
    "/spec/data",
    "/spec/data/hash",
    "/spec/data/hash/algorithm",
    "/spec/data/hash/value",
    "/spec/signature",
    "/spec/signature/publicKey",
    "/spec/signature/publicKey/content",
];

#[test]
fn each_member_of_the_body_is_needed() {
    for path in MEMBERS {
        assert_eq!(code_of(&without(path)), MALFORMED, "{path}");
        assert_eq!(code_of(&with(path, Value::Null)), MALFORMED, "{path}");
        assert_eq!(code_of(&with(path, json!([]))), MALFORMED, "{path}");
        assert_eq!(code_of(&with(path, json!(5))), MALFORMED, "{path}");
    }
    // Then it is that of no signature.
    let proven = verify(&entry(without("/spec/signature/content"))).unwrap();
    assert!(
        proven
            .check(&Maker::signer().sign(PAYLOAD), PAYLOAD)
            .is_err()
    );
    for wrong in [
        "",
        "null",
        "[]",
        "{}",
        "x",
        "\"\"",
        "{\"kind\":\"hashedrekord\"}",
    ] {
        assert_eq!(code_of(wrong), MALFORMED, "{wrong}");
    }
    let trailing = format!("{} {{}}", body());
    assert_eq!(code_of(&trailing), MALFORMED);
    assert_eq!(
        code_of(&with("/spec/signature/content", json!("*"))),
        MALFORMED
    );
    assert_eq!(
        code_of(&with("/spec/signature/content", json!([48]))),
        MALFORMED
    );
}

#[test]
fn kind_version_and_hash_are_those_that_are_known() {
    for (path, values) in [
        (
            "/kind",
            &["Hashedrekord", "", "rekord", "intoto", "hashedrekord "][..],
        ),
        ("/apiVersion", &["0.0.2", "", "0.0.1 ", "v0.0.1"]),
        (
            "/spec/data/hash/algorithm",
            &["SHA256", "", "sha512", "sha-256"],
        ),
    ] {
        for value in values {
            assert_eq!(
                code_of(&with(path, json!(value))),
                UNSUPPORTED,
                "{path} {value}"
            );
        }
    }
    let refusal = verify(&entry(with("/kind", json!("intoto")))).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the entry of the Rekor log is `intoto` `0.0.1`, which is not supported for such a signature"
    );
}

#[test]
fn the_hash_is_hexadecimal_in_either_case() {
    let path = "/spec/data/hash/value";
    let value = body().pointer(path).unwrap().as_str().unwrap().to_owned();
    let signature = Maker::signer().sign(PAYLOAD);
    for good in [value.to_uppercase(), value.clone()] {
        let proven = verify(&entry(with(path, json!(good)))).unwrap();
        assert_eq!(proven.check(&signature, PAYLOAD), Ok(()));
    }
    for wrong in [
        format!("0x{value}"),
        value[1..].to_owned(),
        format!("{value} "),
    ] {
        assert_eq!(code_of(&with(path, json!(wrong))), MALFORMED, "{wrong}");
    }
    for other in ["", &value[2..], &format!("{value}00"), &"00".repeat(32)] {
        let proven = verify(&entry(with(path, json!(other)))).unwrap();
        assert!(proven.check(&signature, PAYLOAD).is_err(), "{other}");
    }
}

#[test]
fn the_body_is_read_as_by_go() {
    let body = body().to_string();
    let signature = Maker::signer().sign(PAYLOAD);
    let good = |body: &str| {
        verify(&entry(body)).is_ok_and(|proven| {
            proven.records_key(&Maker::signer().spki()) && proven.check(&signature, PAYLOAD).is_ok()
        })
    };
    assert!(good(&body));
    // Letter case, the long s and the Kelvin sign.
    for name in [
        "kind",
        "apiVersion",
        "spec",
        "data",
        "hash",
        "algorithm",
        "value",
        "signature",
        "content",
        "publicKey",
    ] {
        let from = format!("\"{name}\":");
        let mut others = vec![name.to_uppercase(), name.to_lowercase()];
        others.push(
            name.replacen('s', "\u{17f}", 1)
                .replacen('k', "\u{212a}", 1),
        );
        for other in others {
            assert!(
                good(&body.replace(&from, &format!("\"{other}\":"))),
                "{other}"
            );
        }
    }
    let instead = |from: &str, to: &str| {
        assert!(body.contains(from), "{from}");
        body.replace(from, to)
    };
    let spec = &body[body.find("\"spec\":").unwrap()..body.len() - 1];
    let data = &body[body.find("\"data\":").unwrap()..body.find(",\"signature\":").unwrap()];
    for (from, to) in [
        ("\"kind\":", "\"x\":{\"kind\":[]},\"kind\":"),
        ("\"kind\":", "\"kind\":\"rekord\",\"KIND\":null,\"kind\":"),
        (
            "\"kind\":\"hashedrekord\"",
            "\"kind\":\"hashedrekord\",\"kind\":null",
        ),
        (
            "\"apiVersion\":",
            "\"apiVersion\":\"1\",\"apiVersion\":null,\"apiVersion\":",
        ),
        ("\"spec\":", "\"spec\":5,\"spec\":"),
        ("\"data\":", "\"datum\":null,\"datum\":{},\"data\":"),
    ] {
        let read = instead(from, to);
        assert!(good(&read), "{to}");
    }
    for (from, to) in [
        (spec, &format!("{spec},\"spec\":{{}}")[..]),
        (spec, &format!("{spec},\"spec\":null")),
        (data, &format!("{data},\"data\":null")),
        // Within `spec`, what is there twice may mean two things.
        (data, &format!("{data},{data}")),
        (data, &format!("{data},\"Data\":{{}}")),
        ("\"data\":", "\"data\":null,\"data\":"),
        (
            "\"algorithm\":\"sha256\"",
            "\"algorithm\":\"sha256\"},\"hash\":{\"algorithm\":\"sha256\"",
        ),
        (
            "\"publicKey\":",
            "\"publicKey\":{\"content\":\"\"},\"publicKey\":",
        ),
        (
            "\"content\":",
            "\"content\":\"AAAA\",\"CONTENT\":null,\"content\":",
        ),
        (
            "\"algorithm\":\"sha256\"",
            "\"Algorithm\":\"sha256\",\"algorithm\":\"sha256\"",
        ),
        (data, &format!("{data},\"data\":{{\"hash\":null}}")),
        (
            data,
            &format!("{data},\"data\":{{\"hash\":{{\"value\":\"00\"}}}}"),
        ),
        ("\"kind\":", "\"kind\":5,\"kind\":"),
        ("\"data\":", "\"data\":5,\"data\":"),
        ("\"algorithm\":", "\"algorithm\":5,\"algorithm\":"),
        (
            "\"apiVersion\":\"0.0.1\"",
            "\"apiVersion\":\"0.0.1\",\"apiVersion\":null",
        ),
    ] {
        assert!(!good(&instead(from, to)), "{to}");
    }
    // Of `spec` the last counts, and nothing of those before it.
    let in_parts = spec.replace(",\"signature\":", "},\"spec\":{\"signature\":");
    assert_eq!(code_of(&instead(spec, &in_parts)), MALFORMED);
}

#[test]
fn the_key_is_one_block_with_nothing_behind_it() {
    let key = Maker::signer().pem();
    let path = "/spec/signature/publicKey/content";
    let records = |pem: &str| {
        let proven = verify(&entry(with(path, json!(base64(pem)))));
        proven.map(|proven| proven.records_key(&Maker::signer().spki()))
    };
    let data = base64(Maker::signer().spki());
    for good in [
        key.clone(),
        key.trim_end().to_owned(),
        format!("before\n{key}"),
        key.replace("PUBLIC KEY", "ANYTHING"),
        key.replace("KEY-----\nM", "KEY-----\na: b\n\nM"),
    ] {
        assert_eq!(records(&good), Ok(true), "{good}");
    }
    for wrong in [
        format!("{key}\n"),
        format!("{key}{key}"),
        data,
        String::new(),
    ] {
        assert_eq!(
            records(&wrong).unwrap_err().code(),
            "log-entry-malformed",
            "{wrong}"
        );
    }
    let more = [&Maker::signer().spki()[..], &[0]].concat();
    for other in [more, vec![], Maker::stranger().spki()] {
        assert_eq!(records(&pem("PUBLIC KEY", &base64(other))), Ok(false));
    }
}

#[test]
fn refusals_keep_little_of_what_a_stranger_wrote() {
    let long = "\u{e4}".repeat(100_000);
    let text = canonical(body().to_string()).replace("the log", &long);
    let refusals = [
        ProvenEntry::verify(&promise(&text, &text), &[]).unwrap_err(),
        verify(&entry(with("/kind", json!(long)))).unwrap_err(),
        verify(&entry(with("/spec/data/hash/value", json!(long)))).unwrap_err(),
        verify(&entry(with(
            "/spec/data/hash/value",
            json!("00".repeat(100_000)),
        )))
        .unwrap()
        .check(&Maker::signer().sign(PAYLOAD), PAYLOAD)
        .unwrap_err(),
        verify(&format!("{{\"{long}\":0}}")).unwrap_err(),
        verify(&format!("{{\"{long}\":0,\"{long}\":0}}")).unwrap_err(),
    ];
    for refusal in refusals {
        let json = serde_json::to_string(&refusal).unwrap();
        assert!(json.len() < 1_500, "{json}");
    }
}

#[test]
fn an_entry_is_of_one_signature_over_one_payload() {
    let proven = verify(&entry(body().to_string())).unwrap();
    let signature = Maker::signer().sign(PAYLOAD);
    let part = |signature: &[u8], payload: &[u8]| match proven.check(signature, payload) {
        Err(SigstoreRefusal::LogEntryMismatch { part, .. }) => Some(part),
        Err(other) => panic!("{other}"),
        Ok(()) => None,
    };
    assert_eq!(part(&signature, PAYLOAD), None);
    assert_eq!(
        part(&signature[1..], PAYLOAD),
        Some(LogEntryPart::Signature)
    );
    assert_eq!(part(&[], PAYLOAD), Some(LogEntryPart::Signature));
    assert_eq!(part(&signature, b"payloae"), Some(LogEntryPart::Payload));
    assert_eq!(part(&signature, b""), Some(LogEntryPart::Payload));
}

#[test]
fn times_may_be_any_that_the_system_tells() {
    let text = canonical(body().to_string());
    for time in ["0", "-1", "-62135596800", "253402300800"] {
        let other = text.replace(&TIME.to_string(), time);
        let proven = verify(&promise(&other, &other)).unwrap();
        let expected = Moment::from_signed_unix(time.parse().unwrap());
        assert_eq!(Some(proven.into_log_entry().integrated_time), expected);
    }
    assert_eq!(annotation::LOG_ENTRY, "dev.sigstore.cosign/bundle");
}
