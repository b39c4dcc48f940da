//! Entries that count only on terms: in company, or where a region is named.

use crate::rule::Lexicon;
use crate::rule::lexicon::{COMPANY, SetId};
use crate::rule::seen::Occurrence;
use crate::rule::work;

use super::literal::{Found, Literals};

/// The phrases of a lexicon that count only on terms.
#[derive(Debug)]
pub struct Company {
    /// The lists that are company for an ambiguous entry.
    sets: Vec<SetId>,
    /// By phrase: whether it is ambiguous, and the region's list.
    terms: Vec<(bool, Option<SetId>)>,
    /// The lists of regions, ascending.
    regions: Vec<SetId>,
    /// Whether any phrase has terms at all.
    any: bool,
}

impl Company {
    /// The terms of a lexicon's phrases.
    pub fn new(lexicon: &Lexicon) -> Self {
        let terms: Vec<(bool, Option<SetId>)> =
            lexicon.phrases.iter().map(|phrase| (phrase.ambiguous, phrase.region)).collect();
        let mut regions: Vec<SetId> = terms.iter().filter_map(|(_, region)| *region).collect();
        regions.sort_unstable();
        regions.dedup();
        Self {
            sets: COMPANY.iter().filter_map(|name| lexicon.find(name)).collect(),
            any: terms.iter().any(|(ambiguous, region)| *ambiguous || region.is_some()),
            terms,
            regions,
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
            .filter(|set| self.regions.binary_search(set).is_ok())
            .copied()
            .collect();
        named.sort_unstable();
        named.dedup();
        found.retain(|f| self.of(f).1.is_none_or(|region| named.binary_search(&region).is_ok()));
        // an unmarked phrase elsewhere: what a mark stands on is no company for itself
        let company: Vec<Occurrence> = found
            .iter()
            .filter(|f| !self.of(f).0)
            .filter(|f| literals.sets(f.phrase).iter().any(|set| self.sets.contains(set)))
            .map(|f| f.occurrence)
            .collect();
        let accompanied = |one: &Occurrence| {
            company.iter().inspect(|_| work::done(1)).any(|other| apart(other, one))
        };
        found.retain(|f| !self.of(f).0 || accompanied(&f.occurrence));
    }
}

fn apart(one: &Occurrence, other: &Occurrence) -> bool {
    one.mark.field != other.mark.field || one.after <= other.first || other.after <= one.first
}
