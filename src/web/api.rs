//! The same deeds as JSON, for the command line.
//!
//! | address | answer |
//! |---|---|
//! | `GET /api/temuan?status=&prioritas=&sumber=&sesudah=&limit=` | `netra.review-list/1` |
//! | `GET /api/temuan/{number}` | `netra.review/1` |
//! | `POST /api/temuan/{number}/keputusan` with `{choice, code?, category?, unit?, reason, state?}` | `netra.decision/1` |
//! | `POST /api/temuan/{number}/batalkan` | `netra.decision/1` |
//! | `POST /api/temuan/{number}/ekspor` with `{reason}` | the evidence as a zip; `x-netra-entry`, `x-netra-timestamp` |
//! | `POST /api/temuan/{number}/identitas` with `{reason}` | `netra.review/1` with NIP and NIK, which all others mask |
//! | `POST /api/laporan?period=2026-S2&format=` | `netra.report-files/1`, contents in base64 |
//! | `GET /api/pengguna` | `netra.users/1` |
//! | `POST /api/pengguna` with `{name, display?, role, unit?, unix?}` | `netra.user/1` with the one-time link |
//! | `POST /api/pengguna/{name}` with `{change: disable\|enable\|reset}` | `netra.user/1` |
//!
//! A failure is `{"schema":"netra.error/1","code":…,"message":…}` with the HTTP status.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::{self, Case, Identity, Listing, at_desk};
use super::failure::Failure;
use super::form::Filled;
use super::guard::{Caller, Guest, Visitor};
use super::session::Token;
use super::users::{ACTIVATE_WITHIN, NewUser, User, UsersError};
use super::{App, inbox, rechecks, reports};
use crate::model::{Actor, Event, Role};
use crate::report;

/// The most findings that one answer lists.
const MOST: usize = 1_000;

/// How many are listed when nothing is said.
const USUAL: usize = 25;

/// A failure as JSON.
pub(super) fn failure(failure: &Failure) -> Response {
    Json(json!({ "schema": "netra.error/1", "code": failure.code(), "message": failure.message() }))
        .into_response()
}

/// How many to list.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    limit: Option<usize>,
}

/// GET /api/temuan
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<inbox::Asked>,
    Query(Limit { limit }): Query<Limit>,
    visitor: Visitor,
) -> Result<Json<Value>, Failure> {
    let limit = limit.unwrap_or(USUAL).clamp(1, MOST);
    let (view, after, reviewer) = (asked.view(), asked.after(), visitor.reviewer());
    at_desk(&app, move |app| {
        let Listing { cases, has_more } =
            desk::list(app, &reviewer, &view, after.as_deref(), limit)?;
        let last = cases.last().filter(|_| has_more).map(|case| case.state.number.clone());
        let findings: Vec<_> = cases.iter().map(|case| brief(case, &visitor)).collect();
        Ok(Json(json!({ "schema": "netra.review-list/1", "findings": findings, "next": last })))
    })
    .await
}

/// GET /api/temuan/{number}
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
) -> Result<Json<Value>, Failure> {
    at_desk(&app, move |app| {
        let mut case = desk::open(app, &number, &visitor.reviewer())?;
        Ok(Json(whole(app, &mut case, &visitor)))
    })
    .await
}

/// A finding with all that is told of it.
pub(super) fn whole(app: &App, case: &mut Case, visitor: &Visitor) -> Value {
    let looks = desk::looks(app, case);
    let case = &*case;
    let shown = desk::shown(case, &visitor.reviewer());
    let history: Vec<_> = shown
        .judged
        .iter()
        .map(|it| {
            json!({
                "at": it.at, "by": it.by, "choice": it.choice, "category": it.category,
                "undone": it.undone, "reason": desk::reason(app, it),
            })
        })
        .collect();
    let mut told = brief(case, visitor);
    let more = json!({
        "schema": "netra.review/1",
        "state": shown.token(&case.state),
        "may_decide": shown.may_decide,
        "history": history,
        "rechecks": rechecks::told(&looks),
        "post": case.finding.as_ref().map(|it| &it.post),
        "verdict": case.finding.as_ref().map(|it| &it.verdict),
        "captured": case.finding.as_ref().map(|it| it.captured),
        "sha256": case.finding.as_ref().map(|it| it.body),
        "seq": case.state.seq,
    });
    merge(&mut told, more);
    told
}

/// POST /api/temuan/{number}/keputusan
pub(super) async fn decide(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Json(filled): Json<Filled>,
) -> Result<Json<Value>, Failure> {
    let decision =
        filled.decision()?.ok_or_else(|| Failure::Unreadable("`choice` is missing".into()))?;
    at_desk(&app, move |app| {
        let token = Some(filled.keadaan.as_str()).filter(|token| !token.is_empty());
        desk::decide(app, &number, &decision, &visitor.reviewer(), token)?;
        done(app, &number, &visitor)
    })
    .await
}

/// POST /api/temuan/{number}/batalkan
pub(super) async fn undo(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
) -> Result<Json<Value>, Failure> {
    at_desk(&app, move |app| {
        desk::undo(app, &number, &visitor.reviewer())?;
        done(app, &number, &visitor)
    })
    .await
}

/// The finding as it stands after the deed, as this person may see it.
fn done(app: &App, number: &str, visitor: &Visitor) -> Result<Json<Value>, Failure> {
    let state = desk::state(app, number)?;
    let case = Case { state, finding: None, identity: Identity::None };
    let until = desk::undo_until(app, &case.state, &visitor.reviewer());
    let shown = desk::shown(&case, &visitor.reviewer());
    Ok(Json(json!({
        "schema": "netra.decision/1", "number": number, "status": shown.status,
        "by": visitor.user.name, "undo_until": until,
    })))
}

fn brief(case: &Case, visitor: &Visitor) -> Value {
    let state = &case.state;
    let shown = desk::shown(case, &visitor.reviewer());
    let text = case.finding.as_ref().map(|it| {
        let text = if it.post.title.is_empty() { &it.post.text } else { &it.post.title };
        text.chars().take(120).collect::<String>()
    });
    json!({
        "number": state.number, "status": shown.status, "priority": state.priority,
        "score": state.score, "flagged": state.at, "published": state.published,
        "source": state.source, "kind": state.kind, "unit": state.unit,
        "categories": state.categories, "rules": state.rules, "text": text,
    })
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

/// Which report.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    period: String,
    format: Option<String>,
}

/// POST /api/laporan
pub(super) async fn report(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    Guest(visitor): Guest,
    caller: Option<axum::Extension<Caller>>,
) -> Result<Json<Value>, Failure> {
    let by = actor(visitor, caller)?;
    let period = reports::period(&wanted.period)?;
    let formats = match &wanted.format {
        None => report::FORMATS.iter().collect(),
        Some(name) => vec![report::format(name).ok_or_else(|| {
            let known: Vec<_> = report::FORMATS.iter().map(|format| format.name).collect();
            Failure::Unreadable(format!(
                "`{name}` is no format of a report; there are: {}",
                known.join(", ")
            ))
        })?],
    };
    let files = reports::write(&app, &by, period, formats).await?;
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            json!({
                "name": file.name, "media_type": file.media_type, "sha256": file.digest,
                "bytes": file.bytes.len(), "content_base64": STANDARD.encode(&file.bytes),
            })
        })
        .collect();
    Ok(Json(json!({ "schema": "netra.report-files/1", "period": period, "files": files })))
}

/// GET /api/pengguna
pub(super) async fn users(State(app): State<App>) -> Json<Value> {
    let users: Vec<_> = app.parts().users.list().iter().map(told).collect();
    Json(json!({ "schema": "netra.users/1", "users": users }))
}

/// POST /api/pengguna
pub(super) async fn add_user(
    State(app): State<App>,
    Guest(visitor): Guest,
    caller: Option<axum::Extension<Caller>>,
    Json(new): Json<NewUser>,
) -> Result<Json<Value>, Failure> {
    let (token, until) = link(&app)?;
    let user = app.parts().users.add(new, &token.0, until).map_err(users_failure)?;
    noted(&app, visitor, caller, &user).await?;
    Ok(with_link(&app, &user, Some(&token)))
}

/// What to do with a user.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    Disable,
    Enable,
    Reset,
}

/// What to do with a user.
#[derive(Debug, Deserialize)]
pub(super) struct ChangeUser {
    change: Change,
}

/// POST /api/pengguna/{name}
pub(super) async fn change_user(
    State(app): State<App>,
    Path(name): Path<String>,
    Guest(visitor): Guest,
    caller: Option<axum::Extension<Caller>>,
    Json(ChangeUser { change }): Json<ChangeUser>,
) -> Result<Json<Value>, Failure> {
    let users = &app.parts().users;
    let (user, link) = match change {
        Change::Disable => (users.set_disabled(&name, true), None),
        Change::Enable => (users.set_disabled(&name, false), None),
        Change::Reset => {
            let (token, until) = link(&app)?;
            (users.reset(&name, &token.0, until), Some(token))
        }
    };
    let user = user.map_err(users_failure)?;
    // whoever was signed in with the old right is not any more
    app.0.sessions.end_all(&user.name);
    noted(&app, visitor, caller, &user).await?;
    Ok(with_link(&app, &user, link.as_ref()))
}

fn link(app: &App) -> Result<(Token, Timestamp), Failure> {
    let token = Token::new().map_err(|error| Failure::ours("make a one-time link", &error))?;
    let now = app.parts().clock.now();
    Ok((token, now.checked_add(ACTIVATE_WITHIN).unwrap_or(now)))
}

/// Who does it: the user, or the Unix user who owns the data.
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

async fn noted(
    app: &App,
    visitor: Option<Visitor>,
    caller: Option<axum::Extension<Caller>>,
    user: &User,
) -> Result<(), Failure> {
    let by = actor(visitor, caller)?;
    let event = Event::UserChanged { user: user.name.clone(), role: user.role };
    desk::note(app, by, event).await
}

/// A user without what opens: no hash, no token.
fn told(user: &User) -> Value {
    let role: Role = user.role;
    json!({
        "name": user.name, "display": user.display, "role": role, "unit": user.unit,
        "unix": user.unix, "disabled": user.disabled, "has_password": user.password.is_some(),
        "link_until": user.activation.as_ref().map(|it| it.until),
    })
}

fn with_link(app: &App, user: &User, link: Option<&Token>) -> Json<Value> {
    let address = &app.parts().address;
    let mut told = told(user);
    merge(
        &mut told,
        json!({
            "schema": "netra.user/1",
            "link": link.map(|token| format!("{address}/aktivasi/{}", token.0)),
        }),
    );
    Json(told)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn users_failure(error: UsersError) -> Failure {
    match error {
        UsersError::Read { .. } | UsersError::Malformed { .. } | UsersError::Write { .. } => {
            Failure::ours("change the users", &error)
        }
        UsersError::NotAName { .. } => Failure::Unreadable(error.to_string()),
        UsersError::Unknown { .. } => Failure::NotFound,
        UsersError::Taken { .. } | UsersError::UnixTaken { .. } => {
            Failure::Conflict(error.to_string())
        }
    }
}
