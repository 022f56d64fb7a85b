//! The digest of any bytes as a manifest: never a panic.
#![no_main]

use containers_sigpolicy::manifest_digest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = manifest_digest(bytes);
});
