//! One packet, as sequoia reads it.

use sequoia_openpgp as openpgp;

use openpgp::parse::{Dearmor, PacketParserBuilder, PacketParserResult, Parse};

/// Parses one packet with sequoia; `None` if it is not one whole, known packet.
pub(super) fn parse(tag: u8, body: &[u8]) -> Option<openpgp::Packet> {
    let length = u32::try_from(body.len()).ok()?;
    let mut bytes = vec![0xC0 | tag, 0xFF];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(body);
    let parser = PacketParserBuilder::from_bytes(&bytes)
        .ok()?
        .dearmor(Dearmor::Disabled)
        .build()
        .ok()?;
    let PacketParserResult::Some(parser) = parser else {
        return None;
    };
    let (packet, rest) = parser.next().ok()?;
    match (packet, rest) {
        (openpgp::Packet::Unknown(_), _) | (_, PacketParserResult::Some(_)) => None,
        (packet, PacketParserResult::EOF(_)) => Some(packet),
    }
}
