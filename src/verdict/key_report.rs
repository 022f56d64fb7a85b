//! What is known of the key files of a policy: who is trusted until when.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::digest::Digest;
use crate::engine::{KeyWarning, TrustedKey};
use crate::file::path_as_text_or_null;
use crate::fingerprint::Fingerprint;
use crate::policy::ScopeName;
use crate::verdict::{FileAccess, Reason, SigstoreKey, TrustKind, TrustedCertificate};

/// One key file of a policy (or one `keyData`), with the keys in it and what they are good for now: an element of what
/// [`Verifier::keys`](crate::Verifier::keys) returns.
///
/// A file that several key sources name is there once for each: what a key is good for depends on the other files of
/// its source, one of which may revoke it. It can be read back from its JSON, as a [`Report`](crate::Report) can.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyReport {
    /// The key file as the policy has it, or `keyData`; of several keys in the policy, `keyDatas[1]`, counted from 0.
    pub origin: String,
    /// What its keys are for; in JSON only if they are not OpenPGP's.
    #[serde(default, skip_serializing_if = "TrustKind::is_openpgp")]
    pub kind: TrustKind,
    /// The file, as it was opened; none for `keyData`.
    #[serde(serialize_with = "path_as_text_or_null")]
    pub file: Option<PathBuf>,
    /// Which requirements name it, in the order of [`Policy::scopes`](crate::Policy::scopes).
    pub uses: Vec<KeyUse>,
    /// The OpenPGP keys in it that are trusted: those first that end first.
    pub keys: Vec<KeyStatus>,
    /// The other keys in it, which have no end: those of sigstore signers, or of Rekor logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_keys: Vec<SigstoreKey>,
    /// The certificates in it, those first that end first: of authorities that vouch for signers, or of those between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<TrustedCertificate>,
    /// What was skipped in it, and why: also the keys that this engine cannot use.
    pub warnings: Vec<KeyWarning>,
    /// The SHA-256 of its bytes as they were read; none if they could not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Whether the file is not any more what it was when it was read.
    pub changed: bool,
    /// Who owns the file and who can write it; none for `keyData`, and where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<FileAccess>,
    /// Why no signature can satisfy a requirement with this file alone, if none can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Reason>,
}

/// The most keys of one file among which the one that takes over is looked for. The largest file of keys that is known
/// to be shipped has about a thousand.
const MAX_COMPARED: usize = 2048;

/// A requirement of a policy that names a key source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyUse {
    /// The scope.
    pub scope: ScopeName,
    /// The requirement's place in the scope's list, from 1.
    pub requirement: usize,
}

impl KeyUse {
    pub(crate) fn new(scope: ScopeName, requirement: usize) -> Self {
        Self { scope, requirement }
    }
}

/// A trusted key, and what it is good for at a given time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyStatus {
    /// What is known of it.
    #[serde(flatten)]
    pub key: TrustedKey,
    /// What it is good for now.
    pub state: KeyState,
    /// The last moment at which a signature by it can count, or could, if there is one: its
    /// [`TrustedKey::usable_until`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_until: Option<Moment>,
    /// The primary key in the same file that takes over when this one ends, if there is one: usable now, made later,
    /// with a later end, and of the same e-mail address where both have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<Fingerprint>,
}

/// What a trusted key is good for at a given time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// A signature by it can count.
    Usable,
    /// It has expired, or each of its keys that can sign has.
    Expired,
    /// It, or each of its keys that can sign, was made later than now.
    NotYetValid,
    /// It is revoked, or each of its keys that can sign is.
    Revoked,
    /// None of its keys can sign: they only certify or decrypt, are weak, or nothing binds them.
    CannotSign,
}

impl KeyState {
    /// What `key` is good for at `now`.
    #[must_use]
    pub fn of(key: &TrustedKey, now: Moment) -> Self {
        let over = |end: Option<Moment>| end.is_some_and(|end| end < now);
        let to_come = |created: Option<Moment>| created.is_some_and(|created| created > now);
        if key.revoked.is_some() {
            return Self::Revoked;
        }
        if to_come(key.created) {
            return Self::NotYetValid;
        }
        if key.signing_keys.is_empty() {
            return Self::CannotSign;
        }
        if !key.can_sign() {
            return Self::Revoked;
        }
        if over(key.expires) {
            return Self::Expired;
        }
        let not_revoked = key.signing_keys.iter().filter(|key| key.revoked.is_none());
        let states =
            not_revoked.map(
                |key| match (to_come(key.created), over(key.usable_until())) {
                    (false, false) => Self::Usable,
                    (_, true) => Self::Expired,
                    (true, false) => Self::NotYetValid,
                },
            );
        let states: Vec<Self> = states.collect();
        [Self::Usable, Self::NotYetValid]
            .into_iter()
            .find(|state| states.contains(state))
            .unwrap_or(Self::Expired)
    }
}

impl KeyStatus {
    /// The keys of one file at `now`, those first that end first.
    pub(crate) fn all(keys: Vec<TrustedKey>, now: Moment) -> Vec<Self> {
        let mut all: Vec<Self> = keys
            .into_iter()
            .map(|key| Self {
                state: KeyState::of(&key, now),
                usable_until: key.usable_until().filter(|_| key.can_sign()),
                successor: None,
                key,
            })
            .collect();
        // Each is compared with each.
        if all.len() <= MAX_COMPARED {
            let owners: Vec<Option<String>> = all.iter().map(Self::mail).collect();
            let successors: Vec<Option<Fingerprint>> = all
                .iter()
                .zip(&owners)
                .map(|(status, owner)| status.successor_in(owner.as_deref(), &all, &owners))
                .collect();
            for (status, successor) in all.iter_mut().zip(successors) {
                status.successor = successor;
            }
        }
        all.sort_by_key(|status| end_of(status.usable_until));
        all
    }

    /// Of the keys that can take over, the one that lasts longest.
    fn successor_in(
        &self,
        owner: Option<&str>,
        all: &[Self],
        owners: &[Option<String>],
    ) -> Option<Fingerprint> {
        let end = self.usable_until?;
        let takes_over = |(other, others): &(&Self, &Option<String>)| {
            other.state == KeyState::Usable
                && other.key.created > self.key.created
                && end_of(other.usable_until) > end_of(Some(end))
                && (owner.is_none() || others.is_none() || owner == others.as_deref())
        };
        let (last, _) = all
            .iter()
            .zip(owners)
            .filter(takes_over)
            .max_by_key(|(other, _)| end_of(other.usable_until))?;
        Some(last.key.fingerprint.clone())
    }

    /// The e-mail address that the key's user ID names.
    fn mail(&self) -> Option<String> {
        let (_, rest) = self.key.user_id.as_deref()?.rsplit_once('<')?;
        Some(rest.strip_suffix('>')?.to_lowercase())
    }
}

impl KeyReport {
    /// The reports, those first whose keys end first, after those that have none that counts.
    pub(crate) fn sort(reports: &mut [Self]) {
        reports.sort_by_key(|report| {
            let ends = report.keys.iter().filter(|status| status.key.can_sign());
            let without_end = (!report.public_keys.is_empty()).then(|| end_of(None));
            let ends = ends.map(|status| end_of(status.usable_until));
            let certificates = report.certificates.iter();
            let first = ends
                .chain(certificates.map(|certificate| end_of(Some(certificate.not_after))))
                .min();
            (report.problem.is_none(), first.or(without_end))
        });
    }
}

/// An end, to be sorted by: never comes last.
fn end_of(until: Option<Moment>) -> (bool, Option<Moment>) {
    (until.is_none(), until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{KeyRevocation, SigningKey};

    fn at(day: u8) -> Moment {
        format!("2026-01-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn fingerprint(digit: char) -> Fingerprint {
        digit.to_string().repeat(40).parse().unwrap()
    }

    fn key(digit: char, created: u8, until: Option<u8>) -> TrustedKey {
        let mut key = TrustedKey::new(fingerprint(digit), "a.gpg");
        key.created = Some(at(created));
        key.expires = until.map(at);
        key.signing_keys = vec![SigningKey::new(fingerprint(digit))];
        key
    }

    fn revoked(mut key: TrustedKey) -> TrustedKey {
        key.revoked = Some(KeyRevocation::default());
        key
    }

    #[test]
    fn the_state_is_what_the_verdict_would_be() {
        // A key of which nothing but a subkey can sign.
        let only = |set: fn(&mut SigningKey)| {
            let mut signing = SigningKey::new(fingerprint('F'));
            set(&mut signing);
            let mut key = key('A', 1, None);
            key.signing_keys = vec![signing];
            key
        };
        for (key, state) in [
            (key('A', 1, None), KeyState::Usable),
            (key('A', 10, None), KeyState::Usable),
            (key('A', 11, None), KeyState::NotYetValid),
            (key('A', 1, Some(10)), KeyState::Usable),
            (key('A', 1, Some(9)), KeyState::Expired),
            (revoked(key('A', 1, None)), KeyState::Revoked),
            (
                only(|signing| signing.revoked = Some(KeyRevocation::default())),
                KeyState::Revoked,
            ),
            (
                only(|signing| signing.expires = Some(at(9))),
                KeyState::Expired,
            ),
            (
                only(|signing| signing.counts_until = Some(at(9))),
                KeyState::Expired,
            ),
            (
                only(|signing| signing.created = Some(at(11))),
                KeyState::NotYetValid,
            ),
            (
                TrustedKey::new(fingerprint('A'), "a.gpg"),
                KeyState::CannotSign,
            ),
        ] {
            assert_eq!(KeyState::of(&key, at(10)), state, "{key:?}");
        }
    }

    #[test]
    fn the_key_that_takes_over_is_a_newer_one_of_the_same_owner() {
        let owned = |mut key: TrustedKey, owner: &str| {
            key.user_id = Some(owner.to_owned());
            key
        };
        let old = || owned(key('A', 1, Some(9)), "Shop 2025 <shop@example.org>");
        let new = || owned(key('B', 5, Some(20)), "Shop 2026 <SHOP@example.org>");
        let successor = |other: TrustedKey| {
            let all = KeyStatus::all(vec![other, old()], at(10));
            assert_eq!(all[0].key.fingerprint, fingerprint('A'));
            all[0].successor.clone()
        };
        assert_eq!(successor(new()), Some(fingerprint('B')));
        assert_eq!(successor(owned(new(), "Shop")), Some(fingerprint('B')));
        assert_eq!(successor(owned(new(), "X <x@example.org>")), None);
        // Older, though it lasts longer; and one that is no good itself.
        assert_eq!(successor(key('B', 1, Some(20))), None);
        assert_eq!(successor(revoked(new())), None);
    }
}
