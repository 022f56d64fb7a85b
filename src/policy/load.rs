//! Policies from bytes, from files, and from the system.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use super::error::{PolicyError, PolicyErrorKind};
use super::origin::{PolicyOrigin, PolicyPlace};
use super::{Policy, SystemPaths, read};
use crate::digest::Digest;

impl Policy {
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

    /// Reads a policy to the end of `reader`, as [`Policy::from_slice`] reads bytes; of one that is too long, no more than
    /// it takes to know that.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::from_slice`], and [`PolicyErrorKind::Read`] if reading fails.
    pub fn from_reader(reader: impl Read) -> Result<Self, PolicyError> {
        Self::from_opened(Ok(reader), PolicyOrigin::of(PolicyPlace::Bytes))
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

    fn from_opened(
        opened: io::Result<impl Read>,
        origin: PolicyOrigin,
    ) -> Result<Self, PolicyError> {
        match opened.and_then(read_bounded) {
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
        event!(policy = %origin, bytes = bytes.len(), "read the policy");
        match read::policy(bytes) {
            Ok(policy) => Ok(Self { origin, ..policy }),
            Err(error) => Err(error.with_origin(origin)),
        }
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        Self::from_slice(text.as_bytes())
    }
}

/// One byte more than a policy may have shows that it is too large.
fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    const LIMIT: u64 = Policy::MAX_SIZE as u64 + 1;
    let mut bytes = Vec::new();
    reader.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
