//! Policies that read, and what they read as.

use super::*;

#[test]
fn the_requirements() {
    assert_eq!(
        read_requirement(r#"{"type": "insecureAcceptAnything"}"#),
        Requirement::InsecureAcceptAnything
    );
    assert_eq!(
        read_requirement(r#"{"type": "reject"}"#),
        Requirement::Reject
    );
    assert_eq!(
        read_requirement(r#"{"keyPath": "../k", "type": "signedBy", "keyType": "GPGKeys"}"#),
        signed_by(KeySource::Path("../k".to_owned()))
    );
    assert_eq!(
        read_requirement(
            r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["/a", "b", "b"]}"#
        ),
        signed_by(KeySource::Paths(vec!["/a".into(), "b".into(), "b".into()]))
    );
    assert_eq!(
        read_requirement(r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPaths": []}"#),
        signed_by(KeySource::Paths(vec![]))
    );
    assert_eq!(
        read_requirement(
            r#"{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchRepository"}}"#
        ),
        SignedBaseLayer::new(SignedIdentity::MatchRepository).into()
    );
    let names = [
        "insecureAcceptAnything",
        "reject",
        "signedBy",
        "signedBaseLayer",
        "sigstoreSigned",
    ];
    let samples = [
        r#"{"type": "insecureAcceptAnything"}"#,
        r#"{"type": "reject"}"#,
        r#"{"type": "signedBy", "keyType": "GPGKeys", "keyData": ""}"#,
        r#"{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}"#,
        r#"{"type": "sigstoreSigned", "keyPath": "k"}"#,
    ];
    assert_eq!(
        samples.map(|sample| read_requirement(sample).type_name()),
        names
    );
}

#[test]
fn key_types() {
    for (name, key_type) in [
        ("GPGKeys", KeyType::GpgKeys),
        ("signedByGPGKeys", KeyType::SignedByGpgKeys),
        ("X509Certificates", KeyType::X509Certificates),
        ("signedByX509CAs", KeyType::SignedByX509Cas),
    ] {
        let text = format!(r#"{{"type": "signedBy", "keyType": "{name}", "keyPath": "k"}}"#);
        let Requirement::SignedBy(requirement) = read_requirement(&text) else {
            panic!("{text}")
        };
        assert_eq!(requirement.key_type(), key_type);
        assert_eq!(key_type.name(), name);
    }
}

#[test]
fn base64_as_go_reads_it() {
    let read = |data: &str| {
        let text = format!(r#"{{"type": "signedBy", "keyType": "GPGKeys", "keyData": "{data}"}}"#);
        with_requirement(&text)
            .parse::<Policy>()
            .ok()
            .map(
                |policy| match &policy.default_requirements().as_slice()[0] {
                    Requirement::SignedBy(signed_by) => signed_by.keys().clone(),
                    other => panic!("{other:?}"),
                },
            )
    };
    let data = |bytes: &[u8]| Some(KeySource::Data(bytes.to_vec()));
    for (text, bytes) in [
        ("", &b""[..]),
        ("YQ==", b"a"),
        ("YWI=", b"ab"),
        ("YWJj", b"abc"),
        ("+/+/", b"\xfb\xff\xbf"),
        ("\\u0059Q==", b"a"),
        ("Y\\nQ\\r\\n=\\n=\\n", b"a"),
        ("\\n", b""),
        ("YR==", b"a"),
        ("YWJ=", b"ab"),
    ] {
        assert_eq!(read(text), data(bytes), "{text}");
    }
    for text in [
        "YQ",
        "YQ=",
        "YQ===",
        "Y",
        "=",
        "====",
        "YQ==YQ==",
        "YQ= =",
        " YQ==",
        "YQ==\\t",
        "-_-_",
        "YQ==x",
        "Y=Q=",
        "é",
        "\\u0000",
        "YWJj\\ufeff",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn identities() {
    assert_eq!(
        SignedIdentity::default(),
        SignedIdentity::MatchRepoDigestOrExact
    );
    assert_eq!(
        read_identity(r#"{"type": "matchExact"}"#),
        SignedIdentity::MatchExact
    );
    assert_eq!(
        read_identity(r#"{"type": "matchRepoDigestOrExact"}"#),
        SignedIdentity::MatchRepoDigestOrExact
    );
    assert_eq!(
        read_identity(r#"{"type": "matchRepository"}"#),
        SignedIdentity::MatchRepository
    );
    let exact = read_identity(r#"{"dockerReference": "busybox:1", "type": "exactReference"}"#);
    let SignedIdentity::ExactReference(reference) = &exact else {
        panic!("{exact:?}")
    };
    assert_eq!(
        reference.docker_reference().to_string(),
        "docker.io/library/busybox:1"
    );
    let exact = read_identity(r#"{"type": "exactRepository", "dockerRepository": "a.b/c"}"#);
    let SignedIdentity::ExactRepository(repository) = &exact else {
        panic!("{exact:?}")
    };
    assert_eq!(repository.docker_repository().name(), "a.b/c");
    assert!(ExactRepository::new("busybox:1").is_ok());
    let digest = format!("busybox@sha256:{}", "a".repeat(64));
    assert!(ExactReference::new(&digest).is_ok());
    let remap = read_identity(
        r#"{"type": "remapIdentity", "prefix": "localhost:5000/m", "signedPrefix": "a.b"}"#,
    );
    assert_eq!(
        remap,
        RemapIdentity::new("localhost:5000/m", "a.b")
            .unwrap()
            .into()
    );
}

/// Measured with containers/image: a host by the grammar of references, then path components by it.
#[test]
fn remap_prefixes() {
    let long = "a".repeat(300);
    let hex = "a".repeat(64);
    for prefix in [
        "example.com",
        "Example.COM",
        "host:5000",
        "localhost",
        "library",
        "ns/repo",
        "Foo",
        "Foo/bar",
        "FOO.com/x",
        "1",
        "127.0.0.1:80/x",
        "docker.io",
        "docker.io/busybox",
        "foo/bar_baz",
        "foo/a--b",
        "foo/a__b",
        "h.com/a.b",
        "h.com:123456789",
        &long,
        &hex,
    ] {
        assert!(RemapIdentity::new(prefix, "a").is_ok(), "{prefix}");
        assert!(RemapIdentity::new("a", prefix).is_ok(), "{prefix}");
    }
    for prefix in [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "-",
        "-a",
        "a-",
        "a..b",
        "a.",
        ".a",
        "a_b",
        "a__b/x",
        "host:",
        "host:/a",
        ":80",
        "host:8o",
        "foo:tag",
        "a/b:1",
        "a/b@",
        "a/B",
        "a/-b",
        "a/b-",
        "a/b___c",
        "a/b..c",
        "a/b._c",
        "[::1]",
        "[::1]:5000",
        "*.com",
        "é",
        "a/é",
        " a",
        "a b",
        "a/b\n",
        "busybox@sha256:aa",
        "https://a",
    ] {
        let error = RemapIdentity::new(prefix, "a").unwrap_err();
        assert!(
            matches!(&error, InvalidPolicy::RemapPrefix { key: "prefix", value } if value == prefix)
        );
        let error = RemapIdentity::new("a", prefix).unwrap_err();
        assert!(matches!(
            error,
            InvalidPolicy::RemapPrefix {
                key: "signedPrefix",
                ..
            }
        ));
    }
}

#[test]
fn sigstore() {
    let trust =
        |rest: &str| match read_requirement(&format!(r#"{{"type": "sigstoreSigned", {rest}}}"#)) {
            Requirement::SigstoreSigned(requirement) => requirement.trust().clone(),
            other => panic!("{other:?}"),
        };
    let keys = |keys| SigstoreTrust::Keys { keys, rekor: None };
    assert_eq!(
        trust(r#""keyPath": "k""#),
        keys(SigstoreKeys::Path("k".into()))
    );
    assert_eq!(
        trust(r#""keyPaths": ["k", ""]"#),
        keys(SigstoreKeys::Paths(vec!["k".into(), "".into()]))
    );
    assert_eq!(
        trust(r#""keyData": "YQ==""#),
        keys(SigstoreKeys::Data(b"a".to_vec()))
    );
    assert_eq!(
        trust(r#""keyDatas": ["YQ==", ""]"#),
        keys(SigstoreKeys::Datas(vec![b"a".to_vec(), vec![]]))
    );
    assert_eq!(
        trust(r#""rekorPublicKeyDatas": ["YQ=="], "keyPath": "k""#),
        SigstoreTrust::Keys {
            keys: SigstoreKeys::Path("k".into()),
            rekor: Some(SigstoreKeys::Datas(vec![b"a".to_vec()])),
        }
    );
    let fulcio = Fulcio::new(CertificateSource::Data(b"a".to_vec()), "i", "s").unwrap();
    assert_eq!(
        trust(
            r#""fulcio": {"caData": "YQ==", "oidcIssuer": "i", "subjectEmail": "s"}, "rekorPublicKeyPath": "r""#
        ),
        SigstoreTrust::Fulcio {
            fulcio,
            rekor: SigstoreKeys::Path("r".into())
        }
    );
    let pki = Pki::new(
        CertificateSource::Path("c".into()),
        None,
        None,
        Some("h".into()),
    )
    .unwrap();
    for rest in [
        "",
        r#", "subjectEmail": """#,
        r#", "caIntermediatesPath": "", "caIntermediatesData": """#,
        r#", "caIntermediatesData": "\n""#,
    ] {
        let text = format!(r#""pki": {{"caRootsPath": "c", "subjectHostname": "h"{rest}}}"#);
        assert_eq!(trust(&text), SigstoreTrust::Pki(pki.clone()));
    }
    let text = r#""pki": {"caRootsPath": "c", "subjectHostname": "h", "caIntermediatesPath": "",
        "caIntermediatesData": "YQ=="}"#;
    let SigstoreTrust::Pki(pki) = trust(text) else {
        panic!("{text}")
    };
    assert_eq!(
        pki.ca_intermediates(),
        Some(&CertificateSource::Data(b"a".to_vec()))
    );
}

#[test]
fn strings_that_are_not_unicode() {
    let read_path = |path: &[u8]| {
        let mut text =
            br#"{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": ""#.to_vec();
        text.extend_from_slice(path);
        text.extend_from_slice(br#""}]}"#);
        Policy::from_slice(&text)
            .unwrap()
            .default_requirements()
            .as_slice()[0]
            .clone()
    };
    let replaced = signed_by(KeySource::Path("a\u{fffd}b".into()));
    assert_eq!(read_path(b"a\xffb"), replaced);
    assert_eq!(read_path(br"a\ud800b"), replaced);
}

#[test]
fn policies_that_differ_in_spelling_only_are_equal() {
    let policy = read(
        r#"{"transports": {"docker": {"a": [{"type": "reject"}], "b": [{"type": "reject"}]}}, "default": [{"type": "reject"}]}"#,
    );
    let other = read(
        "\n{\"default\" : [ {\"typ\\u0065\":\"reject\"} ] , \"transports\":{\"docker\":{\"b\":[{\"type\":\"reject\"}],\"a\":[{\"type\":\"reject\"}]}}}\n",
    );
    assert_eq!(policy, other);
    assert_ne!(policy, Policy::new(Requirement::Reject));
}

#[test]
fn written_policies() {
    let reject = Policy::new(Requirement::Reject);
    assert_eq!(
        reject.to_json(),
        "{\n  \"default\": [\n    {\n      \"type\": \"reject\"\n    }\n  ]\n}"
    );
    let policy = read(
        r#"{"default": [{"type": "reject"}], "transports": {"docker": {}, "dir": {"": [
            {"type": "signedBy", "keyType": "GPGKeys", "keyData": "+/+/\n",
             "signedIdentity": {"type": "exactReference", "dockerReference": "busybox:1"}}]}}}"#,
    );
    assert_eq!(
        serde_json::to_string(&policy).unwrap(),
        r#"{"default":[{"type":"reject"}],"transports":{"dir":{"":[{"type":"signedBy","keyType":"GPGKeys","keyData":"+/+/","signedIdentity":{"type":"exactReference","dockerReference":"docker.io/library/busybox:1"}}]},"docker":{}}}"#
    );
    assert_eq!(read(&policy.to_json()), policy);
}

#[test]
fn odd_texts_read_back_equal() {
    for text in [
        "\"",
        "\\",
        "\u{0}",
        "\u{7f}",
        "\u{fffd}",
        "😀",
        "a\nb",
        "\u{2028}",
        "</script>",
    ] {
        let policy = Policy::builder(signed_by(KeySource::Path(text.to_owned())))
            .scope("ostree", text, Requirement::Reject)
            .scope(text, "x", Requirement::Reject)
            .build()
            .unwrap();
        assert_eq!(read(&policy.to_json()), policy);
    }
}

#[test]
fn nesting_ends_in_an_error() {
    for open in ["[", "{\"default\":", "{\"default\":[", "{\"transports\":"] {
        for times in [1_000, 10_000, 300_000] {
            assert!(open.repeat(times).parse::<Policy>().is_err());
        }
    }
    let deep = format!(
        r#"{{"default": {}{}}}"#,
        "[".repeat(9_999),
        "]".repeat(9_999)
    );
    assert_eq!(problem(&deep), "expected an object, found an array");
    let deeper = format!(
        r#"{{"default": {}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert_eq!(
        problem(&deeper),
        "arrays and objects are nested more than 10000 levels deep"
    );
}
