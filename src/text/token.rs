//! What a text is cut into, and what is true of each piece.

use std::ops::Range;

use super::fold::{self, Readings};
use super::vocabulary::FormId;

/// What is true of a token, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Stands inside quotation marks, with at least two others.
    pub const QUOTED: Self = Self(1);
    /// Part of a tag, `#…`.
    pub const TAG: Self = Self(1 << 1);
    /// Part of an account's name, `@…`.
    pub const MENTION: Self = Self(1 << 2);
    /// A single letter.
    pub const SINGLE: Self = Self(1 << 3);
    /// Its sentence ends in a question mark.
    pub const QUESTION: Self = Self(1 << 4);
    /// Known only through a folding of words.
    pub const DISGUISED: Self = Self(1 << 5);
    /// Written with a capital first letter.
    pub const CAPITAL: Self = Self(1 << 6);
    /// Within the reach of a negation.
    pub const NEGATED: Self = Self(1 << 7);
    /// Within the reach of a prohibition or a warning.
    pub const FORBIDDEN: Self = Self(1 << 8);

    /// Part of what names a contestant, a party or a ballot number.
    pub const CONTESTANT: Self = Self(1 << 14);
    /// In a clause that says what would be: *kalau*, *jika*, *andai*.
    pub const CONDITIONAL: Self = Self(1 << 10);
    /// What an office holder or a body is said to have said or asked of others.
    pub const REPORTED: Self = Self(1 << 11);
    /// There in one reading only, so that a phrase may pass over it: the 2 of `teman2`.
    pub const SKIPPED: Self = Self(1 << 12);
    /// Goes on with the word before it and begins no phrase.
    pub const TAIL: Self = Self(1 << 13);

    /// With a capital, and no word that any list of common words knows: perhaps a name.
    pub const NAME: Self = Self(1 << 9);

    /// Whether all of `other` is true.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// One word, number, or emoji of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which form of the vocabulary it is; 0 if none.
    pub form: FormId,
    /// Which other forms it may be, where it can be read in several ways; 0 fills the rest.
    pub others: [FormId; fold::MAX_READINGS - 1],
    /// The number of its sentence.
    pub sentence: u16,
    /// The number of its clause: commas, dashes and the like part clauses.
    pub clause: u16,
    /// What is true of it.
    pub flags: Flags,
}

impl Token {
    /// Its bytes in the folded text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The forms it may be; none if no rule knows it.
    #[inline]
    pub fn readings(&self) -> impl Iterator<Item = FormId> + use<> {
        let others = self.others.into_iter().take_while(|form| *form != 0);
        std::iter::once(self.form).filter(|form| *form != 0).chain(others)
    }

    /// Whether it has one reading at most.
    #[inline]
    pub fn is_read_in_one_way(&self) -> bool {
        self.others.first().is_none_or(|form| *form == 0)
    }

    /// This token with these readings.
    #[must_use]
    pub fn read(mut self, readings: Readings) -> Self {
        self.form = readings.first();
        self.others = [0; fold::MAX_READINGS - 1];
        for (place, form) in self.others.iter_mut().zip(readings.forms().iter().skip(1)) {
            *place = *form;
        }
        self
    }
}
