//! Letters set apart: `p a r t a i`, `k.a.m.p.a.n.y.e`, `A-M-I-N`.

use crate::text::vocabulary::Vocabulary;
use crate::text::word::{Flags, Token};

/// Joins runs of three or more single letters into the longest words the
/// vocabulary knows; other tokens stay as they are.
pub fn join(folded: &str, vocabulary: &Vocabulary, tokens: &mut Vec<Token>) {
    if !tokens.windows(3).any(|three| three.iter().all(is_single)) {
        return;
    }
    let mut joined = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let run = rest.iter().take_while(|t| is_single(t) && t.sentence == first.sentence).count();
        if run >= 3
            && let Some((token, used)) = longest(folded, vocabulary, rest, run.min(16))
        {
            joined.push(token);
            rest = rest.get(used..).unwrap_or_default();
        } else {
            joined.push(*first);
            rest = others;
        }
    }
    *tokens = joined;
}

fn is_single(token: &Token) -> bool {
    token.flags.has(Flags::SINGLE)
}

fn longest(
    folded: &str,
    vocabulary: &Vocabulary,
    tokens: &[Token],
    run: usize,
) -> Option<(Token, usize)> {
    let letters: String = tokens
        .iter()
        .take(run)
        .filter_map(|t| folded.get(t.range()))
        .map(str::to_ascii_lowercase)
        .collect();
    (3..=run).rev().find_map(|used| {
        let form = vocabulary.form(letters.get(..used)?)?;
        let (first, last) = (tokens.first()?, tokens.get(used - 1)?);
        Some((
            Token { end: last.end, form, flags: first.flags.with(Flags::DISGUISED), ..*first },
            used,
        ))
    })
}
