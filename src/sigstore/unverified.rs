//! What is shown of a sigstore signature that nobody has verified.

use serde::Serialize;

use super::signer::SubjectNames;
use crate::clock::Moment;

/// A certificate that is stored with a signature. Nobody has verified who issued it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnverifiedCertificate {
    /// Whom it is about.
    pub subject: SubjectNames,
    /// Who has authenticated the signer, if it is in the form of one of Fulcio's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_issuer: Option<String>,
    /// The subject of the authority that is said to have issued it.
    pub issuer: String,
    /// The first moment at which it is valid.
    pub not_before: Moment,
    /// The last moment at which it is.
    pub not_after: Moment,
}

/// An entry of a log that is stored with a signature. Nobody has verified that a log has signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnverifiedLogEntry {
    /// The log, by the SHA-256 of its key in hexadecimal digits.
    pub log_id: String,
    /// The number of the entry in the log.
    pub index: i64,
    /// When the log has recorded it, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_time: Option<Moment>,
}
