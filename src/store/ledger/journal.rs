//! The journal: the batches since the ledger's files were last synced.
//!
//! Tiles are many small files; syncing each of them for each batch would cost
//! five syncs and more where one is enough. So a batch is made durable by one
//! write and one sync here, in space that was laid out before; the files follow,
//! many batches in one step, and are synced together, every now and then. After
//! a crash they are written anew from the last synced state and the journal.
//! A ledger that was closed in order has no journal.
//!
//! `header`: the 16 bytes of `MAGIC`, the base (the signed checkpoint of the
//! synced state) with its length, and the digest of all that. `record`: the
//! length of what follows less the digest, the entries as a bundle with their
//! length, the signed checkpoint after them, and the digest of the digest
//! before and the record. All lengths have four bytes. Zeros follow to the end.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::model::Digest;
use crate::store::error::{Doing, StoreError};

/// The name of the file, in the ledger's folder.
pub const NAME: &str = "journal";
/// The first bytes of the file.
const MAGIC: &[u8; 16] = b"netra journal 1\n";
/// The space laid out at first. When it is used up the files are synced and the
/// journal starts anew, with twice the space: the syncing of many
/// files costs little more than that of a few.
const ROOM: u64 = 1 << 20;
/// The most space laid out.
const MOST_ROOM: u64 = 16 << 20;
/// What follows the last batch.
static ZEROS: [u8; 4096] = [0; 4096];

/// The journal of an open ledger.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    end: u64,
    /// How many bytes of the file are laid out.
    room: u64,
    last: Digest,
    /// How many bytes after the end a batch that failed may have left.
    left: usize,
}

/// What a journal file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The signed checkpoint that the batches follow.
    pub base: String,
    /// The batches.
    pub records: Vec<Record>,
    /// Where they end, in bytes.
    pub end: usize,
    /// Whether only zeros follow.
    pub is_clean: bool,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its entries, as a bundle.
    pub bundle: Vec<u8>,
    /// The signed checkpoint after it.
    pub note: String,
}

impl Journal {
    /// Makes an empty journal that follows this signed checkpoint.
    pub fn create(ledger: &Path, base: &str) -> Result<Self, StoreError> {
        let path = ledger.join(NAME);
        let mut options = OpenOptions::new();
        // what an earlier journal holds must stay until the new header is synced over it
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.doing("open", &path)?;
        let used = file.metadata().doing("look at", &path)?.len();
        let mut journal =
            Self { path, file, end: used.max(ROOM), room: 0, last: Digest([0; 32]), left: 0 };
        journal.start(base)?;
        Ok(journal)
    }

    /// Starts anew after this signed checkpoint, whose files are synced, with
    /// twice the space if it was used up.
    pub fn start(&mut self, base: &str) -> Result<(), StoreError> {
        let header = header(base);
        // what was written is wiped; what was not is zeros already
        let is_used_up = self.room > 0 && self.end > self.room / 2;
        let larger = if is_used_up { (self.room * 2).min(MOST_ROOM) } else { 0 };
        let length = self.end.max(larger);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0).max(header.len())];
        bytes.get_mut(..header.len()).unwrap_or_default().copy_from_slice(&header);
        self.file.write_all_at(&bytes, 0).doing("write", &self.path)?;
        self.file.sync_all().doing("sync", &self.path)?;
        self.room = self.room.max(bytes.len() as u64);
        self.end = header.len() as u64;
        self.last = tail(&header);
        Ok(())
    }

    /// Whether a batch of so many bytes still fits the space laid out.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.end + (bytes as u64) + 1024 <= self.room
    }

    /// Writes and syncs one batch. After an error the journal is as before, or
    /// [`wipe`](Self::wipe) makes it so as soon as the disk lets it.
    pub fn append(&mut self, bundle: &[u8], note: &str) -> Result<(), StoreError> {
        let mut record = Vec::with_capacity(bundle.len() + note.len() + 40);
        let length = 4 + bundle.len() + note.len();
        record.extend(four(length));
        record.extend(four(bundle.len()));
        record.extend(bundle);
        record.extend(note.as_bytes());
        let digest = Digest::of_joined(&[&self.last.0, &record]);
        record.extend(digest.0);
        let written = self
            .file
            .write_all_at(&record, self.end)
            .and_then(|()| self.file.sync_data())
            .doing("write", &self.path);
        if let Err(error) = written {
            self.left = record.len();
            // what fails now is tried again before the next batch
            drop(self.wipe());
            return Err(error);
        }
        self.end += record.len() as u64;
        self.last = digest;
        Ok(())
    }

    /// Wipes what a batch that failed may have left; nothing to do if none failed.
    pub fn wipe(&mut self) -> Result<(), StoreError> {
        if self.left > 0 {
            let zeros = vec![0; self.left];
            self.file.write_all_at(&zeros, self.end).doing("write", &self.path)?;
            self.file.sync_data().doing("sync", &self.path)?;
            self.left = 0;
        }
        Ok(())
    }

    /// Removes the journal of a ledger whose files are synced.
    pub fn remove(self) -> Result<(), StoreError> {
        std::fs::remove_file(&self.path).doing("remove", &self.path)
    }
}

/// Reads a journal file; none if there is none or its header is not whole,
/// which a crash while it was started anew leaves behind.
pub fn read(ledger: &Path) -> Result<Option<Contents>, StoreError> {
    let path = ledger.join(NAME);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing("read", &path),
    }
}

/// What the bytes of a journal say; none if the header is not whole.
pub fn parse(bytes: &[u8]) -> Option<Contents> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (base, _) = counted(rest)?;
    let base = std::str::from_utf8(base).ok()?;
    let header = header(base);
    let mut rest = bytes.strip_prefix(header.as_slice())?;
    let mut last = tail(&header);
    let mut records = Vec::new();
    while let Some((record, digest, after)) = record(rest, last) {
        records.push(record);
        last = digest;
        rest = after;
    }
    let is_clean = rest.chunks(ZEROS.len()).all(|chunk| ZEROS.starts_with(chunk));
    Some(Contents { base: base.into(), records, end: bytes.len() - rest.len(), is_clean })
}

fn record(bytes: &[u8], last: Digest) -> Option<(Record, Digest, &[u8])> {
    let (inner, after) = counted(bytes)?;
    let (digest, after) = after.split_first_chunk::<32>()?;
    let whole = bytes.get(..4 + inner.len())?;
    let digest = Digest(*digest);
    if digest != Digest::of_joined(&[&last.0, whole]) {
        return None;
    }
    let (bundle, note) = counted(inner)?;
    let note = std::str::from_utf8(note).ok()?.to_owned();
    Some((Record { bundle: bundle.to_vec(), note }, digest, after))
}

fn header(base: &str) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(four(base.len()));
    bytes.extend(base.as_bytes());
    let digest = Digest::of(&bytes);
    bytes.extend(digest.0);
    bytes
}

/// The digest at the end of a header.
fn tail(header: &[u8]) -> Digest {
    Digest(header.last_chunk().copied().unwrap_or_default())
}

fn four(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// Bytes preceded by their number; an empty run is none.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    if length == 0 {
        return None;
    }
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{Actor, Event};
    use crate::store::Store;
    use crate::store::ledger::{tile, tree};

    #[test]
    fn a_journal_is_read_as_it_was_written_and_any_changed_byte_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::create(folder.path(), "base\n").unwrap();
        journal.append(b"bundle 1", "note 1").unwrap();
        journal.append(b"bundle 2", "note 2").unwrap();
        let contents = read(folder.path()).unwrap().unwrap();
        assert!(contents.is_clean);
        assert_eq!(contents.base, "base\n");
        assert_eq!(contents.records.len(), 2, "the opening and the lost one");
        let bytes = std::fs::read(folder.path().join(NAME)).unwrap();
        let used = usize::try_from(journal.end).unwrap();
        for place in (0..used + 4).chain([bytes.len() - 1]) {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            assert_ne!(parse(&changed), Some(contents.clone()), "{place}");
        }
    }

    #[test]
    fn records_of_an_earlier_journal_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::create(folder.path(), "base 1").unwrap();
        journal.append(b"bundle 1", "note 1").unwrap();
        journal.start("base 2").unwrap();
        drop(journal);
        let contents = read(folder.path()).unwrap().unwrap();
        assert_eq!((contents.base.as_str(), contents.records.len()), ("base 2", 0));
        assert!(contents.is_clean);
    }

    fn append_by(store: &Store, name: &str) -> Result<Vec<crate::model::Entry>, StoreError> {
        let event = Event::SourceRecovered { source: name.into() };
        store.append(&Actor(name.into()), Timestamp::UNIX_EPOCH, vec![event.into()])
    }

    #[test]
    fn a_batch_whose_sync_and_wipe_failed_is_not_in_the_ledger_and_takes_no_number() {
        let folder = tempfile::tempdir().unwrap();
        let settings = crate::store::Settings::default();
        let store = Store::create(folder.path(), &settings, Timestamp::UNIX_EPOCH).unwrap();
        let path = folder.path().join("ledger").join(NAME);
        let real = OpenOptions::new().read(true).write(true).open(&path).unwrap();

        // this device takes every write and refuses every sync
        let device = OpenOptions::new().write(true).open("/dev/null").unwrap();
        let (end, last, room) = {
            let mut ledger = store.writer();
            let journal = ledger.journal.as_mut().unwrap();
            journal.file = device;
            (journal.end, journal.last, journal.room)
        };
        append_by(&store, "lost").unwrap_err();
        assert!(
            matches!(append_by(&store, "refused"), Err(StoreError::Stalled { .. })),
            "the disk is still ill"
        );

        // what was written reached the file all the same
        let entry = crate::model::Entry {
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            by: Actor("lost".into()),
            payload: None,
            event: Event::SourceRecovered { source: "lost".into() },
        };
        let bytes = crate::store::encode(&entry).unwrap();
        let mut ledger = store.writer();
        let mut edge = ledger.edge.clone();
        edge.push(tree::leaf(&bytes));
        let after = edge.checkpoint();
        let mut batch = Vec::new();
        tile::push_entry(&mut batch, &bytes);
        let file = real.try_clone().unwrap();
        Journal { path: path.clone(), file, end, room, last, left: 0 }
            .append(&batch, &ledger.signer.sign(&after))
            .unwrap();
        assert_eq!(
            read(path.parent().unwrap()).unwrap().unwrap().records.len(),
            2,
            "the opening and the lost one"
        );
        ledger.journal.as_mut().unwrap().file = real;
        drop(ledger);

        let appended = append_by(&store, "kept").unwrap();
        assert_eq!(appended[0].seq, 1);
        let told = |store: &Store| -> Vec<_> {
            store.entries(1).map(|entry| entry.unwrap().by.0).collect()
        };
        assert_eq!(told(&store), ["kept"]);
        assert_eq!(store.check().unwrap().differences, Vec::<String>::new());
        drop(store);
        let store = Store::open(folder.path(), &settings).unwrap();
        assert_eq!(told(&store), ["kept"]);
    }
}
