//! All scopes of a policy.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Policy, Requirements};

impl Policy {
    /// Everything that the policy says: its default first, then each scope with its requirements, by transport and
    /// scope in the order of their bytes, so that a transport's default comes before its other scopes.
    pub fn scopes(&self) -> impl Iterator<Item = PolicyScope<'_>> {
        let default = PolicyScope {
            transport: None,
            scope: "",
            requirements: &self.default,
        };
        let scopes = self.transports.iter().flat_map(|(transport, scopes)| {
            scopes.iter().map(|(scope, requirements)| PolicyScope {
                transport: Some(transport),
                scope,
                requirements,
            })
        });
        std::iter::once(default).chain(scopes)
    }

    /// The requirements of a scope; none if the policy does not have it.
    #[must_use]
    pub fn requirements_of(&self, scope: &ScopeName) -> Option<&Requirements> {
        match &scope.transport {
            None => Some(&self.default),
            Some(transport) => self.transports.get(transport)?.get(&scope.scope),
        }
    }
}

/// One scope of a policy with its requirements: an element of [`Policy::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyScope<'policy> {
    /// The transport; none for the policy's default.
    pub transport: Option<&'policy str>,
    /// The scope; `""` for the default of the transport, and for that of the policy.
    pub scope: &'policy str,
    /// What images in the scope have to fulfil.
    pub requirements: &'policy Requirements,
}

impl PolicyScope<'_> {
    /// The scope without its requirements.
    #[must_use]
    pub fn name(&self) -> ScopeName {
        ScopeName::new(self.transport, self.scope)
    }
}

/// Where in a policy a list of requirements is. Its text completes "the requirements of …".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScopeName {
    /// The transport; none for the policy's default.
    pub transport: Option<String>,
    /// The scope; `""` for the default of the transport, and for that of the policy.
    pub scope: String,
}

impl ScopeName {
    /// A scope of a transport; without a transport, the policy's default.
    #[must_use]
    pub fn new(transport: Option<&str>, scope: &str) -> Self {
        Self {
            transport: transport.map(str::to_owned),
            scope: scope.to_owned(),
        }
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.transport, self.scope.as_str()) {
            (None, _) => formatter.write_str("the policy's default"),
            (Some(transport), "") => write!(formatter, "the default of the transport {transport}"),
            (Some(transport), scope) => {
                write!(formatter, "the scope {scope} of the transport {transport}")
            }
        }
    }
}
