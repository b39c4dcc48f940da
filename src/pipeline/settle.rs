//! The settling half: what is queued is scanned; what is flagged is kept for good.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::spawn_blocking;

use super::{Pipeline, Progress, Stop};
use crate::matcher::Matcher;
use crate::model::{
    Actor, Capture, CaptureId, Draft, Event, Finding, FindingId, Post, PostRef, Verdict,
};
use crate::queue::{Delivery, QueueError};
use crate::store::StoreError;

/// Posts settled with one durable append.
const BATCH: usize = 256;

/// Compliance events taken from one post: an article tells of a few units, and
/// a batch stays below what one append takes.
const COMPLIANCE_PER_POST: usize = 8;

/// First and longest rest after the store could not be written.
const RESTS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// What a batch wants written, and what can be finished once it is.
#[derive(Default)]
struct Batch {
    drafts: Vec<Draft>,
    done: Vec<Delivery>,
    flagged: usize,
    compliance: usize,
}

impl Pipeline {
    /// Settles what is queued until told to stop, or until `asked_all` says
    /// that nothing more will come and the queue is empty.
    pub(super) async fn settle(
        self: &Arc<Self>,
        queued: &Notify,
        asked_all: watch::Receiver<bool>,
        mut stop: Stop,
    ) {
        let mut rest = RESTS.0;
        while !stop.is_said() {
            let is_last = *asked_all.borrow();
            let pipeline = self.clone();
            match spawn_blocking(move || pipeline.settle_batch()).await {
                Ok(Ok(Some(settled))) => {
                    rest = RESTS.0;
                    self.tell(settled);
                }
                Ok(Ok(None)) if is_last => break,
                Ok(Ok(None)) => tokio::select! {
                    () = queued.notified() => {}
                    () = stop.said() => {}
                },
                Ok(Err(error)) => {
                    tracing::error!(%error, rest_s = rest.as_secs(), "cannot settle: nothing is lost, trying again");
                    self.tell(Progress::Paused { reason: error.to_string() });
                    tokio::select! {
                        () = tokio::time::sleep(rest) => rest = (rest * 2).min(RESTS.1),
                        () = stop.said() => {}
                    }
                    if let SettleError::Queue(error) = &error {
                        self.reopen_queue(error).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "a batch ended badly; its posts return at the next start");
                    self.tell(Progress::Paused { reason: error.to_string() });
                    tokio::select! {
                        () = tokio::time::sleep(rest) => rest = (rest * 2).min(RESTS.1),
                        () = stop.said() => {}
                    }
                }
            }
        }
    }

    /// Opens the queue anew where that may help: after an error of the disk its
    /// database refuses everything, also when there is space again.
    pub(super) async fn reopen_queue(self: &Arc<Self>, error: &QueueError) {
        if !error.asks_to_reopen() {
            return;
        }
        let pipeline = self.clone();
        match spawn_blocking(move || pipeline.queue.reopen()).await {
            Ok(Ok(())) => tracing::warn!("the queue was opened anew"),
            Ok(Err(error)) => tracing::error!(%error, "the queue does not open yet"),
            Err(error) => tracing::error!(%error, "opening the queue anew ended badly"),
        }
    }

    /// Takes a batch, scans it, writes what is to be kept, and only then
    /// finishes it. None when nothing waits.
    fn settle_batch(&self) -> Result<Option<Progress>, SettleError> {
        let deliveries = self.queue.take(BATCH)?;
        if deliveries.is_empty() {
            return Ok(None);
        }
        let settled = self.settle_deliveries(&deliveries);
        if settled.is_err() {
            // The fault is not the posts': they wait again, and no try is counted.
            self.queue.give_back(&deliveries)?;
        }
        settled.map(Some)
    }

    fn settle_deliveries(&self, deliveries: &[Delivery]) -> Result<Progress, SettleError> {
        let matcher = self.matcher.borrow().clone();
        let mut captures: BTreeMap<CaptureId, Vec<Delivery>> = BTreeMap::new();
        for delivery in deliveries {
            captures.entry(delivery.post.capture).or_default().push(delivery.clone());
        }
        let mut batch = Batch::default();
        for (id, loans) in captures {
            match self.store.capture(id) {
                Ok((capture, posts)) => {
                    self.scan(&matcher, &capture, &posts, loans, &mut batch)?;
                }
                Err(error @ (StoreError::Damaged { .. } | StoreError::NoCapture { .. })) => {
                    for loan in loans {
                        self.queue.again(&loan, &error.to_string())?;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        let written = self.store.append(&Actor::pipeline(), self.clock.now(), batch.drafts);
        for notice in self.store.notices() {
            tracing::warn!("{notice}");
        }
        written?;
        self.queue.done(&batch.done)?;
        Ok(Progress::Settled {
            posts: batch.done.len(),
            flagged: batch.flagged,
            compliance: batch.compliance,
        })
    }

    fn scan(
        &self,
        matcher: &Matcher,
        capture: &Capture,
        posts: &[Post],
        loans: Vec<Delivery>,
        batch: &mut Batch,
    ) -> Result<(), SettleError> {
        let mut settled = Vec::new();
        let mut flagged = 0;
        for loan in loans {
            let Some(post) = posts.get(loan.post.index as usize) else {
                self.queue.again(&loan, "the capture holds no such post")?;
                continue;
            };
            // A matcher that breaks down on one post must not stop the others.
            let Ok(verdict) = catch_unwind(AssertUnwindSafe(|| matcher.scan(post))) else {
                self.queue.again(&loan, "the matcher broke down on this post")?;
                continue;
            };
            batch.compliance += verdict.compliance.len();
            batch.drafts.extend(complied(post, &verdict, &loan.post));
            settled.push(loan.post.index);
            if verdict.flagged {
                flagged += 1;
                batch.drafts.push(found(capture, post, verdict, &loan.post)?);
            }
            batch.done.push(loan);
        }
        if let Some(first) = batch.done.last()
            && !settled.is_empty()
        {
            settled.sort_unstable();
            let checked = Event::Checked {
                source: capture.source.clone(),
                capture: first.post.capture,
                posts: settled,
                flagged,
            };
            batch.drafts.push(checked.into());
            batch.flagged += flagged as usize;
        }
        Ok(())
    }
}

/// Why a batch was not settled.
#[derive(Debug, thiserror::Error)]
enum SettleError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write the finding as JSON")]
    Json(#[from] serde_json::Error),
}

fn complied(post: &Post, verdict: &Verdict, place: &PostRef) -> Vec<Draft> {
    let draft = |compliance: &crate::model::Compliance| {
        Draft::from(Event::Complied {
            post: place.post,
            kind: compliance.event,
            unit: compliance.unit.clone(),
            date: compliance.date,
            source: post.source.clone(),
            capture: place.capture,
            index: place.index,
        })
    };
    verdict.compliance.iter().take(COMPLIANCE_PER_POST).map(draft).collect()
}

fn found(
    capture: &Capture,
    post: &Post,
    verdict: Verdict,
    place: &PostRef,
) -> Result<Draft, serde_json::Error> {
    let mut rules: Vec<_> = verdict.parts.iter().map(|part| part.rule.clone()).collect();
    rules.sort_unstable();
    rules.dedup();
    let event = Event::Flagged {
        finding: FindingId(place.post),
        version: place.version,
        source: post.source.clone(),
        kind: post.kind,
        rules,
        categories: verdict.categories.clone(),
        stage: verdict.stage.clone(),
        score: verdict.score,
        priority: verdict.priority,
        unit: verdict.unit.clone(),
        published: post.published,
        capture: place.capture,
        index: place.index,
        ruleset: verdict.ruleset.clone(),
    };
    let finding = Finding {
        post: post.clone(),
        verdict,
        asked: capture.asked.clone(),
        answered: capture.answered.clone(),
        captured: capture.at,
        status: capture.status,
        size: capture.body.len() as u64,
        body: capture.digest(),
    };
    Ok(Draft { event, payload: Some(serde_json::to_value(finding)?) })
}
