use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;
use crate::engine::{EngineKind, KeyRevocation, SigningKey, TrustedKey};
use crate::testing::{self, ReportBuilder, signer};
use crate::verdict::{
    Exposed, KeyAlgorithm, KeyId, SigstoreKey, SkippedEngine, TrustedSigner, Writer,
};
use crate::{Fingerprint, ImageName, Moment, Policy, json_output};

/// Reads what is written of a value, which must be the same again.
fn again<T: Serialize + DeserializeOwned + Debug>(value: &T) -> T {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let value = serde_json::to_value(&read).unwrap();
    assert_eq!(
        serde_json::to_string(&T::deserialize(value).unwrap()).unwrap(),
        text
    );
    read
}

fn all_again<T: Serialize + DeserializeOwned + Debug + PartialEq>(values: Vec<T>) {
    assert!(!values.is_empty());
    for value in values {
        assert_eq!(again(&value), value);
    }
}

fn key() -> Fingerprint {
    "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap()
}

fn now() -> Moment {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn builder() -> ReportBuilder {
    ReportBuilder::new("docker://registry.example/app:1")
}

fn accepted() -> Report {
    builder().signed_by(signer(key(), "a.gpg")).build()
}

fn read(value: &Value) -> Result<Report, String> {
    serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())
}

#[test]
fn everything_that_a_report_can_say_is_read_back() {
    all_again(testing::reasons());
    all_again(testing::refusals());
    all_again(testing::warnings());
    all_again(testing::notes());
    all_again(testing::digest_causes());
    all_again(testing::mismatch_causes());
    all_again(testing::contents());
    all_again(testing::key_warnings());
    let skipped = testing::findings().into_iter().map(|cause| SkippedEngine {
        engine: EngineKind::Gpgme,
        cause,
    });
    all_again(skipped.collect());
    for by in [Writer::Everybody, Writer::Group(1), Writer::Owner(2)] {
        again(&Exposed::new("/etc".as_ref(), true, 0o777, by));
    }
    // With all that it can have.
    let revoked = KeyRevocation {
        at: Some(now()),
        reason: Some("retired".to_owned()),
    };
    let mut subkey = SigningKey::new("A".repeat(64).parse().unwrap());
    subkey.created = Some(now());
    subkey.expires = Some(now());
    subkey.counts_until = Some(now());
    subkey.revoked = Some(revoked.clone());
    let mut key = TrustedKey::new(key(), "keyData");
    key.user_id = Some("Release".to_owned());
    key.created = Some(now());
    key.expires = Some(now());
    key.algorithm = Some("Ed25519".to_owned());
    key.weakness = Some("SHA-1".to_owned());
    key.revoked = Some(revoked);
    key.signing_keys = vec![subkey];
    key.has_secret = true;
    let mut public = SigstoreKey::new(
        KeyId::of(b"a key"),
        KeyAlgorithm::Rsa { bits: 1024 },
        "keyDatas[1]",
    );
    public.unusable = Some("its exponent is even".to_owned());
    public.weakness = Some("1024-bit RSA".to_owned());
    all_again(vec![
        TrustedSigner::OpenPgp(key),
        TrustedSigner::SigstoreKey(public),
    ]);
}

#[test]
fn a_path_that_is_not_utf_8_is_read_as_it_is_shown() {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        let path: std::path::PathBuf = std::ffi::OsString::from_vec(b"/\xff\n".to_vec()).into();
        let detail = "gone".to_owned();
        let reason = Reason::KeyUnreadable { path, detail };
        let json = json_output::of(&reason, "reason");
        assert_eq!(json["path"], "/\u{fffd}\n");
        assert_eq!(again(&reason).to_string(), reason.to_string());
    }
}

#[test]
fn a_report_for_each_reason_is_one_of_the_schema_and_read_back() {
    for reason in testing::reasons() {
        let code = reason.code();
        let undecided = reason.is_undecided();
        let mut builder = builder()
            .signed_by(signer(key(), "a.gpg"))
            .refused(reason)
            .accepted_unsigned();
        for note in testing::notes() {
            builder = builder.note(note);
        }
        for warning in testing::warnings() {
            builder = builder.warning(warning);
        }
        let report = builder.build();
        assert!(report.warnings.is_empty(), "{code}");
        let json = json_output::of(&report, "verify");
        assert_eq!(json["rejection"]["code"], code);
        let read = again(&report);
        assert_eq!(format!("{read:#}"), format!("{report:#}"));
        let error = testing::verdict(read).unwrap_err();
        assert_eq!(error.code(), code);
        let is_undecided = matches!(error, crate::Error::Undecided(_));
        assert_eq!(is_undecided, undecided, "{code}");
    }
}

#[test]
fn an_accepted_report_is_one_of_the_schema_and_read_back() {
    let policy: Policy =
        r#"{"default":[{"type":"reject"}],"transports":{"docker":{"registry.example":[
            {"type":"insecureAcceptAnything"}]}}}"#
            .parse()
            .unwrap();
    let image = ImageName::parse("docker://registry.example/app:1").unwrap();
    let applied = policy.requirements_for(&image);
    let mut report = builder()
        .policy(policy.origin().clone())
        .scope(applied.scope().clone())
        .accepted_unsigned()
        .signed_by(signer(key(), "a.gpg"));
    for warning in testing::warnings() {
        report = report.warning(warning);
    }
    let mut report = report.build();
    report.scope_place = policy.place_of_scope(&applied.scope().name());
    assert!(report.scope_place.is_some());
    let json = json_output::of(&report, "verify");
    assert_eq!(
        json["answer"]["run"],
        report.manifest_digest.as_ref().unwrap().to_string()
    );
    let read = again(&report);
    assert_eq!(format!("{read:#}"), format!("{report:#}"));
    let accepted = testing::verdict(read).unwrap();
    assert_eq!(accepted.signatures().count(), 1);
    assert_eq!(accepted.warnings(), testing::warnings());
}

#[test]
fn another_schema_is_an_error_whatever_else_there_is() {
    let mut json = serde_json::to_value(accepted()).unwrap();
    json["schema"] = 2.into();
    json["verdict"] = json!({"of": "another shape"});
    assert_eq!(
        read(&json).unwrap_err(),
        "a report of schema 2: this version reads schema 1 alone"
    );
    for schema in [json!("1"), json!(null), json!(-1), json!(1.5)] {
        json["schema"] = schema;
        assert_eq!(
            read(&json).unwrap_err(),
            "a report has the number of its schema"
        );
    }
    assert_eq!(read(&json!([1])).unwrap_err(), "a report is a JSON object");
}

#[test]
fn a_verdict_that_does_not_follow_is_an_error() {
    let refused = builder().refused(testing::reason("key-expired").unwrap());
    let undecided = builder().refused(testing::reason("key-unreadable").unwrap());
    for report in [accepted(), refused.build(), undecided.build()] {
        for verdict in [Verdict::Accepted, Verdict::Rejected, Verdict::Undecided] {
            let mut json = serde_json::to_value(&report).unwrap();
            json["verdict"] = verdict.to_string().into();
            let expected = if verdict == report.verdict() {
                None
            } else {
                Some(format!(
                    "the report says {verdict}, and its rejection says {}",
                    report.verdict()
                ))
            };
            assert_eq!(read(&json).err(), expected);
        }
    }
    // Nothing says that the image is accepted, where nothing says anything.
    let mut json = serde_json::to_value(accepted()).unwrap();
    json.as_object_mut().unwrap().remove("rejection");
    assert_eq!(read(&json).unwrap_err(), "missing field `rejection`");
}

#[test]
fn what_a_newer_version_adds_is_skipped_and_its_codes_are_errors() {
    /// Adds a member to every object.
    fn add(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.values_mut().for_each(add);
                object.insert("added_later".to_owned(), json!([{"deep": null}, 1.5]));
            }
            Value::Array(array) => array.iter_mut().for_each(add),
            _ => {}
        }
    }
    let mut builder = builder().refused(testing::reason("digest-mismatch").unwrap());
    for note in testing::notes() {
        builder = builder.note(note);
    }
    let report = builder.build();
    let text = serde_json::to_string(&report).unwrap();
    let mut json = serde_json::to_value(&report).unwrap();
    add(&mut json);
    let read_back = read(&json).unwrap();
    assert_eq!(serde_json::to_string(&read_back).unwrap(), text);

    for (reason, expected) in [
        (
            json!({"code": "new"}),
            "`new` is no reason that this version knows, or a member of it is missing or of another type",
        ),
        (
            json!({"code": "list-missing"}),
            "`list-missing` is no reason that this version knows, or a member of it is missing or of another type",
        ),
        (
            json!({"code": "key-expired"}),
            "missing field `primary_key`",
        ),
        (json!({}), "a reason is a JSON object with `code`"),
        (
            json!("key-expired"),
            "a reason is a JSON object with `code`",
        ),
    ] {
        let mut json = serde_json::to_value(&report).unwrap();
        json["rejection"] = reason;
        let error = read(&json).unwrap_err();
        assert_eq!(error, expected);
    }
}

#[test]
fn hostile_json_is_an_error_and_no_panic() {
    let text = serde_json::to_string(&accepted()).unwrap();
    for end in (0..text.len()).step_by(7) {
        assert!(serde_json::from_str::<Report>(text.get(..end).unwrap()).is_err());
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}null{}", open.repeat(100_000), close.repeat(100_000));
        assert!(serde_json::from_str::<Report>(&deep).is_err());
        let member = text.replacen("{\"schema\"", &format!("{{\"a\":{deep},\"schema\""), 1);
        assert!(serde_json::from_str::<Report>(&member).is_err());
    }

    /// How many values there are, and with each in turn replaced by another.
    fn replaced(value: &mut Value, at: &mut usize, by: &Value) -> bool {
        if *at == 0 {
            *value = by.clone();
            return true;
        }
        *at -= 1;
        match value {
            Value::Object(object) => object.values_mut().any(|value| replaced(value, at, by)),
            Value::Array(array) => array.iter_mut().any(|value| replaced(value, at, by)),
            _ => false,
        }
    }
    let mut refused = builder().signed_by(signer(key(), "a.gpg"));
    refused = refused.refused(testing::reason("digest-mismatch").unwrap());
    let mut accepted = builder().signed_by(signer(key(), "a.gpg"));
    for warning in testing::warnings() {
        accepted = accepted.warning(warning);
    }
    let originals = [refused.build(), accepted.build()];
    let originals = originals.map(|report| serde_json::to_value(report).unwrap());
    for by in [
        json!(null),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!("\u{1b}[2J\n"),
        json!([[]]),
        json!({"code": 1, "kind": [], "verdict": {}}),
    ] {
        for original in &originals {
            let mut count = 0;
            loop {
                let (mut json, mut at) = (original.clone(), count);
                if !replaced(&mut json, &mut at, &by) {
                    break;
                }
                count += 1;
                if let Ok(report) = read(&json) {
                    // Whatever it says, it can be shown.
                    again(&report);
                    assert!(!format!("{report:#}").contains('\u{1b}'), "{report:#}");
                }
            }
            assert!(count > 50, "{count}");
        }
    }
}
