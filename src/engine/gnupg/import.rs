//! From key files to a keyring in a home directory.

use std::collections::HashSet;
use std::sync::Arc;

use super::facts::Facts;
use super::failure::failed;
use super::foreign::without_certifications;
use super::key_file::{self, Reason, TakenOut};
use super::keyring::GnupgKeyring;
use super::listing::Listing;
use super::operations::{LIST_KEYS, Operations, READ_KEYS};
use super::shown::Shown;
use super::status::{Status, error_text};
use super::strangers::Acquaintances;
use super::unusable::UnusableKeys;
use crate::clock::unix_seconds;
use crate::engine::key_files;
use crate::engine::warnings::Warnings;
use crate::engine::{EngineError, Import, KeyMaterial, KeyWarning, Settings, TrustedKey};
use crate::fingerprint::Fingerprint;
use crate::openpgp::packet::{Packets, tag};

/// What gpg made of one key file.
#[derive(Debug, Default)]
struct FileImport {
    considered: usize,
    without_user_id: usize,
    imported: Vec<Fingerprint>,
    refused: Vec<(String, String)>,
    /// Why gpg did not call it a success.
    error: Option<String>,
}

/// A comment packet, of type 61, which gpg skips. Without it, gpg might not take the packets after it for binary, and
/// would lose what is in a first line of more than 19998 octets: what its filter for ASCII armor (`armor.c`) sees first
/// is this line instead.
const PREFACE: &[u8] = b"\xFD\x01\n";

/// Imports the key files one by one, and lists the result.
pub(in crate::engine) fn import<O: Operations>(
    operations: O,
    keys: &[KeyMaterial<'_>],
    settings: &Settings,
) -> Result<Import, EngineError> {
    let mut warnings = Warnings::default();
    let mut opened = key_files::open(keys);
    if let Some(warning) = key_files::of_key_files(&opened) {
        warnings.push(warning);
        opened.clear();
    }
    let mut origins: Vec<(Fingerprint, String)> = Vec::new();
    let mut known = HashSet::new();
    let mut unusable = UnusableKeys::default();
    let mut primaries_to_come = Vec::new();
    let mut files = Vec::new();
    let mut shown = Shown::default();
    let mut acquaintances = Acquaintances::default();
    let now = unix_seconds(settings.clock.now()?);
    for opened in opened {
        match opened.file {
            Ok(file) => {
                shown.note(&file.octets, now);
                acquaintances.note(&file.octets);
                files.push((
                    opened.material,
                    key_file::readable(file, operations.engine(), settings.crypto_policy, now),
                ));
            }
            Err(detail) => warnings.push(KeyWarning::no_key_found(&opened.material, detail)),
        }
    }
    let ambiguous: HashSet<Fingerprint> = files
        .iter()
        .flat_map(|(_, readable)| readable.ambiguous().cloned())
        .collect();
    for (material, readable) in files {
        let origin = material.origin.to_owned();
        let bytes = readable.without(&ambiguous);
        warnings.extend(readable.not_read.iter().map(|detail| KeyWarning::NotRead {
            origin: origin.clone(),
            detail: detail.clone(),
        }));
        for TakenOut {
            fingerprint,
            reason,
        } in readable.taken_out
        {
            let origin = origin.clone();
            let key = fingerprint.as_ref().map(Fingerprint::to_string);
            warnings.push(match reason {
                Reason::Unsupported(what) => {
                    let warning = what.warning(origin, key);
                    if let Some(key) = fingerprint {
                        unusable.add_unsupported(key, what);
                    }
                    warning
                }
                Reason::Ambiguous(detail) => KeyWarning::UnusableKey {
                    origin,
                    key,
                    detail: detail.to_owned(),
                },
            });
        }
        let more = KeyWarning::UnusableKey {
            origin: origin.clone(),
            key: None,
            detail: "gpg does not know it".to_owned(),
        };
        warnings.extend(std::iter::repeat_n(more, readable.more_taken_out));
        for key in readable.from_the_future {
            let primary = key.primary_key.clone();
            let is_primary = key.fingerprint == primary;
            if unusable.add_from_the_future(key) && is_primary {
                primaries_to_come.push((primary, origin.clone()));
            }
        }
        let bytes = &without_certifications(bytes);
        if bytes.is_empty() {
            continue;
        }
        acquaintances.note(bytes);
        let status = operations.import(&[PREFACE, bytes].concat())?;
        let file = FileImport::read(&status)
            .map_err(|detail| failed(operations.engine(), READ_KEYS, detail))?;
        file.warn(&material, bytes, &mut warnings);
        for fingerprint in file.imported {
            if known.insert(fingerprint.clone()) {
                origins.push((fingerprint, origin.clone()));
            }
        }
    }

    let listing = if origins.is_empty() {
        Listing::default()
    } else {
        operations.list()?
    };
    acquaintances.note_listed(&listing);
    let facts = Facts {
        listing: &listing,
        shown: &shown,
        crypto_policy: settings.crypto_policy,
        now,
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
        if listing.key(&fingerprint).is_none() {
            return Err(failed(
                operations.engine(),
                LIST_KEYS,
                format!("gpg imported the key {fingerprint} but does not list it"),
            ));
        }
        trusted.push(facts.trusted_key(fingerprint, origin));
    }
    // gpg does not import them, or does not take them for keys. They are trusted all the same, from the time they were
    // made.
    let known: HashSet<Fingerprint> = trusted
        .iter()
        .map(|key: &TrustedKey| key.fingerprint.clone())
        .collect();
    for (fingerprint, origin) in primaries_to_come {
        if !known.contains(&fingerprint) {
            trusted.push(facts.trusted_key(fingerprint, origin));
        }
    }
    Ok(Import {
        keyring: Arc::new(GnupgKeyring::new(
            operations,
            listing,
            unusable,
            acquaintances,
            &trusted,
            settings.clone(),
        )),
        keys: trusted,
        warnings: warnings.finish(),
    })
}

impl FileImport {
    /// What the status lines of one import say (`doc/DETAILS` of GnuPG, `IMPORT_OK`,
    /// `IMPORT_PROBLEM` and `IMPORT_RES`).
    ///
    /// # Errors
    ///
    /// A sentence, if gpg does not sum up at its end, which it always does.
    fn read(status: &Status) -> Result<Self, String> {
        let sums: Vec<_> = status.all("IMPORT_RES").collect();
        let [sum] = sums.as_slice() else {
            return Err(if status.is_empty() {
                "gpg said nothing".to_owned()
            } else {
                "gpg exited before it finished".to_owned()
            });
        };
        let number = |index: usize| {
            sum.get(index)
                .and_then(|field| field.parse().ok())
                .ok_or_else(|| "gpg's status line IMPORT_RES is incomplete".to_owned())
        };
        let mut file = Self {
            considered: number(0)?,
            without_user_id: number(1)?,
            ..Self::default()
        };
        for fields in status.all("IMPORT_OK") {
            let name = fields.get(1).copied().unwrap_or_default();
            match name.parse::<Fingerprint>() {
                Ok(fingerprint) => file.imported.push(fingerprint),
                Err(error) => file.refused.push((name.to_owned(), error.to_string())),
            }
        }
        for fields in status.all("IMPORT_PROBLEM") {
            let reason = match fields.first() {
                Some(&"1") => "it is invalid",
                Some(&"4") => "it could not be stored",
                _ => "it was not imported",
            };
            let name = fields.get(1).copied().unwrap_or_default();
            file.refused.push((name.to_owned(), reason.to_owned()));
        }
        file.error = ["ERROR", "FAILURE"]
            .into_iter()
            .flat_map(|keyword| status.all(keyword))
            // This only says that something was refused.
            .filter(|fields| fields.first() != Some(&"gpg-exit"))
            .find_map(|fields| Some(error_text(fields.get(1)?.parse().ok()?)));
        Ok(file)
    }

    /// Reports what was not imported.
    fn warn(&self, material: &KeyMaterial<'_>, bytes: &[u8], warnings: &mut Warnings) {
        let origin = material.origin;
        if self.considered == 0 && self.imported.is_empty() {
            if begins_with_a_key(bytes) {
                warnings.push(KeyWarning::UnusableKey {
                    origin: origin.to_owned(),
                    key: None,
                    detail: "gpg does not know its version or its form".to_owned(),
                });
                return;
            }
            let detail = match &self.error {
                Some(error) => format!("gpg says: {error}"),
                None => "gpg found none".to_owned(),
            };
            warnings.push(KeyWarning::no_key_found(material, detail));
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
                format!("gpg skipped {count} of its keys: no user ID with a good self-signature"),
            );
        }
        let reported = self
            .imported
            .len()
            .saturating_add(self.refused.len())
            .saturating_add(self.without_user_id);
        if self.considered > reported {
            let rest = self.considered.saturating_sub(reported);
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
fn begins_with_a_key(bytes: &[u8]) -> bool {
    match Packets::of(bytes).next() {
        Some(Ok(packet)) => matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY),
        _ => false,
    }
}
