//! `name`: a person's name that no list knows, where one is to be expected:
//! *coblos Pak …*, *relawan …*, a hyphenated pair, a tag.
//!
//! Contestants of small contests, and those of contests yet to come, stand in
//! no list. This clause treats all of them alike: it sees a capital letter
//! and a place in the sentence, never a name.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, flag, key, only_keys, shape, words};
use crate::model::Field;
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Cut, Mark, Occurrence, Places, Scope, Seen};
use crate::rule::work;
use crate::text::{Flags, Token};

#[derive(Debug)]
struct Name {
    after: Vec<SetId>,
    before: Vec<SetId>,
    pair: bool,
    anywhere: bool,
    /// Lists of which one must stand near a name found, and within how many words.
    near: Vec<SetId>,
    words: u32,
    /// Lists behind which no person's name stands: of offices, of kinds of places.
    not_after: Vec<SetId>,
    /// Lists of which one stands there wherever a name is found, but for a pair alone.
    wakes: Vec<SetId>,
    places: Places,
}

/// Whether a token is an unknown word with a capital.
fn unknown(token: &Token) -> bool {
    token.flags.has(Flags::NAME) && token.end - token.start >= 3
}

/// Two different unknown names joined by a hyphen.
fn joined(cut: &Cut<'_>, left: &Token, right: &Token) -> bool {
    let word = |t: &Token| cut.folded.get(t.range()).unwrap_or_default();
    let capital = left.flags.has(Flags::CAPITAL) && right.flags.has(Flags::CAPITAL);
    let named = left.flags.has(Flags::NAME) && right.flags.has(Flags::NAME);
    capital
        && named
        && cut.folded.get(left.end as usize..right.start as usize) == Some("-")
        && !word(left).eq_ignore_ascii_case(word(right))
        && word(left).len() >= 3
        && word(right).len() >= 2
        && word(left).bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether this word belongs to a contestant who stands in a list.
fn listed(seen: &Seen<'_>, field: Field, at: usize) -> bool {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let after = seen.occurrences.partition_point(|o| (o.mark.field, o.first) <= (field, at));
    let near = seen.occurrences.get(after.saturating_sub(24)..after).unwrap_or_default();
    work::done(near.len());
    near.iter().any(|o| o.mark.field == field && o.owner.is_some() && o.first <= at && at < o.after)
}

impl Name {
    /// Whether one of `near`, which come in order, stands within reach of a word.
    fn is_near(&self, near: &[&Occurrence], field: Field, place: u32) -> bool {
        // no phrase is longer than twelve words
        let earliest = (field, place.saturating_sub(self.words + 16));
        let from = near.partition_point(|o| (o.mark.field, o.first) < earliest);
        let latest = (field, place.saturating_add(self.words));
        near.get(from..)
            .unwrap_or_default()
            .iter()
            .inspect(|_| work::done(1))
            .take_while(|o| (o.mark.field, o.first) <= latest)
            .any(|o| o.first > place || (o.after <= place && place - o.after <= self.words))
    }

    fn beside(
        &self,
        seen: &Seen<'_>,
        near: &[&Occurrence],
        occurrence: &Occurrence,
        after: bool,
    ) -> Option<Mark> {
        let cut = seen.fields.iter().find(|cut| cut.field == occurrence.mark.field)?;
        let at = if after {
            occurrence.after as usize
        } else {
            (occurrence.first as usize).checked_sub(1)?
        };
        let token = cut.tokens.get(at)?;
        if token.sentence != occurrence.sentence
            || !unknown(token)
            || listed(seen, occurrence.mark.field, at)
        {
            return None;
        }
        let next =
            cut.tokens.get(at + 1).filter(|next| unknown(next) && next.sentence == token.sentence);
        if self.pair && !next.is_some_and(|next| joined(cut, token, next)) {
            return None;
        }
        let place = u32::try_from(at).ok()?;
        if !self.near.is_empty() && !self.is_near(near, cut.field, place) {
            return None;
        }
        let end = if after { next.map_or(token.end, |next| next.end) } else { token.end };
        Some(Mark { field: cut.field, start: token.start, end })
    }
}

impl Name {
    /// Names in any place that have one of `near` beside them.
    fn wherever(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) {
        let near = seen.all(&self.near, self.places);
        if near.is_empty() {
            return;
        }
        let not_after = seen.all(&self.not_after, Places { scope: Scope::Any, ..self.places });
        let fields = seen
            .fields
            .iter()
            .filter(|cut| self.places.fields.get(cut.field as usize) == Some(&true));
        for cut in fields {
            let in_field: Vec<&&Occurrence> =
                near.iter().filter(|o| o.mark.field == cut.field).collect();
            let begins = |at: usize, token: &Token| {
                at.checked_sub(1).and_then(|i| cut.tokens.get(i)).map(|t| t.sentence)
                    != Some(token.sentence)
            };
            let mut behind: Vec<u32> =
                not_after.iter().filter(|o| o.mark.field == cut.field).map(|o| o.after).collect();
            behind.sort_unstable();
            work::done(near.len() + not_after.len());
            let mut ruled_out = None;
            for (at, token) in cut.tokens.iter().enumerate().filter(|(_, t)| unknown(t)) {
                // the first word of a sentence has a capital anyway
                if begins(at, token) {
                    continue;
                }
                let place = u32::try_from(at).unwrap_or(u32::MAX);
                // `Lapas Suka Maju`: the second word of a place is no person either
                let is_behind = behind.binary_search(&place).is_ok();
                if ruled_out == at.checked_sub(1) && at > 0 || is_behind {
                    ruled_out = Some(at);
                    continue;
                }
                let next = in_field.partition_point(|o| o.first <= place);
                let after = in_field.get(next).is_some_and(|o| o.first - place <= self.words);
                let before = next
                    .checked_sub(1)
                    .and_then(|i| in_field.get(i))
                    .is_some_and(|o| place.saturating_sub(o.after) <= self.words);
                if (after || before) && !listed(seen, cut.field, at) {
                    marks.push(Mark { field: cut.field, start: token.start, end: token.end });
                }
            }
        }
    }
}

impl Clause for Name {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let before = marks.len();
        let near = seen.all(&self.near, self.places);
        for (beside, after) in [(&self.after, true), (&self.before, false)] {
            for occurrence in seen.each(beside, self.places) {
                marks.extend(self.beside(seen, &near, occurrence, after));
            }
        }
        if self.anywhere {
            self.wherever(seen, marks);
        }
        if self.pair && self.after.is_empty() {
            for cut in seen
                .fields
                .iter()
                .filter(|cut| self.places.fields.get(cut.field as usize) == Some(&true))
            {
                for (at, two) in cut.tokens.windows(2).enumerate() {
                    if let [left, right] = two
                        && joined(cut, left, right)
                        && !listed(seen, cut.field, at)
                    {
                        marks.push(Mark { field: cut.field, start: left.start, end: right.end });
                    }
                }
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let is_pair_alone = self.pair && self.after.is_empty();
        let name = if self.pair && !self.anywhere { Need::Pair } else { Need::Name };
        let mut needs = vec![name(self.places.fields)];
        if !is_pair_alone {
            needs.push(Need::List(&self.wakes, self.places));
            if !self.near.is_empty() {
                needs.push(Need::List(&self.near, self.places));
            }
        }
        needs
    }
}

/// `name = { after = […], before = […], pair = true, near = […], words = 8 }`:
/// next to one of these phrases, or, with `pair` alone, anywhere; with `near`,
/// only where one of those stands within so many words. With `anywhere = true`
/// every name that has one of `near` beside it counts, but for those directly
/// behind one of `not_after`: a place has a capital too.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["after", "before", "pair", "near", "words", "anywhere", "not_after"])?;
    let mut sets = |name: &str| match value.get(name) {
        Some(list) => builder.sets(list),
        None => Ok(Vec::new()),
    };
    let (after, before, near) = (sets("after")?, sets("before")?, sets("near")?);
    let not_after = sets("not_after")?;
    let pair = flag(value, "pair")?;
    let anywhere = flag(value, "anywhere")?;
    if anywhere || !not_after.is_empty() {
        key(value, "near")?;
        key(value, "anywhere")?;
    }
    if after.is_empty() && before.is_empty() && !pair && !anywhere {
        key(value, "after")?;
    }
    let mut wakes = [after.as_slice(), &before].concat();
    if anywhere {
        wakes.extend(&near);
    }
    let (words, places) = (words(value, 8)?, builder.places);
    Ok(Box::new(Name { after, before, pair, anywhere, near, words, not_after, wakes, places }))
}

/// Its shape.
pub const SHAPE: Shape = Shape::Table(&[
    ("after", Shape::Phrases, false),
    ("before", Shape::Phrases, false),
    ("pair", Shape::Flag, false),
    ("near", Shape::Phrases, false),
    ("words", Shape::Number(0, 60), false),
    ("anywhere", Shape::Flag, false),
    ("not_after", Shape::Phrases, false),
]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let mut ways = Vec::new();
    for (key, place) in [("after", "after"), ("before", "before")] {
        if value.get(key).is_some() {
            ways.push(format!("an unknown name {place} {}", shape::any_of(value, key)));
        }
    }
    if value.get("pair").and_then(Value::as_bool) == Some(true) {
        ways.push("an unknown pair of names".to_owned());
    }
    if value.get("anywhere").and_then(Value::as_bool) == Some(true) {
        let but = value
            .get("not_after")
            .map(|_| format!(" (but not behind {})", shape::any_of(value, "not_after")));
        ways.push(format!("an unknown name{}", but.unwrap_or_default()));
    }
    let said = ways.join(", or ");
    if value.get("near").is_none() {
        return said;
    }
    let words = value.get("words").and_then(Value::as_integer).unwrap_or(8);
    format!("{said}, within {words} words of {}", shape::any_of(value, "near"))
}
