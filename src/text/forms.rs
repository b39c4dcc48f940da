//! The table from a spelling to its form.
//!
//! Every word of every post is looked up, and most are known to no rule. So a
//! word is read eight letters at a time, in any case, and a field of bits
//! turns most unknown words away before the table is touched.

use super::brief::{Brief, BriefMap};
use super::table::Table;
use super::vocabulary::{FormId, MAX_WORD_BYTES};

/// Spellings in lower case, each with the form it stands for.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    /// From the upper half of a hash to the number of the spelling, from 1 on.
    table: Table<u32>,
    /// All spellings, one after the other.
    letters: Vec<u8>,
    /// By spelling, where it ends, and its form.
    known: Vec<(u32, FormId)>,
    /// Those of the spellings that are brief, once more.
    brief: BriefMap,
}

impl Forms {
    /// The form with this spelling in any case, without inner apostrophes.
    #[inline]
    pub(crate) fn get(&self, spelling: &str) -> Option<FormId> {
        let bytes = spelling.as_bytes();
        if bytes.contains(&b'\'') {
            return self.without_apostrophes(bytes);
        }
        if bytes.len() > MAX_WORD_BYTES {
            return None;
        }
        self.find(bytes, hash(bytes))
    }

    /// The form with this very spelling, in any case.
    #[inline]
    pub(crate) fn exact(&self, spelling: &str) -> Option<FormId> {
        let bytes = spelling.as_bytes();
        self.find(bytes, hash(bytes))
    }

    /// The form of a word of ASCII letters and digits, in any case.
    #[inline]
    pub(crate) fn brief(&self, word: Brief) -> Option<FormId> {
        self.brief.get(word)
    }

    #[cold]
    fn without_apostrophes(&self, bytes: &[u8]) -> Option<FormId> {
        let mut buffer = [0_u8; MAX_WORD_BYTES];
        let mut length = 0;
        for byte in bytes.iter().filter(|byte| **byte != b'\'') {
            *buffer.get_mut(length)? = *byte;
            length += 1;
        }
        let bytes = buffer.get(..length)?;
        self.find(bytes, hash(bytes))
    }

    #[inline]
    fn find(&self, bytes: &[u8], hash: u64) -> Option<FormId> {
        let tag = upper(hash);
        let number = self.table.find(hash, |half, number| {
            // most words are written small
            half == tag && {
                let spelling = self.spelling(number);
                spelling == bytes || spelling.eq_ignore_ascii_case(bytes)
            }
        })?;
        self.known.get(number as usize - 1).map(|(_, form)| *form)
    }

    fn spelling(&self, number: u32) -> &[u8] {
        let end = |number: usize| self.known.get(number).map_or(0, |(end, _)| *end as usize);
        let number = number as usize;
        let start = number.checked_sub(2).map_or(0, end);
        self.letters.get(start..number.checked_sub(1).map_or(0, end)).unwrap_or_default()
    }

    /// The form of this spelling; `form` from here on, if there is none yet.
    pub(crate) fn add(&mut self, spelling: &str, form: FormId) -> FormId {
        let bytes = spelling.as_bytes();
        if let Some(form) = self.find(bytes, hash(bytes)) {
            return form;
        }
        if let Some(word) = Brief::of(bytes) {
            self.brief.add(word, form);
        }
        self.letters.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.known.push((u32::try_from(self.letters.len()).unwrap_or(u32::MAX), form));
        for (_, number) in self.table.grow(self.known.len()) {
            self.put(number);
        }
        self.put(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        form
    }

    fn put(&mut self, number: u32) {
        let hash = hash(self.spelling(number));
        self.table.put(hash, upper(hash), number);
    }
}

#[inline]
fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Two odd numbers without pattern (digits of the golden ratio and of the square root of three).
const MIX: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];

/// Makes letters of either case the same. Some marks become one as well; a
/// hash may do that.
const LOWER: u64 = 0x2020_2020_2020_2020;

/// Eight bytes are read at once; the last eight overlap those before, so that
/// no word needs a loop over its rest.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let length = bytes.len() as u64;
    let (first, last) = if let (Some(first), Some(last)) =
        (bytes.first_chunk::<8>(), bytes.last_chunk::<8>())
    {
        let mut first = u64::from_le_bytes(*first) | LOWER;
        if bytes.len() > 16 {
            for eight in bytes.get(8..bytes.len() - 8).unwrap_or_default().chunks_exact(8) {
                let eight = eight.first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight));
                first = (first.rotate_left(23) ^ (eight | LOWER)).wrapping_mul(MIX[0]);
            }
        }
        (first, u64::from_le_bytes(*last) | LOWER)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let four = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
        (four(first) | LOWER, four(last) | LOWER)
    } else {
        let mut three = 0;
        for byte in bytes {
            three = three << 8 | u64::from(byte | 0x20);
        }
        (three, 0)
    };
    let mixed = (first ^ length).wrapping_mul(MIX[0]) ^ last.wrapping_mul(MIX[1]).rotate_left(31);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(MIX[0]);
    mixed ^ mixed >> 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_form_is_found_in_any_case_and_without_apostrophes() {
        let mut forms = Forms::default();
        assert_eq!(forms.add("jumat", 7), 7);
        assert_eq!(forms.add("JUMAT", 8), 7);
        for spelling in ["jumat", "Jumat", "JUM'AT", "j'u'm'a't"] {
            assert_eq!(forms.get(spelling), Some(7), "{spelling}");
        }
        for spelling in ["juma", "jumata", "", "jum-at", "jumbt"] {
            assert_eq!(forms.get(spelling), None, "{spelling}");
        }
    }

    #[test]
    fn nothing_is_known_at_first_and_no_word_is_too_long_to_ask_for() {
        assert_eq!(Forms::default().get("kata"), None);
        let mut forms = Forms::default();
        forms.add(&"a".repeat(MAX_WORD_BYTES), 1);
        forms.add(&"a".repeat(MAX_WORD_BYTES + 1), 2);
        assert_eq!(forms.get(&"A".repeat(MAX_WORD_BYTES)), Some(1));
        assert_eq!(forms.get(&"a".repeat(MAX_WORD_BYTES + 1)), None);
        assert_eq!(forms.get(&"a'".repeat(MAX_WORD_BYTES)), Some(1));
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_an_ordered_map(
            known in prop::collection::vec("[a-e]{0,20}|[a-z@é_]{1,6}", 0..200),
            asked in prop::collection::vec("[a-eA-E]{0,20}|[a-z`É_]{1,6}", 0..50),
        ) {
            let mut forms = Forms::default();
            let mut map = BTreeMap::new();
            for (form, spelling) in (1..).zip(&known) {
                let form = *map.entry(spelling.clone()).or_insert(form);
                prop_assert_eq!(forms.add(spelling, form), form);
            }
            for spelling in known.iter().chain(&asked) {
                prop_assert_eq!(forms.get(spelling), map.get(&spelling.to_ascii_lowercase()).copied());
            }
        }
    }
}
