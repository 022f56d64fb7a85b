//! Which packets GnuPG can read, so that it goes on after them, whether they mean anything for a key or not: its
//! `parse-packet.c`, and `read_block` in its `import.c`.

use crate::openpgp::integer::{counted, integer};
use crate::openpgp::packet::{Header, RawPacket, tag};

use super::key_packet::{self, Reading};

/// The longest user ID that GnuPG keeps, in octets.
const MAX_USER_ID: usize = 2_038;

/// User IDs longer than `MAX_USER_ID` but within this limit are read and rejected.
pub(crate) const MAX_READ_USER_ID: usize = 2_048;

/// The largest session key that is encrypted with a passphrase, in octets after the version.
const MAX_PASSPHRASE: usize = 200;

/// The fewest octets of encrypted data: an initialization vector, and two octets of it repeated.
const MIN_ENCRYPTED: usize = 10;

/// The octets of a modification detection code.
const INTEGRITY_CODE: usize = 20;

/// The fewest octets of data that is encrypted as in RFC 4880bis.
const MIN_ENCRYPTED_AEAD: usize = 19;

/// Refuses a packet that GnuPG cannot read, of those whose contents do not matter here: it belongs to no key, or to one
/// that is skipped. In a `newer` key, of a version that GnuPG does not know, subkeys may be of that version, too.
pub(crate) fn readable(packet: &RawPacket<'_>, newer: bool) -> Result<(), String> {
    let body: &[u8] = &packet.body;
    let length = body.len();
    let good = match packet.tag {
        // Case: key-structure-limit-user-id-2039
        tag::USER_ID => length <= MAX_USER_ID || length > MAX_READ_USER_ID,
        // GnuPG 2.4 terminates at an empty one.
        // Case: damaged-packets-releases-attribute-of-nothing-last
        tag::USER_ATTRIBUTE => length > 0,
        // Case: key-structure-unreadable-marker-wrong-after-good
        tag::MARKER => body == b"PGP",
        // Case: key-structure-unreadable-literal-short-after-good
        tag::LITERAL => length >= 6 || packet.header == Header::Streamed,
        // Case: damaged-packets-session-key-version-1-last
        tag::PKESK => session_key(body).is_some(),
        // Case: damaged-packets-passphrase-salt-cut-last
        tag::SKESK => passphrase(body).is_some(),
        // Case: damaged-packets-one-pass-version-4-last
        tag::ONE_PASS_SIGNATURE => length >= 13 && body.first() == Some(&3),
        // Case: damaged-packets-encrypted-9-last
        tag::ENCRYPTED => {
            length == 0 || length >= MIN_ENCRYPTED || packet.header == Header::Streamed
        }
        // Case: damaged-packets-protected-10-last
        tag::ENCRYPTED_PROTECTED => {
            body.first() == Some(&1)
                && (length > MIN_ENCRYPTED || packet.header == Header::Streamed)
        }
        // Case: damaged-packets-aead-short-last
        tag::ENCRYPTED_AEAD => {
            body.first() == Some(&1)
                && (length >= MIN_ENCRYPTED_AEAD || packet.header == Header::Streamed)
        }
        // Case: damaged-packets-integrity-code-21-last
        tag::MODIFICATION_DETECTION => length == INTEGRITY_CODE && packet.header == Header::New,
        // Case: damaged-packets-subkey-dsa-cut-first
        tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY => {
            newer && !matches!(body.first(), None | Some(2..=4))
                || !matches!(key_packet::read(packet), Reading::Damaged)
        }
        // Case: key-structure-unreadable-private-63-after-good
        tag::GPG_CONTROL => false,
        _ => true,
    };
    if good {
        Ok(())
    } else {
        Err(format!(
            "a packet of type {} in it is damaged or not allowed there",
            packet.tag
        ))
    }
}

/// A session key that is encrypted to a public key (RFC 9580, section 5.1): version, key ID, algorithm,
/// and its integers, if GnuPG knows them.
fn session_key(body: &[u8]) -> Option<()> {
    const MIN: usize = 12;
    let (&[2 | 3, .., algorithm], mut rest) = body.split_first_chunk::<10>()? else {
        return None;
    };
    match algorithm {
        1..=3 => integer(&mut rest).map(|_| ())?,
        16 | 20 => {
            integer(&mut rest)?;
            integer(&mut rest)?;
        }
        // GnuPG 2.4 terminates at a zero-length point.
        18 => {
            // Case: damaged-packets-releases-session-key-of-nothing-last
            integer(&mut rest).filter(|point| !point.is_empty())?;
            counted(&mut rest)?;
        }
        _ => {}
    }
    (body.len() >= MIN).then_some(())
}

/// A session key that is encrypted with a passphrase (RFC 9580, section 5.3): version, cipher, mode in version 5, and
/// how the passphrase becomes a key. If the way to do that is unknown, GnuPG reads no more.
fn passphrase(body: &[u8]) -> Option<()> {
    let (&version, rest) = body.split_first()?;
    // Case: damaged-packets-passphrase-202-last
    if rest.len() > MAX_PASSPHRASE {
        return None;
    }
    let rest = match version {
        4 => rest.get(1..)?,
        5 => rest.get(2..)?,
        _ => return None,
    };
    let (&[mode, _hash], rest) = rest.split_first_chunk::<2>()?;
    let least = match mode {
        1 => 8,
        3 => 9,
        _ => 0,
    };
    rest.get(least..).map(|_session_key| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(tag: u8, body: &[u8], header: Header) -> RawPacket<'_> {
        RawPacket {
            tag,
            body: body.into(),
            header,
            written: &[],
        }
    }

    /// `beginning`, and this many octets.
    fn long(beginning: &[u8], octets: usize) -> Vec<u8> {
        [beginning, &vec![9; octets]].concat()
    }

    #[test]
    fn what_gnupg_reads_is_no_damage() {
        for (tag, least, first) in [
            (tag::PKESK, 12, &b"\x03"[..]),
            (tag::ONE_PASS_SIGNATURE, 13, b"\x03"),
            (tag::SKESK, 13, b"\x04\x07\x03\x08"),
            (tag::SKESK, 12, b"\x04\x07\x01\x08"),
            (tag::SKESK, 4, b"\x04\x07\0\x08"),
            (tag::SKESK, 4, b"\x04\x07\x63\x08"),
            (tag::SKESK, 5, b"\x05\x07\x02\0\x08"),
            (tag::LITERAL, 6, b"b"),
            (tag::ENCRYPTED, 10, b"\x09"),
            (tag::ENCRYPTED_PROTECTED, 11, b"\x01"),
            (tag::ENCRYPTED_AEAD, 19, b"\x01"),
            (tag::MODIFICATION_DETECTION, 20, b"\x09"),
        ] {
            let body = long(first, least - first.len());
            let whole = packet(tag, &body, Header::New);
            assert!(readable(&whole, false).is_ok(), "{tag} {first:?}");
            let cut = packet(
                tag,
                body.split_last().map_or(&[], |(_, cut)| cut),
                Header::New,
            );
            assert!(readable(&cut, false).is_err(), "{tag} {first:?}");
        }
        for (tag, first, octets, read) in [
            (tag::SKESK, &b"\x04\x07\x03\x08"[..], 197, true),
            (tag::SKESK, b"\x04\x07\x03\x08", 198, false),
            (tag::MODIFICATION_DETECTION, b"", 21, false),
        ] {
            let body = long(first, octets);
            let found = readable(&packet(tag, &body, Header::New), false).is_ok();
            assert_eq!(found, read, "{tag} {octets}");
        }
    }

    #[test]
    fn versions_that_gnupg_does_not_know_are_damage() {
        for (tag, known, lengths) in [
            (tag::PKESK, &[2, 3][..], 20),
            (tag::SKESK, &[4, 5], 20),
            (tag::ONE_PASS_SIGNATURE, &[3], 40),
            (tag::ENCRYPTED_PROTECTED, &[1], 40),
            (tag::ENCRYPTED_AEAD, &[1], 40),
        ] {
            for version in 0..=7 {
                let body = long(&[version], lengths);
                let readable = readable(&packet(tag, &body, Header::New), false).is_ok();
                assert_eq!(readable, known.contains(&version), "{tag} {version}");
            }
        }
    }

    #[test]
    fn session_keys_have_their_integers() {
        for (algorithm, integers, read) in [
            (1, &b"\0\x08\xff"[..], true),
            (1, b"\0\x10\xff", false),
            (16, b"\0\x08\xff\0\x08\xff", true),
            (16, b"\0\x08\xff", false),
            (18, b"\0\x08\xff\x02ab", true),
            (18, b"\0\x08\xff\x01ab", false),
            (18, b"\0\0\x02ab", false),
            (99, b"ab", true),
            (99, b"a", false),
        ] {
            let body = [&b"\x03key IDkey"[..9], &[algorithm], integers].concat();
            let read_here = readable(&packet(tag::PKESK, &body, Header::New), false).is_ok();
            assert_eq!(read_here, read, "{algorithm} {integers:?}");
        }
    }

    #[test]
    fn the_header_matters_to_some() {
        for (tag, body, header, read) in [
            (
                tag::MODIFICATION_DETECTION,
                &[0; 20][..],
                Header::Old,
                false,
            ),
            (tag::LITERAL, b"b", Header::Streamed, true),
            (tag::ENCRYPTED, b"b", Header::Streamed, true),
            (tag::ENCRYPTED, b"", Header::New, true),
            (tag::ENCRYPTED_PROTECTED, b"\x01", Header::Streamed, true),
            (tag::ENCRYPTED_PROTECTED, b"\x02", Header::Streamed, false),
            (tag::ENCRYPTED_PROTECTED, b"", Header::New, false),
        ] {
            let read_here = readable(&packet(tag, body, header), false).is_ok();
            assert_eq!(read_here, read, "{tag} {body:?}");
        }
    }

    #[test]
    fn subkeys_must_be_readable_wherever_they_stand() {
        for (body, newer, read) in [
            (&b"\x04time\x63whatever"[..], false, true),
            (b"\x04time\x63what", false, false),
            (b"\x04time\x63what", true, false),
            (b"\x06time\x63whatever", false, false),
            (b"\x06time\x63whatever", true, true),
            (b"\x03time\x63whatever", true, false),
            (b"# a comment", false, true),
            (b"", true, false),
        ] {
            let subkey = packet(tag::PUBLIC_SUBKEY, body, Header::New);
            assert_eq!(readable(&subkey, newer).is_ok(), read, "{body:?} {newer}");
        }
    }
}
