use super::*;

const WEB: &str = "docker://registry.example.com/shop/web:1.4.2";

/// What is said of the scope in line 4 for an image.
fn said(transport: &str, scope: &str, name: &str) -> Vec<String> {
    let policy = with_scope("reject", transport, scope);
    let near_misses = policy.near_misses(&image(name));
    for near_miss in &near_misses {
        json_output::of(near_miss, "near-miss");
        assert_eq!(near_miss.span, policy.place_of_scope(&near_miss.scope));
        if let Some(instead) = &near_miss.instead {
            // What is proposed applies to the image.
            let mended = with_scope(
                "reject",
                instead.transport.as_ref().unwrap(),
                &instead.scope,
            );
            assert_eq!(
                mended.requirements_for(&image(name)).scope().name(),
                *instead
            );
        }
    }
    near_misses.iter().map(ToString::to_string).collect()
}

#[test]
fn scopes_that_were_meant_for_the_image() {
    for (scope, name, said_of_it) in [
        (
            "busybox",
            "docker://busybox",
            "which matches no image: a scope is written in full, with its host; write `docker.io/library/busybox`",
        ),
        (
            "busybox:latest",
            "docker://busybox",
            "which matches no image: a scope is written in full, with its host; \
             write `docker.io/library/busybox:latest`",
        ),
        (
            "library",
            "docker://busybox",
            "which matches no image: a scope is written in full, with its host; write `docker.io/library`",
        ),
        (
            "docker.io/busybox",
            "docker://busybox",
            "which this image does not match: official images are below `docker.io/library`; it would match `docker.io/library/busybox`",
        ),
        (
            "docker.io/busybox:latest",
            "docker://busybox",
            "which matches no image: the official images of Docker Hub are below `docker.io/library`; \
             write `docker.io/library/busybox:latest`",
        ),
        (
            "index.docker.io",
            "docker://busybox",
            "which matches no image: in full, the host of Docker Hub is `docker.io`; write `docker.io`",
        ),
        (
            "index.docker.io/library/busybox",
            "docker://busybox",
            "which matches no image: in full, the host of Docker Hub is `docker.io`; \
             write `docker.io/library/busybox`",
        ),
        (
            "shop/web",
            "docker://shop/web",
            "which matches no image: a scope is written in full, with its host; write `docker.io/shop/web`",
        ),
        (
            "docker://registry.example.com/shop",
            WEB,
            "which matches no image: a scope has no scheme; write `registry.example.com/shop`",
        ),
        (
            "https://registry.example.com/",
            WEB,
            "which matches no image: a scope has no scheme; write `registry.example.com`",
        ),
        (
            "registry.example.com/shop/",
            WEB,
            "which matches no image: a scope does not end with `/`; write `registry.example.com/shop`",
        ),
        (
            "registry.example.com//shop",
            WEB,
            "which matches no image: between two slashes there is a name; write `registry.example.com/shop`",
        ),
        (
            "registry.example.com/*",
            WEB,
            "which matches no image: a scope covers all that is below it, without `*`; write `registry.example.com`",
        ),
        (
            "*.example.com/shop",
            WEB,
            "which matches no image: `*.` stands for whole hosts, and no path can follow",
        ),
        (
            "*.example.com:5000",
            "docker://registry.example.com:5000/shop/web:1",
            "which matches no image: `*.` stands for hosts with any port, and none can follow; write `*.example.com`",
        ),
        (
            "reg*.example.com",
            WEB,
            "which matches no image: `*` can only stand for the beginning of a host, as in `*.example.com`",
        ),
        (
            "registry.example.com/Shop",
            WEB,
            "which matches no image: repositories are in lower case; write `registry.example.com/shop`",
        ),
        (
            " registry.example.com",
            WEB,
            "which matches no image: white space counts; write `registry.example.com`",
        ),
        (
            "Registry.example.com/shop",
            WEB,
            "which this image does not match: letter case counts; it would match `registry.example.com/shop`",
        ),
        (
            "registry.example.com/shop",
            "docker://registry.example.com:5000/shop/web:1",
            "which this image does not match: the image's host has a port; \
             it would match `registry.example.com:5000/shop`",
        ),
        (
            "registry.example.com:443/shop",
            WEB,
            "which this image does not match: the image's host has another port or none; \
             it would match `registry.example.com/shop`",
        ),
        (
            "registry.example.com/shop/web:1.4.1",
            WEB,
            "which this image does not match: it is for another tag or digest",
        ),
        (
            "registry.example.org/shop/web",
            WEB,
            "which this image does not match: a few letters differ; it would match `registry.example.com/shop/web`",
        ),
    ] {
        let sentence = format!("line 4 has `{scope}`, {said_of_it}");
        assert_eq!(said("docker", scope, name), [sentence]);
    }
}

#[test]
fn other_transports() {
    assert_eq!(
        said("dokcer", "registry.example.com/shop", WEB),
        [
            "line 4 has `registry.example.com/shop` below the transport `dokcer`, which matches no image: \
          there is no such transport; write `docker`"
        ]
    );
    assert_eq!(
        said("docker://", "registry.example.com", WEB),
        [
            "line 4 has `registry.example.com` below the transport `docker://`, which matches no image: \
          there is no such transport; write `docker`"
        ]
    );
    assert_eq!(
        said("docker-daemon", "registry.example.com", WEB),
        [
            "line 4 has `registry.example.com` below the transport `docker-daemon`, which this image does not match: \
          it is for another transport; write `docker`"
        ]
    );
    assert_eq!(said("ostree", "registry.example.com", WEB), [""; 0]);
    assert_eq!(said("atomic", "", WEB), [""; 0]);
}

#[test]
fn what_is_meant_for_others_is_not_near() {
    for scope in [
        "registry.example.com/shop/web",
        "registry.example.com/shop/web:1.4.2",
        "registry.example.com",
        "*.example.com",
        "",
        "registry.example.com/shop/web/more",
        "registry.example.com/team",
        "registry2.example.com",
        "registry.elsewhere.com/shop/web",
        "alpine",
        "https://elsewhere.example",
        "elsewhere.example:5000/shop",
        "*.elsewhere.example/shop",
        "docker.io/web",
    ] {
        assert_eq!(said("docker", scope, WEB), [""; 0], "{scope}");
    }
    assert_eq!(said("dir", "/tmp/x", "dir:/tmp"), [""; 0]);
}

#[test]
fn only_what_would_apply_instead_is_told() {
    let text = r#"{"default": [{"type": "reject"}], "transports": {"docker": {
        "registry.example.com/shop": [{"type": "reject"}],
        "registry.example.com/shop/wbe": [{"type": "reject"}],
        "registry.example.com/shop/ab": [{"type": "reject"}],
        "https://registry.example.com": [{"type": "reject"}],
        "https://registry.example.com/shop/web": [{"type": "reject"}],
        "registry.example.com:80": [{"type": "reject"}]}}}"#;
    let near_misses = policy(text).near_misses(&image(WEB));
    let scopes: Vec<&str> = near_misses
        .iter()
        .map(|near_miss| &*near_miss.scope.scope)
        .collect();
    assert_eq!(
        scopes,
        [
            "https://registry.example.com/shop/web",
            "registry.example.com/shop/wbe"
        ]
    );
}

#[test]
fn the_nearest_five_are_told() {
    let scopes: Vec<String> = (b'a'..=b'z')
        .map(|letter| {
            format!(
                "\"registry.example.com/shop/we{}\": [{{\"type\": \"reject\"}}]",
                char::from(letter)
            )
        })
        .chain(["\"https://registry.example.com\": [{\"type\": \"reject\"}]".to_owned()])
        .filter(|scope| !scope.contains("/web\""))
        .collect();
    let text = format!(
        "{{\"default\": [{{\"type\": \"reject\"}}], \"transports\": {{\"docker\": {{{}}}}}}}",
        scopes.join(", ")
    );
    let near_misses = policy(&text).near_misses(&image(WEB));
    assert_eq!(near_misses.len(), 5);
    assert_eq!(near_misses[0].miss, Miss::Scheme);
    assert_eq!(near_misses[1].miss, Miss::Misspelt);
}

#[test]
fn scopes_of_other_transports_that_match_nothing() {
    for (transport, scope, instead) in [
        (
            "docker-daemon",
            "busybox:latest",
            Some("docker.io/library/busybox:latest"),
        ),
        (
            "docker-daemon",
            "busybox",
            Some("docker.io/library/busybox"),
        ),
        (
            "docker-daemon",
            "registry.example.com/shop/",
            Some("registry.example.com/shop"),
        ),
        (
            "atomic",
            "registry.example.com/",
            Some("registry.example.com"),
        ),
        ("atomic", "*.example.com:5000", Some("*.example.com")),
        (
            "atomic",
            "registry.example.com/A/b",
            Some("registry.example.com/a/b"),
        ),
        (
            "containers-storage",
            "[overlay@/var/lib/containers/storage]busybox",
            Some("[overlay@/var/lib/containers/storage]docker.io/library/busybox"),
        ),
        (
            "containers-storage",
            "[/var/lib/containers/storage]docker.io/library/busybox",
            None,
        ),
    ] {
        let found = spelling::misspelling(transport.parse().unwrap(), scope).unwrap();
        assert_eq!(found.instead.as_deref(), instead, "{transport} {scope}");
    }
    let hex = "0123456789abcdef".repeat(4);
    for (transport, scope) in [
        ("docker", "localhost"),
        ("docker", "hostname:5000"),
        ("docker", "hostname:5000/myns/app"),
        ("docker", "docker.io/openshift"),
        ("docker", "*.com"),
        ("docker", "my_registry.example"),
        ("docker", "registry.example.com/a/b/c:tag"),
        ("atomic", "hostname:5000/myns/official"),
        ("atomic", "h.example"),
        ("atomic", "h.example/ns/stream:tag"),
        ("docker-daemon", "docker.io/library/busybox"),
        ("containers-storage", "[overlay@/a]"),
        ("containers-storage", "[/a]"),
        ("containers-storage", "[overlay@/a]docker.io"),
        ("containers-storage", "[overlay@/a]docker.io/library/app:1"),
        ("dir", "/a/b"),
        ("oci", "/a"),
    ] {
        let found = spelling::misspelling(transport.parse().unwrap(), scope);
        assert_eq!(found, None, "{transport} {scope}");
    }
    for name in [
        format!("docker://registry.example.com/a@sha256:{hex}"),
        format!("containers-storage:[overlay@/a]app:1@sha256:{hex}@{hex}"),
        format!("containers-storage:[overlay@/a]@{hex}"),
        "docker://my_registry.example/app".to_owned(),
        "docker://h.example/a/b/c".to_owned(),
        "docker://localhost/a".to_owned(),
        "docker://a_b/c".to_owned(),
    ] {
        // What an image has for a scope matches something.
        let image = image(&name);
        let namespaces = image.policy_namespaces().iter().map(String::as_str);
        for scope in image.policy_identity().into_iter().chain(namespaces) {
            let found = spelling::misspelling(image.transport(), scope);
            assert_eq!(found, None, "{name} {scope}");
        }
    }
}
