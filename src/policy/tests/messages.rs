//! Error messages to the letter.

use super::*;
use crate::image::Transport;

#[test]
fn the_place_of_an_error() {
    let text = "{\n  \"default\": [{\"type\": \"reject\"}],\n  \"transports\": {\n    \"docker\": {\n      \"registry.k8s.io\": [\n        {\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPth\": \"k\"}\n      ]\n    }\n  }\n}\n";
    let error = read_error(text);
    assert_eq!(
        error.to_string(),
        "line 6, column 52: transports.docker[\"registry.k8s.io\"][0].keyPth: \
         unknown key \"keyPth\" in a signedBy requirement; did you mean `keyPath`?"
    );
    assert_eq!(error.line(), Some(6));
    assert_eq!(error.column(), Some(52));
    assert_eq!(
        error.path(),
        "transports.docker[\"registry.k8s.io\"][0].keyPth"
    );
    assert_eq!(error.suggestion(), Some("keyPath"));
    assert_eq!(error.file(), None);

    let error = read_error(&text.replace("keyPth\": \"k\"", "keyPath\": []"));
    assert_eq!(
        error.to_string(),
        "line 6, column 63: transports.docker[\"registry.k8s.io\"][0].keyPath: \
         expected a string, found an array"
    );
    assert_eq!(error.suggestion(), None);
}

#[test]
fn messages_about_the_text() {
    for (text, expected) in [
        ("", "line 1, column 1: the document is empty"),
        ("[]", "line 1, column 1: expected an object, found an array"),
        ("null", "line 1, column 1: expected an object, found null"),
        ("{}", "line 1, column 1: a policy needs `default`"),
        (
            "{} x",
            "line 1, column 4: something follows the end of the JSON value",
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}], \"default\": [{\"type\": \"reject\"}]}",
            "line 1, column 35: default: duplicate key \"default\", first given at line 1, column 2",
        ),
        (
            "{\"Default\": [{\"type\": \"reject\"}]}",
            "line 1, column 2: Default: unknown key \"Default\" in a policy; did you mean `default`?",
        ),
        (
            "{\"x\\n\": 1}",
            "line 1, column 2: [\"x\\u000a\"]: unknown key \"x\\u000a\" in a policy; \
             valid here: `default`, `transports`",
        ),
        (
            "{\"default\": []}",
            "line 1, column 13: default: a list of requirements must not be empty",
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": null}",
            "line 1, column 49: transports: expected an object, found null",
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": null}}",
            "line 1, column 60: transports.docker: expected an object, found null",
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\"\": {}}}}",
            "line 1, column 65: transports.docker[\"\"]: expected an array, found an object",
        ),
    ] {
        assert_eq!(read_error(text).to_string(), expected);
    }
}

#[test]
fn messages_about_requirements() {
    for (requirement, expected) in [
        ("null", "expected an object, found null"),
        ("\"reject\"", "expected an object, found a string"),
        ("{}", "a requirement needs `type`"),
        ("{\"keyPath\": \"k\"}", "a requirement needs `type`"),
        (
            "{\"Type\": \"reject\"}",
            "unknown key \"Type\" in a requirement; did you mean `type`?",
        ),
        ("{\"type\": null}", "expected a string, found null"),
        (
            "{\"type\": \"signedby\"}",
            "unknown requirement type \"signedby\"; did you mean `signedBy`?",
        ),
        (
            "{\"type\": \"insecureAcceptAnyting\"}",
            "unknown requirement type \"insecureAcceptAnyting\"; did you mean `insecureAcceptAnything`?",
        ),
        (
            "{\"type\": \"allow\"}",
            "unknown requirement type \"allow\"; valid here: `insecureAcceptAnything`, `reject`, \
             `signedBy`, `signedBaseLayer`, `sigstoreSigned`",
        ),
        (
            "{\"type\": \"reject\", \"keyPath\": \"k\"}",
            "unknown key \"keyPath\" in a reject requirement; \
             it belongs to a signedBy requirement or a sigstoreSigned requirement",
        ),
        (
            "{\"type\": \"reject\", \"comment\": \"c\"}",
            "unknown key \"comment\" in a reject requirement; valid here: `type`",
        ),
        (
            "{\"type\": \"signedBy\", \"rekorPublicKeyPath\": \"k\"}",
            "unknown key \"rekorPublicKeyPath\" in a signedBy requirement; \
             it belongs to a sigstoreSigned requirement",
        ),
        (
            "{\"type\": \"signedBy\", \"keyDatas\": []}",
            "unknown key \"keyDatas\" in a signedBy requirement; \
             it belongs to a sigstoreSigned requirement; did you mean `keyData`?",
        ),
        (
            "{\"type\": \"sigstoreSigned\", \"keyType\": \"GPGKeys\", \"keyPath\": \"k\"}",
            "unknown key \"keyType\" in a sigstoreSigned requirement; it belongs to a signedBy requirement",
        ),
        (
            "{\"type\": \"signedBy\", \"keyPath\": \"k\"}",
            "a signedBy requirement needs `keyType`",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"gpgkeys\", \"keyPath\": \"k\"}",
            "unknown keyType \"gpgkeys\"; did you mean `GPGKeys`?",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"\", \"keyPath\": \"k\"}",
            "unknown keyType \"\"; valid here: `GPGKeys`, `signedByGPGKeys`, `X509Certificates`, \
             `signedByX509CAs`",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\"}",
            "a signedBy requirement needs one of `keyPath`, `keyPaths`, `keyData`",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": null, \"keyPath\": \"k\"}",
            "a signedBy requirement takes only one of `keyPath`, `keyPaths`, `keyData`, \
             but has `keyPath` and `keyData`",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"\"}",
            "`keyPath` must not be empty",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": [153, 1]}",
            "expected a string, found an array",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": \"Y Q==\"}",
            "not valid base64: \" \" is not in the standard alphabet",
        ),
        (
            "{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyData\": \"YQ\"}",
            "not valid base64: the length or the padding with `=` is wrong",
        ),
        (
            "{\"type\": \"signedBaseLayer\"}",
            "a signedBaseLayer requirement needs `baseLayerIdentity`",
        ),
    ] {
        assert_eq!(problem(&with_requirement(requirement)), expected);
    }
}

#[test]
fn messages_about_sigstore() {
    for (rest, expected) in [
        (
            "",
            "a sigstoreSigned requirement needs one of `keyPath`, `keyPaths`, `keyData`, `keyDatas`, \
             `fulcio`, `pki`",
        ),
        (
            ", \"keyDatas\": [], \"pki\": {}",
            "a sigstoreSigned requirement takes only one of `keyPath`, `keyPaths`, `keyData`, \
             `keyDatas`, `fulcio`, `pki`, but has `keyDatas` and `pki`",
        ),
        (", \"keyDatas\": []", "`keyDatas` must not be empty"),
        (
            ", \"keyPath\": \"k\", \"rekorPublicKeyPath\": \"\"",
            "`rekorPublicKeyPath` must not be empty",
        ),
        (
            ", \"keyPath\": \"k\", \"rekorPublicKeyPath\": \"r\", \"rekorPublicKeyData\": \"YQ==\"",
            "a sigstoreSigned requirement takes only one of `rekorPublicKeyPath`, \
             `rekorPublicKeyPaths`, `rekorPublicKeyData`, `rekorPublicKeyDatas`, \
             but has `rekorPublicKeyPath` and `rekorPublicKeyData`",
        ),
        (
            ", \"keyPath\": \"k\", \"rekorPublicKey\": \"r\"",
            "unknown key \"rekorPublicKey\" in a sigstoreSigned requirement; \
             valid here: `type`, `keyPath`, `keyPaths`, `keyData`, `keyDatas`, `fulcio`, `pki`, \
             `rekorPublicKeyPath`, `rekorPublicKeyPaths`, `rekorPublicKeyData`, `rekorPublicKeyDatas`, \
             `signedIdentity`",
        ),
        (
            ", \"fulcio\": {\"caPath\": \"c\", \"oidcIssuer\": \"i\", \"subjectEmail\": \"s\"}",
            "a sigstoreSigned requirement with `fulcio` needs one of `rekorPublicKeyPath`, \
             `rekorPublicKeyPaths`, `rekorPublicKeyData`, `rekorPublicKeyDatas`",
        ),
        (
            ", \"fulcio\": {\"caRootsPath\": \"c\"}",
            "unknown key \"caRootsPath\" in a `fulcio` object; it belongs to a `pki` object",
        ),
        (
            ", \"fulcio\": {\"oidcIssuer\": \"i\"}",
            "a `fulcio` object needs one of `caPath`, `caData`",
        ),
        (
            ", \"fulcio\": {\"caPath\": \"c\", \"oidcIssuer\": \"\", \"subjectEmail\": \"s\"}",
            "`oidcIssuer` must not be empty",
        ),
        (
            ", \"pki\": {\"caRootsPath\": \"c\", \"subjectEmail\": \"\"}",
            "a `pki` object needs a non-empty `subjectEmail`, `subjectHostname` or both",
        ),
        (
            ", \"pki\": {\"caRootsPath\": \"c\", \"subjectEmail\": \"s\", \"caIntermediatesPath\": \"c\", \
             \"caIntermediatesData\": \"YQ==\"}",
            "a `pki` object takes only one of `caIntermediatesPath`, `caIntermediatesData`, \
             but has `caIntermediatesPath` and `caIntermediatesData`",
        ),
        (
            ", \"pki\": {\"caRootsPath\": \"c\", \"subjectEmail\": \"s\"}, \"rekorPublicKeyPath\": \"r\"",
            "`rekorPublicKeyPath` cannot be used together with `pki`",
        ),
    ] {
        let requirement = format!("{{\"type\": \"sigstoreSigned\"{rest}}}");
        assert_eq!(problem(&with_requirement(&requirement)), expected);
    }
}

#[test]
fn messages_about_identities() {
    for (identity, expected) in [
        ("null", "expected an object, found null"),
        ("{}", "a signed identity needs `type`"),
        (
            "{\"type\": \"matchexact\"}",
            "unknown identity type \"matchexact\"; did you mean `matchExact`?",
        ),
        (
            "{\"type\": \"reject\"}",
            "unknown identity type \"reject\"; valid here: `matchExact`, `matchRepoDigestOrExact`, \
             `matchRepository`, `exactReference`, `exactRepository`, `remapIdentity`",
        ),
        (
            "{\"type\": \"matchExact\", \"dockerReference\": \"busybox:1\"}",
            "unknown key \"dockerReference\" in a matchExact identity; \
             it belongs to an exactReference identity",
        ),
        (
            "{\"type\": \"exactReference\"}",
            "an exactReference identity needs `dockerReference`",
        ),
        (
            "{\"type\": \"exactReference\", \"dockerReference\": \"busybox\"}",
            "`dockerReference` needs a tag or a digest: \"busybox\"",
        ),
        (
            "{\"type\": \"remapIdentity\", \"prefix\": \"a\"}",
            "a remapIdentity identity needs `signedPrefix`",
        ),
        (
            "{\"type\": \"remapIdentity\", \"prefix\": \"a\", \"signedPrefix\": \"a/b:1\"}",
            "`signedPrefix` must be a host, a namespace or a repository, \
             with its host and without a tag or digest: \"a/b:1\"",
        ),
    ] {
        assert_eq!(problem(&with_identity(identity)), expected);
    }
}

#[test]
fn an_error_shows_the_first_thing_that_is_wrong_where_it_stands() {
    for (text, path, column) in [
        (
            "{\"default\": [{\"type\": \"reject\"}, {\"type\": \"x\"}]}",
            "default[1].type",
            43,
        ),
        (
            "{\"default\": [{\"type\": \"reject\"}, {}]}",
            "default[1]",
            34,
        ),
        (
            "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPaths\": [\"é\", 1]}]}",
            "default[0].keyPaths[1]",
            75,
        ),
        (
            "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPaths\": [null]}]}",
            "default[0].keyPaths[0]",
            70,
        ),
        (
            "{\"default\": [{\"type\": \"sigstoreSigned\", \"keyDatas\": [\"YQ==\", \"-\"]}]}",
            "default[0].keyDatas[1]",
            62,
        ),
    ] {
        let error = read_error(text);
        assert_eq!(
            (error.path(), error.column()),
            (path, Some(column)),
            "{error}"
        );
    }
}

#[test]
fn messages_give_the_reason_why_a_reference_or_scope_is_wrong() {
    for (kind, key, reference) in [
        ("exactReference", "dockerReference", "Busybox:1"),
        ("exactReference", "dockerReference", ""),
        ("exactRepository", "dockerRepository", "Busybox"),
        ("exactRepository", "dockerRepository", "a b"),
    ] {
        let reason = crate::reference::Reference::parse_normalized(reference).unwrap_err();
        let identity = format!("{{\"type\": \"{kind}\", \"{key}\": \"{reference}\"}}");
        assert_eq!(
            problem(&with_identity(&identity)),
            format!("`{key}` is not a valid Docker reference: \"{reference}\": {reason}")
        );
    }
    let reason = Transport::from_name("dir")
        .unwrap()
        .validate_scope("a")
        .unwrap_err();
    let text = "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"dir\": {\"a\": [{\"type\": \"reject\"}]}}}";
    assert_eq!(
        read_error(text).to_string(),
        format!(
            "line 1, column 58: transports.dir.a: \"a\" is not a valid scope of the transport dir: {reason}"
        )
    );
}
