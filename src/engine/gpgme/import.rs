//! From key files to a keyring in a home directory.

use std::sync::Arc;

use gpgme::{Context, Data};

use super::key_file::TakenOut;
use super::keyring::GpgmeKeyring;
use super::listing::Listing;
use super::worker::{Called, Workers};
use super::{failed, key_file};
use crate::clock::Moment;
use crate::engine::packets::{self, tag};
use crate::engine::{
    EngineError, Import, KeyMaterial, KeyWarning, Settings, TrustedKey, ambiguity,
};
use crate::fingerprint::Fingerprint;

const READ_KEYS: &str = "read the keys";
const LIST_KEYS: &str = "list the keys";

/// What gpg made of one key file.
#[derive(Debug, Default)]
struct FileImport {
    considered: u32,
    without_user_id: u32,
    imported: Vec<Fingerprint>,
    refused: Vec<(String, String)>,
    /// What libgpgme said if it did not call it a success.
    error: Option<String>,
}

/// Imports the key files one by one, and lists what came of it.
pub(super) fn import(
    workers: Workers,
    keys: &[KeyMaterial<'_>],
    settings: Settings,
) -> Result<Import, EngineError> {
    let mut warnings = Vec::from_iter(ambiguity::of_key_files(keys));
    let keys = if warnings.is_empty() { keys } else { &[] };
    let mut origins: Vec<(Fingerprint, String)> = Vec::new();
    for material in keys {
        let origin = material.origin.to_owned();
        let readable = match key_file::readable(material.bytes) {
            Ok(readable) => readable,
            Err(detail) => {
                warnings.push(KeyWarning::NoKeyFound { origin, detail });
                continue;
            }
        };
        for TakenOut {
            fingerprint,
            detail,
        } in readable.taken_out
        {
            warnings.push(KeyWarning::UnusableKey {
                origin: origin.clone(),
                key: fingerprint,
                detail,
            });
        }
        let bytes = &readable.keys;
        if bytes.is_empty() {
            continue;
        }
        let file = import_file(&workers, bytes)?;
        file.warn(&origin, bytes, &mut warnings);
        for fingerprint in file.imported {
            if !origins.iter().any(|(known, _)| *known == fingerprint) {
                origins.push((fingerprint, origin.clone()));
            }
        }
    }

    let listing = if origins.is_empty() {
        Listing::default()
    } else {
        let called = workers.call(LIST_KEYS, Listing::read)?;
        called.result.map_err(|error| failed(LIST_KEYS, error))?
    };
    let mut trusted = Vec::new();
    for (fingerprint, origin) in origins {
        if listing.lacks_self_signature(&fingerprint) {
            warnings.push(KeyWarning::UnusableKey {
                origin,
                key: Some(fingerprint.as_str().to_owned()),
                detail: "it has no user ID with a good self-signature".to_owned(),
            });
            continue;
        }
        let Some(listed) = listing.key(&fingerprint) else {
            return Err(failed(
                LIST_KEYS,
                format!("gpg imported the key {fingerprint} and does not list it"),
            ));
        };
        let mut key = TrustedKey::new(fingerprint, origin);
        if let Some(user_id) = &listed.user_id {
            key = key.with_user_id(user_id.clone());
        }
        if let Some(expires) = listed.expires {
            key = key.with_expiry(Moment::from(expires));
        }
        trusted.push(key);
    }
    Ok(Import {
        keyring: Arc::new(GpgmeKeyring::new(workers, listing, settings)),
        keys: trusted,
        warnings,
    })
}

fn import_file(workers: &Workers, bytes: &[u8]) -> Result<FileImport, EngineError> {
    let bytes = bytes.to_vec();
    let Called { result, status } = workers.call(READ_KEYS, move |context| {
        Ok(FileImport::run(context, &bytes))
    })?;
    let file = result.map_err(|error| failed(READ_KEYS, error))?;
    // gpg sums up at the end, whatever it met. Where it did not run, libgpgme returns an import
    // of no keys, and no error.
    if status.count("IMPORT_RES") != 1 {
        return Err(failed(
            READ_KEYS,
            match file.error {
                Some(error) => error,
                None if status.is_empty() => "gpg was not executed".to_owned(),
                None => "gpg ended before it was done".to_owned(),
            },
        ));
    }
    Ok(file)
}

impl FileImport {
    fn run(context: &mut Context, bytes: &[u8]) -> Self {
        let mut file = Self::default();
        let result = match Data::from_buffer(bytes).and_then(|data| context.import(data)) {
            Ok(result) => result,
            Err(error) => {
                file.error = Some(error.to_string());
                return file;
            }
        };
        file.considered = result.considered();
        file.without_user_id = result.without_user_id();
        for import in result.imports() {
            let name = import.fingerprint().unwrap_or_default();
            match (import.result(), name.parse::<Fingerprint>()) {
                (Ok(()), Ok(fingerprint)) => {
                    if !file.imported.contains(&fingerprint) {
                        file.imported.push(fingerprint);
                    }
                }
                (Ok(()), Err(error)) => {
                    file.refused.push((name.to_owned(), error.to_string()));
                }
                (Err(error), _) => file.refused.push((name.to_owned(), error.to_string())),
            }
        }
        file
    }

    /// Tells what was not imported.
    fn warn(&self, origin: &str, bytes: &[u8], warnings: &mut Vec<KeyWarning>) {
        if self.considered == 0 && self.imported.is_empty() {
            if begins_with_a_key(bytes) {
                warnings.push(KeyWarning::UnusableKey {
                    origin: origin.to_owned(),
                    key: None,
                    detail: "gpg does not know its version or its form".to_owned(),
                });
                return;
            }
            warnings.push(KeyWarning::NoKeyFound {
                origin: origin.to_owned(),
                detail: match &self.error {
                    Some(error) => format!("gpg says: {error}"),
                    None => "gpg found none".to_owned(),
                },
            });
            return;
        }
        let mut unusable = |key: Option<String>, detail: String| {
            warnings.push(KeyWarning::UnusableKey {
                origin: origin.to_owned(),
                key,
                detail,
            });
        };
        for (key, detail) in &self.refused {
            let key = Some(key.clone()).filter(|key| !key.is_empty());
            unusable(key, format!("gpg says: {detail}"));
        }
        if self.without_user_id > 0 {
            let count = self.without_user_id;
            unusable(
                None,
                format!("gpg passed {count} over without a user ID with a good self-signature"),
            );
        }
        let told = self
            .imported
            .len()
            .saturating_add(self.refused.len())
            .saturating_add(usize::try_from(self.without_user_id).unwrap_or(usize::MAX));
        let considered = usize::try_from(self.considered).unwrap_or(usize::MAX);
        if considered > told {
            let rest = considered.saturating_sub(told);
            unusable(None, format!("gpg did not import {rest} of its keys"));
        }
        if let Some(error) = &self.error {
            unusable(
                None,
                format!("gpg did not read the file to its end: {error}"),
            );
        }
    }
}

/// Whether the file begins with a whole packet of a primary key.
fn begins_with_a_key(mut bytes: &[u8]) -> bool {
    match packets::next(&mut bytes) {
        Ok(Some(packet)) => matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY),
        _ => false,
    }
}
