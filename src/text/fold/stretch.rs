//! Stretched letters: `menaaang`, `gasssss`, `yukkk`.

use crate::text::vocabulary::{FormId, Vocabulary};

/// The first reading with shorter runs that is known: each run of three or
/// more becomes two, then one; then every pair becomes one.
pub fn read(word: &str, vocabulary: &Vocabulary) -> Option<FormId> {
    if word.len() > 48 {
        return None;
    }
    let longest = longest_run(word);
    if longest < 2 {
        return None;
    }
    let mut short = String::with_capacity(word.len());
    if longest > 2 {
        squeeze(word, 2, &mut short);
        if let Some(form) = vocabulary.form(&short) {
            return Some(form);
        }
    }
    squeeze(word, 1, &mut short);
    vocabulary.form(&short)
}

fn longest_run(word: &str) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, '\0');
    for c in word.chars() {
        run = if c.eq_ignore_ascii_case(&last) && c.is_alphabetic() { run + 1 } else { 1 };
        longest = longest.max(run);
        last = c;
    }
    longest
}

fn squeeze(word: &str, keep: usize, out: &mut String) {
    out.clear();
    let (mut run, mut last) = (0, '\0');
    for c in word.chars() {
        run = if c.eq_ignore_ascii_case(&last) { run + 1 } else { 1 };
        if run <= keep {
            out.push(c.to_ascii_lowercase());
        }
        last = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_squeezed_until_the_word_is_known() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.word("menang");
        vocabulary.word("maaf");
        assert!(read("menaaaang", &vocabulary).is_some());
        assert!(read("maaaaf", &vocabulary).is_some());
        assert!(read("menunggu", &vocabulary).is_none());
    }
}
