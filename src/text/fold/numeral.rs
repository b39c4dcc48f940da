//! A digit that is said inside a word: `ke2` is *kedua*, `ber3` *bertiga*, `se7` *setuju*.

use super::{Readings, Shape};
use crate::text::vocabulary::Vocabulary;

/// How each digit is said; seven also as the syllables it sounds like.
const SAID: &[(char, &[&str])] = &[
    ('1', &["satu"]),
    ('2', &["dua"]),
    ('3', &["tiga"]),
    ('4', &["empat"]),
    ('5', &["lima"]),
    ('6', &["enam"]),
    ('7', &["tujuh", "tuju"]),
    ('8', &["delapan"]),
    ('9', &["sembilan"]),
];

/// The longest word that is read so, in bytes.
const MAX_BYTES: usize = 12;

/// The known words in which the one digit of `word` is said.
pub fn read(word: &str, shape: Shape, vocabulary: &Vocabulary, readings: &mut Readings) {
    if shape.digits != 1 || shape.letters < 2 || word.len() > MAX_BYTES {
        return;
    }
    for (digit, said) in SAID {
        let Some((before, after)) = word.split_once(*digit) else { continue };
        for said in *said {
            readings.try_word(&[before, *said, after].concat(), vocabulary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_said() {
        let mut vocabulary = Vocabulary::default();
        for word in ["kedua", "setuju", "berdua"] {
            vocabulary.word(word);
        }
        for (word, known) in [("ke2", true), ("se7", true), ("ber2", true), ("no2", false)] {
            let mut readings = Readings::default();
            read(word, Shape::of(word), &vocabulary, &mut readings);
            assert_eq!(readings.is_empty(), !known, "{word}");
        }
    }
}
