//! What the packets of the key files show, and gpg does not list: when a signature over a key expires, whether a subkey
//! has signed its primary key, what a revocation says. Nothing of it is verified, so that it only ever tells people
//! more, or lets a key seem to end earlier.

use std::collections::{HashMap, HashSet};

use super::key_file::{fingerprint_of_version_4, public_part};
use crate::clock::Moment;
use crate::engine::KeyRevocation;
use crate::fingerprint::Fingerprint;
use crate::openpgp::issuer::{created, is_by_others, key_id};
use crate::openpgp::packet::{Packets, tag};
use crate::openpgp::revocation;
use crate::openpgp::signature::{SignaturePacket, is_back_signature, kind};
use crate::openpgp::subpacket::tag as subpacket;

/// What the packets of all key files show, by primary key or subkey.
#[derive(Debug, Default)]
pub(super) struct Shown {
    keys: HashMap<Fingerprint, ShownKey>,
    /// The primary keys of which a file holds secret key material.
    secret: HashSet<Fingerprint>,
}

/// What the packets show of a primary key or a subkey.
#[derive(Debug, Default)]
pub(super) struct ShownKey {
    /// When it says that it was made, in seconds since the epoch.
    pub(super) created: u64,
    /// When the first of the signatures about it expires that have not yet, in seconds since the epoch.
    pub(super) signature_expires: Option<u64>,
    /// When the newest signature was made that binds it, and whether it contains one by the key itself.
    binding: Option<(u32, bool)>,
    /// What each revocation of it says.
    revocations: Vec<KeyRevocation>,
}

/// The most revocations of a key that are remembered: of more than one, it is not known which one counts.
const MAX_REVOCATIONS: usize = 2;

impl Shown {
    /// Notes what the packets of one key file show at `now`, in seconds since the epoch.
    pub(super) fn note(&mut self, octets: &[u8], now: u64) {
        let mut primary = None;
        let mut current = None;
        let mut own = None;
        let mut packets = Packets::of(octets);
        while let Some(Ok(packet)) = packets.next() {
            match packet.tag {
                tag::PUBLIC_KEY | tag::SECRET_KEY | tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY => {
                    let public = public_part(&packet);
                    let key = public.as_deref().and_then(fingerprint_of_version_4);
                    if matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY) {
                        primary.clone_from(&key);
                        own = public.as_deref().and_then(key_id);
                    }
                    if let (tag::SECRET_KEY | tag::SECRET_SUBKEY, Some(primary)) =
                        (packet.tag, &primary)
                    {
                        self.secret.insert(primary.clone());
                    }
                    if let Some(key) = &key {
                        self.keys.entry(key.clone()).or_default().created = created(&packet.body);
                    }
                    current = key;
                }
                tag::SIGNATURE => {
                    let by_others = own.is_none_or(|own| is_by_others(&packet.body, own));
                    let shown = current.as_ref().and_then(|key| self.keys.get_mut(key));
                    if let Some(shown) = shown.filter(|_| !by_others) {
                        shown.note(&packet.body, now);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is shown of the key with this fingerprint.
    pub(super) fn key(&self, fingerprint: &Fingerprint) -> Option<&ShownKey> {
        self.keys.get(fingerprint)
    }

    /// Whether a file holds secret key material of the certificate with this primary key.
    pub(super) fn has_secret(&self, primary: &Fingerprint) -> bool {
        self.secret.contains(primary)
    }
}

impl ShownKey {
    /// Notes a signature about the key.
    fn note(&mut self, signature: &[u8], now: u64) {
        let Some(packet) = SignaturePacket::of(signature) else {
            return;
        };
        let seconds = |tag| {
            let octets = packet.hashed.first(tag)?.first_chunk::<4>()?;
            Some(u32::from_be_bytes(*octets))
        };
        let made = seconds(subpacket::CREATED);
        match packet.kind {
            kind::KEY_REVOCATION | kind::SUBKEY_REVOCATION => {
                let said = KeyRevocation {
                    at: made.map(|made| Moment::from_unix(made.into())),
                    reason: revocation::reason(packet.hashed),
                };
                if self.revocations.len() < MAX_REVOCATIONS && !self.revocations.contains(&said) {
                    self.revocations.push(said);
                }
                return;
            }
            kind::SUBKEY_BINDING => {
                let mut embedded = [packet.hashed, packet.unhashed]
                    .into_iter()
                    .flat_map(|area| area.all(subpacket::EMBEDDED_SIGNATURE));
                let binding = (made.unwrap_or(0), embedded.any(is_back_signature));
                // Of several that are equally new, the one that says less.
                self.binding = match self.binding {
                    Some((time, has_one)) if time == binding.0 => {
                        Some((time, has_one && binding.1))
                    }
                    known => known.max(Some(binding)),
                };
            }
            _ => {}
        }
        // As GnuPG computes it, in 32 bits.
        let expires = seconds(subpacket::EXPIRES)
            .filter(|validity| *validity > 0)
            .map(|validity| u64::from(made.unwrap_or(0).wrapping_add(validity)))
            .filter(|expires| *expires > now);
        self.signature_expires = match (self.signature_expires, expires) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Whether the newest signature that binds it contains one by the key itself, good or not.
    pub(super) fn has_back_signature(&self) -> bool {
        self.binding.is_some_and(|(_, has_one)| has_one)
    }

    /// What the revocation of the key says, which is known to be one, if there is only one that it can be.
    pub(super) fn revocation(&self) -> KeyRevocation {
        match self.revocations.as_slice() {
            [only] => only.clone(),
            _ => KeyRevocation::default(),
        }
    }
}
