//! What one armored block contains, from its header lines to its checksum.

use super::lines::{Line, Lines, is_space};

/// A block's last line begins with it.
const END: &[u8] = b"-----END";

/// Where GnuPG is in the file. Between blocks, too, it keeps its place in the line: what follows a
/// block without the blank line before its data is read from there on.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    pub(super) lines: Lines<'a>,
    /// The line that is being read.
    pub(super) line: Line<'a>,
    /// How many of its octets were.
    pub(super) place: usize,
}

/// A block that was read.
#[derive(Debug)]
pub(super) struct Block {
    /// What it contains.
    pub(super) data: Vec<u8>,
    /// How it ends.
    pub(super) end: End,
    /// The first line of its data that is too long.
    pub(super) too_long: Option<usize>,
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With its checksum, or with padding and no checksum.
    Checked,
    /// With a checksum that is not that of the data, in this line.
    WrongChecksum(usize),
    /// With something that should be a checksum but is not, in this line.
    NoChecksum(usize),
    /// With its last line, without padding or checksum: GnuPG 2.4 knows that line, and reads no further;
    /// GnuPG 2.2 takes its letters for data.
    LastLine,
    /// With the file.
    File,
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        loop {
            if let Some(octet) = self.line.octet(self.place) {
                self.place = self.place.saturating_add(1);
                return Some(octet);
            }
            self.place = 0;
            self.line = self.lines.next().unwrap_or_default();
            if self.line.length() == 0 {
                return None;
            }
        }
    }

    /// The octet at this distance after the next one, in the same line.
    fn ahead(&self, distance: usize) -> Option<u8> {
        self.line.octet(self.place.saturating_add(distance))
    }

    fn skip(&mut self, count: usize) {
        self.place = self.place.saturating_add(count);
    }

    /// Reads the data of a block and its checksum (`radix64_read` in GnuPG's `armor.c`): anything that is not a base64
    /// digit does not count.
    pub(super) fn block(&mut self) -> Block {
        let mut decoder = Decoder::default();
        let mut too_long = None;
        let end = loop {
            let Some(octet) = self.next() else {
                break End::File;
            };
            if self.line.too_long {
                too_long = too_long.or(Some(self.line.number));
            }
            match self.unquoted(octet) {
                b'=' => {
                    decoder.pad();
                    break self.checksum(decoder.crc);
                }
                b'-' if self.line.begins_with(END) && self.ahead(9).is_some() => {
                    break End::LastLine;
                }
                octet => decoder.add(octet),
            }
        };
        Block {
            data: decoder.data,
            end,
            too_long,
        }
    }

    /// The octet that is meant, where mail programs wrote it in hexadecimal digits after a "=".
    fn unquoted(&mut self, octet: u8) -> u8 {
        let mut octet = octet;
        while octet == b'=' {
            let [Some(high), Some(low), Some(next)] = [0, 1, 2].map(|place| self.ahead(place))
            else {
                break;
            };
            let (Some(high), Some(low)) = (hexadecimal(high), hexadecimal(low)) else {
                break;
            };
            if !(is_space(next) || matches!(next, b'=' | 0)) {
                break;
            }
            octet = (high << 4) | low;
            self.skip(2);
        }
        // "=3D" before a checksum.
        let checksum = [2, 3, 4, 5].map(|place| self.ahead(place).and_then(digit));
        if octet == b'='
            && [0, 1, 6].map(|place| self.ahead(place)) == [Some(b'3'), Some(b'D'), Some(b'\n')]
            && checksum.iter().all(Option::is_some)
        {
            self.skip(2);
        }
        octet
    }

    /// Reads the checksum after the "=" that ends the data.
    fn checksum(&mut self, crc: u32) -> End {
        let first = loop {
            match self.next() {
                None => return End::Checked,
                Some(octet) if is_space(octet) || octet == b'=' => {}
                Some(octet) => break octet,
            }
        };
        let line = self.line.number;
        let Some(mut digits) = digit(first) else {
            return End::Checked;
        };
        for _ in 0..3 {
            match self.next().and_then(digit) {
                Some(digit) => digits = (digits << 6) | digit,
                None => return End::NoChecksum(line),
            }
        }
        // GnuPG requires something after it, such as a line feed.
        if self.next().is_none() {
            End::NoChecksum(line)
        } else if digits == crc {
            End::Checked
        } else {
            End::WrongChecksum(line)
        }
    }
}

/// Decodes base64 (RFC 9580, section 6).
#[derive(Debug)]
struct Decoder {
    data: Vec<u8>,
    /// The checksum of the data.
    crc: u32,
    /// The digits of the last four that are not decoded yet.
    bits: u32,
    /// How many digits of four there are.
    count: u8,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            crc: 0x00B7_04CE,
            bits: 0,
            count: 0,
        }
    }
}

impl Decoder {
    fn add(&mut self, octet: u8) {
        let Some(digit) = digit(octet) else {
            return;
        };
        self.bits = (self.bits << 6) | digit;
        let shift = match self.count {
            0 => None,
            1 => Some(4),
            2 => Some(2),
            _ => Some(0),
        };
        if let Some(shift) = shift {
            self.push(self.bits >> shift);
        }
        self.count = match self.count {
            count @ 0..3 => count.saturating_add(1),
            _ => 0,
        };
    }

    /// The end of the data: GnuPG makes an octet of a single digit.
    fn pad(&mut self) {
        if self.count == 1 {
            self.push(self.bits << 2);
        }
    }

    fn push(&mut self, octet: u32) {
        let [.., octet] = octet.to_be_bytes();
        self.data.push(octet);
        let index = (self.crc >> 16) as u8 ^ octet;
        let row = CRC_TABLE.get(usize::from(index)).copied().unwrap_or(0);
        self.crc = ((self.crc << 8) ^ row) & 0x00FF_FFFF;
    }
}

/// The checksum of ASCII armor, of each octet (RFC 9580, section 6.1.1).
const CRC_TABLE: [u32; 256] = crc_table();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "calculated when this is compiled"
)]
const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        let mut crc = (index as u32) << 16;
        let mut bit = 0;
        while bit < 8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4CFB;
            }
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

/// The value of a digit of base64.
fn digit(octet: u8) -> Option<u32> {
    let value = match octet {
        b'A'..=b'Z' => octet.wrapping_sub(b'A'),
        b'a'..=b'z' => octet.wrapping_sub(b'a').saturating_add(26),
        b'0'..=b'9' => octet.wrapping_sub(b'0').saturating_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// The value of a hexadecimal digit.
fn hexadecimal(octet: u8) -> Option<u8> {
    let value = char::from(octet).to_digit(16)?;
    u8::try_from(value).ok()
}
