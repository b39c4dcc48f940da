//! Even-handedness, tried out: every form of a contestant is exchanged for the
//! form of the same kind of every rival, and nothing in the verdict may change.
//!
//! The two contestants change places in the whole post, so that a text about
//! both stays a text about both. A form of one kind (pair, name, name of one
//! word, nickname, number, tag, slogan, sign, colour) becomes the rival's form
//! of that kind at the same place of its list, in the letter case in which it
//! was met; of two forms that overlap the longer one is meant. A bare number and
//! a colour are everyday words: they are a contestant's form where a rule takes
//! them for one, which its mark shows. No form is exempt.

mod exchange;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Post, Verdict};

use super::Matcher;
use exchange::{Exchange, Others, Rival, Words, marked, rivals, whole};

/// A post that is judged otherwise when two contestants change places.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where the post comes from: a rule's example, a fixture, a file.
    pub origin: String,
    /// The contestant or party met in the post.
    pub from: String,
    /// The rival put in its place.
    pub to: String,
    /// The forms exchanged, as they stand in the two posts.
    pub forms: Vec<(String, String)>,
    /// The text as it was, headline first.
    pub text: String,
    /// The text with the rival.
    pub other: String,
    /// Whether it was flagged, and is with the rival.
    pub flagged: (bool, bool),
    /// The two scores.
    pub score: (f64, f64),
    /// The rules that give otherwise, with what they give.
    pub parts: Vec<(String, f64, f64)>,
}

/// What came of the exchanges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parity {
    /// How many posts were compared with one of their exchanges.
    pub compared: usize,
    /// Those judged otherwise.
    pub differences: Vec<Difference>,
}

/// Exchanges every form in every post, for all contests of the matcher's rules.
pub fn check(matcher: &Matcher, posts: &[(String, Post)]) -> Parity {
    let mut parity = Parity::default();
    let mut contests = races(matcher);
    for (origin, post) in posts {
        let words = Words::of(post);
        let mut before = None;
        // two contests may ask for the same exchange: `nomor 1` for `nomor 2`
        let mut known: BTreeSet<String> = BTreeSet::new();
        for race in &mut contests {
            for (from, to) in race.pairs(&words) {
                let before = before.get_or_insert_with(|| matcher.scan(post));
                let (exchange, others) = race.exchange(from, to);
                let (other, forms) = exchange.post(post, &marked(before), others);
                if forms.is_empty() || !known.insert(whole(&other)) {
                    continue;
                }
                parity.compared += 1;
                let after = matcher.scan(&other);
                if before.flagged == after.flagged && (before.score - after.score).abs() < 1e-9 {
                    continue;
                }
                let id = |at: usize| race.rivals.get(at).map_or("", |rival| &rival.id).to_owned();
                parity.differences.push(Difference {
                    origin: origin.clone(),
                    from: id(from),
                    to: id(to),
                    forms,
                    text: told(post),
                    other: told(&other),
                    flagged: (before.flagged, after.flagged),
                    score: (before.score, after.score),
                    parts: parts(before, &after),
                });
            }
        }
    }
    parity
}

/// All contests, each with the forms of the others.
fn races(matcher: &Matcher) -> Vec<Race> {
    let all: Vec<Vec<Rival>> = matcher.ruleset().contests().iter().flat_map(rivals).collect();
    let others: Vec<Others> = (0..all.len())
        .map(|own| {
            let rest = all.iter().enumerate().filter(|(at, _)| *at != own);
            Others::new(rest.flat_map(|(_, rivals)| rivals))
        })
        .collect();
    let races = all.into_iter().zip(others);
    races.map(|(rivals, others)| Race { rivals, others, exchanges: BTreeMap::new() }).collect()
}

/// Contestants of one contest, and their exchanges as they are needed.
struct Race {
    rivals: Vec<Rival>,
    others: Others,
    exchanges: BTreeMap<(usize, usize), Exchange>,
}

impl Race {
    /// Each contestant that may stand in the post, with each of its rivals.
    fn pairs(&self, words: &Words) -> Vec<(usize, usize)> {
        let all = 0..self.rivals.len();
        let met = self.rivals.iter().enumerate().filter(|(_, rival)| rival.may_stand_in(words));
        met.flat_map(|(from, _)| {
            all.clone().filter(move |to| *to != from).map(move |to| (from, to))
        })
        .collect()
    }

    fn exchange(&mut self, from: usize, to: usize) -> (&Exchange, &Others) {
        let (rivals, key) = (&self.rivals, (from.min(to), from.max(to)));
        let exchange = self.exchanges.entry(key).or_insert_with(|| {
            match (rivals.get(key.0), rivals.get(key.1)) {
                (Some(from), Some(to)) => Exchange::new(from, to),
                _ => Exchange::default(),
            }
        });
        (exchange, &self.others)
    }
}

fn told(post: &Post) -> String {
    let fields = [&post.title, &post.text];
    fields.into_iter().filter(|f| !f.is_empty()).cloned().collect::<Vec<_>>().join(" / ")
}

/// The rules that give otherwise.
fn parts(before: &Verdict, after: &Verdict) -> Vec<(String, f64, f64)> {
    let mut all: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for part in &before.parts {
        all.entry(&part.rule).or_default().0 = part.weight;
    }
    for part in &after.parts {
        all.entry(&part.rule).or_default().1 = part.weight;
    }
    let differs = |(rule, (here, there)): (&str, (f64, f64))| {
        ((here - there).abs() > 1e-9).then(|| (rule.to_owned(), here, there))
    };
    all.into_iter().filter_map(differs).collect()
}
