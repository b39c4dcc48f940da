//! Entries that count only on terms: in company, or where a region is named.

use crate::rule::Lexicon;
use crate::rule::lexicon::{COMPANY, SetId};
use crate::rule::seen::Occurrence;
use crate::rule::work;

use super::literal::{Found, Literals};

/// The phrases of a lexicon that count only on terms.
#[derive(Debug)]
pub struct Company {
    /// By list, whether it is company for an ambiguous entry.
    accompanies: Vec<bool>,
    /// By list, whether it is that of a region.
    names_region: Vec<bool>,
    /// By phrase: whether it is ambiguous, and the region's list.
    terms: Vec<(bool, Option<SetId>)>,
    /// Whether any phrase has terms at all.
    any: bool,
}

impl Company {
    /// The terms of a lexicon's phrases.
    pub fn new(lexicon: &Lexicon) -> Self {
        let terms: Vec<(bool, Option<SetId>)> =
            lexicon.phrases.iter().map(|phrase| (phrase.ambiguous, phrase.region)).collect();
        let company = COMPANY.iter().filter_map(|name| lexicon.find(name));
        Self {
            accompanies: marked(lexicon, company),
            names_region: marked(lexicon, terms.iter().filter_map(|(_, region)| *region)),
            any: terms.iter().any(|(ambiguous, region)| *ambiguous || region.is_some()),
            terms,
        }
    }

    fn of(&self, found: &Found) -> (bool, Option<SetId>) {
        self.terms.get(found.phrase as usize).copied().unwrap_or_default()
    }

    /// Takes out of a whole post's phrases those whose terms are not met.
    pub fn keep(&self, literals: &Literals, found: &mut Vec<Found>) {
        let on_terms = |f: &Found| self.of(f) != (false, None);
        if !self.any || !found.iter().any(on_terms) {
            return;
        }
        let mut named: Vec<SetId> = found
            .iter()
            .flat_map(|f| literals.sets(f.phrase))
            .filter(|set| has(&self.names_region, **set))
            .copied()
            .collect();
        named.sort_unstable();
        named.dedup();
        found.retain(|f| self.of(f).1.is_none_or(|region| named.binary_search(&region).is_ok()));
        // an unmarked phrase elsewhere: what a mark stands on is no company for itself
        let company: Vec<Occurrence> = found
            .iter()
            .filter(|f| !self.of(f).0)
            .filter(|f| literals.sets(f.phrase).iter().any(|set| has(&self.accompanies, *set)))
            .map(|f| f.occurrence)
            .collect();
        let accompanied = |one: &Occurrence| {
            company.iter().inspect(|_| work::done(1)).any(|other| apart(other, one))
        };
        found.retain(|f| !self.of(f).0 || accompanied(&f.occurrence));
    }
}

/// By list, whether it is one of these.
fn marked(lexicon: &Lexicon, sets: impl Iterator<Item = SetId>) -> Vec<bool> {
    let mut marked = vec![false; lexicon.len()];
    for set in sets {
        if let Some(place) = marked.get_mut(usize::from(set)) {
            *place = true;
        }
    }
    marked
}

fn has(marked: &[bool], set: SetId) -> bool {
    marked.get(usize::from(set)).copied().unwrap_or(false)
}

fn apart(one: &Occurrence, other: &Occurrence) -> bool {
    one.mark.field != other.mark.field || one.after <= other.first || other.after <= one.first
}
