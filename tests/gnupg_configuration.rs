//! The system's own configuration of GnuPG: gpg reads it whatever home directory it is given. Each test has
//! an `/etc/gnupg` of its own, in a mount namespace, for which it needs root or user namespaces.
#![cfg(all(
    target_os = "linux",
    any(feature = "gpgme", feature = "gpg"),
    feature = "cli"
))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use common::{example, sigpolicy, suite};
use containers_sigpolicy::engine::EngineKind;
use serde_json::Value;
use tempfile::TempDir;

/// A machine whose `/etc/gnupg` holds these files.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let gnupg = folder.path().join("gnupg");
        fs::create_dir(&gnupg).expect("a folder");
        for (name, text) in files {
            fs::write(gnupg.join(name), text).expect("a file");
        }
        Self { folder }
    }

    /// Runs a program there, with this input.
    fn run(&self, program: &Command, input: &[u8]) -> Output {
        // A copy, since /etc/gnupg may not be there, and what is in /etc must not be written to.
        let script = "test -e $DIR/etc || { mkdir $DIR/etc; cp -r /etc/. $DIR/etc 2>/dev/null; }; \
                      rm -rf $DIR/etc/gnupg && cp -r $DIR/gnupg $DIR/etc/gnupg && \
                      mount --bind $DIR/etc /etc && exec \"$@\"";
        let run = |unshare: &str| {
            let mut child = Command::new("unshare")
                .arg(unshare)
                .args(["sh", "-c", script, "sh"])
                .arg(program.get_program())
                .args(program.get_args())
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .env("DIR", self.folder.path())
                .env("TMPDIR", self.folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("unshare is installed: apt-get install util-linux");
            let mut stdin = child.stdin.take().expect("a pipe");
            let input = input.to_vec();
            // It may end without having read it.
            let writer = std::thread::spawn(move || stdin.write_all(&input));
            let output = child.wait_with_output().expect("it ends");
            let _ = writer.join();
            output
        };
        let output = run("-m");
        if output.stdout.is_empty() && output.status.code() != Some(2) {
            return run("-rm");
        }
        output
    }

    fn diagnose(&self, kind: EngineKind) -> Value {
        let mut command = sigpolicy("engines");
        command.arg("--json");
        let output = self.run(&command, b"");
        let diagnosis: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let engines = diagnosis["engines"].as_array().expect("a list");
        engines
            .iter()
            .find(|engine| engine["engine"] == kind.name())
            .expect("the engine")
            .clone()
    }

    /// The answers to every third case of these suites.
    fn answers(&self, engine: &str, suites: &[&str]) -> Vec<Value> {
        let mut cases = Vec::new();
        for name in suites {
            let text = fs::read(suite().join(format!("{name}.json"))).expect("a suite");
            let value: Value = serde_json::from_slice(&text).expect("JSON");
            for case in value["cases"].as_array().expect("cases").iter().step_by(3) {
                serde_json::to_writer(&mut cases, case).expect("JSON");
                cases.push(b'\n');
            }
        }
        let mut command = example("evaluate");
        command.args(["--engine", engine, "--root"]).arg(suite());
        let output = self.run(&command, &cases);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

fn engines() -> impl Iterator<Item = EngineKind> {
    [EngineKind::Gpgme, EngineKind::Gpg]
        .into_iter()
        .filter(|kind| kind.is_compiled_in())
}

/// The policy, the image and the signature of one that a weak option would let through.
fn verify(engine: &str) -> Command {
    let mut command = sigpolicy("verify");
    command
        .args(["--json", "--engine", engine])
        .args(["--policy", "testdata/example/policy.json"])
        .args(["--key-dir", "testdata/example"])
        .arg("docker://registry.example/app/web:1.4.2")
        .arg("dir:testdata/example/image");
    command
}

#[test]
fn options_that_could_change_a_verdict_make_the_engines_unusable() {
    for (file, text, line, option) in [
        (
            "gpg.conf",
            "ignore-time-conflict\n",
            1,
            "ignore-time-conflict",
        ),
        (
            "gpg.conf",
            "# ours\n\nignore-valid-from\n",
            3,
            "ignore-valid-from",
        ),
        (
            "gpg.conf",
            "allow-weak-digest-algos\n",
            1,
            "allow-weak-digest-algos",
        ),
        (
            "gpg.conf",
            "no-greeting\nkeyring /etc/gnupg/extra.gpg\n",
            2,
            "keyring",
        ),
        ("gpg.conf", "weak-digest SHA256\n", 1, "weak-digest"),
        (
            "gpg.conf",
            "disable-pubkey-algo EDDSA\n",
            1,
            "disable-pubkey-algo",
        ),
        (
            "gpg.conf",
            "import-options no-import-clean\n",
            1,
            "import-options",
        ),
        ("gpg.conf", "skip-verify\n", 1, "skip-verify"),
        (
            "gpg.conf",
            "allow-non-selfsigned-uid\n",
            1,
            "allow-non-selfsigned-uid",
        ),
        ("gpg.conf", "status-file /dev/null\n", 1, "status-file"),
        ("gpg.conf", "no-such-option\n", 1, "no-such-option"),
        ("common.conf", "use-keyboxd\n", 1, "use-keyboxd"),
    ] {
        let machine = Machine::new(&[(file, text)]);
        for kind in engines() {
            let found = machine.diagnose(kind);
            let cause = &found["cause"];
            assert_eq!(cause["code"], "system-configuration", "{text}: {found:#}");
            assert_eq!(cause["file"], format!("/etc/gnupg/{file}"), "{found:#}");
            assert_eq!(
                (&cause["line"], &cause["option"]),
                (&line.into(), &option.into())
            );
            let output = machine.run(&verify(kind.name()), b"");
            assert_eq!(output.status.code(), Some(2), "{text}");
            assert!(
                String::from_utf8_lossy(&output.stdout).contains(option),
                "{text}"
            );
        }
        let output = machine.run(&verify("auto"), b"");
        let expected = if cfg!(feature = "sequoia") { 0 } else { 2 };
        assert_eq!(output.status.code(), Some(expected), "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_makes_the_engines_unusable() {
    let machine = Machine::new(&[]);
    fs::create_dir(machine.folder.path().join("gnupg/gpg.conf")).expect("a folder");
    for kind in engines() {
        let found = machine.diagnose(kind);
        assert_eq!(found["cause"]["code"], "system-configuration", "{found:#}");
    }
}

/// Options that have to do with other things, and those that ours undo, change no answer to the cases that
/// are about keys and time.
#[test]
fn other_options_change_no_verdict() {
    let text = "# A machine's own.\n\
                no-greeting\n\
                keyserver hkps://keys.example\n\
                keyserver-options timeout=1\n\
                auto-key-retrieve\n\
                auto-key-locate keyserver\n\
                agent-program /bin/false\n\
                dirmngr-program /bin/false\n\
                default-key 9AFDCD7504A9ED00035AAFAB072BFD98BFD18C59\n\
                trust-model always\n\
                allow-multiple-messages\n\
                no-require-cross-certification\n\
                personal-digest-preferences SHA1\n\
                charset utf-8\n";
    let suites = ["self-signatures", "messages"];
    let plain = Machine::new(&[]);
    let machine = Machine::new(&[("gpg.conf", text)]);
    for kind in engines() {
        let found = machine.diagnose(kind);
        assert_eq!(found["usable"], true, "{found:#}");
        let expected = plain.answers(kind.name(), &suites);
        let answers = machine.answers(kind.name(), &suites);
        assert!(expected.len() > 60, "{}", expected.len());
        for (expected, answer) in expected.iter().zip(&answers) {
            assert_eq!(expected, answer, "{kind}");
        }
        assert_eq!(expected.len(), answers.len());
    }
}

/// The file appears after the engine was chosen.
#[test]
fn a_file_that_comes_later_is_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ready: PathBuf = folder.path().join("ready");
    let case = {
        let text = fs::read(suite().join("algorithms.json")).expect("a suite");
        let value: Value = serde_json::from_slice(&text).expect("JSON");
        let good = value["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .find(|case| case["expect"]["verdict"] == "accept")
            .expect("a case");
        serde_json::to_string(good).expect("JSON")
    };
    for kind in engines() {
        let machine = Machine::new(&[]);
        let evaluate = example("evaluate");
        // Between the two questions, the file is written.
        let script = format!(
            "{{ printf '%s\\n' \"$CASE\"; while ! test -s {ready}; do sleep 0.05; done; \
               echo ignore-time-conflict > /etc/gnupg/gpg.conf; printf '%s\\n' \"$CASE\"; }} \
             | \"$@\" | tee {ready}; rm -f {ready}",
            ready = ready.display()
        );
        let mut command = Command::new("env");
        command.arg(format!("CASE={case}"));
        command.args(["sh", "-c", &script, "sh"]);
        command
            .arg(evaluate.get_program())
            .args(evaluate.get_args());
        command
            .args(["--engine", kind.name(), "--root"])
            .arg(suite());
        let output = machine.run(&command, b"");
        let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(
            answers.len(),
            2,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(answers[0]["verdict"], "accept", "{kind}: {answers:?}");
        assert_eq!(answers[1]["verdict"], "error", "{kind}: {answers:?}");
        assert!(
            answers[1]["message"]
                .to_string()
                .contains("ignore-time-conflict")
        );
    }
}
