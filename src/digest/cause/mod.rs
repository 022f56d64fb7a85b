//! Why a manifest has another digest than it should: guesses for people, tried out.
//!
//! Nothing depends on the answer but sentences: by the time it is looked for, the manifest is refused.

mod candidates;
mod finder;
mod kind;
mod layout;
mod references;

pub(crate) use self::finder::Finder;
pub use self::kind::DigestCause;

#[cfg(test)]
mod tests;
