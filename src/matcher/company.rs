//! Entries that count only on terms: in company, or where a region is named.

use crate::rule::Lexicon;
use crate::rule::lexicon::{COMPANY, SetId};
use crate::rule::seen::Occurrence;

use super::literal::{Found, Literals};

/// The phrases of a lexicon that count only on terms.
#[derive(Debug)]
pub struct Company {
    /// The lists that are company for an ambiguous entry.
    sets: Vec<SetId>,
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
        Self {
            sets: COMPANY.iter().filter_map(|name| lexicon.find(name)).collect(),
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
        let regions: Vec<SetId> = found
            .iter()
            .flat_map(|f| literals.sets(f.phrase))
            .filter(|set| self.terms.iter().any(|(_, region)| *region == Some(**set)))
            .copied()
            .collect();
        found.retain(|f| self.of(f).1.is_none_or(|region| regions.contains(&region)));
        // an unmarked phrase elsewhere: what a mark stands on is no company for itself
        let company: Vec<Occurrence> = found
            .iter()
            .filter(|f| !self.of(f).0)
            .filter(|f| literals.sets(f.phrase).iter().any(|set| self.sets.contains(set)))
            .map(|f| f.occurrence)
            .collect();
        found.retain(|f| !self.of(f).0 || company.iter().any(|other| apart(other, &f.occurrence)));
    }
}

fn apart(one: &Occurrence, other: &Occurrence) -> bool {
    one.mark.field != other.mark.field || one.after <= other.first || other.after <= one.first
}
