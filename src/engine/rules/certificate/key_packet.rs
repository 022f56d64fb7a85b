//! The public part of a key packet of version 4, public or secret (RFC 9580, section 5.5.2), and the key ID of one of
//! version 3.
//!
//! GnuPG skips what follows it.

use crate::openpgp::handle::KeyId;
use crate::openpgp::key::PublicKey;
use crate::openpgp::packet::{KEY_BODY, RawPacket, tag};
use crate::openpgp::public_key::Parts;
use crate::openpgp::secret_key::ReadBy;

/// The most octets of a key that have a fingerprint: two octets have to hold their count (RFC 9580, section 5.5.4.2).
const MAX_HASHED: usize = 65_535;

/// What a key packet of version 4 contains.
#[derive(Debug)]
pub(crate) enum Reading {
    /// A key.
    Key(Box<PublicKey>),
    /// The same, but with an integer that is not in its shortest form (RFC 9580, section 3.2), which GnuPG takes for
    /// this key. It is accepted here only for what forbids, so that no octet of a key that counts can be changed.
    Rewritten(Box<PublicKey>),
    /// GnuPG reads it, but it is not a key here: what it is instead, in words.
    Skipped(&'static str),
    /// GnuPG stops reading the file at it.
    Damaged,
}

/// Reads a key packet of version 4.
pub(crate) fn read(packet: &RawPacket<'_>) -> Reading {
    let body: &[u8] = &packet.body;
    // According to GnuPG, a comment of the first OpenPGP programs.
    // Case: damaged-packets-subkey-comment-last
    if packet.tag == tag::PUBLIC_SUBKEY && body.first() == Some(&b'#') {
        return Reading::Skipped("comments");
    }
    // Cases: damaged-packets-key-of-11-octets-last, damaged-packets-key-of-262146-octets-last
    if body.first() != Some(&4) || !KEY_BODY.contains(&body.len()) {
        return Reading::Damaged;
    }
    // Case: damaged-packets-releases-subkey-of-nothing-last
    let Some(parts) = Parts::of(body).filter(|parts| !parts.ends_gpg) else {
        return Reading::Damaged;
    };
    let is_secret = matches!(packet.tag, tag::SECRET_KEY | tag::SECRET_SUBKEY);
    // Case: damaged-packets-secret-subkey-card-cut-last
    if is_secret && parts.secret_read_by() != ReadBy::All {
        return Reading::Damaged;
    }
    // Case: key-structure-large-key-alone
    if parts.public.len() > MAX_HASHED {
        return Reading::Skipped("keys of more than 65535 octets");
    }
    // Case: key-structure-key-packet-leading-zero-in-second-copy
    let (key, read): (_, fn(_) -> _) = if parts.shortest {
        (PublicKey::of_version_4(parts.public), Reading::Key)
    } else {
        let written = parts.in_shortest_form();
        (
            written.and_then(|written| PublicKey::of_version_4(&written)),
            Reading::Rewritten,
        )
    };
    match key {
        Some(key) => read(Box::new(key)),
        None => Reading::Skipped("keys of this form"),
    }
}

/// The key ID of a key of version 2 or 3, which is the end of its RSA modulus (RFC 4880, section 12.2).
pub(crate) fn id_of_version_3(body: &[u8]) -> Option<KeyId> {
    // Version, time, days of validity and algorithm.
    // Case: unsupported-key-version-3-alone
    let (&[2 | 3, _, _, _, _, _, _, 1..=3], rest) = body.split_first_chunk::<8>()? else {
        return None;
    };
    let (bits, rest) = rest.split_first_chunk::<2>()?;
    let modulus = rest.get(..usize::from(u16::from_be_bytes(*bits)).div_ceil(8))?;
    modulus.last_chunk::<8>().copied().map(KeyId::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openpgp::packet::Header;

    fn read_as(tag: u8, body: &[u8]) -> Reading {
        read(&RawPacket {
            tag,
            body: body.into(),
            header: Header::New,
            written: &[],
        })
    }

    #[test]
    fn the_key_id_of_version_3_ends_the_modulus() {
        let key = |version: u8, algorithm: u8, modulus: &[u8]| {
            let bits = u8::try_from(modulus.len().saturating_mul(8)).unwrap_or_default();
            [&[version][..], b"timedd", &[algorithm, 0, bits], modulus].concat()
        };
        for (body, id) in [
            (key(3, 1, b"modulus of 16 oc"), Some(b"of 16 oc")),
            (key(2, 3, b"12345678"), Some(b"12345678")),
            (key(3, 1, b"1234567"), None),
            (key(3, 17, b"12345678"), None),
            (key(5, 1, b"12345678"), None),
            (Vec::new(), None),
        ] {
            let id = id.copied().map(KeyId::from);
            assert_eq!(id_of_version_3(&body), id, "{body:?}");
        }
    }

    #[test]
    fn what_gnupg_cannot_read_is_damage() {
        for body in [
            &b""[..],
            b"\x04time",
            b"\x04time\x01\0\x01\x01",
            b"\x04time\x01\0\x08\x81\0\x10\x03",
            b"\x04time\x16\x09oi",
            // A curve's name of one octet, and parameters of one.
            b"\x04time\x16\x01o\0\x10\x81\x01",
            b"\x04time\x12\x02oi\0\x10\x81\x01\x01k",
            // A point of no octets.
            b"\x04time\x16\x02oi\0\0!",
            // Eleven octets.
            b"\x04time\x63whate",
            b"\x05time\x63whatever",
        ] {
            assert!(
                matches!(read_as(tag::PUBLIC_KEY, body), Reading::Damaged),
                "{body:?}"
            );
        }
        let secret = b"\x04time\x01\0\x08\x81\0\x02\x03\0\0\x01\x01";
        assert!(matches!(read_as(tag::PUBLIC_KEY, secret), Reading::Key(_)));
        assert!(matches!(read_as(tag::SECRET_KEY, secret), Reading::Damaged));
    }

    #[test]
    fn what_gnupg_reads_and_nobody_uses_is_skipped() {
        assert!(matches!(
            read_as(tag::PUBLIC_SUBKEY, b"# a comment"),
            Reading::Skipped(_)
        ));
        let large = [&b"\x04time\x63"[..], &[0; MAX_HASHED]].concat();
        assert!(matches!(
            read_as(tag::PUBLIC_KEY, &large),
            Reading::Skipped(_)
        ));
    }

    #[test]
    fn a_key_in_a_longer_form_is_told_as_the_same_key() {
        let shortest = b"\x04time\x01\0\x08\x81\0\x02\x03";
        let longer = b"\x04time\x01\0\x10\0\x81\0\x02\x03";
        for tag in [tag::PUBLIC_KEY, tag::PUBLIC_SUBKEY] {
            let fingerprint = match read_as(tag, shortest) {
                Reading::Key(key) => Some(key.fingerprint()),
                _ => None,
            };
            assert!(
                matches!(read_as(tag, longer), Reading::Rewritten(key) if Some(key.fingerprint()) == fingerprint)
            );
        }
    }
}
