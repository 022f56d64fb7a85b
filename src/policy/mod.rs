//! Policies: which requirements an image has to meet, by containers-policy.json(5).
//!
//! [`Policy::from_slice`], [`Policy::from_file`] and [`Policy::from_system`] read a policy strictly: whatever the
//! manual page does not define is an error that says where it stands and what belongs there.
//! [`Policy::builder`] makes one in code under the same rules, [`Policy::to_json`] writes it.
//! [`Policy::requirements_for`] says which requirements apply to an image, and why these.
//!
//! ```
//! use containers_sigpolicy::policy::{MatchedScope, Policy, Requirement};
//!
//! let policy: Policy = r#"{"default": [{"type": "reject"}]}"#.parse()?;
//! let namespaces = ["docker.io/library/busybox", "docker.io/library", "docker.io", "*.io"];
//! let identity = Some("docker.io/library/busybox:latest");
//! let applied = policy.requirements_for("docker", identity, &namespaces);
//! assert_eq!(applied.requirements().as_slice(), [Requirement::Reject]);
//! assert_eq!(*applied.scope(), MatchedScope::Default);
//!
//! let misspelt = r#"{"default": [{"type": "rejct"}]}"#.parse::<Policy>().unwrap_err();
//! assert_eq!(
//!     misspelt.to_string(),
//!     "line 1, column 23: default[0].type: unknown requirement type \"rejct\"; did you mean `reject`?"
//! );
//! # Ok::<(), containers_sigpolicy::policy::PolicyError>(())
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use crate::digest::Digest;

mod build;
mod describe;
mod error;
mod find;
mod identity;
mod lookup;
mod origin;
mod read;
mod read_sigstore;
mod requirement;
mod shape;
mod sigstore;
mod user_database;
mod write;

pub use self::build::PolicyBuilder;
pub use self::error::{Base64Problem, InvalidPolicy, PolicyError, PolicyErrorKind};
pub use self::find::{PolicyVariable, SystemPaths};
pub use self::identity::{ExactReference, ExactRepository, RemapIdentity, SignedIdentity};
pub use self::lookup::{AppliedRequirements, MatchedScope};
pub use self::origin::{PolicyOrigin, PolicyPlace};
pub use self::requirement::{
    KeySource, KeyType, Requirement, Requirements, SignedBaseLayer, SignedBy,
};
pub use self::sigstore::{
    CertificateSource, Fulcio, Pki, SigstoreKeys, SigstoreSigned, SigstoreTrust,
};
pub use crate::json::JsonProblem;

/// A policy: what images must fulfil, by transport and scope.
///
/// Two policies are equal if they demand the same of every image; the order of scopes, the spelling of the JSON and
/// where they are from do not count.
#[derive(Clone, Debug)]
pub struct Policy {
    default: Requirements,
    transports: BTreeMap<String, BTreeMap<String, Requirements>>,
    origin: PolicyOrigin,
}

impl Policy {
    /// The largest policy that is read, in bytes: room for some 100,000 scopes. containers/image has no limit.
    pub const MAX_SIZE: usize = 16 * 1024 * 1024;

    /// A policy that demands the same of every image.
    pub fn new(default: impl Into<Requirements>) -> Self {
        Self {
            default: default.into(),
            transports: BTreeMap::new(),
            origin: PolicyOrigin::of(PolicyPlace::Code),
        }
    }

    /// Begins a policy with scopes; `default` is for images that no scope matches.
    pub fn builder(default: impl Into<Requirements>) -> PolicyBuilder {
        PolicyBuilder::new(Self::new(default))
    }

    /// Reads a policy: one JSON object in UTF-8, as containers-policy.json(5) defines it.
    ///
    /// # Errors
    ///
    /// A [`PolicyError`] with line, column and JSON path for everything that the manual page does not define: unknown
    /// or duplicate keys, values of a wrong type, an empty list of requirements, a scope that its transport does not
    /// have, anything after the object. Also for a text of more than [`Policy::MAX_SIZE`] bytes, or nested more than
    /// 10,000 levels deep.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, PolicyError> {
        Self::from_bytes(bytes, PolicyOrigin::of(PolicyPlace::Bytes))
    }

    /// Reads the policy in a file. It may be a pipe, such as a shell's `<(…)`.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::from_slice`], and [`PolicyErrorKind::Read`] for a file that cannot be read. All name the
    /// file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, PolicyError> {
        let path = path.as_ref();
        Self::from_opened(
            File::open(path),
            PolicyOrigin::of_file(PolicyPlace::Explicit, path),
        )
    }

    /// Reads the system's policy, from the first place of [`SystemPaths`] that has one.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::find`] and [`Policy::from_file`]. There is no policy to fall back to.
    pub fn from_system(paths: &SystemPaths) -> Result<Self, PolicyError> {
        match paths.named() {
            Some(origin) => {
                let path = origin.file.clone().unwrap_or_default();
                Self::from_opened(File::open(path), origin)
            }
            None => {
                let (file, origin) = paths.search()?;
                Self::from_opened(Ok(file), origin)
            }
        }
    }

    fn from_opened(file: io::Result<File>, origin: PolicyOrigin) -> Result<Self, PolicyError> {
        match file.and_then(read_bounded) {
            Ok(bytes) => Self::from_bytes(&bytes, origin),
            Err(source) => {
                Err(PolicyError::new(PolicyErrorKind::Read { source }).with_origin(origin))
            }
        }
    }

    fn from_bytes(bytes: &[u8], origin: PolicyOrigin) -> Result<Self, PolicyError> {
        if bytes.len() > Self::MAX_SIZE {
            let limit = Self::MAX_SIZE;
            return Err(PolicyError::new(PolicyErrorKind::TooLarge { limit }).with_origin(origin));
        }
        let origin = PolicyOrigin {
            digest: Some(Digest::of(bytes)),
            ..origin
        };
        match read::policy(bytes) {
            Ok(policy) => Ok(Self { origin, ..policy }),
            Err(error) => Err(error.with_origin(origin)),
        }
    }

    /// Where the policy is from: the file, why it is this one, and the SHA-256 of its bytes.
    pub fn origin(&self) -> &PolicyOrigin {
        &self.origin
    }

    /// The requirements for images that no scope matches.
    pub fn default_requirements(&self) -> &Requirements {
        &self.default
    }

    /// For each transport that the policy mentions its scopes and their requirements; the scope `""` is the
    /// transport's default.
    pub fn transports(&self) -> &BTreeMap<String, BTreeMap<String, Requirements>> {
        &self.transports
    }

    /// Every list of requirements in the policy, the global default first: for loading all keys in advance.
    pub fn all_requirements(&self) -> impl Iterator<Item = &Requirements> {
        let scopes = self.transports.values().flat_map(BTreeMap::values);
        std::iter::once(&self.default).chain(scopes)
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            default,
            transports,
            origin: _,
        } = self;
        *default == other.default && *transports == other.transports
    }
}

impl Eq for Policy {}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        Self::from_slice(text.as_bytes())
    }
}

/// One byte more than a policy may have shows that it is too large.
fn read_bounded(file: File) -> io::Result<Vec<u8>> {
    const LIMIT: u64 = Policy::MAX_SIZE as u64 + 1;
    let mut bytes = Vec::new();
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
