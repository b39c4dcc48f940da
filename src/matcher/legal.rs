//! What follows from a verdict without touching its score: the stages of the
//! elections that run, the rows of the joint decree, the civil-servant link.

use crate::model::{AsnEvidence, Category, Post, SkbRow, StageAt};
use crate::rule::calendar::Bearing;
use crate::rule::{Rule, RuleSet, Sign};

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

/// What became of the post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A compliance event.
    Compliance,
    /// Flagged.
    Flagged,
    /// Neither.
    Clean,
}

/// Derives it.
pub fn derive(
    post: &Post,
    ruleset: &RuleSet,
    confirmed: &Confirmed,
    hits: &[crate::model::Hit],
    categories: &[Category],
    unit: Option<&str>,
    outcome: Outcome,
) -> Legal {
    let rules = ruleset.rules();
    let counted = || confirmed.counted(rules);
    let cue = counted().find_map(|rule| rule.stage.as_deref());
    let calendar = ruleset.calendar();
    let mut named: Vec<&(String, String)> = hits
        .iter()
        .filter(|hit| hit.sign == Sign::Peserta.mark())
        .flat_map(|hit| calendar.contests(&hit.text))
        .collect();
    named.dedup();
    let contests: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let local = named.iter().map(|(_, region)| region.as_str()).find(|at| *at != "Indonesia");
    let region = local.or_else(|| unit.and_then(|unit| ruleset.units().province(unit)));
    let day = post.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let bearing = Bearing { day, cue, contests: &contests, region };
    let stages = calendar.running(bearing);
    let stage = calendar.stage(bearing, &stages);
    let skb = ruleset.skb().rows(categories, &calendar.status(bearing, &stages));
    Legal { stage, stages, skb, asn_evidence: evidence(counted(), outcome) }
}

/// The strongest evidence of the rules that link to the civil service. A unit
/// that tells of its own compliance is plain; somebody whom a guard puts out
/// of scope (`evidence = "none"`) has none, unless the post is flagged all the same.
pub(super) fn evidence<'r>(rules: impl Iterator<Item = &'r Rule>, outcome: Outcome) -> AsnEvidence {
    let mut strongest = AsnEvidence::None;
    let mut is_out_of_scope = false;
    for rule in rules {
        match rule.sign {
            Sign::Asn => strongest = strongest.max(rule.evidence.unwrap_or(AsnEvidence::Implicit)),
            Sign::Penjaga => is_out_of_scope |= rule.evidence == Some(AsnEvidence::None),
            _ => {}
        }
    }
    match outcome {
        Outcome::Compliance => AsnEvidence::Explicit,
        Outcome::Clean if is_out_of_scope => AsnEvidence::None,
        Outcome::Clean | Outcome::Flagged => strongest,
    }
}
