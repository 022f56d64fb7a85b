//! From a binary keyring to certificates: keys, user IDs and the signatures that belong to them
//! (RFC 9580, section 10.1). Nothing here is verified.
//!
//! GnuPG gives a file up at the first packet that it cannot read, and the certificate that it was
//! reading with it. So is it done here, but that a primary key of another version is passed over.

use sequoia_openpgp as openpgp;

use openpgp::packet::key::SecretKeyMaterial;
use openpgp::packet::{Packet, UserAttribute, UserID};

use super::certificates::{BoundSubkey, Certificate, PrimaryKey, Subkey, User, UserName};
use super::signature::{Signature, kind};
use super::signed::parse;
use crate::engine::ambiguity;
use crate::engine::packets::{self, RawPacket, tag};

/// The longest user ID that GnuPG keeps, in octets.
const MAX_USER_ID: usize = 2_038;

/// The largest certificate that GnuPG keeps, in octets of its packets, rounded down: between 4.9 and
/// 5.3 million.
const MAX_CERTIFICATE: usize = 4_900_000;

/// What a keyring holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The certificates in their order; one that occurs twice is there twice.
    pub(super) certificates: Vec<Certificate>,
    /// Every signature that claims to revoke a primary key, wherever it stood. A revocation
    /// counts by its signature and not by its place.
    pub(super) key_revocations: Vec<Signature>,
    /// What was passed over.
    pub(super) unusable: Vec<Unusable>,
}

/// A certificate that was passed over.
#[derive(Debug)]
pub(super) struct Unusable {
    /// The key's fingerprint, if it could be read.
    pub(super) key: Option<String>,
    /// Why.
    pub(super) detail: String,
}

/// Reads a binary keyring.
///
/// # Errors
///
/// A sentence that says why the bytes are no keyring at all.
pub(super) fn read(keyring: &[u8], origin: &str) -> Result<Contents, String> {
    let mut contents = Contents::default();
    let mut open: Option<Open> = None;
    // Within a key that is passed over.
    let mut skipping = false;
    let mut any = false;
    let mut rest = keyring;
    loop {
        let packet = match packets::next(&mut rest) {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(error) if !any => return Err(error.to_string()),
            Err(error) => {
                contents.give_up(open.take(), &error.to_string());
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
        let read = match packet.tag {
            tag::PUBLIC_KEY | tag::SECRET_KEY => primary_key(&packet).map(|primary| {
                skipping = primary.is_none();
                match primary {
                    Some(primary) => {
                        let secret = packet.tag == tag::SECRET_KEY;
                        let previous = open.replace(Open::new(primary, secret, origin));
                        contents.close(previous);
                    }
                    // The certificate before it stays open: what damages this one damages that.
                    None => contents.unusable.push(Unusable {
                        key: None,
                        detail: "its primary key is of an unknown version or form".to_owned(),
                    }),
                }
            }),
            tag::SIGNATURE => signature(&packet.body, open.as_ref(), skipping).map(|signature| {
                match (signature, &mut open) {
                    (Some(signature), _) if signature.kind() == kind::KEY_REVOCATION => {
                        contents.key_revocations.push(signature);
                    }
                    (Some(signature), Some(open)) if !skipping => {
                        open.ambiguous |= ambiguity::has_odd_integers(&packet.body);
                        open.signature(signature);
                    }
                    _ => {}
                }
            }),
            _ => match &mut open {
                Some(open) if !skipping => open.component(&packet),
                _ => readable(&packet),
            },
        };
        if let Err(detail) = read {
            contents.give_up(open.take(), &detail);
            break;
        }
        if let Some(open) = open.as_mut().filter(|_| !skipping) {
            open.size = open.size.saturating_add(packet.body.len());
        }
    }
    contents.close(open);
    Ok(contents)
}

impl Contents {
    fn close(&mut self, open: Option<Open>) {
        let Some(open) = open else {
            return;
        };
        let detail = if open.size > MAX_CERTIFICATE {
            "it is larger than GnuPG keeps"
        } else if open.ambiguous {
            "an integer of one of its signatures is not in its shortest form"
        } else {
            self.certificates.push(open.finish());
            return;
        };
        self.unusable.push(Unusable {
            key: Some(open.fingerprint()),
            detail: detail.to_owned(),
        });
    }

    fn give_up(&mut self, open: Option<Open>, detail: &str) {
        self.unusable.push(Unusable {
            key: open.map(|open| open.fingerprint()),
            detail: format!("what follows cannot be read: {detail}"),
        });
    }
}

/// A certificate, and the component that the next signature belongs to.
struct Open {
    certificate: Certificate,
    component: Component,
    /// Whether it is a secret key.
    secret: bool,
    /// Whether releases of GnuPG read one of its signatures differently.
    ambiguous: bool,
    size: usize,
}

enum Component {
    Primary,
    User(User),
    Subkey(BoundSubkey),
    Unknown,
}

impl Open {
    fn new(primary: PrimaryKey, secret: bool, origin: &str) -> Self {
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
            secret,
            ambiguous: false,
            size: 0,
        }
    }

    fn fingerprint(&self) -> String {
        self.certificate.primary.fingerprint().to_hex()
    }

    /// Begins a component, if the packet is one.
    fn component(&mut self, packet: &RawPacket<'_>) -> Result<(), String> {
        let next = match packet.tag {
            tag::PUBLIC_SUBKEY | tag::SECRET_SUBKEY => {
                match subkey(packet, &self.certificate.primary)? {
                    Some(key) if self.secret || packet.tag == tag::PUBLIC_SUBKEY => {
                        Component::Subkey(BoundSubkey {
                            key,
                            signatures: Vec::new(),
                        })
                    }
                    // GnuPG drops a secret subkey of a public key.
                    _ => Component::Unknown,
                }
            }
            _ => {
                readable(packet)?;
                match packet.tag {
                    tag::USER_ID => {
                        Component::User(User::new(UserName::Id(UserID::from(packet.body.to_vec()))))
                    }
                    tag::USER_ATTRIBUTE => Component::User(User::new(UserName::Attribute(
                        UserAttribute::from(packet.body.to_vec()),
                    ))),
                    _ => return Ok(()),
                }
            }
        };
        self.begin(next);
        Ok(())
    }

    fn signature(&mut self, signature: Signature) {
        // Other people's signatures mean nothing here: the key files say who is trusted.
        let own = signature.issuer_key_id() == Some(self.certificate.primary.keyid());
        if !own && signature.kind() != kind::SUBKEY_REVOCATION {
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
        let certificate = &mut self.certificate;
        match std::mem::replace(&mut self.component, next) {
            Component::User(mut user) => {
                user.behind = certificate.subkeys.len();
                certificate.add_user_of_same_copy(user);
            }
            Component::Subkey(subkey) => certificate.add_subkey_of_same_copy(subkey),
            Component::Primary | Component::Unknown => {}
        }
    }

    fn finish(mut self) -> Certificate {
        self.begin(Component::Unknown);
        self.certificate
    }
}

/// The primary key in a packet; nothing if it is of a version that is passed over.
fn primary_key(packet: &RawPacket<'_>) -> Result<Option<PrimaryKey>, String> {
    let key = match parse(packet.tag, &packet.body) {
        Some(Packet::PublicKey(key)) => Some(key),
        Some(Packet::SecretKey(key)) => {
            let (key, secret) = key.take_secret();
            protection(&secret)?;
            Some(key)
        }
        _ => None,
    };
    match (packet.body.first(), key) {
        (Some(4), None) | (None, _) => Err("a key in it is damaged".to_owned()),
        (Some(4 | 6), key) => Ok(key),
        _ => Ok(None),
    }
}

/// The subkey in a packet; nothing if it belongs to a version 6 key and is unknown.
fn subkey(packet: &RawPacket<'_>, primary: &PrimaryKey) -> Result<Option<Subkey>, String> {
    let key = match parse(packet.tag, &packet.body) {
        Some(Packet::PublicSubkey(key)) => Some(key),
        Some(Packet::SecretSubkey(key)) => {
            let (key, secret) = key.take_secret();
            protection(&secret)?;
            Some(key)
        }
        _ => None,
    };
    match key {
        Some(key) if key.version() == primary.version() => Ok(Some(key)),
        _ if primary.version() == 6 => Ok(None),
        _ => Err("a subkey in it is damaged, or of an unknown version".to_owned()),
    }
}

/// Refuses a secret key whose protection nobody knows.
fn protection(secret: &SecretKeyMaterial) -> Result<(), String> {
    match secret {
        SecretKeyMaterial::Encrypted(secret) if !secret.s2k().is_supported() => {
            Err("a secret key in it is protected in an unknown way".to_owned())
        }
        _ => Ok(()),
    }
}

/// The signature in a packet; nothing if it is one that is passed over.
fn signature(
    body: &[u8],
    open: Option<&Open>,
    skipping: bool,
) -> Result<Option<Signature>, String> {
    let signature = Signature::parse(body);
    let is_of_version_6 = open.is_some_and(|open| open.certificate.primary.version() == 6);
    let may_be_unknown = match body.first() {
        Some(6) => true,
        Some(2..=4) => is_of_version_6,
        _ => is_of_version_6 || skipping,
    };
    if signature.is_none() && !may_be_unknown {
        return Err("a signature in it is damaged, or of an unknown version".to_owned());
    }
    Ok(signature)
}

/// Refuses a packet that GnuPG cannot read, of those whose contents do not matter here.
fn readable(packet: &RawPacket<'_>) -> Result<(), String> {
    let length = packet.body.len();
    let good = match packet.tag {
        tag::USER_ID => length <= MAX_USER_ID,
        tag::USER_ATTRIBUTE => length > 0,
        tag::MARKER => *packet.body == *b"PGP",
        tag::LITERAL => length >= 6,
        tag::PKESK => length >= 12,
        tag::SKESK => length >= 4,
        tag::ONE_PASS_SIGNATURE => length >= 13,
        // GnuPG 2.2 looks into it, and 2.4 does not.
        tag::COMPRESSED => false,
        tag::ENCRYPTED
        | tag::ENCRYPTED_PROTECTED
        | tag::ENCRYPTED_AEAD
        | tag::MODIFICATION_DETECTION
        | tag::GPG_CONTROL => false,
        _ => true,
    };
    if good {
        Ok(())
    } else {
        Err(format!(
            "a packet of type {} in it is damaged, or has no place there",
            packet.tag
        ))
    }
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
