//! The index: what pages and reports ask of the ledger, answered without
//! reading it all. It can be thrown away and computed again.
//!
//! One implementation, [`Indexed`], writes all it knows as keys and values;
//! where these lie is the business of a [`Backend`]: on disk ([`sled`]), or in
//! memory ([`memory`]). A backend is trusted with nothing: the index keeps a sum
//! over all keys and values, and one whose sum does not come out is thrown away.

pub mod key;
pub mod memory;
pub mod sled;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use crate::model::{
    CaptureId, ComplianceKind, Digest, Entry, Event, FindingId, FindingState, PayloadId, Priority,
    Status, standing,
};

/// What pages and reports ask.
pub trait Index: Send + Sync {
    /// How many entries of the ledger it knows.
    fn head(&self) -> Result<u64, StoreError>;

    /// Takes the entries that follow its head; earlier ones are passed over.
    fn apply(&self, entries: &[Entry]) -> Result<(), StoreError>;

    /// A finding by its name.
    fn finding(&self, id: FindingId) -> Result<Option<FindingState>, StoreError>;

    /// A finding by its number, `T-2026-00412`.
    fn by_number(&self, number: &str) -> Result<Option<FindingState>, StoreError>;

    /// Findings that pass the filter, the most urgent first, among equals the
    /// oldest; at most `limit`, those after the cursor.
    fn findings(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<FindingState>, StoreError>;

    /// How many findings there are, and what else is counted as it happens.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// Whether this version of this finding was flagged.
    fn has_version(&self, finding: FindingId, version: Digest) -> Result<bool, StoreError>;

    /// The places of a capture's posts that were matched or dropped, ascending.
    fn settled(&self, capture: CaptureId) -> Result<Vec<u32>, StoreError>;

    /// Compliance events, newest first; at most `limit`, those before entry `before`.
    fn compliance(&self, before: Option<u64>, limit: usize) -> Result<Vec<Complied>, StoreError>;

    /// What each source gave, by its name.
    fn sources(&self) -> Result<BTreeMap<String, SourceCounts>, StoreError>;

    /// The number of the entry that names a payload.
    fn entry_of(&self, payload: PayloadId) -> Result<Option<u64>, StoreError>;

    /// The numbers of the entries about a finding, newest first; at most `limit`.
    fn history(&self, finding: FindingId, limit: usize) -> Result<Vec<u64>, StoreError>;
}

/// Which findings are asked for. The default asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand here.
    pub status: Option<Status>,
    /// Only those that wait for a person.
    pub open_only: bool,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those as urgent as this.
    pub priority: Option<Priority>,
}

impl Filter {
    fn passes(&self, state: &FindingState) -> bool {
        self.source.as_ref().is_none_or(|source| *source == state.source)
    }

    fn statuses(&self) -> impl Iterator<Item = Status> {
        let (wanted, open_only) = (self.status, self.open_only);
        let all = Status::ALL.into_iter();
        all.filter(move |status| wanted.is_none_or(|wanted| wanted == *status))
            .filter(move |status| !open_only || status.is_open())
    }
}

/// A place in the order of findings: the next page starts after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// How urgent the last finding of the page is.
    pub priority: Priority,
    /// The entry that flagged it.
    pub seq: u64,
}

impl From<&FindingState> for Cursor {
    fn from(state: &FindingState) -> Self {
        Self { priority: state.priority, seq: state.seq }
    }
}

/// What is counted as it happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Findings new.
    pub baru: u64,
    /// Findings that wait for the second person.
    pub menunggu_kedua: u64,
    /// Findings two people agreed on.
    pub dugaan: u64,
    /// Findings that are no violation.
    pub bukan: u64,
    /// Findings with the Ketua.
    pub eskalasi: u64,
    /// Findings put off.
    pub ditunda: u64,
    /// Posts matched.
    pub checked: u64,
    /// Posts taken out of the queue unmatched.
    pub dropped: u64,
    /// Compliance events.
    pub complied: u64,
    /// Decisions, taken back or not.
    pub decided: u64,
}

impl Counts {
    /// How many findings stand here.
    pub const fn of(&self, status: Status) -> u64 {
        match status {
            Status::Baru => self.baru,
            Status::MenungguKedua => self.menunggu_kedua,
            Status::Dugaan => self.dugaan,
            Status::Bukan => self.bukan,
            Status::Eskalasi => self.eskalasi,
            Status::Ditunda => self.ditunda,
        }
    }

    /// How many findings there are.
    pub fn findings(&self) -> u64 {
        Status::ALL.into_iter().map(|status| self.of(status)).sum()
    }

    /// How many findings wait for a person.
    pub fn open(&self) -> u64 {
        Status::ALL.into_iter().filter(|it| it.is_open()).map(|it| self.of(it)).sum()
    }

    const fn of_mut(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::Baru => &mut self.baru,
            Status::MenungguKedua => &mut self.menunggu_kedua,
            Status::Dugaan => &mut self.dugaan,
            Status::Bukan => &mut self.bukan,
            Status::Eskalasi => &mut self.eskalasi,
            Status::Ditunda => &mut self.ditunda,
        }
    }
}

/// A compliance event as the ledger tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complied {
    /// The number of the ledger entry.
    pub seq: u64,
    /// When it was recognised.
    pub at: Timestamp,
    /// What was done.
    pub kind: ComplianceKind,
    /// The unit named.
    pub unit: Option<String>,
    /// The date named.
    pub date: Option<Date>,
    /// The source.
    pub source: String,
    /// Where the post lies.
    pub capture: CaptureId,
    /// Its place there.
    pub index: u32,
}

/// What a source gave so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCounts {
    /// Posts matched.
    pub checked: u64,
    /// Posts flagged.
    pub flagged: u64,
}

/// A change of keys: a new value, or none to take the key away.
pub type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;
/// Keys and values in the order of the keys.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Where keys and values lie. Nothing is trusted to it: what it loses or
/// garbles is found by the sum. The error is a sentence.
pub trait Backend: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String>;
    /// Pairs from a key on (included), in order, before another; at most `limit`.
    fn range(&self, from: &[u8], before: &[u8], limit: usize) -> Result<Pairs, String>;
    /// Makes all of these changes or none.
    fn write(&self, changes: &Changes) -> Result<(), String>;
}

/// The index over a backend.
pub struct Indexed<B> {
    backend: B,
    folder: PathBuf,
    /// Which ledger it follows.
    ledger: Digest,
    /// One writer at a time.
    writing: Mutex<()>,
    /// Whether a write failed: a part of it may stand there, the head among it.
    is_torn: AtomicBool,
}

impl<B: Backend> Indexed<B> {
    /// The index over what lies in this backend, of the ledger that has this
    /// digest for a name; the folder is for messages.
    pub fn new(backend: B, folder: &Path, ledger: Digest) -> Self {
        let (writing, is_torn) = (Mutex::new(()), AtomicBool::new(false));
        Self { backend, folder: folder.to_owned(), ledger, writing, is_torn }
    }

    /// Whether the sum over all keys and values comes out.
    pub fn is_sound(&self) -> Result<bool, StoreError> {
        let mut sum = Sum::default();
        let mut is_empty = true;
        for (key, value) in self.pairs()? {
            is_empty = false;
            sum.toggle(&key, &value);
        }
        let kept = self.get_raw(&key::sum())?;
        Ok(kept.as_deref() == Some(&sum.0[..]) || (is_empty && kept.is_none()))
    }

    /// All keys and values but the sum.
    pub fn pairs(&self) -> Result<Pairs, StoreError> {
        let mut pairs = Vec::new();
        let mut from = key::start();
        loop {
            let page = self.range(&from, &key::end(), 1024)?;
            let Some((last, _)) = page.last() else { return Ok(pairs) };
            from.clone_from(last);
            from.push(0);
            pairs.extend(page);
        }
    }

    /// Whether this is the last entry it knows: by that it is told from the
    /// index of another ledger, or of another course of this one.
    pub fn ends_with(&self, last: Option<&Entry>) -> Result<bool, StoreError> {
        let mark: Option<Digest> = self.get(&key::mark())?;
        Ok(mark == last.map(|entry| self.mark(entry)).transpose()?)
    }

    fn mark(&self, entry: &Entry) -> Result<Digest, StoreError> {
        Ok(Digest::of_joined(&[&self.ledger.0, &super::leaf_of(entry)?.0]))
    }

    fn broken(&self, what: impl Into<String>) -> StoreError {
        StoreError::Index { folder: self.folder.clone(), what: what.into() }
    }

    fn get_raw(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.backend.get(key).map_err(|what| self.broken(what))
    }

    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.get_raw(key)?.map(|value| self.decode(&value)).transpose()
    }

    fn decode<T: DeserializeOwned>(&self, value: &[u8]) -> Result<T, StoreError> {
        serde_json::from_slice(value)
            .map_err(|error| self.broken(format!("a value of it: {error}")))
    }

    fn range(&self, from: &[u8], before: &[u8], limit: usize) -> Result<Pairs, StoreError> {
        self.backend.range(from, before, limit).map_err(|what| self.broken(what))
    }

    /// The findings of one status after a place, in order.
    fn of_status(
        &self,
        filter: &Filter,
        status: Status,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<FindingState>, StoreError> {
        let (first, end) = key::order_range(status, filter.priority);
        let mut from = match after {
            Some(cursor) => first.max(key::after(&key::order(status, cursor.priority, cursor.seq))),
            None => first,
        };
        let mut found = Vec::new();
        while found.len() < limit {
            let page = self.range(&from, &end, 128)?;
            let Some((last, _)) = page.last() else { break };
            from = key::after(last);
            for (_, id) in page {
                let state: Option<FindingState> = self.get(&key::finding_bytes(&id))?;
                let state = state.ok_or_else(|| self.broken("a finding is missing"))?;
                if filter.passes(&state) {
                    found.push(state);
                }
            }
        }
        Ok(found)
    }
}

impl<B: Backend> Index for Indexed<B> {
    fn head(&self) -> Result<u64, StoreError> {
        if self.is_torn.load(Ordering::Acquire) {
            return Err(self.broken("a write failed and may have left a part of it"));
        }
        Ok(self.get(&key::head())?.unwrap_or(0))
    }

    fn apply(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let head = self.head()?;
        let new = entries.iter().skip_while(|entry| entry.seq < head);
        let mut step = Step { index: self, changes: Changes::new(), next: head };
        for entry in new {
            step.take(entry)?;
        }
        if step.next == head {
            return Ok(());
        }
        let next = step.next;
        step.put(key::head(), &next)?;
        let mut changes = step.changes;
        let mut sum = Sum::of(self.get_raw(&key::sum())?);
        for (key, value) in &changes {
            if let Some(before) = self.get_raw(key)? {
                sum.toggle(key, &before);
            }
            if let Some(value) = value {
                sum.toggle(key, value);
            }
        }
        changes.insert(key::sum(), Some(sum.0.to_vec()));
        self.backend.write(&changes).map_err(|what| {
            self.is_torn.store(true, Ordering::Release);
            self.broken(what)
        })
    }

    fn finding(&self, id: FindingId) -> Result<Option<FindingState>, StoreError> {
        self.get(&key::finding(id))
    }

    fn by_number(&self, number: &str) -> Result<Option<FindingState>, StoreError> {
        match self.get(&key::number(number))? {
            Some(id) => self.finding(id),
            None => Ok(None),
        }
    }

    fn findings(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<FindingState>, StoreError> {
        let mut found = Vec::new();
        for status in filter.statuses() {
            found.extend(self.of_status(filter, status, after, limit)?);
        }
        found.sort_by_key(|state| (std::cmp::Reverse(state.priority), state.seq));
        found.truncate(limit);
        Ok(found)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        Ok(self.get(&key::counts())?.unwrap_or_default())
    }

    fn has_version(&self, finding: FindingId, version: Digest) -> Result<bool, StoreError> {
        Ok(self.get_raw(&key::version(finding, version))?.is_some())
    }

    fn settled(&self, capture: CaptureId) -> Result<Vec<u32>, StoreError> {
        Ok(self.get(&key::settled(capture))?.unwrap_or_default())
    }

    fn compliance(&self, before: Option<u64>, limit: usize) -> Result<Vec<Complied>, StoreError> {
        let from =
            before.map_or_else(|| key::complied_range().0, |seq| key::after(&key::complied(seq)));
        let pairs = self.range(&from, &key::complied_range().1, limit)?;
        pairs.iter().map(|(_, value)| self.decode(value)).collect()
    }

    fn sources(&self) -> Result<BTreeMap<String, SourceCounts>, StoreError> {
        let (from, before) = key::source_range();
        let mut sources = BTreeMap::new();
        for (key, value) in self.range(&from, &before, usize::MAX)? {
            let name = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            sources.insert(name, self.decode(&value)?);
        }
        Ok(sources)
    }

    fn entry_of(&self, payload: PayloadId) -> Result<Option<u64>, StoreError> {
        self.get(&key::payload(payload))
    }

    fn history(&self, finding: FindingId, limit: usize) -> Result<Vec<u64>, StoreError> {
        let (from, before) = key::history_range(finding);
        let pairs = self.range(&from, &before, limit)?;
        pairs.iter().map(|(_, value)| self.decode(value)).collect()
    }
}

/// The sum over all keys and values: it does not depend on their order, so
/// that it can be carried on with each change.
#[derive(Default)]
struct Sum([u8; 32]);

impl Sum {
    fn of(kept: Option<Vec<u8>>) -> Self {
        Self(kept.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default())
    }

    fn toggle(&mut self, key: &[u8], value: &[u8]) {
        let digest = Digest::of_parts(&[key, value]);
        self.0.iter_mut().zip(digest.0).for_each(|(sum, byte)| *sum ^= byte);
    }
}

/// The changes that a run of entries makes.
struct Step<'a, B> {
    index: &'a Indexed<B>,
    changes: Changes,
    next: u64,
}

impl<B: Backend> Step<'_, B> {
    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        match self.changes.get(key) {
            Some(Some(value)) => self.index.decode(value).map(Some),
            Some(None) => Ok(None),
            None => self.index.get(key),
        }
    }

    fn put<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), StoreError> {
        let value = serde_json::to_vec(value)
            .map_err(|source| StoreError::Encode { what: "a value of the index", source })?;
        self.changes.insert(key, Some(value));
        Ok(())
    }

    fn take(&mut self, entry: &Entry) -> Result<(), StoreError> {
        if entry.seq != self.next {
            return Err(self.index.broken(format!(
                "entry {} was given where {} was expected",
                entry.seq, self.next
            )));
        }
        self.next += 1;
        let mark = self.index.mark(entry)?;
        self.put(key::mark(), &mark)?;
        if let Some(payload) = entry.payload {
            self.put(key::payload(payload), &entry.seq)?;
        }
        if let Some(finding) = standing::subject(&entry.event) {
            self.move_finding(finding, entry)?;
            self.put(key::history(finding, entry.seq), &entry.seq)?;
        }
        self.count(entry)
    }

    fn move_finding(&mut self, id: FindingId, entry: &Entry) -> Result<(), StoreError> {
        if let Event::Flagged { version, .. } = &entry.event {
            self.put(key::version(id, *version), &entry.seq)?;
        }
        let before: Option<FindingState> = self.get(&key::finding(id))?;
        let mut counts: Counts = self.get(&key::counts())?.unwrap_or_default();
        let after = if let Some(before) = &before {
            let count = counts.of_mut(before.status);
            *count = count.saturating_sub(1);
            self.changes.insert(key::order(before.status, before.priority, before.seq), None);
            standing::after(before, entry)
        } else {
            let year = standing::year(entry.at);
            let count = self.get::<u32>(&key::year(year))?.unwrap_or(0).saturating_add(1);
            let Some(first) = standing::first(entry, standing::number(year, count)) else {
                return Ok(());
            };
            self.put(key::year(year), &count)?;
            self.put(key::number(&first.number), &first.id)?;
            first
        };
        *counts.of_mut(after.status) += 1;
        self.put(key::counts(), &counts)?;
        let order = key::order(after.status, after.priority, after.seq);
        self.changes.insert(order, Some(id.0.0.to_vec()));
        self.put(key::finding(id), &after)
    }

    fn count(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let mut counts: Counts = self.get(&key::counts())?.unwrap_or_default();
        match &entry.event {
            Event::Checked { source, capture, posts, flagged } => {
                counts.checked += posts.len() as u64;
                self.settle(*capture, posts)?;
                let key = key::source(source);
                let mut of: SourceCounts = self.get(&key)?.unwrap_or_default();
                of.checked += posts.len() as u64;
                of.flagged += u64::from(*flagged);
                self.put(key, &of)?;
            }
            Event::Dropped { capture, index } => {
                counts.dropped += 1;
                self.settle(*capture, &[*index])?;
            }
            Event::Complied { kind, unit, date, source, capture, index, post: _ } => {
                counts.complied += 1;
                let complied = Complied {
                    seq: entry.seq,
                    at: entry.at,
                    kind: *kind,
                    unit: unit.clone(),
                    date: *date,
                    source: source.clone(),
                    capture: *capture,
                    index: *index,
                };
                self.put(key::complied(entry.seq), &complied)?;
            }
            Event::Decided { .. } => counts.decided += 1,
            _ => return Ok(()),
        }
        self.put(key::counts(), &counts)
    }

    fn settle(&mut self, capture: CaptureId, posts: &[u32]) -> Result<(), StoreError> {
        let key = key::settled(capture);
        let mut settled: Vec<u32> = self.get(&key)?.unwrap_or_default();
        settled.extend(posts);
        settled.sort_unstable();
        settled.dedup();
        self.put(key, &settled)
    }
}

#[cfg(test)]
mod tests {
    use super::memory::Memory;
    use super::*;
    use crate::model::{Actor, Event};

    /// Takes the first change of a write, and then fails.
    struct Full(Memory);

    impl Backend for Full {
        fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
            self.0.get(key)
        }

        fn range(&self, from: &[u8], before: &[u8], limit: usize) -> Result<Pairs, String> {
            self.0.range(from, before, limit)
        }

        fn write(&self, changes: &Changes) -> Result<(), String> {
            let first = changes.iter().take(1);
            self.0.write(&first.map(|(key, value)| (key.clone(), value.clone())).collect())?;
            Err("no space".into())
        }
    }

    #[test]
    fn an_index_of_which_a_write_failed_is_not_taken_for_current() {
        let index = Indexed::new(Full(Memory::default()), Path::new("index"), Digest([0; 32]));
        assert_eq!(index.head().unwrap(), 0);
        let entry = Entry {
            seq: 0,
            at: Timestamp::UNIX_EPOCH,
            by: Actor::pipeline(),
            payload: None,
            event: Event::Stopped,
        };
        assert!(index.apply(std::slice::from_ref(&entry)).is_err());
        assert!(index.head().is_err());
        assert!(index.apply(&[entry]).is_err());
    }
}
