//! Reading files.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::*;
use crate::digest::Digest;

const REJECT: &str = r#"{"default": [{"type": "reject"}]}"#;

#[test]
fn errors_name_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    let name = path.display();

    let error = Policy::from_file(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{name}: the policy cannot be read (named explicitly)")
    );
    assert!(error.source().unwrap().to_string().contains("No such file"));
    assert_eq!(
        (error.file(), error.line(), error.path()),
        (Some(&*path), None, "")
    );

    let text = "{\"default\":\n [{\"type\": \"rejects\"}]}";
    fs::write(&path, text).unwrap();
    let error = Policy::from_file(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{name}:2:12: default[0].type: unknown requirement type \"rejects\"; did you mean `reject`? (named explicitly, {})",
            Digest::of(text.as_bytes())
        )
    );
    assert!(error.source().is_none());

    fs::write(&path, REJECT).unwrap();
    assert_eq!(
        Policy::from_file(&path).unwrap(),
        Policy::new(Requirement::Reject)
    );
    assert!(Policy::from_file(directory.path()).is_err());
}

#[test]
fn a_policy_has_a_largest_size() {
    let mut text = REJECT.to_owned();
    text.push_str(&" ".repeat(Policy::MAX_SIZE - text.len()));
    assert!(text.parse::<Policy>().is_ok());
    text.push(' ');
    assert_eq!(
        text.parse::<Policy>().unwrap_err().to_string(),
        "the policy is larger than 16777216 bytes"
    );
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    fs::write(&path, &text).unwrap();
    let error = Policy::from_file(&path).unwrap_err();
    assert!(matches!(
        error.kind(),
        PolicyErrorKind::TooLarge {
            limit: Policy::MAX_SIZE
        }
    ));
}

/// What sha256sum says of [`REJECT`].
const REJECT_DIGEST: &str =
    "sha256:e9691c17d1d71069ed3f18d4286784c51d0eed38a04b43d7b0c6c1d92dc90b33";

#[test]
fn a_policy_knows_where_it_is_from() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    fs::write(&path, REJECT).unwrap();

    let made = Policy::new(Requirement::Reject);
    assert_eq!(made.origin().to_string(), "made in code");
    let built = Policy::builder(Requirement::Reject).build().unwrap();
    assert_eq!(built.origin().place, PolicyPlace::Code);
    let parsed = Policy::from_slice(REJECT.as_bytes()).unwrap();
    assert_eq!(
        parsed.origin().to_string(),
        format!("given as bytes, {REJECT_DIGEST}")
    );
    let read = Policy::from_file(&path).unwrap();
    assert_eq!(
        read.origin().to_string(),
        format!("{}, named explicitly, {REJECT_DIGEST}", path.display())
    );
    assert_eq!(read.clone().origin(), read.origin());

    // Where it is from makes no other policy of it.
    assert_eq!(made, parsed);
    assert_eq!(parsed, read);
    assert_ne!(made, Policy::new(Requirement::InsecureAcceptAnything));

    let origin = |policy: &Policy| serde_json::to_value(policy.origin()).unwrap();
    assert_eq!(origin(&made), serde_json::json!({"place": "code"}));
    assert_eq!(
        origin(&read),
        serde_json::json!({"place": "explicit", "file": path, "digest": REJECT_DIGEST})
    );
}

#[test]
fn an_error_in_bytes_has_their_digest_and_no_file() {
    let error = Policy::from_slice(b"{}").unwrap_err();
    assert_eq!(error.file(), None);
    let origin = error.origin().unwrap();
    assert_eq!(origin.place, PolicyPlace::Bytes);
    assert_eq!(origin.digest, Some(Digest::of(b"{}")));
    assert!(!error.to_string().contains("sha256"), "{error}");
}

#[test]
fn a_relative_path_is_told_as_an_absolute_one() {
    let error = Policy::from_file("no/such/policy.json").unwrap_err();
    let here = std::env::current_dir().unwrap();
    assert_eq!(error.file(), Some(&*here.join("no/such/policy.json")));
    let error = Policy::from_file("").unwrap_err();
    assert_eq!(error.file(), Some(Path::new("")));
}

#[test]
#[cfg(unix)]
fn a_file_name_cannot_forge_lines_or_break_json() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(OsStr::from_bytes(b"a\xff\nb"));
    fs::write(&path, REJECT).unwrap();
    let policy = Policy::from_file(&path).unwrap();
    assert_eq!(policy.origin().file.as_deref(), Some(&*path));
    assert!(
        policy
            .origin()
            .to_string()
            .contains("a\u{fffd}\u{fffd}b, named")
    );
    let json = serde_json::to_value(policy.origin()).unwrap();
    assert!(json["file"].as_str().unwrap().ends_with("a\u{fffd}\nb"));
    fs::write(&path, "").unwrap();
    let error = Policy::from_file(&path).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
}

/// As a shell's `<(…)` is one.
#[test]
#[cfg(unix)]
fn a_file_that_is_named_may_be_a_pipe() {
    use std::os::fd::AsRawFd;
    use std::process::{Command, Stdio};

    let mut child = Command::new("echo")
        .arg(REJECT)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = child.stdout.take().unwrap();
    let policy = Policy::from_file(format!("/dev/fd/{}", pipe.as_raw_fd())).unwrap();
    assert_eq!(policy, Policy::new(Requirement::Reject));
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_is_read_so_far_and_no_further() {
    let policy = Policy::from_reader(REJECT.as_bytes()).unwrap();
    assert_eq!(policy, Policy::new(Requirement::Reject));
    assert_eq!(
        policy.origin().to_string(),
        format!("given as bytes, {REJECT_DIGEST}")
    );
    let error = Policy::from_reader("{\"default\": 1}".as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1, column 13: default: expected an array, found a number"
    );

    // Without an end.
    let error = Policy::from_reader(std::io::repeat(b' ')).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy is larger than 16777216 bytes"
    );

    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the line is dead"))
        }
    }
    let error = Policy::from_reader(Broken).unwrap_err();
    assert_eq!(error.to_string(), "the policy cannot be read");
    assert_eq!(error.source().unwrap().to_string(), "the line is dead");
}
