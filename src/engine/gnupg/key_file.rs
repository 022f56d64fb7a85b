//! The part of a key file that every release of GnuPG reads alike.

use std::borrow::Cow;
use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use super::version::unknown_version;
use crate::engine::unsupported::Unsupported;
use crate::engine::{CryptoPolicy, EngineKind};
use crate::fingerprint::Fingerprint;
use crate::openpgp::armor::KeyFile;
use crate::openpgp::issuer::{certifies, created, hash_of_version_4, is_by_others, key_id};
use crate::openpgp::packet::{self, Packets, RawPacket, tag};
use crate::openpgp::public_key::Parts;
use crate::openpgp::releases::stops_some_releases;
use crate::openpgp::signature::SignaturePacket;

/// The public-key algorithms of version 4 keys that GnuPG knows (RFC 9580, section 9.1).
const ALGORITHMS: [u8; 9] = [1, 2, 3, 16, 17, 18, 19, 20, 22];

/// A key file as gpg gets it.
#[derive(Debug, Default)]
pub(super) struct Readable {
    /// The keys that are left, in their order.
    copies: Vec<Copy>,
    /// Which parts of the file are not read at all, in words.
    pub(super) not_read: Vec<String>,
    /// The keys that were taken out.
    pub(super) taken_out: Vec<TakenOut>,
    /// How many more were taken out because gpg does not know them.
    pub(super) more_taken_out: usize,
    /// Keys with a creation time in the future, which gpg does not take.
    pub(super) from_the_future: Vec<FutureKey>,
}

/// A key as it was in the file, with everything that follows it.
#[derive(Debug)]
struct Copy {
    /// The fingerprint of the primary key, if it is of version 4.
    fingerprint: Option<Fingerprint>,
    /// What gpg gets of it.
    octets: Vec<u8>,
    /// Packets at which gpg may stop reading the file, if it gets nothing else of the key.
    others: Vec<u8>,
}

/// The most keys of one file that are noted because gpg does not know them: more are counted.
const MAX_TAKEN_OUT: usize = 1000;

/// The most keys of one file that are noted because their creation time is in the future.
const MAX_LATER: usize = 1000;

/// A primary key or subkey of version 4 with a creation time in the future, or a subkey of such a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FutureKey {
    /// Its fingerprint.
    pub(super) fingerprint: Fingerprint,
    /// The primary key's fingerprint.
    pub(super) primary_key: Fingerprint,
    /// When it says that it was made, in seconds since the epoch.
    pub(super) created: u64,
}

/// A key that gpg does not get.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TakenOut {
    /// Its fingerprint, if that is known.
    pub(super) fingerprint: Option<Fingerprint>,
    /// Why.
    pub(super) reason: Reason,
}

impl TakenOut {
    fn is_ambiguous(&self) -> bool {
        matches!(self.reason, Reason::Ambiguous(_))
    }
}

/// Why a key is taken out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// GnuPG does not know it.
    Unsupported(Unsupported),
    /// Releases of GnuPG do different things with it, in a sentence.
    Ambiguous(&'static str),
}

/// Takes out what makes releases of GnuPG differ: gpg 2.4 stops reading a file at a key that it cannot read, and gpg
/// 2.2 does so at a signature of version 6, each losing the good keys in the file too; gpg 2.2 reads integers that
/// begin with zeros, and gpg 2.4 reads armor that is cut off and signatures and subkeys of version 5, and terminates at
/// zero-length integers.
pub(super) fn readable(
    file: KeyFile<'_>,
    engine: EngineKind,
    policy: CryptoPolicy,
    now: u64,
) -> Readable {
    let mut primary = None;
    let mut own = None;
    let mut readable = Readable::default();
    // The key that is being read, the parts that gpg judges anyway, and why it does not get the key.
    let mut octets = Vec::new();
    let mut others = Vec::new();
    let mut reason = None;
    // Whether a signature of the key is not given to gpg as it is.
    let mut is_rewritten = false;
    let damage = file.damage.map(|damage| damage.detail);
    readable
        .not_read
        .extend(damage.into_iter().chain(file.not_read));
    let mut packets = Packets::of(&file.octets);
    while let Some(Ok(packet)) = packets.next() {
        match packet.tag {
            tag::PUBLIC_KEY | tag::SECRET_KEY => {
                readable.close(
                    primary,
                    std::mem::take(&mut octets),
                    std::mem::take(&mut others),
                    reason.take(),
                );
                reason = unreadable(&packet, engine, policy);
                is_rewritten = false;
                let public = public_part(&packet);
                own = public.as_deref().and_then(key_id);
                primary = Primary::of(public.as_deref().unwrap_or(&packet.body));
                readable.note_time(&packet.body, primary.as_ref(), now);
            }
            tag::PUBLIC_SUBKEY => readable.note_time(&packet.body, primary.as_ref(), now),
            tag::SIGNATURE if packet.body.first() == Some(&6) => continue,
            _ => {}
        }
        // Case: signature-packets-encryption-subkey-leading-zero
        if let Some(body) = binding_in_shortest_form(&packet) {
            octets.extend(written(tag::SIGNATURE, &body));
            is_rewritten = true;
            continue;
        }
        octets.extend_from_slice(packet.written);
        // What is after a subkey counts for those that have the subkey alone.
        // Case: signature-packets-encryption-subkey-leading-zero-before-user-id
        let is_after_rewritten =
            is_rewritten && matches!(packet.tag, tag::USER_ID | tag::USER_ATTRIBUTE);
        let after_rewritten = is_after_rewritten.then_some("a signature integer begins with zeros");
        match ambiguous(&packet, own).or(after_rewritten) {
            Some(detail) => {
                reason = reason.or_else(|| {
                    Some(TakenOut {
                        fingerprint: primary.as_ref().map(Primary::fingerprint),
                        reason: Reason::Ambiguous(detail),
                    })
                });
            }
            None if is_judged(packet.tag) => others.extend_from_slice(packet.written),
            None => {}
        }
    }
    // Nothing, or what gpg has to make something of.
    octets.extend_from_slice(packets.rest());
    readable.close(primary, octets, others, reason);
    readable
}

impl Readable {
    /// The keys that are taken out because releases of GnuPG do different things with them. No other copy of them
    /// counts either: this one may contain what forbids.
    pub(super) fn ambiguous(&self) -> impl Iterator<Item = &Fingerprint> {
        self.taken_out
            .iter()
            .filter(|key| key.is_ambiguous())
            .filter_map(|key| key.fingerprint.as_ref())
    }

    /// The file without these keys, binary. Of them, too, packets stay at which gpg may stop reading the file.
    pub(super) fn without(&self, keys: &HashSet<Fingerprint>) -> Vec<u8> {
        let copies = self.copies.iter().map(|copy| {
            let is_wanted = copy
                .fingerprint
                .as_ref()
                .is_none_or(|key| !keys.contains(key));
            if is_wanted {
                &copy.octets
            } else {
                &copy.others
            }
        });
        copies.flatten().copied().collect()
    }

    /// Notes a key of version 4 if its creation time, or its primary key's, is in the future.
    fn note_time(&mut self, key: &[u8], primary: Option<&Primary>, now: u64) {
        let Some(primary) = primary else {
            return;
        };
        let created = created(key);
        if (created <= now && primary.created <= now) || self.from_the_future.len() >= MAX_LATER {
            return;
        }
        if let Some(fingerprint) = fingerprint_of_version_4(key) {
            self.from_the_future.push(FutureKey {
                fingerprint,
                primary_key: primary.fingerprint.clone(),
                created,
            });
        }
    }

    /// Ends a key. Of one that is taken out, packets stay at which gpg may stop reading the file.
    fn close(
        &mut self,
        primary: Option<Primary>,
        octets: Vec<u8>,
        others: Vec<u8>,
        reason: Option<TakenOut>,
    ) {
        let fingerprint = primary.map(|primary| primary.fingerprint);
        let is_taken_out = reason.is_some();
        match reason {
            Some(reason) if self.taken_out.len() >= MAX_TAKEN_OUT && !reason.is_ambiguous() => {
                self.more_taken_out = self.more_taken_out.saturating_add(1);
            }
            reason => self.taken_out.extend(reason),
        }
        if is_taken_out && others.is_empty() {
            return;
        }
        self.copies.push(Copy {
            fingerprint,
            octets: if is_taken_out { others.clone() } else { octets },
            others,
        });
    }
}

/// Whether gpg may stop reading a file at a packet of this type that belongs to no key. It skips others, such as
/// padding (RFC 9580, section 5.14); it takes a file that begins with one for text.
fn is_judged(tag: u8) -> bool {
    matches!(
        tag,
        tag::PKESK
            | tag::SKESK
            | tag::ONE_PASS_SIGNATURE
            | tag::ENCRYPTED
            | tag::MARKER
            | tag::LITERAL
            | tag::ENCRYPTED_PROTECTED
            | tag::MODIFICATION_DETECTION
            | tag::ENCRYPTED_AEAD
            | tag::GPG_CONTROL
    )
}

/// The signature packet's body as every GnuPG reads it, if it is one that only gpg 2.2 would read and that takes rights
/// alone.
fn binding_in_shortest_form(packet: &RawPacket<'_>) -> Option<Vec<u8>> {
    let body: &[u8] = &packet.body;
    match packet.tag {
        tag::SIGNATURE => SignaturePacket::of(body)?.in_shortest_form(body),
        _ => None,
    }
}

/// A packet with this body.
fn written(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&[0xC0 | tag, 0xFF], &length.to_be_bytes()[..], body].concat()
}

/// Why releases of GnuPG do different things with a key that has this packet, if so; `own`: the key's ID, if
/// that is known.
fn ambiguous(packet: &RawPacket<'_>, own: Option<[u8; 8]>) -> Option<&'static str> {
    // What others certify about it means nothing. Only gpg knows whom the key lets revoke it.
    let by_others =
        own.is_some_and(|own| certifies(&packet.body) && is_by_others(&packet.body, own));
    let of_signature = || match packet.tag {
        tag::SIGNATURE if !by_others => SignaturePacket::of(&packet.body)?.ambiguity(),
        _ => None,
    };
    stops_some_releases(packet, true).or_else(of_signature)
}

/// Why GnuPG cannot read a primary key, if so. What every release of GnuPG takes for damage stays, so that gpg stops
/// reading the file at it.
fn unreadable(key: &RawPacket<'_>, engine: EngineKind, policy: CryptoPolicy) -> Option<TakenOut> {
    let (&version, rest) = key.body.split_first()?;
    let unsupported = match (version, rest.get(4)) {
        (4, Some(algorithm))
            if !ALGORITHMS.contains(algorithm) && packet::KEY_BODY.contains(&key.body.len()) =>
        {
            Unsupported::by_all(
                engine,
                format!("the public-key algorithm {algorithm} in a version 4 key"),
            )
        }
        (4, _) => return None,
        _ => unknown_version(engine, "keys", version, policy),
    };
    let fingerprint = match (key.tag, version) {
        (tag::PUBLIC_KEY, 4) => fingerprint_of_version_4(&key.body),
        (tag::PUBLIC_KEY, 6) => fingerprint_of_version_6(&key.body),
        _ => None,
    };
    Some(TakenOut {
        fingerprint,
        reason: Reason::Unsupported(unsupported),
    })
}

/// The primary key of version 4 that is being read.
struct Primary {
    fingerprint: Fingerprint,
    created: u64,
}

impl Primary {
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint.clone()
    }

    fn of(key: &[u8]) -> Option<Self> {
        Some(Self {
            fingerprint: fingerprint_of_version_4(key)?,
            created: created(key),
        })
    }
}

/// What GnuPG makes the fingerprint of a key of: the public part, with its integers in their shortest form; `None` for
/// a secret key with an unknown algorithm.
pub(super) fn public_part<'a>(packet: &'a RawPacket<'_>) -> Option<Cow<'a, [u8]>> {
    let parts = Parts::of(&packet.body).filter(|parts| parts.secret.is_some());
    match parts {
        Some(parts) if parts.shortest => Some(Cow::Borrowed(parts.public)),
        Some(parts) => parts.in_shortest_form().map(Cow::Owned),
        None if packet.tag == tag::PUBLIC_KEY => Some(Cow::Borrowed(&packet.body)),
        None => None,
    }
}

/// The fingerprint of a version 4 public key (RFC 9580, section 5.5.4.2).
pub(super) fn fingerprint_of_version_4(body: &[u8]) -> Option<Fingerprint> {
    let hash = hash_of_version_4(body)?;
    format!("{hash:X}").parse().ok()
}

/// The fingerprint of a version 6 public key (RFC 9580, section 5.5.4.3).
fn fingerprint_of_version_6(body: &[u8]) -> Option<Fingerprint> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let hash = Sha256::new()
        .chain_update([0x9B])
        .chain_update(length.to_be_bytes())
        .chain_update(body)
        .finalize();
    format!("{hash:X}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-15T12:00:00Z.
    const NOW: u64 = 1_768_478_400;

    /// A packet of one length octet.
    fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).unwrap_or(0);
        [&[0xC0 | tag, length], body].concat()
    }

    fn binary(file: &[u8]) -> Readable {
        let file = KeyFile {
            octets: file.into(),
            ..KeyFile::default()
        };
        readable(file, EngineKind::Gpg, CryptoPolicy::default(), NOW)
    }

    fn keys_of(file: &[u8]) -> Vec<u8> {
        binary(file).without(&HashSet::new())
    }

    #[test]
    fn keys_that_are_made_later_are_noted() {
        let early = packet(tag::PUBLIC_KEY, b"\x04\0\0\0\0\x16key");
        let late = packet(tag::PUBLIC_SUBKEY, b"\x04\xff\xff\xff\xff\x16key");
        let secret = packet(tag::SECRET_KEY, b"\x04\xff\xff\xff\xff\x16key");
        let file = [&early[..], &late, &packet(tag::USER_ID, b"A")].concat();
        let noted = binary(&file);
        assert_eq!(noted.without(&HashSet::new()), file);
        let primaries: Vec<_> = noted
            .from_the_future
            .iter()
            .map(|key| &key.primary_key)
            .collect();
        assert_eq!(primaries.len(), 1);
        assert_ne!(*primaries[0], noted.from_the_future[0].fingerprint);
        assert_eq!(noted.from_the_future[0].created, u64::from(u32::MAX));
        let alone = binary(&secret);
        assert_eq!(alone.from_the_future.len(), 1);
    }

    #[test]
    fn keys_of_version_4_stay_as_they_are() {
        let four = [
            packet(tag::PUBLIC_KEY, b"\x04time\x16key"),
            packet(tag::USER_ID, b"A"),
            packet(tag::SIGNATURE, b"\x04"),
            packet(tag::PUBLIC_SUBKEY, b"\x04time\x63key"),
        ]
        .concat();
        let truncated = [&four[..], b"\xC6\x09\x04"].concat();
        for file in [&four[..], &truncated, b"\xC6\x01\x04", b"\xC6\x09\x06"] {
            assert_eq!(keys_of(file), file);
        }
    }

    #[test]
    fn what_some_gpg_cannot_read_is_taken_out() {
        let six = [
            packet(tag::PUBLIC_KEY, b"\x06key"),
            packet(tag::USER_ID, b"A"),
            packet(tag::SIGNATURE, b"\x06"),
            packet(tag::PUBLIC_SUBKEY, b"\x06sub"),
        ]
        .concat();
        let nine = packet(tag::PUBLIC_KEY, b"\x09key");
        let unknown = packet(tag::PUBLIC_KEY, b"\x04time\x63whatever");
        let four = [
            packet(tag::PUBLIC_KEY, b"\x04time\x01key"),
            packet(tag::USER_ID, b"B"),
        ]
        .concat();
        let signed = [&four[..], &packet(tag::SIGNATURE, b"\x06")].concat();
        let damaged = [&four[..], b"\xC6\x09\x04"].concat();
        for (file, rest, taken_out) in [
            (six.clone(), &b""[..], 1),
            ([&six[..], &four].concat(), &four, 1),
            ([&six[..], &four, &six].concat(), &four, 2),
            ([&six[..], &damaged].concat(), &damaged, 1),
            (
                [&nine[..], &four, &unknown, &four].concat(),
                &[&four[..], &four].concat(),
                2,
            ),
            (signed, &four, 0),
            // What belongs to no key stays, for gpg to judge, except what it skips.
            (
                [&six[..], &packet(21, b"padding"), &four].concat(),
                &four,
                1,
            ),
            (
                [&unknown[..], &packet(tag::PKESK, b"\x01"), &four].concat(),
                &[&packet(tag::PKESK, b"\x01")[..], &four].concat(),
                1,
            ),
        ] {
            let readable = binary(&file);
            assert_eq!(readable.without(&HashSet::new()), rest, "{file:?}");
            assert_eq!(readable.taken_out.len(), taken_out, "{file:?}");
        }
    }
}
