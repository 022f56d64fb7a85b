//! Which gpg: looked up in `PATH`, and tried before it is used.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::child::{Call, Ended, Exited};
use super::configuration::SystemConfiguration;
use super::home::Home;
use super::resources::is_lack_of_resources;
use crate::engine::{Environment, Finding};
use crate::engine::{Found, SearchedDirectory};
use crate::text::quote::visible;

/// The oldest GnuPG that works: the first of the 2.2 series, of 2017.
const OLDEST: &str = "2.2.0";

/// What gpg is called, in the order of preference. Some distributions call it `gpg2` only.
const NAMES: [&str; 2] = ["gpg", "gpg2"];

/// How many directories of `PATH` are searched.
const MAX_DIRECTORIES: usize = 256;

/// How many programs are tried.
const MAX_CANDIDATES: usize = 16;

/// The errors of the system that mean "exec format error" and "text file is not a program".
const ENOEXEC: i32 = 8;

/// A gpg that works.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Program {
    /// Its absolute path.
    pub(in crate::engine) path: PathBuf,
    /// What its `--version` says.
    pub(in crate::engine) version: String,
    /// What of the system's configuration it reads.
    pub(in crate::engine) configuration: SystemConfiguration,
}

/// The result of looking for gpg.
#[derive(Debug, Default)]
pub(in crate::engine) struct Lookup {
    /// The first program that works.
    pub(in crate::engine) program: Option<Program>,
    /// What is wrong with the others, or that there is none; the most telling first.
    pub(in crate::engine) findings: Vec<Finding>,
    /// Where gpg was looked for.
    pub(in crate::engine) searched: Vec<SearchedDirectory>,
}

/// Looks for a gpg that works: the one that `environment` names, or the first of its `PATH`. A program
/// is asked for its version, run once in `home`, if there is one, and then given to `works`, which uses it as it will be
/// used.
pub(in crate::engine) fn find(
    environment: &Environment,
    deadline: Duration,
    home: Option<&Home>,
    works: &dyn Fn(&Program) -> Result<(), Finding>,
) -> Lookup {
    let try_out = |path: &Path| {
        let program = try_out(path, home, deadline)?;
        works(&program)?;
        Ok(program)
    };
    match &environment.program {
        Some(program) => named(program, &try_out),
        None => in_path(environment.path.as_deref(), &try_out),
    }
}

/// How a file that could be gpg is tried out.
type TryOut<'a> = dyn Fn(&Path) -> Result<Program, Finding> + 'a;

/// Tries only this program.
fn named(program: &Path, try_out: &TryOut<'_>) -> Lookup {
    let mut lookup = Lookup::default();
    match examine(program).map(|candidate| candidate.and_then(|()| try_out(program))) {
        None => lookup.findings.push(Finding::ProgramMissing {
            program: program.to_owned(),
        }),
        Some(Err(finding)) => lookup.findings.push(finding),
        Some(Ok(found)) => lookup.program = Some(found),
    }
    lookup
}

/// Tries `gpg` of every directory of `path` in order, then `gpg2`, until one works.
fn in_path(path: Option<&OsStr>, try_out: &TryOut<'_>) -> Lookup {
    let mut lookup = Lookup::default();
    let Some(path) = path else {
        lookup.findings.push(Finding::SearchPathUnset);
        return lookup;
    };
    let mut directories: Vec<PathBuf> = Vec::new();
    for directory in env::split_paths(path).take(MAX_DIRECTORIES) {
        if !directory.as_os_str().is_empty() && !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    if directories.is_empty() {
        lookup.findings.push(Finding::SearchPathEmpty);
        return lookup;
    }

    let mut candidates = Vec::new();
    for name in NAMES {
        for directory in directories
            .iter()
            .filter(|directory| directory.is_absolute())
        {
            let program = directory.join(name);
            if let Some(state) = examine(&program) {
                candidates.push((name, program, state));
            }
        }
    }
    lookup.searched = directories
        .iter()
        .map(|directory| SearchedDirectory {
            directory: directory.clone(),
            found: found_in(directory, &candidates),
        })
        .collect();
    if candidates.is_empty() {
        lookup
            .findings
            .push(Finding::ProgramNotFound { directories });
        return lookup;
    }
    let gpg_exists = candidates.iter().any(|(name, ..)| *name == "gpg");
    // Often one directory is a link to another.
    let mut tried = Vec::new();
    for (_, program, state) in candidates.into_iter().take(MAX_CANDIDATES) {
        let file = fs::canonicalize(&program).unwrap_or_else(|_| program.clone());
        if tried.contains(&file) {
            continue;
        }
        tried.push(file);
        match state.and_then(|()| try_out(&program)) {
            Ok(found) => {
                if !gpg_exists {
                    lookup.findings.push(Finding::OnlyGpg2 { program });
                }
                lookup.program = Some(found);
                break;
            }
            Err(finding) => {
                let another_may_do = finding.is_about_the_program();
                lookup.findings.push(finding);
                if !another_may_do {
                    break;
                }
            }
        }
    }
    lookup
}

type Candidate = (&'static str, PathBuf, Result<(), Finding>);

fn found_in(directory: &Path, candidates: &[Candidate]) -> Found {
    if !directory.is_absolute() {
        return Found::NotAbsolute;
    }
    let programs: Vec<PathBuf> = candidates
        .iter()
        .map(|(_, program, _)| program)
        .filter(|program| program.parent() == Some(directory))
        .cloned()
        .collect();
    match programs.is_empty() {
        true if fs::read_dir(directory).is_err() && !directory.is_dir() => Found::NoDirectory,
        true => Found::Nothing,
        false => Found::Programs(programs),
    }
}

/// Whether there is a file of this name that can be tried; `None` if there is nothing.
fn examine(program: &Path) -> Option<Result<(), Finding>> {
    let link = fs::symlink_metadata(program).ok()?;
    let program = program.to_owned();
    let Ok(metadata) = fs::metadata(&program) else {
        return Some(Err(if link.is_symlink() {
            let target = fs::read_link(&program).unwrap_or_default();
            Finding::ProgramDanglingLink { program, target }
        } else {
            Finding::ProgramNotExecutable { program }
        }));
    };
    if metadata.is_dir() {
        return Some(Err(Finding::ProgramIsDirectory { program }));
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        return Some(Err(Finding::ProgramNotExecutable { program }));
    }
    Some(Ok(()))
}

/// Asks the program for its version, and runs it once in `home`: whether it understands its
/// configuration, and lists an empty key ring.
fn try_out(path: &Path, home: Option<&Home>, deadline: Duration) -> Result<Program, Finding> {
    // A gpg that reads what is there may not even print its version.
    SystemConfiguration::told_by(&[], Path::new("/")).check()?;
    let program = path.to_owned();
    let version = ask(path, &[OsStr::new("--version")], deadline)?;
    let first = first_line(&version.output);
    let Some(version) = gnupg_version(&first) else {
        return Err(Finding::ProgramWrong {
            program,
            said: first,
        });
    };
    if numbers(&version) < numbers(OLDEST) {
        return Err(Finding::ProgramTooOld {
            program,
            found: version,
            required: OLDEST.to_owned(),
        });
    }
    let Some(home) = home else {
        return Ok(Program {
            path: program,
            version,
            configuration: SystemConfiguration::told_by(&[], Path::new("/")),
        });
    };
    let alias = home.alias()?;
    let arguments = [
        OsStr::new("--homedir"),
        alias.as_os_str(),
        // It then says which files it reads its options from.
        OsStr::new("--debug"),
        OsStr::new("0"),
        OsStr::new("--list-keys"),
    ];
    let listed = ask(path, &arguments, deadline);
    let errors = match &listed {
        Ok(exited) => exited.errors.as_slice(),
        Err(_) => &[],
    };
    let configuration = SystemConfiguration::told_by(errors, &alias);
    // What is there may be why it fails.
    configuration.check()?;
    listed?;
    Ok(Program {
        path: program,
        version,
        configuration,
    })
}

/// Runs the program, and returns the result if it succeeds.
fn ask(path: &Path, arguments: &[&OsStr], deadline: Duration) -> Result<Exited, Finding> {
    let program = path.to_owned();
    let call = Call {
        program: path,
        arguments,
        input: None,
        directory: None,
        deadline,
    };
    match call.run() {
        Ok(Ended::Exited(exited)) if exited.status == 0 => Ok(exited),
        Ok(Ended::Exited(_)) if for_another_machine(path) => {
            Err(Finding::ProgramWrongArchitecture { program })
        }
        Ok(Ended::Exited(exited)) => {
            let said = first_line(&exited.errors);
            Err(Finding::ProgramFailed {
                program,
                doing: doing(arguments),
                status: exited.status,
                said: if said.is_empty() {
                    first_line(&exited.output)
                } else {
                    said
                },
            })
        }
        Ok(Ended::Crashed { signal }) => Err(Finding::ProgramCrashed { program, signal }),
        Ok(Ended::Hung) => Err(Finding::hung(program, deadline)),
        Err(error) => Err(not_started(program, &error)),
    }
}

/// Why the system does not start a program.
pub(in crate::engine) fn not_started(program: PathBuf, error: &io::Error) -> Finding {
    if error.raw_os_error() == Some(ENOEXEC) {
        return Finding::ProgramWrongArchitecture { program };
    }
    match error.kind() {
        ErrorKind::PermissionDenied => Finding::ProgramNotExecutable { program },
        ErrorKind::NotFound => Finding::ProgramNotStarted {
            program,
            detail: "its interpreter or its dynamic loader does not exist".to_owned(),
        },
        _ if is_lack_of_resources(error) => Finding::OutOfResources {
            what: format!("run {}", program.display()),
            detail: error.to_string(),
        },
        _ => Finding::ProgramNotStarted {
            program,
            detail: error.to_string(),
        },
    }
}

/// The option that says what the program was asked for.
fn doing(arguments: &[&OsStr]) -> String {
    arguments
        .last()
        .map(|argument| argument.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Whether the file is an ELF executable of another machine than this program: such a file can
/// end in a failing emulator instead of an error of the system.
fn for_another_machine(program: &Path) -> bool {
    match (
        machine(program),
        env::current_exe().ok().as_deref().and_then(machine),
    ) {
        (Some(its), Some(ours)) => its != ours,
        _ => false,
    }
}

/// Class, byte order and machine of an ELF file (elf(5)).
fn machine(file: &Path) -> Option<[u8; 4]> {
    use std::io::Read;

    let mut header = [0; 20];
    fs::File::open(file).ok()?.read_exact(&mut header).ok()?;
    let [0x7f, b'E', b'L', b'F', class, order, .., low, high] = header else {
        return None;
    };
    Some([class, order, low, high])
}

/// The version in the first line of `gpg --version`: `gpg (GnuPG) 2.2.40`.
fn gnupg_version(line: &str) -> Option<String> {
    let rest = line.strip_prefix("gpg (GnuPG")?;
    let (_, version) = rest.split_once(") ")?;
    let version = version.split_ascii_whitespace().next()?;
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| version.to_owned())
}

/// The numbers of a version, for comparing; what follows them is skipped.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        .next()
        .unwrap_or_default();
    plain
        .split('.')
        .map_while(|number| number.parse().ok())
        .collect()
}

/// The first line that is not empty, at most 200 characters of it, fit for a terminal.
pub(in crate::engine) fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    visible(line.unwrap_or_default())
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        for (line, version) in [
            ("gpg (GnuPG) 2.2.40", Some("2.2.40")),
            ("gpg (GnuPG/MacGPG2) 2.2.41", Some("2.2.41")),
            ("gpg (GnuPG) 2.4.7-unknown", Some("2.4.7-unknown")),
            ("gpg (GnuPG) ", None),
            ("gpgv (GnuPG) 2.2.40", None),
            ("busybox", None),
        ] {
            assert_eq!(gnupg_version(line).as_deref(), version, "{line}");
        }
        for older in ["1.4.23", "2.0.22", "2.1.18", "2.2.0-beta1", "2"] {
            let as_old = numbers(older) <= numbers(OLDEST);
            assert!(as_old, "{older}");
        }
        for newer in ["2.2.40", "2.4.7-unknown", "2.10.0", "3.0"] {
            assert!(numbers(newer) > numbers(OLDEST), "{newer}");
        }
    }
}
