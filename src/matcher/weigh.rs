//! Weighs the words of a post that is linked to the civil service.

use crate::model::{Field, Part};
use crate::rule::seen::Mark;
use crate::rule::weights::{Weights, keys};
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

/// Signs that have a weight as words have: asking, calling, quoting, leaving unsaid.
const SIGNS: &[(&str, &[&str])] =
    &[("?", &["?"]), ("!", &["!"]), ("\"", &["\"", "“", "”"]), ("...", &["..", "…"])];

/// Calls `tell` with every key of headline and text that may have a weight.
/// What names a contestant has none.
pub fn each(texts: &[Text<'_>; 5], tokens: &[Vec<Token>; 5], mut tell: impl FnMut(&str, Mark)) {
    for ((field, text), tokens) in [Field::Title, Field::Text].into_iter().zip(texts).zip(tokens) {
        for token in tokens.iter().filter(|token| !token.flags.has(Flags::CONTESTANT)) {
            let mark = Mark { field, start: token.start, end: token.end };
            keys(text.folded().get(token.range()).unwrap_or_default(), |key| tell(key, mark));
        }
        for (key, signs) in SIGNS {
            let at = signs.iter().filter_map(|sign| text.folded().find(sign).map(|at| (at, sign)));
            if let Some((at, sign)) = at.min() {
                let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                tell(key, Mark { field, start: place(at), end: place(at + sign.len()) });
            }
        }
    }
}

/// Adds up `base` and the weights of the words, each once; `has_act` as in [`Weights::of`].
pub fn weigh(
    weights: &Weights,
    base: f64,
    has_act: bool,
    texts: &[Text<'_>; 5],
    tokens: &[Vec<Token>; 5],
) -> Weighed {
    let mut words: Vec<(u32, f64, Mark)> = Vec::new();
    each(texts, tokens, |key, mark| {
        if let Some((number, weight)) = weights.of(key, has_act) {
            words.push((number, weight, mark));
        }
    });
    words.sort_by_key(|(number, _, mark)| (*number, *mark));
    words.dedup_by_key(|(number, ..)| *number);
    let sum: f64 = base + words.iter().map(|(_, weight, _)| weight).sum::<f64>();
    Weighed {
        base,
        sum: (sum * 1000.0).round().clamp(-MOST * 1000.0, MOST * 1000.0) / 1000.0,
        words,
    }
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
