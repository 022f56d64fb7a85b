//! What other people certify about the keys in a large key file, which means nothing here: the key files say who is
//! trusted. gpg rewrites its whole key ring for each key that it imports, and takes minutes for the key ring of
//! Debian's developers, most of which are such certifications.

use crate::openpgp::issuer::{certifies, is_by_others, key_id};
use crate::openpgp::packet::{Packets, RawPacket, tag};

/// Key files of up to this many octets are left as they are: gpg takes less than a second for them.
const LARGE: usize = 1024 * 1024;

/// Certificates of this size and above are left as they are, because GnuPG refuses them for their size:
/// a little less than the 4.9 million octets that it keeps.
const TOO_LARGE: usize = 4_800_000;

/// The keys of a large key file without what others certify about them.
///
/// Left out is a certification of a user ID, or the revocation of one, that names its issuers and none of
/// them is the key itself. Everything else stays as it is.
pub(super) fn without_certifications(keys: Vec<u8>) -> Vec<u8> {
    if keys.len() <= LARGE {
        return keys;
    }
    let mut left = Vec::with_capacity(keys.len());
    let mut certificate = Certificate::default();
    let mut packets = Packets::of(&keys);
    while let Some(Ok(packet)) = packets.next() {
        if matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY) {
            std::mem::take(&mut certificate).add_to(&mut left);
            let is_public = packet.tag == tag::PUBLIC_KEY;
            certificate.key_id = key_id(&packet.body).filter(|_| is_public);
        }
        certificate.whole.extend_from_slice(packet.written);
        if !certificate.is_foreign(&packet) {
            certificate.own.extend_from_slice(packet.written);
        }
    }
    certificate.add_to(&mut left);
    left.extend_from_slice(packets.rest());
    left
}

/// The packets of one certificate.
#[derive(Default)]
struct Certificate {
    key_id: Option<[u8; 8]>,
    whole: Vec<u8>,
    own: Vec<u8>,
}

impl Certificate {
    fn add_to(self, keys: &mut Vec<u8>) {
        keys.extend(if self.whole.len() >= TOO_LARGE {
            self.whole
        } else {
            self.own
        });
    }

    /// Whether the packet is a certification that somebody else made.
    fn is_foreign(&self, packet: &RawPacket<'_>) -> bool {
        let (Some(own), tag::SIGNATURE) = (self.key_id, packet.tag) else {
            return false;
        };
        certifies(&packet.body) && is_by_others(&packet.body, own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openpgp::subpacket::tag as subpacket;

    fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap_or_default().to_be_bytes();
        [&[0xC0 | tag, 255], &length[..], body].concat()
    }

    #[test]
    fn certifications_by_others_are_left_out_of_large_files() {
        let body = b"\x04\0\0\0\0\x16key";
        let own = key_id(body).unwrap_or_default();
        let signature = |kind: u8, issuer: &[u8]| {
            let area = [&[0, 10, 9, subpacket::ISSUER], issuer].concat();
            packet(
                tag::SIGNATURE,
                &[&[4, kind, 22, 8], &area[..], b"\0\0hh\0\x01\x01\0\x01\x01"].concat(),
            )
        };
        let key = [packet(tag::PUBLIC_KEY, body), packet(tag::USER_ID, b"A")].concat();
        let kept = [
            signature(0x13, &own),
            signature(0x20, &[7; 8]),
            signature(0x18, &[7; 8]),
            signature(0x13, &[7; 3]),
            packet(tag::SIGNATURE, b"\x03\x05\x13time"),
        ]
        .concat();
        let foreign = [signature(0x10, &[7; 8]), signature(0x30, &[7; 8])].concat();
        let filler = packet(60, &vec![0; LARGE]);
        let end = b"\0end";
        let with = |parts: &[&[u8]]| parts.concat();
        let file = with(&[&key, &foreign, &kept, &filler, &key, &foreign, end]);
        let left = with(&[&key, &kept, &filler, &key, end]);
        assert_eq!(without_certifications(file), left);
        let small = with(&[&key, &foreign]);
        assert_eq!(without_certifications(small.clone()), small);
        let too_large = with(&[&key, &foreign, &packet(60, &vec![0; TOO_LARGE])]);
        assert_eq!(without_certifications(too_large.clone()), too_large);
    }
}
