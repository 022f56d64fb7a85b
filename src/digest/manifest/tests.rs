use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::{MAX_MANIFEST_NESTING, MAX_MANIFEST_SIZE, ManifestError, manifest_digest};
use crate::digest::{Digest, JwsError};

/// A schema 1 manifest as libtrust formats it: what comes before the signatures, and the tail.
const HEAD: &str = "{\n   \"schemaVersion\": 1,\n   \"name\": \"app/web\",\n   \"tag\": \"1.4.2\",\n   \"architecture\": \"amd64\",\n   \
                    \"fsLayers\": [],\n   \"history\": []";
const TAIL: &str = "\n}";

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn protected(length: usize, tail: &str) -> String {
    base64(format!(
        "{{\"formatLength\":{length},\"formatTail\":\"{}\",\"time\":\"2026-01-15T12:00:00Z\"}}",
        base64(tail)
    ))
}

fn key() -> String {
    let coordinate = base64([7; 32]);
    format!("{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{coordinate}\",\"y\":\"{coordinate}\"}}")
}

fn block(protected: &str) -> String {
    format!(
        "{{\"header\": {{\"jwk\": {}, \"alg\": \"ES256\"}}, \"signature\": \"c2ln\", \"protected\": \"{protected}\"}}",
        key()
    )
}

fn signed_with(blocks: &str) -> String {
    format!("{HEAD},\n   \"signatures\": [{blocks}]\n}}")
}

fn signed() -> String {
    signed_with(&block(&protected(HEAD.len(), TAIL)))
}

#[track_caller]
fn assert_plain(manifest: &str) {
    assert_eq!(
        manifest_digest(manifest.as_bytes()),
        Ok(Digest::of(manifest.as_bytes())),
        "{manifest}"
    );
}

#[track_caller]
fn assert_stripped(manifest: &str, payload: &str) {
    assert_eq!(
        manifest_digest(manifest.as_bytes()),
        Ok(Digest::of(payload.as_bytes())),
        "{manifest}"
    );
}

#[track_caller]
fn assert_problem(block: &str, problem: JwsError) {
    assert_eq!(
        manifest_digest(signed_with(block).as_bytes()),
        Err(ManifestError::Signature { number: 1, problem }),
        "{block}"
    );
}

#[test]
fn modern_and_unrecognized_manifests_are_digested_as_they_are() {
    for manifest in [
        "",
        "null",
        "[]",
        "not json",
        "{}",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"signatures\":[]}",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":1,\"signatures\":null}",
        "{\"schemaVersion\":1.0,\"signatures\":[]}",
        "{\"schemaVersion\":1e0,\"signatures\":[]}",
        "{\"schemaVersion\":\"1\",\"signatures\":[]}",
        "{\"schemaVersion\":11,\"signatures\":[]}",
        "{\"schemaVersion\":null,\"signatures\":[]}",
        "{\"signatures\":[]}",
        "{\"schemaVersion\":1,\"signatures\":[]} x",
        "\u{feff}{\"schemaVersion\":1,\"signatures\":[]}",
        "{\"schemaVersion\":1,\"signatures\":[],}",
        "{\"schemaVersion\":1,\"signatures\":[],\"mediaType\":1}",
        "{\"schemaVersion\":2,\"SchemaVersion\":3,\"signatures\":[]}",
        "{\"schemaVersion\":1,\"schemaVersion\":1,\"signatures\":null,\"signatures\":null}",
    ] {
        assert_plain(manifest);
    }
    for media_type in [
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    ] {
        let member = format!("{{\n   \"mediaType\": \"{media_type}\",");
        assert_plain(&signed().replacen('{', &member, 1));
    }
    let invalid_utf8 = b"{\"schemaVersion\":2,\"signatures\":[\"\xff\"]}";
    assert_eq!(manifest_digest(invalid_utf8), Ok(Digest::of(invalid_utf8)));
}

#[test]
fn signed_schema_1_is_digested_without_its_signatures() {
    let payload = format!("{HEAD}{TAIL}");
    assert_stripped(&signed(), &payload);
    // Calculated apart from this code, with Python.
    assert_eq!(
        manifest_digest(signed().as_bytes()).unwrap().to_string(),
        "sha256:7893be6363b517d453d58846b02a5492f4e568b5013188df2dd5f63cab408976"
    );
    // The payload itself, unsigned, has the same digest.
    assert_plain(&payload);

    let one = block(&protected(HEAD.len(), TAIL));
    assert_stripped(&signed_with(&format!("{one}, {one}")), &payload);
    // White space and padding in base64url, and a key that is not there.
    let wrapped = protected(HEAD.len(), TAIL).replacen('e', "e \\n", 1);
    assert_stripped(
        &signed_with(&format!("{{\"header\":{{}},\"protected\":\"{wrapped}\"}}")),
        &payload,
    );
    assert_stripped(
        &signed_with(&format!(
            "{{\"header\":{{\"alg\":null,\"x5c\":[\"a\"]}},\"signature\":null,\"protected\":\"{wrapped}\",\"x\":1}}"
        )),
        &payload,
    );
    // Compact, and with other media types.
    let head = "{\"schemaVersion\":1,\"mediaType\":\"application/vnd.docker.distribution.manifest.v1+prettyjws\"";
    let compact = format!(
        "{head},\"signatures\":[{}]}}",
        block(&protected(head.len(), "}"))
    );
    assert_stripped(&compact, &format!("{head}}}"));
    // Members may have any name, valid UTF-8 or not.
    let head = "{\"\\ud800\":1,\"schemaVersion\":1,\"é\":[[]]";
    let odd = format!(
        "{head} , \"signatures\" :\t[{}]\r\n}}\n",
        block(&protected(head.len(), "\n}\n"))
    );
    assert_stripped(&odd, &format!("{head}\n}}\n"));
    // An RSA key.
    let rsa = block(&protected(HEAD.len(), TAIL))
        .replace(&key(), "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}");
    assert_stripped(&signed_with(&rsa), &payload);
}

#[test]
fn ambiguous_manifests_are_refused() {
    for (addition, member) in [
        ("\"schemaVersion\": 2,", "schemaVersion"),
        ("\"schemaVersion\": null,", "schemaVersion"),
        ("\"SCHEMAVERSION\": 2,", "schemaVersion"),
        ("\"\u{17f}chemaVersion\": 2,", "schemaVersion"),
        ("\"schema\\u0056ersion\": 2,", "schemaVersion"),
        ("\"signatures\": null,", "signatures"),
        ("\"Signatures\": 1,", "signatures"),
        ("\"signature\u{17f}\": 1,", "signatures"),
        (
            "\"mediatype\": \"application/vnd.oci.image.manifest.v1+json\",",
            "mediaType",
        ),
        ("\"mediaType\": \"x\", \"mediaType\": \"x\",", "mediaType"),
    ] {
        let manifest = signed().replacen('{', &format!("{{{addition}"), 1);
        assert_eq!(
            manifest_digest(manifest.as_bytes()),
            Err(ManifestError::Ambiguous { member }),
            "{manifest}"
        );
    }
    for (from, to, member) in [
        ("\"schemaVersion\"", "\"SchemaVersion\"", "schemaVersion"),
        ("\"signatures\"", "\"Signatures\"", "signatures"),
    ] {
        let manifest = signed().replace(from, to);
        assert_eq!(
            manifest_digest(manifest.as_bytes()),
            Err(ManifestError::Ambiguous { member }),
            "{manifest}"
        );
    }
    assert_eq!(
        ManifestError::Ambiguous {
            member: "signatures"
        }
        .to_string(),
        "the manifest has the member `signatures` twice or in an unusual letter case, so that programs may read it differently"
    );
}

#[test]
fn signatures_that_cannot_be_read_are_refused() {
    for signatures in ["1", "{}", "\"x\"", "true", "[1e999]", "[\"\\ud800\"]"] {
        let manifest = format!("{HEAD},\n   \"signatures\": {signatures}\n}}");
        assert_eq!(
            manifest_digest(manifest.as_bytes()),
            Err(ManifestError::SignaturesNotAnArray),
            "{signatures}"
        );
    }
    assert_eq!(
        manifest_digest(signed_with("").as_bytes()),
        Err(ManifestError::NoSignatures)
    );
    for block in ["null", "1", "[]", "\"x\""] {
        assert_problem(block, JwsError::NotAnObject);
    }
    let good = protected(HEAD.len(), TAIL);
    for (block, member, expected) in [
        ("{}".to_owned(), "header", "an object"),
        (
            format!("{{\"header\":null,\"protected\":\"{good}\"}}"),
            "header",
            "an object",
        ),
        (
            format!("{{\"header\":1,\"protected\":\"{good}\"}}"),
            "header",
            "an object",
        ),
        ("{\"header\":{}}".to_owned(), "protected", "a string"),
        (
            "{\"header\":{},\"protected\":null}".to_owned(),
            "protected",
            "a string",
        ),
        (
            "{\"header\":{},\"protected\":[]}".to_owned(),
            "protected",
            "a string",
        ),
        (
            "{\"header\":{},\"protected\":\"\"}".to_owned(),
            "protected",
            "a JSON object",
        ),
        (
            format!("{{\"header\":{{}},\"protected\":\"{}\"}}", base64("[]")),
            "protected",
            "a JSON object",
        ),
        (
            format!("{{\"header\":{{}},\"protected\":\"{}\"}}", base64(b"\xff")),
            "protected",
            "a JSON object",
        ),
        (
            format!("{{\"header\":{{}},\"signature\":1,\"protected\":\"{good}\"}}"),
            "signature",
            "a string",
        ),
        (
            format!("{{\"header\":{{\"alg\":1}},\"protected\":\"{good}\"}}"),
            "header.alg",
            "a string",
        ),
        (
            format!("{{\"header\":{{\"x5c\":\"a\"}},\"protected\":\"{good}\"}}"),
            "header.x5c",
            "an array of strings",
        ),
    ] {
        assert_problem(&block, JwsError::Member { member, expected });
    }
    for header in ["{\"formatTail\":\"Cn0\"}", "{\"formatLength\":1}"] {
        let member = if header.contains("Tail") {
            "protected.formatLength"
        } else {
            "protected.formatTail"
        };
        let expected = if header.contains("Tail") {
            "an integer"
        } else {
            "a string"
        };
        assert_problem(
            &block(&base64(header)),
            JwsError::Member { member, expected },
        );
    }
    for length in ["-1", "1.5", "1e2", "\"1\"", "null", "18446744073709551616"] {
        assert_problem(
            &block(&base64(format!(
                "{{\"formatLength\":{length},\"formatTail\":\"Cn0\"}}"
            ))),
            JwsError::Member {
                member: "protected.formatLength",
                expected: "a non-negative integer",
            },
        );
    }
    assert_problem(
        &block(&base64(
            "{\"formatLength\":1,\"formatLength\":1,\"formatTail\":\"Cn0\"}",
        )),
        JwsError::Ambiguous {
            member: "protected.formatLength",
        },
    );
    assert_problem(
        &format!("{{\"header\":{{}},\"Protected\":\"x\",\"protected\":\"{good}\"}}"),
        JwsError::Ambiguous {
            member: "protected",
        },
    );
    assert_problem(
        &format!("{{\"header\":{{}},\"protected\":\"{good}\",\"header\":{{}}}}"),
        JwsError::Ambiguous { member: "header" },
    );
    for text in ["a", "****", "ab+/", "e30=\\r"] {
        assert_problem(
            &format!("{{\"header\":{{}},\"protected\":\"{text}\"}}"),
            JwsError::Base64 {
                member: "protected",
            },
        );
    }
    assert_problem(
        &block(&base64("{\"formatLength\":1,\"formatTail\":\"a\"}")),
        JwsError::Base64 {
            member: "protected.formatTail",
        },
    );
    for wrong in [
        "null",
        "1",
        "{}",
        "{\"kty\":\"OKP\"}",
        "{\"kty\":\"EC\"}",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\"}",
    ] {
        assert_problem(&block(&good).replace(&key(), wrong), JwsError::Key);
    }
    for (from, to) in [("P-256", "P-384"), ("\"EC\"", "\"ec\"")] {
        assert_problem(&block(&good).replace(from, to), JwsError::Key);
    }
}

#[test]
fn the_payload_must_be_the_manifest_without_its_signatures() {
    let beyond = 1_000_000;
    let manifest = signed_with(&block(&protected(beyond, TAIL)));
    assert_problem(
        &block(&protected(beyond, TAIL)),
        JwsError::TooLong {
            length: 1_000_000,
            size: manifest.len(),
        },
    );
    // Another manifest's payload hidden in the tail, an offset elsewhere, a tail that is more than the end.
    for (length, tail) in [
        (0, format!("{HEAD}{TAIL}").as_str()),
        (0, TAIL),
        (HEAD.len() - 1, TAIL),
        (HEAD.len() + 1, TAIL),
        (HEAD.len(), ""),
        (HEAD.len(), "\n]"),
        (HEAD.len(), "\n}}"),
        (HEAD.len(), ",\"fsLayers\":[]}"),
        (HEAD.len(), "\u{a0}}"),
    ] {
        let manifest = signed_with(&block(&protected(length, tail)));
        assert_eq!(
            manifest_digest(manifest.as_bytes()),
            Err(ManifestError::NotCovered),
            "{length} {tail}"
        );
    }
    // Something unsigned after the signatures.
    let manifest = signed().replace("]\n}", "],\n   \"fsLayers\": []\n}");
    assert_eq!(
        manifest_digest(manifest.as_bytes()),
        Err(ManifestError::NotCovered)
    );
    // In the middle of a character.
    let head = "{\"schemaVersion\":1,\"é\":1";
    let middle = head.find('é').unwrap() + 1;
    let manifest = format!(
        "{head},\"signatures\":[{}]}}",
        block(&protected(middle, "}"))
    );
    assert_eq!(
        manifest_digest(manifest.as_bytes()),
        Err(ManifestError::NotCovered)
    );
    // Two opinions.
    let two = format!(
        "{},{}",
        block(&protected(HEAD.len(), TAIL)),
        block(&protected(HEAD.len(), "}"))
    );
    assert_eq!(
        manifest_digest(signed_with(&two).as_bytes()),
        Err(ManifestError::Conflict { number: 2 })
    );
    let two = format!(
        "{},{}",
        block(&protected(0, TAIL)),
        block(&protected(HEAD.len(), TAIL))
    );
    assert_eq!(
        manifest_digest(signed_with(&two).as_bytes()),
        Err(ManifestError::Conflict { number: 2 })
    );
}

#[test]
fn no_byte_of_a_signed_manifest_is_open() {
    // Whatever one changes outside the signatures, the digest changes or there is none.
    let good = manifest_digest(signed().as_bytes()).unwrap();
    for index in 0..HEAD.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut manifest = signed().into_bytes();
            manifest[index] ^= flip;
            assert_ne!(
                manifest_digest(&manifest).ok().as_ref(),
                Some(&good),
                "{index} {flip}"
            );
        }
    }
}

#[test]
fn bounds() {
    let largest = vec![b' '; MAX_MANIFEST_SIZE];
    assert_eq!(manifest_digest(&largest), Ok(Digest::of(&largest)));
    let larger = vec![b' '; MAX_MANIFEST_SIZE + 1];
    let error = manifest_digest(&larger).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the manifest has 4194305 bytes, but at most 4194304 are read"
    );

    let nested = |depth: usize| {
        let head = format!(
            "{{\"schemaVersion\":1,\"x\":{}{}",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        format!(
            "{head},\"signatures\":[{}]}}",
            block(&protected(head.len(), "}"))
        )
    };
    assert!(manifest_digest(nested(MAX_MANIFEST_NESTING - 1).as_bytes()).is_ok());
    assert_eq!(
        manifest_digest(nested(MAX_MANIFEST_NESTING).as_bytes()),
        Err(ManifestError::TooDeep)
    );
    assert_eq!(
        manifest_digest(nested(1_000_000).as_bytes()),
        Err(ManifestError::TooDeep)
    );
    // Nesting is not what brackets in strings make, and does no harm where it does not matter.
    let brackets = nested(1).replacen("\"x\"", &format!("\"\\\"{}\"", "[".repeat(20_000)), 1);
    assert_eq!(
        manifest_digest(brackets.as_bytes()),
        Err(ManifestError::NotCovered)
    );
    let modern = format!(
        "{{\"schemaVersion\":2,\"x\":{}{}}}",
        "[".repeat(1_000_000),
        "]".repeat(1_000_000)
    );
    assert_plain(&modern);
    assert_plain(&"[".repeat(MAX_MANIFEST_SIZE));
    // Deep signatures.
    let deep = signed_with(&format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)));
    assert_eq!(
        manifest_digest(deep.as_bytes()),
        Err(ManifestError::SignaturesNotAnArray)
    );
    let not_utf8 = signed().replace("amd64", "\u{1}").into_bytes();
    assert!(
        manifest_digest(&not_utf8).is_ok(),
        "a control character is invalid JSON, so this is digested as it is"
    );
    let mut not_utf8 = signed().into_bytes();
    not_utf8[HEAD.find("amd64").unwrap()] = 0xff;
    assert_eq!(manifest_digest(&not_utf8), Err(ManifestError::NotUtf8));
}
