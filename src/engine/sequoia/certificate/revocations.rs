//! The revocations of primary keys in the key files, and who may have made them.
//!
//! A revocation counts by its signature and not by its place: it may be anywhere in the files. They are found by name,
//! so that a keyring of many keys does not try each revocation with each key.

use std::collections::{HashMap, HashSet};

use sequoia_openpgp as openpgp;

use openpgp::packet::key::{Key, PublicParts, UnspecifiedRole};

use super::Certificate;
use super::judge::Revocation;
use super::keyblock::PrimaryKey;
use super::read::KeyRevocation;
use super::verification::{of_age, over_primary};
use crate::engine::sequoia::algorithms::can_calculate;
use crate::engine::sequoia::release::RELEASES;
use crate::engine::sequoia::signature::Signature;

/// How many revocations are tried out for one primary key. GnuPG calculates only with those that name the
/// key or a revoker; a key that has more than this of them that are not good is not used.
const MAX_ATTEMPTS: usize = 256;

/// How many of the issuers that a signature names are looked up, besides the two that count for GnuPG.
const MAX_ISSUERS: usize = 8;

/// Too many signatures claim to revoke a key, but do not.
#[derive(Debug)]
pub(crate) struct TooMany;

/// All revocations of primary keys, and all keys.
#[derive(Debug)]
pub(crate) struct Revocations<'a> {
    /// By the key among whose packets they were.
    within: HashMap<&'a openpgp::Fingerprint, Vec<&'a Signature>>,
    /// By each key that they name as their issuer.
    by_issuer: HashMap<openpgp::KeyID, Vec<&'a Signature>>,
    /// Every primary key and subkey, for those that were appointed to revoke another.
    keys: HashMap<openpgp::Fingerprint, &'a Key<PublicParts, UnspecifiedRole>>,
}

impl<'a> Revocations<'a> {
    pub(crate) fn new(all: &'a [KeyRevocation], certificates: &'a [Certificate]) -> Self {
        let mut revocations = Self {
            within: HashMap::new(),
            by_issuer: HashMap::new(),
            keys: HashMap::new(),
        };
        for KeyRevocation { signature, within } in all {
            if let Some(within) = within {
                let beside = revocations.within.entry(within).or_default();
                beside.push(signature);
            }
            for issuer in issuers(signature) {
                let by = revocations.by_issuer.entry(issuer).or_default();
                by.push(signature);
            }
        }
        for certificate in certificates {
            let primary = certificate.primary.role_as_unspecified();
            let subkeys = certificate.subkeys.iter();
            let subkeys = subkeys.map(|subkey| subkey.key.role_as_unspecified());
            for key in std::iter::once(primary).chain(subkeys) {
                revocations.keys.entry(key.fingerprint()).or_insert(key);
            }
        }
        revocations
    }

    /// A good revocation of this primary key, by itself or by one of `revokers`, whom it has appointed.
    ///
    /// # Errors
    ///
    /// [`TooMany`].
    pub(crate) fn of(
        &self,
        primary: &PrimaryKey,
        revokers: &HashSet<openpgp::Fingerprint>,
    ) -> Result<Option<Revocation>, TooMany> {
        let mut attempts = MAX_ATTEMPTS;
        let fingerprint = primary.fingerprint();
        let own = primary.role_as_unspecified();
        let within = self.within.get(&fingerprint);
        let by_itself = within.into_iter().chain(self.by(&fingerprint)).flatten();
        let by_itself = by_itself.map(|signature| (own, signature));
        let by_others = revokers.iter().filter_map(|revoker| {
            let by = self.by(revoker).into_iter().flatten();
            let key = *self.keys.get(revoker)?;
            Some(by.map(move |signature| (key, signature)))
        });
        // One may be there and name its issuer.
        let mut tried = HashSet::new();
        for (key, signature) in by_itself.chain(by_others.flatten()) {
            if signature.uses_md5()
                || !tried.insert((key.fingerprint(), std::ptr::from_ref(*signature)))
            {
                continue;
            }
            attempts = attempts.checked_sub(1).ok_or(TooMany)?;
            // The signature of a revoker that this build cannot calculate with counts as made.
            let can_tell = can_calculate(key) && signature.hash_algorithm().is_supported();
            let by_another = key.fingerprint() != fingerprint;
            let made = of_age(signature, key) && over_primary(signature, key, primary);
            if made || by_another && !can_tell {
                return Ok(Some(Revocation::of(signature)));
            }
        }
        Ok(None)
    }

    fn by(&self, issuer: &openpgp::Fingerprint) -> Option<&Vec<&'a Signature>> {
        self.by_issuer.get(&openpgp::KeyID::from(issuer))
    }
}

/// Whom the signature names as its issuer, for any release of GnuPG or in another place.
fn issuers(signature: &Signature) -> HashSet<openpgp::KeyID> {
    let named = signature.issuers().into_iter().take(MAX_ISSUERS);
    let known = RELEASES.iter();
    let known = known.filter_map(|release| signature.issuer_in(*release));
    named.map(openpgp::KeyID::from).chain(known).collect()
}
