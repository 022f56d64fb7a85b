//! Content digests, and the digest of a manifest.

pub(crate) mod cause;
pub(crate) mod error;
pub(crate) mod manifest;
mod schema1;
pub(crate) mod value;

pub use self::cause::DigestCause;
pub(crate) use self::cause::Finder;
pub use self::error::{JwsError, MAX_MANIFEST_NESTING, MAX_MANIFEST_SIZE};
pub(crate) use self::manifest::manifest_digest;
pub use self::value::Algorithm;
pub(crate) use self::value::{Digest, DigestError};
