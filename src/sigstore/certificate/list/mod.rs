//! Certificates in texts: of a signature, which somebody sent, and of authorities, whom a policy trusts.

use std::collections::BTreeSet;

use super::{Certificate, CertificateError};
use crate::sigstore::pem;
use crate::text::content::Content;
use crate::text::recognise::recognise;

/// The most certificates of one text. Systems trust some 150 authorities, and a path has a handful.
pub(crate) const MAX_CERTIFICATES: usize = 1_000;

/// Why a text is no list of certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificatesError {
    /// One of its blocks is none.
    #[error("certificate {number} of it cannot be read: {error}")]
    Malformed {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        error: CertificateError,
    },
    /// Something that is no block of PEM, after so many that are.
    #[error("after {read} certificates, the rest is no block of PEM")]
    NotPem {
        /// How many came before.
        read: usize,
    },
    /// More than anybody needs.
    #[error("it holds more than {MAX_CERTIFICATES} certificates")]
    TooMany,
}

/// Why a text names no authority.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthoritiesError {
    /// It holds no block of PEM that is a certificate.
    #[error("it is {found}, and not certificates in PEM (`-----BEGIN CERTIFICATE-----`)")]
    Other {
        /// What it is.
        found: Content,
    },
    /// It holds such blocks, and none can be read.
    #[error("none of its certificates can be read; the first one: {error}")]
    Malformed {
        /// What is wrong with the first.
        error: CertificateError,
    },
    /// More than anybody needs.
    #[error("it holds more than {MAX_CERTIFICATES} certificates")]
    TooMany,
}

/// The certificates of a text, as cosign's `cryptoutils.UnmarshalCertificatesFromPEM` reads it: without white space around it,
/// blocks of PEM, each a certificate whatever its label, and nothing after the last. An empty text has none.
///
/// # Errors
///
/// [`CertificatesError`] for anything else.
pub(crate) fn certificates(text: &[u8]) -> Result<Vec<Certificate>, CertificatesError> {
    let mut blocks = pem::blocks(trimmed(text));
    let mut certificates = Vec::new();
    while !blocks.rest().is_empty() {
        let read = certificates.len();
        if read >= MAX_CERTIFICATES {
            return Err(CertificatesError::TooMany);
        }
        let block = blocks.next().ok_or(CertificatesError::NotPem { read })?;
        let certificate = Certificate::from_der(&block.contents);
        certificates.push(certificate.map_err(|error| CertificatesError::Malformed {
            number: read.saturating_add(1),
            error,
        })?);
    }
    Ok(certificates)
}

/// The certificates of authorities in a text, as Go's `CertPool.AppendCertsFromPEM` reads it: blocks of another label, with
/// headers, or that are no certificate are passed over, and each certificate counts once.
///
/// # Errors
///
/// [`AuthoritiesError`] if none remains.
pub(crate) fn authorities(text: &[u8]) -> Result<Vec<Certificate>, AuthoritiesError> {
    let mut certificates: Vec<Certificate> = Vec::new();
    let mut known = BTreeSet::new();
    let mut first_error = None;
    let blocks =
        pem::blocks(text).filter(|block| block.label == b"CERTIFICATE" && block.headers.is_empty());
    for block in blocks {
        match Certificate::from_der(&block.contents) {
            Ok(certificate) => {
                if known.insert(block.contents) {
                    certificates.push(certificate);
                }
            }
            Err(error) => first_error = first_error.or(Some(error)),
        }
        if certificates.len() > MAX_CERTIFICATES {
            return Err(AuthoritiesError::TooMany);
        }
    }
    match (certificates.is_empty(), first_error) {
        (false, _) => Ok(certificates),
        (true, Some(error)) => Err(AuthoritiesError::Malformed { error }),
        (true, None) => Err(AuthoritiesError::Other {
            found: recognise(text),
        }),
    }
}

/// A text without white space around it, as Go's `bytes.TrimSpace` sees it.
fn trimmed(text: &[u8]) -> &[u8] {
    match std::str::from_utf8(text) {
        Ok(text) => text.trim().as_bytes(),
        Err(_) => text.trim_ascii(),
    }
}

#[cfg(test)]
mod tests;
