//! `near`: words within a distance, or in one sentence.

use toml::Value;

use super::{Builder, Clause, Need, Wrong, key, only_keys, words};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Occurrence, Places, Scope, Seen};

#[derive(Debug)]
struct Near {
    a: Vec<SetId>,
    b: Vec<SetId>,
    /// `None`: anywhere in the sentence.
    words: Option<u32>,
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
                (Some(most), Some(words)) => words <= most,
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
            if let Some(right) = Self::window(&b, left).iter().find(|right| self.close(left, right))
            {
                marks.push(left.mark);
                marks.push(right.mark);
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::List(&self.a), Need::List(&self.b)]
    }
}

/// `near = { a = […], b = […], words = 6 }`; without `words`, in one sentence.
/// The rule's scope is asked of `a`.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["a", "b", "words"])?;
    let a = builder.sets(key(value, "a")?)?;
    let b = builder.sets(key(value, "b")?)?;
    let most = if value.get("words").is_some() { Some(words(value, 8)?) } else { None };
    Ok(Box::new(Near { a, b, words: most, places: builder.places }))
}
