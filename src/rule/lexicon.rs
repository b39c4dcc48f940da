//! Word lists shared by rules: `@aksi.dukung` is the list `dukung` of
//! `lexicon/aksi.toml`, `@aksi` all lists of that file together.
//!
//! An entry is a phrase; `dukung~` stands for every form of the stem, `lapas*`
//! for a word that begins so in an account name or a tag. An entry may be a
//! table instead, with the terms on which it counts:
//! `{ text = "banteng", ambiguous = true }`, `{ text = "…", from = "2024-09-25", until = "2024-11-27" }`,
//! `{ text = "…", region = "Jawa Tengah" }`. Lists of contestants come from [`super::contest`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::text::{Vocabulary, WordId, spelling};

/// The number of a list.
pub type SetId = u16;

/// What a phrase belongs to: a contestant, or a ballot number.
pub type Owner = u16;

/// The lists that are company for an ambiguous entry: they speak of an
/// election whatever stands around them. Those whose entries are everyday
/// words themselves (a bare number, a colour, a hand sign, a name of one word,
/// a short name of a party) are not among them.
pub const COMPANY: &[&str] = &[
    "@peserta.pair",
    "@peserta.names",
    "@peserta.sapaan",
    "@peserta.nicknames",
    "@peserta.hashtags",
    "@peserta.slogans",
    "@partai.names",
    "@nomor.urut",
    "@nomor.paslon",
    "@pemilu",
];

/// On what terms a phrase counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// The first and last day; a post without a date is inside.
    pub valid: (Option<Date>, Option<Date>),
    /// The list of a region's names, one of which must stand in the post or at its author.
    pub region: Option<SetId>,
    /// Whether a phrase of [`COMPANY`] must stand in the same post.
    pub ambiguous: bool,
}

/// Words that stand in one or more lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words as the list writes them.
    pub entry: Box<str>,
    /// The words, in order.
    pub words: Vec<WordId>,
    /// The lists it stands in, ascending.
    pub sets: Vec<SetId>,
    /// The contestant or number it names; phrases of one contestant count as one.
    pub owner: Option<Owner>,
    /// The days on which it counts, first and last; a post without a date is inside.
    pub valid: (Option<Date>, Option<Date>),
    /// The list of a region's names, one of which must stand in the post or at its author.
    pub region: Option<SetId>,
    /// Whether it counts only in company.
    pub ambiguous: bool,
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
    known: BTreeMap<(Vec<WordId>, Option<Owner>, Terms), usize>,
    owners: BTreeMap<String, Owner>,
    /// The lists that a clause asks for.
    asked: BTreeSet<SetId>,
    /// The lists of regions.
    regions: BTreeSet<SetId>,
    /// The forms of contestants and parties, as they stand in their files.
    contestants: BTreeSet<Vec<String>>,
}

impl Lexicon {
    /// Makes a form of a contestant or party known, so that no list may hold it.
    pub fn contestant(&mut self, form: &str) {
        let words = spelling::spellings(form);
        if !words.is_empty() {
            self.contestants.insert(words);
        }
    }

    /// The form of a contestant or party that an entry holds, if it holds one:
    /// a rule that spoke of one by name would not treat rivals alike.
    pub fn names_contestant(&self, entry: &str) -> Option<String> {
        let words = spelling::spellings(entry);
        (0..words.len())
            .flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)))
            .filter_map(|(from, to)| words.get(from..to))
            .find(|form| self.contestants.contains(*form))
            .map(|form| form.join(" "))
    }

    /// The list of this name, made if there is none.
    pub fn set(&mut self, name: &str) -> SetId {
        let next = SetId::try_from(self.sets.len()).unwrap_or(SetId::MAX);
        *self.sets.entry(name.to_owned()).or_insert(next)
    }

    /// Whether a list is that of a region, on which some phrase depends.
    pub fn is_region(&self, set: SetId) -> bool {
        self.regions.contains(&set)
    }

    /// Says that a clause asks for a list.
    pub fn ask(&mut self, set: SetId) {
        self.asked.insert(set);
    }

    /// Whether any clause asks for a list. Others only tell what is a common word.
    pub fn is_asked(&self, set: SetId) -> bool {
        self.asked.contains(&set)
    }

    /// The list of this name, if there is one.
    pub fn find(&self, name: &str) -> Option<SetId> {
        self.sets.get(name).copied()
    }

    /// The names of all lists that a rule can speak of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sets.keys().map(String::as_str).filter(|name| name.starts_with('@'))
    }

    /// The entries of a list as they are written, those sought inside words with their `*`.
    pub fn entries(&self, name: &str) -> Vec<String> {
        let Some(set) = self.find(name) else { return Vec::new() };
        let phrases = self.phrases.iter().filter(|phrase| phrase.sets.contains(&set));
        let inside = self.inside.iter().filter(|inside| inside.sets.contains(&set));
        phrases
            .map(|phrase| phrase.entry.to_string())
            .chain(inside.map(|inside| format!("{}*", inside.literal)))
            .collect()
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
        self.add_on(set, entry, owner, Terms { valid, ..Terms::default() })
    }

    /// Adds an entry on terms: the same words on other terms are another phrase.
    pub fn add_on(&mut self, set: SetId, entry: &str, owner: Option<Owner>, terms: Terms) -> bool {
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
        let spellings = spelling::spellings(entry);
        if spellings.is_empty() || spellings.len() > 12 {
            return false;
        }
        let words: Vec<WordId> =
            spellings.iter().map(|spelling| self.vocabulary.word(spelling)).collect();
        let at = *self.known.entry((words.clone(), owner, terms)).or_insert_with(|| {
            let Terms { valid, region, ambiguous } = terms;
            self.regions.extend(region);
            let (entry, sets) = (entry.into(), Vec::new());
            self.phrases.push(Phrase { entry, words, sets, owner, valid, region, ambiguous });
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
