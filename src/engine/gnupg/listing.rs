//! The keys of a keyring as gpg lists them, with their own signatures checked.

use std::collections::{HashMap, HashSet};

use crate::clock::Moment;
use crate::engine::CryptoPolicy;
use crate::fingerprint::{Fingerprint, KeyHandle};

/// All primary keys and subkeys, by fingerprint.
#[derive(Debug, Default)]
pub(in crate::engine) struct Listing {
    keys: HashMap<Fingerprint, ListedKey>,
    /// Primary keys that vouch for no user ID of their own, and so do not count.
    without_self_signature: HashSet<Fingerprint>,
    /// Keys that belong to more than one primary key.
    shared: HashSet<Fingerprint>,
    /// The keys of each primary key that are no other's, itself among them, in gpg's order.
    of_primary: HashMap<Fingerprint, Vec<Fingerprint>>,
}

/// A certificate as gpg lists it.
#[derive(Debug)]
pub(in crate::engine) struct ListedCertificate {
    /// The primary key's fingerprint.
    pub(in crate::engine) primary: Fingerprint,
    /// Whether a user ID has a good certification, or the revocation of one, by the primary key
    /// itself. Some builds of gpg 2.4 import a key that has none.
    pub(in crate::engine) is_self_signed: bool,
    /// Its first user ID, fit to be shown.
    pub(in crate::engine) user_id: Option<String>,
    /// The primary key and the subkeys, by fingerprint.
    pub(in crate::engine) keys: Vec<(Fingerprint, KeyFacts)>,
}

/// What gpg says of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct KeyFacts {
    /// When it was made, in seconds since the epoch.
    pub(in crate::engine) created: Option<u64>,
    /// When it expires, in seconds since the epoch.
    pub(in crate::engine) expires: Option<u64>,
    /// The number of its algorithm (RFC 9580, section 9.1).
    pub(in crate::engine) algorithm: u8,
    /// Its size in bits.
    pub(in crate::engine) bits: usize,
    /// The name that GnuPG has for its curve, if it has one.
    pub(in crate::engine) curve: Option<String>,
    /// Whether its key flags and its algorithm let it sign.
    pub(in crate::engine) may_sign: bool,
    /// Whether it is revoked, or its primary key is.
    pub(in crate::engine) is_revoked: bool,
    /// Whether nothing binds it to its primary key.
    pub(in crate::engine) is_invalid: bool,
}

/// A primary key or subkey.
#[derive(Clone, Debug)]
pub(in crate::engine) struct ListedKey {
    /// Its primary key; itself if it is one.
    pub(in crate::engine) primary: Fingerprint,
    /// A user ID of the primary key.
    pub(in crate::engine) user_id: Option<String>,
    /// What gpg says of it.
    pub(in crate::engine) facts: KeyFacts,
}

impl Listing {
    /// Adds a certificate, after those that gpg listed before it.
    pub(in crate::engine) fn add(&mut self, certificate: ListedCertificate) {
        let ListedCertificate {
            primary,
            is_self_signed,
            user_id,
            keys,
        } = certificate;
        if !is_self_signed {
            self.without_self_signature.insert(primary);
            return;
        }
        let mut all = Vec::new();
        for (fingerprint, facts) in keys {
            match self.keys.get(&fingerprint) {
                // A subkey that is there twice.
                Some(known) if known.primary == primary => {}
                Some(_) => {
                    self.shared.insert(fingerprint.clone());
                }
                None => all.push(fingerprint.clone()),
            }
            // gpg uses the first.
            self.keys.entry(fingerprint).or_insert_with(|| ListedKey {
                primary: primary.clone(),
                user_id: user_id.clone(),
                facts,
            });
        }
        self.of_primary.insert(primary, all);
    }

    /// Whether every key of `other` is in this listing.
    pub(in crate::engine) fn has_keys_of(&self, other: &Self) -> bool {
        other.keys.keys().all(|key| self.keys.contains_key(key))
    }

    /// Whether gpg has imported this primary key without a good signature of its own over a user ID.
    pub(in crate::engine) fn lacks_self_signature(&self, primary: &Fingerprint) -> bool {
        self.without_self_signature.contains(primary)
    }

    /// Whether this key belongs to more than one primary key, so that it does not say whose signature it is.
    pub(in crate::engine) fn is_shared(&self, fingerprint: &Fingerprint) -> bool {
        self.shared.contains(fingerprint)
    }

    /// The keys of this primary key that are no other's, itself among them, in gpg's order.
    pub(in crate::engine) fn keys_of(
        &self,
        primary: &Fingerprint,
    ) -> impl Iterator<Item = (&Fingerprint, &ListedKey)> {
        let all = self.of_primary.get(primary).into_iter().flatten();
        all.filter_map(|fingerprint| Some((fingerprint, self.keys.get(fingerprint)?)))
    }

    /// Every primary key and subkey, whether it counts or not.
    pub(in crate::engine) fn fingerprints(&self) -> impl Iterator<Item = &Fingerprint> {
        self.keys.keys().chain(&self.without_self_signature)
    }

    /// The key of this fingerprint.
    pub(in crate::engine) fn key(&self, fingerprint: &Fingerprint) -> Option<&ListedKey> {
        self.keys.get(fingerprint)
    }

    /// The one key that is named so, by its fingerprint or by its key ID.
    pub(in crate::engine) fn named(
        &self,
        handle: &KeyHandle,
    ) -> Option<(&Fingerprint, &ListedKey)> {
        let mut named = self
            .keys
            .iter()
            .filter(|(fingerprint, _)| fingerprint.is_named(handle));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    }
}

impl ListedKey {
    /// When the key expires.
    pub(in crate::engine) fn expires(&self) -> Option<Moment> {
        self.facts.expires.map(Moment::from_unix)
    }

    /// When the key expired, if it has at `now`, in seconds since the epoch.
    pub(in crate::engine) fn expired(&self, now: u64) -> Option<Moment> {
        self.facts
            .expires
            .filter(|expires| *expires <= now)
            .map(Moment::from_unix)
    }

    /// What makes the key too weak at `now`, in seconds since the epoch; `None` if it is good.
    pub(in crate::engine) fn weakness(&self, policy: CryptoPolicy, now: u64) -> Option<String> {
        let &KeyFacts {
            algorithm, bits, ..
        } = &self.facts;
        // The curve is not read: gpg calculates with those only that it knows.
        policy
            .weak_key(algorithm, bits, None, now)
            .then(|| match algorithm {
                1..=3 => format!("{bits}-bit RSA"),
                17 => format!("{bits}-bit DSA"),
                other => format!("the public-key algorithm {other}"),
            })
    }
}
