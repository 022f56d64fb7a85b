#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

use super::{Reference, ReferenceError};
use crate::digest::Digest;

fn hex(digits: usize) -> String {
    "0123456789abcdef".repeat(8)[..digits].to_owned()
}

/// A name of exactly so many bytes, host included.
fn name_of(length: usize) -> String {
    format!("h.example/{}", "a".repeat(length - "h.example/".len()))
}

#[test]
fn good_references_expand() {
    let sha256 = format!("sha256:{}", hex(64));
    let sha384 = format!("sha384:{}", hex(96));
    let sha512 = format!("sha512:{}", hex(128));
    let cases: Vec<(String, String)> = [
        ("busybox", "docker.io/library/busybox"),
        ("busybox:1.2", "docker.io/library/busybox:1.2"),
        ("busybox:Latest", "docker.io/library/busybox:Latest"),
        ("library/busybox", "docker.io/library/busybox"),
        ("docker.io/busybox", "docker.io/library/busybox"),
        ("docker.io/library/busybox", "docker.io/library/busybox"),
        ("index.docker.io/busybox", "docker.io/library/busybox"),
        ("index.docker.io/ns/app", "docker.io/ns/app"),
        ("index.docker.io:443/app", "index.docker.io:443/app"),
        ("docker.io:443/app", "docker.io:443/app"),
        ("Docker.io/app", "Docker.io/app"),
        ("INDEX.docker.io/app", "INDEX.docker.io/app"),
        (
            "registry-1.docker.io/library/app",
            "registry-1.docker.io/library/app",
        ),
        ("ns/app", "docker.io/ns/app"),
        ("a/b/c/d", "docker.io/a/b/c/d"),
        ("localhost", "docker.io/library/localhost"),
        ("localhost/app", "localhost/app"),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
        ("app:5000", "docker.io/library/app:5000"),
        ("h.example:5000", "docker.io/library/h.example:5000"),
        ("h.example:5000/app", "h.example:5000/app"),
        ("h:5000/app", "h:5000/app"),
        ("h.example:5000/ns/app:tag", "h.example:5000/ns/app:tag"),
        ("127.0.0.1/app", "127.0.0.1/app"),
        ("127.0.0.1:80/app", "127.0.0.1:80/app"),
        ("xn--n3h.com/app", "xn--n3h.com/app"),
        ("H.EXAMPLE/app", "H.EXAMPLE/app"),
        ("a.b/app", "a.b/app"),
        ("a_b/app", "docker.io/a_b/app"),
        ("a__b/app", "docker.io/a__b/app"),
        ("a-b--c---d/app", "docker.io/a-b--c---d/app"),
        ("a.b_c__d-e", "docker.io/library/a.b_c__d-e"),
        ("0/1", "docker.io/0/1"),
        ("app:_", "docker.io/library/app:_"),
        ("app:0.-_Z", "docker.io/library/app:0.-_Z"),
        // A host with an underscore is no host; the grammar then takes it for a part of the path.
        ("my_host.example/app", "my_host.example/app"),
        ("my_host.example/app:1", "my_host.example/app:1"),
    ]
    .into_iter()
    .map(|(text, expanded)| (text.to_owned(), expanded.to_owned()))
    .chain([
        (
            format!("app@{sha256}"),
            format!("docker.io/library/app@{sha256}"),
        ),
        (
            format!("app@{sha384}"),
            format!("docker.io/library/app@{sha384}"),
        ),
        (
            format!("app@{sha512}"),
            format!("docker.io/library/app@{sha512}"),
        ),
        (
            format!("app:1@{sha256}"),
            format!("docker.io/library/app:1@{sha256}"),
        ),
        (format!("h:1/app:1@{sha256}"), format!("h:1/app:1@{sha256}")),
        (
            format!("ns/{}", hex(64)),
            format!("docker.io/ns/{}", hex(64)),
        ),
        (
            format!("{}:tag", hex(64)),
            format!("docker.io/library/{}:tag", hex(64)),
        ),
        (hex(63), format!("docker.io/library/{}", hex(63))),
        (hex(65), format!("docker.io/library/{}", hex(65))),
        (
            format!("app:{}", "t".repeat(128)),
            format!("docker.io/library/app:{}", "t".repeat(128)),
        ),
        (name_of(255), name_of(255)),
        (format!("{}:1", name_of(255)), format!("{}:1", name_of(255))),
        // `docker.io/library/` counts as well.
        (
            "a".repeat(237),
            format!("docker.io/library/{}", "a".repeat(237)),
        ),
    ])
    .collect();
    for (text, expanded) in cases {
        let reference =
            Reference::parse_normalized(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(reference.to_string(), expanded, "{text}");
        assert_eq!(
            Reference::parse_normalized(&expanded).unwrap(),
            reference,
            "normalizing is idempotent: {text}"
        );
        assert_eq!(
            Reference::parse_expanded(&expanded).unwrap(),
            reference,
            "{text}"
        );
        assert_eq!(
            Reference::parse_expanded(&text).is_ok(),
            text == expanded,
            "{text}"
        );
        if !reference.domain().is_empty() {
            assert_eq!(
                format!("{}/{}", reference.domain(), reference.path()),
                reference.name(),
                "{text}"
            );
        }
    }
}

#[test]
fn bad_references_are_refused() {
    let sha256 = format!("sha256:{}", hex(64));
    let cases: Vec<String> = [
        "",
        " ",
        "/",
        ":",
        "@",
        ":tag",
        "/app",
        "app/",
        "app//b",
        "docker.io/",
        "docker.io//app",
        "h.example/",
        "h.example//",
        "App",
        "ns/App",
        "NS/app",
        "LOCALHOST/app",
        "h.example/App",
        "app:",
        "app:1:2",
        "app:tag/",
        "app: tag",
        "app :tag",
        "app:.a",
        "app:-a",
        "app:a+b",
        "app:é",
        "app:1\n",
        "app\n",
        "\napp",
        "app\0",
        "é",
        "ÄPP",
        "app@",
        "app@sha256",
        "app@sha256:",
        "app@tag",
        "-app",
        "app-",
        ".app",
        "app.",
        "_app",
        "app_",
        "a..b",
        "a._b",
        "a___b",
        "a_-b",
        "a-.b",
        "a/-b/c",
        "-h.example/app",
        "h-.example/app",
        "h..example/app",
        ".h/app",
        "h./app",
        "h.example:/app",
        "h.example:port/app",
        "h.example:80:80/app",
        "h.example:+80/app",
        ":80/app",
        "my_host.example:80/app",
        "My_host.example/app",
        "[::1]/app",
        "[::1]:5000/app",
        "::1/app",
        "user@h.example/app",
        "https://h.example/app",
        "docker://app",
        "<h>.example/app",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([
        hex(64),
        hex(64).to_uppercase(),
        format!("app@{sha256}:tag"),
        format!("app@{sha256}@{sha256}"),
        format!("@{sha256}"),
        format!("app@SHA256:{}", hex(64)),
        format!("app@sha256:{}", hex(64).to_uppercase()),
        format!("app@sha256:{}", hex(63)),
        format!("app@sha256:{}", hex(65)),
        format!("app@sha384:{}", hex(64)),
        format!("app@md5:{}", hex(32)),
        format!("app@sha1:{}", hex(40)),
        format!("app:{}", "t".repeat(129)),
        name_of(256),
        format!("{}:1", name_of(256)),
        "a".repeat(238),
        "a/".repeat(100_000),
    ])
    .collect();
    for text in cases {
        if let Ok(reference) = Reference::parse_normalized(&text) {
            panic!("{text} was read as {reference}");
        }
    }
}

#[test]
fn errors_say_which_rule_and_what_was_found() {
    let long = name_of(256);
    for (text, sentence) in [
        ("", "a reference must not be empty".to_owned()),
        (&hex(64), format!("`{}` is an image ID (64 hexadecimal digits), not a repository name", hex(64))),
        ("h.example/My/ApP", "the repository path `My/ApP` must be in lower case, but has `MAP`".to_owned()),
        ("h.example/AA:Tag", "the repository path `AA` must be in lower case, but has `A`".to_owned()),
        (
            "[::1]:5000/app",
            "`[::1]:5000` is not a registry host: it must be a host name or an IPv4 address, made of letters, digits, `-` \
             and `.`, with an optional numeric port"
                .to_owned(),
        ),
        (
            "ns//app",
            "the repository path `ns//app` has the invalid part ``: each part between slashes must be lower-case letters \
             and digits, joined by `.`, `_`, `__` or dashes"
                .to_owned(),
        ),
        (
            "app:.x",
            "`.x` is not a tag: it must be 1 to 128 letters, digits, `_`, `.` and `-`, and not begin with `.` or `-`"
                .to_owned(),
        ),
        (
            "app@sha1:00",
            "the reference has an invalid digest: the digest algorithm `sha1` is not supported: it must be sha256, sha384 \
             or sha512"
                .to_owned(),
        ),
        // The quoted name is cut.
        (&long, format!("the name `{}…` has 256 characters, but at most 255 are allowed", &long[..200])),
    ] {
        assert_eq!(Reference::parse_normalized(text).unwrap_err().to_string(), sentence, "{text}");
    }
    assert_eq!(
        Reference::parse_expanded("busybox")
            .unwrap_err()
            .to_string(),
        "`busybox` is not a fully expanded reference: in full it is `docker.io/library/busybox`"
    );
    assert_eq!(
        Reference::parse_expanded("index.docker.io/a/b").unwrap_err(),
        ReferenceError::NotExpanded {
            found: "index.docker.io/a/b".into(),
            expanded: "docker.io/a/b".into()
        }
    );
}

#[test]
fn parts() {
    let digest = format!("sha256:{}", hex(64));
    let reference =
        Reference::parse_normalized(&format!("h.example:5000/ns/app:1.2@{digest}")).unwrap();
    assert_eq!(reference.domain(), "h.example:5000");
    assert_eq!(reference.path(), "ns/app");
    assert_eq!(reference.name(), "h.example:5000/ns/app");
    assert_eq!(reference.tag(), Some("1.2"));
    assert_eq!(reference.digest().unwrap().to_string(), digest);
    assert!(!reference.is_name_only());
    assert_eq!(reference.clone().with_default_tag(), reference);
    assert_eq!(
        serde_json::to_string(&reference).unwrap(),
        format!("\"{reference}\"")
    );

    let reference = Reference::parse_normalized("app").unwrap();
    assert!(reference.is_name_only());
    assert_eq!(
        reference.with_default_tag().to_string(),
        "docker.io/library/app:latest"
    );
    let reference = Reference::parse_normalized(&format!("app@{digest}")).unwrap();
    assert_eq!(reference.clone().with_default_tag(), reference);

    let reference = Reference::parse_normalized("my_host.example/app").unwrap();
    assert_eq!(
        (reference.domain(), reference.path()),
        ("", "my_host.example/app")
    );
}

#[test]
fn domains_and_prefixes() {
    for (text, domain, prefix) in [
        ("h.example", true, true),
        ("h.example:5000", true, true),
        ("library", true, true),
        ("H.Example", true, true),
        ("h.example/ns", false, true),
        ("h.example:5000/ns/app", false, true),
        ("ns/app", false, true),
        ("h.example/", false, false),
        ("h.example/ns/", false, false),
        ("h.example/Ns", false, false),
        ("h.example/ns:tag", false, false),
        ("h.example/ns@sha256:00", false, false),
        ("/ns", false, false),
        ("", false, false),
        ("h.example:", false, false),
        ("[::1]", false, false),
        ("h_x.example/ns", false, false),
        ("*.example", false, false),
    ] {
        assert_eq!(Reference::is_domain(text), domain, "{text}");
        assert_eq!(Reference::is_name_prefix(text), prefix, "{text}");
    }
}

#[test]
fn a_tag_can_be_taken_off() {
    let digest = format!("@sha256:{}", hex(64));
    for (text, without) in [
        ("h.example/app:1".to_owned(), "h.example/app".to_owned()),
        ("h.example/app".to_owned(), "h.example/app".to_owned()),
        (
            format!("h.example:5000/app:1{digest}"),
            format!("h.example:5000/app{digest}"),
        ),
        (
            format!("h.example/app{digest}"),
            format!("h.example/app{digest}"),
        ),
    ] {
        let reference: Reference = text.parse().unwrap();
        assert_eq!(reference.without_tag().to_string(), without, "{text}");
    }
}

#[test]
fn parts_that_belong_together_make_a_reference() {
    let digest = format!("sha256:{}", hex(64));
    for (domain, path, tag, digest) in [
        ("docker.io", "library/busybox", Some("1"), None),
        ("docker.io", "ns/app", None, None),
        ("h.example:5000", "a/b/c", None, Some(digest.as_str())),
        ("localhost", "app", Some("1"), Some(digest.as_str())),
        // An image ID is one only where it could be the whole text.
        ("h.example", &hex(64), None, None),
    ] {
        let reference = Reference::from_parts(domain, path, tag, digest).unwrap();
        assert_eq!(reference.domain(), domain);
        assert_eq!(reference.path(), path);
        assert_eq!(reference.tag(), tag);
        assert_eq!(reference.digest().map(Digest::as_str), digest);
        let text = reference.to_string();
        assert_eq!(Reference::parse_expanded(&text).unwrap(), reference);
    }
}

#[test]
fn parts_that_would_be_read_otherwise_are_refused() {
    let id = hex(64);
    let upper = format!("sha256:{}", "A".repeat(64));
    for (domain, path, tag, digest, sentence) in [
        // A host that is none, or one with a part of the path.
        ("", "app", None, None, domain_sentence("")),
        ("registry", "app", None, None, domain_sentence("registry")),
        ("a.b/c", "d", None, None, domain_sentence("a.b/c")),
        ("my_host.example", "app", None, None, domain_sentence("my_host.example")),
        ("a.b@c", "d", None, None, domain_sentence("a.b@c")),
        // A path that is not in full, or has more in it.
        (
            "docker.io",
            "busybox",
            None,
            None,
            "`docker.io/busybox` is not a fully expanded reference: in full it is `docker.io/library/busybox`".to_owned(),
        ),
        (
            "index.docker.io",
            "ns/app",
            None,
            None,
            "`index.docker.io/ns/app` is not a fully expanded reference: in full it is `docker.io/ns/app`".to_owned(),
        ),
        ("h.example", "", None, None, component_sentence("", "")),
        ("h.example", "app:1", None, None, component_sentence("app:1", "app:1")),
        ("h.example", "/app", None, None, component_sentence("/app", "")),
        ("h.example", "a/../b", None, None, component_sentence("a/../b", "..")),
        (
            "docker.io",
            "Foo/bar",
            None,
            None,
            "the repository path `Foo/bar` must be in lower case, but has `F`".to_owned(),
        ),
        (
            "docker.io",
            &format!("library/{id}"),
            None,
            None,
            format!("`{id}` is an image ID (64 hexadecimal digits), not a repository name"),
        ),
        (
            "h.example",
            "app",
            Some("1@x"),
            None,
            "`1@x` is not a tag: it must be 1 to 128 letters, digits, `_`, `.` and `-`, and not begin with `.` or `-`".to_owned(),
        ),
        (
            "h.example",
            "app",
            None,
            Some(upper.as_str()),
            "the reference has an invalid digest: a digest has only lower-case hexadecimal digits, but this one has `A`".to_owned(),
        ),
    ] {
        let error = Reference::from_parts(domain, path, tag, digest).unwrap_err();
        assert_eq!(error.to_string(), sentence, "{domain} {path}");
    }
}

fn domain_sentence(found: &str) -> String {
    format!(
        "`{found}` is not a registry host: it must be a host name or an IPv4 address, made of letters, digits, `-` and `.`, \
         with an optional numeric port"
    )
}

fn component_sentence(path: &str, found: &str) -> String {
    format!(
        "the repository path `{path}` has the invalid part `{found}`: each part between slashes must be lower-case letters \
         and digits, joined by `.`, `_`, `__` or dashes"
    )
}
