//! Weighs the words of a post that is linked to the civil service.

use std::collections::BTreeMap;

use crate::model::{Category, Field, Part};
use crate::rule::seen::Mark;
use crate::rule::weights::{OPENING, Weights, Word, keys};
use crate::text::brief::Brief;
use crate::text::forms::Forms;
use crate::text::{Flags, Text, Token};

/// The id under which the sum stands among the parts of a score.
pub const ID: &str = "pilihan-kata";

/// Its title.
pub const TITLE: &str = "Pilihan kata, menurut bobot yang dipelajari dari kiriman berlabel";

/// What stands for the base among the words; no word has brackets.
const BASE: &str = "(awal)";

/// The most that words can give or take together: they alone, beside a link
/// to the civil service, may make a finding, but no heap of them drowns a guard.
const MOST: f64 = 8.0;

/// A word must give at least this much to be marked on a page.
const MARKED: f64 = 0.6;

/// The shortest word that is marked, in bytes.
const SHORTEST_MARKED: u32 = 4;

/// How many words are marked.
const MOST_MARKED: usize = 6;

/// The words of a post that have a weight.
#[derive(Debug, Default)]
pub struct Weighed {
    /// What the post gives before any word is read.
    pub base: f64,
    /// The sum, the base in it.
    pub sum: f64,
    /// Number of the key, weight, and where the word stands first.
    pub words: Vec<(u32, f64, Mark)>,
}

/// A key that has a weight somewhere, by its number, and where it stands first.
pub type Key = (u32, Mark);

/// All weights of a rule set in one table: a key of a post is looked up once,
/// whether a person wants to see it and of which category it is.
#[derive(Debug)]
pub struct Scales {
    /// From a key to its number, from 1 on; numbers go up in the order of the keys.
    keys: Forms,
    /// By number, the weights for being seen, if the key has any.
    weights: Vec<Option<Word>>,
    /// By number, one weight for each category, those of one key beside each other.
    leanings: Vec<f64>,
    categories: usize,
}

impl Scales {
    /// The table of these weights.
    pub fn new(weights: &Weights, leanings: &[(Category, Weights)]) -> Self {
        let categories = leanings.len();
        let mut rows: BTreeMap<&str, (Option<Word>, Vec<f64>)> = BTreeMap::new();
        for (key, word) in weights.words() {
            rows.insert(key, (Some(word), vec![0.0; categories]));
        }
        for (column, (_, weights)) in leanings.iter().enumerate() {
            for (key, word) in weights.words() {
                let (_, row) = rows.entry(key).or_insert_with(|| (None, vec![0.0; categories]));
                if let Some(place) = row.get_mut(column) {
                    *place = word.beside_act;
                }
            }
        }
        // no key of a post is compared by its case, and one in capitals is none
        rows.retain(|key, _| !key.bytes().any(|byte| byte.is_ascii_uppercase()));
        let mut scales = Self {
            keys: Forms::default(),
            weights: vec![None],
            leanings: vec![0.0; categories],
            categories,
        };
        for (number, (key, (weight, row))) in (1..).zip(rows) {
            scales.keys.add(key, number);
            scales.weights.push(weight);
            scales.leanings.extend(row);
        }
        scales
    }

    /// The keys of headline and text that have a weight somewhere, each once, in order.
    pub fn keys(&self, texts: &[Text<'_>; 5], tokens: &[Vec<Token>; 5]) -> Vec<Key> {
        let words: usize = tokens.iter().take(READ.len()).map(Vec::len).sum();
        // itself and its opening
        let mut found: Vec<Key> = Vec::with_capacity(2 * words);
        let mut tell = |number: Option<u32>, mark| found.extend(number.map(|of| (of, mark)));
        each_word(texts, tokens, |text, token, mark| {
            let length = token.end.saturating_sub(token.start) as usize;
            let bytes = text.folded().as_bytes();
            let word = bytes.get(token.range()).unwrap_or_default();
            match Brief::at(bytes, token.start as usize, length) {
                Some(brief) if word.iter().all(u8::is_ascii_alphabetic) => {
                    tell(self.keys.brief(brief), mark);
                    if length > OPENING {
                        tell(self.keys.brief(brief.opening(OPENING)), mark);
                    }
                }
                _ => keys(text.folded().get(token.range()).unwrap_or_default(), |key| {
                    tell(self.keys.exact(key), mark);
                }),
            }
        });
        each_sign(texts, |sign, mark| tell(self.keys.exact(sign), mark));
        found.sort_unstable();
        found.dedup_by_key(|(number, _)| *number);
        found
    }

    /// Adds up `base` and the weights of these keys; `has_act` says which of a word's two counts.
    pub fn weigh(&self, base: f64, has_act: bool, keys: &[Key]) -> Weighed {
        let weight = |number: u32| {
            let word = self.weights.get(number as usize).copied().flatten()?;
            Some(if has_act { word.beside_act } else { word.alone })
        };
        let words =
            keys.iter().filter_map(|(number, mark)| Some((*number, weight(*number)?, *mark)));
        let mut weighed: Vec<(u32, f64, Mark)> = Vec::with_capacity(keys.len());
        weighed.extend(words);
        let words = weighed;
        let sum: f64 = base + words.iter().map(|(_, weight, _)| weight).sum::<f64>();
        Weighed { base, sum: bounded(sum), words }
    }

    /// By category, what the words of these keys say for it.
    pub fn lean(&self, leanings: &[(Category, Weights)], keys: &[Key]) -> Vec<f64> {
        let mut sums = vec![0.0; self.categories];
        for (number, _) in keys {
            let from = *number as usize * self.categories;
            let row = self.leanings.get(from..from + self.categories).unwrap_or_default();
            sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
        }
        leanings.iter().zip(sums).map(|((_, of), sum)| bounded(of.bias() + sum)).collect()
    }
}

/// A sum in thousandths, within [`MOST`].
fn bounded(sum: f64) -> f64 {
    (sum * 1000.0).round().clamp(-MOST * 1000.0, MOST * 1000.0) / 1000.0
}

/// Signs that have a weight as words have: asking, calling, quoting, leaving unsaid.
const SIGNS: &[(&str, &[&str])] =
    &[("?", &["?"]), ("!", &["!"]), ("\"", &["\"", "“", "”"]), ("...", &["..", "…"])];

/// Calls `tell` with every key of headline and text that may have a weight, in any case.
pub fn each(texts: &[Text<'_>; 5], tokens: &[Vec<Token>; 5], mut tell: impl FnMut(&str, Mark)) {
    each_word(texts, tokens, |text, token, mark| {
        keys(text.folded().get(token.range()).unwrap_or_default(), |key| tell(key, mark));
    });
    each_sign(texts, tell);
}

/// Calls `tell` with every word of headline and text. What names a contestant is none.
fn each_word(
    texts: &[Text<'_>; 5],
    tokens: &[Vec<Token>; 5],
    mut tell: impl FnMut(&Text<'_>, &Token, Mark),
) {
    for ((field, text), tokens) in READ.into_iter().zip(texts).zip(tokens) {
        for token in tokens.iter().filter(|token| !token.flags.has(Flags::CONTESTANT)) {
            tell(text, token, Mark { field, start: token.start, end: token.end });
        }
    }
}

/// Calls `tell` with every sign in headline and text, and where it stands first.
fn each_sign(texts: &[Text<'_>; 5], mut tell: impl FnMut(&str, Mark)) {
    for (field, text) in READ.into_iter().zip(texts) {
        for (key, signs) in SIGNS {
            let at = signs.iter().filter_map(|sign| find(text, sign).map(|at| (at, sign)));
            if let Some((at, sign)) = at.min() {
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                tell(key, Mark { field, start: place(at), end: place(at + sign.len()) });
            }
        }
    }
}

/// The fields of which words and signs are weighed.
const READ: [Field; 2] = [Field::Title, Field::Text];

/// Where a sign stands first. Its first character is sought before the whole: that is quicker by far.
fn find(text: &Text<'_>, sign: &str) -> Option<usize> {
    let folded = text.folded();
    let first = sign.chars().next().filter(|first| first.is_ascii() || !text.is_borrowed())?;
    let from = folded.find(first)?;
    if sign.len() == first.len_utf8() {
        return Some(from);
    }
    folded.get(from..)?.find(sign).map(|at| from + at)
}

/// A sum as a part of the score.
pub fn part(sum: f64) -> Option<Part> {
    (sum != 0.0).then(|| Part { rule: ID.to_owned(), title: TITLE.to_owned(), weight: sum })
}

/// Whether a word gave enough to be marked, and is long enough to tell a reader something: not *di*.
fn is_telling((_, weight, mark): &(u32, f64, Mark)) -> bool {
    *weight >= MARKED && mark.end - mark.start >= SHORTEST_MARKED
}

impl Weighed {
    /// The words with their weights, strongest first, behind the base.
    pub fn told(&self, texts: &[Text<'_>; 5]) -> Vec<(String, f64)> {
        let word = |mark: &Mark| {
            let text = texts.get(mark.field as usize).map_or("", Text::folded);
            text.get(mark.start as usize..mark.end as usize).unwrap_or_default().to_lowercase()
        };
        let mut told: Vec<(String, f64)> = Vec::new();
        for (_, weight, mark) in &self.words {
            let word = word(mark);
            match told.iter_mut().find(|(other, _)| *other == word) {
                Some((_, sum)) => *sum += weight,
                None => told.push((word, *weight)),
            }
        }
        told.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        told.insert(0, (BASE.to_owned(), self.base));
        told
    }

    /// The words that gave most, for a page to mark; none where words lowered the score.
    pub fn marks(&self) -> impl Iterator<Item = Mark> {
        let mut most: Vec<&(u32, f64, Mark)> =
            self.words.iter().filter(|word| self.sum > 0.0 && is_telling(word)).collect();
        most.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        most.truncate(MOST_MARKED);
        most.into_iter().map(|(_, _, mark)| *mark)
    }
}
