//! The public part of a key packet of version 4, public or secret (RFC 9580, section 5.5.2), and the
//! name of one of version 3.
//!
//! GnuPG passes over what follows it. Sequoia wants nothing to follow, and secrets that make sense.

use sequoia_openpgp as openpgp;

use super::signed;
use crate::engine::packets::{RawPacket, tag};

/// The largest packet of a key that GnuPG reads, in octets: `MAX_KEY_PACKET_LENGTH` of 256 KiB, which
/// it compares once it has read the version.
const MAX_BODY: usize = 256 * 1024 + 1;

/// The most octets of a key that have a fingerprint: two octets have to hold their number
/// (RFC 9580, section 5.5.4.2). Sequoia panics over more.
const MAX_HASHED: usize = 65_535;

/// The octets before the integers: version, time and algorithm.
const HEADER: usize = 6;

/// Parses the public part of a key packet as a packet of type `public_tag`; `None` if GnuPG takes the
/// packet for damaged, or the key [has no fingerprint](has_no_fingerprint).
pub(super) fn parse(public_tag: u8, packet: &RawPacket<'_>) -> Option<openpgp::Packet> {
    if packet.body.first() != Some(&4) || packet.body.len() > MAX_BODY {
        return None;
    }
    let (public, secret) = public_part(&packet.body)?;
    if public.len() > MAX_HASHED {
        return None;
    }
    if matches!(packet.tag, tag::SECRET_KEY | tag::SECRET_SUBKEY) && !knows_protection(secret) {
        return None;
    }
    signed::parse(public_tag, public)
}

/// Whether the key is of an algorithm that nobody knows, and larger than a fingerprint can be of. GnuPG
/// reads it, and it does no harm to others.
pub(super) fn has_no_fingerprint(packet: &RawPacket<'_>) -> bool {
    packet.body.first() == Some(&4)
        && packet.body.len() <= MAX_BODY
        && public_part(&packet.body).is_some_and(|(public, _)| public.len() > MAX_HASHED)
}

/// The key ID of a key of version 2 or 3, which is the end of its RSA modulus (RFC 4880, section 12.2).
pub(super) fn id_of_version_3(body: &[u8]) -> Option<openpgp::KeyID> {
    // Version, time, days of validity and algorithm.
    let (&[2 | 3, _, _, _, _, _, _, 1..=3], rest) = body.split_first_chunk::<8>()? else {
        return None;
    };
    let (bits, rest) = rest.split_first_chunk::<2>()?;
    let modulus = rest.get(..usize::from(u16::from_be_bytes(*bits)).div_ceil(8))?;
    modulus
        .last_chunk::<8>()
        .map(|id| openpgp::KeyID::from_bytes(id))
}

/// The public part, and what follows it. All of a key whose algorithm nobody knows.
///
/// `None` also where an integer is not in its shortest form (RFC 9580, section 3.2), which GnuPG takes: so
/// no octet of a key can be changed without changing the key.
fn public_part(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let (curve, integers, derivation) = match *body.get(..HEADER)?.last()? {
        1..=3 => (false, 2, false),
        16 | 20 => (false, 3, false),
        17 => (false, 4, false),
        18 => (true, 1, true),
        19 | 22 => (true, 1, false),
        _ => return Some((body, &[])),
    };
    let mut rest = body.get(HEADER..)?;
    if curve {
        rest = behind_counted(rest)?;
    }
    for _ in 0..integers {
        rest = behind_integer(rest)?;
    }
    if derivation {
        rest = behind_counted(rest)?;
    }
    body.split_at_checked(body.len().checked_sub(rest.len())?)
}

/// What follows octets that have their number before them.
fn behind_counted(input: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = input.split_first()?;
    rest.get(usize::from(length)..)
}

/// What follows an integer in its shortest form.
fn behind_integer(input: &[u8]) -> Option<&[u8]> {
    let (bits, rest) = input.split_first_chunk::<2>()?;
    let bits = usize::from(u16::from_be_bytes(*bits));
    let length = bits.div_ceil(8);
    let (value, rest) = rest.split_at_checked(length)?;
    let unused = length.saturating_mul(8).saturating_sub(bits);
    let shortest = value
        .first()
        .is_none_or(|first| usize::try_from(first.leading_zeros()) == Ok(unused));
    shortest.then_some(rest)
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
        for (public, rest) in [
            (&b"\x04time\x01\0\x01\x01\0\x02\x03"[..], &b"rest"[..]),
            (b"\x04time\x01\0\x09\x01\x01\0\x08\xff", b""),
            (b"\x04time\x01\0\0\0\x02\x03", b""),
            (b"\x04time\x16\x02oi\0\x01\x01", b""),
            (b"\x04time\x12\x02oi\0\x01\x01\x01k", b"!"),
            (b"\x04time\x63whatever", b""),
        ] {
            let body = [public, rest].concat();
            assert_eq!(public_part(&body), Some((public, rest)), "{body:?}");
        }
    }

    #[test]
    fn the_key_id_of_version_3_ends_the_modulus() {
        let key = |version: u8, algorithm: u8, modulus: &[u8]| {
            let bits = u8::try_from(modulus.len().saturating_mul(8)).unwrap_or_default();
            [&[version][..], b"timedd", &[algorithm, 0, bits], modulus].concat()
        };
        for (body, id) in [
            (key(3, 1, b"modulus of 16 oc"), Some(b"of 16 oc")),
            (key(2, 3, b"12345678"), Some(b"12345678")),
            (key(3, 1, b"1234567"), None),
            (key(3, 17, b"12345678"), None),
            (key(5, 1, b"12345678"), None),
            (Vec::new(), None),
        ] {
            let id = id.map(|id| openpgp::KeyID::from_bytes(id));
            assert_eq!(id_of_version_3(&body), id, "{body:?}");
        }
    }

    #[test]
    fn integers_must_be_whole_and_in_their_shortest_form() {
        for body in [
            &b""[..],
            b"\x04time",
            b"\x04time\x01\0\x01\x01",
            b"\x04time\x01\0\x02\x01\0\x02\x03",
            b"\x04time\x01\0\x01\x03\0\x02\x03",
            b"\x04time\x01\0\x10\0\x01\0\x02\x03",
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
