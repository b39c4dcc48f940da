//! What was found, ordered for the clauses, and which rules hold there.

use crate::model::PostKind;
use crate::rule::Rule;
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Cut, Index, Mark, Occurrence, Seen};

use super::literal::{Found, Literals};
use super::plan::Plan;

/// What was found in a post, ordered for the clauses. Kept from post to post.
#[derive(Debug, Default)]
pub struct Ground {
    occurrences: Vec<Occurrence>,
    index: Index,
}

impl Ground {
    /// Orders what was found.
    pub(super) fn lay(&mut self, found: &mut [Found], literals: &Literals, plan: &Plan) {
        found.sort_by_key(|f| (f.occurrence.mark, f.occurrence.first));
        self.occurrences.clear();
        self.index.clear(plan.lists());
        for (at, f) in (0..).zip(found.iter()) {
            self.occurrences.push(f.occurrence);
            for set in literals.sets(f.phrase) {
                self.index.add(*set, at);
            }
        }
    }

    /// Whether one of these lists stands anywhere.
    pub(super) fn has(&self, sets: &[SetId]) -> bool {
        sets.iter().any(|set| self.index.has(*set))
    }

    /// What the clauses are asked on.
    pub(super) fn seen<'s>(
        &'s self,
        kind: PostKind,
        fields: &'s [Cut<'s>],
        holds: &'s [bool],
    ) -> Seen<'s> {
        Seen { kind, fields, occurrences: &self.occurrences, index: &self.index, holds }
    }
}

/// Which rules hold, and where. Kept from post to post.
#[derive(Debug, Default)]
pub struct Confirmed {
    pub(super) holds: Vec<bool>,
    counts: Vec<bool>,
    held: Vec<usize>,
    /// Rule and place, in the order in which rules were asked.
    pub marks: Vec<(usize, Mark)>,
    /// By rule, the first alternative that lacked one clause, and which; only if all were asked.
    pub(super) missing: Vec<Option<(usize, usize)>>,
    /// The marks of the alternative that is being asked.
    pub(super) fresh: Vec<Mark>,
    /// The alternatives yet to be asked, as bits.
    pub(super) waiting: Vec<u64>,
    /// The rules of the alternatives that were asked.
    pub(super) asked: Vec<usize>,
}

impl Confirmed {
    /// Empties it: no rule holds.
    pub(super) fn clear(&mut self, plan: &Plan) {
        if self.holds.len() != plan.rules() {
            self.holds = vec![false; plan.rules()];
            self.counts = self.holds.clone();
        }
        for rule in self.held.drain(..) {
            if let (Some(holds), Some(counts)) =
                (self.holds.get_mut(rule), self.counts.get_mut(rule))
            {
                (*holds, *counts) = (false, false);
            }
        }
        self.marks.clear();
        self.missing.clear();
        self.waiting.clear();
        self.asked.clear();
    }

    /// A rule holds where the last marks stand.
    pub(super) fn add(&mut self, rule: usize, live: &[bool]) {
        if let (Some(holds), Some(counts)) = (self.holds.get_mut(rule), self.counts.get_mut(rule)) {
            if !*holds {
                self.held.push(rule);
            }
            *holds = true;
            *counts = live.get(rule).copied().unwrap_or(false);
        }
        self.marks.extend(self.fresh.iter().map(|mark| (rule, *mark)));
    }

    /// Whether a rule holds.
    pub fn holds(&self, rule: usize) -> bool {
        self.holds.get(rule).copied().unwrap_or(false)
    }

    /// Whether a rule holds and is live.
    pub fn counts(&self, rule: usize) -> bool {
        self.counts.get(rule).copied().unwrap_or(false)
    }

    /// The rules of the alternatives that were asked, one for each.
    pub fn asked(&self) -> &[usize] {
        &self.asked
    }

    /// Whether no rule holds.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The rules that hold and are live, in the order in which they were asked.
    pub fn counted<'r>(&self, rules: &'r [Rule]) -> impl Iterator<Item = &'r Rule> {
        self.numbers().filter_map(|rule| rules.get(rule))
    }

    /// Their numbers.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.held.iter().copied().filter(|rule| self.counts(*rule))
    }

    /// Rules of which words stand in the post and that lacked one clause to
    /// hold, with that clause in words.
    pub fn nearly(&self, rules: &[Rule]) -> Vec<(String, String)> {
        let mut nearly = Vec::new();
        for (number, rule) in rules.iter().enumerate().filter(|(number, _)| !self.holds(*number)) {
            let Some(Some((at, clause))) = self.missing.get(number) else { continue };
            if let Some(said) = rule.said.get(*at).and_then(|said| said.get(*clause)) {
                nearly.push((rule.id.clone(), said.clone()));
            }
        }
        nearly
    }
}
