//! An engine that must not be asked.

use containers_sigpolicy::engine::{Engine, EngineError, Import, KeyMaterial, Settings};

/// Fails at whatever it is asked: signatures for sigstore need no engine, whichever is compiled in.
#[derive(Debug)]
pub struct Nobody;

impl Engine for Nobody {
    fn name(&self) -> &str {
        "nobody"
    }

    fn version(&self) -> String {
        "nobody".to_owned()
    }

    fn import(&self, _: &[KeyMaterial<'_>], _: &Settings) -> Result<Import, EngineError> {
        Err(EngineError::NoneCompiledIn)
    }
}
