use super::*;

#[test]
fn the_examples_of_the_manual_are_in_order() {
    // containers-policy.json(5), "A reasonably locked-down system", without its comments.
    let locked_down = policy(
        r#"{
    "default": [{"type": "reject"}],
    "transports": {
        "docker": {
            "docker.io/openshift": [{"type": "insecureAcceptAnything"}],
            "docker.io/library/busybox": [{"type": "insecureAcceptAnything"}],
            "*.temporary-project.example.com": [{"type": "insecureAcceptAnything"}],
            "hostname:5000/myns/sigstore-signed-with-full-references": [
                {
                    "type": "sigstoreSigned",
                    "keyPath": "/path/to/sigstore-pubkey.pub"
                }
            ],
            "hostname:5000/myns/sigstore-signed-allows-malicious-tag-substitution": [
                {
                    "type": "sigstoreSigned",
                    "keyPath": "/path/to/sigstore-pubkey.pub",
                    "signedIdentity": {"type": "matchRepository"}
                }
            ]
        },
        "dir": {
            "": [{"type": "insecureAcceptAnything"}]
        },
        "atomic": {
            "hostname:5000/myns/official": [
                {
                    "type": "signedBy",
                    "keyType": "GPGKeys",
                    "keyPath": "/path/to/official-pubkey.gpg"
                }
            ],
            "hostname:5000/vendor/product": [
                {
                    "type": "signedBy",
                    "keyType": "GPGKeys",
                    "keyPath": "/path/to/vendor-pubkey.gpg",
                    "signedIdentity": {
                        "type": "exactRepository",
                        "dockerRepository": "vendor-hostname/product/repository"
                    }
                },
                {
                    "type": "signedBy",
                    "keyType": "GPGKeys",
                    "keyPath": "/path/to/reviewer-pubkey.gpg"
                }
            ],
            "private-mirror:5000/vendor-mirror": [
                {
                    "type": "signedBy",
                    "keyType": "GPGKeys",
                    "keyPath": "/path/to/vendor-pubkey.gpg",
                    "signedIdentity": {
                        "type": "remapIdentity",
                        "prefix": "private-mirror:5000/vendor-mirror",
                        "signedPrefix": "vendor.example.com"
                    }
                }
            ]
        }
    }
}"#,
    );
    let mut expected = vec![
        "note[sigstore-default-identity]: line 9, column 17: `matchRepoDigestOrExact` compares tags, and signatures \
         by cosign name a repository only; write `matchRepository` for them: then any signed tag is accepted as any \
         other",
    ];
    if !cfg!(feature = "sigstore") {
        expected.extend([
            "warning[requirement-not-implemented]: line 10, column 29: this program does not evaluate `sigstoreSigned`, \
             and rejects every image; use a program that evaluates it, or demand an OpenPGP signature by `signedBy`",
            "warning[requirement-not-implemented]: line 16, column 29: this program does not evaluate `sigstoreSigned`, \
             and rejects every image; use a program that evaluates it, or demand an OpenPGP signature by `signedBy`",
        ]);
    }
    assert_eq!(said(&locked_down), expected);
    let open = policy(r#"{"default": [{"type": "insecureAcceptAnything"}]}"#);
    assert_eq!(
        said(&open),
        [
            "warning[unsigned-default]: line 1, column 2: every image that no scope is for is accepted unsigned; \
          write `reject` there, and scopes for what is to be accepted"
        ]
    );
    // What distributions ship.
    let daemon = r#"{"default": [{"type": "reject"}],
        "transports": {"docker-daemon": {"": [{"type": "insecureAcceptAnything"}]}}}"#;
    assert_eq!(said(&policy(daemon)), [""; 0]);
}

#[test]
fn scopes_that_match_nothing() {
    for (scope, said_of_it) in [
        (
            "busybox",
            "a scope is written in full, with its host; write `docker.io/library/busybox`",
        ),
        (
            "docker://registry.example.com/shop",
            "a scope has no scheme; write `registry.example.com/shop`",
        ),
        (
            "https://registry.example.com/shop",
            "a scope has no scheme; write `registry.example.com/shop`",
        ),
        (
            "registry.example.com/shop/",
            "a scope does not end with `/`; write `registry.example.com/shop`",
        ),
        (
            "registry.example.com/Shop/web",
            "repositories are in lower case; write `registry.example.com/shop/web`",
        ),
        (
            "registry.example.com/*",
            "a scope covers all that is below it, without `*`; write `registry.example.com`",
        ),
        (
            "*.example.com/shop",
            "`*.` stands for whole hosts, and no path can follow; name each host with its path, or write the hosts alone, \
             which covers all of them",
        ),
        (
            "*",
            "`*` can only stand for the beginning of a host, as in `*.example.com`; \
             write `\"\"`, the default of the transport",
        ),
        (
            "registry.*.com",
            "`*` can only stand for the beginning of a host, as in `*.example.com`; name each host or repository",
        ),
        (
            "registry.example.com:v1",
            "it is no name of an image, nor the beginning of one; \
             write it as in `registry.example.com/team/app:1.0`, or a part of that from its beginning",
        ),
    ] {
        assert_eq!(
            said_of("reject", "docker", scope),
            [format!(
                "error[scope-never-matches]: line 4, column 5: `{scope}` matches no image: {said_of_it}"
            )]
        );
    }
    assert_eq!(
        said_of("reject", "docker", "docker.io/busybox"),
        [
            "warning[official-image-namespace]: line 4, column 5: `docker.io/busybox` is a user's namespace; \
          the official image of that name is `docker.io/library/busybox`; \
          write `docker.io/library/busybox` if that is meant"
        ]
    );
    for transport in ["dokcer", "docker://", "Docker"] {
        assert_eq!(
            said_of("reject", transport, "registry.example.com"),
            [format!(
                "error[unknown-transport]: line 3, column 18: there is no transport `{transport}`, \
                 so what is below it applies to no image; write `docker`"
            )]
        );
    }
    assert_eq!(
        said_of("insecureAcceptAnything", "ostree", "/a")
            .last()
            .unwrap(),
        "warning[foreign-transport]: line 3, column 18: this program knows no transport `ostree`, so what is below it \
         applies to no image that it is asked about; check the name; known are `docker`, `atomic`, `docker-daemon`, \
         `dir`, `sif`, `oci`, `oci-archive`, `containers-storage`, `docker-archive`, `tarball`"
    );
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let text = r#"{"default": [{"type": "reject"}], "transports": {"docker": {
  "docker.io/library/busybox": [{"type": "reject"}],
  "busybox": [{"type": "reject"}],
  "docker.io/busybox": [{"type": "reject"}]}}}"#;
    assert_eq!(
        said(&policy(text)),
        [
            "error[scope-never-matches]: line 3, column 3: `busybox` matches no image: a scope is written in full, with its \
          host; remove it: `docker.io/library/busybox` in line 2 is there, too"
        ]
    );
}

#[test]
fn an_open_default_beside_what_matches_nothing() {
    let open = "warning[unsigned-default]: line 2, column 3: every image that no scope is for is accepted unsigned; \
                write `reject` there, and scopes for what is to be accepted";
    let unsigned = |level: &str, scope: &str| {
        format!(
            "{level}[unsigned-beside-never-matching]: line 4, column 5: the images that `{scope}` is meant for are \
             accepted unsigned: the policy's default in line 2 applies to them; mend the scope; until then, write \
             `reject` as that default"
        )
    };
    let found = said_of("insecureAcceptAnything", "docker", "busybox");
    assert_eq!(found.len(), 3);
    assert_eq!(
        (&*found[0], &found[2]),
        (open, &unsigned("error", "busybox"))
    );
    let found = said_of("insecureAcceptAnything", "docker", "docker.io/busybox");
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], unsigned("warning", "docker.io/busybox"));
    let found = said_of("insecureAcceptAnything", "dokcer", "registry.example.com");
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], unsigned("error", "registry.example.com"));
    // The images have another scope, or are refused.
    for text in [
        r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {
            "": [{"type": "reject"}], "busybox": [{"type": "reject"}]}}}"#,
        r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {
            "docker.io/library": [{"type": "reject"}], "busybox": [{"type": "reject"}]}}}"#,
        r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {
            "docker": {"h.example": [{"type": "reject"}]}, "dokcer": {"h.example/a": [{"type": "reject"}]}}}"#,
        r#"{"default": [{"type": "insecureAcceptAnything"}], "transports": {"docker": {
            "busybox": [{"type": "insecureAcceptAnything"}]}}}"#,
    ] {
        let report = policy(text).lint();
        let mut codes = report.findings.iter().map(|finding| finding.code);
        assert!(
            codes.all(|code| code != LintCode::UnsignedBesideNeverMatching),
            "{text}"
        );
    }
}

#[test]
fn scopes_beside_others() {
    let text = r#"{"default": [{"type": "reject"}], "transports": {"docker": {
  "h.example": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
  "h.example/open": [{"type": "insecureAcceptAnything"}],
  "h.example/same": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
  "h.example/open/app:1": [{"type": "insecureAcceptAnything"}],
  "h.example:5000/a": [{"type": "reject"}]},
  "dir": {"/a": [{"type": "reject"}], "/a/b": [{"type": "reject"}], "": [{"type": "insecureAcceptAnything"}]}}}"#;
    assert_eq!(
        said(&policy(text)),
        [
            "note[host-without-port]: line 2, column 3: `h.example` is only for images that are named without a port; \
             those of `h.example:5000` do not match it; give the same requirements to both if both names are in use",
            "warning[unsigned-below-signed]: line 3, column 3: images of `h.example/open` are accepted unsigned, though \
             `h.example` in line 2 demands signatures; remove this scope if its images are signed like the others",
            "note[redundant-scope]: line 4, column 3: `h.example/same` says the same as `h.example` in line 2, which it \
             is in; remove it, or write what is different here",
            "note[redundant-scope]: line 5, column 3: `h.example/open/app:1` says the same as `h.example/open` in line 3, \
             which it is in; remove it, or write what is different here",
            "note[redundant-scope]: line 7, column 39: `/a/b` says the same as `/a` in line 7, which it is in; remove it, or write what is different here",
        ]
    );
}

#[test]
fn all_slips_of_a_policy_at_once() {
    let text = r#"{
  "default": [{"type": "insecureAcceptAnything"}],
  "transports": {
    "docker": {
      "busybox": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
      "docker.io/busybox": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
      "docker://a.example/shop": [{"type": "reject"}],
      "https://b.example": [{"type": "reject"}],
      "c.example/shop/": [{"type": "reject"}],
      "d.example": [{"type": "reject"}], "d.example:5000": [{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}],
      "e.example/Shop": [{"type": "reject"}],
      "f.example/*": [{"type": "reject"}],
      "*.g.example/shop": [{"type": "reject"}]
    },
    "dokcer": {"h.example": [{"type": "reject"}]},
    "docker:// ": {"h.example": [{"type": "reject"}]}
  }
}"#;
    let report = policy(text).lint();
    let told: Vec<(&str, usize, &str)> = report
        .findings
        .iter()
        .filter(|finding| finding.code != LintCode::UnsignedBesideNeverMatching)
        .map(|finding| {
            let line = finding.span.as_ref().unwrap().start.line;
            let step = finding.steps.first().map_or("", |step| step);
            (finding.code.name(), line, step)
        })
        .collect();
    let never = "scope-never-matches";
    assert_eq!(
        told,
        [
            (
                "unsigned-default",
                2,
                "write `reject` there, and scopes for what is to be accepted"
            ),
            (never, 5, "write `docker.io/library/busybox`"),
            (
                "official-image-namespace",
                6,
                "write `docker.io/library/busybox` if that is meant"
            ),
            (never, 7, "write `a.example/shop`"),
            (never, 8, "write `b.example`"),
            (never, 9, "write `c.example/shop`"),
            (
                "host-without-port",
                10,
                "give the same requirements to both if both names are in use"
            ),
            (
                "requirement-cannot-pass",
                10,
                "demand a signature of the image itself, by `signedBy`: containers/image does not evaluate this either"
            ),
            (never, 11, "write `e.example/shop`"),
            (never, 12, "write `f.example`"),
            (
                never,
                13,
                "name each host with its path, or write the hosts alone, which covers all of them"
            ),
            ("unknown-transport", 15, "write `docker`"),
            ("unknown-transport", 16, "write `docker`"),
        ]
    );
    // Each of those that demand something does so in vain: the default is open.
    let in_vain = report
        .findings
        .iter()
        .filter(|finding| finding.code == LintCode::UnsignedBesideNeverMatching);
    let lines: Vec<usize> = in_vain
        .map(|finding| finding.span.as_ref().unwrap().start.line)
        .collect();
    assert_eq!(lines, [5, 6, 7, 8, 9, 11, 12, 13, 15, 16]);
}
