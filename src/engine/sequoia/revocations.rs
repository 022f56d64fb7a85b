//! The revocations of primary keys that stand in the key files, and who may have made them.
//!
//! A revocation counts by its signature and not by its place: it may stand anywhere in the files. So
//! that a keyring of many keys does not try each revocation with each key, they are found by name.

use std::collections::HashMap;

use sequoia_openpgp as openpgp;

use openpgp::packet::key::{Key, PublicParts, UnspecifiedRole};

use super::algorithms::can_calculate;
use super::certificates::{Certificate, PrimaryKey};
use super::placement::uses_md5;
use super::reader::KeyRevocation;
use super::selfsigs::Revocation;
use super::signature::Signature;
use super::verification::over_primary;

/// All revocations of primary keys, and all keys.
#[derive(Debug)]
pub(super) struct Revocations<'a> {
    /// By the key among whose packets they stood.
    within: HashMap<&'a openpgp::Fingerprint, Vec<&'a Signature>>,
    /// By each key that they name as their issuer.
    by_issuer: HashMap<openpgp::KeyID, Vec<&'a Signature>>,
    /// Every primary key and subkey, for those that were appointed to revoke another.
    keys: HashMap<openpgp::Fingerprint, &'a Key<PublicParts, UnspecifiedRole>>,
}

impl<'a> Revocations<'a> {
    pub(super) fn new(all: &'a [KeyRevocation], certificates: &'a [Certificate]) -> Self {
        let mut revocations = Self {
            within: HashMap::new(),
            by_issuer: HashMap::new(),
            keys: HashMap::new(),
        };
        for KeyRevocation { signature, within } in all {
            if let Some(within) = within {
                revocations
                    .within
                    .entry(within)
                    .or_default()
                    .push(signature);
            }
            for issuer in signature.issuers() {
                let issuer = openpgp::KeyID::from(issuer);
                revocations
                    .by_issuer
                    .entry(issuer)
                    .or_default()
                    .push(signature);
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
    pub(super) fn of(
        &self,
        primary: &PrimaryKey,
        revokers: &[openpgp::Fingerprint],
    ) -> Option<Revocation> {
        let fingerprint = primary.fingerprint();
        let names = std::iter::once(&fingerprint).chain(revokers);
        let named = names.filter_map(|name| self.by_issuer.get(&openpgp::KeyID::from(name)));
        let within = self.within.get(&fingerprint);
        let mut candidates = within.into_iter().chain(named).flatten();
        candidates
            .find(|signature| {
                !uses_md5(signature)
                    && (over_primary(signature, primary, primary)
                        || self.by_revoker(signature, primary, revokers))
            })
            .map(|signature| Revocation::of(signature))
    }

    /// Whether one of the appointed revokers made this revocation. The signature of one that this build
    /// cannot calculate with counts as made.
    fn by_revoker(
        &self,
        signature: &Signature,
        primary: &PrimaryKey,
        revokers: &[openpgp::Fingerprint],
    ) -> bool {
        let issuers = signature.issuers();
        let mut keys = revokers.iter().filter_map(|revoker| self.keys.get(revoker));
        keys.any(|key| {
            let name = key.key_handle();
            let is_issuer = || issuers.iter().any(|issuer| issuer.aliases(&name));
            let can_tell = can_calculate(key) && signature.hash_algorithm().is_supported();
            over_primary(signature, key, primary) || !can_tell && is_issuer()
        })
    }
}
