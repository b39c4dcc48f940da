//! The foldings, in their order. Each is one file.
//!
//! Foldings of characters are sure: whoever reads the folded text reads the
//! same words. Foldings of words are guesses (`2` may be a number, a doubled
//! word or the letter z), so they only add [`Readings`] to try, and one counts
//! only when the vocabulary knows it. No guess is preferred: a token carries
//! all readings that are known, and a phrase stands there if any fits.

pub mod compatible;
pub mod invisible;
pub mod lookalike;
pub mod case;
pub mod leet;
pub mod stretch;
pub mod numeral;
pub mod affixed;
pub mod double;
pub mod split;
pub mod hashtag;

use super::vocabulary::{FormId, Vocabulary};

/// At most eight characters, without the heap.
#[derive(Clone, Copy, Debug)]
pub struct Few {
    chars: [char; 8],
    len: usize,
}

impl Few {
    /// The first eight of these.
    pub fn of(from: impl Iterator<Item = char>) -> Self {
        let mut few = Self { chars: ['\0'; 8], len: 0 };
        for (place, c) in few.chars.iter_mut().zip(from) {
            *place = c;
            few.len += 1;
        }
        few
    }

    /// The characters.
    pub fn chars(self) -> impl Iterator<Item = char> {
        self.chars.into_iter().take(self.len)
    }
}

/// What a folding of characters does with one: nothing, drop it, or replace it.
#[derive(Clone, Copy, Debug)]
pub enum Folded {
    /// Not its business.
    Same,
    /// Leave it out.
    Nothing,
    /// Put these in its place.
    By(Few),
}

/// Folds one character; the name tells which.
pub type CharFold = (&'static str, fn(char) -> Folded);

/// The foldings of characters, in order. What one gives goes through the next.
///
/// Imitations are looked up on both sides of case, because a capital may
/// imitate another letter than its small form does (Greek `Υ`, `υ`).
pub const CHAR_FOLDS: &[CharFold] = &[
    ("invisible", invisible::fold),
    ("compatible", compatible::fold),
    ("invisible", invisible::fold),
    ("lookalike", lookalike::fold),
    ("case", case::fold),
    ("lookalike", lookalike::fold),
];

/// How many readings one word has at most: more would be no word that a person reads.
pub const MAX_READINGS: usize = 4;

/// The forms that an unknown word may be; the first is the likeliest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    forms: [FormId; MAX_READINGS],
    len: u8,
}

impl Readings {
    /// One reading, if it is a known form.
    pub fn one(form: FormId) -> Self {
        let mut readings = Self::default();
        readings.add(form);
        readings
    }

    /// Adds a form, if it is known, new, and there is room.
    pub fn add(&mut self, form: FormId) {
        if form == 0 || self.forms().contains(&form) {
            return;
        }
        if let Some(place) = self.forms.get_mut(usize::from(self.len)) {
            *place = form;
            self.len += 1;
        }
    }

    /// Adds the form with this spelling, if there is one.
    pub fn try_word(&mut self, word: &str, vocabulary: &Vocabulary) {
        self.add(vocabulary.form(word).unwrap_or(0));
    }

    /// The forms.
    pub fn forms(&self) -> &[FormId] {
        self.forms.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The likeliest form; 0 if there is none.
    pub fn first(&self) -> FormId {
        self.forms.first().copied().unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether no more are taken.
    pub fn is_full(&self) -> bool {
        usize::from(self.len) == MAX_READINGS
    }
}

/// What a word is made of, found in one pass: which foldings are worth trying.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// How many ASCII letters.
    pub letters: u32,
    /// How many ASCII digits.
    pub digits: u32,
    /// How many other bytes, apostrophes apart.
    pub others: u32,
    /// Whether a letter stands twice or more in a row.
    pub runs: bool,
}

impl Shape {
    /// Looks at `word` once.
    #[inline]
    pub fn of(word: &str) -> Self {
        let mut shape = Self::default();
        let mut last = 0;
        for byte in word.bytes() {
            let lower = byte | 0x20;
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' => {
                    shape.letters += 1;
                    shape.runs |= lower == last;
                }
                b'0'..=b'9' => shape.digits += 1,
                b'\'' => {}
                _ => shape.others += 1,
            }
            last = lower;
        }
        shape
    }

    /// Whether it holds both letters and digits.
    pub fn is_mixed(self) -> bool {
        self.letters > 0 && self.digits > 0
    }
}

/// Adds the readings of a word that the vocabulary knows; the name tells which folding.
pub type WordFold = (&'static str, fn(&str, Shape, &Vocabulary, &mut Readings));

/// The foldings of words, in order.
pub const WORD_FOLDS: &[WordFold] = &[
    ("leet", leet::read),
    ("stretch", stretch::read),
    ("numeral", numeral::read),
    ("double", double::read),
    ("affixed", affixed::read),
];

/// Folds one character into `out`.
pub fn char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else if is_picture(c) {
        out.push(c);
    } else {
        through(CHAR_FOLDS, c, out);
    }
}

/// Emoji and signs that no folding changes: the common case beyond ASCII.
fn is_picture(c: char) -> bool {
    matches!(u32::from(c), 0x2600..=0x26FF | 0x1F300..=0x1F3FA | 0x1F400..=0x1F51E | 0x1F520..=0x1F9FF)
}

fn through(folds: &[CharFold], c: char, out: &mut String) {
    let Some(((_, fold), further)) = folds.split_first() else {
        out.push(c);
        return;
    };
    match fold(c) {
        Folded::Nothing => {}
        Folded::Same => through(further, c, out),
        Folded::By(few) => few.chars().for_each(|c| through(further, c, out)),
    }
}

/// The readings of an unknown word that the vocabulary knows.
pub fn word(word: &str, shape: Shape, vocabulary: &Vocabulary) -> Readings {
    let mut readings = Readings::default();
    for (_, read) in WORD_FOLDS {
        read(word, shape, vocabulary, &mut readings);
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| char(c, &mut out));
        out
    }

    #[test]
    fn folding_again_changes_nothing_for_any_character() {
        let mut once = String::new();
        for c in ('\0'..=char::MAX).filter(|c| u32::from(*c) < 0x3_0000) {
            once.clear();
            char(c, &mut once);
            assert_eq!(folded(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn ascii_changes_nothing_but_its_case() {
        for c in '\0'..='\x7f' {
            assert_eq!(folded(&c.to_string()), c.to_ascii_lowercase().to_string());
        }
    }

    #[test]
    fn a_letter_and_its_mark_fold_as_the_letter_with_its_mark() {
        use unicode_normalization::UnicodeNormalization as _;
        for c in ('\u{80}'..=char::MAX).filter(|c| u32::from(*c) < 0x3_0000) {
            let apart: String = std::iter::once(c).nfd().collect();
            assert_eq!(folded(&apart), folded(&c.to_string()), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn readings_are_few_known_and_different() {
        let mut readings = Readings::default();
        for form in [0, 3, 3, 1, 4, 5, 6] {
            readings.add(form);
        }
        assert_eq!(readings.forms(), [3, 1, 4, 5]);
        assert!(readings.is_full() && readings.first() == 3);
    }
}
