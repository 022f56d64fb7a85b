//! Image names with their transport.

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::path::{parents, resolve};
use super::storage::StorageName;
use super::{ImageNameError, NameContext, Transport};
use crate::digest::{Algorithm, Digest};
use crate::reference::Reference;

/// The suffix of a `docker` name for a push without a tag.
const UNKNOWN_DIGEST: &str = "@@unknown-digest@@";

/// The name of an image as the user gave it, `transport:reference`, and what a policy looks up for it.
///
/// It must be the name that the user meant, not that of a mirror or of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageName {
    text: String,
    transport: Transport,
    identity: Option<String>,
    namespaces: Vec<String>,
    reference: Option<Reference>,
}

/// What a transport makes of its part of a name: identity, namespaces and Docker reference.
type Meaning = (Option<String>, Vec<String>, Option<Reference>);

impl ImageName {
    /// Reads an image name in the default [`NameContext`].
    ///
    /// # Errors
    ///
    /// [`ImageNameError`] as from [`parse_in`](Self::parse_in).
    pub fn parse(text: &str) -> Result<Self, ImageNameError> {
        Self::parse_in(text, &NameContext::default())
    }

    /// Reads an image name (containers-transports(5)):
    ///
    /// | form | notes |
    /// |---|---|
    /// | `docker://reference` | without tag and digest it means `:latest`; not both; `name@@unknown-digest@@` has neither |
    /// | `atomic:host/namespace/stream:tag` | |
    /// | `docker-daemon:reference`, `docker-daemon:sha256:…` | a tag or a digest, not both; or an image ID |
    /// | `dir:path`, `sif:path` | |
    /// | `oci:path[:image]` | `image` may be an index `@N` |
    /// | `oci-archive:path[:image]` | no index |
    /// | `containers-storage:[driver@graphroot+runroot:options]reference@imageid` | most parts are optional, see [`NameContext`] |
    /// | `docker-archive:path[:reference]` | a tag only; or an index `@N` |
    /// | `tarball:path[:path…]` | |
    ///
    /// The paths of `dir`, `sif`, `oci` and `oci-archive` are resolved to absolute ones without symbolic links; only
    /// their last component may be missing. No other file is looked at. In particular, a shortened image ID in
    /// `containers-storage` is not completed: the program must do so before, and a name that may be one is refused.
    ///
    /// # Errors
    ///
    /// [`ImageNameError`] if the text has none of these forms or its path does not resolve.
    pub fn parse_in(text: &str, context: &NameContext) -> Result<Self, ImageNameError> {
        let (transport, rest) = split_transport(text)?;
        let (identity, namespaces, reference) = match transport {
            Transport::Docker => docker(rest)?,
            Transport::Atomic => atomic(rest)?,
            Transport::DockerDaemon => docker_daemon(rest)?,
            Transport::Dir | Transport::Sif => {
                let path = resolve_path(transport, rest, context)?;
                (Some(path.clone()), parents(&path), None)
            }
            Transport::Oci | Transport::OciArchive => layout(transport, rest, context)?,
            Transport::ContainersStorage => {
                let name = StorageName::parse(rest, context)?;
                (Some(name.identity()), name.namespaces(), name.reference)
            }
            Transport::DockerArchive => (None, Vec::new(), docker_archive(rest)?),
            Transport::Tarball if rest.split(':').any(str::is_empty) => {
                return Err(ImageNameError::Empty { transport });
            }
            Transport::Tarball => (None, Vec::new(), None),
        };
        Ok(Self {
            text: text.to_owned(),
            transport,
            identity,
            namespaces,
            reference,
        })
    }

    /// The `docker` name of a reference, `docker://reference`.
    ///
    /// # Errors
    ///
    /// [`ImageNameError::TagAndDigest`] if the reference has both; [`for_pull`](Self::for_pull) takes that.
    pub fn from_reference(reference: &Reference) -> Result<Self, ImageNameError> {
        Self::parse(&format!("docker://{reference}"))
    }

    /// The `docker` name of what is pulled for a reference, which may have a tag and a digest, as Kubernetes writes it:
    /// where there is a digest, the tag is dropped; where there is neither, it means `:latest`. That is what containerd
    /// does (`ParseDockerRef` of the module distribution/reference).
    ///
    /// The digest alone says which manifest is pulled, so that the tag is no more than a note. What comes of that: a
    /// scope of the policy that names the tag does not apply; `matchRepoDigestOrExact` takes a signature for any tag of
    /// the same repository, as for every name with a digest, and so does not say that it was made for this tag;
    /// `matchExact` refuses what was signed by its tag. Whoever wants the tag to count has to pull by the tag.
    ///
    /// ```
    /// use containers_sigpolicy::{ImageName, Reference};
    ///
    /// let digest = format!("sha256:{}", "0".repeat(64));
    /// let written: Reference = format!("registry.example/app:1.4.2@{digest}").parse()?;
    /// let name = ImageName::for_pull(&written);
    /// assert_eq!(name.as_str(), format!("docker://registry.example/app@{digest}"));
    /// # Ok::<(), containers_sigpolicy::ReferenceError>(())
    /// ```
    #[must_use]
    pub fn for_pull(reference: &Reference) -> Self {
        let reference = match reference.digest() {
            Some(_) => reference.clone().without_tag(),
            None => reference.clone().with_default_tag(),
        };
        let text = format!("{}://{reference}", Transport::Docker);
        let (identity, namespaces, reference) = by_reference(reference);
        Self {
            text,
            transport: Transport::Docker,
            identity,
            namespaces,
            reference,
        }
    }

    /// The transport, which chooses the section of the policy.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The scope that names exactly this image. `None` if the transport has none: then only the transport's default
    /// and the global default of a policy apply.
    #[must_use]
    pub fn policy_identity(&self) -> Option<&str> {
        self.identity.as_deref()
    }

    /// The scopes that cover this image, in the order in which a policy is searched after the identity.
    #[must_use]
    pub fn policy_namespaces(&self) -> &[String] {
        &self.namespaces
    }

    /// The image's own Docker reference, which signed identities are compared with: with `docker`, `atomic`, and the
    /// other transports if the user wrote one as part of the name.
    #[must_use]
    pub fn docker_reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ImageName {
    /// Writes the name as it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for ImageName {
    type Err = ImageNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for ImageName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Splits off the transport, or finds out what the user may have meant.
fn split_transport(text: &str) -> Result<(Transport, &str), ImageNameError> {
    let as_docker = || {
        Reference::parse_normalized(text)
            .ok()
            .map(|_| format!("docker://{text}"))
    };
    let Some((name, rest)) = text.split_once(':') else {
        let as_path = || text.starts_with(['/', '.']).then(|| format!("dir:{text}"));
        let suggestion = as_path().or_else(as_docker);
        return Err(ImageNameError::NoTransport {
            found: text.to_owned(),
            suggestion,
        });
    };
    if let Some(transport) = Transport::from_name(name) {
        return Ok((transport, rest));
    }
    let nearest = Transport::nearest(name).map(|transport| match transport {
        Transport::Docker => format!("docker://{}", rest.trim_start_matches('/')),
        _ => format!("{transport}:{rest}"),
    });
    match nearest {
        // `host:5000/app` and `app:tag` are references.
        None if as_docker().is_some() => Err(ImageNameError::NoTransport {
            found: text.to_owned(),
            suggestion: as_docker(),
        }),
        suggestion => Err(ImageNameError::UnknownTransport {
            found: name.to_owned(),
            suggestion,
        }),
    }
}

fn reference(transport: Transport, text: &str) -> Result<Reference, ImageNameError> {
    Reference::parse_normalized(text)
        .map_err(|reason| ImageNameError::Reference { transport, reason })
}

fn docker(text: &str) -> Result<Meaning, ImageNameError> {
    let transport = Transport::Docker;
    let Some(text) = text.strip_prefix("//") else {
        return Err(ImageNameError::NoSlashes {
            suggestion: format!("docker://{}", text.trim_start_matches('/')),
        });
    };
    if let Some(text) = text.strip_suffix(UNKNOWN_DIGEST) {
        let reference = reference(transport, text)?;
        if !reference.is_name_only() {
            return Err(ImageNameError::UnknownDigestAndKnown {
                reference: reference.to_string(),
            });
        }
        let identity = reference.name().to_owned();
        let namespaces = reference_namespaces(&reference)
            .into_iter()
            .skip(1)
            .collect();
        return Ok((Some(identity), namespaces, Some(reference)));
    }
    one_of_tag_and_digest(transport, reference(transport, text)?.with_default_tag())
}

fn atomic(text: &str) -> Result<Meaning, ImageNameError> {
    let reference = reference(Transport::Atomic, text)?;
    if reference.path().split('/').count() != 2 || reference.tag().is_none() {
        return Err(ImageNameError::NotAtomic {
            reference: reference.to_string(),
        });
    }
    one_of_tag_and_digest(Transport::Atomic, reference)
}

fn docker_daemon(text: &str) -> Result<Meaning, ImageNameError> {
    let transport = Transport::DockerDaemon;
    if let Ok(digest) = Digest::parse(text) {
        return match digest.algorithm() {
            Algorithm::Sha256 => Ok((None, Vec::new(), None)),
            _ => Err(ImageNameError::DaemonDigest {
                found: text.to_owned(),
            }),
        };
    }
    let reference = reference(transport, text)?;
    if reference.name() == "docker.io/library/sha256" {
        return Err(ImageNameError::DaemonImageId {
            found: text.to_owned(),
        });
    }
    one_of_tag_and_digest(transport, reference)
}

fn one_of_tag_and_digest(
    transport: Transport,
    reference: Reference,
) -> Result<Meaning, ImageNameError> {
    match (reference.tag(), reference.digest()) {
        (Some(_), Some(_)) => Err(ImageNameError::TagAndDigest {
            transport,
            reference: reference.to_string(),
        }),
        (None, None) => Err(ImageNameError::NeitherTagNorDigest {
            transport,
            reference: reference.to_string(),
        }),
        _ => Ok(by_reference(reference)),
    }
}

/// What a reference means that has a tag or a digest.
fn by_reference(reference: Reference) -> Meaning {
    (
        Some(reference.to_string()),
        reference_namespaces(&reference),
        Some(reference),
    )
}

/// The repository, each of its parents up to `host[:port]`, then `*.` and each parent domain of the host.
fn reference_namespaces(reference: &Reference) -> Vec<String> {
    let mut name = reference.name();
    let mut namespaces = vec![name.to_owned()];
    while let Some((parent, _)) = name.rsplit_once('/') {
        namespaces.push(parent.to_owned());
        name = parent;
    }
    let mut host = name.split_once(':').map_or(name, |(host, _port)| host);
    while let Some((_, parent)) = host.split_once('.') {
        namespaces.push(format!("*.{parent}"));
        host = parent;
    }
    namespaces
}

fn resolve_path(
    transport: Transport,
    path: &str,
    context: &NameContext,
) -> Result<String, ImageNameError> {
    let working_directory = match &context.working_directory {
        Some(directory) => directory.clone(),
        // Only relative paths need it, and it may not be known.
        None if path.starts_with('/') => PathBuf::from("/"),
        None => env::current_dir().map_err(|source| ImageNameError::CurrentDirectory { source })?,
    };
    resolve(path, &working_directory).map_err(|source| ImageNameError::Path {
        transport,
        path: path.to_owned(),
        source,
    })
}

/// `path[:image]`; the image is not part of the identity.
fn layout(
    transport: Transport,
    text: &str,
    context: &NameContext,
) -> Result<Meaning, ImageNameError> {
    let (path, image) = text.split_once(':').unwrap_or((text, ""));
    if image.starts_with('@') {
        // containers/image takes it for the name of an image there, and such a name does not begin with `@`.
        if transport == Transport::OciArchive {
            return Err(ImageNameError::ArchiveIndex {
                found: image.to_owned(),
            });
        }
        check_index(image)?;
    } else if !image.is_empty() && !is_layout_image(image) {
        return Err(ImageNameError::LayoutImage {
            found: image.to_owned(),
        });
    }
    let path = resolve_path(transport, path, context)?;
    let namespaces = if path == "/" {
        Vec::new()
    } else {
        [path.clone()].into_iter().chain(parents(&path)).collect()
    };
    Ok((Some(path), namespaces, None))
}

/// The value of `org.opencontainers.image.ref.name` by the OCI image specification, "Annotations".
fn is_layout_image(image: &str) -> bool {
    image.split('/').all(|component| {
        // `--` is the only separator of two characters; as one of another kind, it still cannot touch a third.
        component
            .replace("--", "+")
            .split(['-', '.', '_', ':', '@', '+'])
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    })
}

/// `path[:reference]` or `path:@N`.
fn docker_archive(text: &str) -> Result<Option<Reference>, ImageNameError> {
    let transport = Transport::DockerArchive;
    if text.is_empty() {
        return Err(ImageNameError::Empty { transport });
    }
    match text.split_once(':') {
        None => Ok(None),
        Some((_, index)) if index.starts_with('@') => check_index(index).map(|()| None),
        Some((_, text)) => {
            let reference = reference(transport, text)?.with_default_tag();
            match reference.digest() {
                None => Ok(Some(reference)),
                Some(_) => Err(ImageNameError::ArchiveDigest {
                    reference: reference.to_string(),
                }),
            }
        }
    }
}

fn check_index(text: &str) -> Result<(), ImageNameError> {
    match text.strip_prefix('@').map(str::parse::<u32>) {
        Some(Ok(_)) => Ok(()),
        _ => Err(ImageNameError::Index {
            found: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests;
