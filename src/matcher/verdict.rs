//! What is said of a post once it is known which rules hold.

use crate::model::{AsnEvidence, Category, Part, Priority, Verdict};
use crate::rule::{RuleSet, Sign};

use super::confirm::Confirmed;
use super::weigh::{self, Key, Weighed};
use super::{Matcher, Read, compliance, learn, legal, score, unit};

impl Matcher {
    /// The verdict of a post that has been read.
    pub(super) fn verdict(&self, read: &Read<'_>) -> Verdict {
        let (post, confirmed) = (read.post, read.confirmed);
        if confirmed.is_empty() {
            return self.silent.clone();
        }
        let rules = self.ruleset.rules();
        let scoring = self.ruleset.scoring();
        let weighed = self.weighed(read);
        let (mut parts, mut score) = self.by_rules(read);
        if let Some((weighed, _)) = &weighed {
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
        let keys = weighed.as_ref().map(|(_, keys)| keys.as_slice());
        if flagged && let Some(likeliest) = self.likeliest(read, keys) {
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
        let hits = self.hits(read, weighed.as_ref().map(|(weighed, _)| weighed));
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
    pub(super) fn by_rules(&self, read: &Read<'_>) -> (Vec<Part>, f64) {
        score::add(self.ruleset.rules(), read.confirmed, self.ruleset.scoring())
    }

    /// Adds what was learned to the parts: of the rules that hold, and of the words. Gives the sum.
    fn corrected(&self, read: &Read<'_>, weighed: &Weighed, parts: &mut Vec<Part>) -> f64 {
        let link = self.link(read);
        for number in read.confirmed.numbers() {
            let weight = self.corrections.of(number, link);
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

    /// The category for which most speaks; `keys` are those of the words, if they are known yet.
    fn likeliest(&self, read: &Read<'_>, keys: Option<&[Key]>) -> Option<Category> {
        let link = self.link(read);
        let sought = keys.is_none().then(|| self.scales.keys(read.texts, read.tokens));
        let keys = keys.or(sought.as_deref()).unwrap_or_default();
        let by_words = self.scales.lean(self.ruleset.leanings(), keys);
        let leanings = self.leanings.iter().zip(by_words).map(|((category, of), by_words)| {
            let by_rules = read.confirmed.numbers().map(|rule| of.of(rule, link)).sum::<f64>();
            (category, by_rules + by_words)
        });
        leanings.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(category, _)| *category)
    }

    /// The words of a post that is linked to the civil service, weighed, and their keys.
    pub(super) fn weighed(&self, read: &Read<'_>) -> Option<(Weighed, Vec<Key>)> {
        let weights = self.ruleset.weights();
        if weights.is_empty() || !self.is_linked(read) {
            return None;
        }
        let has_act = self.has_act(read);
        let without = if has_act { 0.0 } else { weights.of_rule(learn::NO_ACT) };
        let keys = self.scales.keys(read.texts, read.tokens);
        Some((self.scales.weigh(weights.bias() + without, has_act, &keys), keys))
    }
}

fn thousandths(weight: f64) -> f64 {
    (weight * 1000.0).round() / 1000.0
}

/// The verdict of a post in which no rule holds.
pub(super) fn silent(ruleset: &RuleSet) -> Verdict {
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
