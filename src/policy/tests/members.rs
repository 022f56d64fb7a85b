//! Every member of every object: dropped, duplicated, misspelt, of a wrong type, `null`, empty.

use super::*;

/// What becomes of an object without a member, or with an empty one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Reads,
    Fails,
}

use Then::{Fails, Reads};

/// An object of one sort: where it is in a policy (`@` is its place), and for each member its key, a value, what
/// happens without it, and what happens if its value is empty.
struct Sample(
    &'static str,
    &'static [(&'static str, &'static str, Then, Then)],
);

/// Every sort of object with every member.
const OBJECTS: &[Sample] = &[
    Sample(
        "@",
        &[
            ("default", r#"[{"type": "reject"}]"#, Fails, Fails),
            (
                "transports",
                r#"{"docker": {"": [{"type": "reject"}]}}"#,
                Reads,
                Reads,
            ),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[("type", r#""reject""#, Fails, Fails)],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[("type", r#""insecureAcceptAnything""#, Fails, Fails)],
    ),
    Sample(
        r#"{"default": [{"type": "reject"}], "transports": {"docker": {"a": [@]}}}"#,
        &[
            ("type", r#""signedBy""#, Fails, Fails),
            ("keyType", r#""GPGKeys""#, Fails, Fails),
            ("keyPath", r#""k""#, Fails, Fails),
            ("signedIdentity", r#"{"type": "matchExact"}"#, Reads, Fails),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "reject"}, @]}"#,
        &[
            ("type", r#""signedBy""#, Fails, Fails),
            ("keyType", r#""GPGKeys""#, Fails, Fails),
            ("keyPaths", r#"["k"]"#, Fails, Reads),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""signedBy""#, Fails, Fails),
            ("keyType", r#""GPGKeys""#, Fails, Fails),
            ("keyData", r#""YQ==""#, Fails, Reads),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""signedBaseLayer""#, Fails, Fails),
            (
                "baseLayerIdentity",
                r#"{"type": "matchExact"}"#,
                Fails,
                Fails,
            ),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            ("keyPath", r#""k""#, Fails, Fails),
            ("rekorPublicKeyPath", r#""r""#, Reads, Fails),
            ("signedIdentity", r#"{"type": "matchExact"}"#, Reads, Fails),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            ("keyPaths", r#"["k"]"#, Fails, Fails),
            ("rekorPublicKeyPaths", r#"["r"]"#, Reads, Fails),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            ("keyData", r#""YQ==""#, Fails, Reads),
            ("rekorPublicKeyData", r#""YQ==""#, Reads, Fails),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            ("keyDatas", r#"["YQ=="]"#, Fails, Fails),
            ("rekorPublicKeyDatas", r#"["YQ=="]"#, Reads, Fails),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            (
                "fulcio",
                r#"{"caPath": "c", "oidcIssuer": "i", "subjectEmail": "s"}"#,
                Fails,
                Fails,
            ),
            ("rekorPublicKeyPath", r#""r""#, Fails, Fails),
        ],
    ),
    Sample(
        r#"{"default": [@]}"#,
        &[
            ("type", r#""sigstoreSigned""#, Fails, Fails),
            (
                "pki",
                r#"{"caRootsPath": "c", "subjectEmail": "s"}"#,
                Fails,
                Fails,
            ),
            (
                "signedIdentity",
                r#"{"type": "matchRepository"}"#,
                Reads,
                Fails,
            ),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "sigstoreSigned", "fulcio": @, "rekorPublicKeyData": "YQ=="}]}"#,
        &[
            ("caPath", r#""c""#, Fails, Fails),
            ("oidcIssuer", r#""i""#, Fails, Fails),
            ("subjectEmail", r#""s""#, Fails, Fails),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "sigstoreSigned", "fulcio": @, "rekorPublicKeyData": "YQ=="}]}"#,
        &[
            ("caData", r#""YQ==""#, Fails, Reads),
            ("oidcIssuer", r#""i""#, Fails, Fails),
            ("subjectEmail", r#""s""#, Fails, Fails),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "sigstoreSigned", "pki": @}]}"#,
        &[
            ("caRootsPath", r#""c""#, Fails, Fails),
            ("caIntermediatesPath", r#""c""#, Reads, Reads),
            ("subjectEmail", r#""s""#, Reads, Reads),
            ("subjectHostname", r#""s""#, Reads, Reads),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "sigstoreSigned", "pki": @}]}"#,
        &[
            ("caRootsData", r#""YQ==""#, Fails, Reads),
            ("caIntermediatesData", r#""YQ==""#, Reads, Reads),
            ("subjectEmail", r#""s""#, Fails, Fails),
        ],
    ),
    Sample(
        r#"{"default": [{"type": "sigstoreSigned", "pki": @}]}"#,
        &[
            ("caRootsPath", r#""c""#, Fails, Fails),
            ("subjectHostname", r#""s""#, Fails, Fails),
        ],
    ),
    Sample(IDENTITY, &[("type", r#""matchExact""#, Fails, Fails)]),
    Sample(
        IDENTITY,
        &[("type", r#""matchRepoDigestOrExact""#, Fails, Fails)],
    ),
    Sample(IDENTITY, &[("type", r#""matchRepository""#, Fails, Fails)]),
    Sample(
        IDENTITY,
        &[
            ("type", r#""exactReference""#, Fails, Fails),
            ("dockerReference", r#""busybox:1""#, Fails, Fails),
        ],
    ),
    Sample(
        IDENTITY,
        &[
            ("type", r#""exactRepository""#, Fails, Fails),
            ("dockerRepository", r#""busybox""#, Fails, Fails),
        ],
    ),
    Sample(
        IDENTITY,
        &[
            ("type", r#""remapIdentity""#, Fails, Fails),
            ("prefix", r#""example.com""#, Fails, Fails),
            ("signedPrefix", r#""example.org/a""#, Fails, Fails),
        ],
    ),
];

const IDENTITY: &str = r#"{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "k", "signedIdentity": @}]}"#;

/// The policy with an object of these members.
fn policy(place: &str, members: &[(&str, &str)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("\"{key}\": {value}"))
        .collect();
    place.replacen('@', &format!("{{{}}}", members.join(", ")), 1)
}

/// Calls `check` for every member of every object with the object's place, its members and the member's index.
fn for_each_member(check: impl Fn(&str, &[(&str, &str)], usize, (Then, Then))) {
    for Sample(place, members) in OBJECTS {
        let plain: Vec<(&str, &str)> = members
            .iter()
            .map(|&(key, value, ..)| (key, value))
            .collect();
        for (index, &(_, _, dropped, empty)) in members.iter().enumerate() {
            check(place, &plain, index, (dropped, empty));
        }
    }
}

fn replaced<'a>(
    members: &[(&'a str, &'a str)],
    index: usize,
    member: (&'a str, &'a str),
) -> Vec<(&'a str, &'a str)> {
    let mut members = members.to_vec();
    members[index] = member;
    members
}

#[test]
fn whole_objects_read_in_any_order_of_members() {
    for_each_member(|place, members, index, _| {
        let expected = read(&policy(place, members));
        let mut members = members.to_vec();
        members.rotate_left(index);
        assert_eq!(read(&policy(place, &members)), expected);
        members.reverse();
        assert_eq!(read(&policy(place, &members)), expected);
        assert_eq!(read(&expected.to_json()), expected);
    });
}

#[test]
fn dropped() {
    for_each_member(|place, members, index, (expected, _)| {
        let mut rest = members.to_vec();
        let (key, _) = rest.remove(index);
        let text = policy(place, &rest);
        match text.parse::<Policy>() {
            Ok(policy) => {
                assert_eq!(expected, Reads, "{text}");
                assert_eq!(read(&policy.to_json()), policy);
            }
            Err(error) => {
                assert_eq!(expected, Fails, "{error}: {text}");
                assert!(
                    error.to_string().contains(&format!("`{key}`")),
                    "{error}: {text}"
                );
            }
        }
    });
}

#[test]
fn duplicated() {
    for_each_member(|place, members, index, _| {
        let (key, value) = members[index];
        let escaped = format!("\\u{:04x}{}", u32::from(key.as_bytes()[0]), &key[1..]);
        for second in [key, &escaped] {
            let mut twice = members.to_vec();
            twice.push((second, value));
            let error = read_error(&policy(place, &twice));
            let PolicyErrorKind::Json(JsonError::DuplicateKey { key: found, .. }) = error.kind()
            else {
                panic!("{error}")
            };
            assert_eq!(found, key);
            let is_at_end = error.path() == key || error.path().ends_with(&format!(".{key}"));
            assert!(is_at_end, "{error}");
        }
    });
}

#[test]
fn misspelt() {
    for_each_member(|place, members, index, _| {
        let (key, value) = members[index];
        let (front, back) = key.split_at(key.len() / 2);
        let lower = key.to_lowercase();
        let upper = key.to_uppercase();
        let inserted = format!("{front}x{back}");
        let dropped = format!("{front}{}", &back[1..]);
        let capital = format!("{}{}", key[..1].to_uppercase(), &key[1..]);
        for wrong in [&lower, &upper, &inserted, &dropped, &capital] {
            if wrong == key {
                continue;
            }
            for text in [
                policy(place, &replaced(members, index, (wrong, value))),
                policy(place, &[members, &[(wrong, value)]].concat()),
            ] {
                let error = read_error(&text);
                assert_eq!(error.suggestion(), Some(key), "{error}");
                assert!(
                    error
                        .to_string()
                        .contains(&format!("did you mean `{key}`?")),
                    "{error}"
                );
                let place = text.find(&format!("\"{wrong}\"")).unwrap() + 1;
                assert_eq!(
                    (error.line(), error.column()),
                    (Some(1), Some(place)),
                    "{error}"
                );
                assert!(error.path().ends_with(wrong), "{error}");
            }
        }
        for unknown in ["x", "", "comment", "$schema", "sigstore", "type "] {
            let text = policy(place, &[members, &[(unknown, value)]].concat());
            let error = read_error(&text);
            assert!(
                matches!(error.kind(), PolicyErrorKind::UnknownKey { .. }),
                "{error}"
            );
        }
    });
}

#[test]
fn of_a_wrong_type() {
    for_each_member(|place, members, index, _| {
        let (key, value) = members[index];
        for wrong in [
            "0",
            "1e999",
            "true",
            "null",
            "\"x\"",
            "[[]]",
            "[null]",
            "{}",
            "{\"x\": 1}",
        ] {
            let is_right = (wrong == "\"x\"" && value.starts_with('"'))
                || (wrong == "{}" && key == "transports");
            if is_right {
                continue;
            }
            let text = policy(place, &replaced(members, index, (key, wrong)));
            // What is wrong may be a value inside this one.
            let error = read_error(&text);
            let inside = format!("\"{key}\": {wrong}");
            let start = text.rfind(&inside).unwrap() + key.len() + 5;
            let column = error.column().unwrap();
            assert!(
                (start..start + wrong.len()).contains(&column),
                "{error}: {text}"
            );
            if value.starts_with('"') {
                let PolicyErrorKind::Json(JsonError::WrongType { expected, .. }) = error.kind()
                else {
                    panic!("{error}")
                };
                assert_eq!(*expected, "a string");
            }
        }
    });
}

#[test]
fn null() {
    for_each_member(|place, members, index, _| {
        let (key, _) = members[index];
        let error = read_error(&policy(place, &replaced(members, index, (key, "null"))));
        let found_null = matches!(
            error.kind(),
            PolicyErrorKind::Json(JsonError::WrongType { found: "null", .. })
        );
        assert!(found_null, "{error}");
        assert!(error.path().ends_with(key), "{error}");
    });
}

#[test]
fn empty() {
    for_each_member(|place, members, index, (_, expected)| {
        let (key, value) = members[index];
        let empty = match &value[..1] {
            "[" => "[]",
            "{" => "{}",
            _ => "\"\"",
        };
        let text = policy(place, &replaced(members, index, (key, empty)));
        match text.parse::<Policy>() {
            Ok(policy) => {
                assert_eq!(expected, Reads, "{text}");
                assert_eq!(read(&policy.to_json()), policy);
            }
            Err(error) => assert_eq!(expected, Fails, "{error}: {text}"),
        }
    });
}

#[test]
fn members_of_every_other_object_are_refused() {
    for Sample(place, members) in OBJECTS {
        let own: Vec<(&str, &str)> = members
            .iter()
            .map(|&(key, value, ..)| (key, value))
            .collect();
        for Sample(_, other_members) in OBJECTS {
            for &(key, value, ..) in *other_members {
                if own.iter().any(|&(own, _)| own == key) {
                    continue;
                }
                let text = policy(place, &[&own[..], &[(key, value)]].concat());
                let Err(error) = text.parse::<Policy>() else {
                    let optional = ["transports", "signedIdentity"].contains(&key)
                        || key.starts_with("rekor")
                        || key.starts_with("caIntermediates")
                        || key.starts_with("subject");
                    assert!(optional, "{text}");
                    continue;
                };
                let PolicyErrorKind::UnknownKey { belongs_to, .. } = error.kind() else {
                    continue;
                };
                if key != "type" {
                    assert!(!belongs_to.is_empty(), "{error}");
                    assert!(error.to_string().contains("it belongs to "), "{error}");
                }
            }
        }
    }
}

#[test]
fn every_changed_byte_fails_or_reads_back_equal() {
    for Sample(place, members) in OBJECTS {
        let plain: Vec<(&str, &str)> = members
            .iter()
            .map(|&(key, value, ..)| (key, value))
            .collect();
        let text = policy(place, &plain);
        for index in 0..text.len() {
            for byte in [b' ', b'"', b'}', b',', b'0', b'A', b'\\', 0x00, 0xff] {
                let mut bytes = text.clone().into_bytes();
                bytes[index] = byte;
                if let Ok(policy) = Policy::from_slice(&bytes) {
                    assert_eq!(read(&policy.to_json()), policy);
                }
            }
            assert!(Policy::from_slice(&text.as_bytes()[..index]).is_err());
        }
    }
}
