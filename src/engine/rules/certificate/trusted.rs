//! A certificate, and what can be said about it at a given time.

use std::time::SystemTime;

use super::Certificate;
use super::judge::Revocation;
use crate::clock::{Moment, unix_seconds};
use crate::engine::CryptoPolicy;
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::{malformed_key, unsupported_key};
use crate::engine::unsupported::Unsupported;
use crate::fingerprint::Fingerprint;
use crate::openpgp::key::PublicKey;

/// A certificate whose own signatures are verified.
#[derive(Debug)]
pub(crate) struct TrustedCertificate {
    /// The certificate.
    pub(crate) certificate: Certificate,
    /// The revocation of its primary key.
    pub(crate) revocation: Option<Revocation>,
    /// Its fingerprint.
    pub(crate) fingerprint: Fingerprint,
    /// Why the certificate cannot be used: it is kept only to say so.
    pub(crate) unusable: Option<Unusable>,
}

/// Why nothing that a certificate signs can count.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// Nothing that counts vouches for the key itself, or it is not a key.
    NotSelfSigned(String),
    /// It is not known, or the cryptographic backend cannot calculate with it.
    Unsupported(Unsupported),
}

impl TrustedCertificate {
    /// Why nothing that this certificate signs can count; `None` if something can.
    pub(crate) fn why_unusable(
        &self,
        backend: &dyn Backend,
        policy: CryptoPolicy,
        now: u32,
    ) -> Option<Unusable> {
        let certificate = &self.certificate;
        if let Some(unsupported) = unsupported_key(backend, &certificate.primary, policy) {
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
        let skipped = certificate.skipped;
        if skipped.md5 {
            return Some(Unusable::NotSelfSigned(
                "its self-signatures use MD5".to_owned(),
            ));
        }
        Some(match skipped.unsupported(backend) {
            Some(unsupported) => Unusable::Unsupported(unsupported),
            None => {
                Unusable::NotSelfSigned("it has no user ID with a good self-signature".to_owned())
            }
        })
    }
}

/// The time in whole seconds since the epoch, in the 32 bits that OpenPGP has for it.
pub(crate) fn seconds(time: impl Into<SystemTime>) -> u32 {
    u32::try_from(unix_seconds(time)).unwrap_or(u32::MAX)
}

/// The moment this many seconds after the epoch.
pub(crate) fn moment(seconds: u32) -> Moment {
    Moment::from_unix(seconds.into())
}

/// The fingerprint as this crate writes it; `None` of a version that it does not know.
pub(crate) fn fingerprint(key: &PublicKey) -> Option<Fingerprint> {
    Fingerprint::of(key.fingerprint().octets())
}
