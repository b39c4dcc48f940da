//! Bundles of entries as they lie there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::tile::{self, Kind, MAX_ENTRY, Tile};
use super::super::tree::{self, TILE};
use crate::model::{Digest, Entry};
use crate::store::error::StoreError;
use crate::store::evidence::sentence;
use crate::store::file::read_bounded;

/// The most bytes that a full bundle may have.
pub(super) const MAX_BUNDLE: u64 = (TILE * (MAX_ENTRY + 2)) as u64;
/// The leaf of an entry that cannot be read: it fits nothing.
pub(super) const LOST: Digest = Digest([0; 32]);

/// A bundle as it lies there.
#[derive(Debug)]
pub(in crate::store) struct Bundle<T> {
    /// Where it should lie, below the ledger's folder.
    pub path: PathBuf,
    /// Where it lies: superseded by a wider one while we looked, or there.
    pub found: PathBuf,
    /// A leaf for each entry it should hold.
    pub leaves: Vec<Digest>,
    /// What was picked from its entries.
    pub picked: Vec<T>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Looks at the bundle of this number in a ledger whose tiles hold so many entries.
pub(in crate::store) fn bundle<T>(
    folder: &Path,
    number: u64,
    size: u64,
    pick: &(dyn Fn(&Entry) -> Option<T> + Sync),
) -> Bundle<T> {
    let first = number * TILE as u64;
    let width = usize::try_from((size - first).min(TILE as u64)).unwrap_or(TILE);
    let tile = Tile { kind: Kind::Entries, number, width };
    let path = tile.path();
    let mut problems = Vec::new();
    let (bytes, found) = match present(folder, tile, MAX_BUNDLE) {
        Ok((bytes, found)) => (bytes, found),
        Err(what) => {
            problems.push(what);
            (Vec::new(), path.clone())
        }
    };
    let (entries, end) = readable(&bytes);
    if problems.is_empty() && (end != bytes.len() || entries.len() != width) {
        problems.push(format!(
            "it holds {} entries up to byte {end} of {}, and not the {width} it should",
            entries.len(),
            bytes.len()
        ));
    }
    let entries = entries.get(..width.min(entries.len())).unwrap_or_default();
    let (mut leaves, picked, unread) = judge(first, entries, pick);
    leaves.resize(width, LOST);
    problems.extend(unread);
    Bundle { path, found, leaves, picked, problems, bytes: bytes.len() as u64 }
}

/// The leaves of entries that begin with this number, what is picked from
/// them, and what is wrong with them.
pub(super) fn judge<T, E: AsRef<[u8]>>(
    first: u64,
    entries: &[E],
    pick: &(dyn Fn(&Entry) -> Option<T> + Sync),
) -> (Vec<Digest>, Vec<T>, Vec<String>) {
    let mut leaves = Vec::with_capacity(entries.len());
    let (mut picked, mut problems) = (Vec::new(), Vec::new());
    for (seq, bytes) in (first..).zip(entries) {
        let bytes = bytes.as_ref();
        leaves.push(tree::leaf(bytes));
        match serde_json::from_slice::<Entry>(bytes) {
            Ok(entry) if entry.seq == seq => picked.extend(pick(&entry)),
            Ok(entry) => problems.push(format!("entry {seq} says it is entry {}", entry.seq)),
            Err(error) => problems.push(format!("entry {seq} cannot be read: {error}")),
        }
    }
    (leaves, picked, problems)
}

/// The bytes of a tile, and where they lie. Where it was superseded while we
/// looked, the beginning of what superseded it.
pub(super) fn present(folder: &Path, tile: Tile, most: u64) -> Result<(Vec<u8>, PathBuf), String> {
    let path = tile.path();
    match read_bounded(&folder.join(&path), "a file of the ledger", most) {
        Ok(bytes) => return Ok((bytes, path)),
        Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(sentence(&error)),
    }
    let (mut bytes, width) = tile::read(folder, tile).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "it is missing".to_owned(),
        _ => sentence(&error),
    })?;
    let end = match tile.kind {
        Kind::Hashes(_) => tile.width * 32,
        Kind::Entries => prefix(&bytes, tile.width),
    };
    bytes.truncate(end);
    Ok((bytes, Tile { width, ..tile }.path()))
}

/// The entries of a bundle as far as it can be read, and up to which byte that is.
pub(super) fn readable(bytes: &[u8]) -> (Vec<&[u8]>, usize) {
    let end = prefix(bytes, TILE);
    let part = bytes.get(..end).unwrap_or_default();
    (tile::entries(part).unwrap_or_default(), end)
}

/// Where the first entries of a bundle end, at most so many of them.
fn prefix(bytes: &[u8], count: usize) -> usize {
    let mut end = 0;
    for _ in 0..count {
        let Some(&[high, low]) = bytes.get(end..end + 2) else { return end };
        let next = end + 2 + usize::from(u16::from_be_bytes([high, low]));
        if next > bytes.len() {
            return end;
        }
        end = next;
    }
    end
}
