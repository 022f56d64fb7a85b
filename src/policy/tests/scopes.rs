//! Which scope applies.

use super::*;
use crate::image::ImageName;

/// A policy whose scopes each have a requirement that tells them apart.
fn policy() -> Policy {
    let named = |name: &str| signed_by(KeySource::Path(name.to_owned()));
    Policy::builder(named("default"))
        .transport_default("docker", named("docker"))
        .scope("docker", "a.b/c/d:1", named("identity"))
        .scope("docker", "a.b/c", named("repository"))
        .scope("docker", "a.b", named("host"))
        .scope("docker", "*.b", named("wildcard"))
        .scope("dir", "/a", named("directory"))
        .build()
        .unwrap()
}

fn lookup(transport: &str, identity: Option<&str>, namespaces: &[&str]) -> (String, MatchedScope) {
    let policy = policy();
    let applied = policy.requirements_for_scopes(transport, identity, namespaces);
    let [Requirement::SignedBy(signed_by)] = applied.requirements().as_slice() else {
        panic!()
    };
    let KeySource::Path(name) = signed_by.keys() else {
        panic!()
    };
    (name.clone(), applied.scope().clone())
}

#[test]
fn the_first_that_fits_applies_alone() {
    let namespaces = ["a.b/c/d", "a.b/c", "a.b", "*.b"];
    let transport = || "docker".to_owned();
    assert_eq!(
        lookup("docker", Some("a.b/c/d:1"), &namespaces),
        (
            "identity".to_owned(),
            MatchedScope::Identity {
                transport: transport(),
                scope: "a.b/c/d:1".into()
            }
        )
    );
    assert_eq!(
        lookup("docker", Some("a.b/c/d:2"), &namespaces),
        (
            "repository".to_owned(),
            MatchedScope::Namespace {
                transport: transport(),
                scope: "a.b/c".into()
            }
        )
    );
    assert_eq!(lookup("docker", Some("x"), &["*.b", "a.b"]).0, "wildcard");
    assert_eq!(
        lookup("docker", Some("c.d/e:1"), &["c.d/e", "c.d", "*.d"]),
        (
            "docker".to_owned(),
            MatchedScope::TransportDefault {
                transport: transport()
            }
        )
    );
    assert_eq!(
        lookup("dir", Some("/b"), &[]),
        ("default".to_owned(), MatchedScope::Default)
    );
    assert_eq!(lookup("dir", Some("/a"), &[]).0, "directory");
    assert_eq!(
        lookup("oci", Some("/a"), &["/a"]),
        ("default".to_owned(), MatchedScope::Default)
    );
    assert_eq!(
        lookup("Docker", Some("a.b"), &["a.b"]).1,
        MatchedScope::Default
    );
}

#[test]
fn an_image_without_identity_gets_the_transports_default() {
    let expected = MatchedScope::TransportDefault {
        transport: "docker".into(),
    };
    assert_eq!(lookup("docker", None, &[]).1, expected);
    assert_eq!(lookup("docker", Some(""), &[]).1, expected);
    assert_eq!(lookup("docker", None, &[""]).1, expected);
    assert_eq!(lookup("dir", Some(""), &[""]).1, MatchedScope::Default);
}

#[test]
fn scopes_tell_where_they_stand() {
    let transport = || "docker".to_owned();
    let scope = || "a.b".to_owned();
    for (matched, text, in_transport, key) in [
        (MatchedScope::Default, "the policy's default", None, None),
        (
            MatchedScope::TransportDefault {
                transport: transport(),
            },
            "the default of the transport docker",
            Some("docker"),
            Some(""),
        ),
        (
            MatchedScope::Identity {
                transport: transport(),
                scope: scope(),
            },
            "the image's own scope a.b of the transport docker",
            Some("docker"),
            Some("a.b"),
        ),
        (
            MatchedScope::Namespace {
                transport: transport(),
                scope: scope(),
            },
            "the scope a.b of the transport docker",
            Some("docker"),
            Some("a.b"),
        ),
    ] {
        assert_eq!(matched.to_string(), text);
        assert_eq!((matched.transport(), matched.scope()), (in_transport, key));
    }
}

#[test]
fn known_transports_check_their_scopes() {
    let policy = |transport: &str, scope: &str| {
        format!(
            r#"{{"default": [{{"type": "reject"}}], "transports": {{"{transport}": {{"{scope}": [{{"type": "reject"}}]}}}}}}"#
        )
    };
    for (transport, scope) in [
        ("dir", "/a"),
        ("dir", ""),
        ("docker-archive", ""),
        ("ostree", "x"),
        ("", ""),
    ] {
        let policy = read(&policy(transport, scope));
        let scopes: Vec<_> = policy
            .scopes()
            .map(|scope| scope.name().transport)
            .collect();
        assert_eq!(scopes, [None, Some(transport.to_owned())]);
    }
    for (transport, scope) in [("dir", "a"), ("dir", "/"), ("docker-archive", "x")] {
        let error = read_error(&policy(transport, scope));
        assert!(matches!(
            error.kind(),
            PolicyErrorKind::Invalid(InvalidPolicy::Scope { .. })
        ));
        assert_eq!(error.column(), Some(55 + transport.len()));
    }
}

#[test]
fn ten_thousand_scopes_are_read_and_a_mistake_in_the_last_is_found() {
    let requirement = r#"[{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/key.gpg", "signedIdentity": {"type": "matchRepository"}}]"#;
    let scopes: Vec<String> = (0..10_000)
        .map(|number| format!(r#""registry{number}.example.org/team/project": {requirement}"#))
        .collect();
    let text = format!(
        r#"{{"default": [{{"type": "reject"}}], "transports": {{"docker": {{{}}}}}}}"#,
        scopes.join(",\n")
    );
    let policy = read(&text);
    assert_eq!(policy.scopes().count(), 10_001);
    let broken = text.replacen(
        "registry9999.example.org/team/project\": [{\"type",
        "x\": [{\"tipe",
        1,
    );
    let error = read_error(&broken);
    assert_eq!(error.line(), Some(10_000));
    assert_eq!(error.path(), "transports.docker.x[0].tipe");
}

#[test]
fn a_signature_is_required_unless_anything_is_accepted() {
    const SIGNED: &str = r#"{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "k"}"#;
    const SIGSTORE: &str = r#"{"type": "sigstoreSigned", "keyPath": "k"}"#;
    const ANYTHING: &str = r#"{"type": "insecureAcceptAnything"}"#;
    const REJECT: &str = r#"{"type": "reject"}"#;
    const BASE_LAYER: &str =
        r#"{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchRepository"}}"#;
    let name = |text: &str| ImageName::parse(text).unwrap();
    let app = name("docker://registry.example/app:1");
    for (requirements, required) in [
        (vec![ANYTHING], false),
        (vec![ANYTHING, ANYTHING], false),
        (vec![SIGNED], true),
        (vec![SIGSTORE], true),
        (vec![ANYTHING, SIGNED], true),
        (vec![SIGSTORE, ANYTHING], true),
        // Never accepted, whatever the image is.
        (vec![REJECT], true),
        (vec![ANYTHING, REJECT], true),
        (vec![BASE_LAYER], true),
    ] {
        let list = requirements.join(",");
        let policy = read(&format!(r#"{{"default": [{list}]}}"#));
        assert_eq!(policy.requires_signature(&app), required, "{list}");
    }
    // What applies to the image counts, and nothing else.
    let policy = read(&format!(
        r#"{{"default": [{ANYTHING}], "transports": {{"docker": {{"registry.example": [{SIGNED}]}}}}}}"#
    ));
    assert!(policy.requires_signature(&app));
    assert!(!policy.requires_signature(&name("docker://other.example/app:1")));
    assert!(!policy.requires_signature(&name("docker-archive:/image.tar")));
}
