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

/// Which file it is, and all that its mode and owners say about who can write it. What its folder says is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "there is none"))]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
    mode: u32,
    owner: u32,
    group: u32,
}

impl FileIdentity {
    /// That of the file at the end of this path; `None` if there is none, or it has none, as outside of Unix.
    pub(super) fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;

            let found = std::fs::metadata(path).ok()?;
            Some(Self {
                device: found.dev(),
                inode: found.ino(),
                mode: found.mode(),
                owner: found.uid(),
                group: found.gid(),
            })
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            None
        }
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
        let user = geteuid().as_raw();
        writer_besides(user, found.mode(), found.uid(), found.gid())
    }

    /// Who can write what has this mode, owner and group, besides root and `user`.
    pub(super) fn writer_besides(user: u32, mode: u32, owner: u32, group: u32) -> Option<Writer> {
        if mode & 0o002 != 0 {
            Some(Writer::Everybody)
        } else if mode & 0o020 != 0 && group != ROOT && group != owner {
            Some(Writer::Group(group))
        } else if owner != ROOT && owner != user {
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
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;
    use crate::verdict::{Exposed, Writer};

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

    /// Only root can give files away, so that they are numbers here.
    #[test]
    fn what_belongs_to_somebody_else_is_exposed_to_them() {
        const ROOT: u32 = 0;
        const USER: u32 = 1000;
        let others = Some(Writer::Group(54_321));
        let owner = Some(Writer::Owner(12_345));
        for (user, mode, owned_by, writer) in [
            (USER, 0o664, (USER, 54_321), others),
            (USER, 0o644, (USER, 54_321), None),
            (USER, 0o664, (ROOT, 54_321), others),
            (USER, 0o644, (12_345, 54_321), owner),
            (USER, 0o400, (12_345, ROOT), owner),
            (ROOT, 0o644, (12_345, 54_321), owner),
            (ROOT, 0o664, (12_345, 54_321), others),
            // A group of the owner's own is no other, nor is root's.
            (USER, 0o664, (12_345, 12_345), owner),
            (USER, 0o664, (USER, USER), None),
            (USER, 0o664, (USER, ROOT), None),
            (USER, 0o664, (ROOT, ROOT), None),
            (USER, 0o666, (ROOT, ROOT), Some(Writer::Everybody)),
            (ROOT, 0o602, (12_345, 54_321), Some(Writer::Everybody)),
        ] {
            let found = unix::writer_besides(user, mode, owned_by.0, owned_by.1);
            assert_eq!(found, writer, "{user}, {mode:o}, {owned_by:?}");
        }
        let told = |by| Exposed::new(Path::new("a.gpg"), false, 0o664, by).to_string();
        assert_eq!(
            told(Writer::Group(54_321)),
            "can be written by the group 54321 (mode 0664)"
        );
        assert_eq!(
            told(Writer::Owner(12_345)),
            "belongs to the user 12345, who can write it"
        );
        // And those of a file are the numbers that count.
        let file = tempfile::NamedTempFile::new().unwrap();
        let found = of(file.path()).unwrap();
        assert_eq!(found.owner, nix::unistd::geteuid().as_raw());
        let metadata = fs::metadata(file.path()).unwrap();
        assert_eq!(found.group, metadata.gid());
    }
}
