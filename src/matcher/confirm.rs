//! From literals to clauses to rules.
//!
//! Most rules cannot hold in most posts: what they cannot do without is not
//! there. So each alternative of a rule waits for one list or one rule that it
//! needs, the rarest, and is asked only when that has been seen. An
//! alternative that needs nothing is asked of every post.

use crate::model::PostKind;
use crate::rule::clause::Need;
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Cut, Index, Mark, Occurrence, Seen};
use crate::rule::{Rule, RuleSet, State};

use super::literal::{Found, Literals};

/// One alternative of a rule.
#[derive(Debug)]
struct Alternative {
    rule: usize,
    number: usize,
    /// Groups of lists; of each group one must be seen.
    needs: Vec<Vec<SetId>>,
}

/// Which alternatives of which rules wait for what.
#[derive(Debug)]
pub struct Plan {
    /// In the order in which they are asked.
    alternatives: Vec<Alternative>,
    /// By list, the alternatives that wait for it.
    by_list: Vec<Vec<u32>>,
    /// By rule, the alternatives that wait for it.
    by_rule: Vec<Vec<u32>>,
    /// Those that wait for nothing, as bits.
    always: Vec<u64>,
    /// How many lists there are.
    lists: usize,
    /// How many rules there are.
    rules: usize,
    live: Vec<bool>,
}

impl Plan {
    /// What the rules of a set wait for.
    pub fn new(ruleset: &RuleSet) -> Self {
        let (rules, lists) = (ruleset.rules(), ruleset.lexicon().len());
        let mut plan = Self {
            alternatives: Vec::new(),
            by_list: vec![Vec::new(); lists],
            by_rule: vec![Vec::new(); rules.len()],
            always: Vec::new(),
            lists,
            rules: rules.len(),
            live: rules.iter().map(|rule| rule.state == State::Live).collect(),
        };
        let mut sizes = vec![0_usize; lists];
        for phrase in &ruleset.lexicon().phrases {
            for set in &phrase.sets {
                if let Some(size) = sizes.get_mut(usize::from(*set)) {
                    *size += 1;
                }
            }
        }
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
            for at in 0..rule.when.len() {
                plan.add(rule, number, at, &sizes);
            }
        }
        plan
    }

    fn add(&mut self, rule: &Rule, number: usize, at: usize, sizes: &[usize]) {
        let clauses = rule.when.get(at).map_or(&[][..], Vec::as_slice);
        let alternative = self.alternatives.len();
        let name = u32::try_from(alternative).unwrap_or(u32::MAX);
        let needs: Vec<Need<'_>> = clauses.iter().flat_map(|clause| clause.needs()).collect();
        let size = |sets: &[SetId]| -> usize {
            sets.iter().filter_map(|set| sizes.get(usize::from(*set))).sum()
        };
        // a rule that holds is rarer than any list
        let rarest = needs.iter().min_by_key(|need| match need {
            Need::Rule(_) => (0, 0),
            Need::List(sets) => (1, size(sets)),
        });
        match rarest {
            None => {
                if self.always.len() <= alternative / 64 {
                    self.always.resize(alternative / 64 + 1, 0);
                }
                set_bit(&mut self.always, name);
            }
            Some(Need::Rule(rules)) => {
                // a rule asked later has not held yet
                for waiting in rules.iter().filter(|rule| **rule < number) {
                    if let Some(waiting) = self.by_rule.get_mut(*waiting) {
                        waiting.push(name);
                    }
                }
            }
            Some(Need::List(sets)) => {
                for set in *sets {
                    if let Some(waiting) = self.by_list.get_mut(usize::from(*set)) {
                        waiting.push(name);
                    }
                }
            }
        }
        let needs = needs.iter().filter_map(|need| match need {
            Need::List(sets) => Some(sets.to_vec()),
            Need::Rule(_) => None,
        });
        self.alternatives.push(Alternative { rule: number, number: at, needs: needs.collect() });
    }

    /// Asks the rules that can hold of what was found.
    pub fn ask(
        &self,
        rules: &[Rule],
        (kind, fields): (PostKind, &[Cut<'_>]),
        ground: &Ground,
        confirmed: &mut Confirmed,
    ) {
        confirmed.clear(self);
        let waiting = &mut confirmed.waiting;
        waiting.extend_from_slice(&self.always);
        waiting.resize(self.alternatives.len().div_ceil(64), 0);
        for set in ground.index.lists() {
            for name in self.by_list.get(usize::from(*set)).map_or(&[][..], Vec::as_slice) {
                set_bit(waiting, *name);
            }
        }
        for word in 0..waiting.len() {
            while let Some(name) = take_bit(&mut confirmed.waiting, word) {
                let Some(alternative) = self.alternatives.get(name) else { break };
                let is_seen = |group: &Vec<SetId>| group.iter().any(|set| ground.index.has(*set));
                if !alternative.needs.iter().all(is_seen) {
                    continue;
                }
                let Some(clauses) =
                    rules.get(alternative.rule).and_then(|rule| rule.when.get(alternative.number))
                else {
                    continue;
                };
                confirmed.asked.push(alternative.rule);
                let seen = ground.seen(kind, fields, &confirmed.holds);
                let marks = &mut confirmed.fresh;
                marks.clear();
                if clauses.iter().all(|clause| clause.holds(&seen, marks)) {
                    confirmed.add(alternative.rule, &self.live);
                    let more = self.by_rule.get(alternative.rule).map_or(&[][..], Vec::as_slice);
                    for name in more {
                        set_bit(&mut confirmed.waiting, *name);
                    }
                }
            }
        }
    }

    /// Asks all clauses of all rules, and keeps which were missing.
    pub fn ask_all(
        &self,
        rules: &[Rule],
        (kind, fields): (PostKind, &[Cut<'_>]),
        ground: &Ground,
        confirmed: &mut Confirmed,
    ) {
        confirmed.clear(self);
        confirmed.missing.resize(rules.len(), None);
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
            for (at, clauses) in rule.when.iter().enumerate() {
                let seen = ground.seen(kind, fields, &confirmed.holds);
                confirmed.fresh.clear();
                let mut failed = Vec::new();
                for (i, clause) in clauses.iter().enumerate() {
                    if !clause.holds(&seen, &mut confirmed.fresh) {
                        failed.push(i);
                    }
                }
                if failed.is_empty() {
                    confirmed.add(number, &self.live);
                } else if let ([only], false) = (failed.as_slice(), confirmed.fresh.is_empty()) {
                    // words of the rule stand there, and one thing was missing
                    if let Some(missing) = confirmed.missing.get_mut(number) {
                        missing.get_or_insert((at, *only));
                    }
                }
            }
        }
    }
}

fn is_asked(rule: &Rule) -> bool {
    !matches!(rule.state, State::Draft | State::Retired)
}

fn set_bit(bits: &mut [u64], at: u32) {
    if let Some(word) = bits.get_mut(at as usize / 64) {
        *word |= 1 << (at % 64);
    }
}

/// Takes the lowest bit out of a word of `bits`, and says which it was.
fn take_bit(bits: &mut [u64], word: usize) -> Option<usize> {
    let bits = bits.get_mut(word).filter(|bits| **bits != 0)?;
    let bit = bits.trailing_zeros() as usize;
    *bits &= *bits - 1;
    Some(word * 64 + bit)
}

/// What was found in a post, ordered for the clauses. Kept from post to post.
#[derive(Debug, Default)]
pub struct Ground {
    occurrences: Vec<Occurrence>,
    index: Index,
}

impl Ground {
    /// Orders what was found.
    pub fn lay(&mut self, found: &mut [Found], literals: &Literals, plan: &Plan) {
        found.sort_by_key(|f| (f.occurrence.mark, f.occurrence.first));
        self.occurrences.clear();
        self.index.clear(plan.lists);
        for (at, f) in (0..).zip(found.iter()) {
            self.occurrences.push(f.occurrence);
            for set in literals.sets(f.phrase) {
                self.index.add(*set, at);
            }
        }
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
    holds: Vec<bool>,
    counts: Vec<bool>,
    held: Vec<usize>,
    /// Rule and place, in the order in which rules were asked.
    pub marks: Vec<(usize, Mark)>,
    /// By rule, the first alternative that lacked one clause, and which; only if all were asked.
    missing: Vec<Option<(usize, usize)>>,
    fresh: Vec<Mark>,
    waiting: Vec<u64>,
    /// The rules of the alternatives that were asked.
    asked: Vec<usize>,
}

impl Confirmed {
    fn clear(&mut self, plan: &Plan) {
        for flags in [&mut self.holds, &mut self.counts] {
            flags.clear();
            flags.resize(plan.rules, false);
        }
        self.held.clear();
        self.marks.clear();
        self.missing.clear();
        self.waiting.clear();
        self.asked.clear();
    }

    /// A rule holds where the last marks stand.
    fn add(&mut self, rule: usize, live: &[bool]) {
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
