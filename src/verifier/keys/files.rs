//! Key files: read, and watched from then on.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::digest::Digest;
use crate::engine::MAX_KEY_FILE_SIZE;
use crate::policy::KeySource;
use crate::source::SourceError;
use crate::verdict::{Exposed, FileAccess, KeySourceError};
use crate::verifier::access;
use crate::verifier::key_loader::KeyLoader;
use crate::verifier::of_late::OfLate;

/// Where `keyData` comes from, for messages.
pub(in crate::verifier) const KEY_DATA: &str = "keyData";

/// The bytes of a key source, file by file.
pub(super) struct Material {
    files: Vec<KeyFile>,
}

impl Material {
    /// The bytes of a source of OpenPGP keys.
    pub(super) fn of_keys(
        source: &KeySource,
        loader: &dyn KeyLoader,
    ) -> Result<Self, KeySourceError> {
        match source {
            KeySource::Path(path) => Self::of_paths(std::slice::from_ref(path), loader),
            KeySource::Paths(paths) => Self::of_paths(paths, loader),
            KeySource::Data(data) => Ok(Self::of_data([(KEY_DATA.to_owned(), data.as_slice())])),
        }
    }

    /// The bytes of these files, all of which are read before one is looked into.
    pub(super) fn of_paths(
        paths: &[String],
        loader: &dyn KeyLoader,
    ) -> Result<Self, KeySourceError> {
        let files = paths.iter().map(|path| KeyFile::read(path, loader));
        let files = files.collect::<Result<Vec<KeyFile>, _>>()?;
        Ok(Self { files })
    }

    /// What stands in the policy itself, each with its name for messages.
    pub(super) fn of_data<'a>(named: impl IntoIterator<Item = (String, &'a [u8])>) -> Self {
        let files = named
            .into_iter()
            .map(|(name, data)| KeyFile::watch(&name, None).with_bytes(data.to_owned()));
        Self {
            files: files.collect(),
        }
    }

    /// The files in their order, each with its bytes.
    pub(super) fn files(&self) -> impl Iterator<Item = (&LoadedFile, &[u8])> {
        let files = self.files.iter();
        files.map(|file| (&file.loaded, file.bytes.as_slice()))
    }

    /// The files without their bytes, to be watched.
    pub(super) fn into_files(self) -> Vec<LoadedFile> {
        self.files.into_iter().map(|file| file.loaded).collect()
    }

    /// The SHA-256 of each file.
    pub(super) fn digests(&self) -> Vec<Digest> {
        let files = self.files.iter();
        files.map(|file| file.loaded.digest.clone()).collect()
    }
}

/// The files that are not any more what they were when they were read.
pub(in crate::verifier) fn changed(files: &[LoadedFile]) -> impl Iterator<Item = PathBuf> + '_ {
    let changed = files.iter().filter(|file| file.has_changed());
    changed.filter_map(|file| file.path().map(Path::to_owned))
}

/// A key file as it was read.
struct KeyFile {
    loaded: LoadedFile,
    bytes: Vec<u8>,
}

/// A key file that is about to be read.
struct Watched {
    origin: String,
    stamp: Option<FileStamp>,
    access: Option<FileAccess>,
}

impl KeyFile {
    fn read(path: &str, loader: &dyn KeyLoader) -> Result<Self, KeySourceError> {
        let location = loader.location(path);
        // Before the content, so that a change in between shows as one.
        let watched = Self::watch(path, location.as_deref());
        let named = || location.as_deref().unwrap_or(Path::new(path)).to_owned();
        let bytes = loader.load(path).and_then(|bytes| {
            if bytes.len() > MAX_KEY_FILE_SIZE {
                return Err(SourceError::TooLarge {
                    path: named(),
                    limit: MAX_KEY_FILE_SIZE,
                });
            }
            Ok(bytes)
        });
        match bytes {
            Ok(bytes) => Ok(watched.with_bytes(bytes)),
            Err(error) => Err(KeySourceError::Unavailable {
                file: named(),
                error,
            }),
        }
    }

    /// Looks at a file before it is read: `origin` is its path in the policy.
    fn watch(origin: &str, location: Option<&Path>) -> Watched {
        Watched {
            origin: origin.to_owned(),
            stamp: location.map(FileStamp::of),
            access: location.and_then(access::of),
        }
    }
}

impl Watched {
    fn with_bytes(self, bytes: Vec<u8>) -> KeyFile {
        KeyFile {
            loaded: LoadedFile {
                origin: self.origin,
                digest: Digest::of(&bytes),
                watch: self.stamp.map(Watch::new),
                access: self.access,
            },
            bytes,
        }
    }
}

/// What is remembered of a key file, or of `keyData`.
#[derive(Debug)]
pub(in crate::verifier) struct LoadedFile {
    /// Its path in the policy, or `keyData` or the like.
    pub(in crate::verifier) origin: String,
    /// The SHA-256 of its bytes.
    pub(in crate::verifier) digest: Digest,
    /// None for what is no file.
    watch: Option<Watch>,
    access: Option<FileAccess>,
}

impl LoadedFile {
    /// The file, as it was opened.
    pub(in crate::verifier) fn path(&self) -> Option<&Path> {
        self.watch.as_ref().map(|watch| watch.stamp.path.as_path())
    }

    /// Who else could write it when it was read.
    pub(in crate::verifier) fn exposed(&self) -> Option<&Exposed> {
        self.access.as_ref()?.exposed.as_ref()
    }

    /// Whether it is not any more what it was when it was read.
    pub(in crate::verifier) fn has_changed(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::look)
    }

    /// The same, as it was within the last second: each image that is accepted asks.
    pub(in crate::verifier) fn has_changed_of_late(&self) -> bool {
        let watch = self.watch.as_ref();
        watch.is_some_and(|watch| watch.has_changed.get(|| watch.look()))
    }
}

/// A file as it was when it was read, and whether it still is.
#[derive(Debug)]
struct Watch {
    stamp: FileStamp,
    has_changed: OfLate<bool>,
}

impl Watch {
    fn new(stamp: FileStamp) -> Self {
        Self {
            stamp,
            has_changed: OfLate::seen(false),
        }
    }

    /// Whether the file has changed.
    fn look(&self) -> bool {
        FileStamp::of(&self.stamp.path) != self.stamp
    }
}

/// What tells whether a file has changed, without reading it.
#[derive(Debug, PartialEq, Eq)]
struct FileStamp {
    path: PathBuf,
    length_and_time: Option<(u64, Option<SystemTime>)>,
}

impl FileStamp {
    fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            length_and_time: std::fs::metadata(path)
                .ok()
                .map(|metadata| (metadata.len(), metadata.modified().ok())),
        }
    }
}
