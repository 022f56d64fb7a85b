//! A public key, of version 4 as GnuPG reads it and of version 6 as RFC 9580, section 5.5.2.3, has it.

use super::algorithm::PublicKeyAlgorithm;
use super::handle::{KeyFingerprint, KeyId};
use super::material::Material;
use super::octets::{array, counted};

/// A public key. Nothing about it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    version: u8,
    created: u32,
    algorithm: PublicKeyAlgorithm,
    material: Material,
    fingerprint: KeyFingerprint,
    /// The public part of its packet, as it is hashed.
    octets: Box<[u8]>,
}

impl PublicKey {
    /// The key of version 4 with this public part, whose integers are in their shortest form. One that is not of the form
    /// that its algorithm has is kept as a key of an unknown kind.
    ///
    /// `None` if it has no header, or more octets than can have a fingerprint.
    pub(crate) fn of_version_4(public: &[u8]) -> Option<Self> {
        let mut rest = public;
        let [4] = array(&mut rest)? else {
            return None;
        };
        let created = u32::from_be_bytes(array(&mut rest)?);
        let [algorithm] = array(&mut rest)?;
        let algorithm = PublicKeyAlgorithm::of(algorithm);
        Some(Self {
            version: 4,
            created,
            algorithm,
            material: Material::of(algorithm, rest).unwrap_or(Material::Unknown),
            fingerprint: KeyFingerprint::of_version_4(public)?,
            octets: public.into(),
        })
    }

    /// The key of version 6 in the body of a packet, public or `secret`; `None` if it is not of the form of its algorithm,
    /// or not followed by what it must be followed by: nothing, or what protects the secret.
    pub(crate) fn of_version_6(body: &[u8], secret: bool) -> Option<Self> {
        let mut rest = body;
        let [6] = array(&mut rest)? else {
            return None;
        };
        let created = u32::from_be_bytes(array(&mut rest)?);
        let [algorithm] = array(&mut rest)?;
        let algorithm = PublicKeyAlgorithm::of(algorithm);
        let material = Material::of(algorithm, counted::<4>(&mut rest)?)?;
        if rest.is_empty() == secret {
            return None;
        }
        let public = body.get(..body.len().checked_sub(rest.len())?)?;
        Some(Self {
            version: 6,
            created,
            algorithm,
            material,
            fingerprint: KeyFingerprint::of_version_6(public)?,
            octets: public.into(),
        })
    }

    /// 4 or 6.
    pub(crate) fn version(&self) -> u8 {
        self.version
    }

    /// When it was made, in seconds since the epoch.
    pub(crate) fn created(&self) -> u32 {
        self.created
    }

    /// Its algorithm.
    pub(crate) fn algorithm(&self) -> PublicKeyAlgorithm {
        self.algorithm
    }

    /// What it calculates with.
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

    /// The public part of its packet.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// What is hashed before its octets for a signature of this version over it (RFC 9580, section 5.2.4); `None` if it is
    /// too long.
    pub(crate) fn header_for(&self, version_of_signature: u8) -> Option<Vec<u8>> {
        let length = self.octets.len();
        Some(match version_of_signature {
            6 => [&[0x9B][..], &u32::try_from(length).ok()?.to_be_bytes()].concat(),
            _ => [&[0x99][..], &u16::try_from(length).ok()?.to_be_bytes()].concat(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_4_keeps_what_is_not_of_its_form() {
        for (public, is_known) in [
            (&b"\x04time\x01\0\x08\x81\0\x02\x03"[..], true),
            // Ed25519 in RFC 9580's form, and parameters of a key derivation, of wrong lengths.
            (b"\x04time\x1btoo short", false),
            (b"\x04time\x12\x02oi\0\x01\x01\x04kdfs", false),
            (b"\x04time\x63whatever", false),
        ] {
            let key = PublicKey::of_version_4(public).unwrap();
            assert_eq!(key.octets(), public);
            assert_eq!(*key.material() != Material::Unknown, is_known, "{public:?}");
            assert_eq!(key.created(), u32::from_be_bytes(*b"time"));
        }
        for public in [&b"\x04time"[..], b"\x06time\x01", b""] {
            assert_eq!(PublicKey::of_version_4(public), None, "{public:?}");
        }
    }

    #[test]
    fn version_6_is_whole_and_nothing_follows_a_public_one() {
        let key = |length: u32, octets: usize, rest: &[u8]| {
            let length = length.to_be_bytes();
            [b"\x06time\x1b", &length[..], &vec![7; octets], rest].concat()
        };
        for (body, public, secret) in [
            (key(32, 32, b""), true, false),
            (key(32, 32, b"\0secret"), false, true),
            (key(32, 31, b""), false, false),
            (key(31, 31, b""), false, false),
            (key(33, 33, b""), false, false),
            (key(31, 32, b""), false, false),
            (b"\x06time".to_vec(), false, false),
        ] {
            let found = |secret| PublicKey::of_version_6(&body, secret).is_some();
            assert_eq!((found(false), found(true)), (public, secret), "{body:?}");
        }
    }

    #[test]
    fn the_header_is_that_of_the_signature() {
        let key = PublicKey::of_version_4(b"\x04time\x63whatever").unwrap();
        assert_eq!(key.header_for(4).as_deref(), Some(&[0x99, 0, 14][..]));
        assert_eq!(key.header_for(6).as_deref(), Some(&[0x9B, 0, 0, 0, 14][..]));
    }
}
