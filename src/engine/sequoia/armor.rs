//! From a key file to binary OpenPGP: ASCII armor (RFC 9580, section 6.2), as GnuPG reads it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The largest key file that is read, in bytes: 32 MiB, some hundred times a distribution's
/// whole keyring.
const MAX_KEY_FILE_SIZE: usize = 32 * 1024 * 1024;

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
fn block<'a>(lines: &mut impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, String> {
    for header in lines.by_ref() {
        if header.is_empty() {
            break;
        }
        if !header.windows(2).any(|pair| pair == b": ") && !header.ends_with(b":") {
            return Err("the header of its ASCII armor is damaged".to_owned());
        }
    }
    let mut text = Vec::new();
    let mut checksum = None;
    let mut ended = false;
    for line in lines {
        if line.starts_with(END) {
            ended = true;
            break;
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if checksum.is_some() {
            return Err("its ASCII armor goes on after the checksum".to_owned());
        }
        match line.strip_prefix(b"=") {
            Some(digits) if digits.len() == 4 => {
                checksum = Some(
                    STANDARD
                        .decode(digits)
                        .map_err(|_| "the checksum of its ASCII armor is damaged".to_owned())?,
                );
            }
            _ => text.extend_from_slice(line),
        }
    }
    if !ended {
        return Err("its ASCII armor is truncated".to_owned());
    }
    let data = STANDARD
        .decode(&text)
        .map_err(|_| "its ASCII armor is no valid base64".to_owned())?;
    match checksum {
        Some(checksum) if checksum != crc24(&data) => {
            Err("the checksum of its ASCII armor is wrong".to_owned())
        }
        _ => Ok(data),
    }
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
