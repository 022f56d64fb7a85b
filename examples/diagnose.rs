//! Says which engines work here, and why the others do not: what a program that embeds the library shows where none does.
//!
//! ```text
//! diagnose
//! ```
//!
//! `sigpolicy engines` (feature `cli`) does the same with every option there is.

#[path = "shared/output.rs"]
mod output;

use std::process::ExitCode;

use containers_sigpolicy::engine::Environment;

const USAGE: &str = "\
usage: diagnose [--json]

Says which engines work here, and why the others do not. The exit code is 0 if one works, 1 if none does.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let diagnosis = match arguments.as_slice() {
        [] | ["--json"] => Environment::from_env().probe(),
        ["-h" | "--help"] => return output::end(USAGE, 0),
        _ => return output::end_with_usage("one argument at most, --json", USAGE),
    };
    let status = u8::from(diagnosis.usable().is_none());
    if arguments.is_empty() {
        return output::end(diagnosis, status);
    }
    match output::pretty(&diagnosis) {
        Ok(text) => output::end(text, status),
        Err(error) => output::untold(&error.into()),
    }
}
