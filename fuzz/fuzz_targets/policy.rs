//! Reading any bytes as a policy never panics, and what was read is written and read back the
//! same.
#![no_main]

use containers_sigpolicy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::from_slice(bytes) {
        let written = policy.to_json();
        let again = Policy::from_slice(written.as_bytes()).expect("what is written can be read");
        assert_eq!(policy, again);
    }
});
