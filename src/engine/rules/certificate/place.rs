//! What each of a certificate's own signatures is over, wherever it is in its copy.
//!
//! GnuPG repairs the order of what it imports (`repair-keys`): a signature belongs to what it verifies
//! over, so that a revocation under the wrong subkey counts.

use std::cell::OnceCell;
use std::rc::Rc;

use super::keyblock::{Component, Keyblock, Node, Placed, Spot, What};
use super::verification::{of_age, over_primary, over_subkey, over_user};
use crate::engine::rules::Backend;
use crate::engine::rules::algorithms::hash_long_enough;
use crate::engine::rules::signature::Signature;
use crate::openpgp::key::PublicKey;
use crate::openpgp::signature::kind;
use crate::openpgp::subpacket::Reader;

/// How often places are tried out for signatures that are in the wrong one, for one copy of a certificate: with more of
/// them than this, a small file could take minutes.
const MAX_ATTEMPTS: usize = 2_048;

/// Too many signatures of a copy are in the wrong place to look for the right one.
#[derive(Debug)]
pub(crate) struct TooDisordered;

/// Verifies the signatures of a copy, each where it is, and otherwise where it may belong.
///
/// # Errors
///
/// [`TooDisordered`].
pub(crate) fn place(
    backend: &dyn Backend,
    primary: &PublicKey,
    copy: Keyblock<Signature>,
) -> Result<Keyblock<Node>, TooDisordered> {
    let Keyblock { head, components } = copy;
    let (whats, signatures): (Vec<Rc<What>>, Vec<Vec<Signature>>) = components
        .into_iter()
        .map(|component| (component.what, component.signatures))
        .unzip();
    let mut places = Places {
        backend,
        primary,
        whats: &whats,
        attempts: MAX_ATTEMPTS,
    };
    let head = places.all_of(head, Spot::Primary)?;
    let signatures = signatures
        .into_iter()
        .enumerate()
        .map(|(index, signatures)| places.all_of(signatures, Spot::Component(index)))
        .collect::<Result<Vec<_>, _>>()?;
    let components = whats.iter().cloned().zip(signatures);
    Ok(Keyblock {
        head,
        components: components
            .map(|(what, signatures)| Component { what, signatures })
            .collect(),
    })
}

/// Where the signatures of a copy may belong.
struct Places<'a> {
    backend: &'a dyn Backend,
    primary: &'a PublicKey,
    whats: &'a [Rc<What>],
    /// How often a place may still be tried out.
    attempts: usize,
}

impl Places<'_> {
    fn all_of(
        &mut self,
        signatures: Vec<Signature>,
        here: Spot,
    ) -> Result<Vec<Node>, TooDisordered> {
        signatures
            .into_iter()
            .map(|signature| {
                let fits = self.find(&signature, here)?;
                Ok(Node {
                    // No case: `keep` asks anew for each release.
                    good: fits == Some(here) && of_age(&signature, self.primary),
                    placed: Rc::new(Placed {
                        identity: signature.value_hash(),
                        signature,
                        fits,
                        back: OnceCell::new(),
                    }),
                })
            })
            .collect()
    }

    fn find(&mut self, signature: &Signature, here: Spot) -> Result<Option<Spot>, TooDisordered> {
        if self.is_over(signature, here) {
            return Ok(Some(here));
        }
        // Cases: key-structure-stray-of-present-user-id, self-signatures-direct-behind-user-id
        let components = (0..self.whats.len()).map(Spot::Component);
        for spot in std::iter::once(Spot::Primary).chain(components) {
            if spot == here || !self.may_be_over(signature, spot) {
                continue;
            }
            // Test: places_are_tried_out_so_often_only
            self.attempts = self.attempts.checked_sub(1).ok_or(TooDisordered)?;
            if self.is_over(signature, spot) {
                return Ok(Some(spot));
            }
        }
        Ok(None)
    }

    /// Whether it is of a type that belongs there.
    fn may_be_over(&self, signature: &Signature, spot: Spot) -> bool {
        match self.what(spot) {
            Some(What::User(_)) => signature.is_certification(),
            Some(What::Subkey(_)) => {
                matches!(
                    signature.kind(),
                    kind::SUBKEY_BINDING | kind::SUBKEY_REVOCATION
                )
            }
            Some(What::SecretSubkey(_) | What::Skipped) => false,
            None => signature.kind() == kind::DIRECT_KEY,
        }
    }

    fn is_over(&self, signature: &Signature, spot: Spot) -> bool {
        let (backend, primary) = (self.backend, self.primary);
        self.may_be_over(signature, spot)
            && may_count(backend, signature, primary)
            && match self.what(spot) {
                Some(What::User(name)) => over_user(backend, signature, primary, name),
                Some(What::Subkey(subkey)) => {
                    over_subkey(backend, signature, primary, primary, subkey)
                }
                Some(What::SecretSubkey(_) | What::Skipped) => false,
                None => over_primary(backend, signature, primary, primary),
            }
    }

    fn what(&self, spot: Spot) -> Option<&What> {
        match spot {
            Spot::Primary => None,
            Spot::Component(index) => self.whats.get(index).map(Rc::as_ref),
        }
    }
}

/// Whether the signature is of a form by which the primary key can vouch for something, for some GnuPG. For the
/// revocation of a subkey it is enough that the key made it: critical subpackets that are not understood cannot make it
/// void.
fn may_count(backend: &dyn Backend, signature: &Signature, primary: &PublicKey) -> bool {
    // No case for critical subpackets: without this, it is tried as one without its subkey.
    if signature.kind() == kind::SUBKEY_REVOCATION {
        // Case: revocations-subkey-md5
        return !signature.uses_md5();
    }
    // Case: keys-subkey-binding-md5
    signature.is_readable(backend)
        // No case: `keep` asks for each release.
        && [Reader::Older, Reader::Newer]
            .into_iter()
            .any(|reader| signature.understood(reader))
        && signature.form().has_known_algorithm()
        // Case: signing-algorithms-nistp256-self-signature-sha224
        && hash_long_enough(primary, signature.hash_algorithm())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::tests::BACKEND;
    use crate::engine::rules::tests::crafted::{WITH_SUBKEY, copy, packet};

    /// The fixture's primary key, and its user ID and subkey with their signatures.
    fn fixture() -> (PublicKey, Keyblock<Signature>) {
        let copy = copy(WITH_SUBKEY);
        assert_eq!(copy.keyblock.components.len(), 2);
        (copy.primary, copy.keyblock)
    }

    fn fits(nodes: &[Node]) -> Vec<(Option<Spot>, bool)> {
        let nodes = nodes.iter();
        nodes.map(|node| (node.placed.fits, node.good)).collect()
    }

    #[test]
    fn signatures_fit_where_they_stand() {
        let (primary, keyblock) = fixture();
        let placed = place(BACKEND, &primary, keyblock).unwrap();
        for (index, component) in placed.components.iter().enumerate() {
            let here = Some(Spot::Component(index));
            assert_eq!(fits(&component.signatures), [(here, true)]);
        }
    }

    #[test]
    fn signatures_in_a_wrong_place_fit_what_they_are_over_and_are_not_good_there() {
        let (primary, mut keyblock) = fixture();
        let certification = keyblock.components[0].signatures.remove(0);
        let binding = keyblock.components[1].signatures.remove(0);
        keyblock.components[1].signatures.push(certification);
        keyblock.head.push(binding);
        let placed = place(BACKEND, &primary, keyblock).unwrap();
        let (user, subkey) = (Spot::Component(0), Spot::Component(1));
        assert_eq!(fits(&placed.head), [(Some(subkey), false)]);
        let behind_subkey = &placed.components[1].signatures;
        assert_eq!(fits(behind_subkey), [(Some(user), false)]);
    }

    #[test]
    fn what_nobody_has_signed_fits_nothing() {
        let (primary, mut keyblock) = fixture();
        let forged = packet(kind::SUBKEY_BINDING, &[&[2, 0x70, 0, 0, 0]], &[], 0x81);
        keyblock.components[1].signatures = vec![Signature::parse(&forged).unwrap()];
        let placed = place(BACKEND, &primary, keyblock).unwrap();
        assert_eq!(fits(&placed.components[1].signatures), [(None, false)]);
    }

    #[test]
    fn places_are_tried_out_so_often_only() {
        let (primary, mut keyblock) = fixture();
        let binding = keyblock.components[1].signatures[0].clone();
        // Each of them is in a wrong place, and finds the right one at once.
        keyblock.head = vec![binding; MAX_ATTEMPTS];
        assert!(place(BACKEND, &primary, keyblock.clone()).is_ok());
        keyblock
            .head
            .extend(keyblock.components[1].signatures.clone());
        assert!(place(BACKEND, &primary, keyblock).is_err());
    }
}
