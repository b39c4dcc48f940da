//! One pass that finds the literals of all rules.
//!
//! Whole words go by token: a word costs one look-up in the vocabulary, and
//! phrases are followed through a trie from the words that begin one. Half of
//! all substring hits are noise (`tps` in `https`), and words never make it.
//! What is sought inside words (`lapas` in an account name) goes by one
//! Aho-Corasick automaton over account names, tags and mentions only.

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;

use crate::model::Field;
use crate::rule::lexicon::{Inside, Phrase, SetId};
use crate::rule::seen::{Mark, Occurrence};
use crate::rule::{Lexicon, contest};
use crate::text::vocabulary::WordMap;
use crate::text::{Flags, Text, Token, Vocabulary, WordId};

/// A phrase that stands in a text, by its number.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The phrase's number; numbers beyond the phrases are literals inside words.
    pub phrase: u32,
    /// Where and how.
    pub occurrence: Occurrence,
}

/// The phrases as automata.
#[derive(Debug)]
pub struct Literals {
    phrases: Vec<Phrase>,
    inside: Vec<Inside>,
    /// From a node and a word to the next node; node 0 begins.
    steps: WordMap<(u32, WordId), u32>,
    /// By node, the phrases that end there.
    ends: Vec<Vec<u32>>,
    /// By word, whether a phrase begins with it.
    begins: Vec<bool>,
    /// The meanings of each form, flat, to keep the pass free of borrows.
    vocabulary: Meanings,
    automaton: Option<AhoCorasick>,
    /// By form, whether it is a word of some phrase that names no contestant.
    common: Vec<bool>,
}

#[derive(Debug, Default)]
struct Meanings(Vec<Vec<WordId>>);

impl Meanings {
    fn of(&self, form: u32) -> &[WordId] {
        self.0.get(form as usize).map_or(&[], Vec::as_slice)
    }
}

impl Literals {
    /// Builds the trie and the automaton of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let vocabulary: &Vocabulary = &lexicon.vocabulary;
        let mut literals = Self {
            phrases: lexicon.phrases.clone(),
            inside: lexicon.inside.clone(),
            steps: WordMap::default(),
            ends: vec![Vec::new()],
            begins: vec![false; vocabulary.words()],
            vocabulary: Meanings(
                (0..=vocabulary.forms())
                    .map(|form| vocabulary.meanings(u32::try_from(form).unwrap_or(0)).to_vec())
                    .collect(),
            ),
            automaton: None,
            common: Vec::new(),
        };
        for (number, phrase) in lexicon.phrases.iter().enumerate() {
            literals.plant(number, &phrase.words);
        }
        let party = lexicon.find("@partai.short");
        let mut plain = vec![false; vocabulary.words()];
        for word in lexicon
            .phrases
            .iter()
            .filter(|phrase| {
                phrase.owner.is_none() || party.is_some_and(|set| phrase.sets.contains(&set))
            })
            .flat_map(|phrase| &phrase.words)
        {
            if let Some(place) = plain.get_mut(*word as usize) {
                *place = true;
            }
        }
        let is_plain = |word: &WordId| plain.get(*word as usize).copied().unwrap_or(false);
        literals.common =
            literals.vocabulary.0.iter().map(|meanings| meanings.iter().any(is_plain)).collect();
        let words: Vec<&str> =
            lexicon.inside.iter().map(|inside| inside.literal.as_str()).collect();
        if !words.is_empty() {
            literals.automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .build(words)
                .ok();
        }
        literals
    }

    fn plant(&mut self, number: usize, words: &[WordId]) {
        let mut node = 0;
        for (i, word) in words.iter().enumerate() {
            if i == 0
                && let Some(begins) = self.begins.get_mut(*word as usize)
            {
                *begins = true;
            }
            let next = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
            node = *self.steps.entry((node, *word)).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        if let (Some(ends), Ok(number)) = (self.ends.get_mut(node as usize), u32::try_from(number))
        {
            ends.push(number);
        }
    }

    /// The lists that a found phrase stands in.
    pub fn sets(&self, phrase: u32) -> &[SetId] {
        let at = phrase as usize;
        match self.phrases.get(at) {
            Some(phrase) => &phrase.sets,
            None => self.inside.get(at - self.phrases.len()).map_or(&[], |inside| &inside.sets),
        }
    }

    /// Calls `tell` with every phrase, its first token and one past its last.
    pub fn phrases(&self, tokens: &[Token], mut tell: impl FnMut(u32, usize, usize)) {
        for (first, token) in tokens.iter().enumerate() {
            if token.form == 0 || token.flags.has(Flags::TAIL) {
                continue;
            }
            self.words(token, |word| {
                if self.begins.get(word as usize).copied().unwrap_or(false)
                    && let Some(node) = self.steps.get(&(0, word))
                {
                    self.follow(*node, tokens, first, first + 1, 0, &mut tell);
                }
            });
        }
    }

    /// Depth is bounded by the longest phrase, twelve words.
    fn follow(
        &self,
        node: u32,
        tokens: &[Token],
        first: usize,
        next: usize,
        depth: u8,
        tell: &mut impl FnMut(u32, usize, usize),
    ) {
        for phrase in self.ends.get(node as usize).map_or(&[][..], Vec::as_slice) {
            tell(*phrase, first, next);
        }
        let (Some(token), true) = (tokens.get(next), depth < 12) else { return };
        let mut follow = |word, next: usize| {
            if let Some(further) = self.steps.get(&(node, word)) {
                self.follow(*further, tokens, first, next + 1, depth + 1, tell);
            }
        };
        self.words(token, |word| follow(word, next));
        if token.flags.has(Flags::SKIPPED)
            && let Some(token) = tokens.get(next + 1)
        {
            self.words(token, |word| follow(word, next + 1));
        }
    }

    /// Calls `tell` with each word that a token may be, once.
    #[inline]
    fn words(&self, token: &Token, mut tell: impl FnMut(WordId)) {
        self.vocabulary.of(token.form).iter().for_each(|word| tell(*word));
        for (number, form) in token.readings().enumerate().skip(1) {
            for word in self.vocabulary.of(form) {
                let told = |form| self.vocabulary.of(form).contains(word);
                if !token.readings().take(number).any(told) {
                    tell(*word);
                }
            }
        }
    }

    /// Marks capitalised words that may be names.
    pub fn names(&self, tokens: &mut [Token]) {
        for token in tokens.iter_mut().filter(|token| token.flags.has(Flags::CAPITAL)) {
            if !self.common.get(token.form as usize).copied().unwrap_or(false) {
                token.flags = token.flags.with(Flags::NAME);
            }
        }
    }

    /// Adds everything that stands in a field to `found`.
    pub fn find(
        &self,
        field: Field,
        text: &Text<'_>,
        tokens: &[Token],
        published: Option<Date>,
        found: &mut Vec<Found>,
    ) {
        self.phrases(tokens, |phrase, first, after| {
            let Some(known) = self.phrases.get(phrase as usize) else { return };
            if !valid(known.valid, published) {
                return;
            }
            if let (Some(start), Some(last)) = (tokens.get(first), tokens.get(after - 1))
                && (start.sentence == last.sentence || start.flags.has(Flags::TAG))
            {
                found.push(Found {
                    phrase,
                    occurrence: occurrence(field, start, last, first, after, known.owner),
                });
            }
        });
        even_out(field, found);
        let in_name = matches!(field, Field::AuthorName | Field::AuthorHandle);
        if let Some(automaton) = &self.automaton {
            for (number, token) in tokens.iter().enumerate() {
                if in_name || token.flags.has(Flags::TAG) || token.flags.has(Flags::MENTION) {
                    self.inside(automaton, field, text, token, number, found);
                }
            }
        }
    }

    /// Literals at the beginning of a word, or anywhere in it if they are long enough not to be chance.
    fn inside(
        &self,
        automaton: &AhoCorasick,
        field: Field,
        text: &Text<'_>,
        token: &Token,
        number: usize,
        found: &mut Vec<Found>,
    ) {
        let word = text.folded().get(token.range()).unwrap_or_default();
        for hit in automaton.find_overlapping_iter(word) {
            let Some(inside) = self.inside.get(hit.pattern().as_usize()) else { continue };
            if hit.start() == 0 || inside.literal.len() >= 5 || hit.end() == word.len() {
                let phrase = u32::try_from(self.phrases.len() + hit.pattern().as_usize())
                    .unwrap_or(u32::MAX);
                let mut occurrence =
                    occurrence(field, token, token, number, number + 1, inside.owner);
                occurrence.mark.end = token.start + u32::try_from(hit.end()).unwrap_or(0);
                occurrence.mark.start = token.start + u32::try_from(hit.start()).unwrap_or(0);
                found.push(Found { phrase, occurrence });
            }
        }
    }
}

/// Makes long and short names weigh alike: what stands inside a contestant's
/// name or slogan counts for nothing else, and the whole of it is one word.
fn even_out(field: Field, found: &mut Vec<Found>) {
    let mut spans: Vec<(u32, u32)> = found
        .iter()
        .map(|f| f.occurrence)
        .filter(|o| {
            o.mark.field == field
                && o.after - o.first > 1
                && o.owner.is_some_and(|owner| !contest::is_number(owner))
        })
        .map(|o| (o.first, o.after))
        .collect();
    if spans.is_empty() {
        return;
    }
    // the longest, without overlap; of two as long the later one, for a title goes before a name
    spans.sort_unstable_by_key(|(first, after)| {
        (std::cmp::Reverse(after - first), std::cmp::Reverse(*first))
    });
    spans.dedup();
    let mut taken: std::collections::BTreeMap<u32, u32> = std::collections::BTreeMap::new();
    for (first, after) in spans.drain(..) {
        if taken.range(..after).next_back().is_none_or(|(_, end)| *end <= first) {
            taken.insert(first, after);
        }
    }
    spans.extend(taken);
    let overlaps = |o: &Occurrence| {
        let at = spans.partition_point(|(first, _)| *first < o.after);
        at.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|(_, after)| *after > o.first)
    };
    let inside = |o: &Occurrence| {
        let at = spans.partition_point(|(first, _)| *first <= o.first);
        at.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|(_, after)| o.after <= *after)
    };
    let whole =
        |o: &Occurrence| o.owner.is_some() && spans.binary_search(&(o.first, o.after)).is_ok();
    found.retain(|f| {
        f.occurrence.mark.field != field
            || match f.occurrence.owner {
                Some(_) => whole(&f.occurrence) || !overlaps(&f.occurrence),
                None => !inside(&f.occurrence),
            }
    });
    // how many words are saved before each span
    let mut saved = Vec::with_capacity(spans.len());
    let mut total = 0;
    for (first, after) in &spans {
        total += after - first - 1;
        saved.push(total);
    }
    let before = |at: u32| {
        let whole = spans.partition_point(|(_, after)| *after <= at);
        whole.checked_sub(1).and_then(|i| saved.get(i)).copied().unwrap_or(0)
    };
    for occurrence in found.iter_mut().map(|f| &mut f.occurrence).filter(|o| o.mark.field == field)
    {
        occurrence.from = occurrence.first - before(occurrence.first);
        occurrence.to = (occurrence.after - before(occurrence.after)).max(occurrence.from + 1);
    }
}

fn valid((from, until): (Option<Date>, Option<Date>), published: Option<Date>) -> bool {
    published.is_none_or(|day| {
        from.is_none_or(|from| day >= from) && until.is_none_or(|until| day <= until)
    })
}

fn occurrence(
    field: Field,
    start: &Token,
    last: &Token,
    first: usize,
    after: usize,
    owner: Option<u16>,
) -> Occurrence {
    Occurrence {
        mark: Mark { field, start: start.start, end: last.end },
        first: u32::try_from(first).unwrap_or(u32::MAX),
        from: u32::try_from(first).unwrap_or(u32::MAX),
        to: u32::try_from(after).unwrap_or(u32::MAX),
        after: u32::try_from(after).unwrap_or(u32::MAX),
        sentence: start.sentence,
        flags: start.flags,
        owner,
    }
}
