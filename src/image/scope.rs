//! Which scopes a policy may name for each transport.

use thiserror::Error;

use super::Transport;
use super::path::clean;
use crate::digest::{Digest, DigestError};
use crate::reference::is_image_id;
use crate::text::quote::Quoted;

/// Why no image of a transport can match a scope.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// The transport has only the empty scope.
    #[error("`{transport}` has only the empty scope, `\"\"`")]
    #[non_exhaustive]
    Unsupported {
        /// The transport.
        transport: Transport,
    },
    /// A path is not absolute.
    #[error("{} is not an absolute path", Quoted(.found))]
    #[non_exhaustive]
    NotAbsolute {
        /// The path.
        found: String,
    },
    /// The root directory, which is the same as the empty scope.
    #[error("`/` is not a scope: use the empty scope, `\"\"`, for every path")]
    Root,
    /// A path has needless or relative parts.
    #[error("{} is not a cleaned path: write {}", Quoted(.found), Quoted(.cleaned))]
    #[non_exhaustive]
    NotCleaned {
        /// The path.
        found: String,
        /// The same path, cleaned.
        cleaned: String,
    },
    /// An `atomic` scope is not a prefix of `host/namespace/stream:tag`.
    #[error("{} is not of the form `host/namespace/stream:tag` or a leading part of it", Quoted(.found))]
    #[non_exhaustive]
    NotAtomic {
        /// The scope.
        found: String,
    },
    /// An image ID of the Docker daemon has no scope.
    #[error("{} is an image ID, which cannot be a scope", Quoted(.found))]
    #[non_exhaustive]
    DaemonImageId {
        /// The scope.
        found: String,
    },
    /// A `containers-storage` scope does not begin with the store.
    #[error("{} does not begin with `[driver@/graph/root]` or `[/graph/root]`", Quoted(.found))]
    #[non_exhaustive]
    NoStore {
        /// The scope.
        found: String,
    },
    /// What follows the first `@` of a `containers-storage` scope is neither a digest nor an image ID.
    #[error("{} is neither a digest nor an image ID of 64 hexadecimal digits", Quoted(.found))]
    #[non_exhaustive]
    NeitherDigestNorImageId {
        /// The text after the `@`.
        found: String,
    },
    /// What is between the two `@` of a `containers-storage` scope is not a digest.
    #[error("the scope has an invalid digest: {reason}")]
    #[non_exhaustive]
    Digest {
        /// What is wrong with it.
        reason: DigestError,
    },
    /// What follows the second `@` of a `containers-storage` scope is not an image ID.
    #[error("{} is not an image ID of 64 hexadecimal digits", Quoted(.found))]
    #[non_exhaustive]
    NotAnImageId {
        /// The text after the `@`.
        found: String,
    },
}

impl Transport {
    /// Checks a key below this transport in a policy. The empty scope is the transport's default and always valid.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] if no image of this transport could ever match the scope by containers/image's rules.
    /// It does not find every scope that never matches: for `docker`, any text is valid.
    pub fn validate_scope(self, scope: &str) -> Result<(), ScopeError> {
        validate(self, scope)
    }
}

/// Checks one scope.
fn validate(transport: Transport, scope: &str) -> Result<(), ScopeError> {
    if scope.is_empty() {
        return Ok(());
    }
    match transport {
        Transport::Docker => Ok(()),
        Transport::Atomic => validate_atomic(scope),
        Transport::DockerDaemon => match Digest::parse(scope) {
            Ok(_) => Err(ScopeError::DaemonImageId {
                found: scope.to_owned(),
            }),
            Err(_) => Ok(()),
        },
        Transport::Dir | Transport::Sif | Transport::Oci | Transport::OciArchive => {
            validate_path(scope)
        }
        Transport::ContainersStorage => validate_storage(scope),
        Transport::DockerArchive | Transport::Tarball => Err(ScopeError::Unsupported { transport }),
    }
}

fn validate_path(scope: &str) -> Result<(), ScopeError> {
    if !scope.starts_with('/') {
        return Err(ScopeError::NotAbsolute {
            found: scope.to_owned(),
        });
    }
    if scope == "/" {
        return Err(ScopeError::Root);
    }
    let cleaned = clean(scope);
    if cleaned != scope {
        return Err(ScopeError::NotCleaned {
            found: scope.to_owned(),
            cleaned,
        });
    }
    Ok(())
}

/// `host`, `host/namespace`, `host/namespace/stream` or `host/namespace/stream:tag`.
fn validate_atomic(scope: &str) -> Result<(), ScopeError> {
    let mut parts = scope.split('/').skip(1);
    let (namespace, stream) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    if parts.next().is_some() || namespace.contains(':') || stream.matches(':').count() > 1 {
        return Err(ScopeError::NotAtomic {
            found: scope.to_owned(),
        });
    }
    Ok(())
}

/// `[driver@/graph/root]` or `[/graph/root]`, then nothing, a name, a name with a digest or an image ID, or both.
/// As in containers/image, the name itself may be anything.
fn validate_storage(scope: &str) -> Result<(), ScopeError> {
    let no_store = || ScopeError::NoStore {
        found: scope.to_owned(),
    };
    let (store, rest) = scope
        .strip_prefix('[')
        .and_then(|scope| scope.split_once(']'))
        .ok_or_else(no_store)?;
    let graph_root = match store.split_once('@') {
        Some(("", _) | (_, "")) => return Err(no_store()),
        Some((_, graph_root)) => graph_root,
        None if store.is_empty() => return Err(no_store()),
        None => store,
    };
    if !graph_root.starts_with('/') {
        return Err(ScopeError::NotAbsolute {
            found: graph_root.to_owned(),
        });
    }
    let Some((_, suffix)) = rest.split_once('@') else {
        return Ok(());
    };
    match suffix.split_once('@') {
        None if is_image_id(suffix) || Digest::parse(suffix).is_ok() => Ok(()),
        None => Err(ScopeError::NeitherDigestNorImageId {
            found: suffix.to_owned(),
        }),
        Some((digest, image_id)) => {
            Digest::parse(digest).map_err(|reason| ScopeError::Digest { reason })?;
            if is_image_id(image_id) {
                Ok(())
            } else {
                Err(ScopeError::NotAnImageId {
                    found: image_id.to_owned(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Transport;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn check(transport: Transport, valid: &[&str], invalid: &[&str]) {
        for scope in valid {
            let scope = scope.replace("HEX", HEX);
            assert_eq!(
                transport.validate_scope(&scope),
                Ok(()),
                "{transport} {scope}"
            );
        }
        for scope in invalid {
            let scope = scope.replace("HEX", HEX);
            assert!(
                transport.validate_scope(&scope).is_err(),
                "{transport} {scope}"
            );
        }
        assert_eq!(transport.validate_scope(""), Ok(()), "{transport}");
    }

    #[test]
    fn docker_takes_anything() {
        check(
            Transport::Docker,
            &["h.example", "*.example", "/", "*", "any thing", "h/a:b@c"],
            &[],
        );
    }

    #[test]
    fn atomic_takes_three_parts() {
        check(
            Transport::Atomic,
            &[
                "h",
                "h:5000",
                "h/",
                "h/ns",
                "h:5000/ns",
                "h/ns/",
                "h/ns/stream",
                "h/ns/stream:tag",
                "h:1/ns/stream:",
                "/",
                "*.h",
            ],
            &[
                "h/ns:tag",
                "h/ns/stream:tag:tag",
                "h/ns/stream/more",
                "h/ns/stream:tag/",
                "h/ns:a/stream",
                "a/b/c/d:e",
            ],
        );
    }

    #[test]
    fn daemon_takes_no_image_id() {
        check(
            Transport::DockerDaemon,
            &[
                "h.example/app",
                "docker.io/library/app:tag",
                "sha256:short",
                "HEX",
                "md5:HEX",
                "/",
            ],
            &["sha256:HEX", "sha512:HEXHEX"],
        );
    }

    #[test]
    fn paths_are_absolute_and_clean() {
        for transport in [
            Transport::Dir,
            Transport::Sif,
            Transport::Oci,
            Transport::OciArchive,
        ] {
            check(
                transport,
                &["/a", "/a/b.c", "/a b", "/...", "/a:b", "/*"],
                &[
                    "/", "a", "./a", "../a", "//", "//a", "/a/", "/a//b", "/a/.", "/./a",
                    "/a/../b", "/..", " /a", "\u{0}",
                ],
            );
        }
    }

    #[test]
    fn storage_takes_a_store_and_a_name() {
        check(
            Transport::ContainersStorage,
            &[
                "[/a]",
                "[overlay@/a]",
                "[overlay@/a+/run:opt]",
                "[/a]name",
                "[overlay@/a]docker.io/library/app:tag",
                "[overlay@/a]any thing",
                "[overlay@/a]app@sha256:HEX",
                "[overlay@/a]app@HEX",
                "[overlay@/a]app:1@sha512:HEXHEX",
                "[overlay@/a]app@sha256:HEX@HEX",
                "[overlay@/a]@HEX",
                "[a@/b@c]",
            ],
            &[
                "x",
                "/a",
                "[",
                "[]",
                "]",
                "[overlay]",
                "[overlay@]",
                "[@/a]",
                "[overlay@a]",
                "[a]",
                "[overlay@/a",
                "name[/a]",
                "[overlay@/a]app@",
                "[overlay@/a]app@tag",
                "[overlay@/a]app@md5:HEX",
                "[overlay@/a]app@HEX@HEX",
                "[overlay@/a]app@sha256:HEX@",
                "[overlay@/a]app@sha256:HEX@sha256:HEX",
                "[overlay@/a]app@sha256:HEX@HEX@HEX",
                "[overlay@/a]app@HEX ",
            ],
        );
    }

    #[test]
    fn archives_take_none() {
        for transport in [Transport::DockerArchive, Transport::Tarball] {
            check(transport, &[], &["/", "/a", "a", " "]);
        }
    }

    #[test]
    fn sentences() {
        for (transport, scope, sentence) in [
            (Transport::Dir, "a", "`a` is not an absolute path"),
            (
                Transport::Dir,
                "/",
                "`/` is not a scope: use the empty scope, `\"\"`, for every path",
            ),
            (
                Transport::Oci,
                "/a//b/../c/",
                "`/a//b/../c/` is not a cleaned path: write `/a/c`",
            ),
            (
                Transport::Atomic,
                "h/a:b/c",
                "`h/a:b/c` is not of the form `host/namespace/stream:tag` or a leading part of it",
            ),
            (
                Transport::Tarball,
                "/a",
                "`tarball` has only the empty scope, `\"\"`",
            ),
            (
                Transport::ContainersStorage,
                "app",
                "`app` does not begin with `[driver@/graph/root]` or `[/graph/root]`",
            ),
            (
                Transport::ContainersStorage,
                "[/a]app@x",
                "`x` is neither a digest nor an image ID of 64 hexadecimal digits",
            ),
        ] {
            let error = transport
                .validate_scope(scope)
                .err()
                .map(|error| error.to_string());
            assert_eq!(error.as_deref(), Some(sentence));
        }
    }
}
