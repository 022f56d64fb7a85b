//! The certificates of all key files: what stood in them of each key, all copies merged as GnuPG
//! imports them.

use std::collections::HashMap;

use sequoia_openpgp as openpgp;

use openpgp::packet::key::{PrimaryRole, PublicParts, SubordinateRole};
use openpgp::packet::{Key, UserAttribute, UserID};

use super::keygrip;
use super::placement::{self, Placed};
use super::reader::{Contents, KeyRevocation, Unusable};
use super::signature::{Signature, kind};

/// A primary key, as sequoia types it.
pub(super) type PrimaryKey = Key<PublicParts, PrimaryRole>;
/// A subkey, as sequoia types it.
pub(super) type Subkey = Key<PublicParts, SubordinateRole>;

/// A transferable public key as it stood in the key files.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// Where it was read from first.
    pub(super) origin: String,
    /// The primary key.
    pub(super) primary: PrimaryKey,
    /// The signatures that directly follow the primary key.
    pub(super) direct: Vec<Signature>,
    /// The user IDs and user attributes, with the signatures that follow each.
    pub(super) users: Vec<User>,
    /// The subkeys, with the signatures that follow each. One may stand there twice.
    pub(super) subkeys: Vec<BoundSubkey>,
    /// The signatures that follow something else.
    pub(super) loose: Vec<Signature>,
    /// Whether several copies were merged into this one.
    pub(super) merged: bool,
}

/// A user ID or user attribute.
#[derive(Clone, Debug)]
pub(super) struct User {
    /// Who it is.
    pub(super) name: UserName,
    /// The signatures over it.
    pub(super) signatures: Vec<Signature>,
    /// How many of the certificate's subkeys stand before it. GnuPG looks for user IDs before the
    /// first subkey only, once it has dropped those that are not bound.
    pub(super) behind: usize,
}

/// A user ID or user attribute, without signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UserName {
    /// A text.
    Id(UserID),
    /// Something else, such as a picture.
    Attribute(UserAttribute),
}

/// A subkey with the signatures that follow it.
#[derive(Clone, Debug)]
pub(super) struct BoundSubkey {
    /// The subkey.
    pub(super) key: Subkey,
    /// The signatures over it.
    pub(super) signatures: Vec<Signature>,
}

/// Everything in the key files.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    /// The certificates, in the order of their first appearance.
    pub(super) all: Vec<Certificate>,
    /// Where each certificate stands in `all`.
    places: HashMap<openpgp::Fingerprint, usize>,
    /// Every signature that claims to revoke a primary key.
    pub(super) key_revocations: Vec<KeyRevocation>,
}

impl Certificates {
    /// Adds what a keyring holds, and returns what was passed over.
    pub(super) fn add(&mut self, contents: Contents) -> Vec<Unusable> {
        let mut unusable = contents.unusable;
        self.key_revocations.extend(contents.key_revocations);
        for certificate in contents.certificates {
            if self.cannot_be_written(&certificate) {
                // What follows in the file is none either.
                unusable.push(Unusable {
                    key: Some(certificate.primary.fingerprint().to_hex()),
                    detail: "it has a subkey on a curve that gpg cannot write into a keyring, and gives up the file"
                        .to_owned(),
                });
                break;
            }
            if placement::certifies_nobody(&certificate) {
                unusable.push(Unusable {
                    key: Some(certificate.primary.fingerprint().to_hex()),
                    detail: "it has a certification of its own that fits none of its user IDs"
                        .to_owned(),
                });
            } else {
                self.add_copy(certificate);
            }
        }
        unusable
    }

    /// Whether gpg imports the certificate and keeps a subkey that it cannot write into its keyring.
    fn cannot_be_written(&self, certificate: &Certificate) -> bool {
        let mut subkeys = certificate.subkeys.iter();
        if subkeys.all(|subkey| keygrip::exists(&subkey.key)) {
            return false;
        }
        let placed = Placed::sort(certificate);
        let is_known = || self.places.contains_key(&certificate.primary.fingerprint());
        let is_imported =
            placed.users.iter().any(|signatures| !signatures.is_empty()) || is_known();
        let mut kept = certificate
            .subkeys
            .iter()
            .zip(&placed.subkeys)
            .filter(|(_, signatures)| !signatures.is_empty());
        is_imported && kept.any(|(subkey, _)| !keygrip::exists(&subkey.key))
    }

    /// Adds a certificate as GnuPG imports it: it drops what no signature makes valid from each copy
    /// before it merges them, and takes no key without a valid user ID. The revocations count all the
    /// same.
    fn add_copy(&mut self, mut new: Certificate) {
        let fingerprint = new.primary.fingerprint();
        let place = self.places.get(&fingerprint);
        let Some(known) = place.and_then(|place| self.all.get_mut(*place)) else {
            self.places.insert(fingerprint, self.all.len());
            self.all.push(new);
            return;
        };
        let known_is_valid = placement::clean(known);
        let new_is_valid = placement::clean(&mut new);
        if known_is_valid {
            known.merge(new);
        } else if new_is_valid {
            new.loose.extend(known.subkey_revocations());
            *known = new;
        } else {
            known.loose.extend(new.subkey_revocations());
        }
    }
}

impl Certificate {
    /// All signatures that the certificate has over itself.
    pub(super) fn signatures(&self) -> impl Iterator<Item = &Signature> {
        let users = self.users.iter().flat_map(|user| &user.signatures);
        let subkeys = self.subkeys.iter().flat_map(|subkey| &subkey.signatures);
        let direct = self.direct.iter().chain(&self.loose);
        direct.chain(users).chain(subkeys)
    }

    /// Adds a user ID that was read. One that stands there twice is one.
    pub(super) fn add_user_of_same_copy(&mut self, user: User) {
        match self.user(&user.name) {
            Some(known) => put_before(&mut known.signatures, user.signatures),
            None => self.users.push(user),
        }
    }

    fn subkey_revocations(&self) -> Vec<Signature> {
        let signatures = self.signatures();
        signatures
            .filter(|signature| signature.kind() == kind::SUBKEY_REVOCATION)
            .cloned()
            .collect()
    }

    /// Adds what another copy of the same certificate has besides. Of several signatures that are
    /// equally new the last one counts: over a user ID that of the later copy, else that of the first.
    fn merge(&mut self, other: Self) {
        self.merged = true;
        put_before(&mut self.direct, other.direct);
        for user in other.users {
            match self.user(&user.name) {
                Some(known) => put_behind(&mut known.signatures, user.signatures),
                // GnuPG inserts it before the first subkey.
                None => self.users.push(User { behind: 0, ..user }),
            }
        }
        for subkey in other.subkeys {
            match self.subkey(&subkey.key) {
                Some(known) => put_before(&mut known.signatures, subkey.signatures),
                None => self.subkeys.push(subkey),
            }
        }
        put_before(&mut self.loose, other.loose);
    }

    fn user(&mut self, name: &UserName) -> Option<&mut User> {
        self.users.iter_mut().find(|known| known.name == *name)
    }

    fn subkey(&mut self, key: &Subkey) -> Option<&mut BoundSubkey> {
        let fingerprint = key.fingerprint();
        let mut subkeys = self.subkeys.iter_mut();
        subkeys.find(|known| known.key.fingerprint() == fingerprint)
    }
}

impl User {
    /// A user without signatures, before every subkey.
    pub(super) fn new(name: UserName) -> Self {
        Self {
            name,
            signatures: Vec::new(),
            behind: 0,
        }
    }
}

/// Adds what is not there yet, in front.
fn put_before(known: &mut Vec<Signature>, mut more: Vec<Signature>) {
    more.retain(|signature| !known.contains(signature));
    more.append(known);
    *known = more;
}

/// Adds what is not there yet, at the end.
fn put_behind(known: &mut Vec<Signature>, mut more: Vec<Signature>) {
    more.retain(|signature| !known.contains(signature));
    known.append(&mut more);
}
