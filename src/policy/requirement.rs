//! Requirements: what an image must fulfil.

use super::{InvalidPolicy, SignedIdentity, SigstoreSigned};

/// A list of requirements, all of which an image must meet. It has at least one: an empty one would accept
/// everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirements {
    list: Vec<Requirement>,
}

impl Requirements {
    /// A list of requirements, in the order in which they are evaluated.
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::NoRequirements`] if there are none.
    pub fn new(list: impl IntoIterator<Item = Requirement>) -> Result<Self, InvalidPolicy> {
        let list: Vec<Requirement> = list.into_iter().collect();
        if list.is_empty() {
            return Err(InvalidPolicy::NoRequirements);
        }
        Ok(Self { list })
    }

    /// The requirements in their order; at least one.
    pub fn as_slice(&self) -> &[Requirement] {
        &self.list
    }

    /// Whether they accept every image without a look: each is `insecureAcceptAnything`.
    pub(crate) fn accept_anything(&self) -> bool {
        let mut requirements = self.iter();
        requirements.all(|requirement| *requirement == Requirement::InsecureAcceptAnything)
    }

    /// The requirements one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Requirement> {
        self.list.iter()
    }
}

impl From<Requirement> for Requirements {
    fn from(requirement: Requirement) -> Self {
        Self {
            list: vec![requirement],
        }
    }
}

impl<'a> IntoIterator for &'a Requirements {
    type Item = &'a Requirement;
    type IntoIter = std::slice::Iter<'a, Requirement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One requirement, by the section POLICY REQUIREMENTS of containers-policy.json(5).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// Every image is accepted; nothing is verified.
    InsecureAcceptAnything,
    /// Every image is rejected.
    Reject,
    /// A simple-signing signature by a trusted key is required.
    SignedBy(SignedBy),
    /// The image's base layer must be signed. containers/image reads this requirement but rejects every image.
    SignedBaseLayer(SignedBaseLayer),
    /// A sigstore signature is required.
    SigstoreSigned(SigstoreSigned),
}

impl Requirement {
    /// The requirement's `type` in a policy.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::InsecureAcceptAnything => "insecureAcceptAnything",
            Self::Reject => "reject",
            Self::SignedBy(_) => "signedBy",
            Self::SignedBaseLayer(_) => "signedBaseLayer",
            Self::SigstoreSigned(_) => "sigstoreSigned",
        }
    }
}

impl From<SignedBy> for Requirement {
    fn from(signed_by: SignedBy) -> Self {
        Self::SignedBy(signed_by)
    }
}

impl From<SignedBaseLayer> for Requirement {
    fn from(signed_base_layer: SignedBaseLayer) -> Self {
        Self::SignedBaseLayer(signed_base_layer)
    }
}

impl From<SigstoreSigned> for Requirement {
    fn from(sigstore_signed: SigstoreSigned) -> Self {
        Self::SigstoreSigned(sigstore_signed)
    }
}

/// The requirement `signedBy`: the image needs one signature by one of these keys, for the right identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy {
    key_type: KeyType,
    keys: KeySource,
    signed_identity: SignedIdentity,
}

impl SignedBy {
    /// A requirement for signatures by `keys` whose identity fits `signed_identity` (a policy that does not say
    /// means [`SignedIdentity::default`]).
    ///
    /// # Errors
    ///
    /// [`InvalidPolicy::Empty`] for an empty [`KeySource::Path`]. An empty list of paths and empty data are allowed,
    /// as in containers/image: there is no trusted key then, and every image is rejected.
    pub fn new(
        key_type: KeyType,
        keys: KeySource,
        signed_identity: SignedIdentity,
    ) -> Result<Self, InvalidPolicy> {
        if matches!(&keys, KeySource::Path(path) if path.is_empty()) {
            return Err(InvalidPolicy::Empty { key: "keyPath" });
        }
        Ok(Self {
            key_type,
            keys,
            signed_identity,
        })
    }

    /// What sort of keys these are.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Where the trusted keys are.
    pub fn keys(&self) -> &KeySource {
        &self.keys
    }

    /// What the signature must claim the image to be.
    pub fn signed_identity(&self) -> &SignedIdentity {
        &self.signed_identity
    }
}

/// The `keyType` of a [`SignedBy`]. Only GPG keys are implemented, here as in containers/image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// OpenPGP keys.
    GpgKeys,
    /// OpenPGP keys that are certified by the given ones; not implemented.
    SignedByGpgKeys,
    /// X.509 certificates; not implemented.
    X509Certificates,
    /// Certificates of these X.509 authorities; not implemented.
    SignedByX509Cas,
}

impl KeyType {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::GpgKeys,
        Self::SignedByGpgKeys,
        Self::X509Certificates,
        Self::SignedByX509Cas,
    ];

    /// The value in a policy.
    pub fn name(self) -> &'static str {
        match self {
            Self::GpgKeys => "GPGKeys",
            Self::SignedByGpgKeys => "signedByGPGKeys",
            Self::X509Certificates => "X509Certificates",
            Self::SignedByX509Cas => "signedByX509CAs",
        }
    }
}

/// Where the keys of a [`SignedBy`] are. Paths are as written in the policy, relative ones included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySource {
    /// `keyPath`: a file with one or more keys; not empty in a [`SignedBy`].
    Path(String),
    /// `keyPaths`: several such files.
    Paths(Vec<String>),
    /// `keyData`: the keys themselves, decoded from base64.
    Data(Vec<u8>),
}

impl KeySource {
    /// The files, as written in the policy; none if the keys are in the policy itself.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match self {
            Self::Path(path) => std::slice::from_ref(path),
            Self::Paths(paths) => paths,
            Self::Data(_) => &[],
        }
    }
}

/// The requirement `signedBaseLayer`, which containers/image reads but does not implement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBaseLayer {
    base_layer_identity: SignedIdentity,
}

impl SignedBaseLayer {
    /// A requirement for a signed base layer of this identity.
    pub fn new(base_layer_identity: SignedIdentity) -> Self {
        Self {
            base_layer_identity,
        }
    }

    /// What the base layer's signature must claim it to be.
    pub fn base_layer_identity(&self) -> &SignedIdentity {
        &self.base_layer_identity
    }
}
