//! The ledger's files looked at one by one, byte for byte, as they lie there.
//!
//! Entries and tiles say the same thing twice. Whichever of them has the root
//! that the checkpoint signs is right, and what differs from it is named. The
//! journal of a ledger that is open, or was cut off, holds the entries that its
//! tiles do not hold yet.

mod bundle;
mod state;
mod strange;
mod tiles;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(in crate::store) use self::bundle::bundle;
pub(in crate::store) use self::state::State;
use super::note::{Checkpoint, Verifier};
use super::tile::{Kind, Tile};
use super::tree::TILE;
use super::{CHECKPOINT, journal};
use crate::model::{Digest, Entry};
use crate::store::evidence::parallel::in_parallel;
use crate::store::evidence::{Hear, Problem};

/// What was found in the ledger's folder.
#[derive(Debug, Default)]
pub(in crate::store) struct Audit<T> {
    /// The state that the files should be in.
    pub checkpoint: Option<Checkpoint>,
    /// The leaves, in order, of the entries as they lie there.
    pub leaves: Vec<Digest>,
    /// What was picked from the entries that can be read.
    pub picked: Vec<T>,
    /// Whatever is not as it was written.
    pub problems: Vec<Problem>,
    /// Files of a step that was not acknowledged: cut off by a crash, or under way.
    pub unfinished: Vec<PathBuf>,
    /// How many files were looked at.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many entries the tiles hold.
    pub laid: u64,
    /// Whether a journal lies there: the ledger is open, or was cut off.
    pub is_open: bool,
}

/// Where an entry lies in a ledger whose tiles hold so many, below its folder.
pub(in crate::store) fn entry_path(seq: u64, laid: u64) -> PathBuf {
    if seq >= laid {
        return journal::NAME.into();
    }
    let number = seq / TILE as u64;
    let width = usize::try_from((laid - number * TILE as u64).min(TILE as u64)).unwrap_or(TILE);
    Tile { kind: Kind::Entries, number, width }.path()
}

/// One look at a folder.
struct Look<'a, T> {
    folder: &'a Path,
    hear: Hear<'a>,
    audit: Audit<T>,
    seen: BTreeSet<PathBuf>,
}

/// Looks at all files of a ledger. From each entry that can be read something is picked.
pub(in crate::store) fn audit<T: Send>(
    folder: &Path,
    verifier: Option<&Verifier>,
    is_in_use: bool,
    hear: Hear<'_>,
    pick: &(dyn Fn(&Entry) -> Option<T> + Sync),
) -> Audit<T> {
    let audit = Audit {
        checkpoint: None,
        leaves: Vec::new(),
        picked: Vec::new(),
        problems: Vec::new(),
        unfinished: Vec::new(),
        files: 0,
        bytes: 0,
        laid: 0,
        is_open: is_in_use,
    };
    let mut look = Look { folder, hear, audit, seen: BTreeSet::new() };
    let state = State::read(folder, verifier, is_in_use);
    look.take(&state);
    look.entries(&state, pick);
    look.earlier_states(&state);
    let levels = look.tiles(&state);
    look.strange(&state, &levels, is_in_use);
    look.audit
}

impl<T: Send> Look<'_, T> {
    fn problem(&mut self, path: &Path, what: impl Into<String>) {
        self.audit.problems.push(Problem::new(&Path::new("ledger").join(path), what));
    }

    fn count(&mut self, path: PathBuf, bytes: u64) {
        self.seen.insert(path);
        self.audit.files += 1;
        self.audit.bytes += bytes;
        (self.hear)(bytes);
    }

    /// What checkpoint and journal say.
    fn take(&mut self, state: &State) {
        for (path, bytes) in &state.read {
            self.count(path.into(), *bytes);
        }
        for (path, what) in &state.problems {
            self.seen.insert(path.into());
            self.problem(Path::new(path), what);
        }
        self.audit.checkpoint = state.end;
        self.audit.laid = state.disk;
        self.audit.is_open |= state.journal.is_some();
    }

    /// Reads all entries; fills the leaves.
    fn entries(&mut self, state: &State, pick: &(dyn Fn(&Entry) -> Option<T> + Sync)) {
        let numbers: Vec<u64> = (0..state.disk.div_ceil(TILE as u64)).collect();
        let folder = self.folder;
        let hear = self.hear;
        let bundles = in_parallel(&numbers, |number| {
            let bundle = bundle(folder, *number, state.disk, pick);
            hear(bundle.bytes);
            bundle
        });
        for bundle in bundles {
            self.audit.bytes += bundle.bytes;
            self.audit.files += 1;
            self.seen.extend([bundle.path.clone(), bundle.found]);
            for what in bundle.problems {
                self.problem(&bundle.path, what);
            }
            self.audit.leaves.extend(bundle.leaves);
            self.audit.picked.extend(bundle.picked);
        }
        let (leaves, picked, problems) = bundle::judge(state.disk, &state.tail, pick);
        for what in problems {
            self.problem(Path::new(journal::NAME), what);
        }
        self.audit.leaves.extend(leaves);
        self.audit.picked.extend(picked);
    }

    /// The checkpoints on the way to the present state are beginnings of it.
    fn earlier_states(&mut self, state: &State) {
        let earlier = [(CHECKPOINT, state.checkpoint), (journal::NAME, state.base())];
        for (name, earlier) in earlier {
            let Some(earlier) = earlier.filter(|earlier| Some(*earlier) != state.end) else {
                continue;
            };
            if let Some(what) = earlier.contradiction(&self.audit.leaves) {
                self.problem(Path::new(name), format!("it signs another course: {what}"));
            }
        }
        if let Some(overlap) = &state.overlap {
            let start = usize::try_from(overlap.0).unwrap_or(usize::MAX);
            let end = start.saturating_add(overlap.1.len());
            if self.audit.leaves.get(start..end) != Some(&overlap.1[..]) {
                let what = format!("its entries from {start} on are not those of the ledger");
                self.problem(Path::new(journal::NAME), what);
            }
        }
    }
}
