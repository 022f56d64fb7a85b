//! **For tests of programs that embed this library, and for nothing else** (feature `testing`): reports, verdicts and an
//! engine without keys, signatures and GnuPG.
//!
//! What is here makes an [`Accepted`] that nobody has verified, and an engine that believes what anybody can write. Enable
//! the feature for tests alone, in `[dev-dependencies]`. A program that is built with it to run images proves nothing.
//!
//! - [`ReportBuilder`] makes a [`Report`], and [`verdict`] what [`Verifier::verify`](crate::Verifier::verify) would have
//!   answered with it.
//! - [`reasons`], [`warnings`] and [`notes`] have an example of each kind, for a program that shows all of them;
//!   [`reason`] and [`warning`] have the one with a given code. An example's fields are public: match it, and change them.
//! - [`FakeEngine`] goes the whole way, with made-up key files and signatures: it accepts, refuses, takes its time and
//!   fails as it is told.
//!
//! ```
//! use containers_sigpolicy::{Category, testing};
//!
//! let report = testing::ReportBuilder::new("docker://registry.example/app:1")
//!     .refused(testing::reason("key-expired").ok_or("no such code")?)
//!     .build();
//! let error = testing::verdict(report).unwrap_err();
//! assert_eq!(error.category(), Category::Rejected);
//! assert_eq!(error.code(), "key-expired");
//!
//! let report = testing::ReportBuilder::new("docker://registry.example/app:1")
//!     .signed_by(testing::signer("0123456789ABCDEF0123456789ABCDEF01234567".parse()?, "release.gpg"))
//!     .warning(testing::warning("key-expires-soon").ok_or("no such code")?)
//!     .build();
//! let accepted = testing::verdict(report)?;
//! assert!(accepted.is_signed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod engine;
mod examples;
mod report;

pub use self::engine::FakeEngine;
pub use self::examples::causes::{contents, digest_causes, key_warnings, mismatch_causes};
pub use self::examples::findings::findings;
pub use self::examples::reasons::{reason, reasons, refusals};
pub use self::examples::sigstore::sigstore_refusals;
pub use self::examples::warnings::{notes, warning, warnings};
pub use self::report::{ReportBuilder, signer, sigstore_signer};
use crate::error::Error;
use crate::verdict::{Accepted, Report, Verdict};

/// What [`Verifier::verify`](crate::Verifier::verify) would have answered with this report. **Nobody has verified anything.**
///
/// # Errors
///
/// [`Error::Rejected`] or [`Error::Undecided`] with the report, if that is what it says.
pub fn verdict(report: Report) -> Result<Accepted, Error> {
    match report.verdict() {
        Verdict::Accepted => Ok(Accepted::new(report)),
        Verdict::Rejected => Err(Error::Rejected(Box::new(report))),
        Verdict::Undecided => Err(Error::Undecided(Box::new(report))),
    }
}
