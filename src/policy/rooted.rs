//! Files below a root directory, which no link leads out of: as chroot(2) would have it, but without being root.
//!
//! Each directory on the way is held open and the next step is taken from there, so that nothing can be exchanged behind
//! the walk's back. openat2(2) with `RESOLVE_IN_ROOT` would do the same, on Linux from 5.6 only, and not where a container
//! runtime forbids system calls that it does not know.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens a regular file below `root` to read it. Where there are links, absolute ones start at `root`, and `..` does not
/// lead above it. `root` itself may be reached by links of any kind.
///
/// # Errors
///
/// What the system says, as for any path; also for what is not a regular file.
pub(super) fn open(root: &Path, path: &Path) -> io::Result<File> {
    let file = walk::open(root, path)?;
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(not_a_file());
    }
    Ok(file)
}

fn not_a_file() -> io::Error {
    io::Error::other("it is not a regular file")
}

#[cfg(unix)]
mod walk {
    use std::ffi::OsString;
    use std::fs::File;
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::path::{Component, Path};

    use nix::errno::Errno;
    use nix::fcntl::{self, AtFlags, OFlag};
    use nix::sys::stat::{self, Mode, SFlag};

    /// The most links that are followed: as many as Linux follows (path_resolution(7)).
    const MAX_LINKS: usize = 40;

    /// The most directories that are held open. Paths of a policy need three.
    const MAX_DEPTH: usize = 64;

    /// How a directory is opened that is only gone through, which does not need permission to list it.
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    const THROUGH: OFlag = OFlag::O_PATH
        .union(OFlag::O_DIRECTORY)
        .union(OFlag::O_CLOEXEC);
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    const THROUGH: OFlag = OFlag::O_RDONLY
        .union(OFlag::O_DIRECTORY)
        .union(OFlag::O_CLOEXEC);

    /// How the file is opened: never waiting for somebody at the other end, whatever it has become since it was looked at.
    const TO_READ: OFlag = OFlag::O_RDONLY
        .union(OFlag::O_NOFOLLOW)
        .union(OFlag::O_NONBLOCK)
        .union(OFlag::O_NOCTTY)
        .union(OFlag::O_CLOEXEC);

    /// A step of a path.
    enum Step {
        ToRoot,
        Up,
        Into(OsString),
    }

    pub(super) fn open(root: &Path, path: &Path) -> io::Result<File> {
        let root = fcntl::open(root, THROUGH, Mode::empty())?;
        // Those below the root, the innermost last.
        let mut directories: Vec<OwnedFd> = Vec::new();
        // The next step is the last.
        let mut left = Vec::new();
        push_steps(path, &mut left);
        let mut links: usize = 0;
        while let Some(step) = left.pop() {
            let name = match step {
                Step::Into(name) => name,
                Step::ToRoot => {
                    directories.clear();
                    continue;
                }
                Step::Up => {
                    directories.pop();
                    continue;
                }
            };
            let here = directories.last().unwrap_or(&root).as_fd();
            match fcntl::readlinkat(here, name.as_os_str()) {
                Ok(target) => {
                    links = links.saturating_add(1);
                    if links > MAX_LINKS {
                        return Err(Errno::ELOOP.into());
                    }
                    push_steps(Path::new(&target), &mut left);
                }
                // It is no link.
                Err(Errno::EINVAL) if left.is_empty() => return open_file(here, &name),
                Err(Errno::EINVAL) if directories.len() >= MAX_DEPTH => {
                    return Err(io::Error::other(format!(
                        "its path goes through more than {MAX_DEPTH} directories"
                    )));
                }
                Err(Errno::EINVAL) => {
                    let flags = THROUGH | OFlag::O_NOFOLLOW;
                    let inner = fcntl::openat(here, name.as_os_str(), flags, Mode::empty())?;
                    directories.push(inner);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::ErrorKind::IsADirectory.into())
    }

    fn push_steps(path: &Path, left: &mut Vec<Step>) {
        for component in path.components().rev() {
            match component {
                Component::Normal(name) => left.push(Step::Into(name.to_owned())),
                Component::ParentDir => left.push(Step::Up),
                Component::RootDir => left.push(Step::ToRoot),
                Component::CurDir | Component::Prefix(_) => {}
            }
        }
    }

    /// Opening a device may do something, so that it is looked at before.
    fn open_file(here: BorrowedFd<'_>, name: &OsString) -> io::Result<File> {
        let found = stat::fstatat(here, name.as_os_str(), AtFlags::AT_SYMLINK_NOFOLLOW)?;
        let kind = SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT;
        if kind == SFlag::S_IFDIR {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if kind != SFlag::S_IFREG {
            return Err(super::not_a_file());
        }
        let file = fcntl::openat(here, name.as_os_str(), TO_READ, Mode::empty())?;
        Ok(File::from(file))
    }
}

#[cfg(not(unix))]
mod walk {
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;

    /// There are no links below the root where it cannot be said where they lead.
    pub(super) fn open(root: &Path, path: &Path) -> io::Result<File> {
        let mut whole = root.to_owned();
        for component in path.components() {
            whole.push(component);
            if fs::symlink_metadata(&whole)?.is_symlink() {
                return Err(io::Error::other(
                    "there is a link on its path, which may lead out of the root directory",
                ));
            }
        }
        File::open(whole)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::io::{ErrorKind, Read};
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use tempfile::TempDir;

    use super::open;

    const INSIDE: &str = "inside";
    const OUTSIDE: &str = "outside";

    /// A folder that has a root and, beside it, what nothing in it may lead to.
    struct Tree(TempDir);

    impl Tree {
        fn new() -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            tree.write("root/file", INSIDE);
            tree.write("root/dir/file", INSIDE);
            tree.write("root/dir/deep/file", INSIDE);
            tree.write("file", OUTSIDE);
            tree.write("dir/file", OUTSIDE);
            tree.write("only-outside", OUTSIDE);
            tree
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn write(&self, path: &str, text: &str) {
            fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            fs::write(self.path(path), text).unwrap();
        }

        fn link(&self, target: impl AsRef<Path>, link: &str) {
            symlink(target, self.path("root").join(link)).unwrap();
        }

        /// What is read below the root, or why not.
        fn read(&self, path: &str) -> Result<String, ErrorKind> {
            let mut text = String::new();
            let file = open(&self.path("root"), Path::new(path));
            let mut file = file.map_err(|error| error.kind())?;
            file.read_to_string(&mut text).unwrap();
            Ok(text)
        }

        #[track_caller]
        fn is_inside(&self, path: &str) {
            assert_eq!(self.read(path).as_deref(), Ok(INSIDE), "{path}");
        }

        #[track_caller]
        fn is_nothing(&self, path: &str) {
            assert_eq!(self.read(path), Err(ErrorKind::NotFound), "{path}");
        }
    }

    #[test]
    fn paths_without_links_are_below_the_root() {
        let tree = Tree::new();
        for path in [
            "file",
            "/file",
            "dir/deep/file",
            "./dir/./file",
            "dir/../file",
            "../file",
            "../../../file",
            "/../dir/../../file",
        ] {
            tree.is_inside(path);
        }
        for path in ["missing", "missing/file", "only-outside", "../only-outside"] {
            tree.is_nothing(path);
        }
    }

    #[test]
    fn links_start_at_the_root_and_end_below_it() {
        let tree = Tree::new();
        let outside = tree.path("only-outside");
        tree.link("/file", "absolute");
        tree.link("dir/file", "relative");
        tree.link("../../../../../file", "dir/up");
        tree.link("/../../file", "absolute-up");
        tree.link(&outside, "to-outside");
        tree.link("../only-outside", "up-to-outside");
        tree.link("/dir", "to-dir");
        tree.link("..", "dir/parent");
        tree.link("/", "to-root");
        tree.link("../..", "above");
        for path in [
            "absolute",
            "relative",
            "dir/up",
            "absolute-up",
            "to-dir/file",
            "to-dir/../file",
            "to-dir/deep/../file",
            "dir/parent/file",
            "dir/parent/dir/parent/file",
            "to-root/to-root/file",
            "above/above/dir/file",
        ] {
            tree.is_inside(path);
        }
        for path in [
            "to-outside",
            "up-to-outside",
            "above/only-outside",
            "to-root/../only-outside",
            "dir/parent/../only-outside",
        ] {
            tree.is_nothing(path);
        }
        // The same absolute path, if the root has one.
        let same = tree.path("root").join(outside.strip_prefix("/").unwrap());
        fs::create_dir_all(same.parent().unwrap()).unwrap();
        fs::write(same, INSIDE).unwrap();
        tree.is_inside("to-outside");
    }

    #[test]
    fn chains_of_links_are_followed_so_far() {
        let tree = Tree::new();
        tree.link("/file", "link-1");
        for number in 2..=41 {
            tree.link(format!("link-{}", number - 1), &format!("link-{number}"));
        }
        tree.is_inside("link-2");
        tree.is_inside("link-40");
        assert!(
            tree.read("link-41")
                .is_err_and(|kind| kind != ErrorKind::NotFound)
        );
        tree.link("loop", "loop");
        tree.link("/loop-b/x", "loop-a");
        tree.link("loop-a", "loop-b");
        tree.link("dir/../more/x", "more");
        for path in ["loop", "loop/file", "loop-a", "more"] {
            let kind = tree.read(path).unwrap_err();
            assert_ne!(kind, ErrorKind::NotFound, "{path}");
        }
    }

    #[test]
    fn what_is_no_file_is_an_error() {
        let tree = Tree::new();
        tree.link("dir", "to-dir");
        for path in ["", "/", "..", "dir", "dir/", "dir/..", "to-dir"] {
            assert_eq!(tree.read(path), Err(ErrorKind::IsADirectory), "{path}");
        }
        for path in ["file/x", "file/..", "file/../file"] {
            assert_eq!(tree.read(path), Err(ErrorKind::NotADirectory), "{path}");
        }
        let pipe = tree.path("root/pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let error = open(&tree.path("root"), Path::new("pipe")).unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        let deep = "dir/x/".repeat(40);
        fs::create_dir_all(tree.path("root").join(&deep)).unwrap();
        let error = open(&tree.path("root"), &Path::new(&deep).join("file")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "its path goes through more than 64 directories"
        );
    }

    #[test]
    fn the_root_itself_may_be_a_link() {
        let tree = Tree::new();
        symlink("root", tree.path("link")).unwrap();
        let mut text = String::new();
        let mut file = open(&tree.path("link"), Path::new("../file")).unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, INSIDE);
        let missing = open(&tree.path("missing"), Path::new("file")).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
    }
}
