//! Names in `containers-storage`.

use super::*;

#[test]
fn containers_storage() {
    let store = "[overlay@/var/lib/containers/storage]";
    let of = |text: &str| text.replace("STORE", store);
    let cases: &[(&str, &str, &[&str], Option<&str>)] = &[
        (
            "app",
            "STOREdocker.io/library/app:latest",
            &[
                "STOREdocker.io/library/app",
                "STOREdocker.io/library",
                "STOREdocker.io",
            ],
            Some("docker.io/library/app:latest"),
        ),
        (
            "h.example:5000/app:1",
            "STOREh.example:5000/app:1",
            &["STOREh.example:5000/app", "STOREh.example:5000"],
            Some("h.example:5000/app:1"),
        ),
        (
            "h.example/app@sha256:HEX",
            "STOREh.example/app@sha256:HEX",
            &["STOREh.example/app", "STOREh.example"],
            Some("h.example/app@sha256:HEX"),
        ),
        (
            "h.example/app:1@sha256:HEX",
            "STOREh.example/app:1@sha256:HEX",
            &[
                "STOREh.example/app:1",
                "STOREh.example/app",
                "STOREh.example",
            ],
            Some("h.example/app:1@sha256:HEX"),
        ),
        (
            "h.example/app@HEX",
            "STOREh.example/app:latest@HEX",
            &[
                "STOREh.example/app:latest",
                "STOREh.example/app",
                "STOREh.example",
            ],
            Some("h.example/app:latest"),
        ),
        (
            "h.example/app:1@sha256:HEX@HEX",
            "STOREh.example/app:1@sha256:HEX@HEX",
            &[
                "STOREh.example/app:1@sha256:HEX",
                "STOREh.example/app:1",
                "STOREh.example/app",
                "STOREh.example",
            ],
            Some("h.example/app:1@sha256:HEX"),
        ),
        ("@HEX", "STORE@HEX", &[], None),
    ];
    for &(text, identity, namespaces, reference) in cases {
        let namespaces: Vec<String> = namespaces
            .iter()
            .map(|name| of(name))
            .chain([store.to_owned(), "[/var/lib/containers/storage]".to_owned()])
            .collect();
        let namespaces: Vec<&str> = namespaces.iter().map(String::as_str).collect();
        for written in [
            "",
            "[/var/lib/containers/storage]",
            "[overlay@/var/lib/containers/storage]",
            "[overlay@/var/lib/containers/storage+/run/containers]",
            "[overlay@/var/lib/containers/storage+/run/containers:opt=a,b=c@d]",
            "[overlay@/var/lib//containers/x/../storage/:opt]",
        ] {
            check(
                &format!("containers-storage:{written}{text}"),
                Some(&of(identity)),
                &namespaces,
                reference,
            );
        }
    }
    check(
        "containers-storage:[vfs@/s]@HEX",
        Some("[vfs@/s]@HEX"),
        &["[vfs@/s]", "[/s]"],
        None,
    );
    let context = NameContext::default().with_storage("vfs", "/home/u/s");
    let parse = |text: &str| {
        ImageName::parse_in(text, &context)
            .unwrap()
            .policy_identity()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        parse("containers-storage:a"),
        "[vfs@/home/u/s]docker.io/library/a:latest"
    );
    assert_eq!(
        parse("containers-storage:[/s]a"),
        "[vfs@/s]docker.io/library/a:latest"
    );
    assert_eq!(
        parse("containers-storage:[overlay@/s]a"),
        "[overlay@/s]docker.io/library/a:latest"
    );
    let relative = NameContext::default().with_storage("vfs", "s");
    assert!(ImageName::parse_in("containers-storage:a", &relative).is_err());

    fails(
        "containers-storage:",
        "the `containers-storage` name is empty",
    );
    fails(
        "containers-storage:[/s]",
        "the `containers-storage` name is empty",
    );
    fails(
        "containers-storage:[vfs@s]a",
        "the graph root or run root `s` is not an absolute path",
    );
    fails(
        "containers-storage:[vfs@/s+run]a",
        "the graph root or run root `run` is not an absolute path",
    );
    fails(
        "containers-storage:[@/s]a",
        "`[@/s]a` is not a store: it must read `[driver@/graph/root]`, optionally with `+/run/root` and `:options`",
    );
    fails(
        "containers-storage:app@0123",
        "`0123` is neither a digest nor an image ID: write all 64 hexadecimal digits, because only the store can complete a \
         shortened ID",
    );
    fails(
        "containers-storage:cafe",
        "`cafe` may be a shortened image ID, which only the store can resolve: write `@` and all 64 hexadecimal digits for \
         the image, or `cafe:latest` for the name",
    );
    assert_eq!(
        parse("containers-storage:[overlay2@/s]cafe:1"),
        "[overlay@/s]docker.io/library/cafe:1"
    );
    refused(&[
        "containers-storage:bad",
        "containers-storage:[/s]0123456789",
        "containers-storage:HEX",
        "containers-storage:[",
        "containers-storage:[]a",
        "containers-storage:[vfs]a",
        "containers-storage:[vfs@]a",
        "containers-storage:[vfs@:opt]a",
        "containers-storage:[vfs@+/run]a",
        "containers-storage:[vfs@/s",
        "containers-storage:[vfs@/s][/t]a",
        "containers-storage:app@",
        "containers-storage:app@HEX@sha256:HEX",
        "containers-storage:app@HEX@HEX",
        "containers-storage:App",
        "containers-storage:@sha256:HEX",
    ]);
}
