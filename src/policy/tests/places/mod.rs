//! Finding the system's policy. The places, the variables and the user are made up: nothing here depends on those of
//! the process.

mod homes;

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::digest::Digest;

const REJECT: &str = r#"{"default": [{"type": "reject"}]}"#;
const ACCEPT: &str = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;

/// The user of all these tests.
const USER: u32 = 64321;

/// The places where a policy need not be, and what sends the search there.
const SEARCHED: [PolicyPlace; 6] = [
    PolicyPlace::XdgConfigHome,
    PolicyPlace::Home,
    PolicyPlace::GivenHome,
    PolicyPlace::UserDatabase,
    PolicyPlace::System,
    PolicyPlace::Vendor,
];

/// The places where it must be.
const NAMED: [PolicyPlace; 2] = [PolicyPlace::Explicit, PolicyPlace::ContainersPolicyJson];

/// A machine in a temporary folder.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let entry = format!(
            "other:x:5:5::{0}/other:/bin/sh\nuser:x:{USER}:5:A User:{0}/database:/bin/sh\n",
            machine.path("").to_str().unwrap().trim_end_matches('/')
        );
        machine.write("passwd", &entry);
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Where the policy of a place is.
    fn file(&self, place: PolicyPlace) -> PathBuf {
        self.path(match place {
            PolicyPlace::Explicit => "explicit/policy.json",
            PolicyPlace::ContainersPolicyJson => "named/policy.json",
            PolicyPlace::XdgConfigHome => "configuration/containers/policy.json",
            PolicyPlace::Home => "home/.config/containers/policy.json",
            PolicyPlace::GivenHome => "given/.config/containers/policy.json",
            PolicyPlace::UserDatabase => "database/.config/containers/policy.json",
            PolicyPlace::System => "root/etc/containers/policy.json",
            PolicyPlace::Vendor => "root/usr/share/containers/policy.json",
            other => panic!("no file is in {other:?}"),
        })
    }

    fn put(&self, place: PolicyPlace, text: &str) {
        let path = self.file(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// With these variables.
    fn paths<'a>(&self, variables: impl IntoIterator<Item = (&'a str, OsString)>) -> SystemPaths {
        let variables: BTreeMap<&str, OsString> = variables.into_iter().collect();
        SystemPaths::for_user(USER, |name| variables.get(name).cloned())
            .with_root(self.path("root"))
            .with_passwd(self.path("passwd"))
    }

    /// So that this place is looked at, or the first one of the user that is.
    fn paths_to(&self, place: PolicyPlace) -> SystemPaths {
        let value = |path: &str| OsString::from(self.path(path));
        match place {
            PolicyPlace::Explicit => self.paths([]).with_policy(self.file(place)),
            PolicyPlace::ContainersPolicyJson => {
                self.paths([("CONTAINERS_POLICY_JSON", self.file(place).into())])
            }
            PolicyPlace::XdgConfigHome => self.paths([("XDG_CONFIG_HOME", value("configuration"))]),
            PolicyPlace::GivenHome => self
                .paths([("HOME", value("home"))])
                .with_home(self.path("given")),
            PolicyPlace::UserDatabase => self.paths([]),
            _ => self.paths([("HOME", value("home"))]),
        }
    }
}

/// The place and the requirement that decide.
fn decides(paths: &SystemPaths) -> (PolicyPlace, Requirement) {
    let policy = Policy::from_system(paths).unwrap_or_else(|error| panic!("{error}"));
    let requirement = policy.default_requirements().as_slice()[0].clone();
    let found = Policy::find(paths).unwrap();
    assert_eq!(policy.origin().file.as_deref(), Some(&*found));
    assert_eq!(
        policy.origin().digest,
        Some(Digest::of(&fs::read(&found).unwrap()))
    );
    (policy.origin().place, requirement)
}

fn refused(paths: &SystemPaths) -> PolicyError {
    match Policy::from_system(paths) {
        Ok(policy) => panic!("{}", policy.origin()),
        Err(error) => error,
    }
}

/// The same error, read or only looked for.
fn lost(paths: &SystemPaths) -> PolicyError {
    let error = refused(paths);
    let found = Policy::find(paths).unwrap_err();
    assert_eq!(error.to_string(), found.to_string());
    assert!(error.origin().is_none());
    error
}

#[test]
fn each_place_counts_before_those_after_it() {
    for user in [
        PolicyPlace::XdgConfigHome,
        PolicyPlace::Home,
        PolicyPlace::GivenHome,
        PolicyPlace::UserDatabase,
    ] {
        let machine = Machine::new();
        let paths = machine.paths_to(user);
        assert!(matches!(
            lost(&paths).kind(),
            PolicyErrorKind::NotFound { .. }
        ));
        // A strict policy in each place, above nothing but lax ones.
        for place in [PolicyPlace::Vendor, PolicyPlace::System, user] {
            machine.put(place, REJECT);
            assert_eq!(decides(&paths), (place, Requirement::Reject));
            machine.put(place, ACCEPT);
        }
        let paths = paths.with_policy(machine.file(PolicyPlace::Explicit));
        machine.put(PolicyPlace::Explicit, REJECT);
        assert_eq!(
            decides(&paths),
            (PolicyPlace::Explicit, Requirement::Reject)
        );
    }
}

#[test]
fn the_variables_by_rank() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    let variables = [
        ("CONTAINERS_POLICY_JSON", PolicyPlace::ContainersPolicyJson),
        ("XDG_CONFIG_HOME", PolicyPlace::XdgConfigHome),
        ("HOME", PolicyPlace::Home),
        ("_CONTAINERS_ROOTLESS_UID", PolicyPlace::UserDatabase),
    ];
    let values = |count: usize| {
        let all: [(&str, OsString); 4] = [
            ("_CONTAINERS_ROOTLESS_UID", "5".into()),
            ("HOME", machine.path("home").into()),
            ("XDG_CONFIG_HOME", machine.path("configuration").into()),
            (
                "CONTAINERS_POLICY_JSON",
                machine.file(PolicyPlace::ContainersPolicyJson).into(),
            ),
        ];
        all.into_iter().take(count)
    };
    machine.write("other/.config/containers/policy.json", REJECT);
    for (count, (_, place)) in (1..).zip(variables.into_iter().rev()) {
        if place != PolicyPlace::UserDatabase {
            machine.put(place, REJECT);
        }
        let decided = decides(&machine.paths(values(count)));
        assert_eq!(decided, (place, Requirement::Reject));
        if place != PolicyPlace::UserDatabase {
            machine.put(place, ACCEPT);
        }
    }
    // A home directory that the program names counts in place of `HOME` alone.
    let named = |count| {
        machine
            .paths(values(count))
            .with_home(machine.path("given"))
    };
    assert_eq!(decides(&named(2)).0, PolicyPlace::GivenHome);
    assert_eq!(decides(&named(3)).0, PolicyPlace::XdgConfigHome);
    assert_eq!(decides(&named(4)).0, PolicyPlace::ContainersPolicyJson);
}

#[test]
fn without_environment_only_the_systems_own_places_count() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    machine.put(PolicyPlace::System, REJECT);
    let paths = SystemPaths::new().with_root(machine.path("root"));
    assert_eq!(decides(&paths), (PolicyPlace::System, Requirement::Reject));
    let paths = paths.with_home(machine.path("given"));
    assert_eq!(decides(&paths).0, PolicyPlace::GivenHome);
    fs::remove_dir_all(machine.path("given")).unwrap();
    fs::remove_dir_all(machine.path("root")).unwrap();
    assert_eq!(
        lost(&paths).to_string(),
        format!(
            "there is no policy; tried {0}/given/.config/containers/policy.json, \
             {0}/root/etc/containers/policy.json, {0}/root/usr/share/containers/policy.json",
            machine.folder.path().display()
        )
    );
}

/// What it is, and what makes it of a path.
struct Fault(&'static str, fn(&Path));

/// Ways in which a file cannot be read, though it would be wrong to say that there is none: each puts something in
/// place of the file, or of a directory on the way to it.
const FAULTS: [Fault; 6] = [
    Fault("a directory", |file| fs::create_dir_all(file).unwrap()),
    Fault("a link to a directory", |file| symlink("/", file).unwrap()),
    Fault("a link to itself", |file| {
        symlink("policy.json", file).unwrap();
    }),
    Fault("a path through a file", |file| {
        let directory = file.parent().unwrap();
        fs::remove_dir(directory).unwrap();
        fs::write(directory, "").unwrap();
    }),
    Fault("a link through a file", |file| {
        fs::write(file.with_file_name("file"), "").unwrap();
        symlink("file/policy.json", file).unwrap();
    }),
    Fault("a socket", |file| {
        UnixListener::bind(file).unwrap();
    }),
];

#[test]
fn a_fault_is_told_in_each_place_and_no_laxer_policy_decides() {
    for place in NAMED.into_iter().chain(SEARCHED) {
        for Fault(fault, make) in FAULTS {
            let machine = Machine::new();
            for other in SEARCHED.into_iter().filter(|other| *other != place) {
                machine.put(other, ACCEPT);
            }
            // The places before it are empty.
            if matches!(place, PolicyPlace::System | PolicyPlace::Vendor) {
                fs::remove_file(machine.file(PolicyPlace::Home)).unwrap();
            }
            if place == PolicyPlace::Vendor {
                fs::remove_file(machine.file(PolicyPlace::System)).unwrap();
            }
            let file = machine.file(place);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            make(&file);
            let error = refused(&machine.paths_to(place));
            let PolicyErrorKind::Read { source } = error.kind() else {
                panic!("{fault} in {place:?}: {error}");
            };
            assert_eq!(
                error.to_string(),
                format!("{}: the policy cannot be read ({place})", file.display()),
                "{fault}: {source}"
            );
            assert_eq!(error.source().unwrap().to_string(), source.to_string());
            assert_eq!(error.origin().unwrap().digest, None);
        }
    }
}

#[test]
fn a_policy_that_is_wrong_is_told_in_each_place() {
    for place in NAMED.into_iter().chain(SEARCHED) {
        for text in ["", "x", "{}", r#"{"default": []}"#] {
            let machine = Machine::new();
            if place != PolicyPlace::Vendor {
                machine.put(PolicyPlace::Vendor, ACCEPT);
            }
            machine.put(place, text);
            let error = refused(&machine.paths_to(place));
            let message = error.to_string();
            assert!(message.starts_with(machine.file(place).to_str().unwrap()));
            let end = format!(" ({place}, {})", Digest::of(text.as_bytes()));
            assert!(message.ends_with(&end), "{message}");
        }
    }
}

#[test]
fn a_link_to_nothing_is_no_policy() {
    for place in SEARCHED {
        let machine = Machine::new();
        let file = machine.file(place);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        symlink(machine.path("nothing"), &file).unwrap();
        let paths = machine.paths_to(place);
        assert!(matches!(
            lost(&paths).kind(),
            PolicyErrorKind::NotFound { .. }
        ));
        if place != PolicyPlace::Vendor {
            machine.put(PolicyPlace::Vendor, REJECT);
            assert_eq!(decides(&paths).0, PolicyPlace::Vendor);
        }
    }
    for place in NAMED {
        let machine = Machine::new();
        machine.put(PolicyPlace::System, ACCEPT);
        let file = machine.file(place);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        symlink(machine.path("nothing"), &file).unwrap();
        assert!(matches!(
            refused(&machine.paths_to(place)).kind(),
            PolicyErrorKind::Read { .. }
        ));
    }
}

#[test]
fn a_link_to_a_policy_is_a_policy() {
    for place in NAMED.into_iter().chain(SEARCHED) {
        let machine = Machine::new();
        machine.write("elsewhere.json", REJECT);
        machine.write("root/elsewhere.json", REJECT);
        let file = machine.file(place);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let target = match place {
            PolicyPlace::System | PolicyPlace::Vendor => PathBuf::from("/elsewhere.json"),
            _ => machine.path("elsewhere.json"),
        };
        symlink(target, &file).unwrap();
        let policy = Policy::from_system(&machine.paths_to(place)).unwrap();
        assert_eq!(policy.origin().file.as_deref(), Some(&*file));
    }
}

#[test]
fn no_link_leads_out_of_the_root() {
    // An image's root, on a machine whose own policy accepts anything.
    for place in [PolicyPlace::System, PolicyPlace::Vendor] {
        for target in [
            "ABSOLUTE/policy.json",
            // One more than there are directories, so that it would be beside the root.
            "../../../policy.json",
            "../../../../policy.json",
        ] {
            let machine = Machine::new();
            machine.write("policy.json", ACCEPT);
            let file = machine.file(place);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let target = target.replace("ABSOLUTE", machine.path("").to_str().unwrap());
            symlink(target, &file).unwrap();
            let paths = SystemPaths::new().with_root(machine.path("root"));
            assert!(matches!(
                lost(&paths).kind(),
                PolicyErrorKind::NotFound { .. }
            ));
        }
    }
    // As distributions have it: /etc is a link, or its folder of containers is.
    for (link, target) in [
        ("root/etc", "/usr/etc"),
        ("root/etc", "usr/etc"),
        ("root/etc", "../../usr/etc"),
    ] {
        let machine = Machine::new();
        machine.write("root/usr/etc/containers/policy.json", REJECT);
        machine.put(PolicyPlace::Vendor, ACCEPT);
        symlink(target, machine.path(link)).unwrap();
        let paths = SystemPaths::new().with_root(machine.path("root"));
        let policy = Policy::from_system(&paths).unwrap();
        assert_eq!(policy, Policy::new(Requirement::Reject), "{target}");
        assert_eq!(
            policy.origin().file,
            Some(machine.file(PolicyPlace::System))
        );
    }
}

#[test]
fn a_policy_that_was_named_must_be_there() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    for place in NAMED {
        let paths = machine.paths_to(place);
        let error = refused(&paths);
        assert_eq!(
            error.to_string(),
            format!(
                "{}: the policy cannot be read ({place})",
                machine.file(place).display()
            )
        );
        assert!(error.source().unwrap().to_string().contains("No such file"));
        assert_eq!(Policy::find(&paths).unwrap(), machine.file(place));
    }
    // An empty name is none for the variable, and one for the program.
    let empty = machine.paths([
        ("CONTAINERS_POLICY_JSON", OsString::new()),
        ("HOME", machine.path("home").into()),
    ]);
    assert_eq!(decides(&empty).0, PolicyPlace::Home);
    assert_eq!(
        refused(&empty.with_policy("")).origin().unwrap().place,
        PolicyPlace::Explicit
    );
}

#[test]
fn the_policy_that_a_variable_names_is_not_below_the_alternative_root() {
    let machine = Machine::new();
    machine.put(PolicyPlace::ContainersPolicyJson, REJECT);
    let paths = machine.paths_to(PolicyPlace::ContainersPolicyJson);
    assert_eq!(decides(&paths).1, Requirement::Reject);
    let relative = machine.paths([("CONTAINERS_POLICY_JSON", "no-such-policy.json".into())]);
    let here = std::env::current_dir().unwrap();
    assert_eq!(
        refused(&relative).file(),
        Some(&*here.join("no-such-policy.json"))
    );
}

#[test]
fn what_is_named_is_enough() {
    // Nobody asks for a home directory then, nor does a bad variable matter that is not looked at.
    let machine = Machine::new();
    machine.put(PolicyPlace::ContainersPolicyJson, REJECT);
    let named = machine.file(PolicyPlace::ContainersPolicyJson);
    let paths = machine.paths([
        ("CONTAINERS_POLICY_JSON", named.into()),
        ("XDG_CONFIG_HOME", "relative".into()),
        ("HOME", "relative".into()),
        ("_CONTAINERS_ROOTLESS_UID", "x".into()),
    ]);
    assert_eq!(decides(&paths).0, PolicyPlace::ContainersPolicyJson);
    machine.put(PolicyPlace::XdgConfigHome, REJECT);
    let paths = machine.paths([
        ("XDG_CONFIG_HOME", machine.path("configuration").into()),
        ("HOME", "relative".into()),
        ("_CONTAINERS_ROOTLESS_UID", "x".into()),
    ]);
    assert_eq!(decides(&paths).0, PolicyPlace::XdgConfigHome);
}

#[test]
fn directories_of_the_user_must_be_absolute() {
    let machine = Machine::new();
    machine.put(PolicyPlace::System, ACCEPT);
    let with_xdg = |value: &str| machine.paths([("XDG_CONFIG_HOME", value.into())]);
    let in_database = |home: &str| {
        machine.write("passwd", &format!("user:x:{USER}:5::{home}:/bin/sh\n"));
        machine.paths([])
    };
    let cases = [
        (
            with_xdg(""),
            "XDG_CONFIG_HOME must be an absolute path, but is empty",
        ),
        (
            with_xdg("configuration"),
            "XDG_CONFIG_HOME must be an absolute path, but is `configuration`",
        ),
        (
            with_xdg("./a\nb"),
            "XDG_CONFIG_HOME must be an absolute path, but is `./a\\nb`",
        ),
        (
            machine.paths([("HOME", "home".into())]),
            "HOME must be an absolute path, but is `home`",
        ),
        (
            machine.paths([]).with_home(""),
            "the home directory that the program named must be an absolute path, but is empty",
        ),
        (
            SystemPaths::new().with_home("~"),
            "the home directory that the program named must be an absolute path, but is `~`",
        ),
        (
            in_database(""),
            "the home directory in the user database must be an absolute path, but is empty",
        ),
    ];
    for (paths, message) in cases {
        let error = lost(&paths);
        assert_eq!(error.to_string(), message);
        assert!(matches!(error.kind(), PolicyErrorKind::NotAbsolute { .. }));
    }
    assert_eq!(
        lost(&in_database("home")).to_string(),
        "the home directory in the user database must be an absolute path, but is `home`"
    );
}

#[test]
fn paths_are_cleaned_by_text() {
    // As Go joins them: `link/..` is where the link is, and not where it leads.
    let machine = Machine::new();
    fs::create_dir_all(machine.path("elsewhere/deep")).unwrap();
    symlink(machine.path("elsewhere/deep"), machine.path("link")).unwrap();
    machine.write("elsewhere/containers/policy.json", ACCEPT);
    machine.write("elsewhere/.config/containers/policy.json", ACCEPT);
    machine.write("elsewhere/etc/containers/policy.json", ACCEPT);
    machine.write("elsewhere/usr/share/containers/policy.json", ACCEPT);
    machine.write("containers/policy.json", REJECT);
    machine.write(".config/containers/policy.json", REJECT);
    let value = || OsString::from(machine.path("link/.."));
    for variable in ["XDG_CONFIG_HOME", "HOME"] {
        let paths = machine.paths([(variable, value())]);
        assert_eq!(decides(&paths).1, Requirement::Reject, "{variable}");
    }
    let paths = SystemPaths::new().with_root(value());
    assert!(matches!(
        lost(&paths).kind(),
        PolicyErrorKind::NotFound { .. }
    ));
    machine.write("usr/share/containers/policy.json", REJECT);
    assert_eq!(decides(&paths).1, Requirement::Reject);
    machine.write("etc/containers/policy.json", REJECT);
    assert_eq!(decides(&paths), (PolicyPlace::System, Requirement::Reject));
}
