//! The public part of a version 4 key packet, public or secret (RFC 9580, section 5.5.2).
//!
//! GnuPG reads the integers however they are written, and passes over what follows them. Sequoia wants
//! them in their shortest form, and secrets that make sense.

use std::borrow::Cow;

use sequoia_openpgp as openpgp;

use super::signed;
use crate::engine::packets::{RawPacket, tag};

/// The octets before the integers: version, time and algorithm.
const HEADER: usize = 6;

/// Parses the public part of a key packet as a packet of type `public_tag`; `None` if GnuPG takes the
/// packet for damaged.
pub(super) fn parse(public_tag: u8, packet: &RawPacket<'_>) -> Option<openpgp::Packet> {
    if packet.body.first() != Some(&4) {
        return None;
    }
    let (public, secret) = public_part(&packet.body)?;
    if matches!(packet.tag, tag::SECRET_KEY | tag::SECRET_SUBKEY) && !knows_protection(secret) {
        return None;
    }
    signed::parse(public_tag, &public)
}

/// The public part with its integers in their shortest form, and what follows it. All of a key whose
/// algorithm nobody knows.
fn public_part(body: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let (header, mut rest) = body.split_at_checked(HEADER)?;
    let mut public = header.to_vec();
    let (curve, integers, hash) = match *header.last()? {
        1..=3 => (false, 2, false),
        16 | 20 => (false, 3, false),
        17 => (false, 4, false),
        18 => (true, 1, true),
        19 | 22 => (true, 1, false),
        _ => return Some((Cow::Borrowed(body), &[])),
    };
    if curve {
        rest = copy_counted(&mut public, rest)?;
    }
    for _ in 0..integers {
        let (bits, behind) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*bits)).div_ceil(8);
        let (value, behind) = behind.split_at_checked(length)?;
        put_integer(&mut public, value)?;
        rest = behind;
    }
    if hash {
        rest = copy_counted(&mut public, rest)?;
    }
    Some((Cow::Owned(public), rest))
}

/// Copies octets with their number before them; returns what follows.
fn copy_counted<'a>(public: &mut Vec<u8>, input: &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::from(*input.first()?).checked_add(1)?;
    let (counted, rest) = input.split_at_checked(length)?;
    public.extend_from_slice(counted);
    Some(rest)
}

/// Writes an integer in its shortest form (RFC 9580, section 3.2).
fn put_integer(public: &mut Vec<u8>, value: &[u8]) -> Option<()> {
    let zeros = value.iter().take_while(|octet| **octet == 0).count();
    let value = value.get(zeros..)?;
    let unused = value.first().map_or(0, |first| first.leading_zeros());
    let bits = value.len().checked_mul(8)?;
    let bits = bits.checked_sub(usize::try_from(unused).ok()?)?;
    public.extend_from_slice(&u16::try_from(bits).ok()?.to_be_bytes());
    public.extend_from_slice(value);
    Some(())
}

/// Whether GnuPG knows how the secret is protected: not at all, by a cipher, or by a key from a passphrase
/// in one of the ways of RFC 9580, section 3.7.1, or not there, in GnuPG's own way of writing that.
fn knows_protection(secret: &[u8]) -> bool {
    match secret {
        [] => false,
        [254 | 255, _cipher, 0 | 1 | 3, ..] => true,
        [254 | 255, _cipher, 101, _hash, b'G', b'N', b'U', 1 | 2, ..] => true,
        [254 | 255, ..] => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_part_ends_behind_its_integers() {
        for (body, public, rest) in [
            (
                &b"\x04time\x01\0\x01\x01\0\x02\x03rest"[..],
                &b"\x04time\x01\0\x01\x01\0\x02\x03"[..],
                &b"rest"[..],
            ),
            (
                b"\x04time\x01\0\x10\0\x01\0\x08\x03",
                b"\x04time\x01\0\x01\x01\0\x02\x03",
                b"",
            ),
            (
                b"\x04time\x16\x02oi\0\x01\x01",
                b"\x04time\x16\x02oi\0\x01\x01",
                b"",
            ),
            (
                b"\x04time\x12\x02oi\0\x01\x01\x01k!",
                b"\x04time\x12\x02oi\0\x01\x01\x01k",
                b"!",
            ),
            (b"\x04time\x63whatever", b"\x04time\x63whatever", b""),
        ] {
            let parts = public_part(body);
            assert_eq!(parts, Some((Cow::Borrowed(public), rest)), "{body:?}");
        }
        for body in [
            &b""[..],
            b"\x04time",
            b"\x04time\x01\0\x01\x01",
            b"\x04time\x16\x09oi",
        ] {
            assert_eq!(public_part(body), None, "{body:?}");
        }
    }

    #[test]
    fn unknown_protection_is_damage() {
        for (secret, known) in [
            (&b""[..], false),
            (b"\0\0\x01\x01", true),
            (b"\x07iv", true),
            (b"\xFE\x09\x03\x08salt", true),
            (b"\xFE\x09\x02\x08", false),
            (b"\xFF\0\x65\0GNU\x01", true),
            (b"\xFF\0\x65\0GNU\x09", false),
            (b"\xFF\0", false),
        ] {
            assert_eq!(knows_protection(secret), known, "{secret:?}");
        }
    }
}
