//! Why a certificate cannot be read.

use crate::sigstore::der::DerError;

/// Octets that are no certificate, as this library and every release of Go that it follows reads one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("in {part}, {problem}")]
pub(crate) struct CertificateError {
    /// The part of it that is not as it must be: `its validity`.
    part: &'static str,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Der(DerError),
    #[error("{0}")]
    Rule(String),
}

impl CertificateError {
    /// A part that is DER, and breaks this rule. What is told begins with a noun: `it is negative`.
    pub(super) fn new(part: &'static str, rule: impl Into<String>) -> Self {
        Self {
            part,
            problem: Problem::Rule(rule.into()),
        }
    }
}

/// Names the part in which something is no DER.
pub(super) trait InPart<T> {
    /// The same with the part's name.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] for each error.
    fn part(self, part: &'static str) -> Result<T, CertificateError>;
}

impl<T> InPart<T> for Result<T, DerError> {
    fn part(self, part: &'static str) -> Result<T, CertificateError> {
        self.map_err(|error| CertificateError {
            part,
            problem: Problem::Der(error),
        })
    }
}
