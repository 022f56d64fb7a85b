use super::*;

const POLICY: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {
    "docker": {
      "": [{"type": "insecureAcceptAnything"}],
      "registry.example.com": [{"type": "reject"}],
      "registry.example.com/shop": [
        {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/containers/shop-2025.asc"},
        {"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["/a", "/b"],
         "signedIdentity": {"type": "remapIdentity", "prefix": "registry.example.com", "signedPrefix": "origin.example"}}
      ],
      "https://registry.example.com/shop/web": [{"type": "reject"}]
    },
    "dir": {"": [{"type": "signedBy", "keyType": "GPGKeys", "keyData": "YQ=="}]}
  }
}"#;

/// What is said of an image, without the line on the policy, which has its digest.
fn said(text: &str, name: &str) -> String {
    let explanation = policy(text).explain(&image(name));
    json_output::of(&explanation, "explanation");
    let text = explanation.to_string();
    let lines = text.lines().filter(|line| !line.starts_with("  policy:  "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn an_image_with_a_scope() {
    assert_eq!(
        said(POLICY, "docker://registry.example.com/shop/web:1.4.2"),
        "docker://registry.example.com/shop/web:1.4.2\n  \
           applies: docker `registry.example.com/shop` in line 7; not the more general docker `registry.example.com` \
           in line 6, the default of `docker` in line 5, nor the policy's default in line 2 (reject)\n  \
           but:     line 12 has `https://registry.example.com/shop/web`, which matches no image: \
           a scope has no scheme; write `registry.example.com/shop/web`\n  \
           needs:   2 requirements, and every one must accept\n    \
             1. line 8: a signature by a key of `/etc/pki/containers/shop-2025.asc`, \
             for exactly `registry.example.com/shop/web:1.4.2` (matchRepoDigestOrExact)\n    \
             2. line 9: a signature by a key of one of 2 files: `/a`, `/b`, \
             for exactly `origin.example/shop/web:1.4.2` (remapIdentity)\n  \
           looked up, in this order: `registry.example.com/shop/web:1.4.2`, `registry.example.com/shop/web`, \
           `registry.example.com/shop` (there), `registry.example.com` (there), `*.example.com`, `*.com`, \
           the default of `docker` (there), the policy's default (there)\n"
    );
}

#[test]
fn images_that_fall_through() {
    assert_eq!(
        said(POLICY, "docker://elsewhere.example/x"),
        "docker://elsewhere.example/x\n  \
           applies: the default of `docker` in line 5; not the policy's default in line 2 (reject)\n  \
           needs:   1 requirement\n    \
             1. line 5: nothing: every image is accepted, and nothing is verified\n  \
           looked up, in this order: `elsewhere.example/x:latest`, `elsewhere.example/x`, `elsewhere.example`, \
           `*.example`, the default of `docker` (there), the policy's default (there)\n"
    );
    assert_eq!(
        said(POLICY, "docker-archive:/a.tar"),
        "docker-archive:/a.tar\n  \
           applies: the policy's default in line 2\n  \
           needs:   1 requirement\n    \
             1. line 2: nothing helps: every image is rejected\n  \
           looked up, in this order: the default of `docker-archive`, the policy's default (there)\n"
    );
}

#[test]
fn an_image_without_a_name() {
    assert_eq!(
        said(POLICY, "dir:/"),
        "dir:/\n  \
           applies: the default of `dir` in line 14; not the policy's default in line 2 (reject)\n  \
           needs:   1 requirement\n    \
             1. line 14: a signature by a key in the policy's `keyData` (matchRepoDigestOrExact): cannot pass, because \
             images of `dir` have no name that `matchRepoDigestOrExact` could compare; only `exactReference` and \
             `exactRepository` do without\n  \
           looked up, in this order: `/`, the default of `dir` (there), the policy's default (there)\n"
    );
}

#[test]
fn the_name_that_has_to_be_signed() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let web = "docker://registry.example.com/shop/web:1.4.2";
    let by_digest = format!("docker://registry.example.com/shop/web@{digest}");
    let remap = |prefix: &str, signed: &str| {
        format!(r#"{{"type": "remapIdentity", "prefix": "{prefix}", "signedPrefix": "{signed}"}}"#)
    };
    let plain = |rule: &str| format!(r#"{{"type": "{rule}"}}"#);
    for (rule, name, expected) in [
        (
            plain("matchExact"),
            web,
            "exactly `registry.example.com/shop/web:1.4.2`".to_owned(),
        ),
        (
            plain("matchExact"),
            &by_digest,
            format!("exactly `registry.example.com/shop/web@{digest}`"),
        ),
        (
            plain("matchRepoDigestOrExact"),
            web,
            "exactly `registry.example.com/shop/web:1.4.2`".to_owned(),
        ),
        (
            plain("matchRepoDigestOrExact"),
            &by_digest,
            "any tag of `registry.example.com/shop/web`".to_owned(),
        ),
        (
            plain("matchRepository"),
            web,
            "any tag of `registry.example.com/shop/web`".to_owned(),
        ),
        (
            r#"{"type": "exactReference", "dockerReference": "busybox:1"}"#.to_owned(),
            web,
            "exactly `docker.io/library/busybox:1`".to_owned(),
        ),
        (
            r#"{"type": "exactRepository", "dockerRepository": "busybox"}"#.to_owned(),
            web,
            "any tag of `docker.io/library/busybox`".to_owned(),
        ),
        (
            remap("registry.example.com", "origin.example/a"),
            web,
            "exactly `origin.example/a/shop/web:1.4.2`".to_owned(),
        ),
        (
            remap("registry.example.com/sho", "origin.example"),
            web,
            "exactly `registry.example.com/shop/web:1.4.2`".to_owned(),
        ),
        (
            remap("registry.example.com", "library"),
            web,
            "`remapIdentity` makes `library/shop/web:1.4.2` of the name, which is none".to_owned(),
        ),
        (
            plain("matchExact"),
            "docker://registry.example.com/shop/web@@unknown-digest@@",
            "the image is named without a tag, and `matchExact` compares whole names".to_owned(),
        ),
        (
            plain("matchRepository"),
            "docker-archive:/a.tar",
            "images of `docker-archive` have no name that `matchRepository` could compare; \
             only `exactReference` and `exactRepository` do without"
                .to_owned(),
        ),
        (
            plain("matchRepository"),
            "docker-archive:/a.tar:busybox",
            "any tag of `docker.io/library/busybox`".to_owned(),
        ),
    ] {
        let text = format!(
            r#"{{"default": [{{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k", "signedIdentity": {rule}}}]}}"#
        );
        let explanation = policy(&text).explain(&image(name));
        let requirement = &explanation.requirements[0];
        let said = match (&requirement.signed_name, &requirement.obstacle) {
            (Some(name), None) => name.to_string(),
            (None, Some(obstacle)) => obstacle.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(said, expected, "{rule} {name}");
        assert_eq!(explanation.is_hopeless(), requirement.obstacle.is_some());
    }
}

#[test]
fn a_policy_that_was_made_in_code() {
    let policy = Policy::new(Requirement::InsecureAcceptAnything);
    let explanation = policy.explain(&image("docker://busybox"));
    assert_eq!(
        explanation.to_string(),
        "docker://busybox\n  \
           policy:  made in code\n  \
           applies: the policy's default\n  \
           needs:   1 requirement\n    \
             1. nothing: every image is accepted, and nothing is verified\n  \
           looked up, in this order: `docker.io/library/busybox:latest`, `docker.io/library/busybox`, \
           `docker.io/library`, `docker.io`, `*.io`, the default of `docker`, the policy's default (there)\n"
    );
    json_output::of(&explanation, "explanation");
}
