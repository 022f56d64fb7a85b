//! Who signed by a certificate: what reports say of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::text::quote::Quoted;

/// The signer that a certificate names, and who vouches for that. All of it has been verified.
///
/// `Display` is the signer's first name, with the OIDC issuer if there is one: ``release@example.org (https://issuer.example)``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertificateSigner {
    /// All alternative names of the certificate's subject.
    pub subject: SubjectNames,
    /// Who has authenticated the signer, if the certificate is one of Fulcio's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_issuer: Option<String>,
    /// The workflow that signed, if a CI system did and Fulcio says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_signer_uri: Option<String>,
    /// The repository that the workflow was about, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_repository: Option<String>,
    /// The certificate's serial number, in hexadecimal digits.
    pub serial: String,
    /// The first moment at which the certificate is valid.
    pub not_before: Moment,
    /// The last moment at which it is.
    pub not_after: Moment,
    /// The last moment at which it and all certificates that vouch for it are valid.
    pub valid_until: Moment,
    /// The one of these that ends first: its subject, or a name of the signer's.
    pub ends_first: String,
    /// The authority of the policy that vouches for it.
    pub authority: AuthorityReference,
    /// The time that the certificate was judged at.
    pub judged_at: Moment,
    /// Whose time that is.
    pub judged_by: CertificateTime,
}

/// The names of a certificate's subject, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SubjectNames {
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Names of hosts, which may begin with `*.`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// URIs, as CI systems have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uris: Vec<String>,
    /// Addresses of hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

impl SubjectNames {
    /// All of them: e-mail addresses first, then URIs, names of hosts, and their addresses.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let kinds = [&self.emails, &self.uris, &self.hosts, &self.addresses];
        kinds.into_iter().flatten().map(String::as_str)
    }
}

/// All names, quoted: `` `a@example.org`, `https://example.org` ``; `nobody` without one.
impl fmt::Display for SubjectNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = self.all().take(MAX_SHOWN);
        match names.next() {
            None => return f.write_str("nobody"),
            Some(first) => Quoted(first).fmt(f)?,
        }
        names.try_for_each(|name| write!(f, ", {}", Quoted(name)))?;
        match self.all().count().saturating_sub(MAX_SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// The most names that one sentence repeats.
const MAX_SHOWN: usize = 5;

/// A certificate of an authority that the policy trusts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthorityReference {
    /// Its subject: `CN=sigstore-intermediate,O=sigstore.dev`.
    pub subject: String,
    /// The file it was read from, or the member of the policy that holds it, such as `caData`.
    pub origin: String,
}

impl AuthorityReference {
    /// An authority with this subject, from there.
    #[cfg(any(test, feature = "testing", feature = "sigstore"))]
    pub(crate) fn new(subject: impl Into<String>, origin: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            origin: origin.into(),
        }
    }
}

impl fmt::Display for AuthorityReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", Quoted(&self.subject), self.origin)
    }
}

/// The time that certificates are judged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum CertificateTime {
    /// When the log recorded the signature, by the log's clock: of a short-lived certificate of Fulcio's.
    Log,
    /// Now, by the clock of whoever judges.
    Clock,
}

impl fmt::Display for CertificateSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.subject.all().next().unwrap_or("nobody");
        let shown = |text: &str| crate::text::quote::visible(text);
        f.write_str(&shown(name))?;
        match &self.oidc_issuer {
            Some(issuer) => write!(f, " ({})", shown(issuer)),
            None => Ok(()),
        }
    }
}
