//! What a revocation says of its reason (RFC 9580, section 5.2.3.31).

use super::subpacket::{Area, tag};
use crate::text::quote::visible;

/// The reason among the hashed subpackets of a revocation, in words and fit to be shown; `None` if there is none.
pub(crate) fn reason(hashed: Area<'_>) -> Option<String> {
    let body = hashed.first(tag::REASON_FOR_REVOCATION)?;
    let (&code, text) = body.split_first()?;
    let code = match code {
        0 => "no reason specified".to_owned(),
        1 => "key is superseded".to_owned(),
        2 => "key material has been compromised".to_owned(),
        3 => "key is retired and no longer used".to_owned(),
        32 => "user id information is no longer valid".to_owned(),
        100..=110 => format!("private/experimental revocation reason {code}"),
        _ => format!("unknown revocation reason {code}"),
    };
    let text = visible(&String::from_utf8_lossy(text));
    Some(if text.is_empty() {
        code
    } else {
        format!("{code} ({text})")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_in_words_with_what_its_author_wrote() {
        for (area, told) in [
            (&[][..], None),
            (
                &[2, tag::REASON_FOR_REVOCATION, 0],
                Some("no reason specified"),
            ),
            (
                &[5, tag::REASON_FOR_REVOCATION, 2, b'a', b'\n', b'b'],
                Some("key material has been compromised (a\u{FFFD}b)"),
            ),
            (
                &[2, tag::REASON_FOR_REVOCATION, 9],
                Some("unknown revocation reason 9"),
            ),
        ] {
            assert_eq!(reason(Area(area)).as_deref(), told, "{area:?}");
        }
    }
}
