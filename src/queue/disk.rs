//! Opening sled so that a crash during its own opening does no harm, and
//! syncing what it only flushes.

use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sled::Db;

use super::error::QueueError;

fn disk(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> QueueError {
    let path = path.to_owned();
    move |source| QueueError::Disk { deed, path, source }
}

/// How often, and after which pause, a database is opened that is locked: one
/// that was just killed holds it until the system has cleared it away, and a
/// process that starts a program lends it for the instant between fork and exec.
const LOCK_TRIES: u32 = 100;
/// See [`LOCK_TRIES`].
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// Opens the database.
///
/// A crash while sled opens can leave `snap.*.generating`, which the next
/// opening takes for a snapshot and fails on; it holds nothing that the log
/// does not, so it goes first. A database that panics while it opens is
/// answered as one that cannot be opened.
pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Db, QueueError> {
    fs::create_dir_all(path).map_err(disk("make", path))?;
    for entry in fs::read_dir(path).map_err(disk("read", path))? {
        let file = entry.map_err(disk("read", path))?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(&file).map_err(disk("remove", &file))?;
        }
    }
    let config = sled::Config::new().path(path).cache_capacity(cache_bytes);
    for _ in 1..LOCK_TRIES {
        match open_once(&config) {
            Err(QueueError::Database { source, .. }) if is_locked(&source) => {
                std::thread::park_timeout(LOCK_PAUSE);
            }
            opened => return opened,
        }
    }
    open_once(&config)
}

fn open_once(config: &sled::Config) -> Result<Db, QueueError> {
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(opened) => {
            opened.map_err(|source| QueueError::Database { deed: "open the database", source })
        }
        Err(_) => Err(QueueError::Broken { deed: "open" }),
    }
}

/// Whether somebody else holds the database: sled says so in words only.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("could not acquire lock"))
}

/// Makes durable what was flushed: sled's flush writes but does not sync.
pub(super) fn sync(path: &Path) -> Result<(), QueueError> {
    let file = path.join("db");
    File::open(&file).and_then(|file| file.sync_data()).map_err(disk("sync", &file))
}

/// Moves a folder aside, under a name that says whether it is whole; gives its new place.
pub(super) fn keep_aside(path: &Path, is_whole: bool) -> Result<PathBuf, QueueError> {
    let state = if is_whole { "old" } else { "damaged" };
    let place = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{state}-{number}"));
        PathBuf::from(name)
    };
    let free = (1..=u32::MAX).map(place).find(|place| !place.exists()).unwrap_or_else(|| place(0));
    fs::rename(path, &free).map_err(disk("move aside", path))?;
    Ok(free)
}
