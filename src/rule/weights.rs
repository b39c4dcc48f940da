//! Weights of words, learned from labelled posts (`netra rules learn`).
//!
//! Lists and clauses say what is plain. What is only likely, a hundred words
//! say together: *gas*, *kawal* and *kita* lean one way, *lembur* and *antre*
//! the other. Each word has one weight, and the weights add up, so that a
//! person can follow the sum. No word may be a form of a contestant. What the
//! rules are worth beside each other is learned along with the words.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Category;
use crate::text::vocabulary::MAX_WORD_BYTES;

/// How many letters of a word stand for its kin: `cobl*` for *coblosan* and *coblosin*.
pub const OPENING: usize = 4;

/// A file of weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Weights of words, written by `netra rules learn`")]
pub struct WeightFile {
    /// From what they were learned.
    pub learned: Learned,
    /// What a post gives before any word is read.
    pub bias: f64,
    /// By id, what a rule that holds gives or takes beside its own weight, and by id and `+penulis`, `+teks` or `+keduanya`
    /// what besides if the link to the civil service stands with the author, in the text or in both. A rule that is no more is passed over.
    #[serde(default)]
    pub aturan: BTreeMap<String, f64>,
    /// By word in lower case, or by its first four letters and a `*`, what it gives or takes.
    pub kata: BTreeMap<String, f64>,
    /// The same, what it gives or takes besides where no rule sees a contestant or an act, but a civil servant only.
    #[serde(default, rename = "kata-hanya-tautan")]
    pub kata_hanya_tautan: BTreeMap<String, f64>,
}

/// From what weights were learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// Labelled posts given.
    pub posts: usize,
    /// Those of them with a link to the civil service: only these were learned from.
    pub linked: usize,
    /// Violations among the linked.
    pub violations: usize,
}

/// A file of weights by category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Weights of words by category, written by `netra rules learn`")]
pub struct CategoryFile {
    /// By category, what speaks for it, in log-odds against all others.
    pub kategori: BTreeMap<Category, Leaning>,
}

/// What leans towards one of two sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaning {
    /// What is given before any word is read.
    pub bias: f64,
    /// By id of a rule that holds.
    #[serde(default)]
    pub aturan: BTreeMap<String, f64>,
    /// By word, as in [`WeightFile`].
    #[serde(default)]
    pub kata: BTreeMap<String, f64>,
}

/// The weights, ready to be looked up.
#[derive(Debug, Default)]
pub struct Weights {
    bias: f64,
    rules: BTreeMap<String, f64>,
    words: BTreeMap<String, Word>,
}

/// What a word gives or takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Word {
    /// In a post in which a rule sees a contestant or an act.
    pub beside_act: f64,
    /// In one that is only linked to the civil service.
    pub alone: f64,
}

impl From<&WeightFile> for Weights {
    fn from(file: &WeightFile) -> Self {
        let WeightFile { learned: _, bias, aturan, kata, kata_hanya_tautan } = file;
        Self::new(*bias, aturan, kata, kata_hanya_tautan)
    }
}

impl From<&Leaning> for Weights {
    fn from(leaning: &Leaning) -> Self {
        let Leaning { bias, aturan, kata } = leaning;
        Self::new(*bias, aturan, kata, &BTreeMap::new())
    }
}

impl Weights {
    fn new(
        bias: f64,
        rules: &BTreeMap<String, f64>,
        words: &BTreeMap<String, f64>,
        alone: &BTreeMap<String, f64>,
    ) -> Self {
        let words = words.keys().chain(alone.keys()).map(|key| {
            let of = |weights: &BTreeMap<String, f64>| weights.get(key).copied().unwrap_or(0.0);
            let beside_act = of(words);
            (key.clone(), Word { beside_act, alone: beside_act + of(alone) })
        });
        Self { bias, rules: rules.clone(), words: words.collect() }
    }

    /// How many words have one.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What a post gives before any word is read.
    pub fn bias(&self) -> f64 {
        self.bias
    }

    /// What a rule gives or takes beside its own weight.
    pub fn of_rule(&self, id: &str) -> f64 {
        self.rules.get(id).copied().unwrap_or(0.0)
    }

    /// The keys ([`keys`]) that have a weight, in lower case and in order.
    pub fn words(&self) -> impl Iterator<Item = (&str, Word)> {
        self.words.iter().map(|(key, word)| (key.as_str(), *word))
    }
}

/// Calls `tell` with the keys under which a folded word may have a weight:
/// itself, and its opening, in the case in which they are written. Numbers have
/// none: they are contestants' before they are anything else.
pub fn keys(folded: &str, mut tell: impl FnMut(&str)) {
    let is_endless = folded.len() > MAX_WORD_BYTES;
    if folded.is_empty() || is_endless || folded.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    tell(folded);
    if let Some((end, _)) = folded.char_indices().nth(OPENING) {
        let mut opening = [b'*'; OPENING * 4 + 1];
        if let (Some(start), Some(place)) = (folded.get(..end), opening.get_mut(..end)) {
            place.copy_from_slice(start.as_bytes());
            tell(std::str::from_utf8(opening.get(..=end).unwrap_or_default()).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(word: &str) -> Vec<String> {
        let mut told = Vec::new();
        keys(word, |key| told.push(key.to_ascii_lowercase()));
        told
    }

    #[test]
    fn a_word_is_known_by_itself_and_by_its_opening() {
        assert_eq!(told("Coblosan"), ["coblosan", "cobl*"]);
        assert_eq!(told("gas"), ["gas"]);
        assert_eq!(told("ééééé"), ["ééééé", "éééé*"]);
    }

    #[test]
    fn a_word_alone_has_what_it_has_beside_an_act_and_more() {
        let file: WeightFile = toml::from_str(
            "bias = 1.0\n[learned]\nposts = 2\nlinked = 2\nviolations = 1\n\
             [kata]\ngas = 1.0\njuara = 0.5\n[kata-hanya-tautan]\njuara = -2.0\nlembur = -1.0\n",
        )
        .unwrap();
        let weights = Weights::from(&file);
        let word = |beside_act, alone| Word { beside_act, alone };
        let words: Vec<_> = weights.words().collect();
        let wanted =
            [("gas", word(1.0, 1.0)), ("juara", word(0.5, -1.5)), ("lembur", word(0.0, -1.0))];
        assert_eq!(words, wanted);
    }

    #[test]
    fn numbers_and_endless_words_have_no_weight() {
        assert!(told("02").is_empty());
        assert!(told("paslon2").is_empty());
        assert!(told(&"a".repeat(MAX_WORD_BYTES + 1)).is_empty());
    }
}
