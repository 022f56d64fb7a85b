//! What the program `sigpolicy` says of a policy and its keys, without any image: `keys`, `explain`, `lint`.
#![cfg(all(feature = "cli", feature = "_rules"))]
#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod common;

use std::path::Path;

use common::{json, sigpolicy, suite};
use containers_sigpolicy::explain::{LintCode, LintLevel};

/// A policy as it grows over the years.
const POLICY: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {"docker": {
    "registry.example/shop": [
      {"type": "signedBy", "keyType": "GPGKeys", "keyPath": "rotated.gpg"},
      {"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["subkey.gpg", "missing.gpg"]}
    ],
    "registry.example": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "endless.gpg"}]
  }}
}
"#;

/// One with slips.
const SLIPS: &str = r#"{
  "default": [{"type": "insecureAcceptAnything"}],
  "transports": {"docker": {
    "registry.example/shop/": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/pki/shop.gpg"}]
  }}
}
"#;

/// One that cannot be read, for two reasons.
const BROKEN: &str = r#"{
  "default": [{"type": "reject"}],
  "transports": {"docker": {
    "a.example": [{"type": "signedBy", "keyType": "GPGKeys", "keypath": "x.gpg"}],
    "b.example": [{"type": "signedby", "keyType": "GPGKeys", "keyPath": "x.gpg"}]
  }}
}
"#;

/// A folder with policies and key files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, text) in [
            ("policy.json", POLICY),
            ("slips.json", SLIPS),
            ("broken.json", BROKEN),
        ] {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        for (name, keys) in [
            (
                "rotated.gpg",
                &["rsa2048-expired.gpg", "states/expiry-in-a-year.gpg"][..],
            ),
            ("subkey.gpg", &["states/subkey-expiry-in-a-second.gpg"]),
            ("endless.gpg", &["ed25519.gpg"]),
        ] {
            let keys: Vec<u8> = keys
                .iter()
                .flat_map(|key| std::fs::read(suite().join("keys").join(key)).expect("a key"))
                .collect();
            std::fs::write(folder.path().join(name), keys).expect("a file");
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// What the program says in this folder, and its exit code; the folder's name reads `@`.
    fn run(&self, arguments: &[&str]) -> (String, i32) {
        let (output, code) = self.bytes(arguments);
        let folder = self.path().to_str().expect("UTF-8");
        (
            String::from_utf8(output)
                .expect("UTF-8")
                .replace(folder, "@"),
            code,
        )
    }

    fn bytes(&self, arguments: &[&str]) -> (Vec<u8>, i32) {
        let (subcommand, rest) = arguments.split_first().expect("a subcommand");
        let output = sigpolicy(subcommand)
            .current_dir(self.path())
            .args([
                "--engine",
                common::any_in_process().name(),
                "--at",
                "2026-01-15T12:00:00Z",
            ])
            .args(rest)
            .output()
            .expect("it runs");
        let code = output.status.code().expect("no signal");
        let all = if output.stdout.is_empty() {
            output.stderr
        } else {
            output.stdout
        };
        (all, code)
    }
}

#[test]
fn keys_are_a_table_that_begins_with_a_line_for_a_pager() {
    let folder = Folder::new();
    let (table, code) = folder.run(&["keys", "--policy", "policy.json"]);
    assert_eq!(code, 2);
    assert_eq!(
        table,
        "\
CRITICAL: of 4 keys 1 has ended, 1 ends within 30 days; 1 key file cannot be used
UNTIL                 LEFT      KEY                                                                 FILE         USED BY
-                     none      no key that can be used                                             missing.gpg  docker registry.example/shop (line 6)
                      the key file missing.gpg could not be read: No such file or directory (os error 2)
2025-12-31T00:00:00Z  EXPIRED   \"Expired rsa2048 <expired@example.org>\" 346265C87326EA6C, RSA 2048  rotated.gpg  docker registry.example/shop (line 5)
                      15 days ago
2027-01-15T12:00:00Z  365 days  \"Somebody <somebody@example.org>\" BAB1BB775B6E08BD, Ed25519         rotated.gpg  docker registry.example/shop (line 5)
2026-01-15T12:00:01Z  1 second  \"Somebody <somebody@example.org>\" CF8A36F30F82599E, Ed25519         subkey.gpg   docker registry.example/shop (line 6)
                      by its signing subkey; the key itself has no end, and nothing else of it can sign after that
-                     no end    \"Release Signing <release@example.org>\" 072BFD98BFD18C59, Ed25519   endless.gpg  docker registry.example (line 8)
"
    );
}

/// 0, 1, 2 and 3, as monitoring plugins end.
#[test]
fn keys_ends_as_a_monitoring_plugin() {
    let folder = Folder::new();
    let policy = |name: &str, file: &str| {
        let text = format!(
            r#"{{"default":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"{file}"}}]}}"#
        );
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    policy("endless.json", "endless.gpg");
    policy("rotated.json", "rotated.gpg");
    policy("subkey.json", "subkey.gpg");
    policy("gone.json", "gone.gpg");
    std::fs::copy(
        suite().join("keys/rsa2048-expired.gpg"),
        folder.path().join("old.gpg"),
    )
    .expect("a copy");
    policy("old.json", "old.gpg");
    std::fs::write(
        folder.path().join("none.json"),
        r#"{"default":[{"type":"reject"}]}"#,
    )
    .expect("a file");
    for (arguments, code, first) in [
        (
            &["endless.json"][..],
            0,
            "OK: of 1 key none ends within 30 days\n",
        ),
        (&["none.json"], 0, "OK: the policy names no key file\n"),
        (&["rotated.json"], 1, "WARNING: of 2 keys 1 has ended\n"),
        (
            &["rotated.json", "--warn", "400d"],
            1,
            "WARNING: of 2 keys 1 has ended, 1 ends within 400 days\n",
        ),
        (
            &["subkey.json"],
            2,
            "CRITICAL: of 1 key 1 ends within 30 days\n",
        ),
        (
            &["subkey.json", "--critical", "0s"],
            1,
            "WARNING: of 1 key 1 ends within 30 days\n",
        ),
        (&["old.json"], 2, "CRITICAL: of 1 key 1 has ended\n"),
        (
            &["gone.json"],
            2,
            "CRITICAL: of 0 keys none ends within 30 days; 1 key file cannot be used\n",
        ),
        (
            &["broken.json"],
            3,
            "UNKNOWN: error: the policy cannot be used [policy-unknown-key]\n",
        ),
    ] {
        let (printed, found) = folder.run(&[&["keys", "--policy"], arguments].concat());
        assert_eq!(found, code, "{arguments:?}: {printed}");
        assert!(printed.starts_with(first), "{arguments:?}: {printed}");
    }
}

#[test]
fn keys_are_metrics_and_a_calendar_too() {
    let folder = Folder::new();
    let (metrics, code) =
        folder.run(&["keys", "--policy", "policy.json", "--format", "prometheus"]);
    assert_eq!(code, 0);
    for line in [
        "sigpolicy_policy_errors 0",
        "sigpolicy_last_run_seconds 1768478400",
        r#"sigpolicy_key_file_up{file="missing.gpg"} 0"#,
        r#"sigpolicy_key_file_up{file="rotated.gpg"} 1"#,
        r#"sigpolicy_key_not_after_seconds{fingerprint="CC138CED3B4AD0D2655B894FBAB1BB775B6E08BD",owner="Somebody <somebody@example.org>",file="rotated.gpg",kind="primary"} 1800014400"#,
        r#"sigpolicy_key_not_after_seconds{fingerprint="BE836A3B5D5FA79CEF9B53886BE4FBBA56D22426",owner="Somebody <somebody@example.org>",file="subkey.gpg",kind="subkey"} 1768478401"#,
        r#"sigpolicy_key_usable_until_seconds{fingerprint="B29E564E8EB7E28846524283CF8A36F30F82599E",owner="Somebody <somebody@example.org>",file="subkey.gpg"} 1768478401"#,
    ] {
        assert_eq!(
            metrics.lines().filter(|found| *found == line).count(),
            1,
            "{line}: {metrics}"
        );
    }
    // Each series once, and nothing that is no series.
    let mut series: Vec<&str> = metrics
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' ').map(|(series, _)| series))
        .collect();
    let all = series.len();
    series.sort_unstable();
    series.dedup();
    assert_eq!(series.len(), all);
    let (metrics, code) =
        folder.bytes(&["keys", "--policy", "broken.json", "--format", "prometheus"]);
    assert_eq!(code, 0);
    assert!(String::from_utf8_lossy(&metrics).contains("\nsigpolicy_policy_errors 1\n"));

    let (calendar, code) = folder.run(&["keys", "--policy", "policy.json", "--format", "ics"]);
    assert_eq!(code, 0);
    assert!(calendar.lines().all(|line| line.len() <= 75), "{calendar}");
    assert_eq!(
        calendar.matches("\r\n").count(),
        calendar.matches('\n').count()
    );
    let unfolded = calendar.replace("\r\n ", "");
    for line in [
        "DTSTART:20270115T120000Z",
        "SUMMARY:The key of Somebody <somebody@example.org> ends",
        "TRIGGER:-PT2592000S",
        "TRIGGER:-PT604800S",
    ] {
        assert!(
            unfolded.lines().any(|found| found == line),
            "{line}: {unfolded}"
        );
    }
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 2);
    assert_eq!(unfolded.matches("END:VEVENT").count(), 2);

    let (object, code) = folder.bytes(&["keys", "--policy", "policy.json", "--json"]);
    assert_eq!(code, 2);
    let object = json::read(&object, "keys");
    assert_eq!(object["level"], "critical");
    assert_eq!(object["files"].as_array().map(Vec::len), Some(4));
}

#[test]
fn explain_says_what_applies_and_whether_it_can_pass() {
    let folder = Folder::new();
    let image = "docker://registry.example/shop/web:1";
    let (text, code) = folder.run(&["explain", "--policy", "policy.json", image]);
    assert_eq!(code, 1);
    for line in [
        "  applies: docker `registry.example/shop` in line 4; not the more general docker `registry.example` in line 8, nor the policy's default in line 2 (reject)",
        "  needs:   2 requirements, and every one must accept",
        "  key:     \"Expired rsa2048 <expired@example.org>\" (346265C87326EA6C) of rotated.gpg, for requirement 1: EXPIRED on 2025-12-31T00:00:00Z",
        "  key:     \"Somebody <somebody@example.org>\" (BAB1BB775B6E08BD) of rotated.gpg, for requirement 1: good until 2027-01-15T12:00:00Z",
        "can it pass at 2026-01-15T12:00:00Z? no: requirement 2: the key file missing.gpg could not be read: No such file or directory (os error 2)",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
    }
    let (object, code) = folder.bytes(&["explain", "--json", "--policy", "policy.json", image]);
    assert_eq!(code, 1);
    let object = json::read(&object, "explain");
    assert_eq!(object["can_pass"], false);

    for (image, code, end) in [
        (
            "docker://registry.example/base:1",
            0,
            "? yes, with what it needs\n",
        ),
        (
            "docker://other.example/base:1",
            1,
            "? no: requirement 1 rejects every image\n",
        ),
        ("dir:/", 1, "? no: requirement 1 rejects every image\n"),
        ("nonsense", 2, "\n"),
    ] {
        let (text, found) = folder.run(&["explain", "--policy", "policy.json", image]);
        assert_eq!(found, code, "{image}: {text}");
        assert!(text.ends_with(end), "{image}: {text}");
    }
    // On another day.
    let (text, code) = folder.run(&[
        "explain",
        "--at",
        "2019-01-01T00:00:00Z",
        "--policy",
        "policy.json",
        "docker://registry.example/base:1",
    ]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.ends_with("? no: requirement 1 trusts no key that can be used now\n"),
        "{text}"
    );
}

#[test]
fn lint_shows_each_finding_in_its_line() {
    let folder = Folder::new();
    let (text, code) = folder.run(&["lint", "--no-key-files", "slips.json"]);
    assert_eq!(code, 2, "{text}");
    let begin = "\
error[scope-never-matches]: ";
    let (_, finding) = text.split_once(begin).expect("it is found");
    assert!(
        finding.contains("\n --> @/slips.json:4:5\n  |\n4 |     \"registry.example/shop/\": [{"),
        "{text}"
    );
    assert!(
        finding.contains("\n  |     ^^^^^^^^^^^^^^^^^^^^^^^^\n"),
        "{text}"
    );
    assert!(
        finding.contains("\n  = help: write `registry.example/shop`"),
        "{text}"
    );
    assert!(text.contains("warning[unsigned-default]: "), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("@/slips.json: "), "{text}");

    // The key files are looked at, unless somebody says no.
    let (text, _) = folder.run(&["lint", "slips.json"]);
    assert!(text.contains("error[key-file-missing]: "), "{text}");
}

#[test]
fn lint_prints_json_and_annotations() {
    let folder = Folder::new();
    let (object, code) = folder.bytes(&["lint", "--no-key-files", "--json", "slips.json"]);
    assert_eq!(code, 2);
    let object = json::read(&object, "lint");
    let codes: Vec<&str> = object["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert!(codes.contains(&"scope-never-matches"), "{codes:?}");
    let arguments = ["lint", "--no-key-files", "--format", "github", "slips.json"];
    let (annotations, code) = folder.run(&arguments);
    assert_eq!(code, 2);
    assert_eq!(annotations.lines().count(), codes.len(), "{annotations}");
    let expected =
        "::error file=@/slips.json,line=4,endLine=4,col=5,endColumn=29,title=scope-never-matches::";
    assert!(
        annotations.lines().any(|line| line.starts_with(expected)),
        "{annotations}"
    );
    assert!(annotations.contains("%0Ado: write "), "{annotations}");
}

#[test]
fn lint_takes_levels_and_exceptions() {
    let folder = Folder::new();
    std::fs::write(
        folder.path().join("open.json"),
        r#"{"default": [{"type": "insecureAcceptAnything"}]}"#,
    )
    .expect("a file");
    for (arguments, code) in [
        (&[][..], 1),
        (&["--deny", "warnings"], 2),
        (&["--deny", "unsigned-default"], 2),
        (&["--note", "unsigned-default"], 0),
        (&["--allow", "unsigned-default"], 0),
        (&["--except", "unsigned-default=a build machine"], 0),
        (
            &[
                "--except",
                "unsigned-default=until it has keys;until=2027-01-01",
            ],
            0,
        ),
        // It has ended.
        (
            &[
                "--except",
                "unsigned-default=until it has keys;until=2026-01-01T00:00:00Z",
            ],
            1,
        ),
        (&["--except", "unsigned-default@default=a build machine"], 0),
        // It is of another scope.
        (&["--except", "unsigned-default@docker:=a build machine"], 1),
        // It has met nothing.
        (
            &[
                "--allow",
                "unsigned-default",
                "--except",
                "tag-not-bound=x",
                "--warn",
                "unused-allow",
            ],
            1,
        ),
        (&["--except", "unsigned-default="], 2),
        (&["--except", "unsigned-default"], 2),
        (&["--allow", "nonsense"], 2),
    ] {
        let (text, found) = folder.run(&[&["lint", "open.json"], arguments].concat());
        assert_eq!(found, code, "{arguments:?}: {text}");
    }
    let (text, _) = folder.run(&["lint", "--note", "unsigned-default", "open.json"]);
    assert!(text.starts_with("note[unsigned-default]: "), "{text}");
    let (text, _) = folder.run(&["lint", "--allow", "unsigned-default", "open.json"]);
    assert_eq!(text, "@/open.json: nothing found\n");
}

#[test]
fn lint_tells_of_given_images_only() {
    let folder = Folder::new();
    let image = "docker://registry.example/base/app:1";
    let arguments = ["lint", "--no-key-files", "--for", image, "policy.json"];
    let (text, code) = folder.run(&arguments);
    assert_eq!(code, 1, "{text}");
    let end = format!(
        "\n{image}: docker `registry.example` in line 8 (signedBy)\n@/policy.json: 1 warning, 1 note\n"
    );
    assert!(text.ends_with(&end), "{text}");
    assert!(
        text.starts_with("note[unused-scope]: `registry.example/shop` "),
        "{text}"
    );
    let (object, code) = folder.bytes(&[&arguments[..], &["--json"]].concat());
    assert_eq!(code, 1);
    let object = json::read(&object, "lint");
    assert_eq!(object["images"][0]["image"], image);
    assert_eq!(
        object["images"][0]["applies"]["scope"]["scope"],
        "registry.example"
    );

    // The key files that the image does not need are of no concern, unlike those that it does.
    let (text, code) = folder.run(&["lint", "--for", image, "policy.json"]);
    assert!(!text.contains("missing.gpg"), "{text}");
    assert_eq!(code, 1, "{text}");
    let shop = "docker://registry.example/shop/web:1";
    let (text, code) = folder.run(&["lint", "--for", image, "--for", shop, "policy.json"]);
    assert!(text.contains("error[key-file-missing]: "), "{text}");
    assert_eq!(code, 2, "{text}");

    let (text, code) = folder.run(&["lint", "--for", "nonsense", "policy.json"]);
    assert_eq!(code, 2);
    assert!(text.contains("[image-name-invalid]"), "{text}");
}

/// A manual page that lacks a code is no manual.
#[test]
fn lint_lists_every_code_with_its_level() {
    let help = sigpolicy("lint").arg("--help").output().expect("it runs");
    let manual = sigpolicy("man").arg("lint").output().expect("it runs");
    for (output, minus) in [(help, "-"), (manual, "\\-")] {
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let (_, codes) = text.split_once("Codes of errors").expect("a list");
        let codes: String = codes.split_whitespace().collect();
        let (errors, rest) = codes.split_once("Codesofwarnings").expect("a list");
        let (warnings, notes) = rest.split_once("Codesofnotes").expect("a list");
        for code in LintCode::ALL {
            let name = code.name().replace('-', minus);
            let list = match code.default_level() {
                LintLevel::Error => errors,
                LintLevel::Warning => warnings,
                _ => notes,
            };
            let mut listed = list.split([',', ':', '.']);
            assert!(listed.any(|listed| listed == name), "{name}: {list}");
        }
    }
}

/// f10, f11, x15: all mistakes of a policy that cannot be used, each with its line.
#[test]
fn lint_shows_every_mistake_of_a_broken_policy() {
    let folder = Folder::new();
    let (text, code) = folder.run(&["lint", "broken.json"]);
    assert_eq!(code, 2);
    assert_eq!(
        text,
        "\
error[policy-unknown-key]: unknown key \"keypath\" in a signedBy requirement; did you mean `keyPath`?
 --> @/broken.json:4:62
  |
4 |     \"a.example\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keypath\": \"x.gpg\"}],
  |                                                              ^^^^^^^^^ did you mean `keyPath`?
  |
  = transports.docker[\"a.example\"][0].keypath
  = help: write `keyPath`

error[policy-unknown-value]: unknown requirement type \"signedby\"; did you mean `signedBy`?
 --> @/broken.json:5:28
  |
5 |     \"b.example\": [{\"type\": \"signedby\", \"keyType\": \"GPGKeys\", \"keyPath\": \"x.gpg\"}]
  |                            ^^^^^^^^^^ did you mean `signedBy`?
  |
  = transports.docker[\"b.example\"][0].type
  = help: write `signedBy`

@/broken.json: 2 mistakes: the policy cannot be used
"
    );
    let (annotations, code) = folder.run(&["lint", "--format", "github", "broken.json"]);
    assert_eq!(code, 2);
    assert_eq!(
        annotations.lines().next(),
        Some(
            "::error file=@/broken.json,line=4,endLine=4,col=62,endColumn=71,title=policy-unknown-key::unknown key \"keypath\" in a signedBy requirement; did you mean `keyPath`?%0Ado: write `keyPath`"
        )
    );
    let (object, code) = folder.bytes(&["lint", "--json", "broken.json"]);
    assert_eq!(code, 2);
    let object = json::read(&object, "verify");
    assert_eq!(object["error"]["code"], "policy-unknown-key");
    let (text, code) = folder.run(&["lint", "missing.json"]);
    assert_eq!(code, 2);
    assert!(text.contains("[policy-not-found]"), "{text}");
}
