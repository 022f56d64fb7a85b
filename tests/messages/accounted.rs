//! The tables of `README.md`: each situation is told in a file, or in a test elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many situations there are of each group, by the first letter of their names.
const GROUPS: [(char, usize); 12] = [
    ('a', 35),
    // With `b11`, which was tried later.
    ('b', 12),
    ('c', 8),
    ('d', 12),
    ('e', 18),
    ('f', 42),
    ('g', 18),
    ('h', 12),
    ('i', 15),
    ('j', 9),
    ('s', 37),
    ('x', 16),
];

#[test]
fn every_situation_is_told_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/messages");
    let table = fs::read_to_string(folder.join("README.md")).expect("the tables");
    let mut names = BTreeSet::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, _, told, _] = cells.as_slice() else {
            continue;
        };
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            continue;
        }
        assert!(names.insert((*name).to_owned()), "{name} is there twice");
        let places: Vec<&str> = told.split('`').skip(1).step_by(2).collect();
        assert!(!places.is_empty(), "{name} is told nowhere");
        for place in places {
            let is_there = match place.split_once("::") {
                Some((file, function)) => fs::read_to_string(root.join(file))
                    .is_ok_and(|test| test.contains(&format!("fn {function}("))),
                None => place.ends_with(".txt") && folder.join(place).is_file(),
            };
            assert!(is_there, "{name}: there is no {place}");
        }
    }
    for (group, count) in GROUPS {
        let found = names.iter().filter(|name| name.starts_with(group)).count();
        assert_eq!(found, count, "{group}");
    }
    let all: usize = GROUPS.iter().map(|(_, count)| count).sum();
    assert_eq!(names.len(), all, "{names:?}");
}
