//! Policies: which requirements an image has to meet, by containers-policy.json(5).
//!
//! [`Policy::from_slice`], [`Policy::from_file`] and [`Policy::from_system`] read a policy strictly: whatever the
//! manual page does not define is an error that says where it is and what belongs there.
//! [`Policy::builder`] makes one in code under the same rules, [`Policy::to_json`] writes it, and serde reads one as a part
//! of something else.
//! [`Policy::requirements_for`] says which requirements apply to an image, and why these.
//!
//! ```
//! use containers_sigpolicy::policy::{MatchedScope, Requirement};
//! use containers_sigpolicy::{ImageName, Policy};
//!
//! let policy: Policy = r#"{"default": [{"type": "reject"}]}"#.parse()?;
//! let applied = policy.requirements_for(&ImageName::parse("docker://busybox")?);
//! assert_eq!(applied.requirements().as_slice(), [Requirement::Reject]);
//! assert_eq!(*applied.scope(), MatchedScope::Default);
//!
//! let misspelt = r#"{"default": [{"type": "rejct"}]}"#.parse::<Policy>().unwrap_err();
//! assert_eq!(
//!     misspelt.to_string(),
//!     "line 1, column 23: default[0].type: unknown requirement type \"rejct\"; did you mean `reject`?"
//! );
//! # Ok::<(), containers_sigpolicy::Error>(())
//! ```

mod builder;
mod display;
pub(crate) mod document;
mod embedded;
pub(crate) mod error;
mod load;
mod origin;
mod places;
mod read;
mod requirement;
mod rooted;
mod scope;
mod scopes;
mod signed_identity;
mod sigstore;
pub(crate) mod spans;
pub(crate) mod system;
mod user_database;
mod write;

pub use self::builder::PolicyBuilder;
pub(crate) use self::document::Policy;
pub(crate) use self::error::PolicyError;
pub use self::error::{Base64Error, InvalidPolicy, PolicyErrorKind};
pub use self::origin::{PolicyOrigin, PolicyPlace, PolicyVariable};
pub use self::requirement::{
    KeySource, KeyType, Requirement, Requirements, SignedBaseLayer, SignedBy,
};
pub use self::scope::{AppliedRequirements, MatchedScope};
pub use self::scopes::{PolicyScope, ScopeName};
pub use self::signed_identity::{ExactReference, ExactRepository, RemapIdentity, SignedIdentity};
pub use self::sigstore::{
    CertificateSource, Fulcio, Pki, SigstoreKeys, SigstoreSigned, SigstoreTrust,
};
pub(crate) use self::system::SystemPaths;
pub use crate::json::{JsonError, JsonSlip, LineText, Position, Span};

#[cfg(test)]
mod tests;
