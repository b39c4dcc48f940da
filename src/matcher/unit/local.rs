//! The places below the regency: sub-districts, wards, and what is called by them.
//!
//! There are tens of thousands of them and no list knows all, so the name is
//! taken as far as the capitals go.

use super::place::{self, Site, Stand};
use super::words::{Words, capital, is_capital, is_market, is_number, is_roman, is_shout};

/// The most words of such a place.
const MOST_WORDS: usize = 4;

/// `Kecamatan Lembah Wadas Kulon`: every capital belongs to the name, up to the regency behind it.
pub(super) fn read(
    site: &Site<'_>,
    words: &Words<'_>,
    at: usize,
    end: usize,
) -> Option<(String, usize)> {
    if site.stand == Stand::Title || site.doubt {
        return None;
    }
    let is_shouted = is_shout(words.word(at));
    let mut used = 0;
    while at + used < end && used < MOST_WORDS {
        let word = words.word(at + used);
        let is_ordinal = used > 0 && (is_number(word) || is_roman(word));
        let is_person = is_person(site, word) && (used == 0 || !site.units.is_tail(word));
        let is_area = used > 0 && place::region(words.low(at + used)).is_some();
        let is_name = is_capital(word)
            && is_shout(word) == is_shouted
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
            && (!site.units.is_common(word)
                || used == 0 && words.low(at) == "kota"
                || used == 1 && is_market(words.word(at)));
        // the name of a head leaves it open where the place ends
        if is_person && used < 2 && !is_ordinal {
            return None;
        }
        if !is_ordinal && (is_person || is_area || !is_name) {
            break;
        }
        used += 1;
        if is_ordinal {
            break;
        }
    }
    let kept = used - regency_behind(site, words, at, used);
    let spelled = |i: usize| {
        let word = words.word(i);
        if is_roman(word) { word.to_owned() } else { capital(word) }
    };
    let said = (at..at + kept).map(spelled).collect::<Vec<_>>().join(" ");
    let said = site.units.known(&said).map_or(said.clone(), str::to_owned);
    (said.len() > 2).then_some((said, used))
}

/// Whether a word is the name of a person, which no office's own account bears.
fn is_person(site: &Site<'_>, word: &str) -> bool {
    match site.stand {
        Stand::Name | Stand::Bio => site.units.is_given_name(word),
        Stand::Title | Stand::Text => site.units.like_person(word),
    }
}

/// `… Samarinda`: how many of these words name the regency behind the place.
fn regency_behind(site: &Site<'_>, words: &Words<'_>, at: usize, used: usize) -> usize {
    let is_regency = |behind: &usize| {
        let from = at + used - behind;
        let name: Vec<&str> = (from..at + used).map(|i| words.low(i)).collect();
        let is_whole = (at..from).any(|i| !site.units.is_head(words.word(i)));
        is_whole && site.units.is_regency(&name.join(" "))
    };
    (1..used.min(4)).rev().find(is_regency).unwrap_or(0)
}
