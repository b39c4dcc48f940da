//! What follows from a verdict without touching its score: the stages of the
//! elections that run, the rows of the joint decree, the civil-servant link.

use crate::model::{AsnEvidence, Category, Post, SkbRow, StageAt};
use crate::rule::calendar::Bearing;
use crate::rule::{Rule, RuleSet, Sign};
use crate::rule::contest::ContestFile;
use crate::rule::unit::Units;

use super::confirm::Confirmed;

/// What is derived.
pub struct Legal {
    /// The stage in one word.
    pub stage: String,
    /// The stage of each running election.
    pub stages: Vec<StageAt>,
    /// The rows of the decree.
    pub skb: Vec<SkbRow>,
    /// How the post is linked to the civil service.
    pub asn_evidence: AsnEvidence,
}

/// Derives it.
pub fn derive(
    post: &Post,
    ruleset: &RuleSet,
    confirmed: &Confirmed,
    hits: &[crate::model::Hit],
    categories: &[Category],
    unit: Option<&str>,
) -> Legal {
    let rules = ruleset.rules();
    let counted = || rules.iter().enumerate().filter(|(i, _)| confirmed.counts(*i)).map(|(_, r)| r);
    let cue = counted().find_map(|rule| rule.stage.as_deref());
    let contests = contests(ruleset.contests(), hits);
    let region = contests
        .iter()
        .find_map(|contest| region(ruleset.contests(), contest))
        .or_else(|| unit.and_then(|unit| place(ruleset.units(), unit)));
    let day = post.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let bearing = Bearing { day, cue, contests: &contests, region };
    let calendar = ruleset.calendar();
    let stages = calendar.running(bearing);
    let stage = calendar.stage(bearing, &stages);
    let skb = ruleset.skb().rows(categories, &calendar.status(bearing, &stages));
    Legal { stage, stages, skb, asn_evidence: evidence(counted()) }
}

/// The contests whose contestants the hits name, by id.
fn contests<'r>(contests: &'r [ContestFile], hits: &[crate::model::Hit]) -> Vec<&'r str> {
    let names = |text: &str| {
        let same = |form: &String| form.to_lowercase() == text;
        contests.iter().filter_map(move |file| {
            let of = file.contestant.iter().flat_map(|one| one.kinds());
            let mut forms = of.flat_map(|(_, forms)| forms.iter());
            forms.any(same).then_some(file.contest.as_ref()?.id.as_str())
        }).collect::<Vec<_>>()
    };
    let mut named = Vec::new();
    for hit in hits.iter().filter(|hit| hit.sign == Sign::Peserta.mark()) {
        for id in names(&hit.text.to_lowercase()) {
            if !named.contains(&id) {
                named.push(id);
            }
        }
    }
    named
}

/// Where a contest is held.
fn region<'r>(contests: &'r [ContestFile], id: &str) -> Option<&'r str> {
    let of = |file: &'r ContestFile| file.contest.as_ref().filter(|contest| contest.id == id);
    contests.iter().find_map(of).map(|contest| contest.region.as_str())
}

/// The province in which a unit lies.
fn place<'r>(units: &'r Units, unit: &str) -> Option<&'r str> {
    units.province(unit)
}

/// The strongest evidence of the rules that link to the civil service.
fn evidence<'r>(rules: impl Iterator<Item = &'r Rule>) -> AsnEvidence {
    rules
        .filter(|rule| rule.sign == Sign::Asn)
        .map(|rule| rule.evidence.unwrap_or(AsnEvidence::Implicit))
        .max()
        .unwrap_or(AsnEvidence::None)
}
