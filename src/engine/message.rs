//! The structure of a signed message: exactly one signature over exactly one literal
//! (RFC 9580, section 10.3).

use std::borrow::Cow;

use super::ambiguity;
use super::decompression::{DecompressionError, decompress};
use super::packets::{self, tag};
use crate::engine::{MAX_PAYLOAD_SIZE, Refusal};

/// How many compressed packets may lie in each other: GnuPG's `MAX_NESTING_DEPTH` of 32 counts
/// the outermost packets as well.
const MAX_COMPRESSIONS: usize = 31;

/// How many packets are read of one message; a good one has at most three, and marker packets.
const MAX_PACKETS: usize = 16;

/// How much one compressed packet may hold: the largest payload, and 64 KiB for the signature
/// and the packet headers around it.
const MAX_DECOMPRESSED: usize = MAX_PAYLOAD_SIZE.saturating_add(64 * 1024);

/// How much all the compressed packets of a message may hold together.
const MAX_DECOMPRESSED_IN_ALL: usize = MAX_DECOMPRESSED.saturating_mul(4);

/// A message that is one signature over one literal. Nothing about it is verified, and the bodies
/// of its packets are not parsed.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "sequoia"),
    allow(dead_code, reason = "gpg reads the announcement itself")
)]
pub(super) struct UnverifiedMessage {
    /// The body of the one-pass signature packet, if the signature stands behind the literal.
    pub(super) one_pass: Option<Vec<u8>>,
    /// The body of the signature packet.
    pub(super) signature: Vec<u8>,
    /// The literal's body.
    pub(super) untrusted_payload: Vec<u8>,
    /// The packets of the message, without any compression.
    #[cfg(feature = "_gnupg")]
    pub(super) decompressed: Vec<u8>,
}

/// Reads an OpenPGP message that is `one-pass signature, literal, signature` or, in the manner of
/// PGP 2, `signature, literal`, both at any depth of compression.
///
/// # Errors
///
/// [`Refusal::MalformedSignature`], [`Refusal::NotSigned`], [`Refusal::Encrypted`],
/// [`Refusal::MultipleSignatures`], [`Refusal::DetachedSignature`] or
/// [`Refusal::PayloadTooLarge`]; [`Refusal::BadSignature`] if releases of GnuPG read the signature
/// differently.
pub(super) fn read(untrusted_blob: &[u8]) -> Result<UnverifiedMessage, Refusal> {
    let mut data = Cow::Borrowed(untrusted_blob);
    let mut budget = MAX_DECOMPRESSED_IN_ALL;
    for _ in 0..=MAX_COMPRESSIONS {
        let inner = match level(&data)? {
            Level::Signed(parts) => return signed(parts, &data),
            Level::Compressed(body) => {
                decompress(&body, budget.min(MAX_DECOMPRESSED)).map_err(|error| match error {
                    DecompressionError::TooLarge => Refusal::PayloadTooLarge {
                        limit: MAX_PAYLOAD_SIZE,
                    },
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

fn level(data: &[u8]) -> Result<Level<'_>, Refusal> {
    let mut compressed = Vec::new();
    let mut one_pass = Vec::new();
    let mut signatures = Vec::new();
    let mut literals = Vec::new();
    let mut order = Vec::new();
    let mut rest = data;
    for count in 0.. {
        let packet = packets::next(&mut rest).map_err(|error| {
            if data.starts_with(b"-----BEGIN") {
                malformed("it is ASCII-armored text, where binary is expected")
            } else {
                malformed(error.to_string())
            }
        })?;
        let Some(packet) = packet else { break };
        if count >= MAX_PACKETS {
            return Err(malformed(format!("it has more than {MAX_PACKETS} packets")));
        }
        let into = match packet.tag {
            tag::COMPRESSED => &mut compressed,
            tag::ONE_PASS_SIGNATURE => &mut one_pass,
            tag::SIGNATURE => &mut signatures,
            tag::LITERAL => &mut literals,
            // Readers pass markers over (RFC 9580, section 5.8), but nothing may follow the
            // compressed packet that is the whole message.
            tag::MARKER if *packet.body == *b"PGP" && compressed.is_empty() => continue,
            tag::PKESK
            | tag::SKESK
            | tag::ENCRYPTED
            | tag::ENCRYPTED_PROTECTED
            | tag::ENCRYPTED_AEAD
                if order.is_empty() =>
            {
                return Err(Refusal::Encrypted);
            }
            other => {
                return Err(malformed(format!(
                    "a packet of type {other} has no place in it"
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
            .ok_or_else(|| malformed("it holds no packet"));
    }
    if !compressed.is_empty() {
        return Err(malformed(
            "a compressed packet has something before or after it",
        ));
    }
    match literals.len() {
        0 if order.is_empty() => return Err(malformed("it holds no packet")),
        0 if one_pass.is_empty() => return Err(Refusal::DetachedSignature),
        0 => return Err(malformed("it ends before the signed data")),
        1 => {}
        _ => return Err(malformed("it holds more than one piece of data")),
    }
    if order == [tag::LITERAL] {
        return Err(Refusal::NotSigned);
    }
    let signers = signatures.len().max(one_pass.len());
    if signers > 1 {
        return Err(Refusal::MultipleSignatures { count: signers });
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
        _ => Err(malformed("it holds no packet")),
    }
}

#[cfg_attr(
    not(feature = "_gnupg"),
    expect(unused_variables, reason = "only gpg is given it again")
)]
fn signed(parts: Parts<'_>, decompressed: &[u8]) -> Result<UnverifiedMessage, Refusal> {
    let untrusted_payload =
        literal_body(&parts.literal).ok_or_else(|| malformed("its data packet is truncated"))?;
    if ambiguity::is_over_text(&parts.signature)
        && !ambiguity::is_text(&parts.literal)
        && ambiguity::has_bare_line_feed(untrusted_payload)
    {
        return Err(malformed(
            "it is a signature over text, and a line of its data does not end in CR LF",
        ));
    }
    let ambiguity = ambiguity::of_signature(&parts.signature).or_else(|| {
        ambiguity::names_version_5(&parts.signature)
            .then_some("it names its issuer by a fingerprint of version 5")
    });
    if let Some(detail) = ambiguity {
        return Err(Refusal::BadSignature {
            key: None,
            detail: detail.to_owned(),
        });
    }
    if untrusted_payload.len() > MAX_PAYLOAD_SIZE {
        return Err(Refusal::PayloadTooLarge {
            limit: MAX_PAYLOAD_SIZE,
        });
    }
    Ok(UnverifiedMessage {
        one_pass: parts.one_pass.map(Cow::into_owned),
        signature: parts.signature.into_owned(),
        untrusted_payload: untrusted_payload.to_vec(),
        #[cfg(feature = "_gnupg")]
        decompressed: decompressed.to_vec(),
    })
}

/// The body of a literal packet: what stands behind the format, the file name and the date
/// (RFC 9580, section 5.9).
fn literal_body(packet: &[u8]) -> Option<&[u8]> {
    let (name_length, rest) = packet.get(1..)?.split_first()?;
    rest.get(usize::from(*name_length)..)?.get(4..)
}

pub(super) fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::MalformedSignature {
        detail: detail.into(),
    }
}
