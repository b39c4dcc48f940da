//! Which rules are asked of a post.
//!
//! Most rules cannot hold in most posts: what they cannot do without is not
//! there. So each alternative of a rule waits for one list or one rule that it
//! needs, the rarest, and is asked only when that has been seen, and all else
//! that it needs. An alternative that needs no list is looked at in every post.

use crate::model::PostKind;
use crate::rule::clause::Need;
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Cut, Places, Scope};
use crate::rule::{Rule, RuleSet, State};
use crate::text::Flags;

use super::confirm::{Confirmed, Ground};
use super::sight::{Fields, Sight, bits};

/// One alternative of a rule.
#[derive(Debug)]
struct Alternative {
    rule: usize,
    number: usize,
    /// Groups of lists; of each group one must stand in one of these fields.
    lists: Vec<(Vec<SetId>, Fields)>,
    /// The kinds of post of which it has to be one, as bits.
    kinds: u8,
    /// Fields of which one must hold a name, or a pair of names, group by group.
    names: Vec<Fields>,
    pairs: Vec<Fields>,
    /// What must be true of some word.
    flags: Flags,
}

impl Alternative {
    fn new(rule: usize, number: usize) -> Self {
        Self {
            rule,
            number,
            lists: Vec::new(),
            kinds: u8::MAX,
            names: Vec::new(),
            pairs: Vec::new(),
            flags: Flags::default(),
        }
    }

    fn need(&mut self, need: &Need<'_>) {
        match need {
            Need::List(sets, places) => {
                self.lists.push((sets.to_vec(), bits(places.fields)));
                self.flags = self.flags.with(of_scope(*places));
            }
            Need::Kind(kinds) => {
                self.kinds &= kinds.iter().fold(0, |bits, kind| bits | kind_bit(*kind));
            }
            Need::Name(fields) => self.names.push(bits(*fields)),
            Need::Pair(fields) => self.pairs.push(bits(*fields)),
            Need::Rule(_) => {}
        }
    }

    /// Whether all that it needs, but for rules, stands in a post.
    fn can_hold(&self, sight: &Sight) -> bool {
        self.kinds & kind_bit(sight.kind()) != 0
            && sight.has_flags(self.flags)
            && self.lists.iter().all(|(sets, fields)| sight.has(sets, *fields))
            && self.names.iter().all(|fields| sight.has_name(*fields))
            && self.pairs.iter().all(|fields| sight.has_pair(*fields))
    }
}

fn kind_bit(kind: PostKind) -> u8 {
    1 << (kind as u8)
}

/// What must be true of a word for which these places count.
fn of_scope(places: Places) -> Flags {
    match places.scope {
        Scope::Any | Scope::Asserted => Flags::default(),
        Scope::Negated => Flags::NEGATED,
        Scope::Forbidden => Flags::FORBIDDEN,
        Scope::Quoted => Flags::QUOTED,
        Scope::Asked => Flags::QUESTION,
        Scope::Conditional => Flags::CONDITIONAL,
        Scope::Reported => Flags::REPORTED,
    }
}

/// Which alternatives of which rules wait for what.
#[derive(Debug)]
pub(super) struct Plan {
    /// In the order in which they are asked.
    alternatives: Vec<Alternative>,
    /// By list, the alternatives that wait for it.
    by_list: Vec<Vec<u32>>,
    /// By rule, the alternatives that wait for it.
    by_rule: Vec<Vec<u32>>,
    /// Those that wait for nothing.
    always: Vec<u32>,
    /// How many lists there are.
    lists: usize,
    /// How many rules there are.
    rules: usize,
    live: Vec<bool>,
}

impl Plan {
    /// What the rules of a set wait for.
    pub(super) fn new(ruleset: &RuleSet) -> Self {
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
        let rarest = needs.iter().filter(|need| matches!(need, Need::Rule(_) | Need::List(..)));
        let rarest = rarest.min_by_key(|need| match need {
            Need::List(sets, _) => (1, size(sets)),
            _ => (0, 0),
        });
        match rarest {
            Some(Need::Rule(rules)) => {
                // a rule asked later has not held yet
                for waiting in rules.iter().filter(|rule| **rule < number) {
                    if let Some(waiting) = self.by_rule.get_mut(*waiting) {
                        waiting.push(name);
                    }
                }
            }
            Some(Need::List(sets, _)) => {
                for set in *sets {
                    if let Some(waiting) = self.by_list.get_mut(usize::from(*set)) {
                        waiting.push(name);
                    }
                }
            }
            _ => self.always.push(name),
        }
        let mut alternative = Alternative::new(number, at);
        for need in &needs {
            alternative.need(need);
        }
        // what is likeliest to be missing is looked for first
        alternative.lists.sort_by_key(|(sets, _)| size(sets));
        self.alternatives.push(alternative);
    }

    /// How many lists there are.
    pub(super) fn lists(&self) -> usize {
        self.lists
    }

    /// How many rules there are.
    pub(super) fn rules(&self) -> usize {
        self.rules
    }

    /// Puts the alternatives that can hold in a post into `waiting`, as bits, but for those that
    /// wait for a rule. If there is none no rule can hold, and this says so.
    pub(super) fn wake(&self, sight: &Sight, waiting: &mut Vec<u64>) -> bool {
        waiting.clear();
        waiting.resize(self.alternatives.len().div_ceil(64), 0);
        let by_list =
            |set: &SetId| self.by_list.get(usize::from(*set)).map_or(&[][..], Vec::as_slice);
        let woken = sight.lists().iter().flat_map(by_list).chain(&self.always);
        let mut any = false;
        for name in woken {
            let can_hold = |of: &Alternative| of.can_hold(sight);
            if !has_bit(waiting, *name)
                && self.alternatives.get(*name as usize).is_some_and(can_hold)
            {
                set_bit(waiting, *name);
                any = true;
            }
        }
        any
    }

    /// Asks the rules that can hold of what was found.
    pub(super) fn ask(
        &self,
        rules: &[Rule],
        (sight, fields): (&Sight, &[Cut<'_>]),
        ground: &Ground,
        confirmed: &mut Confirmed,
    ) {
        for word in 0..confirmed.waiting.len() {
            while let Some(name) = take_bit(&mut confirmed.waiting, word) {
                let Some(alternative) = self.alternatives.get(name) else { break };
                // what was seen at first may have lost its terms since
                let is_left = |(sets, _): &(Vec<SetId>, Fields)| ground.has(sets);
                if !alternative.lists.iter().all(is_left) {
                    continue;
                }
                let Some(clauses) =
                    rules.get(alternative.rule).and_then(|rule| rule.when.get(alternative.number))
                else {
                    continue;
                };
                confirmed.asked.push(alternative.rule);
                let seen = ground.seen(sight.kind(), fields, &confirmed.holds);
                let marks = &mut confirmed.fresh;
                marks.clear();
                if clauses.iter().all(|clause| clause.holds(&seen, marks)) {
                    confirmed.add(alternative.rule, &self.live);
                    let more = self.by_rule.get(alternative.rule).map_or(&[][..], Vec::as_slice);
                    for name in more {
                        let can_hold = |of: &Alternative| of.can_hold(sight);
                        if self.alternatives.get(*name as usize).is_some_and(can_hold) {
                            set_bit(&mut confirmed.waiting, *name);
                        }
                    }
                }
            }
        }
    }

    /// Asks all clauses of all rules, and keeps which were missing.
    pub(super) fn ask_all(
        &self,
        rules: &[Rule],
        (sight, fields): (&Sight, &[Cut<'_>]),
        ground: &Ground,
        confirmed: &mut Confirmed,
    ) {
        confirmed.missing.resize(rules.len(), None);
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| is_asked(rule)) {
            for (at, clauses) in rule.when.iter().enumerate() {
                let seen = ground.seen(sight.kind(), fields, &confirmed.holds);
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

fn has_bit(bits: &[u64], at: u32) -> bool {
    bits.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

/// Takes the lowest bit out of a word of `bits`, and says which it was.
fn take_bit(bits: &mut [u64], word: usize) -> Option<usize> {
    let bits = bits.get_mut(word).filter(|bits| **bits != 0)?;
    let bit = bits.trailing_zeros() as usize;
    *bits &= *bits - 1;
    Some(word * 64 + bit)
}
