//! Places in a text: lines, columns, spans, and a line as it is shown to people.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::shown::is_unprintable;

/// How far apart the marks of a [`LineTable`] are, in bytes.
const STRIDE: usize = 512;

/// The most characters of a line that are shown.
const MAX_LINE: usize = 160;

/// The most characters of a longer line that are shown before the place.
const LEAD: usize = 60;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
}

impl Position {
    /// Where the byte at `offset` is. Looks at all of the text before it; for many places there is a [`LineTable`].
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        Mark::START.over(text.as_bytes(), 0..offset).into()
    }
}

/// A part of a text, such as a key or a value of a JSON document: where it begins and where it ends.
///
/// As JSON an object with `start` and `end`, each with `line` and `column`, and `bytes` with `start` and `end`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Span {
    /// The place of its first character.
    pub start: Position,
    /// The place behind its last character.
    pub end: Position,
    /// The same in bytes from the text's beginning, from 0. Each byte of the text that is not UTF-8 counts for the
    /// three of the character U+FFFD that it reads as.
    #[serde(with = "range")]
    pub bytes: Range<usize>,
}

impl Span {
    pub(crate) fn of(text: &str, bytes: Range<usize>) -> Self {
        let start = Mark::START.over(text.as_bytes(), 0..bytes.start);
        Self {
            start: start.into(),
            end: start.over(text.as_bytes(), bytes.clone()).into(),
            bytes,
        }
    }
}

/// The bytes of the character that begins at `offset`.
pub(super) fn character_at(text: &str, offset: usize) -> Range<usize> {
    let character = text.get(offset..).and_then(|rest| rest.chars().next());
    offset..offset.saturating_add(character.map_or(0, char::len_utf8))
}

/// A range as JSON. Unlike serde's own, it may get more members.
mod range {
    use std::ops::Range;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Bytes {
        start: usize,
        end: usize,
    }

    pub(super) fn serialize<S: Serializer>(
        bytes: &Range<usize>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Range { start, end } = *bytes;
        Bytes { start, end }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Range<usize>, D::Error> {
        let Bytes { start, end } = Bytes::deserialize(deserializer)?;
        Ok(start..end)
    }
}

/// A line of a text as it is shown to people: a window of at most 160 characters around a place in it.
///
/// Every character stands for one of the line, so that columns stay what they are: control characters and those that
/// change the direction of the text or have no width are replaced by U+FFFD, tabs by spaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LineText {
    /// The line's number, from 1.
    pub line: usize,
    /// What is shown of it.
    pub text: String,
    /// The column of the first character that is shown: 1, unless the line was cut before it.
    pub first_column: usize,
    /// Whether the line goes on after what is shown.
    pub is_cut: bool,
}

impl LineText {
    /// The line around the place `position`, which is the byte at `offset`.
    pub(crate) fn around(text: &str, offset: usize, position: Position) -> Self {
        let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        let after = after.strip_suffix('\r').unwrap_or(after);
        // A line that fits is shown whole.
        let before_count = position.column.saturating_sub(1);
        let fits = MAX_LINE
            .checked_sub(before_count)
            .is_some_and(|room| after.chars().nth(room).is_none());
        let lead = if fits {
            before_count
        } else {
            before_count.min(LEAD)
        };
        let start = match lead.checked_sub(1) {
            Some(last) => before.char_indices().rev().nth(last),
            None => Some((before.len(), ' ')),
        };
        let start = start.map_or(0, |(start, _)| start);
        let lead_text = before.get(start..).unwrap_or_default();
        let room = MAX_LINE.saturating_sub(lead);
        Self {
            line: position.line,
            text: lead_text
                .chars()
                .chain(after.chars().take(room))
                .map(shown)
                .collect(),
            first_column: position.column.saturating_sub(lead),
            is_cut: after.chars().nth(room).is_some(),
        }
    }
}

fn shown(character: char) -> char {
    match character {
        '\t' => ' ',
        // What has no width would shift whatever marks the place.
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        _ if is_unprintable(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// What finds the place of any byte of a text fast, however long the text or its lines are: where each 512th byte is.
#[derive(Debug)]
pub(crate) struct LineTable {
    marks: Vec<Mark>,
}

impl LineTable {
    pub(crate) fn new(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE);
        let mut mark = Mark::START;
        for block in text.as_bytes().chunks(STRIDE) {
            marks.push(mark);
            mark = mark.over(block, 0..block.len());
        }
        Self { marks }
    }

    /// Where the byte at `offset` of the text is that the table was made for.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        self.mark(text, offset).into()
    }

    /// Where a part of the text is that the table was made for.
    pub(crate) fn span(&self, text: &str, bytes: Range<usize>) -> Span {
        Span {
            start: self.position(text, bytes.start),
            end: self.position(text, bytes.end),
            bytes,
        }
    }

    fn mark(&self, text: &str, offset: usize) -> Mark {
        let block = offset / STRIDE;
        let (block, mark) = match self.marks.get(block) {
            Some(mark) => (block, *mark),
            None => (
                self.marks.len().saturating_sub(1),
                self.marks.last().copied().unwrap_or(Mark::START),
            ),
        };
        mark.over(text.as_bytes(), block.saturating_mul(STRIDE)..offset)
    }
}

/// A place that knows nothing of lines before its own.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Line feeds before it.
    lines: usize,
    /// Characters between the last of them and it.
    characters: usize,
}

impl Mark {
    const START: Self = Self {
        lines: 0,
        characters: 0,
    };

    /// The mark behind these bytes of a text, whose first is at this mark. The beginning of a character counts for the
    /// whole of it.
    fn over(self, text: &[u8], bytes: Range<usize>) -> Self {
        let bytes = text
            .get(bytes.clone())
            .unwrap_or_else(|| text.get(bytes.start..).unwrap_or_default());
        let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        let (carried, line) = match bytes.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => (0, bytes.get(last.saturating_add(1)..).unwrap_or_default()),
            None => (self.characters, bytes),
        };
        let characters = line.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        Self {
            lines: self.lines.saturating_add(lines),
            characters: carried.saturating_add(characters),
        }
    }
}

impl From<Mark> for Position {
    fn from(mark: Mark) -> Self {
        Self {
            line: mark.lines.saturating_add(1),
            column: mark.characters.saturating_add(1),
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice
)]
mod tests {
    use super::{LineTable, LineText, MAX_LINE, Position, STRIDE, Span};

    fn at(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn the_table_says_what_counting_says() {
        let line = "{\"é😀\": 1}\n";
        let mut text = line.repeat(2 * STRIDE / line.len());
        text.push_str(&"é".repeat(2 * STRIDE));
        text.push_str("\nend");
        let table = LineTable::new(&text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before: Vec<&str> = text[..offset].split('\n').collect();
            let expected = at(before.len(), before[before.len() - 1].chars().count() + 1);
            assert_eq!(table.position(&text, offset), expected, "{offset}");
        }
        let bytes = text.len() - 3..text.len();
        assert_eq!(
            table.span(&text, bytes.clone()),
            Span::of(&text, bytes.clone())
        );
        assert_eq!(Position::of(&text, bytes.start).column, 1);
        // Behind the end there is nothing.
        assert_eq!(
            table.position(&text, usize::MAX),
            Position::of(&text, text.len())
        );
        assert_eq!(LineTable::new("").position("", 5), at(1, 1));
    }

    #[test]
    fn a_span_as_json() {
        assert_eq!(
            serde_json::to_string(&Span::of("\n é", 2..4)).unwrap(),
            r#"{"start":{"line":2,"column":2},"end":{"line":2,"column":3},"bytes":{"start":2,"end":4}}"#
        );
    }

    #[test]
    fn a_line_is_cut_around_the_place() {
        let line = |text: &str, offset| LineText::around(text, offset, Position::of(text, offset));
        let whole = line("a\n\tb\u{1b}\u{202e}é\r\nc", 4);
        assert_eq!(
            (&*whole.text, whole.line, whole.first_column, whole.is_cut),
            (" b\u{fffd}\u{fffd}é", 2, 1, false)
        );
        let fits = "é".repeat(MAX_LINE);
        assert_eq!(line(&fits, 300).text, fits);
        let long = "é".repeat(2000);
        let cut = line(&long, 2000);
        assert_eq!((cut.first_column, cut.is_cut), (941, true));
        assert_eq!(cut.text.chars().count(), MAX_LINE);
        let start = line(&long, 0);
        assert_eq!((start.first_column, start.is_cut), (1, true));
        let end = line(&long, 4000);
        assert_eq!((end.first_column, end.is_cut), (1941, false));
        assert_eq!(end.text.chars().count(), 60);
        assert_eq!(line("", 0).text, "");
    }
}
