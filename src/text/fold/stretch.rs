//! Stretched letters: `menaaang`, `gasssss`, `maaafkaaan`.

use super::{Readings, Shape};
use crate::text::vocabulary::Vocabulary;

/// The longest word that is read so, in bytes.
const MAX_BYTES: usize = 48;

/// How many runs are varied one by one; a word with more is squeezed as a whole.
const MAX_RUNS: usize = 4;

/// The known words in which each run of a letter is one letter or two.
pub fn read(word: &str, shape: Shape, vocabulary: &Vocabulary, readings: &mut Readings) {
    if !shape.runs || word.len() > MAX_BYTES {
        return;
    }
    let runs = runs(word);
    let varied = runs.iter().filter(|(_, length)| *length > 1).count();
    if varied > MAX_RUNS {
        for keep in [2, 1] {
            readings.try_word(&squeeze(word, keep), vocabulary);
        }
        return;
    }
    let mut letters = String::with_capacity(word.len());
    // the fewest letters left out first: number 0 keeps two of every run
    for number in 0..1_usize << varied {
        letters.clear();
        let mut bits = number;
        for (c, length) in &runs {
            letters.push(*c);
            if *length > 1 {
                if bits & 1 == 0 {
                    letters.push(*c);
                }
                bits >>= 1;
            }
        }
        readings.try_word(&letters, vocabulary);
    }
}

/// The letters of `word` in lower case, each with how often it stands in a row.
fn runs(word: &str) -> Vec<(char, usize)> {
    let mut runs: Vec<(char, usize)> = Vec::with_capacity(word.len());
    for c in word.chars().map(|c| c.to_ascii_lowercase()) {
        match runs.last_mut() {
            Some((last, length)) if *last == c => *length += 1,
            _ => runs.push((c, 1)),
        }
    }
    runs
}

/// `word` in lower case with at most `keep` of the same character in a row.
pub fn squeeze(word: &str, keep: usize) -> String {
    runs(word)
        .into_iter()
        .flat_map(|(c, length)| std::iter::repeat_n(c, length.min(keep)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(word: &str) -> usize {
        let mut vocabulary = Vocabulary::default();
        for word in ["menang", "maaf", "maafkan", "masa", "massa"] {
            vocabulary.word(word);
        }
        let mut readings = Readings::default();
        read(word, Shape::of(word), &vocabulary, &mut readings);
        readings.forms().len()
    }

    #[test]
    fn runs_are_squeezed_to_the_words_that_are_known() {
        for word in ["menaaaang", "maaaaf", "maaafkaaan", "MENANGGGG"] {
            assert_eq!(readings(word), 1, "{word}");
        }
        assert_eq!(readings("menunggu"), 0);
    }

    #[test]
    fn one_letter_or_two_are_both_readings() {
        assert_eq!(readings("masssa"), 2);
    }
}
