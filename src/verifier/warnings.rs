//! What should be known about an image although it is accepted. It is found from what is known already: no file is read
//! for it, and no signature is calculated.

use std::time::Duration;

use super::demands::Demands;
use super::keys::LoadedFile;
use crate::clock::Moment;
use crate::engine::{SigningKey, TrustedKey};
use crate::policy::SignedIdentity;
use crate::simple_signing::identity;
use crate::source::Source;
#[cfg(feature = "sigstore")]
use crate::verdict::CertificateTime;
use crate::verdict::{AcceptedSignature, KeyState, NamedKey, Report, Signer, Warning};

/// A requirement that accepts the image because of a signature.
pub(super) struct Satisfied<'a> {
    /// Its `signedIdentity`.
    pub(super) rule: &'a SignedIdentity,
    pub(super) source: &'a dyn Source,
    /// The files with the keys that it trusts.
    pub(super) files: Vec<&'a LoadedFile>,
    pub(super) proof: &'a AcceptedSignature,
    /// The time that was judged by, if it is known.
    pub(super) now: Option<Moment>,
    pub(super) demands: &'a Demands,
}

impl Satisfied<'_> {
    /// The warnings of a requirement `signedBy` that trusts these keys, those first that are about this image.
    pub(super) fn by_openpgp(&self, keys: &[TrustedKey], now: Moment) -> Vec<Warning> {
        let about_image = [
            self.key_end(keys, now),
            self.signature_end(now),
            self.other_tag(),
            self.age(),
        ];
        let mut warnings: Vec<Warning> = about_image.into_iter().flatten().collect();
        for file in &self.files {
            let of_file: Vec<&TrustedKey> = keys
                .iter()
                .filter(|key| key.origin == file.origin)
                .collect();
            warnings.extend(writable(file));
            warnings.extend(about_keys(&of_file, now));
            warnings.extend(has_changed(file));
        }
        warnings
    }

    /// The warnings of a requirement `sigstoreSigned`. Its keys have no end; certificates have.
    #[cfg(feature = "sigstore")]
    pub(super) fn by_sigstore(&self) -> Vec<Warning> {
        let about_image = [
            self.certificate_end(),
            self.other_tag(),
            self.no_name(),
            self.age(),
        ];
        let mut warnings: Vec<Warning> = about_image.into_iter().flatten().collect();
        for file in &self.files {
            warnings.extend(writable(file));
            warnings.extend(has_changed(file));
        }
        warnings
    }

    /// Whether this lies ahead, and not too far.
    fn is_near(&self, end: Moment, now: Moment) -> bool {
        let ahead = self.demands.warn_ahead;
        ahead > Duration::ZERO && end >= now && end.distance(now) <= ahead
    }

    /// Whether the key that signed, or its primary key, ends soon.
    fn key_end(&self, keys: &[TrustedKey], now: Moment) -> Option<Warning> {
        let Signer::OpenPgp {
            primary_key,
            signing_key,
            ..
        } = &self.proof.signer
        else {
            return None;
        };
        let key = keys.iter().find(|key| key.fingerprint == *primary_key)?;
        let signing = key.signing_key(signing_key);
        let of_primary = key.expires;
        let of_signing = signing.and_then(|signing| signing.usable_until());
        let expires = [of_primary, of_signing].into_iter().flatten().min()?;
        if !self.is_near(expires, now) {
            return None;
        }
        Some(key_ends(key, signing, expires, now))
    }

    fn signature_end(&self, now: Moment) -> Option<Warning> {
        let expires = self.proof.expires.filter(|end| self.is_near(*end, now))?;
        Some(Warning::SignatureExpiresSoon {
            signature: self.proof.signature,
            signed_at: self.proof.signed_at,
            expires,
            now,
        })
    }

    /// Whether a certificate between signer and authority ends soon. It is of no consequence where a log has said when was signed.
    #[cfg(feature = "sigstore")]
    fn certificate_end(&self) -> Option<Warning> {
        let Signer::Certificate(signer) = &self.proof.signer else {
            return None;
        };
        let (expires, now) = (signer.valid_until, self.now?);
        let is_soon = signer.judged_by == CertificateTime::Clock && self.is_near(expires, now);
        is_soon.then(|| Warning::CertificateExpiresSoon {
            signature: self.proof.signature,
            certificate: signer.ends_first.clone(),
            is_signer: expires == signer.not_after,
            expires,
            now,
        })
    }

    /// Whether the signature is old. A name with a digest always stands for the same image.
    fn age(&self) -> Option<Warning> {
        self.source.name().docker_reference()?.tag()?;
        let limit = self.demands.warn_signature_age;
        let (signed_at, now) = (self.proof.signed_at?, self.now?);
        let is_old = signed_at < now && now.distance(signed_at) > limit;
        (limit > Duration::ZERO && is_old).then_some(Warning::SignedLongAgo {
            signature: self.proof.signature,
            signed_at,
            now,
        })
    }

    /// Whether nothing but the digest was signed.
    #[cfg(feature = "sigstore")]
    fn no_name(&self) -> Option<Warning> {
        let is_named = self.proof.signed_reference.is_some();
        (!is_named).then_some(Warning::NameNotSigned {
            signature: self.proof.signature,
            rule: self.rule.type_name().to_owned(),
        })
    }

    fn other_tag(&self) -> Option<Warning> {
        let image = self.source.name().docker_reference()?;
        let signed = self.proof.signed_reference.as_ref()?;
        let (signed, asked) = identity::other_tag(image, signed)?;
        Some(Warning::SignedForAnotherTag {
            signature: self.proof.signature,
            signed,
            asked,
            rule: self.rule.type_name().to_owned(),
        })
    }
}

/// That a key file can be changed by others.
fn writable(file: &LoadedFile) -> Option<Warning> {
    let (path, exposed) = (file.path()?, file.exposed()?);
    Some(Warning::KeyFileWritable {
        file: path.to_owned(),
        exposed: exposed.clone(),
    })
}

/// That a key file is not any more what was read.
fn has_changed(file: &LoadedFile) -> Option<Warning> {
    let path = file.path().filter(|_| file.has_changed_of_late())?;
    Some(Warning::KeyFileChanged {
        file: path.to_owned(),
    })
}

/// What is wrong with the keys of a file.
fn about_keys(keys: &[&TrustedKey], now: Moment) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let secret = keys.iter().find(|key| key.has_secret);
    warnings.extend(secret.map(|key| Warning::SecretKeyInTrustFile { key: named(key) }));
    let expired: Vec<(&TrustedKey, Moment)> = keys
        .iter()
        .filter(|key| KeyState::of(key, now) == KeyState::Expired)
        .filter_map(|key| Some((*key, key.usable_until()?)))
        .collect();
    if let Some((key, expired_at)) = expired.iter().max_by_key(|(_, end)| *end) {
        warnings.push(Warning::TrustedKeyExpired {
            key: named(key),
            expired: *expired_at,
            now,
            others: expired.len().saturating_sub(1),
        });
    }
    warnings
}

/// That a key ends soon, because it, or the key of it that signs, does.
pub(super) fn key_ends(
    certificate: &TrustedKey,
    signing: Option<&SigningKey>,
    expires: Moment,
    now: Moment,
) -> Warning {
    let of_itself = [
        certificate.expires,
        signing.and_then(|signing| signing.expires),
    ];
    let by_itself = of_itself.contains(&Some(expires));
    let subkey = signing
        .map(|signing| &signing.fingerprint)
        .filter(|subkey| **subkey != certificate.fingerprint);
    let key = named(certificate);
    match subkey.filter(|_| certificate.expires != Some(expires)) {
        Some(subkey) => Warning::SubkeyExpiresSoon {
            key,
            subkey: subkey.clone(),
            expires,
            by_itself,
            primary_expires: certificate.expires,
            now,
        },
        None => Warning::KeyExpiresSoon {
            key,
            expires,
            by_itself,
            now,
        },
    }
}

/// What should be known about the policy that accepts an image.
pub(super) fn of_policy(report: &Report) -> Vec<Warning> {
    let unsigned = (!report.is_verified()).then(|| Warning::AcceptedUnsigned {
        scope: report.scope.clone(),
    });
    let misses_image = report
        .near_misses
        .first()
        .filter(|_| unsigned.is_some())
        .map(|near_miss| Warning::ScopeMissesImage {
            near_miss: near_miss.clone(),
        });
    // The slip first: it is why nothing was verified.
    misses_image.into_iter().chain(unsigned).collect()
}

pub(super) fn named(key: &TrustedKey) -> NamedKey {
    NamedKey::new(
        key.fingerprint.clone(),
        key.user_id.clone(),
        key.origin.clone(),
    )
}
