//! The objects of a policy and the keys that each may have.

use crate::policy::error::{PolicyError, PolicyErrorKind};

use crate::json::{Member, Object, Value};
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
    pub(super) read: fn(&Fields<'_>) -> Result<T, PolicyError>,
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

/// The members of an object, none of which is unknown to its shape.
pub(super) struct Fields<'doc> {
    object: Object<'doc>,
    shape: &'static Shape,
}

/// One of several members that exclude one another, and how to read it.
pub(super) struct Alternative<T> {
    key: &'static str,
    read: fn(Value<'_>) -> Result<T, PolicyError>,
}

impl<T> Alternative<T> {
    pub(super) fn new(key: &'static str, read: fn(Value<'_>) -> Result<T, PolicyError>) -> Self {
        Self { key, read }
    }
}

/// The one alternative that an object has.
pub(super) struct Choice<'doc, T> {
    pub(super) key: &'static str,
    pub(super) value: Value<'doc>,
    read: fn(Value<'_>) -> Result<T, PolicyError>,
}

impl<T> Choice<'_, T> {
    pub(super) fn read(&self) -> Result<T, PolicyError> {
        (self.read)(self.value)
    }
}

impl<'doc> Fields<'doc> {
    /// The members of an object; an error for another value, a duplicate key, and a key that the shape does not have.
    pub(super) fn new(value: Value<'doc>, shape: &'static Shape) -> Result<Self, PolicyError> {
        Self::of(value.object()?, shape)
    }

    fn of(object: Object<'doc>, shape: &'static Shape) -> Result<Self, PolicyError> {
        let unknown = object
            .members()
            .iter()
            .find(|member| !shape.keys.contains(&&*member.name));
        match unknown {
            Some(member) => Err(unknown_key(member, shape)),
            None => Ok(Self { object, shape }),
        }
    }

    /// The value of a member.
    pub(super) fn optional(&self, key: &str) -> Option<Value<'doc>> {
        self.object.find(key)
    }

    /// The value of a member, or an error for the object that lacks it.
    pub(super) fn required(&self, key: &'static str) -> Result<Value<'doc>, PolicyError> {
        self.optional(key).ok_or_else(|| {
            self.error(PolicyErrorKind::MissingKey {
                object: self.shape.name,
                key,
            })
        })
    }

    /// The one of these members that there is, if any; an error for a second one, `null` included.
    pub(super) fn at_most_one<T>(
        &self,
        alternatives: &[Alternative<T>],
    ) -> Result<Option<Choice<'doc, T>>, PolicyError> {
        let mut present = alternatives
            .iter()
            .filter_map(|&Alternative { key, read }| {
                let value = self.optional(key)?;
                Some(Choice { key, value, read })
            });
        let (first, second) = (present.next(), present.next());
        match (first, second) {
            (Some(first), Some(second)) => Err(PolicyError::at(
                second.value,
                PolicyErrorKind::MoreThanOneOf {
                    object: self.shape.name,
                    keys: alternatives
                        .iter()
                        .map(|alternative| alternative.key)
                        .collect(),
                    first: first.key,
                    second: second.key,
                },
            )),
            (first, _) => Ok(first),
        }
    }

    /// The one of these members that there is; an error if there is none or a second one.
    pub(super) fn exactly_one<T>(
        &self,
        alternatives: &[Alternative<T>],
    ) -> Result<Choice<'doc, T>, PolicyError> {
        self.at_most_one(alternatives)?.ok_or_else(|| {
            self.error(PolicyErrorKind::NoneOf {
                object: self.shape.name,
                keys: alternatives
                    .iter()
                    .map(|alternative| alternative.key)
                    .collect(),
            })
        })
    }

    /// An error of the object as a whole.
    pub(super) fn error(&self, kind: PolicyErrorKind) -> PolicyError {
        PolicyError::at(self.object.value(), kind)
    }
}

/// Reads an object whose member `type` says of which sort it is; `what` is what `type` is for ("requirement type"),
/// `name` what the object is called, with its article.
pub(super) fn variant<T>(
    value: Value<'_>,
    what: &'static str,
    name: &'static str,
    variants: &'static [Variant<T>],
) -> Result<T, PolicyError> {
    const TYPE_ONLY: &[&str] = &["type"];
    let object = value.object()?;
    let Some(type_value) = object.find("type") else {
        let misspelt = object
            .members()
            .iter()
            .find(|member| nearest(&member.name, TYPE_ONLY.iter().copied()).is_some());
        return Err(match misspelt {
            Some(member) => unknown_key(
                member,
                &Shape {
                    name,
                    keys: TYPE_ONLY,
                },
            ),
            None => PolicyError::at(
                value,
                PolicyErrorKind::MissingKey {
                    object: name,
                    key: "type",
                },
            ),
        });
    };
    let variant = named(type_value, what, variants, |variant| variant.type_name)?;
    (variant.read)(&Fields::of(object, variant.shape)?)
}

/// The choice that a string names; `what` is what it is for.
pub(super) fn named<'a, T>(
    value: Value<'_>,
    what: &'static str,
    choices: &'a [T],
    name: fn(&T) -> &'static str,
) -> Result<&'a T, PolicyError> {
    let text = value.string()?;
    choices
        .iter()
        .find(|choice| name(choice) == text)
        .ok_or_else(|| {
            PolicyError::at(
                value,
                PolicyErrorKind::UnknownValue {
                    what,
                    suggestion: nearest(&text, choices.iter().map(name)),
                    value: text.into_owned(),
                    allowed: choices.iter().map(name).collect(),
                },
            )
        })
}

fn unknown_key(member: &Member<'_>, shape: &Shape) -> PolicyError {
    let belongs_to = ALL
        .iter()
        .filter(|other| member.name != "type" && other.keys.contains(&&*member.name))
        .map(|other| other.name)
        .collect();
    PolicyError::at(
        member.key,
        PolicyErrorKind::UnknownKey {
            key: member.name.clone().into_owned(),
            object: shape.name,
            suggestion: nearest(&member.name, shape.keys.iter().copied()),
            belongs_to,
            allowed: shape.keys,
        },
    )
}
