//! The verdict: what gpg says in its status lines, and what is in the message, must agree.

use std::collections::HashMap;

use super::failure::failed;
use super::listing::{ListedKey, Listing};
use super::operations::{Said, VERIFY};
use super::status::{Status, code, error_text};
use super::unusable::UnusableKeys;
use crate::clock::Moment;
use crate::engine::crypto_policy::table::{hash, hash_name};
use crate::engine::keyring::SHARED_KEY;
use crate::engine::unsupported::Unsupported;
use crate::engine::{
    CryptoPolicy, EngineError, EngineKind, KeyRevocation, KeyringError, Proven, Refusal,
};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::openpgp::message::UnverifiedMessage;

/// The keywords of which gpg writes one for each signature that it has judged, and no other line
/// about it before.
const OUTCOMES: [&str; 6] = [
    "GOODSIG",
    "EXPSIG",
    "EXPKEYSIG",
    "REVKEYSIG",
    "BADSIG",
    "ERRSIG",
];

/// Those of them that say that the mathematics hold, after which gpg writes a line `VALIDSIG`.
const HOLDS: [&str; 4] = ["GOODSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"];

/// The keywords by which gpg says that what it got is not a signed message.
const NO_MESSAGE: [&str; 3] = ["NODATA", "BADARMOR", "UNEXPECTED"];

/// How the places begin at which a line `ERROR` is about the message. At others, such as
/// `add_keyblock_resource`, something is wrong with gpg or the machine.
const OF_MESSAGE: [&str; 2] = ["proc_pkt.", "verify."];

/// Whether gpg has not reported on the message that it was given: one that exited before that has not judged it, and
/// neither has one that could not open its key ring.
pub(super) fn has_no_report(status: &Status) -> bool {
    let said = |keywords: &[&str]| keywords.iter().any(|keyword| status.count(keyword) > 0);
    let mut of_message = 0_usize;
    for error in status.all("ERROR") {
        let place = error.first().copied().unwrap_or_default();
        if !OF_MESSAGE.iter().any(|begin| place.starts_with(begin)) {
            return true;
        }
        of_message = of_message.saturating_add(1);
    }
    of_message == 0 && !said(&OUTCOMES) && !said(&NO_MESSAGE)
}

/// What a verdict is found from.
pub(super) struct Verdict<'a> {
    /// The message as this library read it.
    pub(super) message: &'a UnverifiedMessage,
    /// The trusted keys.
    pub(super) listing: &'a Listing,
    /// The keys that gpg does not have.
    pub(super) unusable: &'a UnusableKeys,
    /// What is known of revocations, by the key that is revoked.
    pub(super) revocations: &'a HashMap<Fingerprint, KeyRevocation>,
    /// Which algorithms are good enough.
    pub(super) crypto_policy: CryptoPolicy,
    /// When it is judged.
    pub(super) now: u64,
    /// What gpg said and wrote.
    pub(super) said: &'a Said,
    /// The engine, for errors.
    pub(super) engine: EngineKind,
}

/// A signature whose mathematics hold: the status line `VALIDSIG`.
struct ValidSignature<'a> {
    signing_key: Fingerprint,
    primary_key: Fingerprint,
    signing: &'a ListedKey,
    primary: &'a ListedKey,
    created: u64,
    expires: u64,
    hash: u8,
}

impl Verdict<'_> {
    pub(super) fn judge(&self) -> Result<Proven, KeyringError> {
        if has_no_report(self.status()) {
            return Err(self.failed("gpg exited before it finished").into());
        }
        match self.count_of(&OUTCOMES) {
            0 => return Err(self.bad(None, "gpg does not understand it").into()),
            1 => {}
            count => return Err(Refusal::MultipleSignatures { count }.into()),
        }
        let Some(valid) = self.valid()? else {
            return Err(self.not_valid().into());
        };
        self.good_in_time(&valid)?;
        self.strong(&valid)?;
        self.same_data()?;
        if self.listing.is_shared(&valid.signing_key) {
            return Err(KeyringError::from(Refusal::KeyNotForSigning {
                primary_key: valid.primary_key,
                key: valid.signing_key,
                detail: SHARED_KEY.to_owned(),
            }));
        }
        let proven = Proven::assertion(self.message.untrusted_payload.clone(), valid.primary_key)
            .with_signing_key(valid.signing_key)
            .with_signed_at(Moment::from_unix(valid.created));
        Ok(match valid.expires {
            // Never.
            0 => proven,
            expires => proven.with_signature_expiry(Moment::from_unix(expires)),
        })
    }

    fn status(&self) -> &Status {
        &self.said.status
    }

    fn count_of(&self, keywords: &[&str]) -> usize {
        let count = |keyword: &&str| self.status().count(keyword);
        keywords.iter().map(count).sum()
    }

    /// The one valid signature by a trusted key; `None` if gpg does not report it as valid.
    fn valid(&self) -> Result<Option<ValidSignature<'_>>, KeyringError> {
        match (self.count_of(&HOLDS), self.status().count("VALIDSIG")) {
            (0, 0) => return Ok(None),
            (1, 1) => {}
            _ => {
                return Err(self
                    .failed("gpg's status lines VALIDSIG do not match its verdict")
                    .into());
            }
        }
        let fields = self.status().fields("VALIDSIG").unwrap_or_default();
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let number = |index: usize| field(index).parse::<u64>().ok();
        let incomplete = || self.failed("gpg's status line VALIDSIG is incomplete");
        let signing_key: Fingerprint = field(0).parse().map_err(|_| incomplete())?;
        let primary_key: Fingerprint = field(9).parse().map_err(|_| incomplete())?;
        let (Some(created), Some(expires), Some(hash)) = (number(2), number(3), number(7)) else {
            return Err(incomplete().into());
        };
        // What gpg calls the primary key must be the one that is known as this key's.
        match (
            self.listing.key(&signing_key),
            self.listing.key(&primary_key),
        ) {
            (Some(signing), Some(primary))
                if signing.primary == primary_key && primary.primary == primary_key =>
            {
                Ok(Some(ValidSignature {
                    signing_key,
                    primary_key,
                    signing,
                    primary,
                    created,
                    expires,
                    // What is not a number of OpenPGP's counts as the weakest.
                    hash: u8::try_from(hash).unwrap_or(hash::MD5),
                }))
            }
            _ => Err(Refusal::UnknownKey {
                issuers: vec![signing_key.into()],
            }
            .into()),
        }
    }

    /// The key that gpg names: by its fingerprint, where the signature has one, else by its key ID.
    fn named(&self) -> Option<KeyHandle> {
        let errsig = self.status().fields("ERRSIG").unwrap_or_default();
        let outcome = OUTCOMES
            .iter()
            .find_map(|keyword| self.status().fields(keyword))
            .unwrap_or_default();
        [errsig.get(6), outcome.first()]
            .into_iter()
            .flatten()
            .find_map(|name| name.parse().ok())
    }

    /// Whether gpg says that it has no key that it has listed before. gpg 2.4 says so of keys that may not
    /// sign, and any gpg whose key ring is gone.
    pub(super) fn misses_a_listed_key(&self) -> bool {
        let reason = self.status().fields("ERRSIG").and_then(|fields| {
            let reason = fields.get(5)?;
            reason.parse::<u32>().ok()
        });
        let named = self.named();
        reason == Some(code::NO_PUBLIC_KEY)
            && named.is_some_and(|handle| self.listing.named(&handle).is_some())
    }

    /// Why gpg does not report the signature as valid.
    fn not_valid(&self) -> Refusal {
        let handle = self.named();
        let fields = self.status().fields("ERRSIG").unwrap_or_default();
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let number = |index: usize| field(index).parse().ok();
        let (hash, reason): (Option<u32>, Option<u32>) = (number(2), number(5));
        let known = handle
            .as_ref()
            .and_then(|handle| self.listing.named(handle))
            .map(|(fingerprint, key)| (key.primary.clone(), fingerprint.clone()));
        let not_for_signing = |detail: &str| {
            known
                .clone()
                .map(|(primary_key, key)| Refusal::KeyNotForSigning {
                    primary_key,
                    key,
                    detail: detail.to_owned(),
                })
        };
        let bad = |detail: &str| self.bad(handle.clone(), detail);
        let wrong_usage = self.status().error_at("verify.keyusage") == Some(code::WRONG_KEY_USAGE);
        // gpg treats a key from the future as missing, or as one that may not sign.
        if let Some(refusal) = self.made_in_the_future(handle.as_ref()) {
            return refusal;
        }
        match reason {
            // gpg 2.4 does not look at keys that may not sign.
            Some(code::NO_PUBLIC_KEY) => not_for_signing("gpg does not consider it a signing key")
                .unwrap_or_else(|| self.unknown(handle.clone())),
            Some(code::DIGEST_ALGORITHM) if hash == Some(hash::MD5.into()) => {
                self.weak(handle, "MD5".to_owned())
            }
            Some(code::WRONG_KEY_USAGE | code::UNUSABLE_PUBLIC_KEY | code::BAD_PUBLIC_KEY) => {
                not_for_signing("gpg says that it is not usable for this purpose")
                    .unwrap_or_else(|| bad("its key is not usable for signing"))
            }
            _ if wrong_usage => not_for_signing("gpg says that it is not for signing")
                .unwrap_or_else(|| bad("its key is not for signing")),
            Some(code::TIME_CONFLICT) => {
                let made = field(4).parse().ok().map(Moment::from_unix);
                match (made, self.created(handle.as_ref())) {
                    (Some(made), Some(created)) => {
                        Refusal::before_its_key(handle.clone(), made, created)
                    }
                    _ => bad("it was made before its key"),
                }
            }
            // gpg looks at the algorithms before it looks for the key.
            Some(code::PUBLIC_KEY_ALGORITHM | code::DIGEST_ALGORITHM) if known.is_none() => {
                self.unknown(handle)
            }
            Some(code::PUBLIC_KEY_ALGORITHM) => {
                self.unsupported(format!("the public-key algorithm {}", field(1)), handle)
            }
            Some(code::DIGEST_ALGORITHM) => {
                self.unsupported(format!("the hash algorithm {}", field(2)), handle)
            }
            Some(code::UNKNOWN_CURVE) => {
                self.unsupported("the curve of its key".to_owned(), handle)
            }
            Some(code::UNKNOWN_VERSION) => self.unsupported("its version".to_owned(), handle),
            Some(reason) => bad(&format!("gpg says: {}", error_text(reason))),
            None if self.status().count("BADSIG") > 0 => {
                bad("the signed data or the signature was changed")
            }
            None => bad("gpg does not report it as valid"),
        }
    }

    /// When the named key was made.
    fn created(&self, handle: Option<&KeyHandle>) -> Option<Moment> {
        let (_, key) = self.listing.named(handle?)?;
        key.facts.created.map(Moment::from_unix)
    }

    /// The refusal of a key that was made in the future, or whose primary key was.
    fn made_in_the_future(&self, handle: Option<&KeyHandle>) -> Option<Refusal> {
        let handle = handle?;
        let now = self.now;
        let keys = &self.unusable.from_the_future;
        let named = keys.iter().find(|key| key.fingerprint.is_named(handle))?;
        let primary = keys.iter().find(|key| key.fingerprint == named.primary_key);
        let key = [primary, Some(named)]
            .into_iter()
            .flatten()
            .find(|key| key.created > now)?;
        Some(Refusal::KeyFromTheFuture {
            primary_key: key.primary_key.clone(),
            key: key.fingerprint.clone(),
            created: Moment::from_unix(key.created),
            now: Moment::from_unix(now),
        })
    }

    /// Whether signature and keys are live, according to gpg; its order of precedence applies.
    fn good_in_time(&self, valid: &ValidSignature<'_>) -> Result<(), KeyringError> {
        let now = self.now;
        // gpg does not mind.
        if valid.created > now {
            return Err(Refusal::SignatureFromTheFuture {
                key: valid.signing_key.clone(),
                created: Moment::from_unix(valid.created),
                now: Moment::from_unix(now),
            }
            .into());
        }
        let states = OUTCOMES.map(|keyword| self.status().count(keyword));
        let refusal = match states {
            [1, 0, 0, 0, 0, 0] => return Ok(()),
            [0, 1, 0, 0, 0, 0] => Refusal::SignatureExpired {
                key: valid.signing_key.clone(),
                created: Some(Moment::from_unix(valid.created)),
                expired: Moment::from_unix(valid.expires),
                now: Moment::from_unix(now),
            },
            [0, 0, 1, 0, 0, 0] => {
                let expired = (valid.primary.expired(now), valid.signing.expired(now));
                let (key, expired) = match expired {
                    (Some(expired), _) => (&valid.primary_key, expired),
                    (None, Some(expired)) => (&valid.signing_key, expired),
                    (None, None) => (&valid.signing_key, Moment::from_unix(now)),
                };
                Refusal::KeyExpired {
                    primary_key: valid.primary_key.clone(),
                    key: key.clone(),
                    signed_at: Some(Moment::from_unix(valid.created)),
                    expired,
                    now: Moment::from_unix(now),
                }
            }
            [0, 0, 0, 1, 0, 0] => {
                let keys = [&valid.primary_key, &valid.signing_key];
                let known = keys
                    .into_iter()
                    .find_map(|key| Some((key, self.revocations.get(key)?)));
                let said = known.map(|(_, said)| said);
                Refusal::KeyRevoked {
                    primary_key: valid.primary_key.clone(),
                    key: known.map_or(&valid.signing_key, |(key, _)| key).clone(),
                    revoked: said.and_then(|said| said.at),
                    reason: said.and_then(|said| said.reason.clone()),
                }
            }
            _ => {
                return Err(self
                    .failed("gpg contradicts itself about the signature")
                    .into());
            }
        };
        Err(refusal.into())
    }

    /// Whether the algorithms are good enough.
    fn strong(&self, valid: &ValidSignature<'_>) -> Result<(), Refusal> {
        let policy = self.crypto_policy;
        let hash = policy.weak_hash(valid.hash);
        let weakness = hash
            .then(|| hash_name(valid.hash))
            .or_else(|| valid.signing.weakness(policy, self.now))
            .or_else(|| valid.primary.weakness(policy, self.now));
        match weakness {
            Some(algorithm) => Err(self.weak(Some(valid.signing_key.clone().into()), algorithm)),
            None => Ok(()),
        }
    }

    /// Whether gpg verified the data that we read. It leaves out carriage returns where the
    /// message says that it holds text.
    fn same_data(&self) -> Result<(), KeyringError> {
        let ours = &self.message.untrusted_payload;
        let theirs = &self.said.output;
        let as_text: Vec<u8> = ours.iter().copied().filter(|byte| *byte != b'\r').collect();
        if ours == theirs || as_text == *theirs {
            Ok(())
        } else if ours.starts_with(theirs) || as_text.starts_with(theirs) {
            Err(self
                .failed("gpg did not write all of the signed data")
                .into())
        } else {
            Err(Refusal::malformed_signature("gpg reads different data in it").into())
        }
    }

    fn failed(&self, detail: &str) -> EngineError {
        failed(self.engine, VERIFY, detail)
    }

    fn unknown(&self, handle: Option<KeyHandle>) -> Refusal {
        let is_named =
            |key: &Fingerprint| handle.as_ref().is_some_and(|handle| key.is_named(handle));
        let mut unsupported = self.unusable.unsupported.iter();
        if let Some((_, what)) = unsupported.find(|(key, _)| is_named(key)) {
            return what.refusal(handle);
        }
        Refusal::UnknownKey {
            issuers: handle.into_iter().collect(),
        }
    }

    fn unsupported(&self, what: String, key: Option<KeyHandle>) -> Refusal {
        Unsupported::by_all(self.engine, what).refusal(key)
    }

    fn bad(&self, key: Option<KeyHandle>, detail: impl Into<String>) -> Refusal {
        Refusal::BadSignature {
            key,
            detail: detail.into(),
            key_created: None,
        }
    }

    fn weak(&self, key: Option<KeyHandle>, algorithm: String) -> Refusal {
        Refusal::WeakAlgorithm {
            key,
            algorithm,
            policy: self.crypto_policy,
        }
    }
}
