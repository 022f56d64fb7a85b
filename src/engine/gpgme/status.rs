//! What gpg says while it works: its status lines (`doc/DETAILS` of GnuPG).

use std::ffi::CStr;

/// How many lines are kept. One verification has about a dozen; an import has three for each key.
const MAX_LINES: usize = 65_536;

/// The status lines of one call, in order.
#[derive(Debug, Default)]
pub(super) struct Status {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    keyword: String,
    arguments: String,
}

impl Status {
    /// Keeps a line of a keyword and its arguments, in whichever order: version 0.11.0 of the crate
    /// `gpgme` hands them over the wrong way round. A line of which either could be the keyword is
    /// passed over; no line that counts is of that form.
    pub(super) fn record(&mut self, one: Option<&CStr>, other: Option<&CStr>) {
        let text = |text: Option<&CStr>| {
            text.map(|text| text.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let (one, other) = (text(one), text(other));
        let (keyword, arguments) = match (is_keyword(&one), is_keyword(&other)) {
            (true, false) => (one, other),
            (false, true) => (other, one),
            _ => return,
        };
        if self.lines.len() < MAX_LINES {
            self.lines.push(Line { keyword, arguments });
        }
    }

    /// Whether there is no line: then gpg did not run, whatever libgpgme returned.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines have this keyword.
    pub(super) fn count(&self, keyword: &str) -> usize {
        self.lines
            .iter()
            .filter(|line| line.keyword == keyword)
            .count()
    }

    /// The fields of the first line with this keyword.
    pub(super) fn fields(&self, keyword: &str) -> Option<Vec<&str>> {
        self.lines
            .iter()
            .find(|line| line.keyword == keyword)
            .map(|line| line.arguments.split_ascii_whitespace().collect())
    }
}

fn is_keyword(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use super::*;

    #[test]
    fn keyword_and_arguments_are_told_apart_in_either_order() {
        let mut status = Status::default();
        status.record(
            Some(c"ERRSIG"),
            Some(c"346265C87326EA6C 1 10 00 1748779200 9"),
        );
        status.record(Some(c"1 0 1"), Some(c"IMPORT_RES"));
        status.record(Some(c"NODATA"), Some(c""));
        // A signature can name its user: what it says must not pass for gpg's own word.
        status.record(Some(c"NEWSIG"), Some(c"VALIDSIG"));
        assert_eq!(status.fields("ERRSIG").unwrap()[4], "1748779200");
        assert_eq!(status.fields("IMPORT_RES").unwrap(), ["1", "0", "1"]);
        assert_eq!(status.count("NODATA"), 1);
        assert_eq!(status.count("VALIDSIG") + status.count("NEWSIG"), 0);
    }
}
