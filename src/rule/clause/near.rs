//! `near`: words within a distance, or in one sentence.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, flag, key, only_keys, shape, words};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Occurrence, Places, Scope, Seen};
use crate::rule::work;

#[derive(Debug)]
struct Near {
    a: Vec<SetId>,
    b: Vec<SetId>,
    /// `None`: anywhere in the sentence.
    words: Option<u32>,
    /// Whether both must stand in one sentence, however near they are.
    sentence: bool,
    places: Places,
}

/// How many words lie between two occurrences; they may not overlap.
fn between(left: &Occurrence, right: &Occurrence) -> Option<u32> {
    if right.first >= left.after {
        Some(right.from.saturating_sub(left.to))
    } else if left.first >= right.after {
        Some(left.from.saturating_sub(right.to))
    } else {
        None
    }
}

impl Near {
    fn close(&self, a: &Occurrence, b: &Occurrence) -> bool {
        a.mark.field == b.mark.field
            && match (self.words, between(a, b)) {
                (_, None) => false,
                (Some(most), Some(words)) => {
                    words <= most && (!self.sentence || a.sentence == b.sentence)
                }
                (None, Some(_)) => a.sentence == b.sentence,
            }
    }

    /// Those of `others` that may be close: a window around the place, so that
    /// the work grows with the text and not with its square.
    fn window<'s>(others: &'s [&'s Occurrence], around: &Occurrence) -> &'s [&'s Occurrence] {
        let at =
            others.partition_point(|o| (o.mark.field, o.first) < (around.mark.field, around.first));
        others.get(at.saturating_sub(3)..(at + 4).min(others.len())).unwrap_or_default()
    }
}

impl Clause for Near {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let a = seen.all(&self.a, self.places);
        if a.is_empty() {
            return false;
        }
        let b = seen.all(&self.b, Places { scope: Scope::Any, ..self.places });
        let before = marks.len();
        for left in &a {
            work::done(1);
            if let Some(right) = Self::window(&b, left).iter().find(|right| self.close(left, right))
            {
                marks.push(left.mark);
                marks.push(right.mark);
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let b = Places { scope: Scope::Any, ..self.places };
        vec![Need::List(&self.a, self.places), Need::List(&self.b, b)]
    }
}

/// `near = { a = […], b = […], words = 6 }`; without `words`, or with
/// `sentence = true`, in one sentence.
/// The rule's scope is asked of `a`.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["a", "b", "words", "sentence"])?;
    let a = builder.sets(key(value, "a")?)?;
    let b = builder.sets(key(value, "b")?)?;
    let most = if value.get("words").is_some() { Some(words(value, 8)?) } else { None };
    let sentence = flag(value, "sentence")?;
    Ok(Box::new(Near { a, b, words: most, sentence, places: builder.places }))
}

/// Its shape.
pub const SHAPE: Shape = Shape::Table(&[
    ("a", Shape::Phrases, true),
    ("b", Shape::Phrases, true),
    ("words", Shape::Number(0, 60), false),
    ("sentence", Shape::Flag, false),
]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let (a, b) = (shape::any_of(value, "a"), shape::any_of(value, "b"));
    let in_sentence = value.get("sentence").and_then(Value::as_bool) == Some(true);
    match value.get("words").and_then(Value::as_integer) {
        None => format!("{a} in one sentence with {b}"),
        Some(words) if in_sentence => {
            format!("{a} within {words} words of {b}, in one sentence")
        }
        Some(words) => format!("{a} within {words} words of {b}"),
    }
}
