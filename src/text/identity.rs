//! The numbers that name one person, NIP and NIK, hidden wherever something is shown.
//!
//! A number is told by its structure and not by the word before it:
//!
//! | number | digits | structure |
//! |---|---|---|
//! | NIP, NI PPPK | 18 | birth YYYYMMDD, appointment YYYYMM (PPPK: a code 21 to 29 for the month), sex 1 or 2, serial |
//! | NIK | 16 | province, regency and district of two digits each, birth DDMMYY with day + 40 for women, serial |
//!
//! so that telephone, account and order numbers stay readable. It is also told
//! when written with blanks, dots, dashes or strokes between its parts, with
//! characters in between that nobody sees, or with digits of another script.
//!
//! Each digit becomes one [`HIDDEN`], and nothing else changes: the masked text
//! has as many characters as the text, so that a span counted in characters
//! marks the same words in both.

mod finding;

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::fold;
pub use finding::{mask_event, masked_post, masked_verdict};

/// What stands in a masked text for each digit.
pub const HIDDEN: char = '•';

/// The most characters between two parts of one number.
const MOST_BETWEEN: usize = 3;

/// A run of hexadecimal digits and letters this long is a digest, whatever digits it holds.
const DIGEST_LENGTH: usize = 32;

/// What makes a key of the digit before it: `1️⃣`.
const KEYCAP: char = '\u{20E3}';

/// The first digit of each script that counts from 0 to 9 (Unicode's `Nd`), for
/// scripts whose digits do not fold to ASCII.
const ZEROES: [u32; 37] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0,
];

/// The text with every NIP and NIK hidden, digit by digit; the text itself if it has none.
pub fn mask(text: &str) -> Cow<'_, str> {
    let numbers = numbers(text);
    if numbers.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for digit in numbers {
        masked.push_str(text.get(at..digit.start).unwrap_or_default());
        masked.push(HIDDEN);
        at = digit.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Hides every NIP and NIK in the texts of a JSON value, names of members
/// included; says whether there was one. Numbers of JSON stay: a score with 16
/// decimals is no NIK.
pub fn mask_json(value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let masked = match mask(text) {
                Cow::Owned(masked) => masked,
                Cow::Borrowed(_) => return false,
            };
            *text = masked;
            true
        }
        // every one of them, found or not
        Value::Array(values) => values.iter_mut().fold(false, |found, it| mask_json(it) | found),
        Value::Object(members) => {
            let found = members.values_mut().fold(false, |found, it| mask_json(it) | found);
            let is_named = members.keys().any(|name| matches!(mask(name), Cow::Owned(_)));
            if is_named {
                let old = std::mem::take(members);
                members.extend(old.into_iter().map(|(name, value)| (mask(&name).into(), value)));
            }
            found || is_named
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A digit of the text: where it stands, in bytes, and its value.
#[derive(Clone, Debug)]
struct Digit {
    at: Range<usize>,
    value: u8,
}

/// Digits in a row, cut into groups by what may stand between the parts of a number.
#[derive(Default)]
struct Run {
    digits: Vec<Digit>,
    /// The places in `digits` at which a group begins.
    groups: Vec<usize>,
    /// Separating characters since the last digit.
    between: usize,
}

/// Where the digits of the numbers stand, in bytes, in order.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut run = Run::default();
    for (at, c) in text.char_indices() {
        match read(c) {
            Read::Digit(value) => run.push(Digit { at: at..at + c.len_utf8(), value }),
            Read::Between if run.between < MOST_BETWEEN => run.between += 1,
            Read::Unseen => {}
            Read::Between | Read::Other => run.end(text, &mut found),
        }
    }
    run.end(text, &mut found);
    found
}

/// What a character is to a number.
enum Read {
    Digit(u8),
    Between,
    Unseen,
    Other,
}

fn read(c: char) -> Read {
    if let Some(value) = c.to_digit(10).and_then(|value| u8::try_from(value).ok()) {
        return Read::Digit(value);
    }
    if c.is_whitespace() || matches!(c, '.' | '-' | '_' | '/' | '+' | '·' | '−' | '‐'..='―')
    {
        return Read::Between;
    }
    if c == KEYCAP {
        return Read::Unseen;
    }
    if c.is_ascii() {
        return if c.is_control() { Read::Unseen } else { Read::Other };
    }
    let of_script = |zero: &u32| u32::from(c).checked_sub(*zero).filter(|value| *value < 10);
    if let Some(value) = ZEROES.iter().find_map(of_script).and_then(|it| u8::try_from(it).ok()) {
        return Read::Digit(value);
    }
    let mut folded = String::new();
    fold::char(c, &mut folded);
    let mut folded = folded.chars();
    match (folded.next(), folded.next()) {
        (None, _) => Read::Unseen,
        (Some(c), None) if c.is_ascii() => read(c),
        _ => Read::Other,
    }
}

impl Run {
    fn push(&mut self, digit: Digit) {
        if self.between > 0 || self.digits.is_empty() {
            self.groups.push(self.digits.len());
        }
        self.between = 0;
        self.digits.push(digit);
    }

    /// Ends the run: whole groups that together are a number are found.
    fn end(&mut self, text: &str, found: &mut Vec<Range<usize>>) {
        let mut first = 0;
        while let Some(start) = self.groups.get(first).copied() {
            let after = self.groups.iter().skip(first + 1).copied();
            let mut ends = (first + 1..).zip(after.chain([self.digits.len()]));
            // the longer number first: what could be read as both is the rarer structure
            let ends = ends.by_ref().take_while(|(_, end)| end - start <= NIP_DIGITS);
            let number = ends.collect::<Vec<_>>().into_iter().rev().find(|(_, end)| {
                self.is_number(start..*end) && !is_in_digest(text, &self.digits[start..*end])
            });
            first += 1;
            if let Some((next, end)) = number {
                found.extend(self.digits[start..end].iter().map(|digit| digit.at.clone()));
                first = next;
            }
        }
        *self = Self::default();
    }

    fn is_number(&self, place: Range<usize>) -> bool {
        let cuts = self.groups.iter().filter(|at| **at > place.start && **at < place.end);
        let cuts: Vec<usize> = cuts.map(|at| at - place.start).collect();
        let digits: Vec<u8> = self.digits[place].iter().map(|digit| digit.value).collect();
        match digits.len() {
            NIP_DIGITS => are_cuts_of_a_nip(&cuts) && is_nip(&digits),
            NIK_DIGITS => are_cuts_of_a_nik(&cuts) && is_nik(&digits),
            _ => false,
        }
    }
}

/// Whether these digits stand within a digest written as hexadecimal digits.
fn is_in_digest(text: &str, digits: &[Digit]) -> bool {
    let (Some(first), Some(last)) = (digits.first(), digits.last()) else { return false };
    let before = text.as_bytes().get(..first.at.start).unwrap_or_default();
    let after = text.as_bytes().get(last.at.end..).unwrap_or_default();
    let is_hex = |byte: &&u8| byte.is_ascii_hexdigit();
    let around =
        before.iter().rev().take_while(is_hex).count() + after.iter().take_while(is_hex).count();
    around > 0 && around + digits.len() >= DIGEST_LENGTH
}

const NIP_DIGITS: usize = 18;
const NIK_DIGITS: usize = 16;

/// Where a NIP is cut: anywhere between its parts, in fours, or at every digit.
fn are_cuts_of_a_nip(cuts: &[usize]) -> bool {
    cuts.iter().all(|cut| [4, 6, 8, 12, 14, 15].contains(cut))
        || cuts == [4, 8, 12, 16]
        || cuts.len() == NIP_DIGITS - 1
}

/// Where a NIK is cut. Other ways to cut 16 digits are those of dates with
/// times, of account and of card numbers.
fn are_cuts_of_a_nik(cuts: &[usize]) -> bool {
    const WAYS: [&[usize]; 9] = [
        &[],
        &[6],
        &[12],
        &[6, 12],
        &[2, 4, 6],
        &[2, 4, 6, 12],
        &[4, 8, 12],
        &[6, 8, 10, 12],
        &[2, 4, 6, 8, 10, 12],
    ];
    WAYS.contains(&cuts) || cuts.len() == NIK_DIGITS - 1
}

/// Whether 18 digits have the structure of a NIP: born from 1940 on, appointed
/// at an age of 15 to 70 years.
fn is_nip(digits: &[u8]) -> bool {
    let [birth, month, day] = [0..4, 4..6, 6..8].map(|part| value(digits, part));
    let [appointed, appointed_in, sex] = [8..12, 12..14, 14..15].map(|part| value(digits, part));
    birth >= 1940
        && is_day(day, month, birth)
        && (birth + 15..=birth + 70).contains(&appointed)
        && matches!(appointed_in, 1..=12 | 21..=29)
        && matches!(sex, 1 | 2)
}

/// Whether 16 digits have the structure of a NIK.
fn is_nik(digits: &[u8]) -> bool {
    let [province, regency, district] = [0..2, 2..4, 4..6].map(|part| value(digits, part));
    let [day, month, year] = [6..8, 8..10, 10..12].map(|part| value(digits, part));
    let day = if day > 40 { day - 40 } else { day };
    is_province(province)
        && (1..=79).contains(&regency)
        && district >= 1
        // the century is not told: 1900 had no 29 February, 2000 had
        && is_day(day, month, 2000 + year)
        && value(digits, 12..16) >= 1
}

/// The provinces' codes, those of before the divisions of Papua included.
const fn is_province(code: u32) -> bool {
    matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=96)
}

fn is_day(day: u32, month: u32, year: u32) -> bool {
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn value(digits: &[u8], part: Range<usize>) -> u32 {
    let digits = digits.get(part).unwrap_or_default();
    digits.iter().fold(0, |value, digit| value * 10 + u32::from(*digit))
}

#[cfg(test)]
mod tests;
