//! Says which engines work here, and why the others do not.
//!
//! ```text
//! diagnose [--json] [--program GPG] [--temporary-directory DIR] [--deadline MILLISECONDS]
//! ```
//!
//! The exit code is 0 if an engine works, 1 if none does, 2 if the arguments are wrong.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use containers_sigpolicy::engine::Search;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints the diagnosis; whether an engine works.
fn run() -> Result<bool, Box<dyn Error>> {
    use lexopt::prelude::*;

    let mut search = Search::from_env();
    let mut json = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("json") => json = true,
            Long("program") => search = search.program(parser.value()?),
            Long("temporary-directory") => search = search.temporary_directory(parser.value()?),
            Long("deadline") => {
                search = search.deadline(Duration::from_millis(parser.value()?.parse()?));
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let diagnosis = search.probe();
    if json {
        println!("{}", serde_json::to_string_pretty(&diagnosis)?);
    } else {
        print!("{diagnosis}");
    }
    Ok(diagnosis.usable().is_some())
}
