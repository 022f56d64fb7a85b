//! What is known of a trusted key, for people and for looking ahead: what gpg lists of it, and what the key file shows.

use super::listing::{ListedKey, Listing};
use super::shown::{Shown, ShownKey};
use crate::clock::Moment;
use crate::engine::{CryptoPolicy, KeyRevocation, SigningKey, TrustedKey};
use crate::fingerprint::Fingerprint;
use crate::openpgp::algorithm::{self, curve_of_gpg};

/// What the facts are taken from.
pub(super) struct Facts<'a> {
    /// The keys as gpg lists them.
    pub(super) listing: &'a Listing,
    /// What the key files show.
    pub(super) shown: &'a Shown,
    /// Which algorithms are good enough.
    pub(super) crypto_policy: CryptoPolicy,
    /// When, in seconds since the epoch.
    pub(super) now: u64,
}

impl Facts<'_> {
    /// What is known of this certificate. One that was made in the future, gpg does not list.
    pub(super) fn trusted_key(&self, primary: Fingerprint, origin: String) -> TrustedKey {
        let has_secret = self.shown.has_secret(&primary);
        let shown = self.shown.key(&primary);
        let listed = self.listing.key(&primary);
        let mut key = TrustedKey::new(primary.clone(), origin);
        key.created = listed
            .and_then(|listed| listed.facts.created)
            .or(shown.map(|shown| shown.created))
            .map(Moment::from_unix);
        key.has_secret = has_secret;
        let Some(listed) = listed else {
            return key;
        };
        key.user_id.clone_from(&listed.user_id);
        key.expires = listed.expires();
        key.algorithm = Some(algorithm::name(
            listed.facts.algorithm,
            listed.facts.bits,
            listed.facts.curve.as_deref().map(curve_of_gpg),
        ));
        key.weakness = listed.weakness(CryptoPolicy::Standard, self.now);
        key.revoked = listed.facts.is_revoked.then(|| revocation(shown));
        let all = self.listing.keys_of(&primary);
        let signing = all.filter_map(|(fingerprint, _)| {
            let of_primary = key.revoked.as_ref();
            self.signing_key(fingerprint, listed, shown, of_primary)
        });
        let signing: Vec<SigningKey> = signing.collect();
        key.signing_keys = signing;
        key
    }

    /// What is known of one key of a certificate, if its signatures can count at all; `None` if not.
    fn signing_key(
        &self,
        fingerprint: &Fingerprint,
        primary: &ListedKey,
        shown_primary: Option<&ShownKey>,
        revoked: Option<&KeyRevocation>,
    ) -> Option<SigningKey> {
        let listed = self.listing.key(fingerprint)?;
        let shown = self.shown.key(fingerprint);
        let is_primary = *fingerprint == listed.primary;
        let is_weak = |key: &ListedKey| key.weakness(self.crypto_policy, self.now).is_some();
        if !listed.facts.may_sign
            || listed.facts.is_invalid
            || self.listing.is_shared(fingerprint)
            || is_weak(listed)
            || is_weak(primary)
            || !(is_primary || shown.is_some_and(ShownKey::has_back_signature))
        {
            return None;
        }
        let mut key = SigningKey::new(fingerprint.clone());
        key.created = listed.facts.created.map(Moment::from_unix);
        key.expires = listed.expires();
        let algorithms = [listed.facts.algorithm, primary.facts.algorithm];
        let ends = algorithms
            .into_iter()
            .filter_map(|algorithm| self.crypto_policy.last_second(algorithm));
        key.counts_until = [shown, shown_primary]
            .into_iter()
            .filter_map(|shown| Some(shown?.signature_expires?.saturating_sub(1)))
            .chain(ends)
            .min()
            .map(Moment::from_unix);
        key.revoked = match (revoked, listed.facts.is_revoked) {
            // gpg says it of the subkeys of a revoked key, too.
            (Some(revoked), _) => Some(revoked.clone()),
            (None, true) => Some(revocation(shown)),
            (None, false) => None,
        };
        Some(key)
    }
}

fn revocation(shown: Option<&ShownKey>) -> KeyRevocation {
    shown.map_or_else(KeyRevocation::default, ShownKey::revocation)
}
