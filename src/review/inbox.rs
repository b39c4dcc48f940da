//! What waits for a person.

use super::{Reviewer, shown_to};
use crate::model::{FindingState, Judged, Status};

/// Whether this finding waits for this person: new to them, escalated to them,
/// or put off by somebody else. What they put off themselves waits for evidence.
pub fn awaits(state: &FindingState, reviewer: &Reviewer) -> bool {
    let shown = shown_to(state, reviewer);
    let is_own = |judged: &&Judged| judged.by == reviewer.user && !judged.undone;
    shown.may_decide
        && match shown.status {
            Status::Baru | Status::Eskalasi => true,
            Status::Ditunda => !state.judged.iter().any(|judged| is_own(&judged)),
            _ => false,
        }
}
