//! The Merkle tree of RFC 9162 §2.1 over the ledger's entries, kept as the
//! tiles that are not full yet; everything to the left of them never changes.

use super::note::Checkpoint;
use crate::model::Digest;

/// How many hashes a full tile holds: height 8, as C2SP tlog-tiles says.
pub const TILE: usize = 256;

/// The hash of an entry as a leaf.
pub fn leaf(entry: &[u8]) -> Digest {
    Digest::of_joined(&[&[0], entry])
}

/// The hash of an inner node.
pub fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of_joined(&[&[1], &left.0, &right.0])
}

/// The root of a perfect or ragged tree over these hashes. The root of no
/// hashes is the digest of nothing.
pub fn root(hashes: &[Digest]) -> Digest {
    match hashes {
        [] => Digest::of(&[]),
        [one] => *one,
        hashes => {
            let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
            node(&root(left), &root(right))
        }
    }
}

/// The right edge of the tree: for each level of tiles, lowest first, the
/// hashes of the tile that is not full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    levels: Vec<Vec<Digest>>,
    size: u64,
}

/// A tile that became full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// The level of tiles, 0 over the entries.
    pub level: u8,
    /// The number of the tile on its level.
    pub number: u64,
    /// Its 256 hashes.
    pub hashes: Vec<Digest>,
}

impl Edge {
    /// An edge of tiles as they were read, lowest level first; none if their
    /// widths do not belong to a tree of this size.
    pub fn of(levels: Vec<Vec<Digest>>, size: u64) -> Option<Self> {
        let expected = widths(size);
        let fits = levels.len() == expected.len()
            && levels.iter().zip(expected).all(|(level, width)| level.len() == width);
        fits.then_some(Self { levels, size })
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// What a checkpoint says of this tree.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { size: self.size, root: self.root() }
    }

    /// The tiles that are not full, lowest level first; may be empty.
    pub fn levels(&self) -> &[Vec<Digest>] {
        &self.levels
    }

    /// Adds a leaf; gives the tiles that it filled.
    pub fn push(&mut self, leaf: Digest) -> Vec<Full> {
        let mut filled = Vec::new();
        let mut carried = Some(leaf);
        let mut level = 0;
        while let Some(hash) = carried.take() {
            if self.levels.len() == level {
                self.levels.push(Vec::with_capacity(TILE));
            }
            let Some(tile) = self.levels.get_mut(level) else { break };
            tile.push(hash);
            if tile.len() == TILE {
                let hashes = std::mem::replace(tile, Vec::with_capacity(TILE));
                carried = Some(root(&hashes));
                let level = u8::try_from(level).unwrap_or(u8::MAX);
                filled.push(Full { level, number: number(self.size, level), hashes });
            }
            level += 1;
        }
        self.size += 1;
        filled
    }

    /// The root of the tree.
    pub fn root(&self) -> Digest {
        let mut folded: Option<Digest> = None;
        for tile in &self.levels {
            // the perfect subtrees inside a tile, smallest (rightmost) first
            let mut end = tile.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let peak = root(tile.get(end - width..end).unwrap_or_default());
                folded = Some(folded.map_or(peak, |right| node(&peak, &right)));
                end -= width;
            }
        }
        folded.unwrap_or_else(|| root(&[]))
    }
}

/// The number of the rightmost tile, full or not, of a level in a tree of this size.
pub fn number(size: u64, level: u8) -> u64 {
    size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0)
}

/// The widths of the tiles that are not full in a tree of this size, lowest
/// level first, up to the highest level that has any hash.
pub fn widths(size: u64) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut rest = size;
    while rest > 0 {
        widths.push(usize::try_from(rest % TILE as u64).unwrap_or(0));
        rest /= TILE as u64;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_has_the_root_of_the_whole_tree() {
        let mut edge = Edge::default();
        let mut leaves = Vec::new();
        assert_eq!(edge.root(), root(&[]));
        for n in 0..70_000_u32 {
            let hash = leaf(&n.to_be_bytes());
            leaves.push(hash);
            edge.push(hash);
            if n < 600 || n.is_power_of_two() || n % 9973 == 0 || n > 69_998 {
                assert_eq!(edge.root(), root(&leaves), "{n}");
                let levels = edge.levels().iter().map(Vec::len).collect::<Vec<_>>();
                assert_eq!(levels, widths(edge.size()));
            }
        }
    }

    #[test]
    fn full_tiles_come_out_numbered() {
        let mut edge = Edge::default();
        let mut full = Vec::new();
        for n in 0..65_536_u32 {
            full.extend(edge.push(leaf(&n.to_be_bytes())));
        }
        assert_eq!(full.iter().filter(|tile| tile.level == 0).count(), 256);
        let last = full.last().unwrap();
        assert_eq!((last.level, last.number, last.hashes.len()), (1, 0, 256));
        assert_eq!(full.iter().rfind(|tile| tile.level == 0).unwrap().number, 255);
    }
}
