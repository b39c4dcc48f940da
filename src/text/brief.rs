//! Words of at most sixteen ASCII letters and digits, as one number each.
//!
//! Nearly all words of a post are such words, and most are known to no rule.
//! A number of sixteen bytes is hashed and compared in a few steps, whatever
//! the case in which the word is written, and a field of bits turns most
//! unknown words away before the table is touched.

use super::table::Table;

/// A word of at most sixteen letters and digits, in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Brief(u128);

/// Makes letters of either case the same. Digits have this bit anyway.
const LOWER: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;

/// By length, the bytes that belong to a word.
const MASKS: [u128; Brief::MAX + 1] = {
    let mut masks = [0; Brief::MAX + 1];
    let mut length = 1;
    while length <= Brief::MAX {
        masks[length] = u128::MAX >> (128 - 8 * length);
        length += 1;
    }
    masks
};

impl Brief {
    /// The longest word, in bytes.
    pub(crate) const MAX: usize = 16;

    /// The word of `length` bytes at `at`, if it is not too long. The caller knows that it is
    /// made of ASCII letters and digits.
    #[inline]
    pub(crate) fn at(bytes: &[u8], at: usize, length: usize) -> Option<Self> {
        let mask = *MASKS.get(length)?;
        let rest = bytes.get(at..)?;
        let sixteen = match rest.first_chunk::<16>() {
            Some(sixteen) => *sixteen,
            None => padded(rest),
        };
        Some(Self((u128::from_le_bytes(sixteen) | LOWER) & mask))
    }

    /// The word of this spelling, if it is one; a `*` may be part of it.
    pub(crate) fn of(spelling: &[u8]) -> Option<Self> {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'*';
        let is_brief = !spelling.is_empty() && spelling.iter().all(is_plain);
        if is_brief { Self::at(spelling, 0, spelling.len()) } else { None }
    }

    /// The first `letters` of a longer word, and a `*`.
    #[inline]
    pub(crate) fn opening(self, letters: usize) -> Self {
        let star = u128::from(b'*') << (8 * letters.min(Self::MAX - 1));
        Self(self.0 & MASKS.get(letters).copied().unwrap_or_default() | star)
    }

    /// Two multiplications by odd numbers without pattern (digits of the golden ratio and of the
    /// square root of three), and what they put high brought low.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    fn hash(self) -> u64 {
        let (first, second) = (self.0 as u64, (self.0 >> 64) as u64);
        let mixed = first.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ second.wrapping_mul(0xbb67_ae85_84ca_a73b).rotate_left(31);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 29
    }
}

/// The end of a text, filled up.
#[cold]
fn padded(rest: &[u8]) -> [u8; 16] {
    let mut sixteen = [0; 16];
    sixteen.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    sixteen
}

/// From brief words to numbers other than 0.
#[derive(Debug, Default)]
pub(crate) struct BriefMap {
    table: Table<Brief>,
    known: usize,
}

impl BriefMap {
    /// The number of a word, if it has one.
    #[inline]
    pub(crate) fn get(&self, word: Brief) -> Option<u32> {
        self.table.find(word.hash(), |known, _| known == word)
    }

    /// Gives a word that has no number yet this one.
    pub(crate) fn add(&mut self, word: Brief, number: u32) {
        self.known += 1;
        for (word, number) in self.table.grow(self.known) {
            self.table.put(word.hash(), word, number);
        }
        self.table.put(word.hash(), word, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_word_is_the_same_in_any_case_and_wherever_it_stands() {
        let text = b"Ayo COBLOS coblos2 coblos";
        let word = Brief::at(text, 4, 6);
        assert_eq!(word, Brief::of(b"coblos"));
        assert_eq!(Brief::at(text, 19, 6), word);
        assert_ne!(Brief::at(text, 11, 7), word);
        assert_eq!(Brief::at(text, 11, 7), Brief::of(b"Coblos2"));
    }

    #[test]
    fn other_words_are_not_brief() {
        for spelling in ["", "ka'bah", "caf\u{e9}", "seventeenletterss", "a b"] {
            assert_eq!(Brief::of(spelling.as_bytes()), None, "{spelling}");
        }
        assert!(Brief::of(b"sixteenletterssx").is_some());
    }

    #[test]
    fn an_opening_is_a_word_with_a_star() {
        let opening = Brief::of(b"Coblosan").map(|word| word.opening(4));
        assert_eq!(opening, Brief::of(b"cobl*"));
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_an_ordered_map(
            known in prop::collection::btree_map("[a-e0-2]{1,16}", 1..u32::MAX, 0..200),
            asked in prop::collection::vec("[a-eA-E0-2]{1,16}", 0..50),
        ) {
            let mut map = BriefMap::default();
            let known: BTreeMap<String, u32> = known;
            for (spelling, number) in &known {
                map.add(Brief::of(spelling.as_bytes()).unwrap(), *number);
            }
            for spelling in known.keys().chain(&asked) {
                let number = map.get(Brief::of(spelling.as_bytes()).unwrap());
                prop_assert_eq!(number, known.get(&spelling.to_lowercase()).copied());
            }
        }
    }
}
