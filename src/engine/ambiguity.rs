//! What of a signature packet the releases of GnuPG read differently. What can mean two things
//! counts for nothing, whichever gpg is installed.

use super::subpackets::{Area, tag};

/// Whether an integer of the signature is not in its shortest form (RFC 9580, section 3.2): GnuPG 2.2
/// takes it as it is, and 2.4 does not.
pub(super) fn has_odd_integers(signature: &[u8]) -> bool {
    let odd = |(algorithm, mut input): (u8, &[u8])| {
        let count = match algorithm {
            1..=3 => 1,
            17 | 19 | 20 | 22 => 2,
            _ => 0,
        };
        for _ in 0..count {
            let Some((bits, rest)) = input.split_first_chunk::<2>() else {
                break;
            };
            let bits = usize::from(u16::from_be_bytes(*bits));
            let length = bits.div_ceil(8);
            let first = rest.first().copied().unwrap_or_default();
            let unused = usize::try_from(first.leading_zeros()).unwrap_or_default();
            if length > 0 && length.saturating_mul(8).saturating_sub(unused) != bits {
                return true;
            }
            input = rest.get(length..).unwrap_or_default();
        }
        false
    };
    Parts::of(signature).is_some_and(|parts| odd((parts.algorithm, parts.integers)))
}

/// Whether the signature names its issuer by a fingerprint of version 5: GnuPG 2.2 passes it over,
/// and 2.4 looks for such a key.
pub(super) fn names_version_5(signature: &[u8]) -> bool {
    Parts::of(signature)
        .and_then(|parts| Area(parts.hashed).first(tag::ISSUER_FINGERPRINT))
        .is_some_and(|fingerprint| fingerprint.first() == Some(&5))
}

/// Whether the signature is one over text, type 0x01 (RFC 9580, section 5.2.1.2).
pub(super) fn is_over_text(signature: &[u8]) -> bool {
    let typ = match signature.first() {
        // Version 3 has the length of what is hashed before it.
        Some(2 | 3) => signature.get(2),
        _ => signature.get(1),
    };
    typ == Some(&0x01)
}

/// Whether GnuPG takes the literal for text, by its format.
pub(super) fn is_text(literal: &[u8]) -> bool {
    matches!(literal.first(), Some(b't' | b'u' | b'm'))
}

/// Whether a line ends in LF alone. In a signature over text, such a line of a binary literal is
/// hashed as it stands by GnuPG 2.2, and as if it ended in CR LF by GnuPG 2.4.
pub(super) fn has_bare_line_feed(data: &[u8]) -> bool {
    let mut before = b'\0';
    data.iter()
        .any(|byte| std::mem::replace(&mut before, *byte) != b'\r' && *byte == b'\n')
}

/// Parts of a signature of version 2 to 4.
struct Parts<'a> {
    algorithm: u8,
    hashed: &'a [u8],
    integers: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        match body.first()? {
            2 | 3 => Some(Self {
                algorithm: *body.get(15)?,
                hashed: &[],
                integers: body.get(19..)?,
            }),
            4 => {
                let (hashed, rest) = area(body.get(4..)?)?;
                let (_unhashed, rest) = area(rest)?;
                Some(Self {
                    algorithm: *body.get(2)?,
                    hashed,
                    integers: rest.get(2..)?,
                })
            }
            _ => None,
        }
    }
}

/// Cuts an area of subpackets off, behind its length in two octets.
fn area(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_in_their_shortest_form() {
        // Version 4, RSA, without subpackets.
        let signature = |integer: &[u8]| [&[4, 0, 1, 8, 0, 0, 0, 0, 9, 9][..], integer].concat();
        for (integer, odd) in [
            (&[0, 1, 1][..], false),
            (&[0, 9, 1, 0], false),
            (&[0, 0], false),
            (&[0, 8, 1], true),
            (&[0, 16, 0, 1], true),
            (&[0, 2, 1], true),
            (&[0], false),
        ] {
            assert_eq!(has_odd_integers(&signature(integer)), odd, "{integer:?}");
        }
        assert!(!has_odd_integers(&[]));
        assert!(!has_odd_integers(&[6, 0, 1]));
    }

    #[test]
    fn lines_end_in_crlf() {
        for (data, bare) in [
            (&b""[..], false),
            (b"a\r\nb", false),
            (b"a\rb\r\r\n", false),
            (b"a\nb", true),
            (b"\r\n\n", true),
        ] {
            assert_eq!(has_bare_line_feed(data), bare, "{data:?}");
        }
    }
}
