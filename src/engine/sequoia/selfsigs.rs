//! What a certificate's own signatures say of it, verified once, and what that means at a given
//! time, as GnuPG computes it.
//!
//! The rules are those of GnuPG's import and of its merging of self-signatures; where they
//! differ from sequoia's, a key that GnuPG calls expired would be live.

use sequoia_openpgp as openpgp;

use openpgp::crypto::hash::Hash as _;
use openpgp::packet::Signature;
use openpgp::packet::key::{Key, KeyParts, KeyRole};
use openpgp::types::{HashAlgorithm, SignatureType, Timestamp};

use super::algorithms::{can_sign, hash_long_enough, hash_supported};
use super::certificates::{
    BoundSubkey, Certificate, PrimaryKey, Subkey, UserName, is_certification,
};
use super::signature::Claims;

/// A certificate's own statements, cryptographically verified.
#[derive(Debug)]
pub(super) struct Statements {
    /// The direct-key signatures.
    direct: Vec<Statement>,
    /// For each user ID that the key has signed: the statement that counts, if one does.
    users: Vec<Option<UserStatement>>,
    /// For each subkey, in the certificate's order, how it is bound.
    pub(super) subkeys: Vec<Binding>,
    /// The revocation of the primary key.
    pub(super) revocation: Option<Revocation>,
    /// Whether self-signatures were passed over because they use MD5.
    pub(super) md5: bool,
}

/// The good self-signatures of a certificate, each with what it is over.
///
/// A signature belongs to what it verifies over, wherever it stands: GnuPG repairs the order on
/// import (`repair-keys`), so a revocation under the wrong subkey counts.
struct Placed<'a> {
    direct: Vec<&'a Signature>,
    users: Vec<Vec<&'a Signature>>,
    subkeys: Vec<Vec<&'a Signature>>,
}

/// What one self-signature says of a key.
#[derive(Clone, Debug)]
struct Statement {
    created: u32,
    expires: Option<u32>,
    may_sign: Option<bool>,
    key_expires: Option<u32>,
}

/// What the newest self-signature over a user ID says.
#[derive(Clone, Debug)]
struct UserStatement {
    statement: Statement,
    revokes: bool,
}

/// How a subkey is bound to its primary key.
#[derive(Debug)]
pub(super) struct Binding {
    statement: Option<Statement>,
    back_signature: BackSignature,
    /// The revocation of the subkey.
    pub(super) revocation: Option<Revocation>,
    /// Whether bindings were passed over because they use MD5.
    pub(super) md5: bool,
}

/// Whether a signing subkey has signed its primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BackSignature {
    /// It has.
    Good,
    /// There is a signature, which is not good.
    Bad,
    /// It has not.
    Missing,
}

/// A good revocation.
#[derive(Clone, Debug)]
pub(super) struct Revocation {
    /// When it was made, in seconds since the epoch.
    pub(super) created: Option<u32>,
    /// Why, if it says.
    pub(super) reason: Option<String>,
}

/// The state of the primary key at a given time.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrimaryState {
    /// Whether the key may sign data.
    pub(super) may_sign: bool,
    /// When the key expires, in seconds since the epoch.
    pub(super) expires: Option<u32>,
}

/// The state of a subkey at a given time.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubkeyState {
    /// Whether the subkey may sign data.
    pub(super) may_sign: bool,
    /// When the subkey expires, in seconds since the epoch.
    pub(super) expires: Option<u32>,
    /// Whether it has signed its primary key.
    pub(super) back_signature: BackSignature,
}

impl Statements {
    /// Verifies the certificate's own signatures. `key_revocations` are all signatures that may
    /// revoke a primary key, and `everybody` the certificates among which to look for a
    /// designated revoker.
    pub(super) fn verify(
        certificate: &Certificate,
        key_revocations: &[Signature],
        everybody: &[Certificate],
    ) -> Self {
        let primary = &certificate.primary;
        let placed = Placed::sort(certificate);
        let shared = || {
            let direct = placed.direct.iter().copied();
            direct.filter(|signature| Claims(signature).exportable())
        };
        let direct = shared()
            .map(|signature| Statement::of(signature, u32_time(primary)))
            .collect();
        let revokers: Vec<openpgp::Fingerprint> = shared()
            .flat_map(|signature| Claims(signature).revokers())
            .map(|revoker| revoker.revoker().1.clone())
            .collect();
        let users = placed
            .users
            .iter()
            .filter(|signatures| !signatures.is_empty())
            .map(|signatures| UserStatement::of(signatures, primary))
            .collect();
        let subkeys = certificate
            .subkeys
            .iter()
            .zip(&placed.subkeys)
            .map(|(subkey, signatures)| Binding::of(subkey, signatures, primary))
            .collect();
        let own_name = primary.key_handle();
        let mut revocations = key_revocations
            .iter()
            .filter(|signature| may_concern(signature, &own_name, &revokers));
        let revocation = revocations.find_map(|signature| {
            let by_itself = {
                !uses_md5(signature)
                    && signature
                        .verify_primary_key_revocation(primary, primary)
                        .is_ok()
            };
            (by_itself || by_revoker(signature, primary, &revokers, everybody))
                .then(|| Revocation::of(signature))
        });
        Self {
            direct,
            users,
            subkeys,
            revocation,
            md5: certificate.signatures().any(uses_md5),
        }
    }

    /// The state of the primary key at `now`; `None` if no self-signature makes it valid then.
    pub(super) fn primary_state(&self, primary: &PrimaryKey, now: u32) -> Option<PrimaryState> {
        let direct = newest(self.direct.iter().filter(|direct| !direct.expired(now)));
        let users: Vec<&UserStatement> = self.users.iter().flatten().collect();
        let valid = match primary.version() {
            // GnuPG imports no key without a user ID that it has signed itself.
            4 => !self.users.is_empty() && (direct.is_some() || !users.is_empty()),
            _ => direct.is_some() || !users.is_empty(),
        };
        if !valid {
            return None;
        }
        // What a user ID says counts unless it is revoked or its signature has expired. Of
        // several, the newest that says anything of the matter counts.
        let live: Vec<&Statement> = users
            .iter()
            .filter(|user| !user.revokes && !user.statement.expired(now))
            .map(|user| &user.statement)
            .collect();
        let may_sign = direct.and_then(|direct| direct.may_sign).or_else(|| {
            first_newest(&live, |statement| statement.may_sign.is_some())
                .and_then(|statement| statement.may_sign)
        });
        let expires = direct.and_then(|direct| direct.key_expires).or_else(|| {
            first_newest(&live, |statement| statement.key_expires.is_some())
                .and_then(|statement| statement.key_expires)
        });
        Some(PrimaryState {
            may_sign: may_sign.unwrap_or(true) && can_sign(primary.pk_algo()),
            expires,
        })
    }
}

impl Binding {
    /// The newest good binding counts, and any good revocation.
    fn of(subkey: &BoundSubkey, signatures: &[&Signature], primary: &PrimaryKey) -> Self {
        let newest = signatures
            .iter()
            .copied()
            .filter(|signature| signature.typ() == SignatureType::SubkeyBinding)
            .max_by_key(|signature| Claims(signature).created())
            .filter(|signature| Claims(signature).exportable());
        Self {
            statement: newest.map(|signature| Statement::of(signature, u32_time(&subkey.key))),
            back_signature: newest.map_or(BackSignature::Missing, |signature| {
                BackSignature::verify(signature, primary, &subkey.key)
            }),
            revocation: signatures
                .iter()
                .find(|signature| signature.typ() == SignatureType::SubkeyRevocation)
                .map(|signature| Revocation::of(signature)),
            md5: subkey.signatures.iter().any(uses_md5),
        }
    }

    /// Whether the subkey is bound at all, be it at another time.
    pub(super) fn exists(&self) -> bool {
        self.statement.is_some()
    }

    /// The state of the subkey at `now`; `None` if it is not bound to its primary key then.
    pub(super) fn state(&self, subkey: &Subkey, now: u32) -> Option<SubkeyState> {
        let statement = self
            .statement
            .as_ref()
            .filter(|statement| !statement.expired(now))?;
        Some(SubkeyState {
            may_sign: statement.may_sign.unwrap_or(true) && can_sign(subkey.pk_algo()),
            expires: statement.key_expires,
            back_signature: self.back_signature,
        })
    }
}

impl BackSignature {
    /// The newest back signature that the binding carries decides.
    fn verify(binding: &Signature, primary: &PrimaryKey, subkey: &Subkey) -> Self {
        let mut newest: Option<(u32, &Signature)> = None;
        for signature in Claims(binding).embedded() {
            let created = Claims(signature).created().unwrap_or(0);
            if signature.typ() == SignatureType::PrimaryKeyBinding
                && created > newest.map_or(0, |(time, _)| time)
            {
                newest = Some((created, signature));
            }
        }
        match newest {
            None => Self::Missing,
            Some((_, signature))
                if good_form(signature)
                    && hash_long_enough(subkey, signature.hash_algo())
                    && signature
                        .verify_primary_key_binding(primary, subkey)
                        .is_ok() =>
            {
                Self::Good
            }
            Some(_) => Self::Bad,
        }
    }
}

impl Statement {
    fn of(signature: &Signature, key_created: u32) -> Self {
        let claims = Claims(signature);
        Self {
            created: claims.created().unwrap_or(0),
            expires: claims.expires(),
            may_sign: claims.may_sign(),
            key_expires: claims.key_expires(key_created),
        }
    }

    fn expired(&self, now: u32) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl UserStatement {
    /// The statement that counts: the newest, if it is meant for others.
    fn of(signatures: &[&Signature], primary: &PrimaryKey) -> Option<Self> {
        signatures
            .iter()
            .filter(|signature| Claims(signature).exportable())
            .max_by_key(|signature| Claims(signature).created())
            .map(|signature| Self {
                statement: Statement::of(signature, u32_time(primary)),
                revokes: signature.typ() == SignatureType::CertificationRevocation,
            })
    }
}

impl<'a> Placed<'a> {
    fn sort(certificate: &'a Certificate) -> Self {
        let primary = &certificate.primary;
        let mut placed = Self {
            direct: Vec::new(),
            users: vec![Vec::new(); certificate.users.len()],
            subkeys: vec![Vec::new(); certificate.subkeys.len()],
        };
        let mut strays = Vec::new();
        for signature in &certificate.direct {
            if good_direct(signature, primary) {
                placed.direct.push(signature);
            } else {
                strays.push(signature);
            }
        }
        for (user, signatures) in certificate.users.iter().zip(&mut placed.users) {
            for signature in &user.signatures {
                if good_over_user(signature, primary, &user.name) {
                    signatures.push(signature);
                } else {
                    strays.push(signature);
                }
            }
        }
        for (subkey, signatures) in certificate.subkeys.iter().zip(&mut placed.subkeys) {
            for signature in &subkey.signatures {
                if good_over_subkey(signature, primary, &subkey.key) {
                    signatures.push(signature);
                } else {
                    strays.push(signature);
                }
            }
        }
        for signature in strays.into_iter().chain(&certificate.loose) {
            placed.find_place(signature, certificate);
        }
        placed
    }

    fn find_place(&mut self, signature: &'a Signature, certificate: &Certificate) {
        let primary = &certificate.primary;
        if signature.typ() == SignatureType::DirectKey {
            if good_direct(signature, primary) {
                self.direct.push(signature);
            }
        } else if is_certification(signature.typ()) {
            for (user, signatures) in certificate.users.iter().zip(&mut self.users) {
                if good_over_user(signature, primary, &user.name) {
                    signatures.push(signature);
                    break;
                }
            }
        } else {
            for (subkey, signatures) in certificate.subkeys.iter().zip(&mut self.subkeys) {
                if good_over_subkey(signature, primary, &subkey.key) {
                    signatures.push(signature);
                    break;
                }
            }
        }
    }
}

impl Revocation {
    fn of(signature: &Signature) -> Self {
        Self {
            created: Claims(signature).created(),
            reason: Claims(signature).reason_for_revocation(),
        }
    }
}

/// Whether this copy of the certificate is one that GnuPG imports when it does not have the key
/// yet: a user ID must be signed by the key. The user IDs of a version 6 key need not be.
pub(super) fn valid_alone(certificate: &Certificate) -> bool {
    certificate.primary.version() != 4
        || Placed::sort(certificate)
            .users
            .iter()
            .any(|signatures| !signatures.is_empty())
}

/// The creation time of the key, in seconds since the epoch.
pub(super) fn u32_time<P: KeyParts, R: KeyRole>(key: &Key<P, R>) -> u32 {
    Timestamp::try_from(key.creation_time()).map_or(u32::MAX, u32::from)
}

/// Whether the signature is one by the primary key that GnuPG lets count.
fn good(
    signature: &Signature,
    primary: &PrimaryKey,
    verify: impl FnOnce(&Signature) -> openpgp::Result<()>,
) -> bool {
    Claims(signature).issuer_key_id() == Some(primary.keyid())
        && good_form(signature)
        && hash_long_enough(primary, signature.hash_algo())
        && verify(signature).is_ok()
}

fn good_direct(signature: &Signature, primary: &PrimaryKey) -> bool {
    signature.typ() == SignatureType::DirectKey
        && good(signature, primary, |signature| {
            signature.verify_direct_key(primary, primary)
        })
}

fn good_over_user(signature: &Signature, primary: &PrimaryKey, name: &UserName) -> bool {
    if !is_certification(signature.typ()) {
        return false;
    }
    let revokes = signature.typ() == SignatureType::CertificationRevocation;
    good(signature, primary, |signature| match (name, revokes) {
        _ if signature.version() == 3 => verify_version_3(signature, primary, name),
        (UserName::Id(id), false) => signature.verify_userid_binding(primary, primary, id),
        (UserName::Id(id), true) => signature.verify_userid_revocation(primary, primary, id),
        (UserName::Attribute(attribute), false) => {
            signature.verify_user_attribute_binding(primary, primary, attribute)
        }
        (UserName::Attribute(attribute), true) => {
            signature.verify_user_attribute_revocation(primary, primary, attribute)
        }
    })
}

/// For a revocation, it is enough that the key made it: neither the issuer that it names nor
/// subpackets that nobody understands can make it void.
fn good_over_subkey(signature: &Signature, primary: &PrimaryKey, subkey: &Subkey) -> bool {
    match signature.typ() {
        SignatureType::SubkeyBinding => good(signature, primary, |signature| {
            verify_binding(signature, primary, subkey)
        }),
        SignatureType::SubkeyRevocation => {
            !uses_md5(signature)
                && signature
                    .verify_subkey_revocation(primary, primary, subkey)
                    .is_ok()
        }
        _ => false,
    }
}

fn good_form(signature: &Signature) -> bool {
    !uses_md5(signature) && hash_supported(signature) && Claims(signature).understood()
}

fn uses_md5(signature: &Signature) -> bool {
    signature.hash_algo() == HashAlgorithm::MD5
}

/// Verifies a binding by the primary key's signature alone. Sequoia's own function demands the
/// back signature as well, so that a binding without one would make an older one count.
fn verify_binding(
    signature: &Signature,
    primary: &PrimaryKey,
    subkey: &Subkey,
) -> openpgp::Result<()> {
    let mut hash = signature
        .hash_algo()
        .context()?
        .for_signature(signature.version());
    signature.hash_subkey_binding(&mut hash, primary, subkey)?;
    signature.verify_digest(primary, hash.into_digest()?)
}

/// Verifies a version 3 signature over a user ID, which is hashed without a header
/// (RFC 4880, section 5.2.4); sequoia hashes one.
fn verify_version_3(
    signature: &Signature,
    primary: &PrimaryKey,
    name: &UserName,
) -> openpgp::Result<()> {
    let mut hash = signature.hash_algo().context()?.for_signature(3);
    primary.hash(&mut hash)?;
    hash.update(match name {
        UserName::Id(id) => id.value(),
        UserName::Attribute(attribute) => attribute.value(),
    });
    signature.hash(&mut hash)?;
    signature.verify_digest(primary, hash.into_digest()?)
}

/// Whether the revocation names one of these as its issuer, or nobody. Without this, a keyring of
/// many keys would verify each revocation with each key.
fn may_concern(
    signature: &Signature,
    primary: &openpgp::KeyHandle,
    revokers: &[openpgp::Fingerprint],
) -> bool {
    let issuers = signature.get_issuers();
    issuers.is_empty()
        || issuers.iter().any(|issuer| {
            let is_revoker = |revoker: &openpgp::Fingerprint| {
                issuer.aliases(openpgp::KeyHandle::from(revoker.clone()))
            };
            issuer.aliases(primary) || revokers.iter().any(is_revoker)
        })
}

/// Whether one of the designated revokers made this revocation.
fn by_revoker(
    signature: &Signature,
    primary: &PrimaryKey,
    revokers: &[openpgp::Fingerprint],
    everybody: &[Certificate],
) -> bool {
    if revokers.is_empty() || uses_md5(signature) {
        return false;
    }
    let keys = everybody.iter().flat_map(|certificate| {
        let primary = certificate.primary.clone().role_into_unspecified();
        let subkeys = certificate.subkeys.iter();
        std::iter::once(primary)
            .chain(subkeys.map(|subkey| subkey.key.clone().role_into_unspecified()))
    });
    keys.filter(|key| revokers.contains(&key.fingerprint()))
        .any(|key| {
            signature
                .verify_primary_key_revocation(&key, primary)
                .is_ok()
        })
}

/// The newest of the statements; of several that are equally new, the last.
fn newest<'a>(statements: impl Iterator<Item = &'a Statement>) -> Option<&'a Statement> {
    statements.max_by_key(|statement| statement.created)
}

/// The newest of the statements that `says`; of several that are equally new, the first.
fn first_newest<'a>(
    statements: &[&'a Statement],
    says: impl Fn(&Statement) -> bool,
) -> Option<&'a Statement> {
    let mut newest: Option<&Statement> = None;
    for statement in statements
        .iter()
        .copied()
        .filter(|statement| says(statement))
    {
        if newest.is_none_or(|newest| statement.created > newest.created) {
            newest = Some(statement);
        }
    }
    newest
}
