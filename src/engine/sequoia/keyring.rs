//! The verdict on a signature: by which key, and whether that key may vouch for it now.

use std::collections::HashMap;
use std::time::SystemTime;

use sequoia_openpgp as openpgp;

use openpgp::packet::key::{Key, KeyParts, KeyRole, PublicParts, UnspecifiedRole};
use openpgp::types::{HashAlgorithm, Timestamp};

use super::algorithms::{
    can_calculate, can_sign, hash_long_enough, key_name, malformed_key, unsupported_form,
    unsupported_hash, unsupported_key, weak_hash, weak_key,
};
use super::certificate::{Certificate, KnownSubkey};
use super::certificates::Certificates;
use super::revocations::{Revocations, TooMany};
use super::selfsigs::{BackSignature, Revocation};
use super::signature::{Signature, hash_name, kind};
use super::signed::{self, SignedMessage};
use super::verification::{over_document, u32_time};
use crate::clock::{Moment, unix_seconds};
use crate::engine::subpackets::Reader;
use crate::engine::unsupported::Unsupported;
use crate::engine::{
    CryptoPolicy, KeyWarning, Keyring, KeyringError, Proven, Refusal, Settings, TrustedKey,
    ambiguity,
};
use crate::fingerprint::{Fingerprint, KeyHandle};
use crate::quote::visible;

/// Why a key is not used that has too many revocations.
const TOO_MANY_REVOCATIONS: &str = "it has too many revocations that are not good";

/// The keys of one import, with what they say of themselves.
#[derive(Debug)]
pub(super) struct SequoiaKeyring {
    holders: Vec<Holder>,
    /// Where each primary key and subkey stands, by key ID.
    places: HashMap<openpgp::KeyID, Vec<Place>>,
    /// The primary keys that are trusted and that this engine does not know how to read.
    unreadable: HashMap<openpgp::KeyID, Unsupported>,
    settings: Settings,
}

/// A certificate whose own signatures are verified.
#[derive(Debug)]
struct Holder {
    certificate: Certificate,
    revocation: Option<Revocation>,
    fingerprint: Fingerprint,
    /// Why the certificate cannot be used: it is kept only to say so.
    unusable: Option<Unusable>,
}

#[derive(Debug)]
enum Unusable {
    /// Nothing that counts vouches for the key itself, or it is no key.
    NotSelfSigned(String),
    /// Nobody here knows it, or the cryptographic backend cannot calculate with it.
    Unsupported(Unsupported),
}

/// A key within a certificate.
#[derive(Clone, Copy, Debug)]
struct Place {
    holder: usize,
    subkey: Option<usize>,
}

/// A key that may have made the signature.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    holder: &'a Holder,
    key: &'a Key<PublicParts, UnspecifiedRole>,
    subkey: Option<(usize, &'a KnownSubkey)>,
}

impl SequoiaKeyring {
    /// The keyring of these certificates, and of the keys that are not even read. The certificates that
    /// cannot be used are told in `warnings`.
    pub(super) fn new(
        certificates: Certificates,
        unreadable: HashMap<openpgp::KeyID, Unsupported>,
        settings: Settings,
        warnings: &mut Vec<KeyWarning>,
    ) -> Self {
        let now = seconds(settings.clock.now());
        let (all, key_revocations) = certificates.finish();
        let revocations = Revocations::new(&key_revocations, &all);
        let revoked: Vec<_> = all
            .iter()
            .map(|certificate| {
                let views = certificate.views.iter();
                let revokers = views.flat_map(|view| view.revokers.iter().cloned());
                revocations.of(&certificate.primary, &revokers.collect())
            })
            .collect();
        let mut keyring = Self {
            holders: Vec::new(),
            places: HashMap::new(),
            unreadable,
            settings,
        };
        for (mut certificate, revoked) in all.into_iter().zip(revoked) {
            let Some(fingerprint) = fingerprint(&certificate.primary) else {
                warnings.push(KeyWarning::UnusableKey {
                    origin: certificate.origin,
                    key: Some(certificate.primary.fingerprint().to_hex()),
                    detail: "its version is unknown".to_owned(),
                });
                continue;
            };
            let revocation = revoked.unwrap_or_else(|TooMany| {
                certificate.spoilt.get_or_insert(TOO_MANY_REVOCATIONS);
                None
            });
            let mut holder = Holder {
                certificate,
                revocation,
                fingerprint,
                unusable: None,
            };
            holder.unusable = holder.why_unusable(settings.crypto_policy, now);
            keyring.warn(&holder, warnings);
            keyring.add(holder);
        }
        keyring
    }

    /// Tells why a certificate cannot be used, if so.
    fn warn(&self, holder: &Holder, warnings: &mut Vec<KeyWarning>) {
        let origin = holder.certificate.origin.clone();
        let key = Some(holder.fingerprint.as_str().to_owned());
        match &holder.unusable {
            Some(Unusable::NotSelfSigned(detail)) => warnings.push(KeyWarning::UnusableKey {
                origin,
                key,
                detail: detail.clone(),
            }),
            Some(Unusable::Unsupported(unsupported)) => {
                warnings.push(unsupported.warning(origin, key));
            }
            None => {}
        }
    }

    /// The primary keys that can be used.
    pub(super) fn trusted_keys(&self) -> Vec<TrustedKey> {
        let now = seconds(self.settings.clock.now());
        let usable = self
            .holders
            .iter()
            .filter(|holder| holder.unusable.is_none());
        usable.map(|holder| holder.trusted_key(now)).collect()
    }

    fn add(&mut self, holder: Holder) {
        let index = self.holders.len();
        let subkeys = holder.certificate.subkeys.iter().enumerate();
        let ids = std::iter::once((holder.certificate.primary.keyid(), None))
            .chain(subkeys.map(|(index, subkey)| (subkey.key.keyid(), Some(index))));
        for (id, subkey) in ids {
            self.places.entry(id).or_default().push(Place {
                holder: index,
                subkey,
            });
        }
        self.holders.push(holder);
    }

    /// The keys that GnuPG would look up for the signature: by the issuer fingerprint if it has one, else
    /// by the key ID. GnuPG 2.2 goes on to the key ID where it does not know the fingerprint, and 2.4 does
    /// not; fingerprints of version 6 are none for either.
    fn candidates(&self, signature: &Signature) -> Vec<Candidate<'_>> {
        let fingerprint = signature.issuer_fingerprint().filter(|fingerprint| {
            matches!(fingerprint, openpgp::Fingerprint::V4(_)) || signature.version() == 6
        });
        if let Some(fingerprint) = fingerprint {
            let mut exact = self.with_key_id(&openpgp::KeyID::from(&fingerprint));
            exact.retain(|candidate| candidate.key.fingerprint() == fingerprint);
            return exact;
        }
        signature
            .issuer_key_id()
            .map(|id| self.with_key_id(&id))
            .unwrap_or_default()
    }

    fn with_key_id(&self, id: &openpgp::KeyID) -> Vec<Candidate<'_>> {
        let places = self.places.get(id).map(Vec::as_slice).unwrap_or_default();
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        for candidate in places.iter().filter_map(|place| self.candidate(*place)) {
            // The same key may be a subkey of two primary keys. GnuPG goes by the first that it
            // has imported, even where the second would do.
            let fingerprint = candidate.key.fingerprint();
            match candidates
                .iter_mut()
                .find(|known| known.key.fingerprint() == fingerprint)
            {
                Some(known) if !known.imported() => *known = candidate,
                Some(_) => {}
                None => candidates.push(candidate),
            }
        }
        candidates
    }

    /// The answer where no key that is read has made the signature.
    fn unknown(&self, signature: &Signature) -> Refusal {
        let id = signature.issuer_key_id();
        let id = id.filter(|_| signature.issuer_fingerprint().is_none());
        match id.as_ref().and_then(|id| self.unreadable.get(id)) {
            Some(unsupported) => unsupported.refusal(id.and_then(|id| id.to_hex().parse().ok())),
            None => Refusal::UnknownKey {
                issuers: signature.issuer_names(),
            },
        }
    }

    /// Whether another trusted certificate has the same key, so that it does not say whose signature it is.
    fn is_shared(&self, candidate: &Candidate<'_>) -> bool {
        let places = self.places.get(&candidate.key.keyid());
        let fingerprint = candidate.key.fingerprint();
        places
            .into_iter()
            .flatten()
            .filter_map(|place| self.candidate(*place))
            .filter(|other| other.key.fingerprint() == fingerprint && other.imported())
            .any(|other| other.holder.fingerprint != candidate.holder.fingerprint)
    }

    fn candidate(&self, place: Place) -> Option<Candidate<'_>> {
        let holder = self.holders.get(place.holder)?;
        let Some(index) = place.subkey else {
            return Some(Candidate {
                holder,
                key: holder.certificate.primary.role_as_unspecified(),
                subkey: None,
            });
        };
        let subkey = holder.certificate.subkeys.get(index)?;
        Some(Candidate {
            holder,
            key: subkey.key.role_as_unspecified(),
            subkey: Some((index, subkey)),
        })
    }
}

impl Keyring for SequoiaKeyring {
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        let message = signed::read(untrusted_blob)?;
        let candidates = self.candidates(&message.signature);
        let now = seconds(self.settings.clock.now());
        let mut refusal = self.unknown(&message.signature);
        for candidate in candidates {
            match candidate.judge(&message, now, self.settings.crypto_policy) {
                Ok(()) if self.is_shared(&candidate) => {
                    return Err(candidate.not_for_signing(ambiguity::SHARED_KEY).into());
                }
                Ok(()) => {
                    return candidate
                        .proven(message)
                        .ok_or_else(|| KeyringError::Refused(refusal));
                }
                Err(reason) => {
                    if progress(&reason) >= progress(&refusal) {
                        refusal = reason;
                    }
                }
            }
        }
        Err(refusal.into())
    }
}

impl Holder {
    fn trusted_key(&self, now: u32) -> TrustedKey {
        let mut key = TrustedKey::new(self.fingerprint.clone(), self.certificate.origin.clone());
        if let Some(id) = &self.certificate.user_id {
            key = key.with_user_id(visible(&String::from_utf8_lossy(id)));
        }
        if let Some(expires) = self
            .certificate
            .primary_state(now)
            .and_then(|state| state.expires)
        {
            key = key.with_expiry(moment(expires));
        }
        key
    }

    /// Why nothing that this certificate signs can count; `None` if something can.
    fn why_unusable(&self, policy: CryptoPolicy, now: u32) -> Option<Unusable> {
        let certificate = &self.certificate;
        if let Some(unsupported) = unsupported_key(&certificate.primary, policy) {
            return Some(Unusable::Unsupported(unsupported));
        }
        let detail = malformed_key(&certificate.primary).or(certificate.spoilt);
        if let Some(detail) = detail {
            return Some(Unusable::NotSelfSigned(detail.to_owned()));
        }
        // A signature that expires makes no difference to what a key file holds.
        if self.certificate.primary_state(now).is_some() {
            return None;
        }
        let passed_over = certificate.passed_over;
        if passed_over.md5 {
            return Some(Unusable::NotSelfSigned(
                "its self-signatures use MD5".to_owned(),
            ));
        }
        Some(match passed_over.unsupported.and_then(unsupported_form) {
            Some(unsupported) => Unusable::Unsupported(unsupported),
            None => {
                Unusable::NotSelfSigned("it has no user ID with a good self-signature".to_owned())
            }
        })
    }
}

impl Candidate<'_> {
    /// Whether a GnuPG would have the key in its key ring at all, valid or not. It may have what is not judged
    /// here.
    fn imported(&self) -> bool {
        let certificate = &self.holder.certificate;
        if certificate.spoilt.is_some() || !can_calculate(&certificate.primary) {
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
    fn judge(
        &self,
        message: &SignedMessage,
        now: u32,
        policy: CryptoPolicy,
    ) -> Result<(), Refusal> {
        let Some(fingerprint) = fingerprint(self.key) else {
            return Err(self.bad("the key's version is unknown"));
        };
        if let Some(Unusable::NotSelfSigned(_)) = &self.holder.unusable {
            return Err(Refusal::UnknownKey {
                issuers: message.signature.issuer_names(),
            });
        }
        self.judge_signature(message, policy, now)?;
        self.judge_key_use(policy, now)?;
        let created = message.signature.created().unwrap_or(0);
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
            .filter(|expires| *expires <= now)
        {
            return Err(Refusal::SignatureExpired {
                key: fingerprint,
                expired: moment(expires),
                now: moment(now),
            });
        }
        self.judge_life(&fingerprint, now)?;
        self.judge_strength(message, policy, now)
    }

    fn judge_signature(
        &self,
        message: &SignedMessage,
        policy: CryptoPolicy,
        now: u32,
    ) -> Result<(), Refusal> {
        let signature = &message.signature;
        if !matches!(signature.kind(), kind::BINARY | kind::TEXT) {
            return Err(self.bad(format!(
                "its type is {:#04x}, and not that of a signed document",
                signature.kind()
            )));
        }
        let hash = signature.hash_algorithm();
        if hash == HashAlgorithm::MD5 {
            return Err(self.weak(hash_name(hash), policy));
        }
        let Some(created) = signature.created() else {
            return Err(self.bad("it does not say when it was made"));
        };
        self.judge_support(signature, policy)?;
        self.judge_birth(now)?;
        let key_created = u32_time(self.key);
        if created < key_created {
            return Err(self.bad(format!(
                "it was made at {}, before its key, which was made at {}",
                moment(created),
                moment(key_created)
            )));
        }
        if !signature.understood(Reader::Any) {
            return Err(self.bad("it has a critical subpacket that nobody here understands"));
        }
        if !hash_long_enough(self.key, hash) {
            return Err(self.bad(format!(
                "{} is too short for {}",
                hash_name(hash),
                key_name(self.key)
            )));
        }
        if over_document(signature, self.key, &message.untrusted_payload) {
            Ok(())
        } else {
            Err(self.bad("the signed data or the signature was changed"))
        }
    }

    /// Whether the signature can be checked at all, and is of a form that its key makes.
    fn judge_support(&self, signature: &Signature, policy: CryptoPolicy) -> Result<(), Refusal> {
        if let Some(Unusable::Unsupported(unsupported)) = &self.holder.unusable {
            return Err(self.unsupported(unsupported));
        }
        if let Some(unsupported) = unsupported_key(self.key, policy) {
            return Err(self.unsupported(&unsupported));
        }
        let form = signature.form();
        if let Some(unsupported) = unsupported_form(form) {
            // What the policy would not accept anyway need not be checked.
            return Err(if too_weak_to_check(form.hash, policy) {
                self.weak(hash_name(form.hash), policy)
            } else {
                self.unsupported(&unsupported)
            });
        }
        if let Some(detail) = malformed_key(self.key) {
            return Err(self.not_for_signing(detail));
        }
        if !can_sign(self.key.pk_algo()) {
            return Err(self.not_for_signing("keys of its algorithm make no signatures"));
        }
        let version = signature.version();
        if (version == 6) != (self.key.version() == 6) {
            return Err(self.bad(format!(
                "it is of version {version}, and its key of version {}",
                self.key.version()
            )));
        }
        Ok(())
    }

    /// Whether the key and its primary key are there yet. Before they are, GnuPG does not even
    /// calculate.
    fn judge_birth(&self, now: u32) -> Result<(), Refusal> {
        let primary = self.holder.certificate.primary.role_as_unspecified();
        for which in [primary, self.key] {
            let created = u32_time(which);
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
                "no self-signature of its primary key is live",
            ));
        };
        let Some((index, subkey)) = self.subkey else {
            return if primary.may_sign {
                Ok(())
            } else {
                Err(not_for_signing("its key flags do not allow it"))
            };
        };
        if subkey.rewritten {
            return Err(not_for_signing(
                "an integer of it is not in its shortest form",
            ));
        }
        let mut views = self.holder.certificate.views.iter();
        if views.any(|view| view.hides(index)) {
            return Err(not_for_signing(
                "a subkey of an algorithm that GnuPG does not know stands before it, which GnuPG takes for it",
            ));
        }
        let Some(state) = self.holder.certificate.subkey_state(index, now) else {
            let passed_over = subkey.passed_over;
            return Err(if passed_over.md5 {
                self.weak("MD5".to_owned(), policy)
            } else if let Some(unsupported) = passed_over.unsupported.and_then(unsupported_form) {
                self.unsupported(&unsupported)
            } else {
                not_for_signing("no live signature of its primary key binds it")
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
            BackSignature::Unsupported(form) => Err(match unsupported_hash(form) {
                Some(unsupported) => self.unsupported(&unsupported),
                None => not_for_signing("its signature over its primary key is not good"),
            }),
            BackSignature::Missing => Err(not_for_signing("it has not signed its primary key")),
        }
    }

    /// Whether the key and its primary key are live and not revoked.
    fn judge_life(&self, key: &Fingerprint, now: u32) -> Result<(), Refusal> {
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
            if expires < now {
                return Err(Refusal::KeyExpired {
                    primary_key: holder.fingerprint.clone(),
                    key: which.clone(),
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
        let now = Timestamp::from(now);
        let weak = weak_hash(message.signature.hash_algorithm(), policy, now)
            .or_else(|| weak_key(self.key, policy, now))
            .or_else(|| weak_key(&self.holder.certificate.primary, policy, now));
        match weak {
            Some(algorithm) => Err(self.weak(algorithm, policy)),
            None => Ok(()),
        }
    }

    fn proven(&self, message: SignedMessage) -> Option<Proven> {
        let signing_key = fingerprint(self.key)?;
        let created = message.signature.created().unwrap_or(0);
        let primary_key = self.holder.fingerprint.clone();
        Some(
            Proven::assertion(message.untrusted_payload, primary_key)
                .with_signing_key(signing_key)
                .with_signed_at(moment(created)),
        )
    }

    fn not_for_signing(&self, detail: &str) -> Refusal {
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
        }
    }

    fn unsupported(&self, unsupported: &Unsupported) -> Refusal {
        unsupported.refusal(fingerprint(self.key).map(KeyHandle::from))
    }

    fn weak(&self, algorithm: String, policy: CryptoPolicy) -> Refusal {
        Refusal::WeakAlgorithm {
            key: fingerprint(self.key).map(KeyHandle::from),
            algorithm,
            policy: policy.name().to_owned(),
        }
    }
}

/// Whether the policy accepts no signature over the hash, so that one need not be checked.
fn too_weak_to_check(hash: HashAlgorithm, policy: CryptoPolicy) -> bool {
    policy == CryptoPolicy::Standard && matches!(hash, HashAlgorithm::SHA1 | HashAlgorithm::RipeMD)
}

/// How far a signature came before it was refused: of several reasons, the one that came
/// farthest is told.
fn progress(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::UnknownKey { .. } => 0,
        Refusal::BadSignature { .. } => 1,
        Refusal::UnsupportedSignature { .. } | Refusal::KeyFromTheFuture { .. } => 2,
        Refusal::KeyNotForSigning { .. } => 3,
        Refusal::SignatureFromTheFuture { .. } | Refusal::SignatureExpired { .. } => 4,
        Refusal::KeyExpired { .. } => 5,
        Refusal::KeyRevoked { .. } => 6,
        _ => 7,
    }
}

/// The time in whole seconds since the epoch, in the 32 bits that OpenPGP has for it.
fn seconds(time: SystemTime) -> u32 {
    u32::try_from(unix_seconds(time)).unwrap_or(u32::MAX)
}

fn moment(seconds: u32) -> Moment {
    Moment::from_unix(seconds.into())
}

fn fingerprint<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> Option<Fingerprint> {
    key.fingerprint().to_hex().parse().ok()
}
