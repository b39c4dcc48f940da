//! Opens the queue, and makes whole what a crash or a damaged disk left of it.
//!
//! Captures and ledger are the truth: a post that a capture holds and no entry
//! settles belongs in the queue. Comparing the two reads every capture, so it
//! is done when there is a reason: the last run did not end as it was told to,
//! the queue could not be opened, or somebody asks.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use std::sync::Arc;

use super::Result;
use super::house::{queue_failure, store_failure};
use super::init::cannot_create;
use crate::config::Config;
use crate::model::{Digest, PostRef};
use crate::queue::{Queue, QueueError};
use crate::store::Store;

/// Lies in the data folder while a daemon runs, or while a queue is made anew;
/// one that is there at the start tells that either was cut off.
pub(super) struct Running(PathBuf);

impl Running {
    /// Says that a daemon runs.
    pub(super) fn begin(config: &Config) -> Result<Self> {
        let path = config.data.folder.join("running");
        mark(&path)?;
        Ok(Self(path))
    }

    /// Says that it ended as it was told to.
    pub(super) fn end(self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "the next start will compare queue and captures");
        }
    }
}

/// Writes a mark that a power cut does not take back.
fn mark(path: &Path) -> Result<()> {
    let beside = path.parent().unwrap_or(Path::new("."));
    File::create(path)
        .and_then(|file| file.sync_all())
        .and_then(|()| File::open(beside)?.sync_all())
        .map_err(|error| cannot_create(path, error))
}

/// Whether something was cut off that may have left the queue incomplete.
fn was_cut_off(config: &Config) -> bool {
    ["running", "healing"].iter().any(|name| config.data.folder.join(name).exists())
}

fn folder(config: &Config) -> PathBuf {
    config.data.folder.join("queue")
}

/// What captures and ledger say of posts.
struct Truth {
    /// Posts that wait for the matcher, each with its source.
    open: Vec<(String, PostRef)>,
    /// Posts that are settled.
    settled: Vec<PostRef>,
    /// Captures that cannot be read.
    problems: Vec<String>,
}

impl Truth {
    fn read(store: &Store) -> Result<Self> {
        let mut truth = Self { open: Vec::new(), settled: Vec::new(), problems: Vec::new() };
        let mut seen = Vec::new();
        for post in store.posts().map_err(store_failure)? {
            match post {
                Ok((_, post, true)) => truth.settled.push(post),
                Ok((source, post, false)) => seen.push((source, post)),
                Err(error) => truth.problems.push(error.to_string()),
            }
        }
        // A post can lie in several captures and is settled in one of them.
        let mut known: BTreeSet<_> = truth.settled.iter().map(pair).collect();
        seen.retain(|(_, post)| known.insert(pair(post)));
        truth.open = seen;
        Ok(truth)
    }
}

fn pair(post: &PostRef) -> (Digest, Digest) {
    (post.post, post.version)
}

/// Opens the queue; heals it when there is a reason to.
pub(super) fn queue(config: &Config, store: &Store) -> Result<Arc<Queue>> {
    let path = folder(config);
    if !path.exists() {
        return Ok(Arc::new(fresh(config, store, &path)?));
    }
    match Queue::open(&path, &config.queue) {
        Ok(queue) => {
            if was_cut_off(config) {
                requeue(config, &queue, store)?;
            }
            Ok(Arc::new(queue))
        }
        Err(
            error @ (QueueError::Database { .. }
            | QueueError::Broken { .. }
            | QueueError::Damaged { .. }),
        ) => {
            let (queue, kept) = anew(config, store, &path, false)?;
            tracing::warn!(%error, kept = %kept.display(), "the queue was damaged: it was made anew from captures and ledger, the damaged one is kept");
            Ok(Arc::new(queue))
        }
        Err(error) => Err(queue_failure(error)),
    }
}

/// What `netra store rebuild` says.
pub(super) fn rebuild(config: &Config, store: &Store) -> Result<String> {
    let path = folder(config);
    let (queue, kept) = if path.exists() {
        let is_whole = is_whole(config, &path);
        let (queue, kept) = anew(config, store, &path, is_whole)?;
        let kept = kept.display();
        let kept = if is_whole {
            format!("; the old one was whole and lies in `{kept}`: it may be deleted")
        } else {
            format!("; the old one was damaged and is kept in `{kept}`")
        };
        (queue, kept)
    } else {
        (fresh(config, store, &path)?, String::new())
    };
    let counts = queue.counts().map_err(queue_failure)?;
    Ok(format!(
        "index made anew from {} entries; queue made anew: {} posts wait{kept}",
        store.size(),
        counts.waiting,
    ))
}

/// Whether the queue opens and every post in it can be read.
fn is_whole(config: &Config, path: &Path) -> bool {
    Queue::open(path, &config.queue)
        .is_ok_and(|queue| queue.waiting(usize::MAX).is_ok() && queue.aside(usize::MAX).is_ok())
}

fn anew(config: &Config, store: &Store, path: &Path, is_whole: bool) -> Result<(Queue, PathBuf)> {
    mark(&config.data.folder.join("healing"))?;
    let kept = Queue::keep_aside(path, is_whole).map_err(queue_failure)?;
    Ok((fresh(config, store, path)?, kept))
}

fn fresh(config: &Config, store: &Store, path: &Path) -> Result<Queue> {
    // From here until it is filled, an empty queue must not pass for a whole one.
    mark(&config.data.folder.join("healing"))?;
    let queue = Queue::open(path, &config.queue).map_err(queue_failure)?;
    requeue(config, &queue, store)?;
    Ok(queue)
}

fn requeue(config: &Config, queue: &Queue, store: &Store) -> Result<()> {
    let truth = Truth::read(store)?;
    for problem in &truth.problems {
        tracing::error!("a capture cannot be read: {problem}");
    }
    queue.remember(&truth.settled).map_err(queue_failure)?;
    let queued = queue.requeue(&truth.open).map_err(queue_failure)?;
    if queued > 0 {
        tracing::warn!(
            posts = queued,
            "posts that captures hold and no entry settles were queued again"
        );
    }
    let healing = config.data.folder.join("healing");
    if healing.exists() {
        fs::remove_file(&healing).map_err(|error| cannot_create(&healing, error))?;
    }
    Ok(())
}

/// How the queue and the index differ from captures and ledger.
pub(super) fn check(config: &Config, store: &Store) -> Result<Vec<String>> {
    let mut differences = store.check().map_err(store_failure)?.differences;
    let queue = Queue::open(&folder(config), &config.queue).map_err(queue_failure)?;
    let truth = Truth::read(store)?;
    differences.extend(truth.problems);
    let most = usize::MAX;
    let waiting = queue.waiting(most).map_err(queue_failure)?;
    let aside = queue.aside(most).map_err(queue_failure)?;
    let there: BTreeSet<_> = waiting
        .iter()
        .chain(aside.iter().map(|aside| &aside.delivery))
        .map(|delivery| pair(&delivery.post))
        .collect();
    for (source, post) in truth.open.iter().filter(|(_, post)| !there.contains(&pair(post))) {
        differences.push(format!(
            "post {} of capture {} ({source}) is neither settled nor in the queue",
            post.index,
            post.capture.0.short(12),
        ));
    }
    Ok(differences)
}
