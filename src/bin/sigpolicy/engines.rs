//! `sigpolicy engines`: which of them work here?

use std::process::ExitCode;
use std::time::Duration;

use containers_sigpolicy::engine::Environment;

use super::arguments::EnginesArguments;
use super::output;

/// Probes the engines of this program, and prints what was found.
pub fn run(arguments: &EnginesArguments) -> ExitCode {
    let mut environment = Environment::from_env();
    if let Some(program) = &arguments.program {
        environment = environment.program(program);
    }
    if let Some(directory) = &arguments.temporary_directory {
        environment = environment.temporary_directory(directory);
    }
    if let Some(milliseconds) = arguments.deadline {
        environment = environment.deadline(Duration::from_millis(milliseconds));
    }
    let diagnosis = environment.probe();
    let status = u8::from(diagnosis.usable().is_none());
    if arguments.format.is_json() {
        output::json(&diagnosis, status)
    } else {
        output::text(diagnosis, status)
    }
}
