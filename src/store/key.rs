//! The store's keys as they lie in its folder, and the change of the signing key.
//!
//! | file | what |
//! |---|---|
//! | `key` | the key that signs checkpoints, mode 0600 |
//! | `key.pub` | its public half |
//! | `key.next` | a key that is about to take its place; only while it is changed |
//! | `secret` | the key of keyed digests, mode 0600 |
//!
//! A change is one entry that names both keys and is signed by the old one. The
//! next key is written before the entry, and takes its place after it: whatever
//! cuts that off, opening the store finishes it or takes it back.

use std::fs;
use std::path::Path;

use super::error::{Doing, StoreError};
use super::file::{random, sync_folder, write_private, write_synced};
use super::ledger::note::{Checkpoint, Signer, Verifier};
use super::ledger::{self, CHECKPOINT, Ledger};
use crate::model::{Digest, Event, Secret};

const KEY: &str = "key";
const NEXT: &str = "key.next";
/// The name of the public key's file.
pub(super) const PUBLIC: &str = "key.pub";
const SECRET: &str = "secret";

/// The key that signs checkpoints. One that an earlier making left is taken;
/// else a new one for a log of this name is made.
pub(super) fn make_signer(data: &Path, origin: &str) -> Result<Signer, StoreError> {
    let path = data.join(KEY);
    let signer = if path.exists() {
        read(&path)?
    } else {
        let signer = Signer::new(origin, random()?)
            .map_err(|what| StoreError::damaged(&path, what.to_string()))?;
        write_private(&path, signer.to_text().as_bytes())?;
        signer
    };
    write_synced(&data.join(PUBLIC), signer.verifier().to_text().as_bytes())?;
    let path = data.join(SECRET);
    if !path.exists() {
        let secret = Digest(random()?).to_string();
        write_private(&path, format!("{secret}\n").as_bytes())?;
    }
    Ok(signer)
}

/// Whether the folder has a signing key.
pub(super) fn is_there(data: &Path) -> bool {
    data.join(KEY).exists()
}

/// The key that signs checkpoints; a change that was cut off is finished or taken back first.
pub(super) fn read_signer(data: &Path) -> Result<Signer, StoreError> {
    let next = data.join(NEXT);
    if !next.exists() {
        let signer = read(&data.join(KEY))?;
        if !data.join(PUBLIC).exists() {
            write_synced(&data.join(PUBLIC), signer.verifier().to_text().as_bytes())?;
        }
        return Ok(signer);
    }
    let next = read(&next)?;
    let folder = data.join("ledger");
    if ledger::read_checkpoint(&folder, next.verifier()).is_err() {
        let old = read(&data.join(KEY))?;
        let Some(state) = handed_over(&folder, old.clone(), next.verifier())? else {
            fs::remove_file(data.join(NEXT)).doing("remove", &data.join(NEXT))?;
            return Ok(old);
        };
        write_synced(&data.join(PUBLIC), next.verifier().to_text().as_bytes())?;
        write_synced(&folder.join(CHECKPOINT), next.sign(&state).as_bytes())?;
    }
    write_synced(&data.join(PUBLIC), next.verifier().to_text().as_bytes())?;
    fs::rename(data.join(NEXT), data.join(KEY)).doing("rename", &data.join(NEXT))?;
    sync_folder(data)?;
    Ok(next)
}

/// The state of the ledger, if its last entry hands over from the old key to
/// this one; the ledger is closed then, and has no journal.
fn handed_over(
    folder: &Path,
    old: Signer,
    next: &Verifier,
) -> Result<Option<Checkpoint>, StoreError> {
    let mut ledger = Ledger::open(folder, old)?;
    let log = ledger.log();
    let Some(last) = log.size().checked_sub(1) else { return Ok(None) };
    let last = log.entries(last).next().transpose()?;
    let hands_over = last.is_some_and(|entry| {
        matches!(entry.event, Event::KeyRotated { new, .. } if new == next.to_text().trim_end())
    });
    if !hands_over {
        return Ok(None);
    }
    let state = ledger.checkpoint();
    ledger.close()?;
    if folder.join(ledger::journal::NAME).exists() {
        return Err(StoreError::Stalled { folder: folder.to_owned() });
    }
    Ok(Some(state))
}

/// Makes the key that is to follow this one, and the event that hands over to it.
pub(super) fn next(data: &Path, old: &Signer) -> Result<Event, StoreError> {
    let path = data.join(NEXT);
    let next = Signer::new(old.verifier().name(), random()?)
        .map_err(|what| StoreError::damaged(&path, what.to_string()))?;
    write_private(&path, next.to_text().as_bytes())?;
    let text = |key: &Verifier| key.to_text().trim_end().to_owned();
    Ok(Event::KeyRotated {
        old: text(old.verifier()),
        new: text(next.verifier()),
        signature: old.hand_over(next.verifier()),
    })
}

fn read(path: &Path) -> Result<Signer, StoreError> {
    let text = read_private(path)?;
    Signer::parse(&text).map_err(|what| StoreError::damaged(path, what.to_string()))
}

/// The key of keyed digests.
pub(super) fn read_secret(data: &Path) -> Result<Secret, StoreError> {
    let path = data.join(SECRET);
    let text = read_private(&path)?;
    let digest: Result<Digest, _> = text.trim_end().parse();
    let digest = digest.map_err(|_| StoreError::damaged(&path, "it is not 64 hex digits"))?;
    Ok(Secret::new(digest.0))
}

/// Reads a file that nobody but its owner may read.
fn read_private(path: &Path) -> Result<String, StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let mode = fs::metadata(path).doing("look at", path)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(StoreError::Exposed { path: path.to_owned(), mode });
        }
    }
    fs::read_to_string(path).doing("read", path)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::Actor;
    use crate::store::evidence::verify;
    use crate::store::{Settings, Store};

    fn open(data: &Path) -> Store {
        Store::open(data, &Settings::default()).unwrap()
    }

    fn made() -> tempfile::TempDir {
        let data = tempfile::tempdir().unwrap();
        drop(Store::create(data.path(), &Settings::default(), Timestamp::UNIX_EPOCH).unwrap());
        data
    }

    fn is_sound_and_takes_entries(data: &Path) {
        let store = open(data);
        let by = Actor("a".into());
        store.append(&by, Timestamp::UNIX_EPOCH, vec![Event::Stopped.into()]).unwrap();
        drop(store);
        assert_eq!(verify(data).problems, vec![]);
        assert!(!data.join(NEXT).exists());
    }

    #[test]
    fn a_change_cut_off_before_its_entry_is_taken_back() {
        let data = made();
        let before = fs::read(data.path().join(KEY)).unwrap();
        next(data.path(), &read_signer(data.path()).unwrap()).unwrap();
        is_sound_and_takes_entries(data.path());
        assert_eq!(fs::read(data.path().join(KEY)).unwrap(), before);
    }

    #[test]
    fn a_change_cut_off_after_its_entry_is_finished() {
        let data = made();
        let store = open(data.path());
        let event = next(data.path(), store.writer().signer()).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        store.append(&Actor("a".into()), at, vec![event.into()]).unwrap();
        drop(store);
        let text = fs::read(data.path().join(NEXT)).unwrap();
        is_sound_and_takes_entries(data.path());
        assert_eq!(fs::read(data.path().join(KEY)).unwrap(), text);
    }

    #[test]
    fn a_change_cut_off_while_files_take_their_places_is_finished() {
        let data = made();
        let files = [KEY, PUBLIC, "ledger/checkpoint"].map(|name| data.path().join(name));
        let old = fs::read(&files[0]).unwrap();
        let settings = Settings::default();
        let by = Actor("a".into());
        Store::rotate_key(data.path(), &settings, &by, Timestamp::UNIX_EPOCH).unwrap();
        let new = fs::read(&files[0]).unwrap();
        // the last step, the renaming of the key, was not taken
        fs::rename(&files[0], data.path().join(NEXT)).unwrap();
        write_private(&files[0], &old).unwrap();
        is_sound_and_takes_entries(data.path());
        assert_eq!(fs::read(&files[0]).unwrap(), new);
    }
}
