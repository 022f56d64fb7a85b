//! What of a key file not every release of GnuPG reads: one reads on where another stops, so that what follows is there for
//! some alone.

use super::packet::{MIN_SIGNATURE, Packets, RawPacket, tag};
use super::public_key::Parts;
use super::secret_key::ReadBy;
use super::signature::{SignaturePacket, kind, kind_of};

/// This makes GnuPG 2.2 terminate at times: it goes on reading within the packet.
const ENDS_OVER_SUBKEY: &str =
    "it begins with a damaged secret subkey, which makes GnuPG 2.2 terminate";

/// What not every release of GnuPG reads of a key file, in words, if something follows it; `None` if every release
/// reads all of it.
///
/// These are compressed packets, whose contents count for GnuPG 2.2 and not for 2.4; packets at which only one of them
/// stops reading the file, if another key or the revocation of one follows; and packets that make gpg itself terminate,
/// with everything that it had to import. A key of a version that GnuPG does not know may contain anything.
pub(crate) fn read_on_by_some(keyring: &[u8]) -> Option<&'static str> {
    let mut found = None;
    // The version of the key that is being read.
    let mut version = None;
    let mut is_first = true;
    // Directly after an empty user attribute of a key.
    let mut after_nothing = false;
    // Before any key.
    let mut secret_subkey = false;
    for packet in Packets::of_key_file(keyring) {
        let packet = match packet {
            Ok(packet) => packet,
            Err(_) if secret_subkey && version.is_none() => return Some(ENDS_OVER_SUBKEY),
            Err(_) => break,
        };
        let begins = std::mem::take(&mut is_first);
        secret_subkey |= packet.tag == tag::SECRET_SUBKEY;
        match packet.tag {
            tag::COMPRESSED => {
                return Some("it is compressed, which not every release of GnuPG reads");
            }
            tag::PUBLIC_KEY | tag::SECRET_KEY => {
                if found.is_some() {
                    return found;
                }
                version = packet.body.first().copied();
            }
            tag::SIGNATURE if found.is_some() && revokes_a_key(&packet.body) => {
                return found;
            }
            tag::SIGNATURE if after_nothing && certifies(&packet.body) => {
                return Some(
                    "it contains an empty user attribute with a certification, which makes GnuPG terminate",
                );
            }
            tag::SECRET_SUBKEY if version.is_none() && !is_whole_secret(&packet.body) => {
                return Some(ENDS_OVER_SUBKEY);
            }
            // GnuPG 2.2 takes a file that begins so for text.
            tag::ENCRYPTED_AEAD if begins => {
                found =
                    Some("it begins with encrypted data, which not every release of GnuPG reads");
            }
            _ => {}
        }
        after_nothing =
            version.is_some() && packet.tag == tag::USER_ATTRIBUTE && packet.body.is_empty();
        if found.is_none() && matches!(version, None | Some(2..=4)) {
            found = stops_some_releases(&packet, version.is_some());
        }
    }
    None
}

/// What in the packet makes only some releases of GnuPG stop reading a file, in words; `None` if nothing does.
pub(crate) fn stops_some_releases(packet: &RawPacket<'_>, in_key: bool) -> Option<&'static str> {
    let body: &[u8] = &packet.body;
    match packet.tag {
        tag::SIGNATURE if body.len() < MIN_SIGNATURE => None,
        tag::SIGNATURE if body.first() == Some(&5) => {
            Some("it contains a signature of version 5, which not every release of GnuPG reads")
        }
        tag::SIGNATURE if SignaturePacket::of(body).is_some_and(|packet| packet.ends_gpg()) => {
            Some(
                "it contains a signature with a zero-length integer, which makes GnuPG 2.4 terminate",
            )
        }
        tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY if body.first() == Some(&5) => {
            Some("it contains a subkey of version 5, which not every release of GnuPG reads")
        }
        tag::PUBLIC_KEY | tag::SECRET_KEY | tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY => {
            let is_secret = matches!(packet.tag, tag::SECRET_KEY | tag::SECRET_SUBKEY);
            key_stops_some_releases(body, is_secret)
        }
        // Version, key ID and algorithm come before the point.
        tag::PKESK if body.get(9) == Some(&18) && body.get(10..12) == Some(&[0, 0]) => Some(
            "it contains a session key with a zero-length integer, which makes GnuPG 2.4 terminate",
        ),
        tag::USER_ATTRIBUTE if in_key && body.is_empty() => {
            Some("it contains an empty user attribute, which makes GnuPG 2.4 terminate")
        }
        _ => None,
    }
}

/// Whether every GnuPG can read the secret part of a key of version 4.
fn is_whole_secret(body: &[u8]) -> bool {
    Parts::of(body).is_some_and(|parts| !parts.ends_gpg && parts.secret_read_by() == ReadBy::All)
}

/// What in a key makes only some releases of GnuPG stop reading a file.
fn key_stops_some_releases(body: &[u8], is_secret: bool) -> Option<&'static str> {
    let parts = Parts::of(body).filter(|_| body.first() == Some(&4))?;
    if parts.ends_gpg {
        return Some(
            "it contains a key with a zero-length integer, which makes GnuPG 2.4 terminate",
        );
    }
    (is_secret && parts.secret_read_by() == ReadBy::Some)
        .then_some("it contains a secret key that not every release of GnuPG reads")
}

/// Whether the signature is of a type that certifies a user ID.
fn certifies(signature: &[u8]) -> bool {
    matches!(
        kind_of(signature),
        Some(kind::GENERIC_CERTIFICATION..=kind::POSITIVE_CERTIFICATION)
    )
}

/// Whether the signature is of the type that revokes a primary key, 0x20.
fn revokes_a_key(signature: &[u8]) -> bool {
    kind_of(signature) == Some(kind::KEY_REVOCATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_packet_is_found_wherever_it_stands() {
        let compressed = [0xA3, 0];
        for (before, found) in [
            (&[][..], true),
            (&[0xCD, 1, b'A'], true),
            (&[0xC0, 0], true),
            (&[0x80, 2, 1, 2, 0xC0, 0], true),
            // This hides it from every reader.
            (&[0xCD, 2, b'A'], false),
            (&[0xC0, 0xE0], false),
        ] {
            assert_eq!(
                read_on_by_some(&[before, &compressed].concat()).is_some(),
                found,
                "{before:?}"
            );
        }
    }

    /// A packet of one length octet.
    fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).unwrap_or(0);
        [&[0xC0 | tag, length], body].concat()
    }

    #[test]
    fn what_one_release_reads_on_behind_matters_if_a_key_follows() {
        let key = packet(tag::PUBLIC_KEY, b"\x04time\x63key");
        let newer = packet(tag::PUBLIC_KEY, b"\x05time\x63key");
        let user_id = packet(tag::USER_ID, b"A");
        let revocation = packet(tag::SIGNATURE, b"\x04\x20\x01\x08rest");
        let two_ways = [
            packet(tag::SIGNATURE, b"\x05\x10\x01\x08twelve octets"),
            packet(
                tag::SIGNATURE,
                b"\x04\x10\x16\x08\0\x02\x01\x65\0\0hh\0\0\0\0",
            ),
            packet(
                tag::SIGNATURE,
                b"\x04\x10\x13\x08\0\x02\x01\x65\0\0hh\0\x01\x01\0\0",
            ),
            packet(tag::PUBLIC_SUBKEY, b"\x05time\x01whatever"),
            packet(tag::SECRET_SUBKEY, b"\x05time\x01whatever"),
            packet(tag::PUBLIC_SUBKEY, b"\x04time\x16\x02oi\0\0"),
            packet(tag::PUBLIC_SUBKEY, b"\x04time\x12\x02oi\0\0\x02kd"),
            packet(tag::SECRET_SUBKEY, b"\x04time\x16\x02oi\0\x01\x01\0\0\0cs"),
            packet(
                tag::SECRET_SUBKEY,
                b"\x04time\x01\0\x01\x01\0\x01\x01\xFD456789abcdef",
            ),
            packet(tag::PKESK, b"\x03key IDke\x12\0\0\x02ab"),
            packet(tag::USER_ATTRIBUTE, b""),
        ];
        for octets in &two_ways {
            for (before, after, found) in [
                (&key, &key, true),
                (&key, &newer, true),
                (&key, &revocation, true),
                (&key, &user_id, false),
                (&newer, &key, false),
            ] {
                let keyring = [&before[..], octets, after].concat();
                let found_here = read_on_by_some(&keyring);
                assert_eq!(found_here.is_some(), found, "{keyring:?} {found_here:?}");
            }
        }
        for octets in [
            packet(tag::SIGNATURE, b"\x04\x10\x11\x08\0\0\0\0hh\0\0\0\0"),
            packet(tag::SIGNATURE, b"\x09\x10"),
            // Too short for a signature.
            packet(tag::SIGNATURE, b"\x05\x10\x01\x08rest"),
            packet(tag::SIGNATURE, b"\x04\x10\x16\x08\0\0\0\0hh\0\0\0\0"),
            packet(tag::PUBLIC_SUBKEY, b"\x06time\x01whatever"),
            packet(tag::PUBLIC_SUBKEY, b"\x04time\x01\0\0\0\0"),
            packet(tag::SECRET_SUBKEY, b"\x04time\x01\0\x01\x01\0\x01\x01\x07"),
            packet(tag::USER_ATTRIBUTE, b"a"),
        ] {
            let keyring = [&key[..], &octets, &key].concat();
            assert_eq!(read_on_by_some(&keyring), None, "{keyring:?}");
        }
        let encrypted = packet(tag::ENCRYPTED_AEAD, b"data");
        for (keyring, found) in [
            ([&encrypted[..], &key].concat(), true),
            ([&key[..], &encrypted, &key].concat(), false),
            (
                [&packet(tag::USER_ATTRIBUTE, b"")[..], &key].concat(),
                false,
            ),
        ] {
            assert_eq!(read_on_by_some(&keyring).is_some(), found, "{keyring:?}");
        }
    }
}
