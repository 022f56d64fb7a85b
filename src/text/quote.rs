//! Putting untrusted text into sentences and reports.

use std::fmt::{self, Write as _};

/// The most characters of untrusted text that one sentence repeats.
const SHOWN: usize = 200;

/// Displays text between back quotes on one line: control and other invisible characters are escaped, so that
/// a hostile name cannot forge lines of a log or drive a terminal, and long text is cut.
#[derive(Clone, Copy)]
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        for character in self.0.chars().take(SHOWN) {
            match character {
                '\'' | '"' | '\\' => f.write_char(character)?,
                other => write!(f, "{}", other.escape_debug())?,
            }
        }
        if self.0.chars().nth(SHOWN).is_some() {
            f.write_str("…")?;
        }
        f.write_char('`')
    }
}

/// Text from outside, fit for a terminal and a log of one line for each message: control
/// characters are replaced.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            control if control.is_control() => char::REPLACEMENT_CHARACTER,
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Quoted, SHOWN, visible};

    #[test]
    fn visible_text_has_no_control_characters() {
        assert_eq!(
            visible("a\nb\u{1b}[0m\tc"),
            "a\u{fffd}b\u{fffd}[0m\u{fffd}c"
        );
    }

    #[test]
    fn text_stays_on_one_line_and_short() {
        assert_eq!(Quoted("a\"b\\c'd").to_string(), "`a\"b\\c'd`");
        assert_eq!(
            Quoted("a\n\u{1b}[31m\u{202e}").to_string(),
            "`a\\n\\u{1b}[31m\\u{202e}`"
        );
        assert_eq!(
            Quoted(&"x".repeat(SHOWN)).to_string(),
            format!("`{}`", "x".repeat(SHOWN))
        );
        assert_eq!(
            Quoted(&"x".repeat(SHOWN + 1)).to_string(),
            format!("`{}…`", "x".repeat(SHOWN))
        );
    }
}
