//! Stage 5: a person decides.
//!
//! [`decide`] and [`undo`] say what is permitted and give the event to append,
//! or a [`Refusal`] that says why not. Where a finding then stands is told by
//! [`crate::model::standing`]; what a person may be shown of it, by [`blind`].
//! All of it is pure: no clock, no store, no words for people.

pub mod reviewer;
pub mod blind;
pub mod inbox;

pub use blind::{Shown, may_be_shown, shown_to};
pub use inbox::awaits;
pub use reviewer::Reviewer;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Choice, Decision, Draft, Event, FindingState, Judged, Role, Status, standing};

/// The fewest characters of a reason; fewer cannot say which fact of the post decided.
pub const REASON_MIN_CHARS: usize = 20;

/// The most characters of a reason; a page of text, so that an entry stays readable.
pub const REASON_MAX_CHARS: usize = 4_000;

/// The most characters of a unit's name that a person types.
pub const UNIT_MAX_CHARS: usize = 120;

/// How long a decision can be taken back by the person who made it.
pub const UNDO_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Why a step is not permitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role does not decide findings.
    #[error("the role `{}` does not decide findings: ask a member or the head of the team", role.as_str())]
    RoleDoesNotDecide {
        /// The reviewer's role.
        role: Role,
    },
    /// The reason is too short to be one.
    #[error(
        "a reason has at least {REASON_MIN_CHARS} characters, this has {chars}: say which fact of the post decided"
    )]
    ReasonTooShort {
        /// How many characters it has.
        chars: usize,
    },
    /// The reason is too long to be read.
    #[error("a reason has at most {REASON_MAX_CHARS} characters, this has {chars}: shorten it")]
    ReasonTooLong {
        /// How many characters it has.
        chars: usize,
    },
    /// The reason for handing evidence out is none, or too long to be read.
    #[error(
        "a reason for handing evidence out has {REASON_MIN_CHARS} to {REASON_MAX_CHARS} characters, this has {chars}: say who asked for it and what for"
    )]
    ExportReasonUnfit {
        /// How many characters it has.
        chars: usize,
    },
    /// `bukan` without a code that says why not.
    #[error("`bukan` needs a code that says why: choose one")]
    CodeMissing,
    /// `dugaan` without the kind of act.
    #[error("`dugaan` needs the kind of act: choose a category")]
    CategoryMissing,
    /// The unit is no name: too long, or of several lines.
    #[error(
        "a unit is named on one line of at most {UNIT_MAX_CHARS} characters, this has {chars}: shorten it"
    )]
    UnitUnfit {
        /// How many characters it has.
        chars: usize,
    },
    /// The finding waits for the head of the team already.
    #[error("the finding was escalated already: choose another")]
    AlreadyEscalated,
    /// The finding is settled.
    #[error("the finding was settled by `{by}` at {at}: nothing was changed")]
    Settled {
        /// Where it stands.
        status: Status,
        /// Who settled it.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The reviewer said dugaan before; the second judgement must be another person's.
    #[error("you judged this finding first: the second judgement must be another person's")]
    SamePerson,
    /// The finding was escalated and the reviewer is not the head of the team.
    #[error("the finding was escalated: only the head of the team decides it")]
    OnlyKetua,
    /// The reviewer once judged second and took it back: the first choice is known to them.
    #[error("you have seen the first judgement of this finding: another person must judge it")]
    NotBlind,
    /// The reviewer has no decision here that stands.
    #[error("there is no decision of yours on this finding that could be taken back")]
    NothingToUndo,
    /// The decision is too old to be taken back.
    #[error(
        "a decision can be taken back for 10 minutes, this one is of {at}: have the finding reopened"
    )]
    TooLateToUndo {
        /// When it was made.
        at: Timestamp,
    },
    /// Somebody decided after it.
    #[error("somebody has decided this finding after you: have it reopened")]
    DecidedSince,
}

impl Refusal {
    /// Whether the finding's state stands in the way, not the form's content or the role.
    pub const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::Settled { .. }
                | Self::AlreadyEscalated
                | Self::NothingToUndo
                | Self::TooLateToUndo { .. }
                | Self::DecidedSince
        )
    }

    /// Whether what was filled in is at fault, so that it can be mended and sent again.
    pub const fn is_about_the_form(&self) -> bool {
        matches!(
            self,
            Self::ReasonTooShort { .. }
                | Self::ReasonTooLong { .. }
                | Self::ExportReasonUnfit { .. }
                | Self::CodeMissing
                | Self::CategoryMissing
                | Self::UnitUnfit { .. }
        )
    }
}

/// The event of this decision, or every reason against it; the state's come first.
///
/// What a choice has no use for (a code with a dugaan, say) is left out, because
/// a form without scripts sends every field it has.
pub fn decide(
    state: &FindingState,
    decision: &Decision,
    reviewer: &Reviewer,
) -> Result<Draft, Vec<Refusal>> {
    may_decide(state, reviewer).map_err(|refusal| vec![refusal])?;
    if state.status == Status::Eskalasi && decision.choice == Choice::Eskalasi {
        return Err(vec![Refusal::AlreadyEscalated]);
    }
    let reason = decision.reason.trim();
    let faults: Vec<_> = faults(decision, reason).into_iter().flatten().collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let dugaan = decision.choice == Choice::Dugaan;
    let event = Event::Decided {
        finding: state.id,
        choice: decision.choice,
        code: decision.code.filter(|_| decision.choice == Choice::Bukan),
        category: decision.category.filter(|_| dugaan),
        unit: decision.unit.clone().filter(|_| dugaan),
    };
    Ok(Draft { event, payload: Some(serde_json::json!({ "reason": reason })) })
}

/// Whether this person may decide this finding as it stands.
pub fn may_decide(state: &FindingState, reviewer: &Reviewer) -> Result<(), Refusal> {
    if !reviewer.role.decides() {
        return Err(Refusal::RoleDoesNotDecide { role: reviewer.role });
    }
    match state.status {
        Status::Dugaan | Status::Bukan => Err(settled(state)),
        Status::MenungguKedua if blind::is_first(state, reviewer) => Err(Refusal::SamePerson),
        Status::MenungguKedua if blind::saw_the_first(state, reviewer) => Err(Refusal::NotBlind),
        Status::Eskalasi if reviewer.role != Role::Ketua => Err(Refusal::OnlyKetua),
        Status::Eskalasi if has_judged(state, reviewer) => Err(Refusal::SamePerson),
        _ => Ok(()),
    }
}

/// The event of showing a finding's NIP and NIK to a person, or why not: only
/// who judges may need them, and says what for.
pub fn show_identity(
    state: &FindingState,
    reason: &str,
    reviewer: &Reviewer,
) -> Result<Draft, Vec<Refusal>> {
    if !reviewer.role.decides() {
        return Err(vec![Refusal::RoleDoesNotDecide { role: reviewer.role }]);
    }
    let reason = reason.trim();
    if let Some(refusal) = wrong_length(reason) {
        return Err(vec![refusal]);
    }
    let payload = Some(serde_json::json!({ "reason": reason }));
    Ok(Draft { event: Event::IdentityShown { finding: state.id }, payload })
}

/// The event that takes back this person's decision.
pub fn undo(state: &FindingState, reviewer: &Reviewer, now: Timestamp) -> Result<Draft, Refusal> {
    let own = |judged: &&Judged| judged.by == reviewer.user && !judged.undone;
    // asked before anything else: whoever has judged nothing here learns nothing
    let mine = state.judged.iter().rfind(own).ok_or(Refusal::NothingToUndo)?;
    let hidden = blind::hidden_first(state, reviewer).map(|first| first.seq);
    let known = state.judged.iter().rfind(|it| !it.undone && Some(it.seq) != hidden);
    if known.is_none_or(|latest| latest.seq != mine.seq) {
        return Err(Refusal::DecidedSince);
    }
    if now.duration_since(mine.at) > UNDO_WITHIN {
        return Err(Refusal::TooLateToUndo { at: mine.at });
    }
    Ok(Event::Undone { finding: state.id, decision: mine.seq }.into())
}

/// Whether taking back the latest decision bars this person from judging again:
/// it came second, and both judgements were shown since.
pub fn undo_bars(state: &FindingState, reviewer: &Reviewer) -> bool {
    standing::latest(state).is_some_and(|latest| {
        latest.by == reviewer.user
            && latest.before == Status::MenungguKedua
            && latest.choice != Choice::Eskalasi
    })
}

/// The reason for handing evidence out, trimmed; it goes into the ledger.
pub fn export_reason(reason: &str) -> Result<&str, Refusal> {
    let reason = reason.trim();
    let chars = reason.chars().count();
    if telling_chars(reason) < REASON_MIN_CHARS || chars > REASON_MAX_CHARS {
        return Err(Refusal::ExportReasonUnfit { chars });
    }
    Ok(reason)
}

/// How many characters a reason has; blanks between words count once, since
/// twenty blanks are no reason.
fn telling_chars(reason: &str) -> usize {
    let chars = reason.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
    chars.saturating_sub(1)
}

fn faults(decision: &Decision, reason: &str) -> [Option<Refusal>; 3] {
    let missing = match decision.choice {
        Choice::Bukan if decision.code.is_none() => Some(Refusal::CodeMissing),
        Choice::Dugaan if decision.category.is_none() => Some(Refusal::CategoryMissing),
        _ => None,
    };
    let unit = decision.unit.as_deref().filter(|_| decision.choice == Choice::Dugaan);
    let length = unit.map(|unit| (unit.chars().count(), unit.contains(char::is_control)));
    let length = length.filter(|(chars, is_broken)| *chars > UNIT_MAX_CHARS || *is_broken);
    [missing, length.map(|(chars, _)| Refusal::UnitUnfit { chars }), wrong_length(reason)]
}

fn wrong_length(reason: &str) -> Option<Refusal> {
    match telling_chars(reason) {
        chars if chars < REASON_MIN_CHARS => Some(Refusal::ReasonTooShort { chars }),
        _ if reason.chars().count() > REASON_MAX_CHARS => {
            Some(Refusal::ReasonTooLong { chars: reason.chars().count() })
        }
        _ => None,
    }
}

fn settled(state: &FindingState) -> Refusal {
    let (by, at) = standing::latest(state)
        .map_or_else(|| (String::new(), state.at), |latest| (latest.by.clone(), latest.at));
    Refusal::Settled { status: state.status, by, at }
}

/// Whether the reviewer took a side in what was escalated.
fn has_judged(state: &FindingState, reviewer: &Reviewer) -> bool {
    blind::sides(state).any(|judged| judged.by == reviewer.user)
}

#[cfg(test)]
mod tests;
