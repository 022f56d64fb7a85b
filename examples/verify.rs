//! Verifies one image, as a container runtime would: the policy, the image's name, its bytes, the verdict.
//!
//! ```text
//! verify POLICY KEY_DIRECTORY IMAGE DIRECTORY
//! ```
//!
//! The program `sigpolicy` (feature `cli`) does the same with every option there is.

#[path = "shared/output.rs"]
mod output;

use std::process::ExitCode;

use containers_sigpolicy::{Accepted, DirSource, Error, ImageName, Policy, Verifier};

const USAGE: &str = "\
usage: verify POLICY KEY_DIRECTORY IMAGE DIRECTORY

Verifies the `dir:` image in DIRECTORY under the name IMAGE. The relative key paths of the file POLICY
start from KEY_DIRECTORY. The exit code is 0 if the image is accepted, 1 if it is rejected, 2 if nobody
knows.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, key_directory, image, directory] = arguments.as_slice() else {
        return match arguments.first().map(String::as_str) {
            Some("-h" | "--help") => output::end(USAGE, 0),
            _ => output::end_with_usage("four arguments are needed", USAGE),
        };
    };
    match verify(policy, key_directory, image, directory) {
        Ok(accepted) => {
            // What is run is the manifest of this digest, and no other. Without one, the policy accepts anything here, and
            // the manifest was not even read: `Verifier::builder(…).require_signed(true)` refuses that.
            if accepted.manifest_digest().is_none() {
                output::complain("warning: nothing was verified\n");
            }
            output::end(accepted.report(), 0)
        }
        Err(Error::Rejected(report)) => output::end(report, 1),
        // Nobody knows: a file could not be read, the engine failed. Then nothing is run either.
        Err(error) => output::end(error.answer(), output::NO_ANSWER),
    }
}

fn verify(
    policy: &str,
    key_directory: &str,
    image: &str,
    directory: &str,
) -> Result<Accepted, Error> {
    // Once, and kept as long as the program runs: key files are read when they are first needed.
    let verifier = Verifier::builder(Policy::from_file(policy)?)
        .key_directory(key_directory)
        .build();
    // For each image. The name is the user's, also where the bytes come from a mirror.
    let source = DirSource::named(directory, ImageName::parse(image)?);
    verifier.verify(&source)
}
