//! The asking half: what is due is asked; what is read is kept and queued.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet, spawn_blocking};

use super::{ASKED_AT_ONCE, Pipeline, Progress, Stop};
use crate::fetch::{FetchError, Fetched, Page, ReadError, Request, Schedule, Source, address};
use crate::model::{Actor, Bookmark, Capture, Digest, Draft, Event, Health, Post, PostRef};
use crate::queue::QueueError;
use crate::store::StoreError;

/// Polls after which a page that is no longer listed is forgotten.
const FORGET_AFTER_POLLS: u64 = 50;

/// The longest text of a post that goes on to the matcher, in bytes.
const LONGEST_TEXT: usize = 1024 * 1024;

/// How long the scheduler sleeps at most when nothing is due.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// What came of asking a source once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Poll {
    /// It answered; so many posts were read, so many of them not known before.
    Read {
        /// Posts read.
        posts: usize,
        /// Posts not known before.
        new: usize,
        /// What was skipped or repaired on the way, one sentence each.
        problems: Vec<String>,
    },
    /// Nothing new: it answered 304.
    Unchanged,
    /// It failed.
    Failed {
        /// What ails it, in a sentence.
        reason: String,
        /// Whether asking again may help.
        is_transient: bool,
    },
}

/// Why a poll came to nothing.
#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("reading the answer failed inside Netra")]
    Task(#[from] JoinError),
}

impl PollError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_transient(),
            Self::Read(_) | Self::Task(_) => false,
            Self::Queue(_) | Self::Store(_) => true,
        }
    }

    fn ailment(&self) -> String {
        match self {
            Self::Fetch(error) => error.ailment(),
            Self::Read(_) => "malformed".into(),
            Self::Queue(_) | Self::Store(_) => "store".into(),
            Self::Task(_) => "internal".into(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            _ => None,
        }
    }
}

impl Pipeline {
    /// Asks each source whenever it is due, until told to stop.
    pub(super) async fn ask_as_due(self: &Arc<Self>, queued: &Arc<Notify>, mut stop: Stop) {
        let mut polls = JoinSet::new();
        let mut asked_now: HashMap<Id, usize> = HashMap::new();
        while !stop.is_said() {
            let now = self.clock.now();
            let mut nap = LONGEST_NAP;
            for (number, source) in self.sources.iter().enumerate() {
                if asked_now.values().any(|asked| *asked == number) {
                    continue;
                }
                let schedule = Schedule::new(source.name(), source.every());
                let due = schedule.resume(&self.health(source.name()), now);
                if due <= now && polls.len() < ASKED_AT_ONCE {
                    let poll = self.clone().poll_numbered(number, queued.clone(), stop.clone());
                    asked_now.insert(polls.spawn(poll).id(), number);
                } else if due > now {
                    nap = nap.min(Duration::try_from(due.duration_since(now)).unwrap_or(nap));
                }
            }
            tokio::select! {
                Some(done) = polls.join_next_with_id() => forget(&mut asked_now, done),
                () = tokio::time::sleep(nap) => {}
                () = stop.said() => {}
            }
        }
        while polls.join_next().await.is_some() {}
    }

    /// Asks each source until it answered well once or failed for good.
    pub(super) async fn ask_each_once(self: &Arc<Self>, queued: &Arc<Notify>, stop: Stop) {
        let mut polls = JoinSet::new();
        for number in 0..self.sources.len() {
            if polls.len() >= ASKED_AT_ONCE {
                polls.join_next().await;
            }
            if stop.is_said() {
                break;
            }
            polls.spawn(self.clone().poll_numbered(number, queued.clone(), stop.clone()));
        }
        while polls.join_next().await.is_some() {}
    }

    async fn poll_numbered(self: Arc<Self>, number: usize, queued: Arc<Notify>, stop: Stop) {
        if let Some(source) = self.sources.get(number) {
            let poll = self.poll(source.clone(), &queued, stop).await;
            self.tell(Progress::Asked { source: source.name().to_owned(), poll });
        }
    }

    async fn poll(self: &Arc<Self>, source: Arc<dyn Source>, queued: &Notify, stop: Stop) -> Poll {
        let outcome = self.read(&source, queued, stop).await;
        let now = self.clock.now();
        let mut health = self.health(source.name());
        let was_failing = health.failures > 0;
        health.asked = Some(now);
        let schedule = Schedule::new(source.name(), source.every());
        let poll = match outcome {
            Ok(poll) => {
                health.answered = Some(now);
                health.failures = 0;
                health.ailment = None;
                health.due = Some(schedule.after_answer(now));
                if let Poll::Read { new, .. } = &poll
                    && *new > 0
                {
                    health.fresh = Some(now);
                    health.posts += *new as u64;
                }
                if was_failing {
                    self.note(Event::SourceRecovered { source: source.name().into() }).await;
                }
                poll
            }
            Err(error) => {
                let reason = sentence(&error);
                if let PollError::Queue(error) = &error {
                    self.reopen_queue(error).await;
                }
                health.failures += 1;
                // A word: what it answers with may name addresses, and the queue holds none.
                health.ailment = Some(error.ailment());
                let due = schedule.after_failure(
                    now,
                    health.failures,
                    error.is_transient(),
                    error.retry_after(),
                );
                health.due = Some(due);
                tracing::warn!(source = source.name(), ailment = error.ailment(), %due, "source failed");
                if !was_failing {
                    let ailment = error.ailment();
                    self.note(Event::SourceFailed { source: source.name().into(), ailment }).await;
                }
                Poll::Failed { reason, is_transient: error.is_transient() }
            }
        };
        if let Err(error) = self.queue.set_health(source.name(), &health) {
            tracing::warn!(source = source.name(), %error, "cannot remember the health of the source");
        }
        poll
    }

    async fn read(
        self: &Arc<Self>,
        source: &Arc<dyn Source>,
        queued: &Notify,
        stop: Stop,
    ) -> Result<Poll, PollError> {
        let mut bookmark = self.queue.bookmark(source.name())?;
        bookmark.polls += 1;
        let Fetched::New(capture) = self.gate.get(&source.first(&bookmark), source.name()).await?
        else {
            return Ok(Poll::Unchanged);
        };
        let mut mark = bookmark.clone();
        mark.etag = capture.header("etag").map(str::to_owned);
        mark.last_modified = capture.header("last-modified").map(str::to_owned);
        let (capture, page) = read_page(source, capture).await?;
        let mut problems = page.problems;
        let mut posts = page.posts.len();
        let (teasers, whole) = split_teasers(page.posts, &page.follow);
        let follow = self.unread(&page.follow, &mut bookmark);
        let mut new = self.keep(source, &capture, whole, &bookmark, queued).await?;

        let mut is_complete = true;
        let mut without_article = Vec::new();
        let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
        for request in follow {
            if stop.is_said() {
                is_complete = false;
                break;
            }
            let key = self.address_key(&request);
            match self.follow(source, &request).await {
                Ok(Some((capture, page))) => {
                    problems.extend(page.problems);
                    bookmark.read.insert(key, bookmark.polls);
                    if teasers.is_empty() {
                        posts += page.posts.len();
                    }
                    new += self.keep(source, &capture, page.posts, &bookmark, queued).await?;
                }
                Ok(None) => {
                    bookmark.read.insert(key, bookmark.polls);
                }
                Err(error) => {
                    if error.is_transient() {
                        is_complete = false;
                    } else {
                        bookmark.read.insert(key, bookmark.polls);
                    }
                    *left_out.entry(error.ailment()).or_default() += 1;
                    let is_its = |post: &&Post| is_at(post, &request);
                    without_article.extend(teasers.iter().find(is_its).cloned());
                }
            }
        }
        problems.extend(
            left_out
                .iter()
                .map(|(ailment, pages)| format!("{pages} pages could not be had: {ailment}")),
        );
        // An article that cannot be had never loses the teaser.
        new += self.keep(source, &capture, without_article, &bookmark, queued).await?;
        // The validators promise that all was read: not before it was.
        if is_complete {
            bookmark.etag = mark.etag;
            bookmark.last_modified = mark.last_modified;
        }
        self.queue.push(source.name(), &[], &bookmark)?;
        Ok(Poll::Read { posts, new, problems })
    }

    async fn follow(
        &self,
        source: &Arc<dyn Source>,
        request: &Request,
    ) -> Result<Option<(Capture, Page)>, PollError> {
        match self.gate.get(request, source.name()).await? {
            Fetched::New(capture) => Ok(Some(read_page(source, capture).await?)),
            Fetched::Unchanged => Ok(None),
        }
    }

    /// The pages not read yet; those listed again are remembered as such.
    fn unread(&self, follow: &[Request], bookmark: &mut Bookmark) -> Vec<Request> {
        let polls = bookmark.polls;
        let mut unread = Vec::new();
        for request in follow {
            match bookmark.read.get_mut(&self.address_key(request)) {
                Some(last) => *last = polls,
                None => unread.push(request.clone()),
            }
        }
        bookmark.read.retain(|_, last| polls.saturating_sub(*last) < FORGET_AFTER_POLLS);
        unread
    }

    fn address_key(&self, request: &Request) -> Digest {
        self.store.secret().digest(request.address.as_str().as_bytes())
    }

    /// Keeps the capture if it holds a post not known before, and queues those posts.
    async fn keep(
        self: &Arc<Self>,
        source: &Arc<dyn Source>,
        capture: &Capture,
        posts: Vec<Post>,
        bookmark: &Bookmark,
        queued: &Notify,
    ) -> Result<usize, PollError> {
        if posts.is_empty() {
            return Ok(0);
        }
        let capture = capture.clone();
        let (pipeline, name, bookmark) = (self.clone(), source.name().to_owned(), bookmark.clone());
        let new = spawn_blocking(move || pipeline.keep_now(&name, &capture, &posts, &bookmark));
        let new = new.await??;
        if new > 0 {
            queued.notify_one();
        }
        Ok(new)
    }

    fn keep_now(
        &self,
        source: &str,
        capture: &Capture,
        posts: &[Post],
        bookmark: &Bookmark,
    ) -> Result<usize, PollError> {
        let posts: Vec<_> = posts.iter().map(bounded).collect();
        let secret = self.store.secret();
        let mut fresh = Vec::new();
        for (index, post) in (0u32..).zip(&posts) {
            let (id, version) = (post.id.keyed(secret), post.version(secret));
            if !self.queue.is_known(id, version)? {
                fresh.push((index, id, version));
            }
        }
        if fresh.is_empty() {
            return Ok(0);
        }
        let id = self.store.keep(capture, &posts)?;
        let refs: Vec<_> = fresh
            .into_iter()
            .map(|(index, post, version)| PostRef { capture: id, index, post, version })
            .collect();
        Ok(self.queue.push(source, &refs, bookmark)?)
    }

    fn health(&self, source: &str) -> Health {
        self.queue.health(source).unwrap_or_else(|error| {
            tracing::warn!(source, %error, "cannot read the health of the source");
            Health::default()
        })
    }

    async fn note(self: &Arc<Self>, event: Event) {
        let (pipeline, at) = (self.clone(), self.clock.now());
        let append = spawn_blocking(move || {
            pipeline.store.append(&Actor::pipeline(), at, vec![Draft::from(event)])
        });
        match append.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "cannot write the ledger"),
            Err(error) => tracing::error!(%error, "writing the ledger ended badly"),
        }
    }
}

/// The posts whose own page is to be read, and the others.
fn split_teasers(posts: Vec<Post>, follow: &[Request]) -> (Vec<Post>, Vec<Post>) {
    posts.into_iter().partition(|post| follow.iter().any(|request| is_at(post, request)))
}

fn is_at(post: &Post, request: &Request) -> bool {
    let canonical = address::canonical(request.address.as_str(), None);
    canonical.is_some_and(|address| post.address.as_deref() == Some(address.as_str()))
}

/// The post with a text that every later step can carry; the capture holds all of it.
fn bounded(post: &Post) -> Post {
    let cut = |text: &str| text[..text.floor_char_boundary(LONGEST_TEXT)].to_owned();
    Post { title: cut(&post.title), text: cut(&post.text), ..post.clone() }
}

async fn read_page(
    source: &Arc<dyn Source>,
    capture: Capture,
) -> Result<(Capture, Page), PollError> {
    let source = source.clone();
    spawn_blocking(move || {
        let page = source.read(&capture)?;
        Ok((capture, page))
    })
    .await?
}

fn forget(asked_now: &mut HashMap<Id, usize>, done: Result<(Id, ()), JoinError>) {
    let id = match done {
        Ok((id, ())) => id,
        Err(error) => {
            tracing::error!(%error, "a poll ended badly");
            error.id()
        }
    };
    asked_now.remove(&id);
}

/// The error and its causes, in one line.
fn sentence(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        sentence.push_str(": ");
        sentence.push_str(&error.to_string());
        cause = error.source();
    }
    sentence
}
