//! Who made a signature, as it says itself, and how keys of version 4 are named. GnuPG's engines ask it of key files
//! before gpg reads them.

use sha1::{Digest as _, Sha1};

use super::signature::SignaturePacket;
use super::subpacket::tag as subpacket;

/// Whether the signature is a certification of a user ID (RFC 9580, section 5.2.1), or the revocation of one.
pub(crate) fn certifies(body: &[u8]) -> bool {
    matches!(
        body,
        [2 | 3, 5, 0x10..=0x13 | 0x30, ..] | [4, 0x10..=0x13 | 0x30, ..]
    )
}

/// Whether the signature names its issuers, and none of them is the key with this ID.
pub(crate) fn is_by_others(signature: &[u8], key_id: [u8; 8]) -> bool {
    let issuers = issuers(signature).unwrap_or_default();
    !issuers.is_empty() && !issuers.contains(&key_id)
}

/// The key IDs that a signature of version 2 to 4 names as its issuer's, in any place and for any release of GnuPG;
/// `None` if one of them is of an unknown form.
fn issuers(body: &[u8]) -> Option<Vec<[u8; 8]>> {
    let packet = SignaturePacket::of(body).filter(|packet| packet.version <= 4)?;
    if let Some((_, issuer)) = packet.time_and_issuer {
        return Some(vec![issuer]);
    }
    let mut issuers = Vec::new();
    for area in [packet.hashed, packet.unhashed] {
        // Of what is longer than it must be, GnuPG reads the beginning.
        for named in area.all(subpacket::ISSUER) {
            issuers.push(*named.first_chunk()?);
        }
        for named in area.all(subpacket::ISSUER_FINGERPRINT) {
            issuers.push(match named {
                [4, fingerprint @ ..] => *fingerprint.get(..20)?.last_chunk()?,
                [5, fingerprint @ ..] => *fingerprint.first_chunk()?,
                _ => return None,
            });
        }
    }
    Some(issuers)
}

/// The key ID of a version 4 public key (RFC 9580, section 5.5.4.2).
pub(crate) fn key_id(key: &[u8]) -> Option<[u8; 8]> {
    hash_of_version_4(key)?.last_chunk().copied()
}

/// What the fingerprint of a version 4 public key is.
pub(crate) fn hash_of_version_4(key: &[u8]) -> Option<sha1::digest::Output<Sha1>> {
    let length = u16::try_from(key.len()).ok()?;
    (key.first() == Some(&4)).then(|| {
        Sha1::new()
            .chain_update([0x99])
            .chain_update(length.to_be_bytes())
            .chain_update(key)
            .finalize()
    })
}

/// When a key was made, in seconds since the epoch (RFC 9580, section 5.5.2).
pub(crate) fn created(key: &[u8]) -> u64 {
    key.get(1..)
        .and_then(|key| key.first_chunk::<4>())
        .map_or(0, |created| u64::from(u32::from_be_bytes(*created)))
}
