//! `ordered`: one of each step, in this order.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, key, only_keys, shape, words};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Occurrence, Places, Scope, Seen};
use crate::rule::work;

#[derive(Debug)]
struct Ordered {
    steps: Vec<Vec<SetId>>,
    words: u32,
    places: Places,
}

impl Clause for Ordered {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let mut found: Vec<Vec<&Occurrence>> = Vec::with_capacity(self.steps.len());
        for (i, step) in self.steps.iter().enumerate() {
            let scope = if i == 0 { self.places.scope } else { Scope::Any };
            let occurrences = seen.all(step, Places { scope, ..self.places });
            if occurrences.is_empty() {
                return false;
            }
            found.push(occurrences);
        }
        let Some((first, later)) = found.split_first() else { return false };
        let before = marks.len();
        for start in first {
            let trail = marks.len();
            marks.push(start.mark);
            let mut last = *start;
            let whole = later.iter().all(|step| {
                work::done(1);
                let next = step
                    .partition_point(|o| (o.mark.field, o.first) < (last.mark.field, last.after));
                let Some(next) = step.get(next).filter(|o| {
                    o.mark.field == last.mark.field && o.from.saturating_sub(last.to) <= self.words
                }) else {
                    return false;
                };
                last = next;
                marks.push(next.mark);
                true
            });
            if !whole {
                marks.truncate(trail);
            }
        }
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let later = Places { scope: Scope::Any, ..self.places };
        let places = std::iter::once(self.places).chain(std::iter::repeat(later));
        self.steps.iter().zip(places).map(|(step, places)| Need::List(step, places)).collect()
    }
}

/// `ordered = { steps = [[…], […]], words = 6 }`. The rule's scope is asked of the first step.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["steps", "words"])?;
    let steps = key(value, "steps")?;
    let Value::Array(steps) = steps else { return Err(Wrong::shape("a list of lists", steps)) };
    if !(2..=5).contains(&steps.len()) {
        return Err(Wrong {
            code: "out-of-range",
            message: "`steps` has two to five lists".into(),
            word: None,
            help: None,
        });
    }
    let steps = steps.iter().map(|step| builder.sets(step)).collect::<Result<_, _>>()?;
    Ok(Box::new(Ordered { steps, words: words(value, 6)?, places: builder.places }))
}

/// Its shape.
pub const SHAPE: Shape =
    Shape::Table(&[("steps", Shape::Steps, true), ("words", Shape::Number(0, 60), false)]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let steps = value.get("steps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let steps: Vec<String> =
        steps.iter().map(|step| format!("any of {}", shape::entries(Some(step)))).collect();
    let words = value.get("words").and_then(Value::as_integer).unwrap_or(6);
    format!("{}, at most {words} words apart", steps.join(", then "))
}
