//! Merging another copy of a certificate into the one that is there (`merge_blocks` of GnuPG's import).
//!
//! That is not a union of sets: which signatures come in depends on those that are there, so the order of the copies
//! counts.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::keyblock::{Component, Keyblock, Name, Node, What};
use crate::engine::rules::release::Release;

/// Merges what was kept of another copy.
pub(crate) fn merge(known: &mut Keyblock<Node>, new: &Keyblock<Node>, release: Release) {
    // Each comes directly after the primary key.
    let mut head: Vec<Node> = new_of(&known.head, &new.head, release);
    // Case: copies-equally-new-direct-gives-last
    head.reverse();
    head.append(&mut known.head);
    known.head = head;

    let theirs = by_name(new);
    let whats: Vec<Rc<What>> = known
        .components
        .iter()
        .map(|component| Rc::clone(&component.what))
        .collect();
    let mut ours: HashSet<Name<'_>> = whats.iter().map(|what| what.name()).collect();
    for component in &mut known.components {
        let Some(more) = theirs.get(&component.what.name()) else {
            continue;
        };
        if is_subkey(component) {
            add_newer(&mut component.signatures, &more.signatures);
        } else {
            let new = new_of(&component.signatures, &more.signatures, release);
            component.signatures.extend(new);
        }
    }
    // A new user ID comes before the first subkey (`append_new_uid`), a new subkey at the end.
    // Case: copies-equally-new-user-id-gives-in-second-copy
    let first_subkey = known.components.iter().position(is_subkey);
    let place = first_subkey.unwrap_or(known.components.len());
    let subkeys = known.components.split_off(place);
    let (new_subkeys, new_users): (Vec<_>, Vec<_>) = new
        .components
        .iter()
        .filter(|component| ours.insert(component.what.name()))
        .cloned()
        .partition(is_subkey);
    known.components.extend(new_users);
    known.components.extend(subkeys);
    known.components.extend(new_subkeys);
}

/// Those of `more` that are not among the known.
fn new_of(known: &[Node], more: &[Node], release: Release) -> Vec<Node> {
    let identities: HashSet<u64> = known.iter().map(|node| node.placed.identity).collect();
    let is_known = |node: &Node| {
        // Case: copies-double-altered-in-first-copy
        identities.contains(&node.placed.identity)
            && known.iter().any(|known| known.is_same(node, release))
    };
    more.iter()
        .filter(|node| !is_known(node))
        .cloned()
        .collect()
}

/// Adds signatures to those of the same subkey (`merge_keysigs`): each only if it is newer than all of its
/// type that are there.
fn add_newer(known: &mut Vec<Node>, more: &[Node]) {
    for node in more {
        let signature = node.signature();
        // Cases: copies-copies-newer-expired-then-old, copies-copies-old-encrypts-then-old
        let is_newer = known
            .iter()
            .map(Node::signature)
            .all(|known| known.kind() != signature.kind() || known.created() < signature.created());
        if is_newer {
            known.push(node.clone());
        }
    }
}

/// The components by what they are: of several, the first.
fn by_name(keyblock: &Keyblock<Node>) -> HashMap<Name<'_>, &Component<Node>> {
    let mut names = HashMap::new();
    for component in &keyblock.components {
        names.entry(component.what.name()).or_insert(component);
    }
    names
}

fn is_subkey(component: &Component<Node>) -> bool {
    matches!(*component.what, What::Subkey(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::release::RELEASES;
    use crate::engine::rules::tests::crafted::{WITH_SUBKEY, copy, node, times, user};
    use crate::openpgp::signature::kind;

    /// The fixture's subkey with these signatures.
    fn subkey(signatures: Vec<Node>) -> Component<Node> {
        let components = copy(WITH_SUBKEY).keyblock.components;
        let subkey = components.into_iter().find_map(|component| {
            matches!(*component.what, What::Subkey(_)).then_some(component.what)
        });
        Component {
            what: subkey.unwrap(),
            signatures,
        }
    }

    fn certification(created: u8) -> Node {
        node(kind::POSITIVE_CERTIFICATION, created, created | 0x80)
    }

    #[test]
    fn a_new_user_id_comes_before_the_first_subkey_and_a_new_subkey_at_the_end() {
        let of = |components| Keyblock {
            head: Vec::new(),
            components,
        };
        let names = |keyblock: &Keyblock<Node>| -> Vec<bool> {
            keyblock.components.iter().map(is_subkey).collect()
        };
        for release in RELEASES {
            let mut known = of(vec![user("a", vec![certification(1)]), subkey(Vec::new())]);
            merge(
                &mut known,
                &of(vec![user("b", vec![certification(2)])]),
                release,
            );
            assert_eq!(names(&known), [false, false, true]);
            assert_eq!(times(&known.components[1].signatures), [2]);
            let mut known = of(vec![user("a", vec![certification(1)])]);
            let new = of(vec![subkey(Vec::new()), user("b", vec![certification(2)])]);
            merge(&mut known, &new, release);
            assert_eq!(names(&known), [false, false, true]);
        }
    }

    #[test]
    fn signatures_of_a_user_id_are_added_behind_and_those_of_the_key_each_before_the_others() {
        let of = |times: &[u8]| Keyblock {
            head: times
                .iter()
                .map(|time| node(kind::DIRECT_KEY, *time, *time | 0x80))
                .collect(),
            components: vec![user(
                "a",
                times.iter().map(|time| certification(*time)).collect(),
            )],
        };
        for release in RELEASES {
            let mut known = of(&[1, 2]);
            merge(&mut known, &of(&[3, 2, 4]), release);
            assert_eq!(times(&known.head), [4, 3, 1, 2]);
            assert_eq!(times(&known.components[0].signatures), [1, 2, 3, 4]);
        }
    }

    #[test]
    fn a_signature_of_a_subkey_comes_in_only_if_it_is_newer() {
        let binding = |created, value| node(kind::SUBKEY_BINDING, created, value);
        let mut known = vec![binding(5, 0x81)];
        let more = [
            binding(5, 0x82),
            binding(4, 0x83),
            node(kind::SUBKEY_REVOCATION, 3, 0x84),
            binding(6, 0x85),
            binding(6, 0x86),
        ];
        add_newer(&mut known, &more);
        assert_eq!(times(&known), [5, 3, 6]);
    }
}
