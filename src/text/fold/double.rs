//! Doubled words written with a digit: `anak2`, `teman²`, `teman2nya`.
//!
//! Where the digit stands last it may as well be a number (`no2`, `coblos2`):
//! that reading is the tokenizer's, see [`crate::text::word`].

use super::{Readings, Shape};
use crate::text::vocabulary::Vocabulary;

/// What may follow the digit.
const TAILS: &[&str] = &["", "nya", "an", "ku", "mu", "kan", "i", "lah", "ne", "e", "na", "in"];

/// The word before the `2`, if it is known.
pub fn read(word: &str, shape: Shape, vocabulary: &Vocabulary, readings: &mut Readings) {
    if shape.digits != 1 || shape.letters < 2 {
        return;
    }
    let Some((stem, tail)) = word.split_once('2') else { return };
    if stem.len() >= 2 && TAILS.contains(&tail.to_ascii_lowercase().as_str()) {
        readings.try_word(stem, vocabulary);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_two_doubles_the_word() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.word("teman");
        for (word, known) in [("teman2", true), ("teman2nya", true), ("02", false), ("t2", false)] {
            let mut readings = Readings::default();
            read(word, Shape::of(word), &vocabulary, &mut readings);
            assert_eq!(readings.is_empty(), !known, "{word}");
        }
    }
}
