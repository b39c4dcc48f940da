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
use crate::rule::Lexicon;
use crate::rule::lexicon::{COMPANY, Inside, Owner, Phrase, SetId};
use crate::rule::seen::{Mark, Occurrence};
use crate::text::vocabulary::WordMap;
use crate::text::{Flags, FormId, Text, Token, Vocabulary, WordId};

use super::even;
use super::scope::Scopes;

/// A phrase that stands in a text, by its number.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The phrase's number; numbers beyond the phrases are literals inside words.
    pub phrase: u32,
    /// Where and how.
    pub occurrence: Occurrence,
}

/// Letters sought inside words that stand in one.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    /// Which, by their number.
    literal: u32,
    /// In which token.
    token: u32,
    /// First byte in the folded text.
    start: u32,
    /// One past the last.
    end: u32,
}

/// A phrase that stands among the words of a field, whatever it counts for.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The phrase's number.
    pub phrase: u32,
    /// Its first token.
    pub first: u32,
    /// One past its last token.
    pub after: u32,
}

/// Many short lists in one piece of memory.
#[derive(Debug, Default)]
struct Lists<T> {
    /// Where each begins; one more than there are lists.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    fn of(lists: impl IntoIterator<Item = Vec<T>>) -> Self {
        let (mut starts, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            starts.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
        }
        Self { starts, items }
    }

    #[inline]
    fn get(&self, at: usize) -> &[T] {
        match self.starts.get(at..at + 2) {
            Some([from, to]) => self.items.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The phrases as automata.
#[derive(Debug)]
pub struct Literals {
    /// By phrase, the lists it stands in that somebody asks for; literals inside words follow.
    sets: Lists<SetId>,
    /// By phrase, whom it names and when it counts.
    terms: Vec<Terms>,
    inside: Vec<Inside>,
    /// By form, the nodes behind the words it may stand for.
    begins: Lists<u32>,
    /// From a node and a word to the next node; node 0 begins.
    steps: WordMap<(u32, WordId), u32>,
    /// By node, the phrases that end there.
    ends: Lists<u32>,
    /// By node, with which words a longer phrase may go on, as one bit for every 64th word.
    onward: Vec<u64>,
    /// By form, the words it may stand for.
    meanings: Lists<WordId>,
    /// By form, the bits of those words.
    bits: Vec<u64>,
    automaton: Option<AhoCorasick>,
    /// By form, whether it is a word of some phrase that names no contestant.
    common: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Terms {
    owner: Option<Owner>,
    valid: (Option<Date>, Option<Date>),
}

/// The phrases as a tree of words, while it grows.
#[derive(Default)]
struct Tree {
    steps: WordMap<(u32, WordId), u32>,
    ends: Vec<Vec<u32>>,
    onward: Vec<u64>,
}

impl Tree {
    fn of(lexicon: &Lexicon) -> Self {
        let mut tree = Self { ends: vec![Vec::new()], onward: vec![0], ..Self::default() };
        for (number, phrase) in lexicon.phrases.iter().enumerate() {
            if counts(lexicon, phrase) {
                tree.plant(u32::try_from(number).unwrap_or(u32::MAX), &phrase.words);
            }
        }
        tree
    }

    fn plant(&mut self, number: u32, words: &[WordId]) {
        let mut node = 0;
        for word in words {
            if let Some(onward) = self.onward.get_mut(node as usize) {
                *onward |= bit(*word);
            }
            let next = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
            node = *self.steps.entry((node, *word)).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
                self.onward.push(0);
            }
        }
        if let Some(ends) = self.ends.get_mut(node as usize) {
            ends.push(number);
        }
    }
}

impl Literals {
    /// Builds the tree and the automaton of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let vocabulary: &Vocabulary = &lexicon.vocabulary;
        let forms = 0..=u32::try_from(vocabulary.forms()).unwrap_or(0);
        let meanings = Lists::of(forms.map(|form| vocabulary.meanings(form).to_vec()));
        let tree = Tree::of(lexicon);
        let company: Vec<SetId> = COMPANY.iter().filter_map(|name| lexicon.find(name)).collect();
        let is_wanted = |set: SetId| {
            lexicon.is_asked(set) || lexicon.is_region(set) || company.contains(&set)
        };
        let begins = (0..=vocabulary.forms()).map(|form| {
            meanings
                .get(form)
                .iter()
                .filter_map(|word| tree.steps.get(&(0, *word)).copied())
                .collect()
        });
        Self {
            sets: Lists::of(
                (lexicon.phrases.iter().map(|phrase| &phrase.sets))
                    .chain(lexicon.inside.iter().map(|inside| &inside.sets))
                    .map(|sets| sets.iter().copied().filter(|set| is_wanted(*set)).collect()),
            ),
            terms: (lexicon.phrases.iter())
                .map(|phrase| Terms { owner: phrase.owner, valid: phrase.valid })
                .collect(),
            inside: lexicon.inside.clone(),
            begins: Lists::of(begins),
            bits: (0..=vocabulary.forms())
                .map(|form| meanings.get(form).iter().fold(0, |bits, word| bits | bit(*word)))
                .collect(),
            common: common(lexicon, &meanings, vocabulary.forms()),
            automaton: automaton(&lexicon.inside),
            steps: tree.steps,
            ends: Lists::of(tree.ends),
            onward: tree.onward,
            meanings,
        }
    }

    /// The lists that a found phrase stands in, those that somebody asks for.
    #[inline]
    pub fn sets(&self, phrase: u32) -> &[SetId] {
        self.sets.get(phrase as usize)
    }

    /// Puts every phrase among the words into `spans`, in order of the first word.
    pub fn spans(&self, tokens: &[Token], spans: &mut Vec<Span>) {
        spans.clear();
        for (first, token) in tokens.iter().enumerate() {
            if token.form == 0 || token.flags.has(Flags::TAIL) {
                continue;
            }
            for node in self.begins.get(token.form as usize) {
                self.follow(*node, tokens, first, first + 1, 0, spans);
            }
            if token.is_read_in_one_way() {
                continue;
            }
            for (number, form) in token.readings().enumerate().skip(1) {
                for node in self.begins.get(form as usize) {
                    let told = |form: FormId| self.begins.get(form as usize).contains(node);
                    if !token.readings().take(number).any(told) {
                        self.follow(*node, tokens, first, first + 1, 0, spans);
                    }
                }
            }
        }
    }

    /// Adds the phrases that end with the words followed so far, and goes on with the next one.
    #[inline]
    fn follow(
        &self,
        node: u32,
        tokens: &[Token],
        first: usize,
        next: usize,
        depth: u8,
        spans: &mut Vec<Span>,
    ) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for phrase in self.ends.get(node as usize) {
            spans.push(Span { phrase: *phrase, first: place(first), after: place(next) });
        }
        let onward = self.onward.get(node as usize).copied().unwrap_or(0);
        let Some(token) = tokens.get(next).filter(|_| onward != 0) else { return };
        // most phrases end where they do: one look at the next word tells
        if onward & self.bits(token.form) != 0
            || token.flags.has(Flags::SKIPPED)
            || !token.is_read_in_one_way()
        {
            self.go_on((node, onward), tokens, first, next, depth, spans);
        }
    }

    /// Depth is bounded by the longest phrase, twelve words.
    fn go_on(
        &self,
        (node, onward): (u32, u64),
        tokens: &[Token],
        first: usize,
        next: usize,
        depth: u8,
        spans: &mut Vec<Span>,
    ) {
        let Some(token) = tokens.get(next).filter(|_| depth < 12) else { return };
        let mut follow = |word, next: usize| {
            if onward & bit(word) != 0
                && let Some(further) = self.steps.get(&(node, word))
            {
                self.follow(*further, tokens, first, next + 1, depth + 1, spans);
            }
        };
        self.words(token, |word| follow(word, next));
        if token.flags.has(Flags::SKIPPED)
            && let Some(token) = tokens.get(next + 1)
        {
            self.words(token, |word| follow(word, next + 1));
        }
    }

    /// The bits of all words that a form may stand for.
    #[inline]
    fn bits(&self, form: FormId) -> u64 {
        self.bits.get(form as usize).copied().unwrap_or(0)
    }

    /// Calls `tell` with each word that a token may be, once.
    #[inline]
    fn words(&self, token: &Token, mut tell: impl FnMut(WordId)) {
        self.meanings.get(token.form as usize).iter().for_each(|word| tell(*word));
        if token.is_read_in_one_way() {
            return;
        }
        for (number, form) in token.readings().enumerate().skip(1) {
            for word in self.meanings.get(form as usize) {
                let told = |form: FormId| self.meanings.get(form as usize).contains(word);
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

    /// Marks the words that name a contestant, a party or a ballot number, whatever company they keep.
    pub fn contestants(&self, spans: &[Span], tokens: &mut [Token]) {
        let mut any = false;
        for span in spans {
            let owner = self.terms.get(span.phrase as usize).and_then(|terms| terms.owner);
            if owner.is_some()
                && let Some(tokens) = tokens.get_mut(span.first as usize..span.after as usize)
            {
                any = true;
                for token in tokens {
                    token.flags = token.flags.with(Flags::CONTESTANT);
                }
            }
        }
        if !any {
            return;
        }
        // the *dan* between two names: a pair in one list entry, two names in another
        for at in 1..tokens.len().saturating_sub(1) {
            let names = |at: usize| tokens.get(at).is_some_and(|t| t.flags.has(Flags::CONTESTANT));
            if names(at - 1)
                && names(at + 1)
                && let Some(between) = tokens.get_mut(at)
            {
                between.flags = between.flags.with(Flags::CONTESTANT);
            }
        }
    }

    /// Adds everything that stands in a field to `found`; `spans` are those of its tokens.
    pub fn find(
        &self,
        field: Field,
        (tokens, spans, within): (&[Token], &[Span], &[Within]),
        published: Option<Date>,
        found: &mut Vec<Found>,
    ) {
        for Span { phrase, first, after } in spans.iter().copied() {
            let Some(terms) = self.terms.get(phrase as usize) else { continue };
            if !valid(terms.valid, published) {
                continue;
            }
            if let (Some(start), Some(last)) =
                (tokens.get(first as usize), tokens.get((after as usize).saturating_sub(1)))
                && (start.sentence == last.sentence || start.flags.has(Flags::TAG))
            {
                let occurrence = occurrence(field, (start, last), (first, after), terms.owner);
                found.push(Found { phrase, occurrence });
            }
        }
        even::out(field, found);
        for Within { literal, token: number, start, end } in within.iter().copied() {
            let (Some(inside), Some(token)) =
                (self.inside.get(literal as usize), tokens.get(number as usize))
            else {
                continue;
            };
            // *Asnuddin* is a name, whatever it begins with
            if inside.owner.is_none() && token.flags.has(Flags::CONTESTANT) {
                continue;
            }
            let mut occurrence =
                occurrence(field, (token, token), (number, number + 1), inside.owner);
            (occurrence.mark.start, occurrence.mark.end) = (start, end);
            found.push(Found { phrase: self.number_of_inside(literal), occurrence });
        }
    }

    /// The number under which letters inside words stand among the phrases.
    fn number_of_inside(&self, literal: u32) -> u32 {
        u32::try_from(self.terms.len()).unwrap_or(u32::MAX).saturating_add(literal)
    }

    /// The lists that letters inside a word stand in.
    pub fn sets_within(&self, within: &Within) -> &[SetId] {
        self.sets(self.number_of_inside(within.literal))
    }

    /// Puts the letters that stand inside account names, tags and mentions into `within`: at the
    /// beginning of a word, or anywhere in it if they are long enough not to be chance.
    pub fn within(
        &self,
        field: Field,
        text: &Text<'_>,
        tokens: &[Token],
        within: &mut Vec<Within>,
    ) {
        within.clear();
        let in_name = matches!(field, Field::AuthorName | Field::AuthorHandle);
        let Some(automaton) = &self.automaton else { return };
        for (number, token) in (0..).zip(tokens) {
            if !in_name && !token.flags.has(Flags::TAG) && !token.flags.has(Flags::MENTION) {
                continue;
            }
            let word = text.folded().get(token.range()).unwrap_or_default();
            for hit in automaton.find_overlapping_iter(word) {
                let place = |at: usize| token.start + u32::try_from(at).unwrap_or(0);
                if hit.start() == 0 || hit.end() - hit.start() >= 5 || hit.end() == word.len() {
                    within.push(Within {
                        literal: hit.pattern().as_u32(),
                        token: number,
                        start: place(hit.start()),
                        end: place(hit.end()),
                    });
                }
            }
        }
    }
}

/// Whether a phrase can change anything: it names a contestant, or stands in a list that somebody
/// asks for. Most phrases only say that a word is common.
pub(super) fn counts(lexicon: &Lexicon, phrase: &Phrase) -> bool {
    let is_company = |set: SetId| COMPANY.iter().any(|name| lexicon.find(name) == Some(set));
    phrase.owner.is_some()
        || phrase.sets.iter().any(|set| {
            lexicon.is_asked(*set)
                || lexicon.is_region(*set)
                || is_company(*set)
                || Scopes::has_role(lexicon, *set)
        })
}

fn valid((from, until): (Option<Date>, Option<Date>), published: Option<Date>) -> bool {
    published.is_none_or(|day| {
        from.is_none_or(|from| day >= from) && until.is_none_or(|until| day <= until)
    })
}

fn occurrence(
    field: Field,
    (start, last): (&Token, &Token),
    (first, after): (u32, u32),
    owner: Option<Owner>,
) -> Occurrence {
    Occurrence {
        mark: Mark { field, start: start.start, end: last.end },
        first,
        from: first,
        to: after,
        after,
        sentence: start.sentence,
        flags: start.flags,
        owner,
    }
}

/// The bit that stands for a word and every 64th after it.
fn bit(word: WordId) -> u64 {
    1 << (word % 64)
}

/// By form, whether it is a word of some phrase that names no contestant.
fn common(lexicon: &Lexicon, meanings: &Lists<WordId>, forms: usize) -> Vec<bool> {
    let party = lexicon.find("@partai.short");
    let mut plain = vec![false; lexicon.vocabulary.words()];
    let phrases = lexicon.phrases.iter().filter(|phrase| {
        phrase.owner.is_none() || party.is_some_and(|set| phrase.sets.contains(&set))
    });
    for word in phrases.flat_map(|phrase| &phrase.words) {
        if let Some(place) = plain.get_mut(*word as usize) {
            *place = true;
        }
    }
    let is_plain = |word: &WordId| plain.get(*word as usize).copied().unwrap_or(false);
    (0..=forms).map(|form| meanings.get(form).iter().any(is_plain)).collect()
}

/// One automaton for what is sought inside words.
fn automaton(inside: &[Inside]) -> Option<AhoCorasick> {
    let words: Vec<&str> = inside.iter().map(|inside| inside.literal.as_str()).collect();
    if words.is_empty() {
        return None;
    }
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(words)
        .ok()
}
