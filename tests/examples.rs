//! The examples as programs: what they print, and how they end.
#![cfg(feature = "sequoia")]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Output, Stdio};

use common::{example, json, suite};
use containers_sigpolicy::Digest;

fn verify(arguments: &[&str]) -> Output {
    example("verify")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--policy", "testdata/example/policy.json"])
        .args(["--key-dir", "testdata/example"])
        .args(arguments)
        .output()
        .expect("the example runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";

#[test]
fn verify_accepts_the_image_of_the_readme() {
    let output = verify(&[IMAGE, "dir:testdata/example/image"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(
        printed.starts_with("accepted: docker://registry"),
        "{printed}"
    );
}

#[test]
fn verify_refuses_a_tampered_image_with_the_reason() {
    let output = verify(&[IMAGE, "dir:testdata/example/tampered"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    assert!(printed.contains("[digest-mismatch]"), "{printed}");
    assert!(printed.contains("\n  do:      "), "{printed}");
}

#[test]
fn verify_names_an_expired_key() {
    let output = verify(&[
        "docker://registry.example/legacy/web:1.4.2",
        "dir:testdata/example/expired",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let printed = text(&output.stdout);
    assert!(printed.contains("[key-expired]"), "{printed}");
}

#[test]
fn verify_takes_a_manifest_and_files_of_signatures() {
    let manifest = ["--manifest", "testdata/example/image/manifest.json"];
    let signature = ["--signature", "testdata/example/image/signature-1"];
    let output = verify(&[&[IMAGE, "--json"][..], &manifest, &signature].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report = json::read(&output.stdout, "verify");
    assert!(report["rejection"].is_null());
    let output = verify(&[&[IMAGE, "--json"][..], &manifest].concat());
    assert_eq!(output.status.code(), Some(1));
    let report = json::read(&output.stdout, "verify");
    assert_eq!(report["rejection"]["code"], "no-signature");
}

#[test]
fn verify_finds_an_instance_in_its_list() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str| {
        let path = folder.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    };
    let image = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/example/image");
    let manifest = std::fs::read(image.join("manifest.json")).expect("the example's manifest");
    let digest = Digest::of(&manifest);
    let list = |instance: &Digest| {
        serde_json::json!({"schemaVersion": 2, "manifests": [{"digest": instance.to_string()}]})
            .to_string()
    };
    std::fs::copy(
        image.join("signature-1"),
        file(&format!("{}.signature-1", digest.hex())),
    )
    .expect("a copy");
    std::fs::write(file(&format!("{}.manifest.json", digest.hex())), &manifest).expect("a file");
    for (listed, status, says) in [
        (&digest, 0, "accepted"),
        (&Digest::of(b"another"), 1, "[instance-not-in-list]"),
    ] {
        std::fs::write(file("manifest.json"), list(listed)).expect("a file");
        let in_folder = format!("dir:{}", file("."));
        let in_files = [
            "--manifest",
            &file(&format!("{}.manifest.json", digest.hex())),
            "--signature",
            &file(&format!("{}.signature-1", digest.hex())),
            "--list",
            &file("manifest.json"),
        ];
        for bytes in [&[in_folder.as_str()][..], &in_files] {
            let output = verify(&[&[IMAGE, "--instance", &digest.to_string()], bytes].concat());
            let printed = text(&output.stdout);
            assert_eq!(output.status.code(), Some(status), "{bytes:?}: {printed}");
            assert!(printed.contains(says), "{bytes:?}: {printed}");
        }
    }
    for arguments in [
        &["--instance", &digest.to_string(), "--manifest", "x"][..],
        &["--list", "x", "--manifest", "x"],
        &["--list", "x", "dir:x"],
    ] {
        let output = verify(&[&[IMAGE], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("--list"), "{arguments:?}");
    }
}

/// What the program says where it cannot read what it needs: nothing against the image.
#[test]
fn verify_is_undecided_where_something_cannot_be_read() {
    let image = "testdata/example/image";
    let manifest = &format!("{image}/manifest.json");
    for (arguments, code) in [
        (&["dir:testdata/example/missing"][..], "manifest-unreadable"),
        (
            &["dir:testdata/example/missing/deeper"],
            "manifest-unreadable",
        ),
        (&["--manifest", "missing.json"], "manifest-unreadable"),
        (
            &["--manifest", manifest, "--signature", "missing.sig"],
            "signature-unreadable",
        ),
        (
            &["--manifest", manifest, "--signature", image],
            "signature-unreadable",
        ),
        (
            &[&format!("dir:{image}"), "--key-dir", "testdata/missing"],
            "key-unreadable",
        ),
    ] {
        let output = verify(&[&[IMAGE], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let printed = text(&output.stdout);
        assert!(printed.starts_with("undecided: docker://"), "{printed}");
        assert!(printed.contains(&format!("[{code}]")), "{printed}");
        assert!(!printed.contains("do not run"), "{printed}");
        assert!(!printed.contains("rejected"), "{printed}");

        let output = verify(&[&[IMAGE, "--json"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let report = json::read(&output.stdout, "verify");
        assert_eq!(report["verdict"], "undecided");
        assert_eq!(report["rejection"]["code"], code);
        assert_eq!(report["requirements"][0]["outcome"]["verdict"], "undecided");
    }
    // What the policy does not need is not missed.
    let image = "docker://registry.example/anything/at-all:1";
    let policy = tempfile::NamedTempFile::new().expect("a temporary file");
    let path = policy.path().to_str().expect("UTF-8");
    std::fs::write(path, r#"{"default":[{"type":"insecureAcceptAnything"}]}"#).expect("a file");
    for missing in [&["dir:missing/image"][..], &["--manifest", "missing.json"]] {
        let output = verify(&[&[image, "--policy", path], missing].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
}

#[test]
fn verify_ends_with_2_where_there_is_no_verdict() {
    for (arguments, complaint) in [
        (&[][..], "which image?"),
        (&["registry.example/app"], "docker://"),
        (&[IMAGE], "the image's bytes"),
        (
            &[IMAGE, "dir:testdata/example/image", "more"],
            "one argument too many",
        ),
        (&[IMAGE, "--at", "noon", "dir:x"], "RFC 3339"),
        (
            &[IMAGE, "--policy", "missing.json", "dir:x"],
            "missing.json",
        ),
        (&[IMAGE, "--crypto-policy", "lax", "dir:x"], "`lax`"),
    ] {
        let output = verify(arguments);
        let complaints = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {complaints}");
        assert!(
            complaints.contains(complaint),
            "{arguments:?}: {complaints}"
        );
    }
}

/// Everything that `verify --json` can print, by its schema.
#[test]
fn verify_prints_json_that_everybody_reads() {
    let tampered = "dir:testdata/example/tampered";
    for (arguments, status, verdict) in [
        (&[IMAGE, "dir:testdata/example/image"][..], 0, "accepted"),
        (&[IMAGE, tampered], 1, "rejected"),
        (&[IMAGE, "dir:missing"], 2, "undecided"),
        (
            &["docker://other.example/app", "dir:missing"],
            1,
            "rejected",
        ),
    ] {
        let output = verify(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        let report = json::read(&output.stdout, "verify");
        assert_eq!(report["verdict"], verdict, "{arguments:?}");
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    }
    let directory = "--policy=testdata/example";
    for (arguments, code, cause) in [
        (&["nonsense:x", "dir:x"][..], "image-name-invalid", None),
        (
            &[IMAGE, "--policy=missing.json", "dir:x"],
            "policy-not-found",
            Some("No such file"),
        ),
        (&[IMAGE, directory, "dir:x"], "policy-unreadable", None),
        (
            &[IMAGE, "dir:x", "--instance=sha256:x", "--manifest=x"],
            "usage",
            None,
        ),
    ] {
        let output = verify(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = json::read(&output.stdout, "verify");
        assert_eq!(error["error"]["code"], code, "{arguments:?}: {error:#}");
        assert!(error["image"].is_null());
        let causes = error["error"]["causes"].as_array().expect("an array");
        if let Some(cause) = cause {
            let all = error["error"].to_string();
            assert!(all.contains(cause), "{error:#}");
            assert!(!causes.is_empty(), "{error:#}");
        }
    }
}

/// A key directory, and a directory in `PATH`, whose names are no UTF-8.
#[test]
#[cfg(unix)]
fn json_does_not_fail_over_a_name() {
    use std::os::unix::ffi::OsStrExt as _;

    let odd = std::ffi::OsStr::from_bytes(b"/nonexistent-\xff");
    let output = example("verify")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--json", "--policy", "testdata/example/policy.json"])
        .args([IMAGE, "dir:testdata/example/image", "--key-dir"])
        .arg(odd)
        .output()
        .expect("the example runs");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let report = json::read(&output.stdout, "verify");
    assert_eq!(report["rejection"]["code"], "key-unreadable");
    assert_eq!(
        report["rejection"]["path"],
        "/nonexistent-\u{fffd}/keys/releases.asc"
    );
    let output = example("diagnose")
        .arg("--json")
        .env("PATH", odd)
        .output()
        .expect("the example runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    json::read(&output.stdout, "diagnose");
}

/// A gpg that works as often as the probe needs it, and crashes when it is to read the policy's keys.
#[test]
#[cfg(feature = "gpgme")]
fn verify_tells_all_that_it_knows_when_the_engine_fails() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (log, good_for) = (folder.path().join("log"), folder.path().join("good-for"));
    common::programs::script(
        folder.path(),
        "gpg",
        &format!(
            "case \"$*\" in *--import*)\n\
               echo >>{log}\n\
               n=0; while read -r _; do n=$((n + 1)); done <{log}\n\
               test -e {good_for} && {{ read -r most <{good_for}; test $n -gt $most && kill -SEGV $$; }};;\n\
             esac\n\
             exec {gpg} \"$@\"",
            log = log.display(),
            good_for = good_for.display(),
            gpg = common::programs::gpg().display()
        ),
    );
    // It chooses the engine, and is asked nothing.
    let probe = example("evaluate")
        .args(["--engine", "gpgme"])
        .stdin(Stdio::null())
        .env("PATH", folder.path())
        .output()
        .expect("the example runs");
    assert_eq!(probe.status.code(), Some(0), "{}", text(&probe.stderr));
    let imports = std::fs::read_to_string(&log).unwrap_or_default();
    std::fs::write(&good_for, format!("{}\n", imports.lines().count())).expect("a file");
    let run = |more: &[&str]| {
        let _ = std::fs::remove_file(&log);
        example("verify")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["--policy", "testdata/example/policy.json"])
            .args(["--key-dir", "testdata/example", "--engine", "gpgme"])
            .args([IMAGE, "dir:testdata/example/image"])
            .args(more)
            .env("PATH", folder.path())
            .output()
            .expect("the example runs")
    };
    let output = run(&["--json"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let printed = json::read(&output.stdout, "verify");
    let error = &printed["error"];
    assert_eq!(error["code"], "engine-failed", "{printed:#}");
    assert!(!error["causes"].as_array().expect("causes").is_empty());
    assert_eq!(printed["verdict"], "undecided", "{printed:#}");
    assert_eq!(printed["rejection"]["causes"], error["causes"]);
    assert_eq!(printed["answer"]["fault"], "machine", "{printed:#}");
    assert!(printed["manifest_digest"].is_string(), "{printed:#}");
    let outcome = &printed["requirements"][0]["outcome"];
    assert_eq!(outcome["verdict"], "undecided", "{printed:#}");

    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let printed = text(&output.stdout);
    assert!(printed.starts_with("undecided: docker://"), "{printed}");
    assert!(
        printed.contains("\n  cause:   the engine gpgme could not read the keys: "),
        "{printed}"
    );
    assert!(printed.contains("\n  do:      "), "{printed}");

    // None that works at all: the diagnosis says why.
    std::fs::remove_file(folder.path().join("gpg")).expect("it is there");
    let output = run(&["--json"]);
    let printed = json::read(&output.stdout, "verify");
    let engines = &printed["error"]["diagnosis"]["engines"];
    assert_eq!(engines[0]["cause"]["code"], "program-not-found");
    assert!(printed["image"].is_null());
}

#[test]
fn diagnose_prints_json_that_everybody_reads() {
    let output = example("diagnose")
        .arg("--json")
        .output()
        .expect("the example runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let diagnosis = json::read(&output.stdout, "diagnose");
    assert_eq!(diagnosis["engines"][0]["engine"], "gpgme");
}

/// A pipe that nobody reads: its only reader has ended before.
#[cfg(unix)]
fn closed_pipe() -> Stdio {
    let mut reader = std::process::Command::new("true")
        .stdin(Stdio::piped())
        .spawn()
        .expect("true");
    let pipe = reader.stdin.take().expect("a pipe");
    assert!(reader.wait().expect("it ends").success());
    pipe.into()
}

/// What each example answers, and its exit code: arguments, input, output in full.
#[cfg(unix)]
fn answers() -> Vec<(&'static str, Vec<String>, &'static str, i32)> {
    let owned = |arguments: &[&str]| arguments.iter().map(ToString::to_string).collect();
    let mut answers = Vec::new();
    let by_policy = ["--policy", "testdata/example/policy.json"];
    for (what, status) in [
        (&["dir:testdata/example/image"][..], 0),
        (&["dir:testdata/example/tampered"], 1),
        (&["dir:testdata/example/missing"], 2),
        (&["dir:x", "--policy", "missing.json"], 2),
        (&["dir:x", "dir:y"], 2),
    ] {
        let with_keys = ["--key-dir", "testdata/example", IMAGE];
        let arguments = [&by_policy, &with_keys[..], what].concat();
        answers.push(("verify", owned(&arguments), "", status));
        let arguments = [&arguments[..], &["--json"]].concat();
        answers.push(("verify", owned(&arguments), "", status));
    }
    answers.push(("diagnose", Vec::new(), "", 0));
    answers.push(("diagnose", owned(&["--json"]), "", 0));
    answers.push(("diagnose", owned(&["--deadline"]), "", 2));
    answers.push((
        "evaluate",
        owned(&["--root", "testdata/conformance"]),
        CASE,
        0,
    ));
    answers.push(("evaluate", owned(&["--engine", "none"]), "", 2));
    for (name, directory, status) in [
        (IMAGE, "image", 0),
        (IMAGE, "tampered", 1),
        (IMAGE, "missing", 2),
        ("nonsense", "image", 2),
    ] {
        let directory = format!("testdata/example/{directory}");
        let policy = "testdata/example/policy.json";
        let arguments = owned(&[policy, "testdata/example", name, &directory]);
        answers.push(("custom_engine", arguments, "", status));
    }
    for name in ["verify", "diagnose", "evaluate", "custom_engine"] {
        answers.push((name, owned(&["--help"]), "", 0));
    }
    answers
}

/// Runs an example with its input in a file, so that nobody waits for anybody.
#[cfg(unix)]
fn run(name: &str, arguments: &[String], input: &str, stdout: Stdio, stderr: Stdio) -> Output {
    use std::io::Seek as _;

    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(input.as_bytes()).expect("room");
    file.rewind().expect("a file");
    example(name)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(file)
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("the example runs")
}

/// `verify … | head -1` ended in a panic.
#[test]
#[cfg(unix)]
fn a_reader_who_has_gone_changes_nothing() {
    for (name, arguments, input, status) in answers() {
        let said = format!("{name} {arguments:?}");
        let whole = run(name, &arguments, input, Stdio::piped(), Stdio::piped());
        assert_eq!(whole.status.code(), Some(status), "{said}");
        assert!(
            !whole.stdout.is_empty() || !whole.stderr.is_empty(),
            "{said}"
        );

        let unread = run(name, &arguments, input, closed_pipe(), Stdio::piped());
        assert_eq!(unread.status.code(), Some(status), "{said}");
        assert_eq!(text(&unread.stderr), text(&whole.stderr), "{said}");

        let unheard = run(name, &arguments, input, Stdio::piped(), closed_pipe());
        assert_eq!(unheard.status.code(), Some(status), "{said}");
        assert_eq!(unheard.stdout.is_empty(), whole.stdout.is_empty(), "{said}");

        let neither = run(name, &arguments, input, closed_pipe(), closed_pipe());
        assert_eq!(neither.status.code(), Some(status), "{said}");
    }
}

/// An answer that was not written was not given, and whoever looks only at the exit code must not take it for one.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_is_no_answer() {
    let full = || -> Stdio {
        let mut options = std::fs::OpenOptions::new();
        let full = options.write(true).open("/dev/full");
        full.expect("Linux has it").into()
    };
    for (name, arguments, input, status) in answers() {
        let said = format!("{name} {arguments:?}");
        let whole = run(name, &arguments, input, Stdio::piped(), Stdio::piped());
        let unwritten = run(name, &arguments, input, full(), Stdio::piped());
        let complaints = text(&unwritten.stderr);
        if whole.stdout.is_empty() {
            assert_eq!(unwritten.status.code(), Some(status), "{said}");
        } else {
            assert_eq!(unwritten.status.code(), Some(2), "{said}");
            let complaint = "error: cannot write the output: No space left on device";
            assert!(complaints.contains(complaint), "{said}: {complaints}");
        }
        assert!(!complaints.contains("panicked"), "{said}: {complaints}");
        let unheard = run(name, &arguments, input, Stdio::piped(), full());
        assert_eq!(unheard.status.code(), Some(status), "{said}");
    }
}

/// In the shell, as people type it.
#[test]
#[cfg(unix)]
fn the_first_line_is_enough_for_head() {
    for (name, arguments, input, status) in answers() {
        let script = "{ \"$@\"; echo $? >&3; } 3>\"$STATUS\" | head -n 1 >/dev/null";
        let folder = tempfile::tempdir().expect("a temporary folder");
        let told = folder.path().join("status");
        let command = example(name);
        let mut shell = std::process::Command::new("sh")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["-c", script, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .args(&arguments)
            .env("STATUS", &told)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh");
        let mut stdin = shell.stdin.take().expect("a pipe");
        // Many lines, so that the program meets the closed pipe.
        for _ in 0..200 {
            if writeln!(stdin, "{input}").is_err() {
                break;
            }
        }
        drop(stdin);
        assert!(shell.wait().expect("it ends").success());
        let found = std::fs::read_to_string(&told).expect("a status");
        assert_eq!(found.trim(), status.to_string(), "{name} {arguments:?}");
    }
}

#[test]
fn every_example_has_help() {
    for name in ["verify", "diagnose", "evaluate", "custom_engine"] {
        let help = |flag| example(name).arg(flag).output().expect("it runs");
        let (short, long) = (help("-h"), help("--help"));
        assert_eq!(short.status.code(), Some(0), "{name}");
        assert_eq!(long.status.code(), Some(0), "{name}");
        assert_eq!(short.stdout, long.stdout, "{name}");
        let printed = text(&long.stdout);
        assert!(printed.starts_with(&format!("usage: {name} ")), "{printed}");
        assert!(long.stderr.is_empty(), "{}", text(&long.stderr));

        let wrong = help("--wrong");
        assert_eq!(wrong.status.code(), Some(2), "{name}");
        let complaints = text(&wrong.stderr);
        assert!(complaints.starts_with("error: "), "{complaints}");
        assert!(complaints.ends_with(&printed), "{complaints}");
    }
}

#[test]
fn custom_engine_verifies_with_an_engine_of_its_own() {
    let output = example("custom_engine")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["testdata/example/policy.json", "testdata/example", IMAGE])
        .arg("testdata/example/image")
        .output()
        .expect("the example runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("engine: unanimous"));
}

/// One accepted case, as a line for `evaluate`.
const CASE: &str = r#"{"name":"good","policy":{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"keys/ed25519.gpg"}]},"image":"docker://registry.example/app/web:1.4.2","manifest":"manifests/web.json","signatures":["signatures/algorithms/ed25519-good.gpg"],"at":"2026-01-15T12:00:00Z","unknown":[]}"#;

#[test]
fn evaluate_answers_every_line_with_one_line() {
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(1_000_000));
    let deep = format!(r#"{{"name":"deep","policy":{}"#, "[".repeat(200_000));
    let lines: Vec<(Vec<u8>, &str, &str)> = vec![
        (CASE.into(), "accept", ""),
        (b"".to_vec(), "error", "case-invalid"),
        (b"{".to_vec(), "error", "case-invalid"),
        (b"\xff\xfe\0".to_vec(), "error", "case-invalid"),
        (b"null".to_vec(), "error", "case-invalid"),
        (deep.into(), "error", "case-invalid"),
        (long.into(), "error", "case-invalid"),
        (
            CASE.replace("\"good\"", "5").into(),
            "error",
            "case-invalid",
        ),
        (
            CASE.replace("2026-01-15T12:00:00Z", "today").into(),
            "error",
            "case-invalid",
        ),
        (
            CASE.replace("keyPath", "keyPth").into(),
            "error",
            "policy-invalid",
        ),
        (
            CASE.replace("docker://", "dokcer://").into(),
            "error",
            "image-name-invalid",
        ),
        (
            CASE.replace("web.json", "missing.json").into(),
            "error",
            "manifest-unreadable",
        ),
        (
            CASE.replace("ed25519-good", "missing").into(),
            "error",
            "signature-unreadable",
        ),
        (CASE.into(), "accept", ""),
    ];
    let mut evaluate = example("evaluate");
    // The engine is not what is tested here, and this one needs no process for each verification.
    if cfg!(feature = "sequoia") {
        evaluate.args(["--engine", "sequoia"]);
    }
    let mut child = evaluate
        .arg("--root")
        .arg(suite())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
    // In turns: each answer comes before the next question.
    for (line, verdict, code) in lines {
        input.write_all(&line).expect("it reads");
        input.write_all(b"\n").expect("it reads");
        input.flush().expect("it reads");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        let answer = json::read(answer.as_bytes(), "evaluate");
        assert_eq!(answer["verdict"], verdict, "{answer}");
        assert_eq!(answer["code"].as_str().unwrap_or(""), code, "{answer}");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

/// 100,000 lines; what it holds in memory after the first tenth is what it holds at the end.
#[test]
#[cfg(target_os = "linux")]
fn evaluate_does_not_grow() {
    let mut evaluate = example("evaluate");
    // The engine is not what is tested here, and this one needs no process for each verification.
    if cfg!(feature = "sequoia") {
        evaluate.args(["--engine", "sequoia"]);
    }
    let mut child = evaluate
        .arg("--root")
        .arg(suite())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut answer = String::new();
    let mut early = 0;
    for line in 1..=100_000 {
        // Of each hundred, 97 are read and refused early, two verified, one malformed.
        match line % 100 {
            0 => writeln!(input, "{{"),
            1 | 2 => writeln!(input, "{CASE}"),
            _ => writeln!(
                input,
                "{}",
                CASE.replace("docker-reference", "x")
                    .replace("GPGKeys", "X509Certificates")
            ),
        }
        .expect("it reads");
        answer.clear();
        answers.read_line(&mut answer).expect("it answers");
        assert!(answer.starts_with(r#"{"name":"#), "{answer}");
        if line == 10_000 {
            early = resident_kilobytes(child.id());
        }
    }
    let late = resident_kilobytes(child.id());
    assert!(
        late < early.saturating_add(2_048),
        "from {early} kB to {late} kB"
    );
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[cfg(target_os = "linux")]
fn resident_kilobytes(process: u32) -> u64 {
    std::fs::read_to_string(format!("/proc/{process}/status"))
        .expect("the process runs")
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .expect("Linux tells")
}
