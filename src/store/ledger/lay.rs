//! Laying out: entries become tiles, and the checkpoint beside them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::CHECKPOINT;
use super::log::load;
use super::note::Checkpoint;
use super::tile::{self, Kind, Tile};
use super::tree::{self, Edge, TILE};
use crate::model::Digest;
use crate::store::error::{Doing, StoreError};
use crate::store::file::{TEMPORARY, sync_folder};

/// How many files are synced at once: the file system makes one journal commit for all of them.
const SYNCED_AT_ONCE: usize = 16;
/// How far around the right edge an open looks for files that a crash left, in tiles.
const AROUND: u64 = 64;

/// The files as they were last laid out.
#[derive(Debug)]
pub(super) struct Laid {
    folder: PathBuf,
    edge: Edge,
    /// The bundle that is not full.
    bundle: Vec<u8>,
    /// Files and folders written since the last sync.
    unsynced: BTreeSet<PathBuf>,
    /// Superseded files that the synced state still needs.
    superseded: Vec<PathBuf>,
}

/// What one step writes.
#[derive(Default)]
struct Files(Vec<(Tile, Vec<u8>)>);

impl Files {
    fn push(&mut self, kind: Kind, number: u64, width: usize, content: Vec<u8>) {
        self.0.push((Tile { kind, number, width }, content));
    }
}

impl Laid {
    /// The files of this state, checked against it.
    pub(super) fn load(folder: &Path, state: Checkpoint) -> Result<Self, StoreError> {
        let (edge, bundle) = load(folder, state)?;
        let (unsynced, superseded) = (BTreeSet::new(), Vec::new());
        Ok(Self { folder: folder.to_owned(), edge, bundle, unsynced, superseded })
    }

    /// The tree over what is laid out.
    pub(super) const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Notes that a file was written, or may have been, and is to be synced.
    pub(super) fn touched(&mut self, path: PathBuf) {
        self.unsynced.insert(path);
    }

    /// Writes the tiles that these entries fill or begin, and the checkpoint over them.
    pub(super) fn lay(
        &mut self,
        entries: &[(Digest, Arc<[u8]>)],
        note: &str,
    ) -> Result<(), StoreError> {
        let (edge, bundle, files) = self.grown(entries);
        let temporary = self.folder.join(format!("{TEMPORARY}{CHECKPOINT}"));
        let checkpoint = self.folder.join(CHECKPOINT);
        let written = self
            .write(&files)
            .and_then(|()| fs::write(&temporary, note).doing("write", &temporary))
            .and_then(|()| fs::rename(&temporary, &checkpoint).doing("write", &checkpoint));
        if let Err(error) = written {
            self.take_back(&files, &temporary);
            return Err(error);
        }
        self.accept(edge, bundle, &files);
        Ok(())
    }

    /// The same without a checkpoint, for a ledger that is being opened: what
    /// lies there as it should be is left alone.
    pub(super) fn restore(&mut self, entries: &[(Digest, Arc<[u8]>)]) -> Result<(), StoreError> {
        let (edge, bundle, files) = self.grown(entries);
        let is_there = |(tile, content): &&(Tile, Vec<u8>)| {
            fs::read(self.folder.join(tile.path())).is_ok_and(|present| present == *content)
        };
        let missing = Files(files.0.iter().filter(|file| !is_there(file)).cloned().collect());
        if let Err(error) = self.write(&missing) {
            let temporary = self.folder.join(format!("{TEMPORARY}{CHECKPOINT}"));
            self.take_back(&missing, &temporary);
            return Err(error);
        }
        self.accept(edge, bundle, &files);
        self.superseded.clear();
        Ok(())
    }

    /// The edge, the open bundle and the files after these entries.
    fn grown(&self, entries: &[(Digest, Arc<[u8]>)]) -> (Edge, Vec<u8>, Files) {
        let mut edge = self.edge.clone();
        let mut bundle = self.bundle.clone();
        let mut files = Files::default();
        for (leaf, entry) in entries {
            tile::push_entry(&mut bundle, entry);
            for full in edge.push(*leaf) {
                if full.level == 0 {
                    let content = std::mem::take(&mut bundle);
                    files.push(Kind::Entries, full.number, TILE, content);
                }
                let content = tile::hash_bytes(&full.hashes);
                files.push(Kind::Hashes(full.level), full.number, TILE, content);
            }
        }
        for (level, hashes) in (0_u8..).zip(edge.levels()) {
            let number = tree::number(edge.size(), level);
            let is_same = number == tree::number(self.edge.size(), level)
                && self.edge.levels().get(usize::from(level)) == Some(hashes);
            if !hashes.is_empty() && !is_same {
                let content = tile::hash_bytes(hashes);
                files.push(Kind::Hashes(level), number, hashes.len(), content);
            }
        }
        if !bundle.is_empty() && edge.size() != self.edge.size() {
            let width = edge.levels().first().map_or(0, Vec::len);
            files.push(Kind::Entries, edge.size() / TILE as u64, width, bundle.clone());
        }
        (edge, bundle, files)
    }

    fn write(&self, files: &Files) -> Result<(), StoreError> {
        for (tile, content) in &files.0 {
            let path = self.folder.join(tile.path());
            if let Err(error) = fs::write(&path, content) {
                if error.kind() != std::io::ErrorKind::NotFound {
                    return Err(error).doing("write", &path);
                }
                let parent = path.parent().unwrap_or(&self.folder);
                fs::create_dir_all(parent).doing("make", parent)?;
                fs::write(&path, content).doing("write", &path)?;
            }
        }
        Ok(())
    }

    /// Removes what a step that failed had written.
    fn take_back(&self, files: &Files, temporary: &Path) {
        drop(fs::remove_file(temporary));
        for (tile, _) in &files.0 {
            let path = self.folder.join(tile.path());
            // what cannot be removed goes at the next open
            drop(fs::remove_file(&path));
            if let Some(folder) = path.parent() {
                drop(fs::remove_dir(folder));
            }
        }
    }

    /// Makes the written state the present one.
    fn accept(&mut self, edge: Edge, bundle: Vec<u8>, files: &Files) {
        for (tile, _) in &files.0 {
            let earlier = self.width(tile.kind, tile.number);
            if earlier > 0 {
                let path = self.folder.join(Tile { width: earlier, ..*tile }.path());
                if self.unsynced.remove(&path) {
                    remove_partial(&path, tile.width == TILE);
                } else {
                    self.superseded.push(path);
                }
            }
        }
        for (tile, _) in &files.0 {
            let path = self.folder.join(tile.path());
            let folders = path.ancestors().skip(1).take_while(|it| *it != self.folder);
            self.unsynced.extend(folders.map(Path::to_owned));
            self.unsynced.insert(path);
        }
        self.edge = edge;
        self.bundle = bundle;
    }

    /// The width of the partial tile of this kind and number in the present state, 0 if there is none.
    fn width(&self, kind: Kind, number: u64) -> usize {
        let level = if let Kind::Hashes(level) = kind { level } else { 0 };
        if tree::number(self.edge.size(), level) == number {
            self.edge.levels().get(usize::from(level)).map_or(0, Vec::len)
        } else {
            0
        }
    }

    /// Syncs all files and folders that were written.
    pub(super) fn sync(&mut self) -> Result<(), StoreError> {
        let paths: Vec<&PathBuf> = self.unsynced.iter().collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                sync_one(path)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let others: Vec<_> =
                (1..paths.len().min(SYNCED_AT_ONCE)).map(|_| scope.spawn(work)).collect();
            let mut outcome = work();
            for other in others {
                outcome = outcome.and(other.join().unwrap_or(Ok(())));
            }
            outcome
        })?;
        sync_folder(&self.folder)?;
        self.unsynced.clear();
        Ok(())
    }

    /// Removes superseded files, once the state after them is synced.
    pub(super) fn remove_superseded(&mut self) {
        for path in std::mem::take(&mut self.superseded) {
            // a file that stays is a stale partial tile, and removed at the next open
            remove_partial(&path, true);
        }
    }

    /// Removes what a crash left behind between this size and the right edge,
    /// and around it: superseded partial tiles, files beyond, temporary files.
    pub(super) fn remove_left_overs(&self, from: u64) {
        drop(fs::remove_file(self.folder.join(format!("{TEMPORARY}{CHECKPOINT}"))));
        let mut kinds = vec![Kind::Entries];
        kinds.extend((0..8).map(Kind::Hashes));
        for kind in kinds {
            let level = if let Kind::Hashes(level) = kind { level } else { 0 };
            let edge = tree::number(self.edge.size(), level);
            let first = tree::number(from, level).saturating_sub(AROUND);
            for number in first..edge.saturating_add(AROUND) {
                let present = self.width(kind, number);
                for width in tile::partials(&self.folder, kind, number) {
                    if width != present {
                        let path = self.folder.join(Tile { kind, number, width }.path());
                        drop(fs::remove_file(path));
                    }
                }
                let partial = self.folder.join(Tile { kind, number, width: 1 }.path());
                if let Some(folder) = partial.parent().filter(|_| present == 0) {
                    drop(fs::remove_dir(folder));
                }
                if number >= edge {
                    let full = Tile { kind, number, width: TILE };
                    drop(fs::remove_file(self.folder.join(full.path())));
                }
            }
        }
    }
}

/// Removes a partial tile, and its folder if nothing follows in it.
fn remove_partial(path: &Path, is_last: bool) {
    drop(fs::remove_file(path));
    if let Some(folder) = path.parent().filter(|_| is_last) {
        drop(fs::remove_dir(folder));
    }
}

fn sync_one(path: &Path) -> Result<(), StoreError> {
    match File::open(path) {
        Ok(file) => file.sync_all().doing("sync", path),
        // a folder of partial tiles that is gone with the last of them
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).doing("open", path),
    }
}
