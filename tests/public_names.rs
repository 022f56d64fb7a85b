//! Each public name can be reached by one path: what the front door has is not public in its module.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The modules that `src/lib.rs` makes public.
const MODULES: [&str; 13] = [
    "answer", "digest", "engine", "explain", "image", "index", "manual", "oci", "policy",
    "sigstore", "source", "testing", "verdict",
];

#[test]
fn each_public_name_has_one_path() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let front_door = fs::read_to_string(source.join("lib.rs")).expect("the sources are here");
    let public: Vec<&str> = front_door
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(public, MODULES);

    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names(&front_door) {
        paths.entry(name).or_default().push("the crate".to_owned());
    }
    for module in MODULES {
        let text = fs::read_to_string(source.join(module).join("mod.rs")).expect("a module");
        for name in names(&text) {
            paths.entry(name).or_default().push(module.to_owned());
        }
    }
    paths.retain(|_, paths| paths.len() > 1);
    assert!(paths.is_empty(), "{paths:#?}");
}

/// The names that a module's file declares or takes from others as `pub`.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for item in text.split("\npub ").skip(1) {
        let (kind, rest) = item.split_once(' ').expect("a kind and a name");
        match kind {
            "use" => {
                let path = rest.split(';').next().expect("a path");
                let last = path.rsplit("::").next().expect("a name");
                let list = path.split_once('{').map_or(last, |(_, list)| list);
                let list = list.trim_end_matches('}').split(',').map(str::trim);
                names.extend(list.filter(|name| !name.is_empty()).map(str::to_owned));
            }
            "mod" => {}
            "fn" | "struct" | "enum" | "trait" | "type" | "const" => {
                let end =
                    rest.find(|character: char| !character.is_alphanumeric() && character != '_');
                names.push(rest.split_at(end.expect("more than a name")).0.to_owned());
            }
            other => panic!("what is `pub {other}`?"),
        }
    }
    names
}
