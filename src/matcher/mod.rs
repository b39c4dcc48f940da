//! Stage 3: flags findings.
//!
//! A [`Matcher`] is built once from a rule set and gives every post a
//! [`Verdict`]: pure, and it cannot fail. A scan is one pass over the words
//! ([`literal`]), scopes of negation and prohibition ([`scope`]), the rules
//! over what was seen ([`confirm`]), the sum of the parts ([`score`]), and the
//! compliance events with the units they name ([`compliance`]).

pub mod literal;
pub mod scope;
pub mod confirm;
pub mod score;
pub mod unit;
pub mod date;
pub mod compliance;
pub mod prove;

use crate::model::{Category, Field, Hit, Part, Post, Priority, Verdict};
use crate::rule::seen::Cut;
use crate::rule::{RuleSet, Sign};
use crate::text::Text;

use confirm::Confirmed;
use literal::Literals;
use scope::Scopes;

/// Scans posts by one rule set.
#[derive(Debug)]
pub struct Matcher {
    ruleset: RuleSet,
    literals: Literals,
    scopes: Scopes,
}

/// What `--why` shows of a post beyond its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The folded form of headline and text.
    pub folded: String,
    /// Rules that hold.
    pub holds: Vec<String>,
    /// Rules of which some clauses hold, and the kinds of clause that were missing.
    pub nearly: Vec<(String, Vec<String>)>,
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
        Self { ruleset: ruleset.clone(), literals, scopes }
    }

    /// The rule set it was built from.
    pub fn ruleset(&self) -> &RuleSet {
        &self.ruleset
    }

    /// What the rules say of a post.
    pub fn scan(&self, post: &Post) -> Verdict {
        self.with(post, false, |texts, cuts, confirmed| self.verdict(post, texts, cuts, confirmed))
    }

    /// What the rules nearly said of a post, and why they did not.
    pub fn why(&self, post: &Post) -> Why {
        self.with(post, true, |texts, _, confirmed| {
            let rules = self.ruleset.rules();
            let holds = rules
                .iter()
                .enumerate()
                .filter(|(i, _)| confirmed.holds(*i))
                .map(|(_, r)| r.id.clone())
                .collect();
            let folded: Vec<String> = texts
                .iter()
                .take(2)
                .map(|t| t.folded().to_lowercase())
                .filter(|t| !t.is_empty())
                .collect();
            Why { folded: folded.join("\n"), holds, nearly: confirmed.nearly(rules) }
        })
    }

    fn with<T>(
        &self,
        post: &Post,
        explain: bool,
        tell: impl FnOnce(&[Text<'_>; 5], &[Cut<'_>], &Confirmed) -> T,
    ) -> T {
        let fields = fields(post);
        let texts = fields.map(|(_, text)| Text::new(text));
        let vocabulary = &self.ruleset.lexicon().vocabulary;
        let mut tokens: [Vec<_>; 5] = texts.each_ref().map(|text| text.tokens(vocabulary));
        let published = post.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        let mut found = Vec::new();
        for (((field, _), text), tokens) in fields.iter().zip(&texts).zip(&mut tokens) {
            self.scopes.mark(&self.literals, text, tokens);
            self.literals.names(tokens);
            self.literals.find(*field, text, tokens, published, &mut found);
        }
        let cuts: Vec<Cut<'_>> = fields
            .iter()
            .zip(&texts)
            .zip(&tokens)
            .map(|(((field, _), text), tokens)| Cut {
                field: *field,
                folded: text.folded(),
                tokens,
            })
            .collect();
        let confirmed =
            confirm::ask(self.ruleset.rules(), post.kind, &cuts, found, &self.literals, explain);
        tell(&texts, &cuts, &confirmed)
    }

    fn verdict(
        &self,
        post: &Post,
        texts: &[Text<'_>; 5],
        cuts: &[Cut<'_>],
        confirmed: &Confirmed,
    ) -> Verdict {
        let rules = self.ruleset.rules();
        let scoring = self.ruleset.scoring();
        let (parts, score) = score::add(rules, confirmed, scoring);
        // naming the unit costs more than all the rest: only for those who will be read
        let taught = rules
            .iter()
            .enumerate()
            .any(|(i, rule)| rule.sign == Sign::Kepatuhan && confirmed.counts(i));
        let unit = (taught || score >= scoring.threshold)
            .then(|| unit::find(post, self.ruleset.units()))
            .flatten();
        let compliance = compliance::find(post, rules, confirmed, unit.as_deref());
        let flagged = score >= scoring.threshold && compliance.is_empty();
        let score = if flagged { score } else { score.min(scoring.threshold - 0.001) };
        // adding zero takes the sign from a rounded -0.0
        let score = (score * 1000.0).round() / 1000.0 + 0.0;
        let mut categories: Vec<Category> = rules
            .iter()
            .enumerate()
            .filter(|(i, _)| confirmed.counts(*i))
            .filter_map(|(_, rule)| rule.category)
            .collect();
        categories.sort_unstable();
        categories.dedup();
        let spared_by = rules
            .iter()
            .enumerate()
            .filter(|(i, rule)| rule.sign == Sign::Penjaga && confirmed.counts(*i))
            .map(|(_, rule)| rule.id.clone())
            .collect();
        let stage = rules
            .iter()
            .enumerate()
            .filter(|(i, _)| confirmed.counts(*i))
            .find_map(|(_, rule)| rule.stage.clone());
        let priority = if flagged && score >= scoring.tinggi {
            Priority::Tinggi
        } else if flagged && score >= scoring.sedang {
            Priority::Sedang
        } else {
            Priority::Rendah
        };
        let hits = self.hits(texts, cuts, confirmed);
        let reason = score::reason(rules, confirmed, &hits, flagged, !compliance.is_empty());
        Verdict {
            flagged,
            score,
            threshold: scoring.threshold,
            priority,
            categories,
            stage: stage.unwrap_or_else(|| "unspecified".to_owned()),
            compliance,
            hits,
            parts,
            spared_by,
            unit,
            reason,
            ruleset: self.ruleset.digest().to_owned(),
        }
    }

    fn hits(&self, texts: &[Text<'_>; 5], cuts: &[Cut<'_>], confirmed: &Confirmed) -> Vec<Hit> {
        let rules = self.ruleset.rules();
        let mut hits: Vec<Hit> = Vec::new();
        for (rule, mark) in &confirmed.marks {
            let Some(at) = cuts.iter().position(|cut| cut.field == mark.field) else { continue };
            let (Some(text), Some(rule)) = (texts.get(at), rules.get(*rule)) else { continue };
            let folded = mark.start as usize..mark.end as usize;
            let chars = text.original_chars(folded.clone());
            let words = text.original().get(text.original_bytes(folded)).unwrap_or_default();
            hits.push(Hit {
                rule: rule.id.clone(),
                sign: rule.sign.mark().to_owned(),
                field: mark.field,
                start: chars.start,
                end: chars.end,
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
