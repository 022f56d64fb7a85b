//! Blocks of PEM (RFC 7468) in a text, exactly those that Go's `encoding/pem` finds.
//!
//! An `END` line ends a block. It begins with the last `BEGIN` before that, which has to be at the start of a line: so a text
//! before a block does no harm, nor does a block that is broken. What a label means, and whether something may be around a
//! block, is for who asks.

use std::ops::Range;

use crate::json::go::decode_base64;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// A well-formed block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    /// What stands between `-----BEGIN ` and `-----`: untrusted.
    pub(crate) label: &'a [u8],
    /// The lines before the data that have a colon: name and value, without white space around them. Untrusted.
    pub(crate) headers: Vec<(&'a [u8], &'a [u8])>,
    /// The data, decoded.
    pub(crate) contents: Vec<u8>,
    /// From the `BEGIN` line to the end of the `END` line, its line feed included.
    pub(crate) range: Range<usize>,
}

impl Block<'_> {
    /// The label for people, which is a stranger's text.
    pub(crate) fn label_text(&self) -> String {
        String::from_utf8_lossy(self.label).into_owned()
    }
}

/// The blocks of a text, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Blocks<'a> {
    text: &'a [u8],
    rest: &'a [u8],
}

/// The well-formed blocks of a text, whatever is around them.
pub(crate) fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { text, rest: text }
}

/// The one block of a text after which there is nothing, not even an empty line; before it there may be anything.
pub(crate) fn last_block(text: &[u8]) -> Option<Block<'_>> {
    let mut blocks = blocks(text);
    let block = blocks.next()?;
    blocks.rest().is_empty().then_some(block)
}

impl<'a> Blocks<'a> {
    /// What follows the `END` line of the block that came last; all of the text before the first.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let offset_of = |part: &[u8]| self.text.len().saturating_sub(part.len());
        let found = find_block(self.rest)?;
        self.rest = found.after;
        Some(Block {
            label: found.label,
            headers: found.headers,
            contents: found.contents,
            range: offset_of(found.from)..offset_of(found.after),
        })
    }
}

/// A block where it was found.
struct Found<'a> {
    label: &'a [u8],
    headers: Vec<(&'a [u8], &'a [u8])>,
    contents: Vec<u8>,
    /// The text from its `BEGIN`.
    from: &'a [u8],
    /// The text after its `END` line.
    after: &'a [u8],
}

/// The first block. Each round goes beyond a `BEGIN` or an `END`, so that no octet is looked at more than a few times.
fn find_block(text: &[u8]) -> Option<Found<'_>> {
    let mut rest = text;
    loop {
        let (before, from_end) = rest.split_at_checked(find(rest, END)?)?;
        let after_mark = from_end.get(END.len()..)?;
        let Some(from) = last_begin(before).and_then(|start| rest.get(start..)) else {
            rest = after_mark;
            continue;
        };
        let (label_line, body) = line(from.get(BEGIN.len()..)?);
        let Some(label) = label_line.strip_suffix(DASHES) else {
            rest = body;
            continue;
        };
        let (headers, body) = headers(body)?;
        // The line feed before `-----END` may be that of the line before the data.
        let contents = match body.len().checked_sub(from_end.len()) {
            Some(length) => body.get(..length)?,
            None if headers.is_empty() => &[],
            // What looked like a header was the `END` line.
            None => {
                rest = body;
                continue;
            }
        };
        let after_label = after_mark
            .strip_prefix(label)
            .and_then(|after| after.strip_prefix(DASHES));
        let decoded = after_label
            .filter(|after_label| line(after_label).0.is_empty())
            .and_then(|_| decode(contents));
        match decoded {
            Some(contents) => {
                return Some(Found {
                    label,
                    headers,
                    contents,
                    from,
                    after: line(after_mark).1,
                });
            }
            None => rest = body,
        }
    }
}

/// Where the last `BEGIN` is; none if it is not at the start of a line.
fn last_begin(before: &[u8]) -> Option<usize> {
    let start = before
        .windows(BEGIN.len())
        .rposition(|window| window == BEGIN)?;
    match start.checked_sub(1) {
        None => Some(start),
        Some(previous) => (before.get(previous) == Some(&b'\n')).then_some(start),
    }
}

/// A header: its name, and its value.
type Header<'a> = (&'a [u8], &'a [u8]);

/// The headers, and what follows them. `None` if nothing does.
fn headers(mut body: &[u8]) -> Option<(Vec<Header<'_>>, &[u8])> {
    let mut headers = Vec::new();
    loop {
        if body.is_empty() {
            return None;
        }
        let (header, next) = line(body);
        let Some(colon) = header.iter().position(|octet| *octet == b':') else {
            return Some((headers, body));
        };
        let (name, value) = header.split_at_checked(colon)?;
        headers.push((name.trim_ascii(), value.get(1..)?.trim_ascii()));
        body = next;
    }
}

/// The first line, without its end and the blanks and tabs before that, and what follows it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|octet| *octet == b'\n') {
        None => (text, &[][..]),
        Some(end) => {
            let (line, rest) = text.split_at(end);
            let rest = rest.get(1..).unwrap_or_default();
            (line.strip_suffix(b"\r").unwrap_or(line), rest)
        }
    };
    let blanks = line
        .iter()
        .rev()
        .take_while(|octet| matches!(octet, b' ' | b'\t'))
        .count();
    let length = line.len().saturating_sub(blanks);
    (line.get(..length).unwrap_or_default(), rest)
}

/// The data of a block: base64, in which blanks and tabs do not count either.
fn decode(contents: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(contents).ok()?;
    decode_base64(&text.replace([' ', '\t'], "")).ok()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        blocks(text.as_bytes())
            .map(|block| block.label_text())
            .collect()
    }

    fn first(text: &str) -> Option<Vec<u8>> {
        blocks(text.as_bytes()).next().map(|block| block.contents)
    }

    #[test]
    fn blocks_are_found_with_their_places() {
        let text = "before\n-----BEGIN A-----\nYQ==\n-----END A-----\nbetween\n\
                    -----BEGIN B C-----\nx: y\n z :  1:2 \n\nYg==\n-----END B C-----";
        let found: Vec<Block<'_>> = blocks(text.as_bytes()).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].label, b"A");
        assert_eq!(found[0].contents, b"a");
        assert!(found[0].headers.is_empty());
        assert_eq!(
            text.get(found[0].range.clone()),
            Some("-----BEGIN A-----\nYQ==\n-----END A-----\n")
        );
        assert_eq!(found[1].label_text(), "B C");
        assert_eq!(found[1].contents, b"b");
        let headers = [(&b"x"[..], &b"y"[..]), (b"z", b"1:2")];
        assert_eq!(found[1].headers, headers);
        assert_eq!(found[1].range.end, text.len());
    }

    #[test]
    fn what_follows_the_last_block_is_known() {
        let block = "-----BEGIN A-----\nYQ==\n-----END A-----\n";
        for (after, is_last) in [("", true), ("\n", false), (" ", false), ("x", false)] {
            let text = format!("before\n{block}{after}");
            assert_eq!(last_block(text.as_bytes()).is_some(), is_last, "{after:?}");
            let mut all = blocks(text.as_bytes());
            assert_eq!(all.rest().len(), text.len());
            assert!(all.next().is_some());
            assert_eq!(all.rest(), after.as_bytes());
            assert!(all.next().is_none());
            assert_eq!(all.rest(), after.as_bytes());
        }
        assert!(last_block(block.trim_end().as_bytes()).is_some());
        assert!(last_block(b"").is_none());
    }

    #[test]
    fn lines_may_end_and_be_filled_in_several_ways() {
        for text in [
            "-----BEGIN A-----\r\nYQ==\r\n-----END A-----\r\n",
            "-----BEGIN A----- \t\nYQ==\n-----END A----- \t\nx",
            "-----BEGIN A-----\n\n Y\tQ \n= =\n\n-----END A-----",
            "-----BEGIN A-----\nYR==\n-----END A-----",
            "-----BEGIN A-----\nh: 1\nYQ==\n-----END A-----",
        ] {
            assert_eq!(first(text).as_deref(), Some(&b"a"[..]), "{text:?}");
        }
        for text in [
            "-----BEGIN A-----\n-----END A-----",
            "-----BEGIN A-----\r\n-----END A-----",
            "-----BEGIN A-----\n\n-----END A-----",
            "-----BEGIN A-----\nh: 1\n\n-----END A-----",
        ] {
            assert_eq!(first(text).as_deref(), Some(&b""[..]), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_no_block() {
        for text in [
            "",
            "\n",
            "YQ==",
            "-----BEGIN A-----\nYQ==\n",
            "-----BEGIN A-----",
            "-----BEGIN A-----\nh: 1\n",
            "-----BEGIN A-----\nh: 1\n-----END A-----",
            "-----BEGIN A-----\nYQ==-----END A-----",
            "-----BEGIN A-----\nYQ\n-----END A-----",
            "-----BEGIN A-----\nYQ==\n-----END B-----",
            "-----BEGIN A-----\nYQ==\n-----END A----",
            "-----BEGIN A-----\nYQ==\n-----END A-----x",
            "-----BEGIN A-----\nYQ==\n-----END A-----\r",
            "-----BEGIN A\nYQ==\n-----END A-----",
            "-----BEGIN A-----x\nYQ==\n-----END A-----",
            " -----BEGIN A-----\nYQ==\n-----END A-----",
            "x-----BEGIN A-----\nYQ==\n-----END A-----",
            "-----BEGIN A-----\nY_==\n-----END A-----",
            "-----BEGIN A-----\nYQ==YQ==\n-----END A-----",
            "-----BEGIN A:B-----\n-----END A:B-----",
            "----BEGIN A-----\nYQ==\n-----END A-----",
            "-----begin A-----\nYQ==\n-----end A-----",
        ] {
            assert_eq!(labels(text), Vec::<String>::new(), "{text:?}");
        }
        assert!(
            blocks(b"-----BEGIN A-----\n\xC3\n-----END A-----")
                .next()
                .is_none()
        );
    }

    #[test]
    fn a_broken_block_does_not_hide_the_next() {
        let good = "-----BEGIN B-----\nYQ==\n-----END B-----\n";
        for broken in [
            "-----BEGIN A-----\n",
            "-----BEGIN A-----\nYQ\n-----END A-----\n",
            "-----BEGIN A-----\nYQ==\n-----END B-----\n",
            "-----BEGIN A\nYQ==\n-----END A-----\n",
            "-----END A-----\n",
            "\n-----END A-----\n",
            "-----BEGIN A-----\nh: 1\n-----END A-----\n",
            "-----BEGIN A-----\nx-----BEGIN C-----\nYQ==\n-----END C-----\n",
        ] {
            assert_eq!(labels(&format!("{broken}{good}")), ["B"], "{broken:?}");
        }
        // The last one before the end has to be at the start of a line, though another one is.
        let hidden = "-----BEGIN B-----\nYQ==\n -----BEGIN A-----\n-----END B-----\n";
        assert!(labels(hidden).is_empty());
    }

    /// Minutes, if each mark were looked for from each other.
    #[test]
    fn many_marks_take_little_time() {
        for part in [
            "\n-----BEGIN ",
            "\n-----END ",
            "\n-----BEGIN A-----",
            "\n-----END A-----",
            "a:\n",
        ] {
            let text = part.repeat(4 * 1024 * 1024 / part.len());
            assert!(labels(&text).is_empty());
        }
        let broken = "-----BEGIN A-----\n*\n-----END A-----\n".repeat(100_000);
        assert!(labels(&broken).is_empty());
    }
}
