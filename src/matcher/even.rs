//! Evens out the names of contestants.
//!
//! One contestant has a name of one word, another one of five. Neither may be
//! nearer to a word of praise, or hold more words of other lists, for that.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::Field;
use crate::rule::contest;
use crate::rule::seen::Occurrence;

use super::literal::Found;

/// Makes long and short names weigh alike: what stands inside a contestant's
/// name or slogan counts for nothing else, and the whole of it is one word.
pub(super) fn out(field: Field, found: &mut Vec<Found>) {
    let mut spans: Vec<(u32, u32)> = found
        .iter()
        .map(|f| &f.occurrence)
        .filter(|o| {
            o.mark.field == field
                && o.after - o.first > 1
                && o.owner.is_some_and(|owner| !contest::is_number(owner))
        })
        .map(|o| (o.first, o.after))
        .collect();
    if spans.is_empty() {
        return;
    }
    // the longest, without overlap; of two as long the later one, for a title goes before a name
    spans.sort_unstable_by_key(|(first, after)| (Reverse(after - first), Reverse(*first)));
    spans.dedup();
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    for (first, after) in spans.drain(..) {
        if taken.range(..after).next_back().is_none_or(|(_, end)| *end <= first) {
            taken.insert(first, after);
        }
    }
    spans.extend(taken);
    let overlaps = |o: &Occurrence| {
        let at = spans.partition_point(|(first, _)| *first < o.after);
        at.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|(_, after)| *after > o.first)
    };
    let inside = |o: &Occurrence| {
        let at = spans.partition_point(|(first, _)| *first <= o.first);
        at.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|(_, after)| o.after <= *after)
    };
    let whole =
        |o: &Occurrence| o.owner.is_some() && spans.binary_search(&(o.first, o.after)).is_ok();
    found.retain(|f| {
        f.occurrence.mark.field != field
            || match f.occurrence.owner {
                Some(_) => whole(&f.occurrence) || !overlaps(&f.occurrence),
                None => !inside(&f.occurrence),
            }
    });
    // how many words are saved before each span
    let mut saved = Vec::with_capacity(spans.len());
    let mut total = 0;
    for (first, after) in &spans {
        total += after - first - 1;
        saved.push(total);
    }
    let before = |at: u32| {
        let whole = spans.partition_point(|(_, after)| *after <= at);
        whole.checked_sub(1).and_then(|i| saved.get(i)).copied().unwrap_or(0)
    };
    for occurrence in found.iter_mut().map(|f| &mut f.occurrence).filter(|o| o.mark.field == field)
    {
        occurrence.from = occurrence.first - before(occurrence.first);
        occurrence.to = (occurrence.after - before(occurrence.after)).max(occurrence.from + 1);
    }
}
