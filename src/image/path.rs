//! Paths as scopes and identities see them.

use std::io;
use std::path::{Path, PathBuf};

/// The path without `.`, `..`, doubled and trailing slashes, without looking at the file system: Go's `filepath.Clean`.
pub(super) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The absolute path without symbolic links that represents an image in a policy, as in containers/image.
///
/// The last component may be missing, but not be a link that leads nowhere; all others must exist. `..` is resolved by
/// the text of the path, before any link is followed. A relative path starts from `working_directory`.
pub(super) fn resolve(path: &str, working_directory: &Path) -> io::Result<String> {
    let here = working_directory.to_str().ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "the current directory is not valid UTF-8",
        )
    })?;
    let absolute = |path: &str| {
        if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{here}/{path}")
        }
    };
    // Nothing has the empty name, so that the path of the current directory results below, as in containers/image.
    let existence = match path {
        "" => Err(io::Error::from(io::ErrorKind::NotFound)),
        path => Path::new(&absolute(path)).symlink_metadata().map(drop),
    };
    match existence {
        Ok(()) => resolve_existing(&absolute(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let (parent, file) = path
                .rsplit_once('/')
                .map_or(("", path), |(parent, file)| (parent, file));
            let parent = if path.starts_with('/') {
                absolute(&format!("/{parent}"))
            } else {
                absolute(parent)
            };
            let parent = resolve_existing(&parent)?;
            if matches!(file, "." | "..") {
                return Err(error);
            }
            Ok(clean(&format!("{parent}/{file}")))
        }
        Err(error) => Err(error),
    }
}

fn resolve_existing(path: &str) -> io::Result<String> {
    let resolved: PathBuf = Path::new(&clean(path)).canonicalize()?;
    resolved.into_os_string().into_string().map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "the path resolves to one that is not valid UTF-8",
        )
    })
}

/// The directories above an absolute path, nearest first, without `/`.
pub(super) fn parents(path: &str) -> Vec<String> {
    let mut parents = Vec::new();
    let mut rest = path;
    while let Some((parent, _)) = rest.rsplit_once('/') {
        if parent.is_empty() {
            break;
        }
        parents.push(parent.to_owned());
        rest = parent;
    }
    parents
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{clean, parents, resolve};

    #[test]
    fn cleaning() {
        for (path, cleaned) in [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("//", "/"),
            ("/..", "/"),
            ("/../a", "/a"),
            ("/a/b/../c/./d//", "/a/c/d"),
            ("a/..", "."),
            ("a/../..", ".."),
            ("../../a", "../../a"),
            ("a/b/../../../c", "../c"),
            ("/a/...", "/a/..."),
            ("./a", "a"),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }

    #[test]
    fn parents_stop_below_the_root() {
        assert_eq!(parents("/a/b/c"), ["/a/b", "/a"]);
        assert!(parents("/a").is_empty());
        assert!(parents("/").is_empty());
    }

    #[test]
    fn resolving() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let base = root.to_str().unwrap();
        fs::create_dir_all(root.join("real/deep")).unwrap();
        fs::write(root.join("file"), "").unwrap();
        symlink("real/deep", root.join("link")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        for (path, expected) in [
            ("", Some("")),
            (".", Some("")),
            ("..", None),
            ("real", Some("/real")),
            ("./real/", Some("/real")),
            ("real//deep/.", Some("/real/deep")),
            ("link", Some("/real/deep")),
            ("link/", Some("/real/deep")),
            ("link/new", Some("/real/deep/new")),
            // By text, not by the link.
            ("link/..", Some("")),
            ("link/../new", Some("/new")),
            ("link/../real", Some("/real")),
            ("missing/../real/deep", Some("/real/deep")),
            ("missing/../new", Some("/new")),
            ("file", Some("/file")),
            ("new", Some("/new")),
            ("missing/new", None),
            ("missing/", None),
            ("missing/.", None),
            ("missing/..", None),
            ("dangling", None),
            ("dangling/new", None),
            ("loop", None),
            ("file/new", None),
            ("file/", None),
            ("a\0b", None),
        ] {
            let absolute = format!("{base}/{path}");
            let expected = expected.map(|expected| format!("{base}{expected}"));
            if path != ".." {
                assert_eq!(resolve(path, &root).ok(), expected, "{path}");
                assert_eq!(
                    resolve(&absolute, std::path::Path::new("/")).ok(),
                    expected,
                    "{absolute}"
                );
            }
        }
        assert_eq!(
            resolve("..", &root).unwrap(),
            root.parent().unwrap().to_str().unwrap()
        );
        assert_eq!(resolve("/", &root).unwrap(), "/");
        assert_eq!(resolve("//", &root).unwrap(), "/");
        assert_eq!(resolve("/no-such-image", &root).unwrap(), "/no-such-image");
        assert_eq!(
            resolve("///no-such-image", &root).unwrap(),
            "/no-such-image"
        );
        assert!(resolve("/no-such-folder/image", &root).is_err());
    }
}
