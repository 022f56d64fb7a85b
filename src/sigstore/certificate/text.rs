//! Texts in DER (ITU-T X.680, section 41), of the types that Go reads.

use crate::sigstore::der::{DerError, Element};

const UTF8: u8 = 0x0C;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const T61: u8 = 0x14;
const IA5: u8 = 0x16;
const BMP: u8 = 0x1E;

/// The text that an element is.
///
/// # Errors
///
/// [`DerError::Contents`] if it is of another type, or has what its type does not have.
pub(super) fn text_of(element: &Element<'_>) -> Result<String, DerError> {
    let octets = element.contents;
    let text = match element.tag {
        UTF8 => std::str::from_utf8(octets).ok().map(str::to_owned),
        NUMERIC => of_ascii(octets, |octet| octet.is_ascii_digit() || octet == b' '),
        PRINTABLE => of_ascii(octets, is_printable),
        IA5 => of_ascii(octets, |_| true),
        // Nearly ISO 8859-1, and read as that everywhere.
        T61 => Some(octets.iter().copied().map(char::from).collect()),
        BMP => of_bmp(octets),
        _ => None,
    };
    text.ok_or(DerError::Contents("a text"))
}

/// The same for an issuer in a certificate of Fulcio: a type without a reading of its own.
///
/// # Errors
///
/// As [`text_of`].
pub(crate) fn plain_text_of(element: &Element<'_>) -> Result<String, DerError> {
    match element.tag {
        UTF8 | PRINTABLE | IA5 => text_of(element),
        _ => Err(DerError::Contents("a text")),
    }
}

/// A text of ASCII characters that are all of a kind.
fn of_ascii(octets: &[u8], is_of_kind: impl Fn(u8) -> bool) -> Option<String> {
    let text = std::str::from_utf8(octets).ok()?;
    let is_good = text
        .bytes()
        .all(|octet| octet.is_ascii() && is_of_kind(octet));
    is_good.then(|| text.to_owned())
}

/// With an asterisk and an ampersand, which certificates have had.
fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&octet)
}

/// Two octets for each character, and none for one that needs more. An end that is zero does not count.
fn of_bmp(octets: &[u8]) -> Option<String> {
    let octets = octets.strip_suffix(&[0, 0]).unwrap_or(octets);
    let units = octets.chunks(2).map(|pair| {
        let unit = u16::from_be_bytes(pair.try_into().ok()?);
        let is_other = matches!(unit, 0xD800..=0xDFFF | 0xFDD0..=0xFDEF | 0xFFFE..);
        char::from_u32(unit.into()).filter(|_| !is_other)
    });
    units.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tag: u8, contents: &[u8]) -> Option<String> {
        text_of(&Element {
            tag,
            contents,
            whole: &[],
        })
        .ok()
    }

    #[test]
    fn each_type_has_its_characters() {
        for (tag, contents, expected) in [
            (UTF8, "aä\0".as_bytes(), "aä\0"),
            (NUMERIC, b"01 9", "01 9"),
            (PRINTABLE, b"Az09 '()+,-./:=?*&", "Az09 '()+,-./:=?*&"),
            (T61, b"a\xE4", "aä"),
            (IA5, b"a@\x7F", "a@\u{7F}"),
            (BMP, b"\0a\x20\xAC", "a€"),
            (BMP, b"\0a\0\0", "a"),
            (BMP, b"\xD7\xFF\xE0\0", "\u{D7FF}\u{E000}"),
            (BMP, b"\xFD\xCF\xFD\xF0", "\u{FDCF}\u{FDF0}"),
            (BMP, b"\xFF\xFD", "\u{FFFD}"),
            (BMP, b"", ""),
            (UTF8, b"", ""),
        ] {
            assert_eq!(text(tag, contents).as_deref(), Some(expected), "{tag:#x}");
        }
        for (tag, contents) in [
            (UTF8, &b"\xE4"[..]),
            (NUMERIC, b"a"),
            (NUMERIC, b"1.0"),
            (PRINTABLE, b"a@b"),
            (PRINTABLE, b"a_b"),
            (PRINTABLE, b"\""),
            (PRINTABLE, b"a\xE4"),
            (IA5, b"a\x80"),
            (IA5, "aä".as_bytes()),
            (BMP, b"\0a\0"),
            (BMP, b"\xD8\0\xDC\0"),
            (BMP, b"\xFD\xD0"),
            (BMP, b"\xFD\xEF"),
            (BMP, b"\xFF\xFE"),
            (BMP, b"\xFF\xFF"),
            (0x1C, b"\0\0\0a"),
            (0x1A, b"a"),
            (0x04, b"a"),
        ] {
            assert_eq!(text(tag, contents), None, "{tag:#x} {contents:x?}");
        }
    }

    #[test]
    fn an_issuer_is_of_a_plain_type() {
        for (tag, is_plain) in [
            (UTF8, true),
            (PRINTABLE, true),
            (IA5, true),
            (T61, false),
            (BMP, false),
            (NUMERIC, false),
        ] {
            let element = Element {
                tag,
                contents: b"12",
                whole: &[],
            };
            assert_eq!(plain_text_of(&element).is_ok(), is_plain, "{tag:#x}");
        }
    }
}
