//! The verdict: what is said of an image, as text and as JSON.

mod accepted;
mod reason;
mod report;

pub use self::accepted::Accepted;
pub use self::reason::Reason;
pub use self::report::{
    AcceptedSignature, EngineReport, PassedOver, Report, RequirementOutcome, RequirementReport,
    SignatureOutcome, SignatureReport, Verdict,
};
