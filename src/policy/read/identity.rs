//! Signed identities.

use super::shape::{self, Fields, Variant, variant};
use super::values::{invalid, text};
use crate::json::Value;
use crate::policy::error::{PolicyError, PolicyErrorKind};
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
            let value = fields.required("dockerReference")?;
            let identity = ExactReference::new(&value.string()?).map_err(invalid(value))?;
            Ok(identity.into())
        },
    },
    Variant {
        type_name: "exactRepository",
        shape: &shape::EXACT_REPOSITORY,
        read: |fields| {
            let value = fields.required("dockerRepository")?;
            let identity = ExactRepository::new(&value.string()?).map_err(invalid(value))?;
            Ok(identity.into())
        },
    },
    Variant {
        type_name: "remapIdentity",
        shape: &shape::REMAP_IDENTITY,
        read: |fields| {
            let prefix = remap_prefix(fields, "prefix")?;
            let signed_prefix = remap_prefix(fields, "signedPrefix")?;
            RemapIdentity::new(prefix, signed_prefix)
                .map(SignedIdentity::RemapIdentity)
                .map_err(|error| fields.error(PolicyErrorKind::Invalid(error)))
        },
    },
];

/// The member `signedIdentity`; `null` is not the same as none.
pub(super) fn signed_identity_or_default(
    fields: &Fields<'_>,
) -> Result<SignedIdentity, PolicyError> {
    match fields.optional("signedIdentity") {
        Some(value) => signed_identity(value),
        None => Ok(SignedIdentity::default()),
    }
}

pub(super) fn signed_identity(value: Value<'_>) -> Result<SignedIdentity, PolicyError> {
    variant(value, "identity type", "a signed identity", IDENTITIES)
}

fn remap_prefix(fields: &Fields<'_>, key: &'static str) -> Result<String, PolicyError> {
    let value = fields.required(key)?;
    checked_prefix(key, text(value)?).map_err(invalid(value))
}
