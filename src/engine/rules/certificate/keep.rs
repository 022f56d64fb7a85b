//! What a release of GnuPG keeps of one copy of a certificate (`import_one` and what it calls).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::keyblock::{Component, Keyblock, Name, Node, Spot, What};
use super::verification::of_age;
use crate::engine::rules::release::Release;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;

/// Which one is kept of several signatures that have the same integers. GnuPG sorts them to find them
/// (`remove_duplicate_sigs`), and which comes out last depends on the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The first of the key's own; none if another's is among them.
    First,
    /// The last of the key's own.
    Last,
}

/// Why nothing is kept of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// A certification of the key's own has no user ID before it.
    CertifiesNobody,
    /// It has no user ID that counts.
    NoUser,
    /// Reading the file stops at it.
    EndsFile,
    /// Reading the file stopped before it.
    AfterEnd,
}

/// A copy of a certificate as it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copy<'a> {
    /// Whether it is one of a secret key.
    pub(crate) is_secret: bool,
    /// Its parts.
    pub(crate) keyblock: &'a Keyblock<Node>,
    /// The [identities](super::keyblock::Placed::identity) of signatures by other keys.
    pub(crate) foreign: &'a HashSet<u64>,
}

impl Copy<'_> {
    /// Whether [`Kept`] makes a difference.
    pub(crate) fn has_doubles(&self) -> bool {
        let mut seen = HashSet::new();
        self.nodes()
            .map(|node| node.placed.identity)
            .any(|identity| self.foreign.contains(&identity) || !seen.insert(identity))
    }

    /// All signatures.
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        let components = self.keyblock.components.iter();
        let following = components.flat_map(|component| &component.signatures);
        self.keyblock.head.iter().chain(following)
    }

    /// What this release keeps of the copy of a certificate with this primary key.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] if it takes nothing of the copy.
    pub(crate) fn import(
        &self,
        primary: &PublicKey,
        release: Release,
        kept: Kept,
    ) -> Result<Keyblock<Node>, NotTaken> {
        let mut keyblock = self.own(primary, release, kept).repaired(primary, release);
        // Case: copies-double-altered-in-place
        keyblock.each(|signatures| remove_doubles(signatures, kept));
        // GnuPG does not know version 6: its user IDs need no signature (RFC 9580, section 10.1.1).
        let is_known = primary.version() == 4;
        // Cases: key-structure-stray-wrong, copies-of-nobody-behind-unsigned
        if is_known && keyblock.certifies_nobody() {
            return Err(NotTaken::CertifiesNobody);
        }
        keyblock.drop_unsigned(release, is_known);
        // Case: key-structure-halves-key-and-subkey
        if is_known && !release.merges_without_user && !keyblock.has_user() {
            return Err(NotTaken::NoUser);
        }
        Ok(keyblock)
    }

    /// The signatures that the key made, for this release, in components that each occur once; every signature says
    /// which of these it belongs to.
    fn own(&self, primary: &PublicKey, release: Release, kept: Kept) -> Joined {
        let id = primary.key_id();
        let is_own = |node: &Node| node.signature().issuer_in(release) == Some(id);
        // What another release takes for the key's own signature may be by another key for this one.
        let strangers: Option<HashSet<u64>> = (kept == Kept::First).then(|| {
            let by_others = self.nodes().filter(|node| !is_own(node));
            let by_others = by_others.map(|node| node.placed.identity);
            by_others.chain(self.foreign.iter().copied()).collect()
        });
        let own = |nodes: &[Node]| -> Vec<Node> {
            let mut nodes = nodes.to_vec();
            // Case: copies-double-self-signature-nobodys
            if let Some(strangers) = &strangers {
                nodes.retain(|node| !strangers.contains(&node.placed.identity));
            }
            // Cases: copies-double-altered-first, copies-double-altered-last
            remove_doubles(&mut nodes, kept);
            nodes.retain(is_own);
            nodes
        };
        let mut joined = Joined {
            keyblock: Keyblock {
                head: own(&self.keyblock.head),
                components: Vec::new(),
            },
            places: Vec::new(),
        };
        let mut places: HashMap<Name<'_>, usize> = HashMap::new();
        for component in &self.keyblock.components {
            let next = joined.keyblock.components.len();
            let joins = match &*component.what {
                // Case: copies-user-id-twice-then-revoked
                What::User(_) => true,
                // Case: copies-twice-old-then-newer-encrypts
                What::Subkey(_) | What::SecretSubkey(Some(_)) => release.joins_subkeys,
                What::SecretSubkey(None) | What::Skipped => false,
            };
            let place = if joins {
                *places.entry(component.what.name()).or_insert(next)
            } else {
                next
            };
            let mut signatures = own(&component.signatures);
            joined.places.push(place);
            match joined.keyblock.components.get_mut(place) {
                // GnuPG puts those of the later one before those of the first.
                // Case: copies-twice-old-then-old-encrypts
                Some(first) => {
                    signatures.append(&mut first.signatures);
                    first.signatures = signatures;
                }
                None => joined.keyblock.components.push(Component {
                    what: Rc::clone(&component.what),
                    signatures,
                }),
            }
        }
        joined
    }
}

/// A keyblock in which nothing occurs twice.
struct Joined {
    keyblock: Keyblock<Node>,
    /// Where each component of the copy has gone.
    places: Vec<usize>,
}

impl Joined {
    /// Moves each signature to what it is over (`key_check_all_keysigs`), directly after it; so of several that are
    /// equally new, the one that was there counts. This includes those that are older than the key, and not good.
    fn repaired(self, primary: &PublicKey, release: Release) -> Keyblock<Node> {
        let Self {
            mut keyblock,
            places,
        } = self;
        let home = |node: &Node| {
            let signature = node.signature();
            // Cases: copies-critical-pka-only-binding, copies-critical-aead-only-binding
            let is_taken = signature.understood(release.critical)
                // Case: signature-packets-only-self-signature-leading-zero
                && (release.takes_zeros || !signature.begins_with_zeros());
            match node.placed.fits.filter(|_| is_taken)? {
                Spot::Primary => Some(Spot::Primary),
                Spot::Component(index) => places.get(index).copied().map(Spot::Component),
            }
        };
        let mut moved: Vec<(Spot, Node)> = Vec::new();
        // After a secret subkey of a public key, a signature over what is before that is in its place for GnuPG, and is
        // dropped with the subkey.
        // Case: copies-secret-subkey-before-self-signature
        let mut settle = |signatures: &mut Vec<Node>, here: Spot, before_secret: Option<Spot>| {
            signatures.retain_mut(|node| {
                let home = home(node).filter(|home| Some(*home) != before_secret);
                // Case: copies-moved-only-certification-before-user-id
                let in_time = of_age(node.signature(), primary);
                node.good = in_time && home == Some(here);
                if let Some(home) = home.filter(|home| *home != here) {
                    let node = Node {
                        good: in_time,
                        ..node.clone()
                    };
                    moved.push((home, node));
                    return false;
                }
                true
            });
        };
        settle(&mut keyblock.head, Spot::Primary, None);
        let mut last = Spot::Primary;
        for (index, component) in keyblock.components.iter_mut().enumerate() {
            let here = Spot::Component(index);
            let is_secret = matches!(*component.what, What::SecretSubkey(_));
            settle(&mut component.signatures, here, is_secret.then_some(last));
            if matches!(*component.what, What::User(_) | What::Subkey(_)) {
                last = here;
            }
        }
        let mut arrivals: HashMap<usize, Vec<Node>> = HashMap::new();
        let mut at_head = Vec::new();
        // Case: copies-equally-new-moved-gives-last
        for (home, node) in moved.into_iter().rev() {
            match home {
                Spot::Primary => at_head.push(node),
                Spot::Component(index) => arrivals.entry(index).or_default().push(node),
            }
        }
        // Case: key-structure-same-second-elsewhere-good
        put_before(&mut keyblock.head, at_head);
        for (index, arrived) in arrivals {
            if let Some(component) = keyblock.components.get_mut(index) {
                put_before(&mut component.signatures, arrived);
            }
        }
        keyblock
    }
}

impl Keyblock<Node> {
    fn each(&mut self, mut change: impl FnMut(&mut Vec<Node>)) {
        change(&mut self.head);
        for component in &mut self.components {
            change(&mut component.signatures);
        }
    }

    /// Whether a certification by the key itself has no user ID before it: it matches none, or it would have been moved
    /// there. GnuPG drops such a copy (`chk_self_sigs`).
    fn certifies_nobody(&self) -> bool {
        let before_users = self
            .components
            .iter()
            .take_while(|component| !matches!(*component.what, What::User(_)))
            .flat_map(|component| &component.signatures);
        let mut signatures = self.head.iter().chain(before_users);
        signatures.any(|node| node.signature().is_certification())
    }

    /// Drops what is not signed, and signatures that do not count or must not leave their key ring
    /// (`chk_self_sigs`, `delete_inv_parts`).
    fn drop_unsigned(&mut self, release: Release, is_known: bool) {
        self.head.retain(|node| node.good);
        self.components.retain_mut(|component| {
            let signatures = &mut component.signatures;
            match &*component.what {
                // A certification that is not good stays, and keeps one with the same integers away.
                What::User(_) => {
                    // Case: copies-double-other-type-in-first-copy
                    signatures.retain(|node| node.signature().is_certification());
                    !is_known
                        || release.keeps_unsigned_users
                        // Case: self-signatures-copies-first-spoilt-with-subkey
                        || signatures.iter().any(|node| node.good)
                }
                What::Subkey(_) => {
                    signatures.retain(|node| node.good);
                    // Case: self-signatures-binding-newest-local
                    keep_newest(signatures, kind::SUBKEY_BINDING);
                    // No case: a revocation of a subkey counts even if it is dropped here.
                    keep_newest(signatures, kind::SUBKEY_REVOCATION);
                    signatures.iter().any(|node| {
                        // Case: copies-user-id-behind-revoked-unbound-subkey
                        release.keeps_revoked_subkeys
                            || node.signature().kind() == kind::SUBKEY_BINDING
                    })
                }
                What::SecretSubkey(_) | What::Skipped => false,
            }
        });
        self.each(|signatures| {
            signatures.retain(|node| {
                // Case: subpackets-local-binding
                node.signature().exportable()
                    // No case: none of them is good, nor the same as one that is.
                    && node.signature().form().has_known_algorithm()
            });
        });
    }
}

/// Of the signatures of a subkey that have this type, GnuPG keeps the newest: of several that are equally
/// new, the last.
fn keep_newest(signatures: &mut Vec<Node>, kind: u8) {
    let newest = signatures
        .iter()
        .filter(|node| node.signature().kind() == kind)
        .max_by_key(|node| node.signature().created())
        .map(|node| Rc::as_ptr(&node.placed));
    signatures
        .retain(|node| node.signature().kind() != kind || Some(Rc::as_ptr(&node.placed)) == newest);
}

/// Of several signatures with the same integers and hash after one component, one stays.
fn remove_doubles(signatures: &mut Vec<Node>, kept: Kept) {
    let mut seen = HashSet::new();
    let mut is_first = |node: &Node| {
        let hash = node.signature().hash_algorithm();
        seen.insert((node.placed.identity, hash))
    };
    match kept {
        Kept::First => signatures.retain(|node| is_first(node)),
        Kept::Last => {
            signatures.reverse();
            signatures.retain(|node| is_first(node));
            signatures.reverse();
        }
    }
}

fn put_before(known: &mut Vec<Node>, mut more: Vec<Node>) {
    more.append(known);
    *known = more;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::crafted::{node, times};

    #[test]
    fn of_signatures_with_the_same_integers_one_stays() {
        let all = || {
            vec![
                node(kind::POSITIVE_CERTIFICATION, 1, 0x81),
                node(kind::POSITIVE_CERTIFICATION, 2, 0x82),
                node(kind::POSITIVE_CERTIFICATION, 3, 0x81),
                node(kind::POSITIVE_CERTIFICATION, 4, 0x83),
            ]
        };
        for (kept, left) in [(Kept::First, [1, 2, 4]), (Kept::Last, [2, 3, 4])] {
            let mut signatures = all();
            remove_doubles(&mut signatures, kept);
            assert_eq!(times(&signatures), left, "{kept:?}");
        }
    }

    #[test]
    fn the_newest_of_a_type_stays_and_of_equally_new_ones_the_last() {
        let mut signatures = vec![
            node(kind::SUBKEY_BINDING, 5, 0x81),
            node(kind::SUBKEY_REVOCATION, 1, 0x82),
            node(kind::SUBKEY_BINDING, 7, 0x83),
            node(kind::SUBKEY_BINDING, 7, 0x84),
            node(kind::SUBKEY_BINDING, 6, 0x85),
            node(kind::SUBKEY_REVOCATION, 2, 0x86),
        ];
        let last = signatures[3].placed.identity;
        keep_newest(&mut signatures, kind::SUBKEY_BINDING);
        assert_eq!(times(&signatures), [1, 7, 2]);
        assert_eq!(signatures[1].placed.identity, last);
    }

    #[test]
    fn signatures_that_move_come_before_those_that_are_there() {
        let mut known = vec![node(kind::SUBKEY_BINDING, 3, 0x81)];
        let more = vec![
            node(kind::SUBKEY_BINDING, 1, 0x82),
            node(kind::SUBKEY_BINDING, 2, 0x83),
        ];
        put_before(&mut known, more);
        assert_eq!(times(&known), [1, 2, 3]);
    }
}
