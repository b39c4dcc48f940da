//! Proofs over the ledger's tree: that an entry is in it, and that an earlier
//! tree is its beginning (RFC 9162 §2.1.3 and §2.1.4), and the same of a
//! subtree (draft-ietf-plants-merkle-tree-certs §4).

use super::tree::{node, root};
use crate::model::Digest;

/// Whether a proof shows that a leaf of this hash is at this place of a tree
/// of this size and root.
pub fn includes(leaf: Digest, place: u64, size: u64, proof: &[Digest], root: Digest) -> bool {
    if place >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (place, size - 1, leaf);
    for step in proof {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node(step, &hash);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether a proof shows that the tree of the first size and root is the
/// beginning of the tree of the second.
pub fn continues(first: (u64, Digest), second: (u64, Digest), proof: &[Digest]) -> bool {
    continues_subtree((0, first.0), first.1, second.0, second.1, proof) && first.0 > 0
}

/// Whether `start..end` is a subtree: as long as it is, its start is a multiple
/// of the power of two that its length fits.
pub fn is_subtree(start: u64, end: u64) -> bool {
    let Some(length) = end.checked_sub(start).filter(|length| *length > 0) else { return false };
    length.checked_next_power_of_two().is_some_and(|power| start.is_multiple_of(power))
}

/// Whether a proof shows that a leaf of this hash is at this place of the
/// subtree over `start..end` with this root.
pub fn subtree_includes(
    leaf: Digest,
    place: u64,
    (start, end): (u64, u64),
    proof: &[Digest],
    root: Digest,
) -> bool {
    is_subtree(start, end)
        && (start..end).contains(&place)
        && includes(leaf, place - start, end - start, proof, root)
}

/// Whether a proof shows that the subtree over `start..end` of the first root
/// is part of the tree of the second size and root.
pub fn continues_subtree(
    (start, end): (u64, u64),
    first: Digest,
    size: u64,
    second: Digest,
    proof: &[Digest],
) -> bool {
    if start == end && end <= size {
        // nothing is part of everything, and needs no proof
        return proof.is_empty() && first == root(&[]);
    }
    if !is_subtree(start, end) || end > size {
        return false;
    }
    let (mut from, mut at, mut last) = (start, end - 1, size - 1);
    // up to where the subtree's right edge is a node of the whole tree
    if at == last {
        while from != at {
            from >>= 1;
            at >>= 1;
            last >>= 1;
        }
    } else {
        while from != at && at % 2 == 1 {
            from >>= 1;
            at >>= 1;
            last >>= 1;
        }
    }
    let mut steps = proof.iter();
    let start_hash = if from == at { Some(&first) } else { steps.next() };
    let Some(&start_hash) = start_hash else { return false };
    let (mut one, mut two) = (start_hash, start_hash);
    for step in steps {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            if from < at {
                one = node(step, &one);
            }
            two = node(step, &two);
            while at % 2 == 0 && at != 0 {
                from >>= 1;
                at >>= 1;
                last >>= 1;
            }
        } else {
            two = node(&two, step);
        }
        from >>= 1;
        at >>= 1;
        last >>= 1;
    }
    last == 0 && one == first && two == second
}

/// The proof that the leaf at this place is in the tree over these leaves;
/// none if there is no such place.
pub fn inclusion(leaves: &[Digest], place: usize) -> Option<Vec<Digest>> {
    if place >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (inside, outside) = if place < left.len() {
        (inclusion(left, place)?, right)
    } else {
        (inclusion(right, place - left.len())?, left)
    };
    Some([inside, vec![root(outside)]].concat())
}

/// The proof that the tree over the first so many leaves is the beginning of
/// the tree over all; none if there are not so many, or none at all.
pub fn consistency(leaves: &[Digest], first: usize) -> Option<Vec<Digest>> {
    (first > 0 && first <= leaves.len()).then(|| consistent(leaves, first, true))
}

fn consistent(leaves: &[Digest], first: usize, is_known: bool) -> Vec<Digest> {
    if first == leaves.len() {
        return if is_known { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, outside) = if first <= left.len() {
        (consistent(left, first, is_known), right)
    } else {
        (consistent(right, first - left.len(), false), left)
    };
    proof.push(root(outside));
    proof
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ledger::tree::leaf;

    #[test]
    fn every_entry_and_every_beginning_is_proved_and_nothing_else() {
        let leaves: Vec<Digest> = (0..40_u8).map(|n| leaf(&[n])).collect();
        for size in 1..=leaves.len() {
            let tree = &leaves[..size];
            for place in 0..size {
                let proof = inclusion(tree, place).unwrap();
                let ask =
                    |place| includes(tree[place], place as u64, size as u64, &proof, root(tree));
                assert!(ask(place));
                assert!(size == 1 || !ask((place + 1) % size));
            }
            for first in 1..=size {
                let proof = consistency(tree, first).unwrap();
                let ask = |first: usize, proof: &[Digest]| {
                    let start = (first as u64, root(&leaves[..first]));
                    continues(start, (size as u64, root(tree)), proof)
                };
                assert!(ask(first, &proof), "{first} of {size}");
                assert!(!ask(first, &[&proof[..], &[root(&[])]].concat()));
            }
        }
        assert_eq!(inclusion(&leaves, 40), None);
        assert_eq!(consistency(&leaves, 0), None);
    }
}
