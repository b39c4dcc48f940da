//! The foldings, in their order. Each is one file.
//!
//! Foldings of characters are sure: whoever reads the folded text reads the
//! same words. Foldings of words are guesses (`2` may be a number, a doubled
//! word or the letter z), so they are only readings to try, and one counts
//! only when the vocabulary knows it.

pub mod invisible;
pub mod lookalike;
pub mod case;
pub mod leet;
pub mod stretch;
pub mod double;
pub mod split;
pub mod hashtag;

use super::vocabulary::{FormId, Vocabulary};

/// What a folding of characters does with one: nothing, drop it, or replace it.
pub enum Folded {
    /// Not its business.
    Same,
    /// Leave it out.
    Nothing,
    /// Put these in its place.
    By(lookalike::Few),
}

/// Folds one character; the name tells which.
pub type CharFold = (&'static str, fn(char) -> Folded);

/// Gives the reading of a word that the vocabulary knows; the name tells which.
pub type WordFold = (&'static str, fn(&str, &Vocabulary) -> Option<FormId>);

/// The foldings of characters, in order.
pub const CHAR_FOLDS: &[CharFold] =
    &[("invisible", invisible::fold), ("lookalike", lookalike::fold), ("case", case::fold)];

/// The foldings of words, in order: each gives the first reading that the vocabulary knows.
pub const WORD_FOLDS: &[WordFold] =
    &[("leet", leet::read), ("stretch", stretch::read), ("double", double::read)];

/// Folds one character into `out`.
pub fn char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    match invisible::fold(c) {
        Folded::Nothing => return,
        Folded::Same | Folded::By(_) => {}
    }
    if let Folded::By(few) = lookalike::fold(c) {
        for letter in few.chars() {
            cased(letter, out);
        }
    } else {
        cased(c, out);
    }
}

fn cased(c: char, out: &mut String) {
    match case::fold(c) {
        Folded::By(few) => out.extend(few.chars()),
        Folded::Same | Folded::Nothing => out.push(c),
    }
}

/// The first reading of an unknown word that the vocabulary knows.
pub fn word(word: &str, vocabulary: &Vocabulary) -> Option<FormId> {
    WORD_FOLDS.iter().find_map(|(_, read)| read(word, vocabulary))
}
