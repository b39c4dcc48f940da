//! Stage 4: keeps evidence for good.
//!
//! | in the data folder | what | if it is lost |
//! |---|---|---|
//! | `ledger/` | what happened: append-only, signed ([`ledger`]) | evidence is lost |
//! | `payload/` | texts, names, reasons in words, in packs ([`payload`]) | evidence is lost |
//! | `captures/` | answers as received, WARC ([`warc`]) | evidence is lost |
//! | `key`, `key.pub` | the key that signs checkpoints, and its public half ([`Store::rotate_key`]) | no entry can be added |
//! | `secret` | the key of keyed digests | known posts are taken for new |
//! | `index/` | answers for pages and reports ([`index`]) | made anew when opened |
//! | `lock` | held while the store is open | nothing |
//!
//! All calls block; a task calls them where blocking is allowed.

pub mod ledger;
pub mod payload;
mod capture;
mod follow;
mod key;
pub mod warc;
pub mod index;
pub mod evidence;
pub mod extract;
pub mod bag;
mod file;
pub mod error;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use self::capture::Captures;
pub use self::capture::MAX_FILE;
use self::error::Doing;
pub use self::error::StoreError;
use self::file::{create_folder, sync_folder};
use self::follow::{differences, follow, new_index, open_index};
use self::index::memory::Memory;
pub use self::index::{Complied, Counts, Cursor, Filter, Index, SourceCounts};
use self::key::{read_secret, read_signer};
use self::ledger::note::Verifier;
use self::ledger::{Ledger, Log};
use self::payload::Packs;
use crate::model::{
    Actor, Capture, CaptureId, Digest, Draft, Entry, Event, PayloadId, Post, PostRef, Secret,
};
use crate::text::identity::mask_event;

/// The most drafts of one append.
pub const MAX_BATCH: usize = 4096;
/// How often, and after which pause, a lock is asked for that is held: one that
/// was just killed holds it until the system has cleared it away, and a process
/// that starts a program lends it for the instant between fork and exec.
const LOCK_TRIES: u32 = 100;
/// See [`LOCK_TRIES`].
const LOCK_PAUSE: Duration = Duration::from_millis(5);
/// Entry 0 of every ledger.
const OPENED: Event = Event::Opened { format: 1 };

/// How a store is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The name of the log in its checkpoints: a name like an address without
    /// scheme that nobody else uses; no spaces, no plus signs. Fixed when the
    /// store is made.
    pub origin: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { origin: "netra.invalid/ledger".into() }
    }
}

/// Something that healed while the store was opened; worth a line in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The index was damaged, was put aside, and was made anew.
    IndexRebuilt {
        /// What was wrong with it.
        why: String,
        /// Where the damaged one was put.
        kept: PathBuf,
    },
    /// The index cannot lie on disk; it is in memory until the next start.
    IndexInMemory {
        /// Why.
        why: String,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::IndexRebuilt { why, kept } => write!(
                f,
                "the index was damaged ({why}) and was made anew from the ledger; the damaged one is kept in `{}`",
                kept.display()
            ),
            Self::IndexInMemory { why } => write!(
                f,
                "the index cannot lie on disk ({why}); netra goes on with one in memory: free space and restart"
            ),
        }
    }
}

/// The store, open; one at a time for a folder. Can be shared among threads.
pub struct Store {
    data: PathBuf,
    secret: Secret,
    writer: Mutex<Ledger>,
    /// Taken after `writer`.
    packs: Mutex<Packs>,
    size: AtomicU64,
    index: RwLock<Arc<dyn Index>>,
    captures: Captures,
    notices: Mutex<Vec<Notice>>,
    _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.data.display())
    }
}

/// What [`Store::check`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How many entries the ledger has.
    pub entries: u64,
    /// What the index says otherwise than the ledger, in sentences; empty if it is sound.
    pub differences: Vec<String>,
}

impl Store {
    /// Makes a store in this folder at this time, and opens it.
    pub fn create(data: &Path, settings: &Settings, at: Timestamp) -> Result<Self, StoreError> {
        create_folder(data)?;
        let lock = lock(data)?;
        let ledger = data.join("ledger");
        if ledger.join(ledger::CHECKPOINT).exists() {
            return Err(StoreError::Exists { folder: data.to_owned() });
        }
        let signer = key::make_signer(data, &settings.origin)?;
        Ledger::create(&ledger, &signer)?;
        let store = Self::open_locked(data, lock)?;
        store.append(&Actor("netra:store".into()), at, vec![OPENED.into()])?;
        Ok(store)
    }

    /// Opens the store in this folder, and brings ledger and index to the last
    /// acknowledged state. Asks nothing of the settings but that they are there:
    /// what is fixed was fixed when the store was made.
    pub fn open(data: &Path, _settings: &Settings) -> Result<Self, StoreError> {
        if !data.join("ledger").join(ledger::CHECKPOINT).exists() && !key::is_there(data) {
            return Err(StoreError::Missing { folder: data.to_owned() });
        }
        let lock = lock(data)?;
        Self::open_locked(data, lock)
    }

    fn open_locked(data: &Path, lock: File) -> Result<Self, StoreError> {
        let signer = read_signer(data)?;
        let secret = read_secret(data)?;
        let ledger = Ledger::open(&data.join("ledger"), signer)?;
        let size = ledger.size();
        let mut notices = Vec::new();
        let index = open_index(data, &ledger.log(), &mut notices)?;
        Ok(Self {
            data: data.to_owned(),
            secret,
            writer: Mutex::new(ledger),
            packs: Mutex::new(Packs::new(data)),
            size: AtomicU64::new(size),
            index: RwLock::new(index),
            captures: Captures::new(data),
            notices: Mutex::new(notices),
            _lock: lock,
        })
    }

    /// Changes the signing key of the store in this folder; gives the new public
    /// one. The entry that tells it names both keys and is signed by the old one.
    pub fn rotate_key(
        data: &Path,
        settings: &Settings,
        by: &Actor,
        at: Timestamp,
    ) -> Result<Verifier, StoreError> {
        let store = Self::open(data, settings)?;
        let event = key::next(data, store.writer().signer())?;
        store.append(by, at, vec![event.into()])?;
        drop(store);
        // opening finishes what the entry began
        let store = Self::open(data, settings)?;
        let verifier = store.writer().signer().verifier().clone();
        Ok(verifier)
    }

    /// What healed since the last time this was asked.
    pub fn notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.data
    }

    /// The key of keyed digests.
    pub const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Acquire)
    }

    /// The signed checkpoint of the present state, as a report prints it.
    pub fn checkpoint(&self) -> String {
        self.writer().note()
    }

    /// What pages and reports ask; always at the last entry.
    pub fn index(&self) -> Arc<dyn Index> {
        Arc::clone(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Appends what happened. When it returns, entries and payloads are on
    /// disk; after an error none of the entries is in the ledger.
    ///
    /// A step that was done before is passed over, so that the machine may
    /// repeat what a crash cut off: a version of a finding that was flagged
    /// already, places of a capture that are settled already. The entries
    /// given back are those that were appended.
    pub fn append(
        &self,
        by: &Actor,
        at: Timestamp,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Entry>, StoreError> {
        if drafts.len() > MAX_BATCH {
            return Err(StoreError::BatchTooLarge { drafts: drafts.len(), most: MAX_BATCH });
        }
        let mut writer = self.writer();
        // numbers and steps done before are told by a ledger that is healed
        writer.ready()?;
        self.size.store(writer.size(), Ordering::Release);
        self.catch_up(&writer.log())?;
        let mut drafts = self.news(drafts)?;
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        if writer.size() == 0 && drafts.first().map(|draft| &draft.event) != Some(&OPENED) {
            // the making of the store was interrupted
            drafts.insert(0, OPENED.into());
        }
        let mut packs = self.packs.lock().unwrap_or_else(PoisonError::into_inner);
        packs.settle(&writer.log())?;
        let mut entries = Vec::with_capacity(drafts.len());
        let mut values = Vec::new();
        for (seq, mut draft) in (writer.size()..).zip(drafts) {
            // what the log holds in clear cannot be erased from it
            mask_event(&mut draft.event);
            values.extend(draft.payload.map(|value| (seq, value)));
            let (by, event) = (by.clone(), draft.event);
            entries.push(Entry { seq, at, by, payload: None, event });
        }
        let first = writer.size();
        for ((seq, _), id) in values.iter().zip(packs.write(&values)?) {
            let place = usize::try_from(seq - first).unwrap_or(usize::MAX);
            entries.get_mut(place).map(|entry| entry.payload.insert(id));
        }
        let leaves = entries.iter().map(encode).collect::<Result<Vec<_>, _>>()?;
        writer.append(&leaves)?;
        packs.accept();
        self.size.store(writer.size(), Ordering::Release);
        // The entries are in the ledger, whatever becomes of the index: one that
        // fails is brought up to the ledger, or made anew, by the next append.
        if self.index().apply(&entries).is_err() {
            drop(self.catch_up(&writer.log()));
        }
        Ok(entries)
    }

    /// Lays out as plain files what only the journal holds so far; nothing to
    /// do if the files are up to it. Every entry is durable without this: it is
    /// for those who read the files.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.writer().flush()
    }

    /// The entries from this number on, up to the last one there is now.
    pub fn entries(&self, from: u64) -> impl Iterator<Item = Result<Entry, StoreError>> + use<> {
        let log = self.writer().log();
        log.entries(from)
    }

    /// One entry.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>, StoreError> {
        self.entries(seq).next().transpose()
    }

    /// What the last entry says of which this asks something and gets an answer.
    pub fn last<T>(&self, ask: impl Fn(&Entry) -> Option<T>) -> Result<Option<T>, StoreError> {
        let log = self.writer().log();
        log.last(ask)
    }

    /// Writes and syncs a capture and the posts read from it. To keep the same again changes nothing.
    pub fn keep(&self, capture: &Capture, posts: &[Post]) -> Result<CaptureId, StoreError> {
        self.captures.keep(capture, posts)
    }

    /// Writes and syncs a later answer from which no post is read; one with the
    /// body of `earlier` names that capture and leaves the body out.
    pub fn keep_again(
        &self,
        capture: &Capture,
        earlier: Option<CaptureId>,
    ) -> Result<CaptureId, StoreError> {
        self.captures.keep_again(capture, earlier)
    }

    /// Reads a capture and its posts, checked against its name.
    pub fn capture(&self, id: CaptureId) -> Result<(Capture, Vec<Post>), StoreError> {
        self.captures.read(id)
    }

    /// Where the file of a capture lies.
    pub fn capture_path(&self, id: CaptureId) -> Result<PathBuf, StoreError> {
        self.captures.path(id)
    }

    /// Every post of every capture that lies there, oldest day first, each with
    /// its source and whether it is settled: of this a lost queue is made anew.
    /// A capture that cannot be read is an error in its place, and not the end.
    pub fn posts(
        &self,
    ) -> Result<impl Iterator<Item = Result<(String, PostRef, bool), StoreError>> + '_, StoreError>
    {
        let captures = self.captures.all()?;
        Ok(captures.into_iter().flat_map(move |id| match self.posts_of(id) {
            Ok(posts) => posts.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }))
    }

    fn posts_of(&self, capture: CaptureId) -> Result<Vec<(String, PostRef, bool)>, StoreError> {
        let (_, posts) = self.capture(capture)?;
        let settled = self.index().settled(capture)?;
        let posts = (0_u32..).zip(posts).map(|(index, post)| {
            let version = post.version(&self.secret);
            let reference = PostRef { capture, index, post: post.id.keyed(&self.secret), version };
            (post.source, reference, settled.binary_search(&index).is_ok())
        });
        Ok(posts.collect())
    }

    /// What a payload says, checked against its name.
    pub fn payload(&self, id: PayloadId) -> Result<Value, StoreError> {
        let bytes = self.payload_bytes(id)?;
        payload::value(&bytes).map_err(|what| StoreError::damaged(&self.data.join("payload"), what))
    }

    /// The bytes that a payload is named after: its salt and its JSON.
    pub fn payload_bytes(&self, id: PayloadId) -> Result<Vec<u8>, StoreError> {
        let entry = self.index().entry_of(id)?.ok_or(StoreError::NoPayload { id })?;
        payload::pack::payload(&self.data, entry, id)?.ok_or(StoreError::NoPayload { id })
    }

    /// Throws the index away and makes it anew from the ledger.
    pub fn rebuild(data: &Path, settings: &Settings) -> Result<Self, StoreError> {
        {
            let _lock = lock(data)?;
            let folder = data.join("index");
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).doing("remove", &folder);
                }
                _ => sync_folder(data)?,
            }
        }
        Self::open(data, settings)
    }

    /// Compares what the index says with what the ledger says.
    pub fn check(&self) -> Result<Check, StoreError> {
        let writer = self.writer();
        self.catch_up(&writer.log())?;
        let fresh = new_index(Memory::default(), &self.data)?;
        follow(&fresh, &writer.log())?;
        Ok(Check { entries: writer.size(), differences: differences(&*self.index(), &fresh)? })
    }

    fn writer(&self) -> MutexGuard<'_, Ledger> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the index up to the ledger; makes it anew if it cannot be.
    fn catch_up(&self, log: &Log) -> Result<(), StoreError> {
        let index = self.index();
        if index.head().is_ok_and(|head| head == log.size()) || follow(&*index, log).is_ok() {
            return Ok(());
        }
        drop(index);
        let mut place = self.index.write().unwrap_or_else(PoisonError::into_inner);
        // sled holds its folder until the last hand lets go of it
        *place = Arc::new(new_index(Memory::default(), &self.data)?);
        let mut notices = Vec::new();
        *place = open_index(&self.data, log, &mut notices)?;
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).extend(notices);
        Ok(())
    }

    /// The drafts that were not appended before.
    fn news(&self, drafts: Vec<Draft>) -> Result<Vec<Draft>, StoreError> {
        let index = self.index();
        let mut news: Vec<Draft> = Vec::with_capacity(drafts.len());
        for mut draft in drafts {
            let is_repeated = news.iter().any(|earlier| is_same_step(&earlier.event, &draft.event));
            let is_new = match &mut draft.event {
                Event::Flagged { finding, version, .. } => {
                    !index.has_version(*finding, *version)?
                }
                Event::Complied { capture, index: place, .. }
                | Event::Dropped { capture, index: place } => {
                    index.settled(*capture)?.binary_search(place).is_err()
                }
                Event::Checked { capture, posts, flagged, .. } => {
                    let settled = index.settled(*capture)?;
                    posts.retain(|post| settled.binary_search(post).is_err());
                    *flagged = (*flagged).min(u32::try_from(posts.len()).unwrap_or(u32::MAX));
                    !posts.is_empty()
                }
                _ => true,
            };
            if is_new && !is_repeated {
                news.push(draft);
            }
        }
        Ok(news)
    }
}

/// Whether two steps of one batch are the same.
fn is_same_step(one: &Event, other: &Event) -> bool {
    match (one, other) {
        (
            Event::Flagged { finding: a, version: b, .. },
            Event::Flagged { finding: c, version: d, .. },
        ) => (a, b) == (c, d),
        (Event::Checked { .. }, Event::Checked { .. })
        | (Event::Complied { .. }, Event::Complied { .. })
        | (Event::Dropped { .. }, Event::Dropped { .. }) => one == other,
        _ => false,
    }
}

/// Takes the folder for this process.
fn lock(data: &Path) -> Result<File, StoreError> {
    let path = data.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.doing("open", &path)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::park_timeout(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error).doing("lock", &path),
        }
    }
    Err(StoreError::Locked { folder: data.to_owned() })
}

/// The bytes of an entry as they stand in the ledger.
fn encode(entry: &Entry) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(entry).map_err(|source| StoreError::Encode { what: "an entry", source })
}

/// The leaf digest of an entry.
fn leaf_of(entry: &Entry) -> Result<Digest, StoreError> {
    Ok(ledger::tree::leaf(&encode(entry)?))
}
