//! A certificate in the order of its packets: the primary key's signatures, then user IDs and subkeys, each with what
//! follows it (RFC 9580, section 10.1). GnuPG's rules follow that order.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::engine::rules::algorithms::Form;
use crate::engine::rules::release::Release;
use crate::engine::rules::signature::Signature;
use crate::openpgp::handle::KeyFingerprint;
use crate::openpgp::key::PublicKey;

/// The parts of a certificate after its primary key, with signatures of the form `S`.
#[derive(Clone, Debug)]
pub(crate) struct Keyblock<S> {
    /// The signatures that directly follow the primary key.
    pub(crate) head: Vec<S>,
    /// What else there is, in its order.
    pub(crate) components: Vec<Component<S>>,
}

/// A user ID or subkey with the signatures that follow it.
#[derive(Clone, Debug)]
pub(crate) struct Component<S> {
    /// What it is.
    pub(crate) what: Rc<What>,
    /// The signatures.
    pub(crate) signatures: Vec<S>,
}

/// What the signatures of a component follow.
#[derive(Debug)]
pub(crate) enum What {
    /// A user ID or user attribute.
    User(UserName),
    /// A subkey.
    Subkey(PublicKey),
    /// A secret subkey of a public key, which GnuPG drops with the signatures after it, and which may also be there as
    /// a public one; none if it is not read.
    SecretSubkey(Option<PublicKey>),
    /// Something else that GnuPG reads and does not keep, such as a comment in place of a subkey.
    Skipped,
}

/// A user ID or user attribute, without signatures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum UserName {
    /// A text, in whatever encoding.
    Id(Vec<u8>),
    /// Something else, such as a picture.
    Attribute(Vec<u8>),
}

/// What distinguishes components.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) enum Name<'a> {
    User(&'a UserName),
    Subkey(KeyFingerprint),
    Dropped,
}

/// A place in a keyblock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// After the primary key.
    Primary,
    /// After the component with this index.
    Component(usize),
}

/// A signature, and what it turned out to be over in the copy in which it was read.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The signature.
    pub(crate) signature: Signature,
    /// What it is good over, if anything of its copy.
    pub(crate) fits: Option<Spot>,
    /// What GnuPG compares to find out whether two signatures are the same, shortened.
    pub(crate) identity: u64,
    /// The result for the signature that it carries, which costs as much to verify as the signature itself.
    pub(crate) back: OnceCell<BackSignature>,
}

/// Whether a signing subkey has signed its primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackSignature {
    /// It has.
    Good,
    /// There is a signature, which is not good.
    Bad,
    /// There is a signature of this form, which cannot be checked.
    Unsupported(Form),
    /// It has not.
    Missing,
}

/// A signature in its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The signature.
    pub(crate) placed: Rc<Placed>,
    /// Whether it is good over what it follows.
    pub(crate) good: bool,
}

impl Node {
    /// The signature itself.
    pub(crate) fn signature(&self) -> &Signature {
        &self.placed.signature
    }

    /// Whether GnuPG takes both for the same one (`cmp_signatures`): by the same key, with the same integers.
    pub(crate) fn is_same(&self, other: &Self, release: Release) -> bool {
        let (one, other_signature) = (self.signature(), other.signature());
        self.placed.identity == other.placed.identity
            // No case: it matters only where two identities collide.
            && one.has_value_of(other_signature)
            // No case: both are the key's own for this release.
            && one.issuer_in(release) == other_signature.issuer_in(release)
            // Case: copies-double-other-algorithm-in-first-copy
            && one.form().algorithm == other_signature.form().algorithm
    }
}

impl<S> Keyblock<S> {
    /// Whether there is a user ID.
    pub(crate) fn has_user(&self) -> bool {
        let mut components = self.components.iter();
        components.any(|component| matches!(*component.what, What::User(_)))
    }

    /// The subkeys in their order.
    pub(crate) fn subkeys(&self) -> impl Iterator<Item = &PublicKey> {
        let components = self.components.iter();
        components.filter_map(|component| match &*component.what {
            What::Subkey(subkey) => Some(subkey),
            What::User(_) | What::SecretSubkey(_) | What::Skipped => None,
        })
    }

    /// How many parts there are: components and signatures.
    pub(crate) fn size(&self) -> usize {
        self.components
            .iter()
            .map(|component| component.signatures.len().saturating_add(1))
            .fold(self.head.len(), usize::saturating_add)
    }
}

impl What {
    /// What distinguishes it from others.
    pub(crate) fn name(&self) -> Name<'_> {
        match self {
            Self::User(name) => Name::User(name),
            Self::Subkey(subkey) | Self::SecretSubkey(Some(subkey)) => {
                Name::Subkey(subkey.fingerprint())
            }
            Self::SecretSubkey(None) | Self::Skipped => Name::Dropped,
        }
    }
}
