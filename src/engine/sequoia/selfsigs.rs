//! What a certificate's own signatures say of it, verified once, and what that means at a given
//! time, as GnuPG computes it.
//!
//! The rules are those of GnuPG's import and of its merging of self-signatures; where they
//! differ from sequoia's, a key that GnuPG calls expired would be live.

use std::collections::HashMap;

use sequoia_openpgp as openpgp;

use openpgp::types::HashAlgorithm;

use super::algorithms::{can_sign, hash_long_enough, hash_supported};
use super::certificates::{BoundSubkey, Certificate, PrimaryKey, Subkey, User, UserName};
use super::revocations::Revocations;
use super::signature::{Signature, kind};
use super::verification::{over_primary, over_subkey, over_user, u32_time};

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
    /// Whether too many of its signatures stand in a wrong place to look for the right one.
    pub(super) too_disordered: bool,
}

/// The good self-signatures of a certificate, each with what it is over.
///
/// A signature belongs to what it verifies over, wherever it stands: GnuPG repairs the order on
/// import (`repair-keys`), so a revocation under the wrong subkey counts.
struct Placed<'a> {
    direct: Vec<&'a Signature>,
    users: Vec<Vec<&'a Signature>>,
    subkeys: Vec<Vec<&'a Signature>>,
    /// How often a place may still be tried out for a signature.
    attempts: usize,
}

/// How often places are tried out for signatures that stand in a wrong one, for one certificate:
/// with more of them than this, a small file could take minutes.
const MAX_ATTEMPTS: usize = 2_048;

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
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// The statements that may count, the newest first.
    statements: Vec<(Statement, BackSignature)>,
    /// How the same subkey is bound where it stands once more behind this. GnuPG 2.2 goes by the first,
    /// and 2.4 by the newest of all: so each must allow what is to be allowed.
    again: Vec<Binding>,
    revocation: Option<Revocation>,
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
    /// Verifies the certificate's own signatures, and looks for its revocation.
    pub(super) fn verify(certificate: &Certificate, revocations: &Revocations<'_>) -> Self {
        let primary = &certificate.primary;
        let placed = Placed::sort(certificate);
        let shared = || {
            let direct = placed.direct.iter().copied();
            direct.filter(|signature| signature.exportable())
        };
        let direct = shared()
            .map(|signature| Statement::of(signature, u32_time(primary)))
            .collect();
        let revokers: Vec<openpgp::Fingerprint> = shared().flat_map(Signature::revokers).collect();
        let users = certificate
            .users
            .iter()
            .zip(&placed.users)
            .filter(|(user, signatures)| !signatures.is_empty() && placed.counts(user))
            .map(|(_, signatures)| UserStatement::of(signatures, primary))
            .collect();
        let subkeys = Binding::of_all(certificate, &placed);
        Self {
            direct,
            users,
            subkeys,
            revocation: revocations.of(primary, &revokers),
            md5: certificate.signatures().any(uses_md5),
            too_disordered: placed.attempts == 0,
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
    /// The binding of each subkey; with those of the same subkey that follow it.
    fn of_all(certificate: &Certificate, placed: &Placed<'_>) -> Vec<Self> {
        let mut bindings: Vec<Self> = Vec::new();
        let mut later: HashMap<openpgp::Fingerprint, Vec<Self>> = HashMap::new();
        for (subkey, signatures) in certificate.subkeys.iter().zip(&placed.subkeys).rev() {
            let again = later.entry(subkey.key.fingerprint()).or_default();
            let binding = Self::of(subkey, signatures, certificate);
            bindings.push(Self {
                again: again.clone(),
                ..binding.clone()
            });
            again.push(binding);
        }
        bindings.reverse();
        bindings
    }

    /// The newest good binding counts, and any good revocation. Where copies were merged, each may have
    /// brought a binding, and those that have expired are passed over.
    fn of(subkey: &BoundSubkey, signatures: &[&Signature], certificate: &Certificate) -> Self {
        let mut bindings: Vec<&Signature> = signatures
            .iter()
            .copied()
            .filter(|signature| signature.kind() == kind::SUBKEY_BINDING)
            .collect();
        // Of several that are equally new, the last counts.
        bindings.reverse();
        bindings.sort_by_key(|signature| std::cmp::Reverse(signature.created()));
        if !certificate.merged {
            bindings.truncate(1);
        }
        bindings.retain(|signature| signature.exportable());
        Self {
            statements: bindings
                .into_iter()
                .map(|signature| {
                    let primary = &certificate.primary;
                    let back = BackSignature::verify(signature, primary, &subkey.key);
                    (Statement::of(signature, u32_time(&subkey.key)), back)
                })
                .collect(),
            again: Vec::new(),
            revocation: signatures
                .iter()
                .find(|signature| signature.kind() == kind::SUBKEY_REVOCATION)
                .map(|signature| Revocation::of(signature)),
            md5: subkey.signatures.iter().any(uses_md5),
        }
    }

    /// Whether the subkey is bound at all, be it at another time.
    pub(super) fn exists(&self) -> bool {
        !self.statements.is_empty()
    }

    /// The state of the subkey at `now`; `None` if it is not bound to its primary key then.
    pub(super) fn state(&self, subkey: &Subkey, now: u32) -> Option<SubkeyState> {
        let (statement, back_signature) = self
            .statements
            .iter()
            .find(|(statement, _)| !statement.expired(now))?;
        let mut state = SubkeyState {
            may_sign: statement.may_sign.unwrap_or(true) && can_sign(subkey.pk_algo()),
            expires: statement.key_expires,
            back_signature: *back_signature,
        };
        for again in self.again.iter().filter(|again| again.exists()) {
            let again = again.state(subkey, now)?;
            state.may_sign &= again.may_sign;
            state.expires = match (state.expires, again.expires) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            if again.back_signature != BackSignature::Good {
                state.back_signature = again.back_signature;
            }
        }
        Some(state)
    }

    /// The revocation of the subkey.
    pub(super) fn revocation(&self) -> Option<&Revocation> {
        let again = self.again.iter();
        let again = again.filter_map(|again| again.revocation.as_ref());
        self.revocation.iter().chain(again).next()
    }
}

impl BackSignature {
    /// The newest back signature that the binding carries decides.
    fn verify(binding: &Signature, primary: &PrimaryKey, subkey: &Subkey) -> Self {
        let mut newest: Option<(u32, Signature)> = None;
        for signature in binding.embedded() {
            let created = signature.created().unwrap_or(0);
            if signature.kind() == kind::PRIMARY_KEY_BINDING
                && created > newest.as_ref().map_or(0, |(time, _)| *time)
            {
                newest = Some((created, signature));
            }
        }
        match newest {
            None => Self::Missing,
            Some((_, signature))
                if good_form(&signature)
                    && hash_long_enough(subkey, signature.hash_algorithm())
                    && over_subkey(&signature, subkey, primary, subkey) =>
            {
                Self::Good
            }
            Some(_) => Self::Bad,
        }
    }
}

impl Statement {
    fn of(signature: &Signature, key_created: u32) -> Self {
        Self {
            created: signature.created().unwrap_or(0),
            expires: signature.expires(),
            may_sign: signature.may_sign(),
            key_expires: signature.key_expires(key_created),
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
            .filter(|signature| signature.exportable())
            .max_by_key(|signature| signature.created())
            .map(|signature| Self {
                statement: Statement::of(signature, u32_time(primary)),
                revokes: signature.kind() == kind::CERTIFICATION_REVOCATION,
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
            attempts: MAX_ATTEMPTS,
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
            if placed.attempts == 0 {
                break;
            }
            placed.find_place(signature, certificate);
        }
        placed
    }

    /// Puts a signature directly behind what it verifies over, as GnuPG does; so of several that are
    /// equally new, the one that was there counts.
    fn find_place(&mut self, signature: &'a Signature, certificate: &Certificate) {
        let primary = &certificate.primary;
        let attempts = &mut self.attempts;
        let mut try_out = |verifies: bool| {
            *attempts = attempts.saturating_sub(1);
            verifies
        };
        if signature.kind() == kind::DIRECT_KEY {
            if try_out(good_direct(signature, primary)) {
                self.direct.insert(0, signature);
            }
        } else if signature.is_certification() {
            for (user, signatures) in certificate.users.iter().zip(&mut self.users) {
                if try_out(good_over_user(signature, primary, &user.name)) {
                    signatures.insert(0, signature);
                    break;
                }
            }
        } else {
            for (subkey, signatures) in certificate.subkeys.iter().zip(&mut self.subkeys) {
                if try_out(good_over_subkey(signature, primary, &subkey.key)) {
                    signatures.insert(0, signature);
                    break;
                }
            }
        }
    }

    /// Whether a user ID that stands behind so many subkeys counts: no bound subkey is before it.
    fn counts(&self, user: &User) -> bool {
        !self
            .subkeys
            .iter()
            .take(user.behind)
            .any(|signatures| is_bound(signatures))
    }
}

fn is_bound(signatures: &[&Signature]) -> bool {
    signatures
        .iter()
        .any(|signature| signature.kind() == kind::SUBKEY_BINDING)
}

impl Revocation {
    /// What the signature says of it.
    pub(super) fn of(signature: &Signature) -> Self {
        Self {
            created: signature.created(),
            reason: signature.reason_for_revocation(),
        }
    }
}

/// Whether this copy of the certificate is one that GnuPG imports when it does not have the key
/// yet: a user ID must be signed by the key. The user IDs of a version 6 key need not be.
pub(super) fn valid_alone(certificate: &Certificate) -> bool {
    if certificate.primary.version() != 4 {
        return true;
    }
    let placed = Placed::sort(certificate);
    placed.users.iter().any(|signatures| !signatures.is_empty())
}

/// Drops the user IDs and subkeys that no signature makes valid, as GnuPG does on import. Their
/// signatures stay, for where they belong.
pub(super) fn clean(certificate: &mut Certificate) {
    if certificate.primary.version() != 4 {
        return;
    }
    let placed = Placed::sort(certificate);
    let users: Vec<bool> = placed
        .users
        .iter()
        .map(|signatures| !signatures.is_empty())
        .collect();
    let subkeys: Vec<bool> = placed
        .subkeys
        .iter()
        .map(|signatures| is_bound(signatures))
        .collect();
    for user in &mut certificate.users {
        user.behind = subkeys
            .iter()
            .take(user.behind)
            .filter(|bound| **bound)
            .count();
    }
    let mut loose = Vec::new();
    certificate.users = keep(std::mem::take(&mut certificate.users), &users, |user| {
        loose.extend(user.signatures);
    });
    certificate.subkeys = keep(
        std::mem::take(&mut certificate.subkeys),
        &subkeys,
        |subkey| {
            loose.extend(subkey.signatures);
        },
    );
    certificate.loose.append(&mut loose);
    for subkey in &mut certificate.subkeys {
        keep_newest_binding(&mut subkey.signatures);
    }
}

/// Of the bindings in one copy, GnuPG keeps the newest, unless that must not be exported.
fn keep_newest_binding(signatures: &mut Vec<Signature>) {
    let newest = signatures
        .iter()
        .filter(|signature| signature.kind() == kind::SUBKEY_BINDING)
        .max_by_key(|signature| signature.created())
        .filter(|signature| signature.exportable())
        .cloned();
    signatures.retain(|signature| {
        signature.kind() != kind::SUBKEY_BINDING || Some(signature) == newest.as_ref()
    });
}

/// The elements to keep; the others go elsewhere.
fn keep<T>(elements: Vec<T>, wanted: &[bool], mut other: impl FnMut(T)) -> Vec<T> {
    let mut kept = Vec::with_capacity(elements.len());
    for (element, wanted) in elements.into_iter().zip(wanted) {
        if *wanted {
            kept.push(element);
        } else {
            other(element);
        }
    }
    kept
}

/// Whether there is a certification by the key itself before its first user ID which fits none of
/// them. GnuPG gives such a copy up.
pub(super) fn certifies_nobody(certificate: &Certificate) -> bool {
    let primary = &certificate.primary;
    let mut attempts = MAX_ATTEMPTS;
    let mut fits = |signature: &Signature| {
        certificate.users.iter().any(|user| {
            attempts = attempts.saturating_sub(1);
            attempts > 0 && good_over_user(signature, primary, &user.name)
        })
    };
    primary.version() == 4
        && certificate
            .direct
            .iter()
            .any(|signature| signature.is_certification() && !fits(signature))
}

/// Whether the signature is of a form by which the primary key can vouch for something.
fn may_count(signature: &Signature, primary: &PrimaryKey) -> bool {
    signature.issuer_key_id() == Some(primary.keyid())
        && good_form(signature)
        && hash_long_enough(primary, signature.hash_algorithm())
}

fn good_direct(signature: &Signature, primary: &PrimaryKey) -> bool {
    signature.kind() == kind::DIRECT_KEY
        && may_count(signature, primary)
        && over_primary(signature, primary, primary)
}

/// Whether the primary key has certified the user ID, or revoked the certification.
fn good_over_user(signature: &Signature, primary: &PrimaryKey, name: &UserName) -> bool {
    signature.is_certification()
        && may_count(signature, primary)
        && over_user(signature, primary, name)
}

/// For a revocation, it is enough that the key made it: neither the issuer that it names nor
/// subpackets that nobody understands can make it void.
fn good_over_subkey(signature: &Signature, primary: &PrimaryKey, subkey: &Subkey) -> bool {
    let may_count = match signature.kind() {
        kind::SUBKEY_BINDING => may_count(signature, primary),
        kind::SUBKEY_REVOCATION => !uses_md5(signature),
        _ => false,
    };
    may_count && over_subkey(signature, primary, primary, subkey)
}

fn good_form(signature: &Signature) -> bool {
    !uses_md5(signature)
        && hash_supported(signature)
        && signature.understood()
        && signature.ambiguity().is_none()
}

pub(super) fn uses_md5(signature: &Signature) -> bool {
    signature.hash_algorithm() == HashAlgorithm::MD5
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
