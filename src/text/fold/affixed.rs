//! A form of a stem that is not among those made in advance: *keberpihakan*,
//! *memperjuangkan*. The stemmer ([`crate::text::stem`]) is asked only of long
//! words that begin as an affixed word does and hold the letters of a stem.

use super::{Readings, Shape};
use crate::text::vocabulary::Vocabulary;

/// The stem behind `word`, if rules ask for its forms.
pub fn read(word: &str, shape: Shape, vocabulary: &Vocabulary, readings: &mut Readings) {
    if readings.is_empty() && shape.digits == 0 && shape.others == 0 {
        readings.add(vocabulary.form_of_stem(word).unwrap_or(0));
    }
}
