//! From JSON to a [`Policy`]: exactly what containers-policy.json(5) defines, and nothing else.

use std::collections::BTreeMap;

use super::error::{Base64Problem, InvalidPolicy, PolicyError, PolicyErrorKind};
use super::read_sigstore::sigstore_signed;
use super::shape::{self, Alternative, Fields, Variant, named, variant};
use super::{
    ExactReference, ExactRepository, KeySource, KeyType, Policy, RemapIdentity, Requirement,
    Requirements, SignedBaseLayer, SignedBy, SignedIdentity, identity,
};
use crate::image::Transport;
use crate::json::go::decode_base64;
use crate::json::{Document, Value};

const REQUIREMENTS: &[Variant<Requirement>] = &[
    Variant {
        type_name: "insecureAcceptAnything",
        shape: &shape::INSECURE_ACCEPT_ANYTHING,
        read: |_| Ok(Requirement::InsecureAcceptAnything),
    },
    Variant {
        type_name: "reject",
        shape: &shape::REJECT,
        read: |_| Ok(Requirement::Reject),
    },
    Variant {
        type_name: "signedBy",
        shape: &shape::SIGNED_BY,
        read: |fields| signed_by(fields).map(Requirement::SignedBy),
    },
    Variant {
        type_name: "signedBaseLayer",
        shape: &shape::SIGNED_BASE_LAYER,
        read: |fields| {
            let identity = signed_identity(fields.required("baseLayerIdentity")?)?;
            Ok(SignedBaseLayer::new(identity).into())
        },
    },
    Variant {
        type_name: "sigstoreSigned",
        shape: &shape::SIGSTORE_SIGNED,
        read: |fields| sigstore_signed(fields).map(Requirement::SigstoreSigned),
    },
];

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

/// Reads a whole policy.
pub(super) fn policy(bytes: &[u8]) -> Result<Policy, PolicyError> {
    let document = Document::parse(bytes)?;
    let fields = Fields::new(document.root(), &shape::POLICY)?;
    let default = requirements(fields.required("default")?)?;
    let mut transports = BTreeMap::new();
    if let Some(value) = fields.optional("transports") {
        for member in value.object()?.members() {
            let scopes = scopes(&member.name, member.value)?;
            transports.insert(member.name.clone().into_owned(), scopes);
        }
    }
    Ok(Policy {
        transports,
        ..Policy::new(default)
    })
}

fn scopes(
    transport: &str,
    value: Value<'_>,
) -> Result<BTreeMap<String, Requirements>, PolicyError> {
    let mut scopes = BTreeMap::new();
    for member in value.object()?.members() {
        check_scope(transport, &member.name).map_err(invalid(member.key))?;
        scopes.insert(
            member.name.clone().into_owned(),
            requirements(member.value)?,
        );
    }
    Ok(scopes)
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

fn requirements(value: Value<'_>) -> Result<Requirements, PolicyError> {
    let list = value
        .array()?
        .into_iter()
        .map(|value| variant(value, "requirement type", "a requirement", REQUIREMENTS))
        .collect::<Result<Vec<_>, _>>()?;
    Requirements::new(list).map_err(invalid(value))
}

fn signed_by(fields: &Fields<'_>) -> Result<SignedBy, PolicyError> {
    let key_type = named(
        fields.required("keyType")?,
        "keyType",
        &KeyType::ALL,
        |key_type| key_type.name(),
    )?;
    let source = fields.exactly_one(&[
        Alternative::new("keyPath", |value| text(value).map(KeySource::Path)),
        Alternative::new("keyPaths", |value| texts(value).map(KeySource::Paths)),
        Alternative::new("keyData", |value| base64(value).map(KeySource::Data)),
    ])?;
    let identity = signed_identity_or_default(fields)?;
    SignedBy::new(*key_type, source.read()?, identity).map_err(invalid(source.value))
}

/// The member `signedIdentity`; `null` is not the same as none.
pub(super) fn signed_identity_or_default(
    fields: &Fields<'_>,
) -> Result<SignedIdentity, PolicyError> {
    match fields.optional("signedIdentity") {
        Some(value) => signed_identity(value),
        None => Ok(SignedIdentity::default()),
    }
}

fn signed_identity(value: Value<'_>) -> Result<SignedIdentity, PolicyError> {
    variant(value, "identity type", "a signed identity", IDENTITIES)
}

fn remap_prefix(fields: &Fields<'_>, key: &'static str) -> Result<String, PolicyError> {
    let value = fields.required(key)?;
    identity::checked_prefix(key, text(value)?).map_err(invalid(value))
}

pub(super) fn text(value: Value<'_>) -> Result<String, PolicyError> {
    Ok(value.string()?.into_owned())
}

pub(super) fn texts(value: Value<'_>) -> Result<Vec<String>, PolicyError> {
    value.array()?.into_iter().map(text).collect()
}

/// Line breaks count as nothing, as in Go; spaces are errors.
pub(super) fn base64(value: Value<'_>) -> Result<Vec<u8>, PolicyError> {
    let text = value.string()?;
    let is_foreign = |character: char| {
        !character.is_ascii_alphanumeric() && !matches!(character, '+' | '/' | '=' | '\r' | '\n')
    };
    let problem = match text.chars().find(|&character| is_foreign(character)) {
        Some(character) => Base64Problem::Character { character },
        None => match decode_base64(&text) {
            Ok(bytes) => return Ok(bytes),
            Err(_) => Base64Problem::Padding,
        },
    };
    Err(PolicyError::at(value, PolicyErrorKind::Base64(problem)))
}

/// Makes a rule that a value breaks an error with its place.
pub(super) fn invalid(value: Value<'_>) -> impl Fn(InvalidPolicy) -> PolicyError {
    move |error| PolicyError::at(value, PolicyErrorKind::Invalid(error))
}
