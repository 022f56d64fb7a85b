//! Folders with key files of the conformance suite, and verifiers that look for key files there, on each engine of the
//! build.

use std::fs;
use std::path::Path;

use containers_sigpolicy::engine::{EngineKind, Environment};
use containers_sigpolicy::{Clock, Policy, Verifier, VerifierBuilder};

use super::{at, engines, read};

/// Puts a key file of the suite, or several in one, into a folder.
pub fn put(folder: &Path, name: &str, keys: &[&str]) {
    let bytes: Vec<u8> = keys.iter().flat_map(|keys| read(keys)).collect();
    fs::write(folder.join(name), bytes).expect("a writable folder");
}

/// A verifier to be completed, by this policy and the keys in the folder, in January 2026.
pub fn builder(folder: &Path, policy: Policy, kind: EngineKind) -> VerifierBuilder {
    Verifier::builder(policy)
        .engine(Environment::from_env().select(&[kind]).expect("an engine"))
        .clock(Clock::Fixed(at("2026-01-15T12:00:00Z")))
        .key_directory(folder)
}

/// Does this on each engine of the build, with a folder of its own.
pub fn on_each_engine(test: impl Fn(EngineKind, &Path)) {
    for kind in engines() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        test(kind, folder.path());
    }
}
