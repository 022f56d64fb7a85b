//! What a sigstore signature claims, which anybody could have written. For people who look at one, and for nobody's decisions.

use super::attachment::{Attachment, annotation};
use super::bundle::{Bundle, statement::Statement};
use super::certificate::{Certificate, certificates};
use super::identity::{names_of, oidc_issuer};
use super::log_entry;
use super::unverified::{UnverifiedCertificate, UnverifiedLogEntry};

/// What is beside the payload of a signature.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The signer's certificate, if there is one.
    pub(crate) certificate: Option<UnverifiedCertificate>,
    /// What logs are said to have recorded.
    pub(crate) log_entries: Vec<UnverifiedLogEntry>,
    /// What cannot be read, each in a sentence.
    pub(crate) unreadable: Vec<String>,
}

/// What a bundle claims.
#[derive(Debug, Default)]
pub(crate) struct BundleClaims {
    /// What is beside the payload.
    pub(crate) beside: Claims,
    /// What kind of statement was signed; none if it is a signature over the artifact itself.
    pub(crate) predicate_type: Option<String>,
    /// The name of the first subject that was signed, if it has one.
    pub(crate) name: Option<String>,
    /// The digest of the first subject that was signed.
    pub(crate) digest: Option<String>,
}

impl Claims {
    /// Those in the annotations of a signature as cosign 1 and 2 store it.
    pub(crate) fn of_attachment(attachment: &Attachment) -> Self {
        let mut claims = Self::default();
        if let Some(text) = attachment.annotation(annotation::CERTIFICATE) {
            match certificates(text.as_bytes()) {
                Ok(read) => claims.add_certificate(read.first()),
                Err(error) => claims.cannot_read(annotation::CERTIFICATE, error),
            }
        }
        if let Some(text) = attachment.annotation(annotation::LOG_ENTRY) {
            match log_entry::unverified(text) {
                Ok(entry) => claims.log_entries.push(entry),
                Err(error) => claims.cannot_read(annotation::LOG_ENTRY, error),
            }
        }
        claims
    }

    fn add_certificate(&mut self, certificate: Option<&Certificate>) {
        let Some(certificate) = certificate else {
            return;
        };
        let oidc_issuer = oidc_issuer(certificate).unwrap_or_else(|error| {
            self.unreadable.push(error.to_string());
            None
        });
        self.certificate = Some(UnverifiedCertificate {
            subject: names_of(certificate),
            oidc_issuer,
            issuer: certificate.issuer().to_string(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
        });
    }

    fn cannot_read(&mut self, what: &str, error: impl std::fmt::Display) {
        self.unreadable.push(format!("`{what}`: {error}"));
    }
}

impl BundleClaims {
    /// Those of a bundle.
    pub(crate) fn of(bundle: &[u8]) -> Self {
        let mut claims = Self::default();
        let bundle = match Bundle::parse(bundle) {
            Ok(bundle) => bundle,
            Err(error) => {
                let sentence = format!("it is no well-formed bundle: {error}");
                claims.beside.unreadable.push(sentence);
                return claims;
            }
        };
        if let Some(der) = bundle.untrusted_certificate() {
            match Certificate::from_der(der) {
                Ok(certificate) => claims.beside.add_certificate(Some(&certificate)),
                Err(error) => claims.beside.cannot_read("certificate", error),
            }
        }
        claims.beside.log_entries = bundle.untrusted_log_entries();
        match bundle.untrusted_statement() {
            None => claims.digest = bundle.untrusted_digest(),
            Some(Ok(statement)) => claims.add_statement(&statement),
            Some(Err(error)) => claims.beside.cannot_read("dsseEnvelope", error),
        }
        claims
    }

    fn add_statement(&mut self, statement: &Statement) {
        self.predicate_type = Some(statement.predicate_type().to_owned());
        let (name, sha256) = statement.untrusted_first().unwrap_or_default();
        self.name = name.map(str::to_owned);
        self.digest = sha256.map(|sha256| format!("sha256:{sha256}"));
    }
}
