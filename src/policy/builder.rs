//! Policies made in code.

use super::scope::check_scope;
use super::{InvalidPolicy, Policy, Requirements};

/// A policy under construction, from [`Policy::builder`].
///
/// ```
/// use containers_sigpolicy::Policy;
/// use containers_sigpolicy::policy::{KeySource, KeyType, Requirement, SignedBy, SignedIdentity};
///
/// let keys = KeySource::Path("/etc/pki/example.gpg".to_owned());
/// let signed = SignedBy::new(KeyType::GpgKeys, keys, SignedIdentity::default())?;
/// let policy = Policy::builder(Requirement::Reject)
///     .scope("docker", "registry.example/app", Requirement::from(signed))
///     .build()?;
/// assert_eq!(policy.to_json().parse::<Policy>().unwrap(), policy);
/// # Ok::<(), containers_sigpolicy::policy::InvalidPolicy>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct PolicyBuilder {
    policy: Policy,
    /// The first scope that is wrong; the builder's methods chain better without an error each.
    error: Option<InvalidPolicy>,
}

impl Policy {
    /// Begins a policy with scopes; `default` is for images that no scope matches.
    pub fn builder(default: impl Into<Requirements>) -> PolicyBuilder {
        PolicyBuilder::new(Self::new(default))
    }
}

impl PolicyBuilder {
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            policy,
            error: None,
        }
    }

    /// What images in this scope of the transport have to fulfil. `docker` has scopes such as
    /// `docker.io/library/busybox:latest`, `docker.io/library`, `docker.io` and `*.example.com`; a transport that this
    /// crate does not know has any.
    pub fn scope(
        mut self,
        transport: &str,
        scope: &str,
        requirements: impl Into<Requirements>,
    ) -> Self {
        let result = self.insert(transport, scope, requirements.into());
        self.error = self.error.or(result.err());
        self
    }

    /// What images of the transport have to fulfil if none of its scopes matches: the scope `""`.
    pub fn transport_default(self, transport: &str, requirements: impl Into<Requirements>) -> Self {
        self.scope(transport, "", requirements)
    }

    /// The policy.
    ///
    /// # Errors
    ///
    /// For the first scope that is wrong: [`InvalidPolicy::Scope`] if its transport cannot have it,
    /// [`InvalidPolicy::DuplicateScope`] if it was given twice.
    pub fn build(self) -> Result<Policy, InvalidPolicy> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.policy),
        }
    }

    fn insert(
        &mut self,
        transport: &str,
        scope: &str,
        requirements: Requirements,
    ) -> Result<(), InvalidPolicy> {
        check_scope(transport, scope)?;
        let scopes = self
            .policy
            .transports
            .entry(transport.to_owned())
            .or_default();
        match scopes.insert(scope.to_owned(), requirements) {
            None => Ok(()),
            Some(_) => Err(InvalidPolicy::DuplicateScope {
                transport: transport.to_owned(),
                scope: scope.to_owned(),
            }),
        }
    }
}
