//! Proves that entries are in the ledger, by the tiles as they lie there: a
//! proof takes a few tiles of each level, however long the ledger is.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::tile::{self, Kind, Tile};
use super::tree::{TILE, node, root};
use crate::model::Digest;
use crate::store::error::{Doing, StoreError};

/// Proves entries of a ledger of one size.
pub struct Prover<'a> {
    folder: &'a Path,
    size: u64,
    /// The tiles read so far, by level and number.
    tiles: BTreeMap<(u8, u64), Vec<Digest>>,
}

impl<'a> Prover<'a> {
    /// A prover over the ledger in this folder as it was at this size.
    pub const fn new(folder: &'a Path, size: u64) -> Self {
        Self { folder, size, tiles: BTreeMap::new() }
    }

    /// The proof that the entry at this place is in the tree (RFC 9162 §2.1.3):
    /// the hashes beside its path, from the leaf's sibling up. None if the
    /// tree has no such place.
    pub fn inclusion(&mut self, place: u64) -> Result<Option<Vec<Digest>>, StoreError> {
        if place >= self.size {
            return Ok(None);
        }
        let (mut start, mut end) = (0, self.size);
        let mut proof = Vec::new();
        while end - start > 1 {
            let middle = start + left_part(end - start);
            if place < middle {
                proof.push(self.hash(middle, end)?);
                end = middle;
            } else {
                proof.push(self.hash(start, middle)?);
                start = middle;
            }
        }
        proof.reverse();
        Ok(Some(proof))
    }

    /// The root of the subtree over these leaves.
    fn hash(&mut self, start: u64, end: u64) -> Result<Digest, StoreError> {
        let leaves = end - start;
        if !leaves.is_power_of_two() {
            let middle = start + left_part(leaves);
            return Ok(node(&self.hash(start, middle)?, &self.hash(middle, end)?));
        }
        // a perfect subtree is a run of hashes within one tile
        let height = leaves.trailing_zeros();
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let first = start >> (8 * u32::from(level));
        let place = usize::try_from(first % TILE as u64).unwrap_or(TILE);
        let tile = self.tile(level, first / TILE as u64)?;
        Ok(root(tile.get(place..place + (1 << (height % 8))).unwrap_or_default()))
    }

    fn tile(&mut self, level: u8, number: u64) -> Result<&[Digest], StoreError> {
        if !self.tiles.contains_key(&(level, number)) {
            let there = (self.size >> (8 * u32::from(level))).saturating_sub(number * TILE as u64);
            let width = usize::try_from(there.min(TILE as u64)).unwrap_or(TILE);
            let tile = Tile { kind: Kind::Hashes(level), number, width };
            let path = self.folder.join(tile.path());
            let (bytes, _) = tile::read(self.folder, tile).doing("read", &path)?;
            let hashes = tile::hashes(&bytes).map_err(|what| StoreError::damaged(&path, what))?;
            if hashes.len() < width {
                return Err(StoreError::damaged(&path, "hashes are missing at its end"));
            }
            self.tiles.insert((level, number), hashes);
        }
        Ok(self.tiles.get(&(level, number)).map_or(&[], Vec::as_slice))
    }
}

/// How many of so many leaves, two or more, the left subtree holds.
const fn left_part(leaves: u64) -> u64 {
    leaves.next_power_of_two() / 2
}

/// A proof with its checkpoint as one file, as C2SP tlog-proof says.
pub fn tlog_proof(place: u64, proof: &[Digest], checkpoint: &str) -> String {
    let hashes: String = proof.iter().map(|hash| BASE64.encode(hash.0) + "\n").collect();
    format!("c2sp.org/tlog-proof@v1\nindex {place}\n{hashes}\n{checkpoint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ledger::note::Signer;
    use crate::store::ledger::proof::{includes, inclusion};
    use crate::store::ledger::{Ledger, tree};

    #[test]
    fn tiles_prove_what_all_leaves_together_prove() {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::new("example.org/log", [7; 32]).unwrap();
        Ledger::create(folder.path(), &signer).unwrap();
        let mut ledger = Ledger::open(folder.path(), signer).unwrap();
        let entries: Vec<Vec<u8>> = (0..66_000_u32).map(|n| n.to_be_bytes().to_vec()).collect();
        let leaves: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
        let mut grown = 0;
        for size in [1, 2, 3, 255, 256, 257, 600, 65_535, 65_536, 65_537, 66_000] {
            ledger.append(&entries[grown..size]).unwrap();
            ledger.flush().unwrap();
            grown = size;
            let root = root(&leaves[..size]);
            let mut prover = Prover::new(folder.path(), size as u64);
            for place in [0, 1, 2, 254, 255, 256, 511, 599, 65_535, 65_536, size - 1] {
                let proof = prover.inclusion(place as u64).unwrap();
                if place >= size {
                    assert_eq!(proof, None);
                    continue;
                }
                let proof = proof.unwrap();
                if size < 1000 {
                    assert_eq!(Some(&proof), inclusion(&leaves[..size], place).as_ref());
                }
                assert!(includes(leaves[place], place as u64, size as u64, &proof, root));
            }
        }
        // a state before the present one is proved by what superseded its tiles
        let proof = Prover::new(folder.path(), 300).inclusion(299).unwrap();
        assert_eq!(proof, inclusion(&leaves[..300], 299));
    }

    #[test]
    fn a_proof_is_written_as_tlog_proof_says() {
        let text = tlog_proof(3, &[Digest([0; 32])], "example.org/log\n4\nAAA=\n\n— sig\n");
        let zeros = "A".repeat(43);
        assert_eq!(
            text,
            format!(
                "c2sp.org/tlog-proof@v1\nindex 3\n{zeros}=\n\nexample.org/log\n4\nAAA=\n\n— sig\n"
            )
        );
    }
}
