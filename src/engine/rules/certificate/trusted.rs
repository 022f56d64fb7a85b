//! A certificate, and what can be said about it at a given time.

use std::time::SystemTime;

use super::Certificate;
use super::judge::Revocation;
use crate::clock::{Moment, unix_seconds};
use crate::engine::CryptoPolicy;
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::{malformed_key, unsupported_hash, unsupported_key};
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
        let subkeys = certificate.subkeys.iter().map(|subkey| subkey.skipped);
        let mut skipped = std::iter::once(certificate.skipped).chain(subkeys);
        let revocation = skipped.find_map(|skipped| skipped.revocation);
        if let Some(unsupported) = revocation.and_then(|form| unsupported_hash(backend, form)) {
            return Some(Unusable::Unsupported(unsupported));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::certificate::certificates::Certificates;
    use crate::engine::rules::certificate::read::Contents;
    use crate::engine::rules::signature::Signature;
    use crate::engine::rules::tests::crafted::{WITH_SUBKEY, contents, over_sha1};
    use crate::engine::rules::tests::{BACKEND, WITHOUT_SHA1};
    use crate::openpgp::signature::kind;

    fn why_unusable(backend: &'static dyn Backend, contents: Contents) -> Option<Unusable> {
        let mut certificates = Certificates::new(backend);
        certificates.add(contents);
        let certificate = certificates.finish().0.remove(0);
        let now = certificate.primary.created().saturating_add(1);
        let certificate = TrustedCertificate {
            revocation: None,
            fingerprint: fingerprint(&certificate.primary).unwrap(),
            certificate,
            unusable: None,
        };
        certificate.why_unusable(backend, CryptoPolicy::Standard, now)
    }

    /// It is good for nothing; but who knows.
    #[test]
    fn a_revocation_that_cannot_be_checked_leaves_nothing_to_be_trusted() {
        assert!(why_unusable(WITHOUT_SHA1, contents(WITH_SUBKEY)).is_none());
        for (index, kind) in [
            (0, kind::CERTIFICATION_REVOCATION),
            (0, kind::SUBKEY_REVOCATION),
            (1, kind::SUBKEY_REVOCATION),
        ] {
            let with_revocation = || {
                let mut contents = contents(WITH_SUBKEY);
                let component = &mut contents.copies[0].keyblock.components[index];
                let forged = Signature::parse(&over_sha1(kind)).unwrap();
                component.signatures.push(forged);
                contents
            };
            assert!(why_unusable(BACKEND, with_revocation()).is_none());
            let found = why_unusable(WITHOUT_SHA1, with_revocation());
            assert!(matches!(found, Some(Unusable::Unsupported(_))), "{found:?}");
        }
    }
}
