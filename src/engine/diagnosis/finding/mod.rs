//! What keeps an engine from working, or is worth knowing about it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::EngineKind;
use crate::file;

/// Something that a [`probe`](crate::engine::probe) met.
///
/// `Display` is the cause in one line; [`Finding::remedy`] says in one line what to do about it, and [`Finding::code`]
/// is the stable word for programs. The same finding can be why an engine does not work, or only a note about a program
/// that was skipped for a better one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Finding {
    /// The engine is not in this build.
    #[error("the engine {engine} is not compiled into this program (feature `{feature}`)")]
    #[non_exhaustive]
    NotCompiledIn {
        /// The engine.
        engine: EngineKind,
        /// The feature of this crate that builds it.
        feature: String,
    },
    /// The libgpgme that was loaded is older than the oldest that works.
    #[error("libgpgme is too old: {found} is older than {required}")]
    #[non_exhaustive]
    LibraryTooOld {
        /// The library, or the file that it was loaded from.
        found: String,
        /// The oldest version that works.
        required: String,
    },
    /// libgpgme did not start.
    #[error("libgpgme does not start: {detail}")]
    #[non_exhaustive]
    LibraryFailed {
        /// What it said.
        detail: String,
    },
    /// libgpgme found no gpg of its own when it started, and then none of its contexts can be set to use one. A
    /// libgpgme that is built for fixed directories (`--enable-fixed-path`) is in that state wherever gpg is in another
    /// place.
    #[error("libgpgme {version} found no gpg of its own when it started, so it cannot be told to use {}", .program.display())]
    #[non_exhaustive]
    LibraryWithoutEngine {
        /// libgpgme's version.
        version: String,
        /// The gpg that is there, and works.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// There is no `PATH` to look for gpg in.
    #[error("gpg cannot be looked for: PATH is not set")]
    SearchPathUnset,
    /// `PATH` names no directory.
    #[error("gpg cannot be looked for: PATH names no directory")]
    SearchPathEmpty,
    /// No directory of `PATH` has a `gpg` or `gpg2`.
    #[error("there is no gpg and no gpg2 in any directory of PATH: {}", list(.directories))]
    #[non_exhaustive]
    ProgramNotFound {
        /// The directories, in order.
        #[serde(serialize_with = "file::paths_as_text")]
        directories: Vec<PathBuf>,
    },
    /// The program that was named does not exist.
    #[error("there is no {}", .program.display())]
    #[non_exhaustive]
    ProgramMissing {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// There is no `gpg`, only a `gpg2`. It works; programs that insist on `gpg` fail.
    #[error("there is no gpg in PATH, only {}, which works as well", .program.display())]
    #[non_exhaustive]
    OnlyGpg2 {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// The file may not be executed.
    #[error("{} is not executable", .program.display())]
    #[non_exhaustive]
    ProgramNotExecutable {
        /// The file.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// A directory of that name.
    #[error("{} is a directory", .program.display())]
    #[non_exhaustive]
    ProgramIsDirectory {
        /// The directory.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// A symbolic link to nothing.
    #[error("{} is a link to {}, which does not exist", .program.display(), .target.display())]
    #[non_exhaustive]
    ProgramDanglingLink {
        /// The link.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// What it points to.
        #[serde(serialize_with = "file::path_as_text")]
        target: PathBuf,
    },
    /// An executable for another kind of machine.
    #[error("{} is not a program for this machine (exec format error)", .program.display())]
    #[non_exhaustive]
    ProgramWrongArchitecture {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
    },
    /// The system cannot start the program.
    #[error("{} cannot be started: {detail}", .program.display())]
    #[non_exhaustive]
    ProgramNotStarted {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The program ended with an error.
    #[error("{} {} failed with exit code {status}{}", .program.display(), .doing, said_note(.said))]
    #[non_exhaustive]
    ProgramFailed {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// What it was asked to do: its arguments.
        doing: String,
        /// The exit code.
        status: i32,
        /// The first line of what it said.
        said: String,
    },
    /// The program is not GnuPG.
    #[error("{} is not GnuPG{}", .program.display(), said_note(.said))]
    #[non_exhaustive]
    ProgramWrong {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// The first line of what it said.
        said: String,
    },
    /// GnuPG, but older than the oldest that works.
    #[error("{} is too old: --version says {found}, and {required} or later is needed", .program.display())]
    #[non_exhaustive]
    ProgramTooOld {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// Its version.
        found: String,
        /// The oldest version that works.
        required: String,
    },
    /// The program was ended by a signal that this library did not send.
    #[error("{} crashed (signal {signal})", .program.display())]
    #[non_exhaustive]
    ProgramCrashed {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// The signal's number.
        signal: i32,
    },
    /// The program did not answer in time, and was ended.
    #[error("{} did not answer within {milliseconds} ms", .program.display())]
    #[non_exhaustive]
    ProgramHung {
        /// The program.
        #[serde(serialize_with = "file::path_as_text")]
        program: PathBuf,
        /// How long it was waited for.
        milliseconds: u64,
    },
    /// Everything that the engine needs is there, but it fails at one import and one verification.
    #[error("the engine {engine} cannot verify a built-in signature by a built-in key: {detail}")]
    #[non_exhaustive]
    CannotVerify {
        /// The engine.
        engine: EngineKind,
        /// What it met.
        detail: String,
    },
    /// The engine worked at first, and failed later at an image.
    #[error("the engine {engine} failed while in use: {detail}")]
    #[non_exhaustive]
    FailedAtWork {
        /// The engine.
        engine: EngineKind,
        /// What it was doing, and what it met.
        detail: String,
    },
    /// The system gives this process no more processes, threads, descriptors or memory.
    #[error("there are not enough processes, descriptors or memory to {what}: {detail}")]
    #[non_exhaustive]
    OutOfResources {
        /// What could not be done, as a verb phrase.
        what: String,
        /// What the system said.
        detail: String,
    },
    /// gpg reads a configuration of the system in which something could change a verdict.
    #[error("{}", configuration(.file, *.line, .option))]
    #[non_exhaustive]
    SystemConfiguration {
        /// The file.
        #[serde(serialize_with = "file::path_as_text")]
        file: PathBuf,
        /// The line of the option, from 1; none if the file cannot be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
        /// The option, or why the file cannot be read.
        option: String,
    },
    /// The gpg that libgpgme would use by itself does not exist. It does not matter here: the
    /// program that was found is set on each context.
    #[error("libgpgme itself is configured for {}, which does not exist{}", .configured.display(), instead_note(.instead))]
    #[non_exhaustive]
    ConfiguredProgramMissing {
        /// The path that libgpgme is configured for.
        #[serde(serialize_with = "file::path_as_text")]
        configured: PathBuf,
        /// The program that is used instead, if one was found.
        #[serde(serialize_with = "file::path_as_text_or_null")]
        instead: Option<PathBuf>,
    },
    /// The temporary folder does not exist, or is not a folder.
    #[error("the temporary folder {} does not exist", .directory.display())]
    #[non_exhaustive]
    TemporaryDirectoryMissing {
        /// The folder.
        #[serde(serialize_with = "file::path_as_text")]
        directory: PathBuf,
    },
    /// The temporary folder cannot be written to.
    #[error("the temporary folder {} cannot be written to: {detail}", .directory.display())]
    #[non_exhaustive]
    TemporaryDirectoryReadOnly {
        /// The folder.
        #[serde(serialize_with = "file::path_as_text")]
        directory: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// There is no room in the temporary folder.
    #[error("the temporary folder {} is full", .directory.display())]
    #[non_exhaustive]
    TemporaryDirectoryFull {
        /// The folder.
        #[serde(serialize_with = "file::path_as_text")]
        directory: PathBuf,
    },
    /// The temporary folder's path leaves no room for the name of a socket.
    #[error("the path of the temporary folder {} is too long: with a socket's name it has {length} bytes, and {limit} are allowed", .directory.display())]
    #[non_exhaustive]
    TemporaryDirectoryPathTooLong {
        /// The folder.
        #[serde(serialize_with = "file::path_as_text")]
        directory: PathBuf,
        /// How long the path of a socket in a home directory there would be, in bytes.
        length: usize,
        /// How long it may be.
        limit: usize,
    },
    /// Something else about the temporary folder.
    #[error("the temporary folder {} cannot be used: {detail}", .directory.display())]
    #[non_exhaustive]
    TemporaryDirectoryUnusable {
        /// The folder.
        #[serde(serialize_with = "file::path_as_text")]
        directory: PathBuf,
        /// What the system said.
        detail: String,
    },
}

/// How to do without GnuPG: with what this program has, or with what it can be built with.
#[cfg(feature = "sequoia")]
macro_rules! without_gnupg {
    ($before:literal, $why:literal) => {
        concat!($before, "use this program's engine sequoia, which ", $why)
    };
}
#[cfg(all(feature = "_native", not(feature = "sequoia")))]
macro_rules! without_gnupg {
    ($before:literal, $why:literal) => {
        concat!($before, "use this program's engine native, which ", $why)
    };
}
#[cfg(not(feature = "_rules"))]
macro_rules! without_gnupg {
    ($before:literal, $why:literal) => {
        concat!(
            $before,
            "build with the feature `sequoia-rust`, which ",
            $why
        )
    };
}

/// How to do without libgpgme.
#[cfg(feature = "gpg")]
macro_rules! gpg {
    ($why:literal) => {
        concat!("use this program's engine gpg, which ", $why)
    };
}
#[cfg(not(feature = "gpg"))]
macro_rules! gpg {
    ($why:literal) => {
        concat!("build with the feature `gpg`, whose engine ", $why)
    };
}

/// How to get GnuPG, or do without it.
macro_rules! install {
    ($($before:literal)?) => {
        concat!(
            $($before,)?
            "install GnuPG (Debian: apt-get install gnupg; Fedora: dnf install gnupg2; Alpine: apk add gnupg), ",
            without_gnupg!("or ", "needs nothing from the system")
        )
    };
}

/// How to get another temporary folder, or do without.
macro_rules! other_folder {
    ($before:literal) => {
        concat!(
            $before,
            ", set TMPDIR to a writable folder with a short path, ",
            without_gnupg!("or ", "needs no files")
        )
    };
}

impl Finding {
    /// A program that did not answer.
    #[cfg(feature = "_gnupg")]
    pub(in crate::engine) fn hung(program: PathBuf, deadline: std::time::Duration) -> Self {
        Self::ProgramHung {
            program,
            milliseconds: u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// Whether another program might work instead.
    #[cfg(feature = "_gnupg")]
    pub(in crate::engine) fn is_about_the_program(&self) -> bool {
        !matches!(
            self,
            Self::LibraryWithoutEngine { .. }
                | Self::OutOfResources { .. }
                | Self::SystemConfiguration { .. }
                | Self::TemporaryDirectoryMissing { .. }
                | Self::TemporaryDirectoryReadOnly { .. }
                | Self::TemporaryDirectoryFull { .. }
                | Self::TemporaryDirectoryPathTooLong { .. }
                | Self::TemporaryDirectoryUnusable { .. }
        )
    }

    /// The stable word for this finding, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCompiledIn { .. } => "not-compiled-in",
            Self::LibraryTooOld { .. } => "library-too-old",
            Self::LibraryFailed { .. } => "library-failed",
            Self::LibraryWithoutEngine { .. } => "library-without-engine",
            Self::CannotVerify { .. } => "cannot-verify",
            Self::FailedAtWork { .. } => "failed-at-work",
            Self::OutOfResources { .. } => "out-of-resources",
            Self::SystemConfiguration { .. } => "system-configuration",
            Self::SearchPathUnset => "search-path-unset",
            Self::SearchPathEmpty => "search-path-empty",
            Self::ProgramNotFound { .. } => "program-not-found",
            Self::ProgramMissing { .. } => "program-missing",
            Self::OnlyGpg2 { .. } => "only-gpg2",
            Self::ProgramNotExecutable { .. } => "program-not-executable",
            Self::ProgramIsDirectory { .. } => "program-is-directory",
            Self::ProgramDanglingLink { .. } => "program-dangling-link",
            Self::ProgramWrongArchitecture { .. } => "program-wrong-architecture",
            Self::ProgramNotStarted { .. } => "program-not-started",
            Self::ProgramFailed { .. } => "program-failed",
            Self::ProgramWrong { .. } => "program-wrong",
            Self::ProgramTooOld { .. } => "program-too-old",
            Self::ProgramCrashed { .. } => "program-crashed",
            Self::ProgramHung { .. } => "program-hung",
            Self::ConfiguredProgramMissing { .. } => "configured-program-missing",
            Self::TemporaryDirectoryMissing { .. } => "temporary-directory-missing",
            Self::TemporaryDirectoryReadOnly { .. } => "temporary-directory-read-only",
            Self::TemporaryDirectoryFull { .. } => "temporary-directory-full",
            Self::TemporaryDirectoryPathTooLong { .. } => "temporary-directory-path-too-long",
            Self::TemporaryDirectoryUnusable { .. } => "temporary-directory-unusable",
        }
    }

    /// What to do about it, in one line: what to install or to set, and what does without: another engine of this
    /// program, or the feature that it can be built with.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotCompiledIn {
                engine: EngineKind::Gpgme,
                ..
            } => {
                "build with the feature `gpgme`, which needs libgpgme's headers (Debian: apt-get \
                 install libgpgme-dev pkg-config; Fedora: dnf install gpgme-devel pkgconf; Alpine: \
                 apk add gpgme-dev pkgconf)"
            }
            Self::NotCompiledIn {
                engine: EngineKind::Gpg,
                ..
            } => "build with the feature `gpg`, which needs nothing to build, and gpg to run",
            Self::NotCompiledIn {
                engine: EngineKind::Native,
                ..
            } => "build with the feature `native`, which needs nothing from the system",
            Self::NotCompiledIn { .. } => {
                "build with the feature `sequoia-rust`, which needs nothing from the system"
            }
            Self::LibraryTooOld { .. } | Self::LibraryFailed { .. } => without_gnupg!(
                "install a newer libgpgme (Debian: apt-get install libgpgme11; Fedora: dnf install \
                 gpgme; Alpine: apk add gpgme), or ",
                "needs nothing from the system"
            ),
            Self::LibraryWithoutEngine { .. } => concat!(
                gpg!("runs that gpg without libgpgme"),
                without_gnupg!(", or ", "needs nothing from the system"),
                "; or install this system's own libgpgme"
            ),
            Self::CannotVerify { .. } => without_gnupg!(
                "run gpg by hand to see why, and repair it; or ",
                "needs nothing from the system"
            ),
            Self::FailedAtWork { .. } => {
                "see the cause; the engine is tried again after the keys are reloaded"
            }
            Self::OutOfResources { .. } => without_gnupg!(
                "raise the limits of this process (ulimit -u, ulimit -n; in a systemd unit TasksMax=, \
                 LimitNOFILE=, MemoryMax=), or ",
                "needs no process"
            ),
            Self::SystemConfiguration { .. } => without_gnupg!(
                "take that option out of the file, or ",
                "reads no configuration of GnuPG"
            ),
            Self::SearchPathUnset | Self::SearchPathEmpty => without_gnupg!(
                "set PATH, such as PATH=/usr/local/bin:/usr/bin:/bin, or name the program; or ",
                "needs no program"
            ),
            Self::ProgramNotFound { .. } | Self::ProgramMissing { .. } => install!(),
            Self::OnlyGpg2 { .. } => {
                "nothing; for other programs install one that is called gpg (Debian: apt-get \
                 install gnupg; Fedora: dnf install gnupg2; Alpine: apk add gnupg)"
            }
            Self::ProgramNotExecutable { .. } => {
                install!("make it executable (chmod +x), or remove it and ")
            }
            Self::ProgramIsDirectory { .. } | Self::ProgramDanglingLink { .. } => {
                install!("remove it, and ")
            }
            Self::ProgramWrongArchitecture { .. } => {
                install!("remove it, and for this machine's architecture ")
            }
            Self::ProgramNotStarted { .. }
            | Self::ProgramFailed { .. }
            | Self::ProgramWrong { .. }
            | Self::ProgramCrashed { .. }
            | Self::ProgramHung { .. } => {
                install!("run it by hand to see why; remove or repair it, and ")
            }
            Self::ProgramTooOld { .. } => install!("update it: "),
            Self::ConfiguredProgramMissing { .. } => {
                "nothing: the program is looked up in PATH, and its path is set on each context"
            }
            Self::TemporaryDirectoryMissing { .. } => other_folder!("create it"),
            Self::TemporaryDirectoryReadOnly { .. } => other_folder!("make it writable"),
            Self::TemporaryDirectoryFull { .. } => other_folder!("make room in it"),
            Self::TemporaryDirectoryPathTooLong { .. } => other_folder!("use /tmp"),
            Self::TemporaryDirectoryUnusable { .. } => other_folder!("repair it"),
        }
    }
}

fn configuration(file: &Path, line: Option<usize>, option: &str) -> String {
    let file = file.display();
    match line {
        Some(line) => format!(
            "gpg reads {file}, whose option {option} on line {line} may change what it says about signatures"
        ),
        None => format!("gpg reads {file}, which cannot be read here: {option}"),
    }
}

fn list(directories: &[PathBuf]) -> String {
    directories
        .iter()
        .map(|directory| match directory.is_absolute() {
            true => directory.display().to_string(),
            false => format!("{} (skipped: it is not absolute)", directory.display()),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn said_note(said: &str) -> String {
    if said.is_empty() {
        ", and says nothing".to_owned()
    } else {
        format!(": it says \"{said}\"")
    }
}

fn instead_note(instead: &Option<PathBuf>) -> String {
    match instead {
        Some(program) => format!("; {} is used instead", program.display()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
