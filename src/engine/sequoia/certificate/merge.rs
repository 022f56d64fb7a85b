//! Merging another copy of a certificate into the one that is there (`merge_blocks` of GnuPG's import).
//!
//! That is not a union of sets: which signatures come in depends on those that are there, so the order of the copies
//! counts.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::keyblock::{Component, Keyblock, Name, Node, What};
use crate::engine::sequoia::release::Release;

/// Merges what was kept of another copy.
pub(crate) fn merge(known: &mut Keyblock<Node>, new: &Keyblock<Node>, release: Release) {
    // Each comes directly after the primary key.
    let mut head: Vec<Node> = new_of(&known.head, &new.head, release);
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
