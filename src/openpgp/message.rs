//! The structure of a signed message: exactly one signature over exactly one literal
//! (RFC 9580, section 10.3).

use std::borrow::Cow;

use super::decompression::{DecompressionError, decompress};
use super::packet::{Packets, tag};
use super::signature::{SignaturePacket, kind, kind_of};

/// How many compressed packets may lie in each other: GnuPG's `MAX_NESTING_DEPTH` of 32 counts
/// the outermost packets as well.
const MAX_COMPRESSIONS: usize = 31;

/// How many packets are read of one message; a good one has at most three, and marker packets.
const MAX_PACKETS: usize = 16;

/// What a compressed packet may contain besides the data: the signature, and the packet headers around it.
const MAX_AROUND_DATA: usize = 64 * 1024;

/// Why a blob is not one signature over one literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MessageError {
    /// It is not an OpenPGP message of any kind, in a sentence.
    Malformed(String),
    /// It holds data and no signature.
    NotSigned,
    /// It is encrypted.
    Encrypted,
    /// It holds more than one signature.
    MultipleSignatures(usize),
    /// It holds a signature and no data.
    Detached,
    /// The data is larger than this limit, in octets.
    TooLarge(usize),
    /// Releases of GnuPG read the signature differently, in a sentence.
    Ambiguous(&'static str),
}

/// A message that is one signature over one literal. Nothing about it is verified, and the bodies
/// of its packets are not parsed.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "_rules", feature = "_gnupg")),
    allow(dead_code, reason = "only engines ask for it")
)]
pub(crate) struct UnverifiedMessage {
    /// The body of the one-pass signature packet, if the signature comes after the literal.
    pub(crate) one_pass: Option<Vec<u8>>,
    /// The body of the signature packet.
    pub(crate) signature: Vec<u8>,
    /// The literal's body.
    pub(crate) untrusted_payload: Vec<u8>,
    /// How many compressed packets lie around it, in each other.
    #[cfg(feature = "_gnupg")]
    pub(crate) compressions: usize,
    /// The packets of the message, without any compression.
    #[cfg(feature = "_gnupg")]
    pub(crate) decompressed: Vec<u8>,
}

/// Reads an OpenPGP message that is `one-pass signature, literal, signature` or, in the manner of
/// PGP 2, `signature, literal`, both at any depth of compression.
///
/// `limit`: the most octets of data. All the compressed packets together may hold four times what one may.
///
/// # Errors
///
/// [`MessageError`].
pub(crate) fn read(untrusted_blob: &[u8], limit: usize) -> Result<UnverifiedMessage, MessageError> {
    let mut data = Cow::Borrowed(untrusted_blob);
    let max_decompressed = limit.saturating_add(MAX_AROUND_DATA);
    let mut budget = max_decompressed.saturating_mul(4);
    for compressions in 0..=MAX_COMPRESSIONS {
        let inner = match level(&data)? {
            Level::Signed(parts) => return signed(parts, &data, compressions, limit),
            Level::Compressed(body) => {
                decompress(&body, budget.min(max_decompressed)).map_err(|error| match error {
                    DecompressionError::TooLarge => MessageError::TooLarge(limit),
                    DecompressionError::UnknownAlgorithm => {
                        malformed("it is compressed with an unknown algorithm")
                    }
                    DecompressionError::Damaged => malformed("its compressed data is damaged"),
                    DecompressionError::TrailingData => {
                        malformed("its compressed data is followed by something else")
                    }
                })?
            }
        };
        budget = budget.saturating_sub(inner.len());
        data = Cow::Owned(inner);
    }
    Err(malformed(format!(
        "it is compressed more than {MAX_COMPRESSIONS} times"
    )))
}

/// What one level of compression holds.
enum Level<'a> {
    Compressed(Cow<'a, [u8]>),
    Signed(Parts<'a>),
}

/// The packets of a signed message, in a right order.
struct Parts<'a> {
    one_pass: Option<Cow<'a, [u8]>>,
    signature: Cow<'a, [u8]>,
    literal: Cow<'a, [u8]>,
}

fn level(data: &[u8]) -> Result<Level<'_>, MessageError> {
    let mut compressed = Vec::new();
    let mut one_pass = Vec::new();
    let mut signatures = Vec::new();
    let mut literals = Vec::new();
    let mut order = Vec::new();
    for (count, packet) in Packets::of(data).enumerate() {
        let packet = packet.map_err(|error| {
            if data.starts_with(b"-----BEGIN") {
                malformed("it is ASCII-armored text, where binary is expected")
            } else {
                malformed(error.to_string())
            }
        })?;
        if count >= MAX_PACKETS {
            return Err(malformed(format!("it has more than {MAX_PACKETS} packets")));
        }
        let into = match packet.tag {
            tag::COMPRESSED => &mut compressed,
            tag::ONE_PASS_SIGNATURE => &mut one_pass,
            tag::SIGNATURE => &mut signatures,
            tag::LITERAL => &mut literals,
            // Readers skip markers (RFC 9580, section 5.8), but nothing may follow the compressed packet that is the
            // whole message.
            tag::MARKER if *packet.body == *b"PGP" && compressed.is_empty() => continue,
            tag::PKESK
            | tag::SKESK
            | tag::ENCRYPTED
            | tag::ENCRYPTED_PROTECTED
            | tag::ENCRYPTED_AEAD
                if order.is_empty() =>
            {
                return Err(MessageError::Encrypted);
            }
            other => {
                return Err(malformed(format!(
                    "it contains a packet of type {other}, which is not allowed there"
                )));
            }
        };
        order.push(packet.tag);
        into.push(packet.body);
    }

    if compressed.len() == 1 && order.len() == 1 {
        return compressed
            .pop()
            .map(Level::Compressed)
            .ok_or_else(|| malformed("it contains no packet"));
    }
    if !compressed.is_empty() {
        return Err(malformed(
            "a compressed packet has something before or after it",
        ));
    }
    match literals.len() {
        0 if order.is_empty() => return Err(malformed("it contains no packet")),
        0 if one_pass.is_empty() => return Err(MessageError::Detached),
        0 => return Err(malformed("it ends before the signed data")),
        1 => {}
        _ => return Err(malformed("it contains more than one piece of data")),
    }
    if order == [tag::LITERAL] {
        return Err(MessageError::NotSigned);
    }
    let signers = signatures.len().max(one_pass.len());
    if signers > 1 {
        return Err(MessageError::MultipleSignatures(signers));
    }
    if !matches!(
        order.as_slice(),
        [tag::ONE_PASS_SIGNATURE, tag::LITERAL, tag::SIGNATURE] | [tag::SIGNATURE, tag::LITERAL]
    ) {
        return Err(malformed(if signatures.is_empty() {
            "it ends before its signature"
        } else {
            "its packets are not in the order of a signed message"
        }));
    }
    match (signatures.pop(), literals.pop()) {
        (Some(signature), Some(literal)) => Ok(Level::Signed(Parts {
            one_pass: one_pass.pop(),
            signature,
            literal,
        })),
        _ => Err(malformed("it contains no packet")),
    }
}

#[cfg_attr(
    not(feature = "_gnupg"),
    expect(unused_variables, reason = "only gpg is given it again")
)]
fn signed(
    parts: Parts<'_>,
    decompressed: &[u8],
    compressions: usize,
    limit: usize,
) -> Result<UnverifiedMessage, MessageError> {
    let untrusted_payload =
        literal_body(&parts.literal).ok_or_else(|| malformed("its data packet is truncated"))?;
    if kind_of(&parts.signature) == Some(kind::TEXT)
        && !is_text(&parts.literal)
        && has_bare_line_feed(untrusted_payload)
    {
        return Err(malformed(
            "it is a signature over text, and a line of its data does not end in CR LF",
        ));
    }
    // GnuPG 2.4 hashes by the type that is announced, and 2.2 by the signature's own.
    let announced = parts.one_pass.as_deref().and_then(|packet| packet.get(1));
    if announced.is_some_and(|kind| Some(*kind) != kind_of(&parts.signature))
        && untrusted_payload
            .iter()
            .any(|octet| matches!(octet, b'\n' | b'\r'))
    {
        return Err(malformed(
            "its one-pass signature packet announces another type of signature, and its data has line breaks",
        ));
    }
    if let Some(detail) = ambiguity(&parts.signature) {
        return Err(MessageError::Ambiguous(detail));
    }
    if untrusted_payload.len() > limit {
        return Err(MessageError::TooLarge(limit));
    }
    Ok(UnverifiedMessage {
        one_pass: parts.one_pass.map(Cow::into_owned),
        signature: parts.signature.into_owned(),
        untrusted_payload: untrusted_payload.to_vec(),
        #[cfg(feature = "_gnupg")]
        compressions,
        #[cfg(feature = "_gnupg")]
        decompressed: decompressed.to_vec(),
    })
}

/// The body of a literal packet: what follows the format, the file name and the date (RFC 9580, section 5.9).
fn literal_body(packet: &[u8]) -> Option<&[u8]> {
    let (name_length, rest) = packet.get(1..)?.split_first()?;
    rest.get(usize::from(*name_length)..)?.get(4..)
}

/// What makes the signature ambiguous, in words; `None` if nothing does.
fn ambiguity(signature: &[u8]) -> Option<&'static str> {
    let packet = SignaturePacket::of(signature).filter(|packet| packet.version < 6)?;
    packet.ambiguity().or_else(|| {
        let names_version_5 = packet.names_version_5();
        names_version_5.then_some("it names its issuer by a fingerprint of version 5")
    })
}

/// Whether GnuPG takes the literal for text, by its format.
fn is_text(literal: &[u8]) -> bool {
    matches!(literal.first(), Some(b't' | b'u' | b'm'))
}

/// Whether a line ends in LF alone. In a signature over text, such a line of a binary literal is hashed as it is by
/// GnuPG 2.2, and as if it ended in CR LF by GnuPG 2.4.
fn has_bare_line_feed(data: &[u8]) -> bool {
    let mut before = b'\0';
    data.iter()
        .any(|byte| std::mem::replace(&mut before, *byte) != b'\r' && *byte == b'\n')
}

fn malformed(detail: impl Into<String>) -> MessageError {
    MessageError::Malformed(detail.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_crlf() {
        for (data, bare) in [
            (&b""[..], false),
            (b"a\r\nb", false),
            (b"a\rb\r\r\n", false),
            (b"a\nb", true),
            (b"\r\n\n", true),
        ] {
            assert_eq!(has_bare_line_feed(data), bare, "{data:?}");
        }
    }
}
