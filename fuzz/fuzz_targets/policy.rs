//! Reading any bytes as a policy never panics, and what was read is written and read back the
//! same. Neither does what is said of a policy and of its mistakes.
#![no_main]

use containers_sigpolicy::{ImageName, Policy};
use libfuzzer_sys::fuzz_target;

const IMAGES: [&str; 4] = [
    "docker://registry.example:5000/app/web:1.4.2",
    "docker://busybox",
    "containers-storage:busybox",
    "oci:/",
];

fuzz_target!(|bytes: &[u8]| match Policy::from_slice(bytes) {
    Ok(policy) => {
        let written = policy.to_json();
        let again = Policy::from_slice(written.as_bytes()).expect("what is written can be read");
        assert_eq!(policy, again);
        let _ = policy.lint().to_string();
        for image in IMAGES {
            let image = ImageName::parse(image).expect("a name");
            let _ = policy.explain(&image).to_string();
        }
        for scope in policy.scopes() {
            let place = policy.place_of_scope(&scope.name()).expect("a place");
            let _ = policy.line_text(&place).expect("a line");
        }
    }
    Err(error) => {
        for error in error.others().iter().chain([&error]) {
            let _ = (error.to_string(), error.label(), error.steps());
        }
    }
});
