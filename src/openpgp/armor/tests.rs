use super::*;

const BLOCK: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\n\
                     aGVsbG8=\n=R/WK\n-----END PGP PUBLIC KEY BLOCK-----\n";

/// Nothing, with its checksum.
const EMPTY: &str =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n=twTO\n-----END PGP PUBLIC KEY BLOCK-----\n";

fn read(file: &[u8]) -> Result<KeyFile<'_>, String> {
    super::read(file, file.len()).0
}

fn keyring(file: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    read(file).map(|file| file.octets)
}

fn text(file: &str) -> Result<String, String> {
    let keyring = keyring(file.as_bytes())?;
    Ok(String::from_utf8(keyring.into_owned()).unwrap())
}

#[test]
fn every_block_is_read_with_whatever_is_around_it() {
    for (file, blocks) in [
        (BLOCK.to_owned(), 1),
        (BLOCK.replace('\n', "\r\n"), 1),
        (format!("a text\n{BLOCK}another\n{BLOCK}"), 2),
        (format!("{BLOCK}{EMPTY}"), 1),
        (BLOCK.replace("=R/WK\n", ""), 1),
        (BLOCK.replace("Comment: x\n\n", ""), 1),
        (BLOCK.replace("=\n=R/WK", "==R/WK"), 1),
        (BLOCK.replace("bG8=", "bG8=3D"), 1),
        (BLOCK.replace("aGVs", "a\nG V-s"), 1),
        (BLOCK.replace("R/WK\n", "R/WK") + BLOCK, 2),
        (BLOCK.replace("-----END PGP PUBLIC KEY BLOCK-----\n", ""), 1),
        (BLOCK.replace("Comment: x\n\n", "Comment: x\n \t\r\n"), 1),
    ] {
        assert_eq!(text(&file).unwrap(), "hello".repeat(blocks), "{file}");
        assert_eq!(read(file.as_bytes()).unwrap().damage, None, "{file}");
    }
}

#[test]
fn a_checksum_in_quoted_printable_is_read() {
    let file = BLOCK.replace("aGVsbG8=\n=R/WK", "aGVsbG9z\n=3Dr/OB");
    assert_eq!(text(&file).unwrap(), "hellos");
    let padded = BLOCK.replace("=R/WK", "=3DR/WK");
    assert!(text(&padded).unwrap_err().ends_with("line 5 is wrong"));
}

#[test]
fn a_damaged_block_gives_the_file_up() {
    // A packet of two octets.
    let good = BLOCK.replace("aGVsbG8=\n=R/WK", "tAJ4eQ==\n=asPr");
    let wrong = good.replace("asPr", "AAAA");
    for (file, detail) in [
        (
            good.clone() + &wrong,
            "its armored block 2 (line 7) is damaged: its checksum in line 11 is wrong",
        ),
        (
            good.clone() + &wrong + &good,
            "its armored block 2 (line 7) is damaged: its checksum in line 11 is wrong",
        ),
        (
            good.clone() + &good.replace("tAJ4eQ==", "aGU=bG8="),
            "its armored block 2 (line 7) is damaged: line 10 should be its checksum, \"=\" and four characters, but is not",
        ),
        (
            good.clone() + &good.replace("Comment: x\n\n", "tAJ4"),
            "its armored block 2 (line 7) is damaged: its checksum in line 9 is wrong: there must be a blank line before line 8, of which GnuPG does not read the first 6 octets",
        ),
    ] {
        let read = read(file.as_bytes()).unwrap();
        assert_eq!(*read.octets, *b"\xB4\x02xy\0", "{file}");
        assert_eq!(read.damage.unwrap().detail, detail);
    }
    let big = "eHh4".repeat(2_731);
    let damaged = BLOCK.replace("aGVsbG8=\n", &big.replace("eHh4eHh4", "eHh4eHh4\n"));
    // A packet that is cut off takes nothing of the mark.
    let cut_off = BLOCK.replace("aGVsbG8=\n=R/WK\n", "tFB4eQ==\n");
    assert_eq!(text(&(cut_off + &wrong)).ok(), None);
    let file = good + &damaged;
    let read = read(file.as_bytes()).unwrap();
    assert!(read.damage.unwrap().is_read_in_part);
}

#[test]
fn what_is_not_read_is_reported() {
    let glued = BLOCK.trim_end().to_owned() + BLOCK;
    for (file, note) in [
        (
            glued,
            "line 6 begins a block but contains other text, so GnuPG does not read the block: put \"-----BEGIN\" at the start of a line of its own",
        ),
        (
            format!("{BLOCK}{EMPTY}{EMPTY}{BLOCK}"),
            "its armored block 3 (line 11) is empty, so GnuPG reads no further: remove it",
        ),
        (
            BLOCK.replace("bG8=\n=R/WK", "bG8h") + BLOCK,
            "its armored block 1 (line 1) has no checksum, so GnuPG reads nothing after it: add one, or put the next block into a file of its own",
        ),
    ] {
        let read = read(file.as_bytes()).unwrap();
        assert!(read.octets.starts_with(b"hello"), "{file}");
        assert!(read.octets.len() < 7, "{file}");
        assert_eq!(read.not_read, [note], "{file}");
        assert_eq!(read.damage, None);
    }
}

#[test]
fn what_is_no_armor_is_refused() {
    for (file, reason) in [
        ("", "it is empty"),
        ("hello", "it is neither binary nor ASCII-armored OpenPGP"),
        (
            "aGVsbG8=\n",
            "it is neither binary nor ASCII-armored OpenPGP",
        ),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n",
            "it is neither binary nor ASCII-armored OpenPGP keys: line 1 begins a block of the kind `PUBLIC KEY`",
        ),
        (
            &BLOCK.replace("R/WK", "AAAA"),
            "its armored block 1 (line 1) is damaged: its checksum in line 5 is wrong",
        ),
        (
            &format!("{EMPTY}{BLOCK}"),
            "its armored block 1 (line 1) is empty, so GnuPG reads no further: remove it",
        ),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
            "its armored block 1 (line 1) has no data: the file ends",
        ),
    ] {
        assert_eq!(text(file).unwrap_err(), reason);
    }
}

#[test]
fn a_packet_makes_a_file_binary() {
    for (file, is_binary) in [
        (&b"\x99\x01"[..], true),
        (b"\xC6\x01", true),
        (b"\xC6\xE1", false),
        (b"\x9B\x01", false),
        (b"\xA3\x01", true),
        (b"\xC0\x00", false),
        (b"\xEF\xBB\xBF", false),
        (b"\x99", false),
        (b"-----", false),
    ] {
        assert_eq!(read(file).is_ok(), is_binary, "{file:?}");
    }
    assert!(keyring(b"\xD4\x01").unwrap_err().contains("type 20"));
}

#[test]
fn a_file_may_be_as_large_as_the_limit() {
    let file = b"\x99\x01\n\n";
    assert!(super::read(file, 4).0.is_ok());
    assert!(super::read(file, 3).0.unwrap_err().contains("larger"));
}
