//! Tiles compared with what entries and checkpoint say.

use std::path::Path;

use super::super::tile::{self, Kind, Tile};
use super::super::tree::{self, TILE};
use super::super::{CHECKPOINT, journal};
use super::bundle::{LOST, present};
use super::{Look, State};
use crate::model::Digest;

/// The most bytes of a tile of hashes that are looked at.
const MAX_TILE: u64 = (TILE * 32) as u64;
/// How many entries that differ from the tiles are named.
const MOST_NAMED: usize = 1000;

impl<T: Send> Look<'_, T> {
    /// Compares all tiles with what entries and checkpoint say; gives the
    /// hashes of each level of tiles as they should be.
    pub(super) fn tiles(&mut self, state: &State) -> Vec<Vec<Digest>> {
        let disk = usize::try_from(state.disk).unwrap_or(usize::MAX).min(self.audit.leaves.len());
        let (laid, tail) = self.audit.leaves.split_at(disk);
        let (laid, tail) = (laid.to_vec(), tail.to_vec());
        let mut lowest = Vec::with_capacity(disk);
        let mut contents = Vec::new();
        for (number, chunk) in (0_u64..).zip(laid.chunks(TILE)) {
            let bytes = self.tile(Tile { kind: Kind::Hashes(0), number, width: chunk.len() });
            let hashes = bytes.as_ref().and_then(|bytes| tile::hashes(bytes).ok());
            let mut hashes = hashes.unwrap_or_default();
            hashes.resize(chunk.len(), LOST);
            lowest.extend(hashes);
            contents.push(bytes);
        }
        let has_root = |leaves: &[Digest]| {
            state.end.is_none_or(|end| tree::root(&[leaves, &tail].concat()) == end.root)
        };
        let entries_hold = has_root(&laid);
        let tiles_hold = !entries_hold && has_root(&lowest);
        if !entries_hold {
            self.name_entries(&laid, &lowest, tiles_hold);
        }
        if !entries_hold && !tiles_hold {
            let signer = if state.end == state.checkpoint { CHECKPOINT } else { journal::NAME };
            let what = "neither the entries nor the tiles have the root that it signs";
            self.problem(Path::new(signer), what);
        }
        let mut levels = vec![if tiles_hold { lowest } else { laid }];
        while let Some(hashes) = levels.last().filter(|hashes| !hashes.is_empty()).cloned() {
            let level = u8::try_from(levels.len() - 1).unwrap_or(u8::MAX);
            for (place, chunk) in hashes.chunks(TILE).enumerate() {
                let tile =
                    Tile { kind: Kind::Hashes(level), number: place as u64, width: chunk.len() };
                let bytes = match level {
                    0 => contents.get_mut(place).and_then(Option::take),
                    _ => self.tile(tile),
                };
                if let Some(what) = bytes.and_then(|bytes| differing(&bytes, chunk)) {
                    self.problem(&tile.path(), what);
                }
            }
            levels.push(hashes.chunks_exact(TILE).map(tree::root).collect());
        }
        levels
    }

    fn tile(&mut self, tile: Tile) -> Option<Vec<u8>> {
        match present(self.folder, tile, MAX_TILE) {
            Ok((bytes, found)) => {
                self.seen.insert(tile.path());
                self.count(found, bytes.len() as u64);
                Some(bytes)
            }
            Err(what) => {
                self.seen.insert(tile.path());
                self.problem(&tile.path(), what);
                None
            }
        }
    }

    /// Names the entries that differ from the tiles.
    fn name_entries(&mut self, laid: &[Digest], lowest: &[Digest], tiles_hold: bool) {
        let differing = laid
            .iter()
            .zip(lowest)
            .enumerate()
            .filter(|(_, (entry, tile))| entry != tile && **entry != LOST);
        for (place, _) in differing.take(MOST_NAMED) {
            let width = (lowest.len() - place / TILE * TILE).min(TILE);
            let tile = Tile { kind: Kind::Entries, number: (place / TILE) as u64, width };
            let what = if tiles_hold {
                format!("entry {place} is not as it was written")
            } else {
                format!("entry {place} and the tile over it do not agree")
            };
            self.problem(&tile.path(), what);
        }
    }
}

/// Where the bytes of a tile differ from the hashes it should hold.
fn differing(bytes: &[u8], hashes: &[Digest]) -> Option<String> {
    let right = tile::hash_bytes(hashes);
    if bytes == right {
        return None;
    }
    let place = bytes.iter().zip(&right).position(|(one, other)| one != other);
    Some(match place {
        Some(place) => {
            format!("its hash {} (byte {place}) is not that of the entries below it", place / 32)
        }
        None => format!("it has {} bytes and not the {} it should", bytes.len(), right.len()),
    })
}
