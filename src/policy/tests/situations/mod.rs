//! Mistakes that people make in policies: what each is called, where it is, and what to do about it, to the letter.

use super::*;
use crate::json_output;

mod table;

use table::{SITUATIONS, Situation};

#[test]
fn each_mistake_has_its_code_its_place_and_its_remedy() {
    for situation in SITUATIONS {
        let Situation {
            text,
            code,
            span,
            part,
            path,
            message,
            label,
            steps,
        } = *situation;
        let error = read_error(text);
        let found = error.span().unwrap();
        let (start, end) = (found.start, found.end);
        assert_eq!(error.code(), code, "{text}");
        assert_eq!(
            format!(
                "{}:{}-{}:{}",
                start.line, start.column, end.line, end.column
            ),
            span,
            "{text}"
        );
        assert_eq!(&text[found.bytes.clone()], part, "{text}");
        assert_eq!(error.path(), path, "{text}");
        assert_eq!(error.kind().to_string(), message, "{text}");
        assert_eq!(error.label().as_deref(), label, "{text}");
        assert_eq!(error.steps(), steps, "{text}");
        assert_eq!((error.others().len(), error.others_left_out()), (0, 0));
        json_output::of(&error, "policy-error");
        let line = text.lines().nth(start.line - 1).unwrap_or_default();
        let shown = error.line_text().unwrap();
        assert_eq!(shown.line, start.line);
        assert!(
            line.contains(&shown.text) || line.contains(['\0', '\u{feff}']),
            "{shown:?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_the_first_and_the_others_in_their_order() {
    let text = r#"{
  "default": [{"type": "rejct"}],
  "transports": {
    "docker": {
      "b.example": [{"type": "signedBy", "keyPath": "/k", "signedIdentity": {"type": "matchRepo"}}, 7],
      "a.example": [{"type": "signedBy", "keyType": "GPGKeys", "keypath": "/k", "x": 1, "y": 2}],
      "c.example": [],
      "d.example": [{"type": "sigstoreSigned", "keyPath": "", "rekorPublicKeyDatas": ["YQ==", "-", 1], "signedIdentity": null}],
      "e.example": [{"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["/a", 1, "/b", null]}],
      "c.example": [{"type": "reject"}]
    },
    "dir": {"a": [{"type": "reject"}], "b": {}},
    "oci": 1
  }
}"#;
    let error = read_error(text);
    assert_eq!(
        error.to_string(),
        "line 2, column 24: default[0].type: unknown requirement type \"rejct\"; did you mean `reject`?; \
         and 18 more mistakes"
    );
    let others: Vec<String> = error.others().iter().map(ToString::to_string).collect();
    assert_eq!(
        others,
        [
            "line 5, column 21: transports.docker[\"b.example\"][0]: a signedBy requirement needs `keyType`",
            "line 5, column 86: transports.docker[\"b.example\"][0].signedIdentity.type: \
             unknown identity type \"matchRepo\"; did you mean `matchRepository`?",
            "line 5, column 101: transports.docker[\"b.example\"][1]: expected an object, found a number",
            "line 6, column 64: transports.docker[\"a.example\"][0].keypath: \
             unknown key \"keypath\" in a signedBy requirement; did you mean `keyPath`?",
            "line 6, column 81: transports.docker[\"a.example\"][0].x: \
             unknown key \"x\" in a signedBy requirement; valid here: `type`, `keyType`, `keyPath`, `keyPaths`, \
             `keyData`, `signedIdentity`",
            "line 6, column 89: transports.docker[\"a.example\"][0].y: \
             unknown key \"y\" in a signedBy requirement; valid here: `type`, `keyType`, `keyPath`, `keyPaths`, \
             `keyData`, `signedIdentity`",
            "line 7, column 20: transports.docker[\"c.example\"]: a list of requirements must not be empty",
            "line 8, column 59: transports.docker[\"d.example\"][0].keyPath: `keyPath` must not be empty",
            "line 8, column 95: transports.docker[\"d.example\"][0].rekorPublicKeyDatas[1]: \
             not valid base64: \"-\" is not in the standard alphabet",
            "line 8, column 100: transports.docker[\"d.example\"][0].rekorPublicKeyDatas[2]: \
             expected a string, found a number",
            "line 8, column 122: transports.docker[\"d.example\"][0].signedIdentity: \
             expected an object, found null",
            "line 9, column 83: transports.docker[\"e.example\"][0].keyPaths[1]: expected a string, found a number",
            "line 9, column 92: transports.docker[\"e.example\"][0].keyPaths[3]: expected a string, found null",
            "line 10, column 7: transports.docker[\"c.example\"]: duplicate key \"c.example\", \
             first given at line 7, column 7",
            "line 12, column 13: transports.dir.a: \"a\" is not a valid scope of the transport dir: \
             `a` is not an absolute path",
            "line 12, column 40: transports.dir.b: \"b\" is not a valid scope of the transport dir: \
             `b` is not an absolute path",
            "line 12, column 45: transports.dir.b: expected an array, found an object",
            "line 13, column 12: transports.oci: expected an object, found a number",
        ]
    );
    assert_eq!(error.others_left_out(), 0);
}

#[test]
fn what_follows_from_a_mistake_is_none() {
    let others = |text: &str| {
        let error = read_error(text);
        let others = error.others().iter();
        others.map(ToString::to_string).collect::<Vec<_>>()
    };
    // Each has one mistake, whatever else is missing because of it.
    for requirement in [
        r#"{"type": "signedBy", "keytype": "GPGKeys", "keyPath": "/k"}"#,
        r#"{"type": "signedBy", "keyType": "GPGKeys", "keyFile": "/k"}"#,
        r#"{"type": "signedBy", "keyType": "GPGKeys", "path": "/k"}"#,
        r#"{"type": "signedby", "keytype": "GPGKeys"}"#,
        r#"{"Type": "signedBy", "keytype": "GPGKeys"}"#,
        r#"{"keyType": "GPGKeys"}"#,
        r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPath": 1, "keyPaths": 2}"#,
        r#"{"type": "sigstoreSigned", "fulcio": {"capath": "/c", "oidcIssuer": "i", "subjectEmail": "s"},
            "rekorPublicKeyPath": "/r"}"#,
        r#"{"type": "sigstoreSigned", "fulcio": {"caPath": "/c", "oidcIssuer": "i", "subjectEmail": "s"},
            "rekorPublickeyPath": "/r"}"#,
    ] {
        assert_eq!(
            others(&with_requirement(requirement)),
            [""; 0],
            "{requirement}"
        );
    }
    // What belongs elsewhere replaces nothing.
    assert_eq!(
        others(r#"{"docker": {}}"#),
        ["line 1, column 1: a policy needs `default`"]
    );
    assert_eq!(
        others(&with_requirement(
            r#"{"type": "sigstoreSigned", "keyType": "GPGKeys"}"#
        )),
        [
            "line 1, column 14: default[0]: a sigstoreSigned requirement needs one of `keyPath`, `keyPaths`, \
             `keyData`, `keyDatas`, `fulcio`, `pki`",
        ]
    );
}

#[test]
fn very_many_mistakes_are_counted_and_cost_little() {
    let mut text =
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {".to_owned();
    for index in 0..100_000 {
        text.push_str(&format!(
            "\"h{index}.example\": [{{\"Type\": \"reject\"}}],"
        ));
    }
    text.push_str("\"end\": 1}}}");
    let start = std::time::Instant::now();
    let error = read_error(&text);
    // A minute and more, if each mistake read the policy anew.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    assert!(error.to_string().ends_with("; and 100000 more mistakes"));
    assert_eq!(error.others().len(), 100);
    assert_eq!(error.others_left_out(), 99_900);
    assert_eq!(
        error.others()[99].path(),
        "transports.docker[\"h100.example\"][0].Type"
    );
    let json = json_output::of(&error, "policy-error");
    assert_eq!(json["others"].as_array().unwrap().len(), 100);
    assert_eq!(json["others_left_out"], 99_900);
}

#[test]
fn a_long_line_is_cut_around_the_mistake() {
    let scopes: Vec<String> = (0..300)
        .map(|index| format!("\"registry.example/é{index}\": [{{\"type\": \"reject\"}}]"))
        .collect();
    let text = format!(
        "{{\"default\": [{{\"type\": \"rejct\"}}], \"transports\": {{\"docker\": {{{}, \"x\": [{{\"typ\": 1}}]}}}}}}",
        scopes.join(", ")
    );
    let error = read_error(&text);
    let first = error.line_text().unwrap();
    assert_eq!((first.first_column, first.is_cut), (1, true));
    assert_eq!(first.text.chars().count(), 160);
    let other = &error.others()[0];
    let line = other.line_text().unwrap();
    assert_eq!((line.line, line.is_cut), (1, false));
    assert_eq!(line.first_column, other.column().unwrap() - 60);
    let part: String = line.text.chars().skip(60).collect();
    assert_eq!(part, "\"typ\": 1}]}}}");
}

#[test]
fn an_error_as_json() {
    let error = read_error(
        "{\"default\": [\n  {\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keypath\": \"/k\", \"x\": 1}\n]}",
    );
    let mut json = json_output::of(&error, "policy-error");
    let digest = json["origin"]["digest"].take();
    assert!(digest.as_str().unwrap().starts_with("sha256:"));
    let line =
        "  {\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keypath\": \"/k\", \"x\": 1}";
    let allowed = [
        "type",
        "keyType",
        "keyPath",
        "keyPaths",
        "keyData",
        "signedIdentity",
    ];
    assert_eq!(
        json,
        serde_json::json!({
            "code": "policy-unknown-key",
            "message": "unknown key \"keypath\" in a signedBy requirement; did you mean `keyPath`?",
            "line": 2, "column": 46, "end_line": 2, "end_column": 55,
            "path": "default[0].keypath",
            "kind": {
                "name": "unknown-key", "key": "keypath", "object": "a signedBy requirement",
                "suggestion": "keyPath", "belongs_to": [], "allowed": allowed,
            },
            "suggestion": "keyPath",
            "label": "did you mean `keyPath`?",
            "steps": ["write `keyPath`"],
            "line_text": {"line": 2, "text": line, "first_column": 1, "is_cut": false},
            "origin": {"place": "bytes", "digest": null},
            "others": [{
                "code": "policy-unknown-key",
                "message": "unknown key \"x\" in a signedBy requirement; valid here: `type`, `keyType`, `keyPath`, \
                            `keyPaths`, `keyData`, `signedIdentity`",
                "line": 2, "column": 63, "end_line": 2, "end_column": 66,
                "path": "default[0].x",
                "kind": {
                    "name": "unknown-key", "key": "x", "object": "a signedBy requirement",
                    "suggestion": null, "belongs_to": [], "allowed": allowed,
                },
                "steps": [
                    "remove it if it is a mere comment",
                    "this program knows containers-policy.json(5) as of containers/image 5.40; a policy for a newer \
                     release may need a newer program",
                ],
                "line_text": {"line": 2, "text": line, "first_column": 1, "is_cut": false},
            }],
            "others_left_out": 0,
        })
    );
}

#[test]
fn every_kind_has_its_fields_as_json() {
    for (text, kind) in [
        ("{", serde_json::json!({"name": "incomplete"})),
        (
            "{\"default\": [1 2]}",
            serde_json::json!({"name": "syntax", "reason": "expected `,` or `]`"}),
        ),
        (
            "{\"default\": [// c\n]}",
            serde_json::json!({"name": "comment", "marker": "//"}),
        ),
        (
            "{\"default\": 1}",
            serde_json::json!({"name": "wrong-type", "expected": "an array", "found": "a number"}),
        ),
        (
            "{\"default\": []}",
            serde_json::json!({"name": "no-requirements"}),
        ),
        (
            "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": \"YQ\"}]}",
            serde_json::json!({"name": "base64", "problem": "padding"}),
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"dir\": {\"a\": [{\"type\": \"reject\"}]}}}",
            serde_json::json!({
                "name": "scope", "transport": "dir", "scope": "a", "reason": "`a` is not an absolute path",
            }),
        ),
    ] {
        assert_eq!(
            serde_json::to_value(read_error(text).kind()).unwrap(),
            kind,
            "{text}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    let error = Policy::from_file(&path).unwrap_err();
    assert_eq!(error.code(), "policy-not-found");
    assert_eq!(
        error.steps(),
        ["check the file's name, or write a policy there; without one, no image may run"]
    );
    assert!(error.span().is_none() && error.line_text().is_none() && error.label().is_none());
    let json = json_output::of(&error, "policy-error");
    assert_eq!(json["file"], path.to_str().unwrap());
    assert_eq!(
        json["kind"],
        serde_json::json!({"name": "read", "cause": "No such file or directory (os error 2)"})
    );
    let error = Policy::from_file(directory.path()).unwrap_err();
    assert_eq!(error.code(), "policy-unreadable");
    assert_eq!(error.steps(), ["name the file in that directory"]);
}

#[test]
fn no_policy_anywhere_says_where_to_write_one() {
    let directory = tempfile::tempdir().unwrap();
    let paths = SystemPaths::for_user(0, |_| None)
        .with_root(directory.path())
        .with_home(directory.path());
    let error = Policy::from_system(&paths).unwrap_err();
    assert_eq!(error.code(), "policy-not-found");
    let system = directory.path().join("etc/containers/policy.json");
    if cfg!(target_os = "freebsd") {
        return;
    }
    assert_eq!(
        error.steps(),
        [format!(
            "write a policy to `{}`, such as `{{\"default\": [{{\"type\": \"reject\"}}]}}`, which rejects every image \
             until it says what is trusted; or name a file, by the variable CONTAINERS_POLICY_JSON or in the \
             program's own way",
            system.display()
        )]
    );
    let json = json_output::of(&error, "policy-error");
    assert_eq!(json["kind"]["name"], "not-found");
    assert_eq!(json["kind"]["tried"].as_array().unwrap().len(), 3);
    assert_eq!(
        json["kind"]["variables"][0],
        "CONTAINERS_POLICY_JSON is unset"
    );
}
