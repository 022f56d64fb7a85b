//! Which packets GnuPG can read, so that it goes on behind them, whether they mean anything to a key or
//! not.

use crate::engine::packets::{RawPacket, tag};

/// The longest user ID that GnuPG keeps, in octets.
const MAX_USER_ID: usize = 2_038;

/// Up to so many octets it tries to.
pub(super) const MAX_READ_USER_ID: usize = 2_048;

/// What is shorter is no signature for GnuPG, and passed over.
pub(super) const MIN_SIGNATURE: usize = 16;

/// Refuses a packet that GnuPG cannot read, of those whose contents do not matter here.
pub(super) fn readable(packet: &RawPacket<'_>) -> Result<(), String> {
    let length = packet.body.len();
    let good = match packet.tag {
        tag::USER_ID => length <= MAX_USER_ID || length > MAX_READ_USER_ID,
        tag::USER_ATTRIBUTE => length > 0,
        tag::MARKER => *packet.body == *b"PGP",
        tag::LITERAL => length >= 6,
        tag::PKESK => length >= 12,
        tag::SKESK => length >= 4,
        tag::ONE_PASS_SIGNATURE => length >= 13,
        tag::ENCRYPTED
        | tag::ENCRYPTED_PROTECTED
        | tag::ENCRYPTED_AEAD
        | tag::MODIFICATION_DETECTION
        | tag::GPG_CONTROL => false,
        _ => true,
    };
    if good {
        Ok(())
    } else {
        Err(format!(
            "a packet of type {} in it is damaged, or has no place there",
            packet.tag
        ))
    }
}

/// Whether GnuPG takes a file that begins with the packet for a keyring.
pub(super) fn begins_keyring(packet: &RawPacket<'_>) -> bool {
    match packet.tag {
        tag::PUBLIC_KEY
        | tag::SECRET_KEY
        | tag::PUBLIC_SUBKEY
        | tag::SECRET_SUBKEY
        | tag::SIGNATURE
        | tag::LITERAL
        | tag::USER_ID => true,
        tag::MARKER => *packet.body == *b"PGP",
        _ => false,
    }
}
