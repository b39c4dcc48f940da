//! From literals to clauses to rules.

use crate::model::PostKind;
use crate::rule::seen::{Cut, Mark, Occurrence, Seen};
use crate::rule::{Rule, State};

use super::literal::{Found, Literals};

/// Which rules hold, and where.
#[derive(Debug, Default)]
pub struct Confirmed {
    holds: Vec<bool>,
    live: Vec<bool>,
    /// Rule and place, in the order in which rules were asked.
    pub marks: Vec<(usize, Mark)>,
    /// By rule, which clause of its best alternative failed.
    missing: Vec<Vec<usize>>,
}

impl Confirmed {
    /// Whether a rule holds.
    pub fn holds(&self, rule: usize) -> bool {
        self.holds.get(rule).copied().unwrap_or(false)
    }

    /// Whether a rule holds and is live.
    pub fn counts(&self, rule: usize) -> bool {
        self.holds(rule) && self.live.get(rule).copied().unwrap_or(false)
    }

    /// Rules that lacked only some of their clauses, and the kinds of those.
    pub fn nearly(&self, rules: &[Rule]) -> Vec<(String, Vec<String>)> {
        let mut nearly = Vec::new();
        for (i, rule) in rules.iter().enumerate() {
            let Some(missing) = self.missing.get(i).filter(|m| !m.is_empty()) else { continue };
            let keys = rule.keys.first().map_or(&[][..], Vec::as_slice);
            if missing.len() < keys.len() {
                nearly.push((
                    rule.id.clone(),
                    missing.iter().filter_map(|m| keys.get(*m)).cloned().collect(),
                ));
            }
        }
        nearly
    }
}

/// Asks all rules of what was found.
pub fn ask(
    rules: &[Rule],
    kind: PostKind,
    cuts: &[Cut<'_>],
    found: Vec<Found>,
    literals: &Literals,
    explain: bool,
) -> Confirmed {
    let mut by_set = Vec::with_capacity(found.len() * 2);
    let mut found = found;
    found.sort_by_key(|f| (f.occurrence.mark, f.occurrence.first));
    let occurrences: Vec<Occurrence> = found.iter().map(|f| f.occurrence).collect();
    for (at, f) in found.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        by_set.extend(literals.sets(f.phrase).iter().map(|set| (*set, at)));
    }
    by_set.sort_unstable();
    let mut confirmed = Confirmed {
        holds: vec![false; rules.len()],
        live: rules.iter().map(|rule| rule.state == State::Live).collect(),
        marks: Vec::new(),
        missing: vec![Vec::new(); rules.len()],
    };
    let mut marks = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        if matches!(rule.state, State::Draft | State::Retired) {
            continue;
        }
        marks.clear();
        let seen = Seen {
            kind,
            fields: cuts,
            occurrences: &occurrences,
            by_set: &by_set,
            holds: &confirmed.holds,
        };
        let (holds, missing) = one(rule, &seen, &mut marks, explain);
        if let Some(place) = confirmed.holds.get_mut(i) {
            *place = holds;
        }
        if let Some(place) = confirmed.missing.get_mut(i) {
            *place = missing;
        }
        confirmed.marks.extend(marks.iter().map(|mark| (i, *mark)));
    }
    confirmed
}

/// Whether a rule holds, and, if asked to explain, which clauses of its first alternative failed.
fn one(rule: &Rule, seen: &Seen<'_>, marks: &mut Vec<Mark>, explain: bool) -> (bool, Vec<usize>) {
    let mut holds = false;
    let mut lacking = Vec::new();
    for (number, clauses) in rule.when.iter().enumerate() {
        let before = marks.len();
        if !explain {
            if clauses.iter().all(|clause| clause.holds(seen, marks)) {
                holds = true;
            } else {
                marks.truncate(before);
            }
            continue;
        }
        let failed: Vec<usize> = clauses
            .iter()
            .enumerate()
            .filter(|(_, clause)| !clause.holds(seen, marks))
            .map(|(i, _)| i)
            .collect();
        if failed.is_empty() {
            holds = true;
        } else {
            marks.truncate(before);
            if number == 0 {
                lacking = failed;
            }
        }
    }
    if holds {
        lacking.clear();
    }
    (holds, lacking)
}
