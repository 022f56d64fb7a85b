//! The engine on [sequoia-openpgp](https://docs.rs/sequoia-openpgp), which needs nothing from
//! the system when it is built with sequoia's pure-Rust cryptography.
//!
//! Sequoia parses keys and does the cryptography. Which signatures there are, and what a message's
//! structure, a key's expiry, flags and revocations mean is decided here, since GnuPG is the
//! reference and the two differ.

mod algorithms;
mod candidate;
mod certificate;
mod certificates;
mod holder;
mod import;
mod keyblock;
mod keygrip;
mod keyring;
mod merge;
mod placement;
mod public_key;
mod readable;
mod reader;
mod release;
mod residue;
mod revocations;
mod rsa;
mod selfsigs;
mod signature;
mod signed;
mod verification;

use std::collections::HashMap;
use std::sync::Arc;

use sequoia_openpgp as openpgp;

use self::certificates::Certificates;
use self::keyring::SequoiaKeyring;
use crate::engine::key_files;
use crate::engine::warnings::Warnings;
use crate::engine::{Engine, EngineError, EngineKind, Import, KeyMaterial, KeyWarning, Settings};

/// This engine.
const KIND: EngineKind = EngineKind::Sequoia;

/// The engines that run GnuPG.
const GNUPG: &[EngineKind] = &[EngineKind::Gpgme, EngineKind::Gpg];

/// The engine on sequoia-openpgp.
///
/// It honours every clock and every cryptographic policy. It has no state: each
/// [`import`](Engine::import) makes a keyring of its own.
///
/// Which algorithms it can calculate with depends on the cryptographic backend that sequoia is
/// built with. With the feature `sequoia-rust` these are RSA up to 4096 bits, DSA, ECDSA on the
/// NIST curves, Ed25519, Ed448, and ML-DSA with either. What it does not know or cannot calculate
/// with, such as secp256k1, Brainpool and larger RSA keys, it keeps for a key that it cannot use, and
/// answers its signatures with [`Refusal::UnsupportedSignature`](crate::engine::Refusal). Where it is stricter than GnuPG is on record, with the reasons, in
/// `testdata/conformance/divergences.json`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequoia {
    _private: (),
}

impl Sequoia {
    /// The engine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Sequoia {
    fn name(&self) -> &'static str {
        KIND.name()
    }

    fn version(&self) -> String {
        format!(
            "sequoia-openpgp {} on {}",
            openpgp::VERSION,
            openpgp::crypto::backend()
        )
    }

    fn import(&self, keys: &[KeyMaterial<'_>], settings: Settings) -> Result<Import, EngineError> {
        let mut certificates = Certificates::default();
        let mut unsupported = HashMap::new();
        let mut warnings = Warnings::default();
        let mut files = key_files::open(keys);
        if let Some(warning) = key_files::of_key_files(&files) {
            warnings.push(warning);
            files.clear();
        }
        for opened in files {
            let origin = opened.origin.to_owned();
            let contents = opened
                .file
                .and_then(|file| Ok((reader::read(&file.octets, &origin)?, file)));
            match contents {
                Ok((mut contents, file)) => {
                    if contents.holds_no_key() {
                        warnings.push(KeyWarning::NoKeyFound {
                            origin: origin.clone(),
                            detail: "no key is among its packets".to_owned(),
                        });
                    }
                    // The reader has come to the octet that stands for the damage.
                    if let (Some(damage), Some(last)) = (file.damage, contents.unusable.last_mut())
                    {
                        last.detail = format!("what follows cannot be read: {}", damage.detail);
                    }
                    warnings.extend(file.not_read.into_iter().map(|detail| KeyWarning::NotRead {
                        origin: origin.clone(),
                        detail,
                    }));
                    for key in std::mem::take(&mut contents.unsupported) {
                        let id = key.id.as_ref().map(openpgp::KeyID::to_hex);
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
                Err(detail) => warnings.push(KeyWarning::NoKeyFound { origin, detail }),
            }
        }
        let mut of_keyring = Vec::new();
        let keyring = SequoiaKeyring::new(certificates, unsupported, settings, &mut of_keyring);
        warnings.extend(of_keyring);
        Ok(Import {
            keys: keyring.trusted_keys(),
            keyring: Arc::new(keyring),
            warnings: warnings.finish(),
        })
    }
}
