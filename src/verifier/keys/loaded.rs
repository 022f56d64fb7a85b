//! The OpenPGP keys of one key source: what they were read from, and what the engine made of that.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::{LoadedFile, Material, changed};
use crate::engine::{
    EngineError, Import, KeyMaterial, KeyWarning, Keyring, Selection, Settings, TrustedKey,
};
use crate::verdict::Reason;

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
        let of_engine: Vec<KeyMaterial<'_>> = material
            .files()
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
        let is_empty = material.files().all(|(_, bytes)| bytes.is_empty());
        Ok(Self {
            keyring,
            keys,
            warnings,
            is_empty,
            files: material.into_files(),
        })
    }

    /// The files that are not any more what they were when they were read.
    pub(in crate::verifier) fn changed_files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        changed(&self.files)
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
