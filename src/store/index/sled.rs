//! The index on disk, in sled: the default.
//!
//! sled 0.34 may panic where its file is damaged, so every call is guarded;
//! what it loses without a word is found by the index's own sum. Nothing here
//! needs a sync: after a crash the index is brought up to the ledger.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{Backend, Changes, Pairs};

/// The most memory that sled's page cache takes, in bytes.
const CACHE: u64 = 64 << 20;

/// Keys and values in sled.
pub struct Sled {
    /// None only while it is dropped.
    db: Option<sled::Db>,
}

impl Drop for Sled {
    fn drop(&mut self) {
        let db = self.db.take();
        // closing a damaged file may panic; whoever closes it wants no more of it
        drop(catch_unwind(AssertUnwindSafe(|| {
            drop(db.as_ref().map(|db| db.flush()));
            drop(db);
        })));
    }
}

/// Why sled did not open.
#[derive(Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// Its files are damaged.
    Damaged(String),
    /// The disk is full, or may not be written.
    Refused(String),
}

impl Sled {
    /// Opens or makes the folder.
    pub fn open(folder: &Path) -> Result<Self, NotOpened> {
        remove_left_overs(folder);
        wait_until_let_go(folder);
        let config = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .mode(sled::Mode::LowSpace)
            .flush_every_ms(Some(1000));
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => Ok(Self { db: Some(db) }),
            Ok(Err(sled::Error::Io(error))) if is_refusal(&error) => {
                Err(NotOpened::Refused(error.to_string()))
            }
            Ok(Err(error)) => Err(NotOpened::Damaged(error.to_string())),
            Err(_) => Err(NotOpened::Damaged("sled panicked".into())),
        }
    }
}

fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
}

/// Removes snapshots that a crash left half written: sled would read them and refuse to open.
fn remove_left_overs(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().ends_with(".generating") {
            // one that cannot be removed makes the opening fail, which is handled
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Waits until sled let go of the folder: its threads may hold it for a moment
/// after it was closed in this process. Another process is kept out by the store's lock.
fn wait_until_let_go(folder: &Path) {
    if let Ok(file) = fs::File::open(folder.join("db")) {
        // should this fail, so will the opening, which is handled
        drop(file.lock().and_then(|()| file.unlock()));
    }
}

impl Sled {
    /// Runs a call into sled; a panic becomes an error.
    fn guarded<T>(
        &self,
        call: impl FnOnce(&sled::Db) -> Result<T, sled::Error>,
    ) -> Result<T, String> {
        let db = self.db.as_ref().ok_or("it is closed")?;
        match catch_unwind(AssertUnwindSafe(|| call(db))) {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(_) => Err("sled panicked".into()),
        }
    }
}

impl Backend for Sled {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.guarded(|db| db.get(key).map(|value| value.map(|value| value.to_vec())))
    }

    fn range(&self, from: &[u8], before: &[u8], limit: usize) -> Result<Pairs, String> {
        if from >= before {
            return Ok(Vec::new());
        }
        self.guarded(|db| {
            let range = db.range(from..before).take(limit);
            range.map(|pair| pair.map(|(key, value)| (key.to_vec(), value.to_vec()))).collect()
        })
    }

    fn write(&self, changes: &Changes) -> Result<(), String> {
        self.guarded(|db| {
            let mut batch = sled::Batch::default();
            for (key, value) in changes {
                match value {
                    Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                    None => batch.remove(key.as_slice()),
                }
            }
            db.apply_batch(batch)
        })
    }
}
