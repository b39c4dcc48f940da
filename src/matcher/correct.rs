//! What rules are worth beside each other, as it was learned.

use crate::rule::Rule;
use crate::rule::weights::Weights;

use super::learn;
use super::link::Link;

/// By number of rule and place of the link, what it gives or takes beside its own weight.
#[derive(Debug)]
pub(super) struct Corrections(Vec<[f64; Link::ALL.len()]>);

impl Corrections {
    /// The corrections of these rules.
    pub(super) fn new(rules: &[Rule], weights: &Weights) -> Self {
        let of = |name: &str| weights.of_rule(name);
        let correction =
            |rule: &Rule| Link::ALL.map(|link| of(&rule.id) + of(&learn::of_link(&rule.id, link)));
        Self(rules.iter().map(correction).collect())
    }

    /// That of one rule where the link stands there.
    pub(super) fn of(&self, rule: usize, link: Link) -> f64 {
        self.0.get(rule).map_or(0.0, |of| of[link as usize])
    }
}
