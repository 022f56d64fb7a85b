//! From a key file to binary OpenPGP: ASCII armor (RFC 9580, section 6.2), as GnuPG reads it.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// The largest key file that is read, in bytes: 32 MiB, some hundred times a distribution's
/// whole keyring.
const MAX_KEY_FILE_SIZE: usize = 32 * 1024 * 1024;

const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

const BEGIN: &[u8] = b"-----BEGIN PGP ";
const END: &[u8] = b"-----END PGP ";

/// The binary keyrings in a key file: itself, or what its armored blocks contain.
///
/// # Errors
///
/// A sentence that says why it holds none.
pub(super) fn keyrings(file: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, String> {
    if file.is_empty() {
        return Err("it is empty".to_owned());
    }
    if file.len() > MAX_KEY_FILE_SIZE {
        return Err(format!("it is larger than {MAX_KEY_FILE_SIZE} bytes"));
    }
    if file.first().is_some_and(|byte| byte & 0x80 != 0) {
        return Ok(vec![Cow::Borrowed(file)]);
    }
    let mut blocks = Vec::new();
    let mut lines = file
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    while let Some(line) = lines.next() {
        if is_key_block(line) {
            blocks.push(Cow::Owned(block(&mut lines)?));
        }
    }
    if blocks.is_empty() {
        return Err("it is neither binary nor ASCII-armored OpenPGP".to_owned());
    }
    Ok(blocks)
}

fn is_key_block(line: &[u8]) -> bool {
    line.strip_prefix(BEGIN).is_some_and(|kind| {
        matches!(
            kind,
            b"PUBLIC KEY BLOCK-----" | b"PRIVATE KEY BLOCK-----" | b"SECRET KEY BLOCK-----"
        )
    })
}

/// Decodes one armored block, behind its first line.
///
/// As lenient as GnuPG: what is no base64 digit is skipped, and the checksum and the last line may
/// be missing. A checksum that is there must be right.
fn block<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    for header in lines.by_ref() {
        let is_header = header.windows(2).any(|pair| pair == b": ") || header.ends_with(b":");
        if !is_header {
            text.extend(header.iter().filter(|byte| is_digit(**byte)));
            break;
        }
    }
    let mut checksum = None;
    for line in lines.take_while(|line| !line.starts_with(END)) {
        if checksum.is_some() {
            continue;
        }
        match line.trim_ascii().strip_prefix(b"=") {
            Some(digits) if digits.len() == 4 => checksum = BASE64.decode(digits).ok(),
            _ if pads_within(line) => {
                return Err("its ASCII armor goes on behind the padding".to_owned());
            }
            _ => text.extend(line.iter().filter(|byte| is_digit(**byte))),
        }
    }
    let data = BASE64
        .decode(&text)
        .map_err(|_| "its ASCII armor is no valid base64".to_owned())?;
    match checksum {
        Some(checksum) if checksum != crc24(&data) => {
            Err("the checksum of its ASCII armor is wrong".to_owned())
        }
        _ => Ok(data),
    }
}

/// Whether a line has padding with digits behind it, where GnuPG takes the data to end.
fn pads_within(line: &[u8]) -> bool {
    let mut behind = line.iter().skip_while(|byte| **byte != b'=');
    behind.any(|byte| is_digit(*byte))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The checksum of ASCII armor (RFC 4880, section 6.1).
fn crc24(data: &[u8]) -> [u8; 3] {
    let crc = data.iter().fold(0x00B7_04CE_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 16), |crc, _| {
            let shifted = crc << 1;
            if shifted & 0x0100_0000 == 0 {
                shifted
            } else {
                (shifted ^ 0x0186_4CFB) & 0x00FF_FFFF
            }
        })
    });
    let [_, high, middle, low] = crc.to_be_bytes();
    [high, middle, low]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BLOCK: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\n\
                         aGVsbG8=\n=R/WK\n-----END PGP PUBLIC KEY BLOCK-----\n";

    fn texts(file: &str) -> Result<Vec<String>, String> {
        let blocks = keyrings(file.as_bytes())?;
        Ok(blocks
            .into_iter()
            .map(|block| String::from_utf8(block.into_owned()).unwrap())
            .collect())
    }

    #[test]
    fn every_block_is_read_with_whatever_stands_around_it() {
        for (file, blocks) in [
            (BLOCK.to_owned(), 1),
            (BLOCK.replace('\n', "\r\n"), 1),
            (format!("a text\n{BLOCK}another\n{BLOCK}"), 2),
            (BLOCK.replace("=R/WK\n", ""), 1),
            (BLOCK.replace("Comment: x\n\n", ""), 1),
        ] {
            assert_eq!(texts(&file).unwrap(), vec!["hello"; blocks], "{file}");
        }
    }

    #[test]
    fn what_is_no_armor_is_refused() {
        for file in ["", "hello", "aGVsbG8=\n", &BLOCK.replace("R/WK", "AAAA")] {
            assert!(texts(file).is_err(), "{file}");
        }
    }
}
