//! Following: the index is brought up to the ledger, or made anew from it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::Notice;
use super::error::StoreError;
use super::index::memory::Memory;
use super::index::sled::{NotOpened, Sled};
use super::index::{Backend, Cursor, Filter, Index, Indexed};
use super::key::read_secret;
use super::ledger::Log;

/// How many entries the index takes in one step when it is brought up to the ledger.
const STEP: usize = 2048;

/// Brings an index up to a ledger.
pub(super) fn follow(index: &dyn Index, log: &Log) -> Result<(), StoreError> {
    let mut step = Vec::with_capacity(STEP);
    for entry in log.clone().entries(index.head()?) {
        step.push(entry?);
        if step.len() == STEP {
            index.apply(&step)?;
            step.clear();
        }
    }
    index.apply(&step)
}

/// Opens the index on disk; one that is damaged is put aside and made anew; if
/// the disk takes none, it is made in memory.
pub(super) fn open_index(
    data: &Path,
    log: &Log,
    notices: &mut Vec<Notice>,
) -> Result<Arc<dyn Index>, StoreError> {
    let folder = data.join("index");
    let why = match open_sled(data, log)? {
        Ok(index) => return Ok(index),
        Err(NotOpened::Refused(why)) => return in_memory(data, log, why, notices),
        Err(NotOpened::Damaged(why)) => why,
    };
    let kept =
        (0..1000).map(|n| data.join(format!("index.damaged-{n}"))).find(|path| !path.exists());
    let kept = kept.unwrap_or_else(|| data.join("index.damaged"));
    if let Err(error) = fs::rename(&folder, &kept) {
        return in_memory(data, log, format!("{why}; {error}"), notices);
    }
    match open_sled(data, log)? {
        Ok(index) => {
            notices.push(Notice::IndexRebuilt { why, kept });
            Ok(index)
        }
        Err(NotOpened::Refused(why) | NotOpened::Damaged(why)) => {
            in_memory(data, log, why, notices)
        }
    }
}

/// The index on disk, brought up to the ledger. The inner error is about the
/// index, the outer one about the ledger.
fn open_sled(data: &Path, log: &Log) -> Result<Result<Arc<dyn Index>, NotOpened>, StoreError> {
    let folder = data.join("index");
    let backend = match Sled::open(&folder) {
        Ok(backend) => backend,
        Err(why) => return Ok(Err(why)),
    };
    let index = new_index(backend, data)?;
    match fits(&index, log)
        .and_then(|fits| if fits { follow(&index, log).map(|()| true) } else { Ok(false) })
    {
        Ok(true) => Ok(Ok(Arc::new(index))),
        Ok(false) => Ok(Err(NotOpened::Damaged("it does not say what the ledger says".into()))),
        Err(StoreError::Index { what, .. }) => Ok(Err(NotOpened::Damaged(what))),
        Err(error) => Err(error),
    }
}

/// Whether an index is whole and of this ledger.
fn fits<B: Backend>(index: &Indexed<B>, log: &Log) -> Result<bool, StoreError> {
    let head = index.head()?;
    if head > log.size() || !index.is_sound()? {
        return Ok(false);
    }
    let last = head.checked_sub(1).and_then(|last| log.clone().entries(last).next());
    index.ends_with(last.transpose()?.as_ref())
}

/// The index of the store in this folder over a backend. Its ledger is named
/// by the store's secret, which stays when the signing key is changed.
pub(super) fn new_index<B: Backend>(backend: B, data: &Path) -> Result<Indexed<B>, StoreError> {
    let ledger = read_secret(data)?.digest(b"the ledger that this index follows");
    Ok(Indexed::new(backend, &data.join("index"), ledger))
}

fn in_memory(
    data: &Path,
    log: &Log,
    why: String,
    notices: &mut Vec<Notice>,
) -> Result<Arc<dyn Index>, StoreError> {
    let index = new_index(Memory::default(), data)?;
    follow(&index, log)?;
    notices.push(Notice::IndexInMemory { why });
    Ok(Arc::new(index))
}

/// What one index says otherwise than another.
pub(super) fn differences(index: &dyn Index, fresh: &dyn Index) -> Result<Vec<String>, StoreError> {
    let mut differences = Vec::new();
    if index.head()? != fresh.head()? {
        differences.push(format!("it is at entry {} instead of {}", index.head()?, fresh.head()?));
    }
    if index.counts()? != fresh.counts()? {
        differences.push("its counts are not those of the ledger".into());
    }
    if index.sources()? != fresh.sources()? {
        differences.push("its counts per source are not those of the ledger".into());
    }
    let mut after = None;
    loop {
        let page = fresh.findings(&Filter::default(), after, 256)?;
        let Some(last) = page.last() else { return Ok(differences) };
        after = Some(Cursor::from(last));
        for state in page {
            if index.finding(state.id)?.as_ref() != Some(&state) {
                differences.push(format!("finding {} is not as the ledger tells it", state.number));
            }
        }
    }
}
