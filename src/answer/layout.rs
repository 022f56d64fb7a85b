//! The lines of an answer.

use std::fmt;

/// The most lines of an answer.
pub(super) const MAX_LINES: usize = 6;

/// The most columns of a line.
pub(super) const MAX_COLUMNS: usize = 100;

/// What stands between the margin and the text of a line: `  policy: `.
const INDENT: usize = 11;

/// The hexadecimal digits of a digest that are enough to compare two by eye.
const DIGITS: usize = 12;

/// Lines that are never too many nor too long: what does not fit is shortened.
pub(super) struct Lines(Vec<String>);

impl Lines {
    /// The first line: a headline and a code, of which the code is never shortened.
    pub(super) fn headed(headline: &str, code: Option<&str>) -> Self {
        let code = code.map(|code| format!(" [{code}]")).unwrap_or_default();
        let room = MAX_COLUMNS.saturating_sub(code.chars().count());
        let headline = &with_short_digests(headline);
        Self(vec![format!("{}{code}", shortened_within(headline, room))])
    }

    /// A text under its label, on at most so many lines, and no more than there is room for.
    pub(super) fn add(&mut self, label: &str, text: Option<&str>, most: usize) {
        self.add_whole(label, text.map(with_short_digests).as_deref(), most);
    }

    /// The same, with digests at their full length.
    pub(super) fn add_whole(&mut self, label: &str, text: Option<&str>, most: usize) {
        let Some(text) = text else {
            return;
        };
        let room = MAX_LINES.saturating_sub(self.0.len()).min(most);
        let width = MAX_COLUMNS.saturating_sub(INDENT);
        // What has one line is a list of names, and tells most at its ends.
        let text = &if most == 1 {
            shortened_within(text, width)
        } else {
            text.to_owned()
        };
        let options =
            textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut wrapped = textwrap::wrap(text, options);
        if wrapped.len() > room {
            wrapped.truncate(room);
            if let Some(last) = wrapped.last_mut() {
                let kept: String = last.chars().take(width.saturating_sub(2)).collect();
                *last = format!("{kept} …").into();
            }
        }
        let mut label = format!("{label}:");
        for line in wrapped {
            self.0.push(format!("  {label:<9}{line}"));
            label.clear();
        }
    }
}

/// The text with the beginnings of digests only, which are enough for the eye.
fn with_short_digests(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        shown.push_str(before);
        shown.push(':');
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        let is_digest =
            before.ends_with("sha256") || before.ends_with("sha384") || before.ends_with("sha512");
        rest = after;
        if is_digest && digits > DIGITS {
            shown.push_str(after.get(..DIGITS).unwrap_or_default());
            shown.push('…');
            rest = after.get(digits..).unwrap_or_default();
        }
    }
    shown + rest
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The text with its middle left out if it is longer than `room`: a name tells most at its ends.
fn shortened_within(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let kept = room.saturating_sub(1);
    let tail = kept / 2;
    let head: String = text.chars().take(kept.saturating_sub(tail)).collect();
    let tail: String = text.chars().skip(length.saturating_sub(tail)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_shortened_and_the_code_stays() {
        let mut lines = Lines::headed(&"x".repeat(300), Some("key-expired"));
        lines.add("cause", Some(&"word ".repeat(300)), 2);
        lines.add("where", None, 1);
        lines.add("do", Some(&"y".repeat(1000)), 9);
        let text = lines.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), MAX_LINES, "{text}");
        assert!(
            lines.iter().all(|line| line.chars().count() <= MAX_COLUMNS),
            "{text}"
        );
        assert!(lines[0].ends_with("x [key-expired]"), "{text}");
        assert!(lines[1].starts_with("  cause:   word word"), "{text}");
        assert!(
            lines[2].starts_with("           word") && lines[2].ends_with(" …"),
            "{text}"
        );
        assert!(lines[5].ends_with("y …"), "{text}");
    }

    #[test]
    fn digests_show_their_beginnings() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        let mut lines = Lines::headed("rejected: x", None);
        lines.add("cause", Some(&format!("{digest}: not {digest}")), 2);
        lines.add_whole("run", Some(&digest), 1);
        assert_eq!(
            lines.to_string(),
            format!(
                "rejected: x\n  cause:   sha256:0123456789ab…: not sha256:0123456789ab…\n  run:     {digest}\n"
            )
        );
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        let mut lines = Lines::headed("accepted: dir:/x", None);
        lines.add("policy", Some("a-b /c-d"), 1);
        assert_eq!(lines.to_string(), "accepted: dir:/x\n  policy:  a-b /c-d\n");
    }
}
