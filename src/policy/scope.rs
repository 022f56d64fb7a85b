//! Which requirements apply to an image, and why these.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{InvalidPolicy, Policy, Requirements, ScopeName};
use crate::image::{ImageName, Transport};

/// The requirements that apply to an image, and where in the policy they are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AppliedRequirements<'policy> {
    requirements: &'policy Requirements,
    scope: MatchedScope,
}

impl<'policy> AppliedRequirements<'policy> {
    /// The requirements, all of which the image must meet.
    #[must_use]
    pub fn requirements(&self) -> &'policy Requirements {
        self.requirements
    }

    /// Where in the policy they are.
    #[must_use]
    pub fn scope(&self) -> &MatchedScope {
        &self.scope
    }
}

/// Where in a policy the requirements for an image stand. Its text completes "the requirements are those of …".
///
/// As JSON an object with `kind`, `default`, `transport-default`, `identity` or `namespace`, and with `transport` and `scope`
/// where there are any.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MatchedScope {
    /// `default`: the policy says nothing about the image's transport, or has no scope there that fits.
    Default,
    /// The scope `""` of the transport: no other scope there fits.
    #[non_exhaustive]
    TransportDefault {
        /// The transport.
        transport: String,
    },
    /// The scope that is the image's identity itself.
    #[non_exhaustive]
    Identity {
        /// The transport.
        transport: String,
        /// The scope.
        scope: String,
    },
    /// The first of the image's namespaces that is a scope.
    #[non_exhaustive]
    Namespace {
        /// The transport.
        transport: String,
        /// The scope.
        scope: String,
    },
}

impl MatchedScope {
    /// The scope by its name, with which its place in the policy's text can be asked for.
    #[must_use]
    pub fn name(&self) -> ScopeName {
        ScopeName::new(self.transport(), self.scope().unwrap_or_default())
    }

    /// The transport in whose part of the policy the requirements stand; none for the global default.
    #[must_use]
    pub fn transport(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::TransportDefault { transport }
            | Self::Identity { transport, .. }
            | Self::Namespace { transport, .. } => Some(transport),
        }
    }

    /// The scope's key below its transport; `""` for the transport's default, none for the global default.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::TransportDefault { .. } => Some(""),
            Self::Identity { scope, .. } | Self::Namespace { scope, .. } => Some(scope),
        }
    }
}

impl fmt::Display for MatchedScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("the policy's default"),
            Self::TransportDefault { transport } => {
                write!(formatter, "the default of the transport {transport}")
            }
            Self::Identity { transport, scope } => {
                write!(
                    formatter,
                    "the image's own scope {scope} of the transport {transport}"
                )
            }
            Self::Namespace { transport, scope } => {
                write!(formatter, "the scope {scope} of the transport {transport}")
            }
        }
    }
}

impl Policy {
    /// The requirements for an image: those of the transport's scope that is the image's identity; else of the first of
    /// its namespaces that is a scope; else of the transport's scope `""`; else the policy's default. Only this one
    /// scope applies, by containers-policy.json(5), section POLICY FORMAT.
    pub fn requirements_for(&self, image: &ImageName) -> AppliedRequirements<'_> {
        self.requirements_for_scopes(
            image.transport().name(),
            image.policy_identity(),
            image.policy_namespaces(),
        )
    }

    /// Whether no image of this name is accepted unless something was verified. False if and only if every requirement that
    /// applies is `insecureAcceptAnything`, which accepts whatever the image is.
    ///
    /// So it is true for `signedBy` and `sigstoreSigned`, whose signatures have to be fetched; and for `reject` and
    /// what is not implemented, which no signature helps: where it is false, and there only, verification may be left
    /// out.
    #[must_use]
    pub fn requires_signature(&self, image: &ImageName) -> bool {
        let applied = self.requirements_for(image);
        !applied.requirements().accept_anything()
    }

    /// The [requirements](Self::requirements_for) for an image of which only its transport's name, its `identity` and its `namespaces` are known, the
    /// nearest namespace first: for transports that this crate does not know.
    ///
    /// An image without an identity (`docker-archive:`) has `None` or an empty one.
    pub fn requirements_for_scopes(
        &self,
        transport: &str,
        identity: Option<&str>,
        namespaces: &[impl AsRef<str>],
    ) -> AppliedRequirements<'_> {
        let Some(scopes) = self.transports.get(transport) else {
            return self.applied_default();
        };
        let transport = || transport.to_owned();
        let in_scopes = |name: &str| scopes.get_key_value(name).filter(|_| !name.is_empty());
        if let Some((scope, requirements)) = identity.and_then(in_scopes) {
            let scope = MatchedScope::Identity {
                transport: transport(),
                scope: scope.clone(),
            };
            return AppliedRequirements {
                requirements,
                scope,
            };
        }
        let mut namespaces = namespaces.iter().map(AsRef::as_ref);
        if let Some((scope, requirements)) = namespaces.find_map(in_scopes) {
            let scope = MatchedScope::Namespace {
                transport: transport(),
                scope: scope.clone(),
            };
            return AppliedRequirements {
                requirements,
                scope,
            };
        }
        match scopes.get("") {
            Some(requirements) => AppliedRequirements {
                requirements,
                scope: MatchedScope::TransportDefault {
                    transport: transport(),
                },
            },
            None => self.applied_default(),
        }
    }

    fn applied_default(&self) -> AppliedRequirements<'_> {
        AppliedRequirements {
            requirements: &self.default,
            scope: MatchedScope::Default,
        }
    }
}

/// A transport that is not known may have any scopes; the scope `""` is every transport's default.
pub(super) fn check_scope(transport: &str, scope: &str) -> Result<(), InvalidPolicy> {
    let Some(transport) = Transport::from_name(transport).filter(|_| !scope.is_empty()) else {
        return Ok(());
    };
    transport
        .validate_scope(scope)
        .map_err(|reason| InvalidPolicy::Scope {
            transport: transport.name(),
            scope: scope.to_owned(),
            reason,
        })
}
