//! Digits and symbols that stand for letters inside a word: `c0bl0s`,
//! `p@slon`, `duk*ng`.

use crate::text::vocabulary::{FormId, Vocabulary};

/// How many readings of one word are tried at most: four stars of five vowels
/// would be 625, and nobody writes so.
const MAX_READINGS: usize = 256;

/// The first reading of `word` with letters in place of digits and symbols that is known.
pub fn read(word: &str, vocabulary: &Vocabulary) -> Option<FormId> {
    if word.len() > 24 || !word.is_ascii() {
        return None;
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let others = word.bytes().filter(|b| !b.is_ascii_alphabetic() && *b != b'\'').count();
    if others == 0 || letters < 2 || others > letters + 1 {
        return None;
    }
    let choices: Vec<&[u8]> =
        word.as_bytes().iter().map(|b| meanings(*b)).collect::<Option<_>>()?;
    let readings = choices.iter().try_fold(1_usize, |n, c| n.checked_mul(c.len().max(1)))?;
    if readings > MAX_READINGS {
        return None;
    }
    let mut tried = Vec::with_capacity(word.len());
    (0..readings).find_map(|mut number| {
        tried.clear();
        for (choice, byte) in choices.iter().zip(word.bytes()) {
            if choice.is_empty() {
                tried.push(byte.to_ascii_lowercase());
            } else {
                tried.push(choice.get(number % choice.len()).copied().unwrap_or(byte));
                number /= choice.len();
            }
        }
        vocabulary.form(std::str::from_utf8(&tried).ok()?)
    })
}

/// What a byte may stand for; empty for a letter, which stands for itself.
fn meanings(byte: u8) -> Option<&'static [u8]> {
    Some(match byte {
        b'a'..=b'z' | b'A'..=b'Z' => b"",
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
        b'*' => b"aiueo",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_stars_are_read_as_letters() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.word("coblos");
        vocabulary.word("dukung");
        vocabulary.word("menang");
        for word in ["c0bl0s", "duk*ng", "d*k*ng", "m3n4ng", "C0BLOS"] {
            assert!(read(word, &vocabulary).is_some(), "{word}");
        }
        for word in ["2024", "x4", "dukung", "c0bl1s"] {
            assert!(read(word, &vocabulary).is_none(), "{word}");
        }
    }
}
