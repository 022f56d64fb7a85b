//! What a probe can find.

use std::path::PathBuf;

use super::all;
use crate::engine::{EngineKind, Finding};

/// An example of each [`Finding`]: why an engine may not work.
#[must_use]
pub fn findings() -> Vec<Finding> {
    all(next)
}

fn next(last: Option<&Finding>) -> Option<Finding> {
    let program = || PathBuf::from("/usr/bin/gpg");
    let directory = || PathBuf::from("/var/tmp");
    let detail = || "permission denied (os error 13)".to_owned();
    let Some(last) = last else {
        return Some(Finding::NotCompiledIn {
            engine: EngineKind::Gpgme,
            feature: EngineKind::Gpgme.feature().to_owned(),
        });
    };
    Some(match last {
        Finding::NotCompiledIn { .. } => Finding::LibraryTooOld {
            found: "1.12.0".to_owned(),
            required: "1.13.0".to_owned(),
        },
        Finding::LibraryTooOld { .. } => Finding::LibraryFailed { detail: detail() },
        Finding::LibraryFailed { .. } => Finding::LibraryWithoutEngine {
            version: "1.18.0".to_owned(),
            program: program(),
        },
        Finding::LibraryWithoutEngine { .. } => Finding::CannotVerify {
            engine: EngineKind::Gpg,
            detail: detail(),
        },
        Finding::CannotVerify { .. } => Finding::FailedAtWork {
            engine: EngineKind::Gpg,
            detail: detail(),
        },
        Finding::FailedAtWork { .. } => Finding::OutOfResources {
            what: "start gpg".to_owned(),
            detail: detail(),
        },
        Finding::OutOfResources { .. } => Finding::SystemConfiguration {
            file: "/etc/gnupg/gpg.conf".into(),
            line: Some(1),
            option: "trust-model".to_owned(),
        },
        Finding::SystemConfiguration { .. } => Finding::SearchPathUnset,
        Finding::SearchPathUnset => Finding::SearchPathEmpty,
        Finding::SearchPathEmpty => Finding::ProgramNotFound {
            directories: vec!["/usr/local/bin".into(), "/usr/bin".into()],
        },
        Finding::ProgramNotFound { .. } => Finding::ProgramMissing { program: program() },
        Finding::ProgramMissing { .. } => Finding::OnlyGpg2 { program: program() },
        Finding::OnlyGpg2 { .. } => Finding::ProgramNotExecutable { program: program() },
        Finding::ProgramNotExecutable { .. } => Finding::ProgramIsDirectory { program: program() },
        Finding::ProgramIsDirectory { .. } => Finding::ProgramDanglingLink {
            program: program(),
            target: "/opt/gnupg/bin/gpg".into(),
        },
        Finding::ProgramDanglingLink { .. } => {
            Finding::ProgramWrongArchitecture { program: program() }
        }
        Finding::ProgramWrongArchitecture { .. } => Finding::ProgramNotStarted {
            program: program(),
            detail: detail(),
        },
        Finding::ProgramNotStarted { .. } => Finding::ProgramFailed {
            program: program(),
            doing: "--version".to_owned(),
            status: 2,
            said: "gpg: fatal error".to_owned(),
        },
        Finding::ProgramFailed { .. } => Finding::ProgramWrong {
            program: program(),
            said: "gpg: fatal error".to_owned(),
        },
        Finding::ProgramWrong { .. } => Finding::ProgramTooOld {
            program: program(),
            found: "2.0.22".to_owned(),
            required: "2.2.0".to_owned(),
        },
        Finding::ProgramTooOld { .. } => Finding::ProgramCrashed {
            program: program(),
            signal: 11,
        },
        Finding::ProgramCrashed { .. } => Finding::ProgramHung {
            program: program(),
            milliseconds: 10_000,
        },
        Finding::ProgramHung { .. } => Finding::ConfiguredProgramMissing {
            configured: "/usr/local/bin/gpg".into(),
            instead: Some(program()),
        },
        Finding::ConfiguredProgramMissing { .. } => Finding::TemporaryDirectoryMissing {
            directory: directory(),
        },
        Finding::TemporaryDirectoryMissing { .. } => Finding::TemporaryDirectoryReadOnly {
            directory: directory(),
            detail: detail(),
        },
        Finding::TemporaryDirectoryReadOnly { .. } => Finding::TemporaryDirectoryFull {
            directory: directory(),
        },
        Finding::TemporaryDirectoryFull { .. } => Finding::TemporaryDirectoryPathTooLong {
            directory: directory(),
            length: 120,
            limit: 107,
        },
        Finding::TemporaryDirectoryPathTooLong { .. } => Finding::TemporaryDirectoryUnusable {
            directory: directory(),
            detail: detail(),
        },
        Finding::TemporaryDirectoryUnusable { .. } => return None,
    })
}
