//! What checkpoint and journal say of the state that the files should be in.

use std::fs;
use std::path::Path;

use super::super::note::{Checkpoint, Verifier};
use super::super::tile::{self, Kind, Tile};
use super::super::tree::{self, TILE};
use super::super::{CHECKPOINT, journal};
use crate::model::Digest;
use crate::store::evidence::sentence;
use crate::store::file::read_bounded;

/// The most bytes of a checkpoint's file.
const MAX_CHECKPOINT: u64 = 4096;
/// How often a journal that is being written is read until it is whole.
const TRIES: usize = 32;

/// The state that the files should be in.
#[derive(Debug, Default)]
pub(in crate::store) struct State {
    /// The newest signed state, of checkpoint or journal; none if neither holds.
    pub end: Option<Checkpoint>,
    /// The checkpoint as it lies there.
    pub checkpoint: Option<Checkpoint>,
    /// How many entries the tiles should hold.
    pub disk: u64,
    /// The entries after those, which only the journal holds.
    pub tail: Vec<Vec<u8>>,
    /// The first number and the leaves of entries that tiles and journal both hold.
    pub overlap: Option<(u64, Vec<Digest>)>,
    /// Where the journal's batches begin and end.
    pub journal: Option<(Checkpoint, Checkpoint)>,
    /// What is wrong, with the file it is wrong in.
    pub problems: Vec<(&'static str, String)>,
    /// The files that were read, and their bytes.
    pub read: Vec<(&'static str, u64)>,
}

impl State {
    /// Reads checkpoint and journal of a ledger.
    pub(in crate::store) fn read(
        folder: &Path,
        verifier: Option<&Verifier>,
        is_in_use: bool,
    ) -> Self {
        let mut state = Self::default();
        state.checkpoint = verifier.and_then(|verifier| state.read_checkpoint(folder, verifier));
        let contents = state.read_journal(folder, is_in_use);
        if let Some((verifier, contents)) = verifier.zip(contents) {
            state.take_journal(verifier, &contents, is_in_use);
        }
        if state.end.is_none() {
            state.end = state.checkpoint;
            state.disk = state.end.map_or_else(|| size_on_disk(folder), |end| end.size);
        }
        state
    }

    /// The state that the journal begins with.
    pub(super) fn base(&self) -> Option<Checkpoint> {
        self.journal.map(|(base, _)| base)
    }

    fn read_checkpoint(&mut self, folder: &Path, verifier: &Verifier) -> Option<Checkpoint> {
        let note = match read_bounded(&folder.join(CHECKPOINT), "a checkpoint", MAX_CHECKPOINT) {
            Ok(bytes) => {
                self.read.push((CHECKPOINT, bytes.len() as u64));
                String::from_utf8(bytes).map_err(|error| {
                    format!("its byte {} is not UTF-8", error.utf8_error().valid_up_to())
                })
            }
            Err(error) => Err(sentence(&error)),
        };
        let opened = note.and_then(|note| verifier.open(&note).map_err(|what| what.to_string()));
        opened.map_err(|what| self.problems.push((CHECKPOINT, what))).ok()
    }

    fn read_journal(&mut self, folder: &Path, is_in_use: bool) -> Option<journal::Contents> {
        let path = folder.join(journal::NAME);
        let mut contents = None;
        let mut bytes = 0;
        // one that is being written may be caught half way; it is whole a moment later
        for _ in 0..if is_in_use { TRIES } else { 1 } {
            match fs::read(&path) {
                Ok(read) => {
                    bytes = read.len() as u64;
                    contents = Some(journal::parse(&read));
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
                Err(error) => {
                    self.problems.push((journal::NAME, sentence(&error)));
                    return None;
                }
            }
            if contents.as_ref().is_some_and(|it| it.as_ref().is_some_and(|it| it.is_clean)) {
                break;
            }
        }
        self.read.push((journal::NAME, bytes));
        let Some(contents) = contents.flatten() else {
            let what = "its beginning is not as it was written; opening the store makes it anew";
            self.problems.push((journal::NAME, what.into()));
            return None;
        };
        if !contents.is_clean {
            let what = format!(
                "what follows its batch {} at byte {} is not as it was written",
                contents.records.len(),
                contents.end
            );
            self.problems.push((journal::NAME, what));
        }
        Some(contents)
    }

    fn take_journal(&mut self, verifier: &Verifier, contents: &journal::Contents, is_in_use: bool) {
        let last = contents.records.last().map_or(&contents.base, |record| &record.note);
        let (Ok(base), Ok(end)) = (verifier.open(&contents.base), verifier.open(last)) else {
            return self.problems.push((journal::NAME, "a checkpoint in it does not hold".into()));
        };
        let bundles = contents.records.iter().map(|record| tile::entries(&record.bundle));
        let Ok(batches) = bundles.collect::<Result<Vec<_>, _>>() else {
            return self.problems.push((journal::NAME, "a batch in it is cut off".into()));
        };
        let entries = batches.concat();
        if base.size.checked_add(entries.len() as u64) != Some(end.size) {
            let what = format!(
                "{} entries lie between its checkpoints over {} and {}",
                entries.len(),
                base.size,
                end.size
            );
            return self.problems.push((journal::NAME, what));
        }
        self.journal = Some((base, end));
        let laid = self.checkpoint.map_or(base.size, |checkpoint| checkpoint.size);
        if laid > end.size {
            let what = format!(
                "it ends at {} entries, before the checkpoint's {laid}: it was rolled back",
                end.size
            );
            self.problems.push((journal::NAME, what));
            return;
        }
        if laid < base.size && !is_in_use {
            let what = format!(
                "it stands at {laid} entries, before the journal's {}: it was rolled back",
                base.size
            );
            self.problems.push((CHECKPOINT, what));
        }
        self.end = Some(end);
        self.disk = laid.max(base.size);
        let both = usize::try_from(self.disk - base.size).unwrap_or(usize::MAX);
        let (both, tail) = entries.split_at(both.min(entries.len()));
        self.overlap = Some((base.size, both.iter().map(|entry| tree::leaf(entry)).collect()));
        self.tail = tail.iter().map(|entry| entry.to_vec()).collect();
    }
}

/// How many entries lie there, where no checkpoint says it.
fn size_on_disk(folder: &Path) -> u64 {
    let full = |number: u64| {
        folder.join(Tile { kind: Kind::Entries, number, width: TILE }.path()).is_file()
    };
    let mut bundles = 0;
    while full(bundles) {
        bundles += 1;
    }
    let rest = tile::partials(folder, Kind::Entries, bundles);
    let rest = rest.into_iter().filter(|width| *width < TILE).max().unwrap_or(0);
    bundles * TILE as u64 + rest as u64
}
