//! Verifies an image with an engine of one's own: see `unanimous.rs` for the engine.
//!
//! ```text
//! custom_engine POLICY KEY_DIRECTORY IMAGE DIRECTORY
//! ```
//!
//! The exit code is 0 if the image is accepted, 1 if it is rejected, 2 if nobody knows.

#[path = "../shared/output.rs"]
mod output;
mod unanimous;

use std::error::Error as StdError;
use std::process::ExitCode;
use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, Sequoia};
use containers_sigpolicy::{Accepted, DirSource, Error, ImageName, Policy, Verifier};
use unanimous::Unanimous;

const USAGE: &str = "\
usage: custom_engine POLICY KEY_DIRECTORY IMAGE DIRECTORY

Verifies the `dir:` image in DIRECTORY under the name IMAGE, with an engine that asks several others.
The relative key paths of the file POLICY start from KEY_DIRECTORY.
";

fn main() -> ExitCode {
    let arguments: Result<Vec<String>, _> = std::env::args_os()
        .skip(1)
        .map(std::ffi::OsString::into_string)
        .collect();
    let Ok(arguments) = arguments else {
        return output::end_with_usage("an argument is not UTF-8", USAGE);
    };
    if arguments
        .iter()
        .any(|argument| argument == "-h" || argument == "--help")
    {
        return output::end(USAGE, 0);
    }
    let [policy, key_directory, image, directory] = arguments.as_slice() else {
        return output::end_with_usage("four arguments are needed", USAGE);
    };
    match verify(policy, key_directory, image, directory) {
        Ok(accepted) => output::end(format_args!("{:#}", accepted.report()), 0),
        Err(error) => match error.downcast_ref() {
            Some(Error::Rejected(report)) => output::end(report, 1),
            Some(Error::Undecided(report) | Error::Unavailable { report, .. }) => {
                output::end(report, output::NO_ANSWER)
            }
            _ => {
                output::complain(format_args!("error: {error}\n"));
                ExitCode::from(output::NO_ANSWER)
            }
        },
    }
}

fn verify(
    policy: &str,
    key_directory: &str,
    image: &str,
    directory: &str,
) -> Result<Accepted, Box<dyn StdError>> {
    let policy = Policy::from_file(policy)?;
    let source = DirSource::named(directory, ImageName::parse(image)?);

    // Any engines will do; with this build's one it asks the same twice.
    let sequoia: Arc<dyn Engine> = Arc::new(Sequoia::new());
    let verifier = Verifier::builder(policy)
        .engine(Unanimous::new(Arc::clone(&sequoia), vec![sequoia]))
        .key_directory(key_directory)
        .build();
    Ok(verifier.verify(&source)?)
}
