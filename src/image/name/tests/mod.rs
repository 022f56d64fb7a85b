mod storage;

use std::fs;
use std::os::unix::fs::symlink;

use super::ImageName;
use crate::image::{ImageNameError, NameContext, Transport};
use crate::reference::Reference;

const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[track_caller]
fn name(text: &str) -> ImageName {
    let text = text.replace("HEX", HEX);
    let name = ImageName::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(name.to_string(), text);
    assert_eq!(name.as_str(), text);
    assert_eq!(text.parse::<ImageName>().unwrap(), name);
    name
}

#[track_caller]
fn check(text: &str, identity: Option<&str>, namespaces: &[&str], reference: Option<&str>) {
    let name = name(text);
    let expand = |text: &str| text.replace("HEX", HEX);
    assert_eq!(
        name.policy_identity().map(str::to_owned),
        identity.map(expand),
        "{text}"
    );
    let namespaces: Vec<String> = namespaces
        .iter()
        .map(|namespace| expand(namespace))
        .collect();
    assert_eq!(name.policy_namespaces(), namespaces, "{text}");
    assert_eq!(
        name.docker_reference().map(Reference::to_string),
        reference.map(expand),
        "{text}"
    );
    // Whatever an image can match is a valid scope.
    for scope in name
        .policy_identity()
        .into_iter()
        .chain(name.policy_namespaces().iter().map(String::as_str))
    {
        if !scope.starts_with("*.") && scope != "/" {
            assert_eq!(
                name.transport().validate_scope(scope),
                Ok(()),
                "{text} {scope}"
            );
        }
    }
}

#[track_caller]
fn fails(text: &str, sentence: &str) {
    let text = text.replace("HEX", HEX);
    assert_eq!(
        ImageName::parse(&text).unwrap_err().to_string(),
        sentence.replace("HEX", HEX),
        "{text}"
    );
}

#[track_caller]
fn refused(texts: &[&str]) {
    for text in texts {
        let text = text.replace("HEX", HEX);
        if let Ok(name) = ImageName::parse(&text) {
            panic!("{text} was read as {:?}", name.policy_identity());
        }
    }
}

#[test]
fn docker() {
    check(
        "docker://busybox",
        Some("docker.io/library/busybox:latest"),
        &[
            "docker.io/library/busybox",
            "docker.io/library",
            "docker.io",
            "*.io",
        ],
        Some("docker.io/library/busybox:latest"),
    );
    check(
        "docker://a.b.example:5000/ns/app:1",
        Some("a.b.example:5000/ns/app:1"),
        &[
            "a.b.example:5000/ns/app",
            "a.b.example:5000/ns",
            "a.b.example:5000",
            "*.b.example",
            "*.example",
        ],
        Some("a.b.example:5000/ns/app:1"),
    );
    check(
        "docker://h.example/app@sha256:HEX",
        Some("h.example/app@sha256:HEX"),
        &["h.example/app", "h.example", "*.example"],
        Some("h.example/app@sha256:HEX"),
    );
    check(
        "docker://127.0.0.1/app",
        Some("127.0.0.1/app:latest"),
        &["127.0.0.1/app", "127.0.0.1", "*.0.0.1", "*.0.1", "*.1"],
        Some("127.0.0.1/app:latest"),
    );
    check(
        "docker://localhost:5000/app",
        Some("localhost:5000/app:latest"),
        &["localhost:5000/app", "localhost:5000"],
        Some("localhost:5000/app:latest"),
    );
    check(
        "docker://Docker.io/app",
        Some("Docker.io/app:latest"),
        &["Docker.io/app", "Docker.io", "*.io"],
        Some("Docker.io/app:latest"),
    );
    check(
        "docker://my_host.example/app",
        Some("my_host.example/app:latest"),
        &["my_host.example/app", "my_host.example", "*.example"],
        Some("my_host.example/app:latest"),
    );
    check(
        "docker://h.example/ns/app@@unknown-digest@@",
        Some("h.example/ns/app"),
        &["h.example/ns", "h.example", "*.example"],
        Some("h.example/ns/app"),
    );
    let reference = Reference::parse_normalized("h.example/app:1").unwrap();
    assert_eq!(
        ImageName::from_reference(&reference).unwrap(),
        name("docker://h.example/app:1")
    );
    fails(
        "docker://app:1@sha256:HEX",
        "the reference `docker.io/library/app:1@sha256:HEX` has a tag and a digest: a `docker` name must have only one of them",
    );
    fails(
        "docker://app:1@@unknown-digest@@",
        "`@@unknown-digest@@` must follow a name without tag and digest, but `docker.io/library/app:1` has one",
    );
    fails(
        "docker:app",
        "a `docker` name begins with `docker://`; did you mean `docker://app`?",
    );
    fails(
        "docker:/app",
        "a `docker` name begins with `docker://`; did you mean `docker://app`?",
    );
    fails(
        "docker://App",
        "the `docker` name has an invalid reference: the repository path `App` must be in lower case, but has `A`",
    );
    refused(&[
        "docker:",
        "docker://",
        "docker:///app",
        "docker://[::1]:5000/app",
        "docker://HEX",
        "docker://app@@unknown-digest",
    ]);
}

#[test]
fn atomic() {
    check(
        "atomic:h.example:5000/ns/stream:tag",
        Some("h.example:5000/ns/stream:tag"),
        &[
            "h.example:5000/ns/stream",
            "h.example:5000/ns",
            "h.example:5000",
            "*.example",
        ],
        Some("h.example:5000/ns/stream:tag"),
    );
    check(
        "atomic:stream:tag",
        Some("docker.io/library/stream:tag"),
        &[
            "docker.io/library/stream",
            "docker.io/library",
            "docker.io",
            "*.io",
        ],
        Some("docker.io/library/stream:tag"),
    );
    fails(
        "atomic:h.example/ns/stream",
        "`h.example/ns/stream` is not of the form `host/namespace/stream:tag`",
    );
    refused(&[
        "atomic:",
        "atomic:h.example/stream:tag",
        "atomic:h.example/a/b/stream:tag",
        "atomic:h.example/ns/stream@sha256:HEX",
        "atomic:h.example/ns/stream:tag@sha256:HEX",
    ]);
}

#[test]
fn docker_daemon() {
    check(
        "docker-daemon:app:1",
        Some("docker.io/library/app:1"),
        &[
            "docker.io/library/app",
            "docker.io/library",
            "docker.io",
            "*.io",
        ],
        Some("docker.io/library/app:1"),
    );
    check(
        "docker-daemon:h.example/app@sha256:HEX",
        Some("h.example/app@sha256:HEX"),
        &["h.example/app", "h.example", "*.example"],
        Some("h.example/app@sha256:HEX"),
    );
    check("docker-daemon:sha256:HEX", None, &[], None);
    check(
        "docker-daemon:h.example/sha256:abc",
        Some("h.example/sha256:abc"),
        &["h.example/sha256", "h.example", "*.example"],
        Some("h.example/sha256:abc"),
    );
    fails(
        "docker-daemon:sha512:HEXHEX",
        "`sha512:HEXHEX` is not an image ID of the Docker daemon: it must begin with `sha256:`",
    );
    fails(
        "docker-daemon:sha256:abc",
        "`sha256:abc` is not an image ID of the Docker daemon: after `sha256:` it must have 64 hexadecimal digits",
    );
    fails(
        "docker-daemon:app",
        "the reference `docker.io/library/app` has neither a tag nor a digest: a `docker-daemon` name must have one",
    );
    refused(&[
        "docker-daemon:",
        "docker-daemon:HEX",
        "docker-daemon:app:1@sha256:HEX",
        "docker-daemon:library/sha256:a",
    ]);
}

#[test]
fn paths() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("a/b")).unwrap();
    symlink("a/b", root.join("link")).unwrap();
    symlink("none", root.join("dangling")).unwrap();
    let base = root.to_str().unwrap();
    let context = NameContext::default().with_working_directory(&root);
    for (written, resolved) in [
        ("a/b", "a/b"),
        ("link", "a/b"),
        ("link/new", "a/b/new"),
        ("./link/../new", "new"),
    ] {
        let resolved = format!("{base}/{resolved}");
        for transport in ["dir", "sif"] {
            let name = ImageName::parse_in(&format!("{transport}:{written}"), &context).unwrap();
            assert_eq!(name.policy_identity(), Some(resolved.as_str()));
            assert_eq!(
                name.policy_namespaces()[0],
                resolved.rsplit_once('/').unwrap().0
            );
            assert!(
                !name.policy_namespaces().contains(&String::new())
                    && !name.policy_namespaces().contains(&"/".into())
            );
            assert_eq!(name.docker_reference(), None);
        }
        for transport in ["oci", "oci-archive"] {
            for suffix in ["", ":", ":tag", ":registry.example/app:1.2@x"] {
                let name = ImageName::parse_in(&format!("{transport}:{written}{suffix}"), &context)
                    .unwrap();
                assert_eq!(name.policy_identity(), Some(resolved.as_str()));
                assert_eq!(name.policy_namespaces()[0], resolved);
                assert_eq!(
                    name.policy_namespaces()[1],
                    resolved.rsplit_once('/').unwrap().0
                );
                assert_eq!(name.docker_reference(), None);
            }
        }
    }
    for text in [
        "dir:missing/new",
        "sif:dangling",
        "oci:dangling/new:tag",
        "oci-archive:missing/",
    ] {
        let error = ImageName::parse_in(text, &context).unwrap_err().to_string();
        assert!(
            error.contains("cannot be resolved: No such file or directory"),
            "{error}"
        );
    }
    check("dir:/no-such-image", Some("/no-such-image"), &[], None);
    check(
        "oci:/no-such-image:1",
        Some("/no-such-image"),
        &["/no-such-image"],
        None,
    );
    check("dir:///no-such-image", Some("/no-such-image"), &[], None);
    check("dir:/", Some("/"), &[], None);
    check("oci:/", Some("/"), &[], None);
    // A colon is a part of the path, but ends it for the OCI transports.
    check("dir:/no:such-image", Some("/no:such-image"), &[], None);
    // Nothing else says the current directory.
    let here = std::env::current_dir().unwrap().canonicalize().unwrap();
    assert_eq!(name("dir:").policy_identity(), here.to_str());
    assert_eq!(name("dir:.").policy_identity(), here.to_str());
}

#[test]
fn images_in_layouts() {
    for image in [
        "a",
        "A",
        "a-b",
        "a--b",
        "a.b_c:d@e+f",
        "a/b",
        "a/b--c/d:1",
        "0",
    ] {
        name(&format!("oci:/none:{image}"));
    }
    for image in [
        "-a", "a-", "a---b", "a----b", "a-+b", "a..b", "/a", "a/", "a//b", "a b", "é", "a@@b",
        "--", "a--",
    ] {
        fails(
            &format!("oci:/none:{image}"),
            &format!("`{image}` is not the name of an image in an OCI layout"),
        );
    }
    for index in ["@0", "@3", "@4294967295"] {
        assert_eq!(
            name(&format!("oci:/none:{index}")).policy_identity(),
            Some("/none")
        );
    }
    for index in ["@", "@a", "@-1", "@1.5", "@1:a"] {
        fails(
            &format!("oci:/none:{index}"),
            &format!("`{index}` is not the index of an image: it must be `@` and a number"),
        );
    }
    for index in ["@", "@0", "@3", "@a", "@-1"] {
        fails(
            &format!("oci-archive:/none:{index}"),
            &format!(
                "`{index}` is an index, which an `oci-archive` name cannot have: name the image, or unpack the archive and use `oci:`"
            ),
        );
    }
}

#[test]
fn archives() {
    check("docker-archive:/none", None, &[], None);
    check(
        "docker-archive:any/where.tar:app",
        None,
        &[],
        Some("docker.io/library/app:latest"),
    );
    check(
        "docker-archive:a.tar:h.example:5000/app:1",
        None,
        &[],
        Some("h.example:5000/app:1"),
    );
    check("docker-archive:a.tar:@0", None, &[], None);
    fails("docker-archive:", "the `docker-archive` name is empty");
    fails(
        "docker-archive:a:app@sha256:HEX",
        "the reference `docker.io/library/app@sha256:HEX` has a digest: a `docker-archive` name can only have a tag",
    );
    refused(&[
        "docker-archive:a:",
        "docker-archive:a:@x",
        "docker-archive:a:App",
        "docker-archive:a:app:1@sha256:HEX",
    ]);
    check("tarball:a.tar", None, &[], None);
    check("tarball:a.tar:b.tar:-", None, &[], None);
    refused(&["tarball:", "tarball:a:", "tarball::a"]);
}

#[test]
fn transports() {
    for (text, transport) in [
        ("docker://app", Transport::Docker),
        ("atomic:a/b:c", Transport::Atomic),
        ("docker-daemon:a:b", Transport::DockerDaemon),
        ("dir:/", Transport::Dir),
        ("sif:/", Transport::Sif),
        ("oci:/", Transport::Oci),
        ("oci-archive:/", Transport::OciArchive),
        ("containers-storage:a", Transport::ContainersStorage),
        ("docker-archive:a", Transport::DockerArchive),
        ("tarball:a", Transport::Tarball),
    ] {
        assert_eq!(name(text).transport(), transport);
        assert_eq!(
            serde_json::to_string(&name(text)).unwrap(),
            format!("\"{text}\"")
        );
    }
    let all = "`docker://`, `atomic:`, `docker-daemon:`, `dir:`, `sif:`, `oci:`, `oci-archive:`, `containers-storage:`, \
               `docker-archive:`, `tarball:`";
    fails(
        "busybox",
        "the image name `busybox` has no transport; did you mean `docker://busybox`?",
    );
    fails(
        "busybox:1",
        "the image name `busybox:1` has no transport; did you mean `docker://busybox:1`?",
    );
    fails(
        "localhost:5000/app",
        "the image name `localhost:5000/app` has no transport; did you mean `docker://localhost:5000/app`?",
    );
    fails(
        "/some/where",
        "the image name `/some/where` has no transport; did you mean `dir:/some/where`?",
    );
    fails(
        "Docker://app",
        "`Docker` is not a transport; did you mean `docker://app`?",
    );
    fails(
        "dokcer:app",
        "`dokcer` is not a transport; did you mean `docker://app`?",
    );
    fails(
        "oci_archive:/a",
        "`oci_archive` is not a transport; did you mean `oci-archive:/a`?",
    );
    fails(
        "",
        &format!("the image name `` has no transport; it must begin with one of {all}"),
    );
    fails(
        "https://h.example/app",
        &format!("`https` is not a transport; it must begin with one of {all}"),
    );
    fails(
        "ostree:app@/x",
        &format!("`ostree` is not a transport; it must begin with one of {all}"),
    );
    fails(
        ":x",
        &format!("`` is not a transport; it must begin with one of {all}"),
    );
}

#[test]
fn what_is_pulled_has_a_tag_or_a_digest() {
    for (written, pulled) in [
        ("app", "docker://docker.io/library/app:latest"),
        ("h.example/app:1", "docker://h.example/app:1"),
        (
            "h.example:5000/ns/app@sha256:HEX",
            "docker://h.example:5000/ns/app@sha256:HEX",
        ),
        // As Kubernetes writes it.
        (
            "h.example/app:1@sha256:HEX",
            "docker://h.example/app@sha256:HEX",
        ),
        ("my_host.example/app:1", "docker://my_host.example/app:1"),
    ] {
        let reference: Reference = written.replace("HEX", HEX).parse().unwrap();
        let pulled = name(pulled);
        assert_eq!(ImageName::for_pull(&reference), pulled, "{written}");
        // It is what `from_reference` makes of the same, where that makes something of it.
        match ImageName::from_reference(&reference) {
            Ok(name) if name.as_str() == pulled.as_str() => assert_eq!(name, pulled),
            Ok(name) => assert_eq!(name.policy_identity(), pulled.policy_identity()),
            Err(error) => {
                assert!(
                    matches!(error, ImageNameError::TagAndDigest { .. }),
                    "{error}"
                );
                assert!(reference.tag().is_some() && reference.digest().is_some());
            }
        }
    }
}
