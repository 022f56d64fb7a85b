//! How the examples print, and end: without a panic, whoever reads them or no longer does. They borrow this file by
//! `#[path]`, since each of them is a program of its own.
#![allow(dead_code, reason = "no example uses all of it")]

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit code where there is no answer, or where it could not be told.
pub const NO_ANSWER: u8 = 2;

/// What came of writing: whether the reader is still there. One who has gone, as `head` does when it has enough, wants
/// no more, which is not an error.
pub fn is_read(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Prints `text`, and ends with `status`. An answer that could not be written, because the disk is full, has not been
/// given: then the program says so, and ends with [`NO_ANSWER`].
pub fn end(text: impl Display, status: u8) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.to_string().as_bytes());
    match is_read(written.and_then(|()| stdout.flush())) {
        Ok(_) => ExitCode::from(status),
        Err(error) => untold(&error),
    }
}

/// Says that the output could not be written, and ends.
pub fn untold(error: &io::Error) -> ExitCode {
    complain(format_args!("error: cannot write the output: {error}\n"));
    ExitCode::from(NO_ANSWER)
}

/// Ends over wrong arguments, with what is wrong and how they should be.
pub fn end_with_usage(error: impl Display, usage: &str) -> ExitCode {
    complain(format_args!("error: {error}\n\n{usage}"));
    ExitCode::from(NO_ANSWER)
}

/// Prints to the standard error. Where that fails, nothing is left to tell it to.
pub fn complain(text: impl Display) {
    let _ = io::stderr().write_all(text.to_string().as_bytes());
}

/// A value as JSON for people and programs.
pub fn pretty(value: &impl serde::Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n")
}
