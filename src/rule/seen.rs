//! What one pass over a post has seen: the ground on which clauses decide.

use crate::model::{Field, PostKind};
use crate::text::{Flags, Token};

use super::lexicon::{Owner, SetId};
use super::work;

/// Where a clause found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The field.
    pub field: Field,
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A phrase that stands in a post.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence {
    /// Where.
    pub mark: Mark,
    /// The first token, by its number in the field.
    pub first: u32,
    /// One past the last token.
    pub after: u32,
    /// The place of the first token when each contestant's name counts as one word, however long it is.
    pub from: u32,
    /// One past the last, counted likewise.
    pub to: u32,
    /// The number of the sentence.
    pub sentence: u16,
    /// What is true of its first token.
    pub flags: Flags,
    /// Its contestant or number; phrases of no contestant have the phrase's own.
    pub owner: Option<Owner>,
}

/// One field of a post, cut into words.
#[derive(Debug)]
pub struct Cut<'p> {
    /// Which field.
    pub field: Field,
    /// Its folded text.
    pub folded: &'p str,
    /// Its words.
    pub tokens: &'p [Token],
}

/// Which occurrences stand in which list, so that a list is asked in one step.
///
/// Kept from post to post: emptying it costs as much as was put in.
#[derive(Debug, Default)]
pub struct Index {
    /// By list, its first and its last entry, counted from 1; 0 is none.
    ends: Vec<(u32, u32)>,
    /// Occurrence, and the list's next entry.
    entries: Vec<(u32, u32)>,
    touched: Vec<SetId>,
}

impl Index {
    /// Empties it, for a rule set of so many lists.
    pub fn clear(&mut self, lists: usize) {
        for set in self.touched.drain(..) {
            if let Some(ends) = self.ends.get_mut(usize::from(set)) {
                *ends = (0, 0);
            }
        }
        self.entries.clear();
        if self.ends.len() < lists {
            self.ends.resize(lists, (0, 0));
        }
    }

    /// Adds an occurrence to a list; they come in ascending order.
    pub fn add(&mut self, set: SetId, occurrence: u32) {
        let entry = u32::try_from(self.entries.len() + 1).unwrap_or(0);
        let Some((first, last)) = self.ends.get_mut(usize::from(set)) else { return };
        if *first == 0 {
            *first = entry;
            self.touched.push(set);
        } else if let Some((_, next)) = self.entries.get_mut(*last as usize - 1) {
            *next = entry;
        }
        *last = entry;
        self.entries.push((occurrence, 0));
    }

    /// Whether a list has been seen.
    pub fn has(&self, set: SetId) -> bool {
        self.ends.get(usize::from(set)).is_some_and(|(first, _)| *first != 0)
    }

    /// The lists that have been seen.
    pub fn lists(&self) -> &[SetId] {
        &self.touched
    }

    /// The occurrences of a list by their numbers, ascending.
    pub fn of(&self, set: SetId) -> impl Iterator<Item = u32> + use<'_> {
        let mut next = self.ends.get(usize::from(set)).map_or(0, |(first, _)| *first);
        std::iter::from_fn(move || {
            let (occurrence, after) = self.entries.get((next as usize).checked_sub(1)?)?;
            next = *after;
            Some(*occurrence)
        })
    }
}

/// What one pass over a post has seen.
#[derive(Debug)]
pub struct Seen<'p> {
    /// What kind of item it is.
    pub kind: PostKind,
    /// The fields.
    pub fields: &'p [Cut<'p>],
    /// The occurrences, in order of field and place.
    pub occurrences: &'p [Occurrence],
    /// Which of them stand in which list.
    pub index: &'p Index,
    /// By number of rule, whether it holds; those yet to be asked are false.
    pub holds: &'p [bool],
}

impl<'p> Seen<'p> {
    /// The occurrences of several lists in these places, list by list.
    pub fn each(&self, sets: &[SetId], places: Places) -> impl Iterator<Item = &'p Occurrence> {
        let (occurrences, index, kind) = (self.occurrences, self.index, self.kind);
        sets.iter()
            .flat_map(|set| index.of(*set))
            .inspect(|_| work::done(1))
            .filter_map(|at| occurrences.get(at as usize))
            .filter(move |occurrence| places.hold(occurrence, kind))
    }

    /// The occurrences of several lists in these places, in order of field and place.
    pub fn all(&self, sets: &[SetId], places: Places) -> Vec<&'p Occurrence> {
        let mut found: Vec<&Occurrence> = self.each(sets, places).collect();
        if sets.len() > 1 && found.len() > 1 {
            found.sort_by_key(|o| (o.mark, o.first));
        }
        found
    }

    /// Whether any of several lists stands in these places.
    pub fn any(&self, sets: &[SetId], places: Places) -> Option<&'p Occurrence> {
        self.each(sets, places).next()
    }
}

/// Which occurrences count: in which fields, in which scope.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// By number of field, whether it counts.
    pub fields: [bool; 5],
    /// In which scope.
    pub scope: Scope,
    /// Whether of a news text only the lead counts: what an article is about stands there.
    pub lead: bool,
}

/// How many words of an article are its lead: two paragraphs of a short report.
pub const LEAD_WORDS: u32 = 70;

/// How a phrase is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// In any way.
    #[default]
    Any,
    /// Neither negated nor forbidden.
    Asserted,
    /// Under a negation.
    Negated,
    /// Under a prohibition or warning.
    Forbidden,
    /// Between quotation marks.
    Quoted,
    /// In a question.
    Asked,
    /// In a clause that says what would be.
    Conditional,
    /// As what somebody is said to have said.
    Reported,
}

/// The scopes by the names that rules give them.
pub const SCOPES: &[(&str, Scope)] = &[
    ("any", Scope::Any),
    ("asserted", Scope::Asserted),
    ("negated", Scope::Negated),
    ("forbidden", Scope::Forbidden),
    ("quoted", Scope::Quoted),
    ("asked", Scope::Asked),
    ("conditional", Scope::Conditional),
    ("reported", Scope::Reported),
];

impl Places {
    /// Headline and text.
    pub const TEXT: [bool; 5] = [true, true, false, false, false];
    /// Name, handle and profile.
    pub const AUTHOR: [bool; 5] = [false, false, true, true, true];

    /// Whether an occurrence counts. The text of a profile is also its author's.
    pub fn hold(&self, occurrence: &Occurrence, kind: PostKind) -> bool {
        let field = occurrence.mark.field;
        let counts = self.fields.get(field as usize).copied().unwrap_or(false)
            || (kind == PostKind::Bio
                && field == Field::Text
                && self.fields[Field::AuthorBio as usize]);
        let flags = occurrence.flags;
        let beyond_lead = self.lead
            && kind == PostKind::News
            && field == Field::Text
            && occurrence.from >= LEAD_WORDS;
        counts
            && !beyond_lead
            && match self.scope {
                Scope::Any => true,
                Scope::Asserted => !flags.has(Flags::NEGATED) && !flags.has(Flags::FORBIDDEN),
                Scope::Negated => flags.has(Flags::NEGATED),
                Scope::Forbidden => flags.has(Flags::FORBIDDEN),
                Scope::Quoted => flags.has(Flags::QUOTED),
                Scope::Asked => flags.has(Flags::QUESTION),
                Scope::Conditional => flags.has(Flags::CONDITIONAL),
                Scope::Reported => flags.has(Flags::REPORTED),
            }
    }
}
