//! Files and folders that the state does not ask for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::CHECKPOINT;
use super::super::tile::{self, Kind, Tile};
use super::super::tree::{self, TILE};
use super::bundle::{MAX_BUNDLE, readable};
use super::{Look, State};
use crate::model::Digest;
use crate::store::evidence::below::{self, What};
use crate::store::file::{TEMPORARY, read_bounded};

impl<T: Send> Look<'_, T> {
    /// Looks at everything that was not seen yet. `levels` are the hashes of
    /// each level of tiles as they should be.
    pub(super) fn strange(&mut self, state: &State, levels: &[Vec<Digest>], is_in_use: bool) {
        let mut folders = Vec::new();
        for (path, what) in below::list(self.folder, Path::new("")) {
            match what {
                What::Folder => folders.push(path),
                What::File if self.seen.contains(&path) => {}
                What::File if path.to_str() == Some(&format!("{TEMPORARY}{CHECKPOINT}")) => {
                    self.unfinished(path);
                }
                What::File => match Tile::parse(&path) {
                    None => self.problem(&path, below::STRANGE),
                    Some(tile) => self.unasked(tile, state, levels, is_in_use),
                },
                What::Other(what) => self.problem(&path, what),
            }
        }
        let known: BTreeSet<&Path> = self.seen.iter().flat_map(|path| path.ancestors()).collect();
        let unknown: Vec<PathBuf> =
            folders.into_iter().filter(|folder| !known.contains(folder.as_path())).collect();
        for folder in unknown {
            // the folder of partial tiles is made before and removed after them
            let is_of_tiles = Tile::parse(&folder.join("1")).is_some()
                || Tile::parse(&folder.join("000")).is_some();
            if is_of_tiles && self.audit.is_open {
                self.unfinished(folder);
            } else {
                self.problem(&folder, below::STRANGE);
            }
        }
    }

    fn unfinished(&mut self, path: PathBuf) {
        self.seen.insert(path.clone());
        self.audit.unfinished.push(Path::new("ledger").join(path));
    }

    /// A tile that the state does not ask for: beyond it, or superseded.
    fn unasked(&mut self, tile: Tile, state: &State, levels: &[Vec<Digest>], is_in_use: bool) {
        let path = tile.path();
        self.seen.insert(path.clone());
        let level = if let Kind::Hashes(level) = tile.kind { level } else { 0 };
        let under = 1_u64.checked_shl(8 * u32::from(level)).unwrap_or(u64::MAX);
        let first = tile.number.saturating_mul(TILE as u64);
        let end = first.saturating_add(tile.width as u64);
        let entries = end.saturating_mul(under);
        if entries > state.disk {
            let journal_end = state.journal.map_or(state.disk, |(_, end)| end.size);
            if is_in_use || entries <= journal_end {
                return self.unfinished(path);
            }
            let what = format!(
                "it belongs to a ledger of at least {entries} entries, and this one has {journal_end}: it does not belong there, or the checkpoint was rolled back"
            );
            return self.problem(&path, what);
        }
        if !self.audit.is_open {
            return self
                .problem(&path, "it is a superseded tile, which a closed ledger does not have");
        }
        let at = self.folder.join(&path);
        let Ok(bytes) = read_bounded(&at, "a file of the ledger", MAX_BUNDLE) else { return };
        self.count(path.clone(), bytes.len() as u64);
        let range = usize::try_from(first).unwrap_or(usize::MAX)
            ..usize::try_from(end).unwrap_or(usize::MAX);
        let right = levels.get(usize::from(level)).and_then(|hashes| hashes.get(range));
        let holds = right.is_some_and(|right| match tile.kind {
            Kind::Hashes(_) => tile::hash_bytes(right) == bytes,
            Kind::Entries => {
                let (entries, end) = readable(&bytes);
                let leaves: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
                end == bytes.len() && leaves == right
            }
        });
        if !holds {
            let what = "it is a superseded tile, and not the beginning of what superseded it";
            self.problem(&path, what);
        }
    }
}
