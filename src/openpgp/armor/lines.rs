//! Lines as GnuPG reads them, of limited length (`iobuf_read_line` in GnuPG's `iobuf.c`).

/// How many octets of a line GnuPG keeps, with its line feed (`MAX_LINELEN` in `armor.c`, less one for
/// the end of the string).
const MAX_LINE: usize = 19_999;

/// The lines of a file that were not read yet.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

/// One line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    /// What GnuPG keeps of it: with its line feed, unless it is too long or ends with the file.
    text: &'a [u8],
    /// Whether it is too long: its end is lost, and replaced by a line feed.
    pub(super) too_long: bool,
    /// Which line of the file it is, from 1.
    pub(super) number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(file: &'a [u8]) -> Self {
        Self {
            rest: file,
            number: 0,
        }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next line that is not too long: where GnuPG looks for armor, it skips the others.
    pub(super) fn next_whole(&mut self) -> Option<Line<'a>> {
        self.find(|line| !line.too_long)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let length = match position(self.rest, b'\n') {
            Some(line_feed) => line_feed.saturating_add(1),
            None => self.rest.len(),
        };
        let (whole, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        let ended = whole.ends_with(b"\n");
        let too_long = length > MAX_LINE || (length == MAX_LINE && !ended);
        let text = match whole.get(..MAX_LINE.saturating_sub(1)) {
            Some(kept) if too_long => kept,
            _ => whole,
        };
        Some(Line {
            text,
            too_long,
            number: self.number,
        })
    }
}

impl<'a> Line<'a> {
    /// How many octets GnuPG sees.
    pub(super) fn length(&self) -> usize {
        self.text.len().saturating_add(usize::from(self.too_long))
    }

    /// The octet at this place.
    pub(super) fn octet(&self, place: usize) -> Option<u8> {
        match self.text.get(place) {
            Some(octet) => Some(*octet),
            None => (self.too_long && place == self.text.len()).then_some(b'\n'),
        }
    }

    /// All octets from this place on.
    pub(super) fn octets_from(self, place: usize) -> impl Iterator<Item = u8> + 'a {
        let end = self.too_long.then_some(b'\n');
        let skip = place.saturating_sub(self.text.len());
        self.text
            .get(place..)
            .unwrap_or_default()
            .iter()
            .copied()
            .chain(end.into_iter().skip(skip))
    }

    /// The line as a string of C, which ends at a NUL.
    pub(super) fn string(&self) -> &'a [u8] {
        let end = position(self.text, 0).unwrap_or(self.text.len());
        self.text.get(..end).unwrap_or(self.text)
    }

    /// Whether it begins with these octets.
    pub(super) fn begins_with(&self, octets: &[u8]) -> bool {
        self.text.starts_with(octets)
    }

    /// Whether there is nothing but white space in it, for which GnuPG takes a NUL, too.
    pub(super) fn is_blank(&self) -> bool {
        self.text
            .iter()
            .all(|octet| is_space(*octet) || *octet == 0)
    }
}

/// Whether GnuPG takes the octet for white space.
pub(super) fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where the octet occurs first.
pub(super) fn position(text: &[u8], octet: u8) -> Option<usize> {
    text.iter().position(|other| *other == octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_a_line_feed_or_the_file() {
        let mut lines = Lines::of(b"a\n\n b\0c");
        let read: Vec<_> = lines
            .by_ref()
            .map(|line| (line.number, line.text, line.string()))
            .collect();
        assert_eq!(
            read,
            [
                (1, &b"a\n"[..], &b"a\n"[..]),
                (2, b"\n", b"\n"),
                (3, b" b\0c", b" b")
            ]
        );
        assert!(lines.rest().is_empty());
    }

    #[test]
    fn what_is_too_long_loses_its_end() {
        for (length, end, kept, too_long) in [
            (19_998, "\n", 19_999, false),
            (19_998, "", 19_998, false),
            (19_999, "\n", 19_999, true),
            (19_999, "", 19_999, true),
            (30_000, "\n", 19_999, true),
        ] {
            let next = if end.is_empty() { "" } else { "next" };
            let file = "x".repeat(length) + end + next;
            let mut lines = Lines::of(file.as_bytes());
            let line = lines.next().unwrap();
            assert_eq!((line.length(), line.too_long), (kept, too_long), "{length}");
            assert_eq!(line.octets_from(0).count(), kept);
            assert_eq!(line.octets_from(kept).count(), 0);
            assert_eq!(line.octet(kept), None);
            let last = line.octet(kept.saturating_sub(1)).unwrap();
            assert_eq!(last == b'\n', too_long || !end.is_empty());
            assert_eq!(lines.next_whole().is_some(), !end.is_empty());
        }
    }
}
