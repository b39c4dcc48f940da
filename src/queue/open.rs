//! The queue's database, open: every call of [`Queue`](super::Queue) ends here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional as _};
use sled::{Batch, Db, IVec, Tree};

use super::{Aside, Carried, Counts, Delivery, QueueError, Result, Settings, disk};
use crate::model::{Bookmark, Digest, Health, PostRef};

/// Posts in a bucket, at least; the last push may go beyond.
const BUCKET: u64 = 20_000;

/// The open database.
#[derive(Debug)]
pub(super) struct Open {
    db: Db,
    path: PathBuf,
    settings: Settings,
    /// (post, version) pairs ever queued.
    known: Tree,
    bookmarks: Tree,
    health: Tree,
    aside: Tree,
    meta: Tree,
    /// One writer; and what is on loan.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Buckets by the number of their first post.
    buckets: BTreeMap<u64, Tree>,
    /// The number of the next post.
    next: u64,
    /// Posts on loan in this process; a crash returns them all.
    leased: BTreeSet<u64>,
    /// The tries of posts whose last loan does not count, though the disk may say otherwise.
    uncounted: BTreeMap<u64, u32>,
}

/// A post in line, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    source: String,
    post: PostRef,
    tries: u32,
}

/// A post set aside, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct AsideRecord {
    #[serde(flatten)]
    record: Record,
    reason: String,
}

impl Open {
    /// Opens the database, or makes it, everything as it is on disk.
    pub(super) fn read(path: &Path, settings: &Settings) -> Result<Self> {
        let db = disk::open(path, settings.cache_bytes)?;
        let tree = |name: &str| db.open_tree(name).map_err(database("open a tree"));
        let (known, bookmarks, health) = (tree("known")?, tree("bookmark")?, tree("health")?);
        let (aside, meta) = (tree("aside")?, tree("meta")?);
        let next = meta.get("next").map_err(database("read"))?;
        let next = next.and_then(|bytes| number(&bytes)).unwrap_or(0);
        let state = State {
            buckets: buckets(&db)?,
            next,
            leased: BTreeSet::new(),
            uncounted: BTreeMap::new(),
        };
        Ok(Self {
            db,
            path: path.to_owned(),
            settings: settings.clone(),
            known,
            bookmarks,
            health,
            aside,
            meta,
            state: Mutex::new(state),
        })
    }

    pub(super) fn push(
        &self,
        source: &str,
        posts: &[PostRef],
        bookmark: &Bookmark,
    ) -> Result<usize> {
        let mark = serde_json::to_vec(bookmark).map_err(damaged)?;
        let mut state = self.state()?;
        let first = state.next;
        let bucket = self.last_bucket(&mut state, posts.is_empty())?;
        let trees = (&bucket, &self.known, &self.bookmarks, &self.meta);
        let pushed = trees.transaction(|(bucket, known, bookmarks, meta)| {
            let mut next = first;
            for post in posts {
                if known.insert(pair(post.post, post.version).to_vec(), &[])?.is_none() {
                    let record = Record { source: source.to_owned(), post: *post, tries: 0 };
                    let record =
                        serde_json::to_vec(&record).map_err(ConflictableTransactionError::Abort)?;
                    bucket.insert(&next.to_be_bytes(), record)?;
                    next += 1;
                }
            }
            bookmarks.insert(source.as_bytes(), mark.as_slice())?;
            if next > first {
                meta.insert("next", &next.to_be_bytes())?;
            }
            Ok(next)
        });
        state.next = pushed.map_err(aborted("queue posts"))?;
        self.sync()?;
        Ok(usize::try_from(state.next - first).unwrap_or(usize::MAX))
    }

    pub(super) fn requeue(&self, posts: &[(String, PostRef)]) -> Result<usize> {
        let mut state = self.state()?;
        let mut there = BTreeSet::new();
        for bucket in state.buckets.values() {
            for item in bucket {
                let (_, value) = item.map_err(database("read"))?;
                let record: Record = serde_json::from_slice(&value).map_err(damaged)?;
                there.insert(pair(record.post.post, record.post.version));
            }
        }
        for item in &self.aside {
            let (_, value) = item.map_err(database("read"))?;
            let aside: AsideRecord = serde_json::from_slice(&value).map_err(damaged)?;
            there.insert(pair(aside.record.post.post, aside.record.post.version));
        }
        let bucket = self.last_bucket(&mut state, false)?;
        let first = state.next;
        let (mut batch, mut known) = (Batch::default(), Batch::default());
        for (source, post) in posts {
            let key = pair(post.post, post.version);
            if there.insert(key) {
                let record = Record { source: source.clone(), post: *post, tries: 0 };
                let record = serde_json::to_vec(&record).map_err(damaged)?;
                batch.insert(&state.next.to_be_bytes(), record);
                known.insert(key.to_vec(), &[]);
                state.next += 1;
            }
        }
        self.meta.insert("next", &state.next.to_be_bytes()).map_err(database("queue posts"))?;
        bucket.apply_batch(batch).map_err(database("queue posts"))?;
        self.known.apply_batch(known).map_err(database("queue posts"))?;
        self.sync()?;
        Ok(usize::try_from(state.next - first).unwrap_or(usize::MAX))
    }

    pub(super) fn remember(&self, posts: &[PostRef]) -> Result<()> {
        let mut batch = Batch::default();
        for post in posts {
            batch.insert(pair(post.post, post.version).to_vec(), &[]);
        }
        self.known.apply_batch(batch).map_err(database("remember posts"))?;
        self.sync()
    }

    pub(super) fn is_known(&self, post: Digest, version: Digest) -> Result<bool> {
        self.known.contains_key(pair(post, version)).map_err(database("read"))
    }

    pub(super) fn bookmark(&self, source: &str) -> Result<Bookmark> {
        read(&self.bookmarks, source)
    }

    pub(super) fn health(&self, source: &str) -> Result<Health> {
        read(&self.health, source)
    }

    pub(super) fn set_health(&self, source: &str, health: &Health) -> Result<()> {
        let value = serde_json::to_vec(health).map_err(damaged)?;
        self.health.insert(source, value).map_err(database("remember"))?;
        Ok(())
    }

    pub(super) fn take(&self, most: usize) -> Result<Vec<Delivery>> {
        let mut state = self.state()?;
        let mut loans = Vec::new();
        let mut is_full = most == 0;
        for bucket in state.buckets.values() {
            let mut batch = Batch::default();
            for item in bucket {
                if is_full {
                    break;
                }
                let (key, value) = item.map_err(database("read"))?;
                let Some(id) = number(&key) else { continue };
                if state.leased.contains(&id) {
                    continue;
                }
                let mut record: Record = serde_json::from_slice(&value).map_err(damaged)?;
                let was_lent_before = record.tries > 0;
                if was_lent_before && !loans.is_empty() {
                    is_full = true;
                    break;
                }
                record.tries += 1;
                batch.insert(&key, serde_json::to_vec(&record).map_err(damaged)?);
                loans.push(Delivery::new(id, record.source, record.post, record.tries));
                is_full = was_lent_before || loans.len() >= most;
            }
            bucket.apply_batch(batch).map_err(database("lend"))?;
            if is_full {
                break;
            }
        }
        if !loans.is_empty()
            && let Err(error) = self.flush()
        {
            // nothing is handed out, so nothing was tried
            Self::uncount(&mut state, &loans)?;
            return Err(error);
        }
        // the flush took along all that was put back before
        state.uncounted.clear();
        state.leased.extend(loans.iter().map(|loan| loan.id));
        Ok(loans)
    }

    pub(super) fn done(&self, loans: &[Delivery]) -> Result<()> {
        let mut state = self.state()?;
        for loan in loans {
            if let Some(bucket) = bucket_of(&state, loan.id) {
                bucket.remove(loan.id.to_be_bytes()).map_err(database("finish a loan"))?;
            }
        }
        self.sync()?;
        for loan in loans {
            state.leased.remove(&loan.id);
        }
        self.drop_drained(&mut state)
    }

    pub(super) fn again(&self, loan: &Delivery, reason: &str) -> Result<()> {
        let mut state = self.state()?;
        state.leased.remove(&loan.id);
        if loan.tries < self.settings.max_tries {
            return Ok(());
        }
        self.move_aside(&state, loan.id, reason)
    }

    pub(super) fn give_back(&self, loans: &[Delivery]) -> Result<()> {
        let mut state = self.state()?;
        for loan in loans {
            state.leased.remove(&loan.id);
        }
        Self::uncount(&mut state, loans)
    }

    /// What the next opening of the database is to know of this one, which is to be used no more.
    pub(super) fn carried(&mut self) -> Carried {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        Carried {
            leased: std::mem::take(&mut state.leased),
            uncounted: std::mem::take(&mut state.uncounted),
        }
    }

    /// Takes over what an earlier opening knew.
    pub(super) fn carry(&self, carried: &Carried) -> Result<()> {
        let mut state = self.state()?;
        state.leased.clone_from(&carried.leased);
        for (id, tries) in &carried.uncounted {
            Self::set_tries(&state, *id, *tries)?;
        }
        drop(state);
        if carried.uncounted.is_empty() { Ok(()) } else { self.sync() }
    }

    /// Puts the tries back that these loans took.
    fn uncount(state: &mut State, loans: &[Delivery]) -> Result<()> {
        let before = |loan: &Delivery| (loan.id, loan.tries.saturating_sub(1));
        state.uncounted.extend(loans.iter().map(before));
        for (id, tries) in loans.iter().map(before) {
            Self::set_tries(state, id, tries)?;
        }
        Ok(())
    }

    pub(super) fn counts(&self) -> Result<Counts> {
        let state = self.state()?;
        let there: usize = state.buckets.values().map(Tree::len).sum();
        let leased = state.leased.len();
        Ok(Counts { waiting: there.saturating_sub(leased), leased, aside: self.aside.len() })
    }

    pub(super) fn waiting(&self, most: usize) -> Result<Vec<Delivery>> {
        let state = self.state()?;
        let items = state.buckets.values().flat_map(Tree::iter).take(most);
        let listed = items.map(|item| {
            let (key, value) = item.map_err(database("read"))?;
            let record: Record = serde_json::from_slice(&value).map_err(damaged)?;
            let id = number(&key).unwrap_or_default();
            Ok(Delivery::new(id, record.source, record.post, record.tries))
        });
        listed.collect()
    }

    pub(super) fn aside(&self, most: usize) -> Result<Vec<Aside>> {
        self.aside.iter().take(most).map(|item| aside(item.map_err(database("read"))?)).collect()
    }

    pub(super) fn find(&self, id: u64) -> Result<(Delivery, Option<String>)> {
        let state = self.state()?;
        let bucket = bucket_of(&state, id);
        let in_line = bucket.map(|bucket| bucket.get(id.to_be_bytes())).transpose();
        if let Some(value) = in_line.map_err(database("read"))?.flatten() {
            let record: Record = serde_json::from_slice(&value).map_err(damaged)?;
            return Ok((Delivery::new(id, record.source, record.post, record.tries), None));
        }
        let set_aside = self.find_aside(id)?;
        Ok((set_aside.delivery, Some(set_aside.reason)))
    }

    pub(super) fn retry(&self, id: u64) -> Result<()> {
        let mut state = self.state()?;
        let found = self.find_aside(id)?;
        let bucket = self.last_bucket(&mut state, false)?;
        let record = Record { source: found.delivery.source, post: found.delivery.post, tries: 0 };
        let record = serde_json::to_vec(&record).map_err(damaged)?;
        let next = state.next;
        let trees = (&bucket, &self.aside, &self.meta);
        let moved = trees.transaction(|(bucket, aside, meta)| {
            bucket.insert(&next.to_be_bytes(), record.as_slice())?;
            aside.remove(&id.to_be_bytes())?;
            meta.insert("next", &(next + 1).to_be_bytes())?;
            Ok(())
        });
        moved.map_err(aborted("put a post back in line"))?;
        state.next += 1;
        self.sync()
    }

    pub(super) fn drop_aside(&self, id: u64) -> Result<PostRef> {
        let _state = self.state()?;
        let found = self.find_aside(id)?;
        self.aside.remove(id.to_be_bytes()).map_err(database("drop a post"))?;
        self.sync()?;
        Ok(found.delivery.post)
    }

    fn find_aside(&self, id: u64) -> Result<Aside> {
        let value = self.aside.get(id.to_be_bytes()).map_err(database("read"))?;
        let value = value.ok_or(QueueError::Unknown { id })?;
        aside((IVec::from(&id.to_be_bytes()), value))
    }

    pub(super) fn set_aside_what_used_up_its_tries(&self) -> Result<()> {
        let state = self.state()?;
        let mut used_up = Vec::new();
        for bucket in state.buckets.values() {
            for item in bucket {
                let (key, value) = item.map_err(database("read"))?;
                let record: Record = serde_json::from_slice(&value).map_err(damaged)?;
                if record.tries >= self.settings.max_tries {
                    used_up.extend(number(&key));
                }
            }
        }
        for id in used_up {
            self.move_aside(&state, id, "Netra ended while it was being matched, at its last try")?;
        }
        Ok(())
    }

    fn move_aside(&self, state: &State, id: u64, reason: &str) -> Result<()> {
        let Some(bucket) = bucket_of(state, id) else { return Ok(()) };
        let Some(value) = bucket.get(id.to_be_bytes()).map_err(database("read"))? else {
            return Ok(());
        };
        let record: Record = serde_json::from_slice(&value).map_err(damaged)?;
        let record = AsideRecord { record, reason: reason.to_owned() };
        let record = serde_json::to_vec(&record).map_err(damaged)?;
        let moved = (bucket, &self.aside).transaction(|(bucket, aside)| {
            aside.insert(&id.to_be_bytes(), record.as_slice())?;
            bucket.remove(&id.to_be_bytes())?;
            Ok(())
        });
        moved.map_err(aborted("set a post aside"))?;
        self.sync()
    }

    fn set_tries(state: &State, id: u64, tries: u32) -> Result<()> {
        let Some(bucket) = bucket_of(state, id) else { return Ok(()) };
        let Some(value) = bucket.get(id.to_be_bytes()).map_err(database("read"))? else {
            return Ok(());
        };
        let mut record: Record = serde_json::from_slice(&value).map_err(damaged)?;
        record.tries = tries;
        let value = serde_json::to_vec(&record).map_err(damaged)?;
        bucket.insert(id.to_be_bytes(), value).map_err(database("return a loan"))?;
        Ok(())
    }

    /// The bucket that takes new posts; a new one when the last is full.
    fn last_bucket(&self, state: &mut State, is_read_only: bool) -> Result<Tree> {
        if let Some((first, tree)) = state.buckets.last_key_value()
            && (is_read_only || state.next - first < BUCKET)
        {
            return Ok(tree.clone());
        }
        let tree = self.db.open_tree(bucket_name(state.next)).map_err(database("open a tree"))?;
        state.buckets.insert(state.next, tree.clone());
        Ok(tree)
    }

    /// Drops every bucket that is empty but the last: this is what gives space back.
    fn drop_drained(&self, state: &mut State) -> Result<()> {
        let Some(last) = state.buckets.last_key_value().map(|(first, _)| *first) else {
            return Ok(());
        };
        let drained: Vec<u64> = state
            .buckets
            .range(..last)
            .filter(|(_, tree)| tree.is_empty())
            .map(|(first, _)| *first)
            .collect();
        for first in drained {
            state.buckets.remove(&first);
            self.db.drop_tree(bucket_name(first)).map_err(database("drop a drained bucket"))?;
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn tree_names(&self) -> Vec<IVec> {
        self.db.tree_names()
    }

    fn flush(&self) -> Result<()> {
        self.db.flush().map_err(database("flush"))?;
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.flush()?;
        disk::sync(&self.path)
    }

    fn state(&self) -> Result<MutexGuard<'_, State>> {
        self.state.lock().map_err(|_| QueueError::Poisoned)
    }
}

fn buckets(db: &Db) -> Result<BTreeMap<u64, Tree>> {
    let mut buckets = BTreeMap::new();
    for name in db.tree_names() {
        let first = std::str::from_utf8(&name).ok().and_then(|name| name.strip_prefix("bucket-"));
        if let Some(first) = first.and_then(|hex| u64::from_str_radix(hex, 16).ok()) {
            buckets.insert(first, db.open_tree(&name).map_err(database("open a tree"))?);
        }
    }
    Ok(buckets)
}

fn bucket_name(first: u64) -> String {
    format!("bucket-{first:016x}")
}

fn bucket_of(state: &State, id: u64) -> Option<&Tree> {
    state.buckets.range(..=id).next_back().map(|(_, tree)| tree)
}

fn pair(post: Digest, version: Digest) -> [u8; 64] {
    let mut key = [0; 64];
    key[..32].copy_from_slice(&post.0);
    key[32..].copy_from_slice(&version.0);
    key
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

fn read<T: Default + for<'de> Deserialize<'de>>(tree: &Tree, key: &str) -> Result<T> {
    match tree.get(key).map_err(database("read"))? {
        Some(value) => serde_json::from_slice(&value).map_err(damaged),
        None => Ok(T::default()),
    }
}

fn aside((key, value): (IVec, IVec)) -> Result<Aside> {
    let AsideRecord { record, reason } = serde_json::from_slice(&value).map_err(damaged)?;
    let id = number(&key).unwrap_or_default();
    let delivery = Delivery::new(id, record.source, record.post, record.tries);
    Ok(Aside { delivery, reason })
}

fn database(deed: &'static str) -> impl Fn(sled::Error) -> QueueError {
    move |source| QueueError::Database { deed, source }
}

fn damaged(source: serde_json::Error) -> QueueError {
    QueueError::Damaged { source }
}

fn aborted(deed: &'static str) -> impl Fn(TransactionError<serde_json::Error>) -> QueueError {
    move |error| match error {
        TransactionError::Abort(source) => QueueError::Damaged { source },
        TransactionError::Storage(source) => QueueError::Database { deed, source },
    }
}
