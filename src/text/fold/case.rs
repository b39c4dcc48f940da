//! Upper case to lower case.

use super::Folded;
use super::lookalike::Few;

/// The lower case of `c`, if it has one.
pub fn fold(c: char) -> Folded {
    if c.is_lowercase() || !c.is_alphabetic() {
        return Folded::Same;
    }
    Folded::By(Few::of(c.to_lowercase()))
}
