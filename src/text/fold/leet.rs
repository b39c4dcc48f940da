//! Digits and symbols that stand for letters inside a word: `c0bl0s`,
//! `p@slon`, `duk*ng`.
//!
//! A code is not read so: not a word that is known without its final digits
//! (`no1`, `tps02`), nor one with three digits in a row or more digits than letters.

use super::{Readings, Shape, stretch};
use crate::text::vocabulary::Vocabulary;

/// How many readings of one word are tried at most: four stars of five vowels
/// would be 625, and nobody writes so.
const MAX_TRIED: usize = 256;

/// The longest word that is read so, in bytes.
pub const MAX_BYTES: usize = 24;

/// The known words with letters in place of the digits and symbols of `word`.
pub fn read(word: &str, shape: Shape, vocabulary: &Vocabulary, readings: &mut Readings) {
    let signs = shape.digits + shape.others;
    if signs == 0 || shape.letters < 2 || signs > shape.letters || word.len() > MAX_BYTES {
        return;
    }
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() < word.len() && vocabulary.form(bare).is_some() {
        return;
    }
    let is_digit = |b: &u8| b.is_ascii_digit();
    if word.as_bytes().windows(3).any(|three| three.iter().all(is_digit)) {
        return;
    }
    each(word, vocabulary, readings);
    if readings.is_empty() && has_runs(word) {
        for keep in [2, 1] {
            each(&stretch::squeeze(word, keep), vocabulary, readings);
        }
    }
}

fn has_runs(word: &str) -> bool {
    word.as_bytes().windows(2).any(|two| matches!(two, [a, b] if a.eq_ignore_ascii_case(b)))
}

fn each(word: &str, vocabulary: &Vocabulary, readings: &mut Readings) {
    let choices: Option<Vec<&[u8]>> = word.bytes().map(meanings).collect();
    let Some(choices) = choices else { return };
    let tried = choices.iter().try_fold(1_usize, |n, c| n.checked_mul(c.len().max(1)));
    let Some(tried) = tried.filter(|tried| *tried <= MAX_TRIED) else { return };
    let mut letters = String::with_capacity(word.len());
    for mut number in 0..tried {
        letters.clear();
        for (choice, byte) in choices.iter().zip(word.bytes()) {
            let letter = choice.get(number % choice.len().max(1)).copied().unwrap_or(byte);
            letters.push(char::from(letter));
            number /= choice.len().max(1);
        }
        readings.try_word(&letters, vocabulary);
        if readings.is_full() {
            return;
        }
    }
}

/// What a byte may stand for; empty for a letter, which stands for itself.
fn meanings(byte: u8) -> Option<&'static [u8]> {
    Some(match byte {
        // in a word disguised by digits `v` is often a `u`
        b'v' | b'V' => b"vu",
        b'a'..=b'z' | b'A'..=b'Z' | b'\'' => b"",
        b'0' => b"o",
        b'1' => b"il",
        b'!' | b'|' => b"i",
        b'3' => b"e",
        b'4' | b'@' => b"a",
        b'5' | b'$' => b"s",
        b'6' => b"gb",
        b'7' => b"tj",
        b'8' => b"b",
        b'9' => b"gq",
        b'2' => b"z",
        b'*' => b"uaieo",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(word: &str) -> usize {
        let mut vocabulary = Vocabulary::default();
        for word in ["coblos", "dukung", "menang", "dua", "dia", "doa", "no", "nol", "tps"] {
            vocabulary.word(word);
        }
        let mut readings = Readings::default();
        read(word, Shape::of(word), &vocabulary, &mut readings);
        readings.forms().len()
    }

    #[test]
    fn digits_and_stars_are_read_as_letters() {
        for word in ["c0bl0s", "duk*ng", "d*k*ng", "m3n4ng", "C0BLOS", "c00bl00s", "m3naaang"] {
            assert_eq!(readings(word), 1, "{word}");
        }
    }

    #[test]
    fn every_word_that_fits_is_a_reading() {
        assert_eq!(readings("d*a"), 3);
    }

    #[test]
    fn codes_are_not_read_as_words() {
        for word in ["2024", "x4", "dukung", "c0bl1s", "no1", "tps02", "d004a", "B1234"] {
            assert_eq!(readings(word), 0, "{word}");
        }
    }
}
