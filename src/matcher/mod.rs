//! Stage 3: flags findings.
//!
//! A [`Matcher`] is built once from a rule set and gives every post a
//! [`Verdict`]: pure, and it cannot fail. A scan is one pass over the words
//! ([`literal`]), scopes of negation and prohibition ([`scope`]), the rules
//! over what was seen ([`confirm`]), the sum of the parts ([`score`]), and the
//! compliance events with the units they name ([`compliance`]).

pub mod literal;
mod even;
pub mod company;
pub mod scope;
pub mod confirm;
pub mod score;
pub mod weigh;
pub mod learn;
pub mod unit;
pub mod date;
pub mod signers;
pub mod compliance;
pub mod legal;
pub mod prove;
pub mod parity;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod linear;

use std::cell::RefCell;

use crate::model::{AsnEvidence, Category, Field, Hit, Part, Post, Priority, Verdict};
use crate::rule::seen::{Cut, Mark};
use crate::rule::weights::Weights;
use crate::rule::{RuleSet, Sign};
use crate::text::{Text, Token, word};

use company::Company;
use confirm::{Confirmed, Ground, Plan};
use literal::{Found, Literals, Span};
use scope::Scopes;
use weigh::Weighed;

/// Scans posts by one rule set.
#[derive(Debug)]
pub struct Matcher {
    ruleset: RuleSet,
    literals: Literals,
    scopes: Scopes,
    company: Company,
    plan: Plan,
    /// By number of rule and place of the link, what it gives or takes beside its own weight.
    corrections: Vec<[f64; Link::ALL.len()]>,
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
    spans: Vec<Span>,
    found: Vec<Found>,
    ground: Ground,
    confirmed: Confirmed,
}

/// Where the link to the civil service stands: an act told in the text is
/// another one beside a profile than beside an office in the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// In name, handle or profile.
    Author,
    /// In headline or text.
    Text,
    /// In both.
    Both,
}

impl Link {
    const ALL: [Self; 3] = [Self::Author, Self::Text, Self::Both];

    /// The word used in files of weights.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "penulis",
            Self::Text => "teks",
            Self::Both => "keduanya",
        }
    }
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
        let silent = silent(ruleset);
        let correction = |rule: &crate::rule::Rule| {
            let weight = |name: &str| ruleset.weights().of_rule(name);
            Link::ALL.map(|link| weight(&rule.id) + weight(&learn::of_link(&rule.id, link)))
        };
        let corrections = ruleset.rules().iter().map(correction).collect();
        Self { ruleset: ruleset.clone(), literals, scopes, company, plan, corrections, silent }
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
                words: self.weighed(read).map_or_else(Vec::new, |weighed| weighed.told(read.texts)),
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
        let Scratch { tokens, spans, found, ground, confirmed } = scratch;
        let fields = fields(post);
        let texts = fields.map(|(_, text)| Text::new(text));
        let vocabulary = &self.ruleset.lexicon().vocabulary;
        let published = post.published.map(|at| jiff::tz::Offset::UTC.to_datetime(at).date());
        found.clear();
        for (((field, _), text), tokens) in fields.iter().zip(&texts).zip(tokens.iter_mut()) {
            tokens.clear();
            if text.folded().is_empty() {
                continue;
            }
            word::tokens(text, vocabulary, tokens);
            self.literals.spans(tokens, spans);
            self.scopes.mark(&self.literals, spans, tokens);
            self.literals.names(tokens);
            self.literals.contestants(spans, tokens);
            self.literals.find(*field, text, (tokens, spans), published, found);
        }
        self.company.keep(&self.literals, found);
        ground.lay(found, &self.literals, &self.plan);
        let mut read = texts.iter().zip(tokens.iter());
        let cuts = fields.map(|(field, _)| {
            let (folded, tokens) = read
                .next()
                .map_or(("", &[][..]), |(text, tokens)| (text.folded(), tokens.as_slice()));
            Cut { field, folded, tokens }
        });
        let rules = self.ruleset.rules();
        match ask {
            Ask::Able => self.plan.ask(rules, (post.kind, &cuts), ground, confirmed),
            Ask::All => self.plan.ask_all(rules, (post.kind, &cuts), ground, confirmed),
        }
        tell(&Read { post, texts: &texts, tokens, confirmed, phrases: found.len() })
    }

    fn verdict(&self, read: &Read<'_>) -> Verdict {
        let (post, confirmed) = (read.post, read.confirmed);
        if confirmed.is_empty() {
            return self.silent.clone();
        }
        let rules = self.ruleset.rules();
        let scoring = self.ruleset.scoring();
        let weighed = self.weighed(read);
        let (mut parts, mut score) = self.by_rules(read);
        if let Some(weighed) = &weighed {
            score = self.corrected(read, weighed, &mut parts);
        }
        // naming the unit costs more than all the rest: only for those who will be read
        let taught = confirmed.counted(rules).any(|rule| rule.sign == Sign::Kepatuhan);
        let unit = (taught || score >= scoring.threshold)
            .then(|| unit::find(post, self.ruleset.units()))
            .flatten();
        let compliance = compliance::find(post, rules, confirmed, unit.as_deref());
        let flagged = score >= scoring.threshold && compliance.is_empty();
        let score = if flagged { score } else { score.min(scoring.threshold - 0.001) };
        // adding zero takes the sign from a rounded -0.0
        let score = (score * 1000.0).round() / 1000.0 + 0.0;
        let mut categories: Vec<Category> =
            confirmed.counted(rules).filter_map(|rule| rule.category).collect();
        categories.sort_unstable();
        categories.dedup();
        if flagged && let Some(likeliest) = self.likeliest(read) {
            categories.retain(|category| *category != likeliest);
            categories.insert(0, likeliest);
        }
        let spared_by = confirmed
            .counted(rules)
            .filter(|rule| rule.sign == Sign::Penjaga)
            .map(|rule| rule.id.clone())
            .collect();
        let priority = if flagged && score >= scoring.tinggi {
            Priority::Tinggi
        } else if flagged && score >= scoring.sedang {
            Priority::Sedang
        } else {
            Priority::Rendah
        };
        let hits = self.hits(read, weighed.as_ref());
        let legal = legal::derive(
            post,
            &self.ruleset,
            confirmed,
            &hits,
            &categories,
            unit.as_deref(),
            match (flagged, compliance.is_empty()) {
                (true, _) => legal::Outcome::Flagged,
                (false, false) => legal::Outcome::Compliance,
                (false, true) => legal::Outcome::Clean,
            },
        );
        let reason = score::reason(rules, confirmed, &hits, flagged, !compliance.is_empty());
        Verdict {
            flagged,
            score,
            priority,
            categories,
            stage: legal.stage,
            stages: legal.stages,
            asn_evidence: legal.asn_evidence,
            skb: legal.skb,
            compliance,
            hits,
            parts,
            spared_by,
            unit,
            reason,
            threshold: scoring.threshold,
            ruleset: self.silent.ruleset.clone(),
        }
    }

    /// What the rules alone give.
    fn by_rules(&self, read: &Read<'_>) -> (Vec<Part>, f64) {
        score::add(self.ruleset.rules(), read.confirmed, self.ruleset.scoring())
    }

    /// Adds what was learned to the parts: of the rules that hold, and of the words. Gives the sum.
    fn corrected(&self, read: &Read<'_>, weighed: &Weighed, parts: &mut Vec<Part>) -> f64 {
        let link = self.link(read);
        for number in read.confirmed.numbers() {
            let weight = self.corrections.get(number).map_or(0.0, |of| of[link as usize]);
            let Some(rule) = self.ruleset.rules().get(number).filter(|_| weight != 0.0) else {
                continue;
            };
            match parts.iter_mut().find(|part| part.rule == rule.id) {
                Some(part) => part.weight = thousandths(part.weight + weight),
                None => parts.push(score::part(rule, weight)),
            }
        }
        parts.extend(weigh::part(weighed.sum));
        parts.retain(|part| part.weight != 0.0);
        score::order(parts);
        parts.iter().fold(0.0, |score, part| score + part.weight)
    }

    /// The category for which most speaks.
    fn likeliest(&self, read: &Read<'_>) -> Option<Category> {
        let (rules, link) = (self.ruleset.rules(), self.link(read));
        let leaning = |weights: &Weights| {
            let rules = read.confirmed.counted(rules).map(|rule| {
                weights.of_rule(&rule.id) + weights.of_rule(&learn::of_link(&rule.id, link))
            });
            let words = weigh::weigh(weights, weights.bias(), true, read.texts, read.tokens);
            rules.sum::<f64>() + words.sum
        };
        let leanings = self.ruleset.leanings().iter().map(|(category, of)| (category, leaning(of)));
        leanings.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(category, _)| *category)
    }

    /// Whether any rule sees a contestant or an act.
    fn has_act(&self, read: &Read<'_>) -> bool {
        let mut counted = read.confirmed.counted(self.ruleset.rules());
        counted.any(|rule| matches!(rule.sign, Sign::Peserta | Sign::Aksi))
    }

    /// Where the link to the civil service stands.
    fn link(&self, read: &Read<'_>) -> Link {
        let rules = self.ruleset.rules();
        let is_asn = |rule: &usize| {
            rules.get(*rule).is_some_and(|rule| rule.sign == Sign::Asn)
                && read.confirmed.counts(*rule)
        };
        let marks = read.confirmed.marks.iter().filter(|(rule, _)| is_asn(rule));
        let (mut author, mut text) = (false, false);
        for (_, mark) in marks {
            match mark.field {
                Field::Title | Field::Text => text = true,
                _ => author = true,
            }
        }
        match (author, text) {
            (true, true) => Link::Both,
            (true, false) => Link::Author,
            (false, _) => Link::Text,
        }
    }

    /// Whether the rules see a civil servant in it.
    fn is_linked(&self, read: &Read<'_>) -> bool {
        let counted = read.confirmed.counted(self.ruleset.rules());
        legal::evidence(counted, legal::Outcome::Clean) != AsnEvidence::None
    }

    /// The words of a post that is linked to the civil service, weighed.
    fn weighed(&self, read: &Read<'_>) -> Option<Weighed> {
        let weights = self.ruleset.weights();
        (!weights.is_empty() && self.is_linked(read)).then(|| {
            let has_act = self.has_act(read);
            let without = if has_act { 0.0 } else { weights.of_rule(learn::NO_ACT) };
            let base = weights.bias() + without;
            weigh::weigh(weights, base, has_act, read.texts, read.tokens)
        })
    }

    fn hits(&self, read: &Read<'_>, weighed: Option<&Weighed>) -> Vec<Hit> {
        let rules = self.ruleset.rules();
        let sign = |rule: &usize| {
            rules.get(*rule).map_or((weigh::ID, Sign::Konteks), |rule| (&rule.id, rule.sign))
        };
        let mut marks: Vec<(Mark, usize)> =
            read.confirmed.marks.iter().map(|(rule, mark)| (*mark, *rule)).collect();
        let weighed = weighed.into_iter().flat_map(Weighed::marks);
        marks.extend(weighed.map(|mark| (mark, usize::MAX)));
        marks.sort_unstable();
        marks.dedup();
        let mut hits: Vec<Hit> = Vec::with_capacity(marks.len());
        let mut counted = Ruler::default();
        for (mark, rule) in marks {
            let Some(text) = read.texts.get(mark.field as usize) else { continue };
            let (rule, sign) = sign(&rule);
            let bytes = text.original_bytes(mark.start as usize..mark.end as usize);
            let words = text.original().get(bytes.clone()).unwrap_or_default();
            let start = counted.chars(mark.field, text.original(), bytes.start);
            hits.push(Hit {
                rule: rule.to_owned(),
                sign: sign.mark().to_owned(),
                field: mark.field,
                start,
                end: start + count(words),
                text: words.to_owned(),
            });
        }
        hits.sort_by(|a, b| {
            (a.field, a.start, a.end, &a.rule).cmp(&(b.field, b.start, b.end, &b.rule))
        });
        hits.dedup();
        hits
    }
}

/// Counts characters from one mark to the next, so that many marks in a long
/// text do not each count from its beginning.
#[derive(Default)]
struct Ruler {
    field: Option<Field>,
    bytes: usize,
    chars: u32,
}

impl Ruler {
    /// How many characters stand before this byte.
    fn chars(&mut self, field: Field, text: &str, byte: usize) -> u32 {
        if self.field != Some(field) || byte < self.bytes {
            *self = Self { field: Some(field), bytes: 0, chars: 0 };
        }
        self.chars += count(text.get(self.bytes..byte).unwrap_or_default());
        self.bytes = byte;
        self.chars
    }
}

fn thousandths(weight: f64) -> f64 {
    (weight * 1000.0).round() / 1000.0
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The verdict of a post in which no rule holds.
fn silent(ruleset: &RuleSet) -> Verdict {
    let (scoring, confirmed) = (ruleset.scoring(), Confirmed::default());
    let (parts, score) = score::add(ruleset.rules(), &confirmed, scoring);
    let flagged = score >= scoring.threshold;
    let score = if flagged { score } else { score.min(scoring.threshold - 0.001) };
    Verdict {
        flagged,
        score: (score * 1000.0).round() / 1000.0 + 0.0,
        threshold: scoring.threshold,
        priority: Priority::Rendah,
        categories: Vec::new(),
        stage: "unspecified".to_owned(),
        stages: Vec::new(),
        asn_evidence: AsnEvidence::None,
        skb: Vec::new(),
        compliance: Vec::new(),
        hits: Vec::new(),
        parts,
        spared_by: Vec::new(),
        unit: None,
        reason: score::reason(ruleset.rules(), &confirmed, &[], flagged, false),
        ruleset: ruleset.digest().to_owned(),
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
