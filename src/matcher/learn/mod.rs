//! Learns the weights of words from labelled posts, after the rules have said
//! which posts are linked to the civil service at all.
//!
//! Two files come of it: whether a person wants to see a post
//! ([`WeightFile`]), and of what it speaks if so ([`CategoryFile`]), where each
//! category is told from all others.

mod regression;

use std::collections::BTreeMap;

use crate::model::{Category, Post};
use crate::rule::weights::{CategoryFile, Leaning, Learned, WeightFile};
use crate::rule::{Lexicon, contest};

use super::{Link, Matcher, weigh};
use regression::{Point, Row, minimum};

/// A word that stands in fewer posts is learned nothing of: one post proves no habit.
const FEWEST_POSTS: usize = 2;

/// The same for categories, of which each has fewer posts.
const FEWEST_OF_CATEGORY: usize = 5;

/// How many log-odds one point of the rules is worth. What the rules already
/// see need not be learned again: *dukung* beside a contestant has its points.
const ODDS: f64 = 0.4;

/// Between which scores of the rules a point more is worth more.
const SCORES: std::ops::RangeInclusive<f64> = -4.0..=10.0;

/// Weights nearer to nothing than this are left out of the file.
const LEAST: f64 = 0.03;

/// The same for categories, in log-odds.
const LEAST_OF_CATEGORY: f64 = 0.05;

/// What the key of a rule begins with; that of a word holds no colon.
const OF_RULE: &str = "aturan:";

/// The name under which it has a weight that no rule sees a contestant or an act: most of what
/// civil servants write is of that kind, and words alone have to be strong there.
pub(super) const NO_ACT: &str = "hanya-tautan";

/// What the key of a word begins with for its weight in such posts, besides the one it has in all.
const ALONE: &str = "hanya-tautan:";

/// The name under which a rule has a weight for the place of the link to the civil service.
pub(super) fn of_link(rule: &str, link: Link) -> String {
    format!("{rule}+{}", link.as_str())
}

/// A post that a person has labelled.
#[derive(Clone, Debug)]
pub struct Example {
    /// The keys of its words, each once; where no rule sees an act, each once more as one that stands
    /// alone; and those of the rules that hold.
    pub keys: Vec<String>,
    /// What the rules alone give it.
    pub score: f64,
    /// Whether the rules see a link to the civil service.
    pub is_linked: bool,
    /// Whether a person wants to see it.
    pub is_violation: bool,
    /// Of what it speaks, if a person has said so.
    pub category: Option<Category>,
}

impl Matcher {
    /// Reads a labelled post for [`learn`].
    pub fn example(&self, post: &Post, is_violation: bool, category: Option<Category>) -> Example {
        self.with(post, super::Ask::All, |read| {
            let mut keys = Vec::new();
            weigh::each(read.texts, read.tokens, |key, _| keys.push(key.to_ascii_lowercase()));
            keys.sort_unstable();
            keys.dedup();
            if !self.has_act(read) {
                let alone: Vec<String> = keys.iter().map(|key| format!("{ALONE}{key}")).collect();
                keys.extend(alone);
                keys.push(format!("{OF_RULE}{NO_ACT}"));
            }
            // which stage a text points to says nothing of its author
            let counted = read.confirmed.counted(self.ruleset.rules());
            let counted = counted.filter(|rule| rule.stage.is_none());
            let link = self.link(read);
            for rule in counted {
                keys.push(format!("{OF_RULE}{}", rule.id));
                keys.push(format!("{OF_RULE}{}", of_link(&rule.id, link)));
            }
            let (_, score) = self.by_rules(read);
            Example { keys, score, is_linked: self.is_linked(read), is_violation, category }
        })
    }
}

impl Example {
    /// What rules and weights together give it; the bound on the sum of words apart.
    pub fn judged_by(&self, weights: &WeightFile) -> f64 {
        let of = |key: &String| {
            let (weights, key) = match (key.strip_prefix(OF_RULE), key.strip_prefix(ALONE)) {
                (Some(rule), _) => (&weights.aturan, rule),
                (_, Some(word)) => (&weights.kata_hanya_tautan, word),
                _ => (&weights.kata, key.as_str()),
            };
            weights.get(key).copied().unwrap_or(0.0)
        };
        let learned = || weights.bias + self.keys.iter().map(of).sum::<f64>();
        self.score + if self.is_linked { learned() } else { 0.0 }
    }
}

/// Whether a key may have a weight: no form of a contestant, and no title, which belongs to the name behind it.
pub fn may_weigh(lexicon: &Lexicon, key: &str) -> bool {
    let key = key.strip_prefix(ALONE).unwrap_or(key);
    lexicon.names_contestant(key.trim_end_matches('*')).is_none() && !contest::is_title(key)
}

/// Which key stands at which place of a row.
type Places<'e> = BTreeMap<&'e str, usize>;

/// Learns whether a person wants to see a post, beside the rules, whose points
/// are compared with `threshold`. `may_weigh` says which keys may have a weight.
pub fn learn(examples: &[Example], threshold: f64, may_weigh: impl Fn(&str) -> bool) -> WeightFile {
    let linked: Vec<&Example> = examples.iter().filter(|example| example.is_linked).collect();
    let places = places(&linked, FEWEST_POSTS, may_weigh);
    let row = |example: &&Example| {
        let score = example.score.clamp(*SCORES.start(), *SCORES.end());
        row(example, &places, example.is_violation, (score - threshold) * ODDS)
    };
    let found = minimum(linked.iter().map(row).collect(), places.len());
    let Leaning { bias, aturan, mut kata } = leaning(&places, &found, 1.0 / ODDS, LEAST);
    let alone = kata.extract_if(.., |key, _| key.starts_with(ALONE));
    let kata_hanya_tautan =
        alone.map(|(key, weight)| (key.trim_start_matches(ALONE).to_owned(), weight)).collect();
    WeightFile {
        learned: Learned {
            posts: examples.len(),
            linked: linked.len(),
            violations: linked.iter().filter(|example| example.is_violation).count(),
        },
        bias,
        aturan,
        kata,
        kata_hanya_tautan,
    }
}

/// Learns of what a post speaks that a person wants to see.
pub fn learn_categories(examples: &[Example], may_weigh: impl Fn(&str) -> bool) -> CategoryFile {
    let told = examples.iter().filter(|example| example.is_linked && example.category.is_some());
    let told: Vec<&Example> = told.collect();
    let places = places(&told, FEWEST_OF_CATEGORY, |key| !key.starts_with(ALONE) && may_weigh(key));
    let mut categories: Vec<Category> =
        told.iter().filter_map(|example| example.category).collect();
    categories.sort_unstable();
    categories.dedup();
    let learned = categories.into_iter().map(|category| {
        let rows = told.iter().map(|e| row(e, &places, e.category == Some(category), 0.0));
        let found = minimum(rows.collect(), places.len());
        (category, leaning(&places, &found, 1.0, LEAST_OF_CATEGORY))
    });
    CategoryFile { kategori: learned.collect() }
}

fn places<'e>(
    examples: &[&'e Example],
    fewest: usize,
    may_weigh: impl Fn(&str) -> bool,
) -> Places<'e> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for key in examples.iter().flat_map(|example| &example.keys) {
        *counts.entry(key).or_default() += 1;
    }
    counts.retain(|key, count| *count >= fewest && may_weigh(key));
    counts.keys().copied().zip(0..).collect()
}

fn row(example: &Example, places: &Places<'_>, is_wanted: bool, given: f64) -> Row {
    let of = example.keys.iter().filter_map(|key| places.get(key.as_str()).copied());
    Row::new(of.collect(), is_wanted, given)
}

/// The weights as a file holds them: in hundredths, without those near nothing.
fn leaning(places: &Places<'_>, found: &Point, scale: f64, least: f64) -> Leaning {
    let rounded = |weight: f64| (weight * scale * 100.0).round() / 100.0;
    let mut leaning = Leaning { bias: rounded(found.bias), ..Leaning::default() };
    for (key, weight) in places.keys().zip(found.weights.iter().map(|weight| rounded(*weight))) {
        if weight.abs() >= least {
            match key.strip_prefix(OF_RULE) {
                Some(rule) => leaning.aturan.insert(rule.to_owned(), weight),
                None => leaning.kata.insert((*key).to_owned(), weight),
            };
        }
    }
    leaning
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(text: &str, is_violation: bool) -> Example {
        let keys = text.split(' ').map(str::to_owned).collect();
        Example { keys, score: 0.0, is_linked: true, is_violation, category: None }
    }

    fn examples() -> Vec<Example> {
        let mut examples = Vec::new();
        for _ in 0..5 {
            examples.push(example("gas kawal kita", true));
            examples.push(example("kawal menang", true));
            examples.push(example("lembur antre kita", false));
        }
        examples.push(example("sekali saja", true));
        examples
    }

    #[test]
    fn words_lean_to_the_label_of_their_posts() {
        let learned = learn(&examples(), 6.0, |_| true);
        let weight = |word: &str| learned.kata.get(word).copied().unwrap_or(0.0);
        assert!(weight("kawal") > 0.5, "{learned:?}");
        assert!(weight("lembur") < -0.5, "{learned:?}");
        assert!(weight("kita").abs() < weight("kawal"), "{learned:?}");
        assert_eq!(learned.learned, Learned { posts: 16, linked: 16, violations: 11 });
    }

    #[test]
    fn a_word_of_one_post_or_not_allowed_is_not_learned() {
        let learned = learn(&examples(), 6.0, |word| word != "kawal");
        assert!(!learned.kata.contains_key("sekali"));
        assert!(!learned.kata.contains_key("kawal"));
    }

    #[test]
    fn a_word_has_a_weight_of_its_own_where_it_stands_beside_no_act() {
        let alone = |text: &str| Example {
            keys: text.split(' ').flat_map(|key| [key.into(), format!("{ALONE}{key}")]).collect(),
            ..example(text, false)
        };
        let examples: Vec<Example> =
            (0..8).flat_map(|_| [example("juara kita", true), alone("juara lagi")]).collect();
        let learned = learn(&examples, 6.0, |_| true);
        assert!(learned.kata_hanya_tautan["juara"] < -0.1, "{learned:?}");
        let judged = |example: Example| example.judged_by(&learned);
        assert!(judged(example("juara", true)) > judged(alone("juara")));
        let unlinked = Example { is_linked: false, ..example("juara", true) };
        assert!(judged(unlinked).abs() < f64::EPSILON);
    }

    #[test]
    fn posts_without_a_link_are_not_learned_from() {
        let mut examples = examples();
        for example in &mut examples {
            example.is_linked = false;
        }
        assert!(learn(&examples, 6.0, |_| true).kata.is_empty());
    }

    #[test]
    fn a_category_is_told_by_the_words_of_its_posts() {
        let of = |text: &str, category| Example { category: Some(category), ..example(text, true) };
        let mut examples = Vec::new();
        for _ in 0..5 {
            examples.push(of("amplop dibagi kita", Category::MoneyBansos));
            examples.push(of("mobil dipakai kita", Category::UseStateFacility));
        }
        let learned = learn_categories(&examples, |_| true);
        let weight = |category, word: &str| {
            learned.kategori.get(&category).and_then(|leaning| leaning.kata.get(word)).copied()
        };
        assert!(weight(Category::MoneyBansos, "amplop") > Some(0.1), "{learned:?}");
        assert!(weight(Category::UseStateFacility, "amplop") < Some(-0.1), "{learned:?}");
        assert_eq!(weight(Category::MoneyBansos, "kita"), None, "{learned:?}");
    }
}
