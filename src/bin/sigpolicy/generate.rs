//! Completions and manual pages, made from the command line's own description.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::arguments::{Arguments, CompletionsArguments, ManArguments};
use super::output;

/// Prints the completions for a shell.
pub fn completions(arguments: &CompletionsArguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "sigpolicy",
        &mut script,
    );
    output::plain(&script, 0)
}

/// Prints a manual page, or writes all of them.
pub fn manual(arguments: &ManArguments) -> ExitCode {
    let mut program = Arguments::command();
    program.build();
    if let Some(directory) = &arguments.directory {
        return match write_all(&program, directory) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let message = format!("cannot write to {}: {error}", directory.display());
                output::usage(&message, false)
            }
        };
    }
    let command = match &arguments.command {
        None => Some(&program),
        Some(name) => program.find_subcommand(name),
    };
    let Some(command) = command else {
        return output::usage(
            "there is no such command; `sigpolicy help` lists them",
            false,
        );
    };
    match page(command) {
        Ok((_, page)) => output::plain(&page, 0),
        Err(error) => output::failure(&error, false),
    }
}

fn write_all(program: &Command, directory: &Path) -> io::Result<()> {
    let commands = program
        .get_subcommands()
        .filter(|command| command.get_name() != "help");
    for command in std::iter::once(program).chain(commands) {
        let (name, page) = page(command)?;
        std::fs::write(directory.join(format!("{name}.1")), page)?;
    }
    Ok(())
}

/// The name of a command's page, such as `sigpolicy-verify`, and the page.
fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    let name = match command.get_name() {
        "sigpolicy" => "sigpolicy".to_owned(),
        name => format!("sigpolicy-{name}"),
    };
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(name.clone())
        .render(&mut page)?;
    Ok((name, page))
}
