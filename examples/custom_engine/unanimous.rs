//! An engine of one's own: it believes a signature only if several engines do. The test `conformance` borrows this file
//! by `#[path]`, and puts the whole suite to it.

use std::sync::Arc;

use containers_sigpolicy::engine::{
    Engine, EngineError, Import, KeyMaterial, Keyring, KeyringError, Proven, Refusal, Settings,
};

/// Accepts a signature if and only if all of its engines prove the same bytes by the same key.
#[derive(Clone, Debug)]
pub struct Unanimous {
    first: Arc<dyn Engine>,
    others: Vec<Arc<dyn Engine>>,
}

impl Unanimous {
    /// An engine that asks `first` and then all the `others`. There is always one to ask: an
    /// engine that asks nobody would have to believe everything.
    pub fn new(first: Arc<dyn Engine>, others: Vec<Arc<dyn Engine>>) -> Self {
        Self { first, others }
    }
}

impl Engine for Unanimous {
    fn name(&self) -> &str {
        "unanimous"
    }

    fn version(&self) -> String {
        std::iter::once(&self.first)
            .chain(&self.others)
            .map(|engine| engine.version())
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Trusts the keys that every engine can use: a key that one of them refuses can never be
    /// believed by all.
    fn import(&self, keys: &[KeyMaterial<'_>], settings: &Settings) -> Result<Import, EngineError> {
        let mut import = self.first.import(keys, settings)?;
        let first = import.keyring;
        let mut others = Vec::new();
        for engine in &self.others {
            let other = engine.import(keys, settings)?;
            import.keys.retain(|key| {
                other
                    .keys
                    .iter()
                    .any(|known| known.fingerprint == key.fingerprint)
            });
            for warning in other.warnings {
                if !import.warnings.contains(&warning) {
                    import.warnings.push(warning);
                }
            }
            others.push(other.keyring);
        }
        import.keyring = Arc::new(UnanimousKeyring { first, others });
        Ok(import)
    }
}

#[derive(Debug)]
struct UnanimousKeyring {
    first: Arc<dyn Keyring>,
    others: Vec<Arc<dyn Keyring>>,
}

impl Keyring for UnanimousKeyring {
    /// The first "no", or the first failure, is the answer.
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        let agreed = self.first.verify(untrusted_blob)?;
        for keyring in &self.others {
            let proven = keyring.verify(untrusted_blob)?;
            if proven.payload() != agreed.payload() || proven.primary_key() != agreed.primary_key()
            {
                return Err(Refusal::BadSignature {
                    key: Some(agreed.primary_key().clone().into()),
                    detail: "the engines do not agree on what was signed".to_owned(),
                    key_created: None,
                }
                .into());
            }
        }
        Ok(agreed)
    }
}
