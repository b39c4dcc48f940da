//! The ledger: all that happened, appended to plain files, never changed.
//!
//! The life of a batch:
//! 1. the checkpoint over the log with its entries is signed, and entries and
//!    checkpoint are written to the journal and synced: from here on the batch
//!    is in the ledger, and acknowledged;
//! 2. soon after, together with the batches around it, it is laid out as tiles
//!    (module [`tile`]), and the checkpoint beside them takes the place of the
//!    one before by a rename: [`flush`](Ledger::flush);
//! 3. every now and then all files are synced, the journal starts anew, and
//!    partial tiles that were superseded are removed.
//!
//! So tiles never lead the journal. A crash before 1 leaves nothing; one after
//! it is healed when the ledger is opened: the files are written anew from the
//! journal. Who reads the files of a ledger that is open reads its journal too
//! ([`audit`]).

pub mod audit;
pub mod inclusion;
pub mod journal;
mod lay;
mod log;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::journal::Journal;
use self::lay::Laid;
pub use self::log::{Log, read_checkpoint};
pub(in crate::store) use self::log::{decode, read_bundle};
use self::note::{Checkpoint, Signer, Verifier};
use self::tile::MAX_ENTRY;
use self::tree::Edge;
use super::error::StoreError;
use super::file::{create_folder, sync_folder, write_synced};
use crate::model::Digest;

/// The name of the checkpoint's file.
pub const CHECKPOINT: &str = "checkpoint";
/// How many entries the tiles may be behind the journal.
const BEHIND: usize = 1024;

/// Entries that the tiles do not hold yet, each with its leaf.
type Behind = Vec<(Digest, Arc<[u8]>)>;

/// The writing end of the ledger; there is one.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    signer: Signer,
    edge: Edge,
    journal: Option<Journal>,
    laid: Laid,
    behind: Behind,
    is_stalled: bool,
}

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
        let laid = Laid::load(folder, start)?;
        let edge = laid.edge().clone();
        let mut ledger = Self {
            folder: folder.to_owned(),
            signer,
            edge,
            journal: None,
            laid,
            behind: Vec::new(),
            is_stalled: false,
        };
        ledger.behind = ledger.replay(&records)?;
        match ledger.restore() {
            // the journal stays as it is, and what it holds can be read; the
            // next append tries again
            Err(error) if error.is_full() => return Ok(ledger),
            restored => restored?,
        }
        let note = ledger.note();
        ledger.journal = match Journal::create(folder, &note) {
            // likewise
            Err(error) if error.is_full() => None,
            journal => Some(journal?),
        };
        sync_folder(folder)?;
        ledger.laid.remove_left_overs(start.size);
        Ok(ledger)
    }

    /// The number of entries.
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The present state.
    pub fn checkpoint(&self) -> Checkpoint {
        self.edge.checkpoint()
    }

    /// The signed checkpoint of the present state.
    pub fn note(&self) -> String {
        self.signer.sign(&self.checkpoint())
    }

    /// What checks its checkpoints.
    pub const fn verifier(&self) -> &Verifier {
        self.signer.verifier()
    }

    /// The key that signs.
    pub(in crate::store) const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// All entries there are now, to be read without holding the ledger.
    pub fn log(&self) -> Log {
        let tail = self.behind.iter().map(|(_, entry)| Arc::clone(entry)).collect();
        Log::new(&self.folder, self.laid.edge().size(), tail)
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
        let mut batch = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 2).sum());
        let mut edge = self.edge.clone();
        let mut added = Vec::with_capacity(entries.len());
        for entry in entries {
            tile::push_entry(&mut batch, entry);
            let leaf = tree::leaf(entry);
            drop(edge.push(leaf));
            added.push((leaf, Arc::from(entry.as_slice())));
        }
        if self.journal.as_ref().is_none_or(|journal| !journal.has_room(batch.len())) {
            self.sync()?;
        }
        let note = self.signer.sign(&edge.checkpoint());
        let Some(journal) = &mut self.journal else {
            return Err(StoreError::Stalled { folder: self.folder.clone() });
        };
        journal.append(&batch, &note)?;
        self.edge = edge;
        self.behind.extend(added);
        if self.behind.len() >= BEHIND {
            // the batch is durable; tiles that cannot be written now are written
            // by a later step, at the latest by the next opening
            drop(self.flush());
        }
        Ok(())
    }

    /// Brings tiles and checkpoint up to the journal. After an error they are
    /// as they were.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        if self.behind.is_empty() {
            return Ok(());
        }
        let note = self.note();
        self.laid.lay(&self.behind, &note)?;
        self.behind.clear();
        Ok(())
    }

    /// Syncs all files and starts the journal anew.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        let note = self.note();
        write_synced(&self.folder.join(CHECKPOINT), note.as_bytes())?;
        if let Err(error) = self.laid.sync() {
            // what a failed sync leaves in the page cache is not to be trusted
            self.is_stalled = true;
            return Err(error);
        }
        // until it is started anew it may be half overwritten, and nothing is lost by it
        self.journal = match self.journal.take() {
            Some(mut journal) => journal.start(&note).map(|()| Some(journal))?,
            None => Some(Journal::create(&self.folder, &note)?),
        };
        self.laid.remove_superseded();
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

    /// Brings the files to the state that the journal leads to. What lies there
    /// as it should be is left alone, so that this needs little space.
    fn restore(&mut self) -> Result<(), StoreError> {
        self.laid.restore(&self.behind)?;
        self.behind.clear();
        let note = self.note();
        let path = self.folder.join(CHECKPOINT);
        if fs::read(&path).is_ok_and(|present| present == note.as_bytes()) {
            self.laid.touched(path);
        } else {
            write_synced(&path, note.as_bytes())?;
        }
        self.laid.sync()
    }

    /// Goes through these batches, each of which must lead to its checkpoint;
    /// gives their entries.
    fn replay(&mut self, records: &[journal::Record]) -> Result<Behind, StoreError> {
        let path = self.folder.join(journal::NAME);
        let mut all = Vec::new();
        for record in records {
            let entries = tile::entries(&record.bundle);
            let entries = entries.map_err(|what| StoreError::damaged(&path, what))?;
            for entry in entries {
                let leaf = tree::leaf(entry);
                drop(self.edge.push(leaf));
                all.push((leaf, Arc::from(entry)));
            }
            if self.signer.verifier().open(&record.note) != Ok(self.edge.checkpoint()) {
                return Err(StoreError::damaged(&path, "a batch does not fit its checkpoint"));
            }
        }
        Ok(all)
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // an error here leaves the journal, from which the next open heals
        drop(self.close());
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
