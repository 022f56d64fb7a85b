//! Packet framing: cutting a sequence of OpenPGP packets into their tags and bodies
//! (RFC 9580, section 4.2).
//!
//! This is not left to an OpenPGP library, so that the structure of a message is decided on whole packets in memory,
//! the same for every engine: nothing is skipped, and nothing is read that was not counted.

use std::borrow::Cow;
use std::fmt;

use super::octets::{number, octet, take};

/// A packet as it appears in the input.
#[derive(Debug)]
pub(crate) struct RawPacket<'a> {
    /// The packet type ID.
    pub(crate) tag: u8,
    /// The body, with partial lengths joined.
    pub(crate) body: Cow<'a, [u8]>,
    /// How its header was written.
    pub(crate) header: Header,
    /// All its octets, header and body.
    #[cfg_attr(
        not(feature = "_gnupg"),
        allow(dead_code, reason = "only gpg is given a key file again")
    )]
    pub(crate) written: &'a [u8],
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
    /// The byte is not a packet header.
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
            Self::NoHeader(byte) => write!(f, "the byte {byte:#04x} does not start a packet"),
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
    not(feature = "_rules"),
    allow(
        dead_code,
        reason = "only the rules of GnuPG read keys packet by packet"
    )
)]
pub(crate) mod tag {
    /// Reserved (RFC 9580, section 5): GnuPG skips packets of this type, and reads on.
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

/// The fewest octets of a signature packet that GnuPG reads: it skips shorter ones (`parse_signature` in its
/// `parse-packet.c`).
pub(crate) const MIN_SIGNATURE: usize = 16;

/// The octets of a key packet of version 4 that GnuPG reads, whatever the algorithm: `parse_key` in its
/// `parse-packet.c`, with `MAX_KEY_PACKET_LENGTH` of 256 KiB, which it compares once it has read the version.
pub(crate) const KEY_BODY: std::ops::RangeInclusive<usize> = 12..=256 * 1024 + 1;

/// A walk over packets, one at a time: a key file may have millions. It ends at the first error.
#[derive(Clone, Debug)]
pub(crate) struct Packets<'a> {
    rest: &'a [u8],
    ends_at_streams: bool,
    ended: bool,
}

impl<'a> Packets<'a> {
    /// The packets in these octets.
    pub(crate) fn of(octets: &'a [u8]) -> Self {
        Self {
            rest: octets,
            ends_at_streams: false,
            ended: false,
        }
    }

    /// The same as GnuPG walks over a key file: after a packet whose header does not say how long it is, it
    /// finds nothing more, whatever is there.
    pub(crate) fn of_key_file(octets: &'a [u8]) -> Self {
        Self {
            ends_at_streams: true,
            ..Self::of(octets)
        }
    }

    /// What is not walked over: all after the last packet, including octets that are not a packet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<RawPacket<'a>, FramingError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended || self.rest.is_empty() {
            return None;
        }
        let mut input = self.rest;
        let packet = packet(&mut input);
        match &packet {
            Ok(packet) => {
                self.rest = input;
                self.ended = self.ends_at_streams && packet.header == Header::Streamed;
            }
            Err(_) => self.ended = true,
        }
        Some(packet)
    }
}

/// Cuts a packet off.
fn packet<'a>(input: &mut &'a [u8]) -> Result<RawPacket<'a>, FramingError> {
    let all = *input;
    let header = octet(input).unwrap_or_default();
    if header & 0x80 == 0 {
        return Err(FramingError::NoHeader(header));
    }
    let is_new = header & 0x40 != 0;
    let (tag, (body, header)) = if is_new {
        let tag = header & 0x3f;
        (tag, new_format(tag, input)?)
    } else {
        let tag = (header >> 2) & 0x0f;
        (tag, old_format(tag, header & 0x03, input)?)
    };
    let length = all.len().saturating_sub(input.len());
    Ok(RawPacket {
        tag,
        body,
        header,
        written: all.get(..length).unwrap_or(all),
    })
}

fn old_format<'a>(
    tag: u8,
    length_type: u8,
    input: &mut &'a [u8],
) -> Result<(Cow<'a, [u8]>, Header), FramingError> {
    let cut_off = FramingError::Truncated { tag };
    let (length, header) = match length_type {
        0 => (number::<1>(input).ok_or(cut_off)?, Header::Old),
        1 => (number::<2>(input).ok_or(cut_off)?, Header::Old),
        2 => (number::<4>(input).ok_or(cut_off)?, Header::Old),
        _ if holds_data(tag) => (input.len(), Header::Streamed),
        _ => return Err(FramingError::LengthForm { tag }),
    };
    let body = take(input, length).ok_or(cut_off)?;
    Ok((Cow::Borrowed(body), header))
}

fn new_format<'a>(tag: u8, input: &mut &'a [u8]) -> Result<(Cow<'a, [u8]>, Header), FramingError> {
    let cut_off = FramingError::Truncated { tag };
    let mut header = Header::New;
    let mut joined = Vec::new();
    loop {
        let first = number::<1>(input).ok_or(cut_off)?;
        let length = match first {
            0..192 => first,
            192..224 => {
                let second = number::<1>(input).ok_or(cut_off)?;
                first
                    .saturating_sub(192)
                    .saturating_mul(256)
                    .saturating_add(second)
                    .saturating_add(192)
            }
            255 => number::<4>(input).ok_or(cut_off)?,
            _ if !holds_data(tag) => return Err(FramingError::LengthForm { tag }),
            partial => {
                let exponent = u32::try_from(partial & 0x1f).unwrap_or(0);
                let length = 1_usize.checked_shl(exponent).ok_or(cut_off)?;
                joined.extend_from_slice(take(input, length).ok_or(cut_off)?);
                header = Header::Streamed;
                continue;
            }
        };
        let last = take(input, length).ok_or(cut_off)?;
        let body = if joined.is_empty() {
            Cow::Borrowed(last)
        } else {
            joined.extend_from_slice(last);
            Cow::Owned(joined)
        };
        return Ok((body, header));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tags_and_bodies(input: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, FramingError> {
        Packets::of(input)
            .map(|packet| packet.map(|packet| (packet.tag, packet.body.into_owned())))
            .collect()
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
    fn the_way_of_writing_the_header_is_reported() {
        for (input, header) in [
            (&[0xCD, 1, 9][..], Header::New),
            (&[0xCD, 255, 0, 0, 0, 0], Header::New),
            (&[0xB4, 1, 9], Header::Old),
            (&[0xCB, 1, 9], Header::New),
            (&[0xCB, 0xE0, 9, 0], Header::Streamed),
            (&[0xAF, 9], Header::Streamed),
        ] {
            let packet = Packets::of(input).next().unwrap().unwrap();
            assert_eq!(packet.header, header, "{input:?}");
            assert_eq!(packet.written, input, "{input:?}");
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

    #[test]
    fn a_walk_ends_before_what_is_no_packet() {
        let mut packets = Packets::of(&[0xCD, 1, 9, 0xCD, 2, 9]);
        assert!(packets.next().unwrap().is_ok());
        assert!(packets.next().unwrap().is_err());
        assert!(packets.next().is_none());
        assert_eq!(packets.rest(), [0xCD, 2, 9]);
    }

    #[test]
    fn nothing_is_after_a_packet_without_a_length_in_a_key_file() {
        let octets = [0xCB, 0xE0, 9, 1, 9, 0xCD, 1, 9];
        assert_eq!(Packets::of_key_file(&octets).count(), 1);
        assert_eq!(Packets::of(&octets).count(), 2);
        assert_eq!(
            Packets::of_key_file(&[0xCB, 2, 9, 9, 0xCD, 1, 9]).count(),
            2
        );
    }
}
