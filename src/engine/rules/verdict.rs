//! Whether a key has made a signature, and may vouch for it now: the verdict on both together.

use super::Backend;
use super::algorithms::{
    can_calculate, can_sign, hash_long_enough, hash_name, is_weak, key_name, malformed_key,
    unsupported_form, unsupported_hash, unsupported_key, weak_hash,
};
use super::certificate::KnownSubkey;
use super::certificate::judge::Revocation;
use super::certificate::keyblock::BackSignature;
use super::certificate::trusted::{TrustedCertificate, Unusable, fingerprint, moment};
use super::certificate::verification::over_document;
use super::message::SignedMessage;
use super::signature::Signature;
use crate::engine::unsupported::Unsupported;
use crate::engine::{CryptoPolicy, Proven, Refusal};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::mathematics::Verdict;
use crate::openpgp::algorithm::HashAlgorithm;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;
use crate::openpgp::subpacket::Reader;

/// What is wrong with a key that has no fingerprint.
const UNKNOWN_VERSION: &str = "the key's version is unknown";

/// A key that may have made the signature.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) backend: &'a dyn Backend,
    pub(super) holder: &'a TrustedCertificate,
    pub(super) key: &'a PublicKey,
    pub(super) subkey: Option<(usize, &'a KnownSubkey)>,
}

impl Candidate<'_> {
    /// Whether a GnuPG would have the key in its key ring at all, valid or not. It may have what is not judged
    /// here.
    pub(super) fn imported(&self) -> bool {
        let certificate = &self.holder.certificate;
        // Case: key-structure-shared-subkey-first-leading-zero
        // Case: key-structure-shared-subkey-first-secp256k1
        if certificate.spoilt.is_some() || !can_calculate(self.backend, &certificate.primary) {
            return true;
        }
        let mut views = certificate.views.iter();
        match self.subkey {
            Some((index, _)) => views.any(|view| view.has_subkey(index)),
            None => views.next().is_some(),
        }
    }

    /// Whether this key made the signature, and may vouch for it at `now`. In GnuPG's order, the
    /// strength of the algorithms last, so that a weak signature is called bad if it is bad.
    pub(super) fn judge(
        &self,
        message: &SignedMessage,
        now: u32,
        policy: CryptoPolicy,
    ) -> Result<(), Refusal> {
        let Some(fingerprint) = fingerprint(self.key) else {
            return Err(self.bad(UNKNOWN_VERSION));
        };
        // Test: bad_revocations_are_tried_up_to_the_bound
        if let Some(Unusable::NotSelfSigned(_)) = &self.holder.unusable {
            return Err(Refusal::UnknownKey {
                issuers: message.signature.issuer_names(),
            });
        }
        self.judge_signature(message, policy, now)?;
        self.judge_key_use(policy, now)?;
        let created = message.signature.created().unwrap_or(0);
        // Case: messages-time-future
        if created > now {
            return Err(Refusal::SignatureFromTheFuture {
                key: fingerprint,
                created: moment(created),
                now: moment(now),
            });
        }
        if let Some(expires) = message
            .signature
            .expires()
            // Case: messages-time-expires-now
            .filter(|expires| *expires <= now)
        {
            return Err(Refusal::SignatureExpired {
                key: fingerprint,
                created: Some(moment(created)),
                expired: moment(expires),
                now: moment(now),
            });
        }
        self.judge_life(&fingerprint, created, now)?;
        self.judge_strength(message, policy, now)
    }

    fn judge_signature(
        &self,
        message: &SignedMessage,
        policy: CryptoPolicy,
        now: u32,
    ) -> Result<(), Refusal> {
        let signature = &message.signature;
        // Case: messages-type-10
        if !matches!(signature.kind(), kind::BINARY | kind::TEXT) {
            return Err(self.bad(format!(
                "its type is {:#04x}, which is not that of a signed document",
                signature.kind()
            )));
        }
        let hash = signature.hash_algorithm();
        // No case: `judge_strength` refuses it under every policy, too.
        if hash == HashAlgorithm::Md5 {
            return Err(self.weak(hash_name(hash), policy));
        }
        let Some(created) = signature.created() else {
            return Err(self.bad("it does not say when it was made"));
        };
        self.judge_support(signature, policy)?;
        self.judge_birth(now)?;
        let key_created = self.key.created();
        // Case: messages-time-before-key
        if created < key_created {
            let key = fingerprint(self.key).map(KeyHandle::from);
            return Err(Refusal::before_its_key(
                key,
                moment(created),
                moment(key_created),
            ));
        }
        // Case: messages-subpacket-critical-40
        if !signature.understood(Reader::Any) {
            return Err(self.bad("it has a critical subpacket that is not supported"));
        }
        // Case: signing-algorithms-nistp256-sha224
        if !hash_long_enough(self.key, hash) {
            return Err(self.bad(format!(
                "{} is too short for {}",
                hash_name(hash),
                key_name(self.backend, self.key)
            )));
        }
        let payload = &message.untrusted_payload;
        match over_document(self.backend, signature, self.key, payload) {
            Verdict::Good => Ok(()),
            Verdict::Bad => Err(self.bad("the signed data or the signature was changed")),
            // No case: what a library does not calculate with, it has told before.
            Verdict::NotCalculated => {
                let what = format!(
                    "{} with {}",
                    key_name(self.backend, self.key),
                    hash_name(hash)
                );
                let unsupported = Unsupported::by_all(self.backend.engine(), what);
                Err(self.unsupported(&unsupported))
            }
        }
    }

    /// Whether the signature can be checked at all, and is of a form that its key makes.
    fn judge_support(&self, signature: &Signature, policy: CryptoPolicy) -> Result<(), Refusal> {
        if let Some(Unusable::Unsupported(unsupported)) = &self.holder.unusable {
            return Err(self.unsupported(unsupported));
        }
        // Case: unsupported-secp256k1-subkey
        if let Some(unsupported) = unsupported_key(self.backend, self.key, policy) {
            return Err(self.unsupported(&unsupported));
        }
        let form = signature.form();
        if let Some(unsupported) = unsupported_form(self.backend, form) {
            // What the policy would not accept anyway need not be checked.
            return Err(if policy.known_weak_hash(form.hash.number()) {
                self.weak(hash_name(form.hash), policy)
            } else {
                self.unsupported(&unsupported)
            });
        }
        // Case: key-structure-point-nistp256-compressed-subkey
        if let Some(detail) = malformed_key(self.key) {
            return Err(self.not_for_signing(detail));
        }
        // No case: nothing that such a key signed is good.
        if !can_sign(self.key.algorithm()) {
            return Err(self.not_for_signing("keys of its algorithm cannot make signatures"));
        }
        let version = signature.version();
        // No case: a value of one kind does not fit keys of the other.
        if (version == 6) != (self.key.version() == 6) {
            return Err(self.bad(format!(
                "it is of version {version}, but its key is of version {}",
                self.key.version()
            )));
        }
        Ok(())
    }

    /// Whether the key and its primary key are there yet. Before they are, GnuPG does not even
    /// calculate.
    fn judge_birth(&self, now: u32) -> Result<(), Refusal> {
        let primary = &self.holder.certificate.primary;
        // Cases: keys-created-in-the-future, keys-subkey-created-in-the-future
        for which in [primary, self.key] {
            let created = which.created();
            if created > now {
                return Err(match fingerprint(which) {
                    Some(key) => Refusal::KeyFromTheFuture {
                        primary_key: self.holder.fingerprint.clone(),
                        key,
                        created: moment(created),
                        now: moment(now),
                    },
                    None => self.bad("its key was made in the future"),
                });
            }
        }
        Ok(())
    }

    /// Whether the key is one that may sign data at all.
    fn judge_key_use(&self, policy: CryptoPolicy, now: u32) -> Result<(), Refusal> {
        let not_for_signing = |detail: &str| self.not_for_signing(detail);
        let Some(primary) = self.holder.certificate.primary_state(now) else {
            return Err(not_for_signing(
                "its primary key has no live self-signature",
            ));
        };
        let Some((index, subkey)) = self.subkey else {
            // Case: keys-flags-certify-only
            return if primary.may_sign {
                Ok(())
            } else {
                Err(not_for_signing("its key flags do not allow it"))
            };
        };
        if subkey.rewritten {
            return Err(not_for_signing(
                "one of its integers is not in its shortest form",
            ));
        }
        let mut views = self.holder.certificate.views.iter();
        if views.any(|view| view.hides(index)) {
            return Err(not_for_signing(
                "it follows a subkey with an algorithm that GnuPG does not know, and GnuPG takes that one for it",
            ));
        }
        let Some(state) = self.holder.certificate.subkey_state(index, now) else {
            let skipped = subkey.skipped;
            return Err(if skipped.md5 {
                self.weak("MD5".to_owned(), policy)
            } else if let Some(unsupported) = skipped.unsupported(self.backend) {
                self.unsupported(&unsupported)
            } else {
                not_for_signing("no live signature by its primary key binds it")
            });
        };
        if !state.may_sign {
            return Err(not_for_signing("its key flags do not allow it"));
        }
        match state.back_signature {
            BackSignature::Good => Ok(()),
            BackSignature::Bad => Err(not_for_signing(
                "its signature over its primary key is not good",
            )),
            BackSignature::Unsupported(form) => Err(match unsupported_hash(self.backend, form) {
                Some(unsupported) => self.unsupported(&unsupported),
                None => not_for_signing("its signature over its primary key is not good"),
            }),
            BackSignature::Missing => Err(not_for_signing("it has not signed its primary key")),
        }
    }

    /// Whether the key and its primary key are live and not revoked.
    fn judge_life(&self, key: &Fingerprint, signed_at: u32, now: u32) -> Result<(), Refusal> {
        let holder = self.holder;
        let primary = holder
            .certificate
            .primary_state(now)
            .and_then(|state| state.expires)
            .map(|expires| (expires, &holder.fingerprint));
        let subkey = self
            .subkey
            .and_then(|(index, _)| holder.certificate.subkey_state(index, now))
            .and_then(|state| state.expires)
            .map(|expires| (expires, key));
        for (expires, which) in primary.into_iter().chain(subkey) {
            // Case: keys-expiry-a-second-ago
            if expires < now {
                return Err(Refusal::KeyExpired {
                    primary_key: holder.fingerprint.clone(),
                    key: which.clone(),
                    signed_at: Some(moment(signed_at)),
                    expired: moment(expires),
                    now: moment(now),
                });
            }
        }
        let primary = holder.revocation.as_ref();
        let subkey = self
            .subkey
            .and_then(|(_, subkey)| subkey.revocation.as_ref());
        let revocations: [(Option<&Revocation>, &Fingerprint); 2] =
            [(primary, &holder.fingerprint), (subkey, key)];
        // Case: keys-revoked-and-expired
        for (revocation, which) in revocations {
            if let Some(revocation) = revocation {
                return Err(Refusal::KeyRevoked {
                    primary_key: holder.fingerprint.clone(),
                    key: which.clone(),
                    revoked: revocation.created.map(moment),
                    reason: revocation.reason.clone(),
                });
            }
        }
        Ok(())
    }

    /// Whether the algorithms are good enough.
    fn judge_strength(
        &self,
        message: &SignedMessage,
        policy: CryptoPolicy,
        now: u32,
    ) -> Result<(), Refusal> {
        // Cases: algorithms-hash-sha1-standard, algorithms-rsa1024-weak
        let weak = weak_hash(message.signature.hash_algorithm(), policy)
            .or_else(|| self.weakness(policy, now));
        match weak {
            Some(algorithm) => Err(self.weak(algorithm, policy)),
            None => Ok(()),
        }
    }

    /// What makes the key or its primary key too weak at `now`; `None` if both are good.
    fn weakness(&self, policy: CryptoPolicy, now: u32) -> Option<String> {
        [self.key, &self.holder.certificate.primary]
            .into_iter()
            .find(|key| is_weak(key, policy, now))
            .map(|key| key_name(self.backend, key))
    }

    /// Whether a signature by this key can count at all, leaving aside when it and its primary key were made, expire,
    /// or were revoked.
    pub(super) fn can_sign(&self, policy: CryptoPolicy, now: u32) -> bool {
        unsupported_key(self.backend, self.key, policy).is_none()
            && malformed_key(self.key).is_none()
            && self.judge_key_use(policy, now).is_ok()
            && self.weakness(policy, now).is_none()
    }

    /// What the signature proves, which counts.
    pub(super) fn proven(&self, message: SignedMessage) -> Result<Proven, Refusal> {
        // No case: it does not count then.
        let signing_key = fingerprint(self.key).ok_or_else(|| self.bad(UNKNOWN_VERSION))?;
        let created = message.signature.created().unwrap_or(0);
        let primary_key = self.holder.fingerprint.clone();
        let expires = message.signature.expires().map(moment);
        let proven = Proven::assertion(message.untrusted_payload, primary_key)
            .with_signing_key(signing_key)
            .with_signed_at(moment(created));
        Ok(match expires {
            Some(expires) => proven.with_signature_expiry(expires),
            None => proven,
        })
    }

    pub(super) fn not_for_signing(&self, detail: &str) -> Refusal {
        match fingerprint(self.key) {
            Some(key) => Refusal::KeyNotForSigning {
                primary_key: self.holder.fingerprint.clone(),
                key,
                detail: detail.to_owned(),
            },
            None => self.bad(detail),
        }
    }

    fn bad(&self, detail: impl Into<String>) -> Refusal {
        Refusal::BadSignature {
            key: fingerprint(self.key).map(KeyHandle::from),
            detail: detail.into(),
            key_created: None,
        }
    }

    fn unsupported(&self, unsupported: &Unsupported) -> Refusal {
        unsupported.refusal(fingerprint(self.key).map(KeyHandle::from))
    }

    fn weak(&self, algorithm: String, policy: CryptoPolicy) -> Refusal {
        Refusal::WeakAlgorithm {
            key: fingerprint(self.key).map(KeyHandle::from),
            algorithm,
            policy,
        }
    }
}
