//! The parts of a signature packet (RFC 9580, section 5.2), cut as GnuPG cuts them (`parse_signature` in its
//! `parse-packet.c`), and what of it the releases of GnuPG read differently. What is ambiguous counts for nothing,
//! whichever gpg is installed.

use super::integer::{Integer, integer};
use super::octets::{array, counted, octet, take};
use super::packet::MIN_SIGNATURE;
use super::subpacket::{Area, tag};

/// The most octets that GnuPG takes for an area of subpackets.
const MAX_AREA: usize = 10_000;

/// Types of signatures (RFC 9580, section 5.2.1).
#[cfg_attr(
    not(feature = "_rules"),
    allow(dead_code, reason = "gpg judges most of them itself")
)]
pub(crate) mod kind {
    pub(crate) const BINARY: u8 = 0x00;
    pub(crate) const TEXT: u8 = 0x01;
    pub(crate) const GENERIC_CERTIFICATION: u8 = 0x10;
    pub(crate) const POSITIVE_CERTIFICATION: u8 = 0x13;
    pub(crate) const SUBKEY_BINDING: u8 = 0x18;
    pub(crate) const PRIMARY_KEY_BINDING: u8 = 0x19;
    pub(crate) const DIRECT_KEY: u8 = 0x1F;
    pub(crate) const KEY_REVOCATION: u8 = 0x20;
    pub(crate) const SUBKEY_REVOCATION: u8 = 0x28;
    pub(crate) const CERTIFICATION_REVOCATION: u8 = 0x30;
}

/// A signature packet of a version that is known, in parts. Nothing about it is verified.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "_rules"),
    allow(dead_code, reason = "gpg judges most of them itself")
)]
pub(crate) struct SignaturePacket<'a> {
    /// 2 to 4, 5 as GnuPG 2.4 reads it, or 6.
    pub(crate) version: u8,
    /// The signature's type, one of [`kind`] or another.
    pub(crate) kind: u8,
    /// The public-key algorithm that it names.
    pub(crate) algorithm: u8,
    /// The hash algorithm.
    pub(crate) hash: u8,
    /// Time and issuer of versions 2 and 3, which have no subpackets.
    pub(crate) time_and_issuer: Option<([u8; 4], [u8; 8])>,
    /// The hashed subpackets.
    pub(crate) hashed: Area<'a>,
    /// The other ones.
    pub(crate) unhashed: Area<'a>,
    /// What is hashed before the data, in version 6.
    pub(crate) salt: &'a [u8],
    /// What of the packet itself is hashed after the data.
    hashed_part: &'a [u8],
    /// The signature's own mathematics, as octets.
    pub(crate) value: &'a [u8],
}

impl<'a> SignaturePacket<'a> {
    /// Cuts a packet's body; `None` if GnuPG takes it for damaged, or its version is unknown.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        if body.len() < MIN_SIGNATURE {
            return None;
        }
        match body.first()? {
            2 | 3 => Self::of_version_3(body),
            4 | 5 => Self::with_subpackets::<2>(body)
                .filter(|packet| packet.hashed.0.len().max(packet.unhashed.0.len()) <= MAX_AREA),
            6 => Self::with_subpackets::<4>(body),
            _ => None,
        }
    }

    fn of_version_3(body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        let [version, _length] = array(&mut rest)?;
        let hashed_part = rest.get(..5)?;
        let kind = octet(&mut rest)?;
        let time = array(&mut rest)?;
        let issuer = array(&mut rest)?;
        let [algorithm, hash, _, _] = array(&mut rest)?;
        Some(Self {
            version,
            kind,
            algorithm,
            hash,
            time_and_issuer: Some((time, issuer)),
            hashed: Area(&[]),
            unhashed: Area(&[]),
            salt: &[],
            hashed_part,
            value: rest,
        })
    }

    fn with_subpackets<const WIDTH: usize>(body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        let [version, kind, algorithm, hash] = array(&mut rest)?;
        let hashed = counted::<WIDTH>(&mut rest)?;
        let hashed_part = body.get(..body.len().checked_sub(rest.len())?)?;
        let unhashed = counted::<WIDTH>(&mut rest)?;
        let _digest_prefix: [u8; 2] = array(&mut rest)?;
        let salt = match version {
            6 => counted::<1>(&mut rest)?,
            _ => &[],
        };
        Some(Self {
            version,
            kind,
            algorithm,
            hash,
            time_and_issuer: None,
            hashed: Area(hashed),
            unhashed: Area(unhashed),
            salt,
            hashed_part,
            value: rest,
        })
    }

    /// What is hashed after the data (RFC 9580, section 5.2.4).
    #[cfg(feature = "_rules")]
    pub(crate) fn trailer(&self) -> Option<Vec<u8>> {
        let mut trailer = self.hashed_part.to_vec();
        if self.version > 3 {
            let length = u32::try_from(trailer.len()).ok()?;
            trailer.extend_from_slice(&[self.version, 0xFF]);
            trailer.extend_from_slice(&length.to_be_bytes());
        }
        Some(trailer)
    }

    /// What makes the signature of a message ambiguous, in words; `None` if nothing does.
    pub(crate) fn ambiguity(&self) -> Option<&'static str> {
        if self.begins_with_zeros() {
            return Some("a signature integer begins with zeros");
        }
        self.ambiguity_of_statement()
    }

    /// What makes a signature ambiguous by which a key states something about itself, leading zeros aside.
    pub(crate) fn ambiguity_of_statement(&self) -> Option<&'static str> {
        if self.carries_end_of_gpg() {
            Some("an integer of an embedded signature is zero")
        } else if self.has_empty_integer() {
            Some("a signature integer is zero")
        } else if self.has_unreadable_time() {
            Some("a signature expiry time has fewer than four octets")
        } else {
            None
        }
    }

    /// Whether GnuPG 2.4 terminates when it reads the signature, or a back signature in it: it cannot allocate an
    /// integer of ECDSA or EdDSA that has no octets, and says "out of core".
    pub(crate) fn ends_gpg(&self) -> bool {
        self.ends_gpg_itself() || self.carries_end_of_gpg()
    }

    /// Whether one of its integers begins with zeros (RFC 9580, section 3.2), which GnuPG 2.2 takes, and 2.4
    /// does not where they are those of ECDSA or EdDSA. Some programs write such signatures.
    pub(crate) fn begins_with_zeros(&self) -> bool {
        self.integers_of_curve().any(Integer::begins_with_zeros)
    }

    /// The body with its integers in their shortest form, which every GnuPG reads as 2.2 reads those that
    /// [begin with zeros](Self::begins_with_zeros), if nothing else makes it ambiguous and it can only take rights,
    /// wherever it belongs: a binding whose key flags do not include signing. It must also be one that every GnuPG
    /// keeps, since another with the same integers may be left out for it.
    #[cfg(feature = "_gnupg")]
    pub(crate) fn in_shortest_form(&self, body: &[u8]) -> Option<Vec<u8>> {
        const SIGN: u8 = 0x02;
        let flags = self.hashed.first(tag::KEY_FLAGS)?;
        let may_sign = flags.first().is_none_or(|flags| flags & SIGN != 0);
        let names_issuer_alone =
            matches!(self.unhashed.0, [9, tag::ISSUER, ..]) && self.unhashed.0.len() == 10;
        let is_always_kept = names_issuer_alone
            && self.hashed.first(tag::EXPORTABLE).is_none()
            && !self.hashed.is_too_short(tag::EXPORTABLE);
        if self.version != 4
            || self.kind != kind::SUBKEY_BINDING
            || may_sign
            || !is_always_kept
            || !self.begins_with_zeros()
            || self.ambiguity_of_statement().is_some()
        {
            return None;
        }
        let before = body.len().checked_sub(self.value.len())?;
        let mut written = body.get(..before)?.to_vec();
        for integer in self.integers_of_curve() {
            integer.write_shortest(&mut written)?;
        }
        Some(written)
    }

    /// Whether the signature names its issuer by a fingerprint of version 5: GnuPG 2.2 skips it, and 2.4
    /// looks for such a key.
    pub(crate) fn names_version_5(&self) -> bool {
        let named = self.hashed.first(tag::ISSUER_FINGERPRINT);
        named.is_some_and(|fingerprint| fingerprint.first() == Some(&5))
    }

    /// Whether one of its integers is zero, and so has no octets: no signature holds with it.
    fn has_empty_integer(&self) -> bool {
        let integers: Vec<Integer<'_>> = self.integers_of_curve().collect();
        integers.len() == 2 && integers.iter().any(|integer| integer.is_empty())
    }

    /// Whether GnuPG 2.4 terminates at one of its own integers.
    fn ends_gpg_itself(&self) -> bool {
        self.integers_of_curve().any(Integer::is_empty)
    }

    /// Whether it terminates at one in a back signature, which it reads when it merges what a key states about itself.
    fn carries_end_of_gpg(&self) -> bool {
        [self.hashed, self.unhashed]
            .into_iter()
            .flat_map(|area| area.all(tag::EMBEDDED_SIGNATURE))
            .filter(|body| is_back_signature(body))
            .filter_map(SignaturePacket::of)
            .any(|packet| packet.ends_gpg_itself())
    }

    /// The two integers of an ECDSA or EdDSA signature before version 6, up to the first that is not whole; none
    /// of others. Both releases read those of other algorithms alike.
    fn integers_of_curve(&self) -> impl Iterator<Item = Integer<'a>> + use<'a> {
        let is_of_curve = self.version < 6 && matches!(self.algorithm, 19 | 22);
        let count = if is_of_curve { 2 } else { 0 };
        let mut rest = self.value;
        (0..count).map_while(move |_| integer(&mut rest))
    }

    /// Whether the first expiration time, of the signature or of a key, is too short for a time: GnuPG 2.2 ignores it,
    /// and 2.4 ends with an error.
    fn has_unreadable_time(&self) -> bool {
        [tag::EXPIRES, tag::KEY_EXPIRES]
            .into_iter()
            .any(|time| self.version < 6 && self.hashed.is_too_short(time))
    }
}

/// The type that a signature packet says it has, whole or not.
pub(crate) fn kind_of(body: &[u8]) -> Option<u8> {
    let mut rest = body;
    match octet(&mut rest)? {
        // Version 3 has the length of what is hashed before it.
        2 | 3 => take(&mut rest, 1).and_then(|_| octet(&mut rest)),
        _ => octet(&mut rest),
    }
}

/// Whether a signature within a binding is a back signature, for GnuPG: `merge_selfsigs_subkey` in its
/// `getkey.c`, which looks at the first octets. Version 2, which it reads elsewhere, is none.
pub(crate) fn is_back_signature(body: &[u8]) -> bool {
    matches!(
        body,
        [3, _, kind::PRIMARY_KEY_BINDING, _, ..] | [4 | 5, kind::PRIMARY_KEY_BINDING, _, _, ..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ambiguity(body: &[u8]) -> Option<&'static str> {
        SignaturePacket::of(body)?.ambiguity()
    }

    #[test]
    fn a_back_signature_without_integers_makes_its_binding_ambiguous() {
        let embedded = |back: &[u8]| {
            let length = u8::try_from(back.len()).unwrap_or_default();
            let subpacket = [&[length.saturating_add(1), tag::EMBEDDED_SIGNATURE], back].concat();
            let area = u8::try_from(subpacket.len()).unwrap_or_default();
            let (start, end) = (&b"\x04\x18\x01\x08\0"[..], &b"hh\0\x01\x01"[..]);
            [
                [start, &[area], &subpacket, &[0, 0], end].concat(),
                [start, &[0, 0, area], &subpacket, end].concat(),
            ]
        };
        for (back, ambiguous) in [
            (&b"\x04\x19\x16\x08\0\x02\x01\x65\0\0hh\0\0\0\0"[..], true),
            (b"\x04\x19\x16\x08\0\0\0\0hh\0\x01\x01\0\x01\x01", false),
            (b"\x04\x18\x16\x08\0\x02\x01\x65\0\0hh\0\0\0\0", false),
            (b"\x05\x19\x16\x08\0\x02\x01\x65\0\0hh\0\0\0\0", true),
            (b"\x03\x05\x19timekey IDke\x16\x08hh\0\0\0\0", true),
            (b"\x02\x05\x19timekey IDke\x16\x08hh\0\0\0\0", false),
        ] {
            for binding in embedded(back) {
                assert_eq!(ambiguity(&binding).is_some(), ambiguous, "{binding:?}");
            }
        }
    }

    #[test]
    fn integers_begin_with_no_zeros() {
        // Version 4, EdDSA, with one subpacket of no consequence.
        let signature = |integers: &[u8]| {
            let before = &[4, 0, 22, 8, 0, 2, 1, 101, 0, 0, 9, 9][..];
            [before, integers].concat()
        };
        for (integers, ambiguous) in [
            (&[0, 1, 1, 0, 1, 1][..], false),
            (&[0, 9, 1, 0, 0, 1, 1], false),
            (&[0, 0, 0, 0], true),
            (&[0, 1, 1, 0, 0], true),
            (&[0, 8, 1, 0, 8, 1], false),
            (&[0, 16, 0, 1, 0, 1, 1], true),
            (&[0, 1, 1, 0, 8, 0], true),
            (&[0, 0, 0], false),
        ] {
            let found = ambiguity(&signature(integers));
            assert_eq!(found.is_some(), ambiguous, "{integers:?}");
        }
        // DSA's may.
        let mut dsa = signature(&[0, 16, 0, 1, 0, 0]);
        if let Some(algorithm) = dsa.get_mut(2) {
            *algorithm = 17;
        }
        assert_eq!(ambiguity(&dsa), None);
        assert_eq!(ambiguity(&[]), None);
        assert_eq!(ambiguity(&[6, 0, 22]), None);
    }

    #[cfg(feature = "_gnupg")]
    #[test]
    fn a_binding_that_takes_rights_alone_is_written_as_every_gnupg_reads_it() {
        // Version 4, EdDSA, of this type, with key flags, another hashed subpacket, and what is not hashed.
        let signature = |kind: u8, flags: u8, hashed: &[u8], unhashed: &[u8], integers: &[u8]| {
            let length = |octets: &[u8]| u8::try_from(octets.len()).unwrap_or_default();
            let hashed = [&[2, tag::KEY_FLAGS, flags], hashed].concat();
            [
                &[4, kind, 22, 8, 0, length(&hashed)][..],
                &hashed,
                &[0, length(unhashed)],
                unhashed,
                &[9, 9],
                integers,
            ]
            .concat()
        };
        let issuer = [9, tag::ISSUER, 1, 2, 3, 4, 5, 6, 7, 8];
        let local = [2, tag::EXPORTABLE, 0];
        let both = [&issuer[..], &local].concat();
        let zeros = &[0, 16, 0, 0x81, 0, 8, 0x81][..];
        let binding = kind::SUBKEY_BINDING;
        for (kind, flags, hashed, unhashed, integers, is_written) in [
            (binding, 0x0C, &[][..], &issuer[..], zeros, true),
            // It allows something, or is not a binding.
            (binding, 0x02, &[], &issuer, zeros, false),
            (kind::DIRECT_KEY, 0x0C, &[], &issuer, zeros, false),
            (kind::KEY_REVOCATION, 0x0C, &[], &issuer, zeros, false),
            // Not every GnuPG keeps it.
            (binding, 0x0C, &local, &issuer, zeros, false),
            (binding, 0x0C, &[], &both, zeros, false),
            (binding, 0x0C, &[], &[], zeros, false),
            // Every GnuPG reads it anyway, or it is ambiguous for another reason.
            (
                binding,
                0x0C,
                &[],
                &issuer,
                &[0, 8, 0x81, 0, 8, 0x81],
                false,
            ),
            (binding, 0x0C, &[], &issuer, &[0, 16, 0, 0x81, 0, 0], false),
            (
                binding,
                0x0C,
                &[4, tag::KEY_EXPIRES, 0, 0, 1],
                &issuer,
                zeros,
                false,
            ),
        ] {
            let body = signature(kind, flags, hashed, unhashed, integers);
            let written =
                SignaturePacket::of(&body).and_then(|packet| packet.in_shortest_form(&body));
            let shortest = signature(kind, flags, hashed, unhashed, &[0, 8, 0x81, 0, 8, 0x81]);
            assert_eq!(written, is_written.then_some(shortest), "{body:?}");
        }
    }

    #[test]
    fn times_have_four_octets() {
        let signature = |hashed: &[u8]| {
            let length = u8::try_from(hashed.len()).unwrap_or_default();
            [&[4, 0, 1, 8, 0, length], hashed, &[0, 0, 9, 9, 0, 1, 1]].concat()
        };
        for (hashed, ambiguous) in [
            (&[5, tag::EXPIRES, 0, 0, 0, 1][..], false),
            (&[6, tag::KEY_EXPIRES, 0, 0, 0, 1, 0], false),
            (&[4, tag::EXPIRES, 0, 0, 1], true),
            (&[4, tag::KEY_EXPIRES, 0, 0, 1], true),
            (&[4, tag::CREATED, 0, 0, 1], false),
        ] {
            let found = ambiguity(&signature(hashed));
            assert_eq!(found.is_some(), ambiguous, "{hashed:?}");
        }
    }

    #[test]
    fn a_packet_has_at_least_16_octets() {
        let body = b"\x04\x10\x01\x08\0\0\0\0hh\0\x08\xff...";
        assert!(SignaturePacket::of(body).is_some());
        for length in 0..16 {
            assert!(SignaturePacket::of(body.get(..length).unwrap_or_default()).is_none());
        }
    }

    #[test]
    fn the_types_are_where_their_version_has_them() {
        for (body, kind) in [
            (&b"\x03\x05\x20"[..], Some(0x20)),
            (b"\x04\x20", Some(0x20)),
            (b"\x03\x05", None),
            (b"", None),
        ] {
            assert_eq!(kind_of(body), kind, "{body:?}");
        }
    }
}
