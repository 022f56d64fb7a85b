//! What is public can get more variants and members without breaking its users: every public enum, every struct with public
//! fields and every variant with named fields is `#[non_exhaustive]`. Or it is named here, with a reason.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use containers_sigpolicy::engine::{EngineError, KeyMaterial};
use containers_sigpolicy::{CryptoPolicy, SourceError};

/// What is closed on purpose, and why: `Type`, or `Type::Variant`.
const CLOSED: [(&str, &str); 0] = [];

#[test]
fn what_is_public_is_non_exhaustive() {
    let mut closed = Vec::new();
    let mut seen = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).expect("a source");
        for item in items(&text) {
            seen += 1;
            closed.extend(item.closed());
        }
    }
    // What this test does not find, it does not check.
    assert!(seen > 120, "{seen}");
    let mut reasons = BTreeMap::from(CLOSED);
    closed.retain(|name| reasons.remove(name.as_str()).is_none());
    assert!(
        closed.is_empty(),
        "not #[non_exhaustive], and without a reason: {closed:?}"
    );
    assert!(reasons.is_empty(), "they are open, or gone: {reasons:?}");
}

#[test]
fn a_closed_item_is_found() {
    let found = |text: &str| -> Vec<String> {
        let items = items(text);
        items.iter().flat_map(Item::closed).collect()
    };
    assert_eq!(found("pub enum A {\n    B,\n}\n"), ["A"]);
    assert_eq!(
        found("#[non_exhaustive]\npub enum A {\n    B,\n}\n"),
        [""; 0]
    );
    assert_eq!(
        found(
            "#[non_exhaustive]\n#[serde(x)]\npub enum A<'a> {\n    B { c: u8 },\n    C(u8),\n}\n"
        ),
        ["A::B"]
    );
    assert_eq!(
        found(
            "#[non_exhaustive]\npub enum A {\n    /// B.\n    #[non_exhaustive]\n    B {\n        c: u8,\n    },\n    \
             C {\n        d: u8,\n    },\n}\n"
        ),
        ["A::C"]
    );
    assert_eq!(found("pub struct A;\n"), ["A"]);
    assert_eq!(found("pub struct A(pub u8);\npub struct B(u8);\n"), ["A"]);
    assert_eq!(
        found("pub struct A {\n    pub b: u8,\n}\npub struct B {\n    c: u8,\n}\n"),
        ["A"]
    );
    assert_eq!(found("pub(crate) enum A {\n    B,\n}\n"), [""; 0]);
}

/// What engines and sources outside of the crate have to say can be said from there.
#[test]
fn what_others_have_to_make_they_can() {
    let deadline = Duration::from_secs(2);
    for (error, text) in [
        (
            EngineError::failed("own", "read the keys", "no token"),
            "the engine own could not read the keys",
        ),
        (
            EngineError::timed_out("own", "read the keys", "/bin/own", deadline),
            "the engine own could not read the keys: /bin/own did not answer within 2000 ms and was killed",
        ),
        (
            EngineError::clock_unsupported("own"),
            "the engine own cannot judge by this clock",
        ),
        (
            EngineError::crypto_policy_unsupported("own", CryptoPolicy::GnuPg),
            "the engine own cannot apply the cryptographic policy gnupg",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
    let source = std::io::Error::other("gone");
    for (error, text) in [
        (SourceError::io("/a", source), "cannot read /a: gone"),
        (SourceError::not_a_file("/a"), "/a is not a regular file"),
        (SourceError::not_a_directory("/a"), "/a is not a directory"),
        (SourceError::too_large("/a", 1), "/a is larger than 1 bytes"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    let material = KeyMaterial::new("keyData", b"");
    assert_eq!((material.origin, material.bytes), ("keyData", &b""[..]));
}

/// The library's sources: no unit tests, no programs.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if matches!(name.as_ref(), "tests" | "tests.rs" | "bin") {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    found
}

/// A public enum or struct, as rustfmt lays it out.
struct Item<'a> {
    is_enum: bool,
    name: &'a str,
    is_open: bool,
    /// The line of its name from there, and what follows to its end.
    lines: Vec<&'a str>,
}

/// The public enums and structs of a file.
fn items(text: &str) -> Vec<Item<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut items = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (is_enum, rest) = match (
            line.strip_prefix("pub enum "),
            line.strip_prefix("pub struct "),
        ) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => continue,
        };
        let end = rest.find(|character: char| !character.is_alphanumeric());
        let (name, body) = rest.split_at(end.expect("more than a name"));
        let before = lines.iter().take(index).rev();
        let attributes = before.take_while(|line| line.starts_with(['#', '/', ' ', ')']));
        let mut all = vec![body];
        if body.ends_with('{') {
            let after = lines.iter().skip(index.saturating_add(1));
            all.extend(after.take_while(|line| **line != "}"));
        }
        items.push(Item {
            is_enum,
            name,
            is_open: attributes
                .into_iter()
                .any(|line| *line == "#[non_exhaustive]"),
            lines: all,
        });
    }
    items
}

impl Item<'_> {
    /// What of it cannot get more without breaking somebody.
    fn closed(&self) -> Vec<String> {
        if !self.is_enum {
            let is_unit = self.lines == [";"];
            let shows = self.lines.iter().any(|line| {
                line.starts_with("    pub ") || line.starts_with('(') && line.contains("pub ")
            });
            let is_closed = !self.is_open && (is_unit || shows);
            return is_closed
                .then(|| self.name.to_owned())
                .into_iter()
                .collect();
        }
        let mut closed = Vec::new();
        if !self.is_open {
            closed.push(self.name.to_owned());
        }
        let mut is_open = false;
        for line in self
            .lines
            .iter()
            .filter_map(|line| line.strip_prefix("    "))
        {
            if line == "#[non_exhaustive]" {
                is_open = true;
            }
            if line.starts_with(|character: char| character.is_ascii_uppercase()) {
                if let Some((variant, _)) = line.split_once(" {") {
                    if !is_open {
                        closed.push(format!("{}::{variant}", self.name));
                    }
                }
                is_open = false;
            }
        }
        closed
    }
}
