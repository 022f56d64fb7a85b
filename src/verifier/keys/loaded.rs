//! The keys of one key source: what they were read from, and what the engine made of that.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::digest::Digest;
use crate::engine::{
    EngineError, Import, KeyMaterial, KeyWarning, Keyring, Selection, Settings, TrustedKey,
};
use crate::verdict::{Exposed, FileAccess, Reason};
use crate::verifier::access;
use crate::verifier::of_late::OfLate;

/// Where `keyData` comes from, for messages.
pub(in crate::verifier) const KEY_DATA: &str = "keyData";

/// What an engine is to import.
pub(super) struct Material {
    files: Vec<(LoadedFile, Vec<u8>)>,
}

impl Material {
    pub(super) fn of_data(data: &[u8]) -> Self {
        let keys = KeyFile::watch(KEY_DATA, None).with_bytes(data.to_owned());
        Self::of_files(vec![keys])
    }

    pub(super) fn of_files(files: Vec<KeyFile>) -> Self {
        let loaded = files.into_iter().map(|file| (file.loaded, file.bytes));
        Self {
            files: loaded.collect(),
        }
    }

    /// The SHA-256 of each file.
    pub(super) fn digests(&self) -> Vec<Digest> {
        let files = self.files.iter();
        files.map(|(file, _)| file.digest.clone()).collect()
    }
}

/// A key file as it was read.
pub(super) struct KeyFile {
    loaded: LoadedFile,
    bytes: Vec<u8>,
}

/// A key file that is about to be read.
pub(super) struct Watched {
    origin: String,
    stamp: Option<FileStamp>,
    access: Option<FileAccess>,
}

impl KeyFile {
    /// Looks at a file before it is read: `origin` is its path in the policy.
    pub(super) fn watch(origin: &str, location: Option<&Path>) -> Watched {
        Watched {
            origin: origin.to_owned(),
            stamp: location.map(FileStamp::of),
            access: location.and_then(access::of),
        }
    }
}

impl Watched {
    pub(super) fn with_bytes(self, bytes: Vec<u8>) -> KeyFile {
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
    /// Its path in the policy, or `keyData`.
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

/// The keys of one key source.
#[derive(Debug)]
pub(in crate::verifier) struct LoadedKeys {
    pub(in crate::verifier) keyring: Arc<dyn Keyring>,
    pub(in crate::verifier) keys: Vec<TrustedKey>,
    pub(in crate::verifier) warnings: Vec<KeyWarning>,
    /// Whether the key source has not a single byte.
    is_empty: bool,
    pub(in crate::verifier) files: Vec<LoadedFile>,
}

impl LoadedKeys {
    /// Has the engine import keys.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if it could not do its work.
    pub(super) fn import(
        selection: &Selection,
        settings: &Settings,
        material: Material,
    ) -> Result<Self, EngineError> {
        let files = material.files.iter();
        let of_engine: Vec<KeyMaterial<'_>> = files
            .map(|(file, bytes)| KeyMaterial {
                origin: &file.origin,
                bytes,
            })
            .collect();
        let Import {
            keyring,
            keys,
            warnings,
        } = selection.engine.import(&of_engine, settings)?;
        Ok(Self {
            keyring,
            keys,
            warnings,
            is_empty: material.files.iter().all(|(_, bytes)| bytes.is_empty()),
            files: material.files.into_iter().map(|(file, _)| file).collect(),
        })
    }

    /// The files that are not any more what they were when they were read.
    pub(in crate::verifier) fn changed_files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let changed = self.files.iter().filter(|file| file.has_changed());
        changed.filter_map(|file| file.path().map(Path::to_owned))
    }

    /// Why no signature can satisfy a requirement with these keys, though some are there: the engine
    /// supports none of them.
    pub(in crate::verifier) fn unsupported(&self) -> Option<Reason> {
        (self.keys.is_empty() && self.holds_unsupported()).then(|| Reason::UnsupportedKey {
            warnings: self.warnings.clone(),
        })
    }

    fn holds_unsupported(&self) -> bool {
        self.warnings
            .iter()
            .any(|warning| matches!(warning, KeyWarning::UnsupportedKey { .. }))
    }

    /// Why no signature can satisfy a requirement with these keys: there is none. Those that the
    /// engine does not support are there: the answer is about the signatures then.
    pub(in crate::verifier) fn refusal(&self) -> Option<Reason> {
        if !self.keys.is_empty() || self.holds_unsupported() {
            return None;
        }
        let warnings = self.warnings.clone();
        let nothing_but_noise = !self.is_empty
            && warnings
                .iter()
                .all(|warning| matches!(warning, KeyWarning::NoKeyFound { .. }));
        Some(if nothing_but_noise {
            Reason::KeyInvalid { warnings }
        } else {
            Reason::NoTrustedKey { warnings }
        })
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
