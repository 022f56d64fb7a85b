//! The user's home directory, and what is said where there is no policy.

use super::*;

#[test]
fn the_home_directory_is_in_the_user_database_where_no_variable_has_it() {
    let machine = Machine::new();
    machine.put(PolicyPlace::UserDatabase, REJECT);
    machine.put(PolicyPlace::System, ACCEPT);
    machine.write("other/.config/containers/policy.json", REJECT);
    let file = |variables: &[(&'static str, &str)]| {
        let paths = machine.paths(variables.iter().map(|(name, value)| (*name, value.into())));
        assert_eq!(
            decides(&paths),
            (PolicyPlace::UserDatabase, Requirement::Reject)
        );
        Policy::find(&paths).unwrap()
    };
    let (users, others) = (
        machine.file(PolicyPlace::UserDatabase),
        machine.path("other/.config/containers/policy.json"),
    );
    assert_eq!(file(&[]), users);
    assert_eq!(file(&[("HOME", "")]), users);
    assert_eq!(file(&[("_CONTAINERS_ROOTLESS_UID", "")]), users);
    assert_eq!(file(&[("_CONTAINERS_ROOTLESS_UID", "64321")]), users);
    assert_eq!(file(&[("_CONTAINERS_ROOTLESS_UID", "5")]), others);
    assert_eq!(
        file(&[("HOME", ""), ("_CONTAINERS_ROOTLESS_UID", "05")]),
        others
    );
    let home = machine.path("home");
    let known = machine.paths([
        ("HOME", home.clone().into()),
        ("_CONTAINERS_ROOTLESS_UID", "5".into()),
    ]);
    assert_eq!(decides(&known).0, PolicyPlace::System);
}

#[test]
fn a_user_whose_home_directory_is_unknown_gets_no_policy() {
    let machine = Machine::new();
    for place in SEARCHED {
        machine.put(place, ACCEPT);
    }
    let with = |variables: &[(&'static str, &str)]| {
        machine.paths(variables.iter().map(|(name, value)| (*name, value.into())))
    };
    let uid = "_CONTAINERS_ROOTLESS_UID";
    for (paths, message) in [
        (
            with(&[(uid, "6")]),
            "HOME is unset, and the user database has no entry for the user ID 6: \
             set HOME or CONTAINERS_POLICY_JSON",
        ),
        (
            with(&[("HOME", ""), (uid, "4294967295")]),
            "HOME is empty, and the user database has no entry for the user ID 4294967295: \
             set HOME or CONTAINERS_POLICY_JSON",
        ),
        (
            with(&[]).with_passwd(machine.path("missing")),
            "HOME is unset, and the user database cannot be queried for the user ID 64321: \
             set HOME or CONTAINERS_POLICY_JSON",
        ),
        (
            with(&[]).with_passwd(machine.path("home")),
            "HOME is unset, and the user database cannot be queried for the user ID 64321: \
             set HOME or CONTAINERS_POLICY_JSON",
        ),
    ] {
        let error = lost(&paths);
        assert_eq!(error.to_string(), message);
        assert_eq!(
            error.source().is_some(),
            message.contains("cannot be queried")
        );
    }
    for value in ["x", "-1", "+5", "5 ", "5x", "4294967296", "0x5", "٥"] {
        let error = lost(&with(&[(uid, value)]));
        assert_eq!(
            error.to_string(),
            format!("{uid} is `{value}`, which is not a user ID")
        );
    }
    let bytes = OsString::from_vec(vec![b'5', 0xFF]);
    let error = lost(&machine.paths([(uid, bytes)]));
    assert!(matches!(error.kind(), PolicyErrorKind::NotAUserId { .. }));
}

#[test]
fn where_there_is_none_every_path_and_variable_is_named() {
    let machine = Machine::new();
    let folder = machine.folder.path().display().to_string();
    let of_system = format!(
        "{folder}/root/etc/containers/policy.json, {folder}/root/usr/share/containers/policy.json"
    );
    for (variables, user, told) in [
        (
            &[("XDG_CONFIG_HOME", "configuration"), ("HOME", "home")][..],
            "configuration/containers/policy.json",
            "CONTAINERS_POLICY_JSON is unset, XDG_CONFIG_HOME is `@/configuration`",
        ),
        (
            &[("CONTAINERS_POLICY_JSON", ""), ("HOME", "home")],
            "home/.config/containers/policy.json",
            "CONTAINERS_POLICY_JSON is empty, XDG_CONFIG_HOME is unset, HOME is `@/home`",
        ),
        (
            &[],
            "database/.config/containers/policy.json",
            "CONTAINERS_POLICY_JSON is unset, XDG_CONFIG_HOME is unset, HOME is unset, \
             _CONTAINERS_ROOTLESS_UID is unset",
        ),
        (
            &[("HOME", "")],
            "database/.config/containers/policy.json",
            "CONTAINERS_POLICY_JSON is unset, XDG_CONFIG_HOME is unset, HOME is empty, \
             _CONTAINERS_ROOTLESS_UID is unset",
        ),
    ] {
        let values = variables.iter().map(|(name, value)| match *value {
            "" => (*name, OsString::new()),
            value => (*name, machine.path(value).into()),
        });
        let error = lost(&machine.paths(values));
        assert_eq!(
            error.to_string(),
            format!(
                "there is no policy; tried {folder}/{user}, {of_system}; {}",
                told.replace('@', &folder)
            )
        );
        let PolicyErrorKind::NotFound { tried, variables } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(tried.len(), 3);
        assert_eq!(variables[0].name, "CONTAINERS_POLICY_JSON");
    }
}
