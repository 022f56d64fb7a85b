//! From a binary keyring to certificates: keys, user IDs and the signatures that belong to them
//! (RFC 9580, section 10.1). Nothing here is verified.
//!
//! GnuPG stops reading a file at the first packet that it cannot read, and drops the certificate that it was reading.
//! This reader does the same, except that it skips primary keys of other versions.

use std::collections::HashSet;
use std::rc::Rc;

use super::key_packet::{self, Reading};
use super::keyblock::{Component, Keyblock, UserName, What};
use super::readable::{MAX_READ_USER_ID, readable};
use crate::engine::EngineKind;
use crate::engine::rules::release::RELEASES;
use crate::engine::rules::signature::Signature;
use crate::engine::unsupported::Unsupported;
use crate::openpgp::handle::{KeyFingerprint, KeyId};
use crate::openpgp::key::PublicKey;
use crate::openpgp::packet::{FramingError, MIN_SIGNATURE, Packets, RawPacket, tag};
use crate::openpgp::releases::stops_some_releases;
use crate::openpgp::signature::{SignaturePacket, kind};

/// The largest certificate that GnuPG keeps, in octets of its packets, rounded down: between 4.9 and
/// 5.3 million.
const MAX_CERTIFICATE: usize = 4_900_000;

/// How many user IDs, subkeys and signatures of its own a certificate may have: some hundred times those
/// of a busy key. Comparing each with each must not take long.
pub(crate) const MAX_PARTS: usize = 4_096;

/// Why nothing of a certificate with too many of them counts.
pub(crate) const TOO_MANY_PARTS: &str = "it has too many parts";

/// Why nothing of a key that is not [written](Reading::Rewritten) as it must be counts.
const REWRITTEN: &str = "an integer of its key is not in its shortest form";

/// The contents of a key file.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// The certificates in their order; one that occurs twice is there twice.
    pub(crate) copies: Vec<ReadCopy>,
    /// Every signature that claims to revoke a primary key, wherever it was. A revocation counts by its signature and
    /// not by its place.
    pub(crate) key_revocations: Vec<KeyRevocation>,
    /// What was skipped.
    pub(crate) unusable: Vec<Unusable>,
    /// How many primary keys were skipped because they are damaged. There may be millions.
    pub(crate) damaged: usize,
    /// The primary keys that this engine cannot read, each once.
    pub(crate) unsupported: Vec<UnsupportedKey>,
    /// The same, to find them.
    skipped: HashSet<UnsupportedKey>,
}

/// A certificate as it was in a file.
#[derive(Debug)]
pub(crate) struct ReadCopy {
    /// Where it was read from.
    pub(crate) origin: String,
    /// The primary key.
    pub(crate) primary: PublicKey,
    /// Whether it was secret.
    pub(crate) is_secret: bool,
    /// Whether one of its keys was.
    pub(crate) has_secret: bool,
    /// What follows it: of the signatures only those that may be by the key itself.
    pub(crate) keyblock: Keyblock<Signature>,
    /// The [`value_hash`](Signature::value_hash) of each of the other signatures.
    pub(crate) foreign: HashSet<u64>,
    /// The subkeys that are not [written](Reading::Rewritten) as they must be.
    pub(crate) rewritten: HashSet<KeyFingerprint>,
    /// Why nothing that this key says counts, in this copy or another: it is not read whole, or means something else to
    /// another release of GnuPG.
    pub(crate) spoilt: Option<&'static str>,
}

/// A signature that claims to revoke a primary key.
#[derive(Debug)]
pub(crate) struct KeyRevocation {
    /// The signature.
    pub(crate) signature: Signature,
    /// The primary key among whose packets it was.
    pub(crate) within: Option<KeyFingerprint>,
}

/// A certificate that was skipped.
#[derive(Debug)]
pub(crate) struct Unusable {
    /// The key's fingerprint, if it could be read.
    pub(crate) key: Option<String>,
    /// Why.
    pub(crate) detail: String,
}

/// A primary key that this engine cannot read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UnsupportedKey {
    /// Its key ID, if that is known.
    pub(crate) id: Option<KeyId>,
    /// Why.
    pub(crate) unsupported: Unsupported,
}

/// Reads a binary keyring for this engine.
///
/// # Errors
///
/// A sentence that says why the bytes are not a keyring at all.
pub(crate) fn read(keyring: &[u8], origin: &str, engine: EngineKind) -> Result<Contents, String> {
    let mut contents = Contents::default();
    let mut open: Option<Open> = None;
    // Within a key that is skipped, and whether that is of a version that GnuPG does not know.
    let mut skipping = false;
    let mut newer = false;
    let mut any = false;
    for packet in Packets::of_key_file(keyring) {
        let packet = match packet {
            Ok(packet) => packet,
            Err(error) if !any => return Err(error.to_string()),
            Err(error) => {
                // GnuPG takes what it has of a key at the end of a file.
                // Case: copies-cut-off-second-copy
                let is_cut_off = matches!(error, FramingError::Truncated { .. });
                contents.stop(open.take(), &error.to_string(), is_cut_off);
                break;
            }
        };
        any = true;
        // It does not even count towards the size of a certificate.
        // No case: without this, only their octets would count too.
        if packet.tag == tag::RESERVED {
            continue;
        }
        let read = match packet.tag {
            tag::PUBLIC_KEY | tag::SECRET_KEY => primary_key(&packet, engine).map(|primary| {
                // The certificate before it stays open: damage to this one also damages that.
                skipping = !matches!(primary, Primary::Known(_) | Primary::Rewritten(_));
                newer = skipping && !matches!(packet.body.first(), Some(2..=4));
                match primary {
                    Primary::Known(primary) => {
                        let secret = packet.tag == tag::SECRET_KEY;
                        let previous = open.replace(Open::new(primary, secret, origin));
                        contents.close(previous);
                    }
                    Primary::Rewritten(primary) => {
                        let secret = packet.tag == tag::SECRET_KEY;
                        let mut rewritten = Open::new(primary, secret, origin);
                        // Case: key-structure-key-packet-leading-zero
                        rewritten.copy.spoilt = Some(REWRITTEN);
                        contents.close(open.replace(rewritten));
                    }
                    Primary::Unsupported(key) => contents.skip(key),
                    Primary::Damaged => contents.damaged = contents.damaged.saturating_add(1),
                }
            }),
            tag::SIGNATURE => signature(&packet.body, open.as_ref(), skipping).map(|signature| {
                match (signature, &mut open) {
                    (Some(signature), open) if signature.kind() == kind::KEY_REVOCATION => {
                        // Case: key-structure-revocation-in-other-file
                        let open = open.as_ref().filter(|_| !skipping);
                        contents.key_revocations.push(KeyRevocation {
                            signature,
                            within: open.map(|open| open.copy.primary.fingerprint()),
                        });
                    }
                    (Some(signature), Some(open)) if !skipping => {
                        open.signature(signature);
                    }
                    _ => {}
                }
            }),
            _ => match &mut open {
                Some(open) if !skipping => open.component(&packet),
                // It belongs to no key, and does no harm.
                None if !skipping && packet.tag == tag::USER_ATTRIBUTE => Ok(()),
                _ => readable(&packet, newer),
            },
        };
        // Case: damaged-packets-key-dsa-cut-first
        if let Err(detail) = read {
            // Case: copies-version-5-in-second-copy
            let by_some = stops_some_releases(&packet, open.is_some());
            contents.stop(open.take(), &detail, by_some.is_some());
            break;
        }
        if let Some(open) = open.as_mut().filter(|_| !skipping) {
            open.size = open.size.saturating_add(packet.body.len());
        }
    }
    contents.close(open);
    Ok(contents)
}

impl Contents {
    /// Whether there is no key, not even one that was skipped.
    pub(crate) fn holds_no_key(&self) -> bool {
        self.copies.is_empty()
            && self.unusable.is_empty()
            && self.unsupported.is_empty()
            && self.damaged == 0
    }

    /// Keeps a key that this engine cannot read. A file of many that look the same must not become a report of as many.
    fn skip(&mut self, key: UnsupportedKey) {
        if self.skipped.insert(key.clone()) {
            self.unsupported.push(key);
        }
    }

    fn close(&mut self, open: Option<Open>) {
        self.copies.extend(open.map(Open::finish));
    }

    /// Drops what is being read. If some release of GnuPG keeps it, `kept_by_some`, its other copies do not count
    /// either: this one may contain what forbids.
    fn stop(&mut self, open: Option<Open>, detail: &str, kept_by_some: bool) {
        self.unusable.push(Unusable {
            key: open.as_ref().map(Open::fingerprint),
            detail: format!("what follows cannot be read: {detail}"),
        });
        if let Some(open) = open.filter(|_| kept_by_some) {
            self.copies.push(ReadCopy {
                spoilt: Some("a copy of it cannot be read to its end"),
                ..open.finish()
            });
        }
    }
}

/// A certificate that is being read.
struct Open {
    copy: ReadCopy,
    next: Next,
    /// The octets of its packets.
    size: usize,
    /// How many parts it has. Those over the limit are not kept.
    parts: usize,
}

/// What the next signature belongs to.
enum Next {
    /// The last component, or else the primary key.
    Last,
    /// Something that GnuPG skips with its signatures.
    Nothing,
}

impl Open {
    fn new(primary: PublicKey, secret: bool, origin: &str) -> Self {
        Self {
            copy: ReadCopy {
                origin: origin.to_owned(),
                primary,
                is_secret: secret,
                has_secret: secret,
                keyblock: Keyblock {
                    head: Vec::new(),
                    components: Vec::new(),
                },
                foreign: HashSet::new(),
                rewritten: HashSet::new(),
                spoilt: None,
            },
            next: Next::Last,
            size: 0,
            parts: 0,
        }
    }

    fn fingerprint(&self) -> String {
        self.copy.primary.fingerprint().to_hex()
    }

    /// Begins a component, if the packet is one.
    fn component(&mut self, packet: &RawPacket<'_>) -> Result<(), String> {
        self.copy.has_secret |= packet.tag == tag::SECRET_SUBKEY;
        let what = match packet.tag {
            tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY => {
                match self.subkey(packet)? {
                    Some(key) if self.copy.is_secret || packet.tag == tag::PUBLIC_SUBKEY => {
                        What::Subkey(key)
                    }
                    // Case: key-structure-secret-subkey-of-public-key
                    dropped if packet.tag == tag::SECRET_SUBKEY => What::SecretSubkey(dropped),
                    _ => What::Skipped,
                }
            }
            _ => {
                readable(packet, false)?;
                match packet.tag {
                    // Case: key-structure-unreadable-user-id-too-long-before-self-signature
                    tag::USER_ID if packet.body.len() > MAX_READ_USER_ID => {
                        self.next = Next::Nothing;
                        return Ok(());
                    }
                    tag::USER_ID => What::User(UserName::Id(packet.body.to_vec())),
                    tag::USER_ATTRIBUTE => What::User(UserName::Attribute(packet.body.to_vec())),
                    _ => return Ok(()),
                }
            }
        };
        self.next = Next::Last;
        if self.may_grow() {
            self.copy.keyblock.components.push(Component {
                what: Rc::new(what),
                signatures: Vec::new(),
            });
        }
        Ok(())
    }

    /// The subkey in a packet; nothing if it is skipped, or belongs to a version 6 key and is unknown. Subkeys of such
    /// a key are of version 6, too (RFC 9580, section 10.1.1).
    fn subkey(&mut self, packet: &RawPacket<'_>) -> Result<Option<PublicKey>, String> {
        if self.copy.primary.version() == 6 {
            if packet.body.first() != Some(&6) {
                return Ok(None);
            }
            let is_secret = packet.tag == tag::SECRET_SUBKEY;
            return Ok(PublicKey::of_version_6(&packet.body, is_secret));
        }
        match key_packet::read(packet) {
            Reading::Key(key) => Ok(Some(*key)),
            Reading::Rewritten(key) => {
                // Case: key-structure-key-packet-leading-zero-subkey
                self.copy.rewritten.insert(key.fingerprint());
                Ok(Some(*key))
            }
            Reading::Skipped(_) => Ok(None),
            Reading::Damaged => {
                Err("a subkey in it is damaged, or of an unknown version".to_owned())
            }
        }
    }

    fn signature(&mut self, signature: Signature) {
        let id = self.copy.primary.key_id();
        let own = RELEASES
            .iter()
            .any(|release| signature.issuer_in(*release) == Some(id));
        // Case: copies-double-self-signature-nobodys
        if !own {
            self.copy.foreign.insert(signature.value_hash());
        }
        // Other people's signatures mean nothing here: the key files say who is trusted.
        // Case: copies-named-by-nobody-revokes-subkey
        if !own && signature.kind() != kind::SUBKEY_REVOCATION {
            return;
        }
        // Case: copies-ambiguous-in-second-copy
        if let Some(detail) = signature.ambiguity() {
            self.copy.spoilt.get_or_insert(detail);
        }
        if !self.may_grow() || matches!(self.next, Next::Nothing) {
            return;
        }
        let keyblock = &mut self.copy.keyblock;
        match keyblock.components.last_mut() {
            Some(component) => component.signatures.push(signature),
            None => keyblock.head.push(signature),
        }
    }

    fn may_grow(&mut self) -> bool {
        self.parts = self.parts.saturating_add(1);
        self.parts <= MAX_PARTS
    }

    fn finish(self) -> ReadCopy {
        // Test: a_certificate_has_so_many_octets_at_most
        let too_large = self.size > MAX_CERTIFICATE;
        let too_large = too_large.then_some("it is too large for GnuPG to keep");
        // Test: a_certificate_has_so_many_parts_at_most
        let too_many = (self.parts > MAX_PARTS).then_some(TOO_MANY_PARTS);
        let spoilt = too_large.or(too_many).or(self.copy.spoilt);
        ReadCopy {
            spoilt,
            ..self.copy
        }
    }
}

/// What a packet of a primary key holds.
enum Primary {
    Known(PublicKey),
    /// One that is known and not [written](Reading::Rewritten) as it must be.
    Rewritten(PublicKey),
    /// One that is skipped.
    Unsupported(UnsupportedKey),
    /// One that is skipped, too: GnuPG does not read keys of its version.
    Damaged,
}

/// The primary key in a packet.
fn primary_key(packet: &RawPacket<'_>, engine: EngineKind) -> Result<Primary, String> {
    let damaged = || "a key in it is damaged".to_owned();
    match packet.body.first() {
        Some(4) => match key_packet::read(packet) {
            Reading::Key(key) => Ok(Primary::Known(*key)),
            Reading::Rewritten(key) => Ok(Primary::Rewritten(*key)),
            Reading::Skipped(what) => Ok(Primary::Unsupported(UnsupportedKey {
                id: None,
                unsupported: Unsupported::by_all(engine, what),
            })),
            Reading::Damaged => Err(damaged()),
        },
        Some(6) => {
            let is_secret = packet.tag == tag::SECRET_KEY;
            let key = PublicKey::of_version_6(&packet.body, is_secret);
            Ok(key.map_or(Primary::Damaged, Primary::Known))
        }
        Some(version) => Ok(Primary::Unsupported(UnsupportedKey {
            id: key_packet::id_of_version_3(&packet.body),
            unsupported: Unsupported::by_all(engine, format!("keys of version {version}")),
        })),
        // Case: key-structure-unreadable-key-empty-after-good
        None => Err(damaged()),
    }
}

/// The signature in a packet; nothing if it is one that is skipped.
fn signature(
    body: &[u8],
    open: Option<&Open>,
    skipping: bool,
) -> Result<Option<Signature>, String> {
    // Case: armor-binary-signature-too-short-last-faulty
    if body.len() < MIN_SIGNATURE {
        return Ok(None);
    }
    // Case: damaged-packets-releases-signature-of-nothing-last
    if SignaturePacket::of(body).is_some_and(|packet| packet.ends_gpg()) {
        return Err("a signature in it has a zero-length integer".to_owned());
    }
    let signature = Signature::parse(body);
    let is_of_version_6 = open.is_some_and(|open| open.copy.primary.version() == 6);
    let may_be_unknown = match body.first() {
        Some(6) => true,
        Some(2..=4) => is_of_version_6,
        _ => is_of_version_6 || skipping,
    };
    // Case: self-signatures-cut-beside-good-ed25519
    if signature.is_none() && !may_be_unknown {
        return Err("a signature in it is damaged, or of an unknown version".to_owned());
    }
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::ENGINE;
    use crate::engine::rules::tests::crafted::{REVOKED, WITH_SUBKEY, contents, copy};

    /// A packet with a length of four octets.
    fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[0xC0 | tag, 0xFF], &length[..], body].concat()
    }

    #[test]
    fn a_certificate_is_its_key_its_components_and_their_signatures() {
        let copy = copy(WITH_SUBKEY);
        let components = copy.keyblock.components.iter();
        let kinds: Vec<Vec<u8>> = components
            .map(|component| component.signatures.iter().map(Signature::kind).collect())
            .collect();
        assert_eq!(
            kinds,
            [[kind::POSITIVE_CERTIFICATION], [kind::SUBKEY_BINDING]]
        );
        assert!(copy.keyblock.head.is_empty());
        assert!(!copy.is_secret);
        assert_eq!(copy.spoilt, None);
    }

    #[test]
    fn a_revocation_is_kept_apart_with_the_key_beside_it() {
        let contents = contents(REVOKED);
        let within = contents.key_revocations.iter().map(|one| one.within);
        let primary = contents.copies[0].primary.fingerprint();
        assert_eq!(within.collect::<Vec<_>>(), [Some(primary)]);
        assert!(contents.copies[0].keyblock.head.is_empty());
    }

    #[test]
    fn a_file_that_is_cut_off_spoils_the_key_at_its_end() {
        let cut = &WITH_SUBKEY[..WITH_SUBKEY.len().saturating_sub(1)];
        let contents = contents(&[REVOKED, cut].concat());
        let spoilt: Vec<bool> = contents
            .copies
            .iter()
            .map(|copy| copy.spoilt.is_some())
            .collect();
        assert_eq!(spoilt, [false, true]);
        assert_eq!(contents.unusable.len(), 1);
    }

    #[test]
    fn a_packet_that_every_gpg_refuses_gives_up_the_key_before_it_and_all_behind() {
        let damaged = packet(tag::MARKER, b"GPG");
        let contents = contents(&[REVOKED, WITH_SUBKEY, &damaged, WITH_SUBKEY].concat());
        assert_eq!(contents.copies.len(), 1);
        let key = copy(WITH_SUBKEY).primary.fingerprint().to_hex();
        let unusable = contents
            .unusable
            .iter()
            .map(|unusable| unusable.key.clone());
        assert_eq!(unusable.collect::<Vec<_>>(), [Some(key)]);
    }

    #[test]
    fn what_does_not_begin_with_a_packet_is_no_keyring() {
        assert!(read(b"no packet", "key file", ENGINE).is_err());
        assert!(read(b"", "key file", ENGINE).unwrap().holds_no_key());
    }

    #[test]
    fn a_certificate_has_so_many_parts_at_most() {
        let spoilt = |more: usize| {
            let user = packet(tag::USER_ID, b"a");
            copy(&[WITH_SUBKEY, &user.repeat(more)].concat()).spoilt
        };
        // User ID, subkey and a signature of each.
        let left = MAX_PARTS.saturating_sub(4);
        assert_eq!(spoilt(left), None);
        assert_eq!(spoilt(left.saturating_add(1)), Some(TOO_MANY_PARTS));
    }

    #[test]
    fn a_certificate_has_so_many_octets_at_most() {
        let rest = MAX_CERTIFICATE.saturating_sub(WITH_SUBKEY.len());
        for (octets, is_spoilt) in [(rest, false), (MAX_CERTIFICATE, true)] {
            let attribute = packet(tag::USER_ATTRIBUTE, &vec![1; octets]);
            let copy = copy(&[WITH_SUBKEY, &attribute].concat());
            assert_eq!(copy.spoilt.is_some(), is_spoilt, "{octets}");
        }
    }
}
