//! `count`: how many different contestants, numbers or places are named.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, key, only_keys, shape};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Places, Seen};

#[derive(Debug)]
struct Count {
    of: Vec<SetId>,
    least: usize,
    places: Places,
}

impl Clause for Count {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let mut owners: Vec<(Option<u16>, u32)> = seen
            .each(&self.of, self.places)
            .map(|o| (o.owner, if o.owner.is_some() { 0 } else { o.first }))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        if owners.len() < self.least {
            return false;
        }
        marks.extend(seen.each(&self.of, self.places).map(|o| o.mark));
        true
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::List(&self.of, self.places)]
    }
}

/// `count = { of = […], least = 3 }`: forms of one contestant count once.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["of", "least"])?;
    let of = builder.sets(key(value, "of")?)?;
    let least = key(value, "least")?
        .as_integer()
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| (1..=20).contains(n));
    let least = least.ok_or_else(|| Wrong {
        code: "out-of-range",
        message: "`least` is a number from 1 to 20".into(),
        word: None,
        help: None,
    })?;
    Ok(Box::new(Count { of, least, places: builder.places }))
}

/// Its shape.
pub const SHAPE: Shape =
    Shape::Table(&[("of", Shape::Phrases, true), ("least", Shape::Number(1, 20), true)]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let least = value.get("least").map(ToString::to_string).unwrap_or_default();
    format!("at least {least} different ones of {}", shape::entries(value.get("of")))
}
