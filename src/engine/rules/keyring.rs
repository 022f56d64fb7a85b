//! The keys of one import, and which of them may have made a signature.

use std::collections::HashMap;

use super::Backend;
use super::certificate::certificates::Certificates;
use super::certificate::revocations::{Revocations, TooMany};
use super::certificate::trusted::{TrustedCertificate, Unusable, fingerprint, seconds};
use super::message;
use super::signature::Signature;
use super::verdict::Candidate;
use crate::engine::keyring::SHARED_KEY;
use crate::engine::unsupported::Unsupported;
use crate::engine::{KeyWarning, Keyring, KeyringError, Proven, Refusal, Settings, TrustedKey};
use crate::fingerprint::Fingerprint;
use crate::openpgp::handle::{KeyFingerprint, KeyId};

/// Why a key with too many revocations is not used.
const TOO_MANY_REVOCATIONS: &str = "it has too many revocations that are not valid";

/// The keys of one import, with what they say of themselves.
#[derive(Debug)]
pub(super) struct RulesKeyring {
    backend: &'static dyn Backend,
    holders: Vec<TrustedCertificate>,
    /// Where each primary key and subkey is, by key ID.
    places: HashMap<KeyId, Vec<Place>>,
    /// The trusted primary keys that this engine cannot read.
    unreadable: HashMap<KeyId, Unsupported>,
    settings: Settings,
}

/// A key within a certificate.
#[derive(Clone, Copy, Debug)]
struct Place {
    holder: usize,
    subkey: Option<usize>,
}

impl RulesKeyring {
    /// The keyring of these certificates, and of the keys that are not even read. The certificates that cannot be
    /// used `now` are reported in `warnings`.
    pub(super) fn new(
        backend: &'static dyn Backend,
        certificates: Certificates,
        unreadable: HashMap<KeyId, Unsupported>,
        settings: Settings,
        now: u32,
        warnings: &mut Vec<KeyWarning>,
    ) -> Self {
        let (all, key_revocations) = certificates.finish();
        let revocations = Revocations::new(backend, &key_revocations, &all);
        let revoked: Vec<_> = all
            .iter()
            .map(|certificate| {
                let views = certificate.views.iter();
                let revokers = views.flat_map(|view| view.revokers.iter().copied());
                revocations.of(&certificate.primary, &revokers.collect())
            })
            .collect();
        let mut keyring = Self {
            backend,
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
            let mut holder = TrustedCertificate {
                certificate,
                revocation,
                fingerprint,
                unusable: None,
            };
            holder.unusable = holder.why_unusable(backend, keyring.settings.crypto_policy, now);
            keyring.warn(&holder, warnings);
            keyring.add(holder);
        }
        keyring
    }

    /// Reports why a certificate cannot be used, if so.
    fn warn(&self, holder: &TrustedCertificate, warnings: &mut Vec<KeyWarning>) {
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

    /// The primary keys that can be used, with what is known of them `now`.
    pub(super) fn trusted_keys(&self, now: u32) -> Vec<TrustedKey> {
        let owners = self.owners();
        let is_shared = |candidate: &Candidate<'_>| match owners.get(&candidate.key.fingerprint()) {
            Some(Some(owner)) => **owner != candidate.holder.fingerprint,
            Some(None) => true,
            None => false,
        };
        let holders = self.holders.iter().enumerate();
        let usable = holders.filter(|(_, holder)| holder.unusable.is_none());
        usable
            .map(|(index, holder)| {
                let subkeys = (0..holder.certificate.subkeys.len()).map(Some);
                let places = std::iter::once(None).chain(subkeys).map(|subkey| Place {
                    holder: index,
                    subkey,
                });
                let signing_keys = places
                    .filter_map(|place| self.candidate(place))
                    .filter(|candidate| !is_shared(candidate))
                    .filter_map(|candidate| {
                        candidate.signing_key(self.settings.crypto_policy, now)
                    });
                let signing_keys = signing_keys.collect();
                TrustedKey {
                    signing_keys,
                    ..holder.trusted_key(self.backend, now)
                }
            })
            .collect()
    }

    /// The certificate of each key that a GnuPG would have; nothing for one that several have.
    fn owners(&self) -> HashMap<KeyFingerprint, Option<&Fingerprint>> {
        let mut owners = HashMap::new();
        let places = self.places.values().flatten();
        let candidates = places.filter_map(|place| self.candidate(*place));
        for candidate in candidates.filter(Candidate::imported) {
            let own = &candidate.holder.fingerprint;
            let owner = owners
                .entry(candidate.key.fingerprint())
                .or_insert(Some(own));
            *owner = owner.filter(|owner| *owner == own);
        }
        owners
    }

    fn add(&mut self, holder: TrustedCertificate) {
        let index = self.holders.len();
        let subkeys = holder.certificate.subkeys.iter().enumerate();
        let ids = std::iter::once((holder.certificate.primary.key_id(), None))
            .chain(subkeys.map(|(index, subkey)| (subkey.key.key_id(), Some(index))));
        for (id, subkey) in ids {
            self.places.entry(id).or_default().push(Place {
                holder: index,
                subkey,
            });
        }
        self.holders.push(holder);
    }

    /// The keys that GnuPG would look up for the signature: by the issuer fingerprint if it has one, otherwise by the
    /// key ID. GnuPG 2.2 falls back to the key ID if it does not know the fingerprint, and 2.4 does not; neither takes
    /// fingerprints of version 6.
    fn candidates(&self, signature: &Signature) -> Vec<Candidate<'_>> {
        let fingerprint = signature.issuer_fingerprint().filter(|fingerprint| {
            // Case: signature-packets-data-fingerprint-of-version-6
            matches!(fingerprint, KeyFingerprint::Version4(_)) || signature.version() == 6
        });
        // Case: messages-issuer-fingerprint-of-stranger
        if let Some(fingerprint) = fingerprint {
            let mut exact = self.with_key_id(fingerprint.key_id());
            exact.retain(|candidate| candidate.key.fingerprint() == fingerprint);
            return exact;
        }
        signature
            .issuer_key_id()
            .map(|id| self.with_key_id(id))
            .unwrap_or_default()
    }

    fn with_key_id(&self, id: KeyId) -> Vec<Candidate<'_>> {
        let places = self.places.get(&id).map(Vec::as_slice).unwrap_or_default();
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        for candidate in places.iter().filter_map(|place| self.candidate(*place)) {
            // The same key may be a subkey of two primary keys. GnuPG uses the first that it has imported, even where
            // the second would do.
            let fingerprint = candidate.key.fingerprint();
            match candidates
                .iter_mut()
                .find(|known| known.key.fingerprint() == fingerprint)
            {
                // Case: key-structure-shared-subkey-first-unbound
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
        let places = self.places.get(&candidate.key.key_id());
        let fingerprint = candidate.key.fingerprint();
        places
            .into_iter()
            .flatten()
            .filter_map(|place| self.candidate(*place))
            // Case: copies-shared-subkey-first-unbound
            .filter(|other| other.key.fingerprint() == fingerprint && other.imported())
            // Case: key-structure-shared-subkey-both
            .any(|other| other.holder.fingerprint != candidate.holder.fingerprint)
    }

    fn candidate(&self, place: Place) -> Option<Candidate<'_>> {
        let holder = self.holders.get(place.holder)?;
        let Some(index) = place.subkey else {
            return Some(Candidate {
                backend: self.backend,
                holder,
                key: &holder.certificate.primary,
                subkey: None,
            });
        };
        let subkey = holder.certificate.subkeys.get(index)?;
        Some(Candidate {
            backend: self.backend,
            holder,
            key: &subkey.key,
            subkey: Some((index, subkey)),
        })
    }
}

impl Keyring for RulesKeyring {
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        let message = message::read(self.backend, untrusted_blob)?;
        let candidates = self.candidates(&message.signature);
        let now = seconds(self.settings.clock.now()?);
        let mut refusal = None;
        for candidate in candidates {
            match candidate.judge(&message, now, self.settings.crypto_policy) {
                Ok(()) if self.is_shared(&candidate) => {
                    return Err(candidate.not_for_signing(SHARED_KEY).into());
                }
                Ok(()) => {
                    return Ok(candidate.proven(message)?);
                }
                Err(reason) => {
                    let known = refusal.get_or_insert_with(|| self.unknown(&message.signature));
                    // No case: this takes two keys with the same key ID.
                    if progress(&reason) >= progress(known) {
                        *known = reason;
                    }
                }
            }
        }
        Err(refusal
            .unwrap_or_else(|| self.unknown(&message.signature))
            .into())
    }
}

/// How far a signature came before it was refused: of several reasons, the one that came farthest is reported.
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
