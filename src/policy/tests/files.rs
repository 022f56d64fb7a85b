//! Reading files, and finding the system's.

use std::error::Error;
use std::fs;

use super::*;

const REJECT: &str = r#"{"default": [{"type": "reject"}]}"#;

#[test]
fn errors_name_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.json");
    let name = path.display();

    let error = Policy::from_file(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{name}: the policy cannot be read")
    );
    assert!(error.source().unwrap().to_string().contains("No such file"));
    assert_eq!(
        (error.file(), error.line(), error.path()),
        (Some(&*path), None, "")
    );

    fs::write(&path, "{\"default\":\n [{\"type\": \"rejects\"}]}").unwrap();
    let error = Policy::from_file(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{name}:2:12: default[0].type: unknown requirement type \"rejects\"; did you mean `reject`?"
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

#[test]
#[cfg(not(target_os = "freebsd"))]
fn the_systems_policy() {
    let directory = tempfile::tempdir().unwrap();
    let (home, root) = (directory.path().join("home"), directory.path().join("root"));
    let paths = SystemPaths::new().with_home(&home).with_root(&root);
    let user = home.join(".config/containers/policy.json");
    let system = root.join("etc/containers/policy.json");

    let error = Policy::find(&paths).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "there is no policy; tried {}, {}",
            user.display(),
            system.display()
        )
    );
    let error = Policy::from_system(&paths).unwrap_err();
    assert!(
        matches!(error.kind(), PolicyErrorKind::NotFound { tried } if *tried == [user.clone(), system.clone()])
    );

    fs::create_dir_all(system.parent().unwrap()).unwrap();
    fs::write(&system, REJECT).unwrap();
    assert_eq!(Policy::find(&paths).unwrap(), system);
    assert_eq!(
        Policy::from_system(&paths).unwrap(),
        Policy::new(Requirement::Reject)
    );

    fs::create_dir_all(user.parent().unwrap()).unwrap();
    fs::write(&user, "x").unwrap();
    assert_eq!(Policy::find(&paths).unwrap(), user);
    let error = Policy::from_system(&paths).unwrap_err();
    assert_eq!(error.file(), Some(&*user));
    assert_eq!(
        Policy::find(&SystemPaths::new().with_root(&root)).unwrap(),
        system
    );

    let explicit = directory.path().join("missing.json");
    let paths = paths.with_policy(&explicit);
    assert_eq!(Policy::find(&paths).unwrap(), explicit);
    assert!(matches!(
        Policy::from_system(&paths).unwrap_err().kind(),
        PolicyErrorKind::Read { .. }
    ));
}

#[test]
#[cfg(all(unix, not(target_os = "freebsd")))]
fn a_policy_that_is_there_and_cannot_be_read_is_not_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let (home, root) = (directory.path().join("home"), directory.path().join("root"));
    let paths = SystemPaths::new().with_home(&home).with_root(&root);
    let system = root.join("etc/containers/policy.json");
    fs::create_dir_all(system.parent().unwrap()).unwrap();
    fs::write(&system, REJECT).unwrap();
    let user = home.join(".config/containers/policy.json");

    fs::create_dir_all(&user).unwrap();
    let error = Policy::from_system(&paths).unwrap_err();
    assert_eq!(error.file(), Some(&*user));
    assert!(matches!(error.kind(), PolicyErrorKind::Read { .. }));

    // A link to itself exists and leads nowhere.
    fs::remove_dir(&user).unwrap();
    std::os::unix::fs::symlink(&user, &user).unwrap();
    let error = Policy::find(&paths).unwrap_err();
    assert_eq!(error.file(), Some(&*user));

    // Where a file stands in place of a directory, there is no policy below.
    fs::remove_dir_all(&home).unwrap();
    fs::write(&home, "").unwrap();
    assert_eq!(Policy::find(&paths).unwrap(), system);
}
