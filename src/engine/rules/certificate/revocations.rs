//! The revocations of primary keys in the key files, and who may have made them.
//!
//! A revocation counts by its signature and not by its place: it may be anywhere in the files. They are found by name,
//! so that a keyring of many keys does not try each revocation with each key.

use std::collections::{HashMap, HashSet};

use super::Certificate;
use super::judge::Revocation;
use super::read::KeyRevocation;
use super::verification::{of_age, over_primary};
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::{can_calculate, leaves_out_hash};
use crate::engine::rules::release::RELEASES;
use crate::engine::rules::signature::Signature;
use crate::openpgp::handle::{KeyFingerprint, KeyId};
use crate::openpgp::key::PublicKey;

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
    backend: &'a dyn Backend,
    /// By the key among whose packets they were.
    within: HashMap<KeyFingerprint, Vec<&'a Signature>>,
    /// By each key that they name as their issuer.
    by_issuer: HashMap<KeyId, Vec<&'a Signature>>,
    /// Every primary key and subkey, for those that were appointed to revoke another.
    keys: HashMap<KeyFingerprint, &'a PublicKey>,
}

impl<'a> Revocations<'a> {
    pub(crate) fn new(
        backend: &'a dyn Backend,
        all: &'a [KeyRevocation],
        certificates: &'a [Certificate],
    ) -> Self {
        let mut revocations = Self {
            backend,
            within: HashMap::new(),
            by_issuer: HashMap::new(),
            keys: HashMap::new(),
        };
        for KeyRevocation { signature, within } in all {
            // Case: revocations-issuer-none
            if let Some(within) = within {
                let beside = revocations.within.entry(*within).or_default();
                beside.push(signature);
            }
            // Cases: revocations-behind-other-key, key-structure-revocation-before-key
            for issuer in issuers(signature) {
                let by = revocations.by_issuer.entry(issuer).or_default();
                by.push(signature);
            }
        }
        for certificate in certificates {
            let primary = &certificate.primary;
            let subkeys = certificate.subkeys.iter();
            let subkeys = subkeys.map(|subkey| &subkey.key);
            // Case: revocations-revoker-subkey
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
        primary: &PublicKey,
        revokers: &HashSet<KeyFingerprint>,
    ) -> Result<Option<Revocation>, TooMany> {
        let mut attempts = MAX_ATTEMPTS;
        let fingerprint = primary.fingerprint();
        let within = self.within.get(&fingerprint);
        let by_itself = within.into_iter().chain(self.by(fingerprint)).flatten();
        let by_itself = by_itself.map(|signature| (primary, signature));
        // Case: keys-revoker-present
        let by_others = revokers.iter().filter_map(|revoker| {
            let by = self.by(*revoker).into_iter().flatten();
            let key = *self.keys.get(revoker)?;
            Some(by.map(move |signature| (key, signature)))
        });
        // One may be there and name its issuer.
        let mut tried = HashSet::new();
        for (key, signature) in by_itself.chain(by_others.flatten()) {
            // Case: revocations-md5
            if signature.uses_md5()
                || !tried.insert((key.fingerprint(), std::ptr::from_ref(*signature)))
            {
                continue;
            }
            // Test: a_key_may_have_so_many_that_are_not_good
            attempts = attempts.checked_sub(1).ok_or(TooMany)?;
            // The signature of a revoker that this build cannot calculate with counts as made.
            // Case: key-structure-revoker-secp256k1
            let can_tell =
                can_calculate(self.backend, key) && self.backend.hashes(signature.hash_algorithm());
            let by_another = key.fingerprint() != fingerprint;
            // Case: revocations-before-key
            let made =
                of_age(signature, key) && over_primary(self.backend, signature, key, primary);
            // Nor is one of the key's own passed over.
            // Test: a_revocation_that_cannot_be_checked_counts
            let left_out = leaves_out_hash(self.backend, signature.form());
            if made || left_out || by_another && !can_tell {
                return Ok(Some(Revocation::of(signature)));
            }
        }
        Ok(None)
    }

    fn by(&self, issuer: KeyFingerprint) -> Option<&Vec<&'a Signature>> {
        self.by_issuer.get(&issuer.key_id())
    }
}

/// Whom the signature names as its issuer, for any release of GnuPG or in another place.
fn issuers(signature: &Signature) -> HashSet<KeyId> {
    // Test: whom_a_signature_names_in_many_ways_is_looked_up_in_bounds
    let named = signature.issuers().into_iter().take(MAX_ISSUERS);
    let known = RELEASES.iter();
    // Case: revocations-in-other-file-of-version-5
    let known = known.filter_map(|release| signature.issuer_in(*release));
    named.map(|issuer| issuer.key_id()).chain(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::crafted::{
        REVOKED, REVOKED_BY_NOBODY, WITH_SUBKEY, contents, copy, over_sha1, packet,
    };
    use crate::engine::rules::tests::{BACKEND, FAILING, WITHOUT_SHA1};
    use crate::openpgp::signature::kind;

    fn revocation() -> Signature {
        contents(REVOKED).key_revocations.remove(0).signature
    }

    /// Whether the signatures revoke the key; each stands `within` a key, or nowhere.
    fn revokes(
        signatures: &[Signature],
        within: Option<&PublicKey>,
        primary: &PublicKey,
    ) -> Result<bool, TooMany> {
        revokes_on(BACKEND, signatures, within, primary)
    }

    fn revokes_on(
        backend: &dyn Backend,
        signatures: &[Signature],
        within: Option<&PublicKey>,
        primary: &PublicKey,
    ) -> Result<bool, TooMany> {
        let all: Vec<KeyRevocation> = signatures
            .iter()
            .map(|signature| KeyRevocation {
                signature: signature.clone(),
                within: within.map(|key| key.fingerprint()),
            })
            .collect();
        let revocations = Revocations::new(backend, &all, &[]);
        let found = revocations.of(primary, &HashSet::new())?;
        Ok(found.is_some())
    }

    #[test]
    fn a_revocation_counts_wherever_it_stands() {
        let (revoked, other) = (copy(REVOKED).primary, copy(WITH_SUBKEY).primary);
        for within in [None, Some(&revoked), Some(&other)] {
            assert!(revokes(&[revocation()], within, &revoked).unwrap());
            assert!(!revokes(&[revocation()], within, &other).unwrap());
        }
    }

    #[test]
    fn a_revocation_that_names_nobody_counts_beside_its_key_only() {
        let mut contents = contents(REVOKED_BY_NOBODY);
        let revocation = contents.key_revocations.remove(0).signature;
        let revoked = &contents.copies[0].primary;
        assert!(issuers(&revocation).is_empty());
        let revocation = [revocation];
        assert!(revokes(&revocation, Some(revoked), revoked).unwrap());
        assert!(!revokes(&revocation, None, revoked).unwrap());
    }

    #[test]
    fn a_revocation_over_which_the_library_fails_counts() {
        let revoked = copy(REVOKED).primary;
        let found = revokes_on(FAILING, &[revocation()], Some(&revoked), &revoked);
        assert!(found.unwrap());
    }

    /// It is not good; but who knows.
    #[test]
    fn a_revocation_that_cannot_be_checked_counts() {
        let (primary, other) = (copy(WITH_SUBKEY).primary, copy(REVOKED).primary);
        let forged = [Signature::parse(&over_sha1(kind::KEY_REVOCATION)).unwrap()];
        for (backend, within, counts) in [
            (BACKEND, Some(&primary), false),
            (WITHOUT_SHA1, Some(&primary), true),
            (WITHOUT_SHA1, Some(&other), false),
            (WITHOUT_SHA1, None, false),
        ] {
            let found = revokes_on(backend, &forged, within, &primary);
            assert_eq!(found.unwrap(), counts, "{backend:?}");
        }
    }

    #[test]
    fn a_key_may_have_so_many_that_are_not_good() {
        let revoked = copy(REVOKED).primary;
        let forged = |count: usize| -> Vec<Signature> {
            let one = packet(kind::KEY_REVOCATION, &[&[2, 0x70, 0, 0, 0]], &[], 0x81);
            vec![Signature::parse(&one).unwrap(); count]
        };
        assert!(!revokes(&forged(MAX_ATTEMPTS), Some(&revoked), &revoked).unwrap());
        let one_more = forged(MAX_ATTEMPTS.saturating_add(1));
        assert!(revokes(&one_more, Some(&revoked), &revoked).is_err());
        // Those that stand elsewhere and name nobody are not even tried.
        assert!(!revokes(&one_more, None, &revoked).unwrap());
    }

    #[test]
    fn whom_a_signature_names_in_many_ways_is_looked_up_in_bounds() {
        let names: Vec<Vec<u8>> = (0..20)
            .map(|id| vec![16, id, 0, 0, 0, 0, 0, 0, 1])
            .collect();
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        let many = Signature::parse(&packet(kind::KEY_REVOCATION, &names, &[], 0x81)).unwrap();
        assert_eq!(issuers(&many).len(), MAX_ISSUERS);
    }
}
