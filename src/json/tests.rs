use super::*;

fn parse(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes()).unwrap()
}

fn parse_error(bytes: &[u8]) -> String {
    Document::parse(bytes).unwrap_err().to_string()
}

fn string(text: &str) -> String {
    parse(text).root().string().unwrap().into_owned()
}

/// The same document by serde_json's own reader.
fn to_serde(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Boolean => serde_json::Value::Bool(value.raw == "true"),
        Kind::Number => serde_json::from_str(value.number().unwrap()).unwrap(),
        Kind::String => serde_json::Value::String(value.string().unwrap().into_owned()),
        Kind::Array => value.array().unwrap().into_iter().map(to_serde).collect(),
        Kind::Object => serde_json::Value::Object(
            value
                .object()
                .unwrap()
                .members()
                .iter()
                .map(|member| (member.name.clone().into_owned(), to_serde(member.value)))
                .collect(),
        ),
    }
}

#[test]
fn reads_what_serde_json_reads() {
    let texts = [
        "null",
        " true ",
        "false",
        "0",
        "-0.5e+3",
        "12345678901234567890",
        r#""""#,
        r#""plain""#,
        r#""\"\\\/\b\f\n\r\t\u0041\ud83d\ude00""#,
        r#""é \" 😀""#,
        "[]",
        "[ ]",
        "{}",
        " {\n} ",
        "[1,[2,[3,{}]],\"]\"]",
        r#"{"a":{"b":[{"c":null},"}",{"d\"e":"\\"}]},"":0}"#,
        "\t[\r\n1 ,\n 2\t]\n",
        r#"{"z":1,"y":2,"x":3,"w":4,"v":5,"u":6,"t":7,"s":8,"r":9,"q":10}"#,
    ];
    for text in texts {
        let expected: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(to_serde(parse(text).root()), expected, "{text}");
    }
}

#[test]
fn refuses_what_serde_json_refuses() {
    let texts = [
        "",
        " \n",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "'a'",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u00\"",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "nul",
        "True",
        "NaN",
        "1 2",
        "{}{}",
        "[1]]",
        "\u{feff}{}",
        "\0",
        "{}\0",
        "/**/1",
        "\u{a0}1",
    ];
    for text in texts {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err());
        assert!(Document::parse(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn every_prefix_of_a_document_is_refused() {
    let text = r#"{"a": [1, "b\u00e9\\", {"c": true}], "d": null}"#;
    for end in 0..text.len() {
        assert!(Document::parse(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn messages_to_the_letter() {
    let cases: [(&[u8], &str); 13] = [
        (b"", "line 1, column 1: the document is empty"),
        (b" \n ", "line 1, column 1: the document is empty"),
        (
            b"\xef\xbb\xbf{}",
            "line 1, column 1: the document begins with a byte-order mark; save it without one",
        ),
        (
            b"{",
            "line 1, column 2: the document ends before its JSON is complete",
        ),
        (
            b"{\n  \"a\": [1,\n",
            "line 2, column 11: the document ends before its JSON is complete",
        ),
        (
            b"{}\n {",
            "line 2, column 2: something follows the end of the JSON value",
        ),
        (
            b"{}\0",
            "line 1, column 3: something follows the end of the JSON value",
        ),
        (
            b"{\"a\" 1}",
            "line 1, column 6: not valid JSON: expected `:`",
        ),
        (
            "[\"é\", é]".as_bytes(),
            "line 1, column 7: not valid JSON: expected value",
        ),
        (
            b"[1,]",
            "line 1, column 3: there is a comma too many before `]`",
        ),
        (
            b"[1 2]",
            "line 1, column 4: not valid JSON: expected `,` or `]`",
        ),
        (
            b"[\"a\tb\"]",
            "line 1, column 3: not valid JSON: \
            control character (\\u0000-\\u001F) found while parsing a string",
        ),
        (b"\xff", "line 1, column 1: not valid JSON: expected value"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(parse_error(bytes), expected);
    }
}

#[test]
fn slips_are_told_where_the_text_stops_to_be_json_and_nowhere_else() {
    let slip = |text: &str| match Document::parse(text.as_bytes()).unwrap_err().problem {
        JsonError::Slip(slip) => Some(slip.to_string()),
        _ => None,
    };
    // Marks within texts are text, and a slip behind another fault is none yet.
    for text in [
        "{\"a\": \"// # ' , ] \\\" /*\" 1}",
        "[01, // one\n1]",
        "[\"\t\", // tab\n1]",
        "{\"a\" 1, 'b': 2}",
        "[1.5.2, True]",
        "{\"a\": 1} {\"b\": 2}",
        "[/ 1]",
        "[\"a\"b\"]",
        "{\"a\": \u{e4}}",
        "{\"a\" = 1}",
        "[1, }",
        "[,1]",
        ".",
        "-",
    ] {
        assert_eq!(slip(text), None, "{text}");
    }
    for (text, expected) in [
        ("[\"//\", 1 // one\n]", "JSON has no comments"),
        ("{\"a\": 1, /* b */ \"c\": 2}", "JSON has no comments"),
        ("[1\n,\n\n]", "there is a comma too many before `]`"),
        ("{\"a\": 1 \"b\": 2}", "a comma is missing before `\"b\"`"),
        ("[[1] [2]]", "a comma is missing before `[`"),
        (
            "{\"a\": [1 }",
            "`}` where `]` must close what begins at line 1, column 7",
        ),
        ("{\"a\": yes}", "JSON has `true`, not `yes`"),
        ("{\"a\": nul}", "`nul` must be in double quotes"),
        ("{a-b: 1}", "`a` must be in double quotes"),
        (
            "[\"a\\u12\"]",
            "a backslash in a JSON text must be written twice",
        ),
        (
            "[\"a\r\n]",
            "the text that begins here has no closing quote in its line",
        ),
        (
            "[\u{2018}a\u{2019}]",
            "JSON has text in straight double quotes, not in typographic ones",
        ),
    ] {
        assert_eq!(slip(text).as_deref(), Some(expected), "{text}");
    }
    let deep = format!("{}'{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    assert_eq!(
        slip(&deep).as_deref(),
        Some("JSON has text in double quotes, not in single ones")
    );
}

#[test]
fn nesting_up_to_the_limit_reads() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"[\\\"\":", "}]")] {
        let levels = open.matches(['[', '{']).count() - open.matches("\"[").count();
        let nest = |times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
        assert!(Document::parse(nest(MAX_DEPTH / levels).as_bytes()).is_ok());
        let error = Document::parse(nest(MAX_DEPTH / levels + 1).as_bytes()).unwrap_err();
        assert_eq!(error.problem, JsonError::TooDeep { limit: 10_000 });
    }
    let siblings = format!("[{}1]", "[],".repeat(20_000));
    assert!(Document::parse(siblings.as_bytes()).is_ok());
    let error = parse_error("[".repeat(1 << 20).as_bytes());
    assert!(
        error.ends_with("the document ends before its JSON is complete"),
        "{error}"
    );
    let deep = format!("{}{}", "[".repeat(10_001), "]".repeat(10_001));
    assert_eq!(
        parse_error(deep.as_bytes()),
        "line 1, column 10001: arrays and objects are nested more than 10000 levels deep"
    );
}

#[test]
fn hostile_nesting_is_read_level_by_level() {
    let filler = "x".repeat(1 << 20);
    let text = format!("{}\"{filler}\"{}", "[".repeat(9_999), "]".repeat(9_999));
    let document = parse(&text);
    let value = document.root();
    value.check_number_range().unwrap();
    assert_eq!(
        value.array().unwrap()[0].array().unwrap()[0].path(),
        "[0][0]"
    );
}

#[test]
fn lone_surrogates_become_one_replacement_character_each() {
    assert_eq!(string(r#""\ud800""#), "\u{fffd}");
    assert_eq!(string(r#""a\udc00b""#), "a\u{fffd}b");
    assert_eq!(string(r#""\ud800\ud800""#), "\u{fffd}\u{fffd}");
    assert_eq!(string(r#""\udc00\ud800""#), "\u{fffd}\u{fffd}");
    assert_eq!(string(r#""\ud800\ud83d\ude00""#), "\u{fffd}😀");
    assert_eq!(
        string(r#""\ud800\n\ud7ff\ue000""#),
        "\u{fffd}\n\u{d7ff}\u{e000}"
    );
    assert_eq!(string(r#""\ud800\u0041""#), "\u{fffd}A");
}

#[test]
fn each_byte_that_is_not_utf8_becomes_a_replacement_character() {
    let read = |bytes: &[u8]| {
        let document = Document::parse(bytes).unwrap();
        document.root().string().unwrap().into_owned()
    };
    assert_eq!(read(b"\"a\xffb\""), "a\u{fffd}b");
    assert_eq!(read(b"\"\xe2\x82\""), "\u{fffd}\u{fffd}");
    assert_eq!(read(b"\"\xed\xa0\x80\""), "\u{fffd}\u{fffd}\u{fffd}");
    assert_eq!(read(b"\"\\n\xff\""), "\n\u{fffd}");
}

#[test]
fn duplicate_keys_are_refused_after_unescaping() {
    let duplicate = |bytes: &[u8]| {
        let document = Document::parse(bytes).unwrap();
        document.root().object().unwrap_err().to_string()
    };
    assert_eq!(
        duplicate(b"{\"type\": 1,\n \"\\u0074ype\": 2}"),
        "line 2, column 2: type: duplicate key \"type\", first given at line 1, column 2"
    );
    assert_eq!(
        duplicate(b"{\"\": 1, \"\": 2}"),
        "line 1, column 9: [\"\"]: duplicate key \"\", first given at line 1, column 2"
    );
    assert!(duplicate(b"{\"a\xff\":1,\"a\\udfff\":1}").contains("duplicate key \"a\u{fffd}\""));
    let many: String = (0..100).map(|number| format!("\"{number}\":0,")).collect();
    assert!(duplicate(format!("{{{many}\"57\":1}}").as_bytes()).contains("duplicate key \"57\""));
    let inner = parse(r#"{"a": {"b": 1, "b": 2}, "A": 1}"#);
    assert!(inner.root().object().is_ok());
    assert!(
        inner
            .root()
            .object()
            .unwrap()
            .find("a")
            .unwrap()
            .object()
            .is_err()
    );
}

#[test]
fn wrong_types_name_both() {
    let document = parse("{\"list\": [\"é\", null, true, 1, {}, []]}");
    let list = document
        .root()
        .object()
        .unwrap()
        .find("list")
        .unwrap()
        .array()
        .unwrap();
    let messages: Vec<String> = list
        .iter()
        .skip(1)
        .map(|value| value.string().unwrap_err().to_string())
        .collect();
    assert_eq!(
        messages,
        [
            "line 1, column 16: list[1]: expected a string, found null",
            "line 1, column 22: list[2]: expected a string, found a boolean",
            "line 1, column 28: list[3]: expected a string, found a number",
            "line 1, column 31: list[4]: expected a string, found an object",
            "line 1, column 35: list[5]: expected a string, found an array",
        ]
    );
    assert_eq!(
        list[0].object().unwrap_err().to_string(),
        "line 1, column 11: list[0]: expected an object, found a string"
    );
    assert_eq!(
        document.root().array().unwrap_err().to_string(),
        "line 1, column 1: expected an array, found an object"
    );
    assert_eq!(
        list[0].number().unwrap_err().problem.to_string(),
        "expected a number, found a string"
    );
}

#[test]
fn paths_and_positions_of_values_and_keys() {
    let document = parse(
        "{\n  \"transports\": {\n    \"docker\": {\n      \"registry.k8s.io\": [\n        {\"key\\u0050ath\": \"x\"}\n      ]\n    }\n  }\n}",
    );
    let docker = document
        .root()
        .object()
        .unwrap()
        .find("transports")
        .unwrap();
    let scopes = docker
        .object()
        .unwrap()
        .find("docker")
        .unwrap()
        .object()
        .unwrap();
    assert_eq!(scopes.value().path(), "transports.docker");
    let requirement = scopes.members()[0].value.array().unwrap()[0]
        .object()
        .unwrap();
    let member = &requirement.members()[0];
    for (value, column) in [(member.key, 10), (member.value, 26)] {
        assert_eq!(
            value.path(),
            "transports.docker[\"registry.k8s.io\"][0].keyPath"
        );
        assert_eq!(value.position(), Position { line: 5, column });
    }
    assert_eq!(document.root().path(), "");
}

#[test]
fn numbers_out_of_range_are_found_at_any_depth() {
    let check = |text: &str| {
        parse(text)
            .root()
            .check_number_range()
            .map_err(|error| error.to_string())
    };
    for text in [
        "1e308",
        "[1,-1.7e308,{\"a\":1e-999}]",
        "\"1e999\"",
        "[\"\\\"\",\"1e999\"]",
        "[0,-0]",
    ] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
    for text in [
        "1e999",
        "-1E+400",
        "[[[{\"a\":[1,1e999]}]]]",
        "[\"\\\\\",1e309]",
    ] {
        assert!(check(text).is_err(), "{text}");
    }
    let document = parse("{\"a\":\n {\"b\":[0, 1e999]}}");
    let inner = document.root().object().unwrap().find("a").unwrap();
    assert_eq!(
        inner.check_number_range().unwrap_err().to_string(),
        "line 2, column 11: a: the number 1e999 is out of range"
    );
}

#[test]
fn integers_are_judged_as_doubles() {
    let integer = |text: &str| {
        parse(text)
            .root()
            .integer()
            .map_err(|error| error.problem.to_string())
    };
    for (text, expected) in [
        ("0", 0),
        ("-0", 0),
        ("1.0", 1),
        ("10e-1", 1),
        ("1e3", 1000),
        ("-9223372036854775808", i64::MIN),
        ("1700000000", 1_700_000_000),
    ] {
        assert_eq!(integer(text), Ok(expected), "{text}");
    }
    for text in [
        "1.5",
        "9223372036854775807",
        "9223372036854775808",
        "1e300",
        "-1e19",
    ] {
        assert_eq!(
            integer(text).unwrap_err(),
            "expected a 64-bit integer, found a number",
            "{text}"
        );
    }
    assert_eq!(
        integer("1e999").unwrap_err(),
        "the number 1e999 is out of range"
    );
    assert_eq!(
        integer("\"1\"").unwrap_err(),
        "expected a number, found a string"
    );
    assert_eq!(
        integer("null").unwrap_err(),
        "expected a number, found null"
    );
}

#[test]
fn quoting_hides_what_would_disturb_a_terminal() {
    assert_eq!(quoted("a\"b\\c"), r#""a\"b\\c""#);
    assert_eq!(quoted("\x1b[31m\u{202e}é"), r#""\u001b[31m\u202eé""#);
    let long = quoted(&"é".repeat(1000));
    assert_eq!(long.chars().count(), 203);
    assert!(long.ends_with("…\""));
}
