//! `quoted`: words between quotation marks, and beside the marks who says them.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, key, only_keys, shape};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Cut, Mark, Occurrence, Places, Scope, Seen};
use crate::rule::work;
use crate::text::{Flags, Token};

#[derive(Debug)]
struct Quoted {
    what: Vec<SetId>,
    by: Vec<SetId>,
    places: Places,
}

/// A passage between quotation marks: one past its last token, and its first and last sentence.
struct Passage {
    after: u32,
    sentences: (u16, u16),
}

fn is_quoted(token: &Token) -> bool {
    token.flags.has(Flags::QUOTED)
}

/// The passages of a field, in order. Two of which nothing parts but their marks are one.
fn passages(cut: &Cut<'_>) -> Vec<Passage> {
    work::done(cut.tokens.len());
    let mut passages = Vec::new();
    let mut at = 0;
    for run in cut.tokens.chunk_by(|one, next| is_quoted(one) == is_quoted(next)) {
        at += run.len();
        if let (Some(first), Some(last)) = (run.first().filter(|t| is_quoted(t)), run.last()) {
            let after = u32::try_from(at).unwrap_or(u32::MAX);
            passages.push(Passage { after, sentences: (first.sentence, last.sentence) });
        }
    }
    passages
}

/// Whether the first and the last word of a phrase are both inside, or both outside, all marks.
fn stands(cut: &Cut<'_>, occurrence: &Occurrence, inside: bool) -> bool {
    let ends = [occurrence.first as usize, (occurrence.after as usize).saturating_sub(1)];
    ends.iter().all(|at| cut.tokens.get(*at).is_some_and(|token| is_quoted(token) == inside))
}

impl Clause for Quoted {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let what = seen.all(&self.what, self.places);
        if what.is_empty() {
            return false;
        }
        let by = seen.all(&self.by, Places { scope: Scope::Any, ..self.places });
        let before = marks.len();
        for cut in seen.fields {
            let here = |o: &&&Occurrence| o.mark.field == cut.field;
            let said: Vec<_> = what.iter().filter(here).filter(|o| stands(cut, o, true)).collect();
            let by: Vec<_> = by.iter().filter(here).filter(|o| stands(cut, o, false)).collect();
            work::done(what.len());
            if said.is_empty() || by.is_empty() {
                continue;
            }
            let passages = passages(cut);
            for said in said {
                let at = passages.partition_point(|passage| passage.after <= said.first);
                let Some(Passage { sentences: (first, last), .. }) = passages.get(at) else {
                    continue;
                };
                // phrases come in order, and so do their sentences
                let near = by.partition_point(|o| o.sentence.saturating_add(1) < *first);
                let speaker = by.get(near).filter(|o| o.sentence <= last.saturating_add(1));
                if let Some(speaker) = speaker {
                    marks.extend([said.mark, speaker.mark]);
                }
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let by = Places { scope: Scope::Any, ..self.places };
        vec![Need::List(&self.what, self.places), Need::List(&self.by, by)]
    }
}

/// `quoted = { what = […], by = […] }`: `Camat berkata: "…"`, or `"…", ujar
/// camat`. The speaker stands outside the marks, in a sentence of the
/// quotation or in one next to it. The rule's scope is asked of `what`.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["what", "by"])?;
    let what = builder.sets(key(value, "what")?)?;
    let by = builder.sets(key(value, "by")?)?;
    Ok(Box::new(Quoted { what, by, places: builder.places }))
}

/// Its shape.
pub const SHAPE: Shape =
    Shape::Table(&[("what", Shape::Phrases, true), ("by", Shape::Phrases, true)]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let (what, by) = (shape::any_of(value, "what"), shape::any_of(value, "by"));
    format!(
        "{what} between quotation marks, and {by} outside them as the speaker, at most a sentence away"
    )
}
