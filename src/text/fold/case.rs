//! Upper case to lower case.

use super::{Few, Folded};

/// The lower case of `c`, if it has one.
pub fn fold(c: char) -> Folded {
    if c.is_ascii() {
        return Folded::By(Few::of(std::iter::once(c.to_ascii_lowercase())));
    }
    if c.is_lowercase() || !c.is_alphabetic() {
        return Folded::Same;
    }
    Folded::By(Few::of(c.to_lowercase()))
}
