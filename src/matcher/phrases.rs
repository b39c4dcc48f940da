//! The phrases of all lists as one tree of words.
//!
//! A phrase is followed from the words that begin one; most words begin none,
//! and most phrases end where they begin.

use crate::rule::Lexicon;
use crate::rule::lexicon::{COMPANY, Phrase, SetId};
use crate::text::vocabulary::WordMap;
use crate::text::{Flags, FormId, Token, WordId};

use super::literal::Span;
use super::scope::Scopes;

/// Many short lists in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct Lists<T> {
    /// Where each begins; one more than there are lists.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    /// Puts them together.
    pub(super) fn of(lists: impl IntoIterator<Item = Vec<T>>) -> Self {
        let (mut starts, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            starts.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
        }
        Self { starts, items }
    }

    /// One of them; empty if there is none of this number.
    #[inline]
    pub(super) fn get(&self, at: usize) -> &[T] {
        match self.starts.get(at..at + 2) {
            Some([from, to]) => self.items.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The tree, ready to be followed.
#[derive(Debug)]
pub(super) struct Phrases {
    /// By form, the nodes behind the words it may stand for.
    begins: Lists<u32>,
    /// From a node and a word to the next node; node 0 begins.
    steps: WordMap<(u32, WordId), u32>,
    nodes: Vec<Node>,
    /// The phrases that end at the nodes, node by node.
    ended: Vec<u32>,
    /// By form, the words it may stand for.
    meanings: Lists<WordId>,
    /// By form, the bits of those words.
    bits: Vec<u64>,
}

/// Where the words of a phrase have led so far.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// With which words a longer phrase may go on, as one bit for every 64th word.
    onward: u64,
    /// Which of [`Phrases::ended`] end here, the first and one past the last.
    ends: (u32, u32),
}

/// The phrases as a tree of words, while it grows.
#[derive(Default)]
struct Tree {
    steps: WordMap<(u32, WordId), u32>,
    ends: Vec<Vec<u32>>,
    onward: Vec<u64>,
}

impl Tree {
    fn of(lexicon: &Lexicon, wanted: &[bool]) -> Self {
        let mut tree = Self { ends: vec![Vec::new()], onward: vec![0], ..Self::default() };
        for (number, phrase) in lexicon.phrases.iter().enumerate() {
            if counts(wanted, phrase) {
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

impl Phrases {
    /// The phrases of a lexicon that can change anything.
    pub(super) fn of(lexicon: &Lexicon, wanted: &[bool]) -> Self {
        let vocabulary = &lexicon.vocabulary;
        let forms = || 0..=u32::try_from(vocabulary.forms()).unwrap_or(0);
        let Tree { steps, ends, onward } = Tree::of(lexicon, wanted);
        let ends = Lists::of(ends);
        let nodes = onward.iter().zip(ends.starts.windows(2)).map(|(onward, ends)| match ends {
            [from, to] => Node { onward: *onward, ends: (*from, *to) },
            _ => Node::default(),
        });
        let begin = |word: &WordId| steps.get(&(0, *word)).copied();
        let begins = forms().map(|form| vocabulary.meanings(form).iter().filter_map(begin));
        let bits = |form| vocabulary.meanings(form).iter().fold(0, |bits, word| bits | bit(*word));
        Self {
            begins: Lists::of(begins.map(Iterator::collect)),
            bits: forms().map(bits).collect(),
            meanings: Lists::of(forms().map(|form| vocabulary.meanings(form).to_vec())),
            nodes: nodes.collect(),
            ended: ends.items,
            steps,
        }
    }

    /// Puts every phrase among the words into `spans`, in order of the first word.
    pub(super) fn spans(&self, tokens: &[Token], spans: &mut Vec<Span>) {
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
        let Node { onward, ends } = self.nodes.get(node as usize).copied().unwrap_or_default();
        for phrase in self.ended.get(ends.0 as usize..ends.1 as usize).unwrap_or_default() {
            spans.push(Span { phrase: *phrase, first: place(first), after: place(next) });
        }
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
}

/// By list, whether anybody asks for it: a clause, a scope, an entry that counts only on terms.
pub(super) fn wanted(lexicon: &Lexicon) -> Vec<bool> {
    let others = COMPANY.iter().copied().chain(Scopes::lists());
    let others: Vec<SetId> = others.filter_map(|name| lexicon.find(name)).collect();
    let sets = (0..SetId::MAX).take(lexicon.len());
    let is_wanted = |set| lexicon.is_asked(set) || lexicon.is_region(set) || others.contains(&set);
    sets.map(is_wanted).collect()
}

/// Whether a phrase can change anything: it names a contestant, or stands in a list that is
/// `wanted`. Most phrases only say that a word is common.
pub(super) fn counts(wanted: &[bool], phrase: &Phrase) -> bool {
    let is_wanted = |set: &SetId| wanted.get(usize::from(*set)).copied().unwrap_or(false);
    phrase.owner.is_some() || phrase.sets.iter().any(is_wanted)
}

/// The bit that stands for a word and every 64th after it.
fn bit(word: WordId) -> u64 {
    1 << (word % 64)
}
