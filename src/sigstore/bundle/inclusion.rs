//! Whether an entry is a leaf of a log's tree (RFC 6962, section 2.1.1).

use super::InclusionProof;
use crate::mathematics::Hash;
use crate::sigstore::crypto::MATHEMATICS;

/// How many octets a hash of the tree has: those of SHA-256.
pub(super) const HASH_OCTETS: usize = 32;

/// Why a proof proves nothing, as a part of a sentence about the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ProofError {
    /// A hash that is not one by SHA-256.
    #[error("its inclusion proof has a hash that is not one of SHA-256")]
    Hash,
    /// A leaf beyond the end of the tree.
    #[error("its inclusion proof is for a leaf beyond the end of the tree")]
    Beyond,
    /// More or fewer hashes than lead from the leaf to the root.
    #[error("its inclusion proof has more or fewer hashes than lead from its leaf to the root")]
    Length,
    /// Another root.
    #[error("its inclusion proof does not lead to the root of the tree")]
    OtherRoot,
}

/// That the body is the leaf that the proof is for (RFC 9162, section 2.1.3.2).
///
/// # Errors
///
/// [`ProofError`] if it is not proven.
pub(super) fn check(body: &[u8], proof: &InclusionProof) -> Result<(), ProofError> {
    let is_hash = |octets: &[u8]| octets.len() == HASH_OCTETS;
    if !is_hash(&proof.root) || !proof.hashes.iter().all(|hash| is_hash(hash)) {
        return Err(ProofError::Hash);
    }
    let mut last = proof
        .size
        .checked_sub(1)
        .filter(|last| proof.index <= *last)
        .ok_or(ProofError::Beyond)?;
    let mut node = proof.index;
    let mut hash = leaf(body)?;
    for sibling in &proof.hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            hash = inner(sibling, &hash)?;
            // Nodes without a sibling are the same on the level above.
            while node % 2 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = inner(&hash, sibling)?;
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == proof.root {
        Ok(())
    } else {
        Err(ProofError::OtherRoot)
    }
}

fn leaf(body: &[u8]) -> Result<Vec<u8>, ProofError> {
    sha256(&[&[0], body])
}

fn inner(left: &[u8], right: &[u8]) -> Result<Vec<u8>, ProofError> {
    sha256(&[&[1], left, right])
}

fn sha256(parts: &[&[u8]]) -> Result<Vec<u8>, ProofError> {
    MATHEMATICS
        .digest(Hash::Sha256, parts)
        .ok_or(ProofError::Hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root of the tree with these leaves, by the definition.
    fn root(leaves: &[Vec<u8>]) -> Vec<u8> {
        match leaves {
            [] => sha256(&[]).unwrap(),
            [one] => leaf(one).unwrap(),
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                inner(&root(left), &root(right)).unwrap()
            }
        }
    }

    /// The hashes that prove a leaf, by the definition.
    fn path(index: usize, leaves: &[Vec<u8>]) -> Vec<Vec<u8>> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(split(leaves.len()));
        let (mut path, sibling) = match index.checked_sub(left.len()) {
            None => (path(index, left), root(right)),
            Some(index) => (path(index, right), root(left)),
        };
        path.push(sibling);
        path
    }

    fn split(count: usize) -> usize {
        count.next_power_of_two() / 2
    }

    fn proof(index: usize, leaves: &[Vec<u8>]) -> InclusionProof {
        InclusionProof {
            index: index as u64,
            size: leaves.len() as u64,
            root: root(leaves),
            hashes: path(index, leaves),
            checkpoint: String::new(),
        }
    }

    fn leaves(count: usize) -> Vec<Vec<u8>> {
        (0..count)
            .map(|index| vec![index as u8; index % 5])
            .collect()
    }

    #[test]
    fn every_leaf_of_small_trees_is_proven() {
        for count in 1..=40 {
            let leaves = leaves(count);
            for (index, body) in leaves.iter().enumerate() {
                let good = proof(index, &leaves);
                assert_eq!(check(body, &good), Ok(()), "{index} of {count}");
                assert_eq!(check(b"other", &good), Err(ProofError::OtherRoot));
                let mut longer = good.clone();
                longer.hashes.push(vec![0; HASH_OCTETS]);
                assert_eq!(check(body, &longer), Err(ProofError::Length));
                let mut shorter = good.clone();
                if shorter.hashes.pop().is_some() {
                    assert_eq!(check(body, &shorter), Err(ProofError::Length));
                }
                for place in 0..good.hashes.len() {
                    let mut bent = good.clone();
                    bent.hashes[place][7] ^= 1;
                    assert_eq!(check(body, &bent), Err(ProofError::OtherRoot));
                }
                let mut other_root = good.clone();
                other_root.root[0] ^= 0x80;
                assert_eq!(check(body, &other_root), Err(ProofError::OtherRoot));
                for size in [0, index] {
                    let small = InclusionProof {
                        size: size as u64,
                        ..good.clone()
                    };
                    assert_eq!(check(body, &small), Err(ProofError::Beyond));
                }
                for other in (0..count).filter(|other| *other != index) {
                    let moved = InclusionProof {
                        index: other as u64,
                        ..good.clone()
                    };
                    assert!(
                        check(body, &moved).is_err(),
                        "{index} as {other} of {count}"
                    );
                }
            }
        }
    }

    #[test]
    fn hashes_have_their_length() {
        let leaves = leaves(3);
        for length in [0, 31, 33] {
            let mut proof = proof(1, &leaves);
            proof.hashes[0].resize(length, 0);
            assert_eq!(check(&leaves[1], &proof), Err(ProofError::Hash));
            let mut proof = super::tests::proof(1, &leaves);
            proof.root.resize(length, 0);
            assert_eq!(check(&leaves[1], &proof), Err(ProofError::Hash));
        }
    }

    /// Sizes are never cast to smaller integers.
    #[test]
    fn large_trees_are_no_small_ones() {
        let leaves = leaves(1);
        let one = proof(0, &leaves);
        assert_eq!(check(&leaves[0], &one), Ok(()));
        for size in [1 << 32, (1 << 32) + 1, u64::MAX] {
            let large = InclusionProof {
                size,
                ..one.clone()
            };
            assert_eq!(check(&leaves[0], &large), Err(ProofError::Length));
            let beyond = InclusionProof {
                index: 1 << 32,
                ..one.clone()
            };
            assert_eq!(check(&leaves[0], &beyond), Err(ProofError::Beyond));
        }
    }
}
