//! Every system can unpack this crate and check out its repository: no name of a file is one that Windows or macOS
//! refuses, or takes for another.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Names of devices on Windows, whatever letter case and extension they have ("Naming Files, Paths, and Namespaces").
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Devices with a digit behind their name, which may be one of Latin-1's superscripts.
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];
const NUMBERS: &str = "123456789\u{b9}\u{b2}\u{b3}";

/// Folders that are not the repository's own: what git and cargo write.
const NOT_OURS: [&str; 2] = [".git", "target"];

#[test]
fn every_system_has_room_for_every_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut complaints = Vec::new();
    let count = look_into(root, root, &mut complaints);
    assert!(
        complaints.is_empty(),
        "these files cannot be on every system:\n{}",
        complaints.join("\n")
    );
    // The folders of the sources alone are more.
    assert!(count > 50, "only {count} files were found");
}

#[test]
fn names_that_some_system_refuses_are_found() {
    for name in [
        "nul",
        "nul.gpg",
        "NUL.tar.gz",
        "Aux.rs",
        "con",
        "prn.txt",
        "com1.json",
        "LPT9",
        "com\u{b2}",
        "conin$",
        "nul .gpg",
        "a.",
        "a ",
        "a:b",
        "a<b",
        "a>b",
        "a\"b",
        "a|b",
        "a?",
        "a*",
        "a\\b",
        "a\u{7}b",
        "",
    ] {
        assert!(problem_of(name).is_some(), "{name:?}");
    }
    for name in [
        "null.gpg",
        "annul",
        "console.rs",
        "com0",
        "com10",
        "lpt",
        ".gitignore",
        "a b",
        "a.b.c",
        "@unknown",
    ] {
        assert_eq!(problem_of(name), None, "{name:?}");
    }
}

/// Looks at every name below a folder; how many files there are.
fn look_into(root: &Path, folder: &Path, complaints: &mut Vec<String>) -> usize {
    let mut count = 0;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = entry.path();
        let shown = path.strip_prefix(root).unwrap_or(&path).display();
        let Ok(name) = entry.file_name().into_string() else {
            complaints.push(format!("{shown}: not UTF-8"));
            continue;
        };
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if let Some(problem) = problem_of(&name) {
            complaints.push(format!("{shown}: {problem}"));
        }
        if let Some(other) = names.insert(name.to_lowercase(), name.clone()) {
            complaints.push(format!("{shown}: differs from {other} in letter case only"));
        }
        if entry.file_type().expect("a type").is_dir() {
            count += look_into(root, &path, complaints);
        } else {
            count += 1;
        }
    }
    count
}

/// Why a system refuses this name, if one does.
fn problem_of(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("empty".to_owned());
    }
    if let Some(found) = name
        .chars()
        .find(|&found| found.is_control() || "<>:\"|?*\\/".contains(found))
    {
        return Some(format!("{found:?} in a name"));
    }
    if name.ends_with(['.', ' ']) {
        return Some("a dot or space at the end".to_owned());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_uppercase();
    let is_numbered = NUMBERED_DEVICES.iter().any(|device| {
        let mut rest = stem.strip_prefix(device).unwrap_or_default().chars();
        rest.next().is_some_and(|digit| NUMBERS.contains(digit)) && rest.next().is_none()
    });
    (is_numbered || DEVICES.contains(&stem.as_str()))
        .then(|| format!("{stem} is a device on Windows"))
}
