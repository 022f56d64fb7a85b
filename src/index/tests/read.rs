//! What an index has to be.

use crate::digest::{Digest, MAX_MANIFEST_SIZE};
use crate::index::{Index, IndexError, Instance, Platform};

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha512:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// As buildkit writes it, with an attestation; in the test cases, one text in it is replaced.
const INDEX: &str = r#"{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [
    {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7, "digest": "DIGEST-A",
     "platform": {"os": "windows", "architecture": "arm64", "variant": "v8", "os.version": "10.0", "os.features": ["win32k"]}},
    {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 0, "digest": "DIGEST-B",
     "annotations": {"vnd.docker.reference.type": "attestation-manifest"}, "platform": {"os": "unknown", "architecture": "unknown"}}
  ]
}"#;

fn index() -> String {
    INDEX.replace("DIGEST-A", A).replace("DIGEST-B", B)
}

fn with(from: &str, to: &str) -> String {
    let text = index().replacen(from, to, 1);
    assert_ne!(text, index(), "{from} does not occur");
    text
}

#[test]
fn everything_is_there() {
    let read = Index::parse(index().as_bytes()).unwrap().unwrap();
    assert_eq!(read.media_type(), "application/vnd.oci.image.index.v1+json");
    let first = Instance::new(MANIFEST, A.parse().unwrap(), 7).with_platform(
        Platform::new("windows", "arm64")
            .with_variant("v8")
            .with_os_version("10.0")
            .with_os_features(["win32k"]),
    );
    let second = Instance::new(MANIFEST, B.parse().unwrap(), 0)
        .with_platform(Platform::new("unknown", "unknown"))
        .with_annotation("vnd.docker.reference.type", "attestation-manifest");
    assert_eq!(read.instances(), [first.clone(), second.clone()]);
    assert_eq!(read.instance(&A.parse().unwrap()), Some(&first));
    assert_eq!(read.instance(&B.parse().unwrap()), Some(&second));
    assert_eq!(read.instance(&Digest::of(b"another")), None);
    let platform = first.platform().unwrap();
    assert_eq!(platform.to_string(), "windows/arm64/v8");
    assert_eq!(platform.os_version(), Some("10.0"));
    assert_eq!(platform.os_features(), ["win32k"]);
}

#[test]
fn what_need_not_be_there_is_nothing() {
    for (from, to) in [
        (
            "\"mediaType\": \"application/vnd.oci.image.index.v1+json\",",
            "",
        ),
        ("\"application/vnd.oci.image.index.v1+json\"", "null"),
        (
            "{\"vnd.docker.reference.type\": \"attestation-manifest\"}",
            "null",
        ),
        ("[\"win32k\"]", "null"),
        ("\"schemaVersion\"", "\"x\": {\"y\": 1}, \"schemaVersion\""),
    ] {
        let read = Index::parse(with(from, to).as_bytes()).unwrap().unwrap();
        assert_eq!(read.instances().len(), 2, "{to}");
        assert_eq!(read.media_type(), "application/vnd.oci.image.index.v1+json");
    }
    let without = with(
        ",\n     \"platform\": {\"os\": \"windows\", \"architecture\": \"arm64\", \"variant\": \"v8\", \"os.version\": \"10.0\", \"os.features\": [\"win32k\"]}",
        "",
    );
    let read = Index::parse(without.as_bytes()).unwrap().unwrap();
    assert_eq!(read.instances()[0].platform(), None);
    let docker = "application/vnd.docker.distribution.manifest.list.v2+json";
    let text = with("application/vnd.oci.image.index.v1+json", docker);
    let read = Index::parse(text.as_bytes()).unwrap().unwrap();
    assert_eq!(read.media_type(), docker);
    let empty = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
    let read = Index::parse(empty.as_bytes()).unwrap().unwrap();
    assert!(read.instances().is_empty());
}

#[test]
fn what_nobody_takes_for_an_index_is_none() {
    for text in [
        "{}",
        "[]",
        "null",
        r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[]}"#,
        r#"{"schemaVersion":1,"fsLayers":[],"history":[],"signatures":[]}"#,
        r#"{"schemaVersion":2,"manifests":null}"#,
        r#"{"config":{"manifests":[]}}"#,
    ] {
        assert_eq!(Index::parse(text.as_bytes()), Ok(None), "{text}");
    }
}

#[test]
fn everything_else_is_refused_with_a_sentence() {
    let oci = "application/vnd.oci.image.index.v1+json";
    let no_index = "the manifest has `manifests` as an index has, but neither the media type of one, nor the schema version 2 and instances";
    for (from, to, sentence) in [
        (
            "\"size\": 7",
            "\"size\": -7",
            "instance 1 of the index: its size must not be negative, but is -7",
        ),
        (
            "\"size\": 7",
            "\"x\": 7",
            "instance 1 of the index: it has no `size`",
        ),
        (
            "\"size\": 7",
            "\"size\": null",
            "instance 1 of the index: it has no `size`",
        ),
        (
            "\"size\": 7",
            "\"size\": 7.5",
            "line 5, column 73: manifests[0].size: expected a 64-bit integer, found a number",
        ),
        (
            "\"size\": 7",
            "\"size\": 9223372036854775808",
            "line 5, column 73: manifests[0].size: expected a 64-bit integer, found a number",
        ),
        (
            "\"size\": 7",
            "\"size\": \"7\"",
            "line 5, column 73: manifests[0].size: expected a number, found a string",
        ),
        (
            "\"size\": 7",
            "\"size\": 7, \"size\": 7",
            "line 5, column 76: manifests[0].size: duplicate key \"size\", first given at line 5, column 65",
        ),
        (
            "\"size\": 7",
            "\"size\": 7, \"si\\u007ae\": 7",
            "line 5, column 76: manifests[0].size: duplicate key \"size\", first given at line 5, column 65",
        ),
        (
            "\"size\": 7",
            "\"Size\": 7",
            "the index has the member `size` in another letter case, so that programs may read it differently",
        ),
        (
            A,
            "sha256:AAAA",
            "instance 1 of the index: a digest has only lower-case hexadecimal digits, but this one has `A`",
        ),
        (
            A,
            "md5:00",
            "instance 1 of the index: the digest algorithm `md5` is not supported: it must be sha256, sha384 or sha512",
        ),
        (A, "", "instance 1 of the index: it has no `digest`"),
        (
            MANIFEST,
            "",
            "instance 1 of the index: it has no `mediaType`",
        ),
        (
            "\"v8\"",
            "8",
            "line 6, column 72: manifests[0].platform.variant: expected a string, found a number",
        ),
        (
            "\"attestation-manifest\"",
            "true",
            "line 8, column 51: manifests[1].annotations[\"vnd.docker.reference.type\"]: expected a string, found a boolean",
        ),
        (
            "\"schemaVersion\": 2",
            "\"schemaVersion\": 1",
            "the `schemaVersion` of the index must be 2, but is `1`",
        ),
        (
            "\"schemaVersion\": 2",
            "\"x\": 2",
            "the `schemaVersion` of the index must be 2, but there is none",
        ),
        (
            oci,
            "text/plain",
            "the manifest has `manifests` as an index has, but the media type `text/plain`",
        ),
        (
            oci,
            MANIFEST,
            "the manifest has `manifests` as an index has, but the media type `application/vnd.oci.image.manifest.v1+json`",
        ),
        (
            "\"schemaVersion\"",
            "\"layers\": [], \"schemaVersion\"",
            "the index has the member `layers`, which belongs to another kind of manifest",
        ),
    ] {
        let error = Index::parse(with(from, to).as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), sentence, "{to}");
    }
    for (text, sentence) in [
        ("", "line 1, column 1: the document is empty"),
        (
            "{",
            "line 1, column 2: the document ends before its JSON is complete",
        ),
        (r#"{"manifests":[]}"#, no_index),
        (r#"{"schemaVersion":2,"manifests":[]}"#, no_index),
        (
            r#"{"schemaVersion":3,"mediaType":"text/plain","manifests":[{}]}"#,
            no_index,
        ),
        (
            r#"{"schemaVersion":2,"Manifests":[]}"#,
            "the index has the member `manifests` in another letter case, so that programs may read it differently",
        ),
        (
            r#"{"schemaVersion":2,"manifests":[{}]}"#,
            "instance 1 of the index: it has no `mediaType`",
        ),
        (
            r#"{"schemaVersion":2,"manifests":[null]}"#,
            "instance 1 of the index: it has no `mediaType`",
        ),
        (
            r#"{"schemaVersion":2,"manifests":{}}"#,
            "line 1, column 32: manifests: expected an array, found an object",
        ),
    ] {
        let error = Index::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), sentence, "{text}");
    }
}

#[test]
fn size_and_nesting_are_bounded() {
    let mut text = index();
    text.push_str(&" ".repeat(MAX_MANIFEST_SIZE - text.len()));
    assert!(Index::parse(text.as_bytes()).unwrap().is_some());
    text.push(' ');
    assert_eq!(
        Index::parse(text.as_bytes()),
        Err(IndexError::TooLarge {
            size: MAX_MANIFEST_SIZE + 1
        })
    );
    let nested = |depth: usize| {
        let nested = format!(
            "\"x\": {}{}, \"schemaVersion\"",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        Index::parse(with("\"schemaVersion\"", &nested).as_bytes())
    };
    assert!(nested(9_999).unwrap().is_some());
    assert_eq!(
        nested(10_000).unwrap_err().to_string(),
        "line 2, column 10007: arrays and objects are nested more than 10000 levels deep"
    );
    // As many instances as there is room for.
    let one = format!("{{\"mediaType\":\"x\",\"size\":1,\"digest\":\"{A}\"}}");
    let many = vec![one.as_str(); MAX_MANIFEST_SIZE / (one.len() + 1) - 1].join(",");
    let text = format!("{{\"schemaVersion\":2,\"manifests\":[{many}]}}");
    let read = Index::parse(text.as_bytes()).unwrap().unwrap();
    assert!(read.instances().len() > 30_000);
    assert!(read.choose_for(&Platform::new("linux", "amd64")).is_some());
}
