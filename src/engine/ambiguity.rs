//! What the releases of GnuPG read differently. What can mean two things counts for nothing, whichever
//! gpg is installed.

mod key_files;

use super::integers::{Integer, integer};
use super::subpackets::{Area, tag};

pub(super) use self::key_files::{given_up_by_some, of_key_files};

/// Why a key that several primary keys have in common proves nothing. GnuPG goes by one of them;
/// containers/image asks whose it is, and takes no answer of several.
pub(super) const SHARED_KEY: &str =
    "it belongs to more than one trusted key, and does not say for which it signs";

/// Whether GnuPG 2.4 ends when it reads the signature, or a back signature in it: it cannot allocate an
/// integer of ECDSA or EdDSA that has no octets, and says "out of core".
pub(super) fn ends_gpg(signature: &[u8]) -> bool {
    Parts::of(signature).is_some_and(|parts| parts.ends_gpg() || parts.carries_end_of_gpg())
}

/// Whether a signature within a binding is a back signature, for GnuPG: `merge_selfsigs_subkey` in its
/// `getkey.c`, which looks at the first octets. Version 2, which it reads elsewhere, is none.
pub(super) fn is_back_signature(body: &[u8]) -> bool {
    const PRIMARY_KEY_BINDING: u8 = 0x19;
    matches!(
        body,
        [3, _, PRIMARY_KEY_BINDING, _, ..] | [4 | 5, PRIMARY_KEY_BINDING, _, _, ..]
    )
}

/// What makes the signature of a message ambiguous, in words; `None` if nothing does.
pub(super) fn of_signature(signature: &[u8]) -> Option<&'static str> {
    if begins_with_zeros(signature) {
        return Some("an integer of it begins with zeros");
    }
    of_statement(signature)
}

/// Whether one of its integers begins with zeros, which GnuPG 2.2 takes, and 2.4 does not where they are
/// those of ECDSA or EdDSA. Some programs write such signatures.
pub(super) fn begins_with_zeros(signature: &[u8]) -> bool {
    Parts::of(signature).is_some_and(Parts::begins_with_zeros)
}

/// What makes a signature ambiguous by which a key says something of itself, whatever it begins with.
pub(super) fn of_statement(signature: &[u8]) -> Option<&'static str> {
    let parts = Parts::of(signature)?;
    if parts.carries_end_of_gpg() {
        Some("an integer of a signature in it is zero")
    } else if parts.has_empty_integer() {
        Some("an integer of it is zero")
    } else if parts.has_unreadable_time() {
        Some("a time of it is shorter than a time")
    } else {
        None
    }
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
    typ(signature) == Some(0x01)
}

/// The signature's type.
fn typ(signature: &[u8]) -> Option<u8> {
    match signature.first() {
        // Version 3 has the length of what is hashed before it.
        Some(2 | 3) => signature.get(2).copied(),
        _ => signature.get(1).copied(),
    }
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

/// Parts of a signature of version 2 to 4, and of 5 as GnuPG 2.4 reads it.
#[derive(Clone, Copy)]
struct Parts<'a> {
    algorithm: u8,
    hashed: &'a [u8],
    unhashed: &'a [u8],
    integers: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        match body.first()? {
            2 | 3 => Some(Self {
                algorithm: *body.get(15)?,
                hashed: &[],
                unhashed: &[],
                integers: body.get(19..)?,
            }),
            4 | 5 => {
                let (hashed, rest) = area(body.get(4..)?)?;
                let (unhashed, rest) = area(rest)?;
                Some(Self {
                    algorithm: *body.get(2)?,
                    hashed,
                    unhashed,
                    integers: rest.get(2..)?,
                })
            }
            _ => None,
        }
    }

    /// Whether one of its integers is zero, and so has no octets: no signature holds with it.
    fn has_empty_integer(self) -> bool {
        let integers: Vec<Integer<'_>> = self.integers_of_curve().collect();
        integers.len() == 2 && integers.iter().any(|integer| integer.is_empty())
    }

    /// Whether GnuPG 2.4 ends over one of its own integers.
    fn ends_gpg(self) -> bool {
        self.integers_of_curve().any(Integer::is_empty)
    }

    /// Whether it ends over one in a back signature, which it reads when it merges what a key says of itself.
    fn carries_end_of_gpg(self) -> bool {
        [self.hashed, self.unhashed]
            .into_iter()
            .flat_map(|area| Area(area).all(tag::EMBEDDED_SIGNATURE))
            .filter(|body| is_back_signature(body))
            .any(|body| Parts::of(body).is_some_and(Parts::ends_gpg))
    }

    /// The two integers of an ECDSA or EdDSA signature, up to the first that is not whole; none of others. Both
    /// releases read those of other algorithms alike.
    fn integers_of_curve(self) -> impl Iterator<Item = Integer<'a>> {
        let count = if matches!(self.algorithm, 19 | 22) {
            2
        } else {
            0
        };
        let mut rest = self.integers;
        (0..count).map_while(move |_| integer(&mut rest))
    }

    /// Whether one of its integers has more octets than it needs (RFC 9580, section 3.2): GnuPG 2.2 takes
    /// it as it is, and 2.4 does not.
    fn begins_with_zeros(self) -> bool {
        self.integers_of_curve().any(Integer::begins_with_zeros)
    }

    /// Whether the first expiration time, of the signature or of a key, is too short for a time: GnuPG
    /// 2.2 takes it for none, and 2.4 ends with an error.
    fn has_unreadable_time(self) -> bool {
        [tag::EXPIRES, tag::KEY_EXPIRES]
            .into_iter()
            .any(|time| Area(self.hashed).is_too_short(time))
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
    fn a_back_signature_without_integers_makes_its_binding_ambiguous() {
        let embedded = |back: &[u8]| {
            let length = u8::try_from(back.len()).unwrap_or_default();
            let subpacket = [&[length.saturating_add(1), tag::EMBEDDED_SIGNATURE], back].concat();
            let area = u8::try_from(subpacket.len()).unwrap_or_default();
            let (start, end) = (&b"\x04\x18\x01\x08\0"[..], &b"hh\0\x01\x01"[..]);
            [
                [start, &[area], &subpacket, &[0, 0], end].concat(),
                [start, &[0, 0, area], &subpacket, end].concat(),
            ]
        };
        for (back, ambiguous) in [
            (&b"\x04\x19\x16\x08\0\0\0\0hh\0\0\0\0"[..], true),
            (b"\x04\x19\x16\x08\0\0\0\0hh\0\x01\x01\0\x01\x01", false),
            (b"\x04\x18\x16\x08\0\0\0\0hh\0\0\0\0", false),
            (b"\x05\x19\x16\x08\0\0\0\0hh\0\0\0\0", true),
            (b"\x03\x05\x19timekey IDke\x16\x08hh\0\0\0\0", true),
            (b"\x02\x05\x19timekey IDke\x16\x08hh\0\0\0\0", false),
        ] {
            for binding in embedded(back) {
                let found = of_signature(&binding);
                assert_eq!(found.is_some(), ambiguous, "{binding:?}");
            }
        }
    }

    #[test]
    fn integers_begin_with_no_zeros() {
        // Version 4, EdDSA, without subpackets.
        let signature = |integers: &[u8]| [&[4, 0, 22, 8, 0, 0, 0, 0, 9, 9][..], integers].concat();
        for (integers, ambiguous) in [
            (&[0, 1, 1, 0, 1, 1][..], false),
            (&[0, 9, 1, 0, 0, 1, 1], false),
            (&[0, 0, 0, 0], true),
            (&[0, 1, 1, 0, 0], true),
            (&[0, 8, 1, 0, 8, 1], false),
            (&[0, 16, 0, 1, 0, 1, 1], true),
            (&[0, 1, 1, 0, 8, 0], true),
            (&[0], false),
        ] {
            let found = of_signature(&signature(integers));
            assert_eq!(found.is_some(), ambiguous, "{integers:?}");
        }
        assert_eq!(of_signature(&[]), None);
        assert_eq!(of_signature(&[6, 0, 22]), None);
    }

    #[test]
    fn times_have_four_octets() {
        let signature = |hashed: &[u8]| {
            let length = u8::try_from(hashed.len()).unwrap_or_default();
            [&[4, 0, 1, 8, 0, length], hashed, &[0, 0, 9, 9, 0, 1, 1]].concat()
        };
        for (hashed, ambiguous) in [
            (&[5, tag::EXPIRES, 0, 0, 0, 1][..], false),
            (&[6, tag::KEY_EXPIRES, 0, 0, 0, 1, 0], false),
            (&[4, tag::EXPIRES, 0, 0, 1], true),
            (&[4, tag::KEY_EXPIRES, 0, 0, 1], true),
            (&[4, tag::CREATED, 0, 0, 1], false),
        ] {
            let found = of_signature(&signature(hashed));
            assert_eq!(found.is_some(), ambiguous, "{hashed:?}");
        }
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
