//! The objects of a policy and the keys that each may have.

use super::mistakes::{Noted, Read};
use super::node::{MemberNode, Node};
use crate::image::Transport;
use crate::policy::error::PolicyErrorKind;
use crate::text::suggest::nearest;

/// A sort of objects.
#[derive(Debug)]
pub(super) struct Shape {
    /// What it is called, with its article.
    pub(super) name: &'static str,
    /// The keys that it may have.
    pub(super) keys: &'static [&'static str],
}

/// An object that is one of several sorts, by its member `type`.
pub(super) struct Variant<T: 'static> {
    pub(super) type_name: &'static str,
    pub(super) shape: &'static Shape,
    pub(super) read: fn(&Fields<'_>) -> Read<T>,
}

/// What objects are called that are of one of several sorts.
pub(super) struct Sort {
    /// What their member `type` is for: "requirement type".
    pub(super) what: &'static str,
    /// What they are, with the article.
    pub(super) name: &'static str,
    /// One of them.
    pub(super) example: &'static str,
}

pub(super) const POLICY: Shape = Shape {
    name: "a policy",
    keys: &["default", "transports"],
};

pub(super) const INSECURE_ACCEPT_ANYTHING: Shape = Shape {
    name: "an insecureAcceptAnything requirement",
    keys: &["type"],
};

pub(super) const REJECT: Shape = Shape {
    name: "a reject requirement",
    keys: &["type"],
};

pub(super) const SIGNED_BY: Shape = Shape {
    name: "a signedBy requirement",
    keys: &[
        "type",
        "keyType",
        "keyPath",
        "keyPaths",
        "keyData",
        "signedIdentity",
    ],
};

pub(super) const SIGNED_BASE_LAYER: Shape = Shape {
    name: "a signedBaseLayer requirement",
    keys: &["type", "baseLayerIdentity"],
};

pub(super) const SIGSTORE_SIGNED: Shape = Shape {
    name: "a sigstoreSigned requirement",
    keys: &[
        "type",
        "keyPath",
        "keyPaths",
        "keyData",
        "keyDatas",
        "fulcio",
        "pki",
        "rekorPublicKeyPath",
        "rekorPublicKeyPaths",
        "rekorPublicKeyData",
        "rekorPublicKeyDatas",
        "signedIdentity",
    ],
};

pub(super) const FULCIO: Shape = Shape {
    name: "a `fulcio` object",
    keys: &["caPath", "caData", "oidcIssuer", "subjectEmail"],
};

pub(super) const PKI: Shape = Shape {
    name: "a `pki` object",
    keys: &[
        "caRootsPath",
        "caRootsData",
        "caIntermediatesPath",
        "caIntermediatesData",
        "subjectEmail",
        "subjectHostname",
    ],
};

pub(super) const MATCH_EXACT: Shape = Shape {
    name: "a matchExact identity",
    keys: &["type"],
};

pub(super) const MATCH_REPO_DIGEST_OR_EXACT: Shape = Shape {
    name: "a matchRepoDigestOrExact identity",
    keys: &["type"],
};

pub(super) const MATCH_REPOSITORY: Shape = Shape {
    name: "a matchRepository identity",
    keys: &["type"],
};

pub(super) const EXACT_REFERENCE: Shape = Shape {
    name: "an exactReference identity",
    keys: &["type", "dockerReference"],
};

pub(super) const EXACT_REPOSITORY: Shape = Shape {
    name: "an exactRepository identity",
    keys: &["type", "dockerRepository"],
};

pub(super) const REMAP_IDENTITY: Shape = Shape {
    name: "a remapIdentity identity",
    keys: &["type", "prefix", "signedPrefix"],
};

/// Where a key that is in the wrong place may belong.
const ALL: [&Shape; 14] = [
    &POLICY,
    &INSECURE_ACCEPT_ANYTHING,
    &REJECT,
    &SIGNED_BY,
    &SIGNED_BASE_LAYER,
    &SIGSTORE_SIGNED,
    &FULCIO,
    &PKI,
    &MATCH_EXACT,
    &MATCH_REPO_DIGEST_OR_EXACT,
    &MATCH_REPOSITORY,
    &EXACT_REFERENCE,
    &EXACT_REPOSITORY,
    &REMAP_IDENTITY,
];

/// The members of an object.
pub(super) struct Fields<'doc> {
    node: Node<'doc>,
    members: Vec<MemberNode<'doc>>,
    shape: &'static Shape,
    /// What the keys that the shape does not have may be misspellings of, each of which is noted.
    misspelt: Vec<(Misspelt, Noted)>,
}

/// What a key that an object must not have may be.
enum Misspelt {
    /// Nearly a key that the object may have.
    Of(&'static str),
    /// Anything.
    Unknown,
    /// A key that belongs somewhere else.
    Foreign,
}

/// One of several members that exclude one another, and how to read it.
pub(super) struct Alternative<T> {
    key: &'static str,
    read: fn(Node<'_>) -> Read<T>,
}

impl<T> Alternative<T> {
    pub(super) fn new(key: &'static str, read: fn(Node<'_>) -> Read<T>) -> Self {
        Self { key, read }
    }
}

/// The one alternative that an object has.
pub(super) struct Choice<'doc, T> {
    pub(super) key: &'static str,
    pub(super) node: Node<'doc>,
    read: fn(Node<'_>) -> Read<T>,
}

impl<T> Choice<'_, T> {
    pub(super) fn read(&self) -> Read<T> {
        (self.read)(self.node)
    }
}

impl<'doc> Fields<'doc> {
    /// The members of an object; a mistake for another value, of which `example` is one of the right form. Each key
    /// that occurs twice or that the shape does not have is a mistake, too.
    pub(super) fn new(
        node: Node<'doc>,
        shape: &'static Shape,
        example: Option<&'static str>,
    ) -> Read<Self> {
        Ok(Self::of(node, node.members(example)?, shape))
    }

    fn of(node: Node<'doc>, members: Vec<MemberNode<'doc>>, shape: &'static Shape) -> Self {
        let unknown = members
            .iter()
            .filter(|member| !shape.keys.contains(&&*member.name));
        let misspelt = unknown.map(|member| note_unknown(member, shape)).collect();
        Self {
            node,
            members,
            shape,
            misspelt,
        }
    }

    /// The object itself, for its place.
    pub(super) fn node(&self) -> Node<'doc> {
        self.node
    }

    /// The value of a member.
    pub(super) fn optional(&self, key: &str) -> Option<Node<'doc>> {
        find(&self.members, key)
    }

    /// The value of a member; a mistake of the object that lacks it.
    pub(super) fn required(&self, key: &'static str) -> Read<Node<'doc>> {
        self.optional(key).ok_or_else(|| {
            self.lacks(
                &[key],
                PolicyErrorKind::MissingKey {
                    object: self.shape.name,
                    key,
                },
            )
        })
    }

    /// The one of these members that there is, if any; a mistake for a second one, `null` included.
    pub(super) fn at_most_one<T>(
        &self,
        alternatives: &[Alternative<T>],
    ) -> Read<Option<Choice<'doc, T>>> {
        let mut present = alternatives
            .iter()
            .filter_map(|&Alternative { key, read }| {
                let node = self.optional(key)?;
                Some(Choice { key, node, read })
            });
        let (first, second) = (present.next(), present.next());
        match (first, second) {
            (Some(first), Some(second)) => Err(second.node.note(PolicyErrorKind::MoreThanOneOf {
                object: self.shape.name,
                keys: keys(alternatives),
                first: first.key,
                second: second.key,
            })),
            (first, _) => Ok(first),
        }
    }

    /// The one of these members that there is; a mistake if there is none or a second one.
    pub(super) fn exactly_one<T>(&self, alternatives: &[Alternative<T>]) -> Read<Choice<'doc, T>> {
        self.at_most_one(alternatives)?.ok_or_else(|| {
            let keys = keys(alternatives);
            self.lacks_all(self.shape.name, keys)
        })
    }

    /// Notes that the object, which is called `object`, has none of these keys.
    pub(super) fn lacks_all(&self, object: &'static str, keys: Vec<&'static str>) -> Noted {
        self.lacks(&keys.clone(), PolicyErrorKind::NoneOf { object, keys })
    }

    /// Notes that these keys are missing, unless one of them may be there and merely be misspelt: that is noted
    /// already.
    fn lacks(&self, keys: &[&'static str], kind: PolicyErrorKind) -> Noted {
        let mut misspelt = self.misspelt.iter();
        let explains = misspelt.find(|(misspelt, _)| match misspelt {
            Misspelt::Of(key) => keys.contains(key),
            Misspelt::Unknown => true,
            Misspelt::Foreign => false,
        });
        match explains {
            Some(&(_, noted)) => noted,
            None => self.node.note_lack(kind),
        }
    }
}

fn keys<T>(alternatives: &[Alternative<T>]) -> Vec<&'static str> {
    let keys = alternatives.iter().map(|alternative| alternative.key);
    keys.collect()
}

fn find<'doc>(members: &[MemberNode<'doc>], name: &str) -> Option<Node<'doc>> {
    let mut members = members.iter();
    members
        .find(|member| member.name == name)
        .map(|member| member.value)
}

/// Reads an object whose member `type` says of which sort it is.
pub(super) fn variant<T>(node: Node<'_>, sort: &Sort, variants: &'static [Variant<T>]) -> Read<T> {
    const TYPE_ONLY: &[&str] = &["type"];
    let members = node.members_of_sort(|text| {
        let named = text.and_then(|text| {
            let mut variants = variants.iter();
            variants.find(|variant| variant.type_name == text)
        });
        match named {
            Some(Variant {
                type_name, shape, ..
            }) => {
                let rest = if shape.keys == TYPE_ONLY { "" } else { ", …" };
                format!("{{\"type\": \"{type_name}\"{rest}}}").into()
            }
            None => sort.example.into(),
        }
    })?;
    let Some(type_node) = find(&members, "type") else {
        let misspelt = members
            .iter()
            .find(|member| nearest(&member.name, TYPE_ONLY.iter().copied()).is_some());
        let shape = Shape {
            name: sort.name,
            keys: TYPE_ONLY,
        };
        return Err(match misspelt {
            Some(member) => note_unknown(member, &shape).1,
            None => node.note_lack(PolicyErrorKind::MissingKey {
                object: sort.name,
                key: "type",
            }),
        });
    };
    let variant = named(type_node, sort.what, variants, |variant| variant.type_name)?;
    (variant.read)(&Fields::of(node, members, variant.shape))
}

/// The choice that a string names; `what` is what it is for.
pub(super) fn named<'a, T>(
    node: Node<'_>,
    what: &'static str,
    choices: &'a [T],
    name: fn(&T) -> &'static str,
) -> Read<&'a T> {
    let text = node.string()?;
    choices
        .iter()
        .find(|choice| name(choice) == text)
        .ok_or_else(|| {
            node.note(PolicyErrorKind::UnknownValue {
                what,
                suggestion: nearest(&text, choices.iter().map(name)),
                value: text.into_owned(),
                allowed: choices.iter().map(name).collect(),
            })
        })
}

fn note_unknown(member: &MemberNode<'_>, shape: &Shape) -> (Misspelt, Noted) {
    let (kind, misspelt) = unknown_key(member, shape);
    (misspelt, member.key.note(kind))
}

fn unknown_key(member: &MemberNode<'_>, shape: &Shape) -> (PolicyErrorKind, Misspelt) {
    let mut belongs_to: Vec<&'static str> = ALL
        .iter()
        .filter(|other| member.name != "type" && other.keys.contains(&&*member.name))
        .map(|other| other.name)
        .collect();
    if shape.name == POLICY.name && Transport::from_name(&member.name).is_some() {
        belongs_to.push("the `transports` object");
    }
    let suggestion = nearest(&member.name, shape.keys.iter().copied());
    let misspelt = match suggestion {
        Some(key) => Misspelt::Of(key),
        None if belongs_to.is_empty() => Misspelt::Unknown,
        None => Misspelt::Foreign,
    };
    let kind = PolicyErrorKind::UnknownKey {
        key: member.name.clone().into_owned(),
        object: shape.name,
        suggestion,
        belongs_to,
        allowed: shape.keys,
    };
    (kind, misspelt)
}
