//! What is known of a key that a keyring trusts.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::fingerprint::Fingerprint;

/// A key that a keyring trusts: a certificate, with its primary key and what of it can sign.
///
/// Everything but the fingerprint and the origin is for people, and for looking ahead: whether a signature counts is
/// for the keyring to say, at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrustedKey {
    /// The primary key's fingerprint.
    pub fingerprint: Fingerprint,
    /// Where the key was read from: the [`KeyMaterial::origin`](super::KeyMaterial::origin).
    pub origin: String,
    /// A user ID of the key, with control characters replaced, if it has one. Not verified by
    /// anybody: for people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When the primary key says that it was made, if the engine knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Moment>,
    /// When the primary key expires or has expired, if it does and the engine knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// The primary key's algorithm and size, if the engine knows: `Ed25519`, `RSA 4096`, `ECDSA NIST P-256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// What makes the primary key too weak for [`CryptoPolicy::Standard`](super::CryptoPolicy::Standard), if it is, such
    /// as `1024-bit RSA`: by that policy nothing that it or a subkey signs counts. The engines on GnuPG do not judge
    /// curves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<String>,
    /// That the primary key is revoked, if it is: then nothing that it or a subkey signs counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<KeyRevocation>,
    /// The keys of the certificate whose signatures can count, now or at another time: the primary key, subkeys, or
    /// both, in the order of the certificate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signing_keys: Vec<SigningKey>,
    /// Whether the key file holds secret key material of the certificate, which has no business there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_secret: bool,
}

/// A key of a certificate that can sign: its primary key or a subkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SigningKey {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// When it says that it was made, if the engine knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Moment>,
    /// When it expires or has expired, if it does and the engine knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// The last moment at which it counts for other reasons than its expiry, if there is one: a signature that binds it
    /// to its primary key expires, or the cryptographic policy does not take its algorithm for longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_until: Option<Moment>,
    /// That it or its primary key is revoked, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<KeyRevocation>,
}

/// That a key is revoked, with what the revocation says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyRevocation {
    /// When it was made, if that is known. The key counts for nothing at any time, before it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// The reason that it gives (RFC 9580, section 5.2.3.31), with control characters replaced, if it gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl TrustedKey {
    /// A key with this primary fingerprint, read from `origin`, of which nothing else is known yet. What an engine knows
    /// besides, it puts into the fields.
    #[must_use]
    pub fn new(fingerprint: Fingerprint, origin: impl Into<String>) -> Self {
        Self {
            fingerprint,
            origin: origin.into(),
            user_id: None,
            created: None,
            expires: None,
            algorithm: None,
            weakness: None,
            revoked: None,
            signing_keys: Vec::new(),
            has_secret: false,
        }
    }

    /// The key of the certificate that can sign and has this fingerprint.
    #[must_use]
    pub fn signing_key(&self, fingerprint: &Fingerprint) -> Option<&SigningKey> {
        self.signing_keys
            .iter()
            .find(|key| key.fingerprint == *fingerprint)
    }

    /// Whether a signature by the certificate can count at some time: one of its keys can sign, and neither that nor
    /// the primary key is revoked.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.revoked.is_none() && self.signing_keys.iter().any(|key| key.revoked.is_none())
    }

    /// The last moment at which a signature by the certificate can count, or could: the latest end of its keys that can
    /// sign, and no later than the primary key's own. `None` if there is no such end, which says nothing of a
    /// certificate that [cannot sign](Self::can_sign).
    #[must_use]
    pub fn usable_until(&self) -> Option<Moment> {
        let not_revoked = |key: &&SigningKey| key.revoked.is_none();
        let live = self.signing_keys.iter().filter(not_revoked);
        let latest = live
            .map(SigningKey::usable_until)
            .reduce(|one, other| Some(one?.max(other?)));
        earlier(self.expires, latest.flatten())
    }
}

impl SigningKey {
    /// A key with this fingerprint, of which nothing else is known yet.
    #[must_use]
    pub fn new(fingerprint: Fingerprint) -> Self {
        Self {
            fingerprint,
            created: None,
            expires: None,
            counts_until: None,
            revoked: None,
        }
    }

    /// The last moment at which the key itself counts, if there is one; the primary key may end before.
    #[must_use]
    pub fn usable_until(&self) -> Option<Moment> {
        earlier(self.expires, self.counts_until)
    }
}

fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Moment {
        format!("2026-01-{day}T00:00:00Z").parse().unwrap()
    }

    fn fingerprint(digit: &str) -> Fingerprint {
        digit.repeat(40).parse().unwrap()
    }

    fn key(keys: &[SigningKey]) -> TrustedKey {
        let mut key = TrustedKey::new(fingerprint("A"), "a.gpg");
        key.signing_keys = keys.to_vec();
        key
    }

    #[test]
    fn the_latest_end_of_a_key_that_can_sign_counts_and_the_primary_key_s_own() {
        let endless = || SigningKey::new(fingerprint("B"));
        let until = |day| SigningKey {
            expires: Some(at(day)),
            ..endless()
        };
        let but_counts_until = |expires, day| SigningKey {
            counts_until: Some(at(day)),
            ..until(expires)
        };
        let revoked = || SigningKey {
            revoked: Some(KeyRevocation::default()),
            ..endless()
        };
        for (keys, of_primary, usable) in [
            (vec![endless()], None, None),
            (vec![endless()], Some("09"), Some("09")),
            (vec![until("05")], None, Some("05")),
            (vec![until("05"), until("07")], None, Some("07")),
            (vec![until("05"), endless()], None, None),
            (vec![endless(), until("05")], Some("06"), Some("06")),
            (vec![until("05"), until("07")], Some("06"), Some("06")),
            (vec![until("05"), revoked()], None, Some("05")),
            (vec![but_counts_until("05", "04")], None, Some("04")),
            (vec![but_counts_until("05", "06")], None, Some("05")),
        ] {
            let mut key = key(&keys);
            key.expires = of_primary.map(at);
            assert!(key.can_sign());
            assert_eq!(key.usable_until(), usable.map(at), "{key:?}");
        }
        for key in [
            key(&[]),
            key(&[revoked()]),
            TrustedKey {
                revoked: Some(KeyRevocation::default()),
                ..key(&[endless()])
            },
        ] {
            assert!(!key.can_sign(), "{key:?}");
        }
    }
}
