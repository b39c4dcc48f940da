//! Doubled words written with a digit: `anak2`, `teman2nya`.

use crate::text::vocabulary::{FormId, Vocabulary};

/// The word before a final `2` (or `2nya`, `2an`, `2ku`), if it is known.
pub fn read(word: &str, vocabulary: &Vocabulary) -> Option<FormId> {
    let (stem, tail) = word.split_once('2')?;
    let doubled =
        stem.len() >= 2 && matches!(tail, "" | "nya" | "an" | "ku" | "mu" | "kan" | "i" | "lah");
    if doubled { vocabulary.form(stem) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_two_doubles_the_word() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.word("teman");
        assert!(read("teman2", &vocabulary).is_some());
        assert!(read("teman2nya", &vocabulary).is_some());
        assert!(read("02", &vocabulary).is_none());
    }
}
