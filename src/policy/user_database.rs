//! The home directory of a user, where the environment does not name it.

use std::io;
use std::path::{Path, PathBuf};

/// The home directory of a user according to the user database, or to a file in the format of passwd(5) instead; none
/// if it has no entry for the user.
///
/// # Errors
///
/// If the database cannot be queried.
#[cfg(unix)]
pub(super) fn home(user: u32, passwd: Option<&Path>) -> io::Result<Option<PathBuf>> {
    match passwd {
        Some(file) => in_file(file, user),
        None => in_system(user),
    }
}

/// There is no user database.
#[cfg(not(unix))]
pub(super) fn home(_: u32, _: Option<&Path>) -> io::Result<Option<PathBuf>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// By getpwuid_r(3), as os/user of Go does with cgo, and so podman as distributions build it: nsswitch.conf(5) says who
/// is asked. musl has no such modules: it reads `/etc/passwd`, and may ask nscd.
#[cfg(all(unix, not(all(target_env = "gnu", target_feature = "crt-static"))))]
fn in_system(user: u32) -> io::Result<Option<PathBuf>> {
    use nix::unistd::{Uid, User};

    Ok(User::from_uid(Uid::from_raw(user))?.map(|entry| entry.dir))
}

/// A static program on glibc must not ask it: glibc would load its modules into the program, which is sound only with
/// the modules of the very release that it was linked with. containers/image says the same of itself, and must be built
/// with `osusergo` then, which reads this one file.
#[cfg(all(unix, target_env = "gnu", target_feature = "crt-static"))]
fn in_system(user: u32) -> io::Result<Option<PathBuf>> {
    in_file(Path::new("/etc/passwd"), user)
}

/// By the first entry for the user in a file in the format of passwd(5).
#[cfg(unix)]
fn in_file(passwd: &Path, user: u32) -> io::Result<Option<PathBuf>> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    /// Room for a million entries.
    const LIMIT: usize = 64 * 1024 * 1024;

    let entries = crate::file::read(passwd, LIMIT).map_err(|error| match error {
        crate::file::ReadError::Io(error) => error,
        other => io::Error::other(other),
    })?;
    let home = entries
        .split(|byte| *byte == b'\n')
        .find_map(|line| home_in(line, user));
    Ok(home.map(|home| PathBuf::from(OsStr::from_bytes(home))))
}

/// The home directory in a line `name:password:uid:gid:gecos:home:shell`, if it is the user's. Comments, and the lines
/// with `+` and `-` that once included NIS, belong to nobody.
#[cfg(unix)]
fn home_in(line: &[u8], user: u32) -> Option<&[u8]> {
    let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
    let [name, _, id, _, _, home, _] = fields.as_slice() else {
        return None;
    };
    if matches!(name.first(), None | Some(b'#' | b'+' | b'-')) {
        return None;
    }
    let id: u32 = std::str::from_utf8(id).ok()?.parse().ok()?;
    (id == user).then_some(home)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::{home, home_in};

    #[test]
    fn lines_of_passwd() {
        for (line, expected) in [
            ("a:x:5:6:A:/home/a:/bin/sh", Some("/home/a")),
            ("a::5::::", Some("")),
            ("a:x:5:6:A:/home/a", None),
            ("a:x:5:6:A:/home/a:/bin/sh:more", None),
            ("a:x:50:6:A:/home/a:/bin/sh", None),
            ("a:x:5x:6:A:/home/a:/bin/sh", None),
            ("a:x::6:A:/home/a:/bin/sh", None),
            ("a:x:6:5:A:/home/a:/bin/sh", None),
            ("a:x:4294967301:6:A:/home/a:/bin/sh", None),
            ("#a:x:5:6:A:/home/a:/bin/sh", None),
            ("+a:x:5:6:A:/home/a:/bin/sh", None),
            ("-a:x:5:6:A:/home/a:/bin/sh", None),
            (":x:5:6:A:/home/a:/bin/sh", None),
            ("", None),
        ] {
            let home = home_in(line.as_bytes(), 5);
            assert_eq!(home, expected.map(str::as_bytes), "{line}");
        }
    }

    #[test]
    fn the_first_entry_of_a_file_counts() {
        let directory = tempfile::tempdir().unwrap();
        let passwd = directory.path().join("passwd");
        let asked = |user| home(user, Some(&passwd));
        assert_eq!(asked(5).unwrap_err().kind(), std::io::ErrorKind::NotFound);
        fs::write(
            &passwd,
            b"\xff:x:5:5::/first\xff:\nb:x:5:5::/second:\nc:x:7:7::/last:",
        )
        .unwrap();
        assert_eq!(asked(7).unwrap(), Some(PathBuf::from("/last")));
        assert_eq!(asked(6).unwrap(), None);
        let first = asked(5).unwrap().unwrap();
        assert!(first.to_string_lossy().starts_with("/first"));
        assert!(home(5, Some(directory.path())).is_err());
    }
}
