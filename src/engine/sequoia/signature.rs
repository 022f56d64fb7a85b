//! A signature packet (RFC 9580, section 5.2), and what it says about itself, read as GnuPG reads it.
//!
//! Sequoia's own reader is stricter in what a signature may look like, and where a subpacket occurs twice, it uses the
//! last one and GnuPG the first. Where the two differ, a signature would mean two things, and a revocation might not
//! count. So the packets are read here, and sequoia is given what it needs to calculate.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sequoia_openpgp as openpgp;

use openpgp::crypto::mpi::{self, MPI};
use openpgp::packet::key::{Key, KeyParts, KeyRole};
use openpgp::types::{HashAlgorithm, PublicKeyAlgorithm};

use super::algorithms::{Form, can_calculate, hash_known, unsupported_hash};
use super::packet::parse;
use super::release::Release;
use crate::fingerprint::KeyHandle;
use crate::openpgp::integer::{MAX_BITS, integer};
use crate::openpgp::packet;
use crate::openpgp::residue;
use crate::openpgp::revocation;
use crate::openpgp::signature::{SignaturePacket, is_back_signature, kind};
use crate::openpgp::subpacket::{Area, Reader, tag};

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
    value: Value,
    ambiguity: Option<&'static str>,
    begins_with_zeros: bool,
}

/// The signature's own mathematics.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    /// Integers, to be read by the key's algorithm, as GnuPG does; none of an algorithm that it does not
    /// know.
    Integers(Vec<MPI>),
    /// What sequoia has read of a version 6 signature, which GnuPG does not know.
    Version6(mpi::Signature),
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
            algorithm: packet.algorithm.into(),
            hash: packet.hash.into(),
        };
        let value = if packet.version == 6 {
            value_of_version_6(body, form, packet.salt)?
        } else {
            Value::Integers(integers(packet.algorithm, packet.value)?)
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
    pub(super) fn has_good_form(&self) -> bool {
        self.is_readable() && self.understood(Reader::Any) && !self.begins_with_zeros()
    }

    /// Whether it can be checked, and means the same to every GnuPG that takes it.
    pub(super) fn is_readable(&self) -> bool {
        !self.uses_md5() && unsupported_hash(self.form).is_none() && self.ambiguity.is_none()
    }

    /// Whether it is over an MD5 hash, which never counts.
    pub(super) fn uses_md5(&self) -> bool {
        self.form.hash == HashAlgorithm::MD5
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

    /// The signature's integers for the algorithm of this key; `None` if they do not fit.
    pub(super) fn value_for<P: KeyParts, R: KeyRole>(
        &self,
        key: &Key<P, R>,
    ) -> Option<mpi::Signature> {
        let integers = match &self.value {
            Value::Version6(value) => return (key.version() == 6).then(|| value.clone()),
            Value::Integers(integers) if key.version() != 6 => integers,
            Value::Integers(_) | Value::Unknown => return None,
        };
        if !can_calculate(key) {
            return None;
        }
        let one = integers.first()?;
        let two = || integers.get(1);
        #[allow(deprecated)]
        match (key.pk_algo(), key.mpis()) {
            // Not with keys that only encrypt: GnuPG verifies nothing with those.
            (
                PublicKeyAlgorithm::RSAEncryptSign | PublicKeyAlgorithm::RSASign,
                mpi::PublicKey::RSA { n, .. },
            ) => Some(mpi::Signature::RSA {
                s: MPI::new(&residue::of(one.value(), n.value())?),
            }),
            (PublicKeyAlgorithm::DSA, _) => Some(mpi::Signature::DSA {
                r: one.clone(),
                s: two()?.clone(),
            }),
            (PublicKeyAlgorithm::ECDSA, _) => Some(mpi::Signature::ECDSA {
                r: one.clone(),
                s: two()?.clone(),
            }),
            (PublicKeyAlgorithm::EdDSA, _) => Some(mpi::Signature::EdDSA {
                r: one.clone(),
                s: MPI::new(&residue::ed25519_scalar(two()?.value())?),
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
    pub(super) fn issuer_key_id(&self) -> Option<openpgp::KeyID> {
        if self.version() == 6 {
            return self.issuer_fingerprint().map(openpgp::KeyID::from);
        }
        match &self.version_3 {
            Some((_, id)) => Some(openpgp::KeyID::from_bytes(id)),
            None => self.first_of_both(tag::ISSUER).and_then(key_id),
        }
    }

    /// The ID of the key that made the signature, as this release of GnuPG takes it; a version 6 signature
    /// names nothing but the fingerprint.
    pub(super) fn issuer_in(&self, release: Release) -> Option<openpgp::KeyID> {
        // Of the algorithm 0 GnuPG reads no subpackets.
        if matches!(self.version(), 4 | 5) && u8::from(self.form.algorithm) == 0 {
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
            (Value::Integers(one), Value::Integers(other)) => !one.is_empty() && one == other,
            (Value::Version6(one), Value::Version6(other)) => one == other,
            _ => false,
        }
    }

    /// A number that is the same for signatures with the [same integers](Self::has_value_of).
    pub(super) fn value_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match &self.value {
            Value::Integers(integers) => integers.hash(&mut hasher),
            Value::Version6(value) => value.hash(&mut hasher),
            Value::Unknown => {}
        }
        hasher.finish()
    }

    /// The fingerprint of the key that made the signature, from the hashed subpackets.
    pub(super) fn issuer_fingerprint(&self) -> Option<openpgp::Fingerprint> {
        self.hashed()
            .first(tag::ISSUER_FINGERPRINT)
            .and_then(fingerprint)
    }

    /// Every name that the signature has for the key that made it.
    pub(super) fn issuers(&self) -> Vec<openpgp::KeyHandle> {
        let areas = || [self.hashed(), self.unhashed()].into_iter();
        let fingerprints = areas()
            .flat_map(|area| area.all(tag::ISSUER_FINGERPRINT))
            .filter_map(fingerprint)
            .map(openpgp::KeyHandle::from);
        let version_3 = self.version_3.as_ref().map(|(_, id)| id.as_slice());
        let key_ids = areas()
            .flat_map(|area| area.all(tag::ISSUER))
            .chain(version_3)
            .filter_map(key_id)
            .map(openpgp::KeyHandle::from);
        let mut issuers: Vec<openpgp::KeyHandle> = Vec::new();
        for issuer in fingerprints.chain(key_ids) {
            if !issuers.contains(&issuer) {
                issuers.push(issuer);
            }
        }
        issuers
    }

    /// The same, for messages.
    pub(super) fn issuer_names(&self) -> Vec<KeyHandle> {
        let issuers = self.issuers().into_iter();
        issuers
            .filter_map(|issuer| issuer.to_hex().parse().ok())
            .collect()
    }

    /// Those who may revoke the key that the signature is about.
    pub(super) fn revokers(&self) -> impl Iterator<Item = openpgp::Fingerprint> {
        const REVOKER: u8 = 0x80;
        self.hashed().all(tag::REVOCATION_KEY).filter_map(|body| {
            let (&[class, _algorithm], fingerprint) = body.split_first_chunk::<2>()?;
            let fingerprint: [u8; 20] = fingerprint.try_into().ok()?;
            (class & REVOKER != 0).then_some(openpgp::Fingerprint::V4(fingerprint))
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
                    value: Value::Unknown,
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

/// What sequoia reads of a version 6 signature; `None` if it is damaged.
fn value_of_version_6(body: &[u8], form: Form, salt: &[u8]) -> Option<Value> {
    if body.len() > MAX_VERSION_6 {
        return None;
    }
    let salt_fits = match form.hash.salt_size() {
        Ok(size) => size == salt.len(),
        Err(_) => !hash_known(form.hash),
    };
    if !salt_fits {
        return None;
    }
    match (parse(packet::tag::SIGNATURE, body), form.algorithm) {
        (Some(openpgp::Packet::Signature(parsed)), _) => {
            Some(Value::Version6(parsed.mpis().clone()))
        }
        (_, PublicKeyAlgorithm::Private(_) | PublicKeyAlgorithm::Unknown(_)) => {
            Some(Value::Unknown)
        }
        _ => None,
    }
}

/// The integers of a signature, as many as GnuPG expects of the algorithm that it names; of an
/// unknown one it keeps the octets, which fit no key, unless they are too many.
fn integers(algorithm: u8, mut input: &[u8]) -> Option<Vec<MPI>> {
    let count = match algorithm {
        1..=3 => 1,
        17 | 19 | 20 | 22 => 2,
        _ => return (input.len() <= MAX_UNKNOWN_VALUE).then(Vec::new),
    };
    let mut integers = Vec::with_capacity(count);
    for _ in 0..count {
        integers.push(MPI::new(integer(&mut input)?.octets));
    }
    Some(integers)
}

fn number(body: &[u8]) -> Option<u32> {
    body.first_chunk::<4>()
        .map(|bytes| u32::from_be_bytes(*bytes))
}

fn key_id(body: &[u8]) -> Option<openpgp::KeyID> {
    body.first_chunk::<8>()
        .map(|id| openpgp::KeyID::from_bytes(id))
}

/// A fingerprint after the version of its key, as GnuPG reads it: one of version 4, and here of version 6 too.
fn fingerprint(body: &[u8]) -> Option<openpgp::Fingerprint> {
    let (version, fingerprint) = body.split_first()?;
    match (version, fingerprint.len()) {
        (4, 20) | (6, 32) => openpgp::Fingerprint::from_bytes(*version, fingerprint).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::crafted::signature;
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
        let issuer = openpgp::KeyID::from_bytes(b"issuerID");
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
            let id = openpgp::KeyID::from_bytes(&[octet; 8]);
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
