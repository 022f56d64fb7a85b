//! What somebody may have meant to write.

/// Longer texts are no misspellings of anything in a policy.
const MAX_LENGTH: usize = 64;

/// The candidate nearest to a text that is none of them: one that differs in case only, else the one that the fewest
/// changes lead to, if these are few for its length.
pub(super) fn nearest(
    text: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let text = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&text, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= changes_allowed(candidate))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

fn changes_allowed(candidate: &str) -> usize {
    (candidate.len() / 4).clamp(1, 3)
}

/// How many insertions, deletions, substitutions and swaps of neighbours lead from one text to the other (optimal
/// string alignment).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before_previous: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    let mut last = None;
    for (row, character) in from.chars().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        for (column, &other) in to.iter().enumerate() {
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX);
            let next_column = column.saturating_add(1);
            let substitution =
                at(&previous, column).saturating_add(usize::from(character != other));
            let deletion = at(&previous, next_column).saturating_add(1);
            let insertion = at(&current, column).saturating_add(1);
            let left = column.checked_sub(1);
            let swap = match left.and_then(|left| to.get(left)) {
                Some(&left_of_other) if last == Some(other) && left_of_other == character => {
                    at(&before_previous, column.saturating_sub(1)).saturating_add(1)
                }
                _ => usize::MAX,
            };
            current.push(substitution.min(deletion).min(insertion).min(swap));
        }
        before_previous = std::mem::replace(&mut previous, current);
        last = Some(character);
    }
    previous.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("type", "type", 0),
            ("tpye", "type", 1),
            ("tyype", "type", 1),
            ("tpe", "type", 1),
            ("typo", "type", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
            ("éa", "aé", 1),
        ] {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn the_nearest_candidate() {
        let keys = ["type", "keyType", "keyPath", "keyPaths", "keyData"];
        for (text, expected) in [
            ("keyPth", Some("keyPath")),
            ("keypath", Some("keyPath")),
            ("KEYPATHS", Some("keyPaths")),
            ("keyPaht", Some("keyPath")),
            ("Type", Some("type")),
            ("tipe", Some("type")),
            ("", None),
            ("zzz", None),
            ("key", None),
            ("somethingElse", None),
        ] {
            assert_eq!(nearest(text, keys), expected, "{text}");
        }
        assert_eq!(nearest(&"keyPath".repeat(100), keys), None);
    }
}
