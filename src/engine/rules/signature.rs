//! A signature packet (RFC 9580, section 5.2), and what it says about itself, read as GnuPG reads it.
//!
//! An OpenPGP library is often stricter in what a signature may look like, and where a subpacket occurs twice, it may use
//! the last one and GnuPG the first. Where the two differ, a signature would mean two things, and a revocation might not
//! count.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::Backend;
use super::algorithms::{Form, can_calculate, unsupported_hash};
use super::release::Release;
use crate::fingerprint::KeyHandle;
use crate::openpgp::algorithm::{HashAlgorithm, PublicKeyAlgorithm};
use crate::openpgp::handle::{Handle, KeyFingerprint, KeyId};
use crate::openpgp::integer::{MAX_BITS, Natural, integer};
use crate::openpgp::key::PublicKey;
use crate::openpgp::material::Material;
use crate::openpgp::residue;
use crate::openpgp::revocation;
use crate::openpgp::signature::{SignaturePacket, is_back_signature, kind};
use crate::openpgp::subpacket::{Area, Reader, tag};
use crate::openpgp::value::Value;

/// The most octets that GnuPG takes for the value of a signature whose algorithm it does not know:
/// five times its largest integer.
const MAX_UNKNOWN_VALUE: usize = 5 * MAX_BITS / 8;

/// The most octets of a version 6 signature that is read, several times the largest that an algorithm
/// of RFC 9580 or of its drafts makes.
const MAX_VERSION_6: usize = 128 * 1024;

/// A signature packet. Nothing about it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    form: Form,
    kind: u8,
    /// Time and issuer of version 3, which has no subpackets.
    version_3: Option<([u8; 4], [u8; 8])>,
    hashed: Vec<u8>,
    unhashed: Vec<u8>,
    /// What of the packet is hashed after the data.
    trailer: Vec<u8>,
    /// What is hashed before the data, in version 6.
    salt: Vec<u8>,
    value: Written,
    ambiguity: Option<&'static str>,
    begins_with_zeros: bool,
}

/// The signature's own mathematics, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    /// Integers, to be read by the key's algorithm, as GnuPG does; none of an algorithm that it does not
    /// know.
    Integers(Vec<Natural>),
    /// That of version 6, which GnuPG does not know, by the algorithm that the signature names.
    Version6(Value),
    /// That of an unknown algorithm.
    Unknown,
}

impl Signature {
    /// Reads a packet's body; `None` if GnuPG takes it for damaged, or its version is
    /// [unknown](Self::unknown_version).
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        Self::read(body).filter(|signature| signature.version() != 5)
    }

    /// The same, and version 5 as GnuPG 2.4 reads it.
    fn read(body: &[u8]) -> Option<Self> {
        let packet = SignaturePacket::of(body)?;
        let form = Form {
            version: packet.version,
            algorithm: PublicKeyAlgorithm::of(packet.algorithm),
            hash: HashAlgorithm::of(packet.hash),
        };
        let value = if packet.version == 6 {
            value_of_version_6(&packet, form)?
        } else {
            Written::Integers(integers(packet.algorithm, packet.value)?)
        };
        Some(Self {
            form,
            kind: packet.kind,
            version_3: packet.time_and_issuer,
            hashed: packet.hashed.0.to_vec(),
            unhashed: packet.unhashed.0.to_vec(),
            trailer: packet.trailer()?,
            salt: packet.salt.to_vec(),
            value,
            ambiguity: packet.ambiguity_of_statement(),
            begins_with_zeros: packet.begins_with_zeros(),
        })
    }

    /// The version of a packet, if it is not a known one.
    pub(super) fn unknown_version(body: &[u8]) -> Option<u8> {
        let version = *body.first()?;
        (!matches!(version, 2..=4 | 6)).then_some(version)
    }

    /// Whether one of its integers begins with zeros, so that not every release of GnuPG takes it.
    pub(super) fn begins_with_zeros(&self) -> bool {
        self.begins_with_zeros
    }

    /// What makes releases of GnuPG read it differently, in words, if something does.
    pub(super) fn ambiguity(&self) -> Option<&'static str> {
        self.ambiguity
    }

    /// What decides whether it can be checked at all.
    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// Whether it is of a form that every GnuPG reads, and lets count.
    pub(super) fn has_good_form(&self, backend: &dyn Backend) -> bool {
        self.is_readable(backend) && self.understood(Reader::Any) && !self.begins_with_zeros()
    }

    /// Whether it can be checked, and means the same to every GnuPG that takes it.
    pub(super) fn is_readable(&self, backend: &dyn Backend) -> bool {
        !self.uses_md5()
            && unsupported_hash(backend, self.form).is_none()
            && self.ambiguity.is_none()
    }

    /// Whether it is over an MD5 hash, which never counts.
    pub(super) fn uses_md5(&self) -> bool {
        self.form.hash == HashAlgorithm::Md5
    }

    /// The packet's version.
    pub(super) fn version(&self) -> u8 {
        self.form.version
    }

    /// The signature's type, one of [`kind`] or another.
    pub(super) fn kind(&self) -> u8 {
        self.kind
    }

    /// Whether the signature is a certification of a user ID, or the revocation of one.
    pub(super) fn is_certification(&self) -> bool {
        (kind::GENERIC_CERTIFICATION..=kind::POSITIVE_CERTIFICATION).contains(&self.kind)
            || self.kind == kind::CERTIFICATION_REVOCATION
    }

    /// Whether the signature takes a key, a subkey or a certification back.
    pub(super) fn is_revocation(&self) -> bool {
        matches!(
            self.kind,
            kind::KEY_REVOCATION | kind::SUBKEY_REVOCATION | kind::CERTIFICATION_REVOCATION
        )
    }

    /// The hash algorithm.
    pub(super) fn hash_algorithm(&self) -> HashAlgorithm {
        self.form.hash
    }

    /// The salt of version 6; empty before it.
    pub(super) fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// What is hashed after the data.
    pub(super) fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// The signature's value for the algorithm of this key; `None` if it does not fit.
    pub(super) fn value_for(&self, backend: &dyn Backend, key: &PublicKey) -> Option<Value> {
        let integers = match &self.value {
            Written::Version6(value) => return (key.version() == 6).then(|| value.clone()),
            Written::Integers(integers) if key.version() != 6 => integers,
            Written::Integers(_) | Written::Unknown => return None,
        };
        if !can_calculate(backend, key) {
            return None;
        }
        let one = integers.first()?;
        let two = || integers.get(1);
        match (key.algorithm(), key.material()) {
            // Not with keys that only encrypt: GnuPG verifies nothing with those.
            (
                PublicKeyAlgorithm::RsaEncryptOrSign | PublicKeyAlgorithm::RsaSignOnly,
                Material::Rsa { n, .. },
            ) => Some(Value::Rsa {
                s: Natural::of(&residue::of(one.octets(), n.octets())?),
            }),
            (PublicKeyAlgorithm::Dsa, _) => Some(Value::Dsa {
                r: one.clone(),
                s: two()?.clone(),
            }),
            (PublicKeyAlgorithm::Ecdsa, _) => Some(Value::Ecdsa {
                r: one.clone(),
                s: two()?.clone(),
            }),
            (PublicKeyAlgorithm::EdDsaLegacy, _) => Some(Value::EdDsaLegacy {
                r: one.clone(),
                s: Natural::of(&residue::ed25519_scalar(two()?.octets())?),
            }),
            _ => None,
        }
    }

    /// When the signature was made, in seconds since the epoch.
    pub(super) fn created(&self) -> Option<u32> {
        match self.version_3 {
            Some((time, _)) => Some(u32::from_be_bytes(time)),
            None => self.hashed().first(tag::CREATED).and_then(number),
        }
    }

    /// When the signature expires, in seconds since the epoch; `None` if never.
    ///
    /// In 32 bits and wrapping around, as GnuPG computes it.
    pub(super) fn expires(&self) -> Option<u32> {
        let validity = self.hashed().first(tag::EXPIRES).and_then(number)?;
        if validity == 0 {
            return None;
        }
        Some(self.created().unwrap_or(0).wrapping_add(validity)).filter(|time| *time != 0)
    }

    /// When the key expires that the signature is about, which was created at `key_created`;
    /// `None` if the signature does not say.
    pub(super) fn key_expires(&self, key_created: u32) -> Option<u32> {
        let validity = self.hashed().first(tag::KEY_EXPIRES).and_then(number)?;
        if validity == 0 {
            return None;
        }
        Some(key_created.wrapping_add(validity)).filter(|time| *time != 0)
    }

    /// Whether the key that the signature is about may sign data; `None` if the signature has no
    /// key flags. Only their first octet counts.
    pub(super) fn may_sign(&self) -> Option<bool> {
        const SIGN: u8 = 0x02;
        let flags = self.hashed().first(tag::KEY_FLAGS)?;
        Some(flags.first().is_some_and(|flags| flags & SIGN != 0))
    }

    /// Whether the signature may leave the key ring that it was made in. GnuPG does not import
    /// those that may not.
    pub(super) fn exportable(&self) -> bool {
        self.first_of_both(tag::EXPORTABLE)
            .is_none_or(|value| value.first() != Some(&0))
    }

    /// Whether the reader understands every critical subpacket.
    pub(super) fn understood(&self, reader: Reader) -> bool {
        self.hashed().understood(reader) && self.unhashed().understood(reader)
    }

    /// The ID of the key that made the signature, be it hashed or not. GnuPG 2.2 does not derive
    /// it from the fingerprint; a version 6 signature names nothing but the fingerprint.
    pub(super) fn issuer_key_id(&self) -> Option<KeyId> {
        if self.version() == 6 {
            return self.issuer_fingerprint().map(|named| named.key_id());
        }
        match &self.version_3 {
            Some((_, id)) => Some((*id).into()),
            None => self.first_of_both(tag::ISSUER).and_then(key_id),
        }
    }

    /// The ID of the key that made the signature, as this release of GnuPG takes it; a version 6 signature
    /// names nothing but the fingerprint.
    pub(super) fn issuer_in(&self, release: Release) -> Option<KeyId> {
        // Of the algorithm 0 GnuPG reads no subpackets.
        if matches!(self.version(), 4 | 5) && self.form.algorithm.number() == 0 {
            return None;
        }
        let named = self.hashed().first(tag::ISSUER_FINGERPRINT);
        match named.and_then(<[u8]>::split_first) {
            Some((4, fingerprint)) if release.issuer_by_fingerprint && fingerprint.len() == 20 => {
                fingerprint.get(12..).and_then(key_id)
            }
            Some((5, fingerprint)) if release.issuer_by_fingerprint && fingerprint.len() == 32 => {
                key_id(fingerprint)
            }
            _ => self.issuer_key_id(),
        }
    }

    /// Whether both have the same integers. What cannot be read is not compared.
    pub(super) fn has_value_of(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Written::Integers(one), Written::Integers(other)) => !one.is_empty() && one == other,
            (Written::Version6(one), Written::Version6(other)) => one == other,
            _ => false,
        }
    }

    /// A number that is the same for signatures with the [same integers](Self::has_value_of).
    pub(super) fn value_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match &self.value {
            Written::Integers(integers) => integers.hash(&mut hasher),
            Written::Version6(value) => value.hash(&mut hasher),
            Written::Unknown => {}
        }
        hasher.finish()
    }

    /// The fingerprint of the key that made the signature, from the hashed subpackets.
    pub(super) fn issuer_fingerprint(&self) -> Option<KeyFingerprint> {
        self.hashed()
            .first(tag::ISSUER_FINGERPRINT)
            .and_then(KeyFingerprint::named)
    }

    /// Every name that the signature has for the key that made it.
    pub(super) fn issuers(&self) -> Vec<Handle> {
        let areas = || [self.hashed(), self.unhashed()].into_iter();
        let fingerprints = areas()
            .flat_map(|area| area.all(tag::ISSUER_FINGERPRINT))
            .filter_map(KeyFingerprint::named)
            .map(Handle::Fingerprint);
        let version_3 = self.version_3.as_ref().map(|(_, id)| id.as_slice());
        let key_ids = areas()
            .flat_map(|area| area.all(tag::ISSUER))
            .chain(version_3)
            .filter_map(key_id)
            .map(Handle::KeyId);
        let mut issuers: Vec<Handle> = Vec::new();
        for issuer in fingerprints.chain(key_ids) {
            if !issuers.contains(&issuer) {
                issuers.push(issuer);
            }
        }
        issuers
    }

    /// The same, for messages.
    pub(super) fn issuer_names(&self) -> Vec<KeyHandle> {
        let issuers = self.issuers();
        let names = issuers.iter().map(Handle::octets);
        names.filter_map(KeyHandle::of).collect()
    }

    /// Those who may revoke the key that the signature is about.
    pub(super) fn revokers(&self) -> impl Iterator<Item = KeyFingerprint> {
        const REVOKER: u8 = 0x80;
        self.hashed().all(tag::REVOCATION_KEY).filter_map(|body| {
            let (&[class, _algorithm], fingerprint) = body.split_first_chunk::<2>()?;
            let fingerprint: [u8; 20] = fingerprint.try_into().ok()?;
            (class & REVOKER != 0).then_some(KeyFingerprint::Version4(fingerprint))
        })
    }

    /// The back signatures that the signature carries, the hashed ones first: those of versions 3 and 4, as
    /// `merge_selfsigs_subkey` in GnuPG's `getkey.c` picks them out. To GnuPG 2.4, those of version 5 count, too: such
    /// a one is never good here, but counts where it is the newest. A signature of version 6 carries ones of version 6.
    pub(super) fn embedded(&self) -> impl Iterator<Item = Self> {
        self.hashed()
            .all(tag::EMBEDDED_SIGNATURE)
            .chain(self.unhashed().all(tag::EMBEDDED_SIGNATURE))
            .filter(|body| match self.version() {
                6 => body.first() == Some(&6),
                _ => is_back_signature(body),
            })
            .filter_map(|body| match body.first() {
                Some(5) => Self::read(body).map(|signature| Self {
                    value: Written::Unknown,
                    ..signature
                }),
                _ => Self::parse(body),
            })
    }

    /// Why the signature revokes, in words, if it says.
    pub(super) fn reason_for_revocation(&self) -> Option<String> {
        revocation::reason(self.hashed())
    }

    fn hashed(&self) -> Area<'_> {
        Area(&self.hashed)
    }

    fn unhashed(&self) -> Area<'_> {
        Area(&self.unhashed)
    }

    /// The first subpacket of this type, in the hashed area, or otherwise in the other one.
    fn first_of_both(&self, tag: u8) -> Option<&[u8]> {
        let hashed = self.hashed().first(tag);
        hashed.or_else(|| self.unhashed().first(tag))
    }
}

/// The value of a version 6 signature, which is read as RFC 9580 has it; `None` if it is damaged.
fn value_of_version_6(packet: &SignaturePacket<'_>, form: Form) -> Option<Written> {
    let areas = [packet.hashed, packet.unhashed];
    let size = packet.value.len().saturating_add(packet.salt.len());
    let size = areas
        .iter()
        .fold(size, |size, area| size.saturating_add(area.0.len()));
    let salt_fits = match form.hash.salt_size() {
        Some(size) => size == packet.salt.len(),
        None => !form.hash.is_known(),
    };
    let is_good = size <= MAX_VERSION_6 && salt_fits && areas.iter().all(|area| area.is_exact());
    if !is_good {
        return None;
    }
    if form.algorithm.is_known() {
        Value::of_version_6(form.algorithm, packet.value).map(Written::Version6)
    } else {
        Some(Written::Unknown)
    }
}

/// The integers of a signature, as many as GnuPG expects of the algorithm that it names; of an
/// unknown one it keeps the octets, which fit no key, unless they are too many.
fn integers(algorithm: u8, mut input: &[u8]) -> Option<Vec<Natural>> {
    let count = match algorithm {
        1..=3 => 1,
        17 | 19 | 20 | 22 => 2,
        _ => return (input.len() <= MAX_UNKNOWN_VALUE).then(Vec::new),
    };
    let mut integers = Vec::with_capacity(count);
    for _ in 0..count {
        integers.push(Natural::of(integer(&mut input)?.octets));
    }
    Some(integers)
}

fn number(body: &[u8]) -> Option<u32> {
    body.first_chunk::<4>()
        .map(|bytes| u32::from_be_bytes(*bytes))
}

fn key_id(body: &[u8]) -> Option<KeyId> {
    body.first_chunk::<8>().copied().map(KeyId::from)
}

#[cfg(test)]
mod tests {
    use super::super::tests::crafted::signature;
    use super::*;

    fn hashed(subpackets: &[&[u8]]) -> Signature {
        signature(kind::POSITIVE_CERTIFICATION, subpackets, &[], 0x81)
    }

    #[test]
    fn the_first_time_counts_and_one_that_is_too_short_is_none() {
        for (subpackets, created) in [
            (&[][..], None),
            (&[&[2, 0, 0, 0, 7][..]], Some(7)),
            (&[&[2, 0, 0, 0, 7], &[2, 0, 0, 0, 8]], Some(7)),
            (&[&[2, 0, 0, 7]], None),
        ] {
            assert_eq!(hashed(subpackets).created(), created, "{subpackets:?}");
        }
        let unhashed = signature(kind::BINARY, &[], &[&[2, 0, 0, 0, 7]], 0x81);
        assert_eq!(unhashed.created(), None);
    }

    #[test]
    fn validity_wraps_around_in_32_bits_and_zero_is_for_ever() {
        let created = &[2, 0, 0, 0, 7][..];
        for (validity, expires) in [
            ([0, 0, 0, 0], None),
            ([0, 0, 0, 1], Some(8)),
            ([0xFF, 0xFF, 0xFF, 0xF8], Some(u32::MAX)),
            ([0xFF, 0xFF, 0xFF, 0xF9], None),
            ([0xFF, 0xFF, 0xFF, 0xFA], Some(1)),
        ] {
            let of = |tag: u8| [&[tag][..], &validity].concat();
            let signature = hashed(&[created, &of(3), &of(9)]);
            assert_eq!(signature.expires(), expires, "{validity:?}");
            assert_eq!(signature.key_expires(7), expires, "{validity:?}");
        }
        assert_eq!(hashed(&[created]).expires(), None);
    }

    #[test]
    fn what_must_not_leave_its_key_ring_says_so_in_either_area() {
        let local = &[4, 0][..];
        assert!(hashed(&[]).exportable());
        assert!(hashed(&[&[4, 1]]).exportable());
        assert!(!hashed(&[local]).exportable());
        assert!(!signature(kind::BINARY, &[], &[local], 0x81).exportable());
        // The hashed one comes first.
        assert!(signature(kind::BINARY, &[&[4, 1]], &[local], 0x81).exportable());
    }

    #[test]
    fn only_the_first_octet_of_key_flags_counts() {
        for (flags, may_sign) in [
            (&[27, 2][..], Some(true)),
            (&[27, 1], Some(false)),
            (&[27, 0, 2], Some(false)),
            (&[27], Some(false)),
        ] {
            assert_eq!(hashed(&[flags]).may_sign(), may_sign, "{flags:?}");
        }
        assert_eq!(hashed(&[]).may_sign(), None);
    }

    #[test]
    fn a_critical_subpacket_is_understood_or_spoils_in_either_area() {
        let critical = |tag: u8| [tag | 0x80, 0, 0, 0, 0];
        for (tag, understood) in [(2, true), (3, true), (101, false)] {
            let subpacket = &critical(tag)[..];
            assert_eq!(hashed(&[subpacket]).understood(Reader::Any), understood);
            let unhashed = signature(kind::BINARY, &[], &[subpacket], 0x81);
            assert_eq!(unhashed.understood(Reader::Any), understood);
        }
        assert!(hashed(&[&[101, 0]]).understood(Reader::Any));
    }

    #[test]
    fn version_3_has_its_time_and_issuer_and_no_subpackets() {
        let body = b"\x03\x05\x00\0\0\0\x07issuerID\x01\x08hh\0\x01\x01";
        let signature = Signature::parse(body).unwrap();
        assert_eq!(signature.created(), Some(7));
        let issuer = KeyId::from(*b"issuerID");
        assert_eq!(signature.issuer_key_id(), Some(issuer));
        assert!(signature.exportable());
        assert_eq!(signature.may_sign(), None);
    }

    #[test]
    fn the_releases_take_the_issuer_from_different_subpackets() {
        let fingerprint = [&[33, 4][..], &[1; 20]].concat();
        let key_id = [&[16][..], &[2; 8]].concat();
        let both = signature(kind::BINARY, &[&fingerprint], &[&key_id], 0x81);
        for release in super::super::release::RELEASES {
            let octet = if release.issuer_by_fingerprint { 1 } else { 2 };
            let id = KeyId::from([octet; 8]);
            assert_eq!(both.issuer_in(release), Some(id), "{release:?}");
        }
    }

    #[test]
    fn signatures_with_the_same_integers_have_the_same_hash() {
        let one = hashed(&[&[2, 0, 0, 0, 7]]);
        let same = hashed(&[]);
        let other = signature(kind::POSITIVE_CERTIFICATION, &[], &[], 0x82);
        assert_eq!(one.value_hash(), same.value_hash());
        assert!(one.has_value_of(&same));
        assert!(!one.has_value_of(&other));
    }
}
