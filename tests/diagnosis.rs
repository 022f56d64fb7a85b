//! What a probe says, in real situations made in a temporary folder.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod common;

use containers_sigpolicy::engine::{self, EngineError, EngineKind, Environment, Finding};

/// Every finding explains itself in one line, names a remedy in one line, and is the same as JSON.
fn assert_explained(finding: &Finding) {
    let (cause, remedy) = (finding.to_string(), finding.remedy());
    assert!(!cause.contains('\n') && !remedy.contains('\n'));
    assert!(!cause.is_empty() && !remedy.is_empty());
    let json = serde_json::to_value(finding).expect("JSON");
    assert_eq!(json["code"], finding.code());
}

#[test]
fn every_engine_is_there_compiled_in_or_not() {
    let diagnosis = engine::probe();
    let kinds: Vec<EngineKind> = diagnosis.engines.iter().map(|found| found.engine).collect();
    assert_eq!(kinds, EngineKind::DEFAULT_ORDER);
    for found in &diagnosis.engines {
        if found.engine.is_compiled_in() {
            assert!(found.is_usable(), "{diagnosis}");
            continue;
        }
        let cause = found.cause.as_ref().expect("a cause");
        assert_explained(cause);
        assert_eq!(cause.code(), "not-compiled-in");
        let feature = format!("feature `{}`", found.engine.feature());
        assert!(cause.to_string().contains(&feature), "{cause}");
        assert!(cause.remedy().contains(&feature), "{cause}");
    }
    let json = common::json::of(&diagnosis, "diagnose");
    assert_eq!(json["engines"][0]["engine"], "gpgme");
    assert_eq!(json["engines"][1]["engine"], "gpg");
    assert_eq!(json["engines"][2]["engine"], "native");
    assert_eq!(json["engines"][3]["engine"], "sequoia");
}

#[test]
fn selecting_nothing_is_an_error_that_says_so() {
    let error = engine::select(&[]).expect_err("no engine");
    assert_eq!(
        error.to_string(),
        "no OpenPGP engine works: none was asked for"
    );
    assert_eq!(error.remedy(), "name at least one engine");
}

#[test]
fn an_engine_that_is_not_compiled_in_is_skipped_with_its_reason() {
    for kind in EngineKind::DEFAULT_ORDER {
        if kind.is_compiled_in() {
            continue;
        }
        let error = Environment::from_env()
            .select(&[*kind])
            .expect_err("not there");
        assert!(matches!(error, EngineError::NoneUsable { .. }));
        let diagnosis = error.diagnosis().expect("a diagnosis");
        assert_eq!(
            diagnosis.engines[0].cause.as_ref().map(Finding::code),
            Some("not-compiled-in")
        );
    }
}

/// What is said of the engines on GnuPG, the same of each.
#[cfg(any(feature = "gpgme", feature = "gpg"))]
mod gnupg {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};
    #[cfg(feature = "cli")]
    use std::process::Command;
    use std::time::{Duration, Instant};

    use containers_sigpolicy::engine::{EngineDiagnosis, EngineKind, Environment, Finding};
    use tempfile::TempDir;

    use super::assert_explained;
    use super::common::programs::{gpg, processes_in, script};
    #[cfg(feature = "cli")]
    use super::common::{json, sigpolicy};

    /// A folder with a `PATH` of two directories, and room for home directories.
    struct Situation {
        folder: TempDir,
        first: PathBuf,
        second: PathBuf,
    }

    impl Situation {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let (first, second) = (folder.path().join("first"), folder.path().join("second"));
            fs::create_dir(&first).expect("a folder");
            fs::create_dir(&second).expect("a folder");
            Self {
                folder,
                first,
                second,
            }
        }

        fn path(&self) -> OsString {
            std::env::join_paths([&self.first, &self.second]).expect("a PATH")
        }

        fn search(&self) -> Environment {
            Environment::from_env()
                .path(Some(self.path()))
                .temporary_directory(self.folder.path())
                .deadline(Duration::from_secs(20))
        }

        fn real(&self, name: &str) {
            symlink(gpg(), self.second.join(name)).expect("a link");
        }

        /// What is said of the engine, after which nothing may be left. Where both are compiled in, they
        /// say the same.
        fn diagnose(&self, search: &Environment) -> EngineDiagnosis {
            let mut diagnosis = search.probe();
            diagnosis.engines.retain(|found| {
                let on_gnupg = matches!(found.engine, EngineKind::Gpgme | EngineKind::Gpg);
                on_gnupg && found.engine.is_compiled_in()
            });
            let processes = processes_in(self.folder.path());
            assert!(processes.is_empty(), "left running: {processes:?}");
            for entry in fs::read_dir(self.folder.path()).expect("a folder") {
                let name = entry.expect("an entry").file_name();
                assert!(!name.to_string_lossy().starts_with("sigpolicy-"));
            }
            let found = diagnosis.engines[0].clone();
            for finding in found.cause.iter().chain(&found.notes) {
                assert_explained(finding);
            }
            for other in &diagnosis.engines {
                assert_eq!(code_of(other), code_of(&found), "{diagnosis}");
                assert_eq!(other.program, found.program, "{diagnosis}");
            }
            found
        }

        /// The cause, with only the first directory's program; and that a good gpg in the second
        /// is taken instead, with the same finding as a note.
        fn assert_told(&self, code: &str) -> Finding {
            let alone = self.diagnose(&self.search());
            let cause = alone.cause.clone().expect("a cause");
            assert_eq!(cause.code(), code, "{alone}");
            assert!(cause.remedy().contains("apt-get install gnupg"));
            assert!(cause.remedy().contains("dnf install gnupg2"));
            assert!(cause.remedy().contains("apk add gnupg"));
            let without = match (cfg!(feature = "sequoia"), cfg!(feature = "_native")) {
                (true, _) => "or use this program's engine sequoia, which needs nothing",
                (false, true) => "or use this program's engine native, which needs nothing",
                (false, false) => "or build with the feature `sequoia-rust`, which needs nothing",
            };
            assert!(cause.remedy().contains(without), "{}", cause.remedy());
            self.real("gpg");
            let beside = self.diagnose(&self.search());
            assert!(beside.is_usable(), "{beside}");
            assert_eq!(beside.program, Some(self.second.join("gpg")));
            assert_eq!(beside.notes.first(), Some(&cause), "{beside}");
            cause
        }
    }

    fn code_of(diagnosis: &EngineDiagnosis) -> &'static str {
        diagnosis.cause.as_ref().map_or("works", Finding::code)
    }

    #[test]
    fn no_gpg_in_any_directory_of_path() {
        let situation = Situation::new();
        let nowhere = situation.folder.path().join("nowhere");
        let path = std::env::join_paths([
            situation.first.as_path(),
            Path::new("relative"),
            &nowhere,
            &situation.second,
        ])
        .expect("a PATH");
        let found = situation.diagnose(&situation.search().path(Some(path)));
        assert_eq!(code_of(&found), "program-not-found");
        let printed = found.to_string();
        for line in [
            format!("searched {}: no gpg or gpg2", situation.first.display()),
            format!("searched {}: no gpg or gpg2", situation.second.display()),
            format!("searched {}: no such directory", nowhere.display()),
            "searched relative: skipped, the path is not absolute".to_owned(),
        ] {
            assert!(printed.contains(&line), "{printed}");
        }
    }

    #[test]
    fn path_is_unset_or_empty() {
        let situation = Situation::new();
        for (path, code) in [
            (None, "search-path-unset"),
            (Some(OsString::new()), "search-path-empty"),
            (Some(OsString::from(":")), "search-path-empty"),
        ] {
            let found = situation.diagnose(&situation.search().path(path));
            assert_eq!(code_of(&found), code);
        }
    }

    #[test]
    fn only_gpg2_is_there() {
        let situation = Situation::new();
        situation.real("gpg2");
        let found = situation.diagnose(&situation.search());
        assert!(found.is_usable(), "{found}");
        assert_eq!(found.program, Some(situation.second.join("gpg2")));
        assert_eq!(found.notes[0].code(), "only-gpg2");
    }

    #[test]
    fn gpg_is_not_executable() {
        let situation = Situation::new();
        fs::write(situation.first.join("gpg"), "").expect("a file");
        situation.assert_told("program-not-executable");
    }

    #[test]
    fn gpg_is_a_directory() {
        let situation = Situation::new();
        fs::create_dir(situation.first.join("gpg")).expect("a folder");
        situation.assert_told("program-is-directory");
    }

    #[test]
    fn gpg_is_a_dangling_link() {
        let situation = Situation::new();
        symlink("/nowhere/gpg", situation.first.join("gpg")).expect("a link");
        let cause = situation.assert_told("program-dangling-link");
        assert!(
            cause
                .to_string()
                .ends_with("is a link to /nowhere/gpg, which does not exist")
        );
    }

    #[test]
    fn gpg_is_for_another_architecture() {
        let situation = Situation::new();
        // An ELF header for a machine that nobody has: 64 bits, MSB first, type EXEC.
        let mut program = b"\x7fELF\x02\x02\x01".to_vec();
        program.resize(16, 0);
        program.extend_from_slice(&[0, 2, 0xFE, 0xDC]);
        program.resize(4096, 0);
        let file = situation.first.join("gpg");
        fs::write(&file, program).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("executable");
        let cause = situation.assert_told("program-wrong-architecture");
        assert!(cause.to_string().contains("exec format error"));
    }

    #[test]
    fn gpg_is_a_script_without_its_interpreter() {
        let situation = Situation::new();
        let file = script(&situation.first, "gpg", "");
        fs::write(&file, "#!/nowhere/sh\n").expect("a file");
        situation.assert_told("program-not-started");
    }

    #[test]
    fn gpg_is_a_script_that_fails() {
        let situation = Situation::new();
        script(&situation.first, "gpg", "echo 'no luck today' >&2; exit 3");
        let cause = situation.assert_told("program-failed");
        assert!(
            cause
                .to_string()
                .ends_with("gpg --version failed with exit code 3: it says \"no luck today\"")
        );
    }

    #[test]
    fn gpg_is_a_wrong_program() {
        let situation = Situation::new();
        script(
            &situation.first,
            "gpg",
            "echo 'Great Pictures of Geese 2.5'",
        );
        let cause = situation.assert_told("program-wrong");
        assert!(cause.to_string().contains("Great Pictures of Geese 2.5"));
    }

    #[test]
    fn gpg_is_too_old() {
        let situation = Situation::new();
        script(&situation.first, "gpg", "echo 'gpg (GnuPG) 1.4.23'");
        let cause = situation.assert_told("program-too-old");
        assert!(
            cause
                .to_string()
                .ends_with("is too old: --version says 1.4.23, and 2.2.0 or later is needed")
        );
    }

    #[test]
    fn gpg_crashes() {
        let situation = Situation::new();
        script(&situation.first, "gpg", "kill -SEGV $$");
        let cause = situation.assert_told("program-crashed");
        assert!(cause.to_string().ends_with("crashed (signal 11)"));
    }

    #[test]
    fn gpg_hangs() {
        let situation = Situation::new();
        let tail = format!("tail -f {}/gpg", situation.first.display());
        script(&situation.first, "gpg", &tail);
        let start = Instant::now();
        let search = situation.search().deadline(Duration::from_millis(400));
        let found = situation.diagnose(&search);
        assert_eq!(code_of(&found), "program-hung", "{found}");
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn gpg_says_its_version_and_cannot_do_more() {
        let situation = Situation::new();
        script(
            &situation.first,
            "gpg",
            "test \"$1\" = --version && { echo 'gpg (GnuPG) 2.2.40'; exit; }\n\
             echo 'gpg: broken' >&2; exit 2",
        );
        let found = situation.diagnose(&situation.search());
        assert_eq!(code_of(&found), "program-failed");
        assert!(
            found
                .to_string()
                .contains("--list-keys failed with exit code 2")
        );
    }

    #[test]
    fn a_program_that_is_named_is_the_only_one_that_is_tried() {
        let situation = Situation::new();
        situation.real("gpg");
        let missing = situation.first.join("gpg-of-mine");
        let found = situation.diagnose(&situation.search().program(&missing));
        assert_eq!(code_of(&found), "program-missing");
        let found = situation.diagnose(&situation.search().path(None).program(gpg()));
        assert!(found.is_usable(), "{found}");
    }

    #[test]
    fn the_temporary_folder_is_missing_or_its_path_too_long() {
        let situation = Situation::new();
        situation.real("gpg");
        let missing = situation.folder.path().join("missing");
        let found = situation.diagnose(&situation.search().temporary_directory(missing));
        assert_eq!(code_of(&found), "temporary-directory-missing");
        let long = situation.folder.path().join("x".repeat(100));
        fs::create_dir(&long).expect("a folder");
        let found = situation.diagnose(&situation.search().temporary_directory(long));
        assert_eq!(code_of(&found), "temporary-directory-path-too-long");
    }

    /// In a mount namespace of its own, for which the test needs root or user namespaces.
    #[test]
    #[cfg(feature = "cli")]
    fn the_temporary_folder_is_full_or_read_only() {
        let situation = Situation::new();
        situation.real("gpg");
        let diagnose = sigpolicy("engines");
        for (prepare, code) in [
            (
                "mount -t tmpfs -o size=8k none $DIR",
                "temporary-directory-full",
            ),
            (
                "mount -t tmpfs -o ro none $DIR",
                "temporary-directory-read-only",
            ),
        ] {
            let run = |unshare: &str| {
                Command::new("unshare")
                    .arg(unshare)
                    .args(["sh", "-c"])
                    .arg(format!("{prepare} && exec \"$@\" --json"))
                    .arg("sh")
                    .arg(diagnose.get_program())
                    .args(diagnose.get_args())
                    .env("DIR", &situation.first)
                    .env("TMPDIR", &situation.first)
                    .output()
                    .expect("unshare is installed: apt-get install util-linux")
            };
            let mut output = run("-m");
            if output.stdout.is_empty() {
                output = run("-rm");
            }
            assert!(
                !output.stdout.is_empty(),
                "needs root or user namespaces: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let printed = json::read(&output.stdout, "diagnose");
            let engines = printed["engines"].as_array().expect("a list");
            for engine in engines
                .iter()
                .filter(|engine| engine["engine"] == "gpgme" || engine["engine"] == "gpg")
            {
                let expected = match engine["compiled_in"] == true {
                    true => code,
                    false => "not-compiled-in",
                };
                assert_eq!(engine["cause"]["code"], expected, "{printed:#}");
            }
        }
    }

    /// With a library in front of libgpgme whose check of versions fails, as that of an old
    /// libgpgme does.
    #[test]
    #[cfg(all(feature = "gpgme", feature = "cli"))]
    fn libgpgme_is_too_old() {
        let situation = Situation::new();
        let source = situation.folder.path().join("old.c");
        let library = situation.folder.path().join("old.so");
        fs::write(
            &source,
            "#include <stddef.h>\n\
             const char *gpgme_check_version_internal(const char *required, size_t offset)\n\
             { (void)required; (void)offset; return NULL; }\n",
        )
        .expect("a file");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .status()
            .expect("cc is installed: apt-get install gcc");
        assert!(compiled.success());
        let output = sigpolicy("engines")
            .arg("--json")
            .env("LD_PRELOAD", &library)
            .output()
            .expect("the example runs");
        let printed = json::read(&output.stdout, "diagnose");
        let cause = &printed["engines"][0]["cause"];
        assert_eq!(cause["code"], "library-too-old", "{printed:#}");
        assert!(
            cause["message"]
                .as_str()
                .is_some_and(|cause| cause.contains("is older than 1.13.0"))
        );
    }
}
