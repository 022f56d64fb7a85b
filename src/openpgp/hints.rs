//! What a signature says of itself, for people: nothing of it is verified.

use super::message::{self, MessageError};
use super::packet::{Packets, tag};
use super::signature::SignaturePacket;
use super::subpacket::tag as subpacket;

/// How many packets of a blob, and how many signatures of it, are looked at.
const MAX_PACKETS: usize = 64;

/// What a signature says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// The fingerprint, or else the ID, of the key that made it, in octets.
    pub(crate) issuer: Option<Vec<u8>>,
    /// When it was made, in seconds since 1970.
    pub(crate) created: Option<u64>,
    /// How long it is valid after that, in seconds; none, or 0, for ever.
    pub(crate) valid_for: Option<u64>,
}

/// What a blob holds, as far as it can be read.
#[derive(Debug, Default)]
pub(crate) struct UnverifiedBlob {
    pub(crate) signatures: Vec<Hints>,
    pub(crate) untrusted_payload: Option<Vec<u8>>,
    /// Why it is not one signature over one literal.
    pub(crate) error: Option<MessageError>,
}

/// Reads what can be read of an OpenPGP message of at most `limit` octets of data.
pub(crate) fn read(untrusted_blob: &[u8], limit: usize) -> UnverifiedBlob {
    match message::read(untrusted_blob, limit) {
        Ok(message) => UnverifiedBlob {
            signatures: vec![of_signature(&message.signature)],
            untrusted_payload: Some(message.untrusted_payload),
            error: None,
        },
        Err(error) => UnverifiedBlob {
            signatures: Packets::of(untrusted_blob)
                .take(MAX_PACKETS)
                .map_while(Result::ok)
                .filter(|packet| packet.tag == tag::SIGNATURE)
                .map(|packet| of_signature(&packet.body))
                .collect(),
            untrusted_payload: None,
            error: Some(error),
        },
    }
}

/// What a signature packet says of itself (RFC 9580, section 5.2.3).
fn of_signature(body: &[u8]) -> Hints {
    let Some(packet) = SignaturePacket::of(body) else {
        return Hints::default();
    };
    if let Some((time, issuer)) = packet.time_and_issuer {
        return Hints {
            issuer: Some(issuer.to_vec()),
            created: Some(u32::from_be_bytes(time).into()),
            valid_for: None,
        };
    }
    let number = |wanted| {
        let octets = packet.hashed.first(wanted)?.get(..4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(octets)))
    };
    let areas = [packet.hashed, packet.unhashed];
    let fingerprint = areas
        .iter()
        .find_map(|area| area.first(subpacket::ISSUER_FINGERPRINT)?.get(1..));
    let key_id = areas
        .iter()
        .find_map(|area| area.first(subpacket::ISSUER)?.get(..8));
    Hints {
        issuer: fingerprint.or(key_id).map(<[u8]>::to_vec),
        created: number(subpacket::CREATED),
        valid_for: number(subpacket::EXPIRES),
    }
}
