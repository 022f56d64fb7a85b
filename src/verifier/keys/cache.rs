//! What was made of key files that no engine reads: once for each source, then shared.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use once_cell::sync::OnceCell;

use super::files::Material;
use crate::digest::Digest;
use crate::verdict::{KeySourceError, TrustSource};

/// What was made of the files of each source.
#[derive(Debug)]
pub(super) struct Cache<T> {
    cells: RwLock<HashMap<TrustSource, Cell<T>>>,
}

/// What is known of a source.
#[derive(Debug)]
struct Cell<T> {
    /// What it was read from, if not from where the store's own loader has it.
    supplied: Option<Vec<Digest>>,
    /// Filled by the first thread that needs it, while those that need the same wait; an error is not kept.
    content: Arc<OnceCell<Arc<T>>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self {
            cells: RwLock::default(),
        }
    }
}

impl<T> Cache<T> {
    /// What is made of a source: `read` and made now, if it is the first time.
    pub(super) fn get(
        &self,
        source: &TrustSource,
        read: impl FnOnce() -> Result<Material, KeySourceError>,
        make: impl FnOnce(Material) -> Result<T, KeySourceError>,
    ) -> Result<Arc<T>, KeySourceError> {
        let cell = self.cell(source, None);
        let content = cell.get_or_try_init(|| make(read()?).map(Arc::new))?;
        Ok(Arc::clone(content))
    }

    /// What is made of what the caller supplies for one image: anew only if that is something else than the last time.
    pub(super) fn get_supplied(
        &self,
        source: &TrustSource,
        material: Material,
        make: impl FnOnce(Material) -> Result<T, KeySourceError>,
    ) -> Result<Arc<T>, KeySourceError> {
        let cell = self.cell(source, Some(material.digests()));
        let content = cell.get_or_try_init(|| make(material).map(Arc::new))?;
        Ok(Arc::clone(content))
    }

    /// The cell for these files, which takes the place of one for others of the same source.
    fn cell(&self, source: &TrustSource, supplied: Option<Vec<Digest>>) -> Arc<OnceCell<Arc<T>>> {
        let known = |cells: &HashMap<TrustSource, Cell<T>>| {
            let cell = cells.get(source)?;
            (cell.supplied == supplied).then(|| Arc::clone(&cell.content))
        };
        if let Some(cell) = known(&self.read_cells()) {
            return cell;
        }
        let mut cells = self.write_cells();
        // Unless another thread has made it since.
        known(&cells).unwrap_or_else(|| {
            let content = Arc::default();
            let cell = Cell {
                supplied,
                content: Arc::clone(&content),
            };
            cells.insert(source.clone(), cell);
            content
        })
    }

    /// All that is kept.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        let cells = self.read_cells();
        let contents = cells.values().filter_map(|cell| cell.content.get());
        contents.map(Arc::clone).collect()
    }

    /// Keeps nothing any more.
    pub(super) fn forget(&self) {
        self.write_cells().clear();
    }

    fn read_cells(&self) -> RwLockReadGuard<'_, HashMap<TrustSource, Cell<T>>> {
        self.cells.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_cells(&self) -> RwLockWriteGuard<'_, HashMap<TrustSource, Cell<T>>> {
        self.cells.write().unwrap_or_else(PoisonError::into_inner)
    }
}
