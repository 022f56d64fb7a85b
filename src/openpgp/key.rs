//! Public keys of versions 4 and 6: the primary keys and subkeys of certificates (RFC 9580, section 5.5.2).

use super::algorithm::{Curve, PublicKeyAlgorithm};
use super::handle::{KeyFingerprint, KeyId};
use super::material::Material;
use super::octets::{array, counted, octet};

/// A public key. That it is one of somebody's is not said by anything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    fingerprint: KeyFingerprint,
    created: u32,
    algorithm: PublicKeyAlgorithm,
    material: Material,
    octets: Box<[u8]>,
}

impl PublicKey {
    /// Reads the public part of a key of version 4, which nothing follows and whose integers are in their shortest form;
    /// `None` if it is of another version, not whole, or too long to have a fingerprint.
    ///
    /// Material that its algorithm does not have makes a key that nobody can calculate with, and which GnuPG keeps where
    /// it does not know the algorithm.
    pub(crate) fn of_version_4(public: &[u8]) -> Option<Self> {
        let mut rest = public;
        let (created, algorithm) = beginning::<4>(&mut rest)?;
        Some(Self {
            fingerprint: KeyFingerprint::of_version_4(public)?,
            created,
            algorithm,
            material: Material::of(algorithm, rest).unwrap_or(Material::Unknown),
            octets: public.into(),
        })
    }

    /// Reads the packet of a key of version 6, a secret one (section 5.5.3) or a public one; `None` if it is of another
    /// version or damaged. Of the secret part, it reads nothing: it only has to be there.
    ///
    /// Nor does it read keys on curves under the names that are for version 4 alone: section 9.2 forbids that.
    pub(crate) fn of_version_6(body: &[u8], secret: bool) -> Option<Self> {
        let mut rest = body;
        let (created, algorithm) = beginning::<6>(&mut rest)?;
        let material = Material::of(algorithm, counted::<4>(&mut rest)?)?;
        let is_for_version_4 = matches!(
            material.curve(),
            Some(Curve::Ed25519Legacy | Curve::Curve25519Legacy)
        );
        let is_whole = rest.is_empty() != secret;
        if is_for_version_4 || algorithm == PublicKeyAlgorithm::EdDsaLegacy || !is_whole {
            return None;
        }
        let public = body.get(..body.len().checked_sub(rest.len())?)?;
        Some(Self {
            fingerprint: KeyFingerprint::of_version_6(public)?,
            created,
            algorithm,
            material,
            octets: public.into(),
        })
    }

    /// Its version: 4 or 6.
    pub(crate) fn version(&self) -> u8 {
        match self.fingerprint {
            KeyFingerprint::Version4(_) => 4,
            KeyFingerprint::Version6(_) => 6,
        }
    }

    /// When it was created, in seconds since the epoch.
    pub(crate) fn created(&self) -> u32 {
        self.created
    }

    /// Its algorithm.
    pub(crate) fn algorithm(&self) -> PublicKeyAlgorithm {
        self.algorithm
    }

    /// What it is made of.
    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Its fingerprint.
    pub(crate) fn fingerprint(&self) -> KeyFingerprint {
        self.fingerprint
    }

    /// Its key ID.
    pub(crate) fn key_id(&self) -> KeyId {
        self.fingerprint.key_id()
    }

    /// What signatures over it are over, after the [header](Self::header_for): the body of its public packet.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// What a signature of this version over the key hashes before its octets (section 5.2.4); `None` if they are too many
    /// for it.
    pub(crate) fn header_for(&self, version_of_signature: u8) -> Option<Vec<u8>> {
        let length = self.octets.len();
        Some(match version_of_signature {
            6 => [&[0x9B][..], &u32::try_from(length).ok()?.to_be_bytes()].concat(),
            _ => [&[0x99][..], &u16::try_from(length).ok()?.to_be_bytes()].concat(),
        })
    }
}

/// Cuts off what both versions begin with, after the version: when the key was created, and its algorithm.
fn beginning<const VERSION: u8>(input: &mut &[u8]) -> Option<(u32, PublicKeyAlgorithm)> {
    octet(input).filter(|version| *version == VERSION)?;
    let created = u32::from_be_bytes(array(input)?);
    Some((created, PublicKeyAlgorithm::of(octet(input)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 9580, appendix A.1.
    const VERSION_4: &[u8] = b"\x04\x53\xF3\x5F\x0B\x16\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01\x01\x07\x40\x3F\x09\x89\
        \x94\xBD\xD9\x16\xED\x40\x53\x19\x79\x34\xE4\xA8\x7C\x80\x73\x3A\x12\x80\xD6\x2F\x80\x10\x99\x2E\x43\xEE\x3B\
        \x24\x06";

    /// The primary key of appendix A.3, and what follows it where it is a secret key, in appendix A.4.
    const VERSION_6: &[u8] =
        b"\x06\x63\x87\x7F\xE3\x1B\0\0\0\x20\xF9\x4D\xA7\xBB\x48\xD6\x0A\x61\xE5\x67\x70\x6A\x65\
        \x87\xD0\x33\x19\x99\xBB\x9D\x89\x1A\x08\x24\x2E\xAD\x84\x54\x3D\xF8\x95\xA3";
    const SECRET: &[u8] = b"\0\x19\x72\x81\x7B\x12\xBE\x70\x7E\x8D\x5F\x58\x6C\xE6\x13\x61\x20\x1D\x34\x4E\xB2\x66\xA2\
        \xC8\x2F\xDE\x68\x35\x76\x2B\x65\xB0\xB7";

    /// The subkey of appendix A.3.
    const SUBKEY: &[u8] = b"\x06\x63\x87\x7F\xE3\x19\0\0\0\x20\x86\x93\x24\x83\x67\xF9\xE5\x01\x5D\xB9\x22\xF8\xF4\x80\
        \x95\xDD\xA7\x84\x98\x7F\x2D\x59\x85\xB1\x2F\xBA\xD1\x6C\xAF\x5E\x44\x35";

    #[test]
    fn the_sample_key_of_version_4_is_read() {
        let key = PublicKey::of_version_4(VERSION_4).unwrap();
        assert_eq!((key.version(), key.created()), (4, 1_408_458_507));
        assert_eq!(key.algorithm(), PublicKeyAlgorithm::EdDsaLegacy);
        assert_eq!(key.material().curve(), Some(&Curve::Ed25519Legacy));
        let fingerprint = "C959BDBAFA32A2F89A153B678CFDE12197965A9A";
        assert_eq!(key.fingerprint().to_hex(), fingerprint);
        assert_eq!(key.key_id().to_hex(), "8CFDE12197965A9A");
        assert_eq!(key.octets(), VERSION_4);
    }

    #[test]
    fn the_sample_keys_of_version_6_are_read() {
        let key = PublicKey::of_version_6(VERSION_6, false).unwrap();
        assert_eq!((key.version(), key.created()), (6, 1_669_824_483));
        assert_eq!(key.algorithm(), PublicKeyAlgorithm::Ed25519);
        let fingerprint = "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9";
        assert_eq!(key.fingerprint().to_hex(), fingerprint);
        assert_eq!(key.key_id().to_hex(), "CB186C4F0609A697");
        assert_eq!(key.octets(), VERSION_6);
        let secret = PublicKey::of_version_6(&[VERSION_6, SECRET].concat(), true);
        assert_eq!(secret, Some(key));

        let subkey = PublicKey::of_version_6(SUBKEY, false).unwrap();
        assert_eq!(subkey.algorithm(), PublicKeyAlgorithm::X25519);
        let fingerprint = "12C83F1E706F6308FE151A417743A1F033790E93E9978488D1DB378DA9930885";
        assert_eq!(subkey.fingerprint().to_hex(), fingerprint);
    }

    #[test]
    fn a_key_of_version_6_is_whole_and_nothing_follows_but_the_secret() {
        let secret = [VERSION_6, SECRET].concat();
        assert_eq!(PublicKey::of_version_6(&secret, false), None);
        assert_eq!(PublicKey::of_version_6(VERSION_6, true), None);
        for length in 0..VERSION_6.len() {
            let cut = VERSION_6.get(..length).unwrap();
            assert_eq!(PublicKey::of_version_6(cut, false), None, "{length}");
            assert_eq!(PublicKey::of_version_6(cut, true), None, "{length}");
        }
        // The count of its octets has to be that of its algorithm.
        for count in [0, 0x1F, 0x21] {
            let mut other = secret.clone();
            *other.get_mut(9).unwrap() = count;
            assert_eq!(PublicKey::of_version_6(&other, true), None, "{count}");
        }
    }

    #[test]
    fn each_version_is_read_as_itself() {
        assert_eq!(PublicKey::of_version_4(VERSION_6), None);
        for secret in [true, false] {
            assert_eq!(PublicKey::of_version_6(VERSION_4, secret), None);
        }
        for length in 0..6 {
            let cut = VERSION_4.get(..length).unwrap();
            assert_eq!(PublicKey::of_version_4(cut), None, "{length}");
        }
    }

    #[test]
    fn the_curves_of_version_4_make_no_key_of_version_6() {
        let point = b"\x01\x07\x40\x3F\x09\x89\x94\xBD\xD9\x16\xED\x40\x53\x19\x79\x34\xE4\xA8\x7C\x80\x73\x3A\x12\x80\
            \xD6\x2F\x80\x10\x99\x2E\x43\xEE\x3B\x24\x06";
        let ed25519 = &b"\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01"[..];
        let curve25519 = &b"\x0A\x2B\x06\x01\x04\x01\x97\x55\x01\x05\x01"[..];
        let p256 = &b"\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07"[..];
        for (algorithm, curve, derivation, is_read) in [
            (0x16, ed25519, &b""[..], false),
            (0x16, p256, b"", false),
            (0x13, ed25519, b"", false),
            (0x13, p256, b"", true),
            (0x12, curve25519, b"\x03\x01\x08\x07", false),
            (0x12, p256, b"\x03\x01\x08\x07", true),
        ] {
            let material = [curve, point, derivation].concat();
            let count = u32::try_from(material.len()).unwrap().to_be_bytes();
            let body = [&b"\x06time"[..], &[algorithm], &count, &material].concat();
            let key = PublicKey::of_version_6(&body, false);
            assert_eq!(key.is_some(), is_read, "{algorithm} {curve:?}");
            let body = [&b"\x04time"[..], &[algorithm], &material].concat();
            let key = PublicKey::of_version_4(&body).unwrap();
            assert_eq!(
                key.material().curve(),
                Some(&Curve::of(curve.get(1..).unwrap()))
            );
        }
    }

    #[test]
    fn keys_that_nobody_calculates_with_are_kept() {
        // An algorithm that nobody knows, and Ed25519 with an octet too few.
        for body in [&b"\x04time\x63whatever"[..], b"\x04time\x1Bwhatever"] {
            let key = PublicKey::of_version_4(body).unwrap();
            assert_eq!(key.material(), &Material::Unknown, "{body:?}");
        }
        let key = PublicKey::of_version_6(b"\x06time\x63\0\0\0\x08whatever", false).unwrap();
        assert_eq!(key.material(), &Material::Unknown);
        assert_eq!(key.algorithm(), PublicKeyAlgorithm::Other(0x63));
    }

    #[test]
    fn what_is_hashed_first_is_by_the_version_of_the_signature() {
        for (key, length) in [
            (PublicKey::of_version_4(VERSION_4), 51),
            (PublicKey::of_version_6(VERSION_6, false), 42),
        ] {
            let key = key.unwrap();
            for version in 2..=4 {
                assert_eq!(key.header_for(version), Some(vec![0x99, 0, length]));
            }
            assert_eq!(key.header_for(6), Some(vec![0x9B, 0, 0, 0, length]));
        }
        let large = [&b"\x06time\x63\0\x01\0\0"[..], &[7; 65_536]].concat();
        let large = PublicKey::of_version_6(&large, false).unwrap();
        assert_eq!(large.header_for(4), None);
        assert_eq!(large.header_for(6), Some(vec![0x9B, 0, 1, 0, 10]));
    }
}
