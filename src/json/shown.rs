//! Text of a document as messages show it.

use std::borrow::Cow;

/// How many characters of a text from the document an error shows.
pub(super) const MAX_SHOWN: usize = 200;

/// A text from the document, for an error message: in quotes, without control characters, not longer than a message
/// should be.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in shorten(text).chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ if is_unprintable(character) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_SHOWN) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// Control characters, and the marks that change the direction in which a terminal shows what follows.
pub(super) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
