//! What a certificate's own signatures say of it, verified once, and what that means at a given
//! time, as GnuPG computes it.
//!
//! The rules are those of GnuPG's import and of its merging of self-signatures; where they
//! differ from sequoia's, a key that GnuPG calls expired would be live.

use std::collections::HashMap;

use sequoia_openpgp as openpgp;

use super::algorithms::{can_sign, hash_long_enough, unsupported_form, unsupported_hash};
use super::certificates::{BoundSubkey, Certificate, PrimaryKey, Subkey};
use super::placement::{Placed, good_form, uses_md5};
use super::revocations::Revocations;
use super::signature::{Form, Signature, kind};
use super::verification::{over_subkey, u32_time};

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
    /// The form of a self-signature that was passed over because it cannot be checked.
    pub(super) unsupported: Option<Form>,
    /// Whether too many of its signatures stand in a wrong place to look for the right one.
    pub(super) too_disordered: bool,
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
    /// The statements that may count, the newest first.
    statements: Vec<(Statement, BackSignature)>,
    /// The same of the same subkey where it stands once more behind this. GnuPG 2.2 goes by the first,
    /// and 2.4 by the newest of all: so each must allow what is to be allowed.
    again: Vec<Vec<(Statement, BackSignature)>>,
    /// The revocation of the subkey, wherever it stands.
    pub(super) revocation: Option<Revocation>,
    /// Whether bindings were passed over because they use MD5.
    pub(super) md5: bool,
    /// The form of a binding that was passed over because it cannot be checked.
    pub(super) unsupported: Option<Form>,
}

/// Whether a signing subkey has signed its primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BackSignature {
    /// It has.
    Good,
    /// There is a signature, which is not good.
    Bad,
    /// There is a signature of this form, which cannot be checked.
    Unsupported(Form),
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
            unsupported: certificate
                .signatures()
                .filter(|signature| {
                    signature.is_certification() || signature.kind() == kind::DIRECT_KEY
                })
                .find_map(not_checkable),
            too_disordered: placed.too_disordered(),
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
    /// The binding of each subkey. Of one that stands there several times, the first that is bound
    /// carries those of the others.
    fn of_all(certificate: &Certificate, placed: &Placed<'_>) -> Vec<Self> {
        let mut bindings: Vec<Self> = Vec::new();
        let mut first_bound: HashMap<openpgp::Fingerprint, usize> = HashMap::new();
        let mut revocations: HashMap<openpgp::Fingerprint, Revocation> = HashMap::new();
        for (subkey, signatures) in certificate.subkeys.iter().zip(&placed.subkeys) {
            let mut binding = Self::of(subkey, signatures, certificate);
            let fingerprint = subkey.key.fingerprint();
            if let Some(revocation) = binding.revocation.clone() {
                revocations.entry(fingerprint.clone()).or_insert(revocation);
            }
            let first = first_bound
                .get(&fingerprint)
                .and_then(|first| bindings.get_mut(*first));
            match first {
                Some(first) => {
                    let statements = std::mem::take(&mut binding.statements);
                    first
                        .again
                        .extend((!statements.is_empty()).then_some(statements));
                }
                None if binding.exists() => {
                    first_bound.insert(fingerprint, bindings.len());
                }
                None => {}
            }
            bindings.push(binding);
        }
        for (fingerprint, first) in first_bound {
            if let Some(binding) = bindings.get_mut(first) {
                binding.revocation = revocations.remove(&fingerprint);
            }
        }
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
            unsupported: subkey
                .signatures
                .iter()
                .filter(|signature| signature.kind() == kind::SUBKEY_BINDING)
                .find_map(not_checkable),
        }
    }

    /// Whether the subkey is bound at all, be it at another time.
    pub(super) fn exists(&self) -> bool {
        !self.statements.is_empty()
    }

    /// The state of the subkey at `now`; `None` if it is not bound to its primary key then.
    pub(super) fn state(&self, subkey: &Subkey, now: u32) -> Option<SubkeyState> {
        let mut whole: Option<SubkeyState> = None;
        for statements in std::iter::once(&self.statements).chain(&self.again) {
            let (statement, back_signature) = statements
                .iter()
                .find(|(statement, _)| !statement.expired(now))?;
            let state = SubkeyState {
                may_sign: statement.may_sign.unwrap_or(true) && can_sign(subkey.pk_algo()),
                expires: statement.key_expires,
                back_signature: *back_signature,
            };
            whole = Some(match whole {
                None => state,
                Some(whole) => whole.and(state),
            });
        }
        whole
    }
}

impl SubkeyState {
    /// What both allow.
    fn and(self, other: Self) -> Self {
        Self {
            may_sign: self.may_sign && other.may_sign,
            expires: match (self.expires, other.expires) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            },
            back_signature: match self.back_signature {
                BackSignature::Good => other.back_signature,
                other => other,
            },
        }
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
                if !uses_md5(&signature) && unsupported_hash(signature.form()).is_some() =>
            {
                Self::Unsupported(signature.form())
            }
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

impl Revocation {
    /// What the signature says of it.
    pub(super) fn of(signature: &Signature) -> Self {
        Self {
            created: signature.created(),
            reason: signature.reason_for_revocation(),
        }
    }
}

/// The form of the signature, if that cannot be checked. What uses MD5 counts for nothing anyway.
fn not_checkable(signature: &Signature) -> Option<Form> {
    let form = signature.form();
    (!uses_md5(signature) && unsupported_form(form).is_some()).then_some(form)
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
