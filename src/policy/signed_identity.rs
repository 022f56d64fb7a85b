//! Signed identities: what a signature must claim an image to be.

use super::InvalidPolicy;
use crate::reference::Reference;

/// How the reference in a signature has to relate to the image's own, by the section on `signedIdentity` of
/// containers-policy.json(5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedIdentity {
    /// The two are the same, with tag or digest.
    MatchExact,
    /// The two are the same, with tag; or the image is named by digest and the repository is the same. The default, if
    /// a policy does not say.
    #[default]
    MatchRepoDigestOrExact,
    /// The repository is the same, whatever the tags.
    MatchRepository,
    /// The signature names this reference, whatever the image's own.
    ExactReference(ExactReference),
    /// The signature names this repository, whatever the image's own.
    ExactRepository(ExactRepository),
    /// As [`SignedIdentity::MatchRepoDigestOrExact`], after a prefix of the image's own name was replaced.
    RemapIdentity(RemapIdentity),
}

impl SignedIdentity {
    /// The identity's `type` in a policy.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::MatchExact => "matchExact",
            Self::MatchRepoDigestOrExact => "matchRepoDigestOrExact",
            Self::MatchRepository => "matchRepository",
            Self::ExactReference(_) => "exactReference",
            Self::ExactRepository(_) => "exactRepository",
            Self::RemapIdentity(_) => "remapIdentity",
        }
    }
}

impl From<ExactReference> for SignedIdentity {
    fn from(exact_reference: ExactReference) -> Self {
        Self::ExactReference(exact_reference)
    }
}

impl From<ExactRepository> for SignedIdentity {
    fn from(exact_repository: ExactRepository) -> Self {
        Self::ExactRepository(exact_repository)
    }
}

impl From<RemapIdentity> for SignedIdentity {
    fn from(remap_identity: RemapIdentity) -> Self {
        Self::RemapIdentity(remap_identity)
    }
}

/// The one reference that a signature must name. It has a tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExactReference {
    reference: Reference,
}

impl ExactReference {
    /// From a Docker reference such as `docker.io/library/busybox:latest`; the short form is expanded.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Reference`] if it does not parse, [`InvalidPolicy::NameOnly`] if it has neither tag nor
    /// digest.
    pub fn new(docker_reference: &str) -> Result<Self, InvalidPolicy> {
        let reference = parse("dockerReference", docker_reference)?;
        if reference.tag().is_none() && reference.digest().is_none() {
            return Err(InvalidPolicy::NameOnly {
                value: docker_reference.to_owned(),
            });
        }
        Ok(Self { reference })
    }

    /// The reference, expanded.
    pub fn docker_reference(&self) -> &Reference {
        &self.reference
    }
}

/// The one repository that a signature must name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExactRepository {
    reference: Reference,
}

impl ExactRepository {
    /// From a repository such as `docker.io/library/busybox`; the short form is expanded. A tag or digest is allowed
    /// and means nothing, as in containers/image.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Reference`] if it does not parse.
    pub fn new(docker_repository: &str) -> Result<Self, InvalidPolicy> {
        let reference = parse("dockerRepository", docker_repository)?;
        Ok(Self { reference })
    }

    /// The repository as written in the policy, expanded; only its name counts.
    pub fn docker_repository(&self) -> &Reference {
        &self.reference
    }
}

/// A prefix of image names and what replaces it in signatures, for mirrors.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RemapIdentity {
    prefix: String,
    signed_prefix: String,
}

impl RemapIdentity {
    /// Replaces `prefix` at the beginning of an image's name by `signed_prefix`. Each is a `host[:port]`, a namespace
    /// or a repository, always with its host, without tag or digest. Names without a host, such as `library` or
    /// `ns/repo`, cannot be distinguished from hosts: they are allowed but match nothing.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::RemapPrefix`] for anything else.
    pub fn new(
        prefix: impl Into<String>,
        signed_prefix: impl Into<String>,
    ) -> Result<Self, InvalidPolicy> {
        Ok(Self {
            prefix: checked_prefix("prefix", prefix.into())?,
            signed_prefix: checked_prefix("signedPrefix", signed_prefix.into())?,
        })
    }

    /// What an image's name begins with, up to its end or a `/`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What replaces it in the signature.
    pub fn signed_prefix(&self) -> &str {
        &self.signed_prefix
    }
}

fn parse(key: &'static str, text: &str) -> Result<Reference, InvalidPolicy> {
    Reference::parse_normalized(text).map_err(|reason| InvalidPolicy::Reference {
        key,
        value: text.to_owned(),
        reason,
    })
}

pub(super) fn checked_prefix(key: &'static str, value: String) -> Result<String, InvalidPolicy> {
    if Reference::is_name_prefix(&value) {
        Ok(value)
    } else {
        Err(InvalidPolicy::RemapPrefix { key, value })
    }
}
