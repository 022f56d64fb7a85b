//! The keys of a keyring as gpg lists them.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use gpgme::{Context, Key, KeyAlgorithm, KeyListMode, Subkey, UserIdSignature};

use crate::engine::CryptoPolicy;
use crate::fingerprint::Fingerprint;
use crate::quote::visible;

/// The beginning of 2030-02-01 in seconds since the epoch: from then on, sequoia's standard policy
/// takes no DSA key of any size.
const LAST_OF_DSA: u64 = 1_896_134_400;

/// The smallest RSA or DSA key that [`CryptoPolicy::Standard`] lets count.
const SMALLEST_KEY_OF_STANDARD: usize = 2048;

/// The smallest RSA or DSA key that [`CryptoPolicy::GnuPg`] lets count.
const SMALLEST_KEY_OF_GNUPG: usize = 1024;

/// All primary keys and subkeys, by fingerprint.
#[derive(Debug, Default)]
pub(super) struct Listing {
    keys: HashMap<Fingerprint, ListedKey>,
    /// Primary keys that vouch for no user ID of their own, and so do not count.
    without_self_signature: HashSet<Fingerprint>,
    /// Keys that belong to more than one primary key.
    shared: HashSet<Fingerprint>,
}

/// A primary key or subkey.
#[derive(Clone, Debug)]
pub(super) struct ListedKey {
    /// Its primary key; itself if it is one.
    pub(super) primary: Fingerprint,
    /// A user ID of the primary key.
    pub(super) user_id: Option<String>,
    /// When it expires.
    pub(super) expires: Option<SystemTime>,
    algorithm: KeyAlgorithm,
    bits: usize,
}

impl Listing {
    /// Lists every key of the context's home directory, and lets gpg check the keys' own signatures: some builds
    /// of gpg 2.4 import a key that has none.
    pub(super) fn read(context: &mut Context) -> Result<Self, gpgme::Error> {
        context.set_key_list_mode(KeyListMode::LOCAL | KeyListMode::SIGS)?;
        let mut listing = Self::default();
        for key in context.keys()? {
            let key = key?;
            let Some(primary) = key.primary_key().as_ref().and_then(fingerprint) else {
                continue;
            };
            if !is_self_signed(&key, &primary) {
                listing.without_self_signature.insert(primary);
                continue;
            }
            let user_id = key
                .user_ids()
                .find_map(|user| user.id_raw().map(|id| visible(&id.to_string_lossy())));
            for subkey in key.subkeys() {
                let Some(fingerprint) = fingerprint(&subkey) else {
                    continue;
                };
                let known = listing.keys.get(&fingerprint);
                if known.is_some_and(|known| known.primary != primary) {
                    listing.shared.insert(fingerprint.clone());
                }
                // gpg goes by the first.
                listing
                    .keys
                    .entry(fingerprint)
                    .or_insert_with(|| ListedKey {
                        primary: primary.clone(),
                        user_id: user_id.clone(),
                        expires: subkey.expiration_time(),
                        algorithm: subkey.algorithm(),
                        bits: subkey.length(),
                    });
            }
        }
        Ok(listing)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether every key of `other` is in this listing.
    pub(super) fn has_keys_of(&self, other: &Self) -> bool {
        other.keys.keys().all(|key| self.keys.contains_key(key))
    }

    /// Whether gpg has imported this primary key without a good signature of its own over a user ID.
    pub(super) fn lacks_self_signature(&self, primary: &Fingerprint) -> bool {
        self.without_self_signature.contains(primary)
    }

    /// Whether this key belongs to more than one primary key, so that it does not say whose signature it is.
    pub(super) fn is_shared(&self, fingerprint: &Fingerprint) -> bool {
        self.shared.contains(fingerprint)
    }

    pub(super) fn key(&self, fingerprint: &Fingerprint) -> Option<&ListedKey> {
        self.keys.get(fingerprint)
    }
}

impl ListedKey {
    /// What makes the key too weak at `now`, in seconds since the epoch; `None` if it is good.
    pub(super) fn weakness(&self, policy: CryptoPolicy, now: u64) -> Option<String> {
        let dsa = match self.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaSign | KeyAlgorithm::RsaEncrypt => false,
            KeyAlgorithm::Dsa => true,
            _ => return None,
        };
        let weak = match policy {
            CryptoPolicy::Standard => {
                self.bits < SMALLEST_KEY_OF_STANDARD || (dsa && now >= LAST_OF_DSA)
            }
            CryptoPolicy::GnuPg => self.bits < SMALLEST_KEY_OF_GNUPG,
        };
        weak.then(|| format!("{}-bit {}", self.bits, if dsa { "DSA" } else { "RSA" }))
    }
}

/// Whether a user ID has a good certification, or the revocation of one, by the primary key itself.
fn is_self_signed(key: &Key, primary: &Fingerprint) -> bool {
    let is_own = |signature: &UserIdSignature<'_>| {
        signature
            .signer_key_id()
            .is_ok_and(|id| !id.is_empty() && primary.as_str().ends_with(id))
    };
    key.user_ids()
        .flat_map(|user_id| user_id.signatures())
        .any(|signature| is_own(&signature) && signature.status() == gpgme::Error::NO_ERROR)
}

fn fingerprint(key: &Subkey<'_>) -> Option<Fingerprint> {
    key.fingerprint().ok()?.parse().ok()
}
