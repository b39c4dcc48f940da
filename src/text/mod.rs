//! Text: Indonesian as it is written online.
//!
//! A post is read in two steps. First every character is folded
//! ([`fold::CHAR_FOLDS`]): what cannot be seen is dropped, what imitates a
//! letter becomes the letter, upper case becomes lower. Text that is plain
//! ASCII is not copied at all. Then the folded text is cut into words
//! ([`word`]), and a word the [`Vocabulary`] does not know is tried in other
//! readings ([`fold::WORD_FOLDS`]): `c0bl0s`, `menaaang`, `anak2`, `d u a`. A
//! word that can be read in several ways keeps them all.
//! Whatever is done, the way back to the original is kept, so that a mark on
//! a page stands under the words that the author wrote.

pub mod fold;
pub mod affix;
pub mod stem;
mod table;
pub(crate) mod brief;
pub(crate) mod forms;
pub mod vocabulary;
pub mod token;
pub mod word;
pub mod identity;
pub mod spelling;

use std::borrow::Cow;
use std::ops::Range;

pub use token::{Flags, Token};
pub use vocabulary::{FormId, Vocabulary, WordId};

/// How much of one field is read, in bytes: what follows is left out, so that
/// no post can hold up the others. The longest article in a newspaper is a
/// fifth of this.
pub const MAX_FIELD_BYTES: usize = 64 * 1024;

/// A text in its original and its folded form, with the way back.
#[derive(Debug)]
pub struct Text<'a> {
    original: &'a str,
    folded: Cow<'a, str>,
    /// For every folded byte, where its character begins in the original;
    /// empty when both forms are the same.
    origin: Vec<u32>,
}

impl<'a> Text<'a> {
    /// Folds the characters of `original`, at most [`MAX_FIELD_BYTES`] of it.
    /// ASCII is borrowed as it is: its words fold their case when looked up.
    pub fn new(original: &'a str) -> Self {
        let original = cut(original);
        if original.is_ascii() {
            return Self { original, folded: Cow::Borrowed(original), origin: Vec::new() };
        }
        let mut folded = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len());
        let first = |at: usize| original.get(at..).and_then(|rest| rest.chars().next());
        let mut at = 0;
        while let Some(c) = first(at) {
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            if c.is_ascii() {
                at += plain(original.get(at..).unwrap_or_default(), &mut folded);
                origin.extend((place..).take(folded.len() - origin.len()));
                continue;
            }
            at += c.len_utf8();
            match fold::lookalike::among_letters(c) {
                Some(letter) if is_beside_a_letter(&folded, first(at)) => folded.push(letter),
                _ => fold::char(c, &mut folded),
            }
            origin.resize(folded.len(), place);
        }
        Self { original, folded: Cow::Owned(folded), origin }
    }

    /// Whether the folded form is the original, with its case.
    pub(crate) fn is_borrowed(&self) -> bool {
        self.origin.is_empty()
    }

    /// The folded characters of a range with the case that the author gave them.
    pub(crate) fn cased(&self, folded: Range<usize>) -> String {
        let start = folded.start;
        let piece = self.folded.get(folded).unwrap_or_default();
        let upper = |at: usize| {
            let from = self.origin.get(start + at).map(|at| *at as usize);
            let first = from.and_then(|from| self.original.get(from..)?.chars().next());
            first.is_some_and(char::is_uppercase)
        };
        let cased = |(at, c): (usize, char)| if upper(at) { c.to_ascii_uppercase() } else { c };
        piece.char_indices().map(cased).collect()
    }

    /// What the author wrote.
    pub fn original(&self) -> &'a str {
        self.original
    }

    /// What is matched. Case may still be mixed where the original was ASCII.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Where in the original, in bytes, the words at these folded bytes stand.
    pub fn original_bytes(&self, folded: Range<usize>) -> Range<usize> {
        if self.origin.is_empty() {
            return folded;
        }
        let start = self.origin.get(folded.start).map_or(self.original.len(), |at| *at as usize);
        let Some(last) = folded.end.checked_sub(1).and_then(|i| self.origin.get(i)) else {
            return start..start;
        };
        let last = *last as usize;
        let width = self
            .original
            .get(last..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        start..(last + width).max(start)
    }

    /// The same, counted in Unicode scalar values.
    pub fn original_chars(&self, folded: Range<usize>) -> Range<u32> {
        let bytes = self.original_bytes(folded);
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let before = count(self.original.get(..bytes.start).unwrap_or_default());
        let inside = count(self.original.get(bytes).unwrap_or_default());
        before..before + inside
    }

    /// The words, in order.
    pub fn tokens(&self, vocabulary: &Vocabulary) -> Vec<Token> {
        let mut tokens = Vec::new();
        word::tokens(self, vocabulary, &mut tokens);
        tokens
    }
}

/// Folds the ASCII at the beginning of a text, and says how long it is.
fn plain(text: &str, folded: &mut String) -> usize {
    let length = text.bytes().position(|byte| !byte.is_ascii()).unwrap_or(text.len());
    let from = folded.len();
    folded.push_str(text.get(..length).unwrap_or_default());
    if let Some(run) = folded.get_mut(from..) {
        run.make_ascii_lowercase();
    }
    length
}

/// Whether a Latin letter stands before or after.
fn is_beside_a_letter(before: &str, after: Option<char>) -> bool {
    before.as_bytes().last().is_some_and(u8::is_ascii_alphabetic)
        || after.is_some_and(|c| c.is_ascii_alphabetic())
}

/// The first [`MAX_FIELD_BYTES`], cut before a character rather than inside.
fn cut(text: &str) -> &str {
    if text.len() <= MAX_FIELD_BYTES {
        return text;
    }
    let end = (0..=MAX_FIELD_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_not_copied() {
        let text = Text::new("Ayo Coblos");
        assert!(matches!(text.folded, Cow::Borrowed(_)));
    }

    #[test]
    fn the_way_back_crosses_what_was_dropped() {
        let text = Text::new("du\u{200b}k\u{443}ng saja");
        assert_eq!(text.folded(), "dukyng saja");
        let bytes = text.original_bytes(0..6);
        assert_eq!(text.original().get(bytes), Some("du\u{200b}k\u{443}ng"));
        assert_eq!(text.original_chars(7..11), 8..12);
    }

    #[test]
    fn a_long_text_is_cut_before_a_character() {
        let long = "é".repeat(MAX_FIELD_BYTES);
        assert_eq!(Text::new(&long).original().len(), MAX_FIELD_BYTES);
    }
}
