//! From a binary keyring to certificates: keys, user IDs and the signatures that belong to them
//! (RFC 9580, section 10.1). Nothing here is verified.
//!
//! GnuPG gives a file up at the first packet that it cannot read, and the certificate that it was
//! reading with it. So is it done here, but that a primary key of another version is passed over.

use std::collections::HashSet;

use sequoia_openpgp as openpgp;

use openpgp::packet::{Packet, UserAttribute, UserID};

use super::KIND;
use super::certificates::{BoundSubkey, Certificate, PrimaryKey, Subkey, User, UserName};
use super::public_key::{self, Reading};
use super::readable::{self, MAX_READ_USER_ID, MIN_SIGNATURE, begins_keyring, readable};
use super::signature::{Signature, kind};
use super::signed::parse;
use crate::engine::ambiguity;
use crate::engine::packets::{RawPacket, tag};
use crate::engine::unsupported::Unsupported;

/// The largest certificate that GnuPG keeps, in octets of its packets, rounded down: between 4.9 and
/// 5.3 million.
const MAX_CERTIFICATE: usize = 4_900_000;

/// How many user IDs, subkeys and signatures of its own a certificate may have: some hundred times those
/// of a busy key. Comparing each with each must not take long.
const MAX_PARTS: usize = 4_096;

/// What a keyring holds.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The certificates in their order; one that occurs twice is there twice.
    pub(super) certificates: Vec<Certificate>,
    /// Every signature that claims to revoke a primary key, wherever it stood. A revocation
    /// counts by its signature and not by its place.
    pub(super) key_revocations: Vec<KeyRevocation>,
    /// What was passed over.
    pub(super) unusable: Vec<Unusable>,
    /// The primary keys that this engine does not know how to read, each once.
    pub(super) unsupported: Vec<UnsupportedKey>,
    /// The same, to find them.
    passed_over: HashSet<UnsupportedKey>,
}

/// A signature that claims to revoke a primary key.
#[derive(Debug)]
pub(super) struct KeyRevocation {
    /// The signature.
    pub(super) signature: Signature,
    /// The primary key among whose packets it stood.
    pub(super) within: Option<openpgp::Fingerprint>,
}

/// A certificate that was passed over.
#[derive(Debug)]
pub(super) struct Unusable {
    /// The key's fingerprint, if it could be read.
    pub(super) key: Option<String>,
    /// Why.
    pub(super) detail: String,
}

/// A primary key that this engine does not know how to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnsupportedKey {
    /// Its key ID, if that is known.
    pub(super) id: Option<openpgp::KeyID>,
    /// Why.
    pub(super) unsupported: Unsupported,
}

/// Reads a binary keyring.
///
/// # Errors
///
/// A sentence that says why the bytes are no keyring at all.
pub(super) fn read(keyring: &[u8], origin: &str) -> Result<Contents, String> {
    let mut contents = Contents::default();
    let mut open: Option<Open> = None;
    // Within a key that is passed over, and whether that is of a version that GnuPG does not know.
    let mut skipping = false;
    let mut newer = false;
    let mut any = false;
    let mut rest = keyring;
    loop {
        let packet = match readable::next(&mut rest) {
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
        // It does not even count towards the size of a certificate.
        if packet.tag == tag::RESERVED {
            continue;
        }
        let read = match packet.tag {
            tag::PUBLIC_KEY | tag::SECRET_KEY => primary_key(&packet).map(|primary| {
                // The certificate before it stays open: what damages this one damages that.
                skipping = !matches!(primary, Primary::Known(_));
                newer = skipping && !matches!(packet.body.first(), Some(2..=4));
                match primary {
                    Primary::Known(primary) => {
                        let secret = packet.tag == tag::SECRET_KEY;
                        let previous = open.replace(Open::new(primary, secret, origin));
                        contents.close(previous);
                    }
                    Primary::Unsupported(key) => contents.pass_over(key),
                    Primary::Damaged => contents.unusable.push(Unusable {
                        key: None,
                        detail: "its primary key is damaged".to_owned(),
                    }),
                }
            }),
            tag::SIGNATURE => signature(&packet.body, open.as_ref(), skipping).map(|signature| {
                match (signature, &mut open) {
                    (Some(signature), open) if signature.kind() == kind::KEY_REVOCATION => {
                        let open = open.as_ref().filter(|_| !skipping);
                        contents.key_revocations.push(KeyRevocation {
                            signature,
                            within: open.map(|open| open.certificate.primary.fingerprint()),
                        });
                    }
                    (Some(signature), Some(open)) if !skipping => {
                        open.signature(signature);
                    }
                    _ => {}
                }
            }),
            _ => match &mut open {
                Some(open) if !skipping => open.component(&packet),
                _ => readable(&packet, newer),
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
    /// Whether there is no key, not even one that was passed over.
    pub(super) fn holds_no_key(&self) -> bool {
        self.certificates.is_empty() && self.unusable.is_empty() && self.unsupported.is_empty()
    }

    /// Keeps a key that this engine does not know how to read. A file of many that are not told apart
    /// is not to become a report of as many.
    fn pass_over(&mut self, key: UnsupportedKey) {
        if self.passed_over.insert(key.clone()) {
            self.unsupported.push(key);
        }
    }

    fn close(&mut self, open: Option<Open>) {
        let Some(open) = open else {
            return;
        };
        let detail = if open.size > MAX_CERTIFICATE {
            "it is larger than GnuPG keeps"
        } else if open.parts > MAX_PARTS {
            "it has too many parts"
        } else if let Some(detail) = open.ambiguous {
            detail
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
    /// Why releases of GnuPG read one of its signatures differently, if they do.
    ambiguous: Option<&'static str>,
    size: usize,
    /// How many parts it has. Those over the limit are not kept.
    parts: usize,
}

enum Component {
    Primary,
    User(User),
    Subkey(BoundSubkey),
    /// Nothing that is known. Its signatures may belong elsewhere.
    Unknown,
    /// Something whose signatures belong to it alone.
    PassedOver,
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
                merged: false,
            },
            component: Component::Primary,
            secret,
            ambiguous: None,
            size: 0,
            parts: 0,
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
                readable(packet, false)?;
                match packet.tag {
                    tag::USER_ID if packet.body.len() > MAX_READ_USER_ID => Component::PassedOver,
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
        self.ambiguous = self.ambiguous.or(signature.ambiguity());
        self.parts = self.parts.saturating_add(1);
        if self.parts > MAX_PARTS {
            return;
        }
        match &mut self.component {
            Component::Primary => self.certificate.direct.push(signature),
            Component::User(user) => user.signatures.push(signature),
            Component::Subkey(subkey) => subkey.signatures.push(signature),
            Component::Unknown => self.certificate.loose.push(signature),
            Component::PassedOver => {}
        }
    }

    fn begin(&mut self, next: Component) {
        self.parts = self.parts.saturating_add(1);
        if self.parts > MAX_PARTS {
            return;
        }
        let certificate = &mut self.certificate;
        match std::mem::replace(&mut self.component, next) {
            Component::User(mut user) => {
                user.behind = certificate.subkeys.len();
                certificate.add_user_of_same_copy(user);
            }
            // Of one that stands there twice, both count for what they forbid.
            Component::Subkey(subkey) => certificate.subkeys.push(subkey),
            Component::Primary | Component::Unknown | Component::PassedOver => {}
        }
    }

    fn finish(mut self) -> Certificate {
        self.begin(Component::Unknown);
        self.certificate
    }
}

/// What a packet of a primary key holds.
enum Primary {
    Known(PrimaryKey),
    /// One that is passed over.
    Unsupported(UnsupportedKey),
    /// One that is passed over, too: GnuPG reads none of its version.
    Damaged,
}

/// The primary key in a packet.
fn primary_key(packet: &RawPacket<'_>) -> Result<Primary, String> {
    let damaged = || "a key in it is damaged".to_owned();
    match packet.body.first() {
        Some(4) => match public_key::read(packet) {
            Reading::Key(key) => Ok(Primary::Known((*key).role_into_primary())),
            Reading::PassedOver(what) => Ok(Primary::Unsupported(UnsupportedKey {
                id: None,
                unsupported: Unsupported::by_all(KIND, what),
            })),
            Reading::Damaged => Err(damaged()),
        },
        Some(6) => Ok(match parse(packet.tag, &packet.body) {
            Some(Packet::PublicKey(key)) => Primary::Known(key),
            Some(Packet::SecretKey(key)) => Primary::Known(key.take_secret().0),
            _ => Primary::Damaged,
        }),
        Some(version) => Ok(Primary::Unsupported(UnsupportedKey {
            id: public_key::id_of_version_3(&packet.body),
            unsupported: Unsupported::by_all(KIND, format!("keys of version {version}")),
        })),
        None => Err(damaged()),
    }
}

/// The subkey in a packet; nothing if it is passed over, or belongs to a version 6 key and is unknown.
/// Subkeys of that are of version 6, too (RFC 9580, section 10.1.1).
fn subkey(packet: &RawPacket<'_>, primary: &PrimaryKey) -> Result<Option<Subkey>, String> {
    if primary.version() == 6 {
        if packet.body.first() != Some(&6) {
            return Ok(None);
        }
        return Ok(match parse(packet.tag, &packet.body) {
            Some(Packet::PublicSubkey(key)) => Some(key),
            Some(Packet::SecretSubkey(key)) => Some(key.take_secret().0),
            _ => None,
        });
    }
    match public_key::read(packet) {
        Reading::Key(key) => Ok(Some((*key).role_into_subordinate())),
        Reading::PassedOver(_) => Ok(None),
        Reading::Damaged => Err("a subkey in it is damaged, or of an unknown version".to_owned()),
    }
}

/// The signature in a packet; nothing if it is one that is passed over.
fn signature(
    body: &[u8],
    open: Option<&Open>,
    skipping: bool,
) -> Result<Option<Signature>, String> {
    if body.len() < MIN_SIGNATURE {
        return Ok(None);
    }
    if ambiguity::ends_gpg(body) {
        return Err("a signature in it has an integer of no length".to_owned());
    }
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
