//! What waits for a person.

use super::{Reviewer, shown_to};
use crate::model::{FindingState, Status};

/// Whether this finding waits for this person: new to them, or escalated to
/// them. What was put off waits for evidence, not for a person.
pub fn awaits(state: &FindingState, reviewer: &Reviewer) -> bool {
    let shown = shown_to(state, reviewer);
    shown.may_decide && matches!(shown.status, Status::Baru | Status::Eskalasi)
}
