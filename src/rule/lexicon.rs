//! Word lists shared by rules: `@aksi.dukung` is the list `dukung` of
//! `lexicon/aksi.toml`, `@aksi` all lists of that file together.
//!
//! An entry is a phrase; `dukung~` stands for every form of the stem, `lapas*`
//! for a word that begins so in an account name or a tag. Lists of
//! contestants come from [`super::contest`].

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::text::{Vocabulary, WordId, word};

/// The number of a list.
pub type SetId = u16;

/// What a phrase belongs to: a contestant, or a ballot number.
pub type Owner = u16;

/// Words that stand in one or more lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words, in order.
    pub words: Vec<WordId>,
    /// The lists it stands in, ascending.
    pub sets: Vec<SetId>,
    /// The contestant or number it names; phrases of one contestant count as one.
    pub owner: Option<Owner>,
    /// The days on which it counts, first and last; a post without a date is inside.
    pub valid: (Option<Date>, Option<Date>),
}

/// Letters that count inside an account name or a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The letters, lower case.
    pub literal: String,
    /// The lists it stands in.
    pub sets: Vec<SetId>,
    /// As of a phrase.
    pub owner: Option<Owner>,
}

/// All lists, their phrases and their words.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// The words of all phrases.
    pub vocabulary: Vocabulary,
    /// The phrases.
    pub phrases: Vec<Phrase>,
    /// The literals sought inside words.
    pub inside: Vec<Inside>,
    sets: BTreeMap<String, SetId>,
    known: BTreeMap<(Vec<WordId>, Option<Owner>), usize>,
    owners: BTreeMap<String, Owner>,
}

impl Lexicon {
    /// The list of this name, made if there is none.
    pub fn set(&mut self, name: &str) -> SetId {
        let next = SetId::try_from(self.sets.len()).unwrap_or(SetId::MAX);
        *self.sets.entry(name.to_owned()).or_insert(next)
    }

    /// The list of this name, if there is one.
    pub fn find(&self, name: &str) -> Option<SetId> {
        self.sets.get(name).copied()
    }

    /// The names of all lists that a rule can speak of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sets.keys().map(String::as_str).filter(|name| name.starts_with('@'))
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// The number of a contestant or ballot number.
    pub fn owner(&mut self, name: &str) -> Owner {
        let next = Owner::try_from(self.owners.len()).unwrap_or(Owner::MAX);
        *self.owners.entry(name.to_owned()).or_insert(next)
    }

    /// Adds an entry to a list. Returns false if no word is in it.
    pub fn add(
        &mut self,
        set: SetId,
        entry: &str,
        owner: Option<Owner>,
        valid: (Option<Date>, Option<Date>),
    ) -> bool {
        if let Some(literal) = entry.strip_suffix('*') {
            let literal = literal.to_lowercase();
            match self
                .inside
                .iter_mut()
                .find(|inside| inside.literal == literal && inside.owner == owner)
            {
                Some(inside) => inside.sets.push(set),
                None => self.inside.push(Inside { literal, sets: vec![set], owner }),
            }
            return true;
        }
        let spellings = word::spellings(entry);
        if spellings.is_empty() || spellings.len() > 12 {
            return false;
        }
        let words: Vec<WordId> =
            spellings.iter().map(|spelling| self.vocabulary.word(spelling)).collect();
        let at = *self.known.entry((words.clone(), owner)).or_insert_with(|| {
            self.phrases.push(Phrase { words, sets: Vec::new(), owner, valid });
            self.phrases.len() - 1
        });
        if let Some(phrase) = self.phrases.get_mut(at)
            && !phrase.sets.contains(&set)
        {
            phrase.sets.push(set);
            phrase.sets.sort_unstable();
        }
        true
    }

    /// Adds all entries of the list `from` to the list `to`.
    pub fn include(&mut self, to: SetId, from: SetId) {
        for phrase in &mut self.phrases {
            if phrase.sets.contains(&from) && !phrase.sets.contains(&to) {
                phrase.sets.push(to);
                phrase.sets.sort_unstable();
            }
        }
        for inside in &mut self.inside {
            if inside.sets.contains(&from) && !inside.sets.contains(&to) {
                inside.sets.push(to);
            }
        }
    }
}
