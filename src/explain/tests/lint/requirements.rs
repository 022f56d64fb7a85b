use super::*;

#[test]
fn requirements_that_must_all_accept() {
    let two = format!(
        "{}, {}",
        signed_by(r#""keyPath": "/etc/pki/a.asc""#),
        signed_by(r#""keyPath": "/etc/pki/b.asc""#)
    );
    assert_eq!(
        said_of_list("docker", "h.example", &two),
        [
            "warning[both-must-pass]: line 2, column 89: 2 requirements are listed, and every one must accept: an image needs \
          a signature by a key of each; if either is meant to be enough, write one with \
          `\"keyPaths\": [\"/etc/pki/a.asc\", \"/etc/pki/b.asc\"]`"
        ]
    );
    let beside = |other: &str| {
        let list = format!(
            "{}, {{\"type\": \"{other}\"}}",
            signed_by(r#""keyPath": "/a""#)
        );
        said_of_list("docker", "h.example", &list)
    };
    assert_eq!(
        beside("insecureAcceptAnything"),
        [
            "warning[both-must-pass]: line 2, column 77: 2 requirements are listed, and every one must accept: \
          `insecureAcceptAnything` changes nothing; remove it"
        ]
    );
    assert_eq!(
        beside("reject"),
        [
            "warning[both-must-pass]: line 2, column 77: 2 requirements are listed, and every one must accept: \
          with `reject` among them, no image passes; remove `reject`, or the others"
        ]
    );
    // Two names, the same keys, or a common key: that is meant.
    for (one, other) in [
        (
            r#""keyPath": "/a", "signedIdentity": {"type": "exactRepository", "dockerRepository": "v.example/a"}"#,
            r#""keyPath": "/b""#,
        ),
        (r#""keyPath": "/a""#, r#""keyPaths": ["/b", "/a"]"#),
        (r#""keyData": "YQ==""#, r#""keyData": "YQ==""#),
    ] {
        let list = format!("{}, {}", signed_by(one), signed_by(other));
        assert_eq!(
            said_of_list("docker", "h.example", &list),
            [""; 0],
            "{one} {other}"
        );
    }
}

#[test]
fn identities() {
    let with_identity = |scope: &str, identity: &str| {
        let list = signed_by(&format!(r#""keyPath": "/a", "signedIdentity": {identity}"#));
        said_of_list("docker", scope, &list)
    };
    assert_eq!(
        with_identity("h.example", r#"{"type": "matchExact"}"#),
        [
            "warning[match-exact-refuses-digests]: line 2, column 94: `matchExact` compares whole names, so a signature for \
          a tag never counts for an image that is asked for by digest; leave `signedIdentity` out: the default takes a \
          digest, which is compared with the image itself"
        ]
    );
    assert_eq!(
        with_identity("h.example", r#"{"type": "matchRepository"}"#),
        [
            "warning[tag-not-bound]: line 2, column 94: `matchRepository` accepts any signed tag of the repository as any \
          other, an old one as `latest`; leave `signedIdentity` out if each tag is signed by its own name: the default \
          compares it"
        ]
    );
    assert_eq!(
        with_identity(
            "h.example/shop",
            r#"{"type": "exactReference", "dockerReference": "h.exmaple/shop:1"}"#
        ),
        [
            "warning[identity-misspelt]: line 2, column 99: `dockerReference` has `h.exmaple/shop`, and the scope is \
          `h.example/shop`: images have to be signed as the former; write `h.example/shop` if that is meant"
        ]
    );
    let remap = |scope: &str, prefix: &str, signed: &str| {
        let identity = format!(
            r#"{{"type": "remapIdentity", "prefix": "{prefix}", "signedPrefix": "{signed}"}}"#
        );
        let mut found = with_identity(scope, &identity);
        assert!(found.len() <= 1, "{found:?}");
        found.pop().unwrap_or_default()
    };
    assert_eq!(
        remap(
            "mirror.example.net/shop",
            "mirror.example.net/shopping",
            "r.example"
        ),
        "error[remap-never-fits]: line 2, column 108: no image of `mirror.example.net/shop` is below the `prefix` \
         `mirror.example.net/shopping`, so each has to be signed by its own name; \
         write `mirror.example.net/shop` as `prefix`"
    );
    assert_eq!(
        remap("mirror.example.net", "mirror.example.net/shop", "r.example"),
        "warning[remap-outside-scope]: line 2, column 103: `remapIdentity` concerns only the images of \
         `mirror.example.net` below `mirror.example.net/shop`; the others have to be signed by their own names; \
         give the images below the prefix a scope of their own, or write the scope as `prefix`"
    );
    assert_eq!(
        remap("mirror.example.net", "mirror.example.net", "library"),
        "error[remap-never-fits]: line 2, column 103: no name in full begins with the `signedPrefix` `library`; \
         write it with its host, as in `registry.example.com/team`"
    );
    assert_eq!(
        remap("*.example.net", "elsewhere.example", "r.example"),
        "error[remap-never-fits]: line 2, column 98: no image of `*.example.net` is below the `prefix` \
         `elsewhere.example`, so each has to be signed by its own name; \
         write as `prefix` what the names of its images begin with"
    );
    for (scope, prefix, signed) in [
        (
            "mirror.example.net/shop/app:1",
            "mirror.example.net/shop/app",
            "r.example/app",
        ),
        (
            "mirror.example.net/shop",
            "mirror.example.net",
            "r.example:5000",
        ),
        ("", "mirror.example.net", "docker.io"),
        ("localhost:5000/a", "localhost:5000", "docker.io/library"),
    ] {
        assert_eq!(
            remap(scope, prefix, signed),
            "",
            "{scope} {prefix} {signed}"
        );
    }
}

#[test]
fn requirements_that_no_image_meets() {
    let cannot = |transport: &str, scope: &str, requirement: &str| {
        let found = said_of_list(transport, scope, requirement);
        assert!(
            found[0].starts_with("error[requirement-cannot-pass]: line 2, "),
            "{found:?}"
        );
        found[0]
            .split_once(": ")
            .unwrap()
            .1
            .split_once(": ")
            .unwrap()
            .1
            .to_owned()
    };
    assert_eq!(
        cannot("dir", "/images", &signed_by(r#""keyPath": "/a""#)),
        "images of `dir` have no name that `matchRepoDigestOrExact` could compare; only `exactReference` and \
         `exactRepository` do without; use one of these, with the name that the image is signed by"
    );
    assert_eq!(
        cannot("docker", "h.example", &signed_by(r#""keyPaths": []"#)),
        "no key is trusted, so no signature counts; name a file with keys"
    );
    assert_eq!(
        cannot(
            "docker",
            "h.example",
            r#"{"type": "signedBy", "keyType": "X509Certificates", "keyPath": "/a"}"#
        ),
        "this program does not evaluate `X509Certificates`, and rejects every image; use `GPGKeys`, with OpenPGP keys: \
         containers/image evaluates no other type either"
    );
    assert_eq!(
        cannot(
            "docker",
            "h.example",
            r#"{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}"#
        ),
        "this program does not evaluate `signedBaseLayer`, and rejects every image; demand a signature of the image itself, \
         by `signedBy`: containers/image does not evaluate this either"
    );
    let exact = signed_by(
        r#""keyPath": "/a", "signedIdentity": {"type": "exactReference", "dockerReference": "h.example/a:1"}"#,
    );
    assert_eq!(said_of_list("dir", "/images", &exact), [""; 0]);
}

#[test]
fn paths_of_key_files() {
    let list = signed_by(
        r#""keyPaths": ["/a", "file:///etc/k.asc", "~/k.asc", "keys/k.asc", "more", "https://h.example/k"]"#,
    );
    assert_eq!(
        said_of_list("docker", "h.example", &list),
        [
            "error[key-path-is-url]: line 2, column 78: `file:///etc/k.asc` is a URL, and is looked for as a file of that \
             name; write `/etc/k.asc`",
            "error[home-relative-key-path]: line 2, column 99: `~/k.asc` is no path below a home directory: `~` is a name \
             like any other; write the path from `/` on",
            "warning[relative-key-path]: line 2, column 110: `keys/k.asc` is looked for from the directory that the \
             program runs in; write the path from `/` on",
        ]
    );
}
