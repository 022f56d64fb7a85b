//! Reading any bytes as a report never panics, what was read is written and read back the same, and it can be shown.
#![no_main]

use containers_sigpolicy::Report;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(report) = serde_json::from_slice::<Report>(bytes) {
        let written = serde_json::to_string(&report).expect("JSON");
        let again: Report = serde_json::from_str(&written).expect("what is written can be read");
        assert_eq!(serde_json::to_string(&again).expect("JSON"), written);
        let text = format!("{report:#}");
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
    }
});
