//! The machine's queue as JSON, for the operator at the command line.
//!
//! | address | answer |
//! |---|---|
//! | `GET /api/queue?limit=` | `netra.queue/1`: counts, what waits, what was set aside |
//! | `GET /api/queue/{id}` | `netra.queue-post/1` |
//! | `POST /api/queue/{id}/retry` | `netra.queue-post/1` |
//! | `POST /api/queue/{id}/drop` with `{reason}` | `netra.queue-post/1`; an entry of the ledger first |
//!
//! An answer says where a post lies, never what it says.

use std::sync::PoisonError;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::App;
use super::desk::{self, at_desk};
use super::failure::Failure;
use super::guard::{Caller, Guest, Visitor};
use crate::model::{Actor, Draft, Event};
use crate::queue::{Delivery, QueueError};

/// The most posts that one answer lists.
const MOST: usize = 1_000;

/// The fewest characters of a reason to drop a post.
const REASON_MIN_CHARS: usize = 10;

/// How many to list.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    limit: Option<usize>,
}

/// GET /api/queue
pub(super) async fn list(
    State(app): State<App>,
    Query(Limit { limit }): Query<Limit>,
) -> Result<Json<Value>, Failure> {
    let limit = limit.unwrap_or(20).min(MOST);
    at_desk(&app, move |app| {
        let queue = &app.parts().queue;
        let counts = queue.counts().map_err(failure)?;
        let waiting = queue.waiting(limit).map_err(failure)?;
        let aside = queue.aside(limit).map_err(failure)?;
        Ok(Json(json!({
            "schema": "netra.queue/1",
            "waiting_count": counts.waiting,
            "leased_count": counts.leased,
            "quarantined_count": counts.aside,
            "waiting": waiting.iter().map(|post| told(post, None)).collect::<Vec<_>>(),
            "quarantined": aside
                .iter()
                .map(|aside| told(&aside.delivery, Some(&aside.reason)))
                .collect::<Vec<_>>(),
        })))
    })
    .await
}

/// GET /api/queue/{id}
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Failure> {
    at_desk(&app, move |app| {
        let (post, reason) = app.parts().queue.find(id).map_err(failure)?;
        Ok(Json(told(&post, reason.as_deref())))
    })
    .await
}

/// POST /api/queue/{id}/retry
pub(super) async fn retry(
    State(app): State<App>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Failure> {
    at_desk(&app, move |app| {
        let _one_at_a_time = app.0.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let (post, _) = app.parts().queue.find(id).map_err(failure)?;
        let settled = app.parts().store.index().settled(post.post.capture);
        let settled = settled.map_err(|error| Failure::ours("look a post up", &error))?;
        if settled.binary_search(&post.post.index).is_ok() {
            return Err(Failure::Conflict(format!("post {id} is settled: drop it")));
        }
        app.parts().queue.retry(id).map_err(failure)?;
        Ok(Json(json!({ "schema": "netra.queue-post/1", "id": id, "state": "waiting" })))
    })
    .await
}

/// Why a post is dropped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    reason: String,
}

/// POST /api/queue/{id}/drop
pub(super) async fn drop_post(
    State(app): State<App>,
    Path(id): Path<u64>,
    Guest(visitor): Guest,
    caller: Option<axum::Extension<Caller>>,
    Json(Why { reason }): Json<Why>,
) -> Result<Json<Value>, Failure> {
    if reason.trim().chars().count() < REASON_MIN_CHARS {
        return Err(Failure::Unreadable(format!(
            "a reason to drop a post has at least {REASON_MIN_CHARS} characters"
        )));
    }
    let by = actor(visitor, caller)?;
    at_desk(&app, move |app| {
        let _one_at_a_time = app.0.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = &app.parts().queue;
        let (post, set_aside) = queue.find(id).map_err(failure)?;
        if set_aside.is_none() {
            return Err(Failure::Conflict(format!(
                "post {id} still waits: only what was set aside is dropped"
            )));
        }
        // The ledger first: a crash in between leaves a post that can be dropped again.
        let event = Event::Dropped { capture: post.post.capture, index: post.post.index };
        let payload = Some(json!({ "reason": reason.trim() }));
        desk::append(app, &by, Draft { event, payload })?;
        queue.drop_aside(id).map_err(failure)?;
        Ok(Json(json!({ "schema": "netra.queue-post/1", "id": id, "state": "dropped" })))
    })
    .await
}

fn actor(
    visitor: Option<Visitor>,
    caller: Option<axum::Extension<Caller>>,
) -> Result<Actor, Failure> {
    match (visitor, caller) {
        (Some(visitor), _) => Ok(Actor(visitor.user.name)),
        (None, Some(caller)) => Ok(Actor::unix(&caller.user)),
        (None, None) => Err(Failure::SignInFirst),
    }
}

fn told(post: &Delivery, reason: Option<&str>) -> Value {
    json!({
        "schema": "netra.queue-post/1",
        "id": post.id,
        "state": if reason.is_some() { "quarantined" } else { "waiting" },
        "source": post.source,
        "capture": post.post.capture,
        "index": post.post.index,
        "tries": post.tries,
        "reason": reason,
    })
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failure(error: QueueError) -> Failure {
    match error {
        error @ QueueError::Unknown { .. } => Failure::Unreadable(error.to_string()),
        error => Failure::ours("work at the queue", &error),
    }
}
