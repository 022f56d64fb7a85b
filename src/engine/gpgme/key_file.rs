//! What of a key file GnuPG can read.

use sha2::{Digest as _, Sha256};

use crate::engine::armor;
use crate::engine::packets::{self, tag};

/// A key file without its keys and signatures of version 6 (RFC 9580).
#[derive(Debug, Default)]
pub(super) struct Reduced {
    /// The rest, binary.
    pub(super) rest: Vec<u8>,
    /// The fingerprints of the keys that were taken out, as far as they are public.
    pub(super) taken_out: Vec<Option<String>>,
}

/// Takes the keys and signatures of version 6 out of a key file: gpg 2.2 gives a file up where such
/// a signature stands in it, and good keys with it. `None` if there are none, or if the
/// file is of no form that is known here; then gpg is to make of it what it can.
pub(super) fn without_version_6(file: &[u8]) -> Option<Reduced> {
    let mut reduced = Reduced::default();
    let mut found = false;
    for keyring in armor::keyrings(file).ok()? {
        let mut within = false;
        let mut input: &[u8] = &keyring;
        loop {
            let before = input;
            let Ok(Some(packet)) = packets::next(&mut input) else {
                // The end, or what gpg has to make something of.
                reduced.rest.extend_from_slice(before);
                break;
            };
            let of_version_6 = packet.body.first() == Some(&6);
            if matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY) {
                within = of_version_6;
                if within {
                    let public = packet.tag == tag::PUBLIC_KEY;
                    let fingerprint = public.then(|| fingerprint(&packet.body));
                    reduced.taken_out.push(fingerprint);
                }
            }
            if within || packet.tag == tag::SIGNATURE && of_version_6 {
                found = true;
            } else {
                let length = before.len().saturating_sub(input.len());
                reduced.rest.extend(before.iter().take(length));
            }
        }
    }
    found.then_some(reduced)
}

/// The fingerprint of a version 6 public key (RFC 9580, section 5.5.4.3).
fn fingerprint(body: &[u8]) -> String {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let hash = Sha256::new()
        .chain_update([0x9B])
        .chain_update(length.to_be_bytes())
        .chain_update(body)
        .finalize();
    format!("{hash:X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of one length octet.
    fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).unwrap_or(0);
        [&[0xC0 | tag, length], body].concat()
    }

    #[test]
    fn other_files_stay_as_they_are() {
        let four = [
            packet(tag::PUBLIC_KEY, b"\x04key"),
            packet(tag::SIGNATURE, b"\x04"),
        ]
        .concat();
        for file in [&b""[..], b"text", b"\xC6\x09\x06", &four] {
            assert!(without_version_6(file).is_none(), "{file:?}");
        }
    }

    #[test]
    fn keys_and_signatures_of_version_6_are_taken_out() {
        let six = [
            packet(tag::PUBLIC_KEY, b"\x06key"),
            packet(tag::USER_ID, b"A"),
            packet(tag::SIGNATURE, b"\x06"),
            packet(tag::PUBLIC_SUBKEY, b"\x06sub"),
        ]
        .concat();
        let four = [
            packet(tag::PUBLIC_KEY, b"\x04key"),
            packet(tag::USER_ID, b"B"),
        ]
        .concat();
        let signed = [&four[..], &packet(tag::SIGNATURE, b"\x06")].concat();
        let damaged = [&four[..], b"\xC6\x09\x04"].concat();
        for (file, rest, keys) in [
            (six.clone(), &b""[..], 1),
            ([&six[..], &four].concat(), &four, 1),
            ([&six[..], &four, &six].concat(), &four, 2),
            ([&six[..], &damaged].concat(), &damaged, 1),
            (signed, &four, 0),
        ] {
            let reduced = without_version_6(&file).unwrap_or_default();
            assert_eq!(reduced.rest, rest, "{file:?}");
            assert_eq!(reduced.taken_out.len(), keys, "{file:?}");
        }
    }
}
