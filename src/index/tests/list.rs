//! What containers/image takes for a list.

use crate::digest::Digest;
use crate::index::list::{LIST_MEDIA_TYPES, ManifestList, may_be_list};

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// An OCI image index with two instances, A and B; in the test cases, one text in it is replaced.
const INDEX: &str = r#"{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [
    {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7, "digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "platform": {"os": "linux", "architecture": "amd64", "os.features": ["x"]}, "urls": ["u"], "annotations": {"k": "v"}},
    {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 8, "digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}
  ],
  "annotations": {"k": "v"}
}"#;

fn with(from: &str, to: &str) -> String {
    let text = INDEX.replacen(from, to, 1);
    assert_ne!(text, INDEX, "{from} does not occur");
    text
}

fn digest(text: &str) -> Digest {
    text.parse().unwrap()
}

#[test]
fn a_list_names_its_instances_and_no_others() {
    let list = ManifestList::parse(INDEX.as_bytes()).unwrap();
    assert!(list.names(&digest(A)));
    assert!(list.names(&digest(B)));
    assert!(!list.names(&Digest::of(b"another")));
    assert!(!list.names(&digest(&format!("sha512:{}", "a".repeat(128)))));
    assert_eq!(list.untrusted_digests(), [A, B]);
}

#[test]
fn what_containers_image_reads_is_read() {
    let oci = LIST_MEDIA_TYPES[1];
    for (from, to) in [
        // The other format, and none that is written.
        (oci, LIST_MEDIA_TYPES[0]),
        (oci, "text/plain"),
        (&format!("\"{oci}\""), "null"),
        // With a media type the version does not count.
        ("\"schemaVersion\": 2", "\"schemaVersion\": 7"),
        // Null is nothing.
        ("{\"k\": \"v\"}", "null"),
        ("\"annotations\": {", "\"layers\": null, \"annotations\": {"),
        ("[\"u\"]", "null"),
        ("\"v\"", "null"),
        // Others' members.
        (
            "\"annotations\": {",
            "\"x\": {\"y\": 1}, \"annotations\": {",
        ),
        ("\"size\": 7", "\"x\": [1], \"size\": 7"),
        ("\"size\": 7", "\"size\": -7"),
    ] {
        let list = ManifestList::parse(with(from, to).as_bytes()).unwrap();
        assert!(list.names(&digest(A)), "{to}");
    }
    for (from, to) in [
        (A, "sha256:abcd"),
        (A, "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        (&format!("\"{A}\""), "null"),
        (&format!("\"digest\": \"{A}\""), "\"x\": 1"),
    ] {
        let list = ManifestList::parse(with(from, to).as_bytes()).unwrap();
        assert!(!list.names(&digest(A)), "{to}");
        assert!(list.names(&digest(B)), "{to}");
    }
    let nothing = with("\"manifests\"", "\"manifest_s\"");
    let list = ManifestList::parse(nothing.as_bytes()).unwrap();
    assert!(list.untrusted_digests().is_empty());
    let null = format!(r#"{{"schemaVersion":2,"manifests":[null,{{"digest":"{A}"}}]}}"#);
    assert!(
        ManifestList::parse(null.as_bytes())
            .unwrap()
            .names(&digest(A))
    );
}

#[test]
fn everything_else_is_refused_with_a_sentence() {
    let oci = LIST_MEDIA_TYPES[1];
    for (from, to, sentence) in [
        (
            "index.v1",
            "manifest.v1",
            "it is the manifest of one image: its media type is `application/vnd.oci.image.manifest.v1+json`",
        ),
        (
            "oci.image.index.v1",
            "docker.distribution.manifest.v2",
            "it is the manifest of one image: its media type is `application/vnd.docker.distribution.manifest.v2+json`",
        ),
        (
            "\"annotations\": {\"k\": \"v\"}\n",
            "\"config\": {}",
            "the member `config` belongs to another kind of manifest",
        ),
        (
            "\"annotations\": {\"k\": \"v\"}\n",
            "\"layers\": []",
            "the member `layers` belongs to another kind of manifest",
        ),
        (
            "\"annotations\": {\"k\": \"v\"}\n",
            "\"Layers\": []",
            "it has the member `layers` in another letter case, so that programs may read it differently",
        ),
        (
            "\"annotations\": {\"k\": \"v\"}\n",
            "\"Manifests\": []",
            "it has the member `manifests` in another letter case, so that programs may read it differently",
        ),
        (
            "\"size\": 7",
            "\"Digest\": \"\"",
            "it has the member `digest` in another letter case, so that programs may read it differently",
        ),
        (
            "\"annotations\": {\"k\": \"v\"}\n",
            "\"manifests\": []",
            "line 9, column 3: manifests: duplicate key \"manifests\", first given at line 4, column 3",
        ),
        (
            "\"size\": 8",
            "\"size\": 8, \"size\": 8",
            "line 7, column 76: manifests[1].size: duplicate key \"size\", first given at line 7, column 65",
        ),
        (
            "\"size\": 8",
            "\"size\": 8.0",
            "line 7, column 73: manifests[1].size: expected a 64-bit integer, found a number",
        ),
        (
            "\"schemaVersion\": 2",
            "\"schemaVersion\": \"2\"",
            "line 2, column 20: schemaVersion: expected a number, found a string",
        ),
        (
            "[\"u\"]",
            "[1]",
            "line 6, column 91: manifests[0].urls[0]: expected a string, found a number",
        ),
        (
            "[\"x\"]",
            "\"x\"",
            "line 6, column 74: manifests[0].platform[\"os.features\"]: expected an array, found a string",
        ),
        (
            "{\"k\": \"v\"}\n",
            "{\"k\": 1}\n",
            "line 9, column 24: annotations.k: expected a string, found a number",
        ),
    ] {
        let error = ManifestList::parse(with(from, to).as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), sentence, "{to}");
    }
    let none = "it has neither the media type of a list, nor the schema version 2 and instances in `manifests`";
    for text in [
        "{}".to_owned(),
        "{\"manifests\": []}".to_owned(),
        "{\"schemaVersion\": 2}".to_owned(),
        "{\"schemaVersion\": 2, \"manifests\": []}".to_owned(),
        format!("{{\"schemaVersion\": 1, \"manifests\": [{{\"digest\": \"{A}\"}}]}}"),
        format!("{{\"manifests\": [{{\"digest\": \"{A}\"}}]}}"),
        INDEX
            .replace(oci, "")
            .replace("\"schemaVersion\": 2", "\"schemaVersion\": 3"),
    ] {
        let error = ManifestList::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), none, "{text}");
    }
    for text in [
        "",
        "null",
        "[]",
        "[1]",
        "{",
        "{}{}",
        "\u{feff}{}",
        "{\"manifests\": {}}",
    ] {
        assert!(ManifestList::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn what_may_be_a_list_is_known() {
    for text in [
        INDEX,
        r#"{"manifests":[]}"#,
        r#"{"Manifests":{}}"#,
        r#"{"manifests":null,"MANIFESTS":1}"#,
        r#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#,
        r#"{"MediaType":"application/vnd.docker.distribution.manifest.list.v2+json"}"#,
        r#"{"mediaType":"x","mediaType":"application/vnd.oci.image.index.v1+json"}"#,
    ] {
        assert!(may_be_list(text.as_bytes()), "{text}");
    }
    for text in [
        "",
        "[]",
        "{}",
        r#"{"manifests":null}"#,
        r#"{"x":{"manifests":[]}}"#,
        r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]}"#,
    ] {
        assert!(!may_be_list(text.as_bytes()), "{text}");
    }
}
