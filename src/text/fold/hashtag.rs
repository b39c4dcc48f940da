//! A tag or an account name is several words written as one: `#SatuPutaran`,
//! `#Coblos02`, `#asnnetral`, `lapas_brebes.official`.

use std::ops::Range;

use crate::text::vocabulary::Vocabulary;

/// The words of `tag`, as byte ranges: cut at a lower letter followed by an
/// upper one, between letters and digits, and before the last of several
/// capitals (`ASNNetral` is `ASN`, `Netral`).
pub fn words(tag: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = tag.char_indices().peekable();
    let mut start = 0;
    let mut left = None;
    std::iter::from_fn(move || {
        while let Some((at, right)) = chars.next() {
            let next_is_lower = chars.peek().is_some_and(|(_, c)| c.is_lowercase());
            let parts = |left| is_seam(left, right, next_is_lower);
            if left.replace(right).is_some_and(parts) {
                return Some(std::mem::replace(&mut start, at)..at);
            }
        }
        let rest = std::mem::replace(&mut start, tag.len())..tag.len();
        (!rest.is_empty()).then_some(rest)
    })
}

/// Whether a word ends between these two characters.
fn is_seam(left: char, right: char, next_is_lower: bool) -> bool {
    (left.is_lowercase() && right.is_uppercase())
        || (left.is_uppercase() && right.is_uppercase() && next_is_lower)
        || (left.is_alphabetic() && right.is_ascii_digit())
        || (left.is_ascii_digit() && right.is_alphabetic())
}

/// The longest tag that is cut by the words it is made of, in bytes.
const MAX_BYTES: usize = 40;

/// The shortest and the longest such word, in bytes: of shorter ones every tag could be made.
const WORD_BYTES: std::ops::RangeInclusive<usize> = 3..=20;

/// The fewest known words that together are the whole of `tag`, as their
/// ends: `asnnetral` is `asn`, `netral`. Empty if there are none; a tag in
/// which one letter is left over stays whole.
pub fn known(tag: &str, vocabulary: &Vocabulary) -> Vec<usize> {
    if tag.len() < 2 * WORD_BYTES.start()
        || tag.len() > MAX_BYTES
        || !tag.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return Vec::new();
    }
    // by start, how many words the rest takes, and where the first of them ends
    let mut best: [Option<(usize, usize)>; MAX_BYTES + 1] = [None; MAX_BYTES + 1];
    if let Some(end) = best.get_mut(tag.len()) {
        *end = Some((0, tag.len()));
    }
    for start in (0..tag.len()).rev() {
        let shortest = WORD_BYTES
            .filter_map(|length| {
                let end = start + length;
                let (words, _) = (*best.get(end)?)?;
                vocabulary.form_at(tag, start, end)?;
                Some((words + 1, end))
            })
            .min_by_key(|(words, end)| (*words, std::cmp::Reverse(*end)));
        if let Some(place) = best.get_mut(start) {
            *place = shortest;
        }
    }
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some(Some((words, end))) = best.get(at) {
        if *words == 0 {
            break;
        }
        ends.push(*end);
        at = *end;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_in_small_letters_is_cut_only_into_known_words() {
        let mut vocabulary = Vocabulary::default();
        for word in ["asn", "netral", "salam", "dua", "jari", "ya"] {
            vocabulary.word(word);
        }
        assert_eq!(known("asnnetral", &vocabulary), [3, 9]);
        assert_eq!(known("salamduajari", &vocabulary), [5, 8, 12]);
        for tag in ["asnnetralx", "netralya", "asn", "gunungkidul"] {
            assert!(known(tag, &vocabulary).is_empty(), "{tag}");
        }
    }

    #[test]
    fn tags_are_cut_by_case_and_digits() {
        for (tag, parts) in [
            ("SatuPutaran", vec!["Satu", "Putaran"]),
            ("Coblos02", vec!["Coblos", "02"]),
            ("03Menang", vec!["03", "Menang"]),
            ("ASNNetral", vec!["ASN", "Netral"]),
            ("netral", vec!["netral"]),
        ] {
            let cut: Vec<&str> = words(tag).filter_map(|range| tag.get(range)).collect();
            assert_eq!(cut, parts);
        }
    }
}
