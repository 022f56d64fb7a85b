//! Scopes that no image can match, and how they have to be written.

use crate::image::{ImageName, Transport};
use crate::reference::Reference;

use super::miss::Miss;

/// What is wrong with a scope that no image matches, and how it has to be written if that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misspelling {
    pub(super) miss: Miss,
    pub(super) instead: Option<String>,
}

/// Why no image of the transport can match the scope; none if one can, and where that depends on the file system.
pub(super) fn misspelling(transport: Transport, scope: &str) -> Option<Misspelling> {
    if scope.is_empty() || matches_some_image(transport, scope) {
        return None;
    }
    let (store, name) = match transport {
        Transport::ContainersStorage => {
            scope.split_at_checked(scope.find(']')?.saturating_add(1))?
        }
        _ => ("", scope),
    };
    let (miss, spelling) = respelt(transport, name);
    let instead = spelling
        .map(|name| format!("{store}{name}"))
        .filter(|instead| instead.is_empty() || matches_some_image(transport, instead));
    Some(Misspelling { miss, instead })
}

/// Whether there is an image that the scope is the identity or a namespace of. If there is one, an image is one that is
/// named by the scope, or by it and one or two more parts.
fn matches_some_image(transport: Transport, scope: &str) -> bool {
    let (prefix, endings): (_, &[&str]) = match transport {
        Transport::Docker => ("docker://", &["", "/x"]),
        Transport::Atomic => ("atomic:", &["", ":x", "/x:x", "/x/x:x"]),
        Transport::DockerDaemon => ("docker-daemon:", &["", ":x", "/x:x"]),
        Transport::ContainersStorage => ("containers-storage:", &["", ":x", "/x:x", "x:x"]),
        // Paths: which of them are there is not looked at. The others have the empty scope only.
        Transport::Dir
        | Transport::Sif
        | Transport::Oci
        | Transport::OciArchive
        | Transport::DockerArchive
        | Transport::Tarball => return true,
    };
    let name = match scope.strip_prefix('*') {
        Some(rest) => format!("x{rest}"),
        None => scope.to_owned(),
    };
    endings.iter().any(|ending| {
        ImageName::parse(&format!("{prefix}{name}{ending}")).is_ok_and(|image| {
            let namespaces = image.policy_namespaces().iter().map(String::as_str);
            image
                .policy_identity()
                .into_iter()
                .chain(namespaces)
                .any(|name| name == scope)
        })
    })
}

/// The first thing that is wrong with a name, and the name with everything mended that can be.
fn respelt(transport: Transport, name: &str) -> (Miss, Option<String>) {
    let mut misses = Vec::new();
    let mut text = name.trim();
    if text != name {
        misses.push(Miss::WhiteSpace);
    }
    if let Some((_, rest)) = text.split_once("://") {
        misses.push(Miss::Scheme);
        text = rest;
    }
    loop {
        let (miss, rest) = match (text.strip_suffix("/*"), text.strip_suffix('/')) {
            (Some(rest), _) => (Miss::PathWildcard, rest),
            (_, Some(rest)) => (Miss::TrailingSlash, rest),
            _ => break,
        };
        misses.push(miss);
        text = rest;
    }
    let undoubled = text.split('/').filter(|part| !part.is_empty());
    let undoubled = undoubled.collect::<Vec<_>>().join("/");
    if undoubled != text {
        misses.push(Miss::DoubledSlash);
    }
    let text = match wildcards(&undoubled) {
        Ok((miss, text)) => {
            misses.extend(miss);
            text
        }
        Err(miss) => return (miss, None),
    };
    let lower = lower_case_path(text);
    if lower != text {
        misses.push(Miss::UpperCase);
    }
    let full = match transport {
        _ if lower.is_empty() || lower.starts_with('*') => lower,
        Transport::Atomic => lower,
        _ => match in_full(&lower) {
            Some((miss, full)) => {
                misses.push(miss);
                full
            }
            None => lower,
        },
    };
    let miss = misses.first().copied().unwrap_or(Miss::NotAName);
    (miss, (full != name).then_some(full))
}

/// A name with its `*` where one can be, and what was wrong with it.
///
/// # Errors
///
/// If they stand for something that cannot be written otherwise.
fn wildcards(name: &str) -> Result<(Option<Miss>, &str), Miss> {
    if !name.contains('*') {
        return Ok((None, name));
    }
    // Everything is the default of the transport.
    if name == "*" {
        return Ok((Some(Miss::Wildcard), ""));
    }
    match name.strip_prefix("*.") {
        Some(host) if host.contains('/') => Err(Miss::HostWildcardWithPath),
        Some(host) if !host.contains('*') => Ok(match name.split_once(':') {
            Some((host, _)) => (Some(Miss::HostWildcardWithPort), host),
            None => (None, name),
        }),
        _ => Err(Miss::Wildcard),
    }
}

/// The name with its path in lower case; hosts and tags stay.
fn lower_case_path(name: &str) -> String {
    let (host, rest) = match name.split_once('/') {
        Some((host, _)) if is_host(host) => name.split_at_checked(host.len()).unwrap_or((name, "")),
        None if is_host(name) => (name, ""),
        _ => ("", name),
    };
    let end = rest.find([':', '@']).unwrap_or(rest.len());
    let (path, tag) = rest.split_at_checked(end).unwrap_or((rest, ""));
    format!("{host}{}{tag}", path.to_lowercase())
}

/// Whether what comes before the first `/` of a reference is its host.
fn is_host(text: &str) -> bool {
    text.contains(['.', ':']) || text == "localhost"
}

/// A name of Docker Hub in full, and what it lacked; none if it is in full already.
fn in_full(name: &str) -> Option<(Miss, String)> {
    match name {
        "library" => return Some((Miss::ShortName, "docker.io/library".to_owned())),
        "index.docker.io" => return Some((Miss::DockerHubAlias, "docker.io".to_owned())),
        _ => {}
    }
    // A host alone, whatever follows it, is no image of Docker Hub.
    let first = name.split(['/', ':', '@']).next().unwrap_or_default();
    if first.contains('.') && !name.contains('/') {
        return None;
    }
    let reference = Reference::parse_normalized(name).ok()?;
    if let (Some(_), Some(digest)) = (reference.tag(), reference.digest()) {
        return Some((Miss::TagAndDigest, format!("{}@{digest}", reference.name())));
    }
    let miss = match name.split_once('/') {
        Some(("index.docker.io", _)) => Miss::DockerHubAlias,
        Some(("docker.io", _)) => Miss::OfficialImage,
        _ => Miss::ShortName,
    };
    let full = reference.to_string();
    (full != name).then_some((miss, full))
}
