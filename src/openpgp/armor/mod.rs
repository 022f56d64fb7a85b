//! From a key file to binary OpenPGP: ASCII armor (RFC 9580, section 6.2), as `gpg --import` reads it.
//!
//! GnuPG's filter (`armor.c`) looks at the first line of a file, and again at the line after each block's checksum: if
//! a packet seems to begin there, everything that follows is binary; otherwise it goes on to the next line that begins
//! a block of keys. How much of a file it reads after something that is not in order is decided here as in GnuPG, octet
//! by octet, because a revocation may follow.
//!
//! Reading stops at damage: the block does not count, nor what follows, nor the key before it to which it might have
//! belonged. Where GnuPG's releases (2.2.40, 2.4.7) read something differently, a comment there gives the rule.

mod block;
mod lines;

use std::borrow::Cow;

use self::block::{Block, Cursor, End};
use self::lines::{Line, Lines};
use crate::openpgp::packet::{Packets, tag};

/// The octets that GnuPG 2.2 decodes at a time. Of a damaged block, it has read all but the last of
/// these pieces before it sees the damage.
const PIECE: usize = 8_192;

/// GnuPG's pieces are multiples of this, in each release. At the end of a block of whole pieces it
/// takes the file for ended, and its key with it.
const SMALLEST_PIECE: usize = 1_024;

/// How many of the parts that are not read are reported. Once these are repaired, the next are reported.
const MAX_NOTES: usize = 20;

/// No packet begins with it (RFC 9580, section 4.2): every reader stops reading the file here.
const STOP: u8 = 0;

/// A key file, in binary.
#[derive(Debug, Default)]
pub(crate) struct KeyFile<'a> {
    /// Its packets. If reading stops at damage, they end with an octet that does not start a packet.
    pub(crate) octets: Cow<'a, [u8]>,
    /// Why reading stops there, if it does.
    pub(crate) damage: Option<Damage>,
    /// What of the file is not read, without harm to the rest.
    pub(crate) not_read: Vec<String>,
}

/// Why reading a file stops.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The block, its line, and what is wrong with it.
    pub(crate) detail: String,
    /// Whether releases of GnuPG have read a part of the damaged block, each a different one.
    pub(crate) is_read_in_part: bool,
}

/// The binary keyring in a key file of at most `limit` octets, or why there is none; and why nothing in any other file
/// counts, if so.
pub(crate) fn read(file: &[u8], limit: usize) -> (Result<KeyFile<'_>, String>, Option<String>) {
    if file.is_empty() {
        return (Err("it is empty".to_owned()), None);
    }
    if file.len() > limit {
        let detail = format!("it is larger than {limit} bytes");
        return (Err(detail), None);
    }
    let first = Lines::of(file).next().unwrap_or_default();
    if !first.too_long && is_binary(&first) == Ok(true) {
        let binary = KeyFile {
            octets: Cow::Borrowed(file),
            ..KeyFile::default()
        };
        return (Ok(binary), None);
    }
    let reader = match Reader::read(file) {
        Ok(reader) => reader,
        Err(detail) => return (Err(detail), None),
    };
    let damage = reader.damage.as_ref();
    let read_in_part = damage.filter(|damage| damage.is_read_in_part).map(|damage| {
        format!(
            "{}, and GnuPG reads the beginning of a block this large, so no other key counts either",
            damage.detail
        )
    });
    (reader.finish(), read_in_part)
}

/// Whether the line seems to begin with a packet (`is_armored` in GnuPG's `armor.c`).
///
/// # Errors
///
/// A sentence, if GnuPG 2.2 and 2.4 differ on it: only 2.4 knows the type 20.
fn is_binary(line: &Line<'_>) -> Result<bool, String> {
    let (Some(header), Some(length)) = (line.octet(0), line.octet(1)) else {
        return Ok(false);
    };
    if header & 0x80 == 0 {
        return Ok(false);
    }
    let is_new = header & 0x40 != 0;
    let (packet, has_no_length) = if is_new {
        (header & 0x3f, (224..255).contains(&length))
    } else {
        ((header >> 2) & 0x0f, header & 0x03 == 3)
    };
    Ok(match packet {
        tag::ENCRYPTED_AEAD => {
            return Err("it begins with a packet of type 20, which is not a key".to_owned());
        }
        // Packets of keys, and trust packets of type 12.
        1..=7 | 10 | 12..=14 | 17 | 19 => !has_no_length,
        // Packets of data, comments of type 16 and 61, and GnuPG's own of type 63.
        8 | 9 | 11 | 16 | 18 | 61 | 63 => true,
        _ => false,
    })
}

/// The kinds of blocks that hold keys (`only_keyblocks` in GnuPG's `armor.c`).
const KEY_BLOCKS: [&[u8]; 3] = [
    b"BEGIN PGP PUBLIC KEY BLOCK",
    b"BEGIN PGP PRIVATE KEY BLOCK",
    b"BEGIN PGP SECRET KEY BLOCK",
];

/// What is between five dashes on either side, if the line is one that begins or ends a block (`is_armor_header` in
/// GnuPG's `armor.c`).
fn label<'a>(line: &Line<'a>) -> Option<&'a [u8]> {
    let mut text = line.string();
    while let Some((_, before)) = text
        .split_last()
        .filter(|(last, _)| lines::is_space(**last))
    {
        text = before;
    }
    let inner = text.strip_prefix(b"-----")?;
    let end = inner.windows(5).position(|dashes| dashes == b"-----")?;
    let (label, rest) = inner.split_at_checked(end)?;
    (rest == b"-----").then_some(label)
}

/// Whether it is a header line of armor, such as `Comment: a key` (`parse_header_line` in GnuPG's `armor.c`): what
/// follows its first colon decides.
fn is_header_line(line: &Line<'_>) -> bool {
    let text = line.string();
    let colon = lines::position(text, b':');
    let next = colon.and_then(|colon| text.get(colon.saturating_add(1)));
    matches!(next, Some(b' ' | b'\n' | b'\r'))
}

/// Reads a file block by block.
struct Reader<'a> {
    cursor: Cursor<'a>,
    octets: Vec<u8>,
    /// How many blocks have begun.
    blocks: usize,
    ended: Ended,
    damage: Option<Damage>,
    not_read: Vec<String>,
    /// The first line that begins a block of another kind.
    other: Option<(usize, String)>,
}

/// Whether GnuPG has taken the end of the last block for the end of the file, although it reads on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    No,
    /// Its block consists of whole pieces, so that some release may have.
    Perhaps,
    Yes,
}

impl<'a> Reader<'a> {
    fn new(file: &'a [u8]) -> Self {
        Self {
            cursor: Cursor {
                lines: Lines::of(file),
                line: Line::default(),
                place: 0,
            },
            octets: Vec::new(),
            blocks: 0,
            ended: Ended::No,
            damage: None,
            not_read: Vec::new(),
            other: None,
        }
    }

    fn read(file: &'a [u8]) -> Result<Self, String> {
        let mut reader = Self::new(file);
        while reader.read_block()? {}
        Ok(reader)
    }

    /// Reads what comes next, and says whether there may be more.
    fn read_block(&mut self) -> Result<bool, String> {
        let Some(first) = self.cursor.lines.next() else {
            return Ok(false);
        };
        if first.too_long || is_binary(&first)? {
            self.binary(first);
            return Ok(false);
        }
        let Some(begin) = self.find_block(first) else {
            return Ok(false);
        };
        self.blocks = self.blocks.saturating_add(1);
        let Some(complaint) = self.header_lines() else {
            self.note(begin, "has no data: the file ends");
            return Ok(false);
        };
        let block = self.cursor.block();
        Ok(self.add(begin, block, complaint))
    }

    /// The rest of the file is binary.
    fn binary(&mut self, first: Line<'a>) {
        let octets: Vec<u8> = first.octets_from(self.cursor.place).collect();
        let damage = self.separated(&octets, first.number);
        if self.damage_block(damage, self.octets.len(), 0) {
            return;
        }
        self.octets.extend(octets);
        self.octets.extend(self.cursor.lines.rest());
        if first.too_long {
            let line = first.number;
            self.add_note(too_long_line(line));
        }
    }

    /// Looks for the line that begins a block of keys.
    fn find_block(&mut self, first: Line<'a>) -> Option<Line<'a>> {
        let mut line = first;
        loop {
            match label(&line) {
                Some(label) if KEY_BLOCKS.contains(&label) => return Some(line),
                Some(label) if label.starts_with(b"BEGIN ") && self.other.is_none() => {
                    let name = label.get(6..).unwrap_or_default();
                    self.other = Some((line.number, String::from_utf8_lossy(name).into_owned()));
                }
                _ => self.look_for_hidden_block(&line),
            }
            line = self.cursor.lines.next_whole()?;
        }
    }

    /// Notes a block that GnuPG does not see, because its first line contains other text.
    fn look_for_hidden_block(&mut self, line: &Line<'_>) {
        let text = line.string();
        let begins = |block: &&[u8]| contains(text, &[b"-----", *block, b"-----"].concat());
        if contains(text, b"-----BEGIN PGP") && KEY_BLOCKS.iter().any(begins) {
            let number = line.number;
            self.add_note(format!(
                "line {number} begins a block but contains other text, so GnuPG does not read the block: put \"-----BEGIN\" at the start of a line of its own"
            ));
        }
    }

    /// Reads the lines from the block's first to its data. Says what is wrong with them, if something is;
    /// nothing if the file ends.
    fn header_lines(&mut self) -> Option<Option<String>> {
        loop {
            let line = self.cursor.lines.next_whole()?;
            self.cursor.line = line;
            if line.is_blank() {
                self.cursor.place = 0;
                return Some(None);
            }
            if !is_header_line(&line) {
                let (number, place) = (line.number, self.cursor.place);
                return Some((place > 0).then(|| {
                    format!("there must be a blank line before line {number}, of which GnuPG does not read the first {place} octets")
                }));
            }
        }
    }

    /// Adds what a block contains, and says whether there may be more.
    fn add(&mut self, begin: Line<'a>, block: Block, complaint: Option<String>) -> bool {
        let Block {
            data,
            end,
            too_long,
        } = block;
        let before = self.octets.len();
        let complaint = complaint.or_else(|| too_long.map(too_long_line));
        let fault = match end {
            End::WrongChecksum(line) => Some(format!("its checksum in line {line} is wrong")),
            End::NoChecksum(line) => Some(format!(
                "line {line} should be its checksum, \"=\" and four characters, but is not"
            )),
            End::Checked | End::LastLine | End::File => None,
        };
        if let Some(fault) = fault {
            let fault = match complaint {
                Some(complaint) => format!("{fault}: {complaint}"),
                None => fault,
            };
            let name = self.name(begin.number);
            if data.is_empty() {
                // GnuPG takes that for the file's end.
                self.add_note(format!(
                    "{name} is empty and {fault}, so GnuPG reads no further"
                ));
                return false;
            }
            let damage = Some(format!("{name} is damaged: {fault}"));
            self.damage_block(damage, before, data.len());
            return false;
        }
        if let Some(complaint) = complaint {
            self.note(begin, &format!("may be damaged: {complaint}"));
        }
        if data.is_empty() {
            return self.add_empty(begin, end);
        }
        let damage = self.separated(&data, begin.number);
        if self.damage_block(damage, before, 0) {
            return false;
        }
        self.ended = if data.len() % SMALLEST_PIECE == 0 {
            Ended::Perhaps
        } else {
            Ended::No
        };
        self.octets.extend(data);
        match end {
            End::LastLine => {
                self.after_last_line(begin);
                false
            }
            _ => end == End::Checked,
        }
    }

    /// A block without data: GnuPG takes it for the end of the file, and reads on if it has read a key before.
    fn add_empty(&mut self, begin: Line<'a>, end: End) -> bool {
        if end == End::LastLine {
            // GnuPG 2.2 takes the letters of that line for packets, and stops reading the file.
            let name = self.name(begin.number);
            let damage = Some(format!("{name} is empty"));
            self.damage_block(damage, self.octets.len(), 0);
            return false;
        }
        if self.octets.is_empty() || self.ended != Ended::No {
            self.note(begin, "is empty, so GnuPG reads no further: remove it");
            return false;
        }
        self.ended = Ended::Yes;
        end == End::Checked
    }

    /// After the last line of a block without checksum, GnuPG 2.4 takes what follows for binary.
    fn after_last_line(&mut self, begin: Line<'a>) {
        let rest = self.cursor.lines.rest();
        if rest.first().is_some_and(|octet| octet & 0x80 != 0) {
            let name = self.name(begin.number);
            let damage = Some(format!("{name} has no checksum, and octets follow it"));
            self.damage_block(damage, self.octets.len(), 0);
        } else if Lines::of(rest).any(|line| contains(line.string(), b"-----BEGIN PGP ")) {
            self.note(
                begin,
                "has no checksum, so GnuPG reads nothing after it: add one, or put the next block into a file of its own",
            );
        }
    }

    /// Why what follows cannot be separated from what came before, if so: where some release of GnuPG takes the file
    /// for ended between them, a key must begin.
    fn separated(&self, data: &[u8], line: usize) -> Option<String> {
        let begins_with_key = data.first().is_some_and(|header| {
            let packet = match header {
                0xC0.. => header & 0x3f,
                0x80..0xC0 => (header >> 2) & 0x0f,
                _ => 0,
            };
            matches!(packet, tag::PUBLIC_KEY | tag::SECRET_KEY)
        });
        (self.ended != Ended::No && !begins_with_key).then(|| {
            let name = self.name(line);
            format!("{name} does not begin with a key, and GnuPG may take the previous block for the last")
        })
    }

    /// Stops reading the file if something is damaged: the octets end at `before`.
    fn damage_block(&mut self, damage: Option<String>, before: usize, length: usize) -> bool {
        let Some(detail) = damage else {
            return false;
        };
        self.octets.truncate(before);
        // A packet that is cut off would have the octet in it.
        self.octets.truncate(whole_packets(&self.octets));
        self.octets.push(STOP);
        self.damage = Some(Damage {
            detail,
            is_read_in_part: length > PIECE,
        });
        true
    }

    fn name(&self, line: usize) -> String {
        let block = self.blocks;
        format!("its armored block {block} (line {line})")
    }

    fn note(&mut self, begin: Line<'a>, what: &str) {
        let name = self.name(begin.number);
        self.add_note(format!("{name} {what}"));
    }

    fn add_note(&mut self, note: String) {
        if self.not_read.len() < MAX_NOTES {
            self.not_read.push(note);
        }
    }

    fn finish(self) -> Result<KeyFile<'a>, String> {
        let first_note = self.not_read.into_iter();
        if self.octets.is_empty() || self.octets == [STOP] {
            let mut reasons: Vec<String> = self
                .damage
                .map(|damage| damage.detail)
                .into_iter()
                .collect();
            reasons.extend(first_note);
            return Err(match (reasons.is_empty(), self.other) {
                (false, _) => reasons.join("; "),
                (true, Some((line, label))) => {
                    let label = crate::text::quote::Quoted(&label);
                    format!(
                        "it is neither binary nor ASCII-armored OpenPGP keys: line {line} begins a block of the kind {label}"
                    )
                }
                (true, None) => "it is neither binary nor ASCII-armored OpenPGP".to_owned(),
            });
        }
        Ok(KeyFile {
            octets: Cow::Owned(self.octets),
            damage: self.damage,
            not_read: first_note.collect(),
        })
    }
}

/// How many octets belong to whole packets, up to the first error.
fn whole_packets(octets: &[u8]) -> usize {
    let mut packets = Packets::of(octets);
    while let Some(Ok(_)) = packets.next() {}
    octets.len().saturating_sub(packets.rest().len())
}

fn too_long_line(line: usize) -> String {
    format!("line {line} is longer than 19998 octets, the most that GnuPG reads of a line")
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests;
