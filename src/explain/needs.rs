//! What a requirement needs: by whom an image has to be signed, and for which name.

use std::fmt;

use serde::Serialize;

use crate::image::{ImageName, Transport};
use crate::policy::{KeySource, KeyType, Requirement, SignedIdentity, SigstoreTrust};
use crate::reference::Reference;
use crate::simple_signing::identity::{IdentityMismatch, remapped};
use crate::text::quote::Quoted;

/// The name that has to be signed, so that a signature counts for an image.
///
/// `Display` completes "signed as …". As JSON an object with `kind` in kebab-case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SignedName {
    /// This name and no other.
    #[non_exhaustive]
    Exactly {
        /// The name, with tag or digest.
        name: Reference,
    },
    /// Any tag or digest of this repository. The manifest's own digest is compared in any case.
    #[non_exhaustive]
    AnyTagOf {
        /// The repository.
        repository: String,
    },
}

impl fmt::Display for SignedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly { name } => write!(f, "exactly {}", Quoted(&name.to_string())),
            Self::AnyTagOf { repository } => write!(f, "any tag of {}", Quoted(repository)),
        }
    }
}

/// Why no image, or no image of this name, can meet a requirement, whatever its signatures.
///
/// `Display` is a sentence. As JSON an object with `name` in kebab-case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Obstacle {
    /// It is `reject`.
    Reject,
    /// It is of a type that this program does not evaluate.
    #[non_exhaustive]
    NotImplemented {
        /// The type of the requirement, or of its keys.
        what: &'static str,
    },
    /// It trusts no key: an empty list, or empty data.
    NoKeys,
    /// Images of the transport have no name that a signature could be compared with.
    #[non_exhaustive]
    NoName {
        /// The transport.
        transport: Transport,
        /// The rule that compares names.
        rule: &'static str,
    },
    /// The image's name cannot be compared by `matchExact`, or by a rule that compares tags, because it has no tag.
    #[non_exhaustive]
    NameOnly {
        /// The rule.
        rule: &'static str,
    },
    /// What `remapIdentity` makes of names is no name.
    #[non_exhaustive]
    Unmappable {
        /// What it makes.
        result: String,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reject => f.write_str("`reject` rejects every image"),
            Self::NotImplemented { what } => {
                write!(
                    f,
                    "this program does not evaluate `{what}`, and rejects every image"
                )
            }
            Self::NoKeys => f.write_str("no key is trusted, so no signature counts"),
            Self::NoName { transport, rule } => write!(
                f,
                "images of `{transport}` have no name that `{rule}` could compare; \
                 only `exactReference` and `exactRepository` do without"
            ),
            Self::NameOnly { rule } => write!(
                f,
                "the image is named without a tag, and `{rule}` compares whole names"
            ),
            Self::Unmappable { result } => {
                write!(
                    f,
                    "`remapIdentity` makes {} of the name, which is none",
                    Quoted(result)
                )
            }
        }
    }
}

/// What stands against a requirement for all images of a transport; without one, for all images.
pub(super) fn obstacle(
    transport: Option<Transport>,
    requirement: &Requirement,
) -> Option<Obstacle> {
    let not_implemented = |what| Some(Obstacle::NotImplemented { what });
    let (trusts_nobody, rule) = match requirement {
        Requirement::SignedBy(signed_by) => {
            if signed_by.key_type() != KeyType::GpgKeys {
                return not_implemented(signed_by.key_type().name());
            }
            let trusts_nobody = match signed_by.keys() {
                KeySource::Path(_) => false,
                KeySource::Paths(paths) => paths.is_empty(),
                KeySource::Data(data) => data.is_empty(),
            };
            (trusts_nobody, signed_by.signed_identity())
        }
        Requirement::SigstoreSigned(sigstore) => match sigstore.trust() {
            SigstoreTrust::Keys { keys, .. } if cfg!(feature = "sigstore") => {
                (keys.trusts_nobody(), sigstore.signed_identity())
            }
            SigstoreTrust::Fulcio { fulcio, .. } if cfg!(feature = "sigstore") => {
                (fulcio.ca().trusts_nobody(), sigstore.signed_identity())
            }
            SigstoreTrust::Pki(pki) if cfg!(feature = "sigstore") => {
                (pki.ca_roots().trusts_nobody(), sigstore.signed_identity())
            }
            _ => return not_implemented(requirement.type_name()),
        },
        Requirement::Reject => return Some(Obstacle::Reject),
        Requirement::InsecureAcceptAnything => return None,
        other => return not_implemented(other.type_name()),
    };
    if trusts_nobody {
        return Some(Obstacle::NoKeys);
    }
    let transport = transport.filter(|transport| !has_names(*transport))?;
    needs_name(rule).then(|| Obstacle::NoName {
        transport,
        rule: rule.type_name(),
    })
}

/// The name that has to be signed for an image.
///
/// # Errors
///
/// If there is none.
pub(super) fn signed_name(
    image: &ImageName,
    rule: &SignedIdentity,
) -> Result<SignedName, Obstacle> {
    let own = || {
        image.docker_reference().ok_or_else(|| Obstacle::NoName {
            transport: image.transport(),
            rule: rule.type_name(),
        })
    };
    let any_tag_of = |reference: &Reference| SignedName::AnyTagOf {
        repository: reference.name().to_owned(),
    };
    let name = match rule {
        SignedIdentity::ExactReference(exact) => exact.docker_reference().clone(),
        SignedIdentity::ExactRepository(exact) => {
            return Ok(any_tag_of(exact.docker_repository()));
        }
        SignedIdentity::MatchRepository => return Ok(any_tag_of(own()?)),
        SignedIdentity::RemapIdentity(remap) => {
            remapped(own()?, remap).map_err(|mismatch| match mismatch {
                IdentityMismatch::Different { demanded, .. } => {
                    Obstacle::Unmappable { result: demanded }
                }
                IdentityMismatch::NoImageIdentity => Obstacle::NoName {
                    transport: image.transport(),
                    rule: rule.type_name(),
                },
            })?
        }
        _ => own()?.clone(),
    };
    if name.is_name_only() {
        return Err(Obstacle::NameOnly {
            rule: rule.type_name(),
        });
    }
    let is_bound = name.tag().is_some()
        || matches!(
            rule,
            SignedIdentity::MatchExact | SignedIdentity::ExactReference(_)
        );
    Ok(if is_bound {
        SignedName::Exactly { name }
    } else {
        // By digest: that is compared with the manifest itself.
        any_tag_of(&name)
    })
}

/// Whether images of the transport have names of their own, or may have.
pub(super) fn has_names(transport: Transport) -> bool {
    !matches!(
        transport,
        Transport::Dir
            | Transport::Sif
            | Transport::Oci
            | Transport::OciArchive
            | Transport::Tarball
    )
}

fn needs_name(rule: &SignedIdentity) -> bool {
    !matches!(
        rule,
        SignedIdentity::ExactReference(_) | SignedIdentity::ExactRepository(_)
    )
}
