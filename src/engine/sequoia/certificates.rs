//! From binary keyrings to certificates: keys, user IDs and the signatures that belong to them
//! (RFC 9580, section 10.1). Nothing here is verified.

use std::collections::HashMap;

use sequoia_openpgp as openpgp;

use openpgp::packet::key::{PrimaryRole, PublicParts, SubordinateRole};
use openpgp::packet::{Key, Packet, Signature, UserAttribute, UserID};
use openpgp::types::SignatureType;

use super::selfsigs;
use super::signature::Claims;
use super::signed::parse;
use crate::engine::packets::{self, RawPacket, tag};

/// A primary key, as sequoia types it.
pub(super) type PrimaryKey = Key<PublicParts, PrimaryRole>;
/// A subkey, as sequoia types it.
pub(super) type Subkey = Key<PublicParts, SubordinateRole>;

/// A transferable public key as it stood in the key files, all copies merged.
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
    /// The subkeys, with the signatures that follow each.
    pub(super) subkeys: Vec<BoundSubkey>,
    /// The signatures that follow something else.
    pub(super) loose: Vec<Signature>,
}

/// A user ID or user attribute.
#[derive(Clone, Debug)]
pub(super) struct User {
    /// Who it is.
    pub(super) name: UserName,
    /// The signatures over it.
    pub(super) signatures: Vec<Signature>,
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
    /// Every signature that claims to revoke a primary key, wherever it stood. A revocation
    /// counts by its signature and not by its place.
    pub(super) key_revocations: Vec<Signature>,
}

/// A certificate that was passed over.
#[derive(Debug)]
pub(super) struct Unusable {
    /// The key's fingerprint, if it could be read.
    pub(super) key: Option<String>,
    /// Why.
    pub(super) detail: String,
}

impl Certificates {
    /// Adds all certificates of one binary keyring, and returns those that were passed over.
    ///
    /// # Errors
    ///
    /// A sentence that says why the bytes are no keyring at all.
    pub(super) fn add(&mut self, keyring: &[u8], origin: &str) -> Result<Vec<Unusable>, String> {
        let mut unusable = Vec::new();
        let mut reading = Reading::Nothing;
        let mut any = false;
        let mut rest = keyring;
        loop {
            let packet = match packets::next(&mut rest) {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) if !any => return Err(error.to_string()),
                Err(error) => {
                    unusable.push(Unusable {
                        key: reading
                            .take()
                            .map(|open| open.primary.fingerprint().to_hex()),
                        detail: format!("what follows is not OpenPGP: {error}"),
                    });
                    break;
                }
            };
            if !any && !begins_keyring(&packet) {
                return Err(format!(
                    "it begins with a packet of type {}, which is no key",
                    packet.tag
                ));
            }
            any = true;
            if matches!(packet.tag, tag::PUBLIC_KEY | tag::SECRET_KEY) {
                self.close(&mut reading);
                reading = match primary_key(&packet) {
                    Some(primary) => Reading::Certificate(Box::new(Open::new(primary, origin))),
                    None => {
                        unusable.push(Unusable {
                            key: None,
                            detail: "its primary key is of an unknown version or form".to_owned(),
                        });
                        Reading::Nothing
                    }
                };
                continue;
            }
            let parsed = parse(packet.tag, &packet.body);
            let parsed = match parsed {
                Some(Packet::Signature(signature))
                    if signature.typ() == SignatureType::KeyRevocation =>
                {
                    self.key_revocations.push(signature);
                    continue;
                }
                other => other,
            };
            if let Reading::Certificate(open) = &mut reading {
                if packet.tag == tag::SIGNATURE
                    && open.certificate.primary.version() == 4
                    && !well_formed(&packet.body)
                {
                    unusable.push(Unusable {
                        key: Some(open.certificate.primary.fingerprint().to_hex()),
                        detail: "one of its signatures is damaged".to_owned(),
                    });
                    reading = Reading::Nothing;
                    continue;
                }
                open.add(packet.tag, parsed);
            }
        }
        self.close(&mut reading);
        Ok(unusable)
    }

    /// Adds a certificate as GnuPG imports it: a copy that no user ID makes valid is passed over
    /// unless the key is there already. Its revocations count all the same.
    fn close(&mut self, reading: &mut Reading) {
        let Some(mut new) = reading.take() else {
            return;
        };
        let fingerprint = new.primary.fingerprint();
        let place = self.places.get(&fingerprint);
        match place.and_then(|place| self.all.get_mut(*place)) {
            None => {
                self.places.insert(fingerprint, self.all.len());
                self.all.push(new);
            }
            Some(known) if selfsigs::valid_alone(known) || !selfsigs::valid_alone(&new) => {
                known.merge(new);
            }
            Some(known) => {
                let revocations = known.signatures();
                let revocations =
                    revocations.filter(|old| old.typ() == SignatureType::SubkeyRevocation);
                new.loose.extend(revocations.cloned());
                *known = new;
            }
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

    /// Adds what another copy of the same certificate has besides.
    fn merge(&mut self, other: Self) {
        add_new(&mut self.direct, other.direct);
        for user in other.users {
            match self.users.iter_mut().find(|known| known.name == user.name) {
                Some(known) => add_new(&mut known.signatures, user.signatures),
                None => self.users.push(user),
            }
        }
        for subkey in other.subkeys {
            let known = self
                .subkeys
                .iter_mut()
                .find(|known| known.key.fingerprint() == subkey.key.fingerprint());
            match known {
                Some(known) => add_new(&mut known.signatures, subkey.signatures),
                None => self.subkeys.push(subkey),
            }
        }
        add_new(&mut self.loose, other.loose);
    }
}

/// Adds what is not there yet, in front: of several signatures that are equally new the last one
/// counts, and GnuPG goes by the copy that it has imported first.
fn add_new(known: &mut Vec<Signature>, more: Vec<Signature>) {
    let mut merged: Vec<Signature> = more
        .into_iter()
        .filter(|signature| !known.contains(signature))
        .collect();
    merged.append(known);
    *known = merged;
}

/// The certificate that the packets belong to which are being read.
enum Reading {
    Nothing,
    Certificate(Box<Open>),
}

impl Reading {
    fn take(&mut self) -> Option<Certificate> {
        match std::mem::replace(self, Self::Nothing) {
            Self::Nothing => None,
            Self::Certificate(open) => Some(open.finish()),
        }
    }
}

/// A certificate, and the component that the next signature belongs to.
struct Open {
    certificate: Certificate,
    component: Component,
}

enum Component {
    Primary,
    User(User),
    Subkey(BoundSubkey),
    Unknown,
}

impl Open {
    fn new(primary: PrimaryKey, origin: &str) -> Self {
        Self {
            certificate: Certificate {
                origin: origin.to_owned(),
                primary,
                direct: Vec::new(),
                users: Vec::new(),
                subkeys: Vec::new(),
                loose: Vec::new(),
            },
            component: Component::Primary,
        }
    }

    fn add(&mut self, tag: u8, packet: Option<Packet>) {
        match packet {
            Some(Packet::UserID(id)) => self.begin(Component::User(User {
                name: UserName::Id(id),
                signatures: Vec::new(),
            })),
            Some(Packet::UserAttribute(attribute)) => self.begin(Component::User(User {
                name: UserName::Attribute(attribute),
                signatures: Vec::new(),
            })),
            Some(Packet::PublicSubkey(key)) => self.begin(Component::Subkey(BoundSubkey {
                key,
                signatures: Vec::new(),
            })),
            Some(Packet::SecretSubkey(key)) => self.begin(Component::Subkey(BoundSubkey {
                key: key.take_secret().0,
                signatures: Vec::new(),
            })),
            Some(Packet::Signature(signature)) => self.signature(signature),
            _ if matches!(
                tag,
                tag::USER_ID | tag::USER_ATTRIBUTE | tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY
            ) =>
            {
                self.begin(Component::Unknown);
            }
            _ => {}
        }
    }

    fn signature(&mut self, signature: Signature) {
        // Other people's signatures mean nothing here: the key files say who is trusted.
        let own = Claims(&signature).issuer_key_id() == Some(self.certificate.primary.keyid());
        if !own && signature.typ() != SignatureType::SubkeyRevocation {
            return;
        }
        match &mut self.component {
            Component::Primary => self.certificate.direct.push(signature),
            Component::User(user) => user.signatures.push(signature),
            Component::Subkey(subkey) => subkey.signatures.push(signature),
            Component::Unknown => self.certificate.loose.push(signature),
        }
    }

    fn begin(&mut self, next: Component) {
        match std::mem::replace(&mut self.component, next) {
            // GnuPG looks for user IDs before the first subkey only.
            Component::User(user) if self.certificate.subkeys.is_empty() => {
                let users = &mut self.certificate.users;
                match users.iter_mut().find(|known| known.name == user.name) {
                    Some(known) => add_new(&mut known.signatures, user.signatures),
                    None => users.push(user),
                }
            }
            Component::Subkey(subkey) => self.certificate.subkeys.push(subkey),
            Component::User(user) => self.certificate.loose.extend(user.signatures),
            Component::Primary | Component::Unknown => {}
        }
    }

    fn finish(mut self) -> Certificate {
        self.begin(Component::Unknown);
        let mut subkeys: Vec<BoundSubkey> = Vec::new();
        for subkey in std::mem::take(&mut self.certificate.subkeys) {
            let known = subkeys
                .iter_mut()
                .find(|known| known.key.fingerprint() == subkey.key.fingerprint());
            match known {
                // Of a subkey that stands there twice, GnuPG goes by the first.
                Some(known) => known.signatures.extend(
                    subkey
                        .signatures
                        .into_iter()
                        .filter(|signature| signature.typ() == SignatureType::SubkeyRevocation),
                ),
                None => subkeys.push(subkey),
            }
        }
        self.certificate.subkeys = subkeys;
        self.certificate
    }
}

/// Whether the signature is a certification of a user ID, or the revocation of one.
pub(super) fn is_certification(typ: SignatureType) -> bool {
    matches!(
        typ,
        SignatureType::GenericCertification
            | SignatureType::PersonaCertification
            | SignatureType::CasualCertification
            | SignatureType::PositiveCertification
            | SignatureType::CertificationRevocation
    )
}

fn begins_keyring(packet: &RawPacket<'_>) -> bool {
    match packet.tag {
        tag::PUBLIC_KEY
        | tag::SECRET_KEY
        | tag::PUBLIC_SUBKEY
        | tag::SECRET_SUBKEY
        | tag::SIGNATURE
        | tag::LITERAL
        | tag::USER_ID => true,
        tag::MARKER => *packet.body == *b"PGP",
        _ => false,
    }
}

/// Whether GnuPG can read the signature packet. If it cannot, it takes the key file for damaged.
fn well_formed(body: &[u8]) -> bool {
    let number = |at: usize| -> Option<usize> {
        let bytes = body.get(at..)?.first_chunk::<2>()?;
        Some(usize::from(u16::from_be_bytes(*bytes)))
    };
    let walk = || -> Option<()> {
        let (algorithm, mut at) = match body.first()? {
            2 | 3 => (*body.get(15)?, 19_usize),
            4 => {
                let unhashed = 6_usize.checked_add(number(4)?)?;
                let prefix = unhashed.checked_add(2)?.checked_add(number(unhashed)?)?;
                (*body.get(2)?, prefix.checked_add(2)?)
            }
            _ => return None,
        };
        body.get(..at)?;
        let integers = match algorithm {
            1..=3 => 1,
            17 | 19 | 22 => 2,
            _ => 0,
        };
        for _ in 0..integers {
            let length = number(at)?.div_ceil(8);
            at = at.checked_add(2)?.checked_add(length)?;
            body.get(..at)?;
        }
        Some(())
    };
    walk().is_some()
}

fn primary_key(packet: &RawPacket<'_>) -> Option<PrimaryKey> {
    match parse(packet.tag, &packet.body)? {
        Packet::PublicKey(key) => Some(key),
        Packet::SecretKey(key) => Some(key.take_secret().0),
        _ => None,
    }
}
