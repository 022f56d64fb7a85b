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

/// The binary keyring in a key file: itself, or what its armored blocks contain together.
///
/// # Errors
///
/// A sentence that says why it holds none.
pub(super) fn keyring(file: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if file.is_empty() {
        return Err("it is empty".to_owned());
    }
    if file.len() > MAX_KEY_FILE_SIZE {
        return Err(format!("it is larger than {MAX_KEY_FILE_SIZE} bytes"));
    }
    if file.first().is_some_and(|byte| byte & 0x80 != 0) {
        return Ok(Cow::Borrowed(file));
    }
    let mut keyring = None;
    let mut lines = file
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    while let Some(line) = lines.next() {
        if is_key_block(line) {
            let data = block(&mut lines)?;
            keyring.get_or_insert_with(Vec::new).extend(data);
        }
    }
    match keyring {
        Some(keyring) => Ok(Cow::Owned(keyring)),
        None => Err("it is neither binary nor ASCII-armored OpenPGP".to_owned()),
    }
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
/// As lenient as GnuPG: what is no base64 digit is skipped, lines may be of any length, and the
/// checksum and the last line may be missing. A checksum that is there must be right.
fn block<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let mut add = |line: &[u8]| {
        let significant = line
            .iter()
            .filter(|byte| is_digit(**byte) || **byte == b'=');
        text.extend(significant);
    };
    for header in lines.by_ref() {
        let is_header = header.windows(2).any(|pair| pair == b": ") || header.ends_with(b":");
        if !is_header {
            add(header);
            break;
        }
    }
    lines
        .take_while(|line| !line.starts_with(END))
        .for_each(add);

    // The first sign that is no digit ends the data: padding, or the checksum's own sign.
    let end = text.iter().position(|byte| *byte == b'=');
    let (digits, mut rest) = text.split_at(end.unwrap_or(text.len()));
    let padding = digits
        .len()
        .next_multiple_of(4)
        .saturating_sub(digits.len());
    for _ in 0..padding {
        rest = rest.strip_prefix(b"=").unwrap_or(rest);
    }
    let data = BASE64
        .decode(digits)
        .map_err(|_| "its ASCII armor is no valid base64".to_owned())?;
    let checksum = rest
        .strip_prefix(b"=")
        .and_then(|rest| rest.first_chunk::<4>())
        .and_then(|digits| BASE64.decode(digits).ok());
    match checksum {
        Some(checksum) if checksum != crc24(&data) => {
            Err("the checksum of its ASCII armor is wrong".to_owned())
        }
        _ => Ok(data),
    }
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

    fn text(file: &str) -> Result<String, String> {
        let keyring = keyring(file.as_bytes())?;
        Ok(String::from_utf8(keyring.into_owned()).unwrap())
    }

    #[test]
    fn every_block_is_read_with_whatever_stands_around_it() {
        for (file, blocks) in [
            (BLOCK.to_owned(), 1),
            (BLOCK.replace('\n', "\r\n"), 1),
            (format!("a text\n{BLOCK}another\n{BLOCK}"), 2),
            (BLOCK.replace("=R/WK\n", ""), 1),
            (BLOCK.replace("Comment: x\n\n", ""), 1),
            (BLOCK.replace("=\n=R/WK", "==R/WK"), 1),
            (BLOCK.replace("aGVs", "a\nG V-s"), 1),
        ] {
            assert_eq!(text(&file).unwrap(), "hello".repeat(blocks), "{file}");
        }
    }

    #[test]
    fn data_ends_at_its_padding() {
        let file = BLOCK.replace("aGVsbG8=", "aGU=bG8=");
        assert_eq!(text(&file).unwrap(), "he");
    }

    #[test]
    fn what_is_no_armor_is_refused() {
        for file in ["", "hello", "aGVsbG8=\n", &BLOCK.replace("R/WK", "AAAA")] {
            assert!(text(file).is_err(), "{file}");
        }
    }
}
