//! All scopes of a policy.

use std::fmt;

use serde::Serialize;

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
        ScopeName {
            transport: self.transport.map(str::to_owned),
            scope: self.scope.to_owned(),
        }
    }
}

/// Where in a policy a list of requirements is. Its text completes "the requirements of …".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct ScopeName {
    /// The transport; none for the policy's default.
    pub transport: Option<String>,
    /// The scope; `""` for the default of the transport, and for that of the policy.
    pub scope: String,
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
