//! May this container image run under this policy.json? And if not, why not, and what to do.

mod arguments;
mod duration;
mod engines;
mod exception;
mod explain;
mod generate;
mod image;
mod inspect;
mod keys;
mod lint;
mod mistake;
mod output;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use self::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::wrong_usage(&error),
    };
    match arguments.command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Engines(arguments) => engines::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Completions(arguments) => generate::completions(&arguments),
        Command::Man(arguments) => generate::manual(&arguments),
    }
}
