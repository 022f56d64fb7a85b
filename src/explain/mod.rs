//! What a policy means, for people: which of it applies to an image and why, and what in it is most likely a slip.
//!
//! Nothing here decides; no key, manifest or signature is read. [`Verifier::lint`](crate::Verifier::lint) checks key
//! files, too.
//!
//! ```
//! use containers_sigpolicy::{ImageName, Policy};
//!
//! let policy: Policy = r#"{
//!   "default": [{"type": "reject"}],
//!   "transports": {"docker": {"busybox": [{"type": "insecureAcceptAnything"}]}}
//! }"#.parse()?;
//!
//! let image = ImageName::parse("docker://busybox")?;
//! let explanation = policy.explain(&image);
//! assert_eq!(
//!     explanation.near_misses[0].to_string(),
//!     "line 3 has `busybox`, which matches no image: a scope is written in full, with its host; \
//!      write `docker.io/library/busybox`"
//! );
//!
//! let lint = policy.lint();
//! assert_eq!(lint.findings[0].code.name(), "scope-never-matches");
//! # Ok::<(), containers_sigpolicy::Error>(())
//! ```

mod explanation;
pub(crate) mod letters;
mod lint;
mod miss;
mod near_miss;
mod needs;
mod official;
mod spelling;
mod text;
mod transport;

pub use self::explanation::{ExplainedRequirement, ExplainedScope, Explanation, SearchedScope};
pub(crate) use self::lint::{Concern, findings, named_scope};
pub use self::lint::{Lint, LintCode, LintException, LintFinding, LintLevel, LintReport};
pub use self::miss::Miss;
pub use self::near_miss::NearMiss;
pub use self::needs::{Obstacle, SignedName};

#[cfg(test)]
mod tests;
