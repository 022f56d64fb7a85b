//! The keys of a policy: read and imported once for each key source, then shared.

#[cfg(feature = "sigstore")]
mod cache;
#[cfg(feature = "sigstore")]
mod certificates;
mod files;
mod loaded;
#[cfg(feature = "sigstore")]
mod public_keys;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use once_cell::sync::OnceCell;

#[cfg(feature = "sigstore")]
use self::cache::Cache;
#[cfg(feature = "sigstore")]
pub(super) use self::certificates::{LoadedCertificates, certificates_of};
use self::files::Material;
#[cfg(feature = "sigstore")]
pub(super) use self::files::changed;
pub(super) use self::files::{KEY_DATA, LoadedFile};
pub(super) use self::loaded::LoadedKeys;
#[cfg(feature = "sigstore")]
pub(super) use self::public_keys::{LoadedPublicKeys, data_origins};
use super::engines::{Engines, MayBeOfEngine};
use super::key_loader::KeyLoader;
use crate::digest::Digest;
use crate::engine::{EngineError, Selection, Settings};
use crate::policy::KeySource;
#[cfg(feature = "tracing")]
use crate::text::quote::visible;
use crate::verdict::KeySourceError;
#[cfg(feature = "sigstore")]
use crate::verdict::TrustSource;

/// Reads key sources, and remembers what came of them.
#[derive(Debug)]
pub(super) struct KeyStore {
    engines: Engines,
    settings: Settings,
    loader: Arc<dyn KeyLoader>,
    /// A cell for each key source, so that nobody waits for the import of keys that he does not need.
    cells: RwLock<HashMap<KeySource, Cell>>,
    /// What no engine reads: the keys of sigstore signers and of Rekor logs.
    #[cfg(feature = "sigstore")]
    public_keys: Cache<LoadedPublicKeys>,
    /// The certificates of authorities, and those between them and signers.
    #[cfg(feature = "sigstore")]
    certificates: Cache<LoadedCertificates>,
}

/// What is known of the keys of a source.
#[derive(Clone, Debug)]
struct Cell {
    /// The engine that reads them.
    selection: Arc<Selection>,
    /// What they were read from, if they are not those of the store's own loader.
    supplied: Option<Vec<Digest>>,
    /// Filled by the first thread that needs them, while those that need the same ones wait; an error is not kept.
    keys: Arc<OnceCell<Arc<LoadedKeys>>>,
}

impl Cell {
    fn is_for(&self, selection: &Arc<Selection>, supplied: Option<&[Digest]>) -> bool {
        Arc::ptr_eq(&self.selection, selection) && self.supplied.as_deref() == supplied
    }
}

impl KeyStore {
    pub(super) fn new(engines: Engines, settings: Settings, loader: Arc<dyn KeyLoader>) -> Self {
        Self {
            engines,
            settings,
            loader,
            cells: RwLock::default(),
            #[cfg(feature = "sigstore")]
            public_keys: Cache::default(),
            #[cfg(feature = "sigstore")]
            certificates: Cache::default(),
        }
    }

    pub(super) fn engines(&self) -> &Engines {
        &self.engines
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The keys of `source`, read by this engine: at least one, be it one that the engine cannot use. They come from
    /// `supplied`, if that is given.
    pub(super) fn load(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
        supplied: Option<&dyn KeyLoader>,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let keys = match supplied {
            Some(loader) => self.load_supplied(source, selection, loader)?,
            None => self.load_any(source, selection)?,
        };
        match keys.refusal() {
            Some(reason) => Err(KeySourceError::Refused(reason)),
            None => Ok(keys),
        }
    }

    /// The keys of `source` by the store's own loader, read by this engine, even if there is none.
    pub(super) fn load_any(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let cell = self.cell(source, selection, None);
        let keys = cell.get_or_try_init(|| {
            let material = Material::of_keys(source, self.loader.as_ref())?;
            self.import(source, selection, material)
        })?;
        Ok(Arc::clone(keys))
    }

    /// The keys of `source` that the caller supplies for one image. They are read each time, and imported anew only if
    /// they are others than the last time.
    fn load_supplied(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
        loader: &dyn KeyLoader,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let material = Material::of_keys(source, loader)?;
        let cell = self.cell(source, selection, Some(material.digests()));
        let keys = cell.get_or_try_init(|| self.import(source, selection, material))?;
        Ok(Arc::clone(keys))
    }

    fn import(
        &self,
        source: &KeySource,
        selection: &Selection,
        material: Material,
    ) -> Result<Arc<LoadedKeys>, KeySourceError> {
        let keys = LoadedKeys::import(selection, &self.settings, material)?;
        event!(
            keys = %visible(&source.to_string()),
            engine = selection.engine.name(),
            trusted = keys.keys.len(),
            warnings = keys.warnings.len(),
            "read keys"
        );
        let _ = source;
        Ok(Arc::new(keys))
    }

    /// The cell for these keys, which takes the place of one for others of the same source.
    fn cell(
        &self,
        source: &KeySource,
        selection: &Arc<Selection>,
        supplied: Option<Vec<Digest>>,
    ) -> Arc<OnceCell<Arc<LoadedKeys>>> {
        let known = |cells: &HashMap<KeySource, Cell>| {
            let cell = cells.get(source)?;
            let is_it = cell.is_for(selection, supplied.as_deref());
            is_it.then(|| Arc::clone(&cell.keys))
        };
        if let Some(cell) = known(&self.read_cells()) {
            return cell;
        }
        let mut cells = self.write_cells();
        // Unless another thread has made it since.
        known(&cells).unwrap_or_else(|| {
            let keys = Arc::default();
            let cell = Cell {
                selection: Arc::clone(selection),
                supplied,
                keys: Arc::clone(&keys),
            };
            cells.insert(source.clone(), cell);
            keys
        })
    }

    /// The public keys of a requirement `sigstoreSigned`: all of those that it names, which are those of signers or of
    /// Rekor logs. They come from `supplied`, if that is given.
    #[cfg(feature = "sigstore")]
    pub(super) fn load_public(
        &self,
        source: &TrustSource,
        supplied: Option<&dyn KeyLoader>,
    ) -> Result<Arc<LoadedPublicKeys>, KeySourceError> {
        let read = |loader: &dyn KeyLoader| LoadedPublicKeys::material(source, loader);
        let parse = |material| LoadedPublicKeys::parse(source, material);
        match supplied {
            Some(loader) => self.public_keys.get_supplied(source, read(loader)?, parse),
            None => self
                .public_keys
                .get(source, || read(self.loader.as_ref()), parse),
        }
    }

    /// The certificates of a requirement `sigstoreSigned`. They come from `supplied`, if that is given.
    #[cfg(feature = "sigstore")]
    pub(super) fn load_certificates(
        &self,
        source: &TrustSource,
        supplied: Option<&dyn KeyLoader>,
    ) -> Result<Arc<LoadedCertificates>, KeySourceError> {
        let read = |loader: &dyn KeyLoader| LoadedCertificates::material(source, loader);
        let parse = |material| LoadedCertificates::parse(source, material);
        match supplied {
            Some(loader) => self.certificates.get_supplied(source, read(loader)?, parse),
            None => self
                .certificates
                .get(source, || read(self.loader.as_ref()), parse),
        }
    }

    /// Forgets all keys, and which engines have failed.
    pub(super) fn forget(&self) {
        self.write_cells().clear();
        #[cfg(feature = "sigstore")]
        {
            self.public_keys.forget();
            self.certificates.forget();
        }
        self.engines.forget();
    }

    pub(super) fn changed_files(&self) -> Vec<PathBuf> {
        let mut changed: Vec<PathBuf> = self
            .read_cells()
            .values()
            .filter_map(|cell| cell.keys.get())
            .flat_map(|keys| keys.changed_files())
            .collect();
        #[cfg(feature = "sigstore")]
        {
            let keys = self.public_keys.all();
            changed.extend(keys.iter().flat_map(|keys| files::changed(&keys.files)));
            let certificates = self.certificates.all();
            changed.extend(
                certificates
                    .iter()
                    .flat_map(|one| files::changed(&one.files)),
            );
        }
        changed.sort();
        changed.dedup();
        changed
    }

    /// The file of a key in the policy, if it is one.
    pub(super) fn location(&self, path: &str) -> Option<PathBuf> {
        self.loader.location(path)
    }

    fn read_cells(&self) -> RwLockReadGuard<'_, HashMap<KeySource, Cell>> {
        self.cells.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_cells(&self) -> RwLockWriteGuard<'_, HashMap<KeySource, Cell>> {
        self.cells.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MayBeOfEngine for KeySourceError {
    fn engine_error(&self) -> Option<&EngineError> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Refused(_) | Self::Unavailable { .. } => None,
        }
    }
}
