//! From key files to a keyring.

use std::collections::HashMap;
use std::sync::Arc;

use super::Backend;
use super::certificate::certificates::Certificates;
use super::certificate::read;
use super::certificate::trusted::seconds;
use super::keyring::RulesKeyring;
use crate::engine::key_files;
use crate::engine::warnings::Warnings;
use crate::engine::{EngineError, Import, KeyMaterial, KeyWarning, Settings};
use crate::openpgp::handle::KeyId;

/// Reads the keys, and makes a keyring of what counts by the mathematics of `backend`.
///
/// # Errors
///
/// [`EngineError::Clock`] if the time is not known.
pub(in crate::engine) fn import(
    backend: &'static dyn Backend,
    keys: &[KeyMaterial<'_>],
    settings: &Settings,
) -> Result<Import, EngineError> {
    let now = seconds(settings.clock.now()?);
    let mut certificates = Certificates::new(backend);
    let mut unsupported = HashMap::new();
    let mut warnings = Warnings::default();
    let mut files = key_files::open(keys);
    if let Some(warning) = key_files::of_key_files(&files) {
        warnings.push(warning);
        files.clear();
    }
    for opened in files {
        let origin = opened.material.origin.to_owned();
        let contents = opened
            .file
            .and_then(|file| Ok((read::read(&file.octets, &origin, backend.engine())?, file)));
        match contents {
            Ok((mut contents, file)) => {
                if contents.holds_no_key() {
                    let detail = "it contains no key packets";
                    warnings.push(KeyWarning::no_key_found(&opened.material, detail));
                }
                // The reader has reached the octet that marks the damage.
                if let (Some(damage), Some(last)) = (file.damage, contents.unusable.last_mut()) {
                    last.detail = format!("what follows cannot be read: {}", damage.detail);
                }
                warnings.extend(file.not_read.into_iter().map(|detail| KeyWarning::NotRead {
                    origin: origin.clone(),
                    detail,
                }));
                for key in std::mem::take(&mut contents.unsupported) {
                    let id = key.id.map(KeyId::to_hex);
                    warnings.push(key.unsupported.warning(origin.clone(), id));
                    if let Some(id) = key.id {
                        unsupported.entry(id).or_insert(key.unsupported);
                    }
                }
                let damaged = KeyWarning::UnusableKey {
                    origin: origin.clone(),
                    key: None,
                    detail: "its primary key is damaged".to_owned(),
                };
                warnings.extend(std::iter::repeat_n(damaged, contents.damaged));
                let unusable = certificates.add(contents).into_iter();
                warnings.extend(unusable.map(|unusable| KeyWarning::UnusableKey {
                    origin: origin.clone(),
                    key: unusable.key,
                    detail: unusable.detail,
                }));
            }
            Err(detail) => warnings.push(KeyWarning::no_key_found(&opened.material, detail)),
        }
    }
    let mut of_keyring = Vec::new();
    let keyring = RulesKeyring::new(
        backend,
        certificates,
        unsupported,
        settings.clone(),
        now,
        &mut of_keyring,
    );
    warnings.extend(of_keyring);
    Ok(Import {
        keys: keyring.trusted_keys(now),
        keyring: Arc::new(keyring),
        warnings: warnings.finish(),
    })
}
