//! The same manifest with other white space, as editors and tools rewrite it.

use crate::digest::MAX_MANIFEST_SIZE;

/// What white space is in JSON (RFC 8259, section 2).
fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Without white space at the end.
pub(super) fn without_trailing(manifest: &[u8]) -> &[u8] {
    let mut rest = manifest;
    while let Some((_, before)) = rest.split_last().filter(|(last, _)| is_white_space(**last)) {
        rest = before;
    }
    rest
}

/// With lines that end in LF, if some end in CRLF; else with CRLF. Nothing if there is but one line, or it gets longer
/// than a manifest can be.
pub(super) fn other_line_ends(manifest: &[u8]) -> Option<(Vec<u8>, bool)> {
    let has_crlf = manifest.windows(2).any(|pair| pair == b"\r\n");
    let lines = manifest.iter().filter(|byte| **byte == b'\n').count();
    if lines == 0 || (!has_crlf && manifest.len().saturating_add(lines) > MAX_MANIFEST_SIZE) {
        return None;
    }
    let mut rewritten = Vec::with_capacity(manifest.len().saturating_add(lines));
    let mut bytes = manifest.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' if has_crlf && bytes.peek() == Some(&b'\n') => {}
            b'\n' if !has_crlf => rewritten.extend_from_slice(b"\r\n"),
            other => rewritten.push(other),
        }
    }
    Some((rewritten, has_crlf))
}

/// Valid JSON without white space between its members, or with each in a line of its own, so many spaces deeper for each
/// level, as Go's `json.MarshalIndent` writes it. Nothing if it gets longer than a manifest can be.
pub(super) fn formatted(json: &[u8], indent: Option<usize>) -> Option<Vec<u8>> {
    let mut text = Formatted {
        text: Vec::new(),
        indent,
        depth: 0,
    };
    let mut bytes = json
        .iter()
        .copied()
        .scan(State::Outside, |state, byte| {
            let before = *state;
            *state = before.after(byte);
            Some((byte, before == State::Outside && byte != b'"'))
        })
        .filter(|(byte, is_outside)| !(*is_outside && is_white_space(*byte)))
        .peekable();
    while let Some((byte, is_outside)) = bytes.next() {
        if text.text.len() >= MAX_MANIFEST_SIZE {
            return None;
        }
        if !is_outside {
            text.text.push(byte);
            continue;
        }
        match byte {
            b'{' | b'[' => {
                text.text.push(byte);
                if let Some((end @ (b'}' | b']'), true)) = bytes.peek().copied() {
                    text.text.push(end);
                    bytes.next();
                } else {
                    text.depth = text.depth.saturating_add(1);
                    text.line()?;
                }
            }
            b'}' | b']' => {
                text.depth = text.depth.saturating_sub(1);
                text.line()?;
                text.text.push(byte);
            }
            b',' => {
                text.text.push(byte);
                text.line()?;
            }
            b':' if indent.is_some() => text.text.extend_from_slice(b": "),
            other => text.text.push(other),
        }
    }
    Some(text.text)
}

struct Formatted {
    text: Vec<u8>,
    indent: Option<usize>,
    depth: usize,
}

impl Formatted {
    /// Begins a line, if there are lines.
    fn line(&mut self) -> Option<()> {
        let Some(indent) = self.indent else {
            return Some(());
        };
        let spaces = indent.checked_mul(self.depth)?;
        let length = self.text.len().checked_add(spaces)?;
        if length >= MAX_MANIFEST_SIZE {
            return None;
        }
        self.text.push(b'\n');
        self.text.extend(std::iter::repeat_n(b' ', spaces));
        Some(())
    }
}

/// Where a byte is, within valid JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    InString,
    Escaped,
}

impl State {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Outside, b'"') | (Self::Escaped, _) => Self::InString,
            (Self::InString, b'"') => Self::Outside,
            (Self::InString, b'\\') => Self::Escaped,
            (state, _) => state,
        }
    }
}
