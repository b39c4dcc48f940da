//! Stage 2: holds references to posts until they are matched; survives a crash.
//!
//! A reference says where a post lies and never what it says: no text, name or
//! address is here, so nothing here needs erasing, and everything here can be
//! made anew from captures and ledger.
//!
//! What sled 0.34 asks for is obeyed: everything acknowledged is flushed and
//! then synced on a handle of our own (its flush is not an fsync); what a crash
//! leaves half written is removed before opening; posts stand in buckets, each
//! a tree of its own that is dropped when it is drained, because a tree in
//! which items come and go never gives space back.
//!
//! After an error of the disk sled refuses everything until it is opened anew:
//! [`Queue::reopen`] does so in the running process.

mod delivery;
mod disk;
mod error;
mod open;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};

pub use delivery::{Aside, Counts, Delivery};
pub use error::QueueError;

use self::open::Open;
use crate::model::{Bookmark, Digest, Health, PostRef};

type Result<T> = std::result::Result<T, QueueError>;

/// How the queue is kept: the `[queue]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// After how many tries a post that cannot be matched is set aside for a person to look at.
    pub max_tries: u32,
    /// Memory that the queue's database may use for its cache, in bytes.
    pub cache_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_tries: 5, cache_bytes: 64 * 1024 * 1024 }
    }
}

/// The durable queue. One process holds it.
#[derive(Debug)]
pub struct Queue {
    path: PathBuf,
    settings: Settings,
    held: RwLock<Held>,
}

/// The database; none after it was closed and did not open again yet.
#[derive(Debug)]
struct Held {
    open: Option<Open>,
    carried: Carried,
}

/// What outlives one opening of the database within a process.
#[derive(Debug, Default)]
struct Carried {
    /// Posts on loan.
    leased: BTreeSet<u64>,
    /// Tries to be put back.
    uncounted: BTreeMap<u64, u32>,
}

impl Queue {
    /// Opens the queue in this folder, or makes it. Posts that were on loan
    /// when the process ended wait again; one whose loans used up its tries
    /// without an answer is set aside.
    pub fn open(path: &Path, settings: &Settings) -> Result<Self> {
        let open = Open::read(path, settings)?;
        open.set_aside_what_used_up_its_tries()?;
        let held = Held { open: Some(open), carried: Carried::default() };
        Ok(Self { path: path.to_owned(), settings: settings.clone(), held: RwLock::new(held) })
    }

    /// Closes the database and opens it as it is on disk: all that was
    /// acknowledged, and nothing that failed. What is on loan stays so. To be
    /// called after an error that [asks for it](QueueError::asks_to_reopen);
    /// fails as long as the disk does.
    pub fn reopen(&self) -> Result<()> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        self.held.clear_poison();
        if let Some(mut open) = held.open.take() {
            held.carried = open.carried();
            // sled syncs when it is closed, and panics where the disk refuses
            catch_unwind(AssertUnwindSafe(|| drop(open)))
                .map_err(|_| QueueError::Broken { deed: "close" })?;
        }
        let open = Open::read(&self.path, &self.settings)?;
        open.carry(&held.carried)?;
        held.carried = Carried::default();
        held.open = Some(open);
        Ok(())
    }

    /// Moves a queue out of the way: one that is whole to `queue.old-1`, a
    /// damaged one to `queue.damaged-1`, or the next free number. Gives the
    /// place it lies at now.
    pub fn keep_aside(path: &Path, is_whole: bool) -> Result<PathBuf> {
        disk::keep_aside(path, is_whole)
    }

    /// Queues posts that are not known yet and moves the bookmark, in one
    /// transaction, durable when this returns. Gives the number of new posts.
    pub fn push(&self, source: &str, posts: &[PostRef], bookmark: &Bookmark) -> Result<usize> {
        self.with(|open| open.push(source, posts, bookmark))
    }

    /// Queues posts again that captures hold and the ledger has not settled,
    /// whether known or not; those that wait or are set aside stay single.
    /// Gives the number queued.
    pub fn requeue(&self, posts: &[(String, PostRef)]) -> Result<usize> {
        self.with(|open| open.requeue(posts))
    }

    /// Remembers posts as known without queueing them: they are settled.
    pub fn remember(&self, posts: &[PostRef]) -> Result<()> {
        self.with(|open| open.remember(posts))
    }

    /// Whether this version of this post was ever queued.
    pub fn is_known(&self, post: Digest, version: Digest) -> Result<bool> {
        self.with(|open| open.is_known(post, version))
    }

    /// How far the source was read; an empty bookmark for one never read.
    pub fn bookmark(&self, source: &str) -> Result<Bookmark> {
        self.with(|open| open.bookmark(source))
    }

    /// How the source is.
    pub fn health(&self, source: &str) -> Result<Health> {
        self.with(|open| open.health(source))
    }

    /// Remembers how the source is. Not synced: after a power cut the source
    /// is merely asked again.
    pub fn set_health(&self, source: &str, health: &Health) -> Result<()> {
        self.with(|open| open.set_health(source, health))
    }

    /// Lends the oldest posts, at most so many. The loan counts as a try, and
    /// the try is flushed before the post is handed out, so that a post that
    /// brings the process down is set aside in the end. One that was lent
    /// before is lent alone: whatever happens then is its own doing.
    pub fn take(&self, most: usize) -> Result<Vec<Delivery>> {
        self.with(|open| open.take(most))
    }

    /// Finishes loans: these posts are settled and leave the queue.
    pub fn done(&self, loans: &[Delivery]) -> Result<()> {
        self.with(|open| open.done(loans))
    }

    /// Returns a loan with a reason; after its last try the post is set aside.
    pub fn again(&self, loan: &Delivery, reason: &str) -> Result<()> {
        self.with(|open| open.again(loan, reason))
    }

    /// Returns loans without counting the try: the fault was not theirs.
    pub fn give_back(&self, loans: &[Delivery]) -> Result<()> {
        self.with(|open| open.give_back(loans))
    }

    /// How many posts wait, are on loan, are set aside.
    pub fn counts(&self) -> Result<Counts> {
        self.with(Open::counts)
    }

    /// The oldest posts in line, on loan or not, at most so many.
    pub fn waiting(&self, most: usize) -> Result<Vec<Delivery>> {
        self.with(|open| open.waiting(most))
    }

    /// The posts set aside, oldest first, at most so many.
    pub fn aside(&self, most: usize) -> Result<Vec<Aside>> {
        self.with(|open| open.aside(most))
    }

    /// The post of this number: in line, or set aside.
    pub fn find(&self, id: u64) -> Result<(Delivery, Option<String>)> {
        self.with(|open| open.find(id))
    }

    /// Puts a post that was set aside back in line, its tries forgotten.
    pub fn retry(&self, id: u64) -> Result<()> {
        self.with(|open| open.retry(id))
    }

    /// Takes a post that was set aside out for good. Whoever calls this has
    /// written in the ledger that it was dropped.
    pub fn drop_aside(&self, id: u64) -> Result<PostRef> {
        self.with(|open| open.drop_aside(id))
    }

    fn with<T>(&self, ask: impl FnOnce(&Open) -> Result<T>) -> Result<T> {
        let held = self.held.read().map_err(|_| QueueError::Poisoned)?;
        held.open.as_ref().map_or(Err(QueueError::Broken { deed: "reopen" }), ask)
    }
}

#[cfg(test)]
mod tests;
