//! The program `sigpolicy` as people and scripts meet it: what it prints, and how it ends.
#![cfg(all(feature = "cli", feature = "_rules"))]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::process::Output;

use common::{json, sigpolicy, unwrapped};
use containers_sigpolicy::Digest;

fn verify(arguments: &[&str]) -> Output {
    sigpolicy("verify")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--policy", "testdata/example/policy.json"])
        .args(["--key-dir", "testdata/example"])
        .args(arguments)
        .output()
        .expect("it runs")
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

/// The example's image was signed on 2025-06-01T12:00:00Z.
#[test]
fn verify_takes_demands_beyond_the_policy() {
    let image = [
        IMAGE,
        "dir:testdata/example/image",
        "--at",
        "2025-07-01T12:00:00Z",
    ];
    for (demand, status, code) in [
        (["--max-age", "30d"], 0, None),
        (["--max-age", "29d"], 1, Some("signature-too-old")),
        (["--max-signature-age", "29d"], 1, Some("signature-too-old")),
        (["--newest-seen", "2025-06-01T12:00:00Z"], 0, None),
        (
            ["--newest-seen", "2025-06-01T12:00:01Z"],
            1,
            Some("rolled-back"),
        ),
    ] {
        let output = verify(&[&image[..], &demand, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(status), "{demand:?}");
        let report = json::read(&output.stdout, "verify");
        assert_eq!(report["rejection"]["code"].as_str(), code, "{demand:?}");
    }
    let output = verify(&[&image[..], &["--newest-seen", "2025-06-01T12:00:01Z"]].concat());
    let printed = unwrapped(&output.stdout);
    assert!(
        printed
            .contains("signed on 2025-06-01T12:00:00Z, 1 second before the newest that was seen"),
        "{printed}"
    );
    let output = verify(&[&image[..], &["--newest-seen", "yesterday"]].concat());
    assert_eq!(output.status.code(), Some(2));
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
            let output = verify(&[&[IMAGE, "--instance", digest.as_str()], bytes].concat());
            let printed = text(&output.stdout);
            assert_eq!(output.status.code(), Some(status), "{bytes:?}: {printed}");
            assert!(printed.contains(says), "{bytes:?}: {printed}");
        }
    }
    for arguments in [
        &["--instance", digest.as_str(), "--manifest", "x"][..],
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
        let printed = unwrapped(&output.stdout);
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
        (&[][..], "required arguments were not provided"),
        (&["registry.example/app"], "docker://"),
        (&[IMAGE], "the image's bytes"),
        (
            &[IMAGE, "dir:testdata/example/image", "more"],
            "unexpected argument 'more' found",
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
        // A machine without a battery for its clock, before it has asked what time it is.
        (
            &[
                IMAGE,
                "dir:testdata/example/image",
                "--at=1970-01-01T00:00:07Z",
            ],
            2,
            "undecided",
        ),
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
    let output = sigpolicy("verify")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--json", "--policy", "testdata/example/policy.json"])
        .args([IMAGE, "dir:testdata/example/image", "--key-dir"])
        .arg(odd)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let report = json::read(&output.stdout, "verify");
    assert_eq!(report["rejection"]["code"], "key-unreadable");
    assert_eq!(
        report["rejection"]["path"],
        "/nonexistent-\u{fffd}/keys/releases.asc"
    );
    let output = sigpolicy("engines")
        .arg("--json")
        .env("PATH", odd)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    json::read(&output.stdout, "diagnose");
}

/// A gpg that crashes when it is to read the policy's keys, and works when it is tried out after that.
#[test]
#[cfg(feature = "gpgme")]
fn verify_tells_all_that_it_knows_when_the_engine_fails() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("log");
    common::programs::script(
        folder.path(),
        "gpg",
        &format!(
            "case \"$*\" in *--import*)\n\
               echo >>{log}\n\
               n=0; while read -r _; do n=$((n + 1)); done <{log}\n\
               test $n -gt 1 || kill -SEGV $$;;\n\
             esac\n\
             exec {gpg} \"$@\"",
            log = log.display(),
            gpg = common::programs::gpg().display()
        ),
    );
    let run = |more: &[&str]| {
        let _ = std::fs::remove_file(&log);
        sigpolicy("verify")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["--policy", "testdata/example/policy.json"])
            .args(["--key-dir", "testdata/example", "--engine", "gpgme"])
            .args([IMAGE, "dir:testdata/example/image"])
            .args(more)
            .env("PATH", folder.path())
            .output()
            .expect("it runs")
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
    assert_eq!(printed["image"], IMAGE);
    assert_eq!(printed["answer"]["code"], "program-not-found");
}

#[test]
fn engines_prints_json_that_everybody_reads() {
    let output = sigpolicy("engines")
        .arg("--json")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let diagnosis = json::read(&output.stdout, "diagnose");
    assert_eq!(diagnosis["engines"][0]["engine"], "gpgme");
}

/// What the program answers, and its exit code.
#[cfg(unix)]
fn endings() -> Vec<common::endings::Ending> {
    let ending = |arguments: &[&str], status| {
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        common::endings::Ending::new(sigpolicy, subcommand, rest, "", status)
    };
    let mut endings = Vec::new();
    let by_policy = ["verify", "--policy", "testdata/example/policy.json"];
    for (what, status) in [
        (&["dir:testdata/example/image"][..], 0),
        (&["dir:testdata/example/tampered"], 1),
        (&["dir:testdata/example/missing"], 2),
        (&["dir:x", "--policy", "missing.json"], 2),
        (&["dir:x", "dir:y"], 2),
    ] {
        let with_keys = ["--key-dir", "testdata/example", IMAGE];
        let arguments = [&by_policy, &with_keys[..], what].concat();
        endings.push(ending(&arguments, status));
        endings.push(ending(&[&arguments[..], &["--json"]].concat(), status));
    }
    let signature = "testdata/example/image/signature-1";
    for (arguments, status) in [
        (&["engines"][..], 0),
        (&["engines", "--format", "json"], 0),
        (&["engines", "--deadline"], 2),
        (&["inspect", signature], 0),
        (&["inspect", "--json", signature], 0),
        (&["inspect", "testdata/mistakes/login.html"], 1),
        (&["inspect", "missing"], 2),
        (&["completions", "bash"], 0),
        (&["man"], 0),
        (&["man", "nothing"], 2),
        (&["--help"], 0),
        (&["verify", "--help"], 0),
        (&["--version"], 0),
        (&["nonsense"], 2),
    ] {
        endings.push(ending(arguments, status));
    }
    endings
}

#[test]
#[cfg(unix)]
fn a_reader_who_has_gone_changes_nothing() {
    common::endings::a_reader_who_has_gone_changes_nothing(&endings());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_is_no_answer() {
    common::endings::a_full_disk_is_told_and_is_no_answer(&endings());
}

/// Nothing is verified, and the first words say so.
#[test]
fn inspect_shows_claims_and_says_that_they_are_not_verified() {
    let inspect = |arguments: &[&str]| {
        sigpolicy("inspect")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(arguments)
            .output()
            .expect("it runs")
    };
    let output = inspect(&["testdata/example/image/signature-1"]);
    assert_eq!(output.status.code(), Some(0));
    let manifest = std::fs::read("testdata/example/image/manifest.json").expect("a file");
    assert_eq!(
        text(&output.stdout),
        format!(
            "\
NOT VERIFIED: what testdata/example/image/signature-1 claims, which anybody can write
  format:  simple signing, an OpenPGP message
  claims:  signed by 66CCE9C6AD4931FDC04EBA79ABCFC7A61FA861F5, made 2025-06-01T12:00:00Z
  claims:  for the image registry.example/app/web:1.4.2
  claims:  with the manifest {}
  claims:  made by the program sigpolicy testdata
  claims:  seconds since 1970: 1748779200
  do:      `sigpolicy verify` says whether any of this is true
",
            Digest::of(&manifest)
        )
    );
    let output = inspect(&["--json", "testdata/example/image/signature-1"]);
    let claims = json::read(&output.stdout, "inspect");
    assert_eq!(claims["verified"], false);
    assert_eq!(
        claims["claims"]["docker_reference"],
        "registry.example/app/web:1.4.2"
    );

    let output = inspect(&["testdata/mistakes/signature.asc"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stdout),
        "\
NOT VERIFIED: what testdata/mistakes/signature.asc claims, which anybody can write
  format:  none of a stored signature
  unread:  it is an OpenPGP signature without what was signed, as text (`-----BEGIN PGP SIGNATURE-----`), and no signed OpenPGP message in binary
  do:      find out what it is, and who stored it
"
    );
    let output = inspect(&["missing"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "error: cannot read missing: No such file or directory (os error 2)\n"
    );
}

/// A claim with line feeds and escapes stays one line.
#[test]
fn inspect_escapes_what_a_stranger_has_written() {
    use base64::Engine as _;

    let payload = serde_json::json!({
        "critical": {"identity": {"docker-reference": "a\n  do:      run it\u{1b}[2J\u{202e}"}},
    });
    let payload = base64::engine::general_purpose::STANDARD.encode(payload.to_string());
    let blob = format!("\0sigstore-json\n{{\"payload\":\"{payload}\"}}");
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), blob).expect("a file");
    let output = sigpolicy("inspect")
        .arg(file.path())
        .output()
        .expect("it runs");
    let printed = text(&output.stdout);
    assert!(
        printed.contains("\n  claims:  for the image a\\n  do:      run it\\u{1b}[2J\\u{202e}\n"),
        "{printed}"
    );
}

/// Wrong arguments are told in the format that was asked for.
#[test]
fn usage_errors_are_json_too() {
    for arguments in [
        &["verify", "--json", "--nonsense"][..],
        &["verify", "--format=json"],
        &[
            "verify",
            "--format",
            "json",
            "docker://a/b:1",
            "--at",
            "noon",
        ],
        &["nonsense", "--json"],
    ] {
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        let output = sigpolicy(subcommand).args(rest).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = json::read(&output.stdout, "verify");
        assert_eq!(error["error"]["code"], "usage", "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
    }
}

/// Colours are for terminals.
#[test]
fn no_colours_go_into_a_pipe() {
    for arguments in [
        &[
            "verify",
            "--policy",
            "testdata/example/policy.json",
            IMAGE,
            "dir:x",
        ][..],
        &["engines"],
        &["--help"],
        &["verify"],
        &["inspect", "testdata/example/image/signature-1"],
    ] {
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        let output = sigpolicy(subcommand)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(rest)
            .output()
            .expect("it runs");
        for printed in [output.stdout, output.stderr] {
            assert!(
                !printed.contains(&0x1b),
                "{arguments:?}: {}",
                text(&printed)
            );
        }
    }
}

/// Every subcommand is in the help, the completions and the manual, and has pages of its own.
#[test]
fn help_completions_and_manual_know_every_subcommand() {
    let run = |arguments: &[&str]| {
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        let output = sigpolicy(subcommand).args(rest).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        text(&output.stdout)
    };
    let help = run(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() >= 5, "{help}");
    let manual = run(&["man"]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let completions = run(&["completions", shell]);
        for command in &commands {
            assert!(completions.contains(command), "{shell}: {command}");
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let directory = folder.path().to_str().expect("UTF-8");
    assert_eq!(run(&["man", "--directory", directory]), "");
    for command in &commands {
        assert!(
            manual.contains(&format!("sigpolicy\\-{command}")),
            "{command}"
        );
        let page = folder.path().join(format!("sigpolicy-{command}.1"));
        let page = std::fs::read_to_string(page).expect("a page");
        assert_eq!(page, run(&["man", command]), "{command}");
        assert!(run(&[command, "--help"]).contains("Usage: "), "{command}");
    }
    assert!(folder.path().join("sigpolicy.1").exists());
}
