use super::candidates::{self, MAX_CANDIDATES};
use super::kind::DigestCause;
use super::layout::{formatted, other_line_ends, without_trailing};
use super::references;
use crate::digest::{Digest, MAX_MANIFEST_SIZE};

/// A signed manifest of Docker schema 1, in its own layout.
fn schema_1() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/conformance/manifests/schema1/by-digest.json");
    std::fs::read(path).unwrap()
}

#[test]
fn few_are_hashed_whatever_came() {
    let schema_1 = schema_1();
    let with_space = [&schema_1[..], b"\n\n"].concat();
    let crlf = String::from_utf8(schema_1.clone())
        .unwrap()
        .replace('\n', "\r\n");
    let with_mark = format!("\u{feff}{crlf} \n");
    for came in [
        &b""[..],
        b"{}",
        b"\x1F\x8B",
        b"\xFF\xFE",
        b"{ \"a\" : [ 1 , { } ] } ",
        &schema_1,
        &with_space,
        crlf.as_bytes(),
        with_mark.as_bytes(),
    ] {
        let hashed = candidates::of_manifest(came).len();
        assert!((2..=MAX_CANDIDATES).contains(&hashed), "{hashed}");
    }
    // As many as there can be.
    let most = b"{\n\"signatures\": [] } \n";
    assert_eq!(candidates::of_manifest(most).len(), MAX_CANDIDATES);
}

#[test]
fn nothing_larger_than_a_manifest_is_hashed() {
    // Each of these grows: by a line feed, by CRLF, by indentation.
    let lines = [b"[", &vec![b'\n'; MAX_MANIFEST_SIZE - 2][..], b"]"].concat();
    assert_eq!(lines.len(), MAX_MANIFEST_SIZE);
    let causes: Vec<&str> = candidates::of_manifest(&lines)
        .iter()
        .map(|(_, cause)| cause.code())
        .collect();
    assert_eq!(
        causes,
        ["other-algorithm", "other-algorithm", "white-space"]
    );
    let deep = [vec![b'['; 5_000], vec![b']'; 5_000]].concat();
    assert_eq!(formatted(&deep, Some(3)), None);
    assert_eq!(formatted(&deep, None).as_deref(), Some(&deep[..]));
}

/// One byte is worth a thousand in gzip.
#[test]
#[cfg(feature = "_openpgp")]
fn no_bomb_is_unpacked() {
    use std::io::Write as _;

    let pack = |length: usize| {
        let level = flate2::Compression::best();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
        encoder.write_all(&vec![b' '; length]).unwrap();
        encoder.finish().unwrap()
    };
    let unpacked = |packed: &[u8]| {
        let causes = candidates::of_manifest(packed);
        causes.iter().any(|(_, cause)| cause.code() == "gzip")
    };
    assert!(unpacked(&pack(MAX_MANIFEST_SIZE)));
    assert!(!unpacked(&pack(MAX_MANIFEST_SIZE + 1)));
    assert!(!unpacked(&pack(1 << 27)));
}

#[test]
fn json_is_formatted_as_go_formats_it() {
    let value = r#" {"a" : [1,	{ }, [ ] ,"{\"x\": \\"], "b":{"c":-1.0e5}} "#;
    let compact = r#"{"a":[1,{},[],"{\"x\": \\"],"b":{"c":-1.0e5}}"#;
    let indented = r#"{
  "a": [
    1,
    {},
    [],
    "{\"x\": \\"
  ],
  "b": {
    "c": -1.0e5
  }
}"#;
    for text in [value, compact, indented] {
        let format = |indent| String::from_utf8(formatted(text.as_bytes(), indent).unwrap());
        assert_eq!(format(None).unwrap(), compact);
        assert_eq!(format(Some(2)).unwrap(), indented);
    }
}

#[test]
fn lines_and_ends() {
    assert_eq!(without_trailing(b"{} \r\n"), b"{}");
    assert_eq!(without_trailing(b" \n"), b"");
    assert_eq!(other_line_ends(b"{}"), None);
    assert_eq!(
        other_line_ends(b"a\r\nb\nc\rd"),
        Some((b"a\nb\nc\rd".to_vec(), true))
    );
    assert_eq!(
        other_line_ends(b"a\nb\rc"),
        Some((b"a\r\nb\rc".to_vec(), false))
    );
}

#[test]
fn what_a_manifest_names_may_be_anything() {
    for manifest in [
        &b""[..],
        b"null",
        b"[]",
        br#"{"manifests":5,"config":[],"layers":{},"subject":"x"}"#,
        br#"{"manifests":[5,null,{},{"digest":5}],"config":{"digest":null},"layers":[null]}"#,
    ] {
        assert_eq!(references::of_manifest(manifest), []);
    }
    let digest = Digest::of(b"x").to_string();
    let platform = |platform: &str| {
        let list = format!(r#"{{"manifests":[{{"digest":"{digest}","platform":{platform}}}]}}"#);
        match references::of_manifest(list.as_bytes()).as_slice() {
            [(found, DigestCause::InstanceOfThisList { platform })] if *found == digest => {
                platform.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(platform("null"), None);
    assert_eq!(platform(r#"{"os":"linux"}"#), None);
    assert_eq!(
        platform("{\"os\":\"li\\u001bnux\",\"architecture\":\"arm\"}"),
        None
    );
    assert_eq!(
        platform(r#"{"os":"linux","architecture":"arm","variant":"v7"}"#).as_deref(),
        Some("linux/arm/v7")
    );
}
