//! What a policy says.

use std::collections::BTreeMap;

use super::origin::{PolicyOrigin, PolicyPlace};
use super::places::Places;
use super::requirement::Requirements;

/// A policy: what images must fulfil, by transport and scope.
///
/// Two policies are equal if they demand the same of every image; the order of scopes, the spelling of the JSON and
/// where they are from do not count. A policy that was read from JSON keeps that text, so that places in it can be
/// told.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) default: Requirements,
    pub(super) transports: BTreeMap<String, BTreeMap<String, Requirements>>,
    pub(super) origin: PolicyOrigin,
    pub(super) places: Places,
}

impl Policy {
    /// The largest policy that is read, in bytes: room for some 100,000 scopes. containers/image has no limit.
    pub const MAX_SIZE: usize = 16 * 1024 * 1024;

    /// A policy that demands the same of every image.
    #[must_use]
    pub fn new(default: impl Into<Requirements>) -> Self {
        Self {
            default: default.into(),
            transports: BTreeMap::new(),
            origin: PolicyOrigin::of(PolicyPlace::Code),
            places: Places::default(),
        }
    }

    /// Where the policy is from: the file, why it is this one, and the SHA-256 of its bytes.
    #[must_use]
    pub fn origin(&self) -> &PolicyOrigin {
        &self.origin
    }

    /// The requirements for images that no scope matches.
    #[must_use]
    pub fn default_requirements(&self) -> &Requirements {
        &self.default
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            default,
            transports,
            origin: _,
            places: _,
        } = self;
        *default == other.default && *transports == other.transports
    }
}

impl Eq for Policy {}
