//! What the releases of GnuPG read differently. What can mean two things counts for nothing, whichever
//! gpg is installed.

use super::subpackets::{Area, tag};
use super::{KeyMaterial, KeyWarning, armor, packets};

/// Why a key that several primary keys have in common proves nothing. GnuPG goes by one of them;
/// containers/image asks whose it is, and takes no answer of several.
pub(super) const SHARED_KEY: &str =
    "it belongs to more than one trusted key, and does not say for which it signs";

/// Why nothing in these key files counts, if so: one of them holds a compressed packet. What it hides is
/// there for GnuPG 2.2 and not for 2.4, and may be the revocation of a key in another file.
pub(super) fn of_key_files(keys: &[KeyMaterial<'_>]) -> Option<KeyWarning> {
    keys.iter()
        .find(|material| {
            let keyring = armor::keyring(material.bytes);
            keyring.is_ok_and(|keyring| is_compressed(&keyring))
        })
        .map(|material| KeyWarning::NoKeyFound {
            origin: material.origin.to_owned(),
            detail: "it is compressed, which not every GnuPG reads, so that no key beside it counts either"
                .to_owned(),
        })
}

fn is_compressed(mut keyring: &[u8]) -> bool {
    while let Ok(Some(packet)) = packets::next(&mut keyring) {
        if packet.tag == packets::tag::COMPRESSED {
            return true;
        }
    }
    false
}

/// What makes the signature ambiguous, in words; `None` if nothing does.
pub(super) fn of_signature(signature: &[u8]) -> Option<&'static str> {
    let parts = Parts::of(signature)?;
    if parts.has_empty_integer() {
        Some("an integer of it is zero")
    } else if parts.begins_with_zeros() {
        Some("an integer of it begins with zeros")
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
#[derive(Clone, Copy)]
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

    /// Whether one of two integers is zero, and so has no octets: no signature holds with it, and GnuPG 2.4
    /// dies over it (where it is EdDSA's) without a word, whatever other signatures there are.
    fn has_empty_integer(self) -> bool {
        self.two_integers()
            .is_some_and(|integers| integers.iter().any(|integer| integer.is_empty()))
    }

    /// The octets of both integers, if the algorithm has two and both are whole.
    fn two_integers(self) -> Option<[&'a [u8]; 2]> {
        if !matches!(self.algorithm, 17 | 19 | 20 | 22) {
            return None;
        }
        let (first, rest) = integer(self.integers)?;
        let (second, _) = integer(rest)?;
        Some([first, second])
    }

    /// Whether one of two integers has more octets than it needs (RFC 9580, section 3.2): GnuPG 2.2 takes
    /// it as it is, and 2.4 does not.
    fn begins_with_zeros(self) -> bool {
        if !matches!(self.algorithm, 17 | 19 | 20 | 22) {
            return false;
        }
        let mut input = self.integers;
        for _ in 0..2 {
            let Some((bits, rest)) = input.split_first_chunk::<2>() else {
                break;
            };
            let length = usize::from(u16::from_be_bytes(*bits)).div_ceil(8);
            if length > 0 && rest.first() == Some(&0) {
                return true;
            }
            input = rest.get(length..).unwrap_or_default();
        }
        false
    }

    /// Whether the first expiration time, of the signature or of a key, is too short for a time: GnuPG
    /// 2.2 takes it for none, and 2.4 ends with an error.
    fn has_unreadable_time(self) -> bool {
        [tag::EXPIRES, tag::KEY_EXPIRES]
            .into_iter()
            .any(|time| Area(self.hashed).is_too_short(time))
    }
}

/// Cuts an integer off, behind its length in bits in two octets.
fn integer(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (bits, rest) = input.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*bits)).div_ceil(8))
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
    fn a_compressed_packet_is_found_wherever_it_stands() {
        let compressed = [0xA3, 0];
        for (before, found) in [
            (&[][..], true),
            (&[0xCD, 1, b'A'], true),
            (&[0xC0, 0], true),
            (&[0x80, 2, 1, 2, 0xC0, 0], true),
            // This hides it from every reader.
            (&[0xCD, 2, b'A'], false),
            (&[0xC0, 0xE0], false),
        ] {
            assert_eq!(
                is_compressed(&[before, &compressed].concat()),
                found,
                "{before:?}"
            );
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
