//! Learns the weights of words from labelled posts: logistic regression with
//! a ridge penalty, after the rules have said which posts are linked to the
//! civil service at all.
//!
//! The loss of every post is weighed so that both labels count alike; the
//! minimum is found by Nesterov's accelerated gradient (1983), whose steps
//! depend on nothing but the data: the same posts give the same file.

use std::collections::BTreeMap;

use crate::model::Post;
use crate::rule::weights::{Learned, WeightFile};

use super::{Matcher, weigh};

/// A word that stands in fewer posts is learned nothing of: one post proves no habit.
const FEWEST_POSTS: usize = 3;

/// How much a post may pull at the weights against the penalty on their squares.
const PULL: f64 = 0.3;

/// How many log-odds one point of the rules is worth. What the rules already
/// see need not be learned again: *dukung* beside a contestant has its points.
const ODDS: f64 = 0.3;

/// Between which scores of the rules a point more is worth more.
const SCORES: std::ops::RangeInclusive<f64> = -4.0..=10.0;

/// Weights nearer to nothing than this are left out of the file.
const LEAST: f64 = 0.03;

const STEPS: usize = 800;

/// What the key of a rule begins with; that of a word holds no colon.
pub const OF_RULE: &str = "aturan:";

/// A post that a person has labelled.
#[derive(Clone, Debug)]
pub struct Example {
    /// The keys of its words, each once, and those of the rules that hold ([`OF_RULE`]).
    pub keys: Vec<String>,
    /// What the rules alone give it.
    pub score: f64,
    /// Whether the rules see a link to the civil service.
    pub is_linked: bool,
    /// Whether a person wants to see it.
    pub is_violation: bool,
}

impl Matcher {
    /// Reads a labelled post for [`learn`].
    pub fn example(&self, post: &Post, is_violation: bool) -> Example {
        self.with(post, super::Ask::Able, |read| {
            let mut keys = Vec::new();
            weigh::each(read.texts, read.tokens, |key, _| keys.push(key.to_owned()));
            keys.sort_unstable();
            keys.dedup();
            // which stage a text points to says nothing of its author
            let counted = read.confirmed.counted(self.ruleset.rules());
            let counted = counted.filter(|rule| rule.stage.is_none());
            keys.extend(counted.map(|rule| format!("{OF_RULE}{}", rule.id)));
            let (_, score) = self.by_rules(read);
            Example { keys, score, is_linked: self.is_linked(read), is_violation }
        })
    }
}

/// Learns the weights beside the rules, whose points are compared with
/// `threshold`. `may_weigh` says which keys may have one.
pub fn learn(examples: &[Example], threshold: f64, may_weigh: impl Fn(&str) -> bool) -> WeightFile {
    let linked: Vec<&Example> = examples.iter().filter(|example| example.is_linked).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for key in linked.iter().flat_map(|example| &example.keys) {
        *counts.entry(key).or_default() += 1;
    }
    counts.retain(|key, count| *count >= FEWEST_POSTS && may_weigh(key));
    let places: BTreeMap<&str, usize> = counts.keys().copied().zip(0..).collect();
    let rows: Vec<Row> =
        linked.iter().map(|example| Row::new(example, threshold, &places)).collect();
    let minimum = minimise(&balanced(rows), places.len());
    let points = |weight: f64| (weight / ODDS * 100.0).round() / 100.0;
    let (mut aturan, mut kata) = (BTreeMap::new(), BTreeMap::new());
    for (key, weight) in places.keys().zip(minimum.weights.iter().map(|weight| points(*weight))) {
        if weight.abs() >= LEAST {
            match key.strip_prefix(OF_RULE) {
                Some(rule) => aturan.insert(rule.to_owned(), weight),
                None => kata.insert((*key).to_owned(), weight),
            };
        }
    }
    WeightFile {
        learned: Learned {
            posts: examples.len(),
            linked: linked.len(),
            violations: linked.iter().filter(|example| example.is_violation).count(),
        },
        bias: points(minimum.bias),
        aturan,
        kata,
    }
}

struct Row {
    places: Vec<usize>,
    is_violation: bool,
    /// The log-odds that the rules give.
    given: f64,
    pull: f64,
}

impl Row {
    fn new(example: &Example, threshold: f64, places: &BTreeMap<&str, usize>) -> Self {
        let score = example.score.clamp(*SCORES.start(), *SCORES.end());
        let of = example.keys.iter().filter_map(|key| places.get(key.as_str()).copied());
        Self {
            places: of.collect(),
            is_violation: example.is_violation,
            given: (score - threshold) * ODDS,
            pull: PULL,
        }
    }
}

/// Lets both labels pull alike, however many posts have each.
fn balanced(mut rows: Vec<Row>) -> Vec<Row> {
    let all = rows.len() as f64;
    let violations = rows.iter().filter(|row| row.is_violation).count() as f64;
    for row in &mut rows {
        let alike = if row.is_violation { violations } else { all - violations };
        row.pull *= all / (2.0 * alike.max(1.0));
    }
    rows
}

#[derive(Clone, Default)]
struct Point {
    bias: f64,
    weights: Vec<f64>,
}

/// The point where penalty and losses together are least.
fn minimise(rows: &[Row], keys: usize) -> Point {
    // the curvature of the loss is at most a quarter of the rows' squared length
    let steepest: f64 = rows.iter().map(|row| row.pull * (row.places.len() + 1) as f64).sum();
    let longest = rows.iter().map(|row| row.pull * (row.places.len() + 1) as f64);
    let bound = longest.fold(0.0, f64::max).max(steepest * 0.25);
    let step = 1.0 / (1.0 + bound);
    let mut here = Point { bias: 0.0, weights: vec![0.0; keys] };
    let mut ahead = here.clone();
    let mut pace = 1.0_f64;
    for _ in 0..STEPS {
        let slope = slope(rows, &ahead);
        let next = Point {
            bias: ahead.bias - step * slope.bias,
            weights: ahead.weights.iter().zip(&slope.weights).map(|(w, g)| w - step * g).collect(),
        };
        let faster = f64::midpoint(1.0, (1.0 + 4.0 * pace * pace).sqrt());
        let push = (pace - 1.0) / faster;
        pace = faster;
        ahead = Point {
            bias: next.bias + push * (next.bias - here.bias),
            weights: next
                .weights
                .iter()
                .zip(&here.weights)
                .map(|(n, h)| n + push * (n - h))
                .collect(),
        };
        here = next;
    }
    here
}

fn slope(rows: &[Row], at: &Point) -> Point {
    let mut slope = Point { bias: 0.0, weights: at.weights.clone() };
    for row in rows {
        let sum: f64 = row.places.iter().filter_map(|place| at.weights.get(*place)).sum();
        let wanted = f64::from(u8::from(row.is_violation));
        let off = row.pull * (1.0 / (1.0 + (-(row.given + at.bias + sum)).exp()) - wanted);
        slope.bias += off;
        for place in &row.places {
            if let Some(weight) = slope.weights.get_mut(*place) {
                *weight += off;
            }
        }
    }
    slope
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(text: &str, is_violation: bool) -> Example {
        let keys = text.split(' ').map(str::to_owned).collect();
        Example { keys, score: 0.0, is_linked: true, is_violation }
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
    fn posts_without_a_link_are_not_learned_from() {
        let mut examples = examples();
        examples.iter_mut().for_each(|example| example.is_linked = false);
        assert!(learn(&examples, 6.0, |_| true).kata.is_empty());
    }

    #[test]
    fn at_the_minimum_the_slope_is_flat() {
        let examples = examples();
        let keys = ["gas", "kawal", "kita", "lembur"];
        let places: BTreeMap<&str, usize> = keys.into_iter().zip(0..).collect();
        let rows = balanced(examples.iter().map(|e| Row::new(e, 6.0, &places)).collect());
        let minimum = minimise(&rows, keys.len());
        let slope = slope(&rows, &minimum);
        assert!(slope.bias.abs() < 1e-6 && slope.weights.iter().all(|g| g.abs() < 1e-6));
    }
}
