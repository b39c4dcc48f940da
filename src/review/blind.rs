//! What a person may be shown of a finding.
//!
//! A dugaan needs two people, and the second one judges without knowing that
//! there was a first. Until both have judged, the first one's choice, reason
//! and name are given to nobody else: not on a page, not in JSON, not on the
//! command line, not by a filter, a count or a refusal. So everything that is
//! shown of a finding is made of [`Shown`], and nothing of the state itself.
//!
//! A finding that awaits the second person looks to everybody but the first
//! exactly as it did before: new, or put off by whoever put it off, with the
//! same history and the same choices. Only one that was escalated looks new:
//! somebody must be asked, and only the head of the team decides the escalated.

use std::collections::BTreeSet;

use super::{Reviewer, may_decide};
use crate::model::{Choice, Entry, Event, FindingState, Judged, Status, standing};

/// A finding's standing as one person may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    /// Where it stands, as far as this person may know.
    pub status: Status,
    /// The decisions this person may see, oldest first.
    pub judged: Vec<&'a Judged>,
    /// Whether this person may decide it.
    pub may_decide: bool,
}

impl Shown<'_> {
    /// What a form carries to tell that the finding changed under it. Changes
    /// exactly when what is shown changes, so it tells no more than the page does.
    pub fn token(&self, state: &FindingState) -> String {
        let undone = self.judged.iter().filter(|judged| judged.undone).count();
        let version = state.version.short(12);
        format!("{}-{}-{undone}-{version}", self.status.as_str(), self.judged.len())
    }
}

/// The finding as this person may see it.
pub fn shown_to<'a>(state: &'a FindingState, reviewer: &Reviewer) -> Shown<'a> {
    let hidden = hidden_first(state, reviewer).map(|first| first.seq);
    let is_put_off = hidden.is_some() && standing::before_first(state) == Status::Ditunda;
    let secret = |judged: &Judged| {
        let is_hidden = hidden.is_some_and(|first| judged.seq >= first || !is_put_off);
        judged.by != reviewer.user
            && (is_hidden || (is_one_sided(state) && (judged.undone || is_side(judged))))
    };
    Shown {
        status: if hidden.is_some() { standing::before_first(state) } else { state.status },
        judged: state.judged.iter().filter(|judged| !secret(judged)).collect(),
        may_decide: may_decide(state, reviewer).is_ok(),
    }
}

/// Whether this entry of the ledger tells no more of its finding than the
/// person is shown.
pub fn may_be_shown(shown: &Shown<'_>, entry: &Entry) -> bool {
    let is_shown = |seq| shown.judged.iter().any(|judged| judged.seq == seq);
    match entry.event {
        Event::Decided { .. } => is_shown(entry.seq),
        Event::Undone { decision, .. } => is_shown(decision),
        // who opened it may be who judged first
        Event::Seen { .. } | Event::IdentityShown { .. } => !shown.status.is_open(),
        _ => true,
    }
}

/// The dugaan that awaits a second one, for everybody but its author.
pub(super) fn hidden_first<'a>(state: &'a FindingState, reviewer: &Reviewer) -> Option<&'a Judged> {
    standing::first_dugaan(state).filter(|first| first.by != reviewer.user)
}

/// Whether this person gave the judgement that awaits a second one.
pub(super) fn is_first(state: &FindingState, reviewer: &Reviewer) -> bool {
    standing::first_dugaan(state).is_some_and(|first| first.by == reviewer.user)
}

/// Whether this person judged second, saw both judgements, and took his back.
pub(super) fn saw_the_first(state: &FindingState, reviewer: &Reviewer) -> bool {
    state.judged.iter().any(|judged| {
        judged.undone
            && judged.before == Status::MenungguKedua
            && judged.by == reviewer.user
            // who only handed it on was shown nothing
            && judged.choice != Choice::Eskalasi
    })
}

/// The standing judgements that take a side: dugaan or bukan.
pub(super) fn sides(state: &FindingState) -> impl Iterator<Item = &Judged> {
    state.judged.iter().filter(|judged| !judged.undone && is_side(judged))
}

const fn is_side(judged: &Judged) -> bool {
    matches!(judged.choice, Choice::Dugaan | Choice::Bukan)
}

/// Whether it is still open and fewer than two people have taken a side.
fn is_one_sided(state: &FindingState) -> bool {
    let people: BTreeSet<_> = sides(state).map(|judged| judged.by.as_str()).collect();
    state.status.is_open() && people.len() < 2
}
