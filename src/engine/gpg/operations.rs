//! gpg as a child process: how it is asked, and what counts as an answer.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::colons;
use super::kind::KIND;
use crate::engine::gnupg::child::{Call, Ended, Exited};
use crate::engine::gnupg::configuration::SystemConfiguration;
use crate::engine::gnupg::failure::{failed, unusable_for};
use crate::engine::gnupg::home::{Home, classify};
use crate::engine::gnupg::listing::Listing;
use crate::engine::gnupg::operations::{LIST_KEYS, Operations, READ_KEYS, Said, VERIFY};
use crate::engine::gnupg::program::{Program, first_line, not_started};
use crate::engine::gnupg::status::Status;
use crate::engine::{EngineError, EngineKind, Finding, MAX_PAYLOAD_SIZE};

/// A gpg in one home directory.
#[derive(Debug)]
pub(super) struct Gpg {
    home: Home,
    program: Program,
    deadline: Duration,
}

impl Gpg {
    pub(super) fn new(home: Home, program: Program, deadline: Duration) -> Self {
        Self {
            home,
            program,
            deadline,
        }
    }

    /// Runs gpg with these arguments and this input, and returns the result if it ended by itself.
    fn call(
        &self,
        operation: &str,
        arguments: &[&OsStr],
        input: Option<&[u8]>,
    ) -> Result<Exited, EngineError> {
        let home = self.home.path();
        let input = input.map(|input| self.file_of(input)).transpose()?;
        let mut all = vec![
            OsStr::new("--homedir"),
            home.as_os_str(),
            // It then says which files it reads its options from.
            OsStr::new("--debug"),
            OsStr::new("0"),
        ];
        all.extend(arguments);
        let call = Call {
            program: &self.program.path,
            arguments: &all,
            input,
            directory: Some(&home),
            deadline: self.deadline,
        };
        let exited = match call.run() {
            Ok(Ended::Exited(exited)) => exited,
            Ok(Ended::Crashed { signal }) => {
                let detail = format!("gpg was killed by signal {signal}");
                return Err(failed(KIND, operation, detail));
            }
            Ok(Ended::Hung) => {
                return Err(EngineError::TimedOut {
                    engine: KIND.name().to_owned(),
                    operation: operation.to_owned(),
                    program: self.program.path.display().to_string(),
                    deadline: self.deadline,
                });
            }
            Err(error) => {
                let finding = not_started(self.program.path.clone(), &error);
                return Err(failed(KIND, operation, finding.to_string()));
            }
        };
        SystemConfiguration::check_read(&exited.errors, &home)
            .and_then(|()| self.program.configuration.check())
            .map_err(|finding| unusable_for(KIND, finding))?;
        Ok(exited)
    }

    /// A file of these octets, open for reading and without a name.
    fn file_of(&self, octets: &[u8]) -> Result<File, EngineError> {
        let path = self.home.file("input");
        let write = || -> io::Result<File> {
            let mut file = File::create_new(&path)?;
            let written = file.write_all(octets).and_then(|()| File::open(&path));
            fs::remove_file(&path)?;
            written
        };
        write().map_err(|error| unusable_for(KIND, self.unwritable(&error)))
    }

    fn unwritable(&self, error: &io::Error) -> Finding {
        let folder = self.home.path();
        classify(folder.parent().unwrap_or(Path::new("/")), error)
    }
}

/// How gpg ended, if not well, with what it said to people.
fn complaint(exited: &Exited) -> Option<String> {
    let status = exited.status;
    (status != 0).then(|| {
        let said = first_line(&without_debug(&exited.errors));
        match said.is_empty() {
            true => format!("its exit code is {status}"),
            false => format!("its exit code is {status}, and it says \"{said}\""),
        }
    })
}

impl Operations for Gpg {
    fn engine(&self) -> EngineKind {
        KIND
    }

    fn import(&self, keys: &[u8]) -> Result<Status, EngineError> {
        let arguments = ["--status-fd", "1", "--import"].map(OsStr::new);
        let exited = self.call(READ_KEYS, &arguments, Some(keys))?;
        let status = Status::read(&exited.output);
        match (status.count("IMPORT_RES"), complaint(&exited)) {
            (0, Some(complaint)) => Err(failed(
                KIND,
                READ_KEYS,
                format!("gpg exited before it finished: {complaint}"),
            )),
            _ => Ok(status),
        }
    }

    fn list(&self) -> Result<Listing, EngineError> {
        // The fingerprint of subkeys comes with the second of the two options.
        let arguments = [
            "--with-colons",
            "--with-fingerprint",
            "--with-fingerprint",
            "--check-sigs",
        ]
        .map(OsStr::new);
        // The exit code only says that something in the key ring is odd; a key that was imported but is not listed is
        // noticed later.
        let exited = self.call(LIST_KEYS, &arguments, None)?;
        Ok(colons::listing(&exited.output))
    }

    fn verify(&self, untrusted_message: &[u8]) -> Result<Said, EngineError> {
        let output = Output(self.home.file("output"));
        let arguments = [
            OsStr::new("--status-fd"),
            OsStr::new("1"),
            OsStr::new("--output"),
            output.0.as_os_str(),
        ];
        let exited = self.call(VERIFY, &arguments, Some(untrusted_message))?;
        // The exit code is an error even if only an unhashed subpacket is odd.
        Ok(Said {
            status: Status::read(&exited.output),
            output: output.read().map_err(|error| failed(KIND, VERIFY, error))?,
            complaint: complaint(&exited),
        })
    }
}

/// A file that gpg writes, which is removed whatever happens.
struct Output(PathBuf);

impl Output {
    /// What is in it: nothing if gpg has written none, and never more than the largest payload and one
    /// byte.
    fn read(&self) -> io::Result<Vec<u8>> {
        let limit = u64::try_from(MAX_PAYLOAD_SIZE)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let mut bytes = Vec::new();
        match File::open(&self.0) {
            Ok(file) => file.take(limit).read_to_end(&mut bytes).map(|_| bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(bytes),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // It may never have been there.
        let _ = fs::remove_file(&self.0);
    }
}

/// What gpg says to people, without what it says of its options.
fn without_debug(errors: &[u8]) -> Vec<u8> {
    errors
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !String::from_utf8_lossy(line).contains("reading options from"))
        .flatten()
        .copied()
        .collect()
}
