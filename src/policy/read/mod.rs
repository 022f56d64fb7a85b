//! From JSON to a [`Policy`]: exactly what containers-policy.json(5) defines, and nothing else.

mod identity;
mod mistakes;
mod node;
mod shape;
mod sigstore;
mod values;

use std::collections::BTreeMap;

use self::identity::{signed_identity, signed_identity_or_default};
use self::mistakes::{Mistakes, Read};
use self::node::{Node, all};
use self::shape::{Alternative, Fields, Sort, Variant, named, variant};
use self::sigstore::sigstore_signed;
use self::values::{base64, text, texts};
use super::places::Places;
use crate::json::{Document, LineText};
use crate::policy::error::{InvalidPolicy, PolicyError, PolicyErrorKind};
use crate::policy::scope::check_scope;
use crate::policy::{
    KeySource, KeyType, Policy, Requirement, Requirements, SignedBaseLayer, SignedBy,
};

// Examples of what belongs where something else is.
const POLICY: &str = "{\"default\": [{\"type\": \"reject\"}]}";
const TRANSPORTS: &str = "{\"docker\": {\"registry.example.com\": [{\"type\": \"reject\"}]}}";
const SCOPES: &str = "{\"registry.example.com\": [{\"type\": \"reject\"}]}";
const REQUIREMENT_LIST: &str = "[{\"type\": \"reject\"}]";

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
    let document = Document::parse(bytes).map_err(|error| {
        let text = Document::text_of(bytes);
        let span = error.span(&text);
        let line = LineText::around(&text, span.bytes.start, span.start);
        PolicyError::new(PolicyErrorKind::Json(error.problem)).at(span, line, error.path, None)
    })?;
    let mistakes = Mistakes::default();
    let policy = whole(Node::new(document.root(), &mistakes));
    match mistakes.into_error(&document) {
        Some(error) => Err(error),
        None => Ok(Policy {
            places: Places::of(document),
            ..policy
        }),
    }
}

/// What can be read of a policy; where there are mistakes, images are rejected.
fn whole(node: Node<'_>) -> Policy {
    let reject = || Policy::new(Requirement::Reject);
    let Ok(fields) = Fields::new(node, &shape::POLICY, Some(POLICY)) else {
        return reject();
    };
    let mut policy = fields
        .required("default")
        .and_then(requirements)
        .map_or_else(|_| reject(), Policy::new);
    let transports = match fields.optional("transports") {
        Some(node) => node.members(Some(TRANSPORTS)),
        None => Ok(Vec::new()),
    };
    for member in transports.unwrap_or_default() {
        if let Ok(scopes) = scopes(&member.name, member.value) {
            policy.transports.insert(member.name.into_owned(), scopes);
        }
    }
    policy
}

fn scopes(transport: &str, node: Node<'_>) -> Read<BTreeMap<String, Requirements>> {
    let members = node.members(Some(SCOPES))?;
    let scopes = members.into_iter().map(|member| {
        let scope = check_scope(transport, &member.name).map_err(|error| member.key.invalid(error));
        let requirements = requirements(member.value);
        scope.and_then(|()| Ok((member.name.into_owned(), requirements?)))
    });
    Ok(all(scopes)?.into_iter().collect())
}

fn requirements(node: Node<'_>) -> Read<Requirements> {
    let elements = node.elements(Some(REQUIREMENT_LIST))?;
    let list = all(elements.into_iter().map(requirement))?;
    Requirements::new(list).map_err(|error| node.invalid(error))
}

fn requirement(node: Node<'_>) -> Read<Requirement> {
    const SORT: Sort = Sort {
        what: "requirement type",
        name: "a requirement",
        example: "{\"type\": \"reject\"}",
    };
    variant(node, &SORT, REQUIREMENTS)
}

fn signed_by(fields: &Fields<'_>) -> Read<SignedBy> {
    let key_type = fields
        .required("keyType")
        .and_then(|node| named(node, "keyType", KeyType::ALL, |key_type| key_type.name()));
    let source = fields.exactly_one(&[
        Alternative::new("keyPath", key_path),
        Alternative::new("keyPaths", |node| texts(node).map(KeySource::Paths)),
        Alternative::new("keyData", |node| base64(node).map(KeySource::Data)),
    ]);
    let identity = signed_identity_or_default(fields);
    let keys = source.and_then(|source| source.read());
    SignedBy::new(*key_type?, keys?, identity?).map_err(|error| fields.node().invalid(error))
}

fn key_path(node: Node<'_>) -> Read<KeySource> {
    let path = text(node)?;
    if path.is_empty() {
        return Err(node.invalid(InvalidPolicy::Empty { key: "keyPath" }));
    }
    Ok(KeySource::Path(path))
}
