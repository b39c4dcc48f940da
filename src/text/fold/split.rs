//! Words set apart: letter by letter (`p a r t a i`, `k.a.m.p.a.n.y.e`,
//! `A-M-I-N`, `🇩 🇺 🇦`), or by a hyphen and the like (`co-blos`, `ber-kampanye`).

use super::{Readings, Shape, leet};
use crate::text::token::{Flags, Token};
use crate::text::vocabulary::Vocabulary;

/// How many letters set apart are read as one word.
const MAX_LETTERS: usize = 16;

/// How many pieces of a word a hyphen may part.
const MAX_PIECES: usize = 4;

/// The shortest word that is put together from pieces: shorter ones are chance.
const MIN_BYTES: usize = 5;

/// Joins runs of three or more single letters into the longest words the
/// vocabulary knows, and pieces beside a hyphen, where `apart` and `linked` say
/// that there may be some; other tokens stay as they are.
pub fn join(
    folded: &str,
    vocabulary: &Vocabulary,
    tokens: &mut Vec<Token>,
    (apart, linked): (bool, bool),
) {
    if apart && tokens.windows(3).any(|three| three.iter().all(|t| letter(folded, t).is_some())) {
        replace(tokens, |rest| letters(folded, vocabulary, rest));
    }
    if linked {
        replace(tokens, |rest| pieces(folded, vocabulary, rest));
    }
}

/// Puts a token in the place of several wherever `joined` gives one and how many it covers.
fn replace(tokens: &mut Vec<Token>, joined: impl Fn(&[Token]) -> Option<(Token, usize)>) {
    let (mut from, mut to) = (0, 0);
    while let Some(first) = tokens.get(from).copied() {
        let (token, used) =
            tokens.get(from..).and_then(&joined).map_or((first, 1), |(t, used)| (t, used.max(1)));
        if let Some(place) = tokens.get_mut(to) {
            *place = token;
        }
        from += used;
        to += 1;
    }
    tokens.truncate(to);
}

/// The letter or digit that a token is, if it is one alone.
fn letter(folded: &str, token: &Token) -> Option<char> {
    if token.end - token.start > 4 {
        return None;
    }
    let mut chars = folded.get(token.range())?.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    match c {
        _ if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
        // a flag's halves
        '\u{1f1e6}'..='\u{1f1ff}' => char::from_u32(u32::from(c) - 0x1f1e6 + u32::from('a')),
        _ => None,
    }
}

fn letters(folded: &str, vocabulary: &Vocabulary, tokens: &[Token]) -> Option<(Token, usize)> {
    let first = tokens.first()?;
    let word: String = tokens
        .iter()
        .take(MAX_LETTERS)
        .take_while(|t| t.sentence == first.sentence)
        .map_while(|t| letter(folded, t))
        .collect();
    if word.bytes().filter(u8::is_ascii_alphabetic).count() < 2 {
        return None;
    }
    (3..=word.len()).rev().find_map(|used| {
        let word = word.get(..used)?;
        let shape = Shape::of(word);
        let mut readings = Readings::default();
        readings.try_word(word, vocabulary);
        if readings.is_empty() {
            leet::read(word, shape, vocabulary, &mut readings);
        }
        let token = spanning(tokens.get(..used)?, readings)?;
        (shape.letters > 0).then_some((token, used))
    })
}

/// Whether what stands between two words may part one.
fn is_link(gap: &str) -> bool {
    matches!(gap, "-" | "." | "_" | "~" | "·" | "*")
}

fn pieces(folded: &str, vocabulary: &Vocabulary, tokens: &[Token]) -> Option<(Token, usize)> {
    let (first, second) = (tokens.first()?, tokens.get(1)?);
    if !is_link(folded.get(first.end as usize..second.start as usize)?) {
        return None;
    }
    let mut word = String::new();
    let mut found = None;
    let mut unknown = false;
    let mut end = first.start;
    for (number, token) in tokens.iter().take(MAX_PIECES).enumerate() {
        let gap = folded.get(end as usize..token.start as usize)?;
        let linked = number == 0 || is_link(gap);
        let piece = folded.get(token.range())?;
        let letters = piece.bytes().all(|b| b.is_ascii_alphabetic());
        if !linked || !letters || token.sentence != first.sentence {
            break;
        }
        word.push_str(piece);
        unknown |= token.form == 0;
        end = token.end;
        if number > 0 && unknown && word.len() >= MIN_BYTES {
            let mut readings = Readings::default();
            readings.try_word(&word, vocabulary);
            let whole = tokens.get(..=number).and_then(|all| spanning(all, readings));
            found = whole.map(|token| (token, number + 1)).or(found);
        }
    }
    found
}

/// One token over all of these, if it has a reading.
fn spanning(tokens: &[Token], readings: Readings) -> Option<Token> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    let flags = first.flags.without(Flags::SINGLE).with(Flags::DISGUISED);
    (!readings.is_empty()).then(|| Token { end: last.end, flags, ..*first }.read(readings))
}
