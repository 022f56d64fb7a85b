//! Which policy decides, on real machines: the program `sigpolicy` as a process of its own, with real variables, `/etc`,
//! `/usr/share` and user database.
//!
//! Each machine is a mount namespace in which a folder stands for `/etc` and another for `/usr/share`; for this, the
//! tests need root or user namespaces. The process has the user ID 0 and none of root's powers, so that permissions
//! count.
#![cfg(all(target_os = "linux", feature = "cli"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::sigpolicy;
use containers_sigpolicy::Digest;
use serde_json::Value;
use tempfile::TempDir;

const ACCEPT: &str = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;
const REJECT: &str = r#"{"default": [{"type": "reject"}]}"#;

/// A place where a policy can be: how reports call it, and which file of a [`Machine`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    name: &'static str,
    file: &'static str,
    /// What the process sees the file as, if not as a file of the machine's folder.
    seen: Option<&'static str>,
    /// The variables that lead there. `@` stands for the machine's folder.
    variables: &'static [(&'static str, &'static str)],
}

const NAMED: Place = Place {
    name: "containers-policy-json",
    file: "named/policy.json",
    seen: None,
    variables: &[("CONTAINERS_POLICY_JSON", "@/named/policy.json")],
};
const CONFIG_HOME: Place = Place {
    name: "xdg-config-home",
    file: "configuration/containers/policy.json",
    seen: None,
    variables: &[("XDG_CONFIG_HOME", "@/configuration"), ("HOME", "@/home")],
};
const HOME: Place = Place {
    name: "home",
    file: "home/.config/containers/policy.json",
    seen: None,
    variables: &[("HOME", "@/home")],
};
const DATABASE: Place = Place {
    name: "user-database",
    file: "database/.config/containers/policy.json",
    seen: None,
    variables: &[],
};
const SYSTEM: Place = Place {
    name: "system",
    file: "etc/containers/policy.json",
    seen: Some("/etc/containers/policy.json"),
    variables: &[("HOME", "@/home")],
};
const VENDOR: Place = Place {
    name: "vendor",
    file: "share/containers/policy.json",
    seen: Some("/usr/share/containers/policy.json"),
    variables: &[("HOME", "@/home")],
};

const USERS: [Place; 3] = [CONFIG_HOME, HOME, DATABASE];
const SEARCHED: [Place; 5] = [CONFIG_HOME, HOME, DATABASE, SYSTEM, VENDOR];
const ALL: [Place; 6] = [NAMED, CONFIG_HOME, HOME, DATABASE, SYSTEM, VENDOR];

/// A machine whose `/etc` and `/usr/share` are in a temporary folder.
struct Machine {
    folder: TempDir,
}

/// What `verify` said.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    json: Value,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        machine.write("manifest.json", "{}");
        machine.write("etc/nsswitch.conf", "passwd: files\n");
        machine.write(
            "etc/passwd",
            &machine.fill("root:x:0:0::@/database:/bin/sh\nuser:x:64321:5::@/user:/bin/sh\n"),
        );
        fs::create_dir(machine.path("share")).expect("a folder");
        fs::create_dir(machine.path("work")).expect("a folder");
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn fill(&self, text: &str) -> String {
        text.replace('@', self.folder.path().to_str().expect("UTF-8"))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The file of a place, whose directory is there.
    fn file(&self, place: Place) -> PathBuf {
        let path = self.path(place.file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        path
    }

    fn put(&self, place: Place, text: &str) {
        self.write(place.file, text);
    }

    /// The file as the process sees it.
    fn seen(&self, place: Place) -> String {
        match place.seen {
            Some(path) => path.to_owned(),
            None => self.fill(&format!("@/{}", place.file)),
        }
    }

    /// With nothing but these variables in the environment, in the folder `work`.
    fn run(&self, variables: &[(&str, &str)], options: &[&str]) -> Output {
        let mut verify = sigpolicy("verify");
        verify
            .args(["docker://registry.example/app:1", "--manifest"])
            .arg(self.path("manifest.json"))
            .args(options);
        self.run_program(&verify, variables)
    }

    fn run_program(&self, program: &Command, variables: &[(&str, &str)]) -> Output {
        let prepare = "mount --bind \"$DIR/etc\" /etc && mount --bind \"$DIR/share\" /usr/share \
             && cd \"$DIR/work\" && exec \"$@\"";
        let run = |unshare: &str| {
            Command::new("unshare")
                .args([unshare, "sh", "-c", prepare, "sh"])
                .args(["setpriv", "--bounding-set=-all", "--inh-caps=-all"])
                .args(["env", "-i"])
                .args(
                    variables
                        .iter()
                        .map(|(name, value)| format!("{name}={}", self.fill(value))),
                )
                .arg(program.get_program())
                .args(program.get_args())
                .env("DIR", self.folder.path())
                .output()
                .expect("unshare is installed: apt-get install util-linux")
        };
        let output = run("-m");
        let told = |output: &Output| output.status.code() == Some(0) || !output.stdout.is_empty();
        if told(&output) { output } else { run("-rm") }
    }

    fn verify(&self, variables: &[(&str, &str)]) -> Said {
        let output = self.run(variables, &["--json"]);
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "needs root or user namespaces: {error}: {}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        Said {
            code: output.status.code(),
            json,
        }
    }

    /// That this place's policy decides, and how.
    fn assert_decides(&self, place: Place, variables: &[(&str, &str)], code: i32) {
        let said = self.verify(variables);
        assert_eq!(said.code, Some(code), "{place:?}: {said:#?}");
        let bytes = fs::read(self.path(place.file)).expect("the policy");
        let mut policy = serde_json::json!({
            "place": place.name,
            "file": self.seen(place),
            "digest": Digest::of(&bytes).to_string(),
        });
        let mut shadowed = [SYSTEM, VENDOR].into_iter();
        let shadowed = shadowed.find(|other| self.path(other.file).exists());
        let is_user = place.seen.is_none() && place.name != NAMED.name;
        if let Some(shadowed) = shadowed.filter(|_| is_user) {
            policy["shadows"] = self.seen(shadowed).into();
        }
        assert_eq!(said.json["policy"], policy, "{place:?}: {said:#?}");
    }

    /// That there is no verdict.
    fn assert_undecided(&self, variables: &[(&str, &str)]) -> Value {
        let said = self.verify(variables);
        assert_eq!(said.code, Some(2), "{said:#?}");
        let error = said.json["error"].clone();
        let code = error["code"].as_str().expect("a code");
        assert!(code.starts_with("policy-"), "{said:#?}");
        error
    }
}

#[test]
fn a_strict_policy_in_an_earlier_place_decides_before_lax_ones() {
    for user in USERS {
        let machine = Machine::new();
        for place in [VENDOR, SYSTEM, user] {
            machine.put(place, REJECT);
            machine.assert_decides(place, user.variables, 1);
            machine.put(place, ACCEPT);
            machine.assert_decides(place, user.variables, 0);
        }
        machine.put(NAMED, REJECT);
        let variables = [user.variables, NAMED.variables].concat();
        machine.assert_decides(NAMED, &variables, 1);
    }
}

/// x14: the user's policy decides, and nobody would know.
#[test]
fn lint_tells_that_the_users_policy_stands_before_the_systems() {
    for user in USERS {
        let machine = Machine::new();
        machine.put(user, REJECT);
        let lint = || {
            let output = machine.run_program(&sigpolicy("lint"), user.variables);
            (
                output.status.code(),
                String::from_utf8(output.stdout).expect("UTF-8"),
            )
        };
        let file = machine.seen(user);
        assert_eq!(lint(), (Some(0), format!("{file}: nothing found\n")));
        for shadowed in [VENDOR, SYSTEM] {
            machine.put(shadowed, ACCEPT);
            let other = machine.seen(shadowed);
            let expected = format!(
                "\
warning[user-policy-shadows-system]: the user's policy decides here, and {other} is not read
 --> {file}
  = help: remove the user's policy if the other is meant to decide; whoever runs the program without this user's \
                 environment is judged by the other

{file}: 1 warning
"
            );
            assert_eq!(lint(), (Some(1), expected));
        }
        // The system's own is nobody's shadow, and neither is one that is named.
        fs::remove_file(machine.path(user.file)).expect("a file");
        let (_, text) = lint();
        assert!(!text.contains("user-policy-shadows-system"), "{text}");
        machine.put(user, REJECT);
        let mut named = sigpolicy("lint");
        named.arg(&file);
        let output = machine.run_program(&named, user.variables);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
}

#[test]
fn a_policy_that_an_option_names_decides_before_all_others() {
    let machine = Machine::new();
    for place in ALL {
        machine.put(place, ACCEPT);
    }
    machine.write("explicit.json", REJECT);
    let explicit = machine.path("explicit.json");
    let explicit = explicit.to_str().expect("UTF-8");
    let variables = [NAMED.variables, CONFIG_HOME.variables].concat();
    let options = ["--policy", explicit];
    let output = machine.run(&variables, &[&options[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let digest = Digest::of(REJECT.as_bytes()).to_string();
    assert_eq!(json["policy"]["file"], explicit);
    assert_eq!(json["policy"]["digest"], digest);
    // The text shortens a long path in its middle.
    let output = machine.run(&variables, &options);
    let printed = String::from_utf8_lossy(&output.stdout);
    let short: String = digest.chars().take(19).collect();
    let line = format!(".json:1, the default, {short}…\n");
    assert!(printed.contains("\n  policy:  /"), "{printed}");
    assert!(printed.contains(&line), "{printed}");
}

#[test]
fn the_user_configuration_directory_hides_the_home_directory() {
    let machine = Machine::new();
    machine.put(HOME, ACCEPT);
    machine.put(DATABASE, ACCEPT);
    machine.put(SYSTEM, REJECT);
    machine.assert_decides(SYSTEM, CONFIG_HOME.variables, 1);
    machine.put(CONFIG_HOME, ACCEPT);
    machine.assert_decides(CONFIG_HOME, CONFIG_HOME.variables, 0);
}

/// What it is, and what makes it of a path.
struct Fault(&'static str, fn(&Path));

/// Ways in which a policy cannot be read, though there is one or something in its place.
const FAULTS: [Fault; 6] = [
    Fault("a directory", |file| {
        fs::create_dir(file).expect("a folder")
    }),
    Fault("a link to itself", |file| {
        symlink("policy.json", file).expect("a link");
    }),
    Fault("a file without permission", |file| {
        fs::write(file, ACCEPT).expect("a file");
        forbid(file);
    }),
    Fault("a directory without permission", |file| {
        fs::write(file, ACCEPT).expect("a file");
        forbid(file.parent().expect("a parent"));
    }),
    Fault("a path through a file", |file| {
        let directory = file.parent().expect("a parent");
        fs::remove_dir(directory).expect("a folder");
        fs::write(directory, "").expect("a file");
    }),
    Fault("a named pipe", |file| {
        let made = Command::new("mkfifo").arg(file).status().expect("mkfifo");
        assert!(made.success());
    }),
];

fn forbid(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("permissions");
}

fn permit(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("permissions");
}

#[test]
fn a_fault_in_any_place_is_an_error_and_no_laxer_policy_decides() {
    for place in ALL {
        for Fault(fault, make) in FAULTS {
            // A pipe that is named is one that somebody writes to.
            if place == NAMED && fault == "a named pipe" {
                continue;
            }
            let machine = Machine::new();
            // Lax policies everywhere but in the places before it.
            for other in ALL.into_iter().filter(|other| *other != place) {
                let before = match place {
                    SYSTEM => other == HOME,
                    VENDOR => other == HOME || other == SYSTEM,
                    _ => false,
                };
                if !before {
                    machine.put(other, ACCEPT);
                }
            }
            let file = machine.file(place);
            make(&file);
            let error = machine.assert_undecided(place.variables);
            permit(file.parent().expect("a parent"));
            let message = error["message"].as_str().expect("a message");
            let start = format!("{}: the policy cannot be read (", machine.seen(place));
            assert!(message.starts_with(&start), "{fault}: {message}");
            let policy = serde_json::json!({"place": place.name, "file": machine.seen(place)});
            assert_eq!(error["policy"]["origin"], policy, "{fault}");
        }
    }
}

#[test]
fn an_invalid_policy_in_any_place_is_an_error_with_its_digest() {
    for place in ALL {
        let machine = Machine::new();
        if place != VENDOR {
            machine.put(VENDOR, ACCEPT);
        }
        let text = r#"{"default": []}"#;
        machine.put(place, text);
        let error = machine.assert_undecided(place.variables);
        let digest = Digest::of(text.as_bytes()).to_string();
        assert_eq!(error["policy"]["origin"]["digest"], digest);
        let message = error["message"].as_str().expect("a message");
        let start = format!("{}:1:13: default: ", machine.seen(place));
        assert!(message.starts_with(&start), "{message}");
        assert!(message.ends_with(&format!(", {digest})")), "{message}");
    }
}

#[test]
fn a_link_to_nothing_is_skipped_where_a_missing_file_is() {
    for place in SEARCHED {
        let machine = Machine::new();
        symlink("nothing", machine.file(place)).expect("a link");
        if place == VENDOR {
            machine.assert_undecided(place.variables);
            continue;
        }
        machine.put(VENDOR, REJECT);
        machine.assert_decides(VENDOR, place.variables, 1);
    }
    let machine = Machine::new();
    machine.put(SYSTEM, ACCEPT);
    symlink("nothing", machine.file(NAMED)).expect("a link");
    machine.assert_undecided(NAMED.variables);
}

#[test]
fn the_policy_that_a_variable_names_is_missing_relative_or_empty() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    for missing in [
        "@/named/policy.json",
        "policy.json",
        "/etc",
        "/etc/containers/policy.json/",
    ] {
        let error = machine.assert_undecided(&[("CONTAINERS_POLICY_JSON", missing)]);
        assert_eq!(error["policy"]["origin"]["place"], NAMED.name, "{missing}");
        let message = error["message"].as_str().expect("a message");
        assert!(
            message.ends_with("(named by CONTAINERS_POLICY_JSON)"),
            "{message}"
        );
    }
    // Relative to the working directory.
    machine.write("work/policy.json", REJECT);
    let relative = Place {
        file: "work/policy.json",
        ..NAMED
    };
    machine.assert_decides(relative, &[("CONTAINERS_POLICY_JSON", "policy.json")], 1);
    let variables = [HOME.variables, &[("CONTAINERS_POLICY_JSON", "")]].concat();
    machine.assert_decides(HOME, &variables, 0);
}

#[test]
fn a_user_directory_that_is_empty_or_relative_is_refused_by_its_variable() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    // What would be found below the working directory.
    machine.write("work/containers/policy.json", ACCEPT);
    machine.write("work/below/containers/policy.json", ACCEPT);
    machine.write("work/below/.config/containers/policy.json", ACCEPT);
    machine.write("work/.config/containers/policy.json", ACCEPT);
    for (variable, value, state) in [
        ("XDG_CONFIG_HOME", "", "is empty"),
        ("XDG_CONFIG_HOME", "below", "is `below`"),
        ("XDG_CONFIG_HOME", ".", "is `.`"),
        ("HOME", "below", "is `below`"),
        ("HOME", ".", "is `.`"),
    ] {
        let error = machine.assert_undecided(&[(variable, value)]);
        let message = format!("{variable} must be an absolute path, but {state}");
        assert_eq!(error["message"], message);
        assert_eq!(error["policy"]["origin"], Value::Null);
    }
}

#[test]
fn the_user_database_names_the_home_directory_where_no_variable_does() {
    let machine = Machine::new();
    machine.put(DATABASE, REJECT);
    machine.put(SYSTEM, ACCEPT);
    for variables in [
        &[][..],
        &[("HOME", "")],
        &[("_CONTAINERS_ROOTLESS_UID", "")],
        &[("HOME", ""), ("_CONTAINERS_ROOTLESS_UID", "0")],
    ] {
        machine.assert_decides(DATABASE, variables, 1);
    }
    // The user of the namespace's owner.
    let user = Place {
        file: "user/.config/containers/policy.json",
        ..DATABASE
    };
    machine.put(user, REJECT);
    machine.put(DATABASE, ACCEPT);
    machine.assert_decides(user, &[("_CONTAINERS_ROOTLESS_UID", "64321")], 1);
    for directory in ["", "relative"] {
        machine.write("etc/passwd", &format!("root:x:0:0::{directory}:/bin/sh\n"));
        // glibc itself takes such an entry as it stands.
        let error = machine.assert_undecided(&[]);
        let message = error["message"].as_str().expect("a message");
        assert!(
            message.starts_with("the home directory in the user database must be"),
            "{message}"
        );
    }
}

#[test]
fn a_user_database_without_an_entry_or_without_an_answer_is_an_error() {
    let machine = Machine::new();
    for place in ALL {
        machine.put(place, ACCEPT);
    }
    let unknown = |variables: &[(&str, &str)]| {
        let error = machine.assert_undecided(variables);
        let message = error["message"].as_str().expect("a message").to_owned();
        assert!(
            message.ends_with(": set HOME or CONTAINERS_POLICY_JSON"),
            "{message}"
        );
        message
    };
    let message = unknown(&[("_CONTAINERS_ROOTLESS_UID", "12321")]);
    assert!(message.starts_with("HOME is unset, and the user database "));
    assert!(message.contains(" the user ID 12321"), "{message}");
    let message = unknown(&[("_CONTAINERS_ROOTLESS_UID", "12321"), ("HOME", "")]);
    assert!(message.starts_with("HOME is empty, and the user database "));
    let error = machine.assert_undecided(&[("_CONTAINERS_ROOTLESS_UID", "root")]);
    assert_eq!(
        error["message"],
        "_CONTAINERS_ROOTLESS_UID is `root`, which is not a user ID"
    );
    machine.write("etc/passwd", "");
    unknown(&[]);
    forbid(&machine.path("etc/passwd"));
    unknown(&[]);
    fs::remove_file(machine.path("etc/passwd")).expect("a file");
    unknown(&[]);
    // Whatever is named is enough.
    machine.assert_decides(NAMED, NAMED.variables, 0);
    machine.assert_decides(CONFIG_HOME, CONFIG_HOME.variables, 0);
    machine.assert_decides(HOME, HOME.variables, 0);
}

#[test]
fn where_there_is_no_policy_every_path_and_variable_is_named() {
    let machine = Machine::new();
    for (variables, tried, looked_at) in [
        (
            CONFIG_HOME.variables,
            CONFIG_HOME,
            "CONTAINERS_POLICY_JSON is unset, XDG_CONFIG_HOME is `@/configuration`",
        ),
        (
            HOME.variables,
            HOME,
            "CONTAINERS_POLICY_JSON is unset, XDG_CONFIG_HOME is unset, HOME is `@/home`",
        ),
        (
            &[("HOME", ""), ("CONTAINERS_POLICY_JSON", "")],
            DATABASE,
            "CONTAINERS_POLICY_JSON is empty, XDG_CONFIG_HOME is unset, HOME is empty, \
             _CONTAINERS_ROOTLESS_UID is unset",
        ),
    ] {
        let error = machine.assert_undecided(variables);
        assert_eq!(
            error["message"],
            format!(
                "there is no policy; tried {}, /etc/containers/policy.json, \
                 /usr/share/containers/policy.json; {}",
                machine.seen(tried),
                machine.fill(looked_at)
            )
        );
    }
}
