//! What a policy says.

use std::collections::BTreeMap;

use super::origin::{PolicyOrigin, PolicyPlace};
use super::requirement::Requirements;

/// A policy: what images must fulfil, by transport and scope.
///
/// Two policies are equal if they demand the same of every image; the order of scopes, the spelling of the JSON and
/// where they are from do not count.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) default: Requirements,
    pub(super) transports: BTreeMap<String, BTreeMap<String, Requirements>>,
    pub(super) origin: PolicyOrigin,
}

impl Policy {
    /// The largest policy that is read, in bytes: room for some 100,000 scopes. containers/image has no limit.
    pub const MAX_SIZE: usize = 16 * 1024 * 1024;

    /// A policy that demands the same of every image.
    pub fn new(default: impl Into<Requirements>) -> Self {
        Self {
            default: default.into(),
            transports: BTreeMap::new(),
            origin: PolicyOrigin::of(PolicyPlace::Code),
        }
    }

    /// Where the policy is from: the file, why it is this one, and the SHA-256 of its bytes.
    pub fn origin(&self) -> &PolicyOrigin {
        &self.origin
    }

    /// The requirements for images that no scope matches.
    pub fn default_requirements(&self) -> &Requirements {
        &self.default
    }

    /// For each transport that the policy mentions its scopes and their requirements; the scope `""` is the
    /// transport's default.
    pub fn transports(&self) -> &BTreeMap<String, BTreeMap<String, Requirements>> {
        &self.transports
    }

    /// Every list of requirements in the policy, the global default first: for loading all keys in advance.
    pub fn all_requirements(&self) -> impl Iterator<Item = &Requirements> {
        let scopes = self.transports.values().flat_map(BTreeMap::values);
        std::iter::once(&self.default).chain(scopes)
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            default,
            transports,
            origin: _,
        } = self;
        *default == other.default && *transports == other.transports
    }
}

impl Eq for Policy {}
