//! Stage 3: flags findings.
//!
//! A [`Matcher`] is built once from a rule set and gives every post a
//! [`Verdict`]: pure, and it cannot fail. A scan is one pass over the words
//! ([`literal`]) and a first look at what stands there (`sight.rs`), which is
//! all that most posts take. Only where a rule can hold come scopes of negation
//! and prohibition ([`scope`]), the rules over what was seen ([`confirm`]), the
//! sum of the parts ([`score`]), and the compliance events with the units they
//! name ([`compliance`]).

pub mod literal;
mod phrases;
mod even;
pub mod company;
pub mod scope;
mod sight;
mod plan;
pub mod confirm;
pub mod score;
pub mod weigh;
mod correct;
mod link;
pub mod learn;
pub mod unit;
pub mod date;
pub mod signers;
pub mod compliance;
pub mod legal;
mod hits;
mod verdict;
pub mod prove;
pub mod parity;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod linear;

use std::cell::RefCell;

use crate::model::{Category, Field, Part, Post, Verdict};
use crate::rule::seen::Cut;
use crate::rule::{RuleSet, Sign};
use crate::text::{Text, Token, word};

use company::Company;
use confirm::{Confirmed, Ground};
use correct::Corrections;
use link::Link;
use literal::{Found, Literals, Span, Within};
use plan::Plan;
use scope::Scopes;
use sight::Sight;
use weigh::Scales;

/// Scans posts by one rule set.
#[derive(Debug)]
pub struct Matcher {
    ruleset: RuleSet,
    literals: Literals,
    scopes: Scopes,
    company: Company,
    plan: Plan,
    scales: Scales,
    corrections: Corrections,
    /// The same by category, for telling the likeliest.
    leanings: Vec<(Category, Corrections)>,
    /// The verdict of a post in which no rule holds.
    silent: Verdict,
}

/// Which rules are asked.
#[derive(Clone, Copy)]
enum Ask {
    /// Those that can hold.
    Able,
    /// All, to say what was missing.
    All,
}

/// What a scan works with, kept from post to post so that none is made anew.
#[derive(Debug, Default)]
struct Scratch {
    tokens: [Vec<Token>; 5],
    spans: [Vec<Span>; 5],
    within: [Vec<Within>; 5],
    sight: Sight,
    found: Vec<Found>,
    ground: Ground,
    confirmed: Confirmed,
}

/// A post that has been read.
struct Read<'r> {
    post: &'r Post,
    texts: &'r [Text<'r>; 5],
    tokens: &'r [Vec<Token>; 5],
    confirmed: &'r Confirmed,
    phrases: usize,
}

/// What `--why` shows of a post beyond its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The folded form of headline and text.
    pub folded: String,
    /// Rules that hold.
    pub holds: Vec<String>,
    /// Rules that lacked one clause to hold, and that clause in words.
    pub nearly: Vec<(String, String)>,
    /// What gave [`weigh::ID`] its weight: the words, each with its own, strongest first.
    pub words: Vec<(String, f64)>,
}

/// What it took to scan a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Phrases of lists and rules that stand in it.
    pub phrases: usize,
    /// Alternatives of rules whose clauses were asked.
    pub asked: usize,
    /// Those of them that are guards'.
    pub guards: usize,
}

/// The fields of a post in the order in which hits are listed.
fn fields(post: &Post) -> [(Field, &str); 5] {
    [
        (Field::Title, &post.title),
        (Field::Text, &post.text),
        (Field::AuthorName, &post.author.name),
        (Field::AuthorHandle, &post.author.handle),
        (Field::AuthorBio, &post.author.bio),
    ]
}

impl Matcher {
    /// Builds the automata of a rule set.
    pub fn new(ruleset: &RuleSet) -> Self {
        let literals = Literals::new(ruleset.lexicon());
        let scopes = Scopes::new(ruleset.lexicon());
        let company = Company::new(ruleset.lexicon());
        let plan = Plan::new(ruleset);
        let (rules, weights) = (ruleset.rules(), ruleset.weights());
        let leanings = ruleset.leanings().iter();
        Self {
            ruleset: ruleset.clone(),
            literals,
            scopes,
            company,
            plan,
            scales: Scales::new(weights, ruleset.leanings()),
            corrections: Corrections::new(rules, weights),
            leanings: leanings
                .map(|(of, weights)| (*of, Corrections::new(rules, weights)))
                .collect(),
            silent: verdict::silent(ruleset),
        }
    }

    /// The rule set it was built from.
    pub fn ruleset(&self) -> &RuleSet {
        &self.ruleset
    }

    /// What the rules say of a post.
    pub fn scan(&self, post: &Post) -> Verdict {
        self.with(post, Ask::Able, |read| self.verdict(read))
    }

    /// What it takes to scan a post.
    pub fn effort(&self, post: &Post) -> Effort {
        self.with(post, Ask::Able, |read| {
            let asked = read.confirmed.asked();
            let is_guard = |rule: &&usize| {
                self.ruleset.rules().get(**rule).is_some_and(|rule| rule.sign == Sign::Penjaga)
            };
            Effort {
                phrases: read.phrases,
                asked: asked.len(),
                guards: asked.iter().filter(is_guard).count(),
            }
        })
    }

    /// What the rules nearly said of a post, and why they did not.
    pub fn why(&self, post: &Post) -> Why {
        self.with(post, Ask::All, |read| {
            let rules = self.ruleset.rules();
            let holds = rules.iter().enumerate().filter(|(i, _)| read.confirmed.holds(*i));
            let folded: Vec<String> = read
                .texts
                .iter()
                .take(2)
                .map(|t| t.folded().to_lowercase())
                .filter(|t| !t.is_empty())
                .collect();
            Why {
                folded: folded.join("\n"),
                holds: holds.map(|(_, rule)| rule.id.clone()).collect(),
                nearly: read.confirmed.nearly(rules),
                words: self
                    .weighed(read)
                    .map_or_else(Vec::new, |(weighed, _)| weighed.told(read.texts)),
            }
        })
    }

    /// Reads a post with the thread's own scratch, or with a new one if that is in use.
    fn with<T>(&self, post: &Post, ask: Ask, tell: impl Fn(&Read<'_>) -> T) -> T {
        thread_local!(static SCRATCH: RefCell<Scratch> = RefCell::default());
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.read(post, ask, &mut scratch, &tell),
            Err(_) => self.read(post, ask, &mut Scratch::default(), &tell),
        })
    }

    fn read<T>(
        &self,
        post: &Post,
        ask: Ask,
        scratch: &mut Scratch,
        tell: impl Fn(&Read<'_>) -> T,
    ) -> T {
        let Scratch { tokens, spans, within, sight, found, ground, confirmed } = scratch;
        let fields = fields(post);
        let texts = fields.map(|(_, text)| Text::new(text));
        let (vocabulary, literals) = (&self.ruleset.lexicon().vocabulary, &self.literals);
        sight.clear(post.kind, self.plan.lists());
        confirmed.clear(&self.plan);
        let each = fields.iter().zip(&texts).zip(&mut *tokens).zip(&mut *spans).zip(&mut *within);
        for (((((field, _), text), tokens), spans), within) in each {
            tokens.clear();
            spans.clear();
            within.clear();
            if text.folded().is_empty() {
                continue;
            }
            word::tokens(text, vocabulary, tokens);
            literals.names(tokens);
            literals.spans(tokens, spans);
            literals.within(*field, text, tokens, within);
            sight.words(*field, text, tokens);
            sight.mark(self.scopes.opened(spans));
            for span in &*spans {
                sight.add(*field, literals.sets(span.phrase));
            }
            for hit in &*within {
                sight.add(*field, literals.sets_within(hit));
            }
        }
        let phrases =
            spans.iter().map(Vec::len).sum::<usize>() + within.iter().map(Vec::len).sum::<usize>();
        let can_hold = self.plan.wake(sight, &mut confirmed.waiting);
        if !can_hold && matches!(ask, Ask::Able) {
            return tell(&Read { post, texts: &texts, tokens, confirmed, phrases });
        }
        let published = post.published.map(|at| jiff::tz::Offset::UTC.to_datetime(at).date());
        found.clear();
        let each = fields.iter().zip(&mut *tokens).zip(spans).zip(within);
        for ((((field, _), tokens), spans), within) in each {
            self.scopes.mark(spans, tokens);
            literals.contestants(spans, tokens);
            literals.find(*field, (tokens, spans, within), published, found);
        }
        self.company.keep(literals, found);
        ground.lay(found, literals, &self.plan);
        let mut read = texts.iter().zip(tokens.iter());
        let cuts = fields.map(|(field, _)| {
            let (folded, tokens) = read
                .next()
                .map_or(("", &[][..]), |(text, tokens)| (text.folded(), tokens.as_slice()));
            Cut { field, folded, tokens }
        });
        let rules = self.ruleset.rules();
        match ask {
            Ask::Able => self.plan.ask(rules, (sight, &cuts), ground, confirmed),
            Ask::All => self.plan.ask_all(rules, (sight, &cuts), ground, confirmed),
        }
        tell(&Read { post, texts: &texts, tokens, confirmed, phrases })
    }
}

/// The parts of a verdict's score that a page lists first.
pub fn strongest(parts: &[Part]) -> Option<&Part> {
    parts.iter().max_by(|a, b| a.weight.total_cmp(&b.weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, PostId, PostKind};

    #[test]
    fn a_post_without_signs_scores_zero_without_a_sign() {
        let loaded = RuleSet::load(&["rules".into()]);
        let post = Post {
            id: PostId("1".into()),
            source: "s".into(),
            kind: PostKind::Post,
            platform: "x".into(),
            address: None,
            author: Author::default(),
            title: String::new(),
            text: "x".into(),
            published: None,
        };
        let verdict = Matcher::new(&loaded.ruleset.unwrap()).scan(&post);
        assert_eq!(serde_json::to_string(&verdict.score).unwrap(), "0.0");
        assert_eq!(verdict.score.to_string(), "0");
    }
}
