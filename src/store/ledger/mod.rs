//! The ledger: all that happened, appended to plain files, never changed.
//!
//! The life of a batch:
//! 1. its entries and the hashes over them are written as tiles (module
//!    [`tile`]), and the checkpoint signed over them beside the present one;
//! 2. entries and checkpoint are written to the journal and synced: from here
//!    on the batch is in the ledger, and acknowledged;
//! 3. the checkpoint takes the place of the present one by a rename;
//! 4. every now and then all files are synced, the journal starts anew, and
//!    partial tiles that were superseded are removed.
//!
//! A crash before 2 leaves files beyond the checkpoint: they are no part of
//! the ledger and are removed when it is opened. A crash after it is healed
//! when the ledger is opened: the files are written anew from the journal.

pub mod audit;
pub mod inclusion;
pub mod journal;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tree;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use self::journal::Journal;
use self::note::{Checkpoint, Signer, Verifier};
use self::tile::{Kind, MAX_ENTRY, Tile};
use self::tree::{Edge, TILE};
use super::error::{Doing, StoreError};
use super::file::{TEMPORARY, create_folder, sync_folder, write_synced};

/// The name of the checkpoint's file.
pub const CHECKPOINT: &str = "checkpoint";

/// How far around the right edge an open looks for files that a crash left, in tiles.
const AROUND: u64 = 64;

/// The writing end of the ledger; there is one.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    signer: Signer,
    edge: Edge,
    /// The bundle that is not full.
    bundle: Vec<u8>,
    journal: Option<Journal>,
    /// Files and folders written since the last sync.
    unsynced: BTreeSet<PathBuf>,
    /// Superseded files that the synced state still needs.
    superseded: Vec<PathBuf>,
    is_stalled: bool,
}

/// What one step writes.
#[derive(Default)]
struct Files(Vec<(Tile, Vec<u8>)>);

impl Ledger {
    /// Makes an empty ledger.
    pub fn create(folder: &Path, signer: &Signer) -> Result<(), StoreError> {
        create_folder(folder)?;
        let empty = Checkpoint { size: 0, root: tree::root(&[]) };
        write_synced(&folder.join(CHECKPOINT), signer.sign(&empty).as_bytes())
    }

    /// Opens the ledger and brings its files to the last acknowledged state.
    pub fn open(folder: &Path, signer: Signer) -> Result<Self, StoreError> {
        let checkpoint = read_checkpoint(folder, signer.verifier());
        let journal = journal::read(folder)?;
        let leading = journal.and_then(|contents| {
            leading(signer.verifier(), contents, checkpoint.as_ref().ok().copied())
        });
        let (start, records) = match leading {
            Some(leading) => leading,
            None => (checkpoint?, Vec::new()),
        };
        let (edge, bundle) = load(folder, start)?;
        let mut ledger = Self {
            folder: folder.to_owned(),
            signer,
            edge,
            bundle,
            journal: None,
            unsynced: BTreeSet::new(),
            superseded: Vec::new(),
            is_stalled: false,
        };
        ledger.replay(&records)?;
        let note = ledger.note();
        let path = ledger.folder.join(CHECKPOINT);
        if fs::read(&path).is_ok_and(|present| present == note.as_bytes()) {
            ledger.unsynced.insert(path);
        } else {
            write_synced(&path, note.as_bytes())?;
        }
        ledger.sync_files()?;
        ledger.journal = match Journal::create(folder, &note) {
            // what is there can be read; the next append tries again
            Err(error) if error.is_full() => None,
            journal => Some(journal?),
        };
        sync_folder(folder)?;
        ledger.superseded.clear();
        ledger.remove_left_overs();
        Ok(ledger)
    }

    /// The number of entries.
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Size and root of the present state.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { size: self.edge.size(), root: self.edge.root() }
    }

    /// The signed checkpoint of the present state.
    pub fn note(&self) -> String {
        self.signer.sign(&self.checkpoint())
    }

    /// What checks its checkpoints.
    pub const fn verifier(&self) -> &Verifier {
        self.signer.verifier()
    }

    /// Makes good what an earlier step left behind when the disk failed, or
    /// refuses. [`size`](Self::size) is to be trusted after this, and not before.
    pub fn ready(&mut self) -> Result<(), StoreError> {
        if let Some(journal) = &mut self.journal {
            let wiped = journal.wipe();
            wiped.map_err(|_| StoreError::Stalled { folder: self.folder.clone() })?;
        }
        if self.is_stalled { self.heal() } else { Ok(()) }
    }

    /// Appends entries, each as its bytes; when this returns they are on disk.
    /// After an error none of them is in the ledger; only if the disk refuses
    /// to take even the traces of them back until the process ends, the next
    /// opening may find them whole, and takes them in.
    pub fn append(&mut self, entries: &[Vec<u8>]) -> Result<(), StoreError> {
        self.ready()?;
        if let Some(bytes) = entries.iter().map(Vec::len).find(|bytes| *bytes > MAX_ENTRY) {
            return Err(StoreError::EntryTooLarge { bytes });
        }
        let mut batch = Vec::new();
        for entry in entries {
            tile::push_entry(&mut batch, entry);
        }
        if self.journal.as_ref().is_none_or(|journal| !journal.has_room(batch.len())) {
            self.sync()?;
        }
        let (edge, bundle, files) = self.grown(entries);
        let checkpoint = Checkpoint { size: edge.size(), root: edge.root() };
        let note = self.signer.sign(&checkpoint);
        let temporary = self.folder.join(format!("{TEMPORARY}{CHECKPOINT}"));
        let written = self
            .write(&files)
            .and_then(|()| fs::write(&temporary, &note).doing("write", &temporary));
        if let Err(error) = written {
            self.take_back(&files, &temporary);
            return Err(error);
        }
        let Some(journal) = &mut self.journal else {
            return Err(StoreError::Stalled { folder: self.folder.clone() });
        };
        if let Err(error) = journal.append(&batch, &note) {
            self.take_back(&files, &temporary);
            return Err(error);
        }
        self.accept(edge, bundle, &files);
        // The batch is durable. Should the rename fail, the checkpoint on disk
        // stays one batch behind until the next one; opening heals it.
        drop(fs::rename(&temporary, self.folder.join(CHECKPOINT)));
        Ok(())
    }

    /// Syncs all files and starts the journal anew.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        let note = self.note();
        write_synced(&self.folder.join(CHECKPOINT), note.as_bytes())?;
        if let Err(error) = self.sync_files() {
            // what a failed sync leaves in the page cache is not to be trusted
            self.is_stalled = true;
            return Err(error);
        }
        // until it is started anew it may be half overwritten, and nothing is lost by it
        self.journal = match self.journal.take() {
            Some(mut journal) => journal.start(&note).map(|()| Some(journal))?,
            None => Some(Journal::create(&self.folder, &note)?),
        };
        for path in std::mem::take(&mut self.superseded) {
            // a file that stays is a stale partial tile: harmless, and removed at the next open
            drop(fs::remove_file(&path));
            if let Some(folder) = path.parent() {
                drop(fs::remove_dir(folder));
            }
        }
        Ok(())
    }

    /// Syncs all files and removes the journal: what lies there then is the plain log.
    pub fn close(&mut self) -> Result<(), StoreError> {
        if self.is_stalled || self.journal.is_none() {
            return Ok(());
        }
        self.ready()?;
        self.sync()?;
        self.journal.take().map_or(Ok(()), Journal::remove)
    }

    /// Takes the state anew from the disk, as opening does.
    fn heal(&mut self) -> Result<(), StoreError> {
        let stalled = || StoreError::Stalled { folder: self.folder.clone() };
        let signer = self.signer.clone();
        *self = Self::open(&self.folder, signer).map_err(|_| stalled())?;
        Ok(())
    }

    /// The edge, the open bundle and the files after these entries.
    fn grown(&self, entries: &[Vec<u8>]) -> (Edge, Vec<u8>, Files) {
        let mut edge = self.edge.clone();
        let mut bundle = self.bundle.clone();
        let mut files = Files::default();
        for entry in entries {
            tile::push_entry(&mut bundle, entry);
            for full in edge.push(tree::leaf(entry)) {
                if full.level == 0 {
                    let content = std::mem::take(&mut bundle);
                    files.push(Kind::Entries, full.number, TILE, content);
                }
                let content = tile::hash_bytes(&full.hashes);
                files.push(Kind::Hashes(full.level), full.number, TILE, content);
            }
        }
        let changed = files.0.iter().filter(|(tile, _)| tile.kind != Kind::Entries).count();
        for (level, hashes) in (0_u8..).zip(edge.levels()).take(changed + 1) {
            let number = tree::number(edge.size(), level);
            let is_new = self.edge.levels().get(usize::from(level)) != Some(hashes);
            if !hashes.is_empty() && is_new {
                let content = tile::hash_bytes(hashes);
                files.push(Kind::Hashes(level), number, hashes.len(), content);
            }
        }
        if !bundle.is_empty() {
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

    /// Removes what a batch that failed had written.
    fn take_back(&self, files: &Files, temporary: &Path) {
        drop(fs::remove_file(temporary));
        for (tile, _) in &files.0 {
            let path = self.folder.join(tile.path());
            // what cannot be removed lies beyond the checkpoint and goes at the next open
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
                    drop(fs::remove_file(&path));
                    if let Some(folder) = path.parent().filter(|_| tile.width == TILE) {
                        drop(fs::remove_dir(folder));
                    }
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

    /// Brings the files to the state after these batches. What lies there as
    /// it should be is left alone, so that this needs no space on a full disk.
    fn replay(&mut self, records: &[journal::Record]) -> Result<(), StoreError> {
        let path = self.folder.join(journal::NAME);
        let mut all: Vec<Vec<u8>> = Vec::new();
        let mut edge = self.edge.clone();
        for record in records {
            let entries = tile::entries(&record.bundle);
            let entries = entries.map_err(|what| StoreError::damaged(&path, what))?;
            for entry in entries {
                edge.push(tree::leaf(entry));
                all.push(entry.to_vec());
            }
            let expected = Checkpoint { size: edge.size(), root: edge.root() };
            if self.signer.verifier().open(&record.note) != Ok(expected) {
                return Err(StoreError::damaged(&path, "a batch does not fit its checkpoint"));
            }
        }
        let (edge, bundle, files) = self.grown(&all);
        let is_there = |(tile, content): &&(Tile, Vec<u8>)| {
            fs::read(self.folder.join(tile.path())).is_ok_and(|present| present == *content)
        };
        let missing = files.0.iter().filter(|file| !is_there(file)).cloned().collect();
        self.write(&Files(missing))?;
        self.accept(edge, bundle, &files);
        Ok(())
    }

    fn sync_files(&mut self) -> Result<(), StoreError> {
        for path in &self.unsynced {
            match File::open(path) {
                Ok(file) => file.sync_all().doing("sync", path)?,
                // a folder of partial tiles that is gone with the last of them
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).doing("open", path),
            }
        }
        sync_folder(&self.folder)?;
        self.unsynced.clear();
        Ok(())
    }

    /// Removes what a crash left around the right edge: superseded partial
    /// tiles, files beyond the checkpoint, temporary files.
    fn remove_left_overs(&self) {
        drop(fs::remove_file(self.folder.join(format!("{TEMPORARY}{CHECKPOINT}"))));
        let mut kinds = vec![Kind::Entries];
        kinds.extend((0..8).map(Kind::Hashes));
        for kind in kinds {
            let level = if let Kind::Hashes(level) = kind { level } else { 0 };
            let edge = tree::number(self.edge.size(), level);
            for number in edge.saturating_sub(AROUND)..edge.saturating_add(AROUND) {
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

impl Drop for Ledger {
    fn drop(&mut self) {
        // an error here leaves the journal, from which the next open heals
        drop(self.close());
    }
}

impl Files {
    fn push(&mut self, kind: Kind, number: u64, width: usize, content: Vec<u8>) {
        self.0.push((Tile { kind, number, width }, content));
    }
}

/// The base and the batches of a journal, if they lead at least as far as the
/// checkpoint that lies there.
fn leading(
    verifier: &Verifier,
    contents: journal::Contents,
    present: Option<Checkpoint>,
) -> Option<(Checkpoint, Vec<journal::Record>)> {
    let base = verifier.open(&contents.base).ok()?;
    let end = match contents.records.last() {
        Some(record) => verifier.open(&record.note).ok()?,
        None => base,
    };
    let leads = present.is_none_or(|present| end.size >= present.size);
    leads.then_some((base, contents.records))
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
fn load(folder: &Path, checkpoint: Checkpoint) -> Result<(Edge, Vec<u8>), StoreError> {
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
pub fn read_bundle(folder: &Path, number: u64, size: u64) -> Result<Vec<Vec<u8>>, StoreError> {
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
