//! What a certificate's own signatures say about it in the key ring of one release of GnuPG, and what that means at a
//! given time (`merge_selfsigs`).

use std::collections::{HashMap, HashSet};

use super::keyblock::{BackSignature, Component, Keyblock, Node, What};
use super::verification::{of_age, over_subkey};
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::{
    can_sign, hash_long_enough, in_key_rings, unsupported_hash,
};
use crate::engine::rules::release::Release;
use crate::engine::rules::signature::Signature;
use crate::openpgp::handle::KeyFingerprint;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;

/// What one release takes from a certificate. Its revocations count for all of them, and are kept elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// Whether the key is valid without any self-signature.
    always_valid: bool,
    /// The direct-key signatures.
    direct: Vec<Statement>,
    /// For each user ID before the first subkey that the key has signed: what the newest signature says.
    users: Vec<UserStatement>,
    /// For each subkey, by its index in the certificate: what its bindings say, the newest first.
    bindings: HashMap<usize, Vec<(Statement, BackSignature)>>,
    /// The subkeys that GnuPG does not find: they follow a subkey with an algorithm that it does not know, which its
    /// key ring does not count, so that it takes another subkey for them.
    hidden: HashSet<usize>,
    /// Those who may revoke the key.
    pub(crate) revokers: Vec<KeyFingerprint>,
}

/// What one self-signature says about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    created: u32,
    expires: Option<u32>,
    may_sign: Option<bool>,
    key_expires: Option<u32>,
}

/// What the newest self-signature over a user ID says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct UserStatement {
    statement: Statement,
    revokes: bool,
}

/// A good revocation.
#[derive(Clone, Debug)]
pub(crate) struct Revocation {
    /// When it was made, in seconds since the epoch.
    pub(crate) created: Option<u32>,
    /// Why, if it says.
    pub(crate) reason: Option<String>,
}

/// The state of the primary key at a given time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrimaryState {
    /// Whether the key may sign data.
    pub(crate) may_sign: bool,
    /// When the key expires, in seconds since the epoch.
    pub(crate) expires: Option<u32>,
}

/// The state of a subkey at a given time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubkeyState {
    /// Whether the subkey may sign data.
    pub(crate) may_sign: bool,
    /// When the subkey expires, in seconds since the epoch.
    pub(crate) expires: Option<u32>,
    /// Whether it has signed its primary key.
    pub(crate) back_signature: BackSignature,
}

impl View {
    /// What the keyblock in which the release keeps the certificate says. `index_of`: the index of a subkey in the
    /// certificate.
    pub(crate) fn of(
        backend: &dyn Backend,
        keyblock: &Keyblock<Node>,
        primary: &PublicKey,
        index_of: impl Fn(&PublicKey) -> Option<usize>,
        release: Release,
    ) -> Self {
        let direct = || keyblock.head.iter().map(Node::signature);
        // Cases: key-structure-user-id-only-behind-bound-subkey, copies-user-id-behind-local-subkey
        let before_subkeys = keyblock
            .components
            .iter()
            .take_while(|component| !matches!(*component.what, What::Subkey(_)));
        let mut bindings = HashMap::new();
        let mut hidden = HashSet::new();
        let mut hides = false;
        for component in &keyblock.components {
            let What::Subkey(subkey) = &*component.what else {
                continue;
            };
            // Of one that occurs twice, GnuPG finds the first.
            if let Some(index) = index_of(subkey) {
                if hides && !bindings.contains_key(&index) {
                    hidden.insert(index);
                }
                bindings
                    .entry(index)
                    .or_insert_with(|| statements(backend, component, primary, subkey));
            }
            // GnuPG knows only this version.
            // Case: copies-unknown-subkey-bound-before
            hides |= primary.version() == 4 && !in_key_rings(subkey.algorithm());
        }
        Self {
            always_valid: release.keeps_unsigned_users,
            direct: direct()
                .map(|signature| Statement::of(signature, primary.created()))
                .collect(),
            users: before_subkeys
                .filter_map(|component| UserStatement::of(component, primary))
                .collect(),
            bindings,
            hidden,
            revokers: direct().flat_map(Signature::revokers).collect(),
        }
    }

    /// The state of the primary key at `now`; `None` if nothing makes it valid then.
    pub(crate) fn primary_state(&self, primary: &PublicKey, now: u32) -> Option<PrimaryState> {
        // Case: self-signatures-direct-expired
        let direct = newest(self.direct.iter().filter(|direct| !direct.expired(now)));
        // Case: subpackets-local
        if direct.is_none() && self.users.is_empty() && !self.always_valid {
            return None;
        }
        // What a user ID says counts unless it is revoked or its signature has expired. Of several, the newest that
        // says anything about the matter counts.
        let live: Vec<&Statement> = self
            .users
            .iter()
            // Cases: revocations-user-id-carries-expiry, self-signatures-user-ids-newest-expired
            .filter(|user| !user.revokes && !user.statement.expired(now))
            .map(|user| &user.statement)
            .collect();
        // Case: subpackets-direct-allows-signing
        let may_sign = direct
            .and_then(|direct| direct.may_sign)
            .or_else(|| first_newest(&live, |statement| statement.may_sign));
        // Case: subpackets-direct-prolongs
        let expires = direct
            .and_then(|direct| direct.key_expires)
            .or_else(|| first_newest(&live, |statement| statement.key_expires));
        Some(PrimaryState {
            may_sign: may_sign.unwrap_or(true) && can_sign(primary.algorithm()),
            expires,
        })
    }

    /// The state at `now` of the subkey with this index; `None` if it is not bound to its primary key then.
    pub(crate) fn subkey_state(
        &self,
        index: usize,
        subkey: &PublicKey,
        now: u32,
    ) -> Option<SubkeyState> {
        let mut bindings = self.bindings.get(&index)?.iter();
        let (statement, back_signature) =
            // Case: self-signatures-binding-expired
            bindings.find(|(statement, _)| !statement.expired(now))?;
        Some(SubkeyState {
            may_sign: statement.may_sign.unwrap_or(true) && can_sign(subkey.algorithm()),
            expires: statement.key_expires,
            back_signature: *back_signature,
        })
    }

    /// When the first of the statements expires that count at `now` for the primary key and for the subkey with this
    /// index, if there is one: at that time, the state of the key may be another.
    pub(crate) fn changes_at(&self, subkey: Option<usize>, now: u32) -> Option<u32> {
        let of_users = self.users.iter().map(|user| &user.statement);
        let of_primary = self.direct.iter().chain(of_users);
        let bindings = subkey.and_then(|index| self.bindings.get(&index));
        let of_subkey = bindings.and_then(|bindings| {
            let mut bindings = bindings.iter().map(|(binding, _)| binding);
            bindings.find(|binding| !binding.expired(now))
        });
        of_primary
            .chain(of_subkey)
            .filter_map(|statement| statement.expires.filter(|expires| *expires > now))
            .min()
    }

    /// Whether GnuPG takes another subkey for the one with this index.
    pub(crate) fn hides(&self, index: usize) -> bool {
        self.hidden.contains(&index)
    }

    /// Whether the subkey with this index is in the key ring at all, bound or not.
    pub(crate) fn has_subkey(&self, index: usize) -> bool {
        self.bindings.contains_key(&index)
    }
}

impl PrimaryState {
    /// What both allow.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            may_sign: self.may_sign && other.may_sign,
            expires: earlier(self.expires, other.expires),
        }
    }
}

impl SubkeyState {
    /// What both allow.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            may_sign: self.may_sign && other.may_sign,
            expires: earlier(self.expires, other.expires),
            back_signature: match self.back_signature {
                BackSignature::Good => other.back_signature,
                other => other,
            },
        }
    }
}

/// What the bindings of a subkey say, the newest first: of several that are equally new, the last.
fn statements(
    backend: &dyn Backend,
    component: &Component<Node>,
    primary: &PublicKey,
    subkey: &PublicKey,
) -> Vec<(Statement, BackSignature)> {
    let mut bindings: Vec<&Node> = component
        .signatures
        .iter()
        .filter(|node| node.signature().kind() == kind::SUBKEY_BINDING)
        .collect();
    // No case: `keep` and `merge` leave no two that are equally new.
    bindings.reverse();
    bindings.sort_by_key(|node| std::cmp::Reverse(node.signature().created()));
    bindings
        .into_iter()
        .map(|node| {
            let signature = node.signature();
            let back = node
                .placed
                .back
                .get_or_init(|| BackSignature::verify(backend, signature, primary, subkey));
            (Statement::of(signature, subkey.created()), *back)
        })
        .collect()
}

impl BackSignature {
    /// The newest back signature that the binding carries decides.
    fn verify(
        backend: &dyn Backend,
        binding: &Signature,
        primary: &PublicKey,
        subkey: &PublicKey,
    ) -> Self {
        let mut newest: Option<(u32, Signature)> = None;
        for signature in binding.embedded() {
            let created = signature.created().unwrap_or(0);
            // No case: before version 6, no others are read.
            if signature.kind() == kind::PRIMARY_KEY_BINDING
                && created > newest.as_ref().map_or(0, |(time, _)| *time)
            {
                newest = Some((created, signature));
            }
        }
        match newest {
            None => Self::Missing,
            Some((_, signature))
                if !signature.uses_md5() && unsupported_hash(backend, signature.form()).is_some() =>
            {
                Self::Unsupported(signature.form())
            }
            Some((_, signature))
                // Cases: keys-back-signature-md5, self-signatures-back-signature-critical-unknown
                if signature.has_good_form(backend)
                    // Case: self-signatures-back-signature-short-hash
                    && hash_long_enough(subkey, signature.hash_algorithm())
                    // Case: signature-packets-back-signature-created-before-key-first
                    && of_age(&signature, subkey)
                    && over_subkey(backend, &signature, subkey, primary, subkey) =>
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
    /// The newest good one of a user ID: of several that are equally new, the last.
    fn of(component: &Component<Node>, primary: &PublicKey) -> Option<Self> {
        // Cases: signature-values-ecdsa-one-more-expiry, revocations-user-id-bogus
        let good = component.signatures.iter().filter(|node| node.good);
        good.map(Node::signature)
            // Case: keys-flags-given-later
            .max_by_key(|signature| signature.created())
            .map(|signature| Self {
                statement: Statement::of(signature, primary.created()),
                revokes: signature.kind() == kind::CERTIFICATION_REVOCATION,
            })
    }
}

impl Revocation {
    /// What the signature says about it.
    pub(crate) fn of(signature: &Signature) -> Self {
        Self {
            created: signature.created(),
            reason: signature.reason_for_revocation(),
        }
    }
}

/// The newest of the statements; of several that are equally new, the last.
fn newest<'a>(statements: impl Iterator<Item = &'a Statement>) -> Option<&'a Statement> {
    statements.max_by_key(|statement| statement.created)
}

/// What the newest of the statements says that says anything; of several that are equally new, the first, but
/// of those with the time 0 the last.
fn first_newest<T>(statements: &[&Statement], says: impl Fn(&Statement) -> Option<T>) -> Option<T> {
    let mut newest = None;
    let mut date = 0;
    for statement in statements {
        // Cases: self-signatures-user-ids-equally-new, copies-at-the-epoch-forbids-last
        let is_newer = statement.created > date || (statement.created == 0 && date == 0);
        if let Some(said) = says(statement).filter(|_| is_newer) {
            newest = Some(said);
            date = statement.created;
        }
    }
    newest
}

fn earlier(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::crafted::{node, user};

    fn statement(created: u32, may_sign: Option<bool>) -> Statement {
        Statement {
            created,
            expires: None,
            may_sign,
            key_expires: None,
        }
    }

    #[test]
    fn the_newest_that_says_anything_counts() {
        for (statements, says) in [
            (vec![], None),
            (vec![(1, None)], None),
            (vec![(1, Some(true)), (2, Some(false))], Some(false)),
            (vec![(2, Some(true)), (1, Some(false))], Some(true)),
            // One that says nothing takes nothing away.
            (vec![(1, Some(true)), (2, None)], Some(true)),
            // Of several that are equally new, the first.
            (vec![(2, Some(true)), (2, Some(false))], Some(true)),
            // Of those with the time 0, the last.
            (vec![(0, Some(true)), (0, Some(false))], Some(false)),
            (vec![(1, Some(true)), (0, Some(false))], Some(true)),
        ] {
            let statements: Vec<Statement> = statements
                .into_iter()
                .map(|(created, may_sign)| statement(created, may_sign))
                .collect();
            let found = first_newest(&statements.iter().collect::<Vec<_>>(), |statement| {
                statement.may_sign
            });
            assert_eq!(found, says, "{statements:?}");
        }
    }

    #[test]
    fn of_direct_key_signatures_that_are_equally_new_the_last_counts() {
        let statements = [
            statement(2, Some(true)),
            statement(2, Some(false)),
            statement(1, Some(true)),
        ];
        let found = newest(statements.iter()).and_then(|newest| newest.may_sign);
        assert_eq!(found, Some(false));
    }

    #[test]
    fn what_two_releases_allow_together_is_the_less_of_both() {
        let state = |may_sign, expires| PrimaryState { may_sign, expires };
        let both = state(true, Some(5)).and(state(false, None));
        assert_eq!((both.may_sign, both.expires), (false, Some(5)));
        let both = state(true, Some(5)).and(state(true, Some(3)));
        assert_eq!((both.may_sign, both.expires), (true, Some(3)));
    }

    #[test]
    fn a_statement_expires_in_the_second_that_it_names() {
        let statement = Statement {
            expires: Some(7),
            ..statement(1, None)
        };
        assert!(!statement.expired(6));
        assert!(statement.expired(7));
    }

    #[test]
    fn the_newest_good_signature_speaks_for_a_user_id() {
        let primary = crate::engine::rules::tests::crafted::copy(
            crate::engine::rules::tests::crafted::WITH_SUBKEY,
        )
        .primary;
        let mut bad = node(kind::POSITIVE_CERTIFICATION, 9, 0x81);
        bad.good = false;
        let certifies = node(kind::POSITIVE_CERTIFICATION, 5, 0x82);
        let revokes = node(kind::CERTIFICATION_REVOCATION, 5, 0x83);
        let of = |signatures| UserStatement::of(&user("a", signatures), &primary);
        let revoked = |signatures| of(signatures).map(|user| user.revokes);
        assert_eq!(revoked(vec![bad.clone()]), None);
        let in_order = vec![bad, certifies.clone(), revokes.clone()];
        assert_eq!(revoked(in_order), Some(true));
        assert_eq!(revoked(vec![revokes, certifies]), Some(false));
    }
}
