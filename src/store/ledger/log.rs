//! Reading: the entries of a ledger, its checkpoint, its right edge.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CHECKPOINT;
use super::note::{Checkpoint, Verifier};
use super::tile::{self, Kind, Tile};
use super::tree::{self, Edge, TILE};
use crate::model::Entry;
use crate::store::error::{Doing, StoreError};

/// All entries that a ledger had at one moment: those in its tiles, and those
/// that the tiles did not hold yet.
#[derive(Clone, Debug)]
pub struct Log {
    folder: PathBuf,
    laid: u64,
    tail: Vec<Arc<[u8]>>,
}

impl Log {
    /// So many entries in the tiles of this folder, and these after them.
    pub(super) fn new(folder: &Path, laid: u64, tail: Vec<Arc<[u8]>>) -> Self {
        Self { folder: folder.to_owned(), laid, tail }
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.laid + self.tail.len() as u64
    }

    /// The entries from this number on, read bundle by bundle.
    pub fn entries(self, from: u64) -> impl Iterator<Item = Result<Entry, StoreError>> {
        let tile = TILE as u64;
        let Self { folder, laid, tail } = self;
        let bundles = (from / tile)..laid.div_ceil(tile).max(from / tile);
        let place = folder.clone();
        let in_tiles = bundles.flat_map(move |number| match read_bundle(&place, number, laid) {
            Err(error) => vec![Err(error)],
            Ok(bundle) => {
                let first = number * tile;
                let numbered = (first..).zip(bundle).filter(|(seq, _)| *seq >= from);
                numbered.map(|(seq, bytes)| decode(&place, seq, &bytes)).collect()
            }
        });
        let after = (laid..).zip(tail).filter(move |(seq, _)| *seq >= from);
        in_tiles.chain(after.map(move |(seq, bytes)| decode(&folder, seq, &bytes)))
    }

    /// The last entry of which this asks something and gets an answer, by
    /// looking back from the end; the answer.
    pub fn last<T>(&self, ask: impl Fn(&Entry) -> Option<T>) -> Result<Option<T>, StoreError> {
        let mut end = self.size();
        while end > 0 {
            let start = (end - 1) / TILE as u64 * TILE as u64;
            let mut found = None;
            let count = usize::try_from(end - start).unwrap_or(usize::MAX);
            for entry in self.clone().entries(start).take(count) {
                found = ask(&entry?).or(found);
            }
            if found.is_some() {
                return Ok(found);
            }
            end = start;
        }
        Ok(None)
    }
}

pub(in crate::store) fn decode(ledger: &Path, seq: u64, bytes: &[u8]) -> Result<Entry, StoreError> {
    let damaged = |what: String| StoreError::damaged(&ledger.join("tile/entries"), what);
    let entry: Entry = serde_json::from_slice(bytes)
        .map_err(|error| damaged(format!("entry {seq} cannot be read: {error}")))?;
    if entry.seq == seq {
        Ok(entry)
    } else {
        Err(damaged(format!("entry {seq} says it is entry {}", entry.seq)))
    }
}

/// Reads and checks the signed checkpoint.
pub fn read_checkpoint(folder: &Path, verifier: &Verifier) -> Result<Checkpoint, StoreError> {
    let path = folder.join(CHECKPOINT);
    let bytes = fs::read(&path).doing("read", &path)?;
    let note =
        std::str::from_utf8(&bytes).map_err(|_| StoreError::damaged(&path, "it is not UTF-8"))?;
    verifier.open(note).map_err(|what| StoreError::damaged(&path, what.to_string()))
}

/// Reads the right edge of a ledger and checks it against its checkpoint.
pub(super) fn load(folder: &Path, checkpoint: Checkpoint) -> Result<(Edge, Vec<u8>), StoreError> {
    let mut levels = Vec::new();
    for (level, width) in (0_u8..).zip(tree::widths(checkpoint.size)) {
        let number = tree::number(checkpoint.size, level);
        let tile = Tile { kind: Kind::Hashes(level), number, width };
        let mut hashes = Vec::new();
        if width > 0 {
            let path = folder.join(tile.path());
            let (bytes, _) = tile::read(folder, tile).doing("read", &path)?;
            hashes = tile::hashes(&bytes).map_err(|what| StoreError::damaged(&path, what))?;
            hashes.truncate(width);
        }
        levels.push(hashes);
    }
    let path = folder.join(CHECKPOINT);
    let edge = Edge::of(levels, checkpoint.size)
        .filter(|edge| edge.root() == checkpoint.root)
        .ok_or_else(|| StoreError::damaged(&path, "the tiles beside it have another root"))?;
    let Some(leaves) = edge.levels().first().filter(|leaves| !leaves.is_empty()) else {
        return Ok((edge, Vec::new()));
    };
    let number = checkpoint.size / TILE as u64;
    let tile = Tile { kind: Kind::Entries, number, width: leaves.len() };
    let path = folder.join(tile.path());
    let (bytes, _) = tile::read(folder, tile).doing("read", &path)?;
    let entries = tile::entries(&bytes).map_err(|what| StoreError::damaged(&path, what))?;
    let mut bundle = Vec::new();
    for (place, hash) in leaves.iter().enumerate() {
        let entry = entries.get(place).filter(|entry| tree::leaf(entry) == *hash);
        let entry = entry.ok_or_else(|| {
            StoreError::damaged(&path, format!("entry {place} of it is not as it was written"))
        })?;
        tile::push_entry(&mut bundle, entry);
    }
    Ok((edge, bundle))
}

/// The bundle of this number in a ledger of this size, as entries.
pub(in crate::store) fn read_bundle(
    folder: &Path,
    number: u64,
    size: u64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let width = size.saturating_sub(number * TILE as u64).min(TILE as u64);
    let width = usize::try_from(width).unwrap_or(TILE);
    let tile = Tile { kind: Kind::Entries, number, width };
    let path = folder.join(tile.path());
    let (bytes, _) = tile::read(folder, tile).doing("read", &path)?;
    let entries = tile::entries(&bytes).map_err(|what| StoreError::damaged(&path, what))?;
    if entries.len() < width {
        return Err(StoreError::damaged(&path, "entries are missing at its end"));
    }
    Ok(entries.into_iter().take(width).map(<[u8]>::to_vec).collect())
}
