//! What OpenPGP in binary is, by the header of its first packet. This is not the reader of the engines: it has to work in a
//! build without any, and what it says decides nothing.

use crate::text::content::OpenPgpContent;

/// What the first packet says that the bytes are, if it has a plausible header and body: random bytes rarely have.
pub(super) fn of_packets(bytes: &[u8]) -> Option<OpenPgpContent> {
    let (&header, rest) = bytes.split_first()?;
    let packet = packet_type(header)?;
    let (length, body) = if header & 0x40 == 0 {
        old_length(header & 0x03, rest)?
    } else {
        new_length(rest)?
    };
    if length > body.len() {
        return None;
    }
    let begins_with = |allowed: &[u8]| body.first().is_some_and(|first| allowed.contains(first));
    // The version, the algorithm or the format, which each of these begins with (RFC 9580, section 5).
    let is_plausible = match packet {
        1 => begins_with(&[2, 3, 6]),
        2 | 5 | 6 => begins_with(&[2, 3, 4, 5, 6]),
        3 => begins_with(&[4, 5, 6]),
        4 => begins_with(&[3, 6]),
        8 => begins_with(&[0, 1, 2, 3]),
        11 => begins_with(b"btul1m"),
        18 => begins_with(&[1, 2]),
        20 => begins_with(&[1]),
        _ => false,
    };
    of_packet_type(packet).filter(|_| is_plausible)
}

/// The packet type ID of a header's first byte (RFC 9580, section 4.2).
pub(super) fn packet_type(header: u8) -> Option<u8> {
    match header {
        0xC0.. => Some(header & 0x3F),
        0x80..0xC0 => Some((header >> 2) & 0x0F),
        _ => None,
    }
}

/// What a packet of this type begins.
pub(super) fn of_packet_type(packet: u8) -> Option<OpenPgpContent> {
    match packet {
        2 => Some(OpenPgpContent::Signature),
        5 => Some(OpenPgpContent::SecretKey),
        6 => Some(OpenPgpContent::PublicKey),
        4 | 8 | 11 => Some(OpenPgpContent::Message),
        1 | 3 | 18 | 20 => Some(OpenPgpContent::Encrypted),
        _ => None,
    }
}

/// The length of a packet in the legacy format, and what follows it; without a length, all that follows.
fn old_length(kind: u8, rest: &[u8]) -> Option<(usize, &[u8])> {
    let octets = match kind {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => return Some((0, rest)),
    };
    let (length, body) = rest.split_at_checked(octets)?;
    Some((big_endian(length)?, body))
}

/// The same in the OpenPGP format; of partial lengths, the first.
fn new_length(rest: &[u8]) -> Option<(usize, &[u8])> {
    match rest {
        [first @ 0..192, body @ ..] => Some((usize::from(*first), body)),
        [first @ 192..224, second, body @ ..] => {
            let high = usize::from(*first).checked_sub(192)?.checked_mul(256)?;
            let length = high.checked_add(usize::from(*second))?.checked_add(192)?;
            Some((length, body))
        }
        [255, body @ ..] => {
            let (length, body) = body.split_at_checked(4)?;
            Some((big_endian(length)?, body))
        }
        [_, body @ ..] => Some((0, body)),
        [] => None,
    }
}

fn big_endian(octets: &[u8]) -> Option<usize> {
    octets.iter().try_fold(0_usize, |number, octet| {
        number.checked_mul(256)?.checked_add(usize::from(*octet))
    })
}
