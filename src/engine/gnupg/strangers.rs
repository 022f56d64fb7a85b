//! Signatures by keys that are in no key file: gpg could only say that it does not have the key. It is not asked then,
//! since a process takes longer than all the rest, and an image may have many such signatures before one that counts.
//!
//! The key files are searched for every key packet, whatever gpg makes of it, and a signature is known for a stranger's
//! only if it is of the plain form that every gpg reads alike. Everything else is left to gpg.

use std::collections::HashSet;

use super::key_file::public_part;
use super::listing::Listing;
use crate::fingerprint::KeyHandle;
use crate::openpgp::issuer::key_id;
use crate::openpgp::message::UnverifiedMessage;
use crate::openpgp::packet::{Packets, tag};
use crate::openpgp::signature::{SignaturePacket, kind};
use crate::openpgp::subpacket::{Reader, tag as subpacket};

/// The hash algorithms that every gpg has and takes: SHA-256, SHA-384, SHA-512, SHA-224 (RFC 9580, section 9.5).
const HASHES: [u8; 4] = [8, 9, 10, 11];

/// The public-key algorithms that every gpg has: RSA, DSA, ECDSA, EdDSA (RFC 9580, section 9.1).
const ALGORITHMS: [u8; 4] = [1, 17, 19, 22];

/// The key ID of a version 4 key.
type KeyId = [u8; 8];

/// Every key in the key files.
#[derive(Debug)]
pub(super) struct Acquaintances {
    ids: HashSet<KeyId>,
    /// Whether there is no other one, not even one that cannot be read.
    are_all: bool,
}

impl Default for Acquaintances {
    fn default() -> Self {
        Self {
            ids: HashSet::new(),
            are_all: true,
        }
    }
}

impl Acquaintances {
    /// Notes all keys of a key file.
    pub(super) fn note(&mut self, octets: &[u8]) {
        for packet in Packets::of(octets) {
            let Ok(packet) = packet else {
                self.are_all = false;
                return;
            };
            if !matches!(
                packet.tag,
                tag::PUBLIC_KEY | tag::SECRET_KEY | tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY
            ) {
                continue;
            }
            match public_part(&packet).as_deref().and_then(key_id) {
                // The second is that of a key whose integers are not in their shortest form, as they are.
                Some(id) => self
                    .ids
                    .extend([Some(id), key_id(&packet.body)].into_iter().flatten()),
                None => self.are_all = false,
            }
        }
    }

    /// Notes all keys that gpg lists. They are in the key files, too.
    pub(super) fn note_listed(&mut self, listing: &Listing) {
        for fingerprint in listing.fingerprints() {
            match u64::from_str_radix(fingerprint.key_id(), 16) {
                Ok(id) => {
                    self.ids.insert(id.to_be_bytes());
                }
                Err(_) => self.are_all = false,
            }
        }
    }

    /// The key that made the signature, as gpg would name it, if that is certainly none of these: gpg would say that it
    /// does not have it (`ERRSIG` with the code 9), and nothing else.
    pub(super) fn stranger(&self, message: &UnverifiedMessage) -> Option<KeyHandle> {
        // containers/image compresses what it signs, once.
        if !self.are_all || message.compressions > 1 {
            return None;
        }
        let packet = SignaturePacket::of(&message.signature)?;
        let (id, name) = issuer(&packet)?;
        let one_pass = message.one_pass.as_deref();
        let is_plain = packet.version == 4
            && matches!(packet.kind, kind::BINARY | kind::TEXT)
            && HASHES.contains(&packet.hash)
            && ALGORITHMS.contains(&packet.algorithm)
            && packet.hashed.understood(Reader::Any)
            && packet.unhashed.understood(Reader::Any)
            && packet.hashed.all(subpacket::CREATED).count() == 1
            && one_pass.is_none_or(|one_pass| announces(one_pass, &packet, id));
        (is_plain && !self.ids.contains(&id)).then_some(name)
    }
}

/// The ID of the key that made the signature, and the name that gpg reports: where the signature names one key, and once.
fn issuer(packet: &SignaturePacket<'_>) -> Option<(KeyId, KeyHandle)> {
    let areas = [packet.hashed, packet.unhashed];
    let ids: Vec<&[u8]> = areas
        .iter()
        .flat_map(|area| area.all(subpacket::ISSUER))
        .collect();
    let [id] = ids.as_slice() else {
        return None;
    };
    let id = KeyId::try_from(*id).ok()?;
    // gpg takes only a hashed fingerprint for the name.
    let unhashed = packet.unhashed.all(subpacket::ISSUER_FINGERPRINT).count();
    let fingerprints: Vec<&[u8]> = packet.hashed.all(subpacket::ISSUER_FINGERPRINT).collect();
    let name = match (fingerprints.as_slice(), unhashed) {
        ([], 0) => id.as_slice(),
        ([[4, fingerprint @ ..]], 0) if fingerprint.len() == 20 && fingerprint.ends_with(&id) => {
            fingerprint
        }
        _ => return None,
    };
    Some((id, KeyHandle::of(name)?))
}

/// Whether the one-pass signature packet announces that signature, and no other one (RFC 9580, section 5.4).
fn announces(one_pass: &[u8], packet: &SignaturePacket<'_>, issuer: KeyId) -> bool {
    let announced = [3, packet.kind, packet.hash, packet.algorithm];
    *one_pass == *[&announced[..], &issuer, &[1]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{KeyMaterial, MAX_PAYLOAD_SIZE, key_files};
    use crate::openpgp::message;

    const BLOB: &[u8] = include_bytes!("../../../testdata/example/image/signature-1");
    const SIGNER: &[u8] = include_bytes!("../../../testdata/example/keys/releases.asc");
    const OTHER: &[u8] = include_bytes!("../../../testdata/conformance/keys/ed25519-revoked.gpg");
    const SIGNER_NAME: &str = "66CCE9C6AD4931FDC04EBA79ABCFC7A61FA861F5";

    fn octets(file: &[u8]) -> Vec<u8> {
        let mut opened = key_files::open(&[KeyMaterial::new("test", file)]);
        opened.remove(0).file.unwrap().octets.into_owned()
    }

    fn of_files(files: &[&[u8]]) -> Acquaintances {
        let mut acquaintances = Acquaintances::default();
        files.iter().for_each(|file| acquaintances.note(file));
        acquaintances
    }

    fn message() -> UnverifiedMessage {
        message::read(BLOB, MAX_PAYLOAD_SIZE).unwrap()
    }

    /// The message with other octets in its signature, and, with `both`, in the packet that announces it.
    fn changed(place: usize, octet: u8, both: bool) -> UnverifiedMessage {
        let mut message = message();
        message.signature[place] = octet;
        if both {
            message.one_pass.as_mut().unwrap()[[0, 1, 3, 2][place]] = octet;
        }
        message
    }

    #[test]
    fn a_signature_is_a_stranger_s_if_its_key_is_in_no_file() {
        let name = |files: &[&[u8]]| {
            let stranger = of_files(files).stranger(&message());
            stranger.map(|name| name.as_str().to_owned())
        };
        let (signer, other) = (octets(SIGNER), octets(OTHER));
        assert_eq!(name(&[&other]).as_deref(), Some(SIGNER_NAME));
        assert_eq!(name(&[&signer]), None);
        assert_eq!(name(&[&other, &signer]), None);
        // The key may be behind what cannot be read, or be what cannot be.
        assert_eq!(name(&[&other, b"\0"]), None);
        assert_eq!(name(&[&[0xC6, 2, 3, 0], &other]), None);
        assert_eq!(name(&[&[0xCE, 2, 6, 0], &other]), None);
    }

    #[test]
    fn gpg_is_asked_about_all_that_is_not_plain() {
        let acquaintances = of_files(&[&octets(OTHER)]);
        let is_known_strange =
            |message: &UnverifiedMessage| acquaintances.stranger(message).is_some();
        assert!(is_known_strange(&message()));
        // Version, type, public-key algorithm, hash algorithm.
        for (place, plain, odd) in [(1, 1, 2), (2, 1, 16), (3, 9, 1)] {
            assert!(is_known_strange(&changed(place, plain, true)), "{place}");
            assert!(!is_known_strange(&changed(place, odd, true)), "{place}");
            // Announced as another one.
            assert!(!is_known_strange(&changed(place, plain, false)), "{place}");
        }
        assert!(!is_known_strange(&changed(0, 3, false)));
        let twice = UnverifiedMessage {
            compressions: 2,
            ..message()
        };
        assert!(!is_known_strange(&twice));
        let without_announcement = UnverifiedMessage {
            one_pass: None,
            ..message()
        };
        assert!(is_known_strange(&without_announcement));
        let mut announced_for_another = message();
        announced_for_another.one_pass.as_mut().unwrap()[5] ^= 1;
        assert!(!is_known_strange(&announced_for_another));
    }

    #[test]
    fn gpg_is_asked_where_the_signature_names_its_key_oddly() {
        let acquaintances = of_files(&[&octets(OTHER)]);
        let fingerprint = [&[22, 33, 4][..], &[7; 20]].concat();
        let id = [&[9, 16][..], &[7; 8]].concat();
        let of_another = [&[9, 16][..], &[8; 8]].concat();
        let created = [5, 2, 0, 0, 0, 7];
        let critical = [2, 0x80 | 101, 0];
        let strange = |hashed: &[&[u8]], unhashed: &[&[u8]]| {
            let area = |parts: &[&[u8]]| {
                let area = parts.concat();
                let length = u16::try_from(area.len()).unwrap().to_be_bytes();
                [&length[..], &area].concat()
            };
            let parts = [&[4, 0, 22, 8][..], &area(hashed), &area(unhashed), b"hh"];
            let message = UnverifiedMessage {
                signature: [&parts.concat()[..], &[0, 1, 1, 0, 1, 1]].concat(),
                one_pass: None,
                ..message()
            };
            acquaintances.stranger(&message).is_some()
        };
        assert!(strange(&[&created, &fingerprint], &[&id]));
        assert!(strange(&[&created], &[&id]));
        assert!(!strange(&[&created, &fingerprint], &[]));
        assert!(!strange(&[&created, &fingerprint], &[&of_another]));
        assert!(!strange(&[&created, &fingerprint], &[&id, &of_another]));
        assert!(!strange(&[&created, &id], &[&of_another]));
        assert!(!strange(&[&created], &[&id, &fingerprint]));
        assert!(!strange(&[&created, &fingerprint, &fingerprint], &[&id]));
        assert!(!strange(&[&fingerprint], &[&id]));
        assert!(!strange(&[&created, &created], &[&id]));
        assert!(!strange(&[&created, &critical], &[&id]));
    }
}
