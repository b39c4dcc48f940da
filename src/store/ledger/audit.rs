//! The ledger's files looked at one by one, byte for byte, as they lie there.
//!
//! Entries and tiles say the same thing twice. Whichever of them has the root
//! that the checkpoint signs is right, and what differs from it is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::note::{Checkpoint, Verifier};
use super::tile::{self, Kind, Tile};
use super::tree::{self, TILE};
use super::{CHECKPOINT, journal};
use crate::model::{Digest, Entry};
use crate::store::evidence::Problem;
use crate::store::file::TEMPORARY;

/// The most bytes that a full bundle may have.
const MAX_BUNDLE: u64 = (TILE * (tile::MAX_ENTRY + 2)) as u64;

/// The leaf of an entry that cannot be read: it fits nothing.
const LOST: Digest = Digest([0; 32]);

/// What was found in the ledger's folder.
#[derive(Debug, Default)]
pub struct Audit {
    /// The state that the files should be in.
    pub checkpoint: Option<Checkpoint>,
    /// The leaves, in order, of the entries as they lie there.
    pub leaves: Vec<Digest>,
    /// Whatever is not as it was written.
    pub problems: Vec<Problem>,
    /// Files of a step that was not acknowledged: cut off by a crash, or under way.
    pub unfinished: Vec<PathBuf>,
    /// How many files were looked at.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// One look at a folder.
struct Look<'a> {
    folder: &'a Path,
    audit: Audit,
    seen: BTreeSet<PathBuf>,
}

/// Looks at all files of a ledger. Each entry that can be read is shown to `each`.
pub fn audit(
    folder: &Path,
    verifier: Option<&Verifier>,
    is_in_use: bool,
    each: &mut dyn FnMut(&Entry),
) -> Audit {
    let mut look = Look { folder, audit: Audit::default(), seen: BTreeSet::new() };
    let checkpoint = verifier.and_then(|verifier| look.checkpoint(verifier));
    let journal = look.journal(verifier, is_in_use);
    let journal_end = journal.as_ref().map(|(_, end)| *end);
    let state = [checkpoint, journal_end].into_iter().flatten().max_by_key(|state| state.size);
    let size = state.map_or_else(|| look.size_on_disk(), |state| state.size);
    look.entries(size, each);
    look.tiles(size, state);
    if let Some((contents, end)) = journal {
        look.journal_entries(&contents, end);
    }
    look.strange(size);
    look.audit.checkpoint = state;
    look.audit
}

impl Look<'_> {
    fn problem(&mut self, path: &Path, what: impl Into<String>) {
        let path = Path::new("ledger").join(path);
        self.audit.problems.push(Problem { path, what: what.into() });
    }

    /// Reads a file below the folder; what cannot be read is a problem.
    fn read(&mut self, path: &Path, most: u64) -> Option<Vec<u8>> {
        self.seen.insert(path.to_owned());
        match crate::store::file::read_bounded(
            &self.folder.join(path),
            "a file of the ledger",
            most,
        ) {
            Ok(bytes) => {
                self.audit.files += 1;
                self.audit.bytes += bytes.len() as u64;
                Some(bytes)
            }
            Err(error) => {
                self.problem(path, sentence(&error));
                None
            }
        }
    }

    fn checkpoint(&mut self, verifier: &Verifier) -> Option<Checkpoint> {
        let path = Path::new(CHECKPOINT);
        let bytes = self.read(path, 4096)?;
        let opened = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8".to_owned());
        match opened.and_then(|note| verifier.open(note).map_err(|what| what.to_string())) {
            Ok(checkpoint) => Some(checkpoint),
            Err(what) => {
                self.problem(path, what);
                None
            }
        }
    }

    /// The journal, if there is one, and the state it leads to.
    fn journal(
        &mut self,
        verifier: Option<&Verifier>,
        is_in_use: bool,
    ) -> Option<(journal::Contents, Checkpoint)> {
        let path = Path::new(journal::NAME);
        if !self.folder.join(path).exists() {
            return None;
        }
        // one that is being written may be caught half way; it is whole a moment later
        let tries = if is_in_use { 32 } else { 1 };
        let mut contents = None;
        for _ in 0..tries {
            contents =
                fs::read(self.folder.join(path)).ok().and_then(|bytes| journal::parse(&bytes));
            if contents.as_ref().is_some_and(|contents| contents.is_clean) {
                break;
            }
        }
        self.read(path, u64::MAX);
        let Some(contents) = contents else {
            self.problem(
                path,
                "its beginning is not as it was written; opening the store makes it anew",
            );
            return None;
        };
        if !contents.is_clean {
            let batches = contents.records.len();
            self.problem(
                path,
                format!("what follows its batch {batches} is not as it was written"),
            );
        }
        let verifier = verifier?;
        let last = contents.records.last().map_or(&contents.base, |record| &record.note);
        let opened = (verifier.open(&contents.base), verifier.open(last));
        let (Ok(_), Ok(end)) = opened else {
            self.problem(path, "a checkpoint in it does not hold");
            return None;
        };
        Some((contents, end))
    }

    /// Whether the batches of the journal are the entries of the ledger.
    fn journal_entries(&mut self, contents: &journal::Contents, end: Checkpoint) {
        let bundles = contents.records.iter().map(|record| tile::entries(&record.bundle));
        let Ok(batches) = bundles.collect::<Result<Vec<_>, _>>() else {
            return self.problem(Path::new(journal::NAME), "a batch in it is cut off");
        };
        let leaves: Vec<Digest> = batches.concat().iter().map(|entry| tree::leaf(entry)).collect();
        let end = usize::try_from(end.size).unwrap_or(usize::MAX);
        let present =
            end.checked_sub(leaves.len()).and_then(|start| self.audit.leaves.get(start..end));
        if present.is_some_and(|present| present != leaves) {
            self.problem(Path::new(journal::NAME), "its entries are not those of the ledger");
        }
    }

    /// How many entries lie there, where no checkpoint says it.
    fn size_on_disk(&self) -> u64 {
        let full = |number: u64| {
            self.folder.join(Tile { kind: Kind::Entries, number, width: TILE }.path()).is_file()
        };
        let mut bundles = 0;
        while full(bundles) {
            bundles += 1;
        }
        let rest = tile::partials(self.folder, Kind::Entries, bundles);
        bundles * TILE as u64 + rest.into_iter().max().unwrap_or(0) as u64
    }

    /// Reads all entries; fills the leaves. An entry that cannot be read gets a leaf that fits nothing.
    fn entries(&mut self, size: u64, each: &mut dyn FnMut(&Entry)) {
        for number in 0..size.div_ceil(TILE as u64) {
            let first = number * TILE as u64;
            let width = usize::try_from((size - first).min(TILE as u64)).unwrap_or(TILE);
            let tile = Tile { kind: Kind::Entries, number, width };
            let present = self.present(tile, MAX_BUNDLE);
            let is_there = present.is_some();
            let bytes = present.unwrap_or_default();
            let path = tile.path();
            let (entries, is_whole) = readable(&bytes);
            if is_there && (!is_whole || entries.len() != width) {
                let count = entries.len();
                self.problem(
                    &path,
                    format!("it holds {count} entries and not the {width} it should"),
                );
            }
            for (place, entry) in
                (0..width).zip(entries.iter().map(Some).chain(std::iter::repeat(None)))
            {
                let Some(bytes) = entry else {
                    self.audit.leaves.push(LOST);
                    continue;
                };
                self.audit.leaves.push(tree::leaf(bytes));
                let seq = first + place as u64;
                match serde_json::from_slice::<Entry>(bytes) {
                    Ok(entry) if entry.seq == seq => each(&entry),
                    Ok(entry) => {
                        self.problem(&path, format!("entry {seq} says it is entry {}", entry.seq));
                    }
                    Err(error) => {
                        self.problem(&path, format!("entry {seq} cannot be read: {error}"));
                    }
                }
            }
        }
    }

    /// The bytes of a tile. Where it was superseded while we looked, the
    /// beginning of what superseded it.
    fn present(&mut self, tile: Tile, most: u64) -> Option<Vec<u8>> {
        if self.folder.join(tile.path()).exists() {
            return self.read(&tile.path(), most);
        }
        let Ok((bytes, width)) = tile::read(self.folder, tile) else {
            self.problem(&tile.path(), "it is missing");
            return None;
        };
        self.seen.insert(Tile { width, ..tile }.path());
        self.audit.files += 1;
        self.audit.bytes += bytes.len() as u64;
        let end = match tile.kind {
            Kind::Hashes(_) => tile.width * 32,
            Kind::Entries => prefix(&bytes, tile.width),
        };
        bytes.get(..end).map(<[u8]>::to_vec)
    }

    /// Compares all tiles with what entries and checkpoint say.
    fn tiles(&mut self, size: u64, state: Option<Checkpoint>) {
        let mut lowest = Vec::with_capacity(self.audit.leaves.len());
        let mut contents = Vec::new();
        for number in 0..size.div_ceil(TILE as u64) {
            let width =
                usize::try_from((size - number * TILE as u64).min(TILE as u64)).unwrap_or(TILE);
            let tile = Tile { kind: Kind::Hashes(0), number, width };
            let bytes = self.present(tile, 8192);
            let hashes = bytes.as_ref().and_then(|bytes| tile::hashes(bytes).ok());
            let mut hashes = hashes.unwrap_or_default();
            hashes.resize(width, LOST);
            lowest.extend(hashes);
            contents.push(bytes);
        }
        let root_of = |leaves: &[Digest]| tree::root(leaves);
        let entries_hold = state.is_none_or(|state| root_of(&self.audit.leaves) == state.root);
        let tiles_hold = !entries_hold && state.is_some_and(|state| root_of(&lowest) == state.root);
        let right = if tiles_hold { lowest.clone() } else { self.audit.leaves.clone() };
        if !entries_hold {
            self.name_entries(&lowest, tiles_hold);
        }
        if !entries_hold && !tiles_hold {
            let what = "neither the entries nor the tiles have the root that it signs";
            self.problem(Path::new(CHECKPOINT), what);
        }
        let mut level = 0_u8;
        let mut hashes = right;
        while !hashes.is_empty() {
            for (number, chunk) in (0_u64..).zip(hashes.chunks(TILE)) {
                let tile = Tile { kind: Kind::Hashes(level), number, width: chunk.len() };
                let bytes = if level == 0 {
                    let place = usize::try_from(number).unwrap_or(usize::MAX);
                    contents.get_mut(place).and_then(Option::take)
                } else {
                    self.present(tile, 8192)
                };
                if bytes.is_some_and(|bytes| bytes != tile::hash_bytes(chunk)) {
                    self.problem(&tile.path(), "its hashes are not those of the entries below it");
                }
            }
            let full = hashes.chunks_exact(TILE);
            hashes = full.map(tree::root).collect();
            level += 1;
        }
    }

    /// Names the entries that differ from the tiles.
    fn name_entries(&mut self, lowest: &[Digest], tiles_hold: bool) {
        let differing: Vec<usize> = (0..lowest.len())
            .filter(|place| self.audit.leaves.get(*place) != lowest.get(*place))
            .filter(|place| self.audit.leaves.get(*place) != Some(&LOST))
            .collect();
        for place in differing.into_iter().take(1000) {
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

    /// Looks at every file that the state does not ask for.
    fn strange(&mut self, size: u64) {
        let mut found = Vec::new();
        files(self.folder, Path::new(""), 0, &mut found);
        for (path, is_file) in found {
            if self.seen.contains(&path) {
                continue;
            }
            if !is_file {
                self.problem(&path, "it is neither a file nor a folder");
                continue;
            }
            let temporary = format!("{TEMPORARY}{CHECKPOINT}");
            if path == Path::new(&temporary) {
                self.audit.unfinished.push(Path::new("ledger").join(path));
                continue;
            }
            match Tile::parse(&path) {
                None => self.problem(&path, "it does not belong there"),
                Some(tile) => self.superseded(tile, size),
            }
        }
    }

    /// A tile that the state does not ask for: beyond it, or superseded.
    fn superseded(&mut self, tile: Tile, size: u64) {
        let level = if let Kind::Hashes(level) = tile.kind { level } else { 0 };
        let under = 1_u64.checked_shl(8 * u32::from(level)).unwrap_or(u64::MAX);
        let first = tile.number.saturating_mul(TILE as u64);
        let end = first.saturating_add(tile.width as u64);
        let path = tile.path();
        if end.checked_mul(under).is_none_or(|end| end > size) {
            self.audit.unfinished.push(Path::new("ledger").join(path));
            return;
        }
        // a partial tile that was superseded must be the beginning of what superseded it
        let Ok(bytes) = fs::read(self.folder.join(&path)) else { return };
        self.audit.files += 1;
        self.audit.bytes += bytes.len() as u64;
        let range = usize::try_from(first).unwrap_or(usize::MAX)
            ..usize::try_from(end).unwrap_or(usize::MAX);
        let holds = match tile.kind {
            Kind::Entries => {
                let (entries, is_whole) = readable(&bytes);
                let leaves: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
                is_whole && self.audit.leaves.get(range) == Some(&leaves[..])
            }
            Kind::Hashes(level) => {
                let mut hashes = self.audit.leaves.clone();
                for _ in 0..level {
                    hashes = hashes.chunks_exact(TILE).map(tree::root).collect();
                }
                hashes.get(range).is_some_and(|hashes| tile::hash_bytes(hashes) == bytes)
            }
        };
        if !holds {
            self.problem(
                &path,
                "it is a superseded tile, and not the beginning of what superseded it",
            );
        }
    }
}

/// The entries of a bundle as far as it can be read, and whether that is all of it.
fn readable(bytes: &[u8]) -> (Vec<&[u8]>, bool) {
    let mut end = bytes.len().min(prefix(bytes, TILE));
    loop {
        let part = bytes.get(..end).unwrap_or_default();
        if let Ok(entries) = tile::entries(part) {
            return (entries, end == bytes.len());
        }
        end = end.saturating_sub(1);
    }
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

/// All files below a folder, and whether each is a plain file.
pub fn files(root: &Path, below: &Path, depth: u8, found: &mut Vec<(PathBuf, bool)>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let path = below.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < 12 => files(root, &path, depth + 1, found),
            Ok(kind) => found.push((path, kind.is_file())),
            // it went away while we looked
            Err(_) => {}
        }
    }
}

/// An error with its causes in one sentence.
pub fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
