//! Paths to values: `transports.docker["registry.k8s.io"][0].type`.

use super::shown::{MAX_SHOWN, quoted};
use super::{Document, Kind, Value};

impl Document<'_> {
    /// The paths to the values or keys that begin at these offsets, which ascend: [`Value::path`] of each, in one go.
    pub(crate) fn paths(&self, offsets: &[usize]) -> Vec<String> {
        paths(self.root(), offsets)
    }
}

impl Value<'_> {
    /// The path from the document's root to this value or key: `transports.docker["registry.k8s.io"][0].type`;
    /// empty for the root.
    pub(crate) fn path(self) -> String {
        paths(self.root(), &[self.range().start])
            .pop()
            .unwrap_or_default()
    }
}

/// The paths from a document's root to the values or keys that begin at `targets`, which are offsets in ascending
/// order; empty for the root. Reads each level of the document once, however many targets there are.
fn paths(root: Value<'_>, targets: &[usize]) -> Vec<String> {
    let mut paths = vec![String::new(); targets.len()];
    let mut open = vec![(root, 0..targets.len(), String::new())];
    while let Some((value, wanted, path)) = open.pop() {
        let before = |offset: usize| {
            let count = targets.partition_point(|&target| target < offset);
            count.clamp(wanted.start, wanted.end)
        };
        for (index, (key, child)) in children(value).into_iter().enumerate() {
            let own = before(key.unwrap_or(child).range().start)..before(child.range().end);
            if own.is_empty() {
                continue;
            }
            let mut path = path.clone();
            match key {
                Some(key) => push_key(&mut path, &key.string().unwrap_or_default()),
                None => path.push_str(&format!("[{index}]")),
            }
            for found in paths.get_mut(own.clone()).unwrap_or_default() {
                path.clone_into(found);
            }
            let inside = before(child.range().start.saturating_add(1))..own.end;
            if !inside.is_empty() {
                open.push((child, inside, path));
            }
        }
    }
    paths
}

/// The members of an object with their keys, or the elements of an array.
fn children<'doc>(value: Value<'doc>) -> Vec<(Option<Value<'doc>>, Value<'doc>)> {
    match value.kind() {
        Kind::Object => match value.raw_members() {
            Ok(members) => members.map(|(key, value)| (Some(key), value)).collect(),
            Err(_) => Vec::new(),
        },
        Kind::Array => match value.raw_elements() {
            Ok(elements) => elements.map(|element| (None, element)).collect(),
            Err(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Adds the step to a member of an object.
pub(crate) fn push_key(path: &mut String, key: &str) {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if !key.is_empty() && key.len() <= MAX_SHOWN && key.chars().all(is_plain) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push_str(&format!("[{}]", quoted(key)));
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::super::Document;

    #[test]
    fn many_at_once_are_those_of_each() {
        let text = r#"{"a": [1, {"b c": [], "d": {"": "x"}}, [[2, 3]]], "e": null, "f": {}}"#;
        let document = Document::parse(text.as_bytes()).unwrap();
        let expected = [
            ("{", ""),
            ("\"a\"", "a"),
            ("[1", "a"),
            ("1", "a[0]"),
            ("{\"b", "a[1]"),
            ("\"b c", "a[1][\"b c\"]"),
            ("[],", "a[1][\"b c\"]"),
            ("\"d\"", "a[1].d"),
            ("{\"\"", "a[1].d"),
            ("\"\":", "a[1].d[\"\"]"),
            ("\"x\"", "a[1].d[\"\"]"),
            ("[[2", "a[2]"),
            ("[2", "a[2][0]"),
            ("2,", "a[2][0][0]"),
            ("3]", "a[2][0][1]"),
            ("null", "e"),
            ("{}}", "f"),
        ];
        let targets: Vec<usize> = expected
            .iter()
            .map(|(start, _)| text.find(start).unwrap())
            .collect();
        assert!(targets.is_sorted());
        let paths = super::paths(document.root(), &targets);
        for (index, (start, path)) in expected.iter().enumerate() {
            assert_eq!(paths[index], *path, "{start}");
            let alone = super::paths(document.root(), &targets[index..=index]);
            assert_eq!(alone, [*path], "{start}");
        }
    }
}
