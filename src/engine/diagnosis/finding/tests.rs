use super::*;
use crate::engine::Explained;
use crate::json_output;

#[test]
fn every_finding_is_an_object_that_the_schema_knows() {
    let findings = std::iter::successors(next(None), |last| next(Some(last)));
    let mut codes = std::collections::BTreeSet::new();
    for finding in findings {
        let json = json_output::of(&Explained::from(&finding), "finding");
        assert_eq!(json["code"], finding.code());
        assert_eq!(json["message"], finding.to_string());
        assert_eq!(json["remedy"], finding.remedy());
        assert!(codes.insert(finding.code()), "{finding}: not its own code");
    }
}

#[test]
fn no_remedy_would_build_in_what_this_program_has() {
    let findings = std::iter::successors(next(None), |last| next(Some(last)));
    // That an engine is not compiled in is told of no engine that is.
    let others = findings.filter(|finding| !matches!(finding, Finding::NotCompiledIn { .. }));
    for finding in others {
        let remedy = finding.remedy();
        for kind in EngineKind::DEFAULT_ORDER {
            let build = format!("build with the feature `{}`", kind.feature());
            let using = format!("this program's engine {kind},");
            assert!(
                !kind.is_compiled_in() || !remedy.contains(&build),
                "{remedy}"
            );
            assert!(
                kind.is_compiled_in() || !remedy.contains(&using),
                "{remedy}"
            );
        }
    }
}

/// A path that is not UTF-8, where there are such paths.
fn path() -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(b"/\xff/gpg".to_vec()).into()
    }
    #[cfg(not(unix))]
    "gpg".into()
}

/// One of each finding, one after another: a new one must be added here, and to the schema.
fn next(last: Option<&Finding>) -> Option<Finding> {
    let text = || "text".to_owned();
    let Some(last) = last else {
        return Some(Finding::NotCompiledIn {
            engine: EngineKind::Gpgme,
            feature: text(),
        });
    };
    Some(match last {
        Finding::NotCompiledIn { .. } => Finding::LibraryTooOld {
            found: text(),
            required: text(),
        },
        Finding::LibraryTooOld { .. } => Finding::LibraryFailed { detail: text() },
        Finding::LibraryFailed { .. } => Finding::LibraryWithoutEngine {
            version: text(),
            program: path(),
        },
        Finding::LibraryWithoutEngine { .. } => Finding::CannotVerify {
            engine: EngineKind::Gpg,
            detail: text(),
        },
        Finding::CannotVerify { .. } => Finding::FailedAtWork {
            engine: EngineKind::Gpg,
            detail: text(),
        },
        Finding::FailedAtWork { .. } => Finding::OutOfResources {
            what: text(),
            detail: text(),
        },
        Finding::OutOfResources { .. } => Finding::SystemConfiguration {
            file: path(),
            line: Some(1),
            option: text(),
        },
        Finding::SystemConfiguration { .. } => Finding::SearchPathUnset,
        Finding::SearchPathUnset => Finding::SearchPathEmpty,
        Finding::SearchPathEmpty => Finding::ProgramNotFound {
            directories: vec![path()],
        },
        Finding::ProgramNotFound { .. } => Finding::ProgramMissing { program: path() },
        Finding::ProgramMissing { .. } => Finding::OnlyGpg2 { program: path() },
        Finding::OnlyGpg2 { .. } => Finding::ProgramNotExecutable { program: path() },
        Finding::ProgramNotExecutable { .. } => Finding::ProgramIsDirectory { program: path() },
        Finding::ProgramIsDirectory { .. } => Finding::ProgramDanglingLink {
            program: path(),
            target: path(),
        },
        Finding::ProgramDanglingLink { .. } => {
            Finding::ProgramWrongArchitecture { program: path() }
        }
        Finding::ProgramWrongArchitecture { .. } => Finding::ProgramNotStarted {
            program: path(),
            detail: text(),
        },
        Finding::ProgramNotStarted { .. } => Finding::ProgramFailed {
            program: path(),
            doing: text(),
            status: 2,
            said: text(),
        },
        Finding::ProgramFailed { .. } => Finding::ProgramWrong {
            program: path(),
            said: text(),
        },
        Finding::ProgramWrong { .. } => Finding::ProgramTooOld {
            program: path(),
            found: text(),
            required: text(),
        },
        Finding::ProgramTooOld { .. } => Finding::ProgramCrashed {
            program: path(),
            signal: 11,
        },
        Finding::ProgramCrashed { .. } => Finding::ProgramHung {
            program: path(),
            milliseconds: 1,
        },
        Finding::ProgramHung { .. } => Finding::ConfiguredProgramMissing {
            configured: path(),
            instead: Some(path()),
        },
        Finding::ConfiguredProgramMissing { .. } => {
            Finding::TemporaryDirectoryMissing { directory: path() }
        }
        Finding::TemporaryDirectoryMissing { .. } => Finding::TemporaryDirectoryReadOnly {
            directory: path(),
            detail: text(),
        },
        Finding::TemporaryDirectoryReadOnly { .. } => {
            Finding::TemporaryDirectoryFull { directory: path() }
        }
        Finding::TemporaryDirectoryFull { .. } => Finding::TemporaryDirectoryPathTooLong {
            directory: path(),
            length: 2,
            limit: 1,
        },
        Finding::TemporaryDirectoryPathTooLong { .. } => Finding::TemporaryDirectoryUnusable {
            directory: path(),
            detail: text(),
        },
        Finding::TemporaryDirectoryUnusable { .. } => return None,
    })
}
