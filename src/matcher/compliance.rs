//! Compliance events: a named unit that pledges, teaches, installs, monitors.

use crate::model::{Compliance, Post};
use crate::rule::{Rule, Sign};

use super::confirm::Confirmed;
use super::{date, signers};

/// The events recognised, the most specific rule first. Without a unit there is none.
pub fn find(
    post: &Post,
    rules: &[Rule],
    confirmed: &Confirmed,
    unit: Option<&str>,
) -> Vec<Compliance> {
    let Some(unit) = unit else { return Vec::new() };
    let mut held: Vec<&Rule> = rules
        .iter()
        .enumerate()
        .filter(|(i, rule)| rule.sign == Sign::Kepatuhan && confirmed.counts(*i))
        .map(|(_, rule)| rule)
        .collect();
    held.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.id.cmp(&b.id)));
    let mut events: Vec<Compliance> = Vec::new();
    for event in held.iter().filter_map(|rule| rule.event) {
        if events.iter().all(|known| known.event != event) {
            let date = date::find(&post.title).or_else(|| date::find(&post.text));
            let signers = signers::find(&post.text).or_else(|| signers::find(&post.title));
            events.push(Compliance { event, unit: Some(unit.to_owned()), date, signers });
        }
    }
    events
}
