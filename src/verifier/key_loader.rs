//! Where the bytes of key files come from.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::MAX_KEY_FILE_SIZE;
use crate::file::{self, ReadError};
use crate::source::SourceError;

/// Where the key files of a policy come from: the `keyPath` and `keyPaths` of its requirements.
///
/// The default is the file system, [`KeyFiles`]. A program whose keys are elsewhere, such as behind a key broker
/// (`kbs:///default/gpg/release`), brings its own. Where keys are fetched asynchronously, fetch those of
/// [`Plan::key_paths`](crate::Plan::key_paths) first, and pass them as a map with
/// [`VerifyOptions::keys`](crate::VerifyOptions::keys).
///
/// A key that the loader does not have is an error, and refuses every image whose policy names it: nothing else is
/// looked at in its place. The files of `keyPaths` are loaded one by one, and are never concatenated.
pub trait KeyLoader: Send + Sync {
    /// The bytes of a key file, by its path exactly as it is in the policy.
    ///
    /// # Errors
    ///
    /// [`SourceError`] if they cannot be had, or not in full. The caller of
    /// [`Verifier::verify`](crate::Verifier::verify) gets it, in [`Error::Unavailable`](crate::Error::Unavailable).
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError>;

    /// The file that this is, if it is one: then it is watched for changes, and it is known who can write it.
    /// Default: it is none.
    fn location(&self, path: &str) -> Option<PathBuf> {
        let _ = path;
        None
    }
}

impl fmt::Debug for dyn KeyLoader + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyLoader")
    }
}

/// Key files in the file system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFiles {
    directory: Option<PathBuf>,
}

impl KeyFiles {
    /// Key files whose relative paths start from the current directory of the process, as in containers/image.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Key files whose relative paths start from this directory.
    #[must_use]
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: Some(directory.into()),
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        match &self.directory {
            Some(directory) => directory.join(path),
            None => PathBuf::from(path),
        }
    }
}

impl KeyLoader for KeyFiles {
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let path = self.path(path);
        file::read(&path, MAX_KEY_FILE_SIZE).map_err(|error| match error {
            ReadError::Io(source) => SourceError::Io { path, source },
            ReadError::NotAFile => SourceError::NotAFile { path },
            ReadError::TooLarge { limit } => SourceError::TooLarge { path, limit },
        })
    }

    fn location(&self, path: &str) -> Option<PathBuf> {
        Some(self.path(path))
    }
}

/// The bytes by their paths. A path that is not in the map is an error.
impl<S: BuildHasher + Send + Sync> KeyLoader for HashMap<String, Vec<u8>, S> {
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        of_map(self.get(path), path)
    }
}

/// The bytes by their paths. A path that is not in the map is an error.
impl KeyLoader for BTreeMap<String, Vec<u8>> {
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        of_map(self.get(path), path)
    }
}

impl<L: KeyLoader + ?Sized> KeyLoader for Arc<L> {
    fn load(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.as_ref().load(path)
    }

    fn location(&self, path: &str) -> Option<PathBuf> {
        self.as_ref().location(path)
    }
}

fn of_map(found: Option<&Vec<u8>>, path: &str) -> Result<Vec<u8>, SourceError> {
    found.cloned().ok_or_else(|| SourceError::no_such_key(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_gives_what_it_has_and_nothing_else() {
        let hashed = HashMap::from([("kbs:///a".to_owned(), vec![1])]);
        let sorted: BTreeMap<_, _> = hashed.clone().into_iter().collect();
        let shared: Arc<dyn KeyLoader> = Arc::new(hashed.clone());
        for loader in [&hashed as &dyn KeyLoader, &sorted, &shared] {
            assert_eq!(loader.load("kbs:///a").unwrap(), [1]);
            let error = loader.load("kbs:///b").unwrap_err();
            assert_eq!(error.to_string(), "no key file `kbs:///b` was supplied");
            assert_eq!(loader.location("kbs:///a"), None);
        }
    }

    #[test]
    fn key_files_start_from_their_directory() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.gpg"), "key").unwrap();
        let files = KeyFiles::in_directory(folder.path());
        assert_eq!(files.load("a.gpg").unwrap(), b"key");
        assert_eq!(files.location("a.gpg"), Some(folder.path().join("a.gpg")));
        assert_eq!(files.location("/b.gpg"), Some(PathBuf::from("/b.gpg")));
        assert!(matches!(files.load("."), Err(SourceError::NotAFile { .. })));
        assert!(matches!(
            KeyFiles::new().load("there is none.gpg"),
            Err(SourceError::Io { .. })
        ));
    }
}
