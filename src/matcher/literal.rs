//! One pass that finds the literals of all rules.
//!
//! Whole words go by token: a word costs one look-up in the vocabulary, and
//! phrases are followed through a tree from the words that begin one
//! (`phrases.rs`). Half of all substring hits are noise (`tps` in `https`), and words never make it.
//! What is sought inside words (`lapas` in an account name) goes by one
//! Aho-Corasick automaton over account names, tags and mentions only.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use jiff::civil::Date;

use crate::model::Field;
use crate::rule::Lexicon;
use crate::rule::lexicon::{Inside, Owner, SetId};
use crate::rule::seen::{Mark, Occurrence};
use crate::text::{Flags, Text, Token, WordId};

use super::even;
use super::phrases::{self, Lists, Phrases};

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

/// The phrases as automata.
#[derive(Debug)]
pub struct Literals {
    /// By phrase, the lists it stands in that somebody asks for; literals inside words follow.
    sets: Lists<SetId>,
    /// By phrase, whom it names and when it counts.
    terms: Vec<Terms>,
    inside: Vec<Inside>,
    phrases: Phrases,
    automaton: Option<AhoCorasick>,
    /// By form, whether it is a word of some phrase that names no contestant.
    common: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Terms {
    owner: Option<Owner>,
    valid: (Option<Date>, Option<Date>),
}

impl Literals {
    /// Builds the tree and the automaton of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let wanted = phrases::wanted(lexicon);
        let is_wanted = |set: SetId| wanted.get(usize::from(set)).copied().unwrap_or(false);
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
            phrases: Phrases::of(lexicon, &wanted),
            common: common(lexicon),
            automaton: automaton(&lexicon.inside),
        }
    }

    /// Puts every phrase among the words into `spans`, in order of the first word.
    pub fn spans(&self, tokens: &[Token], spans: &mut Vec<Span>) {
        self.phrases.spans(tokens, spans);
    }

    /// The lists that a found phrase stands in, those that somebody asks for.
    #[inline]
    pub fn sets(&self, phrase: u32) -> &[SetId] {
        self.sets.get(phrase as usize)
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

/// By form, whether it is a word of some phrase that names no contestant.
fn common(lexicon: &Lexicon) -> Vec<bool> {
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
    let vocabulary = &lexicon.vocabulary;
    let forms = 0..=u32::try_from(vocabulary.forms()).unwrap_or(0);
    forms.map(|form| vocabulary.meanings(form).iter().any(is_plain)).collect()
}

/// How many literals inside words have an automaton with a whole table, which is the fastest: it
/// takes a megabyte or two. Of more the crate chooses a smaller one.
const MOST_IN_TABLE: usize = 1_000;

/// One automaton for what is sought inside words.
fn automaton(inside: &[Inside]) -> Option<AhoCorasick> {
    let words: Vec<&str> = inside.iter().map(|inside| inside.literal.as_str()).collect();
    if words.is_empty() {
        return None;
    }
    let kind = (words.len() <= MOST_IN_TABLE).then_some(AhoCorasickKind::DFA);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(kind)
        .build(words)
        .ok()
}
