//! Desk: the one place where pages meet the store. What leaves it about a
//! finding's standing is [`Shown`]; the state itself stays inside the pages'
//! code, and no page prints it.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::App;
use super::failure::Failure;
use crate::model::{
    Actor, Decision, Draft, Entry, Event, Finding, FindingState, Judged, PayloadId, Priority,
    Rechecked, Reread, Status, standing,
};
use crate::review::{self, Refusal, Reviewer, Shown, awaits, shown_to};
use crate::store::{Cursor, Filter};
use crate::text::identity::{mask, mask_json, masked_post, masked_verdict};

/// How many findings are asked of the index at once while looking for those to show.
const BATCH: usize = 100;

/// What the queue page is asked to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// Which findings, by where they stand.
    pub(super) standing: Standing,
    /// Of this urgency only.
    pub(super) priority: Option<Priority>,
    /// Of this source only.
    pub(super) source: Option<String>,
}

/// Which findings, by where they stand, as the person who asks may know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Those that wait for the person who asks.
    #[default]
    Mine,
    /// All.
    All,
    /// Those that stand here.
    At(Status),
}

/// A finding with its content.
#[derive(Debug)]
pub(super) struct Case {
    /// The ledger's word on it: for the code, not for the page.
    pub(super) state: FindingState,
    /// What was found, NIP and NIK masked unless [`Identity::Shown`]; none when it was erased.
    pub(super) finding: Option<Finding>,
    /// Whether NIP or NIK stand in it, and whether they are hidden.
    pub(super) identity: Identity,
}

/// Whether the content of a case holds NIP or NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// It holds none.
    None,
    /// They are masked.
    Hidden,
    /// They stand in clear: the entry that says so is in the ledger.
    Shown,
}

/// A page of the queue.
#[derive(Debug)]
pub(super) struct Listing {
    /// The findings, most urgent and oldest first.
    pub(super) cases: Vec<Case>,
    /// Whether more follow.
    pub(super) has_more: bool,
}

/// Does a deed of the desk where waiting for the disk is no harm.
pub(super) async fn at_desk<T: Send + 'static>(
    app: &App,
    deed: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || deed(&app)).await;
    done.map_err(|error| Failure::ours("work at the store", &error))?
}

/// Appends an event that no finding's standing depends on.
pub(super) async fn note(app: &App, by: Actor, event: Event) -> Result<(), Failure> {
    at_desk(app, move |app| append(app, &by, event.into()).map(drop)).await
}

/// The finding of this number.
pub(super) fn state(app: &App, number: &str) -> Result<FindingState, Failure> {
    let found = app.parts().store.index().by_number(number);
    found.map_err(|error| Failure::ours("look a finding up", &error))?.ok_or(Failure::NotFound)
}

/// The finding of this number with its content.
pub(super) fn case(app: &App, number: &str) -> Result<Case, Failure> {
    state(app, number).map(|state| with_content(app, state))
}

/// The same for a person who opens it: that he saw it is an entry, once for each
/// version. Who cannot be written down, because the disk is full, still reads.
pub(super) fn open(app: &App, number: &str, reviewer: &Reviewer) -> Result<Case, Failure> {
    let state = state(app, number)?;
    if !standing::has_seen(&state, &reviewer.user) {
        let event = Event::Seen { finding: state.id };
        if append(app, &Actor(reviewer.user.clone()), event.into()).is_err() {
            tracing::warn!(finding = number, "who opened a finding could not be written down");
        }
    }
    Ok(with_content(app, state))
}

/// The finding of this number with NIP and NIK in clear. The entry that says
/// who saw them is on disk before this gives them.
pub(super) fn identified(
    app: &App,
    number: &str,
    reason: &str,
    reviewer: &Reviewer,
) -> Result<Case, Failure> {
    let state = state(app, number)?;
    let draft = review::show_identity(&state, reason, reviewer).map_err(Failure::Refused)?;
    append(app, &Actor(reviewer.user.clone()), draft)?;
    let finding = state.payload.and_then(|payload| found(app, payload));
    Ok(Case { state, finding, identity: Identity::Shown })
}

/// A later look at the finding's page, and what was read.
#[derive(Debug)]
pub(super) struct Look {
    /// As the ledger tells it.
    pub(super) look: Rechecked,
    /// What was read, masked as the case is; none when it was erased.
    pub(super) reread: Option<Reread>,
}

/// The later looks at the page of this case, oldest first. Numbers that only
/// the later page holds make the case one with hidden numbers.
pub(super) fn looks(app: &App, case: &mut Case) -> Vec<Look> {
    let mut looks = Vec::new();
    for look in case.state.rechecked.clone() {
        let mut value = look.payload.and_then(|payload| content(app, payload));
        if case.identity != Identity::Shown && value.as_mut().is_some_and(mask_json) {
            case.identity = Identity::Hidden;
        }
        let reread = value.and_then(|value| serde_json::from_value(value).ok());
        looks.push(Look { look, reread });
    }
    looks
}

/// The words of a decision's reason; none when they were erased.
pub(super) fn reason(app: &App, judged: &Judged) -> Option<String> {
    let value = content(app, judged.payload?)?;
    value.get("reason")?.as_str().map(|reason| mask(reason).into_owned())
}

/// A page of the queue as this person may see it, after the finding of this number.
pub(super) fn list(
    app: &App,
    reviewer: &Reviewer,
    view: &View,
    after: Option<&str>,
    limit: usize,
) -> Result<Listing, Failure> {
    let mut states = states(app, reviewer, view, after, limit + 1)?;
    let has_more = states.len() > limit;
    states.truncate(limit);
    let cases = states.into_iter().map(|state| with_content(app, state)).collect();
    Ok(Listing { cases, has_more })
}

/// How many findings stand there, counted up to `most`.
pub(super) fn count(
    app: &App,
    reviewer: &Reviewer,
    standing: Standing,
    most: usize,
) -> Result<usize, Failure> {
    let view = View { standing, ..View::default() };
    states(app, reviewer, &view, None, most).map(|states| states.len())
}

/// The finding that waits longest for this person.
pub(super) fn next(app: &App, reviewer: &Reviewer) -> Result<Option<FindingState>, Failure> {
    states(app, reviewer, &View::default(), None, 1).map(|mut states| states.pop())
}

/// The name that pages show of this user; the user name if there is none.
pub(super) fn person(app: &App, user: &str) -> String {
    let shown = app.parts().users.get(user).map(|user| user.display);
    shown.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| user.to_owned())
}

/// Takes a decision: reads, judges and appends as one deed. `token` is how the
/// finding looked to the person when he decided.
pub(super) fn decide(
    app: &App,
    number: &str,
    decision: &Decision,
    reviewer: &Reviewer,
    token: Option<&str>,
) -> Result<Entry, Failure> {
    let _one_at_a_time = app.0.deciding.lock().unwrap_or_else(PoisonError::into_inner);
    let state = state(app, number)?;
    let draft = review::decide(&state, decision, reviewer).map_err(Failure::Refused)?;
    if token.is_some_and(|token| token != shown_to(&state, reviewer).token(&state)) {
        return Err(Failure::Changed);
    }
    append(app, &Actor(reviewer.user.clone()), draft)
}

/// Takes a decision back.
pub(super) fn undo(app: &App, number: &str, reviewer: &Reviewer) -> Result<Entry, Failure> {
    let _one_at_a_time = app.0.deciding.lock().unwrap_or_else(PoisonError::into_inner);
    let draft = review::undo(&state(app, number)?, reviewer, app.parts().clock.now());
    append(app, &Actor(reviewer.user.clone()), draft.map_err(refused)?)
}

/// Until when this person may take back the latest decision; none if not.
pub(super) fn undo_until(
    app: &App,
    state: &FindingState,
    reviewer: &Reviewer,
) -> Option<Timestamp> {
    review::undo(state, reviewer, app.parts().clock.now()).ok()?;
    let own = state.judged.iter().rfind(|judged| judged.by == reviewer.user && !judged.undone)?;
    own.at.checked_add(review::UNDO_WITHIN).ok()
}

/// Whether the capture still is, byte for byte, what was fetched.
pub(super) fn is_whole(app: &App, case: &Case) -> bool {
    let expected = case.finding.as_ref().map(|finding| finding.body);
    match app.parts().store.capture(case.state.capture) {
        Ok((capture, _)) => expected.is_none_or(|body| body == capture.digest()),
        Err(error) => {
            tracing::warn!(finding = %case.state.number, %error, "a capture does not read back");
            false
        }
    }
}

fn states(
    app: &App,
    reviewer: &Reviewer,
    view: &View,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<FindingState>, Failure> {
    // the index narrows as far as it can; only what looks new needs a second look
    let filter = Filter {
        // one that awaits a second person can be shown as new or as put off
        open_only: matches!(
            view.standing,
            Standing::Mine | Standing::At(Status::Baru | Status::Ditunda)
        ),
        status: match view.standing {
            Standing::At(Status::Baru | Status::Ditunda) => None,
            Standing::At(status) => Some(status),
            _ => None,
        },
        source: view.source.clone(),
        priority: view.priority,
    };
    let is_shown = |state: &FindingState| match view.standing {
        Standing::Mine => awaits(state, reviewer),
        Standing::All => true,
        // by what the person may see: a filter must not tell what the page hides
        Standing::At(status) => shown_to(state, reviewer).status == status,
    };
    let mut after = after.map(|number| state(app, number)).transpose()?.as_ref().map(Cursor::from);
    let mut shown = Vec::new();
    loop {
        let batch = app.parts().store.index().findings(&filter, after, BATCH);
        let batch = batch.map_err(|error| Failure::ours("list findings", &error))?;
        after = batch.last().map(Cursor::from);
        let is_last = batch.len() < BATCH;
        shown.extend(batch.into_iter().filter(is_shown));
        if shown.len() >= limit || is_last {
            shown.truncate(limit);
            return Ok(shown);
        }
    }
}

fn with_content(app: &App, state: FindingState) -> Case {
    let Some(found) = state.payload.and_then(|payload| found(app, payload)) else {
        return Case { state, finding: None, identity: Identity::None };
    };
    let post = masked_post(&found.post);
    let verdict = masked_verdict(&post, &found.verdict);
    let [asked, answered] = [&found.asked, &found.answered].map(|it| mask(it).into_owned());
    let masked = Finding { post, verdict, asked, answered, ..found.clone() };
    let identity = if masked == found { Identity::None } else { Identity::Hidden };
    Case { state, finding: Some(masked), identity }
}

/// What was found, as it was kept.
fn found(app: &App, payload: PayloadId) -> Option<Finding> {
    serde_json::from_value(content(app, payload)?).ok()
}

pub(super) fn content(app: &App, payload: PayloadId) -> Option<serde_json::Value> {
    let read = app.parts().store.payload(payload);
    read.inspect_err(|error| tracing::warn!(%payload, %error, "a payload does not read back")).ok()
}

pub(super) fn append(app: &App, by: &Actor, draft: Draft) -> Result<Entry, Failure> {
    let appended = app.parts().store.append(by, app.parts().clock.now(), vec![draft]);
    let mut entries = appended.map_err(|error| Failure::ours("write the ledger", &error))?;
    entries.pop().ok_or_else(|| refused(Refusal::NothingToUndo))
}

fn refused(refusal: Refusal) -> Failure {
    Failure::Refused(vec![refusal])
}

/// How this person may see it.
pub(super) fn shown<'a>(case: &'a Case, reviewer: &Reviewer) -> Shown<'a> {
    shown_to(&case.state, reviewer)
}

/// The ledger's signed checkpoint.
pub(super) fn checkpoint(app: &App) -> String {
    app.parts().store.checkpoint()
}
