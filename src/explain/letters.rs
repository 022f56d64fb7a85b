//! Names that differ in few letters.

use strsim::osa_distance;

/// The most letters in which a name may differ from what it is meant to be.
const MAX_LETTERS: usize = 3;

/// In how many letters a text differs from a name that it is probably meant to be; none if it is another name. Names
/// that differ in digits are different things, and so are those with other parts.
pub(crate) fn misspelt(name: &str, text: &str) -> Option<usize> {
    const ENDS: [char; 3] = ['/', ':', '@'];
    if name.len().abs_diff(text.len()) > MAX_LETTERS || !name.matches(ENDS).eq(text.matches(ENDS)) {
        return None;
    }
    let mut letters = 0_usize;
    for (ours, theirs) in name.split(ENDS).zip(text.split(ENDS)) {
        if ours == theirs {
            continue;
        }
        let in_part = osa_distance(ours, theirs);
        if in_part > (ours.len() / 4).clamp(1, MAX_LETTERS) {
            return None;
        }
        letters = letters.saturating_add(in_part);
    }
    let without_digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    ((1..=MAX_LETTERS).contains(&letters) && without_digits(name) != without_digits(text))
        .then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    #[test]
    fn few_letters_in_the_same_parts() {
        for (name, text, letters) in [
            (
                "registry.example.com/shop",
                "registry.example.com/shpo",
                Some(1),
            ),
            (
                "registry.example.com/shop/web",
                "registry.example.org/shop/web",
                Some(3),
            ),
            (
                "registry.example.com/shop/web",
                "registry.exmaple.com/shop/wbe",
                Some(2),
            ),
            (
                "registry.example.com/shop/web",
                "registry.example.com/shop/ab",
                None,
            ),
            (
                "registry.example.com/shop",
                "registry.example.com/shop",
                None,
            ),
            (
                "registry.example.com/team-7",
                "registry.example.com/team-8",
                None,
            ),
            (
                "registry.example.com/team-7",
                "registry.example.com/team-17",
                None,
            ),
            (
                "registry.example.com/shop",
                "registry.example.com/shop/a",
                None,
            ),
            ("registry.example.com/a:b", "registry.example.com/a/b", None),
            ("registry.example.com", "registry.elsewhere.com", None),
            ("a.io", "b.io", Some(1)),
            ("a.io", "bc.io", None),
            ("é.example/aa", "é.example/ab", Some(1)),
        ] {
            assert_eq!(misspelt(name, text), letters, "{name} {text}");
        }
    }
}
