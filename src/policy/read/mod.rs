//! From JSON to a [`Policy`]: exactly what containers-policy.json(5) defines, and nothing else.

mod identity;
mod shape;
mod sigstore;
mod values;

use std::collections::BTreeMap;

use self::identity::{signed_identity, signed_identity_or_default};
use self::shape::{Alternative, Fields, Variant, named, variant};
use self::sigstore::sigstore_signed;
use self::values::{base64, invalid, text, texts};
use crate::json::{Document, Value};
use crate::policy::error::PolicyError;
use crate::policy::scope::check_scope;
use crate::policy::{
    KeySource, KeyType, Policy, Requirement, Requirements, SignedBaseLayer, SignedBy,
};

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
        KeyType::ALL,
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
