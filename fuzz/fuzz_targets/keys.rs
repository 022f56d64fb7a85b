//! Importing any bytes as a key file: never a panic, and a key file that names no key has warnings.
#![no_main]

use containers_sigpolicy::engine::{Engine, KeyMaterial, Sequoia, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let material = KeyMaterial::new("fuzz", bytes);
    let import = Sequoia::new()
        .import(&[material], &Settings::default())
        .expect("noise is no failure of the engine");
    assert!(!import.keys.is_empty() || !import.warnings.is_empty());
});
