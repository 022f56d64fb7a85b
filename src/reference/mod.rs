//! Docker references, normalized.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::digest::{Digest, DigestError};
use crate::text::quote::Quoted;

/// The most bytes of a normalized name, host included, that containers/image accepts.
const MAX_NAME_LENGTH: usize = 255;

/// The most characters of a tag, by the distribution grammar.
const MAX_TAG_LENGTH: usize = 128;

const DEFAULT_DOMAIN: &str = "docker.io";
const LEGACY_DEFAULT_DOMAIN: &str = "index.docker.io";
const OFFICIAL_NAMESPACE: &str = "library";
const DEFAULT_TAG: &str = "latest";

/// A Docker reference in its normalized form: `host[:port]/path`, then perhaps `:tag`, then perhaps `@digest`.
///
/// It follows the distribution grammar as containers/image applies it. Two references are equal if and only if
/// their full texts are, so letter case of the host counts and `host` differs from `host:443`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    name: String,
    domain_length: usize,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Why a text is not a Docker reference.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// The text is empty.
    #[error("a reference must not be empty")]
    Empty,
    /// 64 hexadecimal digits could be an image ID, so they are never a repository name.
    #[error("{} is an image ID (64 hexadecimal digits), not a repository name", Quoted(.found))]
    #[non_exhaustive]
    ImageId {
        /// The whole text.
        found: String,
    },
    /// The repository path has upper-case letters.
    #[error("the repository path {} must be in lower case, but has {}", Quoted(.path), Quoted(.upper_case))]
    #[non_exhaustive]
    UpperCase {
        /// The path, without host, tag and digest.
        path: String,
        /// The upper-case letters in it, each once, in the order of appearance.
        upper_case: String,
    },
    /// What comes before the first `/` looks like a host, but is not a `host[:port]`.
    #[error(
        "{} is not a registry host: it must be a host name or an IPv4 address, made of letters, digits, `-` and `.`, \
         with an optional numeric port",
        Quoted(.found)
    )]
    #[non_exhaustive]
    Domain {
        /// The part before the first `/`.
        found: String,
    },
    /// A part of the repository path is empty, begins or ends with a separator, or contains a forbidden character.
    #[error(
        "the repository path {} has the invalid part {}: each part between slashes must be lower-case letters and digits, \
         joined by `.`, `_`, `__` or dashes",
        Quoted(.path),
        Quoted(.found)
    )]
    #[non_exhaustive]
    PathComponent {
        /// The whole path.
        path: String,
        /// The part at fault; may be empty.
        found: String,
    },
    /// The tag is empty, too long, or contains a forbidden character.
    #[error(
        "{} is not a tag: it must be 1 to 128 letters, digits, `_`, `.` and `-`, and not begin with `.` or `-`",
        Quoted(.found)
    )]
    #[non_exhaustive]
    Tag {
        /// The text after the `:`.
        found: String,
    },
    /// What follows the `@` is not a digest.
    #[error("the reference has an invalid digest: {reason}")]
    #[non_exhaustive]
    Digest {
        /// What is wrong with it.
        reason: DigestError,
    },
    /// The normalized name is too long.
    #[error("the name {} has {length} characters, but at most {MAX_NAME_LENGTH} are allowed", Quoted(.name))]
    #[non_exhaustive]
    NameTooLong {
        /// The normalized name, without tag and digest.
        name: String,
        /// Its length.
        length: usize,
    },
    /// The text is a reference, but not written in full. Only from [`Reference::parse_expanded`].
    #[error("{} is not a fully expanded reference: in full it is {}", Quoted(.found), Quoted(.expanded))]
    #[non_exhaustive]
    NotExpanded {
        /// The text.
        found: String,
        /// The same reference in full.
        expanded: String,
    },
}

impl Reference {
    /// Reads a reference as people write it and expands it: `busybox` becomes `docker.io/library/busybox`, and
    /// `index.docker.io` becomes `docker.io`. Never adds a tag.
    ///
    /// What precedes the first `/` is the host if it has a `.` or a `:` or is `localhost`; else the host is
    /// `docker.io`.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] if the text does not follow the distribution grammar.
    pub fn parse_normalized(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if is_image_id(text) {
            return Err(ReferenceError::ImageId {
                found: text.to_owned(),
            });
        }
        let (written_domain, remainder) = split_domain(text);
        let (named, digest) = match remainder.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (remainder, None),
        };
        let (path, tag) = match named.split_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (named, None),
        };
        Self::normalized(written_domain, path, tag, digest)
    }

    /// The reference of these parts, each of them as it is written.
    fn normalized(
        written_domain: Option<&str>,
        path: &str,
        tag: Option<&str>,
        digest: Option<&str>,
    ) -> Result<Self, ReferenceError> {
        let (name, domain_length) = normalized_name(written_domain, path)?;
        if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
            return Err(ReferenceError::Tag {
                found: tag.to_owned(),
            });
        }
        let digest = digest
            .map(Digest::parse)
            .transpose()
            .map_err(|reason| ReferenceError::Digest { reason })?;
        if name.len() > MAX_NAME_LENGTH {
            return Err(ReferenceError::NameTooLong {
                length: name.len(),
                name,
            });
        }
        Ok(Self {
            name,
            domain_length,
            tag: tag.map(str::to_owned),
            digest,
        })
    }

    /// Reads a reference that is already in its normalized form.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] as from [`parse_normalized`](Self::parse_normalized), and
    /// [`ReferenceError::NotExpanded`] if normalizing changes the text.
    pub fn parse_expanded(text: &str) -> Result<Self, ReferenceError> {
        let reference = Self::parse_normalized(text)?;
        let expanded = reference.to_string();
        if expanded == text {
            Ok(reference)
        } else {
            Err(ReferenceError::NotExpanded {
                found: text.to_owned(),
                expanded,
            })
        }
    }

    /// Makes a reference of parts that somebody else has taken apart, and checks each of them: the host, with its port if
    /// it has one; the repository path in full, `library/` included; the tag and the digest, if there are any. What
    /// would be read otherwise if it were written in one text is refused.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] as from [`parse_expanded`](Self::parse_expanded); [`ReferenceError::Domain`] also for a host that
    /// would not be taken for one before a path, such as `registry` or the empty one; [`ReferenceError::ImageId`] also
    /// for 64 hexadecimal digits below `docker.io/library`, which somebody may have expanded from an image ID.
    pub fn from_parts(
        domain: &str,
        path: &str,
        tag: Option<&str>,
        digest: Option<&str>,
    ) -> Result<Self, ReferenceError> {
        if !is_written_domain(domain) || !Self::is_domain(domain) {
            return Err(ReferenceError::Domain {
                found: domain.to_owned(),
            });
        }
        let official = path
            .strip_prefix(OFFICIAL_NAMESPACE)
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|_| domain == DEFAULT_DOMAIN);
        if let Some(found) = official.filter(|name| is_image_id(name)) {
            return Err(ReferenceError::ImageId {
                found: found.to_owned(),
            });
        }
        let reference = Self::normalized(Some(domain), path, tag, digest)?;
        if reference.domain() == domain && reference.path() == path {
            Ok(reference)
        } else {
            Err(ReferenceError::NotExpanded {
                found: format!("{domain}/{path}"),
                expanded: reference.name,
            })
        }
    }

    /// Whether a text is a `host[:port]` by the distribution grammar. Any single word is.
    #[must_use]
    pub fn is_domain(text: &str) -> bool {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        };
        host.split('.').all(is_domain_component)
            && port.is_none_or(|port| {
                !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
            })
    }

    /// Whether a text may be a prefix of a `remapIdentity` requirement: a `host[:port]`, or one followed by a namespace
    /// or repository, without tag and digest. A first part that cannot be distinguished from a host, such as `library`,
    /// counts as one; it merely never matches.
    #[must_use]
    pub fn is_name_prefix(text: &str) -> bool {
        match text.split_once('/') {
            Some((domain, path)) => {
                Self::is_domain(domain) && path.split('/').all(is_path_component)
            }
            None => Self::is_domain(text),
        }
    }

    /// The registry, `host[:port]`.
    ///
    /// It is empty for one oddity of the grammar: if the first part looks like a host but has an underscore, as in
    /// `my_registry.example/app`, the whole name is a path. containers/image accepts such names too.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.name.get(..self.domain_length).unwrap_or_default()
    }

    /// The repository path without the host.
    #[must_use]
    pub fn path(&self) -> &str {
        let rest = self.name.get(self.domain_length..).unwrap_or_default();
        rest.strip_prefix('/').unwrap_or(rest)
    }

    /// The repository: `host[:port]/path`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tag, if one is written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if one is written.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Whether there is neither a tag nor a digest.
    #[must_use]
    pub fn is_name_only(&self) -> bool {
        self.tag.is_none() && self.digest.is_none()
    }

    /// The same reference; with the tag `latest` if it has neither a tag nor a digest.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.is_name_only() {
            self.tag = Some(DEFAULT_TAG.to_owned());
        }
        self
    }

    /// The same reference without its tag; the digest stays, if there is one.
    #[must_use]
    pub fn without_tag(mut self) -> Self {
        self.tag = None;
        self
    }
}

impl fmt::Display for Reference {
    /// Writes the full reference, which [`Reference::parse_expanded`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// The same as [`Reference::parse_normalized`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_normalized(text)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a text is an image ID: 64 lower-case hexadecimal digits.
pub(crate) fn is_image_id(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Splits off what is written as the host, if anything is.
fn split_domain(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((first, rest)) if is_written_domain(first) => (Some(first), rest),
        _ => (None, text),
    }
}

/// Whether what precedes the first `/` is a host, and not the first part of a path.
fn is_written_domain(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost"
}

/// Checks host and path, and returns the normalized name and how many bytes of it are the host.
fn normalized_name(
    written_domain: Option<&str>,
    path: &str,
) -> Result<(String, usize), ReferenceError> {
    if path.chars().any(char::is_uppercase) {
        let mut upper_case = String::new();
        for character in path.chars().filter(|character| character.is_uppercase()) {
            if !upper_case.contains(character) {
                upper_case.push(character);
            }
        }
        return Err(ReferenceError::UpperCase {
            path: path.to_owned(),
            upper_case,
        });
    }
    if let Some(found) = path
        .split('/')
        .find(|component| !is_path_component(component))
    {
        return Err(ReferenceError::PathComponent {
            path: path.to_owned(),
            found: found.to_owned(),
        });
    }
    let domain = match written_domain {
        None | Some(LEGACY_DEFAULT_DOMAIN) => DEFAULT_DOMAIN,
        Some(written) => written,
    };
    if !Reference::is_domain(domain) {
        // The grammar makes the host optional, so a "host" that can only be a path component is one.
        if is_path_component(domain) {
            return Ok((format!("{domain}/{path}"), 0));
        }
        return Err(ReferenceError::Domain {
            found: domain.to_owned(),
        });
    }
    let name = if domain == DEFAULT_DOMAIN && !path.contains('/') {
        format!("{domain}/{OFFICIAL_NAMESPACE}/{path}")
    } else {
        format!("{domain}/{path}")
    };
    Ok((name, domain.len()))
}

/// A part of a host name: letters, digits and inner dashes.
fn is_domain_component(component: &str) -> bool {
    !component.is_empty()
        && component
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !component.starts_with('-')
        && !component.ends_with('-')
}

/// A part of a repository path: runs of lower-case letters and digits, joined by one `.`, `_` or `__`, or any
/// number of dashes.
fn is_path_component(component: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut separator = Vec::new();
    let mut after_alphanumeric = false;
    for byte in component.bytes() {
        if is_alphanumeric(byte) {
            let joins = match separator.as_slice() {
                [] => true,
                [b'.' | b'_'] | [b'_', b'_'] => after_alphanumeric,
                dashes => after_alphanumeric && dashes.iter().all(|&byte| byte == b'-'),
            };
            if !joins {
                return false;
            }
            separator.clear();
            after_alphanumeric = true;
        } else if matches!(byte, b'.' | b'_' | b'-') {
            separator.push(byte);
        } else {
            return false;
        }
    }
    after_alphanumeric && separator.is_empty()
}

/// A tag: a letter, digit or underscore, then up to 127 of these, `.` or `-`.
fn is_tag(tag: &str) -> bool {
    tag.len() <= MAX_TAG_LENGTH
        && tag.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests;
