//! The subpackets of a signature (RFC 9580, section 5.2.3.7), found as GnuPG finds them.
//!
//! GnuPG looks each one up where it needs it, in the octets as they are: one of the wrong size counts as absent, and
//! the signature stays a signature. Refused as a whole, as by some libraries, a revocation would not count.
#![cfg_attr(
    not(feature = "_rules"),
    allow(dead_code, reason = "gpg judges most of them itself")
)]

use super::octets::{number, octet};

/// Types of subpackets (RFC 9580, section 5.2.3.7).
pub(crate) mod tag {
    pub(crate) const CREATED: u8 = 2;
    pub(crate) const EXPIRES: u8 = 3;
    pub(crate) const EXPORTABLE: u8 = 4;
    pub(crate) const TRUST: u8 = 5;
    pub(crate) const REGULAR_EXPRESSION: u8 = 6;
    pub(crate) const REVOCABLE: u8 = 7;
    pub(crate) const KEY_EXPIRES: u8 = 9;
    pub(crate) const PREFERRED_SYMMETRIC: u8 = 11;
    pub(crate) const REVOCATION_KEY: u8 = 12;
    pub(crate) const ISSUER: u8 = 16;
    pub(crate) const NOTATION: u8 = 20;
    pub(crate) const PREFERRED_HASH: u8 = 21;
    pub(crate) const PREFERRED_COMPRESSION: u8 = 22;
    pub(crate) const PREFERRED_KEY_SERVER: u8 = 24;
    pub(crate) const PRIMARY_USER_ID: u8 = 25;
    pub(crate) const POLICY_URI: u8 = 26;
    pub(crate) const KEY_FLAGS: u8 = 27;
    pub(crate) const REASON_FOR_REVOCATION: u8 = 29;
    pub(crate) const FEATURES: u8 = 30;
    pub(crate) const EMBEDDED_SIGNATURE: u8 = 32;
    pub(crate) const ISSUER_FINGERPRINT: u8 = 33;
    /// Preferences for authenticated encryption: GnuPG's own, of version 2.3 and later.
    pub(crate) const PREFERRED_AEAD: u8 = 34;
    /// Attested certifications, of a draft.
    pub(crate) const ATTESTATIONS: u8 = 37;
    /// A key block, which the signer has added for the reader's convenience: GnuPG's own.
    pub(crate) const KEY_BLOCK: u8 = 38;
}

/// The notation that every GnuPG knows, and so accepts as critical.
const KNOWN_NOTATION: &[u8] = b"preferred-email-encoding@pgp.com";

/// The notation that GnuPG 2.2 knows besides.
const NOTATION_OF_2_2: &[u8] = b"pka-address@gnupg.org";

/// Which critical subpackets are understood (`can_handle_critical` in GnuPG's `parse-packet.c`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Those that every GnuPG understands.
    Any,
    /// Those of GnuPG 2.2.
    Older,
    /// Those of GnuPG 2.4.
    Newer,
}

/// An area of subpackets, hashed or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area<'a>(pub(crate) &'a [u8]);

/// One step through an area.
enum Step<'a> {
    Subpacket {
        tag: u8,
        critical: bool,
        /// `None` where the length says that there is not even a type.
        body: Option<&'a [u8]>,
    },
    /// The rest of the area makes no sense.
    Damaged,
}

impl<'a> Area<'a> {
    /// The body of the first subpacket of this type, if it is long enough for one.
    pub(crate) fn first(self, tag: u8) -> Option<&'a [u8]> {
        self.all(tag).next()
    }

    /// Whether the first subpacket of this type is too short for one.
    pub(crate) fn is_too_short(self, wanted: u8) -> bool {
        self.steps()
            .any(|step| matches!(step, Step::Subpacket { tag, .. } if tag == wanted))
            && self.first(wanted).is_none()
    }

    /// The bodies of the subpackets of this type, up to the first that is too short.
    pub(crate) fn all(self, wanted: u8) -> impl Iterator<Item = &'a [u8]> {
        self.steps()
            .filter_map(move |step| match step {
                Step::Subpacket { tag, body, .. } if tag == wanted => {
                    Some(body.filter(|body| long_enough(wanted, body.len())))
                }
                Step::Subpacket { .. } => None,
                Step::Damaged => Some(None),
            })
            .map_while(|body| body)
    }

    /// Whether the reader understands every critical subpacket; if not, the signature is not good
    /// (RFC 9580, section 5.2.3.7).
    pub(crate) fn understood(self, reader: Reader) -> bool {
        self.steps().all(|step| match step {
            Step::Subpacket {
                critical: false, ..
            } => true,
            Step::Subpacket { tag, body, .. } => {
                body.is_some_and(|body| known_when_critical(tag, body, reader))
            }
            Step::Damaged => false,
        })
    }

    /// Whether the area is subpackets and nothing else, and each that is read here has no octet too few or too many. GnuPG
    /// does not ask for that; version 6, which it does not know, is read so.
    #[cfg(feature = "_rules")]
    pub(crate) fn is_exact(self) -> bool {
        self.steps().all(|step| match step {
            Step::Subpacket {
                tag,
                body: Some(body),
                ..
            } => match tag {
                tag::CREATED | tag::EXPIRES | tag::KEY_EXPIRES => body.len() == 4,
                tag::EXPORTABLE => matches!(body, [0 | 1]),
                tag::ISSUER => body.len() == 8,
                tag => long_enough(tag, body.len()),
            },
            Step::Subpacket { body: None, .. } | Step::Damaged => false,
        })
    }

    fn steps(self) -> impl Iterator<Item = Step<'a>> {
        let mut rest = Some(self.0);
        std::iter::from_fn(move || {
            let input = rest.take().filter(|input| !input.is_empty())?;
            let Some((length, input)) = length(input) else {
                return Some(Step::Damaged);
            };
            let (Some(&type_octet), Some(contents)) = (input.first(), input.get(..length)) else {
                return Some(Step::Damaged);
            };
            // A length of nothing skips nothing: what follows is read as a type here, and as a length next.
            rest = input.get(length..);
            Some(Step::Subpacket {
                tag: type_octet & 0x7F,
                critical: type_octet & 0x80 != 0,
                body: contents.get(1..),
            })
        })
    }
}

/// The length of a subpacket, and what follows it (RFC 9580, section 5.2.3.7).
fn length(input: &[u8]) -> Option<(usize, &[u8])> {
    let mut rest = input;
    match octet(&mut rest)? {
        first @ 0..192 => Some((first.into(), rest)),
        first @ 192..255 => {
            let second = octet(&mut rest)?;
            let high = usize::from(first).saturating_sub(192).saturating_mul(256);
            let length = high.saturating_add(second.into()).saturating_add(192);
            // GnuPG wants another octet before it reads this form.
            (!rest.is_empty()).then_some((length, rest))
        }
        255 => number::<4>(&mut rest).map(|length| (length, rest)),
    }
}

/// Whether GnuPG takes a body of this length for one of a subpacket of this type.
fn long_enough(tag: u8, length: usize) -> bool {
    match tag {
        tag::REVOCATION_KEY => length >= 22,
        tag::CREATED | tag::EXPIRES | tag::KEY_EXPIRES => length >= 4,
        tag::EXPORTABLE | tag::REVOCABLE | tag::REASON_FOR_REVOCATION | tag::EMBEDDED_SIGNATURE => {
            length >= 1
        }
        tag::ISSUER | tag::NOTATION => length >= 8,
        tag::ISSUER_FINGERPRINT => length >= 21,
        tag::PRIMARY_USER_ID => length == 1,
        tag::TRUST => length >= 2,
        _ => true,
    }
}

fn known_when_critical(tag: u8, body: &[u8], reader: Reader) -> bool {
    match tag {
        tag::NOTATION => {
            let name = notation_name(body);
            name == Some(KNOWN_NOTATION) || reader == Reader::Older && name == Some(NOTATION_OF_2_2)
        }
        tag::PREFERRED_AEAD | tag::ATTESTATIONS => reader == Reader::Newer,
        tag::KEY_BLOCK => body.first() == Some(&0),
        _ => matches!(
            tag,
            tag::CREATED
                | tag::EXPIRES
                | tag::EXPORTABLE
                | tag::TRUST
                | tag::REGULAR_EXPRESSION
                | tag::REVOCABLE
                | tag::KEY_EXPIRES
                | tag::PREFERRED_SYMMETRIC
                | tag::REVOCATION_KEY
                | tag::ISSUER
                | tag::PREFERRED_HASH
                | tag::PREFERRED_COMPRESSION
                | tag::PREFERRED_KEY_SERVER
                | tag::PRIMARY_USER_ID
                | tag::POLICY_URI
                | tag::KEY_FLAGS
                | tag::REASON_FOR_REVOCATION
                | tag::FEATURES
                | tag::EMBEDDED_SIGNATURE
                | tag::ISSUER_FINGERPRINT
        ),
    }
}

/// The name in a notation (RFC 9580, section 5.2.3.24): after four octets of flags and two lengths.
fn notation_name(body: &[u8]) -> Option<&[u8]> {
    let length = body.get(4..6)?.first_chunk::<2>()?;
    body.get(8..)?
        .get(..usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_type_counts_if_it_is_long_enough() {
        for (area, found) in [
            (&[][..], None),
            (&[5, tag::CREATED, 0, 0, 0, 1], Some(&[0, 0, 0, 1][..])),
            (&[5, 0x80 | tag::CREATED, 0, 0, 0, 1], Some(&[0, 0, 0, 1])),
            (&[6, tag::CREATED, 0, 0, 0, 1, 9], Some(&[0, 0, 0, 1, 9])),
            (
                &[2, tag::KEY_FLAGS, 1, 5, tag::CREATED, 0, 0, 0, 1],
                Some(&[0, 0, 0, 1]),
            ),
            (
                &[255, 0, 0, 0, 5, tag::CREATED, 0, 0, 0, 1],
                Some(&[0, 0, 0, 1]),
            ),
            // Too short a first one hides a good second one.
            (&[2, tag::CREATED, 0, 5, tag::CREATED, 0, 0, 0, 1], None),
            // A length of nothing skips nothing.
            (&[0, 5, tag::CREATED, 0, 0, 0, 1], Some(&[0, 0, 0, 1])),
            (&[9, tag::CREATED, 0, 0, 0, 1], None),
            (&[5], None),
        ] {
            assert_eq!(Area(area).first(tag::CREATED), found, "{area:?}");
        }
    }

    #[cfg(feature = "_rules")]
    #[test]
    fn an_exact_area_has_no_octet_too_few_or_too_many() {
        for (area, exact) in [
            (&[][..], true),
            (&[5, tag::CREATED, 0, 0, 0, 1], true),
            (&[6, tag::CREATED, 0, 0, 0, 1, 9], false),
            (&[4, tag::EXPIRES, 0, 0, 1], false),
            (&[2, tag::EXPORTABLE, 1], true),
            (&[2, tag::EXPORTABLE, 2], false),
            (&[3, tag::ISSUER_FINGERPRINT, 6, 1], false),
            (&[3, 101, 1, 2], true),
            (&[0, 2, 101, 1], false),
            (&[4, 101, 1], false),
            (&[2, 101, 1, 5], false),
        ] {
            assert_eq!(Area(area).is_exact(), exact, "{area:?}");
        }
    }

    #[test]
    fn some_are_understood_by_one_release_alone() {
        let notation = |name: &[u8]| {
            let length = u8::try_from(name.len()).unwrap_or_default();
            let critical = 0x80 | tag::NOTATION;
            [
                &[
                    length.saturating_add(9),
                    critical,
                    0,
                    0,
                    0,
                    0,
                    0,
                    length,
                    0,
                    0,
                ][..],
                name,
            ]
            .concat()
        };
        for (area, older, newer) in [
            (vec![2, 0x80 | tag::PREFERRED_AEAD, 2], false, true),
            (vec![1, 0x80 | tag::ATTESTATIONS], false, true),
            (notation(NOTATION_OF_2_2), true, false),
            (notation(KNOWN_NOTATION), true, true),
            (notation(b"other@example.org"), false, false),
        ] {
            let by = |reader| Area(&area).understood(reader);
            assert_eq!(
                (by(Reader::Older), by(Reader::Newer), by(Reader::Any)),
                (older, newer, older && newer),
                "{area:?}"
            );
        }
    }

    #[test]
    fn critical_subpackets_must_be_understood() {
        for (area, understood) in [
            (&[][..], true),
            (&[2, 0x80 | tag::KEY_FLAGS, 2], true),
            (&[2, 100, 2], true),
            (&[2, 0x80 | 100, 2], false),
            (&[2, 0x80 | tag::KEY_BLOCK, 0], true),
            (&[2, 0x80 | tag::KEY_BLOCK, 1], false),
            (&[0, 2, tag::KEY_FLAGS, 2], true),
            (&[9, tag::KEY_FLAGS, 2], false),
            (&[1], false),
        ] {
            assert_eq!(Area(area).understood(Reader::Any), understood, "{area:?}");
        }
    }
}
