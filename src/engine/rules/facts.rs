//! What is known of a trusted key, for people and for looking ahead, by the rules of the verdict.

use super::Backend;
use super::algorithms::{is_weak, key_name};
use super::certificate::judge::Revocation;
use super::certificate::trusted::{TrustedCertificate, fingerprint, moment};
use super::verdict::Candidate;
use crate::clock::Moment;
use crate::engine::{CryptoPolicy, KeyRevocation, SigningKey, TrustedKey};
use crate::openpgp::algorithm::{self, Curve};
use crate::openpgp::key::PublicKey;
use crate::text::quote::visible;

impl TrustedCertificate {
    /// What is known of the certificate as a whole.
    pub(super) fn trusted_key(&self, backend: &dyn Backend, now: u32) -> TrustedKey {
        let certificate = &self.certificate;
        let primary = &certificate.primary;
        let state = certificate.primary_state(now);
        let owner = certificate.user_id.as_ref();
        let mut key = TrustedKey::new(self.fingerprint.clone(), certificate.origin.clone());
        key.created = Some(moment(primary.created()));
        key.algorithm = Some(algorithm_of(primary));
        key.user_id = owner.map(|id| visible(&String::from_utf8_lossy(id)));
        key.expires = state.and_then(|state| state.expires).map(moment);
        key.weakness =
            is_weak(primary, CryptoPolicy::Standard, now).then(|| key_name(backend, primary));
        key.revoked = self.revocation.as_ref().map(known);
        key.has_secret = certificate.has_secret;
        key
    }
}

impl Candidate<'_> {
    /// What is known of the key, if its signatures can count at all.
    pub(super) fn signing_key(&self, policy: CryptoPolicy, now: u32) -> Option<SigningKey> {
        if !self.can_sign(policy, now) {
            return None;
        }
        let certificate = &self.holder.certificate;
        let index = self.subkey.map(|(index, _)| index);
        let expires = match index {
            Some(index) => certificate.subkey_state(index, now)?.expires,
            None => certificate.primary_state(now)?.expires,
        };
        let of_itself = self
            .subkey
            .and_then(|(_, subkey)| subkey.revocation.as_ref());
        let mut key = SigningKey::new(fingerprint(self.key)?);
        key.created = Some(moment(self.key.created()));
        key.expires = expires.map(moment);
        key.counts_until = self.counts_until(policy, now);
        key.revoked = of_itself.or(self.holder.revocation.as_ref()).map(known);
        Some(key)
    }

    /// The last moment before a signature that gives the key its state expires, or its algorithm ends.
    fn counts_until(&self, policy: CryptoPolicy, now: u32) -> Option<Moment> {
        let certificate = &self.holder.certificate;
        let index = self.subkey.map(|(index, _)| index);
        let changes = certificate.changes_at(index, now);
        let last = changes.map(|at| moment(at.saturating_sub(1)));
        let algorithms = [self.key.algorithm(), certificate.primary.algorithm()];
        let ends = algorithms
            .into_iter()
            .filter_map(|algorithm| policy.last_second(algorithm.number()))
            .map(Moment::from_unix);
        last.into_iter().chain(ends).min()
    }
}

/// What a revocation says.
fn known(revocation: &Revocation) -> KeyRevocation {
    KeyRevocation {
        at: revocation.created.map(moment),
        reason: revocation.reason.clone(),
    }
}

/// The algorithm and size of a key, in the words of all engines.
fn algorithm_of(key: &PublicKey) -> String {
    let curve = key.material().curve().map(Curve::name);
    let bits = key.material().bits().unwrap_or(0);
    algorithm::name(key.algorithm().number(), bits, curve.as_deref())
}
