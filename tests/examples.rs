//! The examples as programs: what they print, and how they end.
#![cfg(feature = "sequoia")]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use common::{example, json, suite};
use containers_sigpolicy::Digest;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const IMAGE: &str = "docker://registry.example/app/web:1.4.2";

/// The arguments of the examples that take a policy, a key directory, an image and its folder.
fn positional<'a>(image: &'a str, directory: &'a str) -> [&'a str; 4] {
    let policy = "testdata/example/policy.json";
    [policy, "testdata/example", image, directory]
}

#[test]
fn verify_is_what_an_embedder_writes() {
    for (image, directory, status, first) in [
        (
            IMAGE,
            "image",
            0,
            "accepted: docker://registry.example/app/web:1.4.2\n",
        ),
        (
            "docker-daemon:app:1",
            "tampered",
            0,
            "accepted: docker-daemon:app:1 (nothing was verified)\n",
        ),
        (
            IMAGE,
            "tampered",
            1,
            "rejected: docker://registry.example/app/web:1.4.2 [digest-mismatch]\n",
        ),
        (
            IMAGE,
            "missing",
            2,
            "undecided: docker://registry.example/app/web:1.4.2 [manifest-unreadable]\n",
        ),
        (
            "nonsense",
            "image",
            2,
            "error: the image's name cannot be read [image-name-invalid]\n",
        ),
    ] {
        let directory = format!("testdata/example/{directory}");
        let output = example("verify")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(positional(image, &directory))
            .output()
            .expect("the example runs");
        assert_eq!(output.status.code(), Some(status), "{image} {directory}");
        let printed = text(&output.stdout);
        assert!(printed.starts_with(first), "{printed}");
        let nothing_was_verified = printed.contains("nothing was verified");
        assert_eq!(
            text(&output.stderr).contains("warning: nothing was verified"),
            nothing_was_verified
        );
    }
}

/// What a registry has of an image, with what cosign has put beside it.
#[test]
#[cfg(feature = "sigstore")]
fn a_registry_has_signatures_of_sigstore() {
    let verify = |image: &str, directory: &str| {
        let output = example("sigstore")
            .current_dir(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/testdata/example/sigstore"
            ))
            .args(["policy.json", ".", image, directory])
            .output()
            .expect("the example runs");
        (output.status.code(), text(&output.stdout))
    };
    let (status, said) = verify("docker://registry.example/tools/web:7", "registry");
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.starts_with("accepted: docker://registry.example/tools/web:7\n"),
        "{said}"
    );
    let (status, said) = verify("docker://registry.example/tools/api:7", "registry");
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("the signature, by a trusted key, is for"),
        "{said}"
    );
    // No signatures are looked for where none is asked for.
    let (status, said) = verify("docker://other.example/tools/web:7", "image");
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("is rejected: no entry of the policy fits"),
        "{said}"
    );
}

/// As containerd starts its plugin (`-name`, `-digest` and `-stdin-media-type`, and the descriptor), with a policy and a
/// storage of signatures of their own.
#[test]
fn a_plugin_of_containerd_says_yes_or_no() {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = std::fs::read(format!("{root}/testdata/example/image/manifest.json"));
    let digest = Digest::of(&manifest.expect("a manifest")).to_string();
    let stored = folder
        .path()
        .join(format!("app/web@{}", digest.replace(':', "=")));
    std::fs::create_dir_all(&stored).expect("a storage");
    let signature = format!("{root}/testdata/example/image/signature-1");
    std::fs::copy(signature, stored.join("signature-1")).expect("a signature");
    let policy = folder.path().join("policy.json");
    let text = std::fs::read_to_string(format!("{root}/testdata/example/policy.json"));
    let text = text.expect("a policy");
    std::fs::write(
        &policy,
        text.replace("keys/", &format!("{root}/testdata/example/keys/")),
    )
    .expect("a policy");
    let verify = |name: &str, digest: &str, descriptor: &str| {
        let mut plugin = example("containerd_verifier")
            .args(["-name", name, "-digest", digest, "-stdin-media-type"])
            .arg("application/vnd.oci.descriptor.v1+json")
            .env("CONTAINERS_POLICY_JSON", &policy)
            .env("LOOKASIDE", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example runs");
        let mut input = plugin.stdin.take().expect("an input");
        // It may end before it has read that.
        let _ = input.write_all(descriptor.as_bytes());
        drop(input);
        let output = plugin.wait_with_output().expect("it ends");
        (output.status.code(), text_of_first_line(&output.stdout))
    };
    let descriptor = |digest: &str| {
        format!(
            r#"{{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "{digest}", "size": 1}}"#
        )
    };
    let other = Digest::of(b"other").to_string();
    for (name, digest, of_descriptor, status, first) in [
        (
            "registry.example/app/web:1.4.2",
            &digest,
            &digest,
            0,
            "accepted: docker://registry.example/app/web:1.4.2",
        ),
        (
            "registry.example/app/web:1.4.2",
            &other,
            &other,
            1,
            "rejected: docker://registry.example/app/web:1.4.2 [no-signature]",
        ),
        (
            "registry.example/app/web:1.4.3",
            &digest,
            &digest,
            1,
            "rejected: docker://registry.example/app/web:1.4.3 [identity-mismatch]",
        ),
        (
            "elsewhere.example/app:1",
            &digest,
            &digest,
            1,
            "rejected: docker://elsewhere.example/app:1 [rejected-by-policy]",
        ),
        (
            "registry.example/app/web:1.4.2",
            &digest,
            &other,
            1,
            "the descriptor is of another digest",
        ),
    ] {
        let said = verify(name, digest, &descriptor(of_descriptor));
        assert_eq!(said, (Some(status), first.to_owned()));
    }
    let (status, said) = verify("registry.example/app/web:1.4.2", &digest, "{");
    assert_eq!(status, Some(1), "{said}");
    std::fs::remove_file(&policy).expect("a policy");
    let (status, said) = verify(
        "registry.example/app/web:1.4.2",
        &digest,
        &descriptor(&digest),
    );
    assert_eq!(status, Some(1), "{said}");
}

/// A registry, a key broker and an agent, all in a folder: an index with two platforms, of which one is signed.
#[test]
fn an_asynchronous_runtime_fetches_what_the_policy_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &[u8]| {
        std::fs::write(folder.path().join(name), content).expect("a file");
    };
    let signed = common::read("manifests/web.json");
    let unsigned = signed.strip_suffix(b"\n").unwrap_or(b"{}").to_vec();
    let digests = [&signed, &unsigned].map(|manifest| Digest::of(manifest));
    assert_ne!(digests[0], digests[1]);
    let instance = |digest: &Digest, architecture: &str| {
        format!(
            r#"{{"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1, "digest": "{digest}",
            "platform": {{"os": "linux", "architecture": "{architecture}"}}}}"#
        )
    };
    let index = format!(
        r#"{{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [{}, {}]}}"#,
        instance(&digests[0], "s390x"),
        instance(&digests[1], "amd64"),
    );
    write("manifest.json", index.as_bytes());
    write(&format!("{}.manifest.json", digests[0].hex()), &signed);
    write(&format!("{}.manifest.json", digests[1].hex()), &unsigned);
    let signature = common::read("signatures/algorithms/ed25519-good.gpg");
    write(&format!("{}.signature-1", digests[0].hex()), &signature);
    std::fs::create_dir(folder.path().join("keys")).expect("a folder");
    write("keys/release", &common::read("keys/ed25519.gpg"));
    write("agent", digests[0].to_string().as_bytes());
    let policy = r#"{"default": [{"type": "reject"}], "transports": {"docker": {"registry.example/app": [
        {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "kbs:///release"},
        {"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchRepository"}}]}}}"#;
    write("policy.json", policy.as_bytes());
    let judge = |platform: &str| {
        let output = example("async_runtime")
            .current_dir(folder.path())
            .args(["policy.json", IMAGE, ".", platform])
            .output()
            .expect("the example runs");
        (output.status.code(), text_of_first_line(&output.stdout))
    };
    let accepted = format!("accepted: {IMAGE}");
    assert_eq!(judge("linux/s390x"), (Some(0), accepted));
    let refused = |platform: &str, why: &str| {
        let (status, said) = judge(platform);
        assert_eq!(status, Some(1));
        assert!(said.contains(why), "{said}");
    };
    refused(
        "linux/amd64",
        "an OpenPGP signature was required, but there is none",
    );
    refused("linux/arm64", "the index has no instance for `linux/arm64`");
    write("agent", b"");
    refused("linux/s390x", "the agent found no good signature");
    std::fs::remove_file(folder.path().join("agent")).expect("a file");
    refused("linux/s390x", "the agent does not answer");
    std::fs::remove_file(folder.path().join("keys/release")).expect("a file");
    refused("linux/s390x", "No such file");
}

fn text_of_first_line(output: &[u8]) -> String {
    text(output).lines().next().unwrap_or_default().to_owned()
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

/// What each example answers, and its exit code: arguments, input, output in full.
#[cfg(unix)]
fn endings() -> Vec<common::endings::Ending> {
    let ending = |name: &str, arguments: &[&str], input, status| {
        common::endings::Ending::new(example, name, arguments, input, status)
    };
    let mut endings = vec![
        ending("diagnose", &[], "", 0),
        ending("diagnose", &["--json"], "", 0),
        ending("diagnose", &["--deadline"], "", 2),
        ending("evaluate", &["--root", "testdata/conformance"], CASE, 0),
        ending("evaluate", &["--engine", "none"], "", 2),
    ];
    for (image, directory, status) in [
        (IMAGE, "image", 0),
        (IMAGE, "tampered", 1),
        (IMAGE, "missing", 2),
        ("nonsense", "image", 2),
    ] {
        let directory = format!("testdata/example/{directory}");
        for name in ["verify", "custom_engine"] {
            endings.push(ending(name, &positional(image, &directory), "", status));
        }
    }
    for name in ["verify", "diagnose", "evaluate", "custom_engine"] {
        endings.push(ending(name, &["--help"], "", 0));
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

#[test]
#[cfg(unix)]
fn the_first_line_is_enough_for_head() {
    common::endings::the_first_line_is_enough_for_head(&endings());
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

/// `evaluate`, running, with what it reads and what it writes.
fn evaluate() -> (Child, ChildStdin, BufReader<ChildStdout>) {
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
    let input = child.stdin.take().expect("a pipe");
    let answers = BufReader::new(child.stdout.take().expect("a pipe"));
    (child, input, answers)
}

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
    let (mut child, mut input, mut answers) = evaluate();
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
    let (mut child, mut input, mut answers) = evaluate();
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
