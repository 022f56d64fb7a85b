//! Asking the system who can write a file.

use std::path::Path;

use crate::verdict::FileAccess;

/// Who owns the file and who can write it; `None` if that is not known, as outside of Unix.
///
/// The rule is that of OpenSSH for the files that it trusts (`safe_path` in its `misc.c`, as Debian has it): the file
/// and its folder belong to root or to this process's user, and neither the group, unless it is root's or the owner's
/// own, nor others can write them. In a folder with the sticky bit, nobody can replace what is somebody else's.
pub(super) fn of(path: &Path) -> Option<FileAccess> {
    #[cfg(unix)]
    {
        unix::of(path)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Metadata};
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};

    use nix::unistd::geteuid;

    use crate::verdict::{Exposed, FileAccess, Writer};

    const ROOT: u32 = 0;

    pub(super) fn of(path: &Path) -> Option<FileAccess> {
        let file = fs::metadata(path).ok()?;
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let exposed = writer(&file)
            .map(|by| Exposed::new(path, false, mode(&file), by))
            .or_else(|| {
                // A link can be replaced where it is, and the file where that is.
                let folders = [path, &real].map(|path| path.parent().map(Path::to_owned));
                folders.into_iter().flatten().find_map(exposed_folder)
            });
        Some(FileAccess {
            mode: mode(&file),
            owner: file.uid(),
            group: file.gid(),
            exposed,
        })
    }

    fn exposed_folder(folder: PathBuf) -> Option<Exposed> {
        // A name without a folder is in the current one.
        let folder = if folder.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            folder
        };
        let found = fs::metadata(&folder).ok()?;
        let by = writer(&found)?;
        let is_sticky = found.mode() & 0o1000 != 0;
        if is_sticky && !matches!(by, Writer::Owner(_)) {
            return None;
        }
        Some(Exposed::new(&folder, true, mode(&found), by))
    }

    /// Who can write it besides root and this process's user.
    fn writer(found: &Metadata) -> Option<Writer> {
        let (owner, group) = (found.uid(), found.gid());
        if found.mode() & 0o002 != 0 {
            Some(Writer::Everybody)
        } else if found.mode() & 0o020 != 0 && group != ROOT && group != owner {
            Some(Writer::Group(group))
        } else if owner != ROOT && owner != geteuid().as_raw() {
            Some(Writer::Owner(owner))
        } else {
            None
        }
    }

    fn mode(found: &Metadata) -> u32 {
        found.mode() & 0o7777
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;

    #[test]
    fn a_file_that_others_can_write_or_replace_is_exposed() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("keys");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("a.gpg");
        fs::write(&file, "key").unwrap();
        let link = folder.path().join("link.gpg");
        symlink(&file, &link).unwrap();
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for (of_file, of_folder, exposed) in [
            (0o644, 0o755, None),
            (0o600, 0o700, None),
            (
                0o666,
                0o755,
                Some("can be written by everybody (mode 0666)"),
            ),
            (
                0o644,
                0o777,
                Some("can be written by everybody (mode 0777)"),
            ),
            (0o644, 0o1777, None),
        ] {
            set(&file, of_file);
            set(&inner, of_folder);
            for path in [&file, &link] {
                let found = of(path).unwrap();
                assert_eq!(found.mode, of_file);
                let told = found.exposed.as_ref().map(ToString::to_string);
                assert_eq!(told.as_deref(), exposed, "{of_file:o} {of_folder:o}");
                if let Some(exposed) = found.exposed {
                    assert_eq!(exposed.is_folder, of_file == 0o644);
                }
            }
        }
        assert_eq!(of(&inner.join("none")), None);
    }

    /// Only root can give files away.
    #[test]
    fn what_belongs_to_somebody_else_is_exposed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.gpg");
        fs::write(&file, "key").unwrap();
        let told = || {
            of(&file)
                .unwrap()
                .exposed
                .map(|exposed| exposed.to_string())
        };
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        if chown(&file, None, Some(54_321)).is_err() {
            return;
        }
        let group = "can be written by the group 54321 (mode 0664)";
        assert_eq!(told().as_deref(), Some(group));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(told(), None);
        chown(&file, Some(12_345), None).unwrap();
        let owner = "belongs to the user 12345, who can write it";
        assert_eq!(told().as_deref(), Some(owner));
        // A group of the owner's own is no other.
        chown(&file, Some(54_321), Some(54_321)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        let owner = "belongs to the user 54321, who can write it";
        assert_eq!(told().as_deref(), Some(owner));
    }
}
