//! Packet framing: cutting a sequence of OpenPGP packets into their tags and bodies
//! (RFC 9580, section 4.2).
//!
//! Done here and not by an OpenPGP library, so that the structure of a message is decided on whole
//! packets in memory, alike for every engine: nothing is skipped, and nothing is read that was not
//! counted.

use std::borrow::Cow;
use std::fmt;

/// A packet as it stands in the input.
#[derive(Debug)]
pub(crate) struct RawPacket<'a> {
    /// The packet type ID.
    pub(crate) tag: u8,
    /// The body, with partial lengths joined.
    pub(crate) body: Cow<'a, [u8]>,
    /// How its header was written.
    pub(crate) header: Header,
}

/// The ways to write a packet's header (RFC 9580, sections 4.2.1 and 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// In the OpenPGP format, with the length.
    New,
    /// In the legacy format, with the length.
    Old,
    /// In either format, without the length: with partial lengths, or up to the end.
    Streamed,
}

/// Where the sequence of packets stops making sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FramingError {
    /// The byte is no packet header.
    NoHeader(u8),
    /// The input ends within a packet.
    Truncated {
        /// The packet type ID.
        tag: u8,
    },
    /// A form of length that is reserved for data packets.
    LengthForm {
        /// The packet type ID.
        tag: u8,
    },
}

impl fmt::Display for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeader(byte) => write!(f, "the byte {byte:#04x} begins no packet"),
            Self::Truncated { tag } => {
                write!(f, "it is truncated within a packet of type {tag}")
            }
            Self::LengthForm { tag } => {
                write!(
                    f,
                    "a packet of type {tag} has a length that only data may have"
                )
            }
        }
    }
}

/// The packet types that a message is made of (RFC 9580, section 5).
#[cfg_attr(
    not(feature = "sequoia"),
    allow(dead_code, reason = "only sequoia reads keys packet by packet")
)]
pub(crate) mod tag {
    /// Of no packet (RFC 9580, section 5): GnuPG passes over what has it, and reads on.
    pub(crate) const RESERVED: u8 = 0;
    pub(crate) const PKESK: u8 = 1;
    pub(crate) const SIGNATURE: u8 = 2;
    pub(crate) const SKESK: u8 = 3;
    pub(crate) const ONE_PASS_SIGNATURE: u8 = 4;
    pub(crate) const SECRET_KEY: u8 = 5;
    pub(crate) const PUBLIC_KEY: u8 = 6;
    pub(crate) const SECRET_SUBKEY: u8 = 7;
    pub(crate) const COMPRESSED: u8 = 8;
    pub(crate) const ENCRYPTED: u8 = 9;
    pub(crate) const MARKER: u8 = 10;
    pub(crate) const LITERAL: u8 = 11;
    pub(crate) const USER_ID: u8 = 13;
    pub(crate) const PUBLIC_SUBKEY: u8 = 14;
    pub(crate) const USER_ATTRIBUTE: u8 = 17;
    pub(crate) const ENCRYPTED_PROTECTED: u8 = 18;
    pub(crate) const MODIFICATION_DETECTION: u8 = 19;
    pub(crate) const ENCRYPTED_AEAD: u8 = 20;
    /// GnuPG's own, for use within itself.
    pub(crate) const GPG_CONTROL: u8 = 63;
}

/// The least octets of a signature packet that GnuPG reads: what is shorter it skips (`parse_signature` in its
/// `parse-packet.c`).
pub(crate) const MIN_SIGNATURE: usize = 16;

/// The octets of a key packet of version 4 that GnuPG reads, whatever the algorithm: `parse_key` in its
/// `parse-packet.c`, with `MAX_KEY_PACKET_LENGTH` of 256 KiB, which it compares once it has read the version.
pub(crate) const KEY_BODY: std::ops::RangeInclusive<usize> = 12..=256 * 1024 + 1;

/// Cuts the next packet off `input`; `None` at its end.
pub(crate) fn next<'a>(input: &mut &'a [u8]) -> Result<Option<RawPacket<'a>>, FramingError> {
    let Some((&header, rest)) = input.split_first() else {
        return Ok(None);
    };
    *input = rest;
    if header & 0x80 == 0 {
        return Err(FramingError::NoHeader(header));
    }
    if header & 0x40 == 0 {
        old_format((header >> 2) & 0x0f, header & 0x03, input).map(Some)
    } else {
        new_format(header & 0x3f, input).map(Some)
    }
}

fn old_format<'a>(
    tag: u8,
    length_type: u8,
    input: &mut &'a [u8],
) -> Result<RawPacket<'a>, FramingError> {
    let (length, header) = match length_type {
        0 => (number(tag, input, 1)?, Header::Old),
        1 => (number(tag, input, 2)?, Header::Old),
        2 => (number(tag, input, 4)?, Header::Old),
        _ if holds_data(tag) => (input.len(), Header::Streamed),
        _ => return Err(FramingError::LengthForm { tag }),
    };
    let body = take(tag, input, length).map(Cow::Borrowed)?;
    Ok(RawPacket { tag, body, header })
}

fn new_format<'a>(tag: u8, input: &mut &'a [u8]) -> Result<RawPacket<'a>, FramingError> {
    let mut header = Header::New;
    let mut joined = Vec::new();
    loop {
        let first = number(tag, input, 1)?;
        let length = match first {
            0..192 => first,
            192..224 => {
                let second = number(tag, input, 1)?;
                first
                    .saturating_sub(192)
                    .saturating_mul(256)
                    .saturating_add(second)
                    .saturating_add(192)
            }
            255 => number(tag, input, 4)?,
            _ if !holds_data(tag) => return Err(FramingError::LengthForm { tag }),
            partial => {
                let exponent = u32::try_from(partial & 0x1f).unwrap_or(0);
                let length = 1_usize
                    .checked_shl(exponent)
                    .ok_or(FramingError::Truncated { tag })?;
                joined.extend_from_slice(take(tag, input, length)?);
                header = Header::Streamed;
                continue;
            }
        };
        let last = take(tag, input, length)?;
        let body = if joined.is_empty() {
            Cow::Borrowed(last)
        } else {
            joined.extend_from_slice(last);
            Cow::Owned(joined)
        };
        return Ok(RawPacket { tag, body, header });
    }
}

/// Whether a packet of this type holds data of any length, and may thus have partial lengths or
/// none (RFC 9580, section 4.2.1.4).
fn holds_data(tag: u8) -> bool {
    matches!(
        tag,
        tag::COMPRESSED
            | tag::ENCRYPTED
            | tag::LITERAL
            | tag::ENCRYPTED_PROTECTED
            | tag::ENCRYPTED_AEAD
    )
}

fn number(tag: u8, input: &mut &[u8], width: usize) -> Result<usize, FramingError> {
    let value = take(tag, input, width)?
        .iter()
        .fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
    usize::try_from(value).map_err(|_| FramingError::Truncated { tag })
}

fn take<'a>(tag: u8, input: &mut &'a [u8], length: usize) -> Result<&'a [u8], FramingError> {
    let (taken, rest) = input
        .split_at_checked(length)
        .ok_or(FramingError::Truncated { tag })?;
    *input = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags_and_bodies(mut input: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, FramingError> {
        let mut all = Vec::new();
        while let Some(packet) = next(&mut input)? {
            all.push((packet.tag, packet.body.into_owned()));
        }
        Ok(all)
    }

    #[test]
    fn both_header_formats_and_all_lengths_are_read() {
        let long = vec![7; 300];
        let mut input = vec![0xB4, 2, 1, 2, 0xCD, 1, 9, 0xCD, 192, 108];
        input.extend_from_slice(&long);
        input.extend_from_slice(&[0xB5, 0, 1, 5, 0xCD, 255, 0, 0, 0, 0]);
        input.extend_from_slice(&[0xC0, 0, 0x80, 1, 6]);
        input.extend_from_slice(&[0xCB, 0xE1, 1, 2, 0xE0, 3, 1, 4, 0xAF, 8, 9]);
        assert_eq!(
            tags_and_bodies(&input).unwrap(),
            [
                (13, vec![1, 2]),
                (13, vec![9]),
                (13, long),
                (13, vec![5]),
                (13, vec![]),
                (0, vec![]),
                (0, vec![6]),
                (11, vec![1, 2, 3, 4]),
                (11, vec![8, 9]),
            ]
        );
    }

    #[test]
    fn the_way_of_writing_the_header_is_told() {
        for (input, header) in [
            (&[0xCD, 1, 9][..], Header::New),
            (&[0xCD, 255, 0, 0, 0, 0], Header::New),
            (&[0xB4, 1, 9], Header::Old),
            (&[0xCB, 1, 9], Header::New),
            (&[0xCB, 0xE0, 9, 0], Header::Streamed),
            (&[0xAF, 9], Header::Streamed),
        ] {
            let mut rest = input;
            assert_eq!(
                next(&mut rest).unwrap().unwrap().header,
                header,
                "{input:?}"
            );
        }
    }

    #[test]
    fn what_is_no_whole_packet_is_refused() {
        for (input, error) in [
            (&b"-----BEGIN"[..], FramingError::NoHeader(b'-')),
            (&[0x40, 0], FramingError::NoHeader(0x40)),
            (&[0xC0, 0xE0, 1, 0], FramingError::LengthForm { tag: 0 }),
            (&[0x83, 1], FramingError::LengthForm { tag: 0 }),
            (&[0xC0, 2, 1], FramingError::Truncated { tag: 0 }),
            (&[0xCD], FramingError::Truncated { tag: 13 }),
            (&[0xCD, 2, 1], FramingError::Truncated { tag: 13 }),
            (&[0xCB, 0xFE], FramingError::Truncated { tag: 11 }),
            (&[0xCB, 0xE0, 1], FramingError::Truncated { tag: 11 }),
            (&[0xC2, 0xE0, 1, 0], FramingError::LengthForm { tag: 2 }),
            (&[0x8B, 1], FramingError::LengthForm { tag: 2 }),
        ] {
            assert_eq!(tags_and_bodies(input).unwrap_err(), error);
        }
    }
}
