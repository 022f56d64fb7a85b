//! What some bytes are that should be something else: named for people, by their beginning.
//!
//! Nothing depends on the answer but sentences. What is recognised is what people put by mistake where a key, a stored
//! signature or a manifest belongs.

mod packets;
mod words;

use super::content::Content;

/// How many bytes are looked at.
const LOOKED_AT: usize = 4096;

/// What these bytes are. Looks at their first 4096 only.
pub(crate) fn recognise(bytes: &[u8]) -> Content {
    let start = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let is_whole = start.len() == bytes.len();
    if bytes.is_empty() {
        return Content::Empty;
    }
    if let Some(content) = by_magic(start) {
        return content;
    }
    match text_of(start, is_whole) {
        Some(text) => words::of_text(text, is_whole),
        None => packets::of_packets(bytes).map_or(Content::Binary, |what| Content::OpenPgp {
            what,
            armored: false,
        }),
    }
}

/// What begins with bytes that nothing else begins with.
fn by_magic(start: &[u8]) -> Option<Content> {
    if start.starts_with(&[0x1F, 0x8B]) {
        return Some(Content::Gzip);
    }
    if start.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        return Some(Content::Zstd);
    }
    // GnuPG's `kbx/keybox-blob.c`: a length of four bytes, type, version and two bytes of flags.
    if start.get(8..12) == Some(b"KBXf") {
        return Some(Content::GpgKeybox);
    }
    let utf_16 = start.starts_with(&[0xFF, 0xFE])
        || start.starts_with(&[0xFE, 0xFF])
        || matches!(start, [0, first, 0, second, ..] | [first, 0, second, 0, ..]
            if is_text_byte(*first) && is_text_byte(*second));
    utf_16.then_some(Content::Utf16)
}

fn is_text_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// The text that the bytes are, without a byte-order mark; nothing if they are none.
fn text_of(start: &[u8], is_whole: bool) -> Option<&str> {
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character that was cut in two.
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let is_text = |character: char| !character.is_control() || character.is_whitespace();
    valid
        .chars()
        .all(is_text)
        .then(|| valid.trim_start_matches('\u{feff}'))
}

#[cfg(test)]
mod tests;
