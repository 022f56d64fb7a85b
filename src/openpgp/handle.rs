//! Fingerprints and key IDs in octets (RFC 9580, section 5.5.4).

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::text::hex;

/// A key ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyId([u8; 8]);

/// A fingerprint of a version that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyFingerprint {
    Version4([u8; 20]),
    Version6([u8; 32]),
}

/// How a signature names the key that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Handle {
    Fingerprint(KeyFingerprint),
    KeyId(KeyId),
}

impl KeyId {
    /// Its digits, in upper case.
    pub(crate) fn to_hex(self) -> String {
        hex::upper(&self.0)
    }
}

impl From<[u8; 8]> for KeyId {
    fn from(octets: [u8; 8]) -> Self {
        Self(octets)
    }
}

impl KeyFingerprint {
    /// That of a version 4 key with this public part; `None` if it is too long to have one.
    pub(crate) fn of_version_4(public: &[u8]) -> Option<Self> {
        let length = u16::try_from(public.len()).ok()?;
        let hash = Sha1::new()
            .chain_update([0x99])
            .chain_update(length.to_be_bytes())
            .chain_update(public);
        Some(Self::Version4(hash.finalize().into()))
    }

    /// That of a version 6 key with this public part; `None` if it is too long to have one.
    pub(crate) fn of_version_6(public: &[u8]) -> Option<Self> {
        let length = u32::try_from(public.len()).ok()?;
        let hash = Sha256::new()
            .chain_update([0x9B])
            .chain_update(length.to_be_bytes())
            .chain_update(public);
        Some(Self::Version6(hash.finalize().into()))
    }

    /// The one that a subpacket names: the version of the key, and the octets; `None` if they do not fit, or the version
    /// is not known.
    pub(crate) fn named(body: &[u8]) -> Option<Self> {
        match body.split_first()? {
            (4, octets) => octets.try_into().ok().map(Self::Version4),
            (6, octets) => octets.try_into().ok().map(Self::Version6),
            _ => None,
        }
    }

    /// The key ID: the end of a version 4 fingerprint, and the beginning of a version 6 one.
    pub(crate) fn key_id(&self) -> KeyId {
        match self {
            Self::Version4([_, _, _, _, _, _, _, _, _, _, _, _, id @ ..]) => KeyId(*id),
            Self::Version6([a, b, c, d, e, f, g, h, ..]) => KeyId([*a, *b, *c, *d, *e, *f, *g, *h]),
        }
    }

    /// Its octets.
    pub(crate) fn octets(&self) -> &[u8] {
        match self {
            Self::Version4(octets) => octets,
            Self::Version6(octets) => octets,
        }
    }

    /// Its digits, in upper case.
    pub(crate) fn to_hex(self) -> String {
        hex::upper(self.octets())
    }
}

impl Handle {
    /// The ID of the key.
    pub(crate) fn key_id(&self) -> KeyId {
        match self {
            Self::Fingerprint(fingerprint) => fingerprint.key_id(),
            Self::KeyId(id) => *id,
        }
    }

    /// Its octets.
    pub(crate) fn octets(&self) -> &[u8] {
        match self {
            Self::Fingerprint(fingerprint) => fingerprint.octets(),
            Self::KeyId(KeyId(octets)) => octets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_id_is_the_end_of_a_fingerprint_or_its_beginning() {
        let octets: Vec<u8> = (1..=32).collect();
        let named = |version: u8, length: usize| {
            let octets = octets.get(..length).unwrap_or_default();
            let fingerprint = KeyFingerprint::named(&[&[version], octets].concat())?;
            Some(fingerprint.key_id().to_hex())
        };
        for (version, length, id) in [
            (4, 20, Some("0D0E0F1011121314")),
            (6, 32, Some("0102030405060708")),
            (4, 19, None),
            (4, 32, None),
            (6, 20, None),
            (5, 32, None),
        ] {
            assert_eq!(named(version, length).as_deref(), id, "{version} {length}");
        }
        assert_eq!(KeyFingerprint::named(&[]), None);
    }

    #[test]
    fn fingerprints_are_hashes_over_a_marker_and_the_length() {
        // The key of RFC 9580, appendix A.3.
        let octets: [u8; 42] = [
            6, 0x63, 0x87, 0x7F, 0xE3, 0x1B, 0, 0, 0, 0x20, 0xF9, 0x4D, 0xA7, 0xBB, 0x48, 0xD6,
            0x0A, 0x61, 0xE5, 0x67, 0x70, 0x6A, 0x65, 0x87, 0xD0, 0x33, 0x19, 0x99, 0xBB, 0x9D,
            0x89, 0x1A, 0x08, 0x24, 0x2E, 0xAD, 0x84, 0x54, 0x3D, 0xF8, 0x95, 0xA3,
        ];
        let fingerprint = KeyFingerprint::of_version_6(&octets).map(KeyFingerprint::to_hex);
        let known = "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9";
        assert_eq!(fingerprint.as_deref(), Some(known));
        assert_eq!(KeyFingerprint::of_version_4(&vec![4; 65_536]), None);
    }
}
