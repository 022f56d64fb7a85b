//! The verdict: what is said of an image, as text and as JSON.

pub(crate) mod accepted;
pub(crate) mod details;
mod file_access;
mod implausible_clock;
mod key_report;
mod key_source;
mod note;
mod reading;
pub(crate) mod reason;
pub(crate) mod report;
mod signature_format;
mod signer;
mod trust;
mod warning;

pub(crate) use self::accepted::Accepted;
pub use self::file_access::{Exposed, FileAccess, Writer};
pub use self::implausible_clock::{ImplausibleClock, clock_is_implausible};
pub use self::key_report::{KeyReport, KeyState, KeyStatus, KeyUse};
pub use self::key_source::{KeySourceError, KeySourceReport, LoadKeysError};
pub use self::note::Note;
pub(crate) use self::reason::Reason;
pub(crate) use self::report::Report;
pub use self::report::{
    AcceptedSignature, DecidedBy, EngineReport, RequirementOutcome, RequirementReport,
    SignatureOutcome, SignatureReport, SkippedEngine, Verdict,
};
pub use self::signature_format::{PayloadFormat, SignatureFormat};
pub use self::signer::{Signer, SigstoreKey, TrustedCertificate, TrustedSigner};
pub use self::trust::{TrustKind, TrustSource};
pub use self::warning::{NamedKey, Warning};
pub use crate::sigstore::facts::{KeyAlgorithm, KeyId, KeyReference, LogEntry};
pub use crate::sigstore::refusal::{
    CertificatePlace, CertificateRole, LogEntryPart, NoTrustedTime, SignatureDefect, SignerPart,
    SigstoreRefusal,
};
pub use crate::sigstore::signer::{
    AuthorityReference, CertificateSigner, CertificateTime, SubjectNames,
};
pub use crate::sigstore::unverified::{UnverifiedCertificate, UnverifiedLogEntry};
pub use crate::simple_signing::MismatchCause;
pub use crate::simple_signing::unverified::{
    StoredFormat, UnverifiedClaims, UnverifiedSignature, UnverifiedSigner,
};
pub use crate::text::content::{Content, OpenPgpContent};
