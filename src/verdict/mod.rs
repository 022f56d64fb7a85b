//! The verdict: what is said of an image, as text and as JSON.

mod accepted;
mod note;
mod reason;
mod report;
mod signer;

pub use self::accepted::Accepted;
pub use self::note::Note;
pub use self::reason::Reason;
pub use self::report::{
    AcceptedSignature, EngineReport, PassedOver, Report, RequirementOutcome, RequirementReport,
    SignatureOutcome, SignatureReport, Verdict,
};
pub use self::signer::{Signer, TrustedSigner};
