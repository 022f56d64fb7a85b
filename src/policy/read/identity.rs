//! Signed identities.

use super::mistakes::Read;
use super::node::Node;
use super::shape::{self, Fields, Sort, Variant, variant};
use super::values::text;
use crate::policy::signed_identity::checked_prefix;
use crate::policy::{ExactReference, ExactRepository, RemapIdentity, SignedIdentity};

const IDENTITIES: &[Variant<SignedIdentity>] = &[
    Variant {
        type_name: "matchExact",
        shape: &shape::MATCH_EXACT,
        read: |_| Ok(SignedIdentity::MatchExact),
    },
    Variant {
        type_name: "matchRepoDigestOrExact",
        shape: &shape::MATCH_REPO_DIGEST_OR_EXACT,
        read: |_| Ok(SignedIdentity::MatchRepoDigestOrExact),
    },
    Variant {
        type_name: "matchRepository",
        shape: &shape::MATCH_REPOSITORY,
        read: |_| Ok(SignedIdentity::MatchRepository),
    },
    Variant {
        type_name: "exactReference",
        shape: &shape::EXACT_REFERENCE,
        read: |fields| {
            let node = fields.required("dockerReference")?;
            let identity = ExactReference::new(&node.string()?);
            Ok(identity.map_err(|error| node.invalid(error))?.into())
        },
    },
    Variant {
        type_name: "exactRepository",
        shape: &shape::EXACT_REPOSITORY,
        read: |fields| {
            let node = fields.required("dockerRepository")?;
            let identity = ExactRepository::new(&node.string()?);
            Ok(identity.map_err(|error| node.invalid(error))?.into())
        },
    },
    Variant {
        type_name: "remapIdentity",
        shape: &shape::REMAP_IDENTITY,
        read: |fields| {
            let prefix = remap_prefix(fields, "prefix");
            let signed_prefix = remap_prefix(fields, "signedPrefix");
            RemapIdentity::new(prefix?, signed_prefix?)
                .map(SignedIdentity::RemapIdentity)
                .map_err(|error| fields.node().invalid(error))
        },
    },
];

/// The member `signedIdentity`; `null` is not the same as none.
pub(super) fn signed_identity_or_default(fields: &Fields<'_>) -> Read<SignedIdentity> {
    match fields.optional("signedIdentity") {
        Some(node) => signed_identity(node),
        None => Ok(SignedIdentity::default()),
    }
}

pub(super) fn signed_identity(node: Node<'_>) -> Read<SignedIdentity> {
    const SORT: Sort = Sort {
        what: "identity type",
        name: "a signed identity",
        example: "{\"type\": \"matchRepoDigestOrExact\"}",
    };
    variant(node, &SORT, IDENTITIES)
}

fn remap_prefix(fields: &Fields<'_>, key: &'static str) -> Read<String> {
    let node = fields.required(key)?;
    checked_prefix(key, text(node)?).map_err(|error| node.invalid(error))
}
