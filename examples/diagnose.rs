//! Says which engines work here, and why the others do not.
//!
//! ```text
//! diagnose [--json] [--program GPG] [--temporary-directory DIR] [--deadline MILLISECONDS]
//! ```
//!
//! The exit code is 0 if an engine works, 1 if none does, 2 if the arguments are wrong or the output
//! cannot be written.

#[path = "shared/output.rs"]
mod output;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use containers_sigpolicy::engine::Environment;

const USAGE: &str = "\
usage: diagnose [OPTIONS]

Says which engines work here, and why the others do not.

options:
  --json                     print JSON
  --program GPG              take this program, and look for no other
  --temporary-directory DIR  where private files go (default: the system's)
  --deadline MILLISECONDS    how long to wait for a program
  -h, --help                 print this
";

fn main() -> ExitCode {
    let Options { search, json } = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => return output::end(USAGE, 0),
        Err(error) => return output::end_with_usage(error, USAGE),
    };
    let diagnosis = search.probe();
    let status = u8::from(diagnosis.usable().is_none());
    if !json {
        return output::end(diagnosis, status);
    }
    match output::pretty(&diagnosis) {
        Ok(text) => output::end(text, status),
        Err(error) => output::untold(&error.into()),
    }
}

struct Options {
    search: Environment,
    json: bool,
}

impl Options {
    /// The options, or nothing if help was asked for.
    fn parse() -> Result<Option<Self>, Box<dyn Error>> {
        use lexopt::prelude::*;

        let mut search = Environment::from_env();
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
                Short('h') | Long("help") => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(Self { search, json }))
    }
}
