//! The public keys of a requirement `sigstoreSigned`: those of signers, or of Rekor logs.

use std::sync::Arc;

use super::files::{KEY_DATA, LoadedFile, Material};
use crate::engine::KeyWarning;
use crate::policy::SigstoreKeys;
use crate::sigstore::KeyAlgorithm;
use crate::sigstore::public_key::{PublicKey, PublicKeyError};
use crate::sigstore::trust::TrustedPublicKey;
use crate::verdict::{KeySourceError, Reason, SigstoreKey, TrustKind, TrustSource};
use crate::verifier::key_loader::KeyLoader;

/// RSA keys of fewer bits are not made any more (NIST SP 800-131A, revision 2, section 3).
const STRONG_RSA_BITS: usize = 2048;

/// The keys of one source. Each file has one, and none of them is broken.
#[derive(Debug)]
pub(in crate::verifier) struct LoadedPublicKeys {
    pub(in crate::verifier) keys: Arc<[TrustedPublicKey]>,
    pub(in crate::verifier) files: Vec<LoadedFile>,
}

impl LoadedPublicKeys {
    /// The bytes of a source, all of which are read before one is looked into.
    pub(super) fn material(
        source: &TrustSource,
        loader: &dyn KeyLoader,
    ) -> Result<Material, KeySourceError> {
        let datas: Vec<&[u8]> = match source {
            TrustSource::OpenPgp(keys) => return Material::of_keys(keys, loader),
            TrustSource::FulcioAuthorities(_)
            | TrustSource::PkiRoots(_)
            | TrustSource::PkiIntermediates(_) => {
                return Material::of_paths(source.paths(), loader);
            }
            TrustSource::Sigstore(keys) | TrustSource::RekorLogs(keys) => match keys {
                SigstoreKeys::Data(data) => vec![data],
                SigstoreKeys::Datas(datas) => datas.iter().map(Vec::as_slice).collect(),
                SigstoreKeys::Path(_) | SigstoreKeys::Paths(_) => {
                    return Material::of_paths(keys.paths(), loader);
                }
            },
        };
        Ok(Material::of_data(
            data_origins(source).into_iter().zip(datas),
        ))
    }

    /// Reads the keys, in their order. One that is broken, or that a Rekor log cannot have, spoils the list: a spare key is
    /// found broken before it is needed.
    pub(super) fn parse(source: &TrustSource, material: Material) -> Result<Self, KeySourceError> {
        let keys = material.files().map(|(file, bytes)| {
            parse_key(source.kind(), bytes)
                .map(|key| TrustedPublicKey {
                    key,
                    origin: file.origin.clone(),
                })
                .map_err(|error| {
                    let found = error.content().cloned();
                    let warning = KeyWarning::no_public_key(&file.origin, error.to_string(), found);
                    KeySourceError::Refused(Reason::KeyInvalid {
                        warnings: vec![warning],
                    })
                })
        });
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
            files: material.into_files(),
        })
    }

    /// The keys, as reports have them.
    pub(in crate::verifier) fn told(&self) -> Vec<SigstoreKey> {
        self.keys.iter().map(told).collect()
    }
}

/// How keys that stand in the policy are called: by their member, and their place in it, counted from 0, if it is a list.
pub(in crate::verifier) fn data_origins(source: &TrustSource) -> Vec<String> {
    let (keys, member) = match source {
        TrustSource::OpenPgp(_) => return vec![KEY_DATA.to_owned()],
        TrustSource::Sigstore(keys) => (keys, keys.member_as_keys()),
        TrustSource::RekorLogs(keys) => (keys, keys.member_as_logs()),
        TrustSource::FulcioAuthorities(_)
        | TrustSource::PkiRoots(_)
        | TrustSource::PkiIntermediates(_) => return Vec::new(),
    };
    match keys {
        SigstoreKeys::Datas(datas) => (0..datas.len())
            .map(|index| format!("{member}[{index}]"))
            .collect(),
        _ => vec![member.to_owned()],
    }
}

fn parse_key(kind: TrustKind, bytes: &[u8]) -> Result<PublicKey, PublicKeyError> {
    match kind {
        TrustKind::RekorLog => PublicKey::log_from_pem(bytes),
        _ => PublicKey::from_pem(bytes),
    }
}

fn told(trusted: &TrustedPublicKey) -> SigstoreKey {
    let (key, algorithm) = (&trusted.key, trusted.algorithm());
    let mut told = SigstoreKey::new(key.key_id(), algorithm, &trusted.origin);
    if !key.is_usable() {
        told.unusable = Some(format!("nobody signs images by keys for {algorithm}"));
    } else if key.is_too_weak() {
        told.unusable = Some(format!(
            "nothing verifies by {algorithm} with this modulus and exponent"
        ));
    } else if let KeyAlgorithm::Rsa { bits, .. } = algorithm {
        told.weakness = (bits < STRONG_RSA_BITS).then(|| format!("{bits}-bit RSA"));
    }
    told
}
