//! The keys of a policy: read and imported once for each key source, then shared.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use super::access;
use super::engines::{Engines, MayBeOfEngine};
use crate::digest::Digest;
use crate::engine::{
    EngineError, Import, KeyMaterial, KeyWarning, Keyring, MAX_KEY_FILE_SIZE, Selection, Settings,
    TrustedKey,
};
use crate::file;
use crate::policy::KeySource;
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::{Exposed, FileAccess, KeySourceError, Reason};

/// Where `keyData` comes from, for messages.
pub(super) const KEY_DATA: &str = "keyData";

/// Reads key sources, and remembers what came of them.
#[derive(Debug)]
pub(super) struct KeyStore {
    engines: Engines,
    settings: Settings,
    directory: Option<PathBuf>,
    loaded: RwLock<HashMap<KeySource, Arc<LoadedKeys>>>,
}

impl KeyStore {
    pub(super) fn new(engines: Engines, settings: Settings, directory: Option<PathBuf>) -> Self {
        Self {
            engines,
            settings,
            directory,
            loaded: RwLock::default(),
        }
    }

    pub(super) fn engines(&self) -> &Engines {
        &self.engines
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The keys of `source`, read by this engine: at least one, be it one that the engine cannot use.
    pub(super) fn load(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let keys = self.load_any(source, selection)?;
        match keys.refusal() {
            Some(reason) => Err(KeySourceError::Refused(reason)),
            None => Ok(keys),
        }
    }

    /// The keys of `source`, read by this engine, even if there is none.
    pub(super) fn load_any(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let known = |loaded: &HashMap<KeySource, Arc<LoadedKeys>>| {
            loaded
                .get(source)
                .filter(|keys| Arc::ptr_eq(&keys.selection, selection))
                .cloned()
        };
        if let Some(keys) = known(&self.loaded.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(keys);
        }
        // Held while the files are read, so that no source is imported twice.
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = known(&loaded) {
            return Ok(keys);
        }
        let keys = Arc::new(self.read(source, selection)?);
        loaded.insert(source.clone(), Arc::clone(&keys));
        Ok(keys)
    }

    /// Forgets all keys, and which engines have failed.
    pub(super) fn forget(&self) {
        self.loaded
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.engines.forget();
    }

    pub(super) fn changed_files(&self) -> Vec<PathBuf> {
        let mut changed: Vec<PathBuf> = self
            .loaded
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .flat_map(|keys| keys.changed_files())
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }

    fn read(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
    ) -> Result<LoadedKeys, KeySourceError> {
        let paths = match source {
            KeySource::Path(path) => std::slice::from_ref(path),
            KeySource::Paths(paths) => paths,
            KeySource::Data(_) => &[],
        };
        let files = paths
            .iter()
            .map(|path| self.read_file(path))
            .collect::<Result<Vec<KeyFile<'_>>, Reason>>()?;
        let data = match source {
            KeySource::Data(data) => Some(KeyMaterial {
                origin: KEY_DATA,
                bytes: data,
            }),
            KeySource::Path(_) | KeySource::Paths(_) => None,
        };
        let of_files = files.iter().map(|file| KeyMaterial {
            origin: file.origin,
            bytes: &file.bytes,
        });
        let material: Vec<KeyMaterial<'_>> = of_files.chain(data).collect();
        let loaded_data = data.map(|data| LoadedFile {
            origin: data.origin.to_owned(),
            digest: Digest::of(data.bytes),
            stamp: None,
            access: None,
        });
        let Import {
            keyring,
            keys,
            warnings,
        } = selection.engine.import(&material, &self.settings)?;
        event!(
            keys = %visible(&source.to_string()),
            engine = selection.engine.name(),
            trusted = keys.len(),
            warnings = warnings.len(),
            "read keys"
        );
        Ok(LoadedKeys {
            selection: Arc::clone(selection),
            keyring,
            keys,
            warnings,
            is_empty: material.iter().all(|material| material.bytes.is_empty()),
            files: files
                .into_iter()
                .map(KeyFile::loaded)
                .chain(loaded_data)
                .collect(),
        })
    }

    /// A key file of the policy as it is opened.
    pub(super) fn path_of(&self, path: &str) -> PathBuf {
        match &self.directory {
            Some(directory) => directory.join(path),
            None => PathBuf::from(path),
        }
    }

    fn read_file<'a>(&self, path: &'a str) -> Result<KeyFile<'a>, Reason> {
        let full = self.path_of(path);
        // Before the content, so that a change in between shows as one.
        let stamp = FileStamp::of(&full);
        let access = access::of(&full);
        let bytes =
            file::read(&full, MAX_KEY_FILE_SIZE).map_err(|error| Reason::KeyUnreadable {
                path: full.clone(),
                detail: error.to_string(),
            })?;
        Ok(KeyFile {
            origin: path,
            stamp,
            access,
            bytes,
        })
    }
}

/// A key file as it was read.
struct KeyFile<'a> {
    /// Its path in the policy.
    origin: &'a str,
    stamp: FileStamp,
    access: Option<FileAccess>,
    bytes: Vec<u8>,
}

impl KeyFile<'_> {
    /// What is remembered of it.
    fn loaded(self) -> LoadedFile {
        LoadedFile {
            origin: self.origin.to_owned(),
            digest: Digest::of(&self.bytes),
            stamp: Some(self.stamp),
            access: self.access,
        }
    }
}

/// What is remembered of a key file, or of `keyData`.
#[derive(Debug)]
pub(super) struct LoadedFile {
    /// Its path in the policy, or `keyData`.
    pub(super) origin: String,
    /// The SHA-256 of its bytes.
    pub(super) digest: Digest,
    /// None for `keyData`.
    stamp: Option<FileStamp>,
    access: Option<FileAccess>,
}

impl LoadedFile {
    /// The file, as it was opened.
    pub(super) fn path(&self) -> Option<&Path> {
        self.stamp.as_ref().map(|stamp| stamp.path.as_path())
    }

    /// Who else could write it when it was read.
    pub(super) fn exposed(&self) -> Option<&Exposed> {
        self.access.as_ref()?.exposed.as_ref()
    }

    /// Whether it is not any more what it was when it was read.
    pub(super) fn has_changed(&self) -> bool {
        let stamp = self.stamp.as_ref();
        stamp.is_some_and(|stamp| FileStamp::of(&stamp.path) != *stamp)
    }
}

/// The keys of one key source.
#[derive(Debug)]
pub(super) struct LoadedKeys {
    /// The engine that has read them.
    selection: Arc<Selection>,
    pub(super) keyring: Arc<dyn Keyring>,
    pub(super) keys: Vec<TrustedKey>,
    pub(super) warnings: Vec<KeyWarning>,
    /// Whether the key source has not a single byte.
    is_empty: bool,
    pub(super) files: Vec<LoadedFile>,
}

impl LoadedKeys {
    /// The files that are not any more what they were when they were read.
    pub(super) fn changed_files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let changed = self.files.iter().filter(|file| file.has_changed());
        changed.filter_map(|file| file.path().map(Path::to_owned))
    }

    /// Why no signature can satisfy a requirement with these keys, though some are there: the engine
    /// supports none of them.
    pub(super) fn unsupported(&self) -> Option<Reason> {
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
    pub(super) fn refusal(&self) -> Option<Reason> {
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

impl MayBeOfEngine for KeySourceError {
    fn engine_error(&self) -> Option<&EngineError> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Refused(_) => None,
        }
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
