//! Reading any text as a reference or an image's name never panics, and a reference that was read
//! reads the same from its own text.
#![no_main]

use containers_sigpolicy::{ImageName, NameContext, Reference, Transport};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = Reference::parse_normalized(text) {
        let again = Reference::parse_expanded(&reference.to_string());
        assert_eq!(again.as_ref(), Ok(&reference));
    }
    let _ = ImageName::parse_in(text, &NameContext::default().with_working_directory("/"));
    for &transport in Transport::ALL {
        let _ = transport.validate_scope(text);
    }
});
